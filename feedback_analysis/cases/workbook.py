"""The working list as a workbook: dropdowns, links, a page that explains it, the seller's looks."""

from __future__ import annotations

import copy
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from feedback_analysis.cases.columns import COLUMNS
from feedback_analysis.cases.formulas import Moves, moved
from feedback_analysis.cases.merge import POINTS, Conflict, Merged, Row, case_name, identity
from feedback_analysis.cases.own_words import OUTCOMES, RESOLUTIONS, STATUSES
from feedback_analysis.cases.steady_book import book_bytes
from feedback_analysis.formulas import harmless, writable
from feedback_analysis.periods import day_in_words
from feedback_analysis.sheets import Formula, Sheet, cell_text
from feedback_analysis.workbooks import open_workbook

CASES, HELP, CONFLICTS, LISTS, ASK = "Cases", "Read me", "Conflicts", "Lists", "To ask"
OPEN = "open"
_OWN, _OURS, _LATE = "FFF4CC", "E6ECF2", "B3261E"
_WRAPPED = {"comment", "next_step", "evidence", "note", "candidate", "clause"}
RULES = (
    "The list holds real order ids: it is for you alone, and never for a report.",
    "The yellow columns are yours. They are kept at every run, and so is every column you add.",
    "The grey columns are worked out anew. If you change such a cell, yours is kept and the sheet "
    "Conflicts says so.",
    "Days are best written as 2026-10-31. Your own words are fine where a list is offered.",
    "Put the order right first: refund or replacement. Amazon forbids tying any benefit to "
    "changing or removing feedback, and asking for it again and again.",
    "A candidate is no promise: read the whole comment, and ask once, through Feedback Manager, "
    "within 90 days of the feedback.",
    "The sheet To ask lists the orders 5 to 30 days past their promised day that were never asked: "
    "ask everyone alike, once, with Request a Review on the order's page.",
)


def workbook_bytes(
    made: Merged,
    sheet: Sheet | None,
    *,
    names: Mapping[str, str],
    owners: Sequence[str],
    as_of: date,
    to_ask: Sequence[Sequence[Any]] = (),
) -> bytes:
    """Return the merged list as a workbook.

    Parameters
    ----------
    made : Merged
        The list.
    sheet : Sheet or None
        The list as it was: further sheets, looks and notes of the seller's cells are kept.
    names : mapping
        Our column ids to the seller's own headings.
    owners : sequence of str
        Names to choose from.
    as_of : date
        The day that the clocks count from.
    to_ask : sequence of sequence
        Orders whose buyers may be asked for feedback: last day, marketplace, order id, order page.

    Returns
    -------
    bytes
    """
    book, page, before = _pages(sheet)
    top = 1 if before is None else sheet.header_place
    if before is not None:
        _above(page, before, top)
    _head(page, top, made, sheet, names)
    _fill(page, top, made, sheet, names)
    _dress(page, top, made)
    _choices(book, page, top, made, owners)
    _help(book, as_of)
    _conflicts(book, made)
    _to_ask(book, to_ask)
    book.active = book.index(page)
    return book_bytes(book, as_of=as_of, keep_created=before is not None)


def headings(columns: Sequence[str], sheet: Sheet | None, names: Mapping[str, str]) -> list[str]:
    """Return the heading of each column: the seller's own stay as they spelt them.

    Parameters
    ----------
    columns : sequence of str
        Column ids.
    sheet : Sheet or None
        The list as it was.
    names : mapping
        Our column ids to the seller's own headings.
    """
    known = {column.id: column.heading for column in COLUMNS}
    spelt = dict(zip(sheet.ids(dict(names)), sheet.header, strict=True)) if sheet else {}
    return [names.get(name) or known.get(name) or spelt.get(name, name) for name in columns]


def _pages(sheet: Sheet | None) -> tuple[Any, Any, Any]:
    """Return the workbook, an empty page in the place of the earlier list, and that list's page."""
    import openpyxl

    if sheet is None or not sheet.looks:
        book = openpyxl.Workbook()
        page = book.active
        page.title = CASES
        return book, page, None
    book = open_workbook(sheet.path, sheet.path.read_bytes())
    name = sheet.looks[0][0].parent.title
    before, place = book[name], book.index(book[name])
    book.remove(before)
    return book, book.create_sheet(name, place), before


