"""How far a share is from its target, in whole feedbacks: exact, without a rounding error."""

from __future__ import annotations

import math
from fractions import Fraction

from feedback_analysis.errors import ReportError
from feedback_analysis.shares import NORMAL_95

# Further feedbacks beyond which no one asks how many more it takes to be sure.
MOST = 10_000_000


def exact(target: float) -> Fraction:
    """Return a target as the fraction that was written, 0.95 as 19/20.

    Parameters
    ----------
    target : float
        Share, 0 to 1.

    Returns
    -------
    Fraction
        The same number; as a binary float 0.95 lies a little below 19/20.

    Raises
    ------
    ReportError
        If it lies outside 0 to 1.
    """
    if not 0 <= target <= 1:
        raise ReportError(
            "a target share lies between 0 and 1", expected="such as 0.95", found=str(target)
        )
    return Fraction(str(target))


def displayed_from(target: float) -> Fraction:
    """Return the share from which Amazon's whole percent shows the target.

    Parameters
    ----------
    target : float
        Share, 0 to 1.

    Returns
    -------
    Fraction
        Each percent is rounded by itself, half up, so 95 % is shown from 94.5 % on.
    """
    whole = math.ceil(100 * exact(target))
    return max(Fraction(2 * whole - 1, 200), Fraction(0))


def positives_needed(positive: int, n: int, target: Fraction) -> int | None:
    """Return how many positive feedbacks in a row bring a share to its target.

    Parameters
    ----------
    positive, n : int
        Positive feedbacks, and all.
    target : Fraction
        Share aimed at.

    Returns
    -------
    int or None
        The smallest k with (positive + k) / (n + k) >= target; 0 where it is reached; None where
        no number does, which happens at a target of 100 % only. Without any feedback one will do.
    """
    if n == 0:
        return 1
    if positive >= target * n:
        return 0
    if target == 1:
        return None
    return math.ceil((target * n - positive) / (1 - target))


def negatives_afforded(positive: int, n: int, target: Fraction) -> int | None:
    """Return how many further feedbacks that are not positive leave a share at its target.

    Parameters
    ----------
    positive, n : int
        Positive feedbacks, and all.
    target : Fraction
        Share aimed at.

    Returns
    -------
    int or None
        The largest m with positive / (n + m) >= target; 0 where it is not reached now; None where
        any number does, at a target of 0 only.
    """
    if target == 0:
        return None
    return max(0, math.floor(positive / target) - n)


def positives_to_be_sure(positive: int, n: int, target: float) -> int | None:
    """Return how many positive feedbacks in a row make the whole interval reach the target.

    Parameters
    ----------
    positive, n : int
        Positive feedbacks, and all.
    target : float
        Share aimed at.

    Returns
    -------
    int or None
        The smallest k for which the lower end of the 95 % Wilson interval of (positive + k) of
        (n + k) is at least the target; None at a target of 100 %, which no interval reaches, and
        where it takes more than ten million.

    Notes
    -----
    The lower end solves (share - x) ** 2 = z ** 2 x (1 - x) / n, so it lies at or above the target
    exactly when the share does and (share - target) ** 2 >= z ** 2 target (1 - target) / n.
    """
    if target >= 1:
        return None
    spread = NORMAL_95**2 * target * (1 - target)

    def sure(more: int) -> bool:
        size = n + more
        ahead = positive + more - target * size
        return size > 0 and ahead >= 0 and ahead * ahead >= spread * size

    if sure(0):
        return 0
    high = 1
    while not sure(high):
        high *= 2
        if high > MOST:
            return None
    low = high // 2
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if sure(middle) else (middle, high)
    return high
