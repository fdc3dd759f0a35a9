"""One file to one tidy table: recognise it by what is inside, read it, keep the ledger."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pandas as pd

from feedback_analysis import tables
from feedback_analysis.amazon import (
    account_health,
    business,
    dates,
    feedback,
    orders,
    returns,
    reviews,
    sales_traffic,
    totals,
)
from feedback_analysis.amazon.batch import Batch, Facts, make_batch
from feedback_analysis.amazon.decode import Content, decodes, read_content
from feedback_analysis.amazon.delimited import Rows, read_header, read_rows
from feedback_analysis.amazon.order_ids import note_of_lost_ids
from feedback_analysis.amazon.private_columns import private_positions, take_names
from feedback_analysis.amazon.report_types import (
    Match,
    ReportType,
    match_header,
    report_types,
)
from feedback_analysis.amazon.rows import none_readable
from feedback_analysis.amazon.unknown import (
    absent_headers,
    check_statement,
    looks_like_a_row,
    unknown_header,
)
from feedback_analysis.errors import ReportError
from feedback_analysis.names import Names
from feedback_analysis.privacy import OrderKeys

# How the rows of a type become its table. A type that is not listed needs no more than its columns'
# names: those that the table knows are taken over.
_TIDY: Mapping[str, Callable[[Batch], pd.DataFrame]] = {
    "feedback": feedback.tidy,
    "business_report_by_sku": business.tidy_by_product,
    "business_report_by_child": business.tidy_by_product,
    "business_report_by_parent": business.tidy_by_product,
    "business_report_by_date": business.tidy_by_date,
    "all_orders": orders.tidy_orders,
    "fulfilled_shipments": orders.tidy_shipments,
    "shipping_confirmations": orders.tidy_shipments,
    "fba_returns": returns.tidy_fba,
    "seller_returns": returns.tidy_seller,
    "reviews": reviews.tidy_history,
    "keepa": reviews.tidy_keepa,
    "feedback_totals": totals.tidy,
}


NO_ROWS = "a header and no rows: Amazon had nothing for the dates asked for"


@dataclass(eq=False)
class FileResult:
    """What one file gave.

    Attributes
    ----------
    tables : dict of DataFrame
        Tables by name, in their declared form; :meth:`check` checks their values.
    lines : dict of ndarray
        Lines of the file whose rows are in a table; one a row, save where rows were added up.
    read : int
        Rows in the file; ``read == kept + len(set_aside)``.
    """

    file: Path
    report: ReportType
    facts: Facts
    encoding: str
    digest: str
    tables: dict[str, pd.DataFrame]
    lines: dict[str, np.ndarray]
    read: int
    set_aside: list[tuple[int, str]]
    notes: list[str]
    extra: dict[str, pd.Series] = field(default_factory=dict)
    raw: object = None

    @property
    def kept(self) -> int:
        """Rows of the file that are in its tables."""
        return self.read - len(self.set_aside)

    def check(self, *names: str) -> None:
        """Check the values of some tables (all, when none is named).

        Raises
        ------
        ReportError
            If a value breaks a declared check; names this file.
        """
        for name in names or self.tables:
            if name in self.tables:
                tables.validate(name, self.tables[name], file=self.file)


def read_file(
    path: Path,
    facts: Facts,
    keys: OrderKeys,
    *,
    alone: bool = False,
    names: Names | None = None,
) -> FileResult:
    """Recognise and read one file.

    Parameters
    ----------
    path : Path
    facts : Facts
        What is stated about the file.
    keys : OrderKeys
        Turns order ids into keys.
    alone : bool, default=False
        There is no other file to compare the content with, so it gets no digest.
    names : Names, optional
        Learns what the columns of buyers' names and addresses hold, which no table keeps.

    Raises
    ------
    ReportError
        If the file is no known report, or cannot be read.
    """
    content = _content(path, facts)
    digest = "" if alone else hashlib.blake2b(content.data, digest_size=16).hexdigest()
    if content.data.lstrip()[:1] in (b"{", b"["):
        result = _read_json(path, content, facts, digest)
    else:
        rows, match, headers, encoding = _rows(path, content, facts, names)
        # The rows stand for it from here on, and a large file need not lie in memory twice.
        del content
        batch = make_batch(rows, match, headers, file=path, facts=facts, keys=keys)
        del rows
        result = tidied(batch, match, headers, encoding, digest)
        result.notes += note_of_lost_ids(int(batch.lost_ids.sum()))
    if result.read and not result.kept:
        raise none_readable(path, result.read, *result.set_aside[0])
    return result


def _rows(
    path: Path, content: Content, facts: Facts, names: Names | None
) -> tuple[Rows, Match, list[str], str]:
    content, match, separator, headers = recognise(path, content, facts)
    is_feedback = match.report.id == "feedback"
    private = {} if names is None else private_positions(headers)
    rows = read_rows(
        content,
        separator=separator,
        positions={**match.positions, **private},
        header=headers,
        quoted=match.report.quotes(separator),
        file=path,
        starts_row=dates.looks_like_date if is_feedback else None,
        by_hand=match.report.by_hand,
    )
    if names is not None:
        rows.frame = take_names(rows.frame, names)
    return rows, match, headers, content.label


def recognise_file(path: Path, facts: Facts) -> tuple[Content, Match, str, list[str]]:
    """Return the content, the type, the separator and the headers of a file with columns.

    Parameters
    ----------
    path : Path
        The file.
    facts : Facts
        What is stated about it.

    Raises
    ------
    ReportError
        If it is no known report.
    """
    return recognise(path, _content(path, facts), facts)


def _content(path: Path, facts: Facts) -> Content:
    return read_content(path, japanese=facts.market == "JP")


def tidied(
    batch: Batch, match: Match, headers: list[str], encoding: str, digest: str
) -> FileResult:
    """Turn the typed rows of a file into its table."""
    if not batch.read:
        batch.notes.append(NO_ROWS)
    if match.report.table in ("traffic", "daily") and match.unknown:
        shown = ", ".join(repr(header[:40]) for header in match.unknown[:5])
        batch.notes.append(f"columns not known and not read: {shown}")
    batch.notes += absent_headers(headers, batch.facts.columns)
    tidy = _TIDY.get(match.report.id)
    frame = tidy(batch) if tidy else _by_name(batch)
    extra = {}
    if "last_updated" in frame:
        extra["last_updated"] = frame.pop("last_updated")
    table = match.report.table
    return FileResult(
        file=batch.file,
        report=match.report,
        facts=batch.facts,
        encoding=encoding,
        digest=digest,
        tables={table: tables.shape(table, frame, file=batch.file)},
        lines={table: batch.lines},
        read=batch.read,
        set_aside=sorted(batch.set_aside),
        notes=batch.notes,
        extra=extra,
    )


def _by_name(batch: Batch) -> pd.DataFrame:
    known = tables.SCHEMAS[batch.report.table].columns
    frame = batch.frame[[name for name in batch.frame if name in known]]
    if batch.has("order_id"):
        frame = frame.assign(order_key=batch.keys(batch.texts("order_id")))
    return frame


def recognise(path: Path, content: Content, facts: Facts) -> tuple[Content, Match, str, list[str]]:
    """Find the report type by the header, whatever separator and encoding make it known."""
    check_statement(facts, file=path)
    attempts = [content]
    if content.encoding in ("cp1252", "latin-1"):
        # A Japanese file decodes as these too, into nonsense; its header tells.
        label = content.label.replace(content.encoding, "cp932")
        attempts.append(Content(content.data, "cp932", label))
    for attempt in attempts:
        if attempt is not content and not decodes(attempt.data, attempt.encoding):
            continue
        for separator, headers in read_header(attempt):
            if headers[0].startswith('"') and separator == "\t":
                headers = [header.strip('"') for header in headers]
            match = match_header(headers, stated=facts.columns, only=facts.report)
            if match is None and not looks_like_a_row(headers):
                match = _by_position(path, attempt, separator, headers, facts)
            if match is not None:
                return attempt, match, separator, headers
    candidates = read_header(content)
    headers = candidates[0][1] if candidates else []
    raise unknown_header(headers, facts, file=path)


def _by_position(
    path: Path, content: Content, separator: str, headers: list[str], facts: Facts
) -> Match | None:
    """Recognise feedback under a translated header: the order of its columns never changes."""
    for report in report_types().values():
        if facts.report not in (None, report.id):
            continue
        for columns in report.by_position:
            if len(columns) != len(headers):
                continue
            rows = read_rows(
                Content(_head(content.data), content.encoding, content.label),
                separator=separator,
                positions={name: place for place, name in enumerate(columns)},
                header=headers,
                quoted=report.quotes(separator),
                file=path,
                starts_row=dates.looks_like_date,
            )
            if feedback.looks_like_feedback(rows.frame.values.tolist(), columns):
                kinds = report.columns
                kept = {
                    name: place for place, name in enumerate(columns) if kinds[name].kind != "drop"
                }
                return Match(report, kept)
    return None


def _head(data: bytes, lines: int = 50) -> bytes:
    end = 0
    for _ in range(lines):
        following = data.find(b"\n", end)
        if following < 0:
            return data if data.endswith(b"\n") else data + b"\n"
        end = following + 1
    return data[:end]


def _read_json(path: Path, content: Content, facts: Facts, digest: str) -> FileResult:
    try:
        text = content.text
        raw = json.loads(text)
        if "\\ud" in text or "\\uD" in text:
            # JSON can spell one half of a sign of two, which no text may hold.
            raw = json.loads(json.dumps(raw, ensure_ascii=False).encode(errors="replace"))
    except (ValueError, RecursionError) as error:
        line = getattr(error, "lineno", None)
        raise ReportError(
            "the JSON is cut short or damaged",
            file=path,
            line=line,
            expected="one complete JSON document",
            remedy="download it again",
        ) from None
    kinds = [report for report in report_types().values() if report.json_keys]
    keys = set(raw) if isinstance(raw, dict) else set()
    report = next((kind for kind in kinds if keys & set(kind.json_keys)), None)
    if report is None:
        raise ReportError(
            "the JSON is no known report",
            file=path,
            expected="; ".join(f"{kind.label}: {' or '.join(kind.json_keys)}" for kind in kinds),
            found=", ".join(sorted(str(key)[:40] for key in keys)[:12]) or "no named parts",
            remedy="move it out of the folder if it is something else",
        )
    result = FileResult(
        file=path,
        report=report,
        facts=facts,
        encoding=content.label,
        digest=digest,
        tables={},
        lines={},
        read=0,
        set_aside=[],
        notes=[],
    )
    if report.id == "account_health":
        frame = account_health.read(raw, facts, file=path)
        result.tables = {"account_health": frame}
        result.read = len(frame)
        # Measures have no line of their own.
        result.lines = {"account_health": np.zeros(len(frame), dtype=np.int64)}
        return result
    parsed = sales_traffic.read(raw, facts, file=path)
    daily = parsed.by_date.drop(columns=["granularity", "partial"])
    result.raw, result.read = parsed, parsed.read
    result.set_aside, result.notes = list(parsed.set_aside), list(parsed.notes)
    result.tables = {"traffic": parsed.by_asin, "feedback_totals": parsed.feedback_totals}
    result.lines = {"traffic": parsed.products}
    if parsed.granularity == "DAY":
        result.tables["daily"] = daily
        result.lines["daily"] = parsed.entries
    return result
