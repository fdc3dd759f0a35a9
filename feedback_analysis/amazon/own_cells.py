"""Cells of the seller's own lists, whose headings, days and formulas are the seller's too."""

from __future__ import annotations

from collections.abc import Collection, Sequence

import pandas as pd

from feedback_analysis.amazon import dates
from feedback_analysis.errors import ReportError
from feedback_analysis.sheets import Formula, Sheet, cell_text, shown
from feedback_analysis.tables import TEXT
from feedback_analysis.texts import several


def texts_of(sheet: Sheet, ids: Sequence[str], known: Collection[str]) -> pd.DataFrame:
    """Return the columns that are known as texts without blanks at their ends, by line.

    Parameters
    ----------
    sheet : Sheet
        The list. The seller's own further columns may be many, and are not looked at.
    ids : sequence of str
        An id for each of its headings.
    known : collection of str
        Ids of the wanted columns.
    """
    cells = {
        name: ["" if _is_open(row[place]) else cell_text(shown(row[place])).strip()
               for row in sheet.rows]
        for place, name in enumerate(ids)
        if name in known
    }  # fmt: skip
    return pd.DataFrame(cells, dtype=TEXT, index=pd.Index(sheet.places, dtype="int64"))


def formula_notes(sheet: Sheet, ids: Sequence[str], known: Collection[str]) -> list[str]:
    """Return a note on the known cells that count as empty, because nothing worked them out yet.

    Parameters
    ----------
    sheet, ids, known
        As for :func:`texts_of`.
    """
    count = sum(
        _is_open(cell)
        for row in sheet.rows
        for name, cell in zip(ids, row, strict=True)
        if name in known
    )
    if not count:
        return []
    return [
        f"{several(count, 'cell')} of {sheet.path.name} with a formula count as empty, because no "
        "spreadsheet has worked them out since the list was written: open and save it in one"
    ]


def _is_open(cell: object) -> bool:
    """Tell whether a cell is a formula that no spreadsheet has worked out yet."""
    return isinstance(cell, Formula) and cell.shown is None


def lacks_column(sheet: Sheet, message: str, *, expected: str) -> ReportError:
    """Return the error for a list without a column.

    Parameters
    ----------
    sheet : Sheet
        The list.
    message : str
        What it lacks.
    expected : str
        What its headings should be.
    """
    return ReportError(
        message,
        file=sheet.path,
        line=sheet.header_place,
        expected=expected,
        # A list without its header shows a buyer's data here.
        found=several(len(sheet.header), "column"),
        remedy="add the column, or state your heading for it under [[files]] in shop.toml",
    )


def days_of(texts: pd.Series, *, column: str, file: object) -> pd.Series:
    """Return a column's days; an empty cell has none.

    Parameters
    ----------
    texts : Series of str
        By line.
    column, file
        For the message.

    Raises
    ------
    ReportError
        If a cell holds something else.
    """
    days = days_as_read(texts, column=column, file=file)
    refuse_unread(texts, days, column=column, file=file, expected="a day such as 2026-10-31")
    return days


def days_as_read(texts: pd.Series, *, column: str, file: object) -> pd.Series:
    """Return a column's days; a cell that is empty or no day has none.

    Parameters
    ----------
    texts, column, file
        As for :func:`days_of`.

    Raises
    ------
    ReportError
        If the form of the days cannot be told.
    """
    # A workbook's day may carry a time.
    texts = texts.str.replace(r"^(\d{4}-\d{2}-\d{2})[ T].*$", r"\1", regex=True)
    form = dates.column_form(texts, stated=None, file=file, column=column)
    return dates.parse_days(texts, form)


def refuse_unread(
    texts: pd.Series, values: pd.Series, *, column: str, file: object, expected: str
) -> None:
    """Refuse a column in which cells that are not empty gave no value.

    Parameters
    ----------
    texts : Series of str
        Its cells by line.
    values : Series
        What was read of each.
    column, file, expected
        For the message.

    Raises
    ------
    ReportError
        With the first line of such a cell.
    """
    bad = (texts != "").to_numpy(dtype=bool) & values.isna().to_numpy(dtype=bool)
    if bad.any():
        raise ReportError(
            f"{several(int(bad.sum()), 'cell')} cannot be read",
            file=file,
            line=int(texts.index[bad.argmax()]),
            column=column,
            expected=expected,
            # The cell may hold anything: a name, an order id.
            found=f"a text of {several(len(texts[bad].iloc[0]), 'character')}",
            remedy="correct the cell, or empty it",
        )
