"""The scorecard in words: answers, rates and what is not known."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from feedback_analysis.health.words import percent
from feedback_analysis.periods import Period
from feedback_analysis.texts import several

if TYPE_CHECKING:
    from feedback_analysis.service.exposure import Placed, Received

NO_ANSWER = (
    "How many feedbacks came in is not known, so none of the 7 questions can be answered Yes or No."
)


def rate_words(row: dict[str, Any]) -> str:
    """Say a question's complaint rate with its interval.

    Parameters
    ----------
    row : dict
        A row of the scorecard.

    Returns
    -------
    str
        Such as ``8.3 per 100 (6.4 to 10.7)``; the count alone where no rate is known.
    """
    if pd.isna(row["per_100"]):
        return several(int(row["complaints"]), "complaint")
    return f"{row['per_100']:.1f} per 100 ({row['low']:.1f} to {row['high']:.1f})"


def scorecard_text(
    table: pd.DataFrame, rest: pd.DataFrame, unhappy: int, period: Period, *, days: int
) -> str:
    """Say the answers in words.

    Parameters
    ----------
    table, rest : DataFrame
        Of the scorecard.
    unhappy : int
        Feedbacks of 1 to 3 stars.
    period : Period
        The period that the days end with.
    days : int
        How many days.

    Returns
    -------
    str
        Answers with the rates of those that are No, then what is counted apart.
    """
    span = f"In the {days} days to the end of {period.label}"
    if not unhappy:
        return f"{span} there was no feedback of 1 to 3 stars."
    if table["feedbacks"].isna().all():
        return f"{span}, {NO_ANSWER[0].lower()}{NO_ANSWER[1:]} {_apart(rest, unhappy)}"
    sentences = []
    no = table[table["answer"] == "No"].sort_values("per_100", ascending=False, kind="stable")
    if len(no):
        said = "; ".join(f"{row['label']} {rate_words(row)}" for row in no.to_dict("records"))
        plural = "is" if len(no) == 1 else "are"
        sentences.append(f"{span}, {len(no)} of 7 answers {plural} No: {said}.")
    else:
        sentences.append(f"{span}, none of the 7 answers is No.")
    yes = table.loc[table["answer"] == "Yes", "label"].tolist()
    if yes:
        sentences.append(f"Yes: {' '.join(yes)}")
    few = int((table["answer"] == "Too few to say").sum())
    if few:
        sentences.append(f"Of {few} there is too little feedback to say.")
    worse = table.loc[table["trend"] == "more", "label"].tolist()
    better = table.loc[table["trend"] == "fewer", "label"].tolist()
    for names, word in ((worse, "more"), (better, "fewer")):
        if names:
            sentences.append(
                f"Clearly {word} complaints than in the {days} days before: {' '.join(names)}"
            )
    sentences.append(_apart(rest, unhappy))
    return " ".join(sentences)


def _apart(rest: pd.DataFrame, unhappy: int) -> str:
    n = dict(zip(rest["what"], rest["n"], strict=True))
    silent, vague = n["stars only, no comment"], n["a comment that states no cause"]
    if not silent + vague:
        if unhappy == 1:
            return "The only feedback of 1 to 3 stars states a cause."
        return f"Of {unhappy:,} feedbacks of 1 to 3 stars, each states a cause."
    return (
        f"Of {several(unhappy, 'feedback')} of 1 to 3 stars, {silent:,} left stars only and "
        f"{vague:,} wrote no cause ({percent((silent + vague) / unhappy, 0)} together): what went "
        "wrong there is not known, and no rate counts it."
    )


def limits_of(received: Received, placed: Placed, before: Received, *, days: int) -> list[str]:
    """Say what the scorecard does not know.

    Parameters
    ----------
    received, before : Received
        Feedback in the days counted, and in those before.
    placed : Placed
        Orders in the days counted.
    days : int
        How many days.

    Returns
    -------
    list of str
        Sentences.
    """
    limits = []
    if received.n is None:
        limits.append(
            "How many feedbacks came in is not known, so no rate per 100 feedbacks and no answer "
            "can be given: add the Sales and Traffic report by date, or type in Feedback Manager's "
            "counts."
        )
    elif received.left_out:
        limits.append(
            f"{', '.join(received.left_out)}: how much feedback came in is not known, so these "
            "complaints are in no rate per 100 feedbacks."
        )
    if placed.n is None:
        limits.append("No orders of these days are in the files, so no rate per order is given.")
    else:
        limits.append(
            "Complaints per 1,000 orders set the complaints left in these days against the orders "
            "placed in them; after a busy time the rate is too high."
        )
    if received.n is not None and not before.n:
        limits.append(f"Of the {days} days before, too little is known for a trend.")
    return limits
