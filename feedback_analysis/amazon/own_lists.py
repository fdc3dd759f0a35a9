"""The seller's own lists, cases and the log of requests: where they are, and what they say."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

import pandas as pd

from feedback_analysis import tables
from feedback_analysis.amazon.asks import read_asks
from feedback_analysis.amazon.cases import joined_cases, read_cases
from feedback_analysis.amazon.facts import PERIODS, entries_for, is_there, why_left_out
from feedback_analysis.errors import ReportError
from feedback_analysis.names import Names
from feedback_analysis.privacy import OrderKeys
from feedback_analysis.settings import FileEntry, Settings

OWN_LISTS = ("cases", "asks")


def listed_orders(
    folder: Path, settings: Settings, keys: OrderKeys
) -> tuple[pd.DataFrame | None, pd.Series | None]:
    """Return the log of requests and the orders of cases, as far as they can be read.

    Parameters
    ----------
    folder : Path
        The shop's folder.
    settings : Settings
    keys : OrderKeys

    Returns
    -------
    tuple
        Table ``asks`` or None, and the order keys of the shop's own cases or None. What is wrong
        with a list is told when it is read for good.
    """
    asks, also = None, []
    with suppress(ReportError):
        for path, columns in own_lists(folder, settings, "asks")[:1]:
            asks = read_asks(path, keys, columns=columns)
    for path, columns in own_lists(folder, settings, "cases"):
        with suppress(ReportError):
            nothing = tables.empty("feedback")
            also.append(read_cases(path, keys, nothing, columns=columns)["order_key"])
    return asks, pd.concat(also) if also else None


def own_lists(folder: Path, settings: Settings, kind: str) -> list[tuple[Path, dict[str, str]]]:
    """Return the seller's own lists of a kind, with their columns; the one that counts first first.

    Parameters
    ----------
    folder : Path
        The shop's folder.
    settings : Settings
        Its settings; an entry under ``[[files]]`` names a list of the seller's own form, or several
        by a pattern.
    kind : str
        ``cases`` or ``asks``.
    """
    named: dict[Path, dict[str, str]] = {}
    for entry in settings.files:
        if entry.report == kind and not entry.ignore:
            for place in _places(folder, entry, settings):
                named[place] = {**named.get(place, {}), **entry.columns}
    taken = {place.resolve() for place in named}
    usual = [folder / f"{kind}.xlsx", folder / f"{kind}.csv"]
    alone = [place for place in usual if place.is_file() and place.resolve() not in taken]
    return [*((place, {}) for place in alone), *named.items()]


def _places(folder: Path, entry: FileEntry, settings: Settings) -> list[Path]:
    """Return the files that an entry of shop.toml names: beside shop.toml, or below amazon/."""
    root, beside = folder / "amazon", folder / entry.path
    fitting = [
        path
        for path in sorted(root.rglob("*"))
        if path.is_file()
        and path.name != PERIODS
        and entries_for(path.relative_to(root), [entry])
        and not why_left_out(path.relative_to(root), settings.files)
    ]
    return [beside, *fitting] if is_there(beside) else fitting


def read_own_lists(
    folder: Path,
    settings: Settings,
    keys: OrderKeys,
    found: dict[str, pd.DataFrame],
    problems: list[ReportError],
    names: Names,
) -> list[str]:
    """Read the seller's own lists into their tables, and return notes for the ledger.

    Parameters
    ----------
    folder : Path
        The shop's folder.
    settings : Settings
    keys : OrderKeys
    found : dict of DataFrame
        The shop's tables; ``cases`` and ``asks`` are put there.
    problems : list of ReportError
        Gets an error for each list that cannot be used.
    names : Names
        Learns what columns of buyers' names hold.
    """
    lists, notes = [], []
    for path, columns in own_lists(folder, settings, "cases"):
        try:
            table = read_cases(path, keys, found["feedback"], columns=columns, names=names)
            notes += table.attrs.pop("notes")
            lists.append((_named(path, folder), table))
        except ReportError as error:
            problems.append(error)
    found["cases"], differing = joined_cases(lists)
    notes += differing
    logs = own_lists(folder, settings, "asks")
    for path, columns in logs[:1]:
        try:
            table = read_asks(path, keys, columns=columns, names=names)
            notes += table.attrs.pop("notes")
            found["asks"] = table
        except ReportError as error:
            problems.append(error)
    notes += [
        f"{_named(path, folder)} is not read: the log of requests is {_named(logs[0][0], folder)}"
        for path, _ in logs[1:]
    ]
    return notes


def _named(path: Path, folder: Path) -> str:
    """Return a list's path below the shop's folder: two lists may have one name."""
    return path.relative_to(folder).as_posix() if path.is_relative_to(folder) else path.name
