"""Merge a new working list into the one that the seller edits: no cell of theirs is ever lost."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from feedback_analysis.cases.columns import COLUMNS, IDENTITY, OURS, OWN
from feedback_analysis.sheets import Formula, cell_text, shown

Row = dict[str, Any]
_NUMBER = re.compile(r"-?(?:0|[1-9]\d*)(?:\.\d+)?")
KEPT = "your cell was kept"
REPLACED = "worked out anew; the old cell stands here, because it is not known who wrote it"
POINTS = "your formula points at cells that have moved apart; check it"
# What a row says whose feedback is not among the cases any more; its clocks stand still.
NO_LONGER = "No longer counted: the feedback is gone from the files, or a year old"
CLOCKS = (
    "next_step", "runs_out", "what_runs_out", "days_for_a_request", "buyer_s_days", "due",
    "overdue_days",
)  # fmt: skip
TWICE = "the order is listed twice; both rows were kept"


@dataclass(frozen=True)
class Conflict:
    """Two cells that say different things, and which of them stands in the list.

    Attributes
    ----------
    case : str
        The case's name.
    column : str
        Column id.
    kept, other : str
        The cell in the list, and the one that is not.
    why : str
        In words.
    """

    case: str
    column: str
    kept: str
    other: str
    why: str


@dataclass
class Merged:
    """The merged list.

    Attributes
    ----------
    columns : list of str
        Column ids: ours and the seller's in their order, then the seller's further ones.
    rows : list of dict
        Cells by column id.
    origins : list of int or None
        Which row of the old list each row continues.
    conflicts : list of Conflict
        All cells that differed.
    added : int
        Cases that were not in the list before.
    retired : dict
        Row identity -> column -> text, of rows whose feedback is no case any more.
    """

    columns: list[str]
    rows: list[Row]
    origins: list[int | None]
    conflicts: list[Conflict] = field(default_factory=list)
    added: int = 0
    retired: dict[str, dict[str, str]] = field(default_factory=dict)


def merge(
    new: Sequence[Row],
    old: Sequence[Row],
    *,
    sources: Sequence[tuple[str, Sequence[Row]]] = (),
    written: Mapping[str, Mapping[str, str]] | None = None,
) -> Merged:
    """Merge what is worked out now with what the seller has written.

    Parameters
    ----------
    new : sequence of dict
        A row a case, in the order wanted: the columns that are worked out.
    old : sequence of dict
        Rows of the list as it is, with every cell.
    sources : sequence of tuple
        Name and rows of the seller's other lists: they fill cells that are empty, and no others.
    written : mapping, optional
        Row identity -> column -> text, as the last run wrote the worked-out columns. A cell that
        differs from it was changed by the seller, and stays. None when that is not known: then a
        worked-out cell is replaced, and what stood there is told.

    Returns
    -------
    Merged
    """
    made = Merged([*(column.id for column in COLUMNS), *_further(old, sources)], [], [])
    fresh = {identity(row): row for row in new}
    places: dict[str, list[int]] = {}
    for number, row in enumerate(old):
        places.setdefault(identity(row), []).append(number)
    others = _gathered(sources, made.conflicts, fresh)
    done: set[int] = set()
    for name, row in fresh.items():
        mine = places.get(name, [])
        if len(mine) > 1:
            made.conflicts.append(Conflict(case_name(row), "order_id", "", "", TWICE))
        made.added += not mine
        for number in mine or [None]:
            before = {} if number is None else old[number]
            known = None if written is None else written.get(name, {})
            merged = _refreshed(row, before, known, made.conflicts)
            _fill(merged, others.get(name, {}), made.conflicts)
            made.rows.append(merged)
            made.origins.append(number)
            done |= {number} - {None}
    for number, before in enumerate(old):
        if number not in done:
            merged = _retired(before, (written or {}).get(identity(before)), made.retired)
            _fill(merged, others.get(identity(before), {}), made.conflicts)
            made.rows.append(merged)
            made.origins.append(number)
    for name, row in others.items():
        if name and name not in fresh and name not in places:
            made.rows.append({key: value for key, value in row.items() if not key.startswith("_")})
            made.origins.append(None)
    _remarks_last(made)
    return made


def _remarks_last(made: Merged) -> None:
    """Put rows without an order under the list: sums and remarks stay under it."""
    order = sorted(range(len(made.rows)), key=lambda place: identity(made.rows[place]) == "")
    made.rows = [made.rows[place] for place in order]
    made.origins = [made.origins[place] for place in order]


def remembered(new: Sequence[Row], made: Merged) -> dict[str, dict[str, str]]:
    """Return what the worked-out cells say now, by which the next run knows the seller's.

    Parameters
    ----------
    new : sequence of dict
        The rows that were worked out.
    made : Merged
        What came of them.

    Returns
    -------
    dict
        Row identity -> column -> text.
    """
    known = {
        identity(row): {name: cell_text(row[name]) for name in OURS if name not in IDENTITY}
        for row in new
    }
    return {**made.retired, **known}


def identity(row: Row) -> str:
    """Return what tells a row's case: its order id, else its case's name, else nothing.

    Parameters
    ----------
    row : dict
        Cells by column id.

    Returns
    -------
    str
    """
    for name in IDENTITY:
        if text := cell_text(shown(row.get(name))).strip():
            # Some tools leave the dashes out.
            return re.sub(r"^(\d{3})(\d{7})(\d{7})$", r"\1-\2-\3", text)
    return ""


def same(left: Any, right: Any) -> bool:
    """Tell whether two cells say the same: 12.50 and 12.5 do.

    Parameters
    ----------
    left, right : object
        The cells.

    Returns
    -------
    bool
    """
    texts = [cell_text(cell).strip() for cell in (left, right)]
    if texts[0] == texts[1]:
        return True
    # 007 is a name, not the number 7.
    return all(map(_NUMBER.fullmatch, texts)) and float(texts[0]) == float(texts[1])


def filled(cell: Any) -> bool:
    """Tell whether a cell holds anything but blanks."""
    return cell_text(cell).strip() != ""


def _further(old: Sequence[Row], sources: Sequence[tuple[str, Sequence[Row]]]) -> list[str]:
    rows = [*old, *(row for _, part in sources for row in part)]
    known = {*OURS, *OWN}
    found = dict.fromkeys(name for row in rows for name in row)
    # A column without a heading and without a cell is only the sheet's edge.
    return [
        name
        for name in found
        if name not in known and (name or any(filled(row.get(name)) for row in rows))
    ]


def case_name(row: Row) -> str:
    """Return what a row's case is called where it is told of."""
    return cell_text(row.get("case_id")) or "a row without a case"


