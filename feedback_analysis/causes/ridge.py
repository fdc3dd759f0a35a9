"""Ridge regression on a kernel, and what its scores are worth as probabilities."""

from __future__ import annotations

import numpy as np

FOLDS = 3


def solve(kernel: np.ndarray, targets: np.ndarray, ridge: np.ndarray) -> np.ndarray:
    """Return the dual weights of a kernel ridge regression, all outputs at once.

    Parameters
    ----------
    kernel : array of shape (n, n)
        Its memory is used again: it is worth nothing afterwards.
    targets : array of shape (n, outputs)
    ridge : array of shape (n,)
        Added to the diagonal: the larger, the less a row is followed.

    Returns
    -------
    array of shape (n, outputs)
    """
    from scipy.linalg import cho_factor, cho_solve

    kernel[np.diag_indices(len(kernel))] += ridge.astype(kernel.dtype)
    # Symmetric, so that its transpose, which LAPACK can use where it lies, is itself.
    factor = cho_factor(kernel.T, overwrite_a=True, check_finite=False)
    return cho_solve(factor, targets, check_finite=False).astype(np.float32)


def folds(
    kernel: np.ndarray, targets: np.ndarray, ridge: np.ndarray
) -> list[tuple[np.ndarray, np.ndarray, np.ndarray]]:
    """Leave out each third of the rows in turn.

    Parameters
    ----------
    kernel, targets, ridge : array
        As :func:`solve` takes them.

    Returns
    -------
    list of tuple
        The rows learnt from, the rows left out, and the dual weights.
    """
    fold = np.arange(len(targets)) % FOLDS
    made = []
    for number in range(FOLDS):
        learnt, left = np.flatnonzero(fold != number), np.flatnonzero(fold == number)
        if len(learnt):
            dual = solve(kernel[np.ix_(learnt, learnt)], targets[learnt], ridge[learnt])
            made.append((learnt, left, dual))
    return made


def out_of_fold(kernel: np.ndarray, duals: list) -> np.ndarray:
    """Return scores of rows by the regression that did not learn from them.

    Parameters
    ----------
    kernel : array of shape (n, n)
    duals : list
        From :func:`folds`.

    Returns
    -------
    array of shape (n, outputs)
    """
    made = np.zeros((len(kernel), duals[0][2].shape[1]), dtype=np.float32)
    for learnt, left, dual in duals:
        made[left] = kernel[np.ix_(left, learnt)] @ dual
    return made


class Calibration:
    """Turns scores into probabilities by one logistic curve for all outputs."""

    def __init__(self, curve: np.ndarray | None = None) -> None:
        self.curve = np.array([-3.0, 6.0]) if curve is None else curve

    def fit(self, scores: np.ndarray, targets: np.ndarray) -> Calibration:
        """Find the curve by Newton's method.

        Parameters
        ----------
        scores, targets : array
            Of rows that were not learnt from, and 0 or 1.
        """
        x, y = scores.ravel().astype(float), targets.ravel().astype(float)
        design = np.column_stack([np.ones_like(x), x])
        for _ in range(25):
            chance = 1 / (1 + np.exp(-design @ self.curve))
            slope = design.T @ (y - chance) - 1e-3 * self.curve
            bend = design.T @ (design * (chance * (1 - chance))[:, None]) + 1e-3 * np.eye(2)
            self.curve = self.curve + np.clip(np.linalg.solve(bend, slope), -2, 2)
        return self

    def __call__(self, scores: np.ndarray) -> np.ndarray:
        """Return the probability of each score."""
        return 1 / (1 + np.exp(-(self.curve[0] + self.curve[1] * scores.astype(float))))
