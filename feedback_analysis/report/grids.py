"""A table of a page as a grid: what stands in each row below which heading, spans spread out."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import zip_longest

# Rows of headings: more of them are no headings, but a table that is written so.
_LEVELS = 4
# No table is wider; a span that says so is no reason to fill the memory.
_WIDEST = 500


@dataclass(frozen=True)
class Table:
    """A table as it reads.

    Attributes
    ----------
    place : str
        Where it stands, in words.
    headings : list of str
        Of each column: all that stands above it. Without a row of headings, its first cell.
    rows : list of list of str
        Text of each cell; one that spans several rows or columns stands in each.
    titled : bool
        Whether there is a row of headings. Only then may a heading be named in a message.
    """

    place: str
    headings: list[str]
    rows: list[list[str]]
    titled: bool

    def spot(self, row: int, column: int) -> str:
        """Return the place of a cell in words, without what it holds."""
        return f"{self.place}, table row {row + 1}, column {self.name(column)}"

    def name(self, column: int) -> str:
        """Return what a column may be called in a message."""
        heading = self.headings[column] if column < len(self.headings) else ""
        return f"'{heading}'" if self.titled and heading else str(column + 1)

    def turned(self) -> Table:
        """Return the table with its columns as rows: each row's first cell is the heading then."""
        width = max(map(len, self.rows), default=0)
        full = [row + [""] * (width - len(row)) for row in self.rows]
        columns = [list(column) for column in zip(*full, strict=True)]
        return Table(self.place, columns[0] if columns else [], columns[1:], titled=False)


@dataclass
class Grid:
    """A table while it is read.

    Attributes
    ----------
    place : str
        Where it stands, in words.
    cell : list of str or None
        What was read of the open cell so far; None between cells.
    in_row : bool
        Whether a row is open.
    """

    place: str
    cell: list[str] | None = None
    in_row: bool = False
    _levels: list[list[str]] = field(default_factory=list)
    _rows: list[list[str]] = field(default_factory=list)
    _row: dict[int, str] = field(default_factory=dict)
    _titles: list[str] = field(default_factory=list)
    _below: dict[int, tuple[int, str]] = field(default_factory=dict)
    _heads: list[bool] = field(default_factory=list)
    _span: tuple[int, int] = (1, 1)
    _next: int = 0

    def begin_row(self) -> None:
        """Begin a row; what earlier cells reach down into it stands there already."""
        self.end_row()
        self.in_row, self._heads, self._next = True, [], 0
        self._row = {column: text for column, (_, text) in self._below.items()}
        self._below = {c: (left - 1, text) for c, (left, text) in self._below.items() if left > 1}

    def begin_cell(self, *, head: bool, across: str, down: str) -> None:
        """Begin a cell that spans so many columns and rows, as its attributes say it."""
        self.end_cell()
        if not self.in_row:
            self.begin_row()
        self.cell = []
        self._heads.append(head)
        # A span of nothing reaches to the end.
        self._span = (max(1, min(_number(across), _WIDEST)), _number(down) or 2**31)

    def end_cell(self) -> None:
        """End the open cell, if there is one."""
        if self.cell is None:
            return
        text, first = " ".join(self.cell), self.column()
        across, down = self._span
        for column in range(first, first + across):
            self._row.setdefault(column, text)
            if down > 1:
                self._below[column] = (down - 1, text)
        self.cell = None

    def end_row(self) -> None:
        """End the open row, if there is one."""
        self.end_cell()
        if not self.in_row:
            return
        self.in_row = False
        if not self._heads:
            return
        row = [self._row.get(column, "") for column in range(max(self._row) + 1)]
        headed = all(self._heads) and not self._rows and len(self._levels) < _LEVELS
        (self._levels if headed else self._rows).append(row)
        if headed or not (self._levels or self._rows[1:]):
            self._titles = _stacked(self._levels or self._rows)

    def column(self) -> int:
        """Return the place of the cell that is open, or comes next."""
        while self._next in self._row:
            self._next += 1
        return self._next

    @property
    def row_number(self) -> int:
        """The open row, counted from 1 after those of headings; 0 in these."""
        return len(self._rows) + 1 if self._levels or self._rows else 0

    def heading(self, column: int) -> str:
        """Return what stands above a column so far."""
        return self._titles[column] if column < len(self._titles) else ""

    def name(self) -> str:
        """Return what the open cell's column may be called in a message; empty without a name."""
        heading = self.heading(self.column()) if self._levels else ""
        return f"'{heading}'" if heading else str(self.column() + 1) if self._rows else ""

    def table(self) -> Table:
        """End the table and return it."""
        self.end_row()
        width = max(map(len, [*self._levels, *self._rows]), default=0)
        headings = self._titles + [""] * (width - len(self._titles))
        return Table(self.place, headings, self._rows, bool(self._levels))


def _stacked(levels: list[list[str]]) -> list[str]:
    """Return all that stands above each column, once each."""
    columns = zip_longest(*levels, fillvalue="")
    return [" ".join(dict.fromkeys(part for part in column if part)) for column in columns]


def _number(text: str) -> int:
    return int(text) if text.strip().isdecimal() and len(text) < 10 else 1
