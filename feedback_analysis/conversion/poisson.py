"""Poisson regressions by Newton's method: with family and week effects, or plain.

Family effects are concentrated out and week effects are kept sparse, so that half a million rows
fit in seconds. The tests hold the coefficients against statsmodels and the covariances against
their definitions.

Why not pyfixest, the field's library for this: its coefficients and CR1 errors are the same (to
1e-12 on half a million rows) at four times the processor time, but the influence of each family and
the errors for few families, which the checks and the intervals need, are not to be had from it.
Its jackknife (CRV3, version 0.60) refits without the offset of log sessions, which gave an error of
0.211 where leaving each family out gives 0.0276, and breaks off where a range of reviews falls
empty; `benchmarks/poisson_peers.py` measures all of this.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from feedback_analysis.conversion.clustered import adjusted_scores

Errors = Literal["CR1", "CR2", "CV3"]
# The step after one so small would be its square.
TOLERANCE = 1e-5
ITERATIONS = 60
DENSE = 1_000_000
# A covariate whose variation is explained by the others up to so little says nothing of its own.
COLLINEAR = 1e-8
# A standard error of a thousand on the log scale: an effect that the data leave open.
LEAST_INFORMATION = 1e-6


@dataclass(frozen=True, eq=False)
class Fit:
    """A fitted Poisson regression; the covariances are clustered by family.

    Parameters
    ----------
    names : tuple of str
        The covariates.
    coefficients : ndarray
        One a covariate; 0 where it was left out because the others explain it.
    covariance : ndarray
        Of the coefficients; infinite variance where a covariate was left out.
    weeks : ndarray
        Effect of each week against the first one; empty for a plain regression.
    influence : ndarray
        One row a family: how far each coefficient moves by keeping that family in (one Newton
        step; with CR1, which is for many families, without regard to leverage).
    families : int
        Families that say something: those with at least one order item.
    """

    names: tuple[str, ...]
    coefficients: np.ndarray
    covariance: np.ndarray
    weeks: np.ndarray
    influence: np.ndarray
    families: int

    def __getitem__(self, name: str) -> tuple[float, float]:
        at = self.names.index(name)
        return float(self.coefficients[at]), float(np.sqrt(self.covariance[at, at]))

    def part(self, names: list[str]) -> tuple[np.ndarray, np.ndarray]:
        """Return the coefficients and the covariance of some covariates."""
        at = [self.names.index(name) for name in names]
        return self.coefficients[at], self.covariance[np.ix_(at, at)]


def fit_within(
    units: np.ndarray,
    log_exposure: np.ndarray,
    covariates: dict[str, np.ndarray],
    family: np.ndarray,
    week: np.ndarray,
    *,
    families: int,
    errors: Errors = "CR1",
) -> Fit:
    """Fit order items with an effect for each family and each week.

    Parameters
    ----------
    units, log_exposure : ndarray
        Order items and the logarithm of the sessions behind them.
    covariates : dict of ndarray
        What else moves conversion.
    family, week : ndarray of int
        Codes from 0; rows in any order.
    families : int
        How many families there are, with and without rows here.
    errors : {"CR1", "CR2", "CV3"}
        Covariance clustered by family: plain, unbiased for few families, or by leaving each
        family out, which errs on the wide side.

    Returns
    -------
    Fit
        Families without an order item drop out: they fit any effect.
    """
    matrix = _matrix(covariates)
    order = np.argsort(family, kind="stable")
    order = order[_informative(units, matrix, family, week)[order]]
    code, place = np.unique(family[order], return_inverse=True)
    design = _Within(units[order], log_exposure[order], matrix[order], place)
    design.with_weeks(week[order])
    return _solve(design, tuple(covariates), code, families, errors=errors)


def fit_plain(
    units: np.ndarray,
    log_exposure: np.ndarray,
    covariates: dict[str, np.ndarray],
    family: np.ndarray,
    *,
    families: int,
    errors: Errors = "CR1",
) -> Fit:
    """Fit order items on covariates and a constant, clustered by family.

    Parameters
    ----------
    units, log_exposure, covariates, family, families, errors
        As for :func:`fit_within`.

    Returns
    -------
    Fit
        The constant is the last covariate, ``constant``.
    """
    order = np.argsort(family, kind="stable")
    code, place = np.unique(family[order], return_inverse=True)
    covariates = {**covariates, "constant": np.ones(len(units))}
    design = _Plain(units[order], log_exposure[order], _matrix(covariates)[order], place)
    return _solve(design, tuple(covariates), code, families, errors=errors)


def _informative(
    units: np.ndarray, matrix: np.ndarray, family: np.ndarray, week: np.ndarray
) -> np.ndarray:
    """Return the rows left when cells without any order item are taken out.

    A family, a week or a range of doses in which nothing was sold at all is fitted perfectly by an
    effect of minus infinity: its rows say nothing of the other effects.
    """
    kept = np.ones(len(units), dtype=bool)
    cells = [column > 0 for column in matrix.T if np.isin(column, (0.0, 1.0)).all()]
    for _ in range(len(cells) + 3):
        before = kept.sum()
        for code in (family, week):
            kept &= np.bincount(code[kept], units[kept], minlength=code.max() + 1)[code] > 0
        for cell in cells:
            if not units[kept & cell].any():
                kept &= ~cell
        if kept.sum() == before:
            break
    return kept


def _matrix(covariates: dict[str, np.ndarray]) -> np.ndarray:
    columns = [np.asarray(values, dtype=float) for values in covariates.values()]
    return np.column_stack(columns) if columns else np.zeros((0, 0))


class _Plain:
    """Score and information of a plain Poisson regression; rows are sorted by family."""

    def __init__(
        self, units: np.ndarray, log_exposure: np.ndarray, matrix: np.ndarray, family: np.ndarray
    ) -> None:
        self.units, self.log_exposure, self.matrix, self.family = (
            units.astype(float), log_exposure, matrix, family
        )  # fmt: skip
        self.size = matrix.shape[1]
        self.starts = np.flatnonzero(np.r_[True, np.diff(family) > 0])
        self.ends = np.r_[self.starts[1:], len(family)]

    def start(self) -> np.ndarray:
        beta = np.zeros(self.size)
        beta[-1] = np.log((self.units.sum() + 0.5) / np.exp(self.log_exposure).sum())
        return beta

    def linear(self, beta: np.ndarray) -> np.ndarray:
        return self.log_exposure + self.matrix @ beta

    def objective(self, beta: np.ndarray) -> float:
        linear = self.linear(beta)
        return float(self.units @ linear - np.exp(linear).sum())

    def expected(self, beta: np.ndarray) -> np.ndarray:
        return np.exp(self.linear(beta))

    def score(self, expected: np.ndarray) -> np.ndarray:
        return self.matrix.T @ (self.units - expected)

    def information(self, expected: np.ndarray) -> np.ndarray:
        return self.matrix.T @ (expected[:, None] * self.matrix)

    def scores(self, expected: np.ndarray, onto: np.ndarray) -> np.ndarray:
        """Return each family's score, multiplied onto some directions."""
        rows = (self.units - expected)[:, None] * (self.matrix @ onto)
        return np.add.reduceat(rows, self.starts, axis=0)

    def family_matrix(self, number: int) -> np.ndarray:
        return self.matrix[self.starts[number] : self.ends[number]]

    def held(self, number: int, expected: np.ndarray, matrix: np.ndarray) -> np.ndarray:
        """Return a family's own part of the information."""
        return matrix.T @ (expected[:, None] * matrix)


