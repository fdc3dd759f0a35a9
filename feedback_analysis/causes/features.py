"""What the labeller sees of a text: words, runs of characters, a sentence vector, the lexicon."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from feedback_analysis.causes.encoder import Encoder
from feedback_analysis.causes.lexicon import Lexicon
from feedback_analysis.causes.steady import product

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix

# Accents are kept, and words of one letter too: "à", "è", "y" turn a sentence.
WORD = r"(?u)\b\w+\b"


@dataclass(frozen=True)
class Features:
    """Texts as numbers, one row a text.

    Attributes
    ----------
    sparse : csr_matrix
        Words and runs of characters, each block weighted by the square root of its share.
    dense : array
        Sentence vectors; no column without an encoder.
    hits : array
        How strongly the lexicon's words speak for each cause.
    """

    sparse: csr_matrix
    dense: np.ndarray
    hits: np.ndarray


class FeatureMaker:
    """Turns texts into :class:`Features`; what it knows of words it learns from the training texts.

    Parameters
    ----------
    vectors : Encoder
    lexicon : Lexicon or None
    word_share, character_share : float
        Weights of the two blocks in the kernel.
    """

    def __init__(
        self,
        vectors: Encoder,
        lexicon: Lexicon | None,
        *,
        word_share: float,
        character_share: float,
    ) -> None:
        self.vectors = vectors
        self.lexicon = lexicon
        self.word_share = word_share
        self.character_share = character_share

    def fit(self, texts: Sequence[str]) -> FeatureMaker:
        """Learn the words and runs of characters that occur."""
        from sklearn.feature_extraction.text import TfidfVectorizer

        options = {"sublinear_tf": True, "dtype": np.float32}
        least = 2 if len(texts) > 200 else 1
        self._words = TfidfVectorizer(
            ngram_range=(1, 2), min_df=least, token_pattern=WORD, max_features=60_000, **options
        ).fit(texts)
        self._characters = TfidfVectorizer(
            analyzer="char_wb",
            ngram_range=(3, 5),
            min_df=least + 1,
            max_features=60_000,
            **options,
        ).fit(texts)
        return self

    def __call__(self, texts: Sequence[str], languages: Sequence[str]) -> Features:
        """Return what is seen of the texts."""
        from scipy.sparse import hstack

        blocks = [
            self._words.transform(texts) * np.sqrt(self.word_share),
            self._characters.transform(texts) * np.sqrt(self.character_share),
        ]
        hits = np.zeros((len(texts), 0), dtype=np.float32)
        if self.lexicon is not None:
            hits = np.log1p(self.lexicon.count(texts, languages))
            # One hit must not weigh as much as five, so a short row stays short.
            hits /= np.maximum(np.sqrt((hits**2).sum(axis=1, keepdims=True)), 1)
        dense = self.vectors.encode(texts).astype(np.float32)
        return Features(hstack(blocks).tocsr().astype(np.float32), dense, hits)


def similarity(one: Features, other: Features, *, width: float, dense: float, hits: float):
    """Return the kernel between two sets of texts: the sum of what each kind of feature says.

    Parameters
    ----------
    one, other : Features
    width : float
        How fast likeness falls with the distance of two sentence vectors.
    dense, hits : float
        Weights of the sentence vectors and of the lexicon.

    Returns
    -------
    array of shape (one, other)
    """
    made = (one.sparse @ other.sparse.T).toarray().astype(np.float32)
    if one.dense.shape[1]:
        made += dense * bell(product(one.dense, other.dense.T), width)
    if one.hits.shape[1]:
        made += hits * product(one.hits, other.hits.T)
    return made


def bell(cosines: np.ndarray, width: float) -> np.ndarray:
    """Return the Gaussian of the distance of unit vectors, in place."""
    np.minimum(cosines, 1, out=cosines)
    cosines -= 1
    cosines *= 2 * width
    return np.exp(cosines, out=cosines)