def _refreshed(
    row: Row, before: Row, written: Mapping[str, str] | None, conflicts: list[Conflict]
) -> Row:
    """Return a case's row: worked-out cells anew, all others as the seller left them."""
    merged = {**before, **row}
    for name in OURS:
        cell, made = before.get(name), row.get(name, "")
        if not filled(cell) or same(cell, made) or name in IDENTITY:
            continue
        if written is None:
            conflicts.append(
                Conflict(case_name(row), name, cell_text(made), cell_text(cell), REPLACED)
            )
        elif not same(cell, written.get(name, "")):
            merged[name] = cell
            conflicts.append(Conflict(case_name(row), name, cell_text(cell), cell_text(made), KEPT))
    return merged


def _retired(
    before: Row, written: Mapping[str, str] | None, retired: dict[str, dict[str, str]]
) -> Row:
    """Return the row of a case that is none any more: our clocks in it would go on saying today."""
    if written is None:
        return dict(before)
    merged = dict(before)
    for name in CLOCKS:
        if same(merged.get(name), written.get(name, "")):
            merged[name] = NO_LONGER if name == "next_step" else ""
    retired[identity(before)] = {
        **written, **dict.fromkeys(CLOCKS, ""), "next_step": NO_LONGER
    }  # fmt: skip
    return merged


def _fill(merged: Row, other: Row, conflicts: list[Conflict]) -> None:
    """Fill the empty ones of the seller's cells from another list of theirs."""
    source = other.get("_source", "")
    for name, cell in other.items():
        if name in OURS or name.startswith("_") or not filled(cell):
            continue
        if not filled(merged.get(name)):
            # A formula of another list would point at nothing here; what it shows is taken.
            merged[name] = cell_text(shown(cell)) if isinstance(cell, Formula) else cell
        elif not same(shown(merged[name]), shown(cell)):
            conflicts.append(
                Conflict(
                    case_name(merged), name, cell_text(merged[name]), cell_text(cell),
                    f"{source} says otherwise; {KEPT}",
                )
            )  # fmt: skip


def _gathered(
    sources: Sequence[tuple[str, Sequence[Row]]],
    conflicts: list[Conflict],
    fresh: Mapping[str, Row],
) -> dict[str, Row]:
    """Return the cells of all other lists by case; the list named first counts first."""
    found: dict[str, Row] = {}
    for source, rows in sources:
        for row in rows:
            name = identity(row)
            if name not in found:
                found[name] = {**row, "_source": source}
                continue
            known = found[name]
            known["case_id"] = known.get("case_id") or fresh.get(name, {}).get("case_id", "")
            _fill(known, {**row, "_source": source}, conflicts)
    return found
