"""Comments that speak for a cause: sure of it, unlike each other, in several languages."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import numpy as np
import pandas as pd

from feedback_analysis.causes.taxonomy import Taxonomy, own_taxonomy
from feedback_analysis.service.complaints import STATED, between
from feedback_analysis.service.scorecard import question_comments

# Shorter or longer comments say too little, or fill a table.
LENGTHS = (15, 320)
# What a comment gains by being sure against what it loses by resembling one that was taken.
SURENESS = 0.6
AMONG = 16


def representatives(
    rows: pd.DataFrame,
    ids: Sequence[str],
    start: date,
    end: date,
    *,
    level: str = "causes",
    each: int = 3,
    taxonomy: Taxonomy | None = None,
) -> pd.DataFrame:
    """Choose a few comments for each cause (or question): sure of it, and unlike each other.

    Parameters
    ----------
    rows : DataFrame
        What :func:`complaints` returns; comments are masked there.
    ids : sequence of str
        Causes or questions, in the order wanted.
    start, end : date
        First and last day.
    level : {"causes", "questions"}
        What the ids are of.
    each : int, default=3
        Comments for each.
    taxonomy : Taxonomy, optional
        Names the causes; ours by default.

    Returns
    -------
    DataFrame
        ``about`` (in words), ``comment``, ``rating``, ``date``, ``marketplace``, ``confidence``.
        A comment stands under the first of the ids that takes it.

    Notes
    -----
    Maximal marginal relevance (Carbonell and Goldstein, 1998): the surest comment first, then each
    time the one that is sure and least like those taken, by TF-IDF of letter groups.
    """
    taxonomy = taxonomy or own_taxonomy()
    labels = (
        taxonomy.questions if level == "questions" else {c.id: c.label for c in taxonomy.causes}
    )
    usable = between(rows, start, end)
    usable = usable[usable["kind"].eq(STATED)].drop_duplicates("comment")
    taken: set[str] = set()
    parts = []
    for name in ids:
        mine = question_comments(usable, name, start, end, level=level)
        mine = mine[~mine["comment"].isin(taken)].head(AMONG).reset_index(drop=True)
        chosen = mine.iloc[diverse(mine["comment"].tolist(), mine["confidence"], each)]
        taken |= set(chosen["comment"])
        parts.append(chosen.assign(about=labels.get(name, name)))
    columns = ["about", "comment", "rating", "date", "marketplace", "confidence"]
    if not parts:
        return pd.DataFrame(columns=columns)
    return pd.concat(parts, ignore_index=True)[columns]


def diverse(texts: Sequence[str], sureness: Sequence[float], number: int) -> list[int]:
    """Return the places of a few texts that are sure and unlike each other.

    Parameters
    ----------
    texts : sequence of str
        Candidates, the surest first.
    sureness : sequence of float
        0 to 1.
    number : int
        How many at most.

    Returns
    -------
    list of int
        Places, in the order they were taken.
    """
    if not len(texts):
        return []
    sure = np.nan_to_num(np.asarray(sureness, dtype=float))
    # A comment of a fit length before one that is cut off or a bare word.
    fit = np.array([LENGTHS[0] <= len(text) <= LENGTHS[1] for text in texts])
    sure = SURENESS * sure - ~fit
    alike = _alike(list(texts))
    chosen = [int(np.argmax(sure))]
    while len(chosen) < min(number, len(texts)):
        score = sure - alike[:, chosen].max(axis=1)
        score[chosen] = -np.inf
        chosen.append(int(np.argmax(score)))
    return chosen


def _alike(texts: list[str]) -> np.ndarray:
    from sklearn.feature_extraction.text import TfidfVectorizer

    vectors = TfidfVectorizer(analyzer="char_wb", ngram_range=(3, 4), sublinear_tf=True)
    try:
        found = vectors.fit_transform(texts)
    except ValueError:  # no letters at all
        return np.zeros((len(texts), len(texts)))
    return (found @ found.T).toarray()
