"""The seller's working list from a shop's folder, and what came of writing it, in words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from feedback_analysis.errors import ReportError
from feedback_analysis.periods import day_in_words
from feedback_analysis.texts import several
from feedback_analysis.written import note_written

if TYPE_CHECKING:
    from feedback_analysis.cases.working_list import Written
    from feedback_analysis.shop import Shop

TOLD = 8


@dataclass(frozen=True)
class Told:
    """What to tell about a list that was written.

    Attributes
    ----------
    path : Path
        Where it lies.
    notes : list of str
        How many cases, and what they ask for.
    conflicts : list of str
        Cells that differed; empty when none did.
    """

    path: Path
    notes: list[str]
    conflicts: list[str]


def write_cases(folder: Path, out: Path, *, today: date | None = None) -> Told:
    """Read a shop and write its working list.

    Parameters
    ----------
    folder : Path
        The shop's folder.
    out : Path
        The list, ``.xlsx`` or ``.csv``; what the seller wrote in it stays.
    today : date, optional
        The day that the clocks count from; default the last day of the files.

    Returns
    -------
    Told

    Raises
    ------
    ReportError
        If the shop or a list cannot be read, or the list cannot be written.
    """
    from feedback_analysis.amazon.folder import read_folder
    from feedback_analysis.amazon.own_lists import own_lists
    from feedback_analysis.cases import case_list, may_be_asked, order_facts
    from feedback_analysis.cases.working_list import write_working_list
    from feedback_analysis.memory import is_snapshot
    from feedback_analysis.service import label_feedback

    if is_snapshot(folder):
        raise ReportError(
            "a kept reading holds no order ids, so no list can be written from it",
            file=folder,
            remedy="name the shop's folder",
        )
    shop = read_folder(folder)
    day = today or shop.last_day
    if day is None:
        raise ReportError("the files hold no row with a day", file=folder)
    found = case_list(shop, as_of=day, labels=label_feedback(shop))
    may_ask = may_be_asked(order_facts(shop, as_of=day), as_of=day)
    note_written(folder, "list", Path(out))
    done = write_working_list(
        found,
        out,
        folder=folder,
        lists=own_lists(folder, shop.settings, "cases"),
        owners=shop.settings.cases.owners,
        may_ask=may_ask,
    )
    notes = [
        f"{several(done.cases, 'case')}, {done.added:,} of them new here, counted on "
        f"{day_in_words(day)}. {found.text}",
        *_remarks(done, folder, shop, day, counted_from=today),
    ]
    return Told(done.path, notes, _differing(done))


def _remarks(
    done: Written, folder: Path, shop: Shop, day: date, *, counted_from: date | None
) -> list[str]:
    """Say what else is to be known about a list that was written."""
    from feedback_analysis.amazon.own_lists import own_lists

    notes = list(done.notes)
    if done.further:
        notes.append(
            f"{several(done.further, 'further row')} of yours below them: older than a year, gone "
            "from the files, or without an order."
        )
    now = date.today()
    if counted_from is None and now > day:
        notes.append(
            "Days are counted from the last day of the files. With newer files, or with "
            f"`--today {now}`, they are counted from today."
        )
    read = {path.resolve() for path, _ in own_lists(folder, shop.settings, "cases")}
    if done.path.resolve() not in read:
        notes.append(
            "Reports do not read the list there, but cases.xlsx or cases.csv beside shop.toml."
        )
    return notes


def _differing(done: Written) -> list[str]:
    """Tell the cells that differed, the first few by name."""
    lines = []
    if done.conflicts:
        verb = "differs" if len(done.conflicts) == 1 else "differ"
        lines.append(f"{several(len(done.conflicts), 'cell')} {verb}:")
        lines += [f"  {one.case}, {one.column}: {one.why}" for one in done.conflicts[:TOLD]]
        if more := len(done.conflicts) - TOLD:
            lines += [f"  and {more:,} more"] * (more > 0)
        if done.path.suffix.casefold() == ".xlsx":
            lines.append("The sheet Conflicts shows both cells of each.")
    return lines
