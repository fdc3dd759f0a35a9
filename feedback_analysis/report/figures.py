"""A key figure: a number, what it is of, how sure it is, and how it stands to earlier ones."""

from __future__ import annotations

import math
from dataclasses import dataclass, field, replace
from typing import Literal

from feedback_analysis.health.intervals import difference_interval
from feedback_analysis.periods import Period
from feedback_analysis.report.wording import GLUE, NOTHING, interval, known, plain
from feedback_analysis.shares import NORMAL_95

# Share of false alarms accepted among the changes that are called clear.
LEVEL = 0.05

Unit = Literal[
    "share",
    "small share",
    "lift",
    "stars",
    "per 100 orders",
    "per 100 sessions",
    "per 100 units",
    "count",
]


@dataclass(frozen=True)
class Value:
    """A measured number.

    Attributes
    ----------
    value : float or None
        The number; shares are 0 to 1. None where only bounds are known.
    n : int or None
        What it is of: feedbacks, orders, sessions; None for a plain count.
    low, high : float or None
        95 % interval, or bounds where part of it is not known at all.
    verdict : str or None
        ``met``, ``not met``, ``going over`` (of defects still to come), ``cannot tell yet`` or
        ``too few to say``; None without a target.
    source : str
        What it was computed from, in a sentence.
    complete : bool
        False when days are left out because they are not known.
    """

    value: float | None
    n: int | None = None
    low: float | None = None
    high: float | None = None
    verdict: str | None = None
    source: str = ""
    complete: bool = True

    def __post_init__(self) -> None:
        for name in ("value", "low", "high"):
            number = getattr(self, name)
            object.__setattr__(self, name, float(number) if known(number) else None)


@dataclass(frozen=True)
class Missing:
    """Why a figure cannot be given, and what would give it; both without a full stop."""

    reason: str
    remedy: str = ""

    def __str__(self) -> str:
        return f"{self.reason}; {self.remedy}" if self.remedy else self.reason


@dataclass(frozen=True)
class Comparison:
    """A figure's value in an earlier period with its interval, and the difference with its own.

    ``difference``, ``low`` and ``high`` are in the figure's unit (0-1 for a share). ``p`` is
    two-sided and below 0.05 where the difference's interval leaves zero out; ``q`` is ``p``
    corrected for all changes that were looked at (:func:`corrected`; equal to ``p`` before that).
    ``sure`` tells whether the interval leaves zero out and ``q`` is at most 0.05. All are None
    where no interval can be given, as for a plain count.
    """

    period: str
    label: str
    value: float | None
    n: int | None
    value_low: float | None
    value_high: float | None
    difference: float | None
    low: float | None
    high: float | None
    sure: bool | None
    p: float | None = None
    q: float | None = None

    @property
    def by_itself(self) -> bool:
        """Whether the difference's interval leaves zero out, other changes left aside."""
        return known(self.low) and known(self.high) and (self.low > 0 or self.high < 0)


@dataclass(frozen=True)
class Figure:
    """One key figure of a period, with what it is compared to."""

    id: str
    label: str
    unit: Unit
    n_of: str = ""
    target: float | None = None
    now: Value | Missing = field(default_factory=lambda: Missing("not known"))
    previous: Comparison | None = None
    year_before: Comparison | None = None

    def compared(self, *, previous: Comparison | None, year_before: Comparison | None) -> Figure:
        """Return the figure with its comparisons."""
        return replace(self, previous=previous, year_before=year_before)


