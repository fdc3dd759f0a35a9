"""Who answers for a complaint, and which feedback Amazon's rules may allow to be taken away."""

from __future__ import annotations

from typing import Any

import pandas as pd

from feedback_analysis.cases.evidence import IN_TIME, TOO_SOON
from feedback_analysis.cases.topics import kinds_of, topic_of
from feedback_analysis.columns import rows_of
from feedback_analysis.settings import UNCLEAR
from feedback_analysis.texts import shortened

# What Amazon does itself for an order that it fulfils.
AMAZONS = {"shipping_speed", "packaging", "tracking", "cancel_return"}
RULES = {
    "product": "remove: the whole comment is a product review",
    "obscene": "remove: obscene or profane words",
    "personal": "remove: personal information of the seller (e-mail, full name, phone)",
    "delivery by Amazon": "strike through: the whole comment is about the delivery of an order "
    "that Amazon fulfilled",
    "Buy Shipping": "strike through: the whole comment is about the delivery of an order shipped "
    "on time with Buy Shipping",
}
# Figures of benchmarks/removal_candidates.py, kept in its results; tests hold them.
CANDIDATES_NOTE = (
    "Candidates are found by words and by what a comment is labelled with, and each needs a "
    "person: nothing here promises that Amazon will agree. How right they are was measured twice. "
    "Of 175 comments in eight languages, written and labelled one by one by this project, those "
    "not looked at while the words were chosen: all 40 named were right (precision "
    "91.2 to 100.0 %), and 40 of 41 were found (recall 87.4 to 99.6 %). The sample shop's comments "
    "are less tidy: of 648, 107 were named as being about the delivery alone, 98 of them "
    "rightly (84.8 to 95.5 %), and 98 of 137 such comments were found (63.5 to 78.4 %). On the "
    "half of them that was not looked at, 47 of 52 were right (79.4 to 95.8 %) and 47 of 64 found "
    "(61.5 to 82.7 %). Read the others too."
)
# What a comment may be labelled with that is about the delivery alone, or the product alone.
_DELIVERY = {"shipping_speed", "tracking"}
_PRODUCT = {"as_described", UNCLEAR}
_QUOTED = 160
NOT_KNOWN = "not known"


def candidates(cases: pd.DataFrame, *, buy_shipping: bool = False) -> pd.DataFrame:
    """Find the feedback that Amazon's rules may allow to be removed or struck through.

    Parameters
    ----------
    cases : DataFrame
        ``comment``, ``channel``, ``carriage`` and ``questions`` (tuples of ids, empty where not
        known), as :func:`case_list` has them.
    buy_shipping : bool, default=False
        Whether the labels of orders that the shop ships are bought through Buy Shipping.

    Returns
    -------
    DataFrame
        The same index; ``rule`` (one of the rules, or empty), ``clause`` (the words that it rests
        on, masked). Candidates, never a promise: each needs a person who reads the whole comment.

    Notes
    -----
    A comment about more than the one thing stays. What it is labelled with decides first whether it
    is about the delivery alone, and words of any other matter speak against it; without a label
    words decide alone. A comment labelled with anything else stays.
    """
    rows = [
        _candidate(row, buy_shipping)
        for row in rows_of(cases, ("comment", "questions", "channel", "carriage"))
    ]
    return pd.DataFrame(rows, columns=["rule", "clause"], index=cases.index, dtype=object)


def _candidate(row: dict[str, Any], buy_shipping: bool) -> tuple[str, str]:
    kind, clause = whole_of(row["comment"], set(row["questions"]))
    if kind == "delivery":
        if row["channel"] == "amazon":
            kind = "delivery by Amazon"
        elif row["channel"] == "seller" and buy_shipping and row["carriage"] in (IN_TIME, TOO_SOON):
            kind = "Buy Shipping"
        else:
            return "", ""
    return RULES.get(kind, ""), clause


def whole_of(comment: str, questions: set[str]) -> tuple[str, str]:
    """Tell what the whole of a comment is about, in the eyes of Amazon's rules.

    Parameters
    ----------
    comment : str
        A buyer's words, masked.
    questions : set of str
        What it is labelled with; empty where that is not known.

    Returns
    -------
    tuple of str
        ``product``, ``delivery``, ``obscene``, ``personal``, or empty where no rule fits; and the
        words that say so.
    """
    topic = topic_of(comment)
    if topic.whole in ("obscene", "personal"):
        return topic.whole, topic.clause
    if questions and questions <= _DELIVERY:
        # The label says delivery and nothing else; words of any other matter still speak against.
        if kinds_of(comment) <= {"delivery", "mention"}:
            return "delivery", topic.clause or shortened(comment, _QUOTED)
        return "", ""
    if topic.whole == "product" and questions <= _PRODUCT:
        return topic.whole, topic.clause
    if topic.whole == "delivery" and not questions:
        return topic.whole, topic.clause
    return "", ""


def who_answers(cases: pd.DataFrame) -> pd.Series:
    """Tell whether a complaint is the seller's to put right or Amazon's.

    Parameters
    ----------
    cases : DataFrame
        ``channel``, ``questions`` (tuples of ids) and ``rule``.

    Returns
    -------
    Series of str
        ``seller``, ``Amazon``, ``both`` or ``not known``.
    """
    return pd.Series(
        [_answers(row) for row in rows_of(cases, ("channel", "questions", "rule"))],
        cases.index,
        dtype=object,
    )


def _answers(row: dict[str, Any]) -> str:
    if row["channel"] == "seller":
        return "seller"
    if row["channel"] != "amazon":
        return NOT_KNOWN
    asked = set(row["questions"]) - {UNCLEAR}
    if not asked:
        return "Amazon" if row["rule"] == RULES["delivery by Amazon"] else NOT_KNOWN
    if asked <= AMAZONS:
        return "Amazon"
    return "both" if asked & AMAZONS else "seller"
