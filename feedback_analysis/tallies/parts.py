"""Pieces that every tally is put together from, on whatever engine narwhals reads.

A frame may be of pandas, Polars or PyArrow, a DuckDB relation, a Spark DataFrame or anything else
that narwhals wraps. Nothing is collected before it is counted, and what is collected has the same
types everywhere.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import narwhals as nw
import numpy as np
import pandas as pd
import pyarrow as pa

from feedback_analysis.columns import DAY, TEXT
from feedback_analysis.errors import ReportError
from feedback_analysis.tallies.given import days_of, has

UNSTATED = "not stated"
# Days are numbered from a Monday, so that whole weeks are whole numbers of sevens.
MONDAY = datetime(1969, 12, 29)
# What the rule of the calendar gives for that Monday.
BEFORE = 365 * 1969 + 1968 // 4 - 1968 // 100 + 1968 // 400 + 363
# By what pieces of time products are counted.
DAYS, WEEKS = "days", "weeks"
# A month's windows of 30, 90 and 365 days begin on one of these days of a month.
SINGLE_DAYS = (1, 2, 3, 30, 31)
CANCELLED, PENDING, UNFULFILLABLE, SOLD = "cancelled", "pending", "unfulfillable", "sold"
# Keys that are no texts.
NUMBERS = ("rating", "delay", "week", "told")
FLAGS = ("gone", "refunded", "late", "complained", "asked", "held_out", "touched")
# Whether the order of a feedback was read.
READ, UNREAD = "read", "not in the order files"
# Which feedback of an order is the first.
ANY, NEGATIVE = "any rating", "negative"


def with_missing(frame: nw.LazyFrame, *columns: str) -> nw.LazyFrame:
    """Return a frame with these columns of texts; one that was not there is wholly missing."""
    added = {name: nw.lit(None, dtype=nw.String) for name in columns if not has(frame, name)}
    return frame.with_columns(**added) if added else frame


def stated(*columns: str) -> list[nw.Expr]:
    """Return columns of texts with ``not stated`` in the place of what is missing."""
    return [nw.col(name).cast(nw.String).fill_null(UNSTATED) for name in columns]


def day_number(column: str) -> nw.Expr:
    """Return a day as a whole number, counted from a Monday.

    By the calendar's own rule, because narwhals can take days apart on every engine, and measure
    the time between two of them on all but Spark.
    """
    given = nw.col(column).cast(nw.Datetime("us"))
    # A missing day has no whole number for a year on pandas, so it gets one, and loses it again.
    day = given.fill_null(nw.lit(MONDAY).cast(nw.Datetime("us"))).dt
    year, in_year = day.year().cast(nw.Int64), day.ordinal_day().cast(nw.Int64)
    leaps = (year - 1) // 4 - (year - 1) // 100 + (year - 1) // 400
    return nw.when(~given.is_null()).then(365 * year + leaps + in_year - BEFORE)


@dataclass(frozen=True)
class Pieces:
    """The pieces of time by which products are counted.

    By weeks: the week from Monday, cut so that a month's first three days and its 30th and 31st
    stand alone. So every whole week and month, and the 30, 90 and 365 days that end with a month,
    are sums of pieces.

    Attributes
    ----------
    by : {"weeks", "days"}
    months_before : Timestamp, optional
        First day of a month; of what came before it a piece is a whole month.
    """

    by: str = WEEKS
    months_before: pd.Timestamp | None = None

    def number(self, column: str) -> nw.Expr:
        """Return the first day, as a number, of the piece that a day belongs to."""
        number = day_number(column)
        if self.by == DAYS:
            return number
        day = nw.col(column).cast(nw.Datetime("us")).dt.day().cast(nw.Int64)
        since_monday, since_fourth = number % 7, day - 4
        back = nw.when(since_monday < since_fourth).then(since_monday).otherwise(since_fourth)
        week = nw.when(day.is_in(SINGLE_DAYS)).then(number).otherwise(number - back)
        if self.months_before is None:
            return week
        first = (self.months_before - pd.Timestamp(MONDAY)).days
        return nw.when(number < first).then(number - day + 1).otherwise(week)

    def ends(self, starts: pd.Series) -> pd.Series:
        """Return the last days of the pieces that begin on these days."""
        if self.by == DAYS or starts.empty:
            return starts
        sunday = starts + pd.to_timedelta(6 - starts.dt.day_of_week, unit="D")
        month = starts + pd.offsets.MonthEnd(0)
        last = month.where(month.dt.day < 30, starts + pd.to_timedelta(29 - starts.dt.day, "D"))
        ends = sunday.where(sunday < last, last)
        ends = ends.where(~starts.dt.day.isin(SINGLE_DAYS), starts).astype(DAY)
        if self.months_before is None:
            return ends
        return ends.where(starts >= self.months_before, month).astype(DAY)


def day_of(numbers: pd.Series) -> pd.Series:
    """Return the days that whole numbers stand for."""
    return (pd.Timestamp(MONDAY) + pd.to_timedelta(numbers, unit="D")).astype(DAY)


def status_of() -> nw.Expr:
    """Return what an order's status comes to: cancelled, pending, unfulfillable or sold."""
    text = nw.col("status").cast(nw.String).fill_null("").str.to_lowercase()
    return (
        nw.when(text.str.starts_with("cancel"))
        .then(nw.lit(CANCELLED))
        .when(text == "pending")
        .then(nw.lit(PENDING))
        .when(text == "unfulfillable")
        .then(nw.lit(UNFULFILLABLE))
        .otherwise(nw.lit(SOLD))
    )


