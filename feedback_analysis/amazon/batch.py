"""One file on its way to a tidy table: its rows, what is known about it, what was set aside."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from feedback_analysis.amazon import dates, numbers
from feedback_analysis.amazon.delimited import Rows
from feedback_analysis.amazon.report_types import Match, ReportType
from feedback_analysis.errors import ReportError
from feedback_analysis.marketplaces import marketplaces
from feedback_analysis.privacy import OrderKeys
from feedback_analysis.tables import TEXT
from feedback_analysis.texts import arrow, series


@dataclass(frozen=True)
class Facts:
    """What is stated about a file beside its content.

    Attributes
    ----------
    marketplace : str or None
        Code, from the caller, shop.toml, periods.csv or a folder's name.
    start, end : date or None
        The period, from the same places.
    report : str or None
        Id of the report type, from shop.toml.
    columns : mapping
        Our column names to the file's headers, from shop.toml.
    marketplaces : tuple of str
        The shop's marketplaces; empty when not stated.
    pattern : str
        The file's path below ``amazon/``, for messages that show a line to write.
    """

    marketplace: str | None = None
    start: date | None = None
    end: date | None = None
    report: str | None = None
    columns: Mapping[str, str] = field(default_factory=dict)
    marketplaces: tuple[str, ...] = ()
    pattern: str = "the file"

    @property
    def market(self) -> str | None:
        """The marketplace stated for the file, else the shop's only one, else None."""
        sole = self.marketplaces[0] if len(self.marketplaces) == 1 else None
        return self.marketplace or sole


def refuse_other_shops(
    what: str, found: set[str], facts: Facts, *, file: object, column: str | None = None
) -> None:
    """Refuse a file none of whose marketplaces is the shop's.

    Parameters
    ----------
    what : str
        What the marketplaces are told by, such as ``the buyers wrote from``.
    found : set of str
        Marketplaces that the file tells.
    facts : Facts
        What is stated about it.
    file, column
        For the message.

    Raises
    ------
    ReportError
        If the shop states its marketplaces, and all that were found are others.
    """
    shops = set(facts.marketplaces)
    if found and shops and not found & shops:
        raise ReportError(
            f"{what} marketplaces that are none of the shop's",
            file=file,
            column=column,
            expected=", ".join(sorted(shops)),
            found=", ".join(sorted(found)),
            remedy="is it another shop's file? If not, add the marketplace to shop.toml",
        )


