"""Rows that came twice: found by one sort of numbers, and looked at closely only where they are.

Grouping ten million rows by a key takes a gigabyte; hardly any of them came twice. So each key
becomes a number, the numbers are sorted, and only rows whose number occurs again are grouped.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

if TYPE_CHECKING:
    import duckdb


def repeated(connection: duckdb.DuckDBPyConnection, query: str, keys: str, *, name: str) -> int:
    """Make a table of the rows that may have come twice, and return how many they are.

    Parameters
    ----------
    connection : DuckDBPyConnection
    query : str
        SQL of the rows.
    keys : str
        SQL of the columns that make two rows the same, joined by commas.
    name : str
        Temporary table to make: the rows whose keys, or others with the same hash, occur again.
        A second one, ``<name>_codes``, holds the hashes in a column ``code``.
    """
    codes = _numbers(connection.sql(f"SELECT hash({keys}) AS code FROM ({query})"))
    codes.sort()
    again = np.unique(codes[1:][codes[1:] == codes[:-1]])
    connection.register("again", pa.table({"code": again}))
    connection.execute(f"CREATE OR REPLACE TEMP TABLE {name}_codes AS SELECT * FROM again")
    connection.unregister("again")
    some = f"WHERE hash({keys}) IN (SELECT code FROM {name}_codes)" if len(again) else "LIMIT 0"
    connection.execute(f"CREATE OR REPLACE TEMP TABLE {name} AS SELECT * FROM ({query}) {some}")
    return connection.execute(f"SELECT count(*) FROM {name}").fetchall()[0][0]


def _numbers(result: duckdb.DuckDBPyRelation) -> np.ndarray:
    parts = [batch.column(0).to_numpy() for batch in result.to_arrow_reader(1_000_000)]
    return np.concatenate(parts) if parts else np.array([], dtype=np.uint64)
