"""What orders drew: complaints by order, and the tallies that they are divided by."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

import pandas as pd

from feedback_analysis.columns import TEXT
from feedback_analysis.errors import ReportError
from feedback_analysis.health.words import day_in_words
from feedback_analysis.once import once
from feedback_analysis.settings import UNCLEAR
from feedback_analysis.tallies import SOLD, UNSTATED, statuses

# A buyer has 90 days for feedback.
DAYS = 90
LABELS = ("questions", "causes")
COLUMNS = ["order_key", "purchase_date", "marketplace", "asin", "sku", "channel"]
# The tally that knows a column which not every tally has.
WHERE = {"carrier": "carriers", "asin": "products", "sku": "products"}


@dataclass(frozen=True, eq=False)
class Outcomes:
    """Orders of a span: those that drew feedback of 1 to 3 stars as rows, all of them as counts.

    Parameters
    ----------
    rows : DataFrame
        One row an item of an unhappy order (and carrier, where it came in parcels of several):
        ``order_key``, ``purchase_date``, ``marketplace``, ``asin``, ``sku``, ``channel``,
        ``carrier``, ``month`` (of the purchase, such as 2026-10), and ``negative`` (True when the
        order drew 1 or 2 stars); with labels also ``questions`` and ``causes`` (tuples, without
        ``unclear``; empty where it draws no complaint).
    counts : dict of DataFrame
        ``orders``, ``carriers`` and ``products``: orders sold by the columns that each knows and
        ``date``; ``n`` (orders), ``first`` (each order once) and ``month``.
    weeks : tuple of Timestamp
        First and last day that products are counted of.
    limits : list of str
        What the counts cannot tell, as sentences.
    """

    rows: pd.DataFrame
    counts: dict[str, pd.DataFrame]
    weeks: tuple[pd.Timestamp, pd.Timestamp]
    limits: list[str]

    def rows_of(self, look: Sequence[str]) -> pd.DataFrame:
        """Return the rows that a look's counts are of: for products only those of whole weeks."""
        if "products" not in {WHERE.get(name) for name in look}:
            return self.rows
        first, last = self.weeks
        return self.rows[self.rows["purchase_date"].between(first, last)]

    @property
    def n(self) -> int:
        """All orders of the span."""
        return int(self.counts["orders"]["n"].sum())

    def cells(self, look: Sequence[str]) -> pd.DataFrame:
        """Return the counts that know every column of a look, without what is not stated."""
        tables = {WHERE[name] for name in look if name in WHERE}
        if len(tables) > 1:
            raise ReportError(
                "orders are not counted by carriers and products at once", found=", ".join(look)
            )
        table = self.counts[next(iter(tables), "orders")]
        known = table[list(look)].ne(UNSTATED).all(axis=1)
        return table if known.all() else table[known]

    def since(self, day: date) -> Outcomes:
        """Return the orders from a day on."""
        first = pd.Timestamp(day)
        counts = {name: part[part["date"] >= first] for name, part in self.counts.items()}
        return replace(self, rows=self.rows[self.rows["purchase_date"] >= first], counts=counts)

    def without_carrier(self, carrier: str) -> Outcomes:
        """Return the orders that no parcel of a carrier went to, as ``orders`` counts them."""
        keys = ["date", "marketplace", "channel", "month"]
        theirs = self.counts["carriers"]
        gone = theirs[theirs["carrier"].eq(carrier)].groupby(keys, as_index=False)["n"].sum()
        left = self.counts["orders"].merge(gone, on=keys, how="left", suffixes=("", "_gone"))
        n = left["n"] - left["n_gone"].fillna(0).astype("int64")
        orders = left.assign(n=n, first=n).drop(columns="n_gone")
        keys_gone = self.rows.loc[self.rows["carrier"].eq(carrier), "order_key"]
        rows = self.rows[~self.rows["order_key"].isin(keys_gone)]
        return replace(self, rows=rows, counts={**self.counts, "orders": orders})


@once
def order_outcomes(
    shop: Any, *, end: date, days: int | None = DAYS, labels: pd.DataFrame | None = None
) -> Outcomes:
    """Tell of the orders of a span which drew negative feedback, and how many there were.

    Parameters
    ----------
    shop : Shop
        With the tables ``orders``, ``feedback`` and ``shipments``, and ``tallies``.
    end : date
        Last day.
    days : int, default=90
        How many days of purchases, the last day included: the time a buyer has for feedback. None
        means all that are known.
    labels : DataFrame, optional
        ``questions`` and ``causes`` (tuples of ids) of feedback rows of the shop, by their index:
        then an order also has what its feedback of 1 to 3 stars complains about.

    Returns
    -------
    Outcomes
        Cancelled and pending orders are left out.
    """
    first = None if days is None else pd.Timestamp(end - timedelta(days=days - 1))
    last = pd.Timestamp(end)
    counts = {
        name: _inside(getattr(shop.tallies, name), first, last)
        for name in ("orders", "carriers", "products")
    }
    weeks, limits = _weeks(shop.tallies.products, first, last)
    return Outcomes(_unhappy(shop, first, last, labels), counts, weeks, limits)


