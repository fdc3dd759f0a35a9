"""The seller's own list of cases beside shop.toml: read, never written here."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pandas as pd

from feedback_analysis import tables
from feedback_analysis.amazon import dates, numbers
from feedback_analysis.amazon.private_columns import names_in_sheet
from feedback_analysis.errors import ReportError
from feedback_analysis.names import Names
from feedback_analysis.privacy import OrderKeys, scrub
from feedback_analysis.sheets import Formula, Sheet, cell_text, column_id, read_sheet, shown
from feedback_analysis.tables import TEXT
from feedback_analysis.texts import several

_ANSWERS = {"yes": 1, "true": 1, "no": 0, "false": 0}
_TEXTS = ["owner", "status", "resolution", "currency", "outcome", "causes", "public_reply"]
_DAYS = ["opened", "closed", "resolved"]
# A list that the package wrote names every feedback; only rows with one of these are worked on.
_OURS = "next_step"
_WORKED = [*_TEXTS, *_DAYS, "cost", "asked_about_removal"]
_DATES = re.compile(r"\d{4}-\d{2}-\d{2}|\d{1,2}[./]\d{1,2}[./]\d{2,4}")


def read_cases(
    path: Path,
    keys: OrderKeys,
    feedback: pd.DataFrame,
    *,
    columns: dict[str, str] | None = None,
    names: Names | None = None,
) -> pd.DataFrame:
    """Read the working list and give each case the stars of its feedback.

    Parameters
    ----------
    path : Path
        CSV or workbook with the column ``order_id`` and any of opened, owner, status, resolution,
        cost, currency, resolved, public_reply, asked_about_removal (yes, no, how often, or the days
        of asking), closed, outcome, causes, case_id.
    keys : OrderKeys
    feedback : DataFrame
        The shop's feedback, for the stars.
    columns : dict, optional
        Our column names to the sheet's own headings.
    names : Names, optional
        Learns what a column of buyers' names holds.

    Returns
    -------
    DataFrame
        Table ``cases``. Of a list that the package wrote, only the rows that somebody worked on.
        ``.attrs["notes"]`` says which formulas hold no value yet.

    Raises
    ------
    ReportError
        If there is no column order_id, or a day or a cost cannot be read.
    """
    sheet = read_sheet(path, marks=list(_marks(columns)))
    names_in_sheet(sheet, names)
    frame = _frame(sheet, columns, path)
    stars = feedback.dropna(subset="order_key").drop_duplicates("order_key", keep="last")
    key = keys(frame["order_id"].str.strip())
    given = frame["case_id"] if "case_id" in frame else pd.Series("", index=frame.index)
    requests = _requests(frame)
    table = tables.finish(
        "cases",
        pd.DataFrame(
            {
                "case_id": given.where(given != "", case_ids(key)),
                "order_key": key,
                "rating": key.map(stars.set_index("order_key")["rating"]),
                **{name: _days(frame, name, path) for name in _DAYS},
                "cost": _costs(frame, path),
                "asked_about_removal": requests.gt(0),
                "removal_requests": requests,
                **{name: _text(frame, name) for name in _TEXTS if name in frame},
            }
        ),
        file=path,
    )
    table.attrs["notes"] = _formula_notes(sheet, columns, path)
    return table


def case_ids(keys: pd.Series) -> pd.Series:
    """Return a short name for the case of each order key, the same in every run."""
    numbered = pd.Series([f"case-{number}" for number in range(1, len(keys) + 1)], keys.index)
    return ("case-" + keys.str[1:9]).where(keys.notna(), numbered)


def joined_cases(lists: Sequence[tuple[str, pd.DataFrame]]) -> tuple[pd.DataFrame, list[str]]:
    """Join several lists of cases cell by cell; where two differ, the first list's cell counts.

    Parameters
    ----------
    lists : sequence of tuple
        Name and table of each list, the one that counts first in front.

    Returns
    -------
    tuple
        Table ``cases``, and notes for the ledger.
    """
    if not lists:
        return tables.empty("cases"), []
    name, whole = lists[0]
    notes = []
    for other_name, other in lists[1:]:
        mine, theirs = (
            frame.dropna(subset="order_key").drop_duplicates("order_key").set_index("order_key")
            for frame in (whole, other)
        )
        both = mine.index.intersection(theirs.index)
        clash = 0
        for column in mine.columns.difference(["case_id", "rating"]):
            left, right = mine.loc[both, column], theirs.loc[both, column]
            filled = left.notna() & right.notna()
            clash += int((left[filled].astype(object) != right[filled].astype(object)).sum())
        if clash:
            notes.append(
                f"{several(clash, 'cell')} of {name} and {other_name} differ; {name} counts"
            )
        filling = whole["order_key"].map(theirs["case_id"]).notna()
        for column in whole.columns.difference(["order_key", "case_id"]):
            here = whole[column].isna() & filling
            found = whole.loc[here, "order_key"].map(theirs[column])
            whole.loc[here, column] = found.astype(whole[column].dtype)
        rest = other[~other["order_key"].isin(mine.index) | other["order_key"].isna()]
        whole = tables.shape("cases", pd.concat([whole, rest], ignore_index=True))
    return whole, notes


def _marks(columns: dict[str, str] | None) -> set[str]:
    return {"order_id", column_id((columns or {}).get("order_id", "order_id"))}


def _frame(sheet: Sheet, columns: dict[str, str] | None, path: Path) -> pd.DataFrame:
    """Return the sheet's texts by column id; the rows that nobody worked on are left out."""
    header = sheet.ids(columns)
    known = {*_WORKED, "order_id", "case_id", "note"}
    missing = [ours for ours in columns or {} if ours not in header or ours not in known]
    if "order_id" not in header or missing:
        raise ReportError(
            "the list of cases has no order ids"
            if "order_id" not in header
            else f"the list of cases has no column for {', '.join(missing)}",
            file=path,
            line=1,
            expected="a column order_id"
            if "order_id" not in header
            else "headings as stated in shop.toml",
            # A list without its header shows a buyer's data here.
            found=f"{len(header)} columns",
            remedy="add the column, or state your heading for it under [[files]] in shop.toml",
        )
    # The seller's own further columns may be many, and are not looked at.
    cells = {
        name: [_shown(row[place]) for row in sheet.rows]
        for place, name in enumerate(header)
        if name in known
    }
    frame = pd.DataFrame(cells, dtype=TEXT, index=pd.Index(sheet.places, dtype="int64"))
    if _OURS in header:
        worked = [name for name in _WORKED if name in frame]
        frame = frame[(frame[worked].apply(lambda column: column.str.strip()) != "").any(axis=1)]
    return frame


