"""Errors clustered by family, right also where families are few: CR2 and the jackknife CV3."""

from __future__ import annotations

from typing import Any, Protocol

import numpy as np

BATCH = 256
# Below this leverage a power series of so many terms is exact, and much faster than eigenvalues.
SMALL_LEVERAGE = 0.6
TERMS = 60


class Design(Protocol):
    """What the errors must know of a regression: its rows, sorted by family."""

    units: np.ndarray
    starts: np.ndarray
    ends: np.ndarray

    def family_matrix(self, number: int) -> np.ndarray:
        """Return the covariates of one family's rows."""

    def held(self, number: int, expected: np.ndarray, matrix: np.ndarray) -> Any:
        """Return a family's own part of the information."""


def adjusted_scores(
    design: Design,
    expected: np.ndarray,
    information: np.ndarray,
    kept: np.ndarray,
    size: int,
    errors: str,
) -> tuple[np.ndarray, np.ndarray]:
    """Return each family's pull on the coefficients, raised by the leverage that it has.

    Parameters
    ----------
    design : Design
        A fitted regression's rows.
    expected : ndarray
        Order items expected of each row.
    information : ndarray
        Of all coefficients.
    kept : ndarray of int
        Coefficients that the data tell.
    size : int
        How many of the first coefficients are asked for.
    errors : {"CR2", "CV3"}
        CV3 leaves each family out (one Newton step); CR2 goes half that way, which makes the
        variance unbiased where families are alike (Bell and McCaffrey, 2002).

    Returns
    -------
    tuple of ndarray
        One row a family each: for the errors asked for, and for leaving the family out.
    """
    count = len(design.starts)
    moved, left_out = np.zeros((2, count, size))
    own = np.flatnonzero(kept < size)
    cell = np.ix_(kept, kept)
    root = np.linalg.cholesky(information[cell])
    inverse = np.linalg.inv(root)
    rest = design.units - expected
    for first in range(0, count, BATCH):
        numbers = range(first, min(first + BATCH, count))
        score, held = np.zeros((len(numbers), len(kept))), []
        for at, number in enumerate(numbers):
            rows = slice(design.starts[number], design.ends[number])
            matrix = design.family_matrix(number)[:, kept]
            score[at] = rest[rows] @ matrix
            held.append(design.held(number, expected[rows], matrix))
        leverage = inverse @ np.stack(held) @ inverse.T
        score = score @ inverse.T
        # A family that alone identifies an effect cannot be left out: this keeps it finite.
        whole = (1 + 1e-8) * np.eye(len(kept)) - leverage
        out = np.linalg.solve(whole, score[:, :, None])[:, :, 0]
        step = out if errors == "CV3" else _half_adjusted(leverage, score)
        place = np.ix_(list(numbers), kept[own])
        left_out[place] = (out @ inverse)[:, own]
        moved[place] = (step @ inverse)[:, own]
    return moved, left_out


def _half_adjusted(leverage: np.ndarray, score: np.ndarray) -> np.ndarray:
    """Return (I - leverage)^(-1/2) times the score of each family."""
    small = np.sqrt((leverage**2).sum(axis=(1, 2))) < SMALL_LEVERAGE
    step = np.zeros_like(score)
    part, term = leverage[small], score[small]
    total = term.copy()
    for k in range(1, TERMS):
        term = np.matmul(part, term[:, :, None])[:, :, 0] * (2 * k - 1) / (2 * k)
        total += term
    step[small] = total
    if not small.all():
        values, vectors = np.linalg.eigh(leverage[~small])
        turned = np.einsum("gij,gi->gj", vectors, score[~small])
        turned /= np.sqrt(np.maximum(1 - values, 1e-8))
        step[~small] = np.einsum("gij,gj->gi", vectors, turned)
    return step
