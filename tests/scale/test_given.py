"""Odd columns give the same small table from every engine, or one message; never another count."""

from datetime import date

import numpy as np
import pandas as pd
import pytest

from feedback_analysis.errors import ReportError
from feedback_analysis.scale import from_sql, panel, tally
from tests.scale.frames import ENGINES

MORNING = pd.Timestamp("2026-10-31 00:30")
ROWS = pd.DataFrame(
    {
        "date": pd.to_datetime(["2026-10-30", "2026-10-31", "2026-10-31", "2026-10-31"]),
        "marketplace": ["UK", "US", "US", None],
        "rating": [5, 1, 1, 3],
    }
)
COUNTED = [5, 1, 3]


def held(engine, rows):
    """Return a frame as an engine holds it, with the types that it came with."""
    if engine == "pyarrow":
        return pytest.importorskip("pyarrow").Table.from_pandas(rows)
    if engine == "polars":
        return pytest.importorskip("polars", reason="Polars is not installed").from_pandas(rows)
    if engine == "duckdb":
        duckdb = pytest.importorskip("duckdb", reason="DuckDB is not installed")
        return duckdb.from_df(rows, connection=duckdb.connect())
    return rows


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize(
    "change",
    [
        {"date": [MORNING - pd.Timedelta(hours=1), MORNING, MORNING + pd.Timedelta(hours=9),
                  MORNING]},
        {"date": [date(2026, 10, 30), *[date(2026, 10, 31)] * 3]},
        {"date": ["2026-10-30", *["2026-10-31"] * 3]},
        {"rating": ["5", "1", "1", "3"]},
        {"rating": np.array([5, 1, 1, 3], dtype="uint8")},
        {"marketplace": pd.Categorical(["UK", "US", "US", None])},
        {"gone": pd.Series([None] * 4, dtype=object)},
        {"gone": [False, np.nan, False, np.nan]},
        {"gone": [0.0, np.nan, 0.0, np.nan]},
    ],
    ids=lambda change: f"{next(iter(change))}-{next(iter(change.values()))[1]!s:.12}",
)  # fmt: skip
def test_odd_columns_are_counted_alike(engine, change):
    found = tally(held(engine, ROWS.assign(**change)))
    assert found["n"].tolist() == [1, 2, 1]
    assert found["rating"].tolist() == COUNTED
    assert [f"{day:%Y-%m-%d %H}" for day in found["date"]] == [
        "2026-10-30 00", "2026-10-31 00", "2026-10-31 00",
    ]  # fmt: skip


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("by", [("date", "rating"), ("week", "rating")], ids="-".join)
@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"date": ROWS["date"].dt.tz_localize("America/New_York")}, "time stamps in the zone"),
        ({"date": ROWS["date"].dt.tz_localize("UTC")}, "time stamps in the zone"),
        ({"date": [20261031] * 4}, "numbers"),
        ({"date": [1.76e9] * 4}, "numbers"),
        ({"date": ["3/4/26"] * 4}, "str|texts"),
        ({"date": ["2026-10-31T23:30:00Z"] * 4}, "str|texts"),
        ({"gone": ["true", "false", "false", None]}, "texts"),
        ({"rating": ["1", "five", "3", "1"]}, "words"),
        ({"rating": [[1], [5], [3], [1]]}, "lists"),
    ],
)
def test_columns_of_another_kind_are_refused(engine, by, change, message):
    frame = held(engine, ROWS.assign(**change))
    with pytest.raises(ReportError, match=next(iter(change))) as refused:
        tally(frame, by)
    assert refused.value.expected
    assert pd.Series([refused.value.found]).str.contains(message).all()


@pytest.mark.parametrize("other", ["3/4/26", 20261031, 3.0])
def test_days_among_which_are_texts_or_numbers_are_refused(other):
    with pytest.raises(ReportError, match="a date cannot be read") as refused:
        tally(ROWS.assign(date=[MORNING, other, MORNING, None]))
    assert "mixed" in refused.value.found


def test_columns_on_two_levels_are_told_by_their_names():
    with pytest.raises(ReportError, match="no column 'date'") as refused:
        tally(pd.concat({"x": ROWS}, axis=1))
    assert "('x', 'date')" in refused.value.found


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("by", [("date", "rating"), ("week", "rating")], ids="-".join)
def test_no_row_of_no_type_is_an_empty_tally(engine, by):
    for kind in ("object", "float64"):
        empty = pd.DataFrame(columns=[*ROWS, "gone"], dtype=kind)
        assert tally(held(engine, empty), by).empty


@pytest.mark.parametrize(
    ("orders", "message"),
    [
        (lambda pl: pl.DataFrame({"order_key": ["a"], "channel": ["amazon"]}), "another engine"),
        (lambda pl: pd.DataFrame({"order_key": [1], "channel": ["amazon"]}), "another kind"),
    ],
)
def test_orders_that_cannot_be_joined_are_refused(orders, message):
    polars = pytest.importorskip("polars", reason="Polars is not installed")
    rows = ROWS.assign(order_key="a")
    with pytest.raises(ReportError, match=message):
        tally(rows, ("date", "channel"), orders=orders(polars))


@pytest.mark.parametrize("given", [None, [1, 2], "feedback.parquet", ROWS["date"]])
def test_what_is_no_frame_is_refused(given):
    for count in (tally, panel):
        with pytest.raises(ReportError, match="none that can be counted"):
            count(given)


def test_a_column_that_is_there_twice_is_refused():
    with pytest.raises(ReportError, match="none that can be counted"):
        tally(pd.concat([ROWS, ROWS[["rating"]]], axis=1))


def test_an_answer_of_another_query_is_refused():
    with pytest.raises(ReportError, match=r"no such tally[.] Did you mean 'orders'"):
        from_sql("order", ROWS)
    with pytest.raises(ReportError, match="no answer of the query 'feedback'"):
        from_sql("feedback", ROWS)
