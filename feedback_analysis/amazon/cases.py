"""The seller's own list of cases beside shop.toml: read, never written here."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import pandas as pd

from feedback_analysis import tables
from feedback_analysis.amazon import numbers
from feedback_analysis.amazon.own_cells import (
    days_of,
    formula_notes,
    lacks_column,
    refuse_unread,
    texts_of,
)
from feedback_analysis.amazon.private_columns import names_in_sheet
from feedback_analysis.names import Names
from feedback_analysis.privacy import OrderKeys, scrub
from feedback_analysis.sheets import Sheet, read_sheet
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
    sheet = read_sheet(path, columns=columns)
    names_in_sheet(sheet, names)
    ids = sheet.ids(columns)
    frame = _frame(sheet, ids, columns or {})
    stars = feedback.dropna(subset="order_key").drop_duplicates("order_key", keep="last")
    key = keys(frame["order_id"])
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
    table.attrs["notes"] = formula_notes(sheet, ids, _WORKED)
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
    # Which list each cell is of: a row, or what was empty in one, may come from any of them.
    holder = pd.DataFrame(name, index=whole.index, columns=whole.columns, dtype=object)
    notes = []
    for other_name, other in lists[1:]:
        mine, theirs = (
            frame.dropna(subset="order_key").drop_duplicates("order_key").set_index("order_key")
            for frame in (whole, other)
        )
        both = mine.index.intersection(theirs.index)
        keyed = whole["order_key"].dropna().drop_duplicates()
        holders = holder.loc[keyed.index].set_index(pd.Index(keyed))
        clash: Counter[str] = Counter()
        for column in mine.columns.difference(["case_id", "rating"]):
            left, right = mine.loc[both, column], theirs.loc[both, column]
            filled = left.notna() & right.notna()
            differ = left[filled].astype(object) != right[filled].astype(object)
            clash.update(holders.loc[both, column][filled][differ])
        notes += [
            f"{several(clash[first], 'cell')} of {first} and {other_name} differ; {first} counts"
            for first, _ in lists
            if clash[first]
        ]
        filling = whole["order_key"].isin(theirs.index)
        for column in whole.columns.difference(["order_key", "case_id"]):
            here = whole[column].isna() & filling
            # Not by map: to it a list without an order, on which nobody worked yet, holds numbers.
            found = theirs[column].reindex(whole.loc[here, "order_key"]).set_axis(here[here].index)
            whole.loc[here, column] = found.astype(whole[column].dtype)
            holder.loc[found.index[found.notna()], column] = other_name
        rest = other[~other["order_key"].isin(mine.index) | other["order_key"].isna()]
        whole = tables.shape("cases", pd.concat([whole, rest], ignore_index=True))
        theirs_too = pd.DataFrame(other_name, index=rest.index, columns=holder.columns)
        holder = pd.concat([holder, theirs_too], ignore_index=True)
    return whole, notes


def _frame(sheet: Sheet, ids: Sequence[str], columns: Mapping[str, str]) -> pd.DataFrame:
    """Return the sheet's texts by column id; the rows that nobody worked on are left out."""
    known = {*_WORKED, "order_id", "case_id", "note"}
    if "order_id" not in ids:
        raise lacks_column(
            sheet, "the list of cases has no order ids", expected="a column order_id"
        )
    missing = [ours for ours in columns if ours not in ids or ours not in known]
    if missing:
        raise lacks_column(
            sheet,
            f"the list of cases has no column for {', '.join(missing)}",
            expected="headings as stated in shop.toml",
        )
    frame = texts_of(sheet, ids, known)
    if _OURS in ids:
        worked = [name for name in _WORKED if name in frame]
        frame = frame[(frame[worked] != "").any(axis=1)]
    return frame


def _text(frame: pd.DataFrame, name: str) -> pd.Series:
    texts = scrub(frame[name])
    return texts.where(texts != "")


def _days(frame: pd.DataFrame, name: str, path: Path) -> pd.Series:
    if name not in frame:
        return pd.Series(pd.NaT, index=frame.index)
    return days_of(frame[name], column=name, file=path)


def _costs(frame: pd.DataFrame, path: Path) -> pd.Series:
    if "cost" not in frame:
        return pd.Series(float("nan"), index=frame.index)
    texts = frame["cost"]
    costs = texts.astype(object).map(
        {text: _amount(text) if text else None for text in texts.unique()}
    )
    refuse_unread(texts, costs, column="cost", file=path, expected="an amount such as 12.50")
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
    texts = frame["asked_about_removal"].str.casefold()

    def times(text: str) -> int | None:
        if text.isdecimal() and len(text) < 3:
            return int(text)
        return _ANSWERS.get(text, len(_DATES.findall(text)) or None)

    found = [None if pd.isna(text) else times(text) for text in texts]
    return pd.Series(np.array(found, dtype=object), index=frame.index).astype("Int64")
