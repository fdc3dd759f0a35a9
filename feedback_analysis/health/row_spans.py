"""Which days the rows of each marketplace cover, and the rows of a span."""

from __future__ import annotations

import pandas as pd

NEGATIVES_ONLY = "1-3 stars only"
# First and last day by marketplace.
Spans = dict[str, tuple[pd.Timestamp, pd.Timestamp]]


def row_spans(rows: pd.DataFrame) -> Spans:
    """Return first and last day known of each marketplace's rows.

    Parameters
    ----------
    rows : DataFrame
        Feedback rows, checked.

    Returns
    -------
    dict
        Marketplace -> first and last day.
    """
    seen = rows["last_seen"] if "last_seen" in rows else rows["date"]
    known = rows.assign(seen=seen.fillna(rows["date"])).groupby("marketplace")
    first, last, seen = known["date"].min(), known["date"].max(), known["seen"].max()
    return {market: (first[market], max(last[market], seen[market])) for market in first.index}


def gone_rows(rows: pd.DataFrame) -> pd.DataFrame:
    """Return the rows that were struck or removed, as rows that a tally counts.

    Parameters
    ----------
    rows : DataFrame
        Feedback rows, checked.

    Returns
    -------
    DataFrame
        Without the column ``gone``.
    """
    return rows[rows["gone"]].drop(columns="gone") if "gone" in rows else rows.head(0)


def full_spans(rows: pd.DataFrame) -> Spans:
    """Return first and last day of the rows of each marketplace that hold all ratings.

    Parameters
    ----------
    rows : DataFrame
        Feedback rows, checked.

    Returns
    -------
    dict
        Marketplace -> first and last day; none for one with 1-3 stars only.
    """
    by_market = rows.groupby("marketplace")
    # Without a source a rating above 3 tells: Amazon's feedback report has none.
    full = rows["marketplace"].map(by_market["rating"].max() > 3)
    if "source" in rows:
        stated = rows["marketplace"].map(by_market["source"].count() > 0)
        full = full.where(~stated, rows["source"].ne(NEGATIVES_ONLY))
    return row_spans(rows[full.astype(bool)])


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
