"""The numbers at the top of the first page, and below them what stands behind the two targets."""

from __future__ import annotations

from typing import Any

from feedback_analysis.report.figures import (
    Comparison,
    Figure,
    Missing,
    Value,
    aim,
    earlier,
    missed_perhaps_by_chance,
    shown,
)
from feedback_analysis.report.key_figures import KeyFigures
from feedback_analysis.report.review_figures import FIRST_REVIEW
from feedback_analysis.report.service_view import DAYS, ServiceView
from feedback_analysis.report.standing import DEFECTS, EXPECTED
from feedback_analysis.report.wording import (
    change,
    interval,
    thousands,
)
from feedback_analysis.texts import sentence_case, several


def cards(figures: KeyFigures) -> list[dict[str, Any]]:
    """Return the two targets: each with its verdict, number, interval and changes.

    Parameters
    ----------
    figures : KeyFigures
        Of the period.

    Returns
    -------
    list of dict
        ``label``, ``missing`` (a sentence, or None), ``value``, ``verdict``, ``sure``, ``changes``.
    """
    both = [
        _card(figures, "positive_share", "Positive feedback"),
        _card(figures, "average_score", "Average score"),
    ]
    if both[0]["missing"] is not None and both[0]["missing"] == both[1]["missing"]:
        both[1]["missing"] = "Not known for the same reason."
    return both


def _card(figures: KeyFigures, name: str, title: str) -> dict[str, Any]:
    figure = figures[name]
    blank = dict.fromkeys(("missing", "value", "verdict", "sure"))
    card = {"label": f"{title} · target {aim(figure)}", **blank, "changes": []}
    now = figure.now
    if isinstance(now, Missing):
        return {**card, "missing": f"{sentence_case(str(now))}."}
    card["value"], card["verdict"] = shown(now, figure.unit), now.verdict
    count = several(now.n, "feedback")
    if now.value is None:
        card["sure"] = (
            f"From {count}; lowest to highest possible, because the split of 4 and 5 stars is not "
            "known everywhere."
        )
        if missed_perhaps_by_chance(figure):
            card["sure"] += f" Even the highest is below {aim(figure)}; that may be chance."
    else:
        if figure.unit == "share":
            count = f"{thousands(round(now.value * now.n))} of {count}"
        likely = interval(now.low, now.high, figure.unit)
        card["sure"] = f"{count}; the true figure is likely {likely}."
    if not now.complete:
        card["sure"] += " Days that are not known are left out."
    for comparison in (figure.previous, figure.year_before):
        if comparison is not None:
            card["changes"].append(_change(comparison, figure.unit))
    return card


def _change(comparison: Comparison, unit: str) -> dict[str, str]:
    if comparison.difference is None:
        text = "" if comparison.value is None else "too few to compare"
    else:
        text = change(comparison.difference, comparison.low, comparison.high, unit)
        if comparison.sure is not None:
            text += f", {_judged(comparison)}"
    return {"label": comparison.label, "value": earlier(comparison, unit), "difference": text}


def _judged(comparison: Comparison) -> str:
    if comparison.sure:
        return "more than chance"
    return "may be chance among so many changes" if comparison.by_itself else "no clear change"


def tiles(figures: KeyFigures, service: ServiceView | None) -> list[dict[str, Any]]:
    """Return the four answers beside the targets: defects, what grew, cases, reviews.

    Parameters
    ----------
    figures : KeyFigures
        Of the period.
    service : ServiceView, optional
        The answers to the seven questions, with the cause that grew most.

    Returns
    -------
    list of dict
        ``label``, ``value``, ``verdict`` (or None), ``text``, and ``page`` and ``heading``, where
        its evidence stands.
    """
    return [_grown(service), _due(figures), _reviews(figures), _defects(figures)]


def _tile(label: str, page: str, heading: str) -> dict[str, Any]:
    return {
        "label": label, "page": page, "heading": heading,
        "value": None, "verdict": None, "text": "", "long": False,
    }  # fmt: skip


def _grown(service: ServiceView | None) -> dict[str, Any]:
    tile = _tile("Cause that grew most", "03_root_causes", "What grew")
    if service is None or service.grew is None:
        why = "No feedback of 1 to 3 stars is known." if service is None else service.grown
        return {**tile, "text": why}
    row = service.grew
    return {
        **tile,
        "value": row["label"],
        "long": True,
        "text": (
            f"{several(row['n'], 'complaint')} in {DAYS} days, {thousands(row['before'])} in the "
            f"{DAYS} before; {row['judged']}, all causes looked at together."
        ),
    }


def _due(figures: KeyFigures) -> dict[str, Any]:
    tile = _tile("Cases due", "04_cases", "Do these five today")
    figure = figures["cases_due"]
    if isinstance(figure.now, Missing):
        return {**tile, "text": f"{sentence_case(figure.now.reason)}."}
    text = (
        "Feedback of 1 to 3 stars that is overdue within Amazon's 90 days, or to be settled within "
        "seven days."
    )
    if figure.previous is not None:
        before = sentence_case(figure.previous.label)
        text += f" {before}: {earlier(figure.previous, figure.unit)}."
    return {**tile, "value": shown(figure.now, figure.unit), "text": text}


