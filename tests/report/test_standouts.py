"""What stands out beyond chance: hand-counted groups, an independent binomial, no false alarms."""

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from feedback_analysis.report.standouts import LEVEL, order_outcomes, standing_out
from tests.report.hand_made import feedback, orders, shop


def outcomes(**groups):
    """Return order outcomes from orders and negatives of each group."""
    rows = [
        (f"{name}-{place}", name, place < negative)
        for name, (size, negative) in groups.items()
        for place in range(size)
    ]
    return pd.DataFrame(rows, columns=["order_key", "carrier", "negative"])


def test_the_group_with_far_more_negatives_is_named_with_its_numbers():
    found = standing_out(outcomes(good=(500, 5), bad=(100, 15), fine=(400, 4)), "carrier")
    assert found["carrier"].tolist() == ["bad"]
    row = found.iloc[0]
    assert (row["orders"], row["negative"], row["compared"]) == (100, 15, 3)
    assert row["rate"] == pytest.approx(0.15)
    assert row["shop_rate"] == pytest.approx(24 / 1000)
    exact = stats.binomtest(15, 100, 24 / 1000, alternative="greater").pvalue
    assert row["p"] == pytest.approx(3 * exact)
    assert row["low"] < 0.15 < row["high"]


def test_small_groups_few_negatives_and_a_single_group_are_left_alone():
    assert standing_out(outcomes(big=(500, 2), small=(9, 9)), "carrier").empty
    assert standing_out(outcomes(big=(5000, 0), two=(10, 2)), "carrier").empty
    assert standing_out(outcomes(only=(500, 100)), "carrier").empty
    assert standing_out(outcomes(), "carrier").empty


def test_an_order_counts_once_in_a_group():
    twice = pd.concat([outcomes(good=(500, 5), bad=(100, 15))] * 2)
    found = standing_out(twice, "carrier")
    assert found["orders"].tolist() == [100]


def test_chance_alone_seldom_names_anyone():
    random = np.random.default_rng(7)
    alarms = 0
    for _ in range(200):
        groups = {f"g{number}": (60, int(random.binomial(60, 0.02))) for number in range(40)}
        alarms += len(standing_out(outcomes(**groups), "carrier")) > 0
    # The level is 1.7 %: of 200 shops 3 or 4 are expected, and more than 10 have a chance of 0.2 %.
    assert alarms <= 10
    assert pytest.approx(0.05 / 3) == LEVEL


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
    )
    found = order_outcomes(made, end=pd.Timestamp("2026-10-31").date())
    # The 90 days to 31 October begin on 3 August.
    assert dict(zip(found["order_key"], found["negative"], strict=True)) == {
        "o1": False,
        "o2": True,
    }


def test_feedback_that_no_longer_counts_makes_no_order_negative():
    struck = feedback([("2026-10-31", 1, "o1")]).assign(gone=True)
    made = shop(orders=orders([("o1", "2026-10-30", "A", "amazon")]), feedback=struck)
    assert not order_outcomes(made, end=pd.Timestamp("2026-10-31").date())["negative"].any()
