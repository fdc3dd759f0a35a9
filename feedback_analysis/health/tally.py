"""The additive daily tally: all that the rating needs of millions of feedbacks.

Counts by date, marketplace and rating add up over days, files and engines, so every window, week
and month is a sum over this small table. Nothing in this room looks at single feedbacks for a rate.
"""

from __future__ import annotations

import pandas as pd

from feedback_analysis import tallies
from feedback_analysis.columns import TEXT
from feedback_analysis.errors import ReportError, did_you_mean
from feedback_analysis.tallies import STARS, UNSTATED
from feedback_analysis.texts import several


def tally(feedback: pd.DataFrame) -> pd.DataFrame:
    """Count feedback by day, marketplace and rating.

    Parameters
    ----------
    feedback : DataFrame
        One row a feedback: ``date``, ``marketplace``, ``rating`` (1 to 5). Rows with ``gone`` are
        left out where that column is there: struck and removed feedback does not count.

    Returns
    -------
    DataFrame
        ``date``, ``marketplace``, ``rating``, ``n``, sorted. A missing marketplace is named
        ``not stated``.

    Raises
    ------
    ReportError
        If a column is missing, a date cannot be read or a rating lies outside 1 to 5.
    """
    return tallies.tally(checked(feedback))


def daily_counts(tallied: pd.DataFrame) -> pd.DataFrame:
    """Spread a tally so that each day and marketplace is one row.

    Parameters
    ----------
    tallied : DataFrame
        What :func:`tally` returns.

    Returns
    -------
    DataFrame
        ``date``, ``marketplace`` and the counts ``1`` to ``5`` of each rating, sorted.
    """
    wide = tallied.pivot_table(
        index=["date", "marketplace"], columns="rating", values="n", aggfunc="sum", fill_value=0
    )
    wide = wide.reindex(columns=list(STARS), fill_value=0).astype("int64")
    wide.columns = list(STARS)
    return wide.reset_index()


def checked(feedback: pd.DataFrame) -> pd.DataFrame:
    """Return a copy of the columns that the rating uses, with their dtypes, or refuse.

    Parameters
    ----------
    feedback : DataFrame
        One row a feedback.

    Returns
    -------
    DataFrame
        ``date`` (day), ``marketplace`` (text), ``rating`` (whole number), and of ``source``,
        ``gone`` and ``last_seen`` those that were there.

    Raises
    ------
    ReportError
        If a column is missing, a date cannot be read or a rating lies outside 1 to 5.
    """
    require(feedback, ("date", "marketplace", "rating"), table="feedback")
    kept = ["date", "marketplace", "rating"]
    kept += [name for name in ("source", "gone", "last_seen") if name in feedback]
    rows = feedback[kept].reset_index(drop=True)
    rows["date"] = days(rows["date"], column="date")
    if rows["date"].isna().any():
        raise ReportError(
            several(int(rows["date"].isna().sum()), "feedback has", "feedbacks have") + " no date",
            column="date",
            expected="the day each feedback was left",
        )
    rating = pd.to_numeric(rows["rating"], errors="coerce")
    wrong = ~rating.isin(STARS)
    if wrong.any():
        first = rows.loc[wrong, "rating"].iloc[0]
        raise ReportError(
            several(int(wrong.sum()), "rating is", "ratings are") + " no whole number from 1 to 5",
            column="rating",
            expected="1, 2, 3, 4 or 5",
            found=str(first)[:20],
        )
    rows["rating"] = rating.astype("int64")
    rows["marketplace"] = (
        rows["marketplace"].astype("object").where(rows["marketplace"].notna(), UNSTATED)
    )
    if "gone" in rows:
        rows["gone"] = rows["gone"].astype("boolean").fillna(False).astype(bool)
    if "last_seen" in rows:
        rows["last_seen"] = days(rows["last_seen"], column="last_seen")
    return rows


def checked_counts(counts: pd.DataFrame) -> pd.DataFrame:
    """Return a tally of feedback with every column that the room asks for, or refuse.

    Parameters
    ----------
    counts : DataFrame
        ``date``, ``marketplace``, ``rating``, ``n``; where known ``source``, ``gone``,
        ``last_seen``, ``channel`` and ``order``.

    Returns
    -------
    DataFrame
        The columns of the tally ``feedback``; what is not known is ``not stated``.

    Raises
    ------
    ReportError
        As for :func:`checked`, and if a count is no whole number from 0.
    """
    rows = checked(counts)
    number = pd.to_numeric(counts["n"], errors="coerce")
    if not (number.ge(0) & number.mod(1).eq(0)).all():
        raise ReportError("a count is no whole number from 0", column="n")
    filled = {"gone": False, "last_seen": rows["date"]} | {
        name: counts[name].to_numpy() if name in counts else UNSTATED
        for name in ("source", "channel", "order")
    }
    rows = rows.assign(**{k: v for k, v in filled.items() if k not in rows}, n=number.to_numpy())
    texts = dict.fromkeys(("marketplace", "source", "channel", "order"), TEXT)
    rows = rows.fillna({"source": UNSTATED, "last_seen": rows["date"]})
    return rows.astype(texts | {"n": "int64"})[list(tallies.SCHEMAS["feedback"].columns)]


def days(values: pd.Series, *, column: str) -> pd.Series:
    """Return values as days without a time.

    Parameters
    ----------
    values : Series
        Dates, time stamps or ISO texts.
    column : str
        Name of the column, for the message.

    Returns
    -------
    Series
        The days; a missing one stays missing.

    Raises
    ------
    ReportError
        If a value is no date.
    """
    try:
        return pd.to_datetime(values).dt.normalize().astype("datetime64[us]")
    except (TypeError, ValueError, AttributeError):
        raise ReportError(
            "a date cannot be read", column=column, expected="days such as 2026-10-31"
        ) from None


def require(frame: pd.DataFrame, columns: tuple[str, ...], *, table: str) -> None:
    """Refuse a frame that lacks a column.

    Parameters
    ----------
    frame : DataFrame
        The frame.
    columns : tuple of str
        Columns it must have.
    table : str
        What the frame is called in the message.

    Raises
    ------
    ReportError
        If one is missing.
    """
    for column in columns:
        if column not in frame:
            seen = [str(name) for name in frame.columns]
            raise ReportError(
                f"the table '{table}' has no column '{column}'.{did_you_mean(column, seen)}",
                column=column,
                expected=", ".join(columns),
                found=", ".join(seen) or "no columns",
            )
