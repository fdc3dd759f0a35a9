"""Where reports and lists of a shop were written, so that ``purge`` finds them again."""

from __future__ import annotations

import json
from contextlib import suppress
from pathlib import Path

from feedback_analysis.privacy import write_private

FILE = "written.json"


def note_written(folder: Path, what: str, place: Path) -> None:
    """Keep in mind that something was written outside the shop's private folder.

    Parameters
    ----------
    folder : Path
        The shop's folder; one that cannot be written to goes without.
    what : str
        ``report`` or ``list``.
    place : Path
        Where.
    """
    held = written(folder)
    place = str(place.absolute())
    if place not in held.setdefault(what, []):
        held[what] = sorted([*held[what], place])
        with suppress(OSError):
            write_private(folder / ".private" / FILE, (json.dumps(held, indent=1) + "\n").encode())


def written(folder: Path) -> dict[str, list[str]]:
    """Return the places where something was written, by what it was.

    Parameters
    ----------
    folder : Path
        The shop's folder.
    """
    try:
        held = json.loads((folder / ".private" / FILE).read_text("utf-8"))
        return {str(what): [str(place) for place in places] for what, places in held.items()}
    except (OSError, ValueError, AttributeError, TypeError):
        return {}