def _unhappy(
    shop: Any, first: pd.Timestamp | None, last: pd.Timestamp, labels: pd.DataFrame | None
) -> pd.DataFrame:
    """Return the items of orders with feedback of 1 to 3 stars."""
    orders, feedback = shop.orders, shop.feedback
    unhappy = feedback["rating"].le(3) & ~feedback["gone"] & feedback["order_key"].notna()
    bought = orders["purchase_date"] <= last
    if first is not None:
        bought &= orders["purchase_date"] >= first
    # One after the other: millions of orders are mostly of other days.
    recent = orders.loc[bought, [*COLUMNS, "status"]]
    recent = recent[recent["order_key"].isin(feedback.loc[unhappy, "order_key"])]
    recent = recent.loc[statuses(recent["status"]).eq(SOLD), COLUMNS]
    recent = recent.assign(month=recent["purchase_date"].dt.strftime("%Y-%m"))
    negative = feedback.loc[unhappy & feedback["rating"].le(2), "order_key"]
    recent = recent.assign(negative=recent["order_key"].isin(negative))
    carriers = shop.shipments[["order_key", "carrier"]]
    carriers = carriers[carriers["order_key"].isin(recent["order_key"])].dropna().drop_duplicates()
    recent = recent.merge(carriers, on="order_key", how="left")
    recent = recent[[*COLUMNS, "carrier", "month", "negative"]].reset_index(drop=True)
    if labels is None:
        return recent
    return recent.assign(
        **{name: _said(feedback[unhappy], labels[name], recent["order_key"]) for name in LABELS}
    )


def _inside(table: pd.DataFrame, first: pd.Timestamp | None, last: pd.Timestamp) -> pd.DataFrame:
    """Return a tally's sold orders of a span; of pieces of time those that lie wholly in it."""
    begin, end = ("start", "end") if "start" in table else ("date", "date")
    kept = table[end] <= last
    if "status" in table:
        kept &= table["status"].eq(SOLD)
    if first is not None:
        kept &= table[begin] >= first
    found = table[kept].rename(columns={begin: "date", "orders": "n"})
    # Where texts are categories there may be millions of rows.
    many = len(found.select_dtypes("category").columns) > 0
    days = found["date"]
    found = found.assign(month=_months(days) if many else days.dt.strftime("%Y-%m"))
    return found if "first" in found else found.assign(first=found["n"])


def _months(days: pd.Series) -> pd.Series:
    """Return the month of each day, as a category: of millions of texts each is held once."""
    numbers, found = pd.factorize(days.dt.to_period("M"), sort=True)
    names = pd.Index(found.strftime("%Y-%m"), dtype=TEXT)
    return pd.Series(pd.Categorical.from_codes(numbers, names), index=days.index)


def _weeks(
    products: pd.DataFrame, first: pd.Timestamp | None, last: pd.Timestamp
) -> tuple[tuple[pd.Timestamp, pd.Timestamp], list[str]]:
    """Return the days that whole pieces of time cover of a span, and say so where it is less."""
    begin = pd.Timestamp.min if first is None else first
    early = products.loc[(products["start"] < begin) & (products["end"] >= begin), "end"]
    late = products.loc[(products["start"] <= last) & (products["end"] > last), "start"]
    one = pd.Timedelta(days=1)
    whole = (early.max() + one if len(early) else begin, late.min() - one if len(late) else last)
    if whole == (begin, last):
        return whole, []
    cut = products.loc[products["end"].isin(early) | products["start"].isin(late)]
    pieces = "months" if (cut["end"] - cut["start"]).ge(pd.Timedelta(days=7)).any() else "weeks"
    if whole[0] > whole[1]:
        return whole, [f"Products are counted by whole {pieces} here, and none lies in these days."]
    days = " to ".join(day_in_words(day.date()) for day in whole)
    return whole, [f"Products are counted by whole {pieces} here: {days}."]


def _said(feedback: pd.DataFrame, ids: pd.Series, keys: pd.Series) -> list[tuple[str, ...]]:
    """Return what each order's unhappy feedback complains about."""
    said = ids.reindex(feedback.index).dropna()
    of = dict(zip(feedback.loc[said.index, "order_key"], said, strict=True))
    stated = {key: tuple(each for each in found if each != UNCLEAR) for key, found in of.items()}
    return [stated.get(key, ()) for key in keys]
