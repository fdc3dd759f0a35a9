"""The first page as data: verdicts, what to do, key figures, the ledger, how to read it."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, field, replace
from functools import cache
from importlib.resources import files
from typing import Any

from feedback_analysis.report.actions import Actions
from feedback_analysis.report.figures import Comparison, Figure, Missing, Value
from feedback_analysis.report.key_figures import KeyFigures
from feedback_analysis.report.render import NotebookPage
from feedback_analysis.report.service_view import PAGE as QUESTIONS_PAGE
from feedback_analysis.report.service_view import ServiceView
from feedback_analysis.report.sources import Sources, sentence_case
from feedback_analysis.report.standing import DEFECTS, EXPECTED
from feedback_analysis.report.trend import Trend
from feedback_analysis.report.wording import (
    GLUE,
    NOTHING,
    change,
    interval,
    known,
    listing,
    plain,
    signed,
    signed_interval,
    thousands,
)
from feedback_analysis.texts import several


@dataclass(frozen=True)
class Overview:
    """What the first page shows; the template only lays it out."""

    title: str
    period: str
    previous: str
    year_before: str
    basis: str
    lead: str
    cards: list[dict[str, Any]]
    trend: Trend | None
    actions: list[dict[str, Any]]
    nothing: str
    looked_at: str
    figures: list[dict[str, Any]]
    reading: str
    origins: list[dict[str, str]]
    pages: list[dict[str, str]]
    read: str
    restated: str
    limits: list[str]
    missing: list[dict[str, str]]
    ledger: list[dict[str, str]]
    set_aside: list[dict[str, str]]
    set_aside_count: str
    methods: list[dict[str, str]] = field(default_factory=list)
    words: list[dict[str, str]] = field(default_factory=list)
    parameters: list[tuple[str, str]] = field(default_factory=list)
    questions: list[dict[str, str]] = field(default_factory=list)
    questions_href: str | None = None
    grown: str = ""
    correction: str = ""

    def linked(self, places: dict[str, str]) -> Overview:
        """Return the page with its links pointing at the given place of each notebook."""
        actions = [
            {**action, "href": _place(places.get(action["page"]), action["heading"])}
            for action in self.actions
        ]
        pages = [{**page, "href": places[page["name"]]} for page in self.pages]
        questions = places.get(QUESTIONS_PAGE)
        return replace(self, actions=actions, pages=pages, questions_href=questions)


def _place(page: str | None, heading: str) -> str | None:
    """Return the address of a heading on a page, or in the one file that holds all pages."""
    if page is None or not heading:
        return page
    name = heading.replace(" ", "-")
    return f"{page}-{name}" if page.startswith("#") else f"{page}#{name}"


def make_overview(
    figures: KeyFigures,
    actions: Actions,
    *,
    trend: Trend | None,
    sources: Sources,
    pages: list[NotebookPage],
    parameters: list[tuple[str, str]],
    marketplaces: list[str],
    restated: str = "",
    service: ServiceView | None = None,
) -> Overview:
    """Put the first page together.

    Parameters
    ----------
    figures : KeyFigures
        Of the period.
    actions : Actions
        What to do first.
    trend : Trend, optional
        The weekly share.
    sources : Sources
        What was read and what is missing.
    pages : list of NotebookPage
        The other pages.
    parameters : list of tuple
        Names and values: versions, period, shop's folder.
    marketplaces : list of str
        Codes that the data speak of.
    restated : str, default=""
        What changed in past months since an earlier reading.
    service : ServiceView, optional
        The answers to the seven service questions.

    Returns
    -------
    Overview
    """
    texts = page_texts()
    period = figures.period
    previous, year = period.previous(), period.year_before()
    return Overview(
        title=f"{figures.shop}, {period.label}",
        period=period.label,
        previous=previous.label,
        year_before=year.label,
        basis=_basis(figures, marketplaces, previous.label, year.label),
        lead=_lead(figures),
        cards=_cards(figures),
        trend=trend,
        actions=[
            {
                "text": action.text,
                "evidence": action.evidence,
                "page": action.page,
                "heading": action.heading,
            }
            for action in actions.found
        ],
        nothing=actions.text,
        looked_at=actions.looked_at,
        # The windows of days stand on the cards.
        figures=[_row(figure) for figure in figures.figures if not figure.id.endswith("days")],
        origins=[
            {"term": figure.label, "meaning": figure.now.source}
            for figure in figures.figures
            if isinstance(figure.now, Value)
        ],
        reading=(
            "In small print: the range that the true figure, or the true change, probably lies in. "
            "Changes of shares are in percentage points; a change in bold is more than chance. "
            "Counts are complete, so they have no range."
        ),
        pages=[{"name": page.name, "title": page.title, "summary": page.summary} for page in pages],
        read=sources.read,
        restated=restated,
        limits=[] if figures.ratings is None else figures.ratings.limits,
        missing=sources.missing,
        ledger=sources.ledger,
        set_aside=sources.set_aside,
        set_aside_count=sources.set_aside_count,
        methods=texts["method"],
        words=texts["word"],
        parameters=parameters,
        questions=[] if service is None else list(service.answers),
        grown="" if service is None else service.grown,
        correction="" if service is None else service.correction,
    )


def _basis(figures: KeyFigures, marketplaces: list[str], previous: str, year: str) -> str:
    parts = [listing(marketplaces)] if marketplaces else []
    received, orders = figures["feedback_received"].now, figures["orders"].now
    if isinstance(received, Value):
        text = several(int(received.value), "feedback")
        if isinstance(orders, Value):
            text += f" and {several(int(orders.value), 'order')}"
        parts.append(text)
    parts.append(f"compared with {previous} and {year}")
    return " · ".join(parts)


def _lead(figures: KeyFigures) -> str:
    """Say the verdict on both targets in one or two sentences."""
    share, average = figures["positive_share"], figures["average_score"]
    period = figures.period.label
    if isinstance(share.now, Missing):
        if window := _known_window(figures):
            return window
        low = figures["negatives_and_neutrals"].now
        if isinstance(low, Value):
            return (
                f"Whether the targets are met cannot be said: {period} brought "
                f"{several(int(low.value), 'feedback')} of 1 to 3 stars, and how many were "
                "positive is not known."
            )
        return f"Whether the targets are met cannot be said: {share.now.reason}."
    verdicts = share.now.verdict, average.now.verdict
    goals = f"{_target(share)} positive", f"an average of {_target(average)}"
    if verdicts == ("met", "met"):
        return f"Both targets are met in {period}: {goals[0]} and {goals[1]}."
    if verdicts == ("not met", "not met"):
        return f"Both targets are missed in {period}: {goals[0]} and {goals[1]}."
    if verdicts[0] == "too few to say":
        n = several(share.now.n, "feedback")
        return f"{n} in {period}: too few to say whether the targets are met."
    if verdicts[0] == verdicts[1]:
        return f"Whether {goals[0]} and {goals[1]} are reached in {period} cannot be told yet."
    first = {
        "met": f"The target of {goals[0]} is met in {period}",
        "not met": f"The target of {goals[0]} is missed in {period}",
        "cannot tell yet": f"Whether {goals[0]} is reached in {period} cannot be told yet",
    }
    second = {
        "met": f"{goals[1]} is reached",
        "not met": f"{goals[1]} is not reached",
        "cannot tell yet": f"whether {goals[1]} is reached cannot be told yet",
    }
    if _missed_perhaps_by_chance(average):
        second["cannot tell yet"] = (
            f"the average score is below {_target(average)} as well, but this one {_kind(figures)} "
            "cannot prove it"
        )
    return f"{first[verdicts[0]]}; {second[verdicts[1]]}."


def _known_window(figures: KeyFigures) -> str:
    """Say the longest window of days whose share is known, where the period's own is not."""
    for days in ("365_days", "90_days", "30_days"):
        window = figures[f"positive_share_{days}"]
        if isinstance(window.now, Value) and window.now.verdict != "too few to say":
            state = {
                "met": "the target of {} is met",
                "not met": "the target of {} is missed",
                "cannot tell yet": "whether the target of {} is reached cannot be told yet",
            }[window.now.verdict].format(f"{_target(window)} positive")
            span = days.replace("_", " ")
            return (
                f"Over the last {span} {state}: {_shown(window.now, window.unit)} of "
                f"{several(window.now.n, 'feedback')}. Of {figures.period.label} alone nobody "
                "can say, because totals that are typed in do not tell its share."
            )
    return ""


