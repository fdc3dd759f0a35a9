"""Takes rows out of a text file of cells or a workbook; every other byte or cell stays."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from feedback_analysis.aside import aside
from feedback_analysis.errors import ReportError
from feedback_analysis.formulas import original
from feedback_analysis.sheets import check_closed
from feedback_analysis.workbooks import lost_if_saved, open_workbook

Row = dict[str, str]
DELIMITERS = ",;\t"
_MARKS = ((b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"), (b"\xef\xbb\xbf", "utf-8-sig"))


class CannotMend(Exception):
    """A file that cannot be changed without harm; says why."""


def without_rows(path: Path, gone: Callable[[Row], bool], *, look: bool = False) -> int:
    """Take rows out of a file of delimited text.

    Parameters
    ----------
    path : Path
        Its first line is a header.
    gone : callable
        Told the cells of a row by heading (and all of them, joined, under ``""``), says whether it
        goes.
    look : bool, default=False
        Only count.

    Returns
    -------
    int
        How many rows.
    """
    data = path.read_bytes()
    encoding = next((name for mark, name in _MARKS if data.startswith(mark)), "utf-8")
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError:
        text, encoding = data.decode("cp1252", "surrogateescape"), "cp1252"
    kept, count = [], 0
    for number, (cells, written) in enumerate(_records(text)):
        if not number:
            header = [name.strip() for name in cells]
        row = {**dict(zip(header, map(original, cells), strict=False)), "": "\n".join(cells)}
        if number and gone(row):
            count += 1
        else:
            kept.append(written)
    if count and not look:
        check_closed(path)
        with aside(path, keep_mode=True) as new:
            new.write_bytes("".join(kept).encode(encoding, "surrogateescape"))
    return count


def _records(text: str) -> Iterator[tuple[list[str], str]]:
    """Yield the cells of each record, and the record as it stands there."""
    lines = list(io.StringIO(text, newline=""))
    first = lines[0] if lines else ""
    delimiter = max(DELIMITERS, key=first.count)
    csv.field_size_limit(2**31 - 1)
    reader = csv.reader(lines, delimiter=delimiter)
    before = 0
    for cells in reader:
        yield cells, "".join(lines[before : reader.line_num])
        before = reader.line_num


def blank_rows(path: Path, gone: Callable[[Row], bool], *, look: bool = False) -> int:
    """Empty rows of a workbook, on all of its sheets; the other rows stay where they are.

    Parameters
    ----------
    path : Path
        A workbook.
    gone : callable
        As of :func:`without_rows`.
    look : bool, default=False
        Only count.

    Returns
    -------
    int
        How many rows.

    Raises
    ------
    CannotMend
        If saving it again would lose something, such as a drawing.
    """
    try:
        data = path.read_bytes()
        book = open_workbook(path, data)
    except (ReportError, OSError) as error:
        raise CannotMend(str(error)) from None
    count = 0
    for sheet in book.worksheets:
        header: list[str] = []
        for cells in sheet.iter_rows():
            texts = [_shown(cell) for cell in cells]
            if not header and any(texts):
                header = texts
                continue
            row = {**dict(zip(header, texts, strict=False)), "": "\n".join(texts)}
            if any(texts) and gone(row):
                count += 1
                for cell in cells:
                    _empty(sheet, cell)
    if count and not look:
        if lost_if_saved(data):
            raise CannotMend("it holds drawings, macros or pivots, which would be lost")
        check_closed(path)
        out = io.BytesIO()
        book.save(out)
        with aside(path, keep_mode=True) as new:
            new.write_bytes(out.getvalue())
    return count


def _shown(cell: Any) -> str:
    """Return all that a cell tells: what it shows, where it leads, what is noted at it."""
    parts = [cell.value, cell.hyperlink.target if cell.hyperlink else None,
             cell.comment.text if cell.comment else None]  # fmt: skip
    return "\n".join(original(str(part)) for part in parts if part is not None)


def _empty(sheet: Any, cell: Any) -> None:
    if type(cell).__name__ == "MergedCell":
        return
    if cell.hyperlink is not None:
        sheet._hyperlinks = [each for each in sheet._hyperlinks if each is not cell.hyperlink]
        cell._hyperlink = None
    cell.comment = None
    cell.value = None
