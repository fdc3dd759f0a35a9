"""The engines that hold a shop's tables, with the few things that are asked of them."""

from __future__ import annotations

import warnings
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import pandas as pd
import pyarrow as pa

from feedback_analysis.errors import ReportError
from feedback_analysis.store.engine import literal, quoted
from feedback_analysis.tallies.parts import text_type

if TYPE_CHECKING:
    import duckdb


class Engine(Protocol):
    """What holds a shop's tables as views of their tidy names."""

    label: str
    text: str

    def name(self, column: str) -> str:
        """Return a column's name as the engine's SQL quotes it."""

    def query(self, sql: str) -> pd.DataFrame:
        """Return the rows of a query."""

    def frame(self, table: str) -> Any:
        """Return a table as the engine's own frame, which narwhals reads."""

    def put(self, name: str, frame: pd.DataFrame) -> None:
        """Make a small frame known under a name."""

    def view(self, name: str, sql: str) -> None:
        """Make a query known under a name."""

    def keep(self, name: str, sql: str) -> None:
        """Make the answer of a query known under a name, worked out once."""

    def forget(self, name: str) -> None:
        """Let go of what was kept under a name."""

    def columns(self, name: str) -> list[str]:
        """Return the columns of a table or view."""

    def texts(self, name: str) -> set[str]:
        """Return the columns of a table or view that are texts."""

    def open(self, name: str, place: str, folder: Path) -> None:
        """Make a source known under a name."""


class DuckEngine:
    """DuckDB: Parquet files, or the tables of a database file that is attached to be read."""

    text = "VARCHAR"

    def __init__(self, connection: duckdb.DuckDBPyConnection, database: Path | None = None) -> None:
        self.connection = connection
        self.database = database
        self.label = "Parquet" if database is None else f"DuckDB {database.name}"
        if database is not None:
            self._attach(database)

    def _attach(self, database: Path) -> None:
        import duckdb

        try:
            self.connection.execute(f"ATTACH {literal(database)} AS source (READ_ONLY)")
        except duckdb.Error as error:
            raise ReportError(
                "the DuckDB file cannot be opened",
                file=database,
                expected="a database file that DuckDB of this or an earlier version wrote",
                found=str(error).split("\n")[0][:160] if database.is_file() else "no such file",
                remedy="correct duckdb under [data] in shop.toml; close a program that writes it",
            ) from None

    def name(self, column: str) -> str:
        """Return a column's name in quotation marks."""
        return quoted(column)

    def query(self, sql: str) -> pd.DataFrame:
        """Return the rows of a query, texts as Arrow holds them."""
        reader = self.connection.sql(sql).to_arrow_reader(100_000)
        return reader.read_all().to_pandas(types_mapper=text_type)

    def frame(self, table: str) -> Any:
        """Return a relation."""
        return self.connection.table(table)

    def put(self, name: str, frame: pd.DataFrame) -> None:
        """Copy a frame into a table of the connection's own."""
        self.connection.register("given", pa.Table.from_pandas(frame, preserve_index=False))
        self.connection.execute(f"CREATE OR REPLACE TABLE {name} AS SELECT * FROM given")
        self.connection.unregister("given")

    def view(self, name: str, sql: str) -> None:
        """Make a query known under a name."""
        self.connection.execute(f"CREATE OR REPLACE VIEW {name} AS {sql}")

    def keep(self, name: str, sql: str) -> None:
        """Make the answer of a query a table of the connection's own."""
        self.connection.execute(f"CREATE OR REPLACE TEMP TABLE {name} AS {sql}")

    def forget(self, name: str) -> None:
        """Drop a table of the connection's own."""
        self.connection.execute(f"DROP TABLE {name}")

    def columns(self, name: str) -> list[str]:
        """Return the columns of a view."""
        return list(self.connection.table(name).columns)

    def texts(self, name: str) -> set[str]:
        """Return the columns of a view that are texts."""
        table = self.connection.table(name)
        kinds = zip(table.columns, map(str, table.types), strict=True)
        return {column for column, kind in kinds if kind.startswith(("VARCHAR", "ENUM"))}

    def open(self, name: str, place: str, folder: Path) -> None:
        """Make Parquet files, or a table of the database, known under a name."""
        import duckdb

        if self.database is None:
            files = ", ".join(literal(path) for path in _parquet_files(place, folder))
            # Columns are found by name, so months may have them in another order or more of them.
            source = f"read_parquet([{files}], union_by_name = true, hive_partitioning = false)"
            rows = f"SELECT *, CAST(file_index AS BIGINT) AS source_file FROM {source}"
        else:
            table = ".".join(quoted(part) for part in ("source", *place.split(".")))
            rows = f"SELECT *, 0 AS source_file FROM {table}"
        try:
            self.view(name, rows)
        except duckdb.Error as error:
            raise ReportError(
                "the source cannot be read",
                file=place if self.database is None else self.database,
                expected="Parquet files" if self.database is None else f"a table {place}",
                found=str(error).split("\n")[0][:160],
                remedy="correct the entry under [data] in shop.toml"
                + ("; a view names the schema of its tables" if self.database else ""),
            ) from None


