"""Kinds of columns that the tidy tables are declared with: dtype, unit, meaning and checks."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pandera.pandas as pa

# pandas 3 calls this dtype "str"; on pandas 2 the same dtype must be asked for.
TEXT = (
    pd.StringDtype("pyarrow", na_value=np.nan)
    if tuple(map(int, pd.__version__.split(".")[:2])) >= (2, 3)
    else pd.StringDtype("pyarrow_numpy")
)
DAY = "datetime64[us]"
MARKET = "code of the marketplace, such as US, UK or DE"
KEY = "pseudonym of the order id (HMAC with the shop's salt); no order id is kept here"


def column(
    dtype: Any, meaning: str, unit: str, *checks: pa.Check, missing: bool = False
) -> pa.Column:
    return pa.Column(
        dtype, list(checks), nullable=missing, description=meaning, metadata={"unit": unit}
    )


def text(meaning: str, *, missing: bool = False, among: tuple[str, ...] = ()) -> pa.Column:
    return column(
        TEXT, meaning, "text", *([pa.Check.isin(among)] if among else []), missing=missing
    )


def day(meaning: str, *, missing: bool = False) -> pa.Column:
    return column(DAY, meaning, "day in the marketplace's own time zone", missing=missing)


def count(meaning: str, *, missing: bool = False) -> pa.Column:
    return column(
        "Int64" if missing else "int64", meaning, "count", pa.Check.ge(0), missing=missing
    )


def share(meaning: str, *, missing: bool = True) -> pa.Column:
    return column("float64", meaning, "share 0-1", pa.Check.in_range(0, 1), missing=missing)


def money(meaning: str) -> pa.Column:
    return column("float64", meaning, "amount in `currency`", missing=True)


def flag(meaning: str, *, missing: bool = False) -> pa.Column:
    return column("boolean" if missing else "bool", meaning, "true or false", missing=missing)


def currency() -> pa.Column:
    return text("ISO 4217 code of the money columns", missing=True)


def table(
    name: str, row: str, columns: dict[str, pa.Column], **keywords: Any
) -> pa.DataFrameSchema:
    return pa.DataFrameSchema(
        columns, name=name, description=row, strict=True, ordered=True, **keywords
    )
