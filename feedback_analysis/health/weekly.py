"""The rating week by week, the rhythm in which Amazon asks sellers to look at it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Literal

import pandas as pd

from feedback_analysis.health.rate import rate
from feedback_analysis.health.rating import TARGETS, as_day
from feedback_analysis.health.sources import Sources
from feedback_analysis.health.words import day_in_words, share_phrase
from feedback_analysis.once import once
from feedback_analysis.periods import Period
from feedback_analysis.results import Result
from feedback_analysis.shares import target_percent
from feedback_analysis.texts import sentence_case, several


@dataclass(frozen=True, eq=False)
class WeeklyRating(Result):
    """Positive share and average stars by ISO week.

    Parameters
    ----------
    table : DataFrame
        As :func:`weekly_rating` describes it.
    text : str
        The latest whole week and how many weeks missed the target, in words.
    limits : list of str
        What is not known, as sentences.
    targets : tuple of float
        Positive share (0-1) and average stars aimed at.
    minimum_n : int
        Weeks below this number are too few to say.
    """

    table: pd.DataFrame
    text: str
    limits: list[str]
    targets: tuple[float, float]
    minimum_n: int


@once
def weekly_rating(
    feedback: Any,
    totals: pd.DataFrame | None = None,
    *,
    until: date | str,
    weeks: int = 26,
    by: Literal["marketplace"] | None = None,
    targets: tuple[float, float] = TARGETS,
    minimum_n: int = 10,
    on_missing: Literal["refuse", "say"] = "refuse",
) -> WeeklyRating:
    """Rate the seller in each of the last weeks, Monday to Sunday, by feedback date.

    Parameters
    ----------
    feedback, totals : DataFrame
        As for :func:`feedback_rating`; ``totals`` may be None.
    until : date or str
        Last day looked at; later feedback is left out.
    weeks : int, default=26
        Number of weeks, the one that holds ``until`` included.
    by : {"marketplace"}, optional
        One block of rows a marketplace.
    targets : tuple of float
        As for :func:`feedback_rating`.
    minimum_n : int
        As for :func:`feedback_rating`.
    on_missing : str
        As for :func:`feedback_rating`.

    Returns
    -------
    WeeklyRating
        ``.table``: ``week`` (such as 2026-W42), ``start`` (its Monday) and the columns of
        :func:`feedback_rating` from ``n`` on. ``complete`` is False for a week that is not over on
        ``until`` or not wholly known; no verdict on a target is given for it.

    Raises
    ------
    ReportError
        If no marketplace's share can be computed in any of the weeks.
    """
    last = as_day(until)
    newest = Period.containing(last, week=True)
    periods = [
        Period.containing(newest.start - timedelta(weeks=back), week=True)
        for back in reversed(range(weeks))
    ]
    spans = [
        (
            {"week": week.id, "start": pd.Timestamp(week.start)},
            week.start,
            min(week.end, last),
            None,
        )
        for week in periods
    ]
    table, limits, reason = rate(
        Sources(feedback, totals),
        spans,
        by=by,
        targets=targets,
        minimum_n=minimum_n,
        on_missing=on_missing,
    )
    if last < newest.end:
        running = table["week"] == newest.id
        table.loc[running, "complete"] = False
        verdicts = ["verdict", "share_verdict", "average_verdict"]
        enough = running & (table["n"].fillna(0) >= minimum_n)
        table.loc[enough, verdicts] = "cannot tell yet"
    table = _known_weeks(table)
    return WeeklyRating(table, reason or _words(table, targets), limits, targets, minimum_n)


def _known_weeks(table: pd.DataFrame) -> pd.DataFrame:
    """Leave out weeks before the first day known, and mark the one that it falls into."""
    late = table["since"] > table["start"]
    table["complete"] = table["complete"] & ~late
    before = late & (table["n"].fillna(0) == 0)
    return table[~before].reset_index(drop=True)


def _words(table: pd.DataFrame, targets: tuple[float, float]) -> str:
    blocks = table.groupby("marketplace", sort=False) if "marketplace" in table else [(None, table)]
    return " ".join(_block_words(block, name, targets) for name, block in blocks)


def _block_words(table: pd.DataFrame, name: str | None, targets: tuple[float, float]) -> str:
    place = f"{name}: " if name else ""
    whole = table[table["complete"] & (table["n"] > 0)]
    if whole.empty:
        return f"{place}No whole week with feedback is known."
    row = whole.iloc[-1]
    judged = whole[whole["share_verdict"] != "too few to say"]
    missed = int((judged["share_verdict"] == "not met").sum())
    few = len(whole) - len(judged)
    span = f"in the week from {day_in_words(row['start'].date())}"
    text = (
        f"{place}{sentence_case(share_phrase(row, span=span))}. "
        f"Of {several(len(whole), 'whole week')} with feedback, {missed} "
        f"{'was' if missed == 1 else 'were'} clearly below {target_percent(targets[0])}"
    )
    return f"{text} and {few} had too few feedbacks to say." if few else f"{text}."
