"""Says what a purge did, in the terminal."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from feedback_analysis.periods import day_in_words
from feedback_analysis.privacy import mask_name
from feedback_analysis.texts import several

if TYPE_CHECKING:
    from feedback_analysis.purge.run import Purge


def in_words(done: Purge, *, dry_run: bool, what: str, command: Callable[[str], str]) -> list[str]:
    """Say what a purge did.

    Parameters
    ----------
    done : Purge
    dry_run : bool
        It only looked.
    what : str
        Of what: the order, or the day.
    command : callable
        Returns the command that makes the report of a period in a folder again.

    Returns
    -------
    list of str
    """
    if not done.found:
        nothing = f"Nothing of {what} was found in {several(done.looked, 'file')}."
        return [nothing, *_not_looked_through(done)]
    verb = "Would be removed" if dry_run else "Removed"
    lines = [f"{verb}, of {what}:"] if done.removed else [f"Nothing kept holds {what}."]
    lines += [f"  {shown(place)}: {told} ({kind})" for place, kind, told in done.removed]
    if done.shared:
        lines.append(
            f"{several(done.shared, 'comment')} of the same words came with other orders too: what "
            "is kept by these words alone is theirs as well, and stays."
        )
    if done.downloads:
        lines.append("Your own downloads still hold it; --downloads takes the rows out:")
        lines += [f"  {shown(name)}: {_lines(found)}" for name, found in done.downloads]
        lines.append("The product no longer reads these rows, whatever a file or a later one says.")
    if done.left:
        lines.append("Not removed:")
        lines += [f"  {shown(name)}: {why}" for name, why in done.left]
    lines += _not_looked_through(done)
    if done.reports:
        lines.append("Make these reports again, without it:")
        made = zip(done.reports, done.folders, strict=True)
        lines += [f"  {command(period, place)}" for period, place in made]
    if not dry_run:
        still = len(done.left)
        lines.append(
            f"Read back: {several(done.looked, 'file')}; "
            + ("none but those named above holds" if still or done.downloads else "none holds")
            + " the id, its key or the comment any more."
        )
    if done.short:
        lines.append(
            f"{several(done.short, 'comment')} of fewer than 8 letters could be looked for in "
            "cells only, not in the bytes of files."
        )
    return lines


def shown(place: str) -> str:
    """Return a place with e-mails and order ids masked in names below the shop's folder.

    A path from the root on is where the shop or a report lies, and stays usable.

    Parameters
    ----------
    place : str
        A path, from the shop's folder on if it lies below it.
    """
    return place if Path(place).is_absolute() else mask_name(place)


def _not_looked_through(done: Purge) -> list[str]:
    return [
        *_named("Not looked through, because a password protects it or a part of it:", done.sealed),
        *_named("Not looked through, because it cannot be opened:", done.unopened),
    ]


def _named(title: str, names: Sequence[str]) -> list[str]:
    return [title, *(f"  {shown(name)}" for name in names)] if names else []


def _lines(found: list[int], most: int = 12) -> str:
    shown = ", ".join(map(str, found[:most]))
    more = f" and {len(found) - most:,} more" if len(found) > most else ""
    return f"{'line' if len(found) == 1 else 'lines'} {shown}{more}"


def all_before(before: date) -> str:
    """Return in words what a purge of everything before a day is of."""
    return f"everything before {day_in_words(before)}"
