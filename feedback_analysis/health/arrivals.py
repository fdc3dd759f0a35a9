"""How long buyers take to leave feedback, learnt from orders of which not all is in yet.

A quick complaint about a recent order is known already and a slow one is not, so a plain average of
the delays seen is too short. The reverse-time hazard allows for that: among the feedbacks that came
within d days, of orders at least d days old, it counts those that came on day d.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd

from feedback_analysis.health.order_tally import LAST_DAY, OrderTally

# Fewer delays than this say too little about the rest.
LEAST_KNOWN = 30
# No share of a day rests on fewer: the one feedback of the oldest orders, if it came on their last
# day, would say that none ever comes before.
LEAST_AT_RISK = 5
# Delays of orders older than this many days no longer show how buyers write now.
HISTORY = 455


@dataclass(frozen=True, eq=False)
class Delay:
    """Delays from order to feedback, as cells of a table that can be added up.

    Parameters
    ----------
    days : ndarray
        Delay of each cell, 0 to 90.
    ages : ndarray
        Age of the cell's orders in days, at most 90.
    counts : ndarray
        Feedbacks in each cell.
    basis : str
        What the delays are of.
    """

    days: np.ndarray
    ages: np.ndarray
    counts: np.ndarray
    basis: str

    def arrived(self) -> np.ndarray:
        """Return the share of feedback that comes within 0 to 90 days of the order."""
        return self._shares(self.counts[None, :].astype(float))[0]

    def draws(self, generator: np.random.Generator, size: int) -> np.ndarray:
        """Return shares as they would be with other chances, for the uncertainty of the estimate.

        Parameters
        ----------
        generator : Generator
            Source of chance.
        size : int
            How many.

        Returns
        -------
        ndarray
            One row a draw, 91 columns. Each feedback gets a random weight (Bayesian bootstrap).
        """
        return self._shares(generator.gamma(self.counts, size=(size, len(self.counts))))

    @property
    def rests_on_enough(self) -> bool:
        """Whether each day on which feedback came is seen in enough orders of its age."""
        old_enough = self.ages[None, :] >= self.days[:, None]
        by_then = self.days[None, :] <= self.days[:, None]
        seen, all_by_then = (by_then & old_enough) @ self.counts, by_then @ self.counts
        return bool(((seen >= LEAST_AT_RISK) | (seen == all_by_then)).all())

    def _shares(self, weights: np.ndarray) -> np.ndarray:
        steps = np.arange(LAST_DAY + 1)
        came = (self.days[:, None] == steps).astype(float)
        known = (self.days[:, None] <= steps) & (steps <= self.ages[:, None])
        events, at_risk = weights @ came, weights @ known.astype(float)
        hazard = np.divide(events, at_risk, out=np.zeros_like(events), where=at_risk > 0)
        # Share within d days: nothing more comes on any of the days after d.
        later = np.cumprod((1 - np.clip(hazard, 0, 1))[:, ::-1], axis=1)[:, ::-1]
        return np.hstack([later[:, 1:], np.ones((len(later), 1))])


def delay_of(tallied: OrderTally, as_of: date) -> Delay | None:
    """Estimate the delay from the shop's own history.

    Parameters
    ----------
    tallied : OrderTally
        Counts by order day.
    as_of : date
        Last day known.

    Returns
    -------
    Delay or None
        From negative feedback of the last fifteen months; from feedback of any rating where there
        are fewer than 30 negative ones, or too few of orders that are old enough; None where that
        holds for feedback of any rating too.
    """
    for cells, basis in (
        (tallied.negatives, "negative feedback"),
        (tallied.answered, "feedback of any rating"),
    ):
        ages = (pd.Timestamp(as_of) - cells["date"]).dt.days
        recent = cells.assign(age=ages.clip(upper=LAST_DAY))[ages <= HISTORY]
        merged = recent.groupby(["delay", "age"])["n"].sum().reset_index()
        # A feedback dated before its order is old would have no day on which it could be seen.
        merged = merged[merged["delay"] <= merged["age"]]
        counts = [merged[name].to_numpy() for name in ("delay", "age", "n")]
        found = Delay(*counts, basis)
        if found.counts.sum() >= LEAST_KNOWN and found.rests_on_enough:
            return found
    return None


def delay_table(delay: Delay, *, seed: int = 2026, draws: int = 400) -> pd.DataFrame:
    """List the share of feedback that has come after so many days.

    Parameters
    ----------
    delay : Delay
        The estimate.
    seed : int, default=2026
        Seed of the interval.
    draws : int, default=400
        Draws for the interval.

    Returns
    -------
    DataFrame
        ``days`` 0 to 90, ``arrived`` (0-1) with its 95 % interval ``low``, ``high``.
    """
    drawn = delay.draws(np.random.default_rng(seed), draws)
    low, high = np.quantile(drawn, [0.025, 0.975], axis=0)
    shares = delay.arrived()
    return pd.DataFrame(
        {"days": np.arange(LAST_DAY + 1), "arrived": shares, "low": low, "high": high}
    )
