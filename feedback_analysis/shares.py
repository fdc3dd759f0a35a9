"""A share: its interval, and the words that say it. Every room may use these."""

from __future__ import annotations

import math

import pandas as pd

Interval = tuple[float, float]
# Half of a 95 % interval, in standard errors.
NORMAL_95 = 1.959963984540054
UNKNOWN: Interval = (math.nan, math.nan)


def share_interval(count: int, n: int, *, confidence: float = 0.95) -> Interval:
    """Return the Wilson score interval of a share.

    Parameters
    ----------
    count, n : int
        Hits, and the number they are of.
    confidence : float, default=0.95
        Confidence of the two-sided interval.

    Returns
    -------
    tuple of float
        Low and high, shares 0 to 1; NaN when n is 0.

    Notes
    -----
    Wilson, 1927. The plain interval (share plus or minus 1.96 standard errors) is far too short
    for shares near 100 %, where this package works.
    """
    from scipy.stats import binomtest

    if n <= 0:
        return UNKNOWN
    found = binomtest(int(count), int(n)).proportion_ci(confidence, method="wilson")
    return float(found.low), float(found.high)


def difference_interval(
    now: float, now_interval: Interval, before: float, before_interval: Interval
) -> Interval:
    """Return an interval of the difference ``now - before`` from the two parts' own intervals.

    Parameters
    ----------
    now, before : float
        The two shares or averages.
    now_interval, before_interval : tuple of float
        Their intervals, of the same confidence.

    Returns
    -------
    tuple of float
        Low and high of the difference; NaN where a part is unknown.

    Notes
    -----
    For shares with Wilson intervals this is Newcombe's hybrid score interval (Newcombe, 1998,
    method 10); for averages the same rule (Zou and Donner, 2008).
    """
    (low, high), (low_before, high_before) = now_interval, before_interval
    difference = now - before
    return (
        difference - math.hypot(now - low, high_before - before),
        difference + math.hypot(high - now, before - low_before),
    )


def percent(value: float, digits: int = 1) -> str:
    """Return a share as a percentage in words.

    Parameters
    ----------
    value : float
        Share, 0 to 1.
    digits : int, default=1
        Decimals.

    Returns
    -------
    str
        Such as ``93.8 %``; ``not known`` when missing.
    """
    return "not known" if missing(value) else f"{100 * value:.{digits}f} %"


def part_percent(share: float) -> str:
    """Return a share in whole percents; all, or none, is said of nothing less.

    Parameters
    ----------
    share : float
        Share, 0 to 1.

    Returns
    -------
    str
        Such as ``88 %``; ``more than 99 %`` where it is nearly all, ``less than 1 %`` where it is
        nearly nothing; ``not known`` when missing.
    """
    if missing(share):
        return "not known"
    # Sums of floats miss 0 and 1 by their last digits.
    if 0.995 <= share < 1 - 1e-9:
        return "more than 99 %"
    return "less than 1 %" if 1e-9 < share < 0.005 else f"{100 * share:.0f} %"


def target_percent(target: float) -> str:
    """Return a target share as it was stated: ``95 %``, and 94.5 not rounded to ``94 %``.

    Parameters
    ----------
    target : float
        Share, 0 to 1.

    Returns
    -------
    str
        Such as ``95 %`` or ``94.5 %``.
    """
    return f"{100 * target:g} %"


def percent_range(low: float, high: float) -> str:
    """Return an interval of a share in words.

    Parameters
    ----------
    low, high : float
        Shares, 0 to 1.

    Returns
    -------
    str
        Such as ``88.7 to 96.7 %``; empty when missing.
    """
    return "" if missing(low) else f"{100 * low:.1f} to {100 * high:.1f} %"


def signed_percent(value: float, *, tell_zero: bool = False) -> str:
    """Return a lift in whole percents with its sign, without the percent sign.

    Parameters
    ----------
    value : float
        The lift: 0.19 is 19 % more.
    tell_zero : bool, default=False
        Give decimals, at most three, where rounding would hide on which side of zero it lies.

    Returns
    -------
    str
        Such as ``+19``; ``0`` without a sign when it rounds to nothing.
    """
    for digits in range(4 if tell_zero else 1):
        shown = f"{100 * value:+.{digits}f}"
        if shown.strip("+-0."):
            return shown.replace("-", "\N{MINUS SIGN}")
    return "0"


def missing(value: object) -> bool:
    """Tell whether a single value is missing, of whatever kind.

    Parameters
    ----------
    value : object
        A cell of a table.

    Returns
    -------
    bool
        True for None, NaN, NaT and NA.
    """
    return bool(pd.isna(value))
