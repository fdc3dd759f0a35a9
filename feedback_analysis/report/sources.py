"""What the report is based on, in words: files read, rows set aside, what is missing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pandas as pd

from feedback_analysis.privacy import mask_name
from feedback_analysis.report.wording import day, thousands
from feedback_analysis.texts import sentence_case, several

FILES_SHOWN = 3


@dataclass(frozen=True)
class Sources:
    """The ledger, ready for a page.

    Attributes
    ----------
    read : str
        Files, rows kept and set aside, in a sentence.
    ledger, set_aside, missing : list of dict
        Rows of text.
    set_aside_count : str
        How many rows were set aside.
    """

    read: str
    ledger: list[dict[str, str]]
    set_aside: list[dict[str, str]]
    set_aside_count: str
    missing: list[dict[str, str]]


def describe_sources(shop: Any) -> Sources:
    """Put a shop's ledger into words.

    Parameters
    ----------
    shop : Shop
        With ``ledger``, ``set_aside`` and ``missing``.

    Returns
    -------
    Sources
    """
    ledger = shop.ledger
    read, kept, aside = (int(ledger[name].sum()) for name in _COUNTS)
    # Lines without counts are remarks on several files, or files that were left out.
    files = several(int(ledger["rows_read"].notna().sum()), "file")
    sentence = f"Read: {files}, {several(read, 'row')}; {thousands(kept)} kept"
    sentence += f", {thousands(aside)} set aside." if aside else ", none set aside."
    return Sources(
        read=sentence,
        ledger=[
            {
                "file": shared_name(row["file"]),
                "report": _text(row["report"]),
                "marketplace": _text(row["marketplace"]),
                "days": _days(row["start"], row["end"]),
                "read": _count(row["rows_read"]),
                "kept": _count(row["rows_kept"]),
                "aside": _count(row["rows_set_aside"]),
                "note": sentence_case(shared_name(row["note"])),
            }
            for row in ledger.to_dict("records")
        ],
        set_aside=_reasons(shop.set_aside),
        set_aside_count=thousands(aside),
        missing=[
            {name: sentence_case(_text(row[name])) for name in ("what", "cost", "remedy")}
            for row in shop.missing.to_dict("records")
        ],
    )


_COUNTS = ("rows_read", "rows_kept", "rows_set_aside")


def shared_name(name: Any) -> str:
    """Return a file's name without e-mails and order ids, which people put into names."""
    return mask_name(_text(name))


def _reasons(set_aside: pd.DataFrame) -> list[dict[str, str]]:
    rows = []
    for reason, part in set_aside.groupby("reason", sort=True):
        places = [
            shared_name(row["file"]) + _lines(row["lines"])
            for row in part.sort_values("file").to_dict("records")
        ]
        if len(places) > FILES_SHOWN:
            places[FILES_SHOWN:] = [several(len(places) - FILES_SHOWN, "more file")]
        rows.append(
            {
                "reason": sentence_case(shared_name(reason)),
                "rows": several(int(part["rows"].sum()), "row"),
                "where": "; ".join(places),
            }
        )
    return rows


def _lines(lines: str) -> str:
    """Name the lines of a file: one, several, or none where they are not known."""
    return f", line{'' if str(lines).isdecimal() else 's'} {lines}" if lines else ""


def _count(value: Any) -> str:
    return "" if pd.isna(value) else thousands(value)


def _days(start: Any, end: Any) -> str:
    days = [day(pd.Timestamp(part)) for part in (start, end) if not pd.isna(part)]
    return " to ".join(dict.fromkeys(days))


def _text(value: Any) -> str:
    return "" if pd.isna(value) else str(value)
