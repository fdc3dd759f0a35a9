"""The clocks of a case: Amazon's windows, the buyer's remaining time, the shop's own promise."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd

from feedback_analysis.settings import Cases

# Amazon takes a request to remove feedback for 90 days from the feedback, and a buyer may leave
# feedback for 90 days from the order; removing it has no end.
REQUEST_DAYS = 90
BUYER_DAYS = 90
NOT_STARTED, UNDER_WAY, WAITING, CLOSED = "not started", "under way", "waiting", "closed"


def clocks(cases: pd.DataFrame, promise: Cases, *, as_of: date) -> pd.DataFrame:
    """Work out what runs out when.

    Parameters
    ----------
    cases : DataFrame
        ``date`` (of the feedback), ``purchase_date``, ``stage`` and ``rule``.
    promise : Cases
        The shop's own promise.
    as_of : date
        Today.

    Returns
    -------
    DataFrame
        The same index; ``age_days`` since the feedback, ``request_days_left`` to ask Amazon for
        removal, ``buyer_days_left`` for the buyer to leave feedback (missing without the order),
        ``due`` (day of the shop's promise), ``overdue_days`` (0 when on time), ``next_day`` and
        ``next_end``: the first thing that still runs out and what it is. An overdue case runs out
        today as long as anything can still be asked for; ``next_day`` is missing when nothing can.
    """
    today = pd.Timestamp(as_of)
    is_open = cases["stage"].ne(CLOSED)
    age = (today - cases["date"]).dt.days
    request_end = cases["date"] + pd.Timedelta(days=REQUEST_DAYS)
    buyer_end = cases["purchase_date"] + pd.Timedelta(days=BUYER_DAYS)
    days = np.where(cases["stage"].eq(NOT_STARTED), promise.answer_days, promise.close_days)
    due = (cases["date"] + pd.to_timedelta(days, unit="D")).where(is_open)
    late = (today - due).dt.days - promise.tolerance_days
    overdue = late.clip(lower=0).fillna(0).astype(int).where(is_open, 0)
    # What was promised counts from the promise, not from the end of the tolerance.
    overdue = overdue.where(overdue.eq(0), (today - due).dt.days.fillna(0).astype(int))
    # Within the tolerance the case runs out on its last day, not when the buyer's time does.
    kept = due.where(due >= today, due + pd.Timedelta(days=promise.tolerance_days))
    ends = pd.DataFrame(
        {
            "own promise": kept.where(overdue.eq(0), today),
            "request for removal": request_end.where(cases["rule"].ne("")),
            "buyer's time": buyer_end,
        }
    )
    alive = is_open & (request_end >= today)
    ends = ends.where(ends >= today).where(alive)
    first = ends.min(axis=1)
    name = pd.Series("", index=cases.index, dtype=object)
    for what in reversed(ends.columns):
        name[ends[what].eq(first) & first.notna()] = what
    return pd.DataFrame(
        {
            "age_days": age.astype("Int64"),
            "request_days_left": (request_end - today).dt.days.astype("Int64"),
            "buyer_days_left": (buyer_end - today).dt.days.astype("Int64"),
            "due": due,
            "overdue_days": overdue.astype("Int64"),
            "next_day": first,
            "next_end": name.where(
                first.notna() & (overdue.eq(0) | name.ne("own promise")), ""
            ).mask(first.notna() & overdue.gt(0) & name.eq("own promise"), "overdue"),
        }
    )
