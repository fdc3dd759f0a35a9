"""Rates put right for what the labels get wrong, with intervals that hold both uncertainties.

A count of labels is not a count of complaints: some are missed, some are said of comments that do
not complain. Here alone counts become rates: the scorecard, the weight of causes, what grew and the
shares all come from :func:`corrected`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

SEED = 20_261
DRAWS = 2_000
ENDS = (0.025, 0.975)
# With less than this share of the draws left, the measurement contradicts what was counted.
AGREES = 0.002


@dataclass(frozen=True)
class Measured:
    """What was measured of one label, as beta distributions.

    Attributes
    ----------
    found : tuple of float
        Of the comments that complain about it, the share that gets the label (recall).
    wrong : tuple of float
        Of the comments that do not, the share that gets it all the same.
    n : int
        Comments in the measurement that complain about it.
    """

    found: tuple[float, float]
    wrong: tuple[float, float]
    n: int = 0


@dataclass(frozen=True)
class Count:
    """A count of labels in a span of days.

    Attributes
    ----------
    labels : int
        Comments with the label.
    comments : int
        Comments with words.
    of : int
        What the rate is of: feedbacks, orders, or the comments themselves.
    """

    labels: int
    comments: int
    of: int


@dataclass(frozen=True, eq=False)
class Rates:
    """Rates of one label in several spans, by the same measurement.

    Attributes
    ----------
    values : tuple of float
        A rate a span (0-1, of ``Count.of``); NaN where that is 0.
    draws : array of shape (spans, draws)
        What each may truly be.
    """

    values: tuple[float, ...]
    draws: np.ndarray

    def interval(self, span: int = 0) -> tuple[float, float]:
        """Return the 95 % interval of a span's rate."""
        if np.isnan(self.values[span]):
            return np.nan, np.nan
        low, high = np.quantile(self.draws[span], ENDS)
        return float(min(low, self.values[span])), float(max(high, self.values[span]))

    def change(self) -> tuple[float, float, float]:
        """Return the first span's rate less the second's, and its 95 % interval."""
        low, high = np.quantile(self.draws[0] - self.draws[1], ENDS)
        value = self.values[0] - self.values[1]
        return float(value), float(min(low, value)), float(max(high, value))


def corrected(counts: Sequence[Count], measured: Measured | None) -> Rates:
    """Return the rates that counts of a label stand for.

    Parameters
    ----------
    counts : sequence of Count
        One or more spans.
    measured : Measured or None
        What the label gets wrong; None takes it at its word.

    Returns
    -------
    Rates
        With the uncertainty of the measurement and of the counts in it.

    Notes
    -----
    Of the comments a share t complains; the label is then found in q = t x found + (1 - t) x wrong
    of them (Rogan and Gladen, 1978). ``found`` and ``wrong`` are drawn from the measurement, the
    same for all spans, and q from its posterior given the count and a Jeffreys prior, kept between
    ``wrong`` and ``found`` so that t is a share; draws that make the counts unlikely weigh less.
    How many comments come on what the rate is of is drawn as well. A measurement that cannot be
    reconciled with the counts (more labels by mistake alone than were counted) tells only that
    between none and all of the labels are right.
    """
    random = np.random.default_rng(SEED)
    if measured is None:
        found, wrong = np.ones(DRAWS), np.zeros(DRAWS)
        middle = 1.0, 0.0
    else:
        found, wrong = random.beta(*measured.found, DRAWS), random.beta(*measured.wrong, DRAWS)
        # A label that is no likelier where it belongs than elsewhere tells nothing.
        found = np.maximum(found, wrong + 0.02)
        middle = tuple(a / (a + b) for a, b in (measured.found, measured.wrong))
        found, wrong = _reconciled(counts, found, wrong, random)
    values, draws = [], []
    for count in counts:
        true = _true_shares(count, found, wrong, random)
        on = min(count.comments, count.of)
        per = random.beta(on + 0.5, count.of - on + 0.5, DRAWS) if on < count.of else 1.0
        draws.append(true * per)
        values.append(_value(count, *middle))
    return Rates(tuple(values), np.array(draws))


def _value(count: Count, found: float, wrong: float) -> float:
    if not count.of:
        return np.nan
    if not count.comments:
        return 0.0
    share = count.labels / count.comments
    true = min(max((share - wrong) / max(found - wrong, 0.02), 0.0), 1.0)
    return true * min(count.comments, count.of) / count.of


def _beta(count: Count) -> tuple[float, float]:
    return count.labels + 0.5, max(count.comments - count.labels, 0) + 0.5


def _ends(count: Count, found: np.ndarray, wrong: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return how much of the posterior of q lies below ``wrong``, and below ``found``."""
    from scipy.special import betainc

    a, b = _beta(count)
    return betainc(a, b, wrong), betainc(a, b, np.minimum(found, 1.0))


def _reconciled(
    counts: Sequence[Count], found: np.ndarray, wrong: np.ndarray, random: np.random.Generator
) -> tuple[np.ndarray, np.ndarray]:
    """Draw again, by how well each draw goes with the counts."""
    from scipy.special import betainc

    weight = np.ones(DRAWS)
    prior = betainc(0.5, 0.5, np.minimum(found, 1.0)) - betainc(0.5, 0.5, wrong)
    for count in counts:
        low, high = _ends(count, found, wrong)
        weight *= np.maximum(high - low, 0) / np.maximum(prior, 1e-9)
    if weight.sum() <= 0 or weight.sum() ** 2 / (weight**2).sum() < AGREES * DRAWS:
        least = min((count.labels + 0.5) / (count.comments + 1) for count in counts)
        return np.maximum(found, 0.5), random.uniform(0, least, DRAWS)
    chosen = random.choice(DRAWS, DRAWS, p=weight / weight.sum())
    return found[chosen], wrong[chosen]


def _true_shares(
    count: Count, found: np.ndarray, wrong: np.ndarray, random: np.random.Generator
) -> np.ndarray:
    from scipy.special import betaincinv

    low, high = _ends(count, found, wrong)
    at = low + random.random(DRAWS) * np.maximum(high - low, 0)
    seen = betaincinv(*_beta(count), np.clip(at, 0, 1))
    return np.clip((seen - wrong) / (found - wrong), 0, 1)
