"""How long a CUSUM runs before it alarms, as a Markov chain: constant volume, any distribution."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np

# Cumulative distribution function of the weekly score: P(score <= value), for an array of values.
Distribution = Callable[[np.ndarray], np.ndarray]
# Cells that the range from 0 to the threshold is cut into.
STATES = 250


def average_run_length(scores: Distribution, threshold: float) -> float:
    """Return the average number of weeks until a CUSUM that begins at 0 exceeds its threshold.

    Parameters
    ----------
    scores : callable
        Cumulative distribution function of the score that a week adds.
    threshold : float
        The alarm is given when the statistic exceeds it.

    Returns
    -------
    float
        Weeks; infinite when no week can bring the statistic above the threshold.

    Notes
    -----
    Brook and Evans (1972): the statistic max(0, statistic + score) is a Markov chain on cells of
    which the first is 0; the average run length solves (I - P) length = 1. Checked against the
    published values of the normal CUSUM (Montgomery, Introduction to Statistical Quality Control,
    table of the average run lengths of a tabular CUSUM with k = 0.5: 168 at h = 4, 465 at h = 5
    for two sides, hence twice those for one side).
    """
    if threshold <= 0:
        return 1 / max(1e-300, float(1 - scores(np.array([threshold]))[0]))
    # Cells of width w centred on 0, w, 2w ...; the first also takes all that would fall below 0.
    width = 2 * threshold / (2 * STATES - 1)
    centre = width * np.arange(STATES)
    upper = (centre + width / 2)[None, :] - centre[:, None]
    upto = scores(upper.ravel()).reshape(upper.shape)
    step = np.diff(upto, axis=1, prepend=0.0)
    try:
        length = np.linalg.solve(np.eye(STATES) - step, np.ones(STATES))
    except np.linalg.LinAlgError:
        return math.inf
    found = float(length[0])
    return found if 1 - 1e-9 <= found < 1e12 else math.inf
