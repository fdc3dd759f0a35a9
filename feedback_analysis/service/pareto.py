"""The causes by weight: which few of them stand behind most complaints."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import pandas as pd

from feedback_analysis.causes.taxonomy import Taxonomy, own_taxonomy
from feedback_analysis.health.intervals import share_intervals
from feedback_analysis.health.words import percent, percent_range
from feedback_analysis.periods import Period
from feedback_analysis.results import Result
from feedback_analysis.service.complaints import STATED, between, stated
from feedback_analysis.service.exposure import Exposure
from feedback_analysis.texts import several

DAYS = 365
# A list of single complaints is noise: what came up less often is shown as one row.
LEAST = 3


@dataclass(frozen=True, eq=False)
class Pareto(Result):
    """Causes by weight.

    Parameters
    ----------
    table : DataFrame
        One row a cause, the commonest first, as :func:`pareto` describes it.
    text : str
        What stands behind most complaints, in words.
    n : int
        Comments that state a cause.
    start, end : date
        First and last day.
    """

    table: pd.DataFrame
    text: str
    n: int
    start: date
    end: date


def pareto(
    shop: Any,
    rows: pd.DataFrame,
    period: Period,
    *,
    days: int = DAYS,
    taxonomy: Taxonomy | None = None,
) -> Pareto:
    """Rank the causes of complaints.

    Parameters
    ----------
    shop : Shop
        With ``feedback`` and ``feedback_totals``.
    rows : DataFrame
        What :func:`complaints` returns.
    period : Period
        The month or week; the days counted end with it.
    days : int, default=365
        Days counted, the period's last one included.
    taxonomy : Taxonomy, optional
        Names the causes; ours by default.

    Returns
    -------
    Pareto
        ``.table``: ``cause`` (id), ``label``, ``question``, ``n`` (comments that complain about
        it), ``share`` of all comments that state a cause, with its 95 % Wilson interval ``low``,
        ``high``; ``covered`` (share of these comments that complain about this cause or a commoner
        one); ``alone`` (comments where it is the only cause); ``per_100`` (per 100 feedbacks
        received, missing where that is not known); ``by_amazon`` (on orders that Amazon shipped);
        ``in_period``; ``fixed_by`` (``seller``, ``amazon``, ``nobody``) and ``remedy``.

    Notes
    -----
    A comment with two causes counts for both, so shares add up to more than 100 %; ``covered``
    counts each comment once.
    """
    taxonomy = taxonomy or own_taxonomy()
    end, start = period.end, period.end - timedelta(days=days - 1)
    inside = between(rows, start, end)
    inside = inside[inside["kind"].eq(STATED)]
    causes = inside["causes"].map(stated)
    received = Exposure(shop, end).received(start, end)
    first = {name: pd.Timestamp(day) for name, day in received.since.items()}
    since = inside["marketplace"].map(first).astype("datetime64[us]")
    rated = inside["date"] >= since
    recent = inside["date"] >= pd.Timestamp(period.start)
    by_amazon = inside["channel"].eq("amazon")
    known = {cause.id: cause for cause in taxonomy.causes}
    found = []
    for name in dict.fromkeys(each for ids in causes for each in ids):
        has = causes.map(lambda ids, name=name: name in ids)
        cause = known.get(name)
        found.append(
            {
                "cause": name,
                "label": cause.label if cause else name,
                "question": cause.question if cause else "",
                "n": int(has.sum()),
                "alone": int((has & causes.map(len).eq(1)).sum()),
                "per_100": 100 * int((has & rated).sum()) / received.n if received.n else math.nan,
                "by_amazon": int((has & by_amazon).sum()),
                "in_period": int((has & recent).sum()),
                "fixed_by": cause.fixed_by if cause else "",
                "remedy": cause.remedy if cause else "",
            }
        )
    columns = [
        "cause", "label", "question", "n", "share", "low", "high", "covered", "alone", "per_100",
        "by_amazon", "in_period", "fixed_by", "remedy",
    ]  # fmt: skip
    table = pd.DataFrame(found, columns=[name for name in columns if name not in _LATER])
    table = table.sort_values(["n", "cause"], ascending=[False, True], ignore_index=True)
    table["share"] = table["n"] / max(1, len(inside))
    table["low"], table["high"] = share_intervals(table["n"], [len(inside)] * len(table))
    table["covered"] = _covered(causes, table["cause"].tolist())
    table = table[columns]
    return Pareto(table, _words(table, len(inside), period, days), len(inside), start, end)


_LATER = ("share", "low", "high", "covered")


def _covered(causes: pd.Series, order: list[str]) -> list[float]:
    """Return what share of the comments have one of the causes up to each place."""
    place = {name: number for number, name in enumerate(order)}
    first = causes.map(lambda ids: min(place[each] for each in ids)) if len(causes) else causes
    return [float((first <= number).mean()) for number in range(len(order))]


def _words(table: pd.DataFrame, n: int, period: Period, days: int) -> str:
    span = f"in the {days} days to the end of {period.label}"
    if table.empty:
        return f"No comment {span} states a cause."
    top = table.head(3).to_dict("records")
    listed = "; ".join(
        f"{row['label'].lower()} ({row['n']:,}, {percent(row['share'])}, 95 % interval "
        f"{percent_range(row['low'], row['high'])})"
        for row in top
    )
    text = f"{several(n, 'comment')} {span} state{'s' if n == 1 else ''} a cause: {listed}."
    if len(table) > 3:
        half = int((table["covered"] < 0.5).sum()) + 1
        text += (
            f" {several(half, 'cause')} of {len(table)} {'is' if half == 1 else 'are'} in half of "
            "the comments."
        )
    return text
