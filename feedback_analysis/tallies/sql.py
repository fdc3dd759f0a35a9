"""The tallies as SQL, for whoever counts in a warehouse, and the way back from its answer."""

from __future__ import annotations

from functools import cache
from importlib.resources import files

import pandas as pd

from feedback_analysis.errors import ReportError, did_you_mean
from feedback_analysis.tallies.parts import WEEKS, Pieces, typed
from feedback_analysis.tallies.schemas import SCHEMAS

# Queries that others read, in the order in which they are made views.
VIEWS = ("placed", "each_order", "counted", "facts", "touched_orders")
_MARK = "-- name: "
_COLUMNS = {"order_state": "order", "first_of": "first"}


@cache
def queries() -> dict[str, str]:
    """Return each query by name: the views of ``VIEWS``, and one for each tally.

    Returns
    -------
    dict of str
        SQL that DuckDB and Spark both run.
    """
    text = files("feedback_analysis.tallies").joinpath("tallies.sql").read_text("utf-8")
    parts = text.split(_MARK)[1:]
    named = (part.partition("\n") for part in parts)
    return {name.strip(): _without_remarks(body) for name, _, body in named}


def _without_remarks(text: str) -> str:
    return "\n".join(line for line in text.splitlines() if not line.startswith("--")).strip()


def from_sql(name: str, answer: pd.DataFrame) -> pd.DataFrame:
    """Bring the answer of a tally's query into the form that :class:`Tallies` takes.

    Parameters
    ----------
    name : str
        The tally.
    answer : DataFrame
        What the query returned.

    Returns
    -------
    DataFrame
        The tally's columns with their types, sorted. Days that delays are counted to have become
        whole numbers of days.

    Raises
    ------
    ReportError
        If there is no such tally, or a column of the answer is missing.
    """
    if name not in SCHEMAS:
        raise ReportError(
            f"there is no such tally.{did_you_mean(name, list(SCHEMAS))}",
            expected=", ".join(SCHEMAS),
            found=name,
        )
    schema = SCHEMAS[name]
    table = answer.rename(columns=_COLUMNS)
    if "piece" in table:
        # The queries count products by weeks.
        start = pd.to_datetime(table["piece"])
        table = table.assign(start=start, end=Pieces(WEEKS).ends(start))
    for day, number in (("came", "delay"), ("left_on", "told")):
        if day in table:
            passed = (pd.to_datetime(table[day]) - pd.to_datetime(table["date"])).dt.days
            table[number] = passed.fillna(-1).astype("int64")
    lost = [column for column in schema.columns if column not in table]
    if lost:
        raise ReportError(
            f"this is no answer of the query '{name}'",
            column=lost[0],
            expected=", ".join(schema.columns),
            found=", ".join(map(str, answer.columns)) or "no columns",
        )
    return typed(table, list(schema.keys), schema.counts, schema.latest, categories=schema.many)
