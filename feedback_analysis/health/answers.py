"""Who leaves feedback, and what becomes of it: response rate, public replies, days to close."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

import numpy as np
import pandas as pd

from feedback_analysis.errors import ReportError, did_you_mean
from feedback_analysis.health.intervals import share_interval
from feedback_analysis.health.order_tally import LAST_DAY, OrderTally, order_tally
from feedback_analysis.health.rating import as_day
from feedback_analysis.health.record import record_of
from feedback_analysis.health.sources import Sources, named
from feedback_analysis.health.words import feedbacks, missing, percent, percent_range
from feedback_analysis.periods import Period, months_back
from feedback_analysis.results import Result
from feedback_analysis.tables import NEGATIVES_ONLY
from feedback_analysis.tallies import UNSTATED
from feedback_analysis.texts import sentence_case, several

BY_ORDER = "orders of the month that got feedback"
BY_FEEDBACK = "feedback of the month per order of the month"
COLUMNS = (
    "month", "orders", "feedback", "per_order", "low", "high", "basis", "mature", "negatives",
    "answered", "answered_share", "answered_low", "answered_high",
)  # fmt: skip
NO_DATE = (
    "Amazon's feedback file holds the public reply but not its day, so the days until a buyer was "
    "answered cannot be known."
)


@dataclass(frozen=True, eq=False)
class Answers(Result):
    """Feedback per order and replies to negative feedback, by month.

    Parameters
    ----------
    table : DataFrame
        As :func:`answers` describes it.
    closing : DataFrame
        Days from opening to closing a case, by month of opening; empty without cases.
    text : str
        The latest whole month's figures, in words.
    limits : list of str
        What is not known, as sentences.
    """

    table: pd.DataFrame
    closing: pd.DataFrame
    text: str
    limits: list[str]


def answers(
    feedback: Any,
    totals: pd.DataFrame | None = None,
    orders: pd.DataFrame | None = None,
    *,
    until: date | str,
    cases: pd.DataFrame | None = None,
    months: int = 12,
    by: Literal["marketplace"] | None = None,
    minimum_n: int = 10,
) -> Answers:
    """Count by month how many orders get feedback, and how much negative feedback is answered.

    Parameters
    ----------
    feedback, totals : DataFrame
        As for :func:`feedback_rating`; ``response`` and ``order_key`` where known.
    orders : DataFrame, optional
        ``order_key``, ``purchase_date``; ``marketplace``, ``channel``, ``status`` where known.
    until : date or str
        Last day looked at.
    cases : DataFrame, optional
        The table ``cases``: ``opened``, ``closed``.
    months : int, default=12
        Number of months, the one that holds ``until`` included.
    by : {"marketplace"}, optional
        One block of rows a marketplace, named in the first column.
    minimum_n : int, default=10
        Below this number no share is said in words.

    Returns
    -------
    Answers
        ``.table``: ``month`` (such as 2026-10), ``orders``, ``feedback``, ``per_order`` (0-1) with
        its 95 % Wilson interval ``low``, ``high``, ``basis`` (of which month the feedback is:
        of the orders' month where every rating and its order is known, else of the month it was
        left in), ``mature`` (feedback on the month's orders is all in); ``negatives`` left in the
        month, ``answered`` publicly, ``answered_share`` with ``answered_low``, ``answered_high``.
        What is not known is missing. ``.closing``: ``month``, ``cases``, ``closed``, ``open``,
        ``median_days`` (half of the cases are closed by then, open ones allowed for; missing while
        fewer than half are closed).

    Raises
    ------
    ReportError
        If a table lacks a column or holds what cannot be.
    """
    if by not in (None, "marketplace"):
        raise ReportError(
            f"answers cannot be split by '{by}'.{did_you_mean(str(by), ['marketplace'])}",
            expected="by='marketplace' or nothing",
        )
    last = as_day(until)
    record = record_of(feedback, totals, orders)
    sources = Sources(record)
    spans = months_back(last, months)
    rows = record.rows
    known = "response" in rows
    replies = rows["response"] if known else pd.Series("", index=rows.index)
    rows = rows.assign(answered=replies.fillna("").astype(str).str.strip() != "")
    if "gone" in rows:
        rows = rows[~rows["gone"]]
    bad = rows[rows["rating"] <= 2]
    tallied = order_tally(record, until=last) if record.has_orders else None
    table_rows = []
    for markets in [[market] for market in sources.markets] if by else [sources.markets]:
        leading = {"marketplace": markets[0]} if by else {}
        exact = tallied is not None and _all_known(record.tallies.feedback, markets)
        for span in spans:
            part = bad[
                bad["marketplace"].isin(markets)
                & bad["date"].between(pd.Timestamp(span.start), pd.Timestamp(span.end))
            ]
            received = _received(sources, tallied, markets, span, last, exact=exact)
            table_rows.append(leading | {"month": span.id} | received | _replies(part, known))
    table = pd.DataFrame(table_rows, columns=[*([by] if by else []), *COLUMNS])
    for name in ("orders", "feedback", "negatives", "answered"):
        table[name] = table[name].astype("Int64")
    closing = _closing(cases, spans, last)
    limits = _limits(known, tallied, sources, table, last)
    text = _words(table, closing, minimum_n, told=known and len(rows) > 0)
    return Answers(table, closing, text, limits)


def _all_known(counts: pd.DataFrame, markets: list[str]) -> bool:
    """Tell whether every rating of these marketplaces is there, with its order."""
    mine = counts[counts["marketplace"].isin(markets)]
    for _, part in mine.groupby("marketplace"):
        if part["source"].eq(NEGATIVES_ONLY).any() or part["rating"].max() <= 3:
            return False
    return len(mine) > 0 and bool(mine["order"].ne(UNSTATED).all())


def _received(
    sources: Sources,
    tallied: OrderTally | None,
    markets: list[str],
    span: Period,
    last: date,
    *,
    exact: bool,
) -> dict[str, object]:
    nothing = {"orders": pd.NA, "feedback": pd.NA, "per_order": math.nan, "low": math.nan}
    nothing |= {"high": math.nan, "basis": None, "mature": False}
    end = min(span.end, last)
    placed = 0
    if tallied is not None:
        placed = _sum(tallied.placed, "orders", markets, span.start, end)
    if exact:
        count = _sum(tallied.answered, "n", markets, span.start, end)
    else:
        days = [sources.by_day(market, span.start, end) for market in markets]
        if not days or any(len(part) < (end - span.start).days + 1 for part in days):
            return nothing | ({"orders": placed} if placed else {})
        count = int(sum(part.to_numpy().sum() for part in days))
    if not placed:
        return nothing | {"feedback": count}
    low, high = share_interval(min(count, placed), placed)
    return {
        "orders": placed,
        "feedback": count,
        "per_order": count / placed,
        "low": low,
        "high": high,
        "basis": BY_ORDER if exact else BY_FEEDBACK,
        "mature": end == span.end and (not exact or (last - span.end).days >= LAST_DAY),
    }


def _sum(cells: pd.DataFrame, column: str, markets: list[str], first: date, end: date) -> int:
    inside = cells["date"].between(pd.Timestamp(first), pd.Timestamp(end))
    return int(cells.loc[inside & cells["marketplace"].isin(markets), column].sum())


def _replies(bad: pd.DataFrame, known: bool) -> dict[str, object]:
    n = len(bad)
    if not known:
        unknown = dict.fromkeys(("answered_share", "answered_low", "answered_high"), math.nan)
        return {"negatives": n, "answered": pd.NA, **unknown}
    answered = int(bad["answered"].sum())
    low, high = share_interval(answered, n)
    share = answered / n if n else math.nan
    return {
        "negatives": n,
        "answered": answered,
        "answered_share": share,
        "answered_low": low,
        "answered_high": high,
    }


def _closing(cases: pd.DataFrame | None, spans: list[Period], last: date) -> pd.DataFrame:
    columns = ["month", "cases", "closed", "open", "median_days"]
    if cases is None or cases.empty or not {"opened", "closed"} <= set(cases.columns):
        return pd.DataFrame({name: [] for name in columns})
    known = cases[cases["opened"].notna() & (cases["opened"] <= pd.Timestamp(last))]
    rows = []
    for span in spans:
        part = known[known["opened"].between(pd.Timestamp(span.start), pd.Timestamp(span.end))]
        closed = part["closed"].notna() & (part["closed"] <= pd.Timestamp(last))
        ends = part["closed"].where(closed, pd.Timestamp(last))
        days = (ends - part["opened"]).dt.days.clip(lower=0)
        rows.append(
            {
                "month": span.id,
                "cases": len(part),
                "closed": int(closed.sum()),
                "open": int((~closed).sum()),
                "median_days": median_days(days.to_numpy(), closed.to_numpy()),
            }
        )
    return pd.DataFrame(rows, columns=columns)


def median_days(days: np.ndarray, closed: np.ndarray) -> float:
    """Return the day by which half of the cases are closed, allowing for those still open.

    Parameters
    ----------
    days : ndarray
        Days from opening to closing, or until now for a case that is open.
    closed : ndarray of bool
        Whether each is closed.

    Returns
    -------
    float
        Median by Kaplan and Meier (1958); NaN while it lies in the future.
    """
    still = 1.0
    for day in np.unique(days[closed]):
        at_risk = int((days >= day).sum())
        still *= 1 - int(((days == day) & closed).sum()) / at_risk
        # Products of fractions may land a hair above one half.
        if still <= 0.5 + 1e-12:
            return float(day)
    return math.nan


def _limits(
    known: bool, tallied: OrderTally | None, sources: Sources, table: pd.DataFrame, last: date
) -> list[str]:
    limits = [NO_DATE]
    if not known:
        limits = ["The feedback file holds no public replies, so the share answered is not known."]
    if tallied is None:
        limits.append("Without the order report, feedback per order cannot be counted.")
    elif not sources.markets:
        limits.append("Without feedback or its totals, feedback per order cannot be counted.")
    elif table["feedback"].isna().any():
        short = [named(m) for m in sources.markets if sources.by_day(m, None, last).empty]
        who = f"{', '.join(short)}: how much" if short else "In some months how much"
        limits.append(
            f"{who} feedback came in is not known for every day, so feedback per order cannot be "
            "counted there; add the Sales and Traffic report by date."
        )
    if (table["basis"] == BY_FEEDBACK).any():
        limits.append(
            "Where only totals of the positive feedback are known, feedback per order sets the "
            "feedback left in a month against the orders placed in it; after a busy month it is "
            "too high."
        )
    return limits


def _words(table: pd.DataFrame, closing: pd.DataFrame, minimum_n: int, *, told: bool) -> str:
    blocks = table.groupby("marketplace", sort=False) if "marketplace" in table else [(None, table)]
    parts = []
    for name, block in blocks:
        place = f"{name}: " if name else ""
        whole = block[block["mature"] & block["per_order"].notna() & (block["orders"] >= minimum_n)]
        if len(whole):
            row = whole.iloc[-1]
            month = Period.parse(row["month"]).label
            what = (
                f"of {several(int(row['orders']), 'order')} of {month}, the newest month whose "
                f"feedback is all in, {percent(row['per_order'])} got feedback"
                if row["basis"] == BY_ORDER
                else f"in {month} {feedbacks(int(row['feedback']))} came on "
                f"{several(int(row['orders']), 'order')}, {percent(row['per_order'])}"
            )
            first = what if place else sentence_case(what)
            parts.append(
                f"{place}{first} (95 % interval {percent_range(row['low'], row['high'])})."
            )
        bad, answered = int(block["negatives"].sum()), block["answered"].sum()
        if missing(block["answered"].iloc[-1]) or bad == 0:
            continue
        low, high = share_interval(int(answered), bad)
        shown = ""
        if bad >= minimum_n:
            shown = f", {percent(answered / bad)} (95 % interval {percent_range(low, high)})"
        month = Period.parse(block["month"].iloc[0]).label
        parts.append(
            f"{place}{int(answered):,} of {several(bad, 'negative feedback')} since {month} "
            f"{'was' if answered == 1 else 'were'} answered publicly{shown}."
        )
    done = closing[closing["median_days"].notna()] if len(closing) else closing
    if len(done):
        row = done.iloc[-1]
        n, month = int(row["cases"]), Period.parse(row["month"]).label
        cases = f"The only case opened in {month} was"
        if n != 1:
            cases = f"Half of the {n:,} cases opened in {month} were"
        parts.append(f"{cases} closed within {several(round(row['median_days']), 'day')}.")
    if not parts and told:
        month = Period.parse(table["month"].iloc[0]).label
        rate = "cannot be told yet" if table["per_order"].notna().any() else "is not known"
        return f"No negative feedback since {month}; feedback per order {rate}."
    return " ".join(parts) or "Neither feedback per order nor public replies are known."
