"""What the command ``purge`` asks and says, and days that commands are given."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from datetime import date
from pathlib import Path

import typer

from feedback_analysis.cli_tables import clean
from feedback_analysis.periods import EARLIEST, LATEST


def purge_and_tell(
    folder: Path,
    *,
    order_id: str | None,
    before: str | None,
    downloads: bool,
    also: Sequence[Path],
    dry_run: bool,
    yes: bool,
) -> tuple[list[str], bool]:
    """Look first, ask, purge, and return what to say and whether nothing is left.

    Parameters
    ----------
    folder : Path
        The shop's folder.
    order_id, before : str or None
        The one or the other.
    downloads, also, dry_run
        As :func:`feedback_analysis.purge.purge_shop` takes them.
    yes : bool
        Do not ask.

    Returns
    -------
    tuple
        Lines, and whether everything could be removed.
    """
    from feedback_analysis.purge.run import purge_shop
    from feedback_analysis.purge.words import all_before, in_words

    day = stated_day(before, "--before", such_as="2025-01-31")
    what = all_before(day) if day is not None else f"order {order_id}"
    given = {"order_id": order_id, "before": day, "downloads": downloads, "also": also}

    def command(period: str, place: Path) -> str:
        usual = Path("reports") / folder.name / period
        elsewhere = "" if place.resolve() == usual.resolve() else f' --output "{place}"'
        return f'feedback-analysis report "{folder}" --period {period}{elsewhere}'

    if dry_run or not yes:
        looked = purge_shop(folder, **given, dry_run=True)
        lines = in_words(looked, dry_run=True, what=what, command=command)
        if dry_run:
            return lines, True
        for line in lines:
            typer.echo(clean(line))
        if not looked.found:
            return [], True
        typer.confirm("Remove it? This cannot be undone", abort=True)
    done = purge_shop(folder, **given)
    return in_words(done, dry_run=False, what=what, command=command), not done.left


def stated_day(text: str | None, option: str, *, such_as: str) -> date | None:
    """Return the day that an option states, None where it is not given.

    Parameters
    ----------
    text : str or None
        What was given.
    option, such_as : str
        For the message.

    Raises
    ------
    typer.BadParameter
        If it is no day, or one that no file can be of.
    """
    if text is None:
        return None
    with suppress(ValueError):
        day = date.fromisoformat(text)
        if EARLIEST <= day <= LATEST:
            return day
    raise typer.BadParameter(f"{option} is a day such as {such_as}")
