"""The seven service questions, in Amazon's order: Yes, No, or too few to say."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import pandas as pd

from feedback_analysis.causes.taxonomy import own_taxonomy
from feedback_analysis.health.intervals import UNKNOWN, difference_interval, share_interval
from feedback_analysis.periods import Period
from feedback_analysis.results import Result
from feedback_analysis.service.complaints import NOT_STATED, STARS_ONLY, STATED, between
from feedback_analysis.service.exposure import Exposure, Placed, Received
from feedback_analysis.service.scorecard_words import limits_of, scorecard_text
from feedback_analysis.service.tally import complaint_tally, counts
from feedback_analysis.settings import Tolerance

QUESTIONS = tuple(Tolerance.model_fields)
DAYS = 90
YES, NO, TOO_FEW = "Yes", "No", "Too few to say"


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
    """

    table: pd.DataFrame
    rest: pd.DataFrame
    text: str
    limits: list[str]
    start: date
    end: date
    unhappy: int


def scorecard(
    shop: Any,
    rows: pd.DataFrame,
    period: Period,
    *,
    days: int = DAYS,
    tolerance: Tolerance | None = None,
    minimum_n: int | None = None,
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

    Returns
    -------
    Scorecard
        ``.table``: ``question`` (id), ``label`` (Amazon's question), ``answer`` (``Yes`` when the
        whole 95 % interval of the complaint rate is within the tolerance, ``No`` when all of it
        lies above, else ``Too few to say``), ``complaints`` (in all marketplaces), ``counted`` (of
        those, in marketplaces whose feedback received is known), ``feedbacks`` (received),
        ``per_100`` with ``low``, ``high`` (complaints per 100 feedbacks) and ``tolerance``;
        ``before`` (per 100, the days before), ``change`` with ``change_low``, ``change_high``, and
        ``trend`` (``more``, ``fewer``, ``no clear change``, ``too few to say``); ``orders``,
        ``per_1000`` with ``orders_low``, ``orders_high`` (complaints per 1,000 orders placed in
        these days); ``by_amazon`` (complaints on orders that Amazon shipped) and ``in_period``.
        ``.rest``: ``what``, ``n``, ``share`` (of all feedback of 1 to 3 stars).

    Notes
    -----
    Rates by Wilson (1927), differences by Newcombe (1998, method 10). A feedback that complains
    about two questions counts for both. Buyers who left stars only have no cause, so each rate is
    a lower bound of what went wrong.
    """
    tolerance = tolerance or shop.settings.tolerance
    minimum_n = shop.settings.minimum_n if minimum_n is None else minimum_n
    end, start = period.end, period.end - timedelta(days=days - 1)
    earlier = start - timedelta(days=days), start - timedelta(days=1)
    tallied, exposure = complaint_tally(rows), Exposure(shop, end)
    received, before = exposure.received(start, end), exposure.received(*earlier)
    placed = exposure.orders(start, end)
    by_amazon = tallied[tallied["channel"] == "amazon"]
    every = counts(tallied, "questions", start, end)
    counted = _counted(tallied, received, start, end)
    counted_before = _counted(tallied, before, *earlier)
    ordered = counts(tallied, "questions", start, end, since=placed.since)
    amazon = counts(by_amazon, "questions", start, end)
    month = counts(tallied, "questions", period.start, end)
    names = own_taxonomy().questions
    table = pd.DataFrame(
        {
            "question": question,
            "label": names[question],
            "complaints": int(every.get(question, 0)),
            **_rate(int(counted.get(question, 0)), received),
            "tolerance": 100 * getattr(tolerance, question),
            **_before(int(counted_before.get(question, 0)), before),
            **_per_order(int(ordered.get(question, 0)), placed),
            "by_amazon": int(amazon.get(question, 0)),
            "in_period": int(month.get(question, 0)),
        }
        for question in QUESTIONS
    )
    answers = [answer(row, minimum_n) for row in table.to_dict("records")]
    table.insert(2, "answer", answers)
    table = pd.concat([table, _trends(table, minimum_n)], axis=1)
    rest = _rest(tallied, every, start, end)
    unhappy = int(counts(tallied, "kind", start, end).sum())
    return Scorecard(
        table.drop(columns=["before_n", "before_low", "before_high"]),
        rest,
        scorecard_text(table, rest, unhappy, period, days=days),
        limits_of(received, placed, before, days=days),
        start,
        end,
        unhappy,
    )


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
        ``Yes``, ``No`` or ``Too few to say``.
    """
    if pd.isna(row["feedbacks"]) or row["feedbacks"] < max(1, minimum_n):
        return TOO_FEW
    if row["high"] <= row["tolerance"]:
        return YES
    return NO if row["low"] > row["tolerance"] else TOO_FEW


def _counted(tallied: pd.DataFrame, received: Received, start: date, end: date) -> pd.Series:
    return counts(tallied, "questions", start, end, since=received.since)


def _rate(count: int, received: Received) -> dict[str, Any]:
    n = received.n
    if not n:
        nothing = dict.fromkeys(("per_100", "low", "high"), math.nan)
        return {"counted": pd.NA if n is None else 0, "feedbacks": pd.NA if n is None else 0} | (
            nothing
        )
    low, high = share_interval(min(count, n), n)
    return {
        "counted": count,
        "feedbacks": n,
        "per_100": 100 * count / n,
        "low": 100 * low,
        "high": 100 * high,
    }


def _before(count: int, received: Received) -> dict[str, Any]:
    found = _rate(count, received)
    names = {"feedbacks": "before_n", "per_100": "before", "low": "before_low"}
    return {name: found[key] for key, name in {**names, "high": "before_high"}.items()}


def _per_order(count: int, placed: Placed) -> dict[str, Any]:
    if not placed.n:
        nothing = dict.fromkeys(("per_1000", "orders_low", "orders_high"), math.nan)
        return {"orders": pd.NA, **nothing}
    low, high = share_interval(min(count, placed.n), placed.n)
    return {
        "orders": placed.n,
        "per_1000": 1000 * count / placed.n,
        "orders_low": 1000 * low,
        "orders_high": 1000 * high,
    }


def _trends(table: pd.DataFrame, minimum_n: int) -> pd.DataFrame:
    found = []
    for row in table.to_dict("records"):
        change, low, high = math.nan, *UNKNOWN
        trend = TOO_FEW.lower()
        sizes = [row["feedbacks"], row["before_n"]]
        if not any(pd.isna(size) or size < max(1, minimum_n) for size in sizes):
            change = row["per_100"] - row["before"]
            low, high = difference_interval(
                row["per_100"], (row["low"], row["high"]),
                row["before"], (row["before_low"], row["before_high"]),
            )  # fmt: skip
            trend = "more" if low > 0 else "fewer" if high < 0 else "no clear change"
        found.append({"change": change, "change_low": low, "change_high": high, "trend": trend})
    return pd.DataFrame(found)


def _rest(tallied: pd.DataFrame, every: pd.Series, start: date, end: date) -> pd.DataFrame:
    kinds = counts(tallied, "kind", start, end)
    whole = int(kinds.sum())
    numbers = {
        "a cause is stated": int(kinds[STATED]),
        "of these, a complaint outside the seven questions": int(every.get("other", 0)),
        "a comment that states no cause": int(kinds[NOT_STATED]),
        "stars only, no comment": int(kinds[STARS_ONLY]),
    }
    shares = [number / whole if whole else math.nan for number in numbers.values()]
    return pd.DataFrame({"what": list(numbers), "n": list(numbers.values()), "share": shares})
