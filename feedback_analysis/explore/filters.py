"""Which feedback to look at: a filter is a small frozen object, and the pandas that does the same.

Each condition is made once, as a piece of pandas; what is run and what is shown cannot part,
because a test runs the shown lines and compares.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, fields
from datetime import date

import numpy as np
import pandas as pd

from feedback_analysis.errors import ReportError, did_you_mean

# Filters that say where and when, and so leave a fair sample of all feedback; the others select by
# what buyers said, and no share of positive feedback can be had after them.
WHERE = ("start", "end", "marketplace", "channel", "product")
STARS = (1, 2, 3, 4, 5)
# The column that a filter looks at.
COLUMN = {
    "marketplace": "marketplace", "channel": "channel", "product": "asin", "language": "language",
    "question": "questions", "cause": "causes", "rating": "rating",
}  # fmt: skip
WIDTH = 88


@dataclass(frozen=True)
class Filters:
    """What feedback is looked at. Of one filter any value may fit; all filters must.

    Parameters
    ----------
    start, end : date, optional
        First and last day.
    marketplace, channel, product, language : tuple of str
        Values of the columns ``marketplace``, ``channel``, ``asin`` and ``language``; empty for
        all.
    rating : tuple of int
        Stars, 1 to 5; empty for all.
    question, cause : tuple of str
        Ids, one of which the labels must hold; empty for all.
    words : str
        Beginnings of words that must all occur in the comment, capitals or not; several words in
        quotes as they stand.
    """

    start: date | None = None
    end: date | None = None
    marketplace: tuple[str, ...] = ()
    channel: tuple[str, ...] = ()
    product: tuple[str, ...] = ()
    rating: tuple[int, ...] = ()
    question: tuple[str, ...] = ()
    cause: tuple[str, ...] = ()
    language: tuple[str, ...] = ()
    words: str = ""

    def __post_init__(self) -> None:
        for name in COLUMN:
            value = getattr(self, name)
            given = (value,) if isinstance(value, str | int) else tuple(value)
            object.__setattr__(self, name, tuple(dict.fromkeys(given)))
        if not set(self.rating) <= set(STARS):
            raise ReportError("a rating is 1 to 5 stars", found=str(self.rating))
        # All stars are no filter.
        if len(self.rating) == len(STARS):
            object.__setattr__(self, "rating", ())

    def changed(self, **values: object) -> Filters:
        """Return other filters, with some values changed.

        Parameters
        ----------
        **values
            By name; ``None`` or nothing takes a filter away.

        Returns
        -------
        Filters

        Raises
        ------
        ReportError
            If there is no such filter.
        """
        kept = {field.name: getattr(self, field.name) for field in fields(self)}
        for name, value in values.items():
            if name not in kept:
                raise ReportError(
                    f"there is no filter '{name}'.{did_you_mean(name, list(kept))}",
                    expected=", ".join(kept),
                )
            empty = {"start": None, "end": None, "words": ""}.get(name, ())
            kept[name] = empty if value is None else value
        return Filters(**kept)

    @property
    def selects_by_what_was_said(self) -> bool:
        """Whether any filter looks at stars or words: then what is left is no fair sample."""
        return bool(_conditions(self, said=True))

    def where(self) -> Filters:
        """Return the filters by time and place alone."""
        return Filters(**{name: getattr(self, name) for name in WHERE})

    def apply(self, rows: pd.DataFrame) -> pd.DataFrame:
        """Return the rows that fit, in their order.

        Parameters
        ----------
        rows : DataFrame
            What :func:`explore.rows` returns.

        Returns
        -------
        DataFrame
            The same columns and the index of ``rows``.
        """
        if rows.empty:
            return rows
        fits = np.ones(len(rows), dtype=bool)
        for part in (self.placed(rows), self.said(rows)):
            if part is not None:
                fits &= part.to_numpy(dtype=bool)
        return rows if fits.all() else rows[fits]

    def placed(self, rows: pd.DataFrame) -> pd.Series | None:
        """Return which rows fit by time and place; None where all do."""
        return _all(rows, _conditions(self, said=False))

    def said(self, rows: pd.DataFrame) -> pd.Series | None:
        """Return which rows fit by stars and words; None where all do."""
        return _all(rows, _conditions(self, said=True))

    def lines(self, *, said: bool | None = None, also: tuple[str, ...] = ()) -> str:
        """Return the pandas expression that :meth:`apply` comes to.

        Parameters
        ----------
        said : bool, optional
            Only the filters by stars and words (True), only the others (False); all by default.
        also : tuple of str
            Conditions to add.

        Returns
        -------
        str
            Such as ``rows[rows["marketplace"].eq("US")]``.
        """
        kinds = (False, True) if said is None else (said,)
        parts = [f"rows{code}" for kind in kinds for code, _ in _conditions(self, said=kind)]
        parts += also
        if not parts:
            return "rows"
        if len(parts) == 1 or len(" & ".join(parts)) < WIDTH - 16:
            return f"rows[{' & '.join(parts)}]"
        return "rows[\n    " + "\n    & ".join(parts) + "\n]"

    def said_of(self, name: str) -> str:
        """Return the filters by stars and words as a Series of True and False, in pandas.

        Parameters
        ----------
        name : str
            Name of the frame that is asked.

        Returns
        -------
        str
            Such as ``where["rating"].eq(1)``.
        """
        parts = [f"{name}{code}" for code, _ in _conditions(self, said=True)]
        if len(" & ".join(parts)) < WIDTH - 8:
            return " & ".join(parts)
        return "(\n    " + "\n    & ".join(parts) + "\n)"

    def __str__(self) -> str:
        parts = []
        if self.start or self.end:
            parts.append(f"{self.start or 'the first day'} to {self.end or 'the last day'}")
        for name in COLUMN:
            if value := getattr(self, name):
                parts.append(f"{name} {' or '.join(map(str, value))}")
        if self.words.strip():
            parts.append(f"words {self.words.strip()}")
        return "; ".join(parts) or "everything"


def _all(rows: pd.DataFrame, conditions: list) -> pd.Series | None:
    fits = None
    for _, look in conditions:
        one = look(rows)
        fits = one if fits is None else fits & one
    return fits


def _conditions(filters: Filters, *, said: bool) -> list:
    """Return (code, function) of each filter in use: the same condition to show and to run.

    The code lacks the name of the frame, which is put before it.
    """
    found = []
    if said:
        found += [_equals("rating", filters.rating)] if filters.rating else []
        for name in ("question", "cause"):
            if values := getattr(filters, name):
                found.append(_holds(COLUMN[name], values))
        found += [_equals("language", filters.language)] if filters.language else []
        return found + [_contains(word) for word in words_of(filters.words)]
    if filters.start or filters.end:
        found.append(_between(filters.start, filters.end))
    for name in ("marketplace", "channel", "product"):
        if values := getattr(filters, name):
            found.append(_equals(COLUMN[name], values))
    return found


def words_of(text: str) -> list[str]:
    """Return the words of a search, those in quotes kept together.

    Examples
    --------
    >>> words_of('late "never came"')
    ['late', 'never came']
    """
    outside_and_inside = text.split('"')
    found: list[str] = []
    for place, part in enumerate(outside_and_inside):
        found += ([part.strip()] if part.strip() else []) if place % 2 else part.split()
    return list(dict.fromkeys(found))


def _between(start: date | None, end: date | None) -> tuple:
    if start and end:
        code = f'["date"].between("{start}", "{end}")'
        return code, lambda rows: rows["date"].between(str(start), str(end))
    if start:
        return f'["date"].ge("{start}")', lambda rows: rows["date"].ge(str(start))
    return f'["date"].le("{end}")', lambda rows: rows["date"].le(str(end))


def _equals(column: str, values: tuple) -> tuple:
    if len(values) == 1:
        code = f'["{column}"].eq({_quoted(values[0])})'
        return code, lambda rows: rows[column].eq(values[0])
    code = f'["{column}"].isin([{", ".join(map(_quoted, values))}])'
    return code, lambda rows: rows[column].isin(list(values))


def _holds(column: str, values: tuple[str, ...]) -> tuple:
    if len(values) == 1:
        only = values[0]
        code = f'["{column}"].map(lambda ids: {_quoted(only)} in ids)'
        return code, lambda rows: rows[column].map(lambda ids: only in ids)
    wanted = set(values)
    listed = ", ".join(map(_quoted, values))
    code = f'["{column}"].map(lambda ids: not {{{listed}}}.isdisjoint(ids))'
    return code, lambda rows: rows[column].map(lambda ids: not wanted.isdisjoint(ids))


def _contains(word: str) -> tuple:
    # "late" is no "plate", but "later"; scripts without blanks have no beginnings of words.
    begins = r"\b" if word[0].isascii() and word[0].isalnum() else ""
    pattern = begins + re.escape(word)
    shown = f'r"{pattern}"' if word.isalnum() else repr(pattern)
    code = f'["comment"].str.contains({shown}, case=False)'
    return code, lambda rows: rows["comment"].str.contains(pattern, case=False)


def _quoted(value: object) -> str:
    """Return a literal in double quotes where that needs no escape, as the project writes them."""
    text = repr(value)
    plain = isinstance(value, str) and value.isprintable() and not set(value) & set("\"'\\")
    return f'"{value}"' if plain else text
