"""The bytes of a workbook, the same whenever and wherever it is saved."""

from __future__ import annotations

import io
import re
import zipfile
from datetime import date
from typing import Any

# The first day that a zip archive can state.
_FIRST = (1980, 1, 1, 0, 0, 0)
_SAVED = re.compile(rb"(<dcterms:modified[^>]*>)[^<]*")
_MADE = re.compile(rb"(<dcterms:created[^>]*>)[^<]*")


def book_bytes(book: Any, *, as_of: date, keep_created: bool) -> bytes:
    """Return a workbook as bytes that hold no clock: they state the day of what it tells.

    Parameters
    ----------
    book : openpyxl.Workbook
        What to save.
    as_of : date
        The day that is written where a clock would be.
    keep_created : bool
        The workbook is the seller's own, and when it was begun stays.

    Returns
    -------
    bytes
    """
    out, steady = io.BytesIO(), io.BytesIO()
    book.save(out)
    stamp = rb"\g<1>" + f"{as_of:%Y-%m-%d}T00:00:00Z".encode()
    with zipfile.ZipFile(out) as old, zipfile.ZipFile(steady, "w", zipfile.ZIP_DEFLATED) as new:
        for part in old.infolist():
            data = old.read(part)
            if part.filename == "docProps/core.xml":
                data = _SAVED.sub(stamp, data)
                data = data if keep_created else _MADE.sub(stamp, data)
            entry = zipfile.ZipInfo(part.filename, _FIRST)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o600 << 16
            new.writestr(entry, data)
    return steady.getvalue()
