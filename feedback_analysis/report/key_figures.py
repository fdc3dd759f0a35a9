"""The key figures of a period as data: computed, compared with earlier periods, written as JSON."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any

from feedback_analysis.periods import Period
from feedback_analysis.report import case_figures as cases
from feedback_analysis.report import feedback_figures as feedback
from feedback_analysis.report import sales_figures as sales
from feedback_analysis.report.changes import find_changes
from feedback_analysis.report.figures import Figure, Missing, Value, compare, corrected
from feedback_analysis.report.review_figures import review_figure
from feedback_analysis.report.standing import Standing, find_standing

# Raised when a field changes its meaning or goes away; docs/key-figures.md tells them all.
SCHEMA = 2
DECIMALS = 6

Measure = Callable[[Any, "feedback.Ratings | None", Period], Value | Missing]


@dataclass(frozen=True, eq=False)
class KeyFigures:
    """The key figures of a shop in a period.

    Attributes
    ----------
    shop : str
        The shop's name.
    period : Period
        What they are about.
    figures : tuple of Figure
        In the order in which a reader wants them.
    ratings : Ratings or None
        The ratings behind them.
    standing : Standing
        What stands beside the two targets: channels, distance, alarm.
    """

    shop: str
    period: Period
    figures: tuple[Figure, ...]
    ratings: feedback.Ratings | None
    standing: Standing

    def __getitem__(self, name: str) -> Figure:
        return next(figure for figure in self.figures if figure.id == name)

    def to_json(self) -> str:
        """Return the figures as JSON: keys sorted, numbers rounded, the same bytes each time."""
        content = {
            "schema": SCHEMA,
            "shop": self.shop,
            "period": {
                "id": self.period.id,
                "label": self.period.label,
                "start": self.period.start.isoformat(),
                "end": self.period.end.isoformat(),
            },
            "figures": {figure.id: _entry(figure) for figure in self.figures},
            "changes": [change.entry() for change in find_changes(self.figures)],
        }
        return json.dumps(content, indent=1, sort_keys=True, ensure_ascii=False) + "\n"


# id, label, unit, what n counts, measure
_FIGURES: tuple[tuple[str, str, str, str, Measure], ...] = (
    (
        "positive_share",
        "Positive feedback",
        "share",
        "feedbacks",
        lambda shop, found, period: feedback.share(found),
    ),
    *(
        (
            f"positive_share_{window.replace(' ', '_')}",
            f"Positive feedback, last {window}",
            "share",
            "feedbacks",
            lambda shop, found, period, window=window: feedback.share(found, window),
        )
        for window in feedback.WINDOWS
    ),
    (
        "average_score",
        "Average score",
        "stars",
        "feedbacks",
        lambda shop, found, period: feedback.average(found),
    ),
    *(
        (
            f"average_score_{window.replace(' ', '_')}",
            f"Average score, last {window}",
            "stars",
            "feedbacks",
            lambda shop, found, period, window=window: feedback.average(found, window),
        )
        for window in feedback.WINDOWS
    ),
    (
        "feedback_received",
        "Feedback received",
        "count",
        "",
        lambda shop, found, period: feedback.received(found),
    ),
    (
        "feedback_per_order",
        "Feedback per 100 orders",
        "per 100 orders",
        "orders",
        lambda shop, found, period: feedback.per_order(shop, found),
    ),
    (
        "negatives_and_neutrals",
        "Feedback of 1 to 3 stars",
        "count",
        "",
        lambda shop, found, period: feedback.below_four(shop, period),
    ),
    (
        "cases_due",
        "Cases due",
        "count",
        "",
        lambda shop, found, period: cases.cases_due(shop, period),
    ),
    (
        "orders",
        "Orders",
        "count",
        "",
        lambda shop, found, period: sales.order_count(shop, period),
    ),
    (
        "order_items",
        "Order items",
        "count",
        "",
        lambda shop, found, period: sales.order_items(shop, period),
    ),
    (
        "conversion",
        "Order items per 100 sessions",
        "per 100 sessions",
        "sessions",
        lambda shop, found, period: sales.conversion(shop, period),
    ),
    (
        "units_refunded",
        "Units refunded per 100 ordered",
        "per 100 units",
        "units",
        lambda shop, found, period: sales.units_refunded(shop, period),
    ),
)


def key_figures(shop: Any, period: Period) -> KeyFigures:
    """Work out the key figures of a period and compare them with earlier periods.

    Parameters
    ----------
    shop : Shop
        What ``read_folder`` returns. Nothing that was written by an earlier run is used: the
        earlier periods are worked out again from the shop's own files.
    period : Period
        The month or week.

    Returns
    -------
    KeyFigures
        Each figure with n, 95 % interval and verdict, the period before and the year before; or
        the reason why it cannot be given.
    """
    now, before, year = period, period.previous(), period.year_before()
    views = {each.id: shop.until(each.end) for each in (now, before, year)}
    found = {
        each.id: feedback.ratings(views[each.id], each, windows=each is now)
        for each in (now, before, year)
    }
    minimum_n = shop.settings.minimum_n
    targets = shop.settings.targets
    figures = []
    for name, label, unit, n_of, measure in _FIGURES:

        def value(each: Period, measure: Measure = measure) -> Value | Missing:
            return measure(views[each.id], found[each.id], each)

        target = None
        if name.startswith("positive_share"):
            target = targets.positive_share
        elif name.startswith("average_score"):
            target = targets.average
        figure = Figure(name, label, unit, n_of, target, value(now))
        # A window shares days with the same window a month earlier, so the two are not set against
        # each other; the period's own figure is.
        if not name.endswith("days"):
            figure = figure.compared(
                previous=compare(figure.now, value(before), period=before, minimum_n=minimum_n),
                year_before=compare(figure.now, value(year), period=year, minimum_n=minimum_n),
            )
        figures.append(figure)
    standing = find_standing(views[now.id], now)
    figures += standing.figures
    # All weeks known go into it, so it is not compared from month to month.
    figures.append(review_figure(views[now.id]))
    judged = corrected(tuple(figures))
    return KeyFigures(shop.settings.name, period, judged, found[now.id], standing)


def _entry(figure: Figure) -> dict[str, Any]:
    if isinstance(figure.now, Missing):
        value = {"value": None, "missing": str(figure.now)}
    else:
        value = {**asdict(figure.now), "missing": None}
    entry = {
        "label": figure.label,
        "unit": figure.unit,
        "target": figure.target,
        "n_of": figure.n_of or None,
        **{
            key: value.get(key)
            for key in ("value", "n", "low", "high", "verdict", "source", "complete")
        },
        "missing": value["missing"],
        "previous": None if figure.previous is None else asdict(figure.previous),
        "year_before": None if figure.year_before is None else asdict(figure.year_before),
    }
    return _rounded(entry)


def _rounded(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _rounded(item) for key, item in value.items()}
    return round(value, DECIMALS) if isinstance(value, float) else value
