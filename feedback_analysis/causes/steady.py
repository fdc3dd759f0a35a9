"""Products of matrices whose rows come out the same to the last bit in whatever batch they stand.

BLAS adds in another order for a row at another place of a matrix, or in a matrix of another size,
so that a comment would get a slightly different vector, and now and then another label, beside
other comments. Here every product has the same small shape.
"""

from __future__ import annotations

from functools import cache

import numpy as np

# Rows a product, the largest first: the first that treats all its rows alike is taken.
SIZES = (16, 8, 4, 1)


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
    size = _size(rows.dtype.str)
    made = np.empty((len(rows), weights.shape[1]), dtype=rows.dtype)
    # BLAS is kindest to rows that it takes for columns.
    turned = np.ascontiguousarray(weights.T)
    part = np.zeros((size, rows.shape[1]), dtype=rows.dtype)
    for start in range(0, len(rows), size):
        n = min(size, len(rows) - start)
        part[:n] = rows[start : start + n]
        made[start : start + n] = (turned @ part.T).T[:n]
    return made


@cache
def _size(dtype: str) -> int:
    """Return the largest number of rows that the installed BLAS treats alike."""
    random = np.random.default_rng(0)
    for size in SIZES:
        alike = True
        for inner, outer in ((512, 768), (1280, 256), (512, 40), (700, 3001)):
            weights = random.standard_normal((outer, inner)).astype(dtype)
            row = random.standard_normal(inner).astype(dtype)
            made = (weights @ np.tile(row, (size, 1)).T).T
            alike &= bool((made == made[0]).all())
        if alike:
            return size
    return 1