def _shown(cell: object) -> str:
    return "" if _open(cell) else cell_text(shown(cell))


def _open(cell: object) -> bool:
    """Tell whether a cell is a formula that no spreadsheet has worked out yet."""
    return isinstance(cell, Formula) and cell.shown is None


def _formula_notes(sheet: Sheet, columns: dict[str, str] | None, path: Path) -> list[str]:
    ids = sheet.ids(columns)
    count = sum(
        _open(cell)
        for row in sheet.rows
        for name, cell in zip(ids, row, strict=True)
        if name in _WORKED
    )
    if not count:
        return []
    return [
        f"{several(count, 'cell')} of {path.name} with a formula count as empty, because no "
        "spreadsheet has worked them out since the list was written: open and save it in one"
    ]


def _text(frame: pd.DataFrame, name: str) -> pd.Series:
    texts = scrub(frame[name].str.strip())
    return texts.where(texts != "")


def _days(frame: pd.DataFrame, name: str, path: Path) -> pd.Series:
    if name not in frame:
        return pd.Series(pd.NaT, index=frame.index)
    # A workbook's day may carry a time.
    texts = frame[name].str.strip().str.replace(r"^(\d{4}-\d{2}-\d{2})[ T].*$", r"\1", regex=True)
    form = dates.column_form(texts, stated=None, file=path, column=name)
    days = dates.parse_days(texts, form)
    _refuse(texts, days, name, path, "a day such as 2026-10-31")
    return days


def _costs(frame: pd.DataFrame, path: Path) -> pd.Series:
    if "cost" not in frame:
        return pd.Series(float("nan"), index=frame.index)
    texts = frame["cost"].str.strip()
    costs = texts.astype(object).map(
        {text: _amount(text) if text else None for text in texts.unique()}
    )
    _refuse(texts, costs, "cost", path, "an amount such as 12.50")
    return costs.astype("float64")


def _amount(text: str) -> float | None:
    # A workbook's own numbers have any number of decimals, and always a point.
    if re.fullmatch(r"-?\d+\.\d+", text):
        return float(text)
    return numbers.money(text)


def _requests(frame: pd.DataFrame) -> pd.Series:
    """Return how often each buyer was asked: yes is once; several days are so many times."""
    if "asked_about_removal" not in frame:
        return pd.Series(pd.NA, index=frame.index, dtype="Int64")
    texts = frame["asked_about_removal"].str.strip().str.casefold()

    def times(text: str) -> int | None:
        if text.isdecimal() and len(text) < 3:
            return int(text)
        return _ANSWERS.get(text, len(_DATES.findall(text)) or None)

    found = [None if pd.isna(text) else times(text) for text in texts]
    return pd.Series(np.array(found, dtype=object), index=frame.index).astype("Int64")


def _refuse(texts: pd.Series, values: pd.Series, name: str, path: Path, expected: str) -> None:
    bad = (texts != "").to_numpy(dtype=bool) & values.isna().to_numpy(dtype=bool)
    if bad.any():
        raise ReportError(
            f"{int(bad.sum())} cells cannot be read",
            file=path,
            line=int(texts.index[bad.argmax()]),
            column=name,
            expected=expected,
            remedy="correct the cell, or empty it",
        )
