"""The page that lists all reports of a shop."""

from __future__ import annotations

import json
from itertools import pairwise
from pathlib import Path
from typing import Any

from feedback_analysis.errors import ReportError
from feedback_analysis.periods import Period
from feedback_analysis.report.gate import check_page
from feedback_analysis.report.known import Known
from feedback_analysis.report.overview import page_texts
from feedback_analysis.report.page import fill
from feedback_analysis.report.sparkline import Point, sparkline
from feedback_analysis.report.swap import MARK, write_text
from feedback_analysis.report.wording import GLUE, NOTHING, interval, known, plain, thousands
from feedback_analysis.texts import several

# What the table shows of each period, and what is drawn over them.
COLUMNS = ("positive_share", "average_score", "order_defect_rate_60_days", "cases_due")
LINES = (
    "positive_share",
    "average_score",
    "order_defect_rate_60_days",
    "negatives_and_neutrals",
    "cases_due",
    "feedback_per_order",
    "conversion",
    "units_refunded",
)


def write_archive(folder: Path, *, shop: str, known: Known | None = None) -> Path:
    """Write ``index.html`` with the key figures over all periods and a row for each report.

    Parameters
    ----------
    folder : Path
        Holds a folder for each period, such as ``2026-10``.
    shop : str
        The shop's name.
    known : Known, optional
        What the gate knows of the shop.

    Returns
    -------
    Path
        The page. A folder without readable key figures is listed without numbers.
    """
    periods = []
    for place in folder.iterdir():
        if (place / MARK).is_file():
            try:
                periods.append(Period.parse(place.name))
            except ReportError:
                continue
    periods.sort(key=lambda period: (period.end, period.id), reverse=True)
    page = fill(
        "shop.html.j2",
        shop=shop,
        counted=several(len(periods), "report"),
        groups=[
            _group(folder, title, [each for each in periods if each.is_week is weekly])
            for title, weekly in (("Months", False), ("Weeks", True))
            if any(each.is_week is weekly for each in periods)
        ],
        # Numbers alone: no comment stands here that one would have to read first.
        footer={"privacy": page_texts()["footer"]["privacy_without_quotes"]},
    )
    path = folder / "index.html"
    check_page(path.name, page, keys_allowed=False, known=known)
    write_text(path, page)
    return path


def _group(folder: Path, title: str, periods: list[Period]) -> dict[str, Any]:
    """Return the months, or the weeks: their lines over time and a row each, the newest first."""
    content = {period: _figures(folder / period.id / MARK) for period in periods}
    return {
        "title": title,
        "lines": [line for name in LINES if (line := _line(name, content)) is not None],
        "rows": [_row(period, content[period]) for period in periods],
    }


def _line(name: str, content: dict[Period, dict[str, Any]]) -> dict[str, Any] | None:
    """Return one key figure over the periods, or None with fewer than two that know it."""
    oldest_first = sorted(content, key=lambda period: period.end)
    places = {oldest_first[0]: 0}
    for before, period in pairwise(oldest_first):
        days = (period.start - before.start).days
        # A month that was skipped leaves a gap as wide as it was long.
        places[period] = places[before] + max(1, round(days / (7 if period.is_week else 30.4)))
    entries = {period: content[period].get(name) or {} for period in oldest_first}
    points = [
        Point(places[period], *(_number(entry, key) for key in ("value", "low", "high")))
        for period, entry in entries.items()
    ]
    newest = next((e for e in reversed(entries.values()) if e.get("label")), {})
    label, unit = str(newest.get("label")), str(newest.get("unit"))
    told = {
        period.label: shown
        for period, entry in entries.items()
        if (shown := _shown(entry, unit)) != NOTHING
    }
    target = _number(newest, "target")
    words = "; ".join(f"{period} {shown}" for period, shown in told.items())
    picture = sparkline(points, words=f"{label}: {words}.", target=target)
    if picture is None:
        return None
    goal = f"{target or 0:g}" if unit == "stars" else f"{100 * (target or 0):g}{GLUE}%"
    return {
        "label": label,
        "picture": picture,
        "newest": _shown(newest, unit),
        "first": next(iter(told), oldest_first[0].label),
        "target": "" if target is None else goal,
    }


def _row(period: Period, figures: dict[str, Any]) -> dict[str, Any]:
    share, average, defects, due = (figures.get(name) or {} for name in COLUMNS)
    return {
        "href": f"{period.id}/index.html",
        "label": period.label[0].upper() + period.label[1:],
        "share": plain(_number(share, "value"), "share"),
        "likely": interval(_number(share, "low"), _number(share, "high"), "share"),
        "of": thousands(_number(share, "n")),
        "verdict": share.get("verdict") or NOTHING,
        "average": _shown(average, "stars"),
        "defects": _shown(defects, "small share"),
        "due": _shown(due, "count"),
    }


def _shown(entry: dict[str, Any], unit: str) -> str:
    """Return a figure of the file as it is read, or its bounds where only these are known."""
    value, low, high = (_number(entry, key) for key in ("value", "low", "high"))
    return plain(value, unit) if known(value) else interval(low, high, unit) or NOTHING


def _number(entry: dict[str, Any], key: str) -> float | None:
    value = entry.get(key)
    return value if isinstance(value, int | float) and not isinstance(value, bool) else None


def _figures(path: Path) -> dict[str, Any]:
    """Return the key figures of a report; none where the file cannot be read."""
    try:
        figures = json.loads(path.read_text("utf-8"))["figures"]
        return {name: entry for name, entry in figures.items() if isinstance(entry, dict)}
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return {}
