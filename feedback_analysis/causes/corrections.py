"""What people said about comments: it counts before anything the labeller finds, and teaches it.

A file of corrections is a log: rows are added at its end, and of several rows for one comment the
last counts. Nothing is ever taken out of it by this package; ``corrections_log`` writes it.
"""

from __future__ import annotations

import csv
import io
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from feedback_analysis.causes.taxonomy import Taxonomy
from feedback_analysis.errors import ReportError, did_you_mean
from feedback_analysis.formulas import original
from feedback_analysis.privacy import scrub_text

COLUMNS = ("comment", "order_key", "causes")
DELIMITERS = ",;\t"
# How a file in UTF-16 begins.
WIDE = (b"\xff\xfe", b"\xfe\xff")


@dataclass(frozen=True)
class Corrections:
    """Causes given by people.

    Attributes
    ----------
    by_comment, by_key : dict of str to tuple of str
        Cause ids by comment and by order key.
    """

    by_comment: dict[str, tuple[str, ...]]
    by_key: dict[str, tuple[str, ...]]

    def __len__(self) -> int:
        return len(self.by_comment) + len(self.by_key)


NONE = Corrections({}, {})


def plain(comment: object) -> str:
    """Return a comment as it is compared: without blanks at its ends, line ends as one blank."""
    if comment is None or comment != comment:
        return ""
    text = " ".join(str(comment).split())
    # Half a sign, as JSON may hold it, is none that can be written or looked up.
    return text if text.isascii() else text.encode("utf-8", "replace").decode("utf-8")


def corrections_of(given: object, taxonomy: Taxonomy) -> Corrections:
    """Return corrections from a file, a table, or as they are.

    Parameters
    ----------
    given : None, str, Path, DataFrame or Corrections
        Columns ``causes`` (ids joined by ;) and ``comment`` or ``order_key``, or both.
    taxonomy : Taxonomy
        What the ids must be of.

    Returns
    -------
    Corrections

    Raises
    ------
    ReportError
        If a column is missing or an id is none of the taxonomy's.
    """
    if given is None:
        return NONE
    if isinstance(given, Corrections):
        return given
    if isinstance(given, pd.DataFrame):
        check_columns(list(given.columns), None)
        records = given.fillna("").astype(str).to_dict("records")
        rows: Iterator = enumerate(records, 1)
        place: dict = {}
    else:
        path = Path(str(given))
        rows, place = read_rows(path), {"file": path}
    by_comment: dict[str, tuple[str, ...]] = {}
    by_key: dict[str, tuple[str, ...]] = {}
    for line, row in rows:
        where = {**place, "line": line} if place else {}
        causes = taxonomy.known(ids_of(row), **where, column="causes")
        comment = plain(row.get("comment", ""))
        key = row.get("order_key", "").strip()
        if not causes:
            continue
        if not comment and not key:
            raise ReportError(
                "a correction names neither a comment nor an order key",
                **where,
                remedy="fill in the column comment, or take the row out",
            )
        # Tables hold comments with their numbers masked; a person may have copied one as written.
        for form in dict.fromkeys(filter(None, (comment, plain(scrub_text(comment))))):
            by_comment.pop(form, None)
            by_comment[form] = causes
        if key:
            by_key[key] = causes
    return Corrections(by_comment, by_key)


def ids_of(row: dict[str, str]) -> list[str]:
    """Return the cause ids of a row; commas part them too, as in a file parted by semicolons."""
    return row.get("causes", "").replace(",", ";").split(";")


def read_rows(path: Path) -> Iterator[tuple[int, dict[str, str]]]:
    """Yield the line and the fields of each row of a corrections file.

    Parameters
    ----------
    path : Path
        Columns parted by commas, semicolons or tabs, as spreadsheets of different countries do.
    """
    text = text_of(path)
    # A comment may be longer than Python's own limit of a field.
    csv.field_size_limit(min(sys.maxsize, 2**31 - 1))
    delimiter = delimiter_of(text)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    try:
        header = [name.strip() for name in next(reader, [])]
        check_columns(header, path)
        for row in reader:
            if len(row) > len(header) and any(cell.strip() for cell in row[len(header) :]):
                raise ReportError(
                    "a row has more fields than the header",
                    file=path,
                    line=reader.line_num,
                    remedy=f"put texts that hold a '{delimiter}' into quotes",
                )
            if any(cell.strip() for cell in row):
                yield reader.line_num, dict(zip(header, map(original, row), strict=False))
    except csv.Error as error:
        raise ReportError(f"it is no CSV: {error}", file=path, line=reader.line_num) from None


def text_of(path: Path) -> str:
    """Return the text of a file as any spreadsheet may have saved it."""
    try:
        content = path.read_bytes()
    except OSError as error:
        reason = (error.strerror or "no such file").lower()
        raise ReportError(f"it cannot be read: {reason}", file=path) from None
    wide = content.startswith(WIDE)
    try:
        return content.decode("utf-16" if wide else "utf-8-sig").replace("\0", "")
    except UnicodeError:
        raise ReportError(
            "it is not UTF-8 text", file=path, remedy="save it as CSV UTF-8"
        ) from None


def delimiter_of(text: str) -> str:
    """Return what parts the columns: what makes a column ``causes`` in the first line."""
    first = text.partition("\n")[0].strip("\r")
    for mark in DELIMITERS:
        if "causes" in [name.strip(' "') for name in first.split(mark)]:
            return mark
    return ","


def check_columns(header: list[str], path: Path | None) -> None:
    """Refuse a header without the columns that a correction needs."""
    place = {} if path is None else {"file": path}
    if "causes" not in header:
        hint = did_you_mean("causes", header)
        raise ReportError(f"there is no column 'causes'.{hint}", **place, expected=_FORM)
    if "comment" not in header and "order_key" not in header:
        hint = did_you_mean("comment", header)
        raise ReportError(f"there is no column 'comment'.{hint}", **place, expected=_FORM)


_FORM = "columns causes (ids joined by ;) and comment or order_key"


def said_of(corrections: Corrections, comment: str, order_key: str = "") -> tuple[str, ...]:
    """Return what people said of a feedback: of its order, else of its words; empty for nothing.

    Parameters
    ----------
    corrections : Corrections
    comment : str
    order_key : str, optional

    Returns
    -------
    tuple of str
        Cause ids.
    """
    by_words = corrections.by_comment.get(plain(comment), ())
    return corrections.by_key.get(order_key, by_words) if order_key else by_words
