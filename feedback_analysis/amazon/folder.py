"""A shop's folder to a Shop: every file recognised and read, the tables joined, the ledger kept."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import pandas as pd

from feedback_analysis import tables
from feedback_analysis.amazon.batch import Facts
from feedback_analysis.amazon.elsewhere import read_large_files, read_sources
from feedback_analysis.amazon.facts import (
    PERIODS,
    entries_for,
    file_facts,
    is_there,
    read_periods,
    why_left_out,
)
from feedback_analysis.amazon.file import FileResult, read_file
from feedback_analysis.amazon.ledger import ledger_of, set_aside_of
from feedback_analysis.amazon.left_out import forget_keys, leave_out, leave_out_of
from feedback_analysis.amazon.masks import mask_tables, mask_tallies
from feedback_analysis.amazon.merge import (
    joined,
    joined_feedback,
    joined_traffic,
    same_content,
    strangers,
)
from feedback_analysis.amazon.missing import find_missing
from feedback_analysis.amazon.other_market import of_other_market
from feedback_analysis.amazon.own_lists import OWN_LISTS, listed_orders, read_own_lists
from feedback_analysis.amazon.totals import typed_totals
from feedback_analysis.errors import ReportError
from feedback_analysis.memory import is_snapshot, open_snapshot
from feedback_analysis.names import Names
from feedback_analysis.privacy import OrderKeys, mask_name, shop_salt, write_key_map
from feedback_analysis.purged import read_purged
from feedback_analysis.settings import Settings, load_settings
from feedback_analysis.shop import Shop
from feedback_analysis.texts import several


@dataclass(frozen=True, eq=False)
class Inspection:
    """What a folder gave: the shop of all that could be read, and what could not.

    Attributes
    ----------
    shop : Shop
    problems : tuple of ReportError
        One a file (or pair of files) that could not be used.
    names : Names
        Names and addresses of buyers that the files told, to be looked for on finished pages.
        They are in no table, and known as codes only.
    """

    shop: Shop
    problems: tuple[ReportError, ...]
    names: Names = field(default_factory=Names)


def read_folder(folder: str | Path = "data/sample") -> Shop:
    """Read a shop's folder: ``shop.toml`` and every file below ``amazon/``.

    Parameters
    ----------
    folder : str or Path
        The shop's folder. Files are recognised by what is inside them, never by their names.
        The folder of a kept reading (``.private/snapshots/<period>/<name>``) gives the shop as it
        was read then.

    Returns
    -------
    Shop
        Tidy tables, ledger and settings.

    Raises
    ------
    ReportError
        If a file cannot be read or used; all such files are named in one message.
    """
    return read_with_names(folder)[0]


def read_with_names(folder: str | Path) -> tuple[Shop, Names]:
    """Read a shop's folder as :func:`read_folder` does, and keep the private names at hand.

    They are for looking at finished pages only.
    """
    inspection = inspect_folder(folder)
    if inspection.problems:
        raise _together(inspection.problems)
    return inspection.shop, inspection.names


def _together(problems: Sequence[ReportError]) -> ReportError:
    if len(problems) == 1:
        return problems[0]
    listed = "\n\n".join(f"{number}. {error}" for number, error in enumerate(problems, 1))
    files = several(len({problem.file or problem for problem in problems}), "file")
    return ReportError(
        f"{files} cannot be used; `feedback-analysis check` lists every file.\n{listed}"
    )


def inspect_folder(folder: str | Path = "data/sample") -> Inspection:
    """Read a shop's folder as far as it can be read, and tell every problem.

    Raises
    ------
    ReportError
        If the folder is no shop, or shop.toml cannot be read.
    """
    folder = Path(folder)
    if is_snapshot(folder):
        return Inspection(open_snapshot(folder), ())
    settings = load_settings(folder)
    root = downloads_of(folder, settings)
    keys = OrderKeys(shop_salt(folder, settings.salt))
    names = Names(settings.not_names, key=keys.salt)
    mask, purged = partial(_mask, names), read_purged(folder, keys.salt)
    problems: list[ReportError] = []
    ignored: list[tuple[str, str]] = []
    paths = files_of(root, settings, ignored)
    periods = periods_of(root, problems)
    stated = []
    for path in paths:
        try:
            stated.append((path, file_facts(path, root, settings, periods)))
        except ReportError as error:
            problems.append(error.in_file(path))

    def listed(keyed: OrderKeys) -> tuple[pd.DataFrame | None, pd.Series | None]:
        return listed_orders(folder, settings, keyed)

    large = read_large_files(stated, folder, settings, keys, listed)
    results = []
    for path, facts in stated:
        if path in large.paths:
            continue
        try:
            results.append(read_file(path, facts, keys, names=names))
            leave_out(results[-1], purged)
        except ReportError as error:
            problems.append(error.in_file(path))
    large.add(read_sources(results, folder, settings, keys, listed))
    problems += large.problems
    found, notes = _join(results, settings, problems)
    large.fill(found)
    if large.tables:
        leave_out_of(found, purged)
    notes += large.notes + _unused(settings, root)
    notes += read_own_lists(folder, settings, keys, found, problems, names)
    mask_tables(found, names, keys.salt)
    counted = None if large.tallies is None else mask_tallies(large.tallies, keys.salt)
    forget_keys(keys, found, purged)
    _keep_key_map(folder, keys, notes)
    order = {facts.pattern: number for number, (_, facts) in enumerate(stated)}
    read = sorted([*results, *large.files], key=lambda one: order[one.facts.pattern])
    return Inspection(
        Shop(
            **found,
            ledger=ledger_of(read, ignored, notes, large.sources, mask),
            set_aside=set_aside_of(read, large.sources, mask),
            missing=find_missing(found, problems, large.unread),
            settings=settings,
            folder=folder,
            condensed=counted,
        ),
        tuple(_relative(error, folder, mask) for error in problems),
        names,
    )


def downloads_of(folder: Path, settings: Settings) -> Path:
    """Return the folder of a shop's downloads.

    Raises
    ------
    ReportError
        If the shop's folder or the one of its downloads is not there.
    """
    if folder.is_file():
        raise ReportError(
            "this is a file, and a shop's folder is expected",
            file=folder,
            remedy=f"name the folder that it lies in: {folder.parent}",
        )
    if not folder.is_dir():
        raise ReportError(
            "there is no such folder",
            file=folder,
            expected="a shop's folder: shop.toml and amazon/ with the files as downloaded",
            remedy="check the name; data/sample is the sample shop",
        )
    root = folder / "amazon"
    if not root.is_dir() and not settings.data.sources:
        if root.exists():
            raise ReportError(
                "amazon is a file, and a folder is expected",
                file=folder,
                remedy="rename the file, make the folder amazon/ and put the downloads into it",
            )
        near = [path for path in folder.iterdir() if path.name.strip().casefold() == "amazon"]
        if near := [path.name for path in near if path.is_dir()]:
            raise ReportError(
                "the folder of the downloads must be named amazon, in small letters",
                file=folder,
                found=near[0],
                remedy="rename it",
            )
        remedy = "make the folder amazon/ and put the downloads into it, in any sub-folders"
        if folder.absolute().name == "amazon":
            remedy = f"if this is the amazon/ of a shop, name the folder above it: {folder.parent}"
        raise ReportError(
            "the folder holds no shop",
            file=folder,
            expected="a folder amazon/ with the files as downloaded",
            remedy=remedy,
        )
    return root


def files_of(root: Path, settings: Settings, ignored: list[tuple[str, str]]) -> list[Path]:
    """Return the files to be read below a folder; the others get a name and a reason in a list."""
    paths = []
    for path in sorted(root.rglob("*"), key=lambda item: item.relative_to(root).as_posix()):
        relative = path.relative_to(root)
        if path.is_dir() or path.name == PERIODS:
            continue
        name = relative.as_posix()
        if why := why_left_out(relative, settings.files):
            ignored.append((name, why))
        elif any(entry.report in OWN_LISTS for entry in entries_for(relative, settings.files)):
            ignored.append((name, "the shop's own list"))
        else:
            paths.append(path)
    return paths


def periods_of(root: Path, problems: list[ReportError]) -> dict[Path, Facts]:
    """Return what the ``periods.csv`` files below a folder state; what is wrong is in a list."""
    stated: dict[Path, Facts] = {}
    for file in sorted(root.rglob(PERIODS)):
        try:
            stated |= read_periods(file, problems)
        except ReportError as error:
            problems.append(error)
    return stated


def _unused(settings: Settings, root: Path) -> list[str]:
    """Tell of every path in shop.toml that fits no file: it is misspelt, or the file has moved."""
    names = [path.relative_to(root) for path in root.rglob("*")]
    return [
        f"shop.toml states something about '{entry.path}', which fits no file below amazon/"
        for entry in settings.files
        if not any(entries_for(name, [entry]) for name in names)
        and not (entry.report in OWN_LISTS and is_there(root.parent / entry.path))
    ]


def _mask(names: Names, text: str) -> str:
    """Mask what is personal in a file's name, or in words that hold one."""
    return names.mask(mask_name(text))


