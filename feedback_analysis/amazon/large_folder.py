"""The large files of a shop together: kept rows, joined, and what is taken of them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from feedback_analysis.amazon.batch import Facts
from feedback_analysis.amazon.kept import KeptFile
from feedback_analysis.amazon.large import Opened, open_large
from feedback_analysis.amazon.large_kept import keep_file, rows_of, set_all_aside
from feedback_analysis.amazon.large_merge import join_feedback, join_rows
from feedback_analysis.amazon.merge import copies
from feedback_analysis.errors import ReportError
from feedback_analysis.privacy import OrderKeys, make_private
from feedback_analysis.store.condense import Condensed, condense
from feedback_analysis.store.engine import engine
from feedback_analysis.store.engines import DuckEngine
from feedback_analysis.store.months import Months
from feedback_analysis.store.sources import LARGE as LARGE_TABLES

if TYPE_CHECKING:
    import duckdb


def open_if_large_kind(path: Path, facts: Facts) -> Opened | None:
    """Return a file that is feedback, orders, shipments or returns, opened; None for any other.

    Parameters
    ----------
    path : Path
    facts : Facts
        What is stated about the file.
    """
    try:
        opened = open_large(path, facts)
    except ReportError:
        # What it is, or why it is nothing, is told by the reader of small files.
        return None
    return opened if opened.report.table in LARGE_TABLES else None


def read_large(
    opened: Sequence[Opened],
    folder: Path,
    keys: OrderKeys,
    problems: list[ReportError],
    *,
    asks: pd.DataFrame | None,
    also: pd.Series | None,
    changes: Sequence[tuple[str, ...]] = (),
) -> tuple[Condensed, list[KeptFile], list[str]]:
    """Read the large files of a shop.

    Parameters
    ----------
    opened : sequence of Opened
    folder : Path
        The shop's folder, in whose ``.private/store`` rows are kept.
    keys : OrderKeys
        Learns the order ids of the rows that are looked at one by one.
    problems : list of ReportError
        Gets an error for each file that cannot be used.
    asks, also, changes
        As for :func:`.condense.condense`.

    Returns
    -------
    tuple
        The condensed tables, the files with their ledgers, and notes.
    """
    private = folder / ".private"
    make_private(private)
    months = Months(private / "store")
    with engine(private) as connection:
        kept = _keep(connection, opened, keys, months, problems)
        by_table = {name: [one for one in kept if one.table == name] for name in LARGE_TABLES}
        notes = join_feedback(connection, by_table["feedback"])
        for name in LARGE_TABLES[1:]:
            join_rows(connection, name, by_table[name])
        found = condense(DuckEngine(connection), keys=keys, asks=asks, also=also, changes=changes)
        keys.known |= _way_back(connection, by_table, found)
    return found, kept, notes


def _keep(
    connection: duckdb.DuckDBPyConnection,
    opened: Sequence[Opened],
    keys: OrderKeys,
    months: Months,
    problems: list[ReportError],
) -> list[KeptFile]:
    kept: list[KeptFile] = []
    for file in opened:
        try:
            kept.append(keep_file(connection, file, keys, months))
        except ReportError as error:
            problems.append(error.in_file(file.stream.path))
    for copy, original in copies(kept):
        set_all_aside(connection, copy, original)
    months.swap()
    return kept


def _way_back(
    connection: duckdb.DuckDBPyConnection, by_table: dict[str, list[KeptFile]], found: Condensed
) -> dict[str, str]:
    """Return key to order id for the rows that are looked at one by one."""
    wanted = pd.concat([found.tables[name]["order_key"] for name in ("feedback", "orders")])
    rows = " UNION ALL ".join(
        f"SELECT order_key, order_id FROM ({rows_of(parts)})"
        for name in ("feedback", "orders")
        if (parts := [one for one in by_table[name] if one.pieces])
    )
    if not rows:
        return {}
    DuckEngine(connection).put("looked_at", pd.DataFrame({"order_key": wanted.dropna().unique()}))
    pairs = connection.execute(
        f"SELECT order_key, any_value(order_id) FROM ({rows}) WHERE order_id IS NOT NULL "
        "AND order_key IN (SELECT order_key FROM looked_at) GROUP BY order_key"
    ).fetchall()
    return dict(pairs)
