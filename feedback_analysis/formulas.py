"""Texts that a file can hold and no spreadsheet takes for a formula, whatever a buyer wrote."""

from __future__ import annotations

import re

# Signs that make a spreadsheet take a cell of a CSV file for a formula.
_FORMULA = re.compile(r"'*[=+\-@\t\r\n\uff1d\uff0b\uff0d\uff20]")
_NUMBER = re.compile(r"[+-]?\d+(?:[.,]\d+)*")
# Signs that no XML may hold, be it a drawing or a workbook.
_UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def writable(text: str) -> str:
    """Return a text with a mark in the place of every sign that no XML may hold."""
    return _UNWRITABLE.sub("\N{REPLACEMENT CHARACTER}", text)


def harmless(text: str) -> str:
    """Return a text that no spreadsheet takes for a formula; :func:`original` undoes it.

    Examples
    --------
    >>> harmless("=1+1"), harmless("-5"), original(harmless("'=1")), harmless("late")
    ("'=1+1", '-5', "'=1", 'late')
    """
    risky = _FORMULA.match(text) and not _NUMBER.fullmatch(text)
    return f"'{text}" if risky else text


def original(text: str) -> str:
    """Return a cell's text as it was before :func:`harmless`."""
    return text[1:] if text.startswith("'") and _FORMULA.match(text[1:]) else text
