"""Write a folder aside and put it in place at the end, so that there is never half a report."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

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
    previous = target.with_name(f".{target.name}.previous")
    # What a run that was killed between the two moves below left behind.
    if previous.is_dir() and not target.exists():
        os.replace(previous, target)
    aside = Path(tempfile.mkdtemp(prefix=f".{target.name}.new-", dir=target.parent))
    try:
        # One level down, because the temporary folder itself is closed to other users.
        new = aside / "report"
        new.mkdir()
        yield new
        shutil.rmtree(previous, ignore_errors=True)
        if target.exists():
            os.replace(target, previous)
        try:
            os.replace(new, target)
        except OSError:
            if previous.is_dir():
                os.replace(previous, target)
            raise
        shutil.rmtree(previous, ignore_errors=True)
    finally:
        shutil.rmtree(aside, ignore_errors=True)


def write_text(path: Path, text: str) -> None:
    """Write a text file that is the same on every system, aside first.

    Parameters
    ----------
    path : Path
        The file.
    text : str
        Its content.
    """
    aside = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        aside.write_text(text, encoding="utf-8", newline="\n")
        os.replace(aside, path)
    finally:
        aside.unlink(missing_ok=True)
