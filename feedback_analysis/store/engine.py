"""DuckDB as the engine for tables that do not fit into memory: one private, bounded connection."""

from __future__ import annotations

import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from feedback_analysis.errors import ReportError

if TYPE_CHECKING:
    import duckdb

# DuckDB spills to disk beyond this. The process needs as much again for the pieces on their way in.
MEMORY = "600MB"
# Of tables that are counted where they lie; joins of thirty million orders do not spill below.
MEMORY_OF_TABLES = "2GB"
_SPILL, _DAY = ".spill-", 24 * 60 * 60


@contextmanager
def engine(
    folder: Path | None = None, *, memory: str = MEMORY
) -> Iterator[duckdb.DuckDBPyConnection]:
    """Give a connection of one's own; what it spills lies in a private folder and goes with it.

    Parameters
    ----------
    folder : Path, optional
        Where to spill, such as a shop's ``.private``; the system's temporary folder without one.
    memory : str
        As DuckDB writes it, such as ``600MB``.

    Yields
    ------
    duckdb.DuckDBPyConnection
    """
    import duckdb

    usable = folder if folder is not None and os.access(folder, os.W_OK) else None
    _sweep(usable)
    spill = Path(tempfile.mkdtemp(prefix=_SPILL, dir=usable))
    # What somebody's machine loads by itself, or fetches from elsewhere, has no place here.
    options = {
        "memory_limit": memory,
        "temp_directory": str(spill),
        "autoinstall_known_extensions": "false",
        "preserve_insertion_order": "false",
    }
    connection = duckdb.connect(":memory:", config=options)
    try:
        # It would be written among what a command says.
        connection.execute("SET enable_progress_bar = false")
        yield connection
    finally:
        connection.close()
        shutil.rmtree(spill, ignore_errors=True)


def _sweep(folder: Path | None) -> None:
    """Remove what runs spilled that were killed; a run of today may still be at work."""
    for left in folder.glob(f"{_SPILL}*") if folder is not None else ():
        with suppress(OSError):
            if time.time() - left.stat().st_mtime > _DAY:
                shutil.rmtree(left, ignore_errors=True)


@contextmanager
def told_of_memory() -> Iterator[None]:
    """Say in one message that DuckDB had too little memory, or could not read or write a file.

    Raises
    ------
    ReportError
        In the place of DuckDB's error.
    """
    import duckdb

    try:
        yield
    except duckdb.OutOfMemoryException as error:
        raise ReportError(
            "the shop's tables could not be counted: there is too little memory",
            expected="some gigabytes of free memory, and free disk for what does not fit into it",
            found=str(error).splitlines()[0],
            remedy="free memory or disk and run it again, or count elsewhere: docs/scale.md",
        ) from None
    except duckdb.IOException as error:
        # A damaged file is no want of memory, though both come up only while rows are counted.
        raise ReportError(
            "the shop's tables could not be counted: a file could not be read or written",
            expected="whole files, and free disk for what does not fit into memory",
            found=str(error).splitlines()[0],
            remedy="make the file that is named anew, or free disk, and run it again",
        ) from None


def quoted(name: str) -> str:
    """Return a name as SQL writes it."""
    return '"' + name.replace('"', '""') + '"'


def literal(text: object) -> str:
    """Return a text as SQL writes it."""
    return "'" + str(text).replace("'", "''") + "'"
