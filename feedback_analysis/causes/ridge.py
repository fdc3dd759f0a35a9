"""Ridge regression on a kernel, and what its scores are worth as probabilities.

The kernel of 13,000 texts has 170 million numbers, so it is held by half: it is symmetric.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from feedback_analysis.causes.features import Features, joined, similarity

FOLDS = 3
# Rows of the kernel made at a time: each strip costs a pass over all columns before it.
STRIP = 2048


@dataclass
class HalfKernel:
    """The kernel of texts with themselves: each strip of rows with the columns up to its end.

    Parameters
    ----------
    shares : dict of str to float
        As :func:`similarity` takes them.
    """

    shares: dict[str, float]
    seen: Features | None = None
    strips: list[tuple[int, np.ndarray]] = field(default_factory=list)

    def add(self, more: Features) -> None:
        """Put more texts behind those that are there."""
        start = 0 if self.seen is None else len(self.seen.dense)
        self.seen = more if self.seen is None else joined(self.seen, more)
        end = len(self.seen.dense)
        for first in range(start, end, STRIP):
            last = min(first + STRIP, end)
            rows, columns = self.seen.take(slice(first, last)), self.seen.take(slice(0, last))
            self.strips.append((first, similarity(rows, columns, **self.shares)))

    def __matmul__(self, weights: np.ndarray) -> np.ndarray:
        """Return the whole kernel times weights, shape (texts, outputs)."""
        made = np.zeros_like(weights)
        for first, strip in self.strips:
            last = first + len(strip)
            made[first:last] += strip @ weights[:last]
            made[:first] += strip[:, :first].T @ weights[first:last]
        return made

    def solve(
        self, targets: np.ndarray, ridge: np.ndarray, rows: np.ndarray, *, last: bool = False
    ) -> np.ndarray:
        """Return the dual weights of a kernel ridge regression, all outputs at once.

        Parameters
        ----------
        targets : array of shape (texts, outputs)
        ridge : array of shape (texts,)
            Added to the diagonal: the larger, the less a row is followed.
        rows : array of bool
            The texts that are learnt from.
        last : bool, default=False
            The kernel is not needed any more, and its memory is given back on the way.

        Returns
        -------
        array of shape (texts, outputs)
            0 for texts that are not learnt from.
        """
        place = np.cumsum(rows) - 1
        packed = Packed(int(rows.sum()))
        for number, (first, strip) in enumerate(self.strips):
            end = first + len(strip)
            columns = np.flatnonzero(rows[:end])
            for row in np.flatnonzero(rows[first:end]):
                at = place[first + row]
                packed.put(at, strip[row][columns[: at + 1]], float(ridge[first + row]))
            if last:
                self.strips[number] = (first, np.empty((0, 0), dtype=np.float32))
        made = np.zeros_like(targets)
        made[rows] = packed.solve(targets[rows])
        return made


class Packed:
    """The lower half of a symmetric matrix as LAPACK packs it (rectangular full packed).

    Half the memory of the whole matrix, and solved at the same speed: the second half of the
    triangle lies, turned over, in what the first leaves free.

    Parameters
    ----------
    rows : int
        An odd matrix gets one row more, which stands for itself alone.
    """

    def __init__(self, rows: int) -> None:
        self.rows, self.half = rows, (rows + 1) // 2
        self._held = np.zeros((2 * self.half + 1, self.half), dtype=np.float32)
        if rows % 2:
            self.put(rows, np.zeros(rows + 1, dtype=np.float32), 1.0)

    def put(self, row: int, values: np.ndarray, more: float) -> None:
        """Write a row up to its diagonal, to which something is added."""
        half = self.half
        if row < half:
            self._held[row + 1, : row + 1] = values
            self._held[row + 1, row] += np.float32(more)
        else:
            self._held[row + 1] = values[:half]
            self._held[: row - half + 1, row - half] = values[half:]
            self._held[row - half, row - half] += np.float32(more)

    def solve(self, targets: np.ndarray) -> np.ndarray:
        """Return what times this matrix gives the targets; the matrix is worth nothing after."""
        from scipy.linalg.lapack import spftrf, spftrs

        n = 2 * self.half
        right = np.zeros((n, targets.shape[1]), dtype=np.float32, order="F")
        right[: self.rows] = targets
        factor, wrong = spftrf(n, self._held.ravel(), transr="T", uplo="L", overwrite_a=1)
        if wrong:
            raise np.linalg.LinAlgError(f"the kernel is not positive at row {wrong}")
        return spftrs(n, factor, right, transr="T", uplo="L")[0][: self.rows]


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
