"""When a change probably began: the likeliest week, and the weeks that are nearly as likely."""

from __future__ import annotations

import numpy as np

from feedback_analysis.health.cusum import Level

# Weeks whose log-likelihood lies within this of the best are kept. With it the weeks kept hold the
# true one in 90 to 100 of 100 simulated alarms after a doubling (benchmarks/alarms.py).
WITHIN = 2.5


def change_point(
    level: Level,
    hits: np.ndarray,
    exposure: np.ndarray,
    *,
    alarm: int,
    zero: int,
    restart: int = 0,
    within: float = WITHIN,
) -> tuple[int, int, int]:
    """Return the week in which a change probably began, and the first and last one possible.

    Parameters
    ----------
    level : Level
        What counts as nothing changed.
    hits, exposure : ndarray
        Counts and feedbacks or orders of each watched week.
    alarm : int
        Number of the week of the alarm.
    zero : int
        First week after the statistic was last 0; the likeliest week is sought from here on.
    restart : int, default=0
        First week after the alarm before, or of the watched span; no earlier week is possible.
    within : float
        How far below the highest log-likelihood a possible week's may lie.

    Returns
    -------
    tuple of int
        Numbers of the likeliest, the first and the last week.

    Notes
    -----
    The likelihood of a change in a week: one level before it (with the baseline's weeks, or as
    given), another from it to the alarm, each at its best. The set is a profile likelihood set;
    weeks before ``zero`` belong to it too, for the statistic can touch 0 after the change.
    """
    weeks = np.arange(restart, alarm + 1)
    before = np.concatenate([[0.0], np.cumsum(hits[restart:alarm])])
    earlier = np.concatenate([[0.0], np.cumsum(exposure[restart:alarm])])
    all_hits = float(np.sum(hits[restart : alarm + 1]))
    all_exposure = float(np.sum(exposure[restart : alarm + 1]))
    after = _best(level, all_hits - before, all_exposure - earlier)
    if level.exposure > 0:
        calm = _best(level, level.hits + before, level.exposure + earlier)
    else:
        calm = _at(level, before, earlier, np.full(len(weeks), level.value))
    likelihood = calm + after
    since = weeks >= zero
    began = int(weeks[since][np.argmax(likelihood[since])])
    # Weeks that swing beyond chance carry less evidence each (quasi-likelihood).
    within = within * level.dispersion(all_exposure / len(weeks))
    possible = weeks[likelihood >= likelihood[since].max() - within]
    return began, int(min(possible.min(), began)), int(max(possible.max(), began))


def _best(level: Level, hits: np.ndarray, exposure: np.ndarray) -> np.ndarray:
    """Return the log-likelihood at the level that fits best."""
    rate = np.divide(hits, exposure, out=np.zeros_like(hits), where=exposure > 0)
    return _at(level, hits, exposure, rate)


def _at(level: Level, hits: np.ndarray, exposure: np.ndarray, rate: np.ndarray) -> np.ndarray:
    from scipy.special import xlog1py, xlogy

    if level.kind == "poisson":
        return xlogy(hits, rate) - rate * exposure
    return xlogy(hits, rate) + xlog1py(exposure - hits, -np.minimum(rate, 1.0))
