"""The rows of one delimited file as text, and the errors of a file whose rows are no rows."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from feedback_analysis.errors import ReportError


@dataclass
class Rows:
    """The rows of one file as text.

    Attributes
    ----------
    frame : DataFrame of str
        The wanted columns by our names; a missing cell is an empty text.
    lines : ndarray of int
        Line of the file (from 1) on which each row starts.
    read : int
        Records in the file below the header.
    set_aside : list of (line, reason)
        Records that are no row.
    notes : list of str
        What was mended.
    """

    frame: pd.DataFrame
    lines: np.ndarray
    read: int
    set_aside: list[tuple[int, str]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def repeated_header(file: object, line: int) -> ReportError:
    """Return the error for a header that stands among the rows."""
    return ReportError(
        "the header is repeated among the rows",
        file=file,
        line=line,
        expected="one header, then rows",
        remedy="two downloads were pasted together: put each into a file of its own",
    )


def none_readable(file: object, rows: int, line: int, reason: str) -> ReportError:
    """Return the error for a file all of whose rows are set aside."""
    return ReportError(
        f"none of the {rows:,} rows can be read" if rows > 1 else "the only row cannot be read",
        file=file,
        line=line,
        found=reason,
        remedy="download the report again, and do not save it from a spreadsheet in between",
    )


def cut_short(file: object, line: int, found: str) -> ReportError:
    """Return the error for a file whose last record is not whole."""
    return ReportError(
        "the file is cut short",
        file=file,
        line=line,
        expected="a last line with all its columns",
        found=found,
        remedy="download it again",
    )
