"""What bears on asking for feedback: counts of all orders, and the rows of those to be asked."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import pandas as pd

from feedback_analysis.cases.evidence import beside
from feedback_analysis.tables import ALL_RATINGS
from feedback_analysis.tallies import SOLD, UNSTATED, statuses

# Orders bought earlier than this before a day can hardly be asked on it.
MAY_BE_ASKED = 45


@dataclass(frozen=True, eq=False)
class OrderFacts:
    """Orders sold, by what bears on asking.

    Attributes
    ----------
    rows : DataFrame
        One row an order that can be looked at by itself: all of an ordinary shop, the recent ones
        of a condensed shop. ``order_key``, ``purchase_date``, ``marketplace``, ``channel``,
        ``asin`` (of its first item), ``expected`` (the promised day, which stands for the day of
        delivery), ``asked`` (day), ``held_out``, ``rating`` of its feedback, ``known`` (all ratings
        are known in its marketplace).
    counts : DataFrame
        The tally ``asking`` with ``known`` and ``month``.
    products : DataFrame
        The tally ``answered_products`` with ``known``.
    asked : DataFrame
        The tally ``asked`` with ``known``.
    missing : int
        Recent orders that are not among the rows, so that nobody can tell whether to ask them.
    minimum_n : int
        Groups of fewer orders have no share.
    """

    rows: pd.DataFrame
    counts: pd.DataFrame
    products: pd.DataFrame
    asked: pd.DataFrame
    missing: int
    minimum_n: int


def order_facts(shop: Any, *, as_of: date) -> OrderFacts:
    """Tell of shipped orders what bears on asking for feedback.

    Parameters
    ----------
    shop : Shop
        With ``tallies``, ``orders``, ``feedback``; ``shipments``, ``asks`` where known.
    as_of : date
        Last day known.

    Returns
    -------
    OrderFacts
    """
    last = pd.Timestamp(as_of)
    whole = _all_ratings(shop.tallies.feedback)
    counts, products, asked = (
        table[table[day] <= last].assign(known=lambda part: part["marketplace"].isin(whole))
        for table, day in (
            (shop.tallies.asking, "date"),
            (shop.tallies.answered_products, "end"),
            (shop.tallies.asked, "date"),
        )
    )
    counts = counts.assign(month=counts["date"].dt.strftime("%Y-%m"))
    rows = _rows(shop, last, whole)
    since = pd.Timestamp(as_of - timedelta(days=MAY_BE_ASKED))
    placed = shop.tallies.orders
    recent = placed[placed["date"].between(since, last) & placed["status"].eq(SOLD)]
    missing = int(recent["orders"].sum()) - int(rows["purchase_date"].ge(since).sum())
    return OrderFacts(rows, counts, products, asked, max(0, missing), shop.settings.minimum_n)


def _all_ratings(counts: pd.DataFrame) -> set[str]:
    full = counts["source"].eq(ALL_RATINGS).groupby(counts["marketplace"]).all()
    return set(full.index[full]) - {UNSTATED}


def _rows(shop: Any, last: pd.Timestamp, whole: set[str]) -> pd.DataFrame:
    orders = shop.orders
    sold = statuses(orders["status"]).eq(SOLD)
    sold &= orders["purchase_date"].le(last)
    columns = ["order_key", "purchase_date", "marketplace", "channel", "asin"]
    rows = orders.loc[sold, columns].sort_values(["order_key", "asin"])
    facts = rows.drop_duplicates("order_key").reset_index(drop=True)
    key = facts["order_key"]
    parcels = shop.shipments.groupby("order_key")["estimated_arrival"].max()
    facts["expected"] = beside(key, parcels)
    asks = shop.asks.sort_values("asked").drop_duplicates("order_key").set_index("order_key")
    facts["asked"] = pd.to_datetime(beside(key, asks["asked"]))
    facts["held_out"] = beside(key, asks["held_out"]).eq(True)
    feedback = shop.feedback[~shop.feedback["gone"]].dropna(subset="order_key")
    feedback = feedback.sort_values("date", kind="stable")
    left = feedback.drop_duplicates("order_key", keep="last").set_index("order_key")
    facts["rating"] = beside(key, left["rating"])
    facts["known"] = facts["marketplace"].isin(whole)
    return facts
