"""Weeks that swing more than chance does: how much, and whether that can be told at all."""

from __future__ import annotations

import numpy as np

# Weeks that swing by chance alone pass for swinging in one of twenty shops; these then get a chart
# that is a little slow, where missing a true swing would give them one that cries wolf.
CERTAIN = 0.05
MOST = 4.0


def spread_of(kind: str, hits: np.ndarray, exposure: np.ndarray) -> float:
    """Estimate how widely the weekly rate itself swings around its mean.

    Parameters
    ----------
    kind : str
        ``binomial`` or ``poisson``.
    hits, exposure : ndarray
        Counts, and feedbacks or orders, of weeks in which nothing is supposed to change.

    Returns
    -------
    float
        Squared coefficient of variation of the weekly rate; 0 where chance alone would make the
        weeks swing as much in one of twenty shops.

    Notes
    -----
    Pearson's statistic against chi-square with one degree of freedom less than weeks; then the
    spread at which that statistic equals its degrees of freedom (the moment estimator of Breslow,
    1984). A slow drift or a season counts as swinging, too: the chart knows one level only.
    """
    from scipy import optimize, stats

    inside = exposure > 0
    hits, exposure = hits[inside], exposure[inside]
    free = len(hits) - 1
    if free < 1 or not hits.sum() > 0:
        return 0.0
    rate = hits.sum() / exposure.sum()
    expected = rate * exposure
    chance = expected * (1 - rate) if kind == "binomial" else expected
    if not chance.min() > 0:
        return 0.0

    def beyond(spread: float) -> float:
        more = spread * expected**2
        if kind == "binomial":
            more = more * (1 - 1 / np.maximum(exposure, 1))
        return float(((hits - expected) ** 2 / (chance + more)).sum() - free)

    if stats.chi2.sf(beyond(0.0) + free, free) >= CERTAIN:
        return 0.0
    if beyond(MOST) > 0:
        return MOST
    return float(optimize.brentq(beyond, 0.0, MOST, xtol=1e-6))


def beta_parameters(share: float | np.ndarray, spread: float | np.ndarray):
    """Return the beta distribution of a weekly share with a mean and a squared variation.

    Parameters
    ----------
    share : float or ndarray
        Mean, 0 to 1.
    spread : float or ndarray
        Squared coefficient of variation of the weekly share.

    Returns
    -------
    tuple
        Both parameters; a spread that no share can have is cut to the widest possible.
    """
    together = np.maximum((1 - share) / (spread * np.maximum(share, 1e-12)) - 1, 1e-3)
    return np.maximum(share * together, 1e-9), np.maximum((1 - share) * together, 1e-9)
