"""What reviews are worth, for the first page: one figure and the products to ask for first."""

from __future__ import annotations

from typing import Any

from feedback_analysis.conversion import (
    Priorities,
    ReviewEffect,
    ReviewPanel,
    review_effect,
    review_panel,
    review_priorities,
)
from feedback_analysis.conversion.panel import places_in_words
from feedback_analysis.conversion.refusals import LEAST_SWITCHING
from feedback_analysis.report.figures import Figure, Missing, Value
from feedback_analysis.texts import several

FIRST_REVIEW = "first_review_lift"
LABEL = "What a first review adds to conversion"
REMEDY = (
    "weekly business reports by child ASIN and dated review counts, before and after first reviews"
)


def review_findings(shop: Any) -> tuple[ReviewPanel, ReviewEffect]:
    """Return the panel and the effect that all of this rests on.

    Parameters
    ----------
    shop : Shop
        With rows up to the period's last day only.

    Returns
    -------
    tuple
        Of ReviewPanel and ReviewEffect.
    """
    panel = review_panel(shop)
    return panel, review_effect(panel.table)


def review_figure(shop: Any) -> Figure:
    """Return the lift of a first review with its interval, or why there is none.

    Parameters
    ----------
    shop : Shop
        With rows up to the period's last day only.

    Returns
    -------
    Figure
        Where no clear effect was found, only the ends of what fits.
    """
    panel, effect = review_findings(shop)
    return Figure(FIRST_REVIEW, LABEL, "lift", "families", None, _value(panel, effect))


def _value(panel: ReviewPanel, effect: ReviewEffect) -> Value | Missing:
    if panel.table.empty:
        return Missing("no business report by child or parent ASIN for a whole week", REMEDY)
    if effect.grade == "unreliable":
        return Missing(_too_few(effect.switching), REMEDY)
    low, high = effect.interval
    clear = effect.grade != "none"
    where = places_in_words(panel.places)
    source = (
        f"Order items per session{f' in {where}' * bool(where)} in the six weeks after a first "
        "review against none, two estimators together; "
        f"{'grade ' + effect.grade if clear else 'no clear effect'}."
    )
    return Value(effect.lift if clear else None, effect.switching, low, high, source=source)


def _too_few(switching: int) -> str:
    if switching >= LEAST_SWITCHING:
        return "these data cannot tell"
    only = (
        f"only {several(switching, 'family was', 'families were')}"
        if switching
        else "no family was"
    )
    return f"{only} seen both without and with reviews"


def review_list(shop: Any) -> Priorities | None:
    """Return the products to ask for reviews first, or None where no effect was found.

    Parameters
    ----------
    shop : Shop
        With rows up to the period's last day only.

    Returns
    -------
    Priorities or None
        None too where no product on sale is without reviews.
    """
    panel, effect = review_findings(shop)
    if effect.grade not in ("strong", "suggestive"):
        return None
    found = review_priorities(panel.table, effect, places=panel.places)
    return found if found.ranked and len(found.table) else None
