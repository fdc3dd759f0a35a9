"""Products of matrices whose rows come out the same to the last bit in whatever batch they stand.

BLAS adds in another order for a row at another place of a matrix, or in a matrix of another size,
so that a comment would get a slightly different vector, and now and then another label, beside
other comments. Here every product has the same small shape, and only those of its rows are used
that BLAS treats alike.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np

# Rows a product: many for speed, few for the cache. Where rows are short, more of them.
ROWS, SHORT, MORE = 128, 160, 384


def product(rows: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """Return ``rows @ weights``, each row independent of the others to the last bit.

    Parameters
    ----------
    rows : array of shape (n, k)
    weights : array of shape (k, m)
        Of the same dtype.

    Returns
    -------
    array of shape (n, m)
    """
    shape = _alike(rows.shape[1], weights.shape[1], rows.dtype.str)
    made = np.empty((len(rows), weights.shape[1]), dtype=rows.dtype)
    part = np.zeros((shape.height, rows.shape[1]), dtype=rows.dtype)
    step = len(shape.places)
    for start in range(0, len(rows), step):
        block = rows[start : start + step]
        if len(block) == shape.height and not shape.turned:
            np.matmul(block, weights, out=made[start : start + step])
            continue
        used = shape.places[: len(block)]
        part[used] = block
        whole = (weights.T @ part.T).T if shape.turned else part @ weights
        made[start : start + step] = whole[used]
    return made


@dataclass(frozen=True)
class _Shape:
    """Of a product: its rows, which of them are alike, and whether they are taken for columns."""

    height: int
    places: np.ndarray
    turned: bool


@cache
def _alike(inner: int, outer: int, dtype: str) -> _Shape:
    """Return the rows that the installed BLAS treats alike, and of how many they are."""
    height = MORE if inner <= SHORT else ROWS
    random = np.random.default_rng(0)
    weights = random.standard_normal((inner, outer)).astype(dtype)
    row = random.standard_normal(inner).astype(dtype)
    same = np.tile(row, (height, 1))
    found = []
    # Rows as they are cost least; some BLAS is kinder to rows that it takes for columns.
    for turned in (False, True):
        made = (weights.T @ same.T).T if turned else same @ weights
        kinds: dict[bytes, list[int]] = {}
        for place in range(height):
            kinds.setdefault(made[place].tobytes(), []).append(place)
        found.append(_Shape(height, np.array(max(kinds.values(), key=len)), turned))
        if len(found[-1].places) == height:
            break
    return max(found, key=lambda shape: len(shape.places))
