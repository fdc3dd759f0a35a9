"""The additive daily tally of complaints: all that the scorecard needs of millions of comments.

Counts by day, marketplace, channel and question (or cause) add up over days, files and engines. A
feedback that complains about two questions counts once for each, and once among the unhappy.
"""

from __future__ import annotations

from datetime import date

import pandas as pd

from feedback_analysis.service.complaints import KINDS, stated

KEYS = ["date", "marketplace", "channel"]
LEVELS = ("questions", "causes", "kind")
UNKNOWN_CHANNEL = "not known"


def complaint_tally(rows: pd.DataFrame) -> pd.DataFrame:
    """Count complaints by day, marketplace and channel.

    Parameters
    ----------
    rows : DataFrame
        What :func:`complaints` returns, or any part of it.

    Returns
    -------
    DataFrame
        ``date``, ``marketplace``, ``channel``, ``level`` (``questions``, ``causes`` or ``kind``),
        ``id`` and ``n``, sorted. The tallies of two parts add up to that of the whole.
    """
    channel = rows["channel"].astype("object")
    keyed = rows.assign(channel=channel.where(channel.notna(), UNKNOWN_CHANNEL))
    parts = []
    for level in LEVELS:
        ids = keyed[level] if level == "kind" else keyed[level].map(stated)
        part = keyed[KEYS].assign(level=level, id=ids).explode("id").dropna(subset=["id"])
        parts.append(part)
    long = pd.concat(parts, ignore_index=True)
    return long.groupby([*KEYS, "level", "id"], sort=True).size().rename("n").reset_index()


def counts(
    tallied: pd.DataFrame,
    level: str,
    start: date,
    end: date,
    *,
    since: dict[str, date] | None = None,
) -> pd.Series:
    """Add a tally up over a span of days.

    Parameters
    ----------
    tallied : DataFrame
        What :func:`complaint_tally` returns.
    level : str
        ``questions``, ``causes`` or ``kind``.
    start, end : date
        First and last day.
    since : dict, optional
        Only these marketplaces, each from its own first day on.

    Returns
    -------
    Series
        Count by id; of ``kind`` all three are there.
    """
    inside = tallied["level"].eq(level) & tallied["date"].between(
        pd.Timestamp(start), pd.Timestamp(end)
    )
    if since is not None:
        inside &= counted_since(tallied, since)
    found = tallied[inside].groupby("id")["n"].sum()
    return found.reindex(list(KINDS), fill_value=0) if level == "kind" else found


def counted_since(rows: pd.DataFrame, since: dict[str, date]) -> pd.Series:
    """Tell which rows are of a marketplace that counts, from its own first day on.

    Parameters
    ----------
    rows : DataFrame
        With ``date`` and ``marketplace``.
    since : dict of str to date
        Marketplace -> first day.

    Returns
    -------
    Series of bool
    """
    first = {name: pd.Timestamp(day) for name, day in since.items()}
    return rows["date"] >= rows["marketplace"].map(first).astype("datetime64[us]")
