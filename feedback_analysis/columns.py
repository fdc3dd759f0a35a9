"""Kinds of columns that the tidy tables are declared with: dtype, unit, meaning and checks.

The declarations are plain objects; pandera's schema is made of them when a table has to be judged.
Importing pandera takes a third of a second, and with it whatever other engines are installed, which
each kernel of a report would pay for.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    import pandera.pandas as pa

# What pandas calls "str".
TEXT = pd.StringDtype("pyarrow", na_value=np.nan)
DAY = "datetime64[us]"
MARKET = "code of the marketplace, such as US, UK or DE"
KEY = "pseudonym of the order id (HMAC with the shop's salt); no order id is kept here"


@dataclass(frozen=True)
class Check:
    """What values have to be.

    Attributes
    ----------
    name : str
        ``in_range``, ``ge`` or ``isin``, as pandera calls it.
    statistics : dict
        Its limits: ``min_value`` and ``max_value``, or ``allowed_values``.
    """

    name: str
    statistics: Mapping[str, Any]


@dataclass(frozen=True)
class Column:
    """A declared column.

    Attributes
    ----------
    dtype : dtype
        As pandas knows it.
    description : str
        What it means.
    metadata : dict
        ``unit``.
    checks : tuple of Check
    nullable : bool
        Whether values may be missing.
    name : str
    """

    dtype: Any
    description: str
    metadata: Mapping[str, str]
    checks: tuple[Check, ...] = ()
    nullable: bool = False
    name: str = ""


@dataclass(frozen=True)
class Table:
    """A declared table: these columns, all of them and in this order.

    Attributes
    ----------
    name : str
    description : str
        What a row is.
    columns : dict of Column
        By name.
    rule : tuple of callable and str, optional
        A condition on whole rows, and the same in words.
    """

    name: str
    description: str
    columns: Mapping[str, Column]
    rule: tuple[Callable[[pd.DataFrame], pd.Series], str] | None = None

    @property
    def day(self) -> str | None:
        """The first column of days, by which rows lie in time; None where there is none."""
        days = (name for name, one in self.columns.items() if one.dtype == DAY)
        return next(days, None)

    def validate(self, frame: pd.DataFrame) -> pd.DataFrame:
        """Let pandera judge a frame, and return it.

        Raises
        ------
        SchemaError, SchemaErrors
            Of pandera, if it does not fit.
        """
        return self.schema.validate(frame)

    @cached_property
    def schema(self) -> pa.DataFrameSchema:
        """The same for pandera, which is imported here and nowhere before."""
        from feedback_analysis._pandera import pa

        make = {"in_range": pa.Check.in_range, "ge": pa.Check.ge, "isin": pa.Check.isin}
        columns = {
            name: pa.Column(
                column.dtype,
                [make[check.name](**check.statistics) for check in column.checks],
                nullable=column.nullable,
            )
            for name, column in self.columns.items()
        }
        rule = None if self.rule is None else pa.Check(self.rule[0], error=self.rule[1])
        return pa.DataFrameSchema(columns, rule, name=self.name, strict=True, ordered=True)


def known_until(frame: pd.DataFrame, days: pd.Series, end: pd.Timestamp) -> pd.DataFrame:
    """Return the rows of a table up to a day, those without a day too; nothing is copied in vain.

    Parameters
    ----------
    frame : DataFrame
        With its rows numbered from 0.
    days : Series of datetime64
        The day of each row.
    end : Timestamp
        The last day to keep.

    Returns
    -------
    DataFrame
        Its rows numbered from 0.
    """
    later = days > end
    if not later.any():
        return frame.copy(deep=False)
    if days.is_monotonic_increasing:
        # In the order of their days, they are the first so many: a view, however many they are.
        return frame.iloc[: len(frame) - int(later.sum())]
    return frame[~later].reset_index(drop=True)


def rows_of(frame: pd.DataFrame, columns: Sequence[str]) -> Iterator[dict[str, Any]]:
    """Yield each row as a dict of these columns; one at a time, however many rows there are.

    Parameters
    ----------
    frame : DataFrame
        With these columns.
    columns : sequence of str

    Yields
    ------
    dict
        Cells by column.
    """
    for cells in zip(*(frame[name] for name in columns), strict=True):
        yield dict(zip(columns, cells, strict=True))


def in_range(low: float, high: float) -> Check:
    return Check("in_range", {"min_value": low, "max_value": high})


def column(dtype: Any, meaning: str, unit: str, *checks: Check, missing: bool = False) -> Column:
    return Column(pd.api.types.pandas_dtype(dtype), meaning, {"unit": unit}, checks, missing)


def text(meaning: str, *, missing: bool = False, among: tuple[str, ...] = ()) -> Column:
    checks = [Check("isin", {"allowed_values": list(among)})] if among else []
    return column(TEXT, meaning, "text", *checks, missing=missing)


def day(meaning: str, *, missing: bool = False) -> Column:
    return column(DAY, meaning, "day in the marketplace's own time zone", missing=missing)


def count(meaning: str, *, missing: bool = False) -> Column:
    at_least = Check("ge", {"min_value": 0})
    return column("Int64" if missing else "int64", meaning, "count", at_least, missing=missing)


def share(meaning: str, *, missing: bool = True) -> Column:
    return column("float64", meaning, "share 0-1", in_range(0, 1), missing=missing)


def money(meaning: str) -> Column:
    return column("float64", meaning, "amount in `currency`", missing=True)


def flag(meaning: str, *, missing: bool = False) -> Column:
    return column("boolean" if missing else "bool", meaning, "true or false", missing=missing)


def currency() -> Column:
    return text("ISO 4217 code of the money columns", missing=True)


def table(
    name: str,
    row: str,
    columns: dict[str, Column],
    *,
    rule: tuple[Callable[[pd.DataFrame], pd.Series], str] | None = None,
) -> Table:
    named = {each: replace(column, name=each) for each, column in columns.items()}
    return Table(name, row, named, rule)
