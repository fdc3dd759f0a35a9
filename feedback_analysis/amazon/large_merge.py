"""Large files together: each row once, and what became of feedback between downloads.

The same rules as in :mod:`.merge`, told to DuckDB, which need not hold the rows in memory. Only a
row that lost its order id to a spreadsheet is not sought in other downloads.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import pandas as pd

from feedback_analysis import tables
from feedback_analysis.amazon.kept import LINES_SHOWN, KeptFile
from feedback_analysis.amazon.large_kept import rows_of, sql_type
from feedback_analysis.store.engine import quoted
from feedback_analysis.store.repeats import repeated
from feedback_analysis.texts import several

if TYPE_CHECKING:
    import duckdb

# A row without an order id is known by what it says.
_SAID = (
    "strftime(date, '%Y-%m-%d') || rating || comment || '#' || "
    "(row_number() OVER (PARTITION BY file_number, date, rating, comment ORDER BY line) - 1)"
)
_IN_ANOTHER = "also in a newer download"
_IN_A_LATER_LINE = "the same feedback again, in a later line"


def _empty_view(connection: duckdb.DuckDBPyConnection, table: str) -> None:
    """Make a view of a table that no file gives."""
    columns = ", ".join(
        f"CAST(NULL AS {sql_type(table, name)}) AS {quoted(name)}"
        for name in tables.SCHEMAS[table].columns
    )
    connection.execute(f"CREATE OR REPLACE TEMP VIEW {table} AS SELECT {columns} LIMIT 0")


def _register_files(
    connection: duckdb.DuckDBPyConnection, table: str, parts: Sequence[KeptFile]
) -> None:
    files = pd.DataFrame(
        {
            "file_number": range(len(parts)),
            "reach": pd.Series([kept.last for kept in parts], dtype=tables.DAY),
            "source": [kept.source for kept in parts],
        }
    )
    connection.register("given_files", files)
    connection.execute(
        f"CREATE OR REPLACE TEMP TABLE files_of_{table} AS SELECT * FROM given_files"
    )
    connection.unregister("given_files")


def join_rows(connection: duckdb.DuckDBPyConnection, table: str, files: Sequence[KeptFile]) -> None:
    """Make a view of orders, shipments or returns: each row once, of several the newest's.

    Parameters
    ----------
    connection : DuckDBPyConnection
    table : str
        Name of the tidy table, and of the view.
    files : sequence of KeptFile
        Rows that a newer one holds too are set aside in their ledgers.
    """
    parts = [kept for kept in files if kept.pieces]
    if not parts:
        _empty_view(connection, table)
        return
    _register_files(connection, table, parts)
    same = ", ".join(tables.IDENTITY[table])
    whole = f"({rows_of(parts)})"
    columns = ", ".join(map(quoted, tables.SCHEMAS[table].columns))
    left_out = ""
    if len(parts) > 1 and repeated(connection, whole, same, name="twins"):
        # A file may hold two equal rows (two items of one order): they are two rows.
        connection.execute(
            f"CREATE OR REPLACE TEMP TABLE older_{table} AS SELECT file_number, line FROM ("
            f"SELECT *, row_number() OVER (PARTITION BY {same}, nth "
            "ORDER BY coalesce(updated, '') DESC, reach DESC NULLS LAST, file_number DESC) "
            "AS place "
            "FROM (SELECT *, row_number() OVER "
            f"(PARTITION BY file_number, {same} ORDER BY line) AS nth FROM twins) "
            f"JOIN files_of_{table} USING (file_number)) WHERE place > 1"
        )
        _note(connection, f"older_{table}", parts, _IN_ANOTHER)
        left_out = f"ANTI JOIN older_{table} USING (file_number, line)"
    connection.execute(
        f"CREATE OR REPLACE TEMP VIEW {table} AS SELECT {columns} FROM {whole} {left_out}"
    )


def _note(
    connection: duckdb.DuckDBPyConnection, older: str, parts: Sequence[KeptFile], reason: str
) -> None:
    """Set copies aside in the ledgers of their files."""
    found = connection.execute(
        f"SELECT file_number, count(*), min(line, {LINES_SHOWN}) "
        f"FROM {older} GROUP BY file_number ORDER BY file_number"
    ).fetchall()
    for number, count, lines in found:
        parts[number].aside.add_several(sorted(lines), reason, count)
        parts[number].notes.append(f"{several(count, 'row')} counted once: {reason}")


def join_feedback(connection: duckdb.DuckDBPyConnection, files: Sequence[KeptFile]) -> list[str]:
    """Make the view ``feedback`` of all downloads, each row once, and return notes.

    Rows that a newer download should hold and does not are marked ``gone``, as in
    :func:`.merge.joined_feedback`.
    """
    parts = [kept for kept in files if kept.pieces]
    if not parts:
        _empty_view(connection, "feedback")
        return []
    _register_files(connection, "feedback", parts)
    identified = (
        f"SELECT *, order_key AS identity FROM ({rows_of(parts)}) WHERE order_key IS NOT NULL "
        f"UNION ALL SELECT *, {_SAID} AS identity FROM ({rows_of(parts)}) WHERE order_key IS NULL"
    )
    if repeated(connection, identified, "identity, marketplace", name="twins"):
        connection.execute(
            "CREATE OR REPLACE TEMP TABLE ranked AS SELECT file_number, line, "
            "row_number() OVER newest AS place, "
            "row_number() OVER (PARTITION BY file_number, identity, marketplace "
            "ORDER BY line DESC) AS place_in_file, "
            "min(reach) OVER same AS first_seen, max(reach) OVER same AS last_seen "
            "FROM twins JOIN files_of_feedback USING (file_number) WINDOW "
            "same AS (PARTITION BY identity, marketplace), "
            "newest AS (PARTITION BY identity, marketplace "
            "ORDER BY reach DESC, file_number DESC, line DESC)"
        )
        for name, which, reason in (
            ("copies", "place_in_file = 1", _IN_ANOTHER),
            ("repeats", "place_in_file > 1", _IN_A_LATER_LINE),
        ):
            connection.execute(
                f"CREATE OR REPLACE TEMP TABLE {name} AS "
                f"SELECT file_number, line FROM ranked WHERE place > 1 AND {which}"
            )
            _note(connection, name, parts, reason)
        spans = (
            "SELECT rows.*, coalesce(first_seen, reach) AS first_seen, "
            "coalesce(last_seen, reach) AS last_seen FROM rows LEFT JOIN ranked "
            "USING (file_number, line) WHERE coalesce(place, 1) = 1"
        )
    else:
        spans = "SELECT *, reach AS first_seen, reach AS last_seen FROM rows"
    rows = f"SELECT * FROM ({rows_of(parts)}) JOIN files_of_feedback USING (file_number)"
    seen = f"WITH rows AS ({rows}) {spans}"
    return _mark_gone(connection, seen, parts)


def _mark_gone(
    connection: duckdb.DuckDBPyConnection, seen: str, parts: Sequence[KeptFile]
) -> list[str]:
    """Make the view with ``gone``: decided once for all rows of a day, market and last download."""
    columns = ", ".join(
        f"{'CAST(false AS BOOLEAN) AS gone' if name == 'gone' else quoted(name)}"
        for name in tables.SCHEMAS["feedback"].columns
    )
    if len(parts) == 1:
        connection.execute(
            f"CREATE OR REPLACE TEMP VIEW feedback AS SELECT {columns} FROM ({seen})"
        )
        return []
    newer = pd.DataFrame(
        [
            {"market": market, "first": kept.first, "last": kept.last,
             "whole": kept.source == tables.ALL_RATINGS}
            for kept in parts
            for market in kept.markets
        ],
        columns=["market", "first", "last", "whole"],
    )  # fmt: skip
    connection.register("newer", newer.astype({"market": object}))
    connection.execute(
        "CREATE OR REPLACE TEMP TABLE gone_days AS SELECT DISTINCT date, marketplace, last_seen, "
        f"happy FROM (SELECT DISTINCT date, marketplace, last_seen, rating > 3 AS happy "
        f"FROM ({seen})) JOIN newer ON marketplace = market AND last_seen < newer.last "
        "AND date BETWEEN newer.first AND newer.last AND (whole OR NOT happy)"
    )
    connection.unregister("newer")
    columns = columns.replace("CAST(false AS BOOLEAN)", "(found IS NOT NULL)")
    connection.execute(
        f"CREATE OR REPLACE TEMP VIEW feedback AS SELECT {columns} FROM "
        f"(SELECT *, rating > 3 AS happy FROM ({seen})) LEFT JOIN "
        "(SELECT *, true AS found FROM gone_days) USING (date, marketplace, last_seen, happy)"
    )
    if not connection.execute("SELECT count(*) FROM gone_days").fetchall()[0][0]:
        return []
    found = connection.execute(
        "SELECT marketplace, count(*) FROM feedback WHERE gone GROUP BY marketplace ORDER BY 1"
    ).fetchall()
    return [
        f"{several(count, 'feedback')} of {market} stood in an earlier download, gone from a "
        "newer one: removed by the buyer or Amazon, or struck; kept and not counted"
        for market, count in found
    ]
