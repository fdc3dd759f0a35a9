"""How every result reads: as a small table under its words in a notebook, as text in a terminal."""

from __future__ import annotations

import html
import textwrap
from typing import Any

import pandas as pd

# Rows and letters that a first look takes in; `.table` has all of them.
ROWS, LETTERS, WIDTH, WIDEST = 12, 60, 100, 150
# Rates and intervals: enough to tell them apart, no more than they can bear.
DIGITS = 4


class Result:
    """Shows a result that has ``.text`` and ``.table``, printed or as a notebook's last line.

    Notes
    -----
    The table is the result's own, its columns named as code names them; ``charts.table_of`` makes
    one for people. Whatever stands in it, a buyer's words too, is escaped.
    """

    text: str
    table: pd.DataFrame

    def __init_subclass__(cls) -> None:
        # A result named at a line's end is wanted for what it says, not for how it is built; a
        # dataclass writes a __repr__ of its own only where there is none.
        cls.__repr__ = cls.__str__

    def __str__(self) -> str:
        parts = [textwrap.fill(line, WIDTH) for line in self.text.splitlines()]
        shown, more = self._shown()
        if len(shown):
            grid = shown.to_string(index=False, line_width=WIDEST)
            parts += ["", grid, *filter(None, [more])]
        return "\n".join(parts)

    def _repr_html_(self) -> str:
        said = "".join(f"<p>{html.escape(line)}</p>" for line in self.text.splitlines())
        shown, more = self._shown()
        if shown.empty:
            return f"<div>{said}</div>"
        grid = shown.to_html(index=False, border=0)
        return f"<div>{said}{grid}{f'<p>{html.escape(more)}</p>' if more else ''}</div>"

    def _shown(self) -> tuple[pd.DataFrame, str]:
        """Return the first rows as texts, and what is left out."""
        first = self.table.head(ROWS)
        plain = isinstance(first.index, pd.RangeIndex) and first.index.name is None
        first = first if plain else first.reset_index()
        shown = pd.DataFrame(
            {place: first.iloc[:, place].map(_cell) for place in range(first.shape[1])}
        )
        shown.columns = [str(name) for name in first.columns]
        left = len(self.table) - len(first)
        return (
            shown,
            f"and {left:,} {'row' if left == 1 else 'rows'} more in .table" if left else "",
        )


def all_limits(*results: Any) -> list[str]:
    """Collect the limits of several results, each sentence once.

    Parameters
    ----------
    *results : object
        Results with ``.limits``.

    Returns
    -------
    list of str
        The sentences in the order they first come.
    """
    return list(dict.fromkeys(limit for result in results for limit in result.limits))


def _cell(value: object) -> str:
    if isinstance(value, tuple | list):
        text = ", ".join(map(str, value))
    elif pd.api.types.is_scalar(value) and pd.isna(value):
        return ""
    elif isinstance(value, pd.Timestamp):
        text = f"{value:%Y-%m-%d}" if value == value.normalize() else str(value)
    elif isinstance(value, float):
        text = f"{value:,.{DIGITS}f}".rstrip("0").rstrip(".")
    else:
        text = str(value)
    text = " ".join(text.split())
    return text if len(text) <= LETTERS else f"{text[: LETTERS - 1]}\N{HORIZONTAL ELLIPSIS}"
