"""What stands out beyond chance: hand-counted groups, an independent test, no false alarms."""

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from feedback_analysis.errors import ReportError
from feedback_analysis.health import (
    funnel_limits,
    order_outcomes,
    standouts,
)
from feedback_analysis.health.intervals import share_interval, share_intervals
from feedback_analysis.health.standouts import LEVEL
from tests.report.hand_made import feedback, finished, orders, shop

CARRIER = [("carrier",)]


def outcomes(**groups):
    """Return order outcomes from orders and negatives of each group."""
    rows = [
        (f"{name}-{place}", name, place < negative)
        for name, (size, negative) in groups.items()
        for place in range(size)
    ]
    return pd.DataFrame(rows, columns=["order_key", "carrier", "negative"])


def test_the_group_with_far_more_negatives_is_named_with_its_numbers():
    result = standouts(outcomes(good=(500, 5), bad=(100, 15), fine=(400, 4)), looks=CARRIER)
    assert result.found["carrier"].tolist() == ["bad"]
    row = result.found.iloc[0]
    assert (row["n"], row["negative"], result.compared) == (100, 15, 3)
    assert row["rate"] == pytest.approx(0.15)
    assert row["rest_rate"] == pytest.approx(9 / 900)
    assert row["shop_rate"] == pytest.approx(24 / 1000)
    assert row["times"] == pytest.approx(15)
    exact = stats.fisher_exact([[15, 85], [9, 891]], alternative="greater").pvalue
    assert row["p"] == pytest.approx(exact)
    assert row["q"] == pytest.approx(3 * exact)
    assert row["low"] < 0.15 < row["high"]
    assert result.text == (
        "3 groups of orders were compared, and 1 stands out: bad (15 negatives on 100 orders, "
        "150.0 per 1,000, 95 % interval 93.1 to 232.8, the rest 10.0)."
    )


def test_all_looks_are_corrected_together():
    rows = outcomes(good=(500, 5), bad=(100, 15)).assign(channel="seller")
    rows.loc[::2, "channel"] = "amazon"
    result = standouts(rows, looks=[("carrier",), ("channel",), ("carrier", "channel"), ("asin",)])
    # Two carriers, two channels and four pairs; there is no column asin.
    assert result.compared == 8
    p = result.table["p"].to_numpy()
    ranks = np.arange(1, 9)
    by_hand = np.minimum.accumulate((p * 8 / ranks)[::-1])[::-1].clip(max=1)
    assert result.table["q"].to_numpy() == pytest.approx(by_hand)
    assert result.of("carrier").compared == 2
    assert (
        result.of("carrier").table["q"].min()
        == result.table["q"][result.table["look"] == "carrier"].min()
    )


def test_of_two_names_of_the_same_orders_the_shorter_is_told():
    rows = outcomes(good=(500, 5), bad=(100, 15)).assign(channel="seller", marketplace="US")
    rows.loc[rows.index[:300], "channel"] = "amazon"
    result = standouts(rows, looks=[("carrier",), ("carrier", "channel"), ("channel",)])
    # Every order that the bad carrier took is the seller's own.
    assert result.table["stands_out"].sum() == 3
    assert result.found["group"].tolist() == ["bad", "shipped by the seller"]
    assert "2 stand out" in result.text
    assert "rate" in standouts(outcomes(a=(500, 5), b=(500, 5)), looks=CARRIER).found


def test_small_groups_few_negatives_and_a_single_group_are_left_alone():
    small = standouts(outcomes(big=(500, 2), small=(9, 9)), looks=CARRIER)
    assert (small.compared, small.too_few, len(small.found)) == (1, 1, 0)
    assert standouts(outcomes(big=(5000, 0), two=(10, 2)), looks=CARRIER).found.empty
    for nothing in (outcomes(only=(500, 100)), outcomes()):
        result = standouts(nothing, looks=CARRIER)
        assert result.table.empty
        assert result.text == "No two groups have enough orders to be compared."


def test_the_smallest_group_has_just_the_minimum():
    assert standouts(outcomes(big=(500, 2), small=(10, 9)), looks=CARRIER).compared == 2


def test_a_shop_without_negatives_has_nothing_that_stands_out():
    result = standouts(outcomes(a=(50, 0), b=(60, 0)), looks=CARRIER)
    assert result.table["p"].tolist() == [1, 1]
    assert result.text == (
        "2 groups of orders were compared: none draws more negative feedback than chance explains."
    )


def test_an_order_counts_once_in_a_group():
    twice = pd.concat([outcomes(good=(500, 5), bad=(100, 15))] * 2)
    assert standouts(twice, looks=CARRIER).found["n"].tolist() == [100]


def test_the_words_leave_out_parts_of_what_is_named():
    rows = outcomes(good=(500, 5), bad=(200, 30)).assign(month="2026-10", channel="seller")
    rows.loc[::2, "month"] = "2026-09"
    result = standouts(rows, looks=[("carrier",), ("carrier", "month")])
    assert len(result.found) == 3
    assert "bad (30 negatives on 200 orders" in result.text
    assert "October" not in result.text
    assert set(result.found["group"]) == {"bad", "bad, September 2026", "bad, October 2026"}


