"""The causes by weight: which few of them stand behind most complaints."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

import pandas as pd

from feedback_analysis.causes.taxonomy import Taxonomy
from feedback_analysis.health.words import percent, percent_range
from feedback_analysis.once import once
from feedback_analysis.periods import Period
from feedback_analysis.results import Result
from feedback_analysis.service.complaints import STARS_ONLY, STATED, between, stated
from feedback_analysis.service.confusion import Confusion, confusion_of
from feedback_analysis.service.corrected import Count, corrected
from feedback_analysis.service.exposure import Exposure
from feedback_analysis.service.own_causes import taxonomy_of
from feedback_analysis.service.tally import counted_since
from feedback_analysis.texts import in_sentence, listing, sentence_case, several

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
        Comments with words.
    start, end : date
        First and last day.
    correction : str
        By what the shares are corrected, as a sentence.
    """

    table: pd.DataFrame
    text: str
    n: int
    start: date
    end: date
    correction: str

    @property
    def leading(self) -> pd.DataFrame:
        """The commonest cause, and those that may well be as common."""
        return as_common(self.table)

    @property
    def close(self) -> str:
        """Which causes are too close to rank, as a clause; empty where the first stands alone."""
        leading = self.leading
        if len(leading) < 2:
            return ""
        # Each cause's labels err in their own way: a commoner cause may have the shorter interval.
        first = leading.index.equals(self.table.index[: len(leading)])
        names = listing([f"'{in_sentence(label)}'" for label in leading["label"]])
        return f"{f'the first {len(leading)}' if first else names} are too close to rank"


def as_common(table: pd.DataFrame) -> pd.DataFrame:
    """Return the first cause of a list and those whose interval reaches its share.

    Parameters
    ----------
    table : DataFrame
        Rows of :class:`Pareto`, the commonest first.

    Returns
    -------
    DataFrame
        One row where the first stands alone; more where the counts are too close to rank. They
        need not be the first rows: a cause whose labels err more has the longer interval.
    """
    return table if table.empty else table[table["high"].ge(table["share"].iloc[0])]


@once
def pareto(
    shop: Any,
    rows: pd.DataFrame,
    period: Period,
    *,
    days: int = DAYS,
    taxonomy: Taxonomy | None = None,
    confusion: Confusion | None = None,
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
        Names the causes; ours, and the shop's own, by default.
    confusion : Confusion, optional
        What the labels get wrong; by default by the shop's audit, else by the makers'.

    Returns
    -------
    Pareto
        ``.table``: ``cause`` (id), ``label``, ``question``, ``n`` (comments with this label, as
        found), ``found_share`` (of all comments with words), ``share`` with its 95 % interval
        ``low``, ``high`` (the same, corrected for what the labels get wrong), ``covered`` (share
        of the comments with the label of this cause or a commoner one), ``alone`` (comments where
        it is the only one), ``per_100`` (per 100 feedbacks received, corrected; missing where that
        is not known), ``by_amazon`` (labels on orders that Amazon shipped), ``in_period``,
        ``fixed_by`` (``seller``, ``amazon``, ``nobody``) and ``remedy``. By ``share``.

    Notes
    -----
    A comment with two causes counts for both, so shares add up to more than 100 %; ``covered``
    counts each comment once. Shares and their intervals by :func:`corrected`.
    """
    taxonomy = taxonomy or taxonomy_of(shop)
    confusion = confusion_of(shop) if confusion is None else confusion
    end, start = period.end, period.end - timedelta(days=days - 1)
    inside = between(rows, start, end)
    inside = inside[~inside["kind"].eq(STARS_ONLY)]
    causes = inside["causes"].map(stated)
    received = Exposure(shop, end).received(start, end)
    rated = counted_since(inside, received.since)
    recent = inside["date"] >= pd.Timestamp(period.start)
    by_amazon = inside["channel"].eq("amazon")
    known = {cause.id: cause for cause in taxonomy.causes}
    found = []
    for name in dict.fromkeys(each for ids in causes for each in ids):
        has = causes.map(lambda ids, name=name: name in ids)
        cause = known.get(name)
        share = corrected([Count(int(has.sum()), len(inside), len(inside))], confusion.of(name))
        rate = Count(int((has & rated).sum()), int(rated.sum()), received.n or 0)
        low, high = share.interval()
        found.append(
            {
                "cause": name,
                "label": cause.label if cause else name,
                "question": cause.question if cause else "",
                "n": int(has.sum()),
                "found_share": float(has.mean()),
                "share": share.values[0],
                "low": low,
                "high": high,
                "covered": math.nan,
                "alone": int((has & causes.map(len).eq(1)).sum()),
                "per_100": 100 * corrected([rate], confusion.of(name)).values[0],
                "by_amazon": int((has & by_amazon).sum()),
                "in_period": int((has & recent).sum()),
                "fixed_by": cause.fixed_by if cause else "",
                "remedy": cause.remedy if cause else "",
            }
        )
    table = pd.DataFrame(found, columns=COLUMNS)
    order = ["share", "n", "cause"]
    table = table.sort_values(order, ascending=[False, False, True], ignore_index=True)
    table["covered"] = _covered(causes, table["cause"].tolist())
    stating = int(inside["kind"].eq(STATED).sum())
    result = Pareto(table, "", len(inside), start, end, confusion.text)
    return replace(result, text=_words(result, stating, period, days))


COLUMNS = [
    "cause", "label", "question", "n", "found_share", "share", "low", "high", "covered", "alone",
    "per_100", "by_amazon", "in_period", "fixed_by", "remedy",
]  # fmt: skip


def _covered(causes: pd.Series, order: list[str]) -> list[float]:
    """Return what share of the comments have one of the causes up to each place."""
    place = {name: number for number, name in enumerate(order)}
    first = causes.map(lambda ids: min((place[each] for each in ids), default=len(place)))
    return [float((first <= number).mean()) for number in range(len(order))]


def _words(result: Pareto, stating: int, period: Period, days: int) -> str:
    table = result.table
    span = f"in the {days} days to the end of {period.label}"
    if table.empty:
        return f"No comment {span} states a cause."
    listed = "; ".join(
        f"{in_sentence(row['label'])} ({percent(row['share'])}, 95 % interval "
        f"{percent_range(row['low'], row['high'])}, {several(row['n'], 'label')})"
        for row in table.head(3).to_dict("records")
    )
    text = (
        f"Of {several(result.n, 'comment')} on 1 to 3 stars {span}, {stating:,} "
        f"state{'s' if stating == 1 else ''} a cause. Most often: {listed}."
    )
    if result.close:
        text += f" {sentence_case(result.close)}."
    half = int((table["covered"] < 0.5).sum()) + 1
    if len(table) > 3 and half <= len(table):
        text += (
            f" {several(half, 'cause')} of {len(table)} {'is' if half == 1 else 'are'} in half of "
            "the comments."
        )
    return text
