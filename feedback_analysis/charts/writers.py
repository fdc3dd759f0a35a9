"""What the columns of tables for people are made of: writers of days, counts, shares and texts."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import pandas as pd

from feedback_analysis.periods import MONTHS, Period, day_in_words
from feedback_analysis.shares import missing, percent, percent_range

Row = dict[str, Any]
Writer = Callable[[Row], str]
Columns = dict[str, Writer]
GLUE = "\N{NO-BREAK SPACE}"
NOT_KNOWN = "not known"


def fitting(frame: pd.DataFrame, choices: Iterable[tuple[Columns, set[str]]]) -> Columns | None:
    """Return the columns of the first kind of table that a frame is, or None.

    Parameters
    ----------
    frame : DataFrame
        A result's table.
    choices : iterable of tuple
        Columns, and the names by which a table of theirs is known.
    """
    names = set(frame.columns)
    return next((columns for columns, marks in choices if marks <= names), None)


def glued(text: str) -> str:
    """Keep a number and its percent sign on one line."""
    return text.replace(" %", f"{GLUE}%")


def share_of(name: str) -> Writer:
    """Return a writer of a share as a percentage."""
    return lambda row: glued(percent(row[name]))


def share_with(name: str, low: str, high: str) -> Writer:
    """Return a writer of a share with its interval."""

    def write(row: Row) -> str:
        if missing(row[name]):
            return NOT_KNOWN
        return glued(f"{percent(row[name])} ({percent_range(row[low], row[high])})")

    return write


def chance_of(name: str) -> Writer:
    """Return a writer of a p value; one near 0 is never said to be 0."""
    return lambda row: "below 0.0001" if row[name] < 0.0001 else f"{row[name]:.2g}"


def count_of(name: str) -> Writer:
    """Return a writer of a count; what is missing is not known."""
    return lambda row: NOT_KNOWN if missing(row[name]) else f"{int(row[name]):,}"


def text_of(name: str) -> Writer:
    """Return a writer of a text; what is missing stays empty."""
    return lambda row: "" if missing(row[name]) else str(row[name])


# What a table writes for nothing, in one program or another; as a SKU it is said to be one.
_LIKE_NOTHING = frozenset(("NA", "N/A", "NAN", "NONE", "NULL", "NIL", "-", "?"))


def sku_of(name: str) -> Writer:
    """Return a writer of a SKU; one that reads like a missing value is told to be a SKU."""

    def write(row: Row) -> str:
        sku = "" if missing(row[name]) else str(row[name])
        return f"SKU{GLUE}{sku}" if sku.strip().upper() in _LIKE_NOTHING else sku

    return write


def month_of(name: str) -> Writer:
    """Return a writer of a month such as 2026-10 in words, on one line."""
    return lambda row: Period.parse(row[name]).label.replace(" ", GLUE)


def day_of(name: str) -> Writer:
    """Return a writer of a day in words, on one line."""
    return lambda row: day_in_words(row[name]).replace(" ", GLUE)


def short_day_of(name: str) -> Writer:
    """Return a writer of a day with the month's first letters; what is missing stays empty."""

    def write(row: Row) -> str:
        day = row[name]
        if missing(day):
            return ""
        return f"{day.day}{GLUE}{MONTHS[day.month - 1][:3]}{GLUE}{day.year}"

    return write
