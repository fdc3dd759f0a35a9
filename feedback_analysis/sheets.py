"""A seller's own sheet, CSV or Excel: read with every cell kept, written aside and then swapped in.

What a sheet holds may be anything, so nothing in it is ever run: a text that a spreadsheet would
take for a formula is written as text, and read back as it was.
"""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

from feedback_analysis.errors import ReportError
from feedback_analysis.formulas import harmless, original
from feedback_analysis.privacy import write_private
from feedback_analysis.workbooks import open_workbook

_HEADER_ROWS = 10
EXPECTED = "a sheet as CSV, or an .xlsx workbook"


class Formula(str):
    """A formula that the seller wrote into a cell of a workbook.

    Attributes
    ----------
    shown : object
        What the spreadsheet worked out of it when the workbook was last saved; None when no
        spreadsheet has worked it out yet.
    """

    shown: Any = None


def shown(cell: Any) -> Any:
    """Return what a cell shows: of a formula its value, where a spreadsheet has worked it out."""
    return cell.shown if isinstance(cell, Formula) and cell.shown is not None else cell


@dataclass
class Sheet:
    """A table of cells as its owner wrote it.

    Attributes
    ----------
    path : Path
        Where it lies.
    header : list of str
        Headings as written.
    rows : list of list
        Cells as text, number, day, truth value or :class:`Formula`; an empty cell is "".
    looks : list of list
        Of a workbook: each cell's openpyxl original, for its look and its note; else empty.
    places : list of int
        Line or row of each of ``rows``, counted from 1.
    header_place : int
        Line or row of the header.
    separator : str
        What stands between the cells of a text.
    """

    path: Path
    header: list[str]
    rows: list[list[Any]]
    looks: list[list[Any]] = field(default_factory=list)
    places: list[int] = field(default_factory=list)
    header_place: int = 1
    separator: str = ","

    def ids(self, columns: dict[str, str] | None = None) -> list[str]:
        """Return an id for each heading: ours where it is mapped, else its words joined by _."""
        theirs = {column_id(name): ours for ours, name in (columns or {}).items()}
        # A dict keeps the order, and where the numbers of a name have come to.
        found: dict[str, int] = {}
        for heading in self.header:
            name = column_id(heading)
            unique = name = theirs.get(name, name)
            while unique in found:
                found[name] += 1
                unique = f"{name}_{found[name]}"
            found[unique] = 1
        return list(found)


def column_id(heading: object) -> str:
    """Return a heading in the form that headings are compared in.

    Examples
    --------
    >>> column_id(" Order ID "), column_id("asked about removal?")
    ('order_id', 'asked_about_removal')
    """
    text = unicodedata.normalize("NFKC", str(heading)).casefold()
    return re.sub(r"[\W_]+", "_", text).strip("_")


def cell_text(value: Any) -> str:
    """Return a cell as text: days as 2026-10-31, whole numbers without a point.

    Examples
    --------
    >>> cell_text(12.0), cell_text(datetime(2026, 10, 31)), cell_text(None), cell_text(True)
    ('12', '2026-10-31', '', 'yes')
    """
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(" ")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    return str(value)


def read_sheet(path: str | Path, *, columns: dict[str, str] | None = None) -> Sheet:
    """Read a CSV file or the right sheet of a workbook, every cell kept.

    Parameters
    ----------
    path : str or Path
        The file; ``.xlsx`` and ``.xlsm`` are workbooks, anything else is text.
    columns : dict, optional
        Our column names to the sheet's own headings. A workbook's sheet is the first one with a
        heading for order ids, ours or its own.

    Returns
    -------
    Sheet

    Raises
    ------
    ReportError
        If the file cannot be opened, is open elsewhere, or is no sheet.
    """
    path = Path(path)
    try:
        data = path.read_bytes()
    except OSError as error:
        raise ReportError(
            f"the file cannot be opened: {error.strerror or error}",
            file=path,
            remedy="close it in other programs, and check that you may read it",
        ) from None
    if data.startswith(b"\xd0\xcf\x11\xe0"):
        raise ReportError(
            "the workbook is protected by a password, or of the old kind (.xls)",
            file=path,
            expected=EXPECTED,
            found="a workbook that only Excel opens",
            remedy="take the password off and save it as .xlsx, or save the sheet as CSV UTF-8",
        )
    if data.startswith(b"PK\x03\x04"):
        marks = {"order_id", column_id((columns or {}).get("order_id", "order_id"))}
        return _workbook(path, data, marks)
    return _text(path, data)


