"""What is known of a large file: its ledger, and where its rows are kept."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

import pandas as pd

from feedback_analysis.amazon.batch import Facts
from feedback_analysis.amazon.report_types import ReportType

LARGE_TABLES = ("feedback", "orders", "shipments", "returns")
# Beyond this many bytes of files together, tables of pandas would take several gigabytes: a file
# read whole takes some five times its size, and as much again while its rows are joined.
LARGE = 512 * 1024**2
_SHOWN = 8


@dataclass
class Aside:
    """Rows set aside, counted by reason, of which only the first few lines are remembered."""

    rows: Counter[str] = field(default_factory=Counter)
    lines: dict[str, list[int]] = field(default_factory=dict)

    def add(self, line: int, reason: str, rows: int = 1) -> None:
        """Count rows under a reason."""
        self.rows[reason] += rows
        kept = self.lines.setdefault(reason, [])
        kept.append(int(line))
        if len(kept) > _SHOWN:
            kept.sort()
            del kept[_SHOWN:]

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
    """

    file: Path
    report: ReportType
    facts: Facts
    encoding: str
    digest: str
    read: int = 0
    aside: Aside = field(default_factory=Aside)
    notes: list[str] = field(default_factory=list)

    @property
    def kept(self) -> int:
        """Rows of the file that are in its table."""
        return self.read - len(self.aside)


@dataclass(eq=False)
class KeptFile:
    """A large file whose rows are kept.

    Attributes
    ----------
    ledger : LargeFile
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

    ledger: LargeFile
    table: str
    pieces: list[str]
    first: pd.Timestamp
    last: pd.Timestamp
    markets: tuple[str, ...]
    source: str = ""

    @property
    def facts(self) -> Facts:
        """What is stated about the file."""
        return self.ledger.facts

    @property
    def report(self) -> ReportType:
        """What the file is."""
        return self.ledger.report

    @property
    def encoding(self) -> str:
        """The encoding in words."""
        return self.ledger.encoding

    @property
    def read(self) -> int:
        """Rows in the file."""
        return self.ledger.read

    @property
    def kept(self) -> int:
        """Rows of the file that are in its table."""
        return self.ledger.kept

    @property
    def aside(self) -> Aside:
        """Rows set aside."""
        return self.ledger.aside

    @property
    def notes(self) -> list[str]:
        """What the ledger says about the file."""
        return self.ledger.notes


def is_large(paths: Iterable[Path], *, larger: int | None = None) -> bool:
    """Tell whether a shop's files are read as large ones: by their size on the disk, all together.

    Parameters
    ----------
    paths : iterable of Path
        The files.
    larger : int, optional
        Bytes beyond which they are; by default :data:`LARGE`.
    """
    limit = LARGE if larger is None else larger
    return sum(path.stat().st_size for path in paths) > limit
