"""The purge itself: find whose data it is, take it out place by place, read everything back."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import pandas as pd

from feedback_analysis.amazon.listing import list_files
from feedback_analysis.aside import locked
from feedback_analysis.errors import ReportError
from feedback_analysis.names import Names
from feedback_analysis.privacy import OrderKeys, shop_salt
from feedback_analysis.purge import kept, lists
from feedback_analysis.purge.downloads import Download, bare_ids, holds_order, read_downloads
from feedback_analysis.purge.readings import kept_tables, purge_readings
from feedback_analysis.purge.reports import period_of, remove, report_folders, tells
from feedback_analysis.purge.search import is_sealed
from feedback_analysis.purge.target import Target, find_target, is_whole, named_order
from feedback_analysis.purged import add_purged, read_purged
from feedback_analysis.settings import Settings, load_settings
from feedback_analysis.texts import several
from feedback_analysis.written import written

BUSY = "a report or another command is at work on this shop"


@dataclass
class Purge:
    """What a purge did, or would do.

    Attributes
    ----------
    removed : list of tuple
        Place, what it is, and what left it.
    downloads : list of tuple
        The seller's own downloads that hold it: file and lines.
    left : list of tuple
        What could not be removed, and why.
    reports : list of str
        Periods whose reports were removed and can be made again.
    folders : list of Path
        Where each of these reports was.
    sealed : list of str
        Files that a password keeps from being looked through, wholly or in part.
    unopened : list of str
        Files that cannot be opened, and links that lead nowhere.
    looked : int
        Files that were read back at the end.
    rows : int
        Rows found in downloads and readings.
    shared : int
        Comments that buyers of other orders wrote too, word for word.
    short : int
        Comments too short to be looked for in the bytes of files.
    """

    removed: list[tuple[str, str, str]] = field(default_factory=list)
    downloads: list[tuple[str, list[int]]] = field(default_factory=list)
    left: list[tuple[str, str]] = field(default_factory=list)
    reports: list[str] = field(default_factory=list)
    folders: list[Path] = field(default_factory=list)
    sealed: list[str] = field(default_factory=list)
    unopened: list[str] = field(default_factory=list)
    looked: int = 0
    rows: int = 0
    shared: int = 0
    short: int = 0

    @property
    def found(self) -> bool:
        """Whether there was anything."""
        return bool(self.removed or self.downloads or self.left or self.rows)


def purge_shop(
    folder: str | Path,
    *,
    order_id: str | None = None,
    before: date | None = None,
    downloads: bool = False,
    dry_run: bool = False,
    also: Sequence[Path] = (),
    patience: float = 10,
) -> Purge:
    """Remove a buyer's data, or everything before a day.

    Parameters
    ----------
    folder : str or Path
        The shop's folder.
    order_id : str, optional
        The order whose buyer's data is to go.
    before : date, optional
        Or the day before which everything goes.
    downloads : bool, default=False
        Take the rows out of the files below ``amazon/`` too.
    dry_run : bool, default=False
        Only look.
    also : sequence of Path
        Further reports, lists and folders to look through.
    patience : float, default=10
        Longest wait for commands that are at work on the shop, in seconds.

    Returns
    -------
    Purge

    Raises
    ------
    ReportError
        If the shop cannot be read, or another command is at work on it.
    """
    folder = Path(folder).resolve()
    if (order_id is None) == (before is None):
        raise ReportError("a purge is of one order or of everything before a day")
    if order_id is not None and not is_whole(order_id):
        # Part of an id may stand in anybody's phone number.
        raise ReportError(
            "that is no whole order id",
            expected="an id such as 000-1234567-1234567, with or without its dashes",
            remedy="copy it from the order's page or from the file",
        )
    paths = list_files(folder)
    settings = load_settings(folder)
    salt = shop_salt(folder, settings.salt)
    with locked(folder, patience=patience, busy=BUSY, shared=dry_run):
        keys, names = OrderKeys(salt), Names(settings.not_names)
        files = read_downloads(paths, keys, names)
        target = _target(folder, files, keys, names, order_id, before)
        done = Purge(rows=target.rows, shared=target.shared, short=target.unsearched)
        places = _Places(folder, settings, list(also))
        # Whatever stops it, the next purge has to know what the buyer wrote: what tells the words
        # goes after what repeats them, the readings last of what is kept, then the downloads.
        _reports(places, target, done, look=dry_run)
        _beside(folder, target, done, places, look=dry_run)
        _readings(folder, target, done, look=dry_run)
        _files(files, target, done, take=downloads, look=dry_run)
        if not dry_run and done.found:
            what = "order" if before is None else "before a day"
            counts = {"rows": target.rows, "reports": len(done.reports), "what": what}
            purged = read_purged(folder, salt)
            add_purged(folder, purged, keys=target.keys, before=before, counts=counts)
        _read_back(folder, target, done, places, look=dry_run)
    return done


def _target(
    folder: Path,
    files: list[Download],
    keys: OrderKeys,
    names: Names,
    order_id: str | None,
    before: date | None,
) -> Target:
    ids: frozenset[str] = frozenset()
    if order_id is not None:
        ids = frozenset({order_id.strip(), named_order(order_id)})
    named = OrderKeys(keys.salt, remember=False)(pd.Series(sorted(ids), dtype="str"))
    return find_target(
        files, kept_tables(folder), keys.known, ids=ids, keys=frozenset(named.dropna()),
        before=before, masks=[names.mask],
    )  # fmt: skip


class _Places:
    """Where the product wrote outside the private folder."""

    def __init__(self, folder: Path, settings: Settings, also: list[Path]) -> None:
        held = written(folder)
        self.name = settings.name
        self.also = [path.resolve() for path in also]
        more = [str(path) for path in self.also if path.is_file()]
        self.lists = lists.lists_of(folder, settings, [*held.get("list", []), *more])
        reports = [Path(place) for place in held.get("report", [])]
        usual = Path("reports").absolute() / folder.name
        self.reports = report_folders(
            [*reports, usual, folder / "reports", *(path for path in self.also if path.is_dir())]
        )

    def files(self) -> list[Path]:
        """Return all files at these places."""
        found = [path for path in self.lists if path.is_file()]
        for place in [*self.reports, *self.also]:
            if place.is_dir():
                found += [path for path in sorted(place.rglob("*")) if path.is_file()]
        # The list of all reports, and what lies beside a report under other names.
        for parent in {place.parent for place in self.reports}:
            found += [path for path in sorted(parent.glob("*.html")) if path.is_file()]
        return list(dict.fromkeys(found))


def _beside(folder: Path, target: Target, done: Purge, places: _Places, *, look: bool) -> None:
    """Take out what lies in the private folder and in the seller's own lists."""
    made_again: Counter[kept.Kind] = Counter()
    for path in _own_files(folder):
        kind = kept.kind_of(path, folder)
        if kind is None or kind.change is None:
            continue
        count = kind.change(path, target, look)
        if kind.is_folder and kind.change is kept.whole:
            made_again[kind] += count
        else:
            _note(done, path, folder, kind.what, count)
    for kind, count in made_again.items():
        # File by file it would be a screen of names that say nothing.
        done.removed.append((kind.pattern.removesuffix("/*"), kind.what, several(count, "file")))
    corrections, causes = folder / "corrections.csv", folder / "causes.toml"
    if corrections.is_file():
        count = lists.purge_corrections(corrections, target, look=look)
        _note(done, corrections, folder, "corrections", count)
    if causes.is_file():
        count, still = kept.example_lines(causes, target, look)
        _note(done, causes, folder, "examples of own causes", count)
        if still:
            at = ", ".join(map(str, still))
            done.left.append((_named(causes, folder), f"an example in lines {at}"))
    for path, columns in places.lists.items():
        count, why = lists.purge_list(path, target, look=look, columns=columns)
        _note(done, path, folder, "list", count, of=("row", "rows"))
        if why:
            done.left.append((_named(path, folder), why))


