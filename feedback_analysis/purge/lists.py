"""The seller's own lists, corrections and causes: what is of a purged order leaves them."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Mapping
from datetime import date
from pathlib import Path

import pandas as pd

from feedback_analysis.amazon.own_cells import days_as_read
from feedback_analysis.amazon.own_lists import OWN_LISTS, own_lists
from feedback_analysis.causes.corrections_log import locked_file
from feedback_analysis.errors import ReportError
from feedback_analysis.purge.rows import CannotMend, Row, blank_rows, without_rows
from feedback_analysis.purge.target import Target, named_order
from feedback_analysis.settings import Settings
from feedback_analysis.sheets import column_id
from feedback_analysis.tables import TEXT

# Columns of a list's own day; of several the first.
_DAYS = ("feedback_day", "opened", "asked")


def lists_of(
    folder: Path, settings: Settings, written: Iterable[str]
) -> dict[Path, dict[str, str]]:
    """Return every list of the shop that may hold orders, each with its columns by our names.

    Parameters
    ----------
    folder : Path
        The shop's folder.
    settings : Settings
        Its settings, which may name more of them.
    written : iterable of str
        Lists that were written elsewhere.
    """
    # What a run leaves out may hold an order all the same.
    files = tuple(entry for entry in settings.files if not entry.ignore)
    every = settings.model_copy(update={"files": files})
    found: dict[Path, dict[str, str]] = {}
    for kind in OWN_LISTS:
        for path, columns in own_lists(folder, every, kind):
            found[path.resolve()] = {**found.get(path.resolve(), {}), **columns}
    for place in written:
        if Path(place).is_file():
            found.setdefault(Path(place).resolve(), {})
    return found


def of_target(target: Target, early: Callable[[Row], bool]) -> Callable[[Row], bool]:
    """Return what tells whether a row of a list is of a purged order.

    Parameters
    ----------
    target : Target
        Whose.
    early : callable
        Tells whether a row's own day lies before the one that is kept from.
    """

    def gone(row: Row) -> bool:
        whole = row.get("", "")
        if any(named_order(cell) in target.ids for cell in whole.splitlines()):
            return True
        if any(target.says(cell) for cell in row.values()):
            return True
        if early(row):
            return True
        return target.codes.found_in(whole.encode("utf-8", "replace"))

    return gone


def _early(
    path: Path, before: date | None, columns: Mapping[str, str]
) -> tuple[Callable[[Row], bool], str]:
    """Return what tells a row of an early day, and why the days cannot be told, if so."""
    if before is None:
        return _never, ""
    known = {*_DAYS, *(column_id(columns[name]) for name in _DAYS if name in columns)}
    cells: dict[str, dict[str, None]] = {}

    def gather(row: Row) -> bool:
        heading = _day_heading(row, known)
        if heading:
            cells.setdefault(heading, {})[row[heading].strip()] = None
        return False

    _take(path, gather, look=True)
    days: dict[str, dict[str, pd.Timestamp]] = {}
    try:
        for heading, written in cells.items():
            texts = pd.Series(list(written), dtype=TEXT)
            read = days_as_read(texts, column=heading, file=path)
            days[heading] = dict(zip(texts, read, strict=True))
    except ReportError as error:
        return _never, f"its days cannot be told: {error.message}"

    def early(row: Row) -> bool:
        heading = _day_heading(row, known)
        day = days[heading].get(row[heading].strip()) if heading else None
        return bool(pd.notna(day) and day < pd.Timestamp(before))

    return early, ""


def _never(_row: Row) -> bool:
    return False


def _day_heading(row: Row, known: Container[str]) -> str:
    return next((heading for heading in row if column_id(heading) in known), "")


def _take(path: Path, gone: Callable[[Row], bool], *, look: bool) -> int:
    if path.read_bytes()[:4] == b"PK\x03\x04":
        return blank_rows(path, gone, look=look)
    return without_rows(path, gone, look=look)


def purge_list(
    path: Path, target: Target, *, look: bool, columns: Mapping[str, str] | None = None
) -> tuple[int, str]:
    """Take rows out of a list; returns how many, and why it cannot be done, if so.

    Parameters
    ----------
    path : Path
        A workbook or a file of delimited text.
    target : Target
        Whose rows.
    look : bool
        Only count.
    columns : dict, optional
        Our column names to the list's own headings. Days are read as the reader of the list does.
    """
    try:
        early, why = _early(path, target.before, columns or {})
        return _take(path, of_target(target, early), look=look), why
    except CannotMend as error:
        return 0, str(error)


def purge_corrections(path: Path, target: Target, *, look: bool) -> int:
    """Take out corrections of an order, and of words that nobody else wrote.

    Parameters
    ----------
    path : Path
        ``corrections.csv``.
    target : Target
        Whose.
    look : bool
        Only count.
    """

    def gone(row: Row) -> bool:
        key = row.get("order_key", "").strip()
        return key in target.keys or target.says(row.get("comment", ""))

    with locked_file(path.resolve()):
        return without_rows(path.resolve(), gone, look=look)
