"""Tables that shop.toml names under ``[data]``: their columns checked, their rows accounted for.

What arrives here was made by somebody's pipeline, so it is read like a file: columns that are
needed and missing are an error that names them; values that are none set their row aside, and the
ledger tells how many; rows that were delivered twice count once.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import pandas as pd

from feedback_analysis import tables
from feedback_analysis.data_settings import Data
from feedback_analysis.errors import ReportError, did_you_mean
from feedback_analysis.marketplaces import find_code
from feedback_analysis.privacy import scrub_text
from feedback_analysis.store.engine import literal
from feedback_analysis.store.engines import DuckEngine, Engine
from feedback_analysis.store.repeats import repeated
from feedback_analysis.texts import several

_NUMBER, _FLAG, _DAY = "BIGINT", "BOOLEAN", "DATE"
_WHAT = {_NUMBER: "a whole number", _DAY: "a day"}
_TYPES = {"datetime": _DAY, "int": _NUMBER, "float": "DOUBLE", "bool": _FLAG}
# Kept as rows only where somebody looks at them, when there are too many.
LARGE = ("feedback", "orders", "shipments", "returns")
# More names than this that are no marketplace are another column.
_STRANGERS = 20
REPEATED = "delivered again: the newest counts"


@dataclass
class Source:
    """One table and what became of its rows; ``read == kept + sum(aside)``.

    Attributes
    ----------
    table : str
    place : str
        Where it lies, as shop.toml says.
    read : int
    aside : dict
        Reason -> rows.
    notes : list of str
    first, last : Timestamp
        First and last day; missing without one.
    markets : str or None
    """

    table: str
    place: str
    read: int = 0
    aside: dict[str, int] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    first: pd.Timestamp | None = None
    last: pd.Timestamp | None = None
    markets: str | None = None


def open_sources(engine: Engine, data: Data, folder: Path) -> list[Source]:
    """Make a view of each table with the columns of the tidy one, without the rows set aside.

    Parameters
    ----------
    engine : Engine
    data : Data
        What shop.toml says.
    folder : Path
        The shop's folder, from which paths begin.

    Returns
    -------
    list of Source
        In the order of the tables' names.

    Raises
    ------
    ReportError
        If a source is not there, or lacks a column that is needed.
    """
    found = []
    for table, place in data.sources.items():
        engine.open(f"given_{table}", place, folder)
        stated = data.columns.get(table, {})
        source = Source(table, place)
        selected = _selected(engine, table, place, stated)
        engine.view(f"typed_{table}", selected)
        if spelt := _marketplaces(engine, source):
            engine.view(f"typed_{table}", _selected(engine, table, place, stated, spelt))
        _count(engine, source)
        _once(engine, source)
        found.append(source)
    for table in LARGE:
        if table not in data.sources:
            engine.view(table, _nothing(engine, table))
    return found


@cache
def _rules() -> dict[str, dict[str, Any]]:
    text = files("feedback_analysis.store").joinpath("columns.toml").read_text("utf-8")
    return tomllib.loads(text)


def _selected(
    engine: Engine,
    table: str,
    place: str,
    stated: Mapping[str, str],
    spelt: Mapping[str, str] | None = None,
) -> str:
    """Return the query that gives a source the columns and types of the tidy table."""
    rules, there = _rules()[table], engine.columns(f"given_{table}")
    texts = engine.texts(f"given_{table}")
    by_case = {name.casefold(): name for name in there if name != "source_file"}
    unknown = [name for name in stated if name not in tables.SCHEMAS[table].columns]
    for name in unknown:
        raise ReportError(
            f"the table '{table}' has no column of that name."
            f"{did_you_mean(name, list(tables.SCHEMAS[table].columns))}",
            file="shop.toml",
            column=f"data.columns.{table}.{name}",
            remedy="put our name before the equals sign, the source's own after it",
        )
    parts = []
    for name in tables.SCHEMAS[table].columns:
        own = by_case.get(stated.get(name, name).casefold())
        if own is None and (name in rules["needs"] or name in stated):
            raise _lacking(table, place, name, stated, sorted(by_case.values()))
        kind, otherwise = column_type(engine, table, name), rules.get("else", {}).get(name)
        value = (
            f"CAST({otherwise or 'NULL'} AS {kind})"
            if own is None
            else _value(engine, own, kind, otherwise, is_text=own in texts)
        )
        if name == "marketplace" and spelt:
            cases = " ".join(f"WHEN {literal(one)} THEN '{code}'" for one, code in spelt.items())
            value = f"CASE {value} {cases} ELSE {value} END"
        parts.append(f"{value} AS {engine.name(name)}")
    return f"SELECT {', '.join(parts)}, source_file FROM given_{table}"


def _value(engine: Engine, own: str, kind: str, otherwise: str | None, *, is_text: bool) -> str:
    column = engine.name(own)
    value = f"TRY_CAST({column} AS {kind})"
    if kind == _DAY and is_text:
        # To DuckDB 10/5/26 is a day of the year 10.
        value = f"CASE WHEN {column} LIKE '____-__-__%' THEN {value} END"
    if kind == _NUMBER:
        # A cast would round 4.5 stars to 5.
        number = f"TRY_CAST({column} AS DOUBLE)"
        value = f"CASE WHEN {number} = floor({number}) THEN {value} END"
    return value if otherwise is None else f"coalesce({value}, {otherwise})"


def _marketplaces(engine: Engine, source: Source) -> dict[str, str]:
    """Note which marketplaces there are; return the codes of those spelt otherwise."""
    if "marketplace" not in tables.SCHEMAS[source.table].columns:
        return {}
    found = engine.query(f"SELECT DISTINCT marketplace FROM typed_{source.table}")["marketplace"]
    codes = {name: find_code(name) for name in found.dropna()}
    strange = sorted(name for name, code in codes.items() if code is None)
    if len(strange) > _STRANGERS or (strange and not any(codes.values())):
        raise ReportError(
            f"the column holds {several(len(strange), 'value')} that "
            f"{'is' if len(strange) == 1 else 'are'} no marketplace",
            file=source.place,
            column="marketplace",
            expected="codes such as US and UK, or Amazon's domains or ids of marketplaces",
            remedy=f"name the right column in shop.toml, under [data.columns.{source.table}]",
        )
    if strange:
        # They may be of another column, and so a buyer's.
        shown = ", ".join(dict.fromkeys(map(scrub_text, strange)))
        source.notes.append(f"no marketplace of Amazon's that is known: {shown}")
    written = {code or scrub_text(name) for name, code in codes.items()}
    source.markets = ", ".join(sorted(written)) or None
    return {name: code for name, code in codes.items() if code is not None and code != name}


def column_type(engine: Engine, table: str, name: str) -> str:
    """Return the engine's type for a column of a tidy table."""
    dtype = str(tables.SCHEMAS[table].columns[name].dtype).casefold()
    return next((sql for kind, sql in _TYPES.items() if dtype.startswith(kind)), engine.text)


