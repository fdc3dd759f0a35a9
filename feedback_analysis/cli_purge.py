"""What the command ``purge`` asks and says."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path

import typer

from feedback_analysis.cli_tables import clean


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
    from feedback_analysis.purge.run import all_before, in_words, purge_shop

    try:
        day = None if before is None else date.fromisoformat(before)
    except ValueError:
        raise typer.BadParameter("--before is a day such as 2025-01-31") from None
    what = all_before(day) if day is not None else f"order {order_id}"
    given = {"order_id": order_id, "before": day, "downloads": downloads, "also": also}

    def command(period: str) -> str:
        return f'feedback-analysis report "{folder}" --period {period}'

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
