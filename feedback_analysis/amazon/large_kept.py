"""Large files to kept pieces: read once, and never again while their content stays the same."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

import pandas as pd
import pyarrow as pa

from feedback_analysis import __version__, tables
from feedback_analysis.amazon.kept import LINES_SHOWN, Aside, KeptFile, LargeFile
from feedback_analysis.amazon.large import Opened, check_kept, finish_notes, tidy_pieces
from feedback_analysis.amazon.large_feedback import Whole, feedback_pieces
from feedback_analysis.privacy import OrderKeys
from feedback_analysis.store.engine import literal, quoted
from feedback_analysis.store.months import Months

if TYPE_CHECKING:
    import duckdb

_SQL_TYPES = {
    "datetime": "TIMESTAMP",
    "int": "BIGINT",
    "float": "DOUBLE",
    "bool": "BOOLEAN",
}
_FEEDBACK_ROWS = (
    "line BIGINT, day_code INTEGER, market_code INTEGER, rating TINYINT, order_key VARCHAR, "
    "order_id VARCHAR, comment VARCHAR, response VARCHAR, reason VARCHAR, arrived_on_time BOOLEAN, "
    "item_as_described BOOLEAN, customer_service BOOLEAN"
)


def sql_type(table: str, column: str) -> str:
    """Return DuckDB's type for a column of a tidy table."""
    dtype = str(tables.SCHEMAS[table].columns[column].dtype).casefold()
    return next((sql for kind, sql in _SQL_TYPES.items() if dtype.startswith(kind)), "VARCHAR")


def keep_file(
    connection: duckdb.DuckDBPyConnection, opened: Opened, keys: OrderKeys, months: Months
) -> KeptFile:
    """Return a large file as it is kept, read now where it was not yet.

    Parameters
    ----------
    connection : DuckDBPyConnection
    opened : Opened
    keys : OrderKeys
    months : Months

    Raises
    ------
    ReportError
        If the file cannot be read or used.
    """
    source = _fingerprint(opened, keys)
    entry = months.find(source)
    if entry is None:
        entry = _read(connection, opened, keys, months)
        months.keep(source, entry)
    return _kept(opened, entry, months)


def set_all_aside(
    connection: duckdb.DuckDBPyConnection, kept: KeptFile, original: KeptFile
) -> None:
    """Set the rows of a file aside whose content is another's."""
    reason = f"same content as {original.facts.pattern}"
    if kept.pieces:
        lines, rows = _first_lines(connection, f"SELECT line FROM ({rows_of([kept])})")
        kept.aside.add_several(lines, reason, rows)
    kept.notes.append(f"counted once: {reason}")
    kept.pieces, kept.markets, kept.first, kept.last = [], (), pd.NaT, pd.NaT


def _fingerprint(opened: Opened, keys: OrderKeys) -> str:
    """Return what a reading of a file depends on: content, statements, salt and this version."""
    facts = opened.facts
    parts = [
        opened.stream.digest, opened.stream.encoding, opened.report.id, facts.marketplace,
        str(facts.start), str(facts.end), sorted(facts.columns.items()),
        sorted(facts.marketplaces), hashlib.sha256(keys.salt).hexdigest(), __version__,
    ]  # fmt: skip
    code = hashlib.blake2b(json.dumps(parts).encode(), digest_size=16).hexdigest()
    return f"{opened.report.id}-{code}"


def _read(
    connection: duckdb.DuckDBPyConnection, opened: Opened, keys: OrderKeys, months: Months
) -> dict[str, Any]:
    ledger, table = opened.ledger(), opened.report.table
    # The way back of millions of ids is kept with the rows, not in memory.
    quiet = OrderKeys(keys.salt, remember=table == "orders")
    load = _load_feedback if table == "feedback" else _load_rows
    query, source = load(connection, opened, quiet, ledger)
    finish_notes(ledger)
    check_kept(ledger)
    day = tables.SCHEMAS[table].day
    pieces = months.write(connection, query, table, day)
    market = "marketplace" if "marketplace" in tables.SCHEMAS[table].columns else "NULL"
    first, last, markets = connection.execute(
        f"SELECT min({day}), max({day}), list(DISTINCT {market}) FROM ({query})"
    ).fetchall()[0]
    connection.execute("DROP TABLE incoming")
    return {
        "pieces": pieces, "encoding": ledger.encoding, "read": ledger.read,
        "aside": dict(ledger.aside.rows), "lines": ledger.aside.lines, "notes": ledger.notes,
        "first": str(first or ""), "last": str(last or ""),
        "markets": sorted(market for market in markets or [] if market), "source": source,
    }  # fmt: skip


