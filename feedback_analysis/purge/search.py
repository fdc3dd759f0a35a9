"""Looks for texts in the bytes of files: plain, as JSON, HTML and UTF-16, and inside packs."""

from __future__ import annotations

import gzip
import html
import io
import json
import sqlite3
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from contextlib import closing, suppress
from pathlib import Path

import numpy as np

# Shorter ones stand in any file by chance.
SHORTEST = 8
# Packs within packs are opened so deep, and no further than so many bytes.
DEEPEST = 3
LARGEST = 4 * 1024**3
_ZIP, _OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
# The flag of a member of a zip that a password protects.
_ENCRYPTED = 0x1


class Searcher:
    """Finds out which of many texts a file holds.

    Parameters
    ----------
    texts : iterable of str
        What to look for. Those of fewer than eight bytes are not looked for.
    """

    def __init__(self, texts: Iterable[str]) -> None:
        self._texts = sorted(set(filter(None, texts)))
        needles: dict[bytes, set[bytes]] = {}
        for text in self._texts:
            for spelling in spellings(text):
                if len(spelling) >= SHORTEST:
                    needles.setdefault(spelling[:SHORTEST], set()).add(spelling)
        self._needles = needles
        self._begins = np.sort(np.frombuffer(b"".join(needles), dtype=np.uint64))

    def holds(self, path: Path) -> bool:
        """Tell whether a file holds any of the texts.

        Parameters
        ----------
        path : Path
            A plain file, or gzip, zip, a workbook, SQLite or Parquet.
        """
        return any(self.found_in(data) for data in contents(path))

    def found_in(self, data: bytes) -> bool:
        """Tell whether bytes hold any of the texts.

        Parameters
        ----------
        data : bytes
            Unpacked.
        """
        return next(self._places(data), None) is not None

    def which(self, data: bytes) -> set[bytes]:
        """Return the texts that bytes hold, as they stand there.

        Parameters
        ----------
        data : bytes
            Unpacked.
        """
        return set(self._places(data))

    def _places(self, data: bytes) -> Iterator[bytes]:
        if not len(self._begins):
            return
        for shift in range(min(SHORTEST, max(len(data) - SHORTEST + 1, 0))):
            count = (len(data) - shift) // SHORTEST
            windows = np.frombuffer(data, dtype=np.uint64, count=count, offset=shift)
            place = np.searchsorted(self._begins, windows)
            place[place == len(self._begins)] = 0
            for row in np.flatnonzero(self._begins[place] == windows):
                at = shift + int(row) * SHORTEST
                begin = data[at : at + SHORTEST]
                yield from (each for each in self._needles[begin] if data.startswith(each, at))


def spellings(text: str) -> set[bytes]:
    """Return how a text may stand in a file.

    Parameters
    ----------
    text : str

    Returns
    -------
    set of bytes
    """
    quoted = text.replace('"', '""')
    ways = {text, quoted, html.escape(text), html.escape(text, quote=False)}
    for ascii_only in (True, False):
        ways.add(json.dumps(text, ensure_ascii=ascii_only)[1:-1])
    found = {way.encode("utf-8", "surrogatepass") for way in ways}
    for way in (text, quoted):
        for encoding in ("utf-16-le", "utf-16-be", "cp1252", "cp932"):
            try:
                found.add(way.encode(encoding))
            except UnicodeError:
                continue
    return found


def contents(path: Path) -> Iterator[bytes]:
    """Yield a file's bytes, and what is packed in them.

    Parameters
    ----------
    path : Path
        The file.
    """
    yield from _opened(path.read_bytes(), path)


def _opened(data: bytes, path: Path | None, depth: int = 0) -> Iterator[bytes]:
    yield data
    if depth >= DEEPEST:
        return
    try:
        if data[:2] == b"\x1f\x8b":
            with gzip.open(io.BytesIO(data)) as file:
                yield from _opened(file.read(LARGEST), None, depth + 1)
        elif data[:4] == _ZIP:
            with zipfile.ZipFile(io.BytesIO(data)) as pack:
                yield from _members(pack, depth)
        elif data[:4] == b"PAR1":
            yield from _parquet(data)
        elif path is not None and data[:15] == b"SQLite format 3":
            yield from _sqlite(path)
    except (OSError, EOFError, ValueError, zlib.error, zipfile.BadZipFile, sqlite3.Error):
        # What cannot be opened was looked at as it is.
        return


def is_sealed(path: Path) -> bool:
    """Tell whether a password keeps a file, or a part of it, from being looked through.

    Parameters
    ----------
    path : Path
        A zip archive, a workbook or anything else.
    """
    with path.open("rb") as file:
        begin = file.read(len(_OLE))
    if begin == _OLE:
        # How Excel keeps a workbook with a password.
        return "EncryptedPackage".encode("utf-16-le") in path.read_bytes()
    if begin[: len(_ZIP)] != _ZIP:
        return False
    return any(data[:4] == _ZIP and _has_password(data) for data in contents(path))


def _has_password(data: bytes) -> bool:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as pack:
            return any(member.flag_bits & _ENCRYPTED for member in pack.infolist())
    except (OSError, ValueError, zipfile.BadZipFile):
        return False


def _members(pack: zipfile.ZipFile, depth: int) -> Iterator[bytes]:
    for name in pack.namelist():
        yield name.encode()
        # A RuntimeError tells of a password, as `is_sealed` does to whoever reads the answer; what
        # lies beside that member is looked at too.
        with suppress(RuntimeError, OSError, EOFError, zlib.error, zipfile.BadZipFile):
            with pack.open(name) as member:
                content = member.read(LARGEST)
            yield from _opened(content, None, depth + 1)


def _parquet(data: bytes) -> Iterator[bytes]:
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        file = pq.ParquetFile(io.BytesIO(data))
        yield str(file.schema_arrow.metadata or "").encode()
        for batch in file.iter_batches():
            for column in batch.columns:
                if pa.types.is_string(column.type) or pa.types.is_large_string(column.type):
                    yield "\n".join(filter(None, column.to_pylist())).encode()
                elif pa.types.is_dictionary(column.type):
                    yield "\n".join(map(str, column.dictionary.to_pylist())).encode()
    except pa.ArrowException:
        return


def _sqlite(path: Path) -> Iterator[bytes]:
    with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)) as held:
        names = [
            row[0] for row in held.execute("select name from sqlite_master where type='table'")
        ]
        for name in names:
            quoted = name.replace('"', '""')
            for row in held.execute(f'select * from "{quoted}"'):
                for cell in row:
                    if isinstance(cell, str | bytes):
                        yield cell.encode() if isinstance(cell, str) else cell