def _parquet_files(place: str, folder: Path) -> list[Path]:
    """Return the Parquet files of a folder, a pattern or a single name, in order."""
    root = folder / place
    if root.is_dir():
        found = sorted(root.rglob("*.parquet"))
    elif any(sign in place for sign in "*?["):
        base = Path(root.anchor) if root.is_absolute() else Path()
        found = sorted(base.glob(str(root.relative_to(base))))
    else:
        found = [root] if root.is_file() else []
    # Names that begin so are half-written, or marks of the program that wrote the folder.
    found = [path for path in found if not path.name.startswith((".", "_"))]
    if not found:
        pattern = not root.is_dir() and any(sign in place for sign in "*?[")
        nothing = "no file that the pattern fits" if pattern else "no such folder"
        raise ReportError(
            "there is no Parquet file",
            file=place,
            expected="a folder with files named *.parquet, in any sub-folders, or a pattern",
            found="a folder without any" if root.is_dir() else nothing,
            remedy="correct the entry under [data] in shop.toml; paths begin at the shop's folder",
        )
    return found


class SparkEngine:
    """A Spark cluster; PySpark is imported here and only here, when shop.toml names a master."""

    text = "STRING"

    def __init__(self, master: str) -> None:
        try:
            from pyspark.sql import SparkSession
        except ImportError:
            raise ReportError(
                "shop.toml names a Spark master, and PySpark is not installed",
                expected="the package pyspark, of the cluster's version",
                remedy='install it: pip install "feedback_analysis[spark]"',
            ) from None
        self.label = f"Spark {master}"
        name = "feedback_analysis"
        # Each query warns of pandas 3, with which the test on a cluster gives the same digests.
        warnings.filterwarnings("ignore", "PySpark does not yet fully support pandas")
        builder = SparkSession.builder.master(master).appName(name)
        # Settings of the cluster belong into its spark-defaults.conf; its bars would run into ours.
        self.session = builder.config("spark.ui.showConsoleProgress", "false").getOrCreate()

    def name(self, column: str) -> str:
        """Return a column's name in backticks."""
        return "`" + column.replace("`", "``") + "`"

    def query(self, sql: str) -> pd.DataFrame:
        """Return the rows of a query."""
        return self.session.sql(sql).toPandas()

    def frame(self, table: str) -> Any:
        """Return a Spark DataFrame."""
        return self.session.table(table)

    def put(self, name: str, frame: pd.DataFrame) -> None:
        """Send a small frame to the cluster."""
        table = pa.Table.from_pandas(frame, preserve_index=False)
        self.session.createDataFrame(_plain(table)).createOrReplaceTempView(name)

    def view(self, name: str, sql: str) -> None:
        """Make a query known under a name."""
        self.session.sql(sql).createOrReplaceTempView(name)

    def keep(self, name: str, sql: str) -> None:
        """Make the answer of a query known under a name, kept by the workers once it is there."""
        self.session.sql(sql).cache().createOrReplaceTempView(name)

    def forget(self, name: str) -> None:
        """Let the workers go of a query's answer."""
        self.session.table(name).unpersist()

    def columns(self, name: str) -> list[str]:
        """Return the columns of a view."""
        return list(self.session.table(name).columns)

    def texts(self, name: str) -> set[str]:
        """Return the columns of a view that are texts."""
        kinds = self.session.table(name).dtypes
        return {column for column, kind in kinds if kind.startswith(("string", "varchar", "char"))}

    def open(self, name: str, place: str, folder: Path) -> None:
        """Make a table of the catalogue, or a path that every worker can read, known."""
        from pyspark.errors import AnalysisException

        try:
            is_path = "/" in place
            rows = self.session.read.parquet(place) if is_path else self.session.table(place)
            rows.createOrReplaceTempView(f"{name}_rows")
        except AnalysisException as error:
            raise ReportError(
                "Spark does not find the source",
                file=place,
                expected="a table of its catalogue, or a path with a slash in it",
                found=str(error).split("\n")[0][:160],
                remedy="correct the entry under [data] in shop.toml",
            ) from None
        self.view(name, f"SELECT *, 0 AS source_file FROM {name}_rows")


def _plain(table: pa.Table) -> pa.Table:
    """Return a table with texts as Spark takes them."""
    return table.cast(
        pa.schema(
            [
                field.with_type(pa.string()) if pa.types.is_large_string(field.type) else field
                for field in table.schema
            ]
        )
    )
