"""The ledger: for each file what it is, the rows read and kept, and those set aside and why."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

import numpy as np
import pandas as pd

from feedback_analysis import tables
from feedback_analysis.amazon.file import FileResult
from feedback_analysis.amazon.kept import LINES_SHOWN, KeptFile
from feedback_analysis.privacy import mask_name
from feedback_analysis.store.sources import Source
from feedback_analysis.texts import distinct

LEDGER = [
    "file", "report", "marketplace", "start", "end", "encoding", "rows_read", "rows_kept",
    "rows_set_aside", "note",
]  # fmt: skip


def ledger_of(
    results: Sequence[FileResult | KeptFile],
    ignored: Sequence[tuple[str, str]],
    notes: Sequence[str],
    sources: Sequence[tuple[Source, str]] = (),
    mask: Callable[[str], str] = mask_name,
) -> pd.DataFrame:
    """Return the ledger: one row a file, then what was left out, and notes on all files.

    Names of files are shown without e-mails, order ids and names, which people put into them.

    Parameters
    ----------
    results : sequence of FileResult or KeptFile
        What was read.
    ignored : sequence of tuple
        Names of files that were left out, and why.
    notes : sequence of str
        What is to be said of all files together.
    sources : sequence of tuple
        Tables that were read from elsewhere, each with the engine that holds it.
    mask : callable
        Masks what is personal in a name.
    """
    rows = [
        {
            "file": mask(result.facts.pattern),
            "report": result.report.label,
            "marketplace": _marketplace(result),
            **_span(result),
            "encoding": result.encoding,
            "rows_read": result.read,
            "rows_kept": result.kept,
            "rows_set_aside": result.read - result.kept,
            "note": mask("; ".join(dict.fromkeys(result.notes))),
        }
        for result in results
    ]
    rows += [
        {
            "file": source.place,
            "report": f"[data] {source.table}",
            "marketplace": source.markets,
            "start": source.first,
            "end": source.last,
            "encoding": engine,
            "rows_read": source.read,
            "rows_kept": source.read - sum(source.aside.values()),
            "rows_set_aside": sum(source.aside.values()),
            "note": "; ".join(source.notes),
        }
        for source, engine in sources
    ]
    rows += [{"file": mask(name), "report": "left out", "note": reason} for name, reason in ignored]
    rows += [{"file": "(all files)", "report": "joined", "note": mask(note)} for note in notes]
    frame = pd.DataFrame(rows, columns=LEDGER)
    counts = ["rows_read", "rows_kept", "rows_set_aside"]
    texts = ["file", "report", "marketplace", "encoding", "note"]
    return frame.astype(dict.fromkeys(counts, "Int64") | dict.fromkeys(texts, tables.TEXT)).assign(
        **{name: pd.to_datetime(frame[name]).astype(tables.DAY) for name in ("start", "end")}
    )


def _marketplace(result: FileResult | KeptFile) -> str | None:
    if isinstance(result, KeptFile):
        return ", ".join(result.markets) or result.facts.marketplace
    codes = {
        code
        for frame in result.tables.values()
        if "marketplace" in frame
        for code in distinct(frame["marketplace"])
    }
    return ", ".join(sorted(codes)) or result.facts.marketplace


def _span(result: FileResult | KeptFile) -> dict[str, object]:
    """Return the first and last day of a file's rows, or the stated period of a business report."""
    if isinstance(result, KeptFile):
        return {"start": result.first, "end": result.last}
    firsts, lasts = [], []
    for frame in result.tables.values():
        columns = [name for name, dtype in frame.dtypes.items() if dtype == tables.DAY]
        columns = ["start", "end"] if {"start", "end"} <= set(columns) else columns[:1]
        for name in columns:
            days = frame[name].to_numpy()
            days = days[~np.isnat(days)]
            firsts += [days.min()] if len(days) else []
            lasts += [days.max()] if len(days) else []
    return {"start": min(firsts, default=pd.NaT), "end": max(lasts, default=pd.NaT)}


def set_aside_of(
    results: Sequence[FileResult | KeptFile],
    sources: Sequence[tuple[Source, str]] = (),
    mask: Callable[[str], str] = mask_name,
) -> pd.DataFrame:
    """Return the rows set aside: one row a file and reason, with the first lines."""
    rows = []
    for result in results:
        for reason, lines, count in _reasons(result):
            shown = ", ".join(str(line) for line in lines[:LINES_SHOWN] if line)
            more = f" and {count - LINES_SHOWN} more" if count > LINES_SHOWN else ""
            rows.append(
                {
                    "file": mask(result.facts.pattern),
                    "reason": mask(reason),
                    "rows": count,
                    "lines": shown + more if shown else "",
                }
            )
    # Rows of a table elsewhere have no lines.
    rows += [
        {"file": source.place, "reason": reason, "rows": count, "lines": ""}
        for source, _ in sources
        for reason, count in source.aside.items()
    ]
    return pd.DataFrame(rows, columns=["file", "reason", "rows", "lines"])


def _reasons(result: FileResult | KeptFile) -> Iterator[tuple[str, list[int], int]]:
    """Yield each reason for rows set aside, the lines (of many the first) and how many."""
    if isinstance(result, KeptFile):
        aside = result.aside
        by_line = sorted(aside.rows.items(), key=lambda entry: aside.lines[entry[0]][0])
        yield from ((reason, aside.lines[reason], rows) for reason, rows in by_line)
        return
    reasons: dict[str, list[int]] = {}
    for line, reason in result.set_aside:
        reasons.setdefault(reason, []).append(line)
    yield from ((reason, lines, len(lines)) for reason, lines in reasons.items())
