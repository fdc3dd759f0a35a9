"""The working list: rows with the real order ids, read back, merged, and written for the seller."""

from __future__ import annotations

import csv
import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd

from feedback_analysis.cases.case_list import CaseList
from feedback_analysis.cases.columns import IDENTITY, OURS
from feedback_analysis.cases.merge import Conflict, Merged, identity, merge, remembered
from feedback_analysis.cases.workbook import OPEN, headings, workbook_bytes
from feedback_analysis.channels import channel_names
from feedback_analysis.errors import ReportError
from feedback_analysis.marketplaces import marketplaces
from feedback_analysis.privacy import KEY_MAP, write_private
from feedback_analysis.sheets import (
    Sheet,
    csv_bytes,
    read_sheet,
    replace_file,
)
from feedback_analysis.texts import several
from feedback_analysis.workbooks import lost_if_saved

KINDS = (".xlsx", ".csv")
# The column by which a list that this package wrote is known.
MARK = "next_step"


@dataclass(frozen=True, eq=False)
class Written:
    """What became of a working list.

    Attributes
    ----------
    path : Path
        Where it lies.
    cases, added : int
        Cases in it, and how many are new.
    conflicts : list of Conflict
        Cells that differed, and which of them stands there.
    notes : list of str
        What else is to be known.
    further : int
        Rows of the seller's that are no case now: older, gone from the files, or without an order.
    """

    path: Path
    cases: int
    added: int
    conflicts: list[Conflict]
    notes: list[str] = field(default_factory=list)
    further: int = 0


def write_working_list(
    cases: CaseList,
    out: str | Path,
    *,
    folder: Path,
    lists: Sequence[tuple[Path, Mapping[str, str]]] = (),
    owners: Sequence[str] = (),
    may_ask: pd.DataFrame | None = None,
) -> Written:
    """Write the list to work through, merged with what is written in it already.

    Parameters
    ----------
    cases : CaseList
        The cases.
    out : str or Path
        ``.xlsx`` or ``.csv``. If it is there, every cell that the seller wrote stays.
    folder : Path
        The shop's folder, whose private map leads from keys to order ids.
    lists : sequence of tuple
        The seller's own lists with their column names; they are read, not written, unless one of
        them is ``out``.
    owners : sequence of str
        Names to choose from.
    may_ask : DataFrame, optional
        Orders whose buyers may be asked, from :func:`may_be_asked`; a workbook lists them too.

    Returns
    -------
    Written

    Raises
    ------
    ReportError
        If a list cannot be read, is open in a spreadsheet, or the private map is missing.
    """
    out = _named(Path(out))
    names = next((dict(columns) for path, columns in lists if path.resolve() == out.resolve()), {})
    sheet = _read_to_write(out, names) if out.is_file() else None
    old = [] if sheet is None else _rows(sheet, names)
    others = [
        (path.name, _source_rows(_read(path, dict(columns)), dict(columns)))
        for path, columns in lists
        if path.resolve() != out.resolve()
    ]
    ids = key_map(folder)
    new = list_rows(cases, ids)
    memory = folder / ".private" / "working-lists" / f"{_place_code(out)}.json"
    # A list that this package never wrote holds no worked-out cells: all are the seller's.
    ours = sheet is not None and MARK in sheet.ids(names)
    made = merge(new, old, sources=others, written=_written(memory) if ours else {})
    asks = [] if may_ask is None else _asks(may_ask, ids)
    content = _content(out, made, sheet, names, owners=owners, as_of=cases.as_of, asks=asks)
    replace_file(out, content)
    notes = _remember(memory, new, made)
    fresh = {identity(row) for row in new}
    further = sum(identity(row) not in fresh for row in made.rows)
    return Written(out, len(new), made.added, made.conflicts, notes, further)


def _named(out: Path) -> Path:
    if out.suffix.casefold() not in KINDS:
        raise ReportError(
            "the list is written as a workbook or as CSV",
            file=out,
            expected="a name ending in .xlsx or .csv",
            remedy="write --out cases.xlsx",
        )
    if out.exists() and not out.is_file():
        raise ReportError("this is a folder, not a file", file=out, remedy="name a file")
    return out


def _content(
    out: Path,
    made: Merged,
    sheet: Sheet | None,
    names: Mapping[str, str],
    *,
    owners: Sequence[str],
    as_of: date,
    asks: Sequence[Sequence[Any]],
) -> bytes:
    if out.suffix.casefold() == ".xlsx":
        return workbook_bytes(made, sheet, names=names, owners=owners, as_of=as_of, to_ask=asks)
    return csv_bytes(
        headings(made.columns, sheet, names),
        [[row.get(name, "") for name in made.columns] for row in made.rows],
        separator="," if sheet is None else sheet.separator,
    )


def list_rows(cases: CaseList, ids: Mapping[str, str]) -> list[dict[str, Any]]:
    """Return the worked-out columns of every case, with the real order ids.

    Parameters
    ----------
    cases : CaseList
        The cases.
    ids : mapping
        Order key -> order id.

    Returns
    -------
    list of dict
        Cells by column id.
    """
    return [_row(row, ids) for row in cases.table.to_dict("records")]


def key_map(folder: Path) -> dict[str, str]:
    """Return the private map of a shop: order key -> order id.

    Parameters
    ----------
    folder : Path
        The shop's folder.

    Returns
    -------
    dict

    Raises
    ------
    ReportError
        If it is not there, or damaged.
    """
    path = folder / ".private" / KEY_MAP
    try:
        with path.open(encoding="utf-8", newline="") as file:
            return {row["order_key"]: row["order_id"] for row in csv.DictReader(file)}
    except (OSError, KeyError, csv.Error, UnicodeDecodeError):
        raise ReportError(
            "the private map of order ids cannot be read, so no order can be named",
            file=path,
            remedy="make the shop's folder writable, and run `feedback-analysis check` once",
        ) from None


