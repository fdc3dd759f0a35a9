"""The two estimators of what a first review does, and the envelope that holds both."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from feedback_analysis.conversion.fixed_effects import dose_bins, fit_families
from feedback_analysis.conversion.poisson import Errors, Fit
from feedback_analysis.conversion.prepare import Rows
from feedback_analysis.conversion.trials import HORIZON, Trials, adjusted_grid, fit_trials, stack

# Up to so many families the errors are corrected for how few they are; beyond, it makes no odds.
FEW = 1000


@dataclass(frozen=True, eq=False)
class Estimate:
    """An effect on the log scale.

    Parameters
    ----------
    effect, error : float
        Log rate ratio and its standard error.
    degrees : int
        Degrees of freedom of the interval: switching families less one.
    influence : ndarray
        By how much each family moves the effect.
    """

    effect: float
    error: float
    degrees: int
    influence: np.ndarray

    def interval(self, confidence: float = 0.95) -> tuple[float, float]:
        """Return the interval of the effect on the log scale."""
        from scipy.special import stdtrit

        reach = float(stdtrit(self.degrees, 0.5 + confidence / 2)) * self.error
        return self.effect - reach, self.effect + reach


@dataclass(frozen=True, eq=False)
class Pair:
    """Both estimators on the same panel.

    Parameters
    ----------
    families : Estimate
        Families against their own other weeks.
    trials : Estimate
        Families with a fresh first review against those still without.
    doses : Fit
        What the first stands on: one effect a range of review counts.
    stacked : Trials
        What the second stands on.
    """

    families: Estimate
    trials: Estimate
    doses: Fit
    stacked: Trials

    @property
    def effect(self) -> float:
        """Halfway between the two."""
        return (self.families.effect + self.trials.effect) / 2

    def envelope(self, confidence: float = 0.95) -> tuple[float, float]:
        """Return the smallest interval that holds the intervals of both."""
        one, other = self.families.interval(confidence), self.trials.interval(confidence)
        return min(one[0], other[0]), max(one[1], other[1])

    def excludes_zero(self, confidence: float) -> bool:
        """Tell whether the envelope lies on one side of zero."""
        low, high = self.envelope(confidence)
        return low > 0 or high < 0

    @property
    def smallest_seen(self) -> float:
        """Smallest lift that would have been seen in four of five catalogues like this."""
        from scipy.special import ndtri, stdtrit

        reach = float(stdtrit(self.trials.degrees, 0.975)) + float(ndtri(0.8))
        return float(np.expm1(reach * max(self.families.error, self.trials.error)))


def error_kind(rows: Rows) -> Errors:
    """Return which clustered errors fit the number of families."""
    return "CR2" if len(rows.names) <= FEW else "CR1"


def estimate_pair(rows: Rows) -> Pair | None:
    """Estimate the short-run effect of the first review twice.

    Parameters
    ----------
    rows : Rows
        A panel that :func:`refusal` has nothing against.

    Returns
    -------
    Pair or None
        None where one of the two cannot be computed.
    """
    errors, degrees = error_kind(rows), int(rows.switching.sum()) - 1
    known = rows.only(~np.isnan(rows.reviews))
    doses = fit_families(known, dose_bins(known.reviews), errors=errors)
    families = _first_weeks(known, doses, degrees)
    stacked = stack(rows, adjusted_grid(rows))
    if families is None or len(np.unique(stacked.family[stacked.treated])) < 5:
        return None
    fit = fit_trials(stacked, families=len(rows.names), errors=errors)
    effect, error = fit["first review"]
    if not (np.isfinite(error) and error > 0):
        return None
    moved = fit.influence[:, fit.names.index("first review")]
    return Pair(families, Estimate(effect, error, degrees, moved), doses, stacked)


def _first_weeks(rows: Rows, doses: Fit, degrees: int) -> Estimate | None:
    """Mix the effects by number of reviews as the first six weeks with reviews mix them.

    One effect for any number of reviews would be wrong where the effect grows with it: families
    long reviewed would then pull down what a first review does.
    """
    names = list(dose_bins(rows.reviews[:0]))
    effects, covariance = doses.part(names)
    found = np.isfinite(np.diag(covariance))
    weight = first_weeks_doses(rows) * found
    if not weight.sum() > 0:
        return None
    weight = weight / weight.sum()
    at = [doses.names.index(name) for name in names]
    moved = doses.influence[:, at] @ weight
    error = np.sqrt(weight[found] @ covariance[np.ix_(found, found)] @ weight[found])
    return Estimate(float(weight @ effects), float(error), degrees, moved)


def first_weeks_doses(rows: Rows) -> np.ndarray:
    """Return how the order items of the first weeks with reviews spread over the dose ranges."""
    reviewed = rows.reviews > 0
    first = rows.first_weeks(reviewed)
    early = reviewed & rows.switching[rows.family] & (rows.week < first[rows.family] + HORIZON)
    # Sessions at the family's pace without reviews would do as well; order items are what counts.
    return np.array(
        [rows.units[early & (bin > 0)].sum() for bin in dose_bins(rows.reviews).values()]
    )
