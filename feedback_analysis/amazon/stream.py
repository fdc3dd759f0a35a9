"""A large file as a row of small ones, so that the ordinary reader takes it in a steady memory.

There is no second parser. The file is cut where a row surely begins; each piece gets the header put
before it and is read by :func:`.delimited.read_rows` like any other file, with the number of lines
that stand before it. Encodings are decided over the whole file, as for a small one.
"""

from __future__ import annotations

import codecs
import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from feedback_analysis.amazon.decode import (
    BLANK,
    JAPANESE,
    MARKS,
    OPENING,
    UNFINISHED,
    Content,
    all_decode,
    ends_in_returns,
    foreign,
    is_utf8,
    legacy,
    read_content,
    undecodable,
    unopened,
    unpacked,
)

# A piece takes some ten times its size in memory while it is read; smaller ones cost more time.
PIECE = 8 * 1024**2
_LONGEST_ROW = 64 * 1024**2
# Bytes of a line that hold its first cell, where that is a date.
_FIRST_CELL = 64


@dataclass(frozen=True)
class Stream:
    """A file that is read piece by piece.

    Attributes
    ----------
    path : Path
    encoding : str
        Python's name of the encoding that all blocks are in; proved for the whole file.
    label : str
        The encoding in words, for the ledger.
    head : bytes
        The beginning of the content, of whole lines where there are any.
    digest : str
        Hash of the content, unpacked and without byte order mark.
    """

    path: Path
    encoding: str
    label: str
    head: bytes
    digest: str

    def content(self) -> Content:
        """Return the beginning as a content of its own, to be recognised by."""
        return Content(self.head, self.encoding, self.label)

    def pieces(
        self, separator: str, starts_row: Callable[[str], bool] | None, *, quoted: bool
    ) -> Iterator[tuple[Content, int]]:
        """Yield each piece with the header before it, and the lines of the file before the piece.

        Parameters
        ----------
        separator : str
        starts_row : callable, optional
            Tells from the first cell whether a line starts a row.
        quoted : bool
            Whether quotation marks quote.
        """
        header, rest, line, any_piece = b"", b"", 1, False
        for block in blocks(self.path, PIECE):
            if not header:
                data, rest = rest + block, b""
                blank = len(data) - len(data.lstrip(b"\r\n"))
                end = data.find(b"\n", blank) + 1
                if not end:
                    rest = data
                    continue
                header, line = data[blank:end], line + _lines(data[:end], quoted)
                block = data[end:]
            if quoted:
                cut = _outside_quotes(rest, block)
            else:
                cut = _row_start(block, self.encoding, separator, starts_row)
            if cut:
                piece = b"".join((header, rest, block[:cut]))
                yield Content(piece, self.encoding, self.label), line - 2
                any_piece, line = True, line + _lines(piece, quoted) - 1
                rest = block[cut:]
            else:
                rest += block
        if rest or not any_piece:
            yield Content(header + rest, self.encoding, self.label), max(line - 2, 0)


def open_stream(path: Path, *, japanese: bool = False, alone: bool = False) -> Stream:
    """Look through a file once: what encoding it is in, and what its content hashes to.

    Parameters
    ----------
    path : Path
    japanese : bool
        The file is known to be of the Japanese marketplace, so cp932 comes before cp1252.
    alone : bool
        There is no other file to compare the content with, so it gets no digest.

    Raises
    ------
    ReportError
        As :func:`.decode.read_content`.
    """
    head = _head(path)
    mark = next((label for magic, _, label in MARKS if head.startswith(magic)), None)
    digest = hashlib.blake2b(digest_size=16)
    begun, rest, whole = bytearray(), b"", True
    for block in blocks(path, PIECE):
        if not alone:
            digest.update(block)
        if len(begun) < OPENING:
            begun += block[:OPENING]
        if whole and (rest or not block.isascii()):
            # A line end never lies inside a letter, and a long row may lie in several blocks.
            end = block.rfind(b"\n") + 1
            if end:
                whole, rest = is_utf8(rest + block[:end]), block[end:]
            else:
                rest += block
    whole = whole and is_utf8(rest)
    if mark and not whole:
        raise undecodable(path, mark)
    encoding = "utf-8" if whole else _settled(path, japanese)
    label = (mark or "UTF-8") if whole else encoding
    label += ", gzip" if _packed(path) else ""
    # Of a short file the last line belongs to it, whether or not it ends.
    whole_lines = begun.rfind(b"\n", 0, OPENING) + 1 if len(begun) >= OPENING else 0
    first = bytes(begun[:whole_lines] or begun)
    return Stream(path, encoding, label, first, "" if alone else digest.hexdigest())


