"""The seller's own downloads: which lines hold an order, and how these are taken out."""

from __future__ import annotations

import csv
import gzip
import io
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from feedback_analysis.amazon.decode import MARKS
from feedback_analysis.amazon.facts import Facts
from feedback_analysis.amazon.file import FileResult, read_file, recognise_file
from feedback_analysis.aside import aside
from feedback_analysis.errors import ReportError
from feedback_analysis.names import Names
from feedback_analysis.privacy import OrderKeys
from feedback_analysis.purged import DAYS

if TYPE_CHECKING:
    from feedback_analysis.purge.target import Target

# What stays of a feedback: its stars, its day, and of the address what tells the marketplace.
_STAYS = {"date", "rating"}


@dataclass(eq=False)
class Download:
    """One file below ``amazon/``.

    Attributes
    ----------
    path : Path
    name : str
        Its path below ``amazon/``.
    facts : Facts
        What is stated about it.
    result : FileResult or None
        What it gave; None when it cannot be read.
    tables : dict of DataFrame
        The tables that it gave.
    """

    path: Path
    name: str
    facts: Facts
    result: FileResult | None
    tables: dict[str, pd.DataFrame] = field(default_factory=dict)
    _records: list[tuple[int, str]] | None = None

    def lines(self, target: Target) -> list[int]:
        """Return the lines on which rows begin that are to go.

        Parameters
        ----------
        target : Target
            Whose.
        """
        if not self.is_flat:
            return []
        found: set[int] = set()
        for name, frame in self.tables.items():
            if name in DAYS:
                hidden = target.hides(frame["order_key"], frame[DAYS[name]])
                found.update(np.asarray(self.result.lines[name])[hidden].tolist())
        bare = bare_ids(target)
        for line, text in self.records():
            if line not in found and holds_order(text, target, bare):
                found.add(line)
        return sorted(found)

    @property
    def is_flat(self) -> bool:
        """Whether it has rows and columns, unlike JSON, which holds no order."""
        return self.result is not None and not self.result.report.json_keys

    def records(self) -> list[tuple[int, str]]:
        """Return the line and the text of each row."""
        if self._records is None:
            content, match, separator, _ = recognise_file(self.path, self.facts)
            if match.report.quotes(separator):
                lines = list(io.StringIO(content.text, newline=""))
            else:
                # Other signs that end a line for Python stand in comments.
                lines = content.text.split("\n")
                lines[:-1] = [f"{line}\n" for line in lines[:-1]]
            starts = {line for rows in self.result.lines.values() for line in rows.tolist()}
            starts |= {line for line, _ in self.result.set_aside}
            ordered = sorted(starts - {0})
            self._records = [
                (start, "".join(lines[start - 1 : following - 1]))
                for start, following in pairwise([*ordered, len(lines) + 1])
            ]
        return self._records

    def written(self, target: Target) -> Iterator[tuple[str, str]]:
        """Yield what buyers wrote in rows that are to go, as the file has it, on lines and joined.

        Parameters
        ----------
        target : Target
            Whose.
        """
        wanted = set(self.lines(target))
        if not wanted:
            return
        _, match, separator, _ = recognise_file(self.path, self.facts)
        place = match.positions.get("comment")
        if place is None:
            return
        for line, text in self.records():
            if line in wanted:
                cells = _cells(text, separator, match.report.quotes(separator))
                if place < len(cells) and cells[place].strip():
                    yield cells[place], " ".join(cells[place].split())

    def take_out(self, target: Target) -> int:
        """Take the rows out of the file, in one step; of feedback the stars and the day stay.

        Parameters
        ----------
        target : Target
            Whose.

        Returns
        -------
        int
            How many rows.
        """
        wanted = set(self.lines(target))
        if not wanted:
            return 0
        content, match, separator, _ = recognise_file(self.path, self.facts)
        quoted = match.report.quotes(separator)
        keeps = {match.positions[name] for name in _STAYS & set(match.positions)}
        stars = self.result.report.id == "feedback"
        text = content.text
        head = text[: len(text) - sum(len(each) for _, each in self.records())]
        parts = [head]
        for line, row in self.records():
            if line not in wanted:
                parts.append(row)
            elif stars:
                cells = _cells(row, separator, quoted)
                address = match.positions.get("email")
                parts.append(_blanked(cells, keeps, address, separator, quoted, _end(row)))
        with aside(self.path, keep_mode=True) as new:
            new.write_bytes(_packed("".join(parts), content.encoding, self.path.read_bytes()))
        self._records = None
        return len(wanted)


def read_downloads(
    paths: list[tuple[Path, str, Facts]], keys: OrderKeys, names: Names
) -> list[Download]:
    """Read the files below ``amazon/``, purged rows too.

    Parameters
    ----------
    paths : list of tuple
        Path, path below ``amazon/`` and facts of each.
    keys : OrderKeys
        Turns order ids into keys.
    names : Names
        Learns the names of buyers.

    Returns
    -------
    list of Download
        One a file, readable or not.
    """
    found = []
    for path, name, facts in paths:
        try:
            result = read_file(path, facts, keys, names=names)
        except ReportError:
            result = None
        found.append(Download(path, name, facts, result, dict(result.tables) if result else {}))
    return found


def bare_ids(target: Target) -> set[str]:
    """Return the order ids that are to go, without their dashes.

    Parameters
    ----------
    target : Target
        Whose.
    """
    return {"".join(filter(str.isalnum, each)) for each in target.ids}


def holds_order(text: str, target: Target, bare: set[str]) -> bool:
    """Tell whether a row, or a file's name, holds an order id that is to go.

    Parameters
    ----------
    text : str
        The row or the name.
    target : Target
        Whose.
    bare : set of str
        What :func:`bare_ids` returns.
    """
    if not target.ids or not any(sign.isdigit() for sign in text):
        return False
    if len(target.ids) < 50:
        joined = "".join(filter(str.isalnum, text))
        return any(each in text for each in target.ids) or any(each in joined for each in bare)
    return target.codes.found_in(text.encode("utf-8", "replace"))


def _cells(row: str, separator: str, quoted: bool) -> list[str]:
    bare = row.rstrip("\r\n")
    if quoted:
        return next(csv.reader(io.StringIO(bare, newline=""), delimiter=separator), [])
    return " ".join(bare.splitlines()).split(separator)


def _end(row: str) -> str:
    return row[len(row.rstrip("\r\n")) :]


def _blanked(
    cells: list[str], keeps: set[int], address: int | None, separator: str, quoted: bool, end: str
) -> str:
    """Return a feedback's row without words, order and address."""
    kept = [cell if place in keeps else "" for place, cell in enumerate(cells)]
    if address is not None and address < len(cells) and "@" in cells[address]:
        kept[address] = "@" + cells[address].rpartition("@")[2]
    if not quoted:
        return separator.join(kept) + end
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=separator, lineterminator="").writerow(kept)
    return out.getvalue() + end


def _packed(text: str, encoding: str, old: bytes) -> bytes:
    """Return a text in the encoding and the pack that its file had."""
    packed = old[:2] == b"\x1f\x8b"
    begin = gzip.decompress(old)[:4] if packed else old[:4]
    mark, encoding = next(
        ((mark, name) for mark, name, _ in MARKS if begin.startswith(mark)), (b"", encoding)
    )
    data = mark + text.encode(encoding)
    return gzip.compress(data, mtime=0) if packed else data
