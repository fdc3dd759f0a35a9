"""Limits that say a number; of several spans without a day in common it is the sum."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from feedback_analysis.texts import several

Days = tuple[date | None, date]


def _without_total(place: str, days: int) -> str:
    return (
        f"{place}: {several(days, 'day has', 'days have')} no total and "
        f"{'counts' if days == 1 else 'count'} for nothing."
    )


def _not_counted(place: str, struck: int) -> str:
    return (
        f"{place}: {several(struck, 'feedback')} that a newer download no longer holds "
        f"{'is' if struck == 1 else 'are'} not counted."
    )


NUMBERED = {"days": _without_total, "gone": _not_counted}


def added_up(numbers: Sequence[tuple[Days, int]]) -> int:
    """Add numbers of spans up, those of a span inside another one left out.

    Parameters
    ----------
    numbers : sequence of tuple
        First day (None: since the beginning) and last day of a span, and its number; only spans
        that have one.

    Returns
    -------
    int
    """
    outer: list[tuple[Days, int]] = []
    # The span that begins first, and of these the one that ends last, holds those after it.
    for (start, end), n in sorted(
        numbers, key=lambda each: (each[0][0] or date.min, -each[0][1].toordinal())
    ):
        if not outer or end > outer[-1][0][1]:
            outer.append(((start, end), n))
    return sum(n for _, n in outer)