def _kind(figures: KeyFigures) -> str:
    return "week" if figures.period.is_week else "month"


def _missed_perhaps_by_chance(figure: Figure) -> bool:
    """Tell whether even the highest possible figure missed its target, but not beyond chance."""
    now = figure.now
    if isinstance(now, Missing) or now.value is not None or now.high is None:
        return False
    return now.verdict == "cannot tell yet" and now.high < figure.target


def _cards(figures: KeyFigures) -> list[dict[str, Any]]:
    cards = [
        _card(figures, "positive_share", "Positive feedback"),
        _card(figures, "average_score", "Average score"),
    ]
    if cards[0]["missing"] is not None and cards[0]["missing"] == cards[1]["missing"]:
        cards[1]["missing"] = "Not known for the same reason."
    notes = (figures.standing.distance, figures.standing.alarm)
    cards[0]["notes"] = [note for note in notes if note]
    return [*cards, _defect_card(figures)]


def _defect_card(figures: KeyFigures) -> dict[str, Any]:
    """Show the rate so far, what is still to come, each channel, and Amazon's own count."""
    figure, standing = figures[DEFECTS], figures.standing
    card = _empty_card(
        f"Order defect rate, last 60 days · Amazon demands below {_target(figure)}", wide=True
    )
    card["notes"] = [standing.amazon] if standing.amazon else []
    now, expected = figure.now, figures[EXPECTED].now
    if isinstance(now, Missing):
        return {**card, "missing": f"{sentence_case(str(now))}."}
    card["value"], card["verdict"] = _shown(now, figure.unit), now.verdict
    card["sure"] = f"{thousands(round(now.value * now.n))} of {several(now.n, 'order')} so far."
    if isinstance(expected, Value):
        span = interval(expected.low, expected.high, figure.unit)
        card["sure"] += (
            f" When all feedback is in, about {_shown(expected, figure.unit)} is to be expected "
            f"({span})."
        )
    if now.source.endswith("not known."):
        card["sure"] += " Negative feedback only: claims and chargebacks are not in these files."
    card["windows"] = [
        {"label": name, "value": _shown(value, figure.unit), "verdict": value.verdict}
        for name, value in standing.channels
    ]
    return card


