"""When a share reaches its target if feedback keeps coming in as it did lately.

Positive and other feedback arrive as two Poisson streams. Their daily rates are not known but
estimated from the last days, so every simulated future first draws its rates (gamma, with Jeffreys'
prior) and then its arrivals; old feedback leaves the rolling window day by day meanwhile.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction

import numpy as np
import pandas as pd

PACE_DAYS = 90
HORIZON = 730
# A day on which a small window happens to lie at the target is luck: it must hold so many days.
HOLD = 28
RUNS = 2000
QUANTILES = {
    "reached": 0.5,
    "reached_80_low": 0.1,
    "reached_80_high": 0.9,
    "reached_95_low": 0.025,
    "reached_95_high": 0.975,
}


@dataclass(frozen=True)
class Pace:
    """How much feedback came in lately.

    Parameters
    ----------
    positive, other : int
        Positive feedback, and neutral and negative together.
    days : int
        Days in which they came.
    """

    positive: int
    other: int
    days: int

    @property
    def n(self) -> int:
        """All feedback of those days."""
        return self.positive + self.other


@dataclass(frozen=True, eq=False)
class Futures:
    """Simulated arrivals from tomorrow on, added up.

    Parameters
    ----------
    positive, other : ndarray
        One row a run, one column a day ahead, the first for today (0).
    """

    positive: np.ndarray
    other: np.ndarray


def futures(pace: Pace, *, seed: int, runs: int = RUNS) -> Futures:
    """Draw possible futures at a pace.

    Parameters
    ----------
    pace : Pace
        What came in lately.
    seed : int
        Seed of the draws.
    runs : int, default=2000
        Number of futures.

    Returns
    -------
    Futures
        Two years and four weeks of days.
    """
    generator = np.random.default_rng(seed)
    added = []
    for count in (pace.positive, pace.other):
        daily = generator.gamma(count + 0.5, 1 / pace.days, size=(runs, 1))
        arrivals = generator.poisson(daily, size=(runs, HORIZON + HOLD))
        zero = np.zeros((runs, 1), dtype=np.int64)
        added.append(np.hstack([zero, np.cumsum(arrivals, axis=1)]))
    return Futures(*added)


def when_reached(
    drawn: Futures, held: pd.DataFrame, length: int | None, target: Fraction, as_of: date
) -> dict[str, object]:
    """Return when a window's share reaches its target, to hold it, in the drawn futures.

    Parameters
    ----------
    drawn : Futures
        What :func:`futures` returns.
    held : DataFrame
        Old feedback that the window still holds on each coming day (:func:`rolloff.kept`), or one
        row for a window from which nothing leaves.
    length : int or None
        Days of the window; None for lifetime.
    target : Fraction
        Share aimed at.
    as_of : date
        Today.

    Returns
    -------
    dict
        ``reached`` (median of the first day of four weeks in a row at the target),
        ``reached_80_low`` to ``reached_95_high``: NaT where it lies beyond two years; ``chance``:
        share of the futures that reach it within two years.
    """
    steps = HORIZON + HOLD
    old_positive = _extend(held["positive"].to_numpy(), steps, length)
    old_other = _extend((held["neutral"] + held["negative"]).to_numpy(), steps, length)
    positive = old_positive + _inside(drawn.positive, length)
    n = positive + old_other + _inside(drawn.other, length)
    at_target = (positive * target.denominator >= target.numerator * n) & (n > 0)
    missed = np.cumsum(~at_target, axis=1)
    holds = missed[:, HOLD:] == missed[:, :-HOLD]
    reached = holds.any(axis=1)
    first = np.where(reached, 1 + holds.argmax(axis=1), math.inf)
    found: dict[str, object] = {}
    for name, point in QUANTILES.items():
        day = float(np.quantile(first, point, method="inverted_cdf"))
        found[name] = pd.NaT if math.isinf(day) else pd.Timestamp(as_of + timedelta(days=int(day)))
    found["chance"] = float(reached.mean())
    return found


def only_positive(
    held: pd.DataFrame, length: int | None, pace: Pace | None, target: Fraction, as_of: date
) -> pd.Timestamp:
    """Return when a window meets its target if all that comes in at the present pace is positive.

    Parameters
    ----------
    held : DataFrame
        As for :func:`when_reached`.
    length : int or None
        Days of the window; None for lifetime.
    pace : Pace or None
        How much came in lately.
    target : Fraction
        Share aimed at.
    as_of : date
        Today.

    Returns
    -------
    Timestamp
        The first such day; NaT without a pace, or beyond two years.
    """
    if pace is None or not pace.n:
        return pd.NaT
    steps = np.arange(HORIZON + 1)
    kept_days = steps if length is None else np.minimum(steps, length)
    coming = kept_days * pace.n / pace.days
    positive = _extend(held["positive"].to_numpy(), HORIZON, length) + coming
    n = positive + _extend((held["neutral"] + held["negative"]).to_numpy(), HORIZON, length)
    met = np.flatnonzero((positive >= float(target) * n) & (n > 0))
    return pd.Timestamp(as_of + timedelta(days=int(met[0]))) if len(met) else pd.NaT


def _extend(counts: np.ndarray, steps: int, length: int | None) -> np.ndarray:
    """Return counts of old feedback for every step: constant for lifetime, else 0 after the end."""
    if length is None:
        return np.full(steps + 1, counts[0])
    return np.pad(counts, (0, max(0, steps + 1 - len(counts))))[: steps + 1]


def _inside(added: np.ndarray, length: int | None) -> np.ndarray:
    """Return how much of what came in is still in the window on each day ahead."""
    if length is None:
        return added
    inside = added.copy()
    inside[:, length:] -= added[:, :-length]
    return inside
