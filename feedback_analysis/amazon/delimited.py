"""Delimited text to rows of text with their line numbers: nothing converted, nothing lost."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import chain

import numpy as np
import pandas as pd
import pyarrow as pa

from feedback_analysis.amazon.decode import Content
from feedback_analysis.amazon.plain import read_plain
from feedback_analysis.amazon.rows import Rows, cut_short, repeated_header
from feedback_analysis.tables import TEXT

# An unbalanced quotation mark swallows everything to the next one; a real quoted cell is short.
_LONGEST_RECORD = 60
_SHORT_RECORD = 6
_END = "\x1eend of file\x1e"
csv.field_size_limit(2**31 - 1)


def read_header(content: Content) -> list[tuple[str, list[str]]]:
    """Return the header for each separator that splits it: tab, comma, semicolon; best first."""
    data = content.data
    begin = len(data) - len(data.lstrip(b"\r\n"))
    end = data.find(b"\n", begin)
    first = data[begin : len(data) if end < 0 else end][: 1024**2]
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
    by_hand: bool = False,
    before: int = 0,
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
    by_hand : bool
        Somebody types these files, so that a short last line without an end is not a cut file.
    before : int, default=0
        Lines of the file that stand before this content, when it is a piece of a larger file.

    Raises
    ------
    ReportError
        If the header is repeated as data or the file is cut short.
    """
    if not quoted:
        return read_plain(content, separator, positions, header, file, starts_row, before)
    records = _quoted_records(content, separator, len(header), file, by_hand=by_hand, before=before)
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
        # The second of two pasted downloads brings its byte order mark along.
        if cells[0].strip("\ufeff ") == head[0] and _bare(cells[:width]) == head:
            raise repeated_header(file, line)
        if len(cells) < width:
            cells = cells + [""] * (width - len(cells))
        wanted.append([cells[place] for place in places])
        lines.append(line)
        if len(wanted) >= 100_000:
            parts.append(_texts(wanted, names))
            wanted = []
    parts.append(_texts(wanted, names))
    frame = pd.concat(parts, ignore_index=True) if len(parts) > 1 else parts[0]
    return Rows(frame, np.array(lines, dtype=np.int64), read, set_aside)


def _texts(rows: list[list[str]], names: list[str]) -> pd.DataFrame:
    """Return rows of cells as columns of text; pandas would look at each cell several times."""
    columns = zip(*rows, strict=True) if rows else ((),) * len(names)
    held = {
        name: TEXT.__from_arrow__(pa.chunked_array([pa.array(cells, type=pa.large_string())]))
        for name, cells in zip(names, columns, strict=True)
    }
    return pd.DataFrame(held, index=pd.RangeIndex(len(rows)), copy=False)


def _bare(cells: Sequence[str]) -> list[str]:
    return [cell.strip("\ufeff ") for cell in cells]


def _quoted_records(
    content: Content, separator: str, width: int, file: object, *, by_hand: bool, before: int
) -> Iterator[tuple[int, list[str]]]:
    """Yield (line, cells); a quotation mark that swallows rows is taken as plain text instead."""
    if _quotes_balance(content, separator, file, before):
        records = _numbered(content, separator, width)
    else:
        records = _line_by_line(content, separator)
    last: list[str] | None = None
    header_seen = False
    for start, cells in records:
        if not cells or (len(cells) == 1 and not cells[0].strip()):
            # The row before a blank line has its end.
            last = None
            continue
        if not header_seen:
            header_seen = True
            continue
        last = cells
        yield before + start, cells
    # Trailing cells may be left out, but then the line has its end. The last piece of a cut file
    # may hold nothing but the cut row.
    ended = by_hand or content.data.endswith((b"\n", b"\r"))
    several = before > 0 or content.data.count(b"\n") > 1
    if last is not None and len(last) < width and several and not ended:
        raise cut_short(file, before + start, f"{len(last)} of {width} cells and no end of line")


def _lines(content: Content) -> Iterator[str]:
    # newline="" leaves a break inside a quoted cell to the csv reader.
    return io.TextIOWrapper(io.BytesIO(content.data), content.encoding, newline="")


def _numbered(content: Content, separator: str, width: int) -> Iterator[tuple[int, list[str]]]:
    """Yield records with their first lines; rows that a stray quotation mark joined come apart."""
    if b'"' not in content.data:
        yield from enumerate(csv.reader(_lines(content), delimiter=separator), 1)
        return
    taken: list[str] = []

    def noted() -> Iterator[str]:
        for each in _lines(content):
            taken.append(each)
            yield each

    reader, line = csv.reader(noted(), delimiter=separator), 1
    for cells in reader:
        if len(taken) > 1 and width > 1 and _holds_a_row(taken, separator, width - 1):
            yield from ((line + n, _alone(each, separator)) for n, each in enumerate(taken))
        else:
            yield line, cells
        line = reader.line_num + 1
        taken.clear()


def _holds_a_row(lines: Sequence[str], separator: str, between: int) -> bool:
    """Tell whether a record of several lines holds as many separators as rows of their own do.

    A line break in the first cell leaves nearly all of them to the last line, and rightly so.
    """
    *middle, last = (line.count(separator) for line in lines[1:])
    return max(middle, default=0) >= between or (last >= between and separator in lines[0])


def _line_by_line(content: Content, separator: str) -> Iterator[tuple[int, list[str]]]:
    """Cut each line by itself, so that a stray quotation mark spoils no more than its own line."""
    for number, line in enumerate(_lines(content), 1):
        yield number, _alone(line, separator)


def _alone(line: str, separator: str) -> list[str]:
    plain = line.rstrip("\r\n")
    if plain.count('"') % 2:
        return plain.split(separator)
    return next(csv.reader([plain], delimiter=separator), [])


def _quotes_balance(content: Content, separator: str, file: object, before_it: int) -> bool:
    """Tell whether reading with quotes gives records of a believable length, the last one closed.

    Raises
    ------
    ReportError
        If the file ends inside a quoted cell of its last record.
    """
    if b'"' not in content.data:
        return True
    # A mark of our own after the last line: an open quotation mark would swallow it.
    reader = csv.reader(chain(_lines(content), ["\n", _END]), delimiter=separator)
    start, before, last = 1, 0, []
    for cells in reader:
        last = cells
        if reader.line_num - before > _LONGEST_RECORD:
            return False
        start, before = before + 1, reader.line_num
    if last == [_END]:
        return True
    if not content.data.endswith((b"\n", b"\r")) and before - start < _SHORT_RECORD:
        raise cut_short(file, before_it + start, "a quoted cell that is never closed")
    return False
