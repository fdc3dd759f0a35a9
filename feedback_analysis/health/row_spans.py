"""Which days the rows of each marketplace cover, by their tally, and the counts of a span."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from feedback_analysis.tables import NEGATIVES_ONLY
from feedback_analysis.tallies import UNSTATED

# First and last day by marketplace.
Spans = dict[str, tuple[pd.Timestamp, pd.Timestamp]]


def row_spans(counts: pd.DataFrame) -> Spans:
    """Return first and last day known of each marketplace's rows.

    Parameters
    ----------
    counts : DataFrame
        The tally ``feedback``.

    Returns
    -------
    dict
        Marketplace -> first and last day.
    """
    known = counts.groupby("marketplace")
    first, last, seen = known["date"].min(), known["date"].max(), known["last_seen"].max()
    return {market: (first[market], max(last[market], seen[market])) for market in first.index}


def full_spans(counts: pd.DataFrame) -> Spans:
    """Return first and last day of the rows of each marketplace that hold all ratings.

    Parameters
    ----------
    counts : DataFrame
        The tally ``feedback``.

    Returns
    -------
    dict
        Marketplace -> first and last day; none for one with 1-3 stars only.
    """
    return row_spans(counts[all_ratings(counts)])


def all_ratings(counts: pd.DataFrame) -> pd.Series:
    """Tell of each row whether it comes from a file that holds all ratings.

    Parameters
    ----------
    counts : DataFrame
        The tally ``feedback``.

    Returns
    -------
    Series of bool
    """
    # Without a source a rating above 3 tells: Amazon's feedback report has none.
    by_market = counts.groupby("marketplace")
    full = counts["marketplace"].map(by_market["rating"].max() > 3).astype("bool")
    stated = counts["source"].ne(UNSTATED).groupby(counts["marketplace"]).transform("any")
    return full.where(~stated, counts["source"].ne(NEGATIVES_ONLY)).astype("bool")


def between(frame: pd.DataFrame, first: pd.Timestamp | None, last: pd.Timestamp) -> pd.DataFrame:
    """Return the rows of a span of days.

    Parameters
    ----------
    frame : DataFrame
        Rows with a day as their index.
    first, last : Timestamp
        First and last day; no first one means since the beginning.

    Returns
    -------
    DataFrame
        The rows inside.
    """
    inside = frame.index <= last
    return frame[inside if first is None else inside & (frame.index >= first)]


def stars_of(counts: pd.DataFrame) -> list[int]:
    """Return how many feedbacks of 1, 2, 3, 4 and 5 stars there are.

    Parameters
    ----------
    counts : DataFrame
        Counts by day, a column a star.

    Returns
    -------
    list of int
        Five counts.
    """
    return [int(counts[star].sum()) for star in (1, 2, 3, 4, 5)]


class DaySums:
    """Sums over spans of days, which cost the same however many spans are asked for.

    Parameters
    ----------
    frame : DataFrame
        Rows with a day as their index.
    columns : sequence
        Whole numbers to add up; a missing one counts nothing.
    """

    def __init__(self, frame: pd.DataFrame, columns: Sequence[object]) -> None:
        frame = frame.sort_index()
        self._days = frame.index.to_numpy()
        self._upto = {
            name: np.append(0, frame[name].fillna(0).to_numpy(dtype=np.int64).cumsum())
            for name in columns
        }

    def between(self, first: pd.Timestamp, last: pd.Timestamp) -> tuple[int, dict[object, int]]:
        """Return how many rows there are from one day to another, and the sum of each column."""
        low = int(np.searchsorted(self._days, first.to_datetime64(), side="left"))
        high = max(low, int(np.searchsorted(self._days, last.to_datetime64(), side="right")))
        return high - low, {name: int(upto[high] - upto[low]) for name, upto in self._upto.items()}