def test_a_missing_column_is_named():
    with pytest.raises(ReportError, match="no column 'negative'"):
        standouts(pd.DataFrame({"carrier": ["a"]}))
    with pytest.raises(ReportError, match="no column to look by"):
        standouts(outcomes(a=(10, 1)), looks=[("colour",)])


def test_chance_alone_seldom_names_anyone_over_many_looks():
    random = np.random.default_rng(7)
    alarms = 0
    for _ in range(80):
        rows = pd.DataFrame(
            {
                "asin": random.integers(0, 30, 1500).astype(str),
                "channel": random.choice(["amazon", "seller"], 1500),
                "month": random.choice(["2026-08", "2026-09", "2026-10"], 1500),
                "negative": random.random(1500) < 0.02,
            }
        )
        alarms += len(standouts(rows).found) > 0
    # The level is 5 %: at most 4 of 80 are expected, and more than 11 have a chance of 0.1 %.
    assert alarms <= 11
    assert LEVEL == 0.05


def test_funnel_limits_lie_where_the_binomial_says():
    limits = funnel_limits(0.02, [50, 1000])
    for row in limits.to_dict("records"):
        n = row["n"]
        for name, point in (("low_95", 0.025), ("high_95", 0.975), ("high_99.8", 0.999)):
            count = stats.binom.ppf(point, n, 0.02)
            # Interpolated: between the whole count that passes the point and the one before.
            assert max(0, count - 1) <= row[name] * n <= count
    assert (limits["low_99.8"] <= limits["low_95"]).all()
    assert (limits["high_95"] < limits["high_99.8"]).all()


def test_orders_of_the_last_days_are_told_by_their_feedback():
    made = shop(
        orders=orders(
            [
                ("o1", "2026-10-31", "A", "amazon"),
                ("o2", "2026-08-03", "A", "amazon"),
                ("o3", "2026-08-02", "A", "amazon"),
                ("o4", "2026-11-01", "A", "amazon"),
            ]
        ),
        feedback=feedback([("2026-10-31", 1, "o2"), ("2026-10-31", 3, "o1")]),
        shipments=finished(
            "shipments",
            pd.DataFrame({"order_key": ["o1"], "carrier": ["Northline"], "has_tracking": True}),
        ),
    )
    outcomes = order_outcomes(made, end=pd.Timestamp("2026-10-31").date())
    found = outcomes.rows
    # The 90 days to 31 October begin on 3 August.
    assert dict(zip(found["order_key"], found["negative"], strict=True)) == {
        "o1": False,
        "o2": True,
    }
    assert found["month"].tolist() == ["2026-10", "2026-08"]
    assert found["carrier"].tolist()[0] == "Northline"
    assert outcomes.n == 2
    assert order_outcomes(made, end=pd.Timestamp("2026-10-31").date(), days=None).n == 3
    newest = outcomes.since(pd.Timestamp("2026-10-01").date())
    assert (newest.n, newest.rows["order_key"].tolist()) == (1, ["o1"])
    assert outcomes.without_carrier("Northline").n == 1


def test_feedback_that_no_longer_counts_makes_no_order_negative():
    struck = feedback([("2026-10-31", 1, "o1")]).assign(gone=True)
    made = shop(orders=orders([("o1", "2026-10-30", "A", "amazon")]), feedback=struck)
    found = order_outcomes(made, end=pd.Timestamp("2026-10-31").date())
    assert (found.n, len(found.rows)) == (1, 0)


def test_intervals_of_many_shares_are_those_of_each():
    counts, n = np.array([0, 1, 15, 10, 0]), np.array([7, 30, 100, 10, 0])
    low, high = share_intervals(counts, n)
    one_by_one = np.array([share_interval(k, size) for k, size in zip(counts, n, strict=True)])
    assert low == pytest.approx(one_by_one[:, 0], nan_ok=True)
    assert high == pytest.approx(one_by_one[:, 1], nan_ok=True)


def test_an_order_of_several_products_is_one_complaint_when_deciding_what_to_look_at():
    """Three complaints make a question worth looking at; three lines of one order do not."""
    frame = outcomes(good=(300, 0), bad=(300, 0)).assign(negative=False, questions=[()] * 600)
    for name, keys in (("packaging", ("bad-0",)), ("tracking", ("bad-1", "bad-2", "bad-3"))):
        hit = frame["order_key"].isin(keys)
        frame.loc[hit, "questions"] = pd.Series([(name,)] * hit.sum(), index=frame.index[hit])
    doubled = pd.concat([frame, *[frame[frame["order_key"] == "bad-0"]] * 2], ignore_index=True)
    found = standouts(doubled, looks=(), about="questions", about_looks=CARRIER).table
    assert set(found["about"]) == {"tracking"}
