"""The CUSUM of weekly counts: its scores, its thresholds, and its course over real weeks.

The score of a week is the logarithm of how much likelier its count is after the change that the
chart is tuned to than before it. The statistic adds the scores up and never falls below 0.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from feedback_analysis.health.overdispersion import beta_parameters, spread_of
from feedback_analysis.health.run_length import Distribution

PATHS = 20_000
SEED = 20260
# Rate left over from weeks whose counts were too coarse to spend it may be spent later, up to here.
SPENT_AT_MOST = 2.0
PRIOR = 0.5


class _AddedUp:
    """A distribution of counts, added up once.

    SciPy adds up a beta-binomial anew for each value that is asked for; the Markov chain asks for
    62,500, which took half an hour where a week has 200,000 feedbacks.
    """

    def __init__(self, probabilities: np.ndarray) -> None:
        self._upto = np.concatenate(([0.0], np.cumsum(probabilities)))

    def cdf(self, counts: np.ndarray) -> np.ndarray:
        return self._upto[np.clip(counts + 1, 0, len(self._upto) - 1).astype(int)]

    def sf(self, counts: np.ndarray) -> np.ndarray:
        return 1 - self.cdf(counts)


@dataclass(frozen=True)
class Level:
    """What counts as nothing changed, and how well it is known.

    Parameters
    ----------
    kind : {"binomial", "poisson"}
        ``binomial``: hits among a known number of feedbacks; ``poisson``: hits per order.
    value : float
        Share of hits, or hits per unit of exposure.
    hits, exposure : float
        What it was estimated from; exposure 0 means that it is given, not estimated.
    spread : float
        Squared coefficient of variation of the weekly rate beyond chance; 0 for chance alone.
    baseline : int
        Weeks that it was estimated from.
    """

    kind: Literal["binomial", "poisson"]
    value: float
    hits: float = 0.0
    exposure: float = 0.0
    spread: float = 0.0
    baseline: int = 0

    @classmethod
    def estimated(cls, kind: str, hits: float, exposure: float) -> Level:
        """Estimate a level from weeks before the watched ones.

        Parameters
        ----------
        kind : str
            ``binomial`` or ``poisson``.
        hits, exposure : float
            Sums over those weeks.

        Returns
        -------
        Level
            With Jeffreys' prior (half a hit), so that it is never 0.
        """
        more = 2 * PRIOR if kind == "binomial" else 0.0
        return cls(kind, (hits + PRIOR) / (exposure + more), hits, exposure)

    @classmethod
    def of_weeks(cls, kind: str, hits: np.ndarray, exposure: np.ndarray) -> Level:
        """Estimate a level, and how widely weeks swing around it, from single weeks.

        Parameters
        ----------
        kind : str
            ``binomial`` or ``poisson``.
        hits, exposure : ndarray
            Of each week before the watched ones.

        Returns
        -------
        Level
            As :meth:`estimated`, with ``spread``.
        """
        made = cls.estimated(kind, float(hits.sum()), float(exposure.sum()))
        return replace(made, spread=spread_of(kind, hits, exposure), baseline=len(hits))

    def dispersion(self, exposure: float) -> float:
        """Return how many times the variance of a week's count is that of chance.

        Parameters
        ----------
        exposure : float
            Feedbacks or orders of the week.

        Returns
        -------
        float
            1 for chance alone.
        """
        more = self.spread * self.value * exposure
        return 1 + (more / (1 - self.value) if self.kind == "binomial" else more)

    def draws(self, size: int, generator: np.random.Generator) -> np.ndarray:
        """Draw levels that the baseline leaves possible.

        Parameters
        ----------
        size : int
            How many.
        generator : numpy.random.Generator
            Source of chance.

        Returns
        -------
        ndarray
            All the same where the level is given.
        """
        if self.exposure == 0:
            return np.full(size, self.value)
        # Weeks that swing tell less of their mean: they count as so many fewer.
        worth = 1 / self.dispersion(self.exposure / max(1, self.baseline))
        if self.kind == "binomial":
            missed = max(0.0, self.exposure - self.hits)
            return generator.beta(worth * self.hits + PRIOR, worth * missed + PRIOR, size)
        return generator.gamma(worth * self.hits + PRIOR, 1 / (worth * self.exposure), size)

    def spreads(self, size: int, generator: np.random.Generator) -> np.ndarray:
        """Draw spreads that the baseline leaves possible.

        Parameters
        ----------
        size : int
            How many.
        generator : numpy.random.Generator
            Source of chance.

        Returns
        -------
        ndarray
            Squared coefficients of variation; all 0 where chance alone explains the weeks.
        """
        if not self.spread or self.baseline < 2:
            return np.full(size, self.spread)
        free = self.baseline - 1
        return self.spread * free / generator.chisquare(free, size)

    def counts(
        self,
        levels: np.ndarray,
        spreads: np.ndarray,
        exposure: float,
        generator: np.random.Generator,
    ) -> np.ndarray:
        """Draw the hits of one week.

        Parameters
        ----------
        levels, spreads : ndarray
            A level and a spread a path.
        exposure : float
            Feedbacks or orders of the week.
        generator : numpy.random.Generator
            Source of chance.

        Returns
        -------
        ndarray
            Hits, one a path.
        """
        if self.spread:
            if self.kind == "binomial":
                levels = generator.beta(*beta_parameters(levels, spreads))
            else:
                levels = levels * generator.gamma(1 / spreads, spreads)
        if self.kind == "binomial":
            return generator.binomial(round(exposure), levels)
        return generator.poisson(levels * exposure)

    def weekly(self, exposure: float | np.ndarray, true: float | None = None):
        """Return the distribution of a week's hits.

        Parameters
        ----------
        exposure : float or ndarray
            Feedbacks or orders.
        true : float, optional
            The level that really holds; by default the one that counts as unchanged.

        Returns
        -------
        scipy frozen distribution
        """
        from scipy import stats

        value = self.value if true is None else true
        if self.kind == "binomial":
            n = np.maximum(1, np.round(exposure)).astype(int)
            if self.spread:
                return stats.betabinom(n, *beta_parameters(value, self.spread))
            return stats.binom(n, value)
        mean = value * exposure
        if self.spread:
            return stats.nbinom(1 / self.spread, 1 / (1 + self.spread * mean))
        return stats.poisson(mean)

    def shifted(self, factor: float) -> float:
        """Return the level after a change.

        Parameters
        ----------
        factor : float
            What the rate, or for a share its odds, is multiplied by.

        Returns
        -------
        float
            The level after it.
        """
        if self.kind == "poisson":
            return self.value * factor
        return factor * self.value / (1 - self.value + factor * self.value)

    def weights(self, factor: float) -> tuple[float, float]:
        """Return what a hit and what a unit of exposure add to the statistic.

        Parameters
        ----------
        factor : float
            The change that the chart is tuned to.

        Returns
        -------
        tuple of float
            Score = first times hits + second times exposure.
        """
        if self.kind == "poisson":
            return math.log(factor), self.value * (1 - factor)
        return math.log(factor), math.log((1 - self.shifted(factor)) / (1 - self.value))

    def scores(self, factor: float, exposure: float, true: float) -> Distribution:
        """Return the distribution of a week's score, for the Markov chain.

        Parameters
        ----------
        factor : float
            The change that the chart is tuned to.
        exposure : float
            Feedbacks or orders of every week.
        true : float
            The level that really holds.

        Returns
        -------
        callable
            Cumulative distribution function of the score.
        """
        hit, unit = self.weights(factor)
        counts = self.weekly(exposure, true)
        if self.kind == "binomial" and self.spread:
            counts = _AddedUp(counts.pmf(np.arange(counts.args[0] + 1)))

        def upto(values: np.ndarray) -> np.ndarray:
            most = (values - unit * exposure) / hit
            # The tolerance keeps a count that lies on the border of a cell inside it.
            if hit > 0:
                return counts.cdf(np.floor(most + 1e-9))
            return counts.sf(np.ceil(most - 1e-9) - 1)

        return upto


def thresholds(
    level: Level,
    exposure: np.ndarray,
    *,
    factor: float,
    weeks_between_false_alarms: float,
    paths: int = PATHS,
    seed: int = SEED,
) -> np.ndarray:
    """Return a threshold a week that holds the stated false-alarm rate in each of them.

    Parameters
    ----------
    level : Level
        What counts as nothing changed. Each simulated shop draws its true level from what the
        baseline leaves possible, so that the baseline's own uncertainty is paid for.
    exposure : ndarray
        Feedbacks or orders of each watched week, as they were.
    factor : float
        The change that the chart is tuned to.
    weeks_between_false_alarms : float
        One false alarm in so many weeks, on average, while nothing changes.
    paths : int
        Simulated shops.
    seed : int
        Start of the random numbers.

    Returns
    -------
    ndarray
        The alarm is given in a week whose score is positive and whose statistic exceeds this. A
        week's threshold depends on no later week.

    Notes
    -----
    Probability limits for a changing sample size (Shen, Zou, Jiang and Tsung, 2013), here with
    restarts after an alarm and with an estimated level: in every week the share of simulated
    unchanged shops that alarm is the stated rate. What coarse counts leave unspent is carried
    over.
    """
    generator = np.random.default_rng(seed)
    hit, unit = level.weights(factor)
    true, spreads = level.draws(paths, generator), level.spreads(paths, generator)
    statistic = np.zeros(paths)
    # A limit set by so many paths is exceeded by one path in all more often than by those.
    rate, spent = max(0.0, 1 / weeks_between_false_alarms - 1 / paths), 0.0
    found = np.full(len(exposure), math.inf)
    for week, size in enumerate(exposure):
        if not size > 0:
            continue
        score = hit * level.counts(true, spreads, size, generator) + unit * size
        statistic = np.maximum(0.0, statistic + score)
        allowance = min(rate * (week + 1) - spent, SPENT_AT_MOST * rate)
        able = np.where(score > 0, statistic, 0.0)
        # The threshold is the highest statistic that may no longer alarm.
        most = min(max(0, int(allowance * paths)), paths - 1)
        found[week] = np.partition(able, paths - 1 - most)[paths - 1 - most] + 1e-9
        alarmed = able > found[week]
        spent += alarmed.mean()
        statistic[alarmed] = 0.0
    return found


def course(
    level: Level, hits: np.ndarray, exposure: np.ndarray, limits: np.ndarray, *, factor: float
) -> tuple[np.ndarray, np.ndarray]:
    """Run the chart over real weeks; after an alarm it starts at 0 again.

    Parameters
    ----------
    level : Level
        What counts as nothing changed.
    hits, exposure : ndarray
        Counts and feedbacks or orders of each week.
    limits : ndarray
        What :func:`thresholds` returns.
    factor : float
        The change that the chart is tuned to.

    Returns
    -------
    tuple of ndarray
        The statistic of each week (in a week of alarm the one that caused it), and the alarms.
    """
    hit, unit = level.weights(factor)
    statistic, alarm = np.zeros(len(hits)), np.zeros(len(hits), dtype=bool)
    value = 0.0
    for week in range(len(hits)):
        score = hit * hits[week] + unit * exposure[week]
        value = max(0.0, value + score)
        statistic[week] = value
        alarm[week] = score > 0 and value > limits[week]
        if alarm[week]:
            value = 0.0
    return statistic, alarm