class _Within(_Plain):
    """The same with family effects concentrated out and week effects kept sparse."""

    def with_weeks(self, week: np.ndarray) -> None:
        known, self.week = np.unique(week, return_inverse=True)
        self.known_weeks, self.last_week = known, int(week.max()) if len(week) else 0
        self.covariates = self.matrix.shape[1]
        # The first week is the one that the others are held against.
        self.size = self.covariates + len(known) - 1
        self.total = np.add.reduceat(self.units, self.starts)
        self.shape = (len(self.starts), len(known))

    def start(self) -> np.ndarray:
        return np.zeros(self.size)

    def linear(self, beta: np.ndarray) -> np.ndarray:
        weeks = np.r_[0.0, beta[self.covariates :]]
        return self.log_exposure + self.matrix @ beta[: self.covariates] + weeks[self.week]

    def _family_log_sums(self, linear: np.ndarray) -> tuple[np.ndarray, ...]:
        """Return each row's exponential, the families' sums, and what both are divided by."""
        most = np.maximum.reduceat(linear, self.starts)
        raw = np.exp(linear - most[self.family])
        return raw, np.add.reduceat(raw, self.starts), most

    def objective(self, beta: np.ndarray) -> float:
        linear = self.linear(beta)
        _, sums, most = self._family_log_sums(linear)
        return float(self.units @ linear - self.total @ (np.log(sums) + most))

    def expected(self, beta: np.ndarray) -> np.ndarray:
        raw, sums, _ = self._family_log_sums(self.linear(beta))
        return raw * (self.total / sums)[self.family]

    def score(self, expected: np.ndarray) -> np.ndarray:
        rest = self.units - expected
        weeks = np.bincount(self.week, rest, minlength=self.shape[1])[1:]
        return np.r_[self.matrix.T @ rest, weeks]

    def information(self, expected: np.ndarray) -> np.ndarray:
        weighted = expected[:, None] * self.matrix
        root = np.sqrt(self.total)
        sums = np.add.reduceat(weighted, self.starts, axis=0) / root[:, None]
        by_week = self._by_week(expected / root[self.family])
        count = self.shape[1]
        cross = np.zeros((count - 1, self.covariates))
        for at, column in enumerate(weighted.T):
            cross[:, at] = np.bincount(self.week, column, minlength=count)[1:]
        cross -= by_week.T @ sums
        squares = by_week.T @ by_week
        squares = squares if isinstance(squares, np.ndarray) else squares.toarray()
        weeks = np.diag(np.bincount(self.week, expected, minlength=count)[1:]) - squares
        own = self.matrix.T @ weighted - sums.T @ sums
        return np.block([[own, cross.T], [cross, weeks]])

    def _by_week(self, values: np.ndarray) -> Any:
        """Spread values over families and weeks, the first week left out; sparse when large."""
        if self.shape[0] * self.shape[1] <= DENSE:
            table = np.zeros(self.shape)
            np.add.at(table, (self.family, self.week), values)
            return table[:, 1:]
        from scipy import sparse

        return sparse.csr_array((values, (self.family, self.week)), shape=self.shape)[:, 1:]

    def scores(self, expected: np.ndarray, onto: np.ndarray) -> np.ndarray:
        weeks = np.vstack([np.zeros((1, onto.shape[1])), onto[self.covariates :]])
        moved = self.matrix @ onto[: self.covariates] + weeks[self.week]
        rows = (self.units - expected)[:, None] * moved
        return np.add.reduceat(rows, self.starts, axis=0)

    def family_matrix(self, number: int) -> np.ndarray:
        rows = slice(self.starts[number], self.ends[number])
        weeks = np.zeros((rows.stop - rows.start, self.shape[1]))
        weeks[np.arange(len(weeks)), self.week[rows]] = 1.0
        return np.hstack([self.matrix[rows], weeks[:, 1:]])

    def held(self, number: int, expected: np.ndarray, matrix: np.ndarray) -> np.ndarray:
        weighted = expected[:, None] * matrix
        sums = weighted.sum(axis=0)
        return matrix.T @ weighted - np.outer(sums, sums) / self.total[number]