def _row(row: dict[str, Any], ids: Mapping[str, str]) -> dict[str, Any]:
    key = row["order_key"]
    order = ids.get(key, "") if isinstance(key, str) else ""
    cells = {
        "next_step": row["next_step"],
        "runs_out": row["next_day"],
        "what_runs_out": row["next_end"],
        "stars": row["rating"],
        "feedback_day": row["date"],
        "comment": row["comment"],
        "order_page": _order_page(row["marketplace"], order),
        "answers_for_it": row["answers"],
        "candidate": row["rule"],
        "clause": row["clause"],
        "suggested_causes": ";".join(row["causes"]) if row["cause_from"] == "labelled" else "",
        "evidence": row["evidence"],
        "days_for_a_request": max(row["request_days_left"], 0),
        "buyer_s_days": _floor(row["buyer_days_left"]),
        "due": row["due"],
        "overdue_days": row["overdue_days"] or "",
        "marketplace": row["marketplace"],
        "sku": row["sku"],
        "asin": row["asin"],
        "shipped_by": channel_names("listed").get(row["channel"], row["channel"]),
        "carrier": row["carrier"],
        "shipped_on": row["ship_date"],
        "promised": row["promised"],
        "replied": "yes" if row["replied"] else "no",
        "case_id": row["case_id"],
        "order_id": order,
    }
    return {name: _plain(cells[name]) for name in OURS}


def _order_page(market: Any, order: str) -> str:
    known = marketplaces().get(market) if isinstance(market, str) else None
    page = "https://sellercentral.{}/orders-v3/order/{}"
    return page.format(known.domain, order) if known and order else ""


def _asks(may_ask: pd.DataFrame, ids: Mapping[str, str]) -> list[tuple[Any, ...]]:
    rows = may_ask[["ends", "marketplace", "order_key"]].itertuples(index=False)
    return [
        (row.ends.to_pydatetime(), row.marketplace, ids[row.order_key],
         _order_page(row.marketplace, ids[row.order_key]))
        for row in rows
        if row.order_key in ids
    ]  # fmt: skip


def _floor(days: Any) -> Any:
    return "" if pd.isna(days) else max(int(days), 0)


def _plain(value: Any) -> Any:
    if not isinstance(value, str) and pd.isna(value):
        return ""
    if isinstance(value, pd.Timestamp):
        return value.to_pydatetime()
    return int(value) if hasattr(value, "__index__") and not isinstance(value, bool) else value


def _read_to_write(path: Path, names: dict[str, str]) -> Sheet:
    sheet = _read(path, names)
    if sheet.looks and lost_if_saved(path.read_bytes()):
        raise ReportError(
            "the workbook holds drawings, pictures, charts, pivots or macros, which would be lost; "
            "nothing was written",
            file=path,
            remedy="write the list under another name, and take this one over by [[files]] with "
            'report = "cases"; or move what is not cells to a workbook of its own',
        )
    return sheet


def _read(path: Path, names: dict[str, str]) -> Sheet:
    sheet = read_sheet(path, columns=names)
    if not {"order_id", "case_id"} & set(sheet.ids(names)):
        raise ReportError(
            "the list has no order ids, so its rows cannot be told apart; nothing was written",
            file=path,
            line=1,
            expected="a column order_id",
            found=several(len(sheet.header), "column"),
            remedy="add the column, state your heading for it under [[files]] in shop.toml, or "
            "choose another name for the list",
        )
    return sheet


def _rows(sheet: Sheet, names: dict[str, str]) -> list[dict[str, Any]]:
    ids = sheet.ids(names)
    rows = [dict(zip(ids, row, strict=True)) for row in sheet.rows]
    for row, looks in zip(rows, sheet.looks, strict=False):
        link = dict(zip(ids, looks, strict=True)).get("order_page")
        if link is not None and link.hyperlink and link.hyperlink.target:
            row["order_page"] = link.hyperlink.target
        elif row.get("order_page") == OPEN:
            # A copied row without its link.
            row["order_page"] = ""
    return rows


def _source_rows(sheet: Sheet, names: dict[str, str]) -> list[dict[str, Any]]:
    """Return another list's rows; a column of theirs that is named like one of ours is renamed."""
    rows = _rows(sheet, names)
    if MARK in sheet.ids(names):
        return rows
    taken = {name: f"{name} ({sheet.path.name})" for name in OURS if name not in IDENTITY}
    return [{taken.get(name, name): cell for name, cell in row.items()} for row in rows]


def _place_code(out: Path) -> str:
    return hashlib.sha256(str(out.resolve()).encode()).hexdigest()[:16]


def _written(path: Path) -> dict[str, dict[str, str]] | None:
    """Return what the last run wrote, or None where that is not known."""
    try:
        found = json.loads(path.read_text("utf-8"))
        return found if isinstance(found, dict) else None
    except (OSError, ValueError):
        return None


def _remember(path: Path, new: Sequence[dict[str, Any]], made: Merged) -> list[str]:
    """Keep what was written, so that the next run can tell the seller's cells from ours."""
    known = remembered(new, made)
    try:
        write_private(path, (json.dumps(known, ensure_ascii=False, indent=0) + "\n").encode())
    except OSError:
        return [
            "The shop's folder cannot be written to, so what you change in worked-out columns will "
            "be replaced next time; your own columns always stay."
        ]
    return []