def _text(path: Path, data: bytes) -> Sheet:
    text = _decoded(path, data)
    first = text.lstrip("\r\n").split("\n", 1)[0]
    separator = max(",;\t", key=first.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    rows, places = [], []
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                rows.append([original(cell) for cell in cells])
                places.append(reader.line_num)
    except csv.Error as error:
        raise ReportError(
            "the sheet cannot be read",
            file=path,
            line=reader.line_num,
            expected=EXPECTED,
            found=f"a line that is no CSV: {error}",
            remedy="open it in a spreadsheet and save it as CSV UTF-8",
        ) from None
    if not rows:
        raise _nothing(path)
    header = [cell.strip() for cell in rows[0]]
    header, body = _even(header, rows[1:])
    return Sheet(
        path,
        header,
        body,
        places=places[1:],
        header_place=places[0],
        separator=separator,
    )


def _decoded(path: Path, data: bytes) -> str:
    if not data.strip(b"\xef\xbb\xbf\xff\xfe\r\n\t "):
        raise _nothing(path)
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        encodings = ["utf-16"]
    else:
        encodings = ["utf-8-sig", "cp1252", "latin-1"]
    for encoding in encodings:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    raise ReportError(
        "the file is no text",
        file=path,
        expected=EXPECTED,
        found="binary data",
        remedy="save the sheet as CSV UTF-8 or .xlsx",
    )


def _nothing(path: Path) -> ReportError:
    return ReportError("the file is empty", file=path, remedy="remove it, or add a header line")


def _even(header: list[str], rows: list[list[Any]]) -> tuple[list[str], list[list[Any]]]:
    """Give every row as many cells as the longest has; a cell beyond the header is kept too."""
    width = max([len(header), *(len(row) for row in rows)])
    header = header + [f"column {number}" for number in range(len(header) + 1, width + 1)]
    return header, [row + [""] * (width - len(row)) for row in rows]


def _workbook(path: Path, data: bytes, marks: set[str]) -> Sheet:
    book = open_workbook(path, data)
    sheets = [_grid(path, page, marks) for page in book.worksheets]
    if any(
        isinstance(cell, Formula) for sheet in sheets if sheet for row in sheet.rows for cell in row
    ):
        _work_out(sheets, open_workbook(path, data, values=True))
    found = [sheet for sheet in sheets if sheet is not None]
    if not found:
        raise _nothing(path)
    marked = [sheet for sheet in found if marks & set(sheet.ids())]
    return (marked or found)[0]


def _work_out(sheets: Sequence[Sheet | None], book: Any) -> None:
    """Give each formula the value that the workbook was saved with."""
    for sheet, page in zip(sheets, book.worksheets, strict=True):
        for cells, looks in zip(sheet.rows, sheet.looks, strict=True) if sheet else ():
            for cell, look in zip(cells, looks, strict=False):
                if isinstance(cell, Formula):
                    cell.shown = page[look.coordinate].value


def _grid(path: Path, page: Any, marks: set[str]) -> Sheet | None:
    """Return a workbook's sheet from its first filled row on; None for an empty one."""
    lines = [
        (number, cells)
        for number, cells in enumerate(page.iter_rows(), 1)
        if any(cell.value not in (None, "") for cell in cells)
    ]
    if not lines or lines[0][0] > _HEADER_ROWS:
        return None
    # A title may stand above the headings: these are the first row that holds a wanted heading,
    # else the first of two or more cells.
    first = [
        [column_id(cell.value) for cell in cells if cell.value not in (None, "")]
        for _, cells in lines[:_HEADER_ROWS]
    ]
    marked = (place for place, ids in enumerate(first) if marks & set(ids))
    several = (place for place, ids in enumerate(first) if len(ids) > 1)
    start = next(marked, next(several, 0))
    header = [cell_text(cell.value).strip() for cell in lines[start][1]]
    body = lines[start + 1 :]
    return Sheet(
        path,
        header,
        [[_value(cell) for cell in cells] for _, cells in body],
        looks=[list(cells) for _, cells in body],
        places=[number for number, _ in body],
        header_place=lines[start][0],
    )


def _value(cell: Any) -> Any:
    if cell.value is None:
        return ""
    return Formula(cell.value) if cell.data_type == "f" else cell.value


def csv_bytes(
    header: Sequence[str], rows: Sequence[Sequence[Any]], *, separator: str = ","
) -> bytes:
    """Return a sheet as CSV that Excel opens rightly: UTF-8 with a mark, and no formula in it.

    Parameters
    ----------
    header : sequence of str
        Headings.
    rows : sequence of sequence
        Cells.
    separator : str, default=","
        What stands between the cells.
    """
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=separator, lineterminator="\r\n")
    # No program reads a sheet that holds the letter 0.
    nothing = {0: "\N{REPLACEMENT CHARACTER}"}
    for row in (header, *rows):
        writer.writerow([harmless(cell_text(cell)).translate(nothing) for cell in row])
    return b"\xef\xbb\xbf" + out.getvalue().encode("utf-8")


def check_closed(path: Path) -> None:
    """Refuse a file that a spreadsheet holds open: saved there, it would undo what is written here.

    Parameters
    ----------
    path : Path
        Which.

    Raises
    ------
    ReportError
        If it is open in a spreadsheet.
    """
    locks = [path.with_name(f"~${path.name}"), path.with_name(f".~lock.{path.name}#")]
    if any(lock.exists() for lock in locks):
        raise ReportError(
            "the file is open in a spreadsheet, so nothing was written",
            file=path,
            remedy="save and close it there, then try again",
        )


def replace_file(path: Path, content: bytes) -> None:
    """Write a file for its owner only: aside first, then swapped in.

    Parameters
    ----------
    path : Path
        Where.
    content : bytes
        What.

    Raises
    ------
    ReportError
        If the file is open in a spreadsheet, or its place cannot be written to.
    """
    check_closed(path)
    if not path.parent.is_dir():
        raise ReportError("there is no such folder", file=path.parent, remedy="make it first")
    try:
        write_private(path, content)
    except OSError as error:
        raise ReportError(
            f"the file cannot be written: {error.strerror or error}",
            file=path,
            remedy="close it in other programs, and check that you may write there",
        ) from None
