"""The seven service questions, in Amazon's order: Yes, No, too few to say, or not known."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import pandas as pd

from feedback_analysis.causes.taxonomy import own_taxonomy
from feedback_analysis.once import once
from feedback_analysis.periods import Period
from feedback_analysis.results import Result
from feedback_analysis.service.complaints import NOT_STATED, STARS_ONLY, STATED, between
from feedback_analysis.service.confusion import Confusion, confusion_of
from feedback_analysis.service.corrected import Count, Measured, Rates, corrected
from feedback_analysis.service.exposure import Exposure
from feedback_analysis.service.scorecard_words import limits_of, scorecard_text
from feedback_analysis.service.tally import complaint_tally, counts
from feedback_analysis.settings import Tolerance

QUESTIONS = tuple(Tolerance.model_fields)
DAYS = 90
YES, NO, TOO_FEW, NOT_KNOWN = "Yes", "No", "Too few to say", "Not known"


@dataclass(frozen=True, eq=False)
class Scorecard(Result):
    """The answers to the seven questions.

    Parameters
    ----------
    table : DataFrame
        One row a question, as :func:`scorecard` describes it.
    rest : DataFrame
        What is counted apart: other complaints, no cause stated, stars only.
    text : str
        The answers in words.
    limits : list of str
        What is not known, as sentences.
    start, end : date
        First and last day.
    unhappy : int
        Feedbacks of 1 to 3 stars in these days.
    correction : str
        By what the rates are corrected, as a sentence.
    """

    table: pd.DataFrame
    rest: pd.DataFrame
    text: str
    limits: list[str]
    start: date
    end: date
    unhappy: int
    correction: str


@once
def scorecard(
    shop: Any,
    rows: pd.DataFrame,
    period: Period,
    *,
    days: int = DAYS,
    tolerance: Tolerance | None = None,
    minimum_n: int | None = None,
    confusion: Confusion | None = None,
) -> Scorecard:
    """Answer the seven service questions from what buyers complain about.

    Parameters
    ----------
    shop : Shop
        With ``feedback``, ``feedback_totals`` and ``orders``; its settings give what is left out.
    rows : DataFrame
        What :func:`complaints` returns.
    period : Period
        The month or week; the days counted end with it.
    days : int, default=90
        Days counted, the period's last one included. They are compared with as many days before.
    tolerance : Tolerance, optional
        Share of all feedback (0-1) that may complain about each question.
    minimum_n : int, optional
        Below this number of feedbacks the answer is too few to say.
    confusion : Confusion, optional
        What the labels get wrong; by default by the shop's audit, else by the makers'.

    Returns
    -------
    Scorecard
        ``.table``: ``question`` (id), ``label`` (Amazon's question), ``answer`` (``Yes`` when the
        whole 95 % interval of the complaint rate is within the tolerance, ``No`` when all of it
        lies above, ``Not known`` where nobody can tell how many feedbacks came in, else
        ``Too few to say``), ``complaints`` (labels found, in all marketplaces),
        ``counted`` (of those, in marketplaces whose feedback received is known), ``feedbacks``
        (received), ``found_per_100`` (labels per 100 feedbacks, as found), ``per_100`` with
        ``low``, ``high`` (complaints per 100 feedbacks, corrected for what the labels get wrong)
        and ``tolerance``; ``before`` (per 100, the days before), ``change`` with ``change_low``,
        ``change_high``, and ``trend`` (``more``, ``fewer``, ``no clear change``, ``too few to
        say``, ``not known``), corrected likewise; ``orders``, ``per_1000`` with ``orders_low``,
        ``orders_high`` (complaints per 1,000 orders placed in these days, corrected); ``by_amazon``
        (labels on orders that Amazon shipped) and ``in_period``.
        ``.rest``: ``what``, ``n``, ``share`` (of all feedback of 1 to 3 stars).

    Notes
    -----
    Rates and their intervals by :func:`corrected`; the trend takes both spans with the same
    measurement of the labels. A feedback that complains about two questions counts for both.
    Buyers who left stars only have no cause, so each rate is a lower bound of what went wrong.
    """
    tolerance = tolerance or shop.settings.tolerance
    minimum_n = shop.settings.minimum_n if minimum_n is None else minimum_n
    end, start = period.end, period.end - timedelta(days=days - 1)
    earlier = start - timedelta(days=days), start - timedelta(days=1)
    tallied, exposure = complaint_tally(rows), Exposure(shop, end)
    received, before = exposure.received(start, end), exposure.received(*earlier)
    placed = exposure.orders(start, end)
    confusion = confusion_of(shop) if confusion is None else confusion
    spans = {
        "now": (start, end, received.since),
        "before": (*earlier, before.since),
        "orders": (start, end, placed.since),
        "all": (start, end, None),
        "month": (period.start, end, None),
    }
    found = {name: _Span(tallied, *span) for name, span in spans.items()}
    amazon = counts(tallied[tallied["channel"] == "amazon"], "questions", start, end)
    names = own_taxonomy().questions
    table = pd.DataFrame(
        {
            "question": question,
            "label": names[question],
            "complaints": found["all"].labels(question),
            **_rates(
                *(found[span].of(question, n) for span, n in
                  (("now", received.n), ("before", before.n), ("orders", placed.n))),
                confusion.of(question), minimum_n,
            ),
            "tolerance": 100 * getattr(tolerance, question),
            "by_amazon": int(amazon.get(question, 0)),
            "in_period": found["month"].labels(question),
        }
        for question in QUESTIONS
    )  # fmt: skip
    answers = [answer(row, minimum_n) for row in table.to_dict("records")]
    table.insert(2, "answer", answers)
    rest = _rest(tallied, found["all"].questions, start, end)
    unhappy = int(counts(tallied, "kind", start, end).sum())
    return Scorecard(
        table,
        rest,
        scorecard_text(table, rest, unhappy, period, days=days),
        [confusion.text, *limits_of(received, placed, before, days=days)],
        start,
        end,
        unhappy,
        confusion.text,
    )


class _Span:
    """Labels and comments of a span of days, in the marketplaces that count there."""

    def __init__(
        self, tallied: pd.DataFrame, start: date, end: date, since: dict[str, date] | None
    ) -> None:
        self.questions = counts(tallied, "questions", start, end, since=since)
        kinds = counts(tallied, "kind", start, end, since=since)
        self.comments = int(kinds[STATED] + kinds[NOT_STATED])

    def labels(self, question: str) -> int:
        return int(self.questions.get(question, 0))

    def of(self, question: str, n: int | None) -> Count | None:
        """Return the count against so many feedbacks or orders; None where they are not known."""
        return None if n is None else Count(self.labels(question), self.comments, n)


def question_comments(
    rows: pd.DataFrame, question: str, start: date, end: date, *, level: str = "questions"
) -> pd.DataFrame:
    """Return the comments that complain about a question (or cause), the surest first.

    Parameters
    ----------
    rows : DataFrame
        What :func:`complaints` returns.
    question : str
        Its id.
    start, end : date
        First and last day.
    level : {"questions", "causes"}
        What the id is of.

    Returns
    -------
    DataFrame
        Rows of ``rows`` whose first id it is come before those where it is a later one; then by
        confidence, then the newest.
    """
    inside = between(rows, start, end)
    places = inside[level].map(lambda ids: ids.index(question) if question in ids else -1)
    found = inside[places >= 0].assign(_place=places[places >= 0])
    order = ["_place", "confidence", "date", "comment"]
    found = found.sort_values(order, ascending=[True, False, False, True], kind="stable")
    return found.drop(columns="_place").reset_index(drop=True)


def answer(row: dict[str, Any], minimum_n: int) -> str:
    """Answer a question from its complaint rate.

    Parameters
    ----------
    row : dict
        A row of the scorecard: ``feedbacks``, ``low``, ``high`` and ``tolerance``.
    minimum_n : int
        Feedbacks that are needed to say anything.

    Returns
    -------
    str
        ``Yes``, ``No``, ``Too few to say``, or ``Not known`` without a count of all feedback.
    """
    if pd.isna(row["feedbacks"]):
        return NOT_KNOWN
    if row["feedbacks"] < max(1, minimum_n):
        return TOO_FEW
    if row["high"] <= row["tolerance"]:
        return YES
    return NO if row["low"] > row["tolerance"] else TOO_FEW


def _rates(
    now: Count | None, before: Count | None, ordered: Count | None, measured: Measured | None,
    minimum_n: int,
) -> dict[str, Any]:  # fmt: skip
    """Return the columns of a question's rates; what is not known is missing."""
    row: dict[str, Any] = dict.fromkeys(_RATES, math.nan)
    row["trend"] = (NOT_KNOWN if now is None or before is None else TOO_FEW).lower()
    row["counted"] = row["feedbacks"] = pd.NA if now is None else 0
    row["orders"] = pd.NA
    if now is not None and now.of:
        spans = [now] if before is None or not before.of else [now, before]
        found = corrected(spans, measured)
        low, high = found.interval()
        row |= {"counted": now.labels, "feedbacks": now.of,
                "found_per_100": 100 * now.labels / now.of, "per_100": 100 * found.values[0],
                "low": 100 * low, "high": 100 * high}  # fmt: skip
        if len(spans) == 2:
            row["before"] = 100 * found.values[1]
            if min(each.of for each in spans) >= max(1, minimum_n):
                row |= _trend(found)
    if ordered is not None and ordered.of:
        found = corrected([ordered], measured)
        low, high = found.interval()
        row |= {"orders": ordered.of, "per_1000": 1000 * found.values[0],
                "orders_low": 1000 * low, "orders_high": 1000 * high}  # fmt: skip
    return row


_RATES = (
    "counted", "feedbacks", "found_per_100", "per_100", "low", "high", "before", "change",
    "change_low", "change_high", "trend", "orders", "per_1000", "orders_low", "orders_high",
)  # fmt: skip


def _trend(found: Rates) -> dict[str, Any]:
    change, low, high = (100 * value for value in found.change())
    trend = "more" if low > 0 else "fewer" if high < 0 else "no clear change"
    return {"change": change, "change_low": low, "change_high": high, "trend": trend}


def _rest(tallied: pd.DataFrame, every: pd.Series, start: date, end: date) -> pd.DataFrame:
    kinds = counts(tallied, "kind", start, end)
    whole = int(kinds.sum())
    numbers = {
        "a cause is stated": int(kinds[STATED]),
        "among them, a complaint outside the seven questions": int(every.get("other", 0)),
        "a comment that states no cause": int(kinds[NOT_STATED]),
        "stars only, no comment": int(kinds[STARS_ONLY]),
    }
    shares = [number / whole if whole else math.nan for number in numbers.values()]
    return pd.DataFrame({"what": list(numbers), "n": list(numbers.values()), "share": shares})
