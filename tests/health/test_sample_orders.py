"""The sample shop by order date: our count against the account-health file that it was told."""

from datetime import timedelta
from pathlib import Path

import pytest

import feedback_analysis as fa
from feedback_analysis import health

SAMPLE = Path(__file__).parents[2] / "data" / "sample"


@pytest.fixture(scope="module")
def shop():
    return fa.read_folder(SAMPLE)


def test_the_same_orders_give_amazons_own_counts_but_for_claims(shop):
    result = health.order_defect_rate(
        shop.feedback, shop.orders, as_of="2026-10-31", account_health=shop.account_health
    )
    beside = result.compared
    assert len(beside) == 6
    assert (beside["orders"] == beside["amazon_orders"]).all()
    assert (beside["negatives"] == beside["amazon_negatives"]).all()
    assert beside.loc[beside["why"] != "", ["marketplace", "channel"]].values.tolist() == [
        ["US", "seller"]
    ]
    seller = result.table.set_index("channel").loc["seller"]
    assert (seller["orders"], seller["negatives"], seller["below"]) == (1877, 24, False)


def test_weeks_cut_off_in_the_past_came_to_what_was_expected(shop):
    truth = health.order_weeks(shop.feedback, shop.orders, as_of=shop.last_day, weeks=110).table
    held = cases = 0
    for back in range(13, 50, 6):
        cut = shop.last_day - timedelta(weeks=back)
        then = health.order_weeks(shop.feedback, shop.orders, as_of=cut, weeks=10).table.iloc[:-1]
        young = then[~then["mature"]].merge(truth, on="week", suffixes=("", "_later"))
        cases += len(young)
        held += int(young["negatives_later"].between(young["low"], young["high"]).sum())
    assert cases > 40
    assert 0.9 <= held / cases <= 1


def test_every_marketplace_has_a_distance_and_none_is_expected_at_this_pace(shop):
    result = health.distance_to_target(
        shop.feedback, shop.feedback_totals, as_of="2026-10-31", by="marketplace"
    )
    year = result.table[result.table["window"] == "365 days"].set_index("marketplace")
    assert year["positives_needed"].to_dict() == {"DE": 1063, "UK": 1636, "US": 4232}
    assert (year["pace"] == "not at this pace").all()


def test_us_orders_of_july_that_got_feedback_and_negatives_answered(shop):
    result = health.answers(
        shop.feedback, shop.feedback_totals, shop.orders, until="2026-10-31", by="marketplace"
    )
    table = result.table.set_index(["marketplace", "month"])
    assert table.loc[("US", "2026-07"), ["orders", "feedback"]].tolist() == [1028, 130]
    assert table.loc["US", "answered"].sum() == 23
