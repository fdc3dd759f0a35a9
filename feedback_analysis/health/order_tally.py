"""Orders and their defects counted by order day: all that rates by order date need.

Like the daily tally of feedback these counts add up over days, files and engines. An order counts
once, however many items, complaints and claims it has.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

import pandas as pd

from feedback_analysis.health.tally import UNSTATED, checked, days, require
from feedback_analysis.once import once

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
    feedback: pd.DataFrame,
    orders: pd.DataFrame,
    *,
    until: date,
    claims: pd.DataFrame | None = None,
) -> OrderTally:
    """Count orders, and those that got negative feedback, by the day of the order.

    Parameters
    ----------
    feedback : DataFrame
        ``date``, ``marketplace``, ``rating``, ``order_key``; rows with ``gone`` do not count.
    orders : DataFrame
        One row an order item: ``order_key``, ``purchase_date``; ``marketplace``, ``channel`` and
        ``status`` where known. Cancelled orders do not count.
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
    placed = _orders(orders, until)
    rows = checked(feedback)
    require(feedback, ("order_key",), table="feedback")
    rows["order_key"] = feedback["order_key"].to_numpy()
    kept = rows["date"] <= pd.Timestamp(until)
    if "gone" in rows:
        kept &= ~rows["gone"]
    rows = rows[kept]
    bad = rows[rows["rating"] <= 2]
    negatives = _joined(bad, placed)
    unmatched = int((~bad["order_key"].isin(placed["order_key"])).sum())
    limits = []
    if unmatched and len(placed):
        limits.append(
            f"{unmatched:,} of {len(bad):,} negative feedbacks belong to no order in the order "
            "files (an order older than the files, or cancelled) and are not counted by order date."
        )
    return OrderTally(
        placed.groupby(KEYS, sort=True).size().rename("orders").reset_index(),
        _cells(negatives),
        _cells(_joined(rows, placed)),
        _claimed(claims, placed, set(negatives["order_key"])),
        unmatched,
        limits,
    )


def _orders(orders: pd.DataFrame, until: date) -> pd.DataFrame:
    require(orders, ("order_key", "purchase_date"), table="orders")
    rows = orders.reindex(columns=["order_key", "purchase_date", "marketplace", "channel"])
    rows = rows.rename(columns={"purchase_date": "date"})
    rows["date"] = days(rows["date"], column="purchase_date")
    for name in ("marketplace", "channel"):
        rows[name] = rows[name].astype("object").where(rows[name].notna(), UNSTATED)
    keep = rows["date"] <= pd.Timestamp(until)
    if "status" in orders:
        status = orders["status"].astype("object").where(orders["status"].notna(), "")
        keep &= ~status.astype(str).str.lower().str.startswith("cancel")
    rows = rows[keep & rows["order_key"].notna()]
    # Items of an order that ship apart share its key, its day and nearly always its channel.
    return rows.sort_values(["date", "channel"], kind="stable").drop_duplicates("order_key")


def _joined(rows: pd.DataFrame, placed: pd.DataFrame) -> pd.DataFrame:
    """Join feedback to its order, the first one of each order, with its delay in days."""
    first = rows.dropna(subset=["order_key"]).groupby("order_key")["date"].min()
    joined = placed.merge(first.rename("left_on"), left_on="order_key", right_index=True)
    delay = (joined["left_on"] - joined["date"]).dt.days
    return joined.assign(delay=delay.clip(0, LAST_DAY))


def _cells(joined: pd.DataFrame) -> pd.DataFrame:
    return joined.groupby([*KEYS, "delay"], sort=True).size().rename("n").reset_index()


def _claimed(
    claims: pd.DataFrame | None, placed: pd.DataFrame, negative: set
) -> pd.DataFrame | None:
    if claims is None:
        return None
    require(claims, ("order_key",), table="claims")
    rows = placed[placed["order_key"].isin(set(claims["order_key"]))]
    rows = rows.assign(claims=1, only_claims=(~rows["order_key"].isin(negative)).astype("int64"))
    return rows.groupby(KEYS, sort=True)[["claims", "only_claims"]].sum().reset_index()
