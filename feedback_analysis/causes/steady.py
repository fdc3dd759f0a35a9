"""Products of matrices whose rows come out the same to the last bit in whatever batch they stand.

BLAS adds in another order for a row at another place of a matrix, or in a matrix of another size,
so that a comment would get a slightly different vector, and now and then another label, beside
other comments. Here every product has the same small shape, and only those of its rows are used
that BLAS treats alike.
"""

from __future__ import annotations

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
    places, height = _alike(rows.shape[1], weights.shape[1], rows.dtype.str)
    made = np.empty((len(rows), weights.shape[1]), dtype=rows.dtype)
    # BLAS is kindest to rows that it takes for columns.
    turned = weights.T
    part = np.zeros((height, rows.shape[1]), dtype=rows.dtype)
    for start in range(0, len(rows), len(places)):
        used = places[: len(rows) - start]
        part[used] = rows[start : start + len(used)]
        made[start : start + len(used)] = (turned @ part.T).T[used]
    return made


@cache
def _alike(inner: int, outer: int, dtype: str) -> tuple[np.ndarray, int]:
    """Return the rows that the installed BLAS treats alike, and of how many they are."""
    height = MORE if inner <= SHORT else ROWS
    random = np.random.default_rng(0)
    weights = random.standard_normal((inner, outer)).astype(dtype)
    row = random.standard_normal(inner).astype(dtype)
    made = (weights.T @ np.tile(row, (height, 1)).T).T
    kinds: dict[bytes, list[int]] = {}
    for place in range(height):
        kinds.setdefault(made[place].tobytes(), []).append(place)
    return np.array(max(kinds.values(), key=len)), height
