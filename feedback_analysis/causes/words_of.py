"""Words and comments that say what a group of comments is about."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from feedback_analysis.causes.features import WORD

MOST_WORDS = 6
# A word of a group stands in so many of its comments at least.
LEAST_COMMENTS = 2


def distinctive_words(texts: Sequence[str], groups: np.ndarray, number: int) -> list[list[str]]:
    """Return, for each group of comments, the words that it has and the others have not.

    Parameters
    ----------
    texts : sequence of str
    groups : array of int
        The group of each text, from 0; -1 belongs to none but is compared with.
    number : int
        Number of groups.

    Returns
    -------
    list of list of str
        By the log odds of a comment holding the word, with a prior that holds rare words back.
    """
    from sklearn.feature_extraction.text import CountVectorizer

    counter = CountVectorizer(ngram_range=(1, 2), token_pattern=WORD, binary=True, min_df=2)
    try:
        counts = counter.fit_transform(texts).tocsr()
    except ValueError:
        # No word stands in two comments.
        return [[] for _ in range(number)]
    names = counter.get_feature_names_out()
    every = np.asarray(counts.sum(axis=0)).ravel()
    found = []
    for group in range(number):
        mine = groups == group
        inside = np.asarray(counts[mine].sum(axis=0)).ravel()
        n, rest = mine.sum(), len(texts) - mine.sum()
        prior = every / len(texts)
        here = (inside + 2 * prior) / (n + 2)
        there = (every - inside + 2 * prior) / (rest + 2)
        # How much likelier, times how often: neither a single word nor "the".
        worth = np.sqrt(here) * np.log(np.maximum(here, 1e-9) / np.maximum(there, 1e-9))
        worth[inside < min(LEAST_COMMENTS, max(n, 1))] = -np.inf
        found.append(_without_parts([names[at] for at in np.argsort(-worth, kind="stable")
                                     if worth[at] > 0]))  # fmt: skip
    return found


def _without_parts(words: list[str]) -> list[str]:
    """Leave out words that another, before them, holds already, and numbers."""
    kept: list[str] = []
    for word in words:
        bare = set(word.split())
        if any(bare <= set(other.split()) for other in kept) or word.isdigit():
            continue
        if len(word) < 3 and word.isascii():
            continue
        kept.append(word)
        if len(kept) == MOST_WORDS:
            break
    return kept


def medoids(vectors: np.ndarray, rows: np.ndarray, number: int = 3) -> list[int]:
    """Return the most central rows of a group that are not alike.

    Parameters
    ----------
    vectors : array
        Unit vectors of all comments.
    rows : array of int
        The group's rows.
    number : int, default=3

    Returns
    -------
    list of int
        Rows, the most central first.
    """
    centre = vectors[rows].mean(axis=0)
    order = rows[np.argsort(-(vectors[rows] @ centre).round(5), kind="stable")]
    chosen: list[int] = []
    for row in order.tolist():
        if all(float(vectors[row] @ vectors[other]) < 0.9 for other in chosen):
            chosen.append(row)
        if len(chosen) == number:
            break
    return chosen