def _settled(path: Path, japanese: bool) -> str:
    """Return the encoding of a file that is not UTF-8, tried in the order of :mod:`.decode`."""
    japanese = japanese or any(JAPANESE in block for block in blocks(path, PIECE))
    return next(name for name in legacy(japanese) if decodes_as(path, name))


def decodes_as(path: Path, encoding: str) -> bool:
    """Tell whether a whole file decodes as an encoding."""
    return all_decode(blocks(path, PIECE), encoding)


def blocks(path: Path, size: int) -> Iterator[bytes]:
    """Yield a file's bytes: unpacked, without a byte order mark, UTF-16 as UTF-8, lines ended."""
    if not ends_in_returns(next(_marked_off(path, OPENING), b"")):
        yield from _marked_off(path, size)
        return
    rest = b""
    for block in _marked_off(path, size):
        # A line feed that belongs to it may come in the next block.
        block, rest = rest + block, b"\r" * block.endswith(b"\r")
        block = block[: len(block) - len(rest)]
        yield block.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    if rest:
        yield b"\n"


def _marked_off(path: Path, size: int) -> Iterator[bytes]:
    """Yield a file's bytes without a byte order mark, UTF-16 turned into UTF-8."""
    raw = _raw(path, size)
    first = next(raw, b"")
    for mark, encoding, _ in MARKS:
        if first.startswith(mark):
            first = first[len(mark) :]
            if encoding != "utf-8":
                yield from _narrowed(first, raw, encoding, path)
                return
            break
    if first:
        yield first
    yield from raw


def _narrowed(first: bytes, raw: Iterator[bytes], encoding: str, path: Path) -> Iterator[bytes]:
    decoder = codecs.getincrementaldecoder(encoding)()
    try:
        yield decoder.decode(first).encode()
        for block in raw:
            yield decoder.decode(block).encode()
        yield decoder.decode(b"", final=True).encode()
    except UnicodeError:
        raise undecodable(path, "UTF-16") from None


def _packed(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(2) == b"\x1f\x8b"


def _raw(path: Path, size: int) -> Iterator[bytes]:
    try:
        if not _packed(path):
            with path.open("rb", buffering=0) as file:
                while block := file.read(size):
                    yield block
            return
    except OSError as error:
        raise unopened(path, error) from None
    yield from unpacked(path, size)


def _head(path: Path) -> bytes:
    """Return the first bytes of a file; what is no text is refused as a small file is."""
    head = next(_raw(path, OPENING), b"")
    unfinished = path.suffix.casefold() in UNFINISHED
    binary = b"\0" in head and not any(head.startswith(mark) for mark, _, _ in MARKS)
    if unfinished or binary or foreign(head) or not head.strip(BLANK):
        read_content(path)
    return head


def _lines(data: bytes, quoted: bool) -> int:
    """Count lines as the reader does that takes the piece: a lone CR ends one for csv."""
    lines = data.count(b"\n")
    if quoted and b"\r" in data:
        lines += data.count(b"\r") - data.count(b"\r\n")
    return lines


def _row_start(
    block: bytes, encoding: str, separator: str, starts_row: Callable[[str], bool] | None
) -> int:
    """Return where the last row of a block begins, which is left to the next; 0 for none."""
    end = block.rfind(b"\n") + 1
    if starts_row is None:
        return end
    while end:
        # What follows the last line end is cut off, so it may look like anything.
        end = block.rfind(b"\n", 0, end - 1) + 1
        opening = block[end : end + _FIRST_CELL].decode(encoding, errors="replace")
        if end and starts_row(opening.split(separator, 1)[0]):
            return end
    return 0


def _outside_quotes(rest: bytes, block: bytes) -> int:
    """Return the last line end of a block before which the quotation marks pair off."""
    end = last = block.rfind(b"\n") + 1
    marks = rest.count(b'"') + block.count(b'"', 0, end)
    while end and marks % 2:
        before = block.rfind(b"\n", 0, end - 1) + 1
        marks -= block.count(b'"', before, end)
        end = before
    # A stray mark far up: the ordinary reader tells it by the length of the record.
    return end or (last if len(rest) > _LONGEST_ROW else 0)
