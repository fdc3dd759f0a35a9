"""How many negatives recent orders will have when all feedback is in.

An order gets negative feedback or not, at a rate that drifts and that differs from week to week
(gamma); if it does, the feedback comes after a delay. What is still to come is a Poisson number:
the week's rate, as far as its own feedback and that of the weeks around it show it, times the
orders weighted by the share of feedback still missing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from feedback_analysis.health.arrivals import Delay
from feedback_analysis.health.order_days import Group
from feedback_analysis.health.order_tally import LAST_DAY

SHARE_DRAWS = 200
RUNS = 4000
# A week with this share of its negatives in is as good as whole.
MATURE = 0.99
# What a neighbouring week says of a week's rate, against the week itself: a week further away
# says so much less. benchmarks/late_feedback.py shows how well that serves.
NEARBY = 0.92
# Bounds of the shape of the weeks' rates, from large differences between weeks to hardly any. A
# shop that had quiet weeks only would otherwise never believe that a bad one began.
LOOSE, TIGHT = 1.0, 50.0
FEW_WEEKS = 8


@dataclass(frozen=True)
class Nowcast:
    """What a group of orders will come to.

    Parameters
    ----------
    expected : float
        Negatives when all feedback is in.
    low, high : float
        95 % interval of that number.
    arrived : float
        Share (0-1) of the negatives that is expected to be in.
    """

    expected: float
    low: float
    high: float
    arrived: float

    @property
    def mature(self) -> bool:
        """Whether as good as everything is in."""
        return self.arrived >= MATURE


class Nowcaster:
    """Nowcasts of the weeks of one part of a shop.

    Parameters
    ----------
    delay : Delay
        How long feedback takes.
    groups : sequence of Group
        All weeks, oldest first.
    seed : int
        Seed of the draws.
    """

    def __init__(self, delay: Delay, groups: Sequence[Group], *, seed: int) -> None:
        self._groups, self._seed = list(groups), seed
        self._drawn = delay.draws(np.random.default_rng(seed), SHARE_DRAWS)
        shares = delay.arrived()
        self._orders = np.array([group.orders.sum() for group in groups], dtype=float)
        self._in = np.array(
            [group.orders @ shares[np.minimum(group.ages, LAST_DAY)] for group in groups]
        )
        negatives = np.array([group.negatives for group in groups], dtype=float)
        self._count, self._exposure = around(negatives, self._in)
        self._shape = shape_of(negatives, self._in, self._count, self._exposure)

    def arrived(self, places: Sequence[int]) -> float:
        """Return the share of some weeks' negatives that is expected to be in.

        Parameters
        ----------
        places : sequence of int
            Positions of the weeks.

        Returns
        -------
        float
            Share 0 to 1; 1 without an order.
        """
        total = self._orders[list(places)].sum()
        return float(self._in[list(places)].sum() / total) if total else 1.0

    def nowcast(self, places: Sequence[int]) -> Nowcast:
        """Return what some weeks together will come to.

        Parameters
        ----------
        places : sequence of int
            Positions of the weeks.

        Returns
        -------
        Nowcast
            With the uncertainty of the delay, of the rate and of chance.
        """
        from scipy.special import gammaincinv

        share = self.arrived(places)
        seen = sum(self._groups[place].negatives for place in places)
        if share >= 1:
            return Nowcast(float(seen), float(seen), float(seen), 1.0)
        generator = np.random.default_rng([self._seed, *places])
        # Neighbouring weeks rest on the same weeks around them, so they err together.
        luck = generator.random(RUNS)
        final = np.full(RUNS, seen, dtype=np.int64)
        for place in places:
            group = self._groups[place]
            shares = self._drawn[:, np.minimum(group.ages, LAST_DAY)]
            known = np.repeat(shares @ group.orders.astype(float), RUNS // SHARE_DRAWS)
            missing = np.maximum(self._orders[place] - known, 0)
            if not missing.any():
                continue
            count = self._count[place] + 0.5
            usual = gammaincinv(count, luck) / max(self._exposure[place], 1.0)
            usual = np.maximum(usual, 1e-12)
            rate = generator.gamma(self._shape + group.negatives, 1 / (self._shape / usual + known))
            # An order has negative feedback once, whatever a rate from few of them says.
            most = int(self._orders[place]) - group.negatives
            final = final + np.minimum(generator.poisson(rate * missing), max(most, 0))
        low, high = np.quantile(final, [0.025, 0.975], method="inverted_cdf")
        return Nowcast(float(final.mean()), float(low), float(high), share)


def around(negatives: np.ndarray, orders: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Add up what the weeks around each week show, itself left out, nearer ones counting more.

    Parameters
    ----------
    negatives, orders : ndarray
        Counts by week; orders as far as their feedback is in.

    Returns
    -------
    tuple of ndarray
        Weighted negatives and orders.
    """
    place = np.arange(len(orders))
    weight = NEARBY ** np.abs(place[:, None] - place)
    np.fill_diagonal(weight, 0)
    return weight @ negatives, weight @ orders


def shape_of(
    negatives: np.ndarray, orders: np.ndarray, count: np.ndarray, exposure: np.ndarray
) -> float:
    """Return how alike neighbouring weeks are, from their counts' variance beyond chance.

    Parameters
    ----------
    negatives, orders : ndarray
        Counts by week; orders as far as their feedback is in.
    count, exposure : ndarray
        What :func:`around` returns.

    Returns
    -------
    float
        Shape of the gamma distribution of a week's rate around its neighbours': the rates vary by
        1 / sqrt(shape). By the method of moments, within bounds.
    """
    known = (orders > 0) & (exposure > 0)
    if known.sum() < FEW_WEEKS or negatives.sum() == 0:
        return LOOSE
    usual = count[known] / exposure[known]
    expected = orders[known] * usual
    chance = expected + orders[known] ** 2 * usual / exposure[known]
    beyond = float(((negatives[known] - expected) ** 2 - chance).sum())
    return TIGHT if beyond <= 0 else min(max(float((expected**2).sum()) / beyond, LOOSE), TIGHT)