def _lacking(
    table: str, place: str, name: str, stated: Mapping[str, str], there: list[str]
) -> ReportError:
    sought = stated.get(name, name)
    return ReportError(
        f"the source of the table '{table}' has no column '{sought}'.{did_you_mean(sought, there)}",
        file=place,
        column=sought,
        expected=", ".join(_rules()[table]["needs"]),
        found=", ".join(there[:20]) or "no columns",
        remedy=(
            "rename it in a view of your own, or say in shop.toml what it is called:\n"
            f'[data.columns.{table}]\n{name} = "your column"'
        ),
    )


def _nothing(engine: Engine, table: str) -> str:
    columns = ", ".join(
        f"CAST(NULL AS {column_type(engine, table, name)}) AS {engine.name(name)}"
        for name in tables.SCHEMAS[table].columns
    )
    return f"SELECT {columns} LIMIT 0"


def _conditions(engine: Engine, table: str) -> dict[str, str]:
    """Return what is wrong with a row, as the ledger says it -> SQL that is true for such a row."""
    found = {}
    for name in _rules()[table]["needs"]:
        quoted_name = engine.name(name)
        wrong, what = f"({quoted_name} IS NULL)", _WHAT.get(column_type(engine, table, name))
        if name == "rating":
            wrong = f"({quoted_name} IS NULL OR {quoted_name} NOT BETWEEN 1 AND 5)"
            what = "a whole number from 1 to 5"
        found[f"column '{name}': missing" + (f", or not {what}" if what else "")] = wrong
    return found


