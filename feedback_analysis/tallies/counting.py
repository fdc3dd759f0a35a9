"""One small table from feedback of any size, on any engine: how many of each kind there are."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import narwhals as nw
import pandas as pd

from feedback_analysis.errors import ReportError
from feedback_analysis.tallies.given import (
    as_texts_refused,
    has,
    is_true,
    joinable,
    lazy,
    without_time,
)
from feedback_analysis.tallies.parts import (
    UNSTATED,
    collected,
    day_number,
    day_of,
    typed,
    with_missing,
)

STARS = (1, 2, 3, 4, 5)
BY = ("date", "marketplace", "rating")
# Where a key is taken from that the feedback itself does not hold.
FROM_ORDERS = ("channel", "sku", "asin")
FROM_SHIPMENTS = ("carrier",)
PRODUCTS = {"sku", "asin"}
TEXTS = ("marketplace", "source", *FROM_ORDERS, *FROM_SHIPMENTS)
KEYS = ("date", "week", "rating", *TEXTS)


def tally(
    frame: Any, by: Sequence[str] = BY, *, orders: Any = None, shipments: Any = None
) -> pd.DataFrame:
    """Count feedback by day, marketplace and rating, or by other keys, on any engine.

    Parameters
    ----------
    frame : native frame
        One row a feedback: ``date``, ``marketplace``, ``rating`` (1 to 5). Of pandas, Polars or
        PyArrow, a DuckDB relation, a Spark DataFrame or whatever else narwhals reads. Rows with
        ``gone`` are left out where that column is there: struck and removed feedback does not
        count.
    by : sequence of str, default=("date", "marketplace", "rating")
        Keys: ``date`` or ``week`` (its Monday), ``marketplace``, ``rating``, ``source``;
        ``channel``, ``sku`` and ``asin`` of the order, ``carrier`` of its parcel. Products are
        counted by week: by day there would be as many rows as feedbacks.
    orders, shipments : native frame, optional
        Of the same engine: ``order_key`` and the keys that the feedback does not hold. An order
        with several values of a key counts with the first of them.

    Returns
    -------
    DataFrame
        pandas, the same from every engine: the keys (days as datetime64, rating as int64, texts;
        what is missing is ``not stated``) and ``n`` (int64), sorted by the keys.

    Raises
    ------
    ReportError
        If a column is missing or of another kind, a feedback has no date, a rating lies outside 1
        to 5, or products are asked for by day.

    Notes
    -----
    Counts add up: the tally of two parts is the sum of their tallies, so months and files can be
    tallied one by one. ``docs/scale.md`` holds the same as SQL.
    """
    keys = list(by)
    _check(keys)
    rows = lazy(frame, table="feedback", needs=_needed(keys, orders, shipments))
    for other, name, columns in (
        (orders, "orders", FROM_ORDERS),
        (shipments, "shipments", FROM_SHIPMENTS),
    ):
        wanted = [key for key in keys if key in columns and not has(rows, key)]
        if wanted and other is not None:
            found = lazy(other, table=name, needs=("order_key", *wanted))
            rows = _joined(rows, joinable(found, rows, table=name), wanted)
    if has(rows, "gone"):
        rows = rows.filter(~is_true("gone"))
    texts = [key for key in keys if key in TEXTS]
    rows = with_missing(rows, *texts)
    if "week" in keys:
        rows = as_texts_refused(rows, "feedback", "date")
        rows = rows.with_columns(week=day_number("date") // 7)
    if "date" in keys:
        rows = without_time(rows, "date")
    return checked_tally(_counted(rows, keys, texts), keys)


def _joined(rows: nw.LazyFrame, other: nw.LazyFrame, columns: list[str]) -> nw.LazyFrame:
    """Set one value an order beside each row, the first where an order has several."""
    once = other.filter(~nw.col("order_key").is_null()).group_by("order_key")
    firsts = once.agg(*(nw.col(name).min() for name in columns))
    return rows.join(firsts, on="order_key", how="left")


def checked_tally(table: pd.DataFrame, keys: Sequence[str]) -> pd.DataFrame:
    """Refuse a tally of what cannot be.

    Parameters
    ----------
    table : DataFrame
        Keys and ``n``.
    keys : sequence of str
        Its keys.

    Returns
    -------
    DataFrame
        The table.

    Raises
    ------
    ReportError
        If a day is missing or a rating lies outside 1 to 5.
    """
    if "rating" in keys:
        wrong = ~table["rating"].isin(STARS)
        if wrong.any():
            count = int(table.loc[wrong, "n"].sum())
            raise ReportError(
                f"{count} rating{' is' if count == 1 else 's are'} no whole number from 1 to 5",
                column="rating",
                expected="1, 2, 3, 4 or 5",
                found=str(table.loc[wrong, "rating"].iloc[0])[:20],
            )
        table["rating"] = table["rating"].astype("int64")
    for name in {"date", "week"} & set(keys):
        if table[name].isna().any():
            lost = int(table.loc[table[name].isna(), "n"].sum())
            raise ReportError(
                f"{lost} feedback{' has' if lost == 1 else 's have'} no date",
                column="date",
                expected="the day each feedback was left",
            )
    return table


def _counted(rows: nw.LazyFrame, keys: list[str], texts: list[str]) -> pd.DataFrame:
    grouped = collected(rows.group_by(*keys).agg(n=nw.len()))
    # Said of the counts: to say it of every row takes as long as all the counting.
    missing = grouped[texts].isna()
    said = grouped[texts].astype("object").mask(missing, UNSTATED)
    table = typed(grouped.assign(**said), keys, ("n",))
    if missing.any(axis=None):
        table = table.groupby(keys, as_index=False, dropna=False)["n"].sum()
    if "week" in table:
        table["week"] = day_of(7 * table["week"])
    return table


def _check(keys: list[str]) -> None:
    unknown = [key for key in keys if key not in KEYS]
    if unknown or not keys or len(set(keys)) < len(keys):
        raise ReportError(
            "feedback is not counted by this",
            expected=", ".join(KEYS),
            found=", ".join(map(str, keys)) or "no key",
        )
    if "date" in keys and PRODUCTS & set(keys):
        raise ReportError(
            "products are counted by week: by day the tally would be as large as the feedback",
            expected="'week' in the place of 'date'",
        )


def _needed(keys: list[str], orders: Any, shipments: Any) -> tuple[str, ...]:
    joins = {*(FROM_ORDERS if orders is not None else ()),
             *(FROM_SHIPMENTS if shipments is not None else ())}  # fmt: skip
    own = ["date" if key == "week" else key for key in keys if key not in joins]
    linked = any(key in joins for key in keys)
    return tuple(dict.fromkeys([*own, *(["order_key"] if linked else [])]))
