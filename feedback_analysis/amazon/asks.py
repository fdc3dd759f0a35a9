"""The seller's own log of requests for feedback, ``asks.csv`` beside shop.toml."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from feedback_analysis import tables
from feedback_analysis.amazon.own_cells import days_of, formula_notes, lacks_column, texts_of
from feedback_analysis.amazon.private_columns import names_in_sheet
from feedback_analysis.names import Names
from feedback_analysis.privacy import OrderKeys, scrub
from feedback_analysis.sheets import read_sheet
from feedback_analysis.tables import TEXT
from feedback_analysis.texts import several

_COLUMNS = ("order_id", "asked", "how", "held_out")
_HELD_OUT = {"yes", "true", "1", "held out", "hold out", "held_out", "control"}


def read_asks(
    path: Path,
    keys: OrderKeys,
    *,
    columns: dict[str, str] | None = None,
    names: Names | None = None,
) -> pd.DataFrame:
    """Read the log of requests for feedback.

    Parameters
    ----------
    path : Path
        CSV or workbook with the columns ``order_id`` and ``asked`` (the day); ``how`` and
        ``held_out`` (yes for an order left unasked on purpose) where they are kept.
    keys : OrderKeys
    columns : dict, optional
        Our column names to the sheet's own headings.
    names : Names, optional
        Learns what a column of buyers' names holds.

    Returns
    -------
    DataFrame
        Table ``asks``. ``.attrs["notes"]`` says which rows have no order id, and which formulas
        hold no value yet.

    Raises
    ------
    ReportError
        If a column is missing, or a day cannot be read.
    """
    sheet = read_sheet(path, columns=columns)
    names_in_sheet(sheet, names)
    ids = sheet.ids(columns)
    lacking = [name for name in ("order_id", "asked") if name not in ids]
    if lacking:
        raise lacks_column(
            sheet,
            f"the log of requests has no column {' or '.join(lacking)}",
            expected="order_id,asked and, where kept, how,held_out",
        )
    frame = texts_of(sheet, ids, _COLUMNS)
    notes = formula_notes(sheet, ids, _COLUMNS)
    without = frame["order_id"] == ""
    if count := int(without.sum()):
        notes.append(f"{several(count, 'row')} of {path.name} without an order id: left out")
    frame = frame[~without]
    days = days_of(frame["asked"], column="asked", file=path)
    how = scrub(frame["how"]) if "how" in frame else pd.Series("", index=frame.index, dtype=TEXT)
    held = frame["held_out"] if "held_out" in frame else pd.Series("", index=frame.index)
    table = tables.finish(
        "asks",
        pd.DataFrame(
            {
                "order_key": keys(frame["order_id"]),
                "asked": days,
                "how": how.where(how != ""),
                "held_out": held.str.casefold().isin(_HELD_OUT) & days.isna(),
            }
        ),
        file=path,
    )
    table.attrs["notes"] = notes
    return table