def statuses(texts: pd.Series) -> pd.Series:
    """Return what each order's status comes to, for a column of rows."""
    # Millions of orders have a handful of texts. A missing one, at place -1, is the last.
    places, known = pd.factorize(texts)
    frame = nw.from_native(pd.DataFrame({"status": [*known, ""]}, dtype=object))
    found = frame.select(status_of()).to_native().iloc[:, 0]
    return pd.Series(found.to_numpy(dtype=object)[places], texts.index)


def counted(
    frame: nw.LazyFrame,
    keys: list[str],
    *,
    n: str = "n",
    sums: tuple[str, ...] = (),
    latest: tuple[str, ...] = (),
) -> pd.DataFrame:
    """Group a frame by keys, count its rows, and collect the same pandas table from any engine.

    Parameters
    ----------
    frame : LazyFrame
        The rows.
    keys : list of str
        Columns to count by.
    n : str, default="n"
        Name of the count.
    sums : tuple of str
        Columns of whole numbers to add up.
    latest : tuple of str
        Columns of days whose last one is kept.

    Returns
    -------
    DataFrame
        The keys, sorted, then the counts (int64), the sums (int64) and the latest days.
    """
    grouped = frame.group_by(*keys).agg(
        nw.len().alias(n),
        *(nw.col(name).sum() for name in sums),
        *(nw.col(name).max() for name in latest),
    )
    return typed(collected(grouped), keys, (n, *sums), latest)


def collected(frame: nw.LazyFrame, *, categories: bool = False) -> pd.DataFrame:
    """Collect what was counted into pandas, texts as Arrow holds them: objects take ten times that.

    Parameters
    ----------
    frame : LazyFrame
        Small enough for memory.
    categories : bool, default=False
        Whether texts become categories on the way, for tables of millions of rows.
    """
    if frame.implementation.is_pandas():
        return frame.collect("pandas").to_native()
    table = frame.collect("pyarrow").to_native()
    for at, field in enumerate(table.schema):
        if pa.types.is_dictionary(field.type):
            # Not every Arrow can give pandas the codes of every engine.
            plain = table.column(at).cast(field.type.value_type)
            table = table.set_column(at, field.name, plain)
        if categories and text_type(table.schema[at].type) is not None:
            coded = table.column(at).dictionary_encode().unify_dictionaries()
            table = table.set_column(at, field.name, coded)
    # Each column is let go as soon as pandas has it.
    made = table.to_pandas(types_mapper=text_type, date_as_object=False, split_blocks=True,
                           self_destruct=True)  # fmt: skip
    del table
    return made


def text_type(kind: pa.DataType) -> Any:
    """Return what pandas holds texts as, None for any other type, as Arrow asks for it."""
    is_text = pa.types.is_string(kind) or pa.types.is_large_string(kind)
    return TEXT if is_text else None


def typed(
    frame: pd.DataFrame,
    keys: list[str],
    counts: tuple[str, ...],
    latest: tuple[str, ...] = (),
    *,
    categories: bool = False,
) -> pd.DataFrame:
    """Give a collected table the same types, order of columns and order of rows everywhere.

    Engines return days as objects or time stamps of several units, and counts of several widths.
    Texts of tables with millions of rows are categories.
    """
    found = {}
    for name in keys:
        values = frame[name]
        if name in ("date", "start", "end"):
            found[name] = days_of(values).astype(DAY)
        elif name == "rating":
            found[name] = _stars(values)
        elif name in NUMBERS:
            found[name] = values.astype("int64")
        elif name in FLAGS:
            found[name] = values.astype("bool")
        elif categories:
            found[name] = _as_categories(values)
        else:
            found[name] = values if values.dtype == TEXT else values.astype("object").astype(TEXT)
    found |= {name: frame[name].fillna(0).astype("int64") for name in counts}
    found |= {name: pd.to_datetime(frame[name]).astype(DAY) for name in latest}
    if not categories:
        return pd.DataFrame(found).sort_values(keys, ignore_index=True)
    # As sort_values would, in a tenth of its memory.
    order = np.lexsort([_sortable(found[name]) for name in reversed(keys)])
    return pd.DataFrame({name: values.iloc[order].array for name, values in found.items()})


def _sortable(values: pd.Series) -> np.ndarray:
    return values.cat.codes.to_numpy() if values.dtype == "category" else values.to_numpy()


def _as_categories(values: pd.Series) -> pd.Series:
    made = values.astype("category")
    # Not by astype: to it the same names in another order are the same.
    return made.cat.set_categories(pd.Index(sorted(made.cat.categories), dtype=TEXT))


def _stars(values: pd.Series) -> pd.Series:
    """Return ratings as whole numbers where they are; another number is refused by who counts."""
    stars = pd.to_numeric(values, errors="coerce").astype("float64")
    if (stars.isna() & values.notna()).any():
        raise ReportError(
            "ratings are no whole number from 1 to 5",
            column="rating",
            expected="1, 2, 3, 4 or 5",
            found="words",
        )
    # 1e308 is whole too, and fits into no integer.
    whole = stars.mod(1).eq(0) & stars.abs().lt(2**53)
    return stars.astype("int64") if whole.all() else stars