def _solve(
    design: _Plain, names: tuple[str, ...], code: np.ndarray, families: int, *, errors: Errors
) -> Fit:
    beta = _newton(design)
    expected = design.expected(beta)
    information = design.information(expected)
    size, count = len(names), len(design.starts)
    kept = _independent(information)
    inverse = np.zeros_like(information)
    inverse[np.ix_(kept, kept)] = np.linalg.inv(information[np.ix_(kept, kept)])
    moved = design.scores(expected, inverse[:, :size])
    left_out, factor = moved, count / max(1, count - 1)
    if errors != "CR1":
        moved, left_out = adjusted_scores(design, expected, information, kept, size, errors)
        factor = (count - 1) / count if errors == "CV3" else 1.0
    covariance = factor * moved.T @ moved
    out = np.setdiff1d(np.arange(size), kept)
    covariance[out, out] = np.inf
    influence = np.zeros((families, size))
    # How far a family really moves a coefficient is told by leaving it out.
    influence[code] = left_out
    return Fit(names, beta[:size], covariance, _week_effects(design, beta), influence, count)


def _newton(design: _Plain) -> np.ndarray:
    beta = design.start()
    kept, value = None, design.objective(beta)
    for _ in range(ITERATIONS):
        expected = design.expected(beta)
        information = design.information(expected)
        if kept is None:
            kept = _independent(information)
        step = np.zeros_like(beta)
        part = information[np.ix_(kept, kept)]
        step[kept] = _newton_step(part, design.score(expected)[kept])
        for _ in range(30):
            tried = design.objective(beta + step)
            if np.isfinite(tried) and tried >= value - 1e-9 * (1 + abs(value)):
                break
            step = step / 2
        beta, value = beta + step, design.objective(beta + step)
        if np.abs(step).max(initial=0.0) < TOLERANCE:
            break
    return beta


def _newton_step(information: np.ndarray, score: np.ndarray) -> np.ndarray:
    try:
        return np.linalg.solve(information, score)
    except np.linalg.LinAlgError:
        # An effect that runs off to infinity leaves no information behind.
        return np.linalg.lstsq(information, score, rcond=1e-13)[0]


def _independent(information: np.ndarray) -> np.ndarray:
    """Return the covariates that the ones before them do not explain (a pivoted sweep)."""
    rest, kept = information.copy(), []
    scale = np.diag(information).copy()
    for at in range(len(rest)):
        pivot = rest[at, at]
        if pivot <= max(COLLINEAR * scale[at], LEAST_INFORMATION):
            continue
        kept.append(at)
        rest = rest - np.outer(rest[:, at], rest[at]) / pivot
    return np.array(kept, dtype=int)


def _week_effects(design: _Plain, beta: np.ndarray) -> np.ndarray:
    if not isinstance(design, _Within):
        return np.zeros(0)
    effects = np.zeros(design.last_week + 1)
    effects[design.known_weeks] = np.r_[0.0, beta[design.covariates :]]
    return effects
