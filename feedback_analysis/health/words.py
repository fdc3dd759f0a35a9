"""The sentences that go with the figures: number, n, interval, period, verdict."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import pandas as pd

from feedback_analysis.periods import day_in_words
from feedback_analysis.shares import missing, percent, percent_range, target_percent
from feedback_analysis.texts import sentence_case, several


def stars_range(low: float, high: float) -> str:
    """Return an interval of average stars in words.

    Parameters
    ----------
    low, high : float
        Stars, 1 to 5.

    Returns
    -------
    str
        Such as ``4.31 to 4.62``; empty when missing.
    """
    return "" if missing(low) else f"{low:.2f} to {high:.2f}"


def signed(value: float, digits: int = 1) -> str:
    """Return a difference with its sign.

    Parameters
    ----------
    value : float
        The difference.
    digits : int, default=1
        Decimals.

    Returns
    -------
    str
        Such as ``+3.0`` or, with a true minus, ``−1.6``.
    """
    return f"{value:+.{digits}f}".replace("-", "\N{MINUS SIGN}")


def in_points(difference: float) -> str:
    """Return a difference of two shares in percentage points, with its sign.

    Parameters
    ----------
    difference : float
        The difference, 0.01 is one point.

    Returns
    -------
    str
        Such as ``+3.0``; what rounds to nothing is ``0.0``, without a sign.
    """
    points = round(100 * difference, 1)
    return signed(points) if points else "0.0"


def feedbacks(n: int) -> str:
    """Return a number of feedbacks in words.

    Parameters
    ----------
    n : int
        How many.

    Returns
    -------
    str
        Such as ``1 feedback`` or ``1,020 feedbacks``.
    """
    return several(n, "feedback")


def uncounted(n: int, when: str) -> str:
    """Say that feedback of days whose positives are unknown is left out.

    Parameters
    ----------
    n : int
        How many feedbacks of 1 to 3 stars.
    when : {"earlier", "later"}
        On which side of the days counted.

    Returns
    -------
    str
        Such as ``the 3 later feedbacks of 1 to 3 stars are not counted``.
    """
    count, verb = (f"{n:,} {when} feedbacks", "are") if n != 1 else (f"{when} feedback", "is")
    return f"the {count} of 1 to 3 stars {verb} not counted"


def share_phrase(row: Mapping[str, object], *, span: str) -> str:
    """Say the positive share of a row of a rating table.

    Parameters
    ----------
    row : mapping
        A row of a rating table.
    span : str
        When, such as ``in October 2026``.

    Returns
    -------
    str
        A clause without a full stop.
    """
    if missing(row["n"]):
        return f"the share of positive feedback {span} is not known"
    if row["n"] == 0:
        return f"no feedback was received {span}"
    if row["share_verdict"] == "too few to say":
        were = "was" if int(row["positive"]) == 1 == int(row["n"]) else "were"
        return f"{int(row['positive'])} of {feedbacks(row['n'])} {span} {were} positive"
    return (
        f"{percent(row['share'])} of {feedbacks(row['n'])} {span} were positive "
        f"(95 % interval {percent_range(row['low'], row['high'])})"
    )


def rating_sentence(
    row: Mapping[str, object],
    *,
    targets: tuple[float, float],
    place: str | None = None,
    until: date | None = None,
    span: str | None = None,
) -> str:
    """Say a row of a rating table against both targets.

    Parameters
    ----------
    row : mapping
        A row of a rating table.
    targets : tuple of float
        Positive share and average aimed at.
    place : str, optional
        Marketplace.
    until : date, optional
        Last day of a window; then the row's ``window`` names the span.
    span : str, optional
        When, for rows that are no window.

    Returns
    -------
    str
        One or two sentences.
    """
    if span is None:
        span = _window_words(row, until)
    start = f"{place}: " if place else ""
    clause = share_phrase(row, span=span)
    first = f"{start}{clause if place else sentence_case(clause)}"
    if missing(row["n"]) or row["n"] == 0:
        return f"{first}."
    share_target, average_target = targets
    if row["share_verdict"] == "too few to say":
        return f"{first}: too few to say whether the targets are met."
    first += f": {against(row['share_verdict'], target_percent(share_target))}."
    bounds = stars_range(row["average_low"], row["average_high"])
    if missing(row["average"]):
        average = f"The average lies between {bounds.replace(' to ', ' and ')} stars, because the "
        average += "split of 4 and 5 stars is not known"
        if row["average_verdict"] == "cannot tell yet" and row["average_high"] < average_target:
            return (
                f"{first} {average}: even the highest is below the target of {average_target:g}, "
                f"but of {feedbacks(row['n'])} that may be chance."
            )
    else:
        average = f"The average is {row['average']:.2f} stars (95 % interval {bounds})"
    return f"{first} {average}: {against(row['average_verdict'], f'{average_target:g}')}."


def against(verdict: str, target: str) -> str:
    """Put a verdict and its target into words.

    Parameters
    ----------
    verdict : str
        A verdict other than too few to say.
    target : str
        The target in words.

    Returns
    -------
    str
        Such as ``the target of 95 % is met``.
    """
    return {
        "met": f"the target of {target} is met",
        "not met": f"the target of {target} is not met",
        "cannot tell yet": f"whether the target of {target} is met cannot be told yet",
    }[verdict]


def _window_words(row: Mapping[str, object], until: date | None) -> str:
    end = "" if until is None else f" to {day_in_words(until)}"
    if row["window"] != "lifetime" and not row["complete"] and not missing(row["since"]):
        begin = day_in_words(pd.Timestamp(row["since"]).date())
        return f"since {begin}, the known part of the {row['window']}{end},"
    if row["window"] != "lifetime":
        return f"in the {row['window']}{end}"
    if missing(row["since"]):
        return f"in the shop's lifetime{end}"
    return f"since {day_in_words(pd.Timestamp(row['since']).date())}"
