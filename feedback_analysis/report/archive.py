"""The page that lists all reports of a shop."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from feedback_analysis.errors import ReportError
from feedback_analysis.periods import Period
from feedback_analysis.report.gate import check_page
from feedback_analysis.report.known import Known
from feedback_analysis.report.overview import page_texts
from feedback_analysis.report.page import fill
from feedback_analysis.report.swap import MARK, write_text
from feedback_analysis.report.wording import NOTHING, interval, plain, thousands
from feedback_analysis.texts import several


def write_archive(folder: Path, *, shop: str, known: Known | None = None) -> Path:
    """Write ``index.html`` with a line for each report in a folder.

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
        rows=[_row(folder, period) for period in periods],
        footer=page_texts()["footer"],
    )
    path = folder / "index.html"
    check_page(path.name, page, keys_allowed=False, known=known)
    write_text(path, page)
    return path


def _row(folder: Path, period: Period) -> dict[str, Any]:
    share, average = (_figure(folder / period.id / MARK, name) for name in _FIGURES)
    return {
        "href": f"{period.id}/index.html",
        "label": period.label[0].upper() + period.label[1:],
        "share": plain(share.get("value"), "share"),
        "likely": interval(share.get("low"), share.get("high"), "share"),
        "of": thousands(share.get("n")),
        "verdict": share.get("verdict") or NOTHING,
        "average": plain(average.get("value"), "stars")
        if average.get("value") is not None
        else interval(average.get("low"), average.get("high"), "stars") or NOTHING,
    }


_FIGURES = ("positive_share", "average_score")


def _figure(path: Path, name: str) -> dict[str, Any]:
    try:
        figure = json.loads(path.read_text("utf-8"))["figures"][name]
        return figure if isinstance(figure, dict) else {}
    except (OSError, ValueError, KeyError, TypeError):
        return {}
