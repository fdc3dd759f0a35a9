"""Words and runs of characters, counted once a clause and added up to comments."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from feedback_analysis.causes.units import Units

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix

# Terms kept at most, the commonest.
MOST = 60_000
# Accents are kept, and words of one letter too: "à", "è", "y" turn a sentence.
WORD = r"(?u)\b\w+\b"
KINDS = {
    "words": {"ngram_range": (1, 2), "token_pattern": WORD},
    "characters": {"analyzer": "char_wb", "ngram_range": (3, 5)},
}


class Terms:
    """TF-IDF of one kind of term.

    Parameters
    ----------
    kind : {"words", "characters"}
        Words and pairs of them, or runs of three to five characters inside words.
    """

    def __init__(self, kind: str) -> None:
        self.kind = kind

    def fit_transform(self, units: Units, *, least: int) -> csr_matrix:
        """Learn the terms that so many comments hold, and return the rows of these units."""
        counter = _counter(self.kind)
        counts = counter.fit_transform(_parts(units))
        wholes = _adder(units) @ counts
        comments = np.bincount(wholes.indices, minlength=wholes.shape[1])
        held = np.flatnonzero(comments >= least)
        if len(held) > MOST:
            often = np.asarray(wholes.sum(axis=0)).ravel()[held]
            held = np.sort(held[np.argsort(-often, kind="stable")[:MOST]])
        terms = counter.get_feature_names_out()[held].tolist()
        rarity = np.log((1 + len(units.comments)) / (1 + comments[held])) + 1
        self.restore(terms, rarity)
        return self._weighed(units, counts[:, held])

    def restore(self, terms: Sequence[str], rarity: np.ndarray) -> None:
        """Take over terms and their weights."""
        self.terms, self.rarity = terms, rarity
        self._known = _counter(self.kind, {term: at for at, term in enumerate(terms)})

    def transform(self, units: Units) -> csr_matrix:
        """Return a row a comment, and below them a row a clause."""
        return self._weighed(units, self._known.transform(_parts(units)))

    def _weighed(self, units: Units, counts: csr_matrix) -> csr_matrix:
        from scipy.sparse import vstack
        from sklearn.preprocessing import normalize

        rows = _adder(units) @ counts
        if units.clauses:
            rows = vstack([rows, counts[np.flatnonzero(units.several)]])
        rows = rows.tocsr().astype(np.float32)
        # Sublinear: a term that stands twice says little more than one that stands once.
        rows.data = (1 + np.log(rows.data)) * self.rarity.astype(np.float32)[rows.indices]
        rows.sort_indices()
        return normalize(rows, copy=False)


def _parts(units: Units) -> list[str]:
    return [part for parts in units.parts for part in parts]


def _adder(units: Units) -> csr_matrix:
    """Return the matrix that adds up clauses to comments."""
    from scipy.sparse import csr_matrix

    ends = np.cumsum([0, *map(len, units.parts)])
    return csr_matrix((np.ones(ends[-1]), np.arange(ends[-1]), ends))


def _counter(kind: str, vocabulary: dict[str, int] | None = None):
    from sklearn.feature_extraction.text import CountVectorizer

    return CountVectorizer(**KINDS[kind], vocabulary=vocabulary)
