"""The first page as data: verdicts, what to do, key figures, the ledger, how to read it."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, field, replace
from functools import cache
from importlib.resources import files
from typing import Any

from feedback_analysis.report.actions import Actions
from feedback_analysis.report.cards import cards, details, tiles
from feedback_analysis.report.changes import find_changes, looks, what_changed
from feedback_analysis.report.figures import Figure, Missing, Value, earlier, shown
from feedback_analysis.report.key_figures import KeyFigures
from feedback_analysis.report.lead import lead
from feedback_analysis.report.render import NotebookPage
from feedback_analysis.report.service_view import PAGE as QUESTIONS_PAGE
from feedback_analysis.report.service_view import ServiceView
from feedback_analysis.report.sources import Sources
from feedback_analysis.report.trend import Trend
from feedback_analysis.report.wording import (
    GLUE,
    interval,
    signed,
    signed_interval,
    thousands,
)
from feedback_analysis.texts import listing, several


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
    tiles: list[dict[str, Any]]
    details: list[dict[str, Any]]
    trend: Trend | None
    actions: list[dict[str, Any]]
    nothing: str
    looked_at: str
    over: str
    figures: list[dict[str, Any]]
    changed: list[dict[str, Any]]
    looked_at_changes: str
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
    parameters: list[tuple[str, str]] = field(default_factory=list)
    questions: list[dict[str, str]] = field(default_factory=list)
    questions_href: str | None = None
    correction: str = ""
    questions_changed: str = ""

    def linked(self, places: dict[str, str]) -> Overview:
        """Return the page with its links pointing at the given place of each notebook."""
        actions, tiles = (
            [{**part, "href": _place(places.get(part["page"]), part["heading"])} for part in parts]
            for parts in (self.actions, self.tiles)
        )
        pages = [{**page, "href": places[page["name"]]} for page in self.pages]
        questions = places.get(QUESTIONS_PAGE)
        return replace(self, actions=actions, tiles=tiles, pages=pages, questions_href=questions)


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
    changes = find_changes(figures.figures)
    return Overview(
        title=f"{figures.shop}, {period.label}",
        period=period.label,
        previous=previous.label,
        year_before=year.label,
        basis=_basis(figures, marketplaces, previous.label, year.label),
        lead=lead(figures),
        cards=cards(figures),
        tiles=tiles(figures, service),
        details=details(figures),
        trend=trend,
        actions=_steps(actions),
        nothing=actions.text,
        looked_at=actions.looked_at,
        over=actions.over,
        # The windows of days stand beside the weeks.
        figures=[_row(figure) for figure in figures.figures if not figure.id.endswith("days")],
        origins=_origins(figures),
        changed=what_changed(figures.figures, changes),
        looked_at_changes=looks(changes),
        reading=(
            "In small print: the range that the true figure, or the true change, probably lies in. "
            "Changes of shares are in percentage points; a change in bold is more than chance, "
            "all changes looked at together. Counts are complete, so they have no range. Each "
            "number is rounded by itself, so a last digit may not add up."
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
        parameters=parameters,
        questions=[] if service is None else list(service.answers),
        correction="" if service is None else service.correction,
        questions_changed="" if service is None else service.trend,
    )


def _steps(actions: Actions) -> list[dict[str, Any]]:
    names = ("text", "evidence", "page", "heading")
    return [{name: getattr(action, name) for name in names} for action in actions.found]


def _origins(figures: KeyFigures) -> list[dict[str, str]]:
    known = [figure for figure in figures.figures if isinstance(figure.now, Value)]
    return [{"term": figure.label, "meaning": figure.now.source} for figure in known]


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


def _row(figure: Figure) -> dict[str, Any]:
    now = figure.now
    if isinstance(now, Missing):
        return {"label": figure.label, "missing": now.reason}
    row = {
        "label": figure.label,
        "missing": None,
        "value": shown(now, figure.unit),
        "likely": interval(now.low, now.high, figure.unit) if now.value is not None else "",
        "of": f"{thousands(now.n)}{GLUE}{figure.n_of}" if now.n is not None else "",
    }
    for name in ("previous", "year_before"):
        comparison = getattr(figure, name)
        row[name] = row[f"{name}_change"] = row[f"{name}_range"] = ""
        row[f"{name}_sure"] = bool(comparison and comparison.sure)
        if comparison is not None:
            row[name] = earlier(comparison, figure.unit)
            row[f"{name}_change"] = signed(comparison.difference, figure.unit)
            row[f"{name}_range"] = signed_interval(comparison.low, comparison.high, figure.unit)
    return row


@cache
def page_texts() -> dict[str, Any]:
    """Return the explanations on the first page."""
    text = files("feedback_analysis.report").joinpath("texts.toml").read_text("utf-8")
    return tomllib.loads(text)
