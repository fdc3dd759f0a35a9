"""The table of totals, checked: counts by day, and windows typed in from Feedback Manager."""

from __future__ import annotations

import pandas as pd

from feedback_analysis.errors import ReportError
from feedback_analysis.health.tally import UNSTATED, days, require


def totals_by_kind(totals: pd.DataFrame | None) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Check the table of totals and split it into days and typed-in windows.

    Parameters
    ----------
    totals : DataFrame or None
        The table ``feedback_totals``; only ``marketplace`` and ``negative`` must be there.

    Returns
    -------
    tuple of DataFrame
        Daily rows, one a marketplace and day, and windows typed in.

    Raises
    ------
    ReportError
        If a count is missing or cannot be.
    """
    if totals is None or totals.empty:
        totals = pd.DataFrame({"marketplace": [], "date": [], "negative": []})
    require(totals, ("marketplace", "negative"), table="feedback_totals")
    every = (
        "date",
        "as_of",
        "window",
        "marketplace",
        "received",
        "negative",
        "neutral",
        "positive",
    )
    frame = totals.reindex(columns=list(every)).reset_index(drop=True)
    frame["marketplace"] = (
        frame["marketplace"].astype("object").where(frame["marketplace"].notna(), UNSTATED)
    )
    for column in ("date", "as_of"):
        frame[column] = days(frame[column], column=column)
    for column in ("received", "negative", "neutral", "positive"):
        frame[column] = pd.to_numeric(frame[column], errors="coerce").astype("float64")
    daily = frame[frame["date"].notna()]
    typed = frame[frame["date"].isna() & frame["as_of"].notna()]
    for rows, needed, kind in (
        (daily, ["received", "negative"], "a daily total"),
        (typed, ["positive", "neutral", "negative"], "a total typed in"),
    ):
        if rows[needed].isna().any().any() or (rows[needed] < 0).any().any():
            raise ReportError(
                f"{kind} lacks a count or has one below 0",
                expected=f"{', '.join(needed)} as whole numbers from 0",
            )
    if (daily["negative"] > daily["received"]).any():
        raise ReportError("a daily total counts more negative feedback than it received")
    counts = ["received", "negative", "neutral"]
    # A day whose neutral count is missing must stay missing, not become 0.
    groups = daily.groupby(["marketplace", "date"])[counts]
    daily = groups.sum().where(groups.count().eq(groups.size(), axis=0))
    return daily.reset_index(), typed


def without_gone(daily: pd.DataFrame, gone: pd.DataFrame) -> pd.DataFrame:
    """Take feedback that was struck or removed out of daily totals.

    Parameters
    ----------
    daily : DataFrame
        Totals of one marketplace by day: ``received``, ``negative``, ``neutral``.
    gone : DataFrame
        Struck and removed feedback by day: the counts ``1`` to ``5`` of each rating.

    Returns
    -------
    DataFrame
        The totals without them, and in ``struck`` how many were taken out of each day. A day gives
        up no more than it counted, because the totals may know already.
    """
    struck = gone[[1, 2, 3]].reindex(daily.index, fill_value=0)
    negative = (struck[1] + struck[2]).clip(upper=daily["negative"])
    # Totals that do not tell neutral feedback count it among all that is not negative.
    room = daily["neutral"].fillna(daily["received"] - daily["negative"])
    neutral = struck[3].clip(upper=room)
    return daily.assign(
        received=daily["received"] - negative - neutral,
        negative=daily["negative"] - negative,
        neutral=daily["neutral"] - neutral,
        struck=negative + neutral,
    )


def one_name(*frames: pd.DataFrame) -> list[pd.DataFrame]:
    """Give rows without a marketplace the only one there is, if there is only one.

    Parameters
    ----------
    *frames : DataFrame
        Tables with a column ``marketplace``.

    Returns
    -------
    list of DataFrame
        The same tables, with the name filled in where it is certain.
    """
    known = sorted(
        {name for frame in frames for name in frame["marketplace"].unique()} - {UNSTATED}
    )
    if len(known) != 1:
        return list(frames)
    return [frame.assign(marketplace=known[0]) for frame in frames]
