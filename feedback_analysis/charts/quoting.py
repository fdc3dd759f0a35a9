"""Columns that show what buyers wrote, and what stands there when quotes are left out."""

from __future__ import annotations

from dataclasses import dataclass

from feedback_analysis import quotes
from feedback_analysis.charts.writers import Columns, Row, Writer

# Columns of tables without headings of their own that hold what a buyer wrote.
PLAIN = frozenset(("comment", "comments", "clause"))


@dataclass(frozen=True)
class Quoting:
    """A writer of a column that shows a buyer's words.

    Parameters
    ----------
    write : callable
        Takes a row and returns the cell's text.
    """

    write: Writer

    def __call__(self, row: Row) -> str:
        """Return the cell's text."""
        return self.write(row)


def allowed(columns: Columns) -> tuple[Columns, str]:
    """Return the columns that this run may show, and what to say about those it may not.

    Parameters
    ----------
    columns : dict
        Heading -> function of a row; :class:`Quoting` marks buyers' words.

    Returns
    -------
    tuple of dict and str
        The same columns and no words where quotes are shown.
    """
    rest = {name: write for name, write in columns.items() if not isinstance(write, Quoting)}
    if quotes.shown() or len(rest) == len(columns):
        return columns, ""
    return rest, quotes.LEFT_OUT
