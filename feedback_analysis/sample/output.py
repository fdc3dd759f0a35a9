"""Files of the sample shop: written bit by bit, the same bytes every time."""

from __future__ import annotations

import csv
import gzip
import io
from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np

from .model import ONE_DAY


class Output:
    """A shop's folder that blocks append to.

    A file is opened for one piece and closed again, so that a thousand files need no thousand
    handles and a block is all that is ever held. A piece for a ``.gz`` file becomes a gzip member
    without time or name: readers see one stream, and the bytes depend on the text alone.

    Parameters
    ----------
    folder : Path or None
        The shop's folder; files that this run writes replace older ones. None writes nothing.
    """

    def __init__(self, folder: Path | None) -> None:
        self.folder = folder
        self.begun: set[str] = set()
        self.rows: dict[str, int] = {}
        self.periods: dict[str, tuple[np.datetime64, np.datetime64, str]] = {}

    def append(
        self, path: str, text: str, *, header: str = "", encoding: str = "utf-8", bom: bool = False
    ) -> None:
        """Add text to a file; a new file gets the BOM and the header first."""
        if self.folder is None:
            return
        first = path not in self.begun
        if not text and not (first and header):
            return
        data = ((header if first else "") + text).encode(encoding)
        if first and bom:
            data = b"\xef\xbb\xbf" + data
        target = self.folder / path
        if first:
            target.parent.mkdir(parents=True, exist_ok=True)
            self.begun.add(path)
        with open(target, "wb" if first else "ab") as file:
            if path.endswith(".gz"):
                packed = io.BytesIO()
                with gzip.GzipFile(filename="", mode="wb", fileobj=packed, mtime=0) as pack:
                    pack.write(data)
                data = bytearray(packed.getvalue())
                data[9] = 255  # the operating system's byte differs between Python versions
            file.write(data)

    def period(self, path: str, start: np.datetime64, end: np.datetime64, marketplace: str) -> None:
        """Remember what a ``periods.csv`` beside the file has to say about it."""
        self.periods[path] = (start, end, marketplace)

    def write_periods(self) -> None:
        """Write a ``periods.csv`` into every folder that has files to speak for."""
        folders: dict[str, list[tuple[str, ...]]] = {}
        for path, (start, end, marketplace) in self.periods.items():
            folder, name = path.rsplit("/", 1)
            folders.setdefault(folder, []).append((name, str(start), str(end), marketplace))
        for folder, rows in folders.items():
            header = quoted([("file", "start", "end", "marketplace")])
            rows.sort(key=lambda row: (row[1], row[0]))
            self.append(f"{folder}/periods.csv", quoted(rows), header=header)


def lines(rows: Iterable[Sequence[str]], *, end: str = "\n") -> str:
    """Join rows of texts without any quoting, as Amazon's tab-separated files are."""
    return "".join("\t".join(row) + end for row in rows)


def quoted(rows: Iterable[Sequence[object]], *, end: str = "\n", every: bool = False) -> str:
    """Join rows as CSV; fields are quoted when they need it, or every one."""
    text = io.StringIO()
    writer = csv.writer(
        text, lineterminator=end, quoting=csv.QUOTE_ALL if every else csv.QUOTE_MINIMAL
    )
    writer.writerows(rows)
    return text.getvalue()


def days_as(days: np.ndarray, form: str) -> np.ndarray:
    """Write days in one of the forms that Amazon's files use.

    Parameters
    ----------
    days : ndarray of datetime64
        The days.
    form : str
        ``{y}`` year, ``{yy}`` its last two digits, ``{m}`` and ``{d}`` unpadded, ``{mm}`` and
        ``{dd}`` padded, ``{mon}`` the English month in three letters.

    Returns
    -------
    ndarray of object
        One text a day.
    """
    unique, inverse = np.unique(np.asarray(days).astype("datetime64[D]"), return_inverse=True)
    months = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()
    made = [
        form.format(
            y=date.year,
            yy=f"{date.year % 100:02d}",
            m=date.month,
            d=date.day,
            mm=f"{date.month:02d}",
            dd=f"{date.day:02d}",
            mon=months[date.month - 1],
        )
        for date in unique.tolist()
    ]
    return np.array(made, dtype=object)[inverse]


def half_years(
    start: np.datetime64, end: np.datetime64
) -> list[tuple[np.datetime64, np.datetime64]]:
    """Split the shop's time into pieces of six months, as windows of days."""
    return month_windows(start, end, 6)


def month_windows(
    start: np.datetime64, end: np.datetime64, months: int
) -> list[tuple[np.datetime64, np.datetime64]]:
    """Split the time from start to end into windows of whole months."""
    first = start.astype("datetime64[M]")
    windows = []
    while first.astype("datetime64[D]") <= end:
        after = first + np.timedelta64(months, "M")
        begin = max(start, first.astype("datetime64[D]"))
        windows.append((begin, min(end, after.astype("datetime64[D]") - ONE_DAY)))
        first = after
    return windows
