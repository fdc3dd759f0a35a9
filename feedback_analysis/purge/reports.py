"""Finished reports that quote a buyer: found by what their pages show, and removed whole."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterable
from pathlib import Path

from feedback_analysis.aside import locked
from feedback_analysis.errors import ReportError
from feedback_analysis.periods import Period
from feedback_analysis.purge.target import Target
from feedback_analysis.report.archive import write_archive
from feedback_analysis.report.gate import read_back
from feedback_analysis.report.repeats import quoted_places
from feedback_analysis.report.swap import MARK


def report_folders(places: Iterable[Path]) -> list[Path]:
    """Return the reports at some places, and those in the folders of periods below them.

    Parameters
    ----------
    places : iterable of Path
        Reports, or folders that hold a report for each period.
    """
    found = []
    for place in places:
        inside = [place, *(sorted(place.iterdir()) if place.is_dir() else [])]
        found += [each for each in inside if (each / MARK).is_file()]
    return list(dict.fromkeys(each.resolve() for each in found))


def tells(folder: Path, target: Target) -> bool:
    """Tell whether a report shows a key, an id or the words of a buyer.

    Parameters
    ----------
    folder : Path
        The report.
    target : Target
        Whose.
    """
    files = [path for path in sorted(folder.rglob("*")) if path.is_file()]
    if any(target.searcher.holds(path) for path in files):
        return True
    # A page may shorten a comment, or break its lines.
    for path in files:
        if path.suffix == ".html":
            texts = [piece.text for piece in read_back(path).pieces]
            # One word alone may be another buyer's as well.
            repeated = quoted_places(target.comments, texts, fewest=2)
            if len(repeated) or any(map(target.says, texts)):
                return True
    return False


def period_of(folder: Path) -> str:
    """Return the period that a report is of, whatever its folder is called."""
    try:
        return Period.parse(json.loads((folder / MARK).read_bytes())["period"]["id"]).id
    except (OSError, ValueError, KeyError, TypeError, ReportError):
        return folder.name


def remove(folder: Path, shop: str) -> None:
    """Remove a report, and its line in the list of all reports.

    Parameters
    ----------
    folder : Path
        The report.
    shop : str
        The shop's name.
    """
    try:
        listed = bool(Period.parse(folder.name))
    except ReportError:
        # Put elsewhere with `--output`, and in no list.
        listed = False
    with locked(folder.parent, busy="a report is being written here"):
        shutil.rmtree(folder)
        if listed and (folder.parent / "index.html").is_file():
            write_archive(folder.parent, shop=shop)
