"""What ``[data]`` gives a shop: whole tables where they are small, else complaints and tallies."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from feedback_analysis import tables
from feedback_analysis.data_settings import Data
from feedback_analysis.errors import ReportError
from feedback_analysis.privacy import OrderKeys
from feedback_analysis.store.condense import condense, finished, holds_ids
from feedback_analysis.store.engine import MEMORY_OF_TABLES, told_of_memory
from feedback_analysis.store.engine import engine as duckdb_engine
from feedback_analysis.store.engines import DuckEngine, Engine, SparkEngine
from feedback_analysis.store.sources import LARGE, REPEATED, Source, open_sources
from feedback_analysis.tallies import Tallies

# Up to so many feedbacks and order lines together a shop is held whole: some two gigabytes.
WHOLE_ROWS = 2_000_000
Listed = Callable[[OrderKeys], tuple[pd.DataFrame | None, pd.Series | None]]


@dataclass(frozen=True, eq=False)
class ShopData:
    """The tables of ``[data]``.

    Attributes
    ----------
    tables : dict of DataFrame
        In their declared form.
    tallies : Tallies or None
        Of all rows, where the tables hold only what is looked at one by one.
    sources : list of Source
        The ledger.
    engine : str
        What held them, in words.
    """

    tables: dict[str, pd.DataFrame]
    tallies: Tallies | None
    sources: list[Source]
    engine: str


def read_data(
    data: Data,
    folder: Path,
    keys: OrderKeys,
    listed: Listed,
    changes: Sequence[tuple[str, ...]] = (),
) -> ShopData:
    """Read the tables that shop.toml names under ``[data]``.

    Parameters
    ----------
    data : Data
    folder : Path
        The shop's folder.
    keys : OrderKeys
        Turns order ids into keys; remembers those of the rows that are looked at one by one.
    listed : callable
        Given order keys, returns the log of requests and the orders of the shop's own cases.
    changes : sequence of tuple of str
        As for :func:`.condense.condense`.

    Raises
    ------
    ReportError
        If a source is missing, cannot be read, or lacks a column.
    """
    with _opened(data, folder) as engine:
        sources = open_sources(engine, data, folder)
        named = [source.table for source in sources]
        raw = _raw(engine, named)
        found = {
            source.table: _small(engine, source) for source in sources if source.table not in LARGE
        }
        tallies = None
        if _is_whole(data, sources):
            large = [name for name in named if name in LARGE]
            found |= {name: _all(engine, name, keys if raw else None) for name in large}
        else:
            # Order ids in the source are compared with order ids in the shop's own lists.
            asks, also = listed(_Ids(b"ids") if raw else keys)
            condensed = condense(engine, keys=keys, raw=raw, asks=asks, also=also, changes=changes)
            found |= {name: condensed.tables[name] for name in LARGE}
            tallies = condensed.tallies
        return ShopData(found, tallies, sources, engine.label)


class _Ids(OrderKeys):
    """Leaves order ids as they are."""

    def __call__(self, order_ids: pd.Series) -> pd.Series:
        stripped = order_ids.str.strip()
        return stripped.where(stripped != "")


@contextmanager
def _opened(data: Data, folder: Path) -> Iterator[Engine]:
    if data.spark:
        yield SparkEngine(data.spark)
        return
    private = folder / ".private"
    spill = private if private.is_dir() else None
    with duckdb_engine(spill, memory=MEMORY_OF_TABLES) as connection:
        database = None if data.duckdb is None else folder / data.duckdb
        with told_of_memory():
            yield DuckEngine(connection, database)


def _is_whole(data: Data, sources: Sequence[Source]) -> bool:
    if data.whole is not None:
        return data.whole
    return sum(source.read for source in sources if source.table in LARGE) <= WHOLE_ROWS


def _small(engine: Engine, source: Source) -> pd.DataFrame:
    """Return a table that is never large, each row once."""
    frame = _all(engine, source.table, None)
    same = tables.IDENTITY.get(source.table)
    once = frame.drop_duplicates(same, keep="last", ignore_index=True)
    if len(once) < len(frame):
        source.aside[REPEATED] = len(frame) - len(once)
    return once


def _all(engine: Engine, name: str, keys: OrderKeys | None) -> pd.DataFrame:
    columns = ", ".join(map(engine.name, tables.SCHEMAS[name].columns))
    return finished(name, engine.query(f"SELECT {columns} FROM {name}"), keys)


def _raw(engine: Engine, named: Sequence[str]) -> bool:
    """Tell whether the sources hold order ids; all of them do, or none."""
    held = {name: holds_ids(engine, name) for name in LARGE if name in named}
    raw = {name: ids for name, ids in held.items() if ids is not None}
    if len(set(raw.values())) > 1:
        raise ReportError(
            "some sources hold order ids and some hold keys, so they cannot be joined",
            file="shop.toml",
            column="data",
            expected="one kind of order_key in all tables",
            found=", ".join(f"{name}: {'ids' if ids else 'keys'}" for name, ids in raw.items()),
            remedy="give all of them order ids as Amazon writes them: reading makes keys of them",
        )
    return any(raw.values())
