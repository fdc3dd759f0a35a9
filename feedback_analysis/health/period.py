"""The rating of one month or week, and its negative feedback."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import pandas as pd

from feedback_analysis.health.rating import TARGETS, rate
from feedback_analysis.health.sources import Sources
from feedback_analysis.health.words import rating_sentence
from feedback_analysis.once import once
from feedback_analysis.periods import Period
from feedback_analysis.results import Result


@dataclass(frozen=True, eq=False)
class PeriodRating(Result):
    """Positive share and average stars of one period.

    Parameters
    ----------
    table : DataFrame
        One row (or one a marketplace), columns as in a rating table with ``period`` for
        ``window``.
    text : str
        The figures in words.
    limits : list of str
        What is not known, as sentences.
    period : Period
        The month or week.
    minimum_n : int
        Below this number nothing is said about targets or changes.
    """

    table: pd.DataFrame
    text: str
    limits: list[str]
    period: Period
    minimum_n: int


@once
def period_rating(
    feedback: Any,
    totals: pd.DataFrame | None,
    period: Period,
    *,
    by: Literal["marketplace"] | None = None,
    targets: tuple[float, float] = TARGETS,
    minimum_n: int = 10,
    on_missing: Literal["refuse", "say"] = "refuse",
) -> PeriodRating:
    """Rate the seller in one period, by feedback date.

    Parameters
    ----------
    feedback, totals : DataFrame
        As for :func:`feedback_rating`; ``totals`` may be None.
    period : Period
        The month or week.
    by : {"marketplace"}, optional
        One row a marketplace.
    targets : tuple of float, default=(0.95, 4.5)
        Positive share (0-1) and average stars aimed at.
    minimum_n : int, default=10
        Below this number the verdict is ``too few to say``.
    on_missing : {"refuse", "say"}, default="refuse"
        When nothing can be computed: raise, or return the negatives alone with the reason.

    Returns
    -------
    PeriodRating
        ``.table`` has the columns of :func:`feedback_rating` with ``period`` for ``window``.

    Raises
    ------
    ReportError
        If no marketplace's share can be computed.
    """
    sources = Sources(feedback, totals)
    return rate_period(
        sources, period, by=by, targets=targets, minimum_n=minimum_n, on_missing=on_missing
    )


def rate_period(
    sources: Sources,
    period: Period,
    *,
    by: str | None,
    targets: tuple[float, float],
    minimum_n: int,
    on_missing: str,
) -> PeriodRating:
    """Rate one period from sources that are ready; as :func:`period_rating`.

    Parameters
    ----------
    sources : Sources
        Where the counts come from.
    period : Period
        The month or week.
    by : str or None
        As in :func:`period_rating`.
    targets : tuple of float
        As in :func:`period_rating`.
    minimum_n : int
        As in :func:`period_rating`.
    on_missing : str
        As in :func:`period_rating`.

    Returns
    -------
    PeriodRating
        The rating of the period.
    """
    spans = [({"period": period.label}, period.start, period.end, None)]
    table, limits, reason = rate(
        sources, spans, by=by, targets=targets, minimum_n=minimum_n, on_missing=on_missing
    )
    text = reason or " ".join(
        rating_sentence(
            row, targets=targets, place=row.get("marketplace"), span=f"in {period.label}"
        )
        for row in table.to_dict("records")
    )
    return PeriodRating(table, text, limits, period, minimum_n)