def compare(
    now: Value | Missing, before: Value | Missing, *, period: Period, minimum_n: int
) -> Comparison | None:
    """Compare a value with an earlier one.

    Parameters
    ----------
    now, before : Value or Missing
        The two values.
    period : Period
        What ``before`` is about.
    minimum_n : int
        Values of fewer than this say too little to be compared.

    Returns
    -------
    Comparison or None
        None where one of the two is missing; without a difference where one is too small, only
        bounded, or a rate of too few days to have an interval. The interval of the difference is
        Newcombe's (1998) for shares and by the same rule (Zou and Donner, 2008) for the others;
        plain counts are complete and have none.
    """
    if isinstance(now, Missing) or isinstance(before, Missing):
        return None
    difference = low = high = sure = p = None
    enough = all(
        part.n is None or (part.n >= minimum_n and known(part.low) and known(part.high))
        for part in (now, before)
    )
    if enough and now.value is not None and before.value is not None:
        difference = now.value - before.value
        limits = (now.low, now.high, before.low, before.high)
        if all(known(limit) for limit in limits):
            low, high = difference_interval(
                now.value, (now.low, now.high), before.value, (before.low, before.high)
            )
            sure = low > 0 or high < 0
            p = chance_of(difference, low, high)
    return Comparison(
        period=period.id,
        label=period.label,
        value=before.value,
        n=before.n,
        value_low=before.low,
        value_high=before.high,
        difference=difference,
        low=low,
        high=high,
        sure=sure,
        p=p,
        q=p,
    )


def chance_of(difference: float, low: float, high: float) -> float:
    """Return the two-sided p value that fits a difference and its 95 % interval.

    Parameters
    ----------
    difference, low, high : float
        The difference and its interval, which need not lie evenly around it.

    Returns
    -------
    float
        0 to 1: the reach of the interval towards zero is taken for 1.96 standard errors, so that
        p is below 0.05 exactly where the interval leaves zero out.
    """
    reach = difference - low if difference > 0 else high - difference
    if difference == 0 or reach <= 0:
        return 1.0 if difference == 0 else 0.0
    return math.erfc(NORMAL_95 * abs(difference) / reach / math.sqrt(2))


def corrected(figures: tuple[Figure, ...]) -> tuple[Figure, ...]:
    """Correct the comparisons of all figures for how many they are.

    Parameters
    ----------
    figures : tuple of Figure
        Each with its comparisons.

    Returns
    -------
    tuple of Figure
        The same with ``q`` and ``sure`` of every comparison that has an interval.

    Notes
    -----
    Benjamini and Hochberg (1995), as in ``health.standouts``: both comparisons of all figures are
    one list. The share and the average of the same feedbacks depend on each other positively, for
    which the rule holds too.
    """
    from scipy.stats import false_discovery_control

    found = [
        each.p
        for figure in figures
        for each in (figure.previous, figure.year_before)
        if each is not None and each.p is not None
    ]
    if not found:
        return figures
    allowed = iter(false_discovery_control(found, method="bh").tolist())

    def judged(each: Comparison | None) -> Comparison | None:
        if each is None or each.p is None:
            return each
        q = next(allowed)
        return replace(each, q=q, sure=each.by_itself and q <= LEVEL)

    # In the order in which the p values were taken.
    return tuple(
        figure.compared(previous=judged(figure.previous), year_before=judged(figure.year_before))
        for figure in figures
    )


def shown(value: Value, unit: str) -> str:
    """Return a value as it is read, or its bounds where only these are known."""
    if value.value is not None:
        return plain(value.value, unit)
    return interval(value.low, value.high, unit) or NOTHING


def earlier(comparison: Comparison, unit: str) -> str:
    """Return an earlier value as it is read, or its bounds where only these are known."""
    if known(comparison.value):
        return plain(comparison.value, unit)
    return interval(comparison.value_low, comparison.value_high, unit) or NOTHING


def aim(figure: Figure) -> str:
    """Return a figure's target as it is read: ``95 %`` or ``4.5``."""
    share = figure.unit in ("share", "small share")
    return f"{100 * figure.target:g}{GLUE}%" if share else f"{figure.target:g}"


def missed_perhaps_by_chance(figure: Figure) -> bool:
    """Tell whether even the highest possible figure missed its target, but not beyond chance."""
    now = figure.now
    if isinstance(now, Missing) or now.value is not None or now.high is None:
        return False
    return now.verdict == "cannot tell yet" and now.high < figure.target
