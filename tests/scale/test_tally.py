"""One tally, the same from every engine and from SQL; it adds up, and refuses what cannot be."""

import pandas as pd
import pytest
from pandas.testing import assert_frame_equal

from feedback_analysis.errors import ReportError
from feedback_analysis.scale import VIEWS, from_sql, queries, tally
from feedback_analysis.tables import empty
from feedback_analysis.tallies import SCHEMAS, Tallies, statuses
from feedback_analysis.tallies.parts import SINGLE_DAYS, Pieces
from tests.project_files import ROOT
from tests.scale.frames import (
    ENGINES,
    FRAMES,
    built,
    connected,
    digest,
    matches,
    on,
)


@pytest.fixture(scope="module")
def expected():
    return built(FRAMES)


@pytest.mark.parametrize("engine", ENGINES)
def test_every_engine_gives_the_same_table(engine):
    frames, _held = on(engine, FRAMES)
    joins = {"orders": "orders", "shipments": "shipments"}
    for by, tables in (
        (("date", "marketplace", "rating"), {}),
        (("date", "marketplace", "channel", "carrier", "rating"), joins),
        (("week", "asin", "rating"), {"orders": "orders"}),
    ):
        found = tally(frames["feedback"], by, **{key: frames[name] for key, name in tables.items()})
        same = tally(FRAMES["feedback"], by, **{key: FRAMES[name] for key, name in tables.items()})
        assert digest(found) == digest(same)
        assert list(found) == [*by, "n"]
        assert found["n"].sum() == (~FRAMES["feedback"]["gone"]).sum()
        assert found["n"].dtype == "int64"
        assert str(found[by[0]].dtype).startswith("datetime64")


@pytest.mark.parametrize("engine", ENGINES[1:])
def test_every_engine_builds_the_same_tallies(engine, expected):
    frames, _held = on(engine, FRAMES)
    found = built(frames)
    for name in SCHEMAS:
        assert digest(found.table(name)) == digest(expected.table(name)), name
        assert list(found.table(name)) == list(SCHEMAS[name].columns)
        assert len(found.table(name)), name


@pytest.mark.parametrize("engine", ENGINES)
def test_knowing_which_orders_have_several_lines_changes_nothing(engine):
    keys = FRAMES["orders"]["order_key"]
    lines = set(keys[keys.duplicated()])
    sent = FRAMES["shipments"]
    again = sent[~sent["order_key"].isin(lines)].head(20).assign(carrier="A Second One")
    given = {**FRAMES, "shipments": pd.concat([sent, again], ignore_index=True)}
    repeated = pd.DataFrame({"order_key": sorted(lines | set(again["order_key"]))})
    frames, _held = on(engine, {**given, "several": repeated})
    expected, found = built(given), built(frames, several=frames["several"])
    assert len(repeated) < keys.nunique()
    for name in SCHEMAS:
        assert digest(found.table(name)) == digest(expected.table(name)), name


def test_the_sql_says_the_same_on_duckdb(expected):
    connection = connected(FRAMES)
    for name, frame in matches().items():
        connection.register(name, frame)
    for view in VIEWS:
        connection.execute(f"CREATE VIEW {view} AS {queries()[view]}")
    assert set(queries()) == {*VIEWS, *SCHEMAS}
    for name in SCHEMAS:
        answer = connection.execute(queries()[name]).df()
        assert digest(from_sql(name, answer)) == digest(expected.table(name)), name


def test_the_sql_of_the_document_runs_as_it_stands(tmp_path, monkeypatch):
    duckdb = pytest.importorskip("duckdb", reason="DuckDB is not installed")
    text = (ROOT / "docs" / "scale.md").read_text("utf-8")
    needed = text.partition("The SQL reads every column")[2].partition("\n")[0]
    for name in ("feedback", "orders", "shipments", "returns"):
        (tmp_path / "warehouse" / name).mkdir(parents=True)
        columns = needed.partition(f"of {name} `")[2].partition("`")[0].split(", ")
        rows = FRAMES[name][columns]
        dated = [column for column in rows if str(rows[column].dtype).startswith("datetime")]
        with duckdb.connect() as held:
            held.register("rows", rows)
            cast = ", ".join(f"CAST({column} AS DATE) AS {column}" for column in dated)
            place = tmp_path / "warehouse" / name / "a.parquet"
            held.execute(
                f"COPY (SELECT * REPLACE ({cast}) FROM rows) TO '{place}' (FORMAT parquet)"
            )
    monkeypatch.chdir(tmp_path)
    code = text.partition("```python\nimport duckdb\n")[2].partition("```")[0]
    said = {}
    exec("import duckdb\n" + code, said)
    given = [FRAMES[name] for name in ("feedback", "orders", "shipments", "returns")]
    expected = Tallies.of(*given, empty("asks"))
    for name in SCHEMAS:
        assert digest(said["tallies"].table(name)) == digest(expected.table(name)), name


def test_tallies_of_two_parts_add_up_to_the_whole(expected):
    half = FRAMES["orders"]["order_key"] < "k0150"
    keys = set(FRAMES["orders"].loc[half, "order_key"])
    parts = [
        {name: frame[frame["order_key"].isin(keys) == side] for name, frame in FRAMES.items()}
        for side in (True, False)
    ]
    together = built(parts[0]) + built(parts[1])
    for name in SCHEMAS:
        assert digest(together.table(name)) == digest(expected.table(name)), name


