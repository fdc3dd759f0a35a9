"""The seller's own log of requests for feedback, ``asks.csv`` beside shop.toml."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from feedback_analysis import tables
from feedback_analysis.amazon import dates
from feedback_analysis.amazon.private_columns import names_in_sheet
from feedback_analysis.errors import ReportError
from feedback_analysis.names import Names
from feedback_analysis.privacy import OrderKeys, scrub
from feedback_analysis.sheets import cell_text, column_id, read_sheet, shown
from feedback_analysis.tables import TEXT

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
        Table ``asks``.

    Raises
    ------
    ReportError
        If a column is missing, or a day cannot be read.
    """
    marks = ["order_id", column_id((columns or {}).get("order_id", "order_id"))]
    sheet = read_sheet(path, marks=marks)
    names_in_sheet(sheet, names)
    header = sheet.ids(columns)
    lacking = [name for name in ("order_id", "asked") if name not in header]
    if lacking:
        raise ReportError(
            f"the log of requests has no column {' or '.join(lacking)}",
            file=path,
            line=1,
            expected="order_id,asked and, where kept, how,held_out",
            found=f"{len(header)} columns",
            remedy="add the column, or state your heading for it under [[files]] in shop.toml",
        )
    cells = {
        name: [cell_text(shown(row[place])).strip() for row in sheet.rows]
        for place, name in enumerate(header)
        if name in _COLUMNS
    }
    frame = pd.DataFrame(cells, dtype=TEXT, index=sheet.places)
    frame = frame[frame["order_id"] != ""]
    texts = frame["asked"].str.replace(r"^(\d{4}-\d{2}-\d{2})[ T].*$", r"\1", regex=True)
    form = dates.column_form(texts, stated=None, file=path, column="asked")
    days = dates.parse_days(texts, form)
    bad = (texts != "").to_numpy(dtype=bool) & days.isna().to_numpy(dtype=bool)
    if bad.any():
        raise ReportError(
            f"{int(bad.sum())} cells cannot be read",
            file=path,
            line=int(texts.index[bad.argmax()]),
            column="asked",
            expected="a day such as 2026-10-31",
            remedy="correct the cell, or empty it",
        )
    how = scrub(frame["how"]) if "how" in frame else pd.Series("", index=frame.index, dtype=TEXT)
    held = frame["held_out"] if "held_out" in frame else pd.Series("", index=frame.index)
    return tables.finish(
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
