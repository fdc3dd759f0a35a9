"""What is judged: each comment as a whole, and the clauses of those that have several."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from feedback_analysis.causes.clauses import clauses
from feedback_analysis.causes.language import guesser


@dataclass(frozen=True)
class Units:
    """Comments, then the clauses of comments that have more than one.

    Attributes
    ----------
    comments, clauses : list of str
    owner : array of int
        The comment of each clause.
    languages : list of str
        Of comments, then of clauses.
    parts : list of list of str
        The clauses of every comment, also of those that have one only.
    several : array of bool
        For each of these clauses in order, whether its comment has more than one.
    """

    comments: list[str]
    clauses: list[str]
    owner: np.ndarray
    languages: list[str]
    parts: list[list[str]]
    several: np.ndarray


def units(texts: Sequence[str], *, by_clause: bool = True) -> Units:
    """Cut comments into clauses.

    Parameters
    ----------
    texts : sequence of str
    by_clause : bool, default=True
        False leaves comments whole.

    Returns
    -------
    Units
    """
    comments = list(texts)
    languages = guesser()(comments)
    if not by_clause:
        one = [[text] for text in comments]
        none = np.zeros(0, dtype=int)
        return Units(comments, [], none, languages, one, np.zeros(len(comments), dtype=bool))
    parts = [clauses(text, told) for text, told in zip(comments, languages, strict=True)]
    found: list[str] = []
    owner: list[int] = []
    told = list(languages)
    for row, each in enumerate(parts):
        if len(each) > 1:
            found += each
            owner += [row] * len(each)
            told += [languages[row]] * len(each)
    several = np.array([len(each) > 1 for each in parts for _ in each], dtype=bool)
    return Units(comments, found, np.array(owner, dtype=int), told, parts, several)
