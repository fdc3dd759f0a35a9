"""The seller's own lists, corrections and causes: what is of a purged order leaves them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path

import pandas as pd

from feedback_analysis.amazon.own_lists import OWN_LISTS, own_lists
from feedback_analysis.causes.corrections_log import locked_file
from feedback_analysis.purge.rows import CannotMend, Row, blank_rows, without_rows
from feedback_analysis.purge.target import Target, named_order
from feedback_analysis.settings import Settings
from feedback_analysis.sheets import column_id


def lists_of(folder: Path, settings: Settings, written: Iterable[str]) -> list[Path]:
    """Return every list of the shop that may hold orders.

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
    found = [path for kind in OWN_LISTS for path, _ in own_lists(folder, every, kind)]
    found += [Path(place) for place in written if Path(place).is_file()]
    return list(dict.fromkeys(path.resolve() for path in found))


def of_target(target: Target) -> Callable[[Row], bool]:
    """Return what tells whether a row of a list is of a purged order.

    Parameters
    ----------
    target : Target
        Whose.
    """

    def gone(row: Row) -> bool:
        whole = row.get("", "")
        if any(named_order(cell) in target.ids for cell in whole.splitlines()):
            return True
        if any(target.says(cell) for cell in row.values()):
            return True
        if target.before is not None and _early(row, target):
            return True
        return target.codes.found_in(whole.encode("utf-8", "replace"))

    return gone


def _early(row: Row, target: Target) -> bool:
    """Tell whether a row's own day lies before the one that is kept from."""
    for heading, cell in row.items():
        if column_id(heading) in ("feedback_day", "opened", "asked"):
            day = pd.to_datetime(cell[:10], format="%Y-%m-%d", errors="coerce")
            return bool(pd.notna(day) and day < pd.Timestamp(target.before))
    return False


def purge_list(path: Path, target: Target, *, look: bool) -> tuple[int, str]:
    """Take rows out of a list; returns how many, and why it cannot be done, if so.

    Parameters
    ----------
    path : Path
        A workbook or a file of delimited text.
    target : Target
        Whose rows.
    look : bool
        Only count.
    """
    gone = of_target(target)
    try:
        if path.read_bytes()[:4] == b"PK\x03\x04":
            return blank_rows(path, gone, look=look), ""
        return without_rows(path, gone, look=look), ""
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
