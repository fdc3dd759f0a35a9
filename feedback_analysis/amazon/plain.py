"""Unquoted lines to rows of text: whole blocks where they are regular, else line by line."""

from __future__ import annotations

import codecs
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv

from feedback_analysis import texts
from feedback_analysis.amazon.decode import Content
from feedback_analysis.amazon.rows import Rows, cut_short, repeated_header

# Blocks of this size are tried at once; one that holds an odd line is tried again in small pieces.
_LARGE, _SMALL = 8 * 1024**2, 128 * 1024


@dataclass
class _Plain:
    content: Content
    separator: str
    positions: Mapping[str, int]
    header: Sequence[str]
    file: object
    starts_row: Callable[[str], bool] | None
    before: int = 0
    read: int = 0
    tables: list[pa.Table] = field(default_factory=list)
    lines: list[np.ndarray] = field(default_factory=list)
    set_aside: list[tuple[int, str]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.schema = pa.schema([(name, pa.large_string()) for name in self.positions])
        # A repeated header holds every wanted one; the longest is the least likely in other rows.
        longest = max(
            (self.header[place] for place in self.positions.values()), key=len, default=""
        )
        self.head = longest.encode(self.content.encoding, "replace")


def read_plain(
    content: Content,
    separator: str,
    positions: Mapping[str, int],
    header: Sequence[str],
    file: object,
    starts_row: Callable[[str], bool] | None,
    before: int = 0,
) -> Rows:
    """Read the lines below the header; parameters as of :func:`.delimited.read_rows`."""
    data = content.data
    plain = _Plain(content, separator, positions, header, file, starts_row, before)
    begin = len(data) - len(data.lstrip(b"\r\n"))
    start = data.find(b"\n", begin) + 1
    line = before + data.count(b"\n", 0, start) + 1
    if start:
        for first, end in _blocks(plain, start, len(data), _LARGE):
            count = _take_regular(plain, first, end, line)
            if count:
                line += count
                continue
            for piece, stop in _blocks(plain, first, end, _SMALL):
                if not _take_regular(plain, piece, stop, line):
                    _take_lines(plain, piece, stop, line)
                line += data.count(b"\n", piece, stop)
    whole = pa.concat_tables(plain.tables) if plain.tables else plain.schema.empty_table()
    return Rows(
        pd.DataFrame({name: texts.series(whole[name]) for name in positions}, copy=False),
        np.concatenate(plain.lines) if plain.lines else np.array([], dtype=np.int64),
        plain.read,
        plain.set_aside,
        plain.notes,
    )


def _blocks(plain: _Plain, start: int, last: int, size: int) -> Iterator[tuple[int, int]]:
    """Yield the bounds of blocks, none of which parts a broken row from its first line."""
    data = plain.content.data
    while start < last:
        end = min(start + size, last)
        while end < last:
            end = data.find(b"\n", end, last) + 1 or last
            opening = data[end : end + 64].decode(plain.content.encoding, errors="replace")
            if plain.starts_row is None or plain.starts_row(opening.split(plain.separator, 1)[0]):
                break
        yield start, end
        start = end


def _take_regular(plain: _Plain, start: int, end: int, line: int) -> int:
    """Take a block whose lines all have all their cells; return its rows, 0 for any other."""
    data = plain.content.data
    # A byte order mark that opens a block would be dropped.
    if data.find(b"\0", start, end) >= 0 or data.startswith(codecs.BOM_UTF8, start):
        return 0
    returns = data.find(b"\r", start, end) >= 0
    if returns and data.count(b"\r", start, end) != data.count(b"\r\n", start, end):
        return 0
    if plain.content.encoding == "utf-8":
        block = pa.py_buffer(data).slice(start, end - start)
    else:
        block = pa.py_buffer(data[start:end].decode(plain.content.encoding).encode())
    table = _parse(plain, block)
    if table is None or (_may_hold_empty_line(table) and _empty_line(data, start, end)):
        return 0
    lines = np.arange(line, line + len(table))
    if plain.head and data.find(plain.head, start, end) >= 0:
        _refuse_repeated(plain, table, lines)
    plain.tables.append(table)
    plain.lines.append(lines)
    plain.read += len(table)
    return len(table)


def _may_hold_empty_line(table: pa.Table) -> bool:
    """Tell quickly whether an empty line may have been parsed as a row of empty cells."""
    lengths = pc.binary_length(table[0]) if table.num_columns else pa.chunked_array([[0]])
    return pc.min(lengths).as_py() == 0


def _empty_line(data: bytes, start: int, end: int) -> bool:
    # The line end before the block counts too.
    return any(data.find(empty, start - 1, end) >= 0 for empty in (b"\n\n", b"\n\r\n"))


def _parse(plain: _Plain, block: pa.Buffer) -> pa.Table | None:
    names = [str(place) for place in range(len(plain.header))]
    wanted = {name: str(place) for name, place in plain.positions.items()}
    try:
        table = pyarrow.csv.read_csv(
            pa.BufferReader(block),
            # One thread: the work is a tenth of the masking, and more of them only cost more.
            read_options=pyarrow.csv.ReadOptions(
                use_threads=False,
                block_size=min(len(block) + 1, 2**31 - 1),
                column_names=names,
            ),
            parse_options=pyarrow.csv.ParseOptions(
                delimiter=plain.separator,
                quote_char=False,
                double_quote=False,
                escape_char=False,
                newlines_in_values=False,
                ignore_empty_lines=False,
            ),
            convert_options=pyarrow.csv.ConvertOptions(
                include_columns=list(dict.fromkeys(wanted.values())),
                column_types=dict.fromkeys(wanted.values(), pa.large_string()),
                strings_can_be_null=False,
                check_utf8=False,  # the encoding is proved already
                null_values=[],
            ),
            memory_pool=texts.pool(),
        )
    except pa.ArrowInvalid:
        return None
    return pa.table([table[place] for place in wanted.values()], schema=plain.schema)


def _take_lines(plain: _Plain, start: int, end: int, line: int) -> None:
    """Take an irregular block line by line; a record with too many cells is set aside."""
    data, width = plain.content.data, len(plain.header)
    records = _records(plain, data[start:end].decode(plain.content.encoding), line)
    if records and end == len(data) and not data.endswith((b"\n", b"\r")):
        _refuse_cut(plain, records[-1])
    wanted, lines = [], []
    for number, text in records:
        cells = text.split(plain.separator)
        if len(cells) > width and any(cell.strip() for cell in cells[width:]):
            plain.set_aside.append((number, f"{len(cells)} cells where the header has {width}"))
            continue
        cells += [""] * (width - len(cells))
        wanted.append([cells[place] for place in plain.positions.values()])
        lines.append(number)
    columns = zip(*wanted, strict=True) if wanted else [[] for _ in plain.positions]
    table = pa.table([pa.array(list(c), pa.large_string()) for c in columns], schema=plain.schema)
    _refuse_repeated(plain, table, np.array(lines, dtype=np.int64))
    plain.tables.append(table)
    plain.lines.append(np.array(lines, dtype=np.int64))
    plain.read += len(records)


def _records(plain: _Plain, text: str, line: int) -> list[tuple[int, str]]:
    """Split irregular lines one by one and join a broken row to its first line."""
    records: list[tuple[int, str]] = []
    for number, content in enumerate(text.split("\n"), line):
        content = content.removesuffix("\r").replace("\0", "\ufffd")
        if plain.separator not in content and not content.strip():
            continue
        broken = (
            records
            and plain.starts_row is not None
            and not plain.starts_row(content.split(plain.separator, 1)[0])
            and records[-1][1].count(plain.separator) + content.count(plain.separator)
            < len(plain.header)
        )
        if broken:
            records[-1] = (records[-1][0], f"{records[-1][1]} {content}")
            plain.notes.append(f"line {number} joined to the row before it (a broken comment)")
        else:
            records.append((number, content))
    return records


def _refuse_cut(plain: _Plain, last: tuple[int, str]) -> None:
    cells = last[1].count(plain.separator) + 1
    if cells < len(plain.header):
        found = f"{cells} of {len(plain.header)} cells and no end of line"
        raise cut_short(plain.file, last[0], found)


def _refuse_repeated(plain: _Plain, table: pa.Table, lines: np.ndarray) -> None:
    same = np.ones(len(table), dtype=bool)
    for name, place in plain.positions.items():
        cells = [text.strip("\ufeff ") for text in table[name].to_pylist()]
        same &= np.array([cell == plain.header[place] for cell in cells], dtype=bool)
    if same.any():
        raise repeated_header(plain.file, int(lines[same.argmax()]))
