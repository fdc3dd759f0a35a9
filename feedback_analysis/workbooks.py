"""Excel workbooks as packages: opened within bounds, and what saving them again would lose."""

from __future__ import annotations

import io
import warnings
import zipfile
from pathlib import Path
from typing import Any

from feedback_analysis.errors import ReportError

# No list of cases comes near this; a packed file may hold far more than it seems to.
_LARGEST = 256 * 1024**2
# Parts of a workbook that openpyxl would lose or could not look through.
_LOST = (
    "xl/charts/", "xl/drawings/drawing", "xl/pivot", "xl/media/", "xl/vbaProject",
    "xl/embeddings/", "xl/model/", "xl/slicer",
)  # fmt: skip


def open_workbook(path: Path, data: bytes, *, values: bool = False) -> Any:
    """Return a workbook as openpyxl holds it.

    Parameters
    ----------
    path : Path
        For the message.
    data : bytes
        The file's content.
    values : bool, default=False
        What the formulas showed when it was saved, instead of the formulas as written.

    Raises
    ------
    ReportError
        If it is damaged, no workbook, or far larger than any list.
    """
    import openpyxl

    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            size = sum(part.file_size for part in packed.infolist())
        if size <= _LARGEST:
            with warnings.catch_warnings():
                # Of cells nothing is missing, and who saves it asks `lost_if_saved` for the rest.
                warnings.simplefilter("ignore")
                return openpyxl.load_workbook(io.BytesIO(data), data_only=values)
    except Exception:  # openpyxl raises whatever its walk through a damaged file comes upon
        raise ReportError(
            "the file cannot be read as a workbook",
            file=path,
            expected="an Excel workbook (.xlsx)",
            found=f"{len(data):,} bytes that begin like one and do not go on like one",
            remedy="open it in a spreadsheet and save it again as .xlsx, or as CSV UTF-8",
        ) from None
    raise ReportError(
        "the workbook unpacks to more than any list holds",
        file=path,
        expected=f"at most {_LARGEST // 1024**2} MB unpacked",
        found=f"{size // 1024**2:,} MB",
        remedy="keep the list in a workbook of its own, or save its sheet as CSV UTF-8",
    )


def lost_if_saved(data: bytes) -> bool:
    """Tell whether a workbook holds drawings, pivots or macros, which saving it would lose.

    Parameters
    ----------
    data : bytes
        The file's content: a workbook, as :func:`open_workbook` found.
    """
    with zipfile.ZipFile(io.BytesIO(data)) as packed:
        return any(name.startswith(_LOST) for name in packed.namelist())
