"""What is known of a large file: its ledger, and where its rows are kept."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

import pandas as pd

from feedback_analysis.amazon.batch import Facts
from feedback_analysis.amazon.report_types import ReportType

# Beyond this many bytes of files together, tables of pandas would take several gigabytes: a file
# read whole takes some five times its size, and as much again while its rows are joined.
LARGE = 512 * 1024**2
# So many lines of rows set aside are told.
LINES_SHOWN = 8


@dataclass
class Aside:
    """Rows set aside, counted by reason, of which only the first few lines are remembered."""

    rows: Counter[str] = field(default_factory=Counter)
    lines: dict[str, list[int]] = field(default_factory=dict)

    def add(self, line: int, reason: str) -> None:
        """Count a row under a reason."""
        self.add_several([line], reason, 1)

    def add_several(self, first: Iterable[int], reason: str, rows: int) -> None:
        """Count so many rows under a reason, of which the first lines are known."""
        if not rows:
            return
        self.rows[reason] += rows
        kept = self.lines.setdefault(reason, [])
        kept += map(int, first)
        if len(kept) > LINES_SHOWN:
            kept.sort()
            del kept[LINES_SHOWN:]

    def __len__(self) -> int:
        return sum(self.rows.values())


@dataclass(eq=False)
class LargeFile:
    """What one large file is and what became of its rows; ``read == kept + len(aside)``.

    Attributes
    ----------
    file : Path
    report : ReportType
    facts : Facts
    encoding, digest : str
        As for a small file.
    read : int
        Rows in the file.
    aside : Aside
    notes : list of str
    lost_ids : int
        Order ids that a spreadsheet spoilt; a note tells of them once the whole file is read.
    """

    file: Path
    report: ReportType
    facts: Facts
    encoding: str
    digest: str
    read: int = 0
    aside: Aside = field(default_factory=Aside)
    notes: list[str] = field(default_factory=list)
    lost_ids: int = 0

    @property
    def kept(self) -> int:
        """Rows of the file that are in its table."""
        return self.read - len(self.aside)


@dataclass(eq=False, kw_only=True)
class KeptFile(LargeFile):
    """A large file whose rows are kept.

    Attributes
    ----------
    table : str
    pieces : list of str
        Places of the Parquet files that hold its rows.
    first, last : Timestamp
        Days of the first and the last row; missing without one.
    markets : tuple of str
        Marketplaces of its rows.
    source : str
        Of feedback: ``all ratings`` or ``1-3 stars only``.
    """

    table: str
    pieces: list[str]
    first: pd.Timestamp
    last: pd.Timestamp
    markets: tuple[str, ...]
    source: str = ""


def is_large(paths: Iterable[Path]) -> bool:
    """Tell whether a shop's files are read as large ones: by their size on the disk, all together.

    Parameters
    ----------
    paths : iterable of Path
        The files. A link that leads nowhere has no size.
    """
    return sum(path.stat().st_size for path in paths if path.is_file()) > LARGE