def _count(engine: Engine, source: Source) -> None:
    """Count the rows of a source, and those that are set aside, each for its first reason."""
    conditions = _conditions(engine, source.table)
    earlier: list[str] = []
    counts = []
    for number, wrong in enumerate(conditions.values()):
        first = " AND ".join([wrong, *(f"NOT {other}" for other in earlier)])
        counts.append(f"sum(CASE WHEN {first} THEN 1 ELSE 0 END) AS wrong_{number}")
        earlier.append(wrong)
    day = tables.SCHEMAS[source.table].day
    named = engine.name(day or "")
    days = f", min({named}) AS first_day, max({named}) AS last_day" if day else ""
    row = engine.query(
        f"SELECT count(*) AS n, {', '.join(counts)}{days} FROM typed_{source.table}"
    ).iloc[0]
    source.read = int(row["n"])
    for number, reason in enumerate(conditions):
        rows = row[f"wrong_{number}"]
        if not pd.isna(rows) and rows:
            source.aside[reason] = int(rows)
    if day and not pd.isna(row["first_day"]):
        source.first, source.last = pd.Timestamp(row["first_day"]), pd.Timestamp(row["last_day"])
    if source.read and source.read == sum(source.aside.values()):
        raise ReportError(
            f"none of the {source.read:,} rows can be read"
            if source.read > 1
            else "the only row cannot be read",
            file=source.place,
            found=next(iter(source.aside)),
            remedy="see data/README.md for what the columns hold",
        )
    right = " AND ".join(f"NOT {wrong}" for wrong in conditions.values())
    engine.view(f"sound_{source.table}", _completed(engine, source, right))


def _completed(engine: Engine, source: Source, right: str) -> str:
    """Return the query for the sound rows; of feedback, with what can be told from the whole."""
    rows = f"SELECT * FROM typed_{source.table} WHERE {right}"
    if source.table != "feedback" or source.last is None:
        return rows
    best = engine.query("SELECT max(rating) AS best FROM typed_feedback WHERE rating <= 5")
    kind = tables.NEGATIVES_ONLY if best["best"].iloc[0] <= 3 else tables.ALL_RATINGS
    if kind != tables.ALL_RATINGS:
        source.notes.append("stars 1-3 only: positives must come from totals")
    last = f"CAST('{source.last:%Y-%m-%d}' AS DATE)"
    given = {"source": f"'{kind}'", "first_seen": last, "last_seen": last}
    columns = [
        f"coalesce({name}, {given[name]}) AS {name}" if name in given else name
        for name in (*tables.SCHEMAS["feedback"].columns, "source_file")
    ]
    return f"SELECT {', '.join(columns)} FROM typed_feedback WHERE {right}"


def _once(engine: Engine, source: Source) -> None:
    """Make the table's view of the sound rows, each once.

    One feedback an order, whatever months it was delivered in; of the other tables, rows of one
    Parquet file that stand in a later one too. A table of a database is taken as it is otherwise.
    """
    table = source.table
    columns = ", ".join(map(engine.name, tables.SCHEMAS[table].columns))
    rows = f"SELECT * FROM sound_{table}"
    if table == "feedback":
        same, newest = "order_key, marketplace", "last_seen DESC, date DESC, source_file DESC"
        ranked = f"row_number() OVER (PARTITION BY {same} ORDER BY {newest}, rating, comment)"
        of = f"CASE WHEN order_key IS NULL THEN 1 ELSE {ranked} END"
        pool = "{pool}"
    elif table in LARGE and isinstance(engine, DuckEngine) and engine.database is None:
        same = ", ".join(tables.IDENTITY[table])
        of = f"row_number() OVER (PARTITION BY {same}, nth ORDER BY source_file DESC)"
        nth = f"row_number() OVER (PARTITION BY source_file, {same})"
        pool = f"(SELECT *, {nth} AS nth FROM {{pool}})"
    else:
        engine.view(table, f"SELECT {columns} FROM sound_{table}")
        return
    if isinstance(engine, DuckEngine):
        name = f"twins_{table}"
        if not repeated(engine.connection, rows, same, name=name):
            engine.view(table, f"SELECT {columns} FROM sound_{table}")
            return
        ranking = f"SELECT *, {of} AS place FROM {pool.format(pool=name)}"
        engine.connection.execute(f"CREATE OR REPLACE TEMP TABLE once_{table} AS {ranking}")
        single = f"hash({same}) NOT IN (SELECT code FROM {name}_codes)"
        engine.view(
            table,
            f"SELECT {columns} FROM sound_{table} WHERE {single} "
            f"UNION ALL SELECT {columns} FROM once_{table} WHERE place = 1",
        )
        ranked_rows = f"once_{table}"
    else:
        ranked_rows = f"once_{table}"
        engine.view(ranked_rows, f"SELECT *, {of} AS place FROM sound_{table}")
        engine.view(table, f"SELECT {columns} FROM {ranked_rows} WHERE place = 1")
    again = engine.query(f"SELECT count(*) AS n FROM {ranked_rows} WHERE place > 1")["n"].iloc[0]
    if again:
        source.aside[REPEATED] = int(again)
