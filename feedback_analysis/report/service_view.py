"""The service questions on the first page: seven answers, what grew most, what to work on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pandas as pd

from feedback_analysis.once import once
from feedback_analysis.periods import Period
from feedback_analysis.report.figures import Figure, Missing, Value
from feedback_analysis.report.wording import GLUE, interval, plain

PAGE = "02_service_questions"
# A cause with fewer comments is no pattern to work on.
LEAST = 3
DAYS = 90
SHORT = {
    "shipping_speed": "Shipping fast?",
    "packaging": "Packed well?",
    "tracking": "Tracking told?",
    "email_response": "E-mails answered?",
    "cancel_return": "Easy to return?",
    "service_reach": "Easy to reach?",
    "as_described": "As described?",
}
VERDICTS = {"Yes": "met", "No": "not met", "Too few to say": "too few to say"}


@dataclass(frozen=True, eq=False)
class ServiceView:
    """What the first page tells about service.

    Attributes
    ----------
    answers : tuple of dict
        One a question, in Amazon's order: ``label``, ``short``, ``answer``, ``verdict`` (for its
        colour) and ``rate``.
    grown : str
        The cause that grew most, in a sentence.
    figures : tuple of Figure
        The complaint rates, for key_figures.json.
    top : dict or None
        The commonest cause that the seller can fix, with its numbers.
    correction : str
        What the rates are of, and by what they are corrected for what the labels get wrong.
    grew : dict or None
        The numbers of the cause that grew most, if any did, and as ``judged`` whether chance
        explains it.
    """

    answers: tuple[dict[str, str], ...]
    grown: str
    figures: tuple[Figure, ...]
    top: dict[str, Any] | None
    correction: str = ""
    grew: dict[str, Any] | None = None

    def action(self) -> dict[str, str] | None:
        """Return the words that the rule ``top_cause`` needs; None without a cause to work on."""
        if self.top is None:
            return None
        row = self.top
        return {
            "label": row["label"].lower(),
            "remedy": row["remedy"],
            "count": str(row["n"]),
            "share": plain(row["share"], "share"),
            "interval": interval(row["low"], row["high"], "share"),
            "days": str(DAYS),
        }


@once
def find_service(shop: Any, period: Period) -> ServiceView | None:
    """Work out what the first page tells about service.

    Parameters
    ----------
    shop : Shop
        With rows up to the period's last day only.
    period : Period
        The month or week.

    Returns
    -------
    ServiceView or None
        None without any feedback of 1 to 3 stars: then there is nothing to label.
    """
    from feedback_analysis import service

    low = shop.feedback["rating"].le(3) & ~shop.feedback["gone"]
    if not low.any():
        return None
    rows = service.complaints(shop, service.label_feedback(shop))
    card = service.scorecard(shop, rows, period, days=DAYS)
    entries = card.table.to_dict("records")
    growth = service.growth(shop, rows, period, days=DAYS)
    most = growth.most
    return ServiceView(
        tuple(_answer(row) for row in entries),
        growth.text,
        tuple(_figure(row, card.correction) for row in entries),
        _top(service.pareto(shop, rows, period, days=DAYS).table),
        _what_of(entries) + service.confusion_of(shop).brief,
        grew=most and most | {"judged": service.judged(most, DAYS)},
    )


def _what_of(entries: list[dict[str, Any]]) -> str:
    """Say what the rates are of, where any is known."""
    known = any(not pd.isna(row["per_100"]) for row in entries)
    return f"Complaints per{GLUE}100 feedbacks received. " if known else ""


def _answer(row: dict[str, Any]) -> dict[str, str]:
    rate = f"{row['complaints']} complaint{'' if row['complaints'] == 1 else 's'}"
    if not pd.isna(row["per_100"]):
        rate = f"{row['per_100']:.1f}{GLUE}per{GLUE}100"
    return {
        "label": row["label"],
        "short": SHORT[row["question"]],
        "answer": row["answer"],
        "verdict": VERDICTS[row["answer"]],
        "rate": rate,
    }


def _figure(row: dict[str, Any], correction: str) -> Figure:
    now: Value | Missing = Missing("how many feedbacks came in is not known")
    if not pd.isna(row["per_100"]):
        now = Value(
            row["per_100"] / 100,
            n=int(row["feedbacks"]),
            low=row["low"] / 100,
            high=row["high"] / 100,
            verdict=VERDICTS[row["answer"]],
            source=f"Labels of the comments of 1 to 3 stars of the last {DAYS} days. {correction}",
        )
    return Figure(
        f"complaints_{row['question']}_{DAYS}_days",
        f"Complaints, {row['label'].rstrip('?').lower()}, last {DAYS} days",
        "share",
        "feedbacks",
        row["tolerance"] / 100,
        now,
    )


def _top(table: pd.DataFrame) -> dict[str, Any] | None:
    """Return the commonest cause that the seller can fix."""
    # Where Amazon shipped every one of the orders, the fault is Amazon's to put right.
    own = table["fixed_by"].eq("seller") | (
        table["fixed_by"].eq("amazon") & table["by_amazon"].lt(table["n"] / 2)
    )
    able = table[own & table["n"].ge(LEAST) & table["remedy"].ne("")]
    return None if able.empty else able.iloc[0].to_dict()
