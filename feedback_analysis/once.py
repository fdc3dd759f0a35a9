"""What one run has worked out is not worked out again: results by the very data they are of.

Off unless asked for: only between :func:`remembering` and its end (and in the kernels of a report,
which are copies of the process that began it) does a function marked :func:`once` hand out what it
returned before. A result is found again only by data that nobody has touched since: pandas copies a
table before it writes to it, so a table that still holds the very same columns in memory as the one
remembered is that table. What is handed out is apart from what is remembered in the same way, so
changing it changes nothing here.
"""

from __future__ import annotations

import copy
import inspect
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import is_dataclass
from datetime import date
from functools import wraps
from pathlib import PurePath
from typing import Any, TypeVar

import numpy as np
import pandas as pd
import pyarrow as pa

Function = TypeVar("Function", bound=Callable[..., Any])
# Values that nobody can change; all else is compared part by part, or not held to be the same.
_FIXED = (str, bytes, int, float, bool, type(None), date, PurePath, frozenset, np.generic)
_Found = list[tuple[dict[str, Any], Any]]
_results: dict[Any, _Found] | None = None


@contextmanager
def remembering() -> Iterator[None]:
    """Remember what the functions marked :func:`once` return, until the end of this context.

    Yields
    ------
    None
        Nothing. Inside another such context it changes nothing.
    """
    global _results
    if _results is not None:
        yield
        return
    _results = {}
    try:
        yield
    finally:
        _results = None


def once(function: Function) -> Function:
    """Mark a function whose result depends on nothing but what it is given and unchanging files.

    Parameters
    ----------
    function : callable
        Takes shops, tables, periods, numbers and words, and changes none of them.

    Returns
    -------
    callable
        The same, which within :func:`remembering` works out each result once.
    """
    signature = inspect.signature(function)

    @wraps(function)
    def found(*args: Any, **kwargs: Any) -> Any:
        if _results is None:
            return function(*args, **kwargs)
        bound = signature.bind(*args, **kwargs)
        bound.apply_defaults()
        given = dict(bound.arguments)
        known = _results.setdefault(function, [])
        for before, result in known:
            if is_same(before, given):
                return apart(result)
        # Before the work: what is remembered is what was given, whatever becomes of it.
        given = apart(given)
        result = function(*args, **kwargs)
        known.append((given, apart(result)))
        return result

    return found  # type: ignore[return-value]


def is_same(one: Any, other: Any) -> bool:
    """Tell whether two values are surely the same; False where that cannot be told at a glance.

    Parameters
    ----------
    one, other : object
        Tables and columns are the same when they lie at the same place in memory; objects of a
        class that says of itself that it is ``unchanging``, when they are one.

    Returns
    -------
    bool
    """
    if type(one) is not type(other):
        return False
    if isinstance(one, _FIXED):
        return bool(one == other or (one != one and other != other))
    if one is pd.NaT or one is pd.NA:
        return True
    if getattr(type(one), "unchanging", False):
        return one is other
    if isinstance(one, pd.DataFrame | pd.Series):
        return _is_same_table(one, other)
    if isinstance(one, dict):
        return list(one) == list(other) and all(is_same(one[key], other[key]) for key in one)
    if isinstance(one, list | tuple):
        return len(one) == len(other) and all(map(is_same, one, other))
    if _is_model(one):
        return bool(one == other)
    if is_dataclass(one):
        return all(
            is_same(getattr(one, name), getattr(other, name)) for name in one.__dataclass_fields__
        )
    return False


def apart(value: Any) -> Any:
    """Return a value that can be changed without changing this one; no cell is copied for it.

    Parameters
    ----------
    value : object
        A table, a result that holds tables, or lists, tuples and mappings of them.

    Returns
    -------
    object
        Of the same type and content.
    """
    if isinstance(value, pd.DataFrame | pd.Series):
        return value.copy(deep=False)
    if type(value) is dict:
        return {key: apart(part) for key, part in value.items()}
    if type(value) in (list, tuple):
        return type(value)(apart(part) for part in value)
    if is_dataclass(value) and not isinstance(value, type) and hasattr(value, "__dict__"):
        made = copy.copy(value)
        for name, part in vars(value).items():
            object.__setattr__(made, name, apart(part))
        return made
    return value


def _is_model(value: Any) -> bool:
    """Tell whether a value is part of the settings, which are frozen."""
    return bool(getattr(type(value), "model_config", {}).get("frozen"))


def _is_same_table(one: Any, other: Any) -> bool:
    if not all(mine.is_(its) for mine, its in zip(one.axes, other.axes, strict=True)):
        return False
    if isinstance(one, pd.Series) and one.name != other.name:
        return False
    try:
        mine, its = one._mgr.blocks, other._mgr.blocks
    except AttributeError:
        # A pandas that keeps its columns otherwise: then everything is worked out anew.
        return False
    return len(mine) == len(its) and all(
        a.mgr_locs.as_array.tolist() == b.mgr_locs.as_array.tolist()
        and _is_same_memory(a.values, b.values)
        for a, b in zip(mine, its, strict=True)
    )


def _is_same_memory(one: Any, other: Any) -> bool:
    """Tell whether two arrays are the same cells; both are held, so no place is used twice."""
    if one is other:
        return True
    if type(one) is not type(other):
        return False
    if isinstance(one, np.ndarray):
        return bool(
            one.__array_interface__["data"] == other.__array_interface__["data"]
            and (one.shape, one.strides, one.dtype) == (other.shape, other.strides, other.dtype)
        )
    if isinstance(one, pa.ChunkedArray):
        # The first pandas 3 wraps the same cells anew in every copy.
        return bool(one.type == other.type and _places(one) == _places(other))
    if isinstance(one, pd.api.extensions.ExtensionArray):
        mine, its = _parts(one), _parts(other)
        return (
            one.dtype == other.dtype
            and bool(mine)
            and mine.keys() == its.keys()
            and all(_is_same_memory(mine[name], its[name]) for name in mine)
        )
    return False


def _places(texts: pa.ChunkedArray) -> list[tuple[Any, ...]]:
    """Return where in memory each part of a column lies, and how much of it is meant."""
    return [
        (len(part), part.offset, *(buffer and buffer.address for buffer in part.buffers()))
        for part in texts.chunks
    ]


def _parts(array: Any) -> dict[str, Any]:
    """Return what an array of pandas' own kinds is made of."""
    names = ("_pa_array", "_ndarray", "_data", "_mask")
    return {name: getattr(array, name) for name in names if hasattr(array, name)}
