"""Late feedback: the delay by hand, mature weeks, and intervals that hold what came later."""

import numpy as np
import pandas as pd
import pytest

from feedback_analysis.errors import ReportError
from feedback_analysis.health import order_weeks
from feedback_analysis.health.arrivals import Delay
from feedback_analysis.health.nowcast import around, shape_of
from tests.health.frames import join
from tests.health.order_frames import history, left, placed


def test_the_reverse_hazard_by_hand():
    # Old orders: 4 came on day 2, 4 on day 10. Orders 5 days old: 6 came on day 2, none later yet.
    delay = Delay(np.array([2, 10, 2]), np.array([90, 90, 5]), np.array([4, 4, 6]), "test")
    arrived = delay.arrived()
    # Within 10 days among orders that old: 4 of 8 came on day 10, so half came before.
    assert arrived[[1, 2, 9, 10, 90]].tolist() == [0, 0.5, 0.5, 1, 1]
    # The plain share of what was seen by day 2 would have been 10 of 14.


def test_drawn_shares_rise_to_one_and_surround_the_estimate():
    delay = Delay(np.array([2, 10]), np.array([90, 90]), np.array([40, 60]), "test")
    drawn = delay.draws(np.random.default_rng(1), 300)
    assert (np.diff(drawn, axis=1) >= 0).all()
    assert (drawn[:, -1] == 1).all()
    assert drawn[:, 5].mean() == pytest.approx(0.4, abs=0.02)


def test_the_weeks_around_count_less_the_further_away():
    count, orders = around(np.array([1.0, 0, 2]), np.array([10.0, 10, 10]))
    assert count.tolist() == pytest.approx([2 * 0.92**2, 0.92 + 2 * 0.92, 0.92**2])
    assert orders[1] == pytest.approx(18.4)


def test_weeks_that_differ_by_chance_alone_are_taken_for_alike():
    generator = np.random.default_rng(2)
    orders = np.full(80, 500.0)
    calm = generator.poisson(10, 80).astype(float)
    wild = generator.poisson(10 * generator.gamma(2, 0.5, 80)).astype(float)
    assert shape_of(calm, orders, *around(calm, orders)) > 20
    assert shape_of(wild, orders, *around(wild, orders)) < 4


def test_a_week_counts_its_orders_and_their_negatives_by_hand():
    # 26 October 2026 is a Monday.
    orders = join(
        placed("2026-10-19", 20),
        placed("2026-10-25", 5, first=20),
        placed("2026-10-26", 7, first=25),
    )
    feedback = left({1: "2026-10-30", 24: "2026-10-31", 25: "2026-10-31"})
    table = order_weeks(feedback, orders, as_of="2026-10-31").table
    assert table["week"].tolist() == ["2026-W43", "2026-W44"]
    assert table["orders"].tolist() == [25, 7]
    assert table["negatives"].tolist() == [2, 1]
    assert not table["mature"].any()
    assert table["expected"].isna().all()


def test_without_a_known_delay_a_week_is_whole_after_90_days():
    orders = join(placed("2026-07-27", 20), placed("2026-08-03", 20, first=20))
    result = order_weeks(left({1: "2026-08-30"}), orders, as_of="2026-10-31")
    table = result.table.set_index("week")
    assert table.loc["2026-W31", ["mature", "expected"]].tolist() == [True, 1.0]
    assert not table.loc["2026-W32", "mature"]
    assert any("too few to say how late" in limit for limit in result.limits)


def test_old_weeks_are_whole_and_recent_ones_are_expected_to_grow():
    result = order_weeks(*history(), as_of="2026-10-31")
    table = result.table
    assert table["mature"].iloc[:15].all()
    assert not table["mature"].iloc[-4:].any()
    young = table[~table["mature"]]
    assert (young["negatives"] <= young["low"]).all()
    assert (young["low"] <= young["high"]).all()
    assert young["expected"].iloc[-1] > young["negatives"].iloc[-1]
    whole = table[table["arrived"] == 1]
    assert (whole["expected"] == whole["negatives"]).all()


def test_each_channel_has_its_own_weeks_and_other_splits_are_refused():
    feedback, orders = history()
    split = orders.assign(channel=np.where(orders.index % 2, "seller", "amazon"))
    table = order_weeks(feedback, split, as_of="2026-10-31", by="channel", weeks=5).table
    assert table["channel"].tolist() == ["amazon"] * 5 + ["seller"] * 5
    with pytest.raises(ReportError, match="cannot be split by 'sku'"):
        order_weeks(feedback, orders, as_of="2026-10-31", by="sku")


def test_the_same_history_gives_the_same_nowcast():
    feedback, orders = history()
    one, two = (order_weeks(feedback, orders, as_of="2026-10-31").table for _ in range(2))
    pd.testing.assert_frame_equal(one, two)


def test_the_intervals_hold_what_came_later():
    held = []
    for seed in range(12):
        feedback, orders = history(seed=seed)
        known = orders[orders["purchase_date"] <= "2026-08-02"]
        then = order_weeks(feedback, known, as_of="2026-08-02", weeks=6).table
        truth = order_weeks(feedback, known, as_of="2026-10-31", weeks=60).table
        joined = then.merge(truth[["week", "negatives"]], on="week", suffixes=("", "_later"))
        held += joined["negatives_later"].between(joined["low"], joined["high"]).tolist()
    assert len(held) == 72
    assert 0.9 <= np.mean(held) <= 1


def test_without_orders_the_weeks_are_refused_or_say_what_to_add():
    feedback, orders = left({0: "2026-10-20"}), placed("2026-10-10", 1).head(0)
    with pytest.raises(ReportError, match="no order up to this day"):
        order_weeks(feedback, orders, as_of="2026-10-31", by="channel")
    found = order_weeks(feedback, orders, as_of="2026-10-31", by="channel", on_missing="say")
    assert found.table.empty
    assert "add the All Orders report" in found.text


def test_amazon_keeps_its_capital_letter():
    orders = join(placed("2026-06-10", 40, channel="amazon"), placed("2026-06-11", 40, first=40))
    result = order_weeks(left({0: "2026-06-20"}), orders, as_of="2026-10-31", by="channel")
    assert "Fulfilled by Amazon: " in result.text
    assert "Seller-fulfilled: " in result.text


def test_without_a_whole_week_none_is_told_to_be_since_then():
    # The only week is still running.
    bad = dict.fromkeys(range(40), "2026-10-27")
    found = order_weeks(left(bad), placed("2026-10-26", 200), as_of="2026-10-28")
    assert "since then" not in found.text
    assert "The only week shows 40 so far" in found.text
