"""The result in words: how much, how sure, and what it is not."""

from __future__ import annotations

import math
from typing import Any

from feedback_analysis.shares import signed_percent
from feedback_analysis.texts import several

# A number and its unit stay on one line.
PERCENT = "\N{NO-BREAK SPACE}%"


def lift_words(lift: float) -> str:
    """Return a lift with its sign, such as ``+25 %``."""
    if math.isnan(lift):
        return "not known"
    return f"{signed_percent(lift)}{PERCENT}"


def range_words(low: float, high: float) -> str:
    """Return an interval of lifts, such as ``+12 to +40 %`` or ``+0.4 to +28 %``."""
    if math.isnan(low) or math.isnan(high):
        return "not known"
    ends = (signed_percent(end, tell_zero=True) for end in (low, high))
    return f"{' to '.join(ends)}{PERCENT}"


def effect_text(
    *,
    lift: float,
    interval: tuple[float, float],
    grade: str,
    reason: str,
    warnings: list[str],
    smallest_lift: float,
    switching: int,
) -> str:
    """Say what was found.

    Parameters
    ----------
    lift, interval, grade, reason, warnings, smallest_lift, switching
        As in :class:`ReviewEffect`.

    Returns
    -------
    str
        Two to four sentences.
    """
    likely = range_words(*interval)
    direction = "raises" if lift > 0 else "lowers"
    seen = f"{several(switching, 'family', 'families')} seen both without and with reviews"
    if grade == "unreliable":
        return (
            f"What reviews do to conversion cannot be told. {reason} So far anything from "
            f"{likely} would fit."
        )
    if grade == "none":
        return (
            f"No clear effect of the first review on conversion: {likely} all fit ({seen}). "
            f"An effect above {lift_words(smallest_lift)} would probably have been seen; a smaller "
            "one may well be there."
        )
    sure = {
        "strong": "Grade strong: both ways of estimating agree on it, and no check warns.",
        "suggestive": "Grade suggestive, not proven: "
        + (
            " ".join(warnings)
            or "the 90 % ranges of both ways of estimating leave zero out, their 95 % ranges do "
            "not."
        ),
    }[grade]
    return (
        f"A first review {direction} conversion by about {lift_words(abs(lift)).lstrip('+')}, "
        f"likely {likely}, in the six weeks that follow it ({seen}). {sure} Sessions are held "
        "fixed: what reviews do to the number of visitors is not in it."
    )


def sessions_text(result: Any) -> str:
    """Say what happened to sessions with reviews, apart from the effect on conversion.

    Parameters
    ----------
    result : ReviewEffect
        An effect.

    Returns
    -------
    str
        Called a change: advertising raises sessions and brings first sales alike.
    """
    change, low, high = result.sessions
    if math.isnan(change):
        return "What reviews do to the number of sessions cannot be told from these files."
    return (
        f"Sessions of the same family change by {lift_words(change)} with reviews "
        f"({range_words(low, high)}), the time of the year and the product's age held equal. That "
        "is a change, not an effect: advertising and promotions raise sessions and bring first "
        "sales alike."
    )
