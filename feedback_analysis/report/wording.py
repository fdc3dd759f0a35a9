"""Numbers as people read them: thousands, percent with one decimal, intervals, signed changes."""

from __future__ import annotations

import math
from datetime import date

from feedback_analysis.periods import MONTHS
from feedback_analysis.shares import signed_percent

# A number and its unit stay on one line.
GLUE = "\N{NO-BREAK SPACE}"
MINUS = "\N{MINUS SIGN}"
NOTHING = "\N{EN DASH}"


def known(number: float | None) -> bool:
    """Tell whether there is a number at all."""
    return number is not None and not math.isnan(number)


def thousands(number: float | None) -> str:
    """Return a count with commas: ``9,412``."""
    return f"{number:,.0f}" if known(number) else NOTHING


def plain(number: float | None, unit: str) -> str:
    """Return a figure in its unit.

    Parameters
    ----------
    number : float or None
        The figure; shares are 0 to 1.
    unit : {"share", "small share", "lift", "stars", "per 100 ...", "count"}
        What it is counted in.

    Returns
    -------
    str
        ``93.8 %``, ``+19 %`` of a lift, ``4.58``, ``12.1`` or ``1,204``; a dash when there is none.
    """
    if not known(number):
        return NOTHING
    if unit == "share":
        return f"{100 * number:.1f}{GLUE}%"
    if unit == "small share":
        return f"{100 * number:.2f}{GLUE}%"
    if unit == "lift":
        return f"{signed_percent(number)}{GLUE}%"
    if unit == "stars":
        return f"{number:.2f}"
    if unit.startswith("per 100"):
        return f"{100 * number:.1f}"
    return thousands(number)


def interval(low: float | None, high: float | None, unit: str) -> str:
    """Return an interval with its unit once: ``88.7 to 96.7 %``; empty when there is none.

    An end of a lift that rounds to 0 gets decimals, for it shows on which side of zero it lies.
    """
    if not (known(low) and known(high)):
        return ""
    if unit == "lift":
        ends = (signed_percent(end, tell_zero=True) for end in (low, high))
        return f"{f'{GLUE}to{GLUE}'.join(ends)}{GLUE}%"
    first = plain(low, unit).removesuffix(f"{GLUE}%")
    return f"{first}{GLUE}to{GLUE}{plain(high, unit)}"


def signed(number: float | None, unit: str, *, tell_zero: bool = False) -> str:
    """Return a change with its sign: ``+0.3``, ``−2.6`` (percentage points for a share).

    Parameters
    ----------
    number : float or None
        The change.
    unit : str
        Its unit, as for :func:`plain`.
    tell_zero : bool, default=False
        Give more digits where rounding would hide on which side of zero the number lies.

    Returns
    -------
    str
        The change; ``0`` without a sign when it rounds to nothing.
    """
    if not known(number):
        return NOTHING
    shown = plain(abs(number), unit).removesuffix(f"{GLUE}%")
    if not shown.strip("0."):
        if not tell_zero:
            return shown
        shown = "0" if unit == "count" else f"{abs(number) * (1 if unit == 'stars' else 100):.3f}"
        if not shown.strip("0."):
            return "0"
        shown = shown[:-1] if shown[:-1].strip("0.") else shown
    return f"{'+' if number > 0 else MINUS}{shown}"


def size(number: float | None, unit: str) -> str:
    """Return how large a change is, without its sign: ``2.6``; never nothing for a real one."""
    return signed(number, unit, tell_zero=True).lstrip(f"+{MINUS}")


def signed_interval(low: float | None, high: float | None, unit: str) -> str:
    """Return a change's interval: ``−6.8 to +1.6``; empty when there is none."""
    if not (known(low) and known(high)):
        return ""
    ends = (signed(end, unit, tell_zero=True) for end in (low, high))
    return f"{GLUE}to{GLUE}".join(ends)


def change(number: float | None, low: float | None, high: float | None, unit: str) -> str:
    """Return a change with its interval: ``−2.6 (−6.8 to +1.6)``."""
    likely = signed_interval(low, high, unit)
    return f"{signed(number, unit)} ({likely})" if likely else signed(number, unit)


def day(value: date) -> str:
    """Return a day as ``31 October 2026``."""
    return f"{value.day} {MONTHS[value.month - 1]} {value.year}"
