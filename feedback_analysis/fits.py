"""A quick look at whether a table fits its declaration; pandera judges whenever it is not sure.

The first validation by pandera loads a tenth of a second of modules, and each takes a hundredth,
which ten tables a shop and a table a file would pay for although nearly all of them fit.
"""

from __future__ import annotations

import pandas as pd
import pandera.pandas as pa
from pandera.engines import pandas_engine


def surely_fits(schema: pa.DataFrameSchema, frame: pd.DataFrame) -> bool:
    """Tell whether a frame fits for sure; False means no more than "ask pandera".

    Parameters
    ----------
    schema : DataFrameSchema
        Strict and ordered, with the dtype of every column.
    frame : DataFrame
    """
    if list(frame.columns) != list(schema.columns) or (len(frame) and schema.checks):
        return False
    return all(_fits(frame[name], column) for name, column in schema.columns.items())


def _fits(values: pd.Series, column: pa.Column) -> bool:
    if not column.dtype.check(pandas_engine.Engine.dtype(values.dtype)):
        return False
    if not column.nullable and values.hasnans:
        return False
    return all(_passes(values, check) for check in column.checks)


def _passes(values: pd.Series, check: pa.Check) -> bool:
    limits = check.statistics
    known = values.dropna() if values.hasnans else values
    if known.empty:
        return True
    if check.name == "isin":
        return bool(known.isin(limits["allowed_values"]).all())
    if check.name == "greater_than_or_equal_to":
        return bool(known.min() >= limits["min_value"])
    if check.name == "in_range" and limits["include_min"] and limits["include_max"]:
        return bool(limits["min_value"] <= known.min() <= known.max() <= limits["max_value"])
    return False
