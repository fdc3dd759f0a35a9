"""Writes a person's correction into the file of corrections, so that nobody's is ever lost.

Two people, or two notebooks, may save at once: each takes the lock, reads what stands there by
then, adds its row, and swaps the whole file in. What somebody else said in the meantime is never
overruled unseen.
"""

from __future__ import annotations

import csv
import io
import os
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from feedback_analysis.aside import aside
from feedback_analysis.causes.corrections import (
    COLUMNS,
    WIDE,
    Corrections,
    check_columns,
    corrections_of,
    delimiter_of,
    plain,
    said_of,
    text_of,
)
from feedback_analysis.causes.taxonomy import Taxonomy, own_taxonomy
from feedback_analysis.errors import ReportError
from feedback_analysis.formulas import harmless
from feedback_analysis.sheets import check_closed

# Longest wait for somebody else's save, in seconds; a save takes a hundredth of one.
PATIENCE = 10.0


def add_correction(
    path: str | Path,
    comment: str,
    causes: Iterable[str],
    order_key: str = "",
    *,
    known: tuple[str, ...] | None = None,
    taxonomy: Taxonomy | None = None,
) -> None:
    """Write one more correction at the end of a file; what stands in it stays, byte for byte.

    Parameters
    ----------
    path : str or Path
        The file; made when it is not there, for its owner only.
    comment : str
        The comment, masked or not; may be empty where an order key is given.
    causes : iterable of str
        Cause ids, most important first.
    order_key : str, optional
        Of the order that alone is meant; without one, every feedback with these words is.
    known : tuple of str, optional
        What the corrections said of this comment when the caller looked; an empty tuple for
        nothing. If they say something else by now, nothing is written.
    taxonomy : Taxonomy, optional
        What the ids must be of; ours by default.

    Raises
    ------
    ReportError
        If an id is unknown, the file cannot be read or written or is open in a spreadsheet, or
        somebody corrected the same comment in the meantime.
    """
    # Beside the file itself, wherever a link to it lies.
    path, taxonomy = Path(path).resolve(), taxonomy or own_taxonomy()
    causes, text = taxonomy.known(causes), plain(comment)
    if not causes:
        raise ReportError("a correction names no cause", remedy="choose at least one, or unclear")
    if not text and not order_key:
        raise ReportError("a correction names neither a comment nor an order key")
    with locked_file(path):
        check_closed(path)
        old = path.read_bytes() if path.is_file() else b""
        before = corrections_of(path, taxonomy) if old else Corrections({}, {})
        if known is not None and (said := said_of(before, text, order_key)) != known:
            raise ReportError(
                f"somebody else corrected this comment in the meantime: {', '.join(said) or '-'}",
                file=path.name,
                remedy="look at it again; if you still see it otherwise, save once more",
            )
        new = _with_row(path, old, {"comment": text, "order_key": order_key, "causes": causes})
        with _replacing(path, new) as trial:
            read = corrections_of(trial, taxonomy)
            if said_of(read, text, order_key) != causes:
                raise ReportError(
                    "the file could not take the correction, so it was left as it was",
                    file=path,
                    remedy="look at its last lines: a quotation mark may never close",
                )


def _with_row(path: Path, old: bytes, row: dict) -> bytes:
    """Return the file's content with one more row, in the order of its own columns."""
    header, delimiter = list(COLUMNS), ","
    if old:
        if old.startswith(WIDE):
            raise ReportError("it is not UTF-8 text", file=path, remedy="save it as CSV UTF-8")
        text = text_of(path)
        delimiter = delimiter_of(text)
        header = next(csv.reader(io.StringIO(text), delimiter=delimiter))
        header = [name.strip() for name in header]
        check_columns(header, path)
    for name in ("comment", "order_key"):
        if row[name] and name not in header:
            raise ReportError(
                f"there is no column '{name}', so the correction would be lost",
                file=path,
                remedy=f"add the column {name} to its first line",
            )
    out = io.StringIO(newline="")
    writer = csv.DictWriter(
        out,
        header,
        restval="",
        extrasaction="ignore",
        lineterminator="\n",
        delimiter=delimiter,
    )
    if not old:
        writer.writeheader()
    elif not old.endswith(b"\n"):
        out.write("\n")
    cells = {name: harmless(row[name]) for name in ("comment", "order_key")}
    writer.writerow({**cells, "causes": ";".join(row["causes"])})
    return old + out.getvalue().encode()


@contextmanager
def _replacing(path: Path, content: bytes) -> Iterator[Path]:
    """Write content aside, let it be looked at, and put it in place with the file's own rights."""
    try:
        with aside(path, keep_mode=True) as new:
            new.write_bytes(content)
            yield new
    except OSError as error:
        raise _unwritable(path, error) from None


@contextmanager
def locked_file(path: Path) -> Iterator[None]:
    """Hold the file's lock: another file beside it, because the file itself is swapped."""
    try:
        descriptor = os.open(path.with_name(f".{path.name}.lock"), os.O_RDWR | os.O_CREAT, 0o666)
    except OSError as error:
        raise _unwritable(path, error) from None
    try:
        _wait_for(descriptor, path)
        yield
    finally:
        # Closing it sets it free, and so does the end of a program that crashed.
        os.close(descriptor)


def _wait_for(descriptor: int, path: Path) -> None:
    end = time.monotonic() + PATIENCE
    while True:
        try:
            _take(descriptor)
            return
        except OSError:
            if time.monotonic() > end:
                raise ReportError(
                    "another program has been writing to the corrections for a while",
                    file=path,
                    remedy="close other notebooks on this shop, then save again",
                ) from None
            time.sleep(0.02)


def _take(descriptor: int) -> None:
    if os.name == "nt":
        import msvcrt

        msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
    else:
        import fcntl

        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)


def _unwritable(path: Path, error: OSError) -> ReportError:
    return ReportError(
        f"the corrections cannot be written: {error.strerror or error}",
        file=path,
        remedy="check that you may write to the shop's folder",
    )
