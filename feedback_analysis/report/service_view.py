"""The service questions on the first page: seven answers, what grew most, what to work on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pandas as pd

from feedback_analysis.once import once
from feedback_analysis.periods import Period
from feedback_analysis.report.action_texts import action_texts
from feedback_analysis.report.figures import Figure, Missing, Value
from feedback_analysis.report.wording import GLUE, interval, plain, signed, signed_interval
from feedback_analysis.texts import in_sentence, listing, several

if TYPE_CHECKING:
    from feedback_analysis.service import Pareto

PAGE = "02_service_questions"
# A cause with fewer comments is no pattern to work on.
LEAST = 3
# So many causes are named where the first are too close to rank.
NAMED = 2
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
UNIT = "per 100 feedbacks"
VERDICTS = {
    "Yes": "met",
    "No": "not met",
    "Too few to say": "too few to say",
    "Not known": "not known",
}


@dataclass(frozen=True, eq=False)
class ServiceView:
    """What the first page tells about service.

    Attributes
    ----------
    answers : tuple of dict
        One a question, in Amazon's order: ``label``, ``short``, ``answer``, ``verdict`` (for its
        colour), ``rate`` and its ``likely`` range (empty where no rate is known).
    grown : str
        The cause that grew most, in a sentence.
    figures : tuple of Figure
        The complaint rates, for key_figures.json.
    top : dict or None
        The words of the step on the commonest causes that the seller can fix.
    correction : str
        What the rates are of, and by what they are corrected for what the labels get wrong.
    grew : dict or None
        The numbers of the cause that grew most, if any did, and as ``judged`` whether chance
        explains it.
    trend : str
        How the seven questions stand to as many days before; empty where none can be compared.
    """

    answers: tuple[dict[str, str], ...]
    grown: str
    figures: tuple[Figure, ...]
    top: dict[str, str] | None
    correction: str = ""
    grew: dict[str, Any] | None = None
    trend: str = ""


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
        _top(service.pareto(shop, rows, period, days=DAYS), rows),
        _what_of(entries, service.confusion_of(shop).brief),
        grew=most and most | {"judged": service.judged(most, DAYS)},
        trend=_trend(entries),
    )


def _what_of(entries: list[dict[str, Any]], correction: str) -> str:
    """Say what the rates are of, and by what they are corrected, where any is known."""
    from feedback_analysis.service.scorecard_words import NO_ANSWER

    if all(pd.isna(row["feedbacks"]) for row in entries):
        return f"{NO_ANSWER} The numbers are counts as found."
    known = [row["feedbacks"] for row in entries if not pd.isna(row["per_100"])]
    if not known:
        return ""
    return (
        f"Complaints per{GLUE}100 of the {several(int(known[0]), 'feedback')} received, with the "
        f"likely range. {correction}"
    )


def _trend(entries: list[dict[str, Any]]) -> str:
    """Say which questions draw more or fewer complaints than in the days before."""
    parts = []
    for kind in ("more", "fewer"):
        named = [
            f"'{SHORT[row['question']]}' ({_likely(row)})"
            for row in entries
            if row["trend"] == kind
        ]
        if named:
            parts.append(f"{kind} complaints about {listing(named)}")
    steady = sum(row["trend"] == "no clear change" for row in entries)
    if steady:
        parts.append(f"no clear change in {steady}")
    if not parts:
        return ""
    return (
        f"The seven questions, last {DAYS} days against the {DAYS} before, each by itself: "
        f"{'; '.join(parts)}."
    )


def _likely(row: dict[str, Any]) -> str:
    change, low, high = (row[name] / 100 for name in ("change", "change_low", "change_high"))
    return f"{signed(change, UNIT)} per{GLUE}100, {signed_interval(low, high, UNIT)}"


def _answer(row: dict[str, Any]) -> dict[str, str]:
    rate, likely = several(row["complaints"], "complaint"), ""
    if not pd.isna(row["per_100"]):
        rate = f"{row['per_100']:.1f}{GLUE}per{GLUE}100"
        likely = interval(row["low"] / 100, row["high"] / 100, "per 100")
    return {
        "label": row["label"],
        "short": SHORT[row["question"]],
        "answer": row["answer"],
        "verdict": VERDICTS[row["answer"]],
        "rate": rate,
        "likely": likely,
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
        f"Complaints, {in_sentence(row['label'].rstrip('?'))}, last {DAYS} days",
        "share",
        "feedbacks",
        row["tolerance"] / 100,
        now,
    )


def _top(causes: Pareto, rows: pd.DataFrame) -> dict[str, str] | None:
    """Return the words of the rule ``top_cause``: causes that the seller can fix, never ranked
    closer than the counts allow."""
    from feedback_analysis.service.pareto import as_common

    table = causes.table
    # Where Amazon shipped half of the orders or more, the fault is Amazon's to put right.
    own = table["fixed_by"].eq("seller") | (
        table["fixed_by"].eq("amazon") & table["by_amazon"].lt(table["n"] / 2)
    )
    able = table[own & table["n"].ge(LEAST) & table["remedy"].ne("")]
    if able.empty:
        return None
    close = as_common(able)
    named = close.head(NAMED).to_dict("records")
    texts = action_texts()["causes"]
    listed = listing([f"'{in_sentence(row['label'])}'" for row in named])
    lines = [
        texts["line"].format(
            label=row["label"],
            n=causes.n,
            share=plain(row["share"], "share"),
            interval=interval(row["low"], row["high"], "share"),
        )
        for row in named
    ]
    lines.append(texts["days"].format(days=DAYS) + _carried(causes, rows, close.head(NAMED)))
    return {
        "causes": texts["one" if len(close) == 1 else "close"].format(names=listed),
        "remedies": " ".join(row["remedy"] for row in named),
        "evidence": "\n".join(lines),
    }


def _carried(causes: Pareto, rows: pd.DataFrame, named: pd.DataFrame) -> str:
    """Say which carrier took most of these orders: its trouble may be all there is, or over."""
    inside = rows[rows["date"].between(pd.Timestamp(causes.start), pd.Timestamp(causes.end))]
    wanted = set(named["cause"])
    about = inside[inside["causes"].map(lambda ids: not wanted.isdisjoint(ids))]
    taken = about["carrier"].value_counts().sort_index()
    if taken.empty or 2 * taken.max() <= len(about):
        return ""
    words = {"carrier": taken.idxmax(), "count": int(taken.max()), "n": len(about)}
    return action_texts()["causes"]["carrier"].format(**words)
