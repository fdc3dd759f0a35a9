"""A file's bytes to text: gzip, byte order marks, encodings in a fixed order, damage."""

from __future__ import annotations

import codecs
import gzip
import re
import struct
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from feedback_analysis.errors import ReportError

# A gzip of a few kilobytes can hold terabytes; no report of a seller comes near this.
LARGEST = 16 * 1024**3
# Rows that are nearly alike pack to a hundredth; a file made to harm packs to a thousandth.
_DENSEST = 250
_BLOCK = 16 * 1024**2
# A file is recognised by so much of its beginning.
OPENING = 1024**2
# What tells that a file is of the Japanese marketplace.
JAPANESE = b"marketplace.amazon.co.jp"
BLANK = b"\xef\xbb\xbf\xff\xfe\r\n\t "
MARKS = (
    (codecs.BOM_UTF8, "utf-8", "UTF-8 with BOM"),
    (codecs.BOM_UTF16_LE, "utf-16-le", "UTF-16"),
    (codecs.BOM_UTF16_BE, "utf-16-be", "UTF-16"),
)
_ITSELF = "put the file itself into the folder, and take this one out"
FOREIGN = (
    (b"%PDF", "a PDF", "download the report as CSV or text instead"),
    (b"\x89PNG", "a picture", "move it out of the folder"),
    (b"\xff\xd8\xff", "a picture", "move it out of the folder"),
    (b"\xd0\xcf\x11\xe0", "an old Excel workbook", "save the sheet as CSV UTF-8"),
    (b"\x1f\x8b", "a gzip within a gzip", "unpack it once"),
    (b"L\0\0\0\x01\x14\x02\0", "a shortcut", _ITSELF),
    (b"bplist00", "a shortcut or settings of macOS", _ITSELF),
)
# How shortcuts begin that are texts; those of macOS are XML and say what of in its second line.
_SHORTCUTS = (b"[internetshortcut]", b"[desktop entry]")
# What a zip archive is by what it holds; a plain one comes last.
ZIPPED = (
    (
        b"xl/workbook",
        "an Excel workbook",
        "download the report again and put it in unopened; else save the sheet as CSV UTF-8",
    ),
    (b"word/document", "a Word document", "move it out of the folder"),
    (b"", "a zip archive", "unpack it, and move the archive out of the folder"),
)
EXPECTED = "a report as text: CSV, tab-delimited text or JSON"
WEB_PAGE = (b"<!doctype html", b"<html")
# Names of browsers for what they are still loading.
UNFINISHED = {".crdownload", ".opdownload", ".part", ".partial"}


@dataclass(frozen=True)
class Content:
    """A file's bytes, unpacked, without a byte order mark, and how to decode them.

    Attributes
    ----------
    data : bytes
        The content; ``encoding`` is proved to decode all of it.
    encoding : str
        Python's name of the encoding.
    label : str
        The encoding in words, for the ledger: ``UTF-8 with BOM, gzip``.
    """

    data: bytes
    encoding: str
    label: str

    @property
    def text(self) -> str:
        """The whole content as text."""
        return self.data.decode(self.encoding)


def read_content(path: Path, *, japanese: bool = False) -> Content:
    """Read, unpack and decide the encoding of one file.

    Parameters
    ----------
    path : Path
    japanese : bool
        The file is known to be of the Japanese marketplace, so cp932 comes before cp1252.

    Raises
    ------
    ReportError
        If the path is a folder, cannot be read, is empty, is no text, or is a cut gzip.
    """
    data, packed = _bytes(path)
    data, encoding, label = _decided(path, data, japanese)
    if ends_in_returns(data):
        data = data.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    return Content(data, encoding, label + (", gzip" if packed else ""))


def _decided(path: Path, data: bytes, japanese: bool) -> tuple[bytes, str, str]:
    """Return the content without a byte order mark, its encoding, and the same in words."""
    for mark, encoding, label in MARKS:
        if data.startswith(mark):
            data = data[len(mark) :]
            if not decodes(data, encoding):
                raise undecodable(path, label)
            return data if encoding == "utf-8" else data.decode(encoding).encode(), "utf-8", label
    if b"\0" in data[:OPENING]:
        raise ReportError(
            "the file is not text",
            file=path,
            expected=EXPECTED,
            found="binary data",
            remedy="move it out of the folder, or download the report as text",
        )
    if is_utf8(data):
        return data, "utf-8", "UTF-8"
    found = next(name for name in legacy(japanese or JAPANESE in data) if decodes(data, name))
    return data, found, found


def legacy(japanese: bool) -> tuple[str, ...]:
    """Return the encodings of a file that is not UTF-8, in the order they are tried in."""
    # Every file decodes as the last.
    return (*(["cp932"] if japanese else []), "cp1252", "latin-1")


def ends_in_returns(data: bytes) -> bool:
    """Tell whether the header ends in a carriage return alone, as in CSV (Macintosh) of Excel."""
    header = data[:OPENING].lstrip(b"\r\n").partition(b"\n")[0].removesuffix(b"\r")
    before, found, _ = header.partition(b"\r")
    # Within quotation marks it is a break in a heading.
    return bool(found) and before.count(b'"') % 2 == 0


