"""A condensed shop tells the same as the shop with all its rows, on every page of the sample."""

import shutil

import pandas as pd
import pytest

import feedback_analysis as fa
from feedback_analysis import health
from feedback_analysis.errors import ReportError
from feedback_analysis.memory import find_snapshot, keep_snapshot
from feedback_analysis.periods import Period
from feedback_analysis.tallies import SCHEMAS
from tests.project_files import ROOT
from tests.scale.condensing import condensed
from tests.scale.notebook_results import differences, results_of

OCTOBER = Period.parse("2026-10")
LOOKS = (("marketplace",), ("channel",), ("month",), ("channel", "month"))
NOTEBOOKS = (
    "00_data_check",
    "01_feedback_health",
    "02_service_questions",
    "03_root_causes",
    "04_cases",
    "05_reviews_and_conversion",
)
HELP = (
    "A condensed shop holds complaints as rows, and of all other feedback and orders the counts "
    "alone: count these by shop.tallies, or say that they cannot be listed."
)


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    kept = shutil.ignore_patterns(".private", "truth")
    folder = tmp_path_factory.mktemp("scale") / "sample"
    return fa.read_folder(shutil.copytree(ROOT / "data" / "sample", folder, ignore=kept))


@pytest.fixture(scope="module")
def few(whole):
    return condensed(whole)


def test_a_condensed_shop_is_smaller_and_says_so(whole, few):
    assert few.is_condensed
    assert not whole.is_condensed
    assert len(few.feedback) < len(whole.feedback) / 2
    assert len(few.orders) < len(whole.orders) / 2
    assert few.last_day == whole.last_day


@pytest.mark.parametrize("notebook", NOTEBOOKS)
def test_every_result_of_a_notebook_is_the_same(notebook, whole, few, monkeypatch):
    expected = results_of(notebook, whole, monkeypatch)
    found = results_of(notebook, few, monkeypatch)
    assert len(expected) > 9
    apart = differences(expected, found)
    assert not apart, "\n".join([*apart, HELP])


def test_a_month_before_the_last_is_the_same_too(whole, few):
    august = Period.parse("2026-08")
    one, other = (shop.until(august.end) for shop in (whole, few))
    # By design, products are cut by days or by weeks, and an order's carrier is known beforehand.
    for name in ("feedback", "orders", "answered", "unhappy", "parcels"):
        pd.testing.assert_frame_equal(one.tallies.table(name), other.tallies.table(name))
    for made in (
        lambda shop: health.feedback_rating(shop, as_of=august.end),
        lambda shop: health.order_defect_rate(shop, as_of=august.end),
        lambda shop: health.weekly_alarm(shop, until=august.end, by="channel"),
        lambda shop: health.standouts(health.order_outcomes(shop, end=august.end), looks=LOOKS),
        lambda shop: health.mix_shift(shop, august, by="channel"),
    ):
        pd.testing.assert_frame_equal(made(one).table, made(other).table)


def test_where_weeks_of_products_are_cut_the_result_says_so(few):
    sunday = Period.parse("2026-W43")
    found = health.standouts(health.order_outcomes(few.until(sunday.end), end=sunday.end))
    assert "Products are counted by whole weeks here" in found.text


def test_a_week_inside_a_month_that_is_counted_whole_says_so(whole, few):
    # So old that the condensed shop counts products by month.
    week = Period.parse("2025-W28")
    orders = few.tallies.products
    assert orders["start"].min() < pd.Timestamp(week.start)
    found = health.order_outcomes(few.until(week.end), end=week.end)
    assert "Products are counted by whole months here" in " ".join(found.limits)
    first, last = found.weeks
    n = found.counts["products"]["n"].sum()
    sold = whole.until(week.end).tallies.products
    inside = sold["status"].eq("sold") & sold["start"].between(first, last)
    assert n == sold.loc[inside, "orders"].sum()
    rows = found.rows_of(("asin",))
    assert rows["purchase_date"].between(first, last).all()


def test_a_mix_of_products_says_which_it_cannot_count(few):
    week = Period.parse("2025-W28")
    found = health.mix_shift(few, week, by="product")
    assert "counted by whole weeks or months" in " ".join(found.limits)


def test_rows_a_tally_and_a_shop_are_rated_alike(whole):
    rows = health.feedback_rating(whole.feedback, whole.feedback_totals, as_of=OCTOBER.end)
    by_source = ["date", "marketplace", "rating", "source", "gone", "last_seen"]
    counts = whole.feedback.groupby(by_source, as_index=False).size().rename(columns={"size": "n"})
    given = (
        (counts, whole.feedback_totals),
        (whole.tallies, whole.feedback_totals),
        (whole,),
    )
    for arguments in given:
        found = health.feedback_rating(*arguments, as_of=OCTOBER.end)
        pd.testing.assert_frame_equal(rows.table, found.table)
        assert found.text == rows.text
    defects = health.order_defect_rate(whole.feedback, whole.orders, as_of=OCTOBER.end)
    found = health.order_defect_rate(whole.tallies, as_of=OCTOBER.end)
    pd.testing.assert_frame_equal(defects.table, found.table)


def test_a_kept_reading_of_a_condensed_shop_keeps_its_tallies(few):
    keep_snapshot(few, OCTOBER)
    again = find_snapshot(few.folder, OCTOBER).shop()
    assert again.is_condensed
    for name in SCHEMAS:
        pd.testing.assert_frame_equal(again.tallies.table(name), few.tallies.table(name))
    alone = find_snapshot(few.folder, OCTOBER).shop(feedback_alone=True)
    pd.testing.assert_frame_equal(alone.feedback, again.feedback)
    pd.testing.assert_frame_equal(alone.tallies.feedback, again.tallies.feedback)
    assert alone.orders.empty
    assert alone.tallies.orders.empty


def test_claims_are_not_counted_without_the_rows_of_all_orders(few):
    claims = pd.DataFrame({"order_key": ["a"]})
    with pytest.raises(ReportError, match="claims can be counted"):
        health.order_defect_rate(few, as_of=OCTOBER.end, claims=claims)
