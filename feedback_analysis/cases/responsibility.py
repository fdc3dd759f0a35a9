"""Who answers for a complaint, and which feedback Amazon's rules may allow to be taken away."""

from __future__ import annotations

from typing import Any

import pandas as pd

from feedback_analysis.cases.evidence import IN_TIME, TOO_SOON
from feedback_analysis.cases.topics import topic_of

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
SOURCE = "Amazon's help on removing feedback (20231)"
# Figures of benchmarks/removal_candidates.py; tests hold them.
CANDIDATES_NOTE = (
    "Candidates are found by words, and each needs a person: nothing here promises that Amazon "
    "will agree. How right they are was measured on 175 comments in eight languages, written and "
    "labelled one by one by this project: of those not looked at while the words were chosen, all "
    "39 named were right, and 39 of 41 were found. Real comments are less tidy: of the sample "
    "shop's 648 comments, 34 were named as being about the delivery alone, 28 of them rightly, and "
    "109 of 137 such comments were missed. Read the others too."
)
# A label that may stand beside a topic without making the comment a mixed one.
_FITTING = {
    "product": {"as_described", "unclear"},
    "delivery": {"shipping_speed", "tracking", "unclear"},
}
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
    A comment about more than the one thing stays, and so does one whose causes, as labelled,
    are about anything else.
    """
    rows = [_candidate(row, buy_shipping) for row in cases.to_dict("records")]
    return pd.DataFrame(rows, columns=["rule", "clause"], index=cases.index, dtype=object)


def _candidate(row: dict[str, Any], buy_shipping: bool) -> tuple[str, str]:
    topic = topic_of(row["comment"])
    kind = topic.whole
    if kind not in ("product", "obscene", "personal", "delivery"):
        return "", ""
    if not set(row["questions"]) <= _FITTING.get(kind, set(row["questions"])):
        return "", ""
    if kind == "delivery":
        if row["channel"] == "amazon":
            kind = "delivery by Amazon"
        elif row["channel"] == "seller" and buy_shipping and row["carriage"] in (IN_TIME, TOO_SOON):
            kind = "Buy Shipping"
        else:
            return "", ""
    return RULES[kind], topic.clause


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
    return pd.Series([_answers(row) for row in cases.to_dict("records")], cases.index, dtype=object)


def _answers(row: dict[str, Any]) -> str:
    if row["channel"] == "seller":
        return "seller"
    if row["channel"] != "amazon":
        return NOT_KNOWN
    asked = set(row["questions"]) - {"unclear"}
    if not asked:
        return "Amazon" if row["rule"] == RULES["delivery by Amazon"] else NOT_KNOWN
    if asked <= AMAZONS:
        return "Amazon"
    return "both" if asked & AMAZONS else "seller"