def _reviews(figures: KeyFigures) -> dict[str, Any]:
    tile = _tile("What a first review adds", "05_reviews_and_conversion", "The answer")
    now = figures[FIRST_REVIEW].now
    if isinstance(now, Missing):
        return {**tile, "text": f"{sentence_case(now.reason)}."}
    likely = interval(now.low, now.high, "lift")
    if now.value is None:
        return {
            **tile,
            "value": "No clear effect",
            "long": True,
            "text": f"On orders per visit; anything from {likely} fits.",
        }
    return {
        **tile,
        "value": shown(now, "lift"),
        "text": (
            f"Orders per visit in the six weeks after it; likely {likely}, from "
            f"{several(now.n, 'product')} seen without and with reviews."
        ),
    }


def _defects(figures: KeyFigures) -> dict[str, Any]:
    figure = figures[DEFECTS]
    tile = _tile(
        f"Orders with a defect · limit {aim(figure)}",
        "01_feedback_health",
        "Orders with a defect, and feedback still to come",
    )
    now, expected = figure.now, figures[EXPECTED].now
    if isinstance(now, Missing):
        return {**tile, "text": f"{sentence_case(now.reason)}."}
    text = f"Last 60 days, so far {thousands(round(now.value * now.n))} of {thousands(now.n)}"
    if isinstance(expected, Value):
        span = interval(expected.low, expected.high, figure.unit)
        text += f"; when all feedback is in, about {shown(expected, figure.unit)} ({span})"
    unknown = " Claims and chargebacks are not known." if _by_feedback_alone(now) else ""
    return {
        **tile,
        "value": shown(now, figure.unit),
        "verdict": now.verdict,
        "text": f"{text}.{unknown}",
    }


def _by_feedback_alone(rate: Value) -> bool:
    """Tell whether a rate of defects counts negative feedback and no claims: it can be too low."""
    return rate.source.endswith("not known.")


def details(figures: KeyFigures) -> list[dict[str, Any]]:
    """Return what stands behind the two targets and the defects: windows, distance, alarm.

    Parameters
    ----------
    figures : KeyFigures
        Of the period.

    Returns
    -------
    list of dict
        ``label``, ``notes`` (sentences) and ``windows`` (``label``, ``value``, ``verdict`` and what
        it is ``of``); none where there is nothing to say.
    """
    standing = figures.standing
    found = [
        _detail(
            "Positive feedback",
            [standing.distance, standing.alarm],
            _windows(figures, "positive_share"),
        ),
        _detail("Average score", [], _windows(figures, "average_score")),
        _detail(
            _defect_label(figures),
            [*_defect_notes(figures), standing.amazon],
            [
                {
                    "label": name,
                    "value": shown(value, "small share"),
                    "verdict": value.verdict,
                    "of": _basis(value, "small share"),
                }
                for name, value in standing.channels
            ],
        ),
    ]
    return [part for part in found if part["notes"] or part["windows"]]


def _detail(label: str, notes: list[str], windows: list[dict[str, Any]]) -> dict[str, Any]:
    return {"label": label, "notes": [note for note in notes if note], "windows": windows}


def _windows(figures: KeyFigures, name: str) -> list[dict[str, Any]]:
    return [
        {
            "label": f"Last {window.label.rpartition('last ')[2]}",
            "value": shown(window.now, window.unit),
            "verdict": window.now.verdict,
            "of": _basis(window.now, window.unit),
        }
        for window in figures.figures
        if window.id.startswith(f"{name}_") and isinstance(window.now, Value)
    ]


def _basis(value: Value, unit: str) -> str:
    """Return the likely range of a figure and what it is of; of bounds alone the latter."""
    likely = "" if value.value is None else interval(value.low, value.high, unit)
    return f"{likely} of {thousands(value.n)}".strip() if value.n is not None else likely


def _defect_label(figures: KeyFigures) -> str:
    now = figures[DEFECTS].now
    alone = isinstance(now, Value) and _by_feedback_alone(now)
    return "Order defect rate" + (", by negative feedback alone" if alone else "")


def _defect_notes(figures: KeyFigures) -> list[str]:
    figure: Figure = figures[DEFECTS]
    now, expected = figure.now, figures[EXPECTED].now
    if isinstance(now, Missing):
        return []
    notes = []
    if isinstance(expected, Value):
        span = interval(expected.low, expected.high, figure.unit)
        notes.append(
            f"Amazon demands less than {aim(figure)}. When all feedback of the last 60 days' "
            f"orders is in, about {shown(expected, figure.unit)} is to be expected ({span})."
        )
    if _by_feedback_alone(now):
        notes.append("Claims and chargebacks are not in these files: the rate can only be too low.")
    return notes