def _above(page: Any, before: Any, top: int) -> None:
    """Keep what the seller wrote above the headings."""
    for cells in before.iter_rows(max_row=top - 1) if top > 1 else ():
        for old in cells:
            cell = page.cell(old.row, old.column)
            put(cell, "" if old.value is None else old.value)
            if old.data_type == "f":
                cell.value = old.value
            _take_looks(cell, old)
    for block in before.merged_cells.ranges:
        if block.max_row < top:
            page.merge_cells(block.coord)


def _head(page: Any, top: int, made: Merged, sheet: Sheet | None, names: Mapping[str, str]) -> None:
    from openpyxl.styles import Alignment, Font, PatternFill

    own = {column.id: column.own for column in COLUMNS}
    for place, heading in enumerate(headings(made.columns, sheet, names), 1):
        cell = page.cell(top, place)
        put(cell, heading)
        cell.font = Font(bold=True)
        mine = own.get(made.columns[place - 1], True)
        cell.fill = PatternFill("solid", start_color=_OWN if mine else _OURS)
        cell.alignment = Alignment(wrap_text=True, vertical="top")


def _fill(page: Any, top: int, made: Merged, sheet: Sheet | None, names: Mapping[str, str]) -> None:
    from openpyxl.styles import Alignment, Font

    theirs = sheet.ids(dict(names)) if sheet else []
    moves = _moves(made, sheet, theirs, top)
    own = {column.id: column.own for column in COLUMNS}
    for number, (row, origin) in enumerate(zip(made.rows, made.origins, strict=True), top + 1):
        looks = sheet.looks[origin] if sheet and sheet.looks and origin is not None else []
        before = dict(zip(theirs, looks, strict=False))
        for place, name in enumerate(made.columns, 1):
            cell, value = page.cell(number, place), row.get(name, "")
            if isinstance(value, Formula) and name in before:
                _follow(cell, value, moves, made, row, name)
            else:
                put(cell, value)
            if own.get(name, True) and name in before:
                _take_looks(cell, before[name])
            else:
                cell.alignment = Alignment(wrap_text=name in _WRAPPED, vertical="top")
            if name == "order_page" and cell.value:
                cell.hyperlink, cell.value = cell.value, OPEN
                cell.font = Font(color="0563C1", underline="single")
            if name == "overdue_days" and cell.value:
                cell.font = Font(color=_LATE, bold=True)


def _moves(made: Merged, sheet: Sheet | None, theirs: Sequence[str], top: int) -> Moves | None:
    """Return where the cells of the earlier list stand now; None without formulas to follow."""
    if sheet is None or not sheet.looks:
        return None
    places = {name: place for place, name in enumerate(made.columns, 1)}
    columns = {number: places[name] for number, name in enumerate(theirs, 1) if name in places}
    rows = {
        sheet.places[origin]: number
        for number, origin in enumerate(made.origins, top + 1)
        if origin is not None
    }
    cases = [
        (None if origin is None else sheet.places[origin], number)
        for number, (row, origin) in enumerate(zip(made.rows, made.origins, strict=True), top + 1)
        if identity(row)
    ]
    old = [before for before, _ in cases if before is not None] or [top + 1]
    now = [number for _, number in cases] or [top + 1]
    return Moves(columns, rows, (min(old), max(old)), (min(now), max(now)))


def _follow(cell: Any, formula: Formula, moves: Moves, made: Merged, row: Row, name: str) -> None:
    """Write the seller's own formula so that it points at the same cells as before."""
    text, sure = moved(str(formula), moves)
    cell.value = text
    if not sure:
        made.conflicts.append(Conflict(case_name(row), name, text, str(formula), POINTS))


def put(cell: Any, value: Any) -> None:
    """Write a value into a cell, so that no text is taken for a formula.

    Parameters
    ----------
    cell : openpyxl cell
        Where.
    value : object
        What.
    """
    if isinstance(value, str):
        text = writable(value)
        cell.value = text or None
        if text:
            # A text that begins like a formula or an error would otherwise be taken for one; the
            # mark keeps it a text when somebody edits the cell.
            cell.data_type = "s"
            cell.quotePrefix = harmless(text) != text
        return
    cell.value = value
    if isinstance(value, date):
        cell.number_format = "yyyy-mm-dd"


def _take_looks(cell: Any, before: Any) -> None:
    if before.has_style:
        cell.font, cell.fill = copy.copy(before.font), copy.copy(before.fill)
        cell.border, cell.alignment = copy.copy(before.border), copy.copy(before.alignment)
        cell.number_format = before.number_format
    if before.comment:
        cell.comment = copy.copy(before.comment)
    if before.hyperlink:
        cell.hyperlink = before.hyperlink.target


