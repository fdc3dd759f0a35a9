"""What was read of large files, kept by month in the shop's ``.private/store``.

``store/<table>/<month>/<hash>.parquet`` holds the tidy rows of one month of one source; its name is
the hash of its content. ``manifest.json`` says which pieces each source is made of, and is swapped
last: a run that ends in the middle leaves the state as it was, and what it left lying is swept by
the next. A piece whose content is not its name is no piece, so its source is read again.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import shutil
import tempfile
import time
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from feedback_analysis.privacy import write_private
from feedback_analysis.store.engine import literal, quoted

if TYPE_CHECKING:
    import duckdb

MANIFEST = "manifest.json"
# Counted up when the form of pieces or of the manifest changes: all is read again then.
FORM = 1
_UNDATED = "undated"
_ASIDE = ".new-"
# What is younger may belong to a run that is still at work.
_STALE_SECONDS = 3600


class Months:
    """The kept pieces of a shop.

    Parameters
    ----------
    home : Path
        The folder of the store; made when first needed.
    """

    def __init__(self, home: Path) -> None:
        self.home = home
        self._entries = self._read()
        self._checked: dict[str, bool] = {}
        self._used: dict[str, dict[str, Any]] = {}

    def _read(self) -> dict[str, dict[str, Any]]:
        try:
            manifest = json.loads((self.home / MANIFEST).read_text("utf-8"))
            return dict(manifest["sources"]) if manifest["form"] == FORM else {}
        except (OSError, ValueError, KeyError, TypeError):
            # No state, or a damaged one: everything is read again.
            return {}

    def find(self, source: str) -> dict[str, Any] | None:
        """Return what is kept of a source, where all of its pieces are whole; else None."""
        entry = self._used.get(source, self._entries.get(source))
        try:
            whole = entry is not None and all(map(self._is_whole, entry["pieces"]))
        except (KeyError, TypeError):
            whole = False
        if not whole:
            return None
        self._used[source] = entry
        return entry

    def _is_whole(self, piece: str) -> bool:
        if piece not in self._checked:
            path = self.home / piece
            self._checked[piece] = path.is_file() and _hash(path) == path.stem
        return self._checked[piece]

    def paths(self, entry: dict[str, Any]) -> list[str]:
        """Return the places of an entry's pieces."""
        return [str(self.home / piece) for piece in entry["pieces"]]

    def write(
        self, connection: duckdb.DuckDBPyConnection, query: str, table: str, day: str
    ) -> list[str]:
        """Write the rows of a query by month, and return the names of the pieces.

        Parameters
        ----------
        connection : DuckDBPyConnection
        query : str
            SQL.
        table : str
            Name of the tidy table.
        day : str
            Its column with the day that decides the month.
        """
        self.home.mkdir(parents=True, exist_ok=True, mode=0o700)
        aside = Path(tempfile.mkdtemp(prefix=_ASIDE, dir=self.home))
        month = f"coalesce(strftime({quoted(day)}, '%Y-%m'), {literal(_UNDATED)})"
        try:
            connection.execute(
                f"COPY (SELECT *, {month} AS month FROM ({query})) TO {literal(aside)} "
                "(FORMAT parquet, COMPRESSION zstd, PARTITION_BY (month), OVERWRITE_OR_IGNORE)"
            )
            return sorted(self._placed(path, table) for path in aside.rglob("*.parquet"))
        finally:
            shutil.rmtree(aside, ignore_errors=True)

    def _placed(self, path: Path, table: str) -> str:
        """Put a written piece in its place under the hash of its content."""
        os.chmod(path, 0o600)
        with path.open("rb") as file:
            os.fsync(file.fileno())
        folder = self.home / table / path.parent.name.removeprefix("month=")
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        target = folder / f"{_hash(path)}.parquet"
        os.replace(path, target)
        _sync(folder)
        name = target.relative_to(self.home).as_posix()
        self._checked[name] = True
        return name

    def keep(self, source: str, entry: dict[str, Any]) -> None:
        """Remember what a source is made of; nothing of it is there for others before the swap."""
        self._used[source] = entry

    def swap(self) -> None:
        """Make what was found and kept the state, and sweep what belongs to no source any more."""
        if self._used == self._entries:
            return
        text = json.dumps({"form": FORM, "sources": self._used}, indent=1, sort_keys=True) + "\n"
        write_private(self.home / MANIFEST, text.encode())
        self._entries = dict(self._used)
        self._sweep(piece for entry in self._used.values() for piece in entry["pieces"])

    def _sweep(self, used: Iterable[str]) -> None:
        kept = {self.home / piece for piece in used}
        for path in self.home.glob("*/*/*.parquet"):
            if path not in kept:
                path.unlink(missing_ok=True)
        for path in self.home.glob(f"{_ASIDE}*"):
            if time.time() - path.stat().st_mtime > _STALE_SECONDS:
                shutil.rmtree(path, ignore_errors=True)


def _hash(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, lambda: hashlib.blake2b(digest_size=16)).hexdigest()


def _sync(folder: Path) -> None:
    """Have the names in a folder written down, where the system can."""
    try:
        descriptor = os.open(folder, os.O_RDONLY)
    except OSError:
        return
    try:
        with contextlib.suppress(OSError):
            os.fsync(descriptor)
    finally:
        os.close(descriptor)
