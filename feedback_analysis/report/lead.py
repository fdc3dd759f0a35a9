"""The first sentence of the report: the verdict on both targets."""

from __future__ import annotations

from feedback_analysis.report.feedback_figures import WINDOWS_ONLY
from feedback_analysis.report.figures import Missing, Value, aim, missed_perhaps_by_chance, shown
from feedback_analysis.report.key_figures import KeyFigures
from feedback_analysis.texts import several


def lead(figures: KeyFigures) -> str:
    """Say the verdict on both targets in one or two sentences.

    Parameters
    ----------
    figures : KeyFigures
        Of the period.

    Returns
    -------
    str
        What is not known is said to be so, with what is known instead.
    """
    share, average = figures["positive_share"], figures["average_score"]
    period = figures.period.label
    if isinstance(share.now, Missing):
        if window := _known_window(figures):
            return window
        low = figures["negatives_and_neutrals"].now
        if isinstance(low, Value):
            return (
                f"Whether the targets are met cannot be said: {period} brought "
                f"{several(int(low.value), 'feedback')} of 1 to 3 stars, and how many were "
                "positive is not known."
            )
        return f"Whether the targets are met cannot be said: {share.now.reason}."
    verdicts = share.now.verdict, average.now.verdict
    goals = f"{aim(share)} positive", f"an average of {aim(average)}"
    if verdicts == ("met", "met"):
        return f"Both targets are met in {period}: {goals[0]} and {goals[1]}."
    if verdicts == ("not met", "not met"):
        return f"Both targets are missed in {period}: {goals[0]} and {goals[1]}."
    if verdicts[0] == "too few to say":
        n = several(share.now.n, "feedback")
        return f"{n} in {period}: too few to say whether the targets are met."
    if verdicts[0] == verdicts[1]:
        return f"Whether {goals[0]} and {goals[1]} are reached in {period} cannot be told yet."
    first = {
        "met": f"The target of {goals[0]} is met in {period}",
        "not met": f"The target of {goals[0]} is missed in {period}",
        "cannot tell yet": f"Whether {goals[0]} is reached in {period} cannot be told yet",
    }
    second = {
        "met": f"{goals[1]} is reached",
        "not met": f"{goals[1]} is not reached",
        "cannot tell yet": f"whether {goals[1]} is reached cannot be told yet",
    }
    if missed_perhaps_by_chance(average):
        second["cannot tell yet"] = (
            f"the average score is below {aim(average)} as well, but this one {_kind(figures)} "
            "cannot prove it"
        )
    return f"{first[verdicts[0]]}; {second[verdicts[1]]}."


def _known_window(figures: KeyFigures) -> str:
    """Say the longest window of days whose share is known, where the period's own is not."""
    for days in ("365_days", "90_days", "30_days"):
        window = figures[f"positive_share_{days}"]
        if isinstance(window.now, Value) and window.now.verdict != "too few to say":
            state = {
                "met": "the target of {} is met",
                "not met": "the target of {} is missed",
                "cannot tell yet": "whether the target of {} is reached cannot be told yet",
            }[window.now.verdict].format(f"{aim(window)} positive")
            span = days.replace("_", " ")
            return (
                f"Over the last {span} {state}: {shown(window.now, window.unit)} of "
                f"{several(window.now.n, 'feedback')}. {_of_period(figures)}"
            )
    return ""


def _of_period(figures: KeyFigures) -> str:
    """Say why the period's own share is not known."""
    period, why = figures.period.label, figures["positive_share"].now.reason
    if why == WINDOWS_ONLY:
        return (
            f"Of {period} alone nobody can say, because totals that are typed in do not tell its "
            "share."
        )
    return f"Of {period} alone nobody can say: {why}."


def _kind(figures: KeyFigures) -> str:
    return "week" if figures.period.is_week else "month"
