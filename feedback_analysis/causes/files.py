"""Labels a CSV file of comments: row by row, as it came, with three columns more."""

from __future__ import annotations

import csv
import itertools
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

from feedback_analysis.aside import aside
from feedback_analysis.causes.corrections import DELIMITERS, WIDE
from feedback_analysis.causes.label import ADDED, Answer, labelling
from feedback_analysis.causes.taxonomy import own_taxonomy, read_taxonomy
from feedback_analysis.errors import ReportError, did_you_mean
from feedback_analysis.formulas import harmless
from feedback_analysis.texts import several

# Rows held at a time, whatever the size of the file.
BATCH = 5_000
# Lines that a header may have.
LONGEST_HEADER = 50
# Comments from which a user's taxonomy is learnt; more teach no more.
LEARNT = 20_000


@dataclass(frozen=True)
class Labelled:
    """What was done.

    Attributes
    ----------
    rows, empty : int
        Rows written, and those of them without a comment.
    encoder : str
        Name of the encoder.
    learnt_from : int
        Comments of the file itself that taught the labeller; 0 with the package's own taxonomy.
    formulas : int
        Given cells that a spreadsheet would take for a formula; they are written as they came.
    """

    rows: int
    empty: int
    encoder: str
    learnt_from: int
    formulas: int = 0

    @property
    def text(self) -> str:
        """Return it in words."""
        parts = [f"{several(self.rows, 'row')} labelled"]
        if self.empty:
            parts.append(f"{self.empty:,} without a comment")
        parts.append(
            "words and characters only, no sentence vectors"
            if self.encoder == "none"
            else f"sentence vectors: {self.encoder}"
        )
        if self.learnt_from:
            parts.append(f"learnt from {several(self.learnt_from, 'comment')} of this file")
        text = "; ".join(parts) + "."
        if self.formulas:
            text += (
                f" {several(self.formulas, 'cell')} that came with the file would be taken for a "
                "formula by a spreadsheet, and every cell is written as it came: bring the file "
                "into a spreadsheet by importing its columns as text."
            )
        return text


def label_file(
    source: str | Path,
    target: str | Path,
    *,
    taxonomy: str | Path | None = None,
    corrections: str | Path | None = None,
    encoder: str = "auto",
    workers: int | None = None,
) -> Labelled:
    """Write a CSV file again with the questions, the causes and the confidence of each comment.

    Parameters
    ----------
    source, target : str or Path
        The file with a column ``comment``, and where the labelled one shall be.
    taxonomy, corrections : str or Path, optional
        A user's taxonomy instead of ours, and what people corrected.
    encoder : str, default="auto"
        Sentence vectors.
    workers : int, optional
        Processes; by default as many as there are cores where that pays.

    Returns
    -------
    Labelled

    Raises
    ------
    ReportError
        If the file cannot be read, or has no column ``comment``.
    """
    source, target = Path(source), Path(target)
    if target.is_dir():
        raise ReportError("there is a folder of that name", file=target, remedy="name a file")
    if not target.absolute().parent.is_dir():
        raise ReportError(
            "there is no such folder", file=target.parent, remedy="make it, or name another"
        )
    own = taxonomy is None
    chosen = own_taxonomy() if own else read_taxonomy(taxonomy)
    with _opened(source) as table:
        held = [] if own else _to_learn_from(table)
    made = labelling(chosen, corrections, encoder=encoder, comments=held)
    rows = empty = formulas = 0
    with _opened(source) as table, _aside(target) as file:
        # Both signs count as an end of line, so that a cell with either of them is quoted.
        writer = csv.writer(_Ending(file), delimiter=table.delimiter, lineterminator="\r\n")
        writer.writerow([*table.header, *ADDED])
        place = table.place
        labelled = made.along(
            table.batches(), lambda rows: ([row[place] for row in rows], None), workers=workers
        )
        for batch, answers in labelled:
            fields = fields_of(answers)
            writer.writerows([*row, *added] for row, added in zip(batch, fields, strict=True))
            rows += len(batch)
            formulas += sum(harmless(cell) != cell for row in batch for cell in row)
            empty += sum(not added[1] for added in fields)
    return Labelled(rows, empty, made.encoder, 0 if own else len(held), formulas)


@dataclass
class _Ending:
    """A file whose rows end with a line feed alone."""

    file: TextIO

    def write(self, row: str) -> int:
        return self.file.write(f"{row[:-2]}\n")


def fields_of(answers: Iterable[Answer]) -> list[tuple[str, str, str]]:
    """Return answers as the fields of a row: ids joined by ``;``, empty where nothing is told."""
    return [
        (";".join(questions), ";".join(causes), f"{confidence:.4f}" if causes else "")
        for questions, causes, confidence in answers
    ]


