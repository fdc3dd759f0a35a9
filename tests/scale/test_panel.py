"""The panel of families and weeks: added up by any engine, and the same."""

import duckdb
import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

import feedback_analysis as fa
from feedback_analysis import scale
from feedback_analysis.conversion.prepare import prepare
from tests.conversion.shops import reviews, traffic


@pytest.fixture(scope="module")
def tables():
    """Reports of 40 families with one to three children, with holes, in three marketplaces."""
    random = np.random.default_rng(4)
    rows = [
        (week, f"P{family:02}", f"C{family:02}{child}", int(random.poisson(60)),
         int(random.poisson(3)), float(random.choice([1.0, 0.9, 0.1])), 0.0)
        for family in range(40)
        for child in range(family % 3 + 1)
        for week in range(12)
        if random.random() > 0.05
    ]  # fmt: skip
    parts = [traffic(rows, marketplace="US"), traffic(rows[::2], marketplace="CA"), traffic(rows[:40], days=6), traffic(rows[::7], basis="sku")]  # fmt: skip  # noqa: E501
    given = pd.concat(parts, ignore_index=True)
    given["sales"] = (given["units"] * random.uniform(9, 31, len(given))).round(2)
    given.loc[given["marketplace"] == "CA", "currency"] = "CAD"
    for name in ("sessions", "units", "page_views", "featured_offer_share", "sales", "parent_asin"):
        given.loc[random.random(len(given)) < 0.03, name] = pd.NA
    known = [(f"P{family:02}", f"2026-0{1 + family % 3}-14", family % 5) for family in range(38)]
    first = [(f"P{family:02}", "2025-12-01", 0) for family in range(38)]
    return given.sample(frac=1, random_state=1), reviews([*first, *known])


def from_duckdb(given):
    held = duckdb.connect()
    held.register("given", pa.Table.from_pandas(given, preserve_index=False))
    return held.sql("select * from given")


ENGINES = {
    "polars": lambda given: pytest.importorskip("polars").from_pandas(given),
    "polars, lazy": lambda given: pytest.importorskip("polars").from_pandas(given).lazy(),
    "arrow": lambda given: pa.Table.from_pandas(given, preserve_index=False),
    "duckdb": from_duckdb,
}


@pytest.mark.parametrize("engine", ENGINES)
def test_every_engine_adds_up_to_the_same_panel(tables, engine):
    given, counts = tables
    wanted = scale.panel(given, counts)
    found = scale.panel(ENGINES[engine](given), counts)
    pd.testing.assert_frame_equal(found.table, wanted.table)
    pd.testing.assert_frame_equal(found.places, wanted.places)
    assert set(wanted.places["currency"]) == {"USD", "CAD"}
    assert (found.text, found.limits, found.currency) == (wanted.text, wanted.limits, "USD")
    assert {"none", "some", "unknown"} == set(wanted.table["presence"])
    ours, theirs = prepare(wanted.table), prepare(found.table)
    for name in ("family", "week", "units", "sessions", "reviews", "price", "offer", "age"):
        np.testing.assert_allclose(getattr(ours, name), getattr(theirs, name))
    assert ours.notes == theirs.notes


@pytest.mark.parametrize("engine", ENGINES)
def test_a_marketplace_without_sales_is_no_marketplace_of_none(tables, engine):
    given, counts = tables
    given = given.assign(order_items=given["order_items"].mask(given["marketplace"] == "CA"))
    wanted = scale.panel(given, counts).table
    found = scale.panel(ENGINES[engine](given), counts).table
    pd.testing.assert_frame_equal(found, wanted)
    assert 0.2 < wanted["market_mix"].isna().mean() < 0.8
    # What is left is the conversion of the US alone.
    assert wanted["market_mix"].dropna().round(9).nunique() == 1


def test_the_sums_are_those_counted_by_hand(tables):
    given, counts = tables
    panel = scale.panel(given, counts, marketplace="US").table
    rows = given[(given["marketplace"] == "US") & (given["basis"] == "child")]
    rows = rows[(rows["end"] - rows["start"]).dt.days == 6]
    family = rows["parent_asin"].fillna(rows["child_asin"]).astype(object)
    keys = [family.rename("family"), rows["start"].rename("week")]
    # What was sold to visitors that nobody counted is no part of a conversion.
    rows = rows.assign(order_items=rows["order_items"].where(rows["sessions"].notna()))
    by_hand = rows.groupby(keys)[["sessions", "order_items"]].sum(min_count=1).astype(float)
    held = panel.set_index(["family", "week"])
    assert len(held) == len(by_hand) > 400
    pd.testing.assert_series_equal(held["sessions"], by_hand["sessions"], check_index_type=False)
    pd.testing.assert_series_equal(held["units"], by_hand["order_items"], check_names=False, check_index_type=False)  # fmt: skip  # noqa: E501


def test_the_fit_takes_the_rows_that_were_added_up(tables):
    given, counts = tables
    wanted = fa.review_effect(scale.panel(given, counts).table)
    found = fa.review_effect(scale.panel(from_duckdb(given), counts).table)
    assert found.text == wanted.text
    assert found.interval == pytest.approx(wanted.interval, nan_ok=True)


def test_a_table_without_its_columns_is_refused(tables):
    with pytest.raises(fa.ReportError, match="no column 'basis'"):
        scale.panel(pa.Table.from_pandas(tables[0].drop(columns="basis")))
