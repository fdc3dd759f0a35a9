"""A large file to tidy rows, piece by piece in a steady memory, with the ledger of a small one.

Every piece goes through the ordinary reader. What can only be decided over a whole file, the form
of its dates and the marketplace of rows that do not tell it, is decided at the end over the
distinct values, by the functions that decide it for a small file.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa

from feedback_analysis.amazon import dates
from feedback_analysis.amazon.batch import (
    Batch,
    Facts,
    make_batch,
    refuse_other_shops,
    shortened_notes,
)
from feedback_analysis.amazon.decode import undecodable
from feedback_analysis.amazon.delimited import read_rows
from feedback_analysis.amazon.file import NO_ROWS, recognise, tidied
from feedback_analysis.amazon.kept import LargeFile
from feedback_analysis.amazon.order_ids import note_of_lost_ids
from feedback_analysis.amazon.report_types import Match, ReportType
from feedback_analysis.amazon.rows import none_readable
from feedback_analysis.amazon.stream import Stream, decodes_as, open_stream
from feedback_analysis.privacy import OrderKeys
from feedback_analysis.tables import TEXT
from feedback_analysis.texts import arrow


@dataclass(eq=False)
class Opened:
    """A large file whose report type is known, to be read piece by piece."""

    stream: Stream
    match: Match
    separator: str
    headers: list[str]
    facts: Facts

    @property
    def report(self) -> ReportType:
        """What the file is."""
        return self.match.report

    def ledger(self) -> LargeFile:
        """Return an empty ledger of the file."""
        stream = self.stream
        return LargeFile(stream.path, self.report, self.facts, stream.label, stream.digest)

    def batches(self, keys: OrderKeys, ledger: LargeFile) -> Iterator[Batch]:
        """Yield the rows of each piece as the ordinary reader types them, and count them."""
        is_feedback = self.report.id == "feedback"
        quoted = self.report.quotes(self.separator)
        starts_row = dates.looks_like_date if is_feedback else None
        # Whether a file is of the shop's marketplaces is no question for a piece of it.
        facts = replace(self.facts, marketplace=self.facts.market, marketplaces=())
        for content, before in self.stream.pieces(self.separator, starts_row, quoted=quoted):
            rows = read_rows(
                content,
                separator=self.separator,
                positions=self.match.positions,
                header=self.headers,
                quoted=quoted,
                file=self.stream.path,
                starts_row=starts_row,
                by_hand=self.report.by_hand,
                before=before,
            )
            ledger.read += rows.read
            ledger.notes += rows.notes
            rows.notes = []
            yield make_batch(
                rows, self.match, self.headers, file=self.stream.path, facts=facts, keys=keys
            )


def open_large(path: Path, facts: Facts, *, alone: bool = False) -> Opened:
    """Look through a large file and recognise it by its beginning.

    Parameters
    ----------
    path : Path
    facts : Facts
        What is stated about the file.
    alone : bool
        There is no other file to compare the content with, so it gets no digest.

    Raises
    ------
    ReportError
        If the file is no known report, or no text.
    """
    stream = open_stream(path, japanese=facts.market == "JP", alone=alone)
    content, match, separator, headers = recognise(path, stream.content(), facts)
    if content.encoding != stream.encoding:
        if not decodes_as(path, content.encoding):
            raise undecodable(path, content.encoding)
        stream = replace(stream, encoding=content.encoding, label=content.label)
    return Opened(stream, match, separator, headers, facts)


def tidy_pieces(opened: Opened, keys: OrderKeys, ledger: LargeFile) -> Iterator[pa.Table]:
    """Yield the tidy rows of a file of orders, shipments or returns, with their lines.

    Parameters
    ----------
    opened : Opened
    keys : OrderKeys
    ledger : LargeFile
        What became of the rows is counted here.

    Yields
    ------
    pyarrow.Table
        Columns of the table, ``line``, and for orders ``updated`` (text) and ``order_id``.
    """
    markets: set[str] = set()
    for batch in opened.batches(keys, ledger):
        result = tidied(batch, opened.match, opened.headers, opened.stream.label, "")
        for line, reason in result.set_aside:
            ledger.aside.add(line, reason)
        ledger.notes += result.notes
        ledger.lost_ids += int(batch.lost_ids.sum())
        (name,) = result.tables
        frame = result.tables[name]
        markets |= batch.told
        updated = result.extra.get("last_updated")
        frame = frame.assign(line=result.lines[name], updated="" if updated is None else updated)
        if name == "orders":
            frame["order_id"] = frame["order_key"].map(keys.known).astype(TEXT)
            keys.known.clear()
        yield pa.Table.from_pandas(frame, preserve_index=False).replace_schema_metadata(None)
    refuse_other_shops("the file's orders are of", markets, opened.facts, file=opened.stream.path)


def finish_notes(ledger: LargeFile) -> None:
    """Bring a file's notes into the form of a small file's: each once, not too many."""
    joined = [note for note in ledger.notes if note.endswith("(a broken comment)")]
    told = {*joined, NO_ROWS}
    rest = [note for note in dict.fromkeys(ledger.notes) if note not in told]
    none = [] if ledger.read else [NO_ROWS]
    lost = note_of_lost_ids(ledger.lost_ids)
    ledger.notes[:] = [*shortened_notes(joined), *none, *rest, *lost]


def check_kept(ledger: LargeFile) -> None:
    """Refuse a file of which no row can be read.

    Raises
    ------
    ReportError
        With the first line and why it was set aside.
    """
    if ledger.read and not ledger.kept:
        reason, lines = min(ledger.aside.lines.items(), key=lambda item: item[1][0])
        raise none_readable(ledger.file, ledger.read, lines[0], reason)


class Numbered:
    """Distinct texts of a column that comes in pieces, numbered in the order they come."""

    def __init__(self) -> None:
        self.texts: list[str] = []
        self._places: dict[str, int] = {}

    def codes(self, column: pd.Series) -> np.ndarray:
        """Return the number of each text."""
        coded = arrow(column).combine_chunks().dictionary_encode()
        return self.of(coded.dictionary.to_pylist())[coded.indices.to_numpy()]

    def of(self, texts: list[str]) -> np.ndarray:
        """Return the numbers of some texts."""
        for text in texts:
            if text not in self._places:
                self._places[text] = len(self.texts)
                self.texts.append(text)
        return np.array([self._places[text] for text in texts], dtype=np.int32)

    def series(self, used: np.ndarray | None = None) -> pd.Series:
        """Return the texts, or those of some numbers, as a column."""
        texts = self.texts if used is None else [self.texts[code] for code in used]
        return pd.Series(texts, dtype=TEXT)
