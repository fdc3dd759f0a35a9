"""Write a folder aside and put it in place at the end, so that there is never half a report."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from feedback_analysis.aside import aside, clear_folders, locked, swap_folders
from feedback_analysis.errors import ReportError

# A folder with this file in it is a report of ours and may be replaced.
MARK = "key_figures.json"


def check_target(target: Path) -> None:
    """Refuse to replace a folder that is no report.

    Parameters
    ----------
    target : Path
        Where the report shall be.

    Raises
    ------
    ReportError
        If a file is there, or a folder that holds anything but a report.
    """
    if target.is_dir():
        if not any(target.iterdir()) or (target / MARK).is_file():
            return
    elif not target.exists() and not target.is_symlink():
        return
    raise ReportError(
        "something else than a report is there, and a report replaces its whole folder",
        file=target,
        expected="a folder that does not exist yet, an empty one or an earlier report",
        remedy="name another folder: --output FOLDER",
    )


@contextmanager
def replaced(target: Path) -> Iterator[Path]:
    """Give a folder to write to, and put it in place of ``target`` if nothing went wrong.

    Parameters
    ----------
    target : Path
        Where the folder shall be at the end. It stays as it was when the block fails.

    Yields
    ------
    Path
        An empty folder beside the target.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    busy = "another report is being written here"
    with locked(target.parent, busy=busy):
        _clear_up(target)
        outer = Path(tempfile.mkdtemp(prefix=f".{target.name}.new-", dir=target.parent))
        try:
            # One level down, because the temporary folder itself is closed to other users.
            new = outer / "report"
            new.mkdir()
            yield new
            _put_in_place(new, target)
        finally:
            shutil.rmtree(outer, ignore_errors=True)


def _clear_up(target: Path) -> None:
    """Put right what a run that was killed left behind; nobody else is at work here."""
    previous = _previous(target)
    # Killed between the two moves, where the system cannot swap folders in one.
    if previous.is_dir() and not target.exists():
        os.replace(previous, target)
    shutil.rmtree(previous, ignore_errors=True)
    clear_folders(target.parent, f".{target.name}.new-*")


def _previous(target: Path) -> Path:
    return target.with_name(f".{target.name}.previous")


def _put_in_place(new: Path, target: Path) -> None:
    if not target.exists():
        os.replace(new, target)
        return
    # In one step there is no moment without a report; the old one is removed with its folder.
    if swap_folders(new, target):
        return
    previous = _previous(target)
    os.replace(target, previous)
    try:
        os.replace(new, target)
    except OSError:
        os.replace(previous, target)
        raise
    shutil.rmtree(previous, ignore_errors=True)


def write_text(path: Path, text: str) -> None:
    """Write a text file that is the same on every system, aside first.

    Parameters
    ----------
    path : Path
        The file.
    text : str
        Its content.
    """
    with aside(path, mode=0o644) as new:
        new.write_text(text, encoding="utf-8", newline="\n")
