"""A quick look at whether a table fits its declaration; pandera judges whenever it is not sure.

The first validation by pandera loads half a second of modules, and each takes a hundredth, which
ten tables a shop and a table a file would pay for although nearly all of them fit.
"""

from __future__ import annotations

import pandas as pd

from feedback_analysis.columns import Check, Column, Table


def surely_fits(schema: Table, frame: pd.DataFrame) -> bool:
    """Tell whether a frame fits for sure; False means no more than "ask pandera".

    Parameters
    ----------
    schema : Table
        With the dtype of every column.
    frame : DataFrame
    """
    if list(frame.columns) != list(schema.columns):
        return False
    if schema.rule is not None and not schema.rule[0](frame).all():
        return False
    return all(_fits(frame[name], column) for name, column in schema.columns.items())


def _fits(values: pd.Series, column: Column) -> bool:
    if values.dtype != column.dtype:
        return False
    if not column.nullable and values.hasnans:
        return False
    return all(_passes(values, check) for check in column.checks)


def _passes(values: pd.Series, check: Check) -> bool:
    limits = check.statistics
    known = values.dropna() if values.hasnans else values
    if known.empty:
        return True
    if check.name == "isin":
        return bool(known.isin(limits["allowed_values"]).all())
    if check.name == "ge":
        return bool(known.min() >= limits["min_value"])
    return bool(limits["min_value"] <= known.min() <= known.max() <= limits["max_value"])
