"""Frames into the form of a declared table, and whether they fit it.

A quick look tells most tables that fit; pandera judges whenever it is not sure. The first
validation by pandera loads half a second of modules, and each takes a hundredth, which ten tables a
shop and a table a file would pay for although nearly all of them fit.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from feedback_analysis.columns import DAY, Check, Column, Table
from feedback_analysis.errors import ReportError

# A missing value of each dtype, and none of it: a folder of hundreds of files asks for thousands.
_NOTHING: dict[tuple[Any, bool], Any] = {}


def shaped(schema: Table, frame: pd.DataFrame, *, file: object | None = None) -> pd.DataFrame:
    """Return a frame in a declared table's form; see :func:`feedback_analysis.tables.shape`.

    Raises
    ------
    ReportError
        If a value does not fit its column's dtype.
    """
    # Arrays, not Series: pandas need not look whether their indexes agree.
    columns = {
        column: _cast(frame[column], declared, file=file).array
        if column in frame
        else _missing(declared, len(frame), file=file)
        for column, declared in schema.columns.items()
    }
    return pd.DataFrame(columns, index=pd.RangeIndex(len(frame)), copy=False)


def validated(schema: Table, frame: pd.DataFrame, *, file: object | None = None) -> pd.DataFrame:
    """Return a frame that fits a declared table; see :func:`feedback_analysis.tables.validate`.

    Raises
    ------
    ReportError
        If columns, dtypes or values differ from the declaration.
    """
    if surely_fits(schema, frame):
        return frame
    judge = schema.schema
    from feedback_analysis._pandera import SchemaError, SchemaErrors

    try:
        return judge.validate(frame)
    except (SchemaError, SchemaErrors) as problem:
        # Several at once come only of columns that nothing declares.
        error = problem.schema_errors[0] if isinstance(problem, SchemaErrors) else problem
        cases = error.failure_cases
        count = len(cases) if isinstance(cases, pd.DataFrame) else 0
        # The failing values stay out of the message: they may be a buyer's words.
        column = getattr(error.schema, "name", None)
        check = getattr(error.check, "error", None) or error.check or error.reason_code
        rows = f"{count or 'some'} row{' does' if count == 1 else 's do'}"
        raise ReportError(
            f"{rows} not fit the table '{schema.name}'",
            file=file,
            column=None if column == schema.name else column,
            expected=str(check),
            remedy="download the report again; if it stays, tell us which report it is",
        ) from None


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


def _missing(declared: Column, rows: int, *, file: object | None) -> Any:
    # One missing value is cast and repeated: a million of them as objects cost more than the rest.
    some = rows > 0
    if (declared.dtype, some) not in _NOTHING:
        nothing = [np.nan if str(declared.dtype) == "float64" else pd.NA] if some else []
        cast = _cast(pd.Series(nothing, dtype=object), declared, file=file)
        _NOTHING[declared.dtype, some] = cast.array
    return _NOTHING[declared.dtype, some].take(np.zeros(rows, dtype=np.intp))


def _cast(values: pd.Series, declared: Column, *, file: object | None) -> pd.Series:
    if values.dtype == declared.dtype:
        return values
    try:
        if str(declared.dtype).startswith("datetime64"):
            return pd.to_datetime(values).astype(DAY)
        return values.astype(declared.dtype)
    except (TypeError, ValueError, OverflowError, pd.errors.OutOfBoundsDatetime):
        raise ReportError(
            "a value cannot be read",
            file=file,
            column=declared.name,
            expected=declared.metadata["unit"],
            remedy="download the report again",
        ) from None
