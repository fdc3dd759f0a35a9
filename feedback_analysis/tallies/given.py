"""What may be counted: frames of any engine, and the kinds of their columns, or one message.

Engines differ most where a column is not of the kind it should be: one reads a text as a day,
another as nothing, a third stops with a message of its own. So that is told before counting.
"""

from __future__ import annotations

from collections.abc import Hashable
from typing import Any

import narwhals as nw
import pandas as pd
from narwhals.exceptions import NarwhalsError

from feedback_analysis.errors import ReportError, did_you_mean

DAYS_SUCH_AS = "days such as 2026-10-31"
_DAYS = ("date", "purchase_date", "ship_date", "estimated_arrival", "return_date", "asked")
_NUMBERS = ("integer", "floating", "boolean", "decimal")
_ZONE = "make a day of it in the marketplace's own time zone before"


def lazy(frame: Any, *, table: str, needs: tuple[str, ...]) -> nw.LazyFrame:
    """Wrap a frame of any engine, or refuse one that lacks a column or holds another kind of one.

    Parameters
    ----------
    frame : native frame
        What narwhals can wrap.
    table : str
        What the frame is called in the message.
    needs : tuple of str
        Columns that must be there.

    Returns
    -------
    LazyFrame

    Raises
    ------
    ReportError
        If it is no frame, a column is missing, days are numbers or time stamps with a zone, or
        ``gone`` is a text.
    """
    try:
        wrapped = nw.from_native(frame).lazy()
        seen = [str(name) for name in wrapped.collect_schema().names()]
    except (TypeError, NarwhalsError) as error:
        raise ReportError(
            f"the table '{table}' is none that can be counted",
            expected="a frame of pandas, Polars, PyArrow, DuckDB or Spark, each column named once",
            found=" ".join(str(error).split())[:160],
        ) from None
    for column in needs:
        if column not in seen:
            raise ReportError(
                f"the table '{table}' has no column '{column}'.{did_you_mean(column, seen)}",
                column=column,
                expected=", ".join(needs),
                found=", ".join(seen) or "no columns",
            )
        if _is_nested(wrapped, column):
            found = "lists or records"
            raise _wrong_kind(table, column, "a value in each row", found, "unpack them before")
    return _of_right_kinds(wrapped, table)


def has(frame: nw.LazyFrame, column: str) -> bool:
    """Tell whether a frame has a column."""
    return column in frame.collect_schema().names()


def is_true(column: str) -> nw.Expr:
    """Tell whether a flag is true. A missing one is not: to pandas, NaN in an object would be."""
    return ~nw.col(column).is_null() & nw.col(column).cast(nw.Boolean).fill_null(False)


def joinable(other: nw.LazyFrame, rows: nw.LazyFrame, *, table: str) -> nw.LazyFrame:
    """Return a frame that is to be joined by ``order_key``, or refuse one that cannot be."""
    if other.implementation != rows.implementation:
        raise ReportError(
            f"the table '{table}' is of another engine than the feedback",
            expected=f"a frame of {rows.implementation.value}",
            found=f"one of {other.implementation.value}",
        )
    kinds = [_kind(frame, "order_key") for frame in (rows, other)]
    if kinds[0].is_numeric() != kinds[1].is_numeric():
        raise _wrong_kind(
            table, "order_key", str(kinds[0]), str(kinds[1]), "make both of them texts"
        )
    return other


def without_time(rows: nw.LazyFrame, column: str) -> nw.LazyFrame:
    """Return rows with days in the place of time stamps: a tally by the second would be no tally.

    Days that are texts stay, for whoever counts by them; see :func:`days_of`.
    """
    if isinstance(_kind(rows, column), nw.Datetime):
        # The cast because Spark gives what it cut short a zone.
        return rows.with_columns(nw.col(column).dt.truncate("1d").cast(nw.Datetime("us")))
    return rows