def _dress(page: Any, top: int, made: Merged) -> None:
    from openpyxl.utils import get_column_letter

    widths = {column.id: column.width for column in COLUMNS}
    for place, name in enumerate(made.columns, 1):
        page.column_dimensions[get_column_letter(place)].width = widths.get(name, 16)
    page.freeze_panes = f"B{top + 1}"
    last = get_column_letter(len(made.columns))
    page.auto_filter.ref = f"A{top}:{last}{len(made.rows) + top}"
    page.page_setup.orientation = "landscape"
    page.page_setup.fitToHeight = 0
    page.sheet_properties.pageSetUpPr.fitToPage = True
    page.print_title_rows = f"{top}:{top}"


def _choices(book: Any, page: Any, top: int, made: Merged, owners: Sequence[str]) -> None:
    """Offer lists to choose from; another word is taken too."""
    from openpyxl.utils import get_column_letter
    from openpyxl.worksheet.datavalidation import DataValidation

    if LISTS in book.sheetnames:
        book.remove(book[LISTS])
    lists = book.create_sheet(LISTS)
    lists.sheet_state = "hidden"
    offered = {
        "owner": list(owners),
        "status": list(STATUSES),
        "resolution": list(RESOLUTIONS),
        "outcome": list(OUTCOMES),
        "yes or no": ["yes", "no"],
    }
    for place, (name, words) in enumerate(offered.items(), 1):
        put(lists.cell(1, place), name)
        for number, word in enumerate(words, 2):
            put(lists.cell(number, place), word)
        if not words:
            continue
        letter = get_column_letter(place)
        source = f"={LISTS}!${letter}$2:${letter}${len(words) + 1}"
        rule = DataValidation(type="list", formula1=source, allow_blank=True)
        rule.showErrorMessage = False
        for column in COLUMNS:
            if column.choices == name:
                here = get_column_letter(made.columns.index(column.id) + 1)
                # Room for rows that the seller adds.
                rule.add(f"{here}{top + 1}:{here}{top + len(made.rows) + 200}")
        page.add_data_validation(rule)


def _help(book: Any, as_of: date) -> None:
    from openpyxl.styles import Alignment, Font

    if HELP in book.sheetnames:
        book.remove(book[HELP])
    page = book.create_sheet(HELP)
    page.column_dimensions["A"].width, page.column_dimensions["B"].width = 24, 96
    put(page.cell(1, 1), "How to use this list")
    page.cell(1, 1).font = Font(bold=True, size=13)
    lines = [("Counted from", day_in_words(as_of)), *((str(n), t) for n, t in enumerate(RULES, 1))]
    lines += [("", ""), ("Column", "What it holds")]
    lines += [
        (column.heading, f"{'yours: ' if column.own else ''}{column.meaning}") for column in COLUMNS
    ]
    for number, (left, right) in enumerate(lines, 2):
        put(page.cell(number, 1), left)
        put(page.cell(number, 2), right)
        page.cell(number, 2).alignment = Alignment(wrap_text=True, vertical="top")
        page.cell(number, 1).alignment = Alignment(vertical="top")


def _conflicts(book: Any, made: Merged) -> None:
    """Tell every pair of cells that differed, on a sheet of its own."""
    if CONFLICTS in book.sheetnames:
        book.remove(book[CONFLICTS])
    if not made.conflicts:
        return
    page = book.create_sheet(CONFLICTS)
    rows = [("Case", "Column", "In the list", "The other", "Why")]
    rows += [(one.case, one.column, one.kept, one.other, one.why) for one in made.conflicts]
    for number, row in enumerate(rows, 1):
        for place, value in enumerate(row, 1):
            put(page.cell(number, place), cell_text(value))
    for letter, width in zip("ABCDE", (16, 20, 40, 40, 60), strict=True):
        page.column_dimensions[letter].width = width


def _to_ask(book: Any, rows: Sequence[Sequence[Any]]) -> None:
    """List the orders whose buyers may be asked once, the first to end in front."""
    if ASK in book.sheetnames:
        book.remove(book[ASK])
    if not rows:
        return
    page = book.create_sheet(ASK)
    for place, heading in enumerate(("Last day", "Marketplace", "Order", "Order page"), 1):
        put(page.cell(1, place), heading)
    for number, (last, market, order, link) in enumerate(rows, 2):
        for place, value in enumerate((last, market, order, OPEN), 1):
            put(page.cell(number, place), value)
        page.cell(number, 4).hyperlink = link
    for letter, width in zip("ABCD", (12, 12, 22, 12), strict=True):
        page.column_dimensions[letter].width = width
    page.freeze_panes = "A2"
