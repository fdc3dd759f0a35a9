"""Delimited text to rows of text with their line numbers: nothing converted, nothing lost."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from feedback_analysis.amazon.decode import Content
from feedback_analysis.errors import ReportError
from feedback_analysis.tables import TEXT

_CHUNK = 8 * 1024**2
# An unbalanced quotation mark swallows everything to the next one; a real quoted cell is short.
_LONGEST_RECORD = 60
csv.field_size_limit(2**31 - 1)


@dataclass
class Rows:
    """The rows of one file as text.

    Attributes
    ----------
    frame : DataFrame of str
        The wanted columns by our names; a missing cell is an empty text.
    lines : ndarray of int
        Line of the file (from 1) on which each row starts.
    read : int
        Records in the file below the header.
    set_aside : list of (line, reason)
        Records that are no row.
    notes : list of str
        What was mended.
    """

    frame: pd.DataFrame
    lines: np.ndarray
    read: int
    set_aside: list[tuple[int, str]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def read_header(content: Content) -> list[tuple[str, list[str]]]:
    """Return the header for each separator that splits it: tab, comma, semicolon; best first."""
    first = content.data.lstrip(b"\r\n").split(b"\n", 1)[0][: 1024**2]
    line = first.decode(content.encoding, errors="replace").rstrip("\r")
    found = []
    for separator in ("\t", ",", ";"):
        try:
            cells = next(csv.reader([line], delimiter=separator), [])
        except csv.Error:
            cells = line.split(separator)
        cells = _trimmed([cell.strip() for cell in cells])
        if cells:
            found.append((separator, cells))
    return sorted(found, key=lambda entry: -len(entry[1]))


def _trimmed(cells: list[str]) -> list[str]:
    while cells and not cells[-1]:
        cells.pop()
    return cells


def read_rows(
    content: Content,
    *,
    separator: str,
    positions: Mapping[str, int],
    header: Sequence[str],
    quoted: bool,
    file: object,
    starts_row: Callable[[str], bool] | None = None,
) -> Rows:
    """Read the rows below the header.

    Parameters
    ----------
    content : Content
    separator : str
        Tab, comma or semicolon.
    positions : mapping
        Our column names to positions in the header; only these columns are kept.
    header : sequence of str
        The file's header, to know its width and to find it repeated as data.
    quoted : bool
        Whether quotation marks quote. Without quoting a cell ends at the separator only.
    file : path
        For messages.
    starts_row : callable, optional
        Tells from the first cell whether a short line starts a row; when not, the line is joined to
        the row before it (a line break inside a comment).

    Raises
    ------
    ReportError
        If the header is repeated as data or the file is cut short.
    """
    if quoted:
        records: Iterator = _quoted_records(content, separator, len(header), file)
    else:
        return _read_plain(content, separator, positions, header, file, starts_row)
    return _collect(records, positions, header, file)


def _collect(
    records: Iterator[tuple[int, list[str]]],
    positions: Mapping[str, int],
    header: Sequence[str],
    file: object,
) -> Rows:
    names, places = list(positions), list(positions.values())
    wanted, lines, parts, set_aside, read = [], [], [], [], 0
    width = len(header)
    head = list(header)
    for line, cells in records:
        read += 1
        if len(cells) > width and any(cells[width:]):
            reason = f"{len(_trimmed(cells[:]))} cells where the header has {width}"
            set_aside.append((line, reason))
            continue
        if cells[: len(head)] == head:
            raise repeated_header(file, line)
        if len(cells) < width:
            cells = cells + [""] * (width - len(cells))
        wanted.append([cells[place] for place in places])
        lines.append(line)
        if len(wanted) >= 100_000:
            parts.append(pd.DataFrame(wanted, columns=names, dtype=TEXT))
            wanted = []
    parts.append(pd.DataFrame(wanted, columns=names, dtype=TEXT))
    frame = pd.concat(parts, ignore_index=True) if len(parts) > 1 else parts[0]
    return Rows(frame, np.array(lines, dtype=np.int64), read, set_aside)


def repeated_header(file: object, line: int) -> ReportError:
    """Return the error for a header that stands among the rows."""
    return ReportError(
        "the header is repeated among the rows",
        file=file,
        line=line,
        expected="one header, then rows",
        remedy="two downloads were pasted together: put each into a file of its own",
    )


def _cut_short(file: object, line: int, found: str) -> ReportError:
    return ReportError(
        "the file is cut short",
        file=file,
        line=line,
        expected="a last line with all its columns",
        found=found,
        remedy="download it again",
    )


def _quoted_records(
    content: Content, separator: str, width: int, file: object
) -> Iterator[tuple[int, list[str]]]:
    """Yield (line, cells); a quotation mark that swallows rows is taken as plain text instead."""
    if _quotes_balance(content, separator):
        reader = csv.reader(_lines(content), delimiter=separator, strict=False)
    else:
        reader = csv.reader(_lines(content), delimiter=separator, quoting=csv.QUOTE_NONE)
    last: list[str] | None = None
    header_seen, line = False, 1
    for cells in reader:
        start, line = line, reader.line_num + 1
        if not cells or (len(cells) == 1 and not cells[0].strip()):
            continue
        if not header_seen:
            header_seen = True
            continue
        last = cells
        yield start, cells
    # Trailing cells may be left out, but then the line has its end.
    ended = content.data.endswith((b"\n", b"\r"))
    if last is not None and len(last) < width and not ended and content.data.count(b"\n") > 1:
        raise _cut_short(file, start, f"{len(last)} of {width} cells and no end of line")


def _lines(content: Content) -> Iterator[str]:
    # newline="" leaves a break inside a quoted cell to the csv reader.
    return io.TextIOWrapper(io.BytesIO(content.data), content.encoding, newline="")


def _quotes_balance(content: Content, separator: str) -> bool:
    """Tell whether reading with quotes gives records of a believable length."""
    if b'"' not in content.data:
        return True
    reader = csv.reader(_lines(content), delimiter=separator)
    before = 0
    for _ in reader:
        if reader.line_num - before > _LONGEST_RECORD:
            return False
        before = reader.line_num
    last = content.data.rstrip(b"\r\n")
    # A quote left open at the end of the file closes nowhere.
    return not (last.count(b'"') % 2 and not last.endswith(b'"'))


def _read_plain(
    content: Content,
    separator: str,
    positions: Mapping[str, int],
    header: Sequence[str],
    file: object,
    starts_row: Callable[[str], bool] | None,
) -> Rows:
    """Read unquoted lines in blocks: regular ones at once by pandas, others line by line."""
    data = content.data
    start = data.find(b"\n", len(data) - len(data.lstrip(b"\r\n"))) + 1
    rows = Rows(pd.DataFrame(columns=list(positions), dtype=TEXT), np.array([], dtype=np.int64), 0)
    if start == 0:
        return rows
    line = data.count(b"\n", 0, start) + 1
    frames, numbers = [], []
    head = separator.join(header)
    while start < len(data):
        end = _block_end(data, start, starts_row, separator, content.encoding)
        block = data[start:end]
        if _regular(block, separator, len(header)):
            frame = _parse_regular(block, separator, positions, len(header), content.encoding)
            lines = np.arange(line, line + len(frame))
        else:
            records = _records(
                block.decode(content.encoding), line, separator, header, starts_row, rows
            )
            if records and end == len(data) and not data.endswith((b"\n", b"\r")):
                _refuse_cut(records[-1], separator, header, file)
            frame, lines = _parse_records(records, separator, positions, header, rows)
        if head.encode(content.encoding, errors="replace") in block:
            _refuse_repeated(frame, lines, positions, header, file)
        rows.read += len(frame)
        line += block.count(b"\n")
        start = end
        frames.append(frame)
        numbers.append(lines)
    if frames:
        rows.frame = pd.concat(frames, ignore_index=True) if len(frames) > 1 else frames[0]
        rows.lines = np.concatenate(numbers)
    rows.read += len(rows.set_aside)
    return rows


def _block_end(
    data: bytes,
    start: int,
    starts_row: Callable[[str], bool] | None,
    separator: str,
    encoding: str,
) -> int:
    """Return the end of a block that does not part a broken row from its first line."""
    end = start + _CHUNK
    while end < len(data):
        end = data.find(b"\n", end) + 1
        if end == 0:
            return len(data)
        first = data[end : end + 64].decode(encoding, errors="replace").split(separator, 1)[0]
        if starts_row is None or starts_row(first):
            return end
    return len(data)


def _regular(block: bytes, separator: str, width: int) -> bool:
    """Tell whether every line of a block has all its cells and nothing that breaks lines."""
    if block.count(b"\r") != block.count(b"\r\n") or b"\0" in block:
        return False
    codes = np.frombuffer(block, dtype=np.uint8)
    marks = np.flatnonzero((codes == 10) | (codes == ord(separator)))
    ends = codes[marks] == 10
    if not block.endswith(b"\n"):
        ends = np.append(ends, True)
    counts = np.diff(np.flatnonzero(ends), prepend=-1)
    return bool((counts == width).all())


def _parse_regular(
    block: bytes, separator: str, positions: Mapping[str, int], width: int, encoding: str
) -> pd.DataFrame:
    frame = pd.read_csv(
        io.BytesIO(block.replace(b"\r\n", b"\n") if b"\r" in block else block),
        sep=separator,
        quoting=csv.QUOTE_NONE,
        header=None,
        names=range(width),
        usecols=sorted(set(positions.values())),
        dtype=TEXT,
        keep_default_na=False,
        na_filter=False,
        skip_blank_lines=False,
        encoding=encoding,
        lineterminator="\n",
    )
    return pd.DataFrame({name: frame[place] for name, place in positions.items()})


def _records(
    text: str,
    line: int,
    separator: str,
    header: Sequence[str],
    starts_row: Callable[[str], bool] | None,
    rows: Rows,
) -> list[tuple[int, str]]:
    """Split irregular lines one by one and join a broken row to its first line."""
    records: list[tuple[int, str]] = []
    for number, content in enumerate(text.split("\n"), line):
        content = content.removesuffix("\r").replace("\0", "\ufffd")
        if not content.strip(" \r"):
            continue
        broken = (
            records
            and starts_row is not None
            and not starts_row(content.split(separator, 1)[0])
            and records[-1][1].count(separator) + content.count(separator) < len(header)
        )
        if broken:
            records[-1] = (records[-1][0], f"{records[-1][1]} {content}")
            rows.notes.append(f"line {number} joined to the row before it (a broken comment)")
        else:
            records.append((number, content))
    return records


def _parse_records(
    records: Sequence[tuple[int, str]],
    separator: str,
    positions: Mapping[str, int],
    header: Sequence[str],
    rows: Rows,
) -> tuple[pd.DataFrame, np.ndarray]:
    """Cut records into cells; one with too many cells is set aside."""
    width = len(header)
    wanted, lines = [], []
    for number, content in records:
        cells = content.split(separator)
        if len(cells) > width and any(cell.strip() for cell in cells[width:]):
            rows.set_aside.append((number, f"{len(cells)} cells where the header has {width}"))
            continue
        cells += [""] * (width - len(cells))
        wanted.append([cells[place] for place in positions.values()])
        lines.append(number)
    frame = pd.DataFrame(wanted, columns=list(positions), dtype=TEXT)
    return frame, np.array(lines, dtype=np.int64)


def _refuse_cut(last: tuple[int, str], separator: str, header: Sequence[str], file: object) -> None:
    cells = last[1].count(separator) + 1
    if cells < len(header):
        found = f"{cells} of {len(header)} cells and no end of line"
        raise _cut_short(file, last[0], found)


def _refuse_repeated(
    frame: pd.DataFrame,
    lines: np.ndarray,
    positions: Mapping[str, int],
    header: Sequence[str],
    file: object,
) -> None:
    same = np.ones(len(frame), dtype=bool)
    for name, place in positions.items():
        same &= (frame[name] == header[place]).to_numpy(dtype=bool)
    if same.any():
        raise repeated_header(file, int(lines[same.argmax()]))
