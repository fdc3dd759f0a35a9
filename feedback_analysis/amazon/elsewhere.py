"""What of a shop does not come from small files: large ones, and tables named under ``[data]``."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from feedback_analysis import tables
from feedback_analysis.amazon.batch import Facts
from feedback_analysis.amazon.file import FileResult
from feedback_analysis.amazon.kept import KeptFile, is_large
from feedback_analysis.errors import ReportError
from feedback_analysis.privacy import OrderKeys
from feedback_analysis.settings import Settings
from feedback_analysis.store.sources import LARGE as LARGE_TABLES
from feedback_analysis.store.sources import Source
from feedback_analysis.tallies import Tallies

if TYPE_CHECKING:
    from feedback_analysis.store.shop_data import Listed

NO_NAMES = (
    "so many rows are not searched for buyers' names: e-mails, phone numbers and order ids are "
    "masked in comments, names are not"
)


@dataclass(eq=False)
class Elsewhere:
    """What large files or tables elsewhere gave; nothing of an ordinary shop.

    Attributes
    ----------
    paths : frozenset of Path
        Files that are read as large ones.
    tables : dict of DataFrame
    tallies : Tallies or None
        Of a condensed shop.
    files : list of KeptFile
    sources : list of tuple
        Tables elsewhere, each with the engine that holds it.
    notes : list of str
    problems : list of ReportError
    unread : frozenset of str
        Tables elsewhere that could not be read.
    """

    paths: frozenset[Path] = frozenset()
    tables: dict[str, pd.DataFrame] = field(default_factory=dict)
    tallies: Tallies | None = None
    files: list[KeptFile] = field(default_factory=list)
    sources: list[tuple[Source, str]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    problems: list[ReportError] = field(default_factory=list)
    unread: frozenset[str] = frozenset()

    def add(self, other: Elsewhere) -> None:
        """Take over what else was read."""
        self.tables |= other.tables
        self.tallies = self.tallies or other.tallies
        self.sources += other.sources
        self.problems += other.problems
        self.unread |= other.unread

    def fill(self, found: dict[str, pd.DataFrame]) -> None:
        """Put the tables in their places; typed-in totals stay beside those of a source."""
        for name, frame in self.tables.items():
            if name == "feedback_totals" and len(found[name]):
                both = pd.concat([frame, found[name]], ignore_index=True)
                frame = both.drop_duplicates(tables.IDENTITY[name], keep="last", ignore_index=True)
            found[name] = frame


def read_large_files(
    stated: Sequence[tuple[Path, Facts]],
    folder: Path,
    settings: Settings,
    keys: OrderKeys,
    listed: Listed,
) -> Elsewhere:
    """Read feedback, orders, shipments and returns as large files, where the files are large.

    Parameters
    ----------
    stated : sequence of tuple
        The shop's files and what is stated about each.
    folder : Path
    settings : Settings
    keys : OrderKeys
    listed : callable
        Given order keys, returns the log of requests and the orders of the shop's own cases.
    """
    named = set(settings.data.sources) & set(LARGE_TABLES)
    if named or not is_large([path for path, _ in stated]):
        return Elsewhere()
    from feedback_analysis.amazon.large_folder import open_if_large_kind, read_large

    opened = [
        file for path, facts in stated if (file := open_if_large_kind(path, facts)) is not None
    ]
    if not opened:
        return Elsewhere()
    problems: list[ReportError] = []
    asks, also = listed(keys)
    changes = [action.products for action in settings.actions]
    condensed, files, notes = read_large(
        opened, folder, keys, problems, asks=asks, also=also, changes=changes
    )
    return Elsewhere(
        paths=frozenset(file.stream.path for file in opened),
        tables=condensed.tables,
        tallies=condensed.tallies,
        files=files,
        notes=[*notes, NO_NAMES],
        problems=problems,
    )


def read_sources(
    results: Sequence[FileResult],
    folder: Path,
    settings: Settings,
    keys: OrderKeys,
    listed: Listed,
) -> Elsewhere:
    """Read the tables that shop.toml names under ``[data]``; what is wrong is among the problems.

    Parameters
    ----------
    results : sequence of FileResult
        The shop's files, none of which may give a table that is named too.
    folder, settings, keys, listed
        As for :func:`read_large_files`.
    """
    named = settings.data.sources
    if not named:
        return Elsewhere()
    from feedback_analysis.store.shop_data import read_data

    try:
        changes = [action.products for action in settings.actions]
        data = read_data(settings.data, folder, keys, listed, changes)
        taken = set(named) | (set(LARGE_TABLES) if data.tallies is not None else set())
        _refuse_both(results, taken)
    except ReportError as error:
        return Elsewhere(problems=[error], unread=frozenset(named))
    return Elsewhere(
        tables=data.tables,
        tallies=data.tallies,
        sources=[(source, data.engine) for source in data.sources],
    )


def _refuse_both(results: Sequence[FileResult], taken: set[str]) -> None:
    """Refuse a table that comes from files and from elsewhere: its rows would count twice."""
    for result in results:
        for name in sorted(taken & set(result.tables)):
            if len(result.tables[name]) and name != "feedback_totals":
                raise ReportError(
                    f"the table '{name}' comes from a file, and shop.toml names tables of its kind "
                    "under [data]",
                    file=result.file,
                    expected="feedback, orders, shipments and returns from one place",
                    remedy="move the file out of the folder, or name the table under [data] too",
                )