def as_texts_refused(rows: nw.LazyFrame, table: str, column: str) -> nw.LazyFrame:
    """Refuse days that are texts, where weeks are made of them on the engine."""
    if _is_text(_kind(rows, column)):
        return _unless_empty(rows, table, column, "texts", "a column of days, not of texts")
    return rows


def days_of(values: pd.Series) -> pd.Series:
    """Return collected days as time stamps without a zone.

    Raises
    ------
    ReportError
        If they are numbers, have a zone, or are texts in another form than year, month, day: which
        of 3/4/26 is the month would be a guess.
    """
    kind = pd.api.types.infer_dtype(values, skipna=True)
    try:
        if kind.startswith("mixed"):
            raise ValueError("texts beside days would be read by guess, and numbers as below")
        if kind in _NUMBERS and values.notna().any():
            raise ValueError("to pandas a number is nanoseconds of 1970")
        days = pd.to_datetime(values, format="ISO8601" if kind == "string" else None)
        if days.dt.tz is not None:
            raise ValueError("the day depends on where one is")
        return days.dt.normalize()
    except (TypeError, ValueError, AttributeError):
        raise ReportError(
            "a date cannot be read", column="date", expected=DAYS_SUCH_AS, found=f"{kind} values"
        ) from None


def _of_right_kinds(rows: nw.LazyFrame, table: str) -> nw.LazyFrame:
    schema = rows.collect_schema()
    for column in (name for name in _DAYS if name in schema):
        kind = schema[column]
        if (zone := _zone(rows, column)) is not None:
            found = f"time stamps in the zone {zone}"
            raise _wrong_kind(table, column, DAYS_SUCH_AS, found, _ZONE)
        if kind.is_numeric() or kind == nw.Boolean:
            rows = _unless_empty(rows, table, column, "numbers", DAYS_SUCH_AS)
    if "gone" in schema and _is_text(schema["gone"]):
        rows = _unless_empty(rows, table, "gone", "texts", "true or false", kind=nw.Boolean)
    return rows


def _unless_empty(
    rows: nw.LazyFrame, table: str, column: str, found: str, expected: str, *, kind: Any = None
) -> nw.LazyFrame:
    """Refuse a column of the wrong kind; one without any value is of no kind yet."""
    answer = rows.select(nw.col(column).count().alias("n")).collect("pandas").to_native()
    if int(answer["n"].iloc[0]):
        raise _wrong_kind(table, column, expected, found, "convert it before counting")
    return rows.with_columns(nw.lit(None, dtype=kind or nw.Datetime("us")).alias(column))


def _wrong_kind(table: str, column: str, expected: str, found: str, remedy: str) -> ReportError:
    return ReportError(
        f"the table '{table}' holds values of another kind",
        column=column,
        expected=expected,
        found=found,
        remedy=remedy,
    )


def _kind(rows: nw.LazyFrame, column: str) -> Any:
    return rows.collect_schema()[column]


def _zone(rows: nw.LazyFrame, column: str) -> str | None:
    """Return the time zone of time stamps; narwhals does not know pandas' zones with a slash."""
    kind = _kind(rows, column)
    if rows.implementation.is_pandas() and kind == nw.Unknown:
        kind = rows.to_native()[column].dtype
        return str(kind.tz) if isinstance(kind, pd.DatetimeTZDtype) else None
    return kind.time_zone if isinstance(kind, nw.Datetime) else None


def _is_nested(rows: nw.LazyFrame, column: str) -> bool:
    """Tell whether a column holds what cannot be counted by: to pandas it is any object."""
    kind = _kind(rows, column)
    if rows.implementation.is_pandas() and kind == nw.Object:
        return not rows.to_native()[column].map(lambda value: isinstance(value, Hashable)).all()
    return kind.is_nested()


def _is_text(kind: Any) -> bool:
    return kind in (nw.String, nw.Categorical, nw.Enum)