def undecodable(path: Path, label: str) -> ReportError:
    """Return the error for a file that is not in the encoding that it says."""
    return ReportError(
        "the file is damaged: its text does not decode",
        file=path,
        expected=label,
        remedy="download it again",
    )


def _bytes(path: Path) -> tuple[bytes, bool]:
    try:
        if path.is_dir():
            raise ReportError(
                "this is a folder, not a file",
                file=path,
                remedy="name a file, or read the whole folder with read_folder",
            )
        if path.suffix.casefold() in UNFINISHED:
            raise ReportError(
                "the download was never finished",
                file=path,
                remedy="delete it, and download the report again",
            )
        data = path.read_bytes()
    except OSError as error:
        raise unopened(path, error) from None
    packed = data[:2] == b"\x1f\x8b"
    if packed:
        data = b"".join(unpacked(path, _BLOCK))
    # The first bytes nearly always tell; stripping the end of a large file copies it.
    if not data[:4096].strip(BLANK) and not data.strip(BLANK):
        raise ReportError(
            "the file is empty",
            file=path,
            found=f"{len(data)} bytes" + (" after unpacking" if packed else ""),
            remedy=(
                "download it again; Amazon also hands out nothing when a report has no rows "
                "or failed, so check the dates you asked for"
            ),
        )
    if known := foreign(data):
        what, remedy = known
        raise ReportError(
            f"the file is {what}, not a report",
            file=path,
            expected=EXPECTED,
            found=what,
            remedy=remedy,
        )
    return data, packed


def foreign(data: bytes) -> tuple[str, str] | None:
    """Return what a file is that is no report, and what to do with it."""
    for magic, *told in FOREIGN:
        if data.startswith(magic):
            return tuple(told)
    if data.startswith(b"PK\x03\x04"):
        return next(tuple(told) for held, *told in ZIPPED if held in data)
    begin = data[:1024].lstrip(BLANK).lower()
    is_list = begin.startswith(b"<?xml") and b"<!doctype plist" in begin
    if begin.startswith(_SHORTCUTS) or is_list:
        return "a shortcut", _ITSELF
    if begin.startswith(WEB_PAGE):
        return "a web page", "sign in to Seller Central, and download the report again"
    return None


def unpacked(path: Path, size: int) -> Iterator[bytes]:
    """Yield what a gzip holds, in blocks of so many bytes.

    Raises
    ------
    ReportError
        If it is damaged, or unpacks to more than any report holds.
    """
    total = 0
    try:
        with path.open("rb") as packed, gzip.GzipFile(fileobj=packed) as file:
            while block := file.read(size):
                total += len(block)
                _check_unpacked(path, total, packed.tell())
                yield block
    except (EOFError, OSError, zlib.error):
        raise ReportError(
            "the gzip is cut short or damaged",
            file=path,
            expected="a gzip that unpacks to its end",
            found=f"{total:,} bytes unpacked, and then no more",
            remedy="download it again",
        ) from None


def unopened(path: Path, error: OSError) -> ReportError:
    """Return the error for a file that cannot be opened."""
    return ReportError(
        f"the file cannot be opened: {error.strerror or error}",
        file=path,
        remedy="check the name and that you may read it",
    )


def _check_unpacked(path: Path, size: int, read: int) -> None:
    """Refuse a gzip of which so many bytes read unpack to more than any report holds."""
    if size <= LARGEST and (size <= 2 * _BLOCK or size <= _DENSEST * read):
        return
    raise ReportError(
        "the gzip unpacks to more than any report holds",
        file=path,
        expected=f"at most {LARGEST // 1024**3} GiB, and at most {_DENSEST} times its own size",
        found=f"{size:,} bytes out of {read:,}, and more to come",
        remedy="check where the file came from",
    )


def decodes(data: bytes, encoding: str) -> bool:
    """Tell whether bytes are of an encoding throughout."""
    if encoding == "utf-8":
        return is_utf8(data)
    starts = range(0, len(data), _BLOCK)
    return all_decode((data[start : start + _BLOCK] for start in starts), encoding)


def all_decode(blocks: Iterable[bytes], encoding: str) -> bool:
    """Tell whether a text that comes in blocks is of an encoding throughout."""
    decoder = codecs.getincrementaldecoder(encoding)()
    try:
        for block in blocks:
            decoder.decode(block)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def is_utf8(data: bytes) -> bool:
    """Tell whether bytes are UTF-8 throughout."""
    import pyarrow as pa

    # Arrow looks without making a text, which would take up to four times the memory.
    ends = pa.py_buffer(struct.pack("=qq", 0, len(data)))
    try:
        pa.LargeStringArray.from_buffers(1, ends, pa.py_buffer(data)).validate(full=True)
    except pa.ArrowInvalid:
        return False
    return True


# Without the look behind, a thousand question marks would be tried from each of them.
_DAMAGE = re.compile("\ufffd|(?<!\\?)\\?{2,}[^\\W\\d_]")


def damaged(text: str) -> bool:
    """Tell whether a text lost characters before it came to us (U+FFFD, or ``??`` inside words).

    Reports made by API were seen with real characters already replaced by question marks; the same
    report made in Seller Central was right.
    """
    return _DAMAGE.search(text) is not None
