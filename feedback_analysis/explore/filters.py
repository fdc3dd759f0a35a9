"""Which feedback to look at: a filter is a small frozen object, and the pandas that does the same.

Each condition is made once, as a piece of pandas; what is run and what is shown cannot part,
because a test runs the shown lines and compares.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, fields
from datetime import date

import numpy as np
import pandas as pd

from feedback_analysis.causes.taxonomy import own_taxonomy
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
# The column, the pandas asked of it as it is shown, and the same to run.
Condition = tuple[str, str, Callable[[pd.Series], pd.Series]]


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
        # A shop may have causes of its own, so these are held against its feedback.
        questions = own_taxonomy().questions
        for value in self.question:
            if value not in questions:
                raise ReportError(
                    f"there is no question '{value}'.{did_you_mean(value, list(questions))}",
                    expected=", ".join(questions),
                )
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

    def apply(self, rows: pd.DataFrame, *, causes: tuple[str, ...] = ()) -> pd.DataFrame:
        """Return the rows that fit, in their order.

        Parameters
        ----------
        rows : DataFrame
            What :func:`explore.rows` returns.
        causes : tuple of str
            Ids of the shop's causes, also of those that no row has.

        Returns
        -------
        DataFrame
            The same columns and the index of ``rows``.

        Raises
        ------
        ReportError
            If no row has a cause that is asked for, and its id is nearly one of ours.
        """
        self._check_causes(rows, {*own_taxonomy().ids, *causes})
        places = None
        for said in (False, True):
            for column, _, fits in _conditions(self, said=said):
                # Each condition is asked only of what is left, and of its own column alone.
                asked = rows[column] if places is None else rows[column].take(places)
                hits = np.flatnonzero(fits(asked).to_numpy(dtype=bool))
                places = hits if places is None else places[hits]
        return rows if places is None or len(places) == len(rows) else rows.take(places)

    def _check_causes(self, rows: pd.DataFrame, known: set[str]) -> None:
        for value in self.cause:
            # What a row has is a cause, however much its id looks like another one.
            if value in known or rows["causes"].map(lambda ids, value=value: value in ids).any():
                continue
            if meant := did_you_mean(value, sorted(known)):
                raise ReportError(
                    f"there is no feedback with the cause '{value}'.{meant}",
                    expected=", ".join(sorted(known)),
                )

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
        parts = [
            f'rows["{column}"]{code}'
            for kind in kinds
            for column, code, _ in _conditions(self, said=kind)
        ]
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
        parts = [f'{name}["{column}"]{code}' for column, code, _ in _conditions(self, said=True)]
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


def _conditions(filters: Filters, *, said: bool) -> list[Condition]:
    """Return each filter in use: the same condition to show and to run."""
    if said:
        found = [_equals("rating", filters.rating)] if filters.rating else []
        for name in ("question", "cause"):
            if values := getattr(filters, name):
                found.append(_holds(COLUMN[name], values))
        found += [_equals("language", filters.language)] if filters.language else []
        return found + [_contains(word) for word in words_of(filters.words)]
    found = [_between(filters.start, filters.end)] if filters.start or filters.end else []
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


def _between(start: date | None, end: date | None) -> Condition:
    if start and end:
        code = f'.between("{start}", "{end}")'
        return "date", code, lambda days: days.between(str(start), str(end))
    if start:
        return "date", f'.ge("{start}")', lambda days: days.ge(str(start))
    return "date", f'.le("{end}")', lambda days: days.le(str(end))


def _equals(column: str, values: tuple) -> Condition:
    if len(values) == 1:
        return column, f".eq({quoted(values[0])})", lambda cells: cells.eq(values[0])
    listed = ", ".join(map(quoted, values))
    return column, f".isin([{listed}])", lambda cells: cells.isin(list(values))


def _holds(column: str, values: tuple[str, ...]) -> Condition:
    if len(values) == 1:
        only = values[0]
        code = f".map(lambda ids: {quoted(only)} in ids)"
        return column, code, lambda cells: cells.map(lambda ids: only in ids)
    wanted = set(values)
    code = f".map(lambda ids: not {{{', '.join(map(quoted, values))}}}.isdisjoint(ids))"
    return column, code, lambda cells: cells.map(lambda ids: not wanted.isdisjoint(ids))


def _contains(word: str) -> Condition:
    # "late" is no "plate", but "later"; scripts without blanks have no beginnings of words.
    begins = r"\b" if word[0].isascii() and word[0].isalnum() else ""
    pattern = begins + re.escape(word)
    shown = f'r"{pattern}"' if word.isalnum() else repr(pattern)
    code = f".str.contains({shown}, case=False)"
    return "comment", code, lambda cells: cells.str.contains(pattern, case=False)


def quoted(value: object) -> str:
    """Return a value as Python, in double quotes where that needs no escape.

    Parameters
    ----------
    value : str or int
    """
    text = repr(value)
    plain = isinstance(value, str) and value.isprintable() and not set(value) & set("\"'\\")
    return f'"{value}"' if plain else text
