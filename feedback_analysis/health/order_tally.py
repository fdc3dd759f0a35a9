"""Orders and their defects counted by order day: all that rates by order date need.

Like the daily tally of feedback these counts add up over days, files and engines. An order counts
once, however many items, complaints and claims it has.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any

import pandas as pd

from feedback_analysis.errors import ReportError
from feedback_analysis.health.record import Record, record_of
from feedback_analysis.health.tally import require
from feedback_analysis.once import once
from feedback_analysis.tallies import ANY, CANCELLED, NEGATIVE, READ, UNSTATED, statuses

# Buyers may leave feedback up to this many days after the order (Seller Central help, item 761).
LAST_DAY = 90
KEYS = ["date", "marketplace", "channel"]


@dataclass(frozen=True, eq=False)
class OrderTally:
    """Counts by order day, marketplace and channel.

    Parameters
    ----------
    placed : DataFrame
        ``date``, ``marketplace``, ``channel``, ``orders``.
    negatives : DataFrame
        The same keys, ``delay`` (days from order to negative feedback, 0 to 90) and ``n``.
    answered : DataFrame
        The same for feedback of any rating.
    claimed : DataFrame or None
        The same keys, ``claims`` (orders with a claim or chargeback) and ``only_claims`` (those of
        them without negative feedback); None when no claims are known.
    unmatched : int
        Negative feedbacks whose order is in no order file.
    limits : list of str
        What is not known, as sentences.
    """

    placed: pd.DataFrame
    negatives: pd.DataFrame
    answered: pd.DataFrame
    claimed: pd.DataFrame | None
    unmatched: int
    limits: list[str] = field(default_factory=list)


@once
def order_tally(
    feedback: Any,
    orders: pd.DataFrame | None = None,
    *,
    until: date,
    claims: pd.DataFrame | None = None,
) -> OrderTally:
    """Count orders, and those that got negative feedback, by the day of the order.

    Parameters
    ----------
    feedback : DataFrame, Tallies, Shop or Record
        ``date``, ``marketplace``, ``rating``, ``order_key``; rows with ``gone`` do not count. Or
        what :func:`record_of` takes in their place.
    orders : DataFrame, optional
        Beside rows. One row an order item: ``order_key``, ``purchase_date``; ``marketplace``,
        ``channel`` and ``status`` where known. Cancelled orders do not count.
    until : date
        Later orders and feedback are left out.
    claims : DataFrame, optional
        ``order_key`` of orders with an A-to-z claim that was not denied, or a chargeback.

    Returns
    -------
    OrderTally
        The counts.

    Raises
    ------
    ReportError
        If a column is missing or holds what cannot be.
    """
    record = record_of(feedback, orders=orders)
    if isinstance(feedback, pd.DataFrame):
        require(feedback, ("order_key",), table="feedback")
    last = pd.Timestamp(until)
    placed = _not_cancelled(record.tallies.orders, last).groupby(KEYS, sort=True)["orders"].sum()
    counts = record.tallies.feedback
    bad = counts[~counts["gone"] & counts["rating"].le(2) & counts["date"].le(last)]
    every = int(bad["n"].sum())
    unmatched = every - int(bad.loc[bad["order"].eq(READ), "n"].sum())
    limits = []
    if unmatched and len(placed):
        limits.append(
            f"{unmatched:,} of {every:,} negative feedbacks belong to no order in the order "
            "files (an order older than the files, or cancelled) and are not counted by order date."
        )
    return OrderTally(
        placed.reset_index(),
        _cells(record.tallies.answered, NEGATIVE, last),
        _cells(record.tallies.answered, ANY, last),
        _claimed(claims, record, last),
        unmatched,
        limits,
    )


def _not_cancelled(cells: pd.DataFrame, last: pd.Timestamp) -> pd.DataFrame:
    kept = cells["status"].ne(CANCELLED) & cells["date"].le(last)
    return cells[kept].astype({"marketplace": "object", "channel": "object"})


def _cells(answered: pd.DataFrame, first: str, last: pd.Timestamp) -> pd.DataFrame:
    """Add up the orders that had their first feedback by the last day, by its delay."""
    cells = _not_cancelled(answered[answered["first"].eq(first)], last)
    came = cells["date"] + pd.to_timedelta(cells["delay"], unit="D")
    cells = cells[came <= last].assign(delay=cells["delay"].clip(0, LAST_DAY))
    return cells.groupby([*KEYS, "delay"], sort=True)["n"].sum().reset_index()


def _claimed(
    claims: pd.DataFrame | None, record: Record, last: pd.Timestamp
) -> pd.DataFrame | None:
    if claims is None:
        return None
    require(claims, ("order_key",), table="claims")
    if record.orders is None:
        raise ReportError(
            "claims can be counted by order only where the rows of all orders are at hand",
            remedy="leave out claims, or read the shop without condensing it",
        )
    known = claims["order_key"].dropna().astype("object").map(str)
    orders = record.orders[record.orders["order_key"].isin(set(known))]
    rows = record.rows[record.rows["rating"].le(2) & record.rows["date"].le(last)]
    rows = rows[~rows["gone"]] if "gone" in rows else rows
    negative = set(rows["order_key"].dropna())
    found = orders.assign(
        date=orders["purchase_date"],
        status=statuses(orders["status"]),
        claims=1,
        only_claims=(~orders["order_key"].isin(negative)).astype("int64"),
    ).fillna({"marketplace": UNSTATED, "channel": UNSTATED})
    found = _not_cancelled(found, last).sort_values(["date", "channel"], kind="stable")
    found = found.drop_duplicates("order_key")
    return found.groupby(KEYS, sort=True)[["claims", "only_claims"]].sum().reset_index()