def _to_learn_from(table: _Table) -> list[str]:
    """Return distinct comments, the same ones in whatever order they come."""
    from hashlib import blake2b

    found: dict[bytes, str] = {}
    for batch in table.batches():
        for row in batch:
            if text := row[table.place].strip():
                found.setdefault(blake2b(text.encode(), digest_size=8).digest(), text)
        if len(found) > 2 * LEARNT:
            found = dict(sorted(found.items())[:LEARNT])
    return [text for _, text in sorted(found.items())[:LEARNT]]


@dataclass
class _Table:
    path: Path
    header: list[str]
    place: int
    delimiter: str
    rows: Iterator[list[str]]

    def batches(self) -> Iterator[list[list[str]]]:
        """Yield the rows, some thousand at a time."""
        rows = self._checked()
        while batch := list(itertools.islice(rows, BATCH)):
            yield batch

    def _checked(self) -> Iterator[list[str]]:
        reader = self.rows
        try:
            for row in reader:
                if not row:
                    # An empty line of a file with one column is an empty comment.
                    row = [""]
                    if len(self.header) > 1:
                        continue
                if len(row) != len(self.header):
                    raise ReportError(
                        "a row does not have as many fields as the header",
                        file=self.path,
                        line=reader.line_num,
                        expected=f"{len(self.header)} fields",
                        found=str(len(row)),
                        remedy="put comments that hold a separator or a line end into quotes",
                    )
                yield row
        except csv.Error as error:
            raise ReportError(
                f"it is no CSV: {error}", file=self.path, line=reader.line_num
            ) from None
        except UnicodeError:
            raise _not_text(self.path) from None


@contextmanager
def _opened(path: Path) -> Iterator[_Table]:
    # A comment may be longer than Python's own limit of a field.
    csv.field_size_limit(min(sys.maxsize, 2**31 - 1))
    try:
        with path.open(encoding=_encoding(path), newline="") as file:
            try:
                yield _table(path, file)
            except UnicodeError:
                raise _not_text(path) from None
    except FileNotFoundError:
        raise ReportError("there is no such file", file=path) from None
    except IsADirectoryError:
        raise ReportError("it is a folder, not a file", file=path) from None
    except PermissionError as error:
        raise ReportError("it must not be read or written", file=error.filename or path) from None


def _encoding(path: Path) -> str:
    with path.open("rb") as file:
        begin = file.read(4)
    return "utf-16" if begin.startswith(WIDE) else "utf-8-sig"


def _table(path: Path, file: Iterable[str]) -> _Table:
    lines = iter(file)
    # A heading in quotes may hold line ends.
    first = [next(lines, "")]
    while sum(line.count('"') for line in first) % 2 and len(first) < LONGEST_HEADER:
        first.append(next(lines, ""))
    if not "".join(first).strip():
        raise ReportError("the file is empty", file=path, expected="a header with a column comment")
    # The separator is the one that makes a column of that name.
    for delimiter in DELIMITERS:
        reader = csv.reader(itertools.chain(first, lines), delimiter=delimiter)
        header = next(csv.reader(first, delimiter=delimiter), [])
        names = [name.strip() for name in header]
        if "comment" in names:
            break
    else:
        header = max((next(csv.reader(first, delimiter=mark), []) for mark in DELIMITERS), key=len)
        names = [name.strip() for name in header]
        lower = {name.lower(): name for name in names}
        near = lower.get("comments") or lower.get("comment")
        hint = f" Did you mean '{near}'?" if near else did_you_mean("comment", names)
        raise ReportError(
            f"there is no column 'comment'.{hint}",
            file=path,
            line=1,
            found=", ".join(names)[:200],
            remedy="name the column with the comments: comment",
        )
    for name in ("comment", *ADDED):
        if names.count(name) > (1 if name == "comment" else 0):
            raise ReportError(
                f"there is a column '{name}' already"
                if name != "comment"
                else "there are two columns 'comment'",
                file=path,
                line=1,
                remedy="give it another name",
            )
    next(reader)
    return _Table(path, header, names.index("comment"), delimiter, reader)


def _not_text(path: Path) -> ReportError:
    return ReportError(
        "it is neither UTF-8 nor UTF-16 text",
        file=path,
        remedy="open it in a spreadsheet and save it as 'CSV UTF-8'",
    )


@contextmanager
def _aside(target: Path) -> Iterator:
    """Give a file to write to, and put it in place at the end if nothing went wrong."""
    # It holds comments as buyers wrote them, so it is for its owner's eyes only.
    with aside(target) as new, new.open("w", encoding="utf-8", newline="") as file:
        yield file