def _readings(folder: Path, target: Target, done: Purge, *, look: bool) -> None:
    """Take out what was kept of the files as they were read."""
    readings, rows = purge_readings(folder, target, look=look)
    if readings:
        told = f"{several(rows, 'row')} of {several(readings, 'reading')}"
        done.removed.append((".private/snapshots", "kept readings", told))


def _own_files(folder: Path) -> list[Path]:
    """Return what the product keeps, save the readings, which are changed as a whole."""
    private = folder / ".private"
    found = [path for path in sorted(private.rglob("*")) if path.is_file()]
    found = [path for path in found if (private / "snapshots") not in path.parents]
    beside = [path for path in sorted(folder.glob(".*")) if path.is_file()]
    return [*found, *(path for path in beside if kept.kind_of(path, folder))]


def _files(files: list[Download], target: Target, done: Purge, *, take: bool, look: bool) -> None:
    """Take rows out of the downloads, or tell where they are."""
    for each in files:
        if not each.is_flat:
            # One that cannot be opened is told of when all files are read back.
            with suppress(OSError):
                if target.searcher.holds(each.path):
                    why = "no report that can be read: take it out by hand"
                    done.left.append((f"amazon/{each.name}", why))
            continue
        lines = each.lines(target)
        if not lines:
            continue
        if take:
            count = len(lines) if look else each.take_out(target)
            done.removed.append((f"amazon/{each.name}", "download", several(count, "row")))
        else:
            done.downloads.append((f"amazon/{each.name}", lines))


def _reports(places: _Places, target: Target, done: Purge, *, look: bool) -> None:
    for report in places.reports:
        if not tells(report, target):
            continue
        done.reports.append(period_of(report))
        done.folders.append(report)
        if not look:
            remove(report, places.name)
        done.removed.append((str(report), "report that shows it", "all of it"))


def _read_back(folder: Path, target: Target, done: Purge, places: _Places, *, look: bool) -> None:
    """Read every file again, and tell which of them still hold anything."""
    listed = {name for name, _ in (*done.downloads, *done.left)}
    files = [path for path in sorted(folder.rglob("*")) if path.is_file() or path.is_symlink()]
    for path in [*files, *places.files()]:
        name = _named(path, folder)
        if path.is_dir():
            continue
        done.looked += 1
        try:
            if is_sealed(path):
                done.sealed.append(name)
            holds = not look and name not in listed and target.searcher.holds(path)
        except OSError:
            done.unopened.append(name)
            continue
        if not holds:
            continue
        kind = kept.kind_of(path, folder) if folder in path.parents else None
        why = "it still holds what was to go"
        if kind is None:
            why = "no file of ours that purge knows how to change: take it out by hand"
        done.left.append((name, why))
    bare = bare_ids(target)
    done.left += [
        (name, "its name holds the order id: rename it")
        for name in dict.fromkeys(_named(path, folder) for path in files)
        if holds_order(name, target, bare)
    ]


def _note(
    done: Purge,
    path: Path,
    folder: Path,
    what: str,
    count: int,
    of: tuple[str, str] = ("entry", "entries"),
) -> None:
    if count:
        done.removed.append((_named(path, folder), what, several(count, *of)))


def _named(path: Path, folder: Path) -> str:
    return path.relative_to(folder).as_posix() if folder in path.parents else str(path)
