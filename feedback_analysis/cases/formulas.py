"""The seller's own formulas, when the rows and columns that they point at have moved."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

_CELL = re.compile(r"(\$?)([A-Z]{1,3})(\$?)(\d+)")
_COLUMNS = re.compile(r"(\$?)([A-Z]{1,3}):(\$?)([A-Z]{1,3})")


@dataclass(frozen=True)
class Moves:
    """Where the cells of a sheet went.

    Attributes
    ----------
    columns : mapping of int to int
        Number of each column before and now.
    rows : mapping of int to int
        Number of each row before and now; rows above the list stay where they are.
    before, now : tuple of int
        First and last row of the cases.
    """

    columns: Mapping[int, int]
    rows: Mapping[int, int]
    before: tuple[int, int]
    now: tuple[int, int]


def moved(formula: str, moves: Moves) -> tuple[str, bool]:
    """Return a formula that points at the same cells as before, and whether it surely does.

    Parameters
    ----------
    formula : str
        As written, with its equals sign.
    moves : Moves
        Where the cells went.

    Returns
    -------
    tuple
        The formula, and False where it points at something that cannot be followed: then that part
        stands as it was. A range over all cases covers all of them again, also the new ones.
    """
    from openpyxl.formula import Tokenizer

    tokens = Tokenizer(formula)
    parts, sure = ["="], True
    for token in tokens.items:
        text = token.value
        if token.type == "OPERAND" and token.subtype == "RANGE":
            found = _followed(text, moves)
            sure &= found is not None
            text = found or text
        parts.append(text)
    return "".join(parts), sure


def _followed(text: str, moves: Moves) -> str | None:
    """Return a reference to the same cells, or None where they cannot be told."""
    if "!" in text:
        # Another sheet is as it was, and this one would seldom name itself.
        return text
    if found := _COLUMNS.fullmatch(text):
        columns = _span(found[2], found[4], moves)
        return columns and f"{found[1]}{columns[0]}:{found[3]}{columns[1]}"
    ends = [_CELL.fullmatch(part) for part in text.split(":")]
    if len(ends) == 1 and ends[0]:
        return _cell(ends[0], moves)
    if len(ends) != 2 or None in ends:
        return None
    (one, two) = ends
    columns = _span(one[2], two[2], moves)
    rows = _rows(int(one[4]), int(two[4]), moves)
    if columns is None or rows is None:
        return None
    return f"{one[1]}{columns[0]}{one[3]}{rows[0]}:{two[1]}{columns[1]}{two[3]}{rows[1]}"


def _cell(found: re.Match[str], moves: Moves) -> str | None:
    columns = _span(found[2], found[2], moves)
    rows = _rows(int(found[4]), int(found[4]), moves)
    if columns is None or rows is None:
        return None
    return f"{found[1]}{columns[0]}{found[3]}{rows[0]}"


def _span(first: str, last: str, moves: Moves) -> tuple[str, str] | None:
    """Return where a span of columns stands now, or None if its columns parted."""
    from openpyxl.utils import column_index_from_string, get_column_letter

    start, end = (column_index_from_string(name) for name in (first, last))
    now = [moves.columns.get(place) for place in range(start, end + 1)]
    if None in now or now != list(range(now[0], now[0] + len(now))):
        return None
    return get_column_letter(now[0]), get_column_letter(now[-1])


def _rows(first: int, last: int, moves: Moves) -> tuple[int, int] | None:
    start, end = moves.before
    if last < start:
        return first, last
    if first == last:
        now = moves.rows.get(first)
        return now and (now, now)
    if first <= start and last >= end and last not in moves.rows.keys() - {end}:
        # What covered every case covers every case again; a heading above stays in.
        return (moves.now[0] if first == start else first), moves.now[1]
    now = [moves.rows.get(place) for place in range(first, last + 1)]
    if None in now or now != list(range(now[0], now[0] + len(now))):
        return None
    return now[0], now[-1]