def _relative(error: ReportError, folder: Path, mask: Callable[[str], str]) -> ReportError:
    """Name the file from the shop's folder on: shorter, and the same on every machine.

    What is personal in names below the folder is masked; its own path stays as it is.
    """
    if error.file is not None and Path(error.file).is_relative_to(folder):
        error.file = mask(Path(error.file).relative_to(folder).as_posix())
    for part in ("message", "column", "expected", "found", "remedy"):
        if text := getattr(error, part):
            setattr(error, part, mask(text))
    return error


def _join(
    results: list[FileResult], settings: Settings, problems: list[ReportError]
) -> tuple[dict[str, pd.DataFrame], list[str]]:
    counted = same_content(results)
    feedback, notes = joined_feedback(counted)
    traffic, overlaps = joined_traffic(counted)
    problems += overlaps
    names = ("orders", "shipments", "returns", "daily", "reviews", "account_health")
    found = {name: joined(name, counted) for name in names}
    notes += strangers(counted, found["orders"])
    problems += of_other_market(counted, found["orders"])
    totals = [
        joined("feedback_totals", counted),
        typed_totals(settings.totals, settings.marketplaces),
    ]
    both = pd.concat([frame for frame in totals if len(frame)] or totals[:1], ignore_index=True)
    twice = both.duplicated(tables.IDENTITY["feedback_totals"], keep="last")
    if twice.any():
        notes.append(
            f"{int(twice.sum())} windows of totals are typed in twice; the last of shop.toml counts"
        )
    found |= {
        "feedback": feedback,
        "traffic": traffic,
        "feedback_totals": both[~twice].reset_index(drop=True),
        "cases": tables.empty("cases"),
        "asks": tables.empty("asks"),
    }
    for name, frame in found.items():
        problems += _check(name, frame, counted)
    return found, notes


def _check(name: str, frame: pd.DataFrame, results: Sequence[FileResult]) -> list[ReportError]:
    """Check a joined table; only when it fails are the files asked which of them it was."""
    try:
        tables.validate(name, frame)
    except ReportError as error:
        found = []
        for result in results:
            try:
                result.check(name)
            except ReportError as culprit:
                found.append(culprit)
        return found or [error]
    return []


def _keep_key_map(folder: Path, keys: OrderKeys, notes: list[str]) -> None:
    try:
        write_key_map(folder, keys.known)
    except OSError as error:
        why = error.strerror or "the folder is read-only"
        notes.append(f"the private map of order keys could not be written: {why}")