def test_tallies_until_a_day_are_those_of_the_rows_until_then():
    end = pd.Timestamp("2026-03-31")
    days = {"feedback": "date", "orders": "purchase_date"}
    cut = {name: frame[~(frame[days[name]] > end)] if name in days else frame
           for name, frame in FRAMES.items()}  # fmt: skip
    # Feedback whose order is younger is as old as its order here.
    found, expected = built(FRAMES).until(end.date()), built(cut)
    for name in ("orders", "answered", "carriers", "products", "touched"):
        assert digest(found.table(name)) == digest(expected.table(name)), name
    assert found.feedback["date"].max() <= end


def test_weeks_of_products_make_up_months_and_the_windows_that_end_with_one():
    every = pd.Series(pd.date_range("2026-01-01", "2028-12-31"))
    frame = pd.DataFrame({"order_key": range(len(every)), "purchase_date": every, "sku": "S"})
    orders = frame.assign(order_key=frame["order_key"].astype(str))
    pieces = Tallies.of(None, orders, None, None).products
    assert pieces["orders"].sum() == len(every)
    assert ((pieces["end"] - pieces["start"]).dt.days + 1 == pieces["orders"]).all()
    assert len(pieces) < len(every) / 2.5
    starts = set(pieces["start"])
    for end in pd.date_range("2027-01-31", "2028-11-30", freq="ME"):
        for length in (30, 90, 365):
            assert end - pd.Timedelta(days=length - 1) in starts, (end, length)
    assert (Pieces().ends(pieces["start"]) == pieces["end"]).all()
    assert {day.day for day in starts} >= set(SINGLE_DAYS)


@pytest.mark.parametrize("engine", ENGINES)
def test_old_products_are_counted_by_month(engine, expected):
    begin = pd.Timestamp("2026-03-01")
    frames, _held = on(engine, FRAMES)
    found = built(frames, months_before=begin.date())
    for name in ("products", "rated", "answered_products"):
        table, weekly = found.table(name), expected.table(name)
        old, new = (table[side] for side in (table["start"] < begin, table["start"] >= begin))
        assert_frame_equal(
            new.reset_index(drop=True), weekly[weekly["start"] >= begin].reset_index(drop=True)
        )
        assert len(old) < (weekly["start"] < begin).sum()
        assert (old["start"].dt.day == 1).all()
        assert (old["end"] == old["start"] + pd.offsets.MonthEnd(0)).all()
        keys, counts = list(SCHEMAS[name].keys), list(SCHEMAS[name].counts)
        early = weekly[weekly["start"] < begin]
        month = early["start"].dt.to_period("M").dt.to_timestamp().astype("datetime64[us]")
        summed = early.assign(start=month, end=month + pd.offsets.MonthEnd(0))
        summed = summed.groupby(keys, as_index=False, observed=True)[counts].sum()
        assert digest(summed) == digest(old), name


def test_what_is_missing_is_named_and_not_dropped():
    bare = pd.DataFrame({"date": [pd.Timestamp("2026-10-31")] * 2, "rating": [1, 5]})
    found = tally(bare.assign(marketplace=None))
    assert found["marketplace"].tolist() == ["not stated", "not stated"]
    assert tally(bare.head(0).assign(marketplace="US")).empty


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize(
    ("change", "by", "message"),
    [
        ({"rating": 6}, None, "no whole number from 1 to 5"),
        ({"rating": 0}, None, "no whole number from 1 to 5"),
        ({"rating": 4.5}, None, "no whole number from 1 to 5"),
        ({"rating": 1e308}, None, r"no whole number from 1 to 5(?s:.*)Found: 1e\+308"),
        ({"rating": None}, None, "no whole number from 1 to 5"),
        ({"date": pd.NaT}, None, "feedback has no date|feedbacks have no date"),
        ({}, ("date", "sku"), "counted by week"),
        ({}, ("colour",), "not counted by this"),
        ({"rating": "drop"}, None, "no column 'rating'"),
    ],
)
def test_what_cannot_be_is_refused_on_every_engine(engine, change, by, message):
    rows = FRAMES["feedback"][["date", "marketplace", "rating"]].head(3)
    if change.get("rating") == "drop":
        rows = rows.rename(columns={"rating": "ratings"})
    elif "rating" in change:
        rows = rows.assign(rating=pd.Series([change["rating"]] * 3, dtype="float64"))
    else:
        rows = rows.assign(**change)
    if "date" in change:
        rows["date"] = rows["date"].astype("datetime64[us]")
    frames, _held = on(engine, {"feedback": rows})
    with pytest.raises(ReportError, match=message):
        tally(frames["feedback"], **({"by": by} if by else {}))


def test_an_unknown_tally_is_refused():
    with pytest.raises(ReportError, match="no such tally"):
        Tallies(colours=pd.DataFrame())
    with pytest.raises(AttributeError, match="colours"):
        _ = Tallies().colours
    assert_frame_equal(Tallies().orders, Tallies.of(None, None, None, None).orders)


def test_the_document_lists_every_tally_with_its_columns():
    text = (ROOT / "docs" / "scale.md").read_text("utf-8")
    for name, schema in SCHEMAS.items():
        row = next(line for line in text.splitlines() if line.startswith(f"| `{name}` |"))
        assert [column for column in schema.columns if column not in row] == []


def test_statuses_of_rows_are_those_that_the_tallies_count_by():
    given = ["Shipped", None, "CANCELED", "Cancelled", "Pending", "Pending - Waiting", ""]
    found = statuses(pd.Series(given, index=[3, 1, 4, 1, 5, 9, 2], dtype="str"))
    said = ["sold", "sold", "cancelled", "cancelled", "pending", "sold", "sold"]
    assert found.tolist() == said
    assert found.index.tolist() == [3, 1, 4, 1, 5, 9, 2]
    assert statuses(pd.Series([], dtype="str")).empty
