"""What a function of this room was given: rows, a tally, or a shop that has both.

Rates are divided by tallies alone, so rows are tallied first and go the same way as a shop of any
size. Complaints stay rows, for what is asked of them one by one.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pandas as pd

from feedback_analysis.columns import TEXT
from feedback_analysis.health.tally import checked, checked_counts, days, require
from feedback_analysis.tallies import Tallies

ORDER_COLUMNS = ("marketplace", "channel", "status")


@dataclass(frozen=True, eq=False)
class Record:
    """Tallies, and the rows that they were made from as far as they are there.

    Parameters
    ----------
    tallies : Tallies
        Counts of all feedback and all orders.
    rows : DataFrame
        Feedback rows with their columns as :func:`checked` gives them; of a condensed shop those
        of 1 to 3 stars; none where only a tally was given.
    orders : DataFrame or None
        Order rows; None where they are not, or not all, there.
    totals : DataFrame or None
        The table ``feedback_totals``.
    has_orders : bool
        Whether any order was read.
    has_keys : bool
        Whether the rows tell their orders.
    """

    tallies: Tallies
    rows: pd.DataFrame
    orders: pd.DataFrame | None
    totals: pd.DataFrame | None
    has_orders: bool
    has_keys: bool


def record_of(given: Any, totals: Any = None, orders: Any = None) -> Record:
    """Return the tallies and rows of whatever a function was given.

    Parameters
    ----------
    given : DataFrame, Tallies, Shop or Record
        Feedback rows; a tally of them (a table with ``n``); all tallies; or a shop, whose totals
        and orders are taken along.
    totals, orders : DataFrame, optional
        Tables beside rows.

    Returns
    -------
    Record

    Raises
    ------
    ReportError
        If a column is missing or holds what cannot be.
    """
    if isinstance(given, Record):
        return given
    if isinstance(given, Tallies):
        return _of_tallies(given, totals)
    if hasattr(given, "tallies"):
        totals = given.feedback_totals if totals is None else totals
        rows = None if given.is_condensed else given.orders
        there = len(given.orders) > 0 or len(given.tallies.orders) > 0
        return Record(given.tallies, given.feedback, rows, totals, there, has_keys=True)
    if "n" in given and "order_key" not in given:
        counts = checked_counts(given)
        bought = _orders(orders)
        made = Tallies.of(given.head(0), bought, None, None)
        built = Tallies(feedback=counts, orders=made.orders)
        return Record(built, _no_rows(), None, totals, len(bought) > 0, has_keys=False)
    rows, bought = checked(given), _orders(orders)
    has_keys = "order_key" in given
    # Without any order key an empty column of texts stands for it, as in a file without one.
    rows["order_key"] = given["order_key"].to_numpy() if has_keys else None
    rows["order_key"] = _texts(rows["order_key"])
    if "response" in given:
        rows["response"] = given["response"].to_numpy()
    tallies = Tallies.of(rows, bought, None, None)
    return Record(tallies, rows, bought, totals, len(bought) > 0, has_keys)


def _of_tallies(tallies: Tallies, totals: Any) -> Record:
    there = len(tallies.orders) > 0
    return Record(tallies, _no_rows(), None, totals, there, has_keys=there)


def _no_rows() -> pd.DataFrame:
    names = ("date", "marketplace", "rating", "order_key", "gone")
    return checked(pd.DataFrame({name: [] for name in names})).assign(order_key=None)


def _orders(orders: pd.DataFrame | None) -> pd.DataFrame:
    if orders is None:
        orders = pd.DataFrame({"order_key": [], "purchase_date": []})
    require(orders, ("order_key", "purchase_date"), table="orders")
    rows = orders.reindex(columns=["order_key", "purchase_date", *ORDER_COLUMNS])
    rows["purchase_date"] = days(rows["purchase_date"], column="purchase_date")
    for name in ("order_key", *ORDER_COLUMNS):
        rows[name] = _texts(rows[name])
    return rows[rows["purchase_date"].notna()]


def _texts(values: pd.Series) -> pd.Series:
    """Return texts of one type, so that keys of two tables can be joined; missing stays missing."""
    if isinstance(values.dtype, pd.StringDtype):
        return values
    return values.astype("object").map(str, na_action="ignore").astype(TEXT)
