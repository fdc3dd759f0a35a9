"""The seller's own lists, corrections and causes: what is of a purged order leaves them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
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
from feedback_analysis.texts import several

# Columns of a list's own day; of several the first that can be read.
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


@dataclass(frozen=True)
class _Days:
    """The days of a list's rows, read as the reader of the list does.

    ``read`` has for each heading of days what its cells say.
    """

    before: date
    read: dict[str, dict[str, pd.Timestamp]]

    def early(self, row: Row) -> bool:
        """Tell whether a row's own day, the first that can be read, lies before the given one."""
        day = next((day for day in self._of(row).values() if pd.notna(day)), pd.NaT)
        return bool(pd.notna(day) and day < pd.Timestamp(self.before))

    def unread(self, row: Row) -> bool:
        """Tell whether a row has a day and none that can be read."""
        days = self._of(row)
        return any(days) and pd.isna(list(days.values())).all()

    def _of(self, row: Row) -> dict[str, pd.Timestamp]:
        return {
            text: days[text]
            for heading, days in self.read.items()
            if (text := row.get(heading, "").strip()) in days
        }


def _days(path: Path, before: date, columns: Mapping[str, str]) -> _Days:
    known = {*_DAYS, *(column_id(columns[name]) for name in _DAYS if name in columns)}
    cells: dict[str, dict[str, None]] = {}

    def gather(row: Row) -> bool:
        for heading, text in row.items():
            if column_id(heading) in known:
                cells.setdefault(heading, {})[text.strip()] = None
        return False

    _take(path, gather, look=True)
    read = {}
    for heading, written in cells.items():
        texts = pd.Series(list(written), dtype=TEXT)
        found = days_as_read(texts, column=heading, file=path)
        read[heading] = dict(zip(texts, found, strict=True))
    return _Days(before, read)


def _never(_row: Row) -> bool:
    return False


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
    early, unread, why = _never, _never, ""
    try:
        if target.before is not None:
            try:
                days = _days(path, target.before, columns or {})
                early, unread = days.early, days.unread
            except ReportError as error:
                why = f"its days cannot be told: {error.message}"
        gone = of_target(target, early)
        if stay := _take(path, lambda row: unread(row) and not gone(row), look=True):
            why = f"the day of {several(stay, 'row')} cannot be read, so it is not known if early"
        return _take(path, gone, look=look), why
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
