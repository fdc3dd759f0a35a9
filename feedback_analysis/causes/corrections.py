"""What people said about comments: it counts before anything the labeller finds, and teaches it.

A file of corrections is a log: rows are added at its end, and of several rows for one comment the
last counts. Nothing is ever taken out of it by this package.
"""

from __future__ import annotations

import csv
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from feedback_analysis.causes.taxonomy import Taxonomy
from feedback_analysis.errors import ReportError, did_you_mean
from feedback_analysis.sheets import harmless, original

COLUMNS = ("comment", "order_key", "causes")


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
    return " ".join(str(comment).split()) if comment == comment and comment is not None else ""


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
        _check_columns(list(given.columns), None)
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
        causes = taxonomy.known(row.get("causes", "").split(";"), **where, column="causes")
        comment, key = plain(row.get("comment", "")), row.get("order_key", "").strip()
        if not causes:
            continue
        if not comment and not key:
            raise ReportError(
                "a correction names neither a comment nor an order key",
                **where,
                remedy="fill in the column comment, or take the row out",
            )
        if comment:
            by_comment.pop(comment, None)
            by_comment[comment] = causes
        if key:
            by_key[key] = causes
    return Corrections(by_comment, by_key)


def read_rows(path: Path) -> Iterator[tuple[int, dict[str, str]]]:
    """Yield the line and the fields of each row of a corrections file."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.reader(file)
            header = [name.strip() for name in next(reader, [])]
            _check_columns(header, path)
            for row in reader:
                if any(cell.strip() for cell in row):
                    yield reader.line_num, dict(zip(header, map(original, row), strict=False))
    except UnicodeDecodeError:
        raise ReportError(
            "it is not UTF-8 text", file=path, remedy="save it as CSV UTF-8"
        ) from None
    except csv.Error as error:
        raise ReportError(f"it is no CSV: {error}", file=path) from None


def _check_columns(header: list[str], path: Path | None) -> None:
    place = {} if path is None else {"file": path}
    if "causes" not in header:
        hint = did_you_mean("causes", header)
        raise ReportError(f"there is no column 'causes'.{hint}", **place, expected=_FORM)
    if "comment" not in header and "order_key" not in header:
        hint = did_you_mean("comment", header)
        raise ReportError(f"there is no column 'comment'.{hint}", **place, expected=_FORM)


_FORM = "columns causes (ids joined by ;) and comment or order_key"


def add_correction(path: str | Path, comment: str, causes: list[str], order_key: str = "") -> None:
    """Write one more correction at the end of a file; what stands in it stays.

    Parameters
    ----------
    path : str or Path
        The file; made when it is not there.
    comment : str
    causes : list of str
        Cause ids, most important first.
    order_key : str, optional
    """
    path = Path(path)
    row = {"comment": harmless(plain(comment)), "order_key": order_key, "causes": ";".join(causes)}
    header = list(COLUMNS)
    old = path.read_bytes() if path.is_file() else b""
    if old:
        text = old.decode("utf-8-sig")
        header = next(csv.reader(text.splitlines()[:1]), header)
        _check_columns(header, path)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    with open(descriptor, "a", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, header, extrasaction="ignore", lineterminator="\n")
        if not old:
            writer.writeheader()
        elif not old.endswith(b"\n"):
            file.write("\n")
        writer.writerow(row)
