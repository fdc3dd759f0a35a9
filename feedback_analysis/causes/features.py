"""What the labeller sees of a text: words, runs of characters, a sentence vector, the lexicon."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from feedback_analysis.causes.encoder import Encoder
from feedback_analysis.causes.gloss import glossed
from feedback_analysis.causes.lexicon import Lexicon
from feedback_analysis.causes.steady import product
from feedback_analysis.causes.terms import KINDS, Terms
from feedback_analysis.causes.units import Units

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix

# Directions of the sentence vectors that are kept.
DIRECTIONS = 128
# Rows of a kernel made at a time.
ROWS = 512


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

    def take(self, rows: np.ndarray | slice) -> Features:
        """Return some of the rows.

        Parameters
        ----------
        rows : array of int or slice
        """
        return Features(self.sparse[rows], self.dense[rows], self.hits[rows])


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

    def fit_transform(self, units: Units) -> Features:
        """Learn the words and runs of characters that occur; these texts also give the axes.

        Parameters
        ----------
        units : Units
        """
        self._axes: np.ndarray | None = None
        self.terms = {kind: Terms(kind) for kind in KINDS}
        least = 2 if len(units.comments) > 200 else 1
        # Runs of characters are many: one more comment must hold them.
        fitted = [
            terms.fit_transform(units, least=least + (kind == "characters"))
            for kind, terms in self.terms.items()
        ]
        return self._features(units, fitted, self.vectors)

    def restore(self, terms: dict[str, tuple[np.ndarray, np.ndarray]], axes: np.ndarray) -> None:
        """Take over what another maker learnt.

        Parameters
        ----------
        terms : dict of str to (terms, weights)
            Of each kind.
        axes : array
        """
        self.terms = {kind: Terms(kind) for kind in KINDS}
        for kind, (known, weights) in terms.items():
            self.terms[kind].restore(known.tolist(), weights)
        self._axes = axes

    def __call__(self, units: Units, vectors: Encoder | None = None) -> Features:
        """Return what is seen of comments, and below them of their clauses.

        Parameters
        ----------
        units : Units
        vectors : Encoder, optional
            Encodes instead of this maker's own, and as that does.
        """
        counted = [terms.transform(units) for terms in self.terms.values()]
        return self._features(units, counted, vectors or self.vectors)

    def _features(self, units: Units, counted: list[csr_matrix], vectors: Encoder) -> Features:
        from scipy.sparse import hstack

        texts = [*units.comments, *units.clauses]
        shares = np.sqrt(np.float32([self.word_share, self.character_share]))
        blocks = [block * share for block, share in zip(counted, shares, strict=True)]
        hits = np.zeros((len(texts), 0), dtype=np.float32)
        if self.lexicon is not None:
            hits = np.log1p(self.lexicon.count(texts, units.languages))
            # One hit must not weigh as much as five, so a short row stays short.
            hits /= np.maximum(np.sqrt((hits**2).sum(axis=1, keepdims=True)), 1)
        told = zip(units.parts, units.languages, strict=False)
        parts = [[glossed(part, language) for part in cut] for cut, language in told]
        dense = np.vstack(vectors.encode(parts)).astype(np.float32)
        if not units.clauses:
            dense = dense[: len(units.comments)]
        elif len(dense) > len(texts):
            # Comments of one clause have no clauses of their own.
            kept = np.concatenate([np.full(len(units.comments), True), units.several])
            dense = dense[kept]
        return Features(hstack(blocks).tocsr().astype(np.float32), self._turned(dense), hits)

    def _turned(self, dense: np.ndarray) -> np.ndarray:
        """Return the vectors along the directions in which the training texts differ most.

        Quicker by a factor of four, and a little better: what is left out is mostly noise.
        """
        if self._axes is None:
            self._axes = np.eye(dense.shape[1], dtype=np.float32)
            if len(dense) > 2 * DIRECTIONS and dense.shape[1] > DIRECTIONS:
                spread = np.linalg.eigh((dense.T @ dense).astype(float))[1][:, ::-1]
                self._axes = np.ascontiguousarray(spread[:, :DIRECTIONS], dtype=np.float32)
        if self._axes.shape[1] == dense.shape[1]:
            return dense
        made = product(dense, self._axes)
        return made / np.maximum(np.sqrt((made**2).sum(axis=1, keepdims=True)), 1e-6)


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
    made = np.empty((len(one.dense), len(other.dense)), dtype=np.float32)
    turned = other.sparse.T.tocsr()
    for start in range(0, len(made), ROWS):
        rows = slice(start, start + ROWS)
        made[rows] = (one.sparse[rows] @ turned).toarray()
        if one.dense.shape[1]:
            made[rows] += dense * bell(one.dense[rows] @ other.dense.T, width)
        if one.hits.shape[1]:
            made[rows] += hits * (one.hits[rows] @ other.hits.T)
    return made


def joined(seen: Features, more: Features) -> Features:
    """Return texts with more texts behind them.

    Parameters
    ----------
    seen, more : Features
    """
    from scipy.sparse import vstack

    return Features(
        vstack([seen.sparse, more.sparse]).tocsr(),
        np.vstack([seen.dense, more.dense]),
        np.vstack([seen.hits, more.hits]),
    )


def bell(cosines: np.ndarray, width: float) -> np.ndarray:
    """Return the Gaussian of the distance of unit vectors, in place."""
    np.minimum(cosines, 1, out=cosines)
    cosines -= 1
    cosines *= 2 * width
    return np.exp(cosines, out=cosines)