def _empty_card(label: str, *, wide: bool = False) -> dict[str, Any]:
    blank = dict.fromkeys(("missing", "value", "verdict", "sure"))
    return {"label": label, "wide": wide, **blank, "changes": [], "windows": [], "notes": []}


def _card(figures: KeyFigures, name: str, title: str) -> dict[str, Any]:
    figure = figures[name]
    card = _empty_card(f"{title}, {figures.period.label} · target {_target(figure)}")
    for window in figures.figures:
        if window.id.startswith(f"{name}_") and isinstance(window.now, Value):
            days = window.label.rpartition("last ")[2]
            card["windows"].append(
                {
                    "label": f"Last {days}",
                    "value": _shown(window.now, window.unit),
                    "verdict": window.now.verdict,
                }
            )
    now = figure.now
    if isinstance(now, Missing):
        return {**card, "missing": f"{sentence_case(str(now))}."}
    card["value"], card["verdict"] = _shown(now, figure.unit), now.verdict
    count = several(now.n, "feedback")
    if now.value is None:
        card["sure"] = (
            f"From {count}; lowest to highest possible, because the split of 4 and 5 stars is not "
            "known everywhere."
        )
        if _missed_perhaps_by_chance(figure):
            card["sure"] += f" Even the highest is below {_target(figure)}; that may be chance."
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
            text += ", more than chance" if comparison.sure else ", no clear change"
    return {"label": comparison.label, "value": _earlier(comparison, unit), "difference": text}


def _row(figure: Figure) -> dict[str, Any]:
    now = figure.now
    if isinstance(now, Missing):
        return {"label": figure.label, "missing": now.reason}
    row = {
        "label": figure.label,
        "missing": None,
        "value": _shown(now, figure.unit),
        "likely": interval(now.low, now.high, figure.unit) if now.value is not None else "",
        "of": f"{thousands(now.n)}{GLUE}{figure.n_of}" if now.n is not None else "",
    }
    for name in ("previous", "year_before"):
        comparison = getattr(figure, name)
        row[name] = row[f"{name}_change"] = row[f"{name}_range"] = ""
        row[f"{name}_sure"] = bool(comparison and comparison.sure)
        if comparison is not None:
            row[name] = _earlier(comparison, figure.unit)
            row[f"{name}_change"] = signed(comparison.difference, figure.unit)
            row[f"{name}_range"] = signed_interval(comparison.low, comparison.high, figure.unit)
    return row


def _shown(value: Value, unit: str) -> str:
    """Return the number, or its bounds where only these are known."""
    if value.value is not None:
        return plain(value.value, unit)
    return interval(value.low, value.high, unit) or NOTHING


def _earlier(comparison: Comparison, unit: str) -> str:
    if known(comparison.value):
        return plain(comparison.value, unit)
    return interval(comparison.value_low, comparison.value_high, unit) or NOTHING


def _target(figure: Figure) -> str:
    share = figure.unit in ("share", "small share")
    return f"{100 * figure.target:g}{GLUE}%" if share else f"{figure.target:g}"


@cache
def page_texts() -> dict[str, Any]:
    """Return the explanations on the first page."""
    text = files("feedback_analysis.report").joinpath("texts.toml").read_text("utf-8")
    return tomllib.loads(text)