def _load_feedback(
    connection: duckdb.DuckDBPyConnection, opened: Opened, keys: OrderKeys, ledger: LargeFile
) -> tuple[str, str]:
    """Load a feedback file's rows; return the query for its tidy rows, and its source."""
    decided: list[Whole] = []
    connection.execute(f"CREATE OR REPLACE TEMP TABLE incoming ({_FEEDBACK_ROWS})")
    _insert(connection, feedback_pieces(opened, keys, ledger, decided))
    whole = decided[0]
    connection.register("decided_days", whole.days)
    connection.execute("CREATE OR REPLACE TEMP TABLE days AS SELECT * FROM decided_days")
    markets = pd.DataFrame({"market_code": range(len(whole.markets)), "market": whole.markets})
    connection.register("decided_markets", markets.astype({"market": object}))
    connection.execute("CREATE OR REPLACE TEMP TABLE markets AS SELECT * FROM decided_markets")
    undated = "SELECT line FROM incoming JOIN days USING (day_code) WHERE day IS NULL"
    lines, rows = _first_lines(connection, undated)
    ledger.aside.add_several(lines, whole.reason, rows)
    said = ", ".join(f"coalesce({name}, '') AS {name}" for name in ("comment", "response"))
    query = (
        f"SELECT line, CAST(day AS TIMESTAMP) AS date, CAST(market AS VARCHAR) AS marketplace, "
        f"rating, {said}, order_key, order_id, arrived_on_time, item_as_described, "
        "customer_service, reason "
        "FROM incoming JOIN days USING (day_code) JOIN markets USING (market_code) "
        "WHERE day IS NOT NULL"
    )
    return query, whole.source


def _load_rows(
    connection: duckdb.DuckDBPyConnection, opened: Opened, keys: OrderKeys, ledger: LargeFile
) -> tuple[str, str]:
    table = opened.report.table
    columns = [f"{quoted(name)} {sql_type(table, name)}" for name in tables.SCHEMAS[table].columns]
    columns += ["line BIGINT", "updated VARCHAR", "order_id VARCHAR"]
    connection.execute(f"CREATE OR REPLACE TEMP TABLE incoming ({', '.join(columns)})")
    _insert(connection, tidy_pieces(opened, keys, ledger))
    return "SELECT * FROM incoming", ""


def _insert(connection: duckdb.DuckDBPyConnection, pieces: Iterable[pa.Table]) -> None:
    for piece in pieces:
        connection.register("piece", piece)
        connection.execute("INSERT INTO incoming BY NAME SELECT * FROM piece")
        connection.unregister("piece")


def _first_lines(connection: duckdb.DuckDBPyConnection, query: str) -> tuple[list[int], int]:
    """Return the first lines of a query, and how many there are."""
    total = connection.execute(f"SELECT count(*) FROM ({query})").fetchall()[0][0]
    lines = connection.execute(
        f"SELECT line FROM ({query}) ORDER BY line LIMIT {LINES_SHOWN}"
    ).fetchall()
    return [line for (line,) in lines], total


def _kept(opened: Opened, entry: dict[str, Any], months: Months) -> KeptFile:
    stream = opened.stream
    aside = Aside()
    aside.rows.update(entry["aside"])
    aside.lines.update({reason: list(lines) for reason, lines in entry["lines"].items()})
    return KeptFile(
        stream.path, opened.report, opened.facts, entry["encoding"], stream.digest, entry["read"],
        aside, list(entry["notes"]),
        table=opened.report.table,
        pieces=months.paths(entry),
        first=pd.Timestamp(entry["first"] or None),
        last=pd.Timestamp(entry["last"] or None),
        markets=tuple(entry["markets"]),
        source=entry["source"],
    )  # fmt: skip


def rows_of(parts: Sequence[KeptFile]) -> str:
    """Return the query for the rows of kept files, with the number of each file.

    Parameters
    ----------
    parts : sequence of KeptFile
        Files of one table, one of them with rows at least; ``file_number`` is the place among them.
    """
    pieces = [(piece, number) for number, kept in enumerate(parts) for piece in kept.pieces]
    files = ", ".join(literal(piece) for piece, _ in pieces)
    numbers = ", ".join(str(number) for _, number in pieces)
    # One scan over all pieces: a scan each would each take memory of its own.
    return (
        f"SELECT *, [{numbers}][CAST(file_index AS BIGINT) + 1] AS file_number "
        f"FROM read_parquet([{files}], hive_partitioning = false)"
    )
