"""Which coming days take old feedback out of a rolling window, and what the share becomes then."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pandas as pd

COLUMNS = ("negatives_left", "neutrals_left", "positives_left")


def kept(days: pd.DataFrame, as_of: date, length: int) -> pd.DataFrame:
    """Return what a window still holds on each coming day if nothing new comes in.

    Parameters
    ----------
    days : DataFrame
        ``positive``, ``neutral``, ``negative`` by day (the index).
    as_of : date
        Last day of the window now.
    length : int
        Its days.

    Returns
    -------
    DataFrame
        The three counts, one row a day from ``as_of`` (all that the window holds now) to
        ``length`` days later (nothing), by date.
    """
    first = pd.Timestamp(as_of) - pd.Timedelta(days=length - 1)
    inside = days.reindex(pd.date_range(first, periods=length), fill_value=0)
    # On the day that is k days away, the window begins k days later than now.
    left = inside[::-1].cumsum()[::-1].to_numpy()
    counts = np.vstack([left, np.zeros((1, left.shape[1]), dtype=left.dtype)])
    coming = pd.date_range(as_of, periods=length + 1)
    return pd.DataFrame(counts, index=coming, columns=inside.columns)


def rolloff(held: pd.DataFrame, pace: pd.DataFrame | None) -> pd.DataFrame:
    """List the days on which feedback that is not positive leaves a window.

    Parameters
    ----------
    held : DataFrame
        What :func:`kept` returns.
    pace : DataFrame or None
        One row of ``positive``, ``neutral``, ``negative`` a day at the present pace.

    Returns
    -------
    DataFrame
        ``date`` (first day on which the window no longer holds them); ``negatives_left``,
        ``neutrals_left``, ``positives_left`` (those that left since the row before, or since now);
        ``n_after`` and ``share_after`` (0-1, missing when the window is empty) of what is then
        still in it, if nothing new comes in; ``share_at_pace``, expected if feedback keeps coming
        in at the present pace (missing without one).
    """
    gone = -held.diff().fillna(0).astype("int64")
    worth = (gone["negative"] + gone["neutral"]) > 0
    since = gone.cumsum()[worth]
    parts = since.diff().fillna(since.head(1)).astype("int64")
    after = held[worth]
    n = after.sum(axis=1)
    table = pd.DataFrame(
        {
            "date": after.index,
            "negatives_left": parts["negative"],
            "neutrals_left": parts["neutral"],
            "positives_left": parts["positive"],
            "n_after": n,
            "share_after": (after["positive"] / n).where(n > 0),
        }
    )
    if pace is None:
        table["share_at_pace"] = np.nan
    else:
        passed = (after.index - held.index[0]).days.to_numpy()
        daily = pace.iloc[0]
        expected = n + passed * daily.sum()
        positive = after["positive"] + passed * daily["positive"]
        table["share_at_pace"] = (positive / expected).where(expected > 0)
    return table.reset_index(drop=True)


def leaving_until(table: pd.DataFrame, as_of: date, days: int) -> tuple[int, int]:
    """Count the negatives and neutrals that leave a window in the coming days.

    Parameters
    ----------
    table : DataFrame
        What :func:`rolloff` returns.
    as_of : date
        Last day of the window now.
    days : int
        How many days ahead to look.

    Returns
    -------
    tuple of int
        Negatives and neutrals.
    """
    soon = table[table["date"] <= pd.Timestamp(as_of + timedelta(days=days))]
    return int(soon["negatives_left"].sum()), int(soon["neutrals_left"].sum())
