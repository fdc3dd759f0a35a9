"""Texts written by hand: comments, praise and replies, and when and where each of them fits."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass, field
from functools import cache

import numpy as np
import pandas as pd

from .model import HERE, MARKETS, model, read_rows

YEAR = 366
# A dated complaint is written within so many days of the last date it names.
AFTER = 40
LAST = 200  # and no later than so many days after the first
FIRST_DAY = np.concatenate([[0], np.cumsum([31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30])])
MONTHS = {
    word: number
    for number, words in enumerate(
        (
            "jan january januar", "feb february februar", "mar march märz", "apr april", "may mai",
            "jun june juni", "jul july juli", "aug august", "sep sept september",
            "oct october oktober", "nov november", "dec december dezember",
        ),
        1,
    )
    for word in words.split()
}  # fmt: skip
NAMES = "|".join(sorted(MONTHS, key=len, reverse=True))
DATES = (
    re.compile(rf"\b(?P<month>{NAMES})\.? (?P<day>\d{{1,2}})(?:st|nd|rd|th)?\b", re.IGNORECASE),
    re.compile(rf"\b(?P<day>\d{{1,2}})(?:st|nd|rd|th|\.)? (?P<month>{NAMES})\b", re.IGNORECASE),
    re.compile(r"\b(?P<day>\d{1,2})\.(?P<month>\d{1,2})\."),
)
AMERICAN = re.compile(r"(?<![\d/])(?P<month>\d{1,2})/(?P<day>\d{1,2})(?![\d/])")


@dataclass(frozen=True, eq=False)
class Stock:
    """Texts written by hand, ready to be drawn.

    Attributes
    ----------
    negative : DataFrame
        language, rating, comment, questions (tuple), product, channel, event, dated (bool).
    positive : DataFrame
        language, rating, comment, product, dated.
    seasons, good_seasons : ndarray of bool
        One row a negative (positive) comment, one column a day of the year: fits that day.
    markets : ndarray of bool
        One row a marketplace, one column a negative comment: its language is read there and its
        places and currency do not contradict.
    praise : dict
        (language, stars) to a list of (aspect, phrase).
    replies : dict
        (question, language) to a list of public replies.
    """

    negative: pd.DataFrame
    positive: pd.DataFrame
    seasons: np.ndarray
    good_seasons: np.ndarray
    markets: np.ndarray
    praise: dict[tuple[str, int], list[tuple[str, str]]] = field(default_factory=dict)
    replies: dict[tuple[str, str], list[str]] = field(default_factory=dict)


@cache
def load_stock() -> Stock:
    """Read ``comments/``, ``praise.csv`` and ``replies.csv``; rows keep the files' order."""
    folder = HERE.joinpath("comments")
    names = sorted(entry.name for entry in folder.iterdir() if entry.name.endswith(".csv"))
    rows: dict[bool, list[dict[str, str]]] = {True: [], False: []}
    for name in names:
        rows[name.startswith("negative")] += read_rows(f"comments/{name}")
    negative = _frame(rows[True], ["product", "questions", "channel", "event"])
    negative["questions"] = [tuple(text.split(";")) for text in negative["questions"]]
    positive = _frame(rows[False], ["product"])
    seasons, good_seasons = _seasons(negative), _seasons(positive)
    negative["dated"] = ~seasons.all(axis=1)
    positive["dated"] = ~good_seasons.all(axis=1)
    praise, replies = defaultdict(list), defaultdict(list)
    for row in read_rows("praise.csv"):
        praise[row["language"], int(row["stars"])].append((row["aspect"], row["phrase"]))
    for row in read_rows("replies.csv"):
        replies[row["question"], row["language"]].append(row["reply"])
    return Stock(
        negative, positive, seasons, good_seasons, _markets(negative), dict(praise), dict(replies)
    )


def _frame(rows: list[dict[str, str]], more: list[str]) -> pd.DataFrame:
    frame = pd.DataFrame(rows, columns=["language", "rating", "comment", *more])
    frame = frame.drop_duplicates("comment", ignore_index=True)
    for column in ("language", "comment", *more):
        frame[column] = frame[column].fillna("").str.strip()
    frame["rating"] = frame["rating"].astype(int)
    return frame


def _seasons(frame: pd.DataFrame) -> np.ndarray:
    """Return on which days of the year each comment can have been written."""
    words = [
        (re.compile(rf"\b(?:{row['words']})(?!\w)", re.IGNORECASE), row)
        for row in read_rows("seasons.csv")
    ]
    fits = np.ones((len(frame), YEAR), dtype=bool)
    for row, (comment, language) in enumerate(
        zip(frame["comment"], frame["language"], strict=True)
    ):
        dates = named_dates(comment, american=language == "en-US")
        within = [LAST] * len(dates)
        months: list[tuple[int, set[int]]] = []
        for pattern, entry in words:
            for match in pattern.finditer(comment):
                months.append((match.start(), {int(word) for word in entry["months"].split()}))
                if entry["day"]:
                    month, day = map(int, entry["day"].split("-"))
                    dates.append(int(FIRST_DAY[month - 1]) + day - 1)
                    within.append(int(entry["within"] or LAST))
        if dates:
            since = (np.arange(YEAR)[:, None] - np.array(dates)) % YEAR
            fits[row] &= (since.min(axis=1) <= AFTER) & (since <= np.array(within)).all(axis=1)
        elif months:
            # Where the months contradict each other, the one that is named last is the present.
            common = (
                set.intersection(*(found for _, found in months))
                or max(months, key=lambda named: named[0])[1]
            )
            of_day = np.searchsorted(FIRST_DAY, np.arange(YEAR), "right")
            fits[row] &= np.isin(of_day, sorted(common))
    return fits


def named_dates(comment: str, *, american: bool) -> list[int]:
    """Return the days of the year (0-365) that a comment names.

    Parameters
    ----------
    comment : str
        The comment.
    american : bool
        Whether ``9/12`` is the twelfth of September.

    Returns
    -------
    list of int
    """
    found = []
    for pattern in (*DATES, AMERICAN) if american else DATES:
        for match in pattern.finditer(comment):
            word, day = match["month"].lower(), int(match["day"])
            month = int(word) if word.isdigit() else MONTHS[word]
            if 1 <= month <= 12 and 1 <= day <= 31:
                found.append((int(FIRST_DAY[month - 1]) + day - 1) % YEAR)
    return found


def _markets(frame: pd.DataFrame) -> np.ndarray:
    fits = np.array(
        [frame["language"].isin(list(model()["markets"][code]["languages"])) for code in MARKETS]
    ).reshape(len(MARKETS), len(frame))
    for row in read_rows("places.csv"):
        named = frame["comment"].str.contains(row["words"], case=False).to_numpy(dtype=bool)
        for position, code in enumerate(MARKETS):
            if code not in row["markets"].split():
                fits[position] &= ~named
    return fits


def day_of_year(days: np.ndarray) -> np.ndarray:
    """Return the day of the year (0-365), counted as in a leap year."""
    month = days.astype("datetime64[M]")
    return FIRST_DAY[month.astype(int) % 12] + (days - month.astype("datetime64[D]")).astype(int)