@dataclass
class Batch:
    """The rows of one file, typed column by column, and the ledger of what left them.

    ``told`` are the marketplaces that the rows themselves tell, whatever is stated about the file;
    ``lost_ids`` says of the rows whose order ids were read which of these a spreadsheet spoilt.
    """

    file: object
    report: ReportType
    frame: pd.DataFrame
    lines: np.ndarray
    read: int
    facts: Facts
    keys: OrderKeys
    headers: Mapping[str, str] = field(default_factory=dict)
    set_aside: list[tuple[int, str]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    told: set[str] = field(default_factory=set)
    lost_ids: np.ndarray = field(default_factory=lambda: np.array([], dtype=bool))

    def reject(self, bad: pd.Series | np.ndarray, reason: str | Callable[[int], str]) -> None:
        """Set rows aside: drop them from the frame and note line and reason of each."""
        mask = np.asarray(bad, dtype=bool)
        if not mask.any():
            return
        for place in mask.nonzero()[0]:
            text = reason(int(place)) if callable(reason) else reason
            self.set_aside.append((int(self.lines[place]), text))
        self.frame = self.frame.loc[~mask].reset_index(drop=True)
        self.lines = self.lines[~mask]

    def has(self, column: str) -> bool:
        """Tell whether the file has a column."""
        return column in self.frame

    def pop(self, column: str) -> pd.Series:
        """Return a column and drop it: one that is used up need not lie in memory twice."""
        values = self.frame[column]
        self.frame = self.frame.drop(columns=column)
        return values

    def texts(self, column: str, *, missing: bool = True) -> pd.Series:
        """Return a column of stripped texts; an absent column or empty cell is missing."""
        if column not in self.frame:
            return pd.Series(np.nan if missing else "", index=self.frame.index, dtype=TEXT)
        # Arrow's own functions: a folder holds hundreds of small files.
        texts = pc.utf8_trim_whitespace(arrow(self.frame[column]))
        if missing:
            texts = pc.if_else(pc.equal(texts, ""), pa.scalar(None, texts.type), texts)
        return series(texts, self.frame.index)

    def header(self, column: str) -> str:
        """Return the file's own header of one of our columns."""
        return self.headers.get(column, column)

    def not_a_day(self, column: str, form: str) -> str:
        """Return why a row is set aside whose date does not fit the form of the others."""
        return f"column '{self.header(column)}': not a date with the {dates.FORMS[form]}"

    def read_days(self, column: str, *, market: str | None, pattern: str | None = None) -> None:
        """Put the days of a column of dates into ``day``; rows without one are set aside.

        Parameters
        ----------
        column : str
            One of our columns.
        market : str or None
            Marketplace whose form of dates it has, where that is known.
        pattern : str, optional
            As for :func:`.dates.column_form`.
        """
        texts = self.frame[column]
        form = dates.column_form(
            texts,
            stated=marketplaces()[market].date_format if market else None,
            file=self.file,
            column=self.header(column),
            pattern=pattern,
        )
        self.frame = self.frame.assign(day=dates.parse_days(texts, form))
        self.reject(self.frame["day"].isna(), self.not_a_day(column, form))


# What a cell of each kind holds: how to read it, and what to call it when it cannot be read.
_READERS: dict[str, tuple[Callable[[str], object], str, str]] = {
    "count": (numbers.count, "a count", "Int64"),
    "percent": (numbers.percent, "a percentage", "float64"),
    "money": (numbers.money, "an amount", "float64"),
    "amount": (numbers.money, "an amount", "float64"),
    "decimal": (lambda text: numbers.money(text) if text != "-" else None, "a number", "float64"),
}
_ANSWERS = {"yes": True, "no": False}
_HARMLESS = re.compile(r"[\d.,%+/: -]*")


def make_batch(rows: Rows, match: Match, headers: Sequence[str], **context: object) -> Batch:
    """Type the columns of a file by their declared kind; unreadable cells set their row aside."""
    columns, frame = match.report.columns, rows.frame
    batch = Batch(
        report=match.report,
        frame=frame,
        lines=rows.lines,
        read=rows.read,
        headers={name: headers[place] for name, place in match.positions.items()},
        set_aside=list(rows.set_aside),
        notes=shortened_notes(rows.notes),
        **context,  # type: ignore[arg-type]
    )
    # Columns are put together once: a folder holds hundreds of small files.
    made, kept, currency = {}, np.ones(len(frame), dtype=bool), {}
    for name in frame:
        column, texts = columns.get(name), frame[name]
        kind = column.kind if column else "text"
        if kind == "money":
            currency = {"currency": _currency(batch, name, texts[kept])}
        if kind in _READERS:
            made[name] = _converted(batch, name, texts.tolist(), kept, *_READERS[kind])
        elif kind == "present":
            made[name] = (texts.str.strip() != "").to_numpy(dtype=bool)
        elif kind == "answer":
            made[name] = texts.str.strip().str.casefold().map(_ANSWERS).astype("boolean").array
        elif kind == "named_day":
            made[name] = dates.parse_named_days(texts).array
            made[f"{name}_text"] = texts.array
        else:
            made[name] = texts.array
    batch.frame = pd.DataFrame(made, index=frame.index, copy=False)
    batch.frame.attrs |= currency
    if not kept.all():
        batch.frame = batch.frame.loc[kept].reset_index(drop=True)
        batch.lines = batch.lines[kept]
    for total, parts in match.report.sums.items():
        if total not in batch.frame and all(part in batch.frame for part in parts):
            batch.frame[total] = sum(batch.frame[part] for part in parts)
    return batch


def _converted(
    batch: Batch,
    name: str,
    cells: list[str],
    kept: np.ndarray,
    read: Callable[[str], object],
    what: str,
    dtype: str,
) -> Any:
    """Return a column's values; rows that are kept no more for one of them are set aside."""
    texts = [text.strip() for text in cells]
    values = {text: read(text) if text else None for text in set(texts)}
    found = [values[text] for text in texts]
    bad = [bool(text) and value is None for text, value in zip(texts, found, strict=True)]
    for place in np.flatnonzero(kept & np.array(bad, dtype=bool)):
        reason = f"column '{batch.header(name)}': {_cell(texts[place])} is not {what}"
        batch.set_aside.append((int(batch.lines[place]), reason))
        kept[place] = False
    return _typed(found, dtype)


def _typed(values: list[Any], dtype: str) -> Any:
    """Return numbers as an array, None as a missing value."""
    if dtype == "float64":
        return np.array([np.nan if value is None else value for value in values], dtype=dtype)
    known = np.array([0 if value is None else value for value in values], dtype=np.int64)
    return pd.arrays.IntegerArray(known, np.array([value is None for value in values], dtype=bool))


def _currency(batch: Batch, name: str, texts: pd.Series) -> str | None:
    """Return the currency sign of a money column: one file has one currency."""
    signs = {
        sign
        for text in set(texts.tolist())
        if (sign := numbers.currency(text)) is not None and numbers.money(text) is not None
    }
    if len(signs) > 1:
        raise ReportError(
            "the file holds several currencies",
            file=batch.file,
            column=batch.header(name),
            expected="one currency",
            found=", ".join(sorted(signs)),
            remedy="download one report a marketplace",
        )
    return next(iter(signs), None)


def _cell(text: str) -> str:
    """Return a cell for a message; of a text, which may be a name or a number to call, its length.

    A row whose cells have slipped shows a buyer's words where a count should be.
    """
    short = text[:17]
    digits = sum(character.isdigit() for character in short)
    if len(short) <= 16 and digits < 7 and _HARMLESS.fullmatch(text):
        return repr(text)
    return f"a text of {len(text)} characters"


def shortened_notes(notes: Sequence[str]) -> list[str]:
    """Return the first notes of many that say the same, and how many more there are."""
    if len(notes) <= 3:
        return list(notes)
    return [*notes[:3], f"and {len(notes) - 3} more of these"]
