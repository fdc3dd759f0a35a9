"""The order defect rate by hand: which orders count, once, on which days, beside Amazon's own."""

import pandas as pd
import pytest

from feedback_analysis.errors import ReportError
from feedback_analysis.health import order_defect_rate
from feedback_analysis.health.amazon_defects import held_against
from feedback_analysis.health.defects import _verdict
from tests.health.frames import join
from tests.health.order_frames import history, left, placed

DAY = "2026-10-31"
# Sixty days to 31 October begin on 2 September.
ORDERS = join(
    placed("2026-09-01", 10),
    placed("2026-09-02", 100, first=10),
    placed("2026-10-31", 50, first=110, channel="amazon"),
    placed("2026-10-01", 5, first=160, status="Cancelled"),
)
FEEDBACK = join(
    left({3: "2026-09-20", 10: "2026-09-20", 11: "2026-10-02", 110: "2026-10-31"}),
    left({12: "2026-09-30"}, rating=3),
    left({13: "2026-09-30"}, rating=2).assign(gone=True),
)


def row(result, channel):
    return result.table[result.table["channel"] == channel].iloc[0]


def health(**columns):
    """Return Amazon's figure for seller-fulfilled US orders, with its parts."""
    base = {
        "marketplace": "US", "channel": "seller", "start": pd.Timestamp("2026-09-02"),
        "end": pd.Timestamp("2026-10-01"), "rate": float("nan"), "target": float("nan"),
        "total": 100, "events": 0, "status": None,
    }  # fmt: skip
    whole = {"rate": 0.03, "target": 0.01, "events": 3, "status": "BAD", **columns}
    parts = {"negativeFeedback": 2, "claims": 1, "chargebacks": 0}
    rows = [{**base, "measure": "orderDefectRate", **whole}]
    rows += [
        {**base, "measure": f"orderDefectRate.{name}", "events": count}
        for name, count in parts.items()
    ]
    return pd.DataFrame(rows)


def test_orders_of_sixty_days_count_once_by_their_own_date():
    result = order_defect_rate(FEEDBACK, ORDERS, as_of="2026-10-31")
    assert row(result, "seller")[["orders", "negatives", "defects"]].tolist() == [100, 2, 2]
    assert row(result, "amazon")[["orders", "negatives", "defects"]].tolist() == [50, 1, 1]
    assert row(result, "all")["rate"] == 3 / 150
    assert not row(result, "all")["below"]


def test_an_order_with_several_items_and_feedbacks_counts_once():
    orders = join(ORDERS, placed("2026-09-02", 5, first=10))
    feedback = join(FEEDBACK, left({10: "2026-10-05"}))
    result = order_defect_rate(feedback, orders, as_of="2026-10-31")
    assert row(result, "seller")[["orders", "defects"]].tolist() == [100, 2]


def test_claims_are_unknown_unless_given_and_an_order_with_both_counts_once():
    without = order_defect_rate(FEEDBACK, ORDERS, as_of="2026-10-31")
    assert row(without, "seller")["claims"] is pd.NA
    assert any("can only be too low" in limit for limit in without.limits)
    claims = pd.DataFrame({"order_key": ["o10", "o20", "o3"]})
    given = order_defect_rate(FEEDBACK, ORDERS, as_of="2026-10-31", claims=claims)
    assert row(given, "seller")[["claims", "defects"]].tolist() == [2, 3]
    assert not any("can only be too low" in limit for limit in given.limits)


def test_exactly_one_percent_is_not_below_one_percent():
    orders, feedback = placed("2026-10-01", 100), left({0: "2026-10-20"})
    result = order_defect_rate(feedback, orders, as_of="2026-10-31")
    assert not row(result, "all")["below"]
    more = order_defect_rate(feedback, placed("2026-10-01", 101), as_of="2026-10-31")
    assert row(more, "all")["below"]


def test_few_orders_are_too_few_to_say_and_none_at_all_are_refused():
    few = order_defect_rate(left({0: "2026-10-20"}), placed("2026-10-01", 9), as_of="2026-10-31")
    assert row(few, "all")["verdict"] == "too few to say"
    assert "too few to say" in few.text
    with pytest.raises(ReportError, match="there is no order"):
        order_defect_rate(FEEDBACK, ORDERS.head(0), as_of="2026-10-31")
    with pytest.raises(ReportError, match="no column 'order_key'"):
        order_defect_rate(FEEDBACK.drop(columns="order_key"), ORDERS, as_of="2026-10-31")


def test_feedback_without_its_order_is_told():
    result = order_defect_rate(
        join(FEEDBACK, left({999: "2026-10-20"})), ORDERS, as_of="2026-10-31"
    )
    assert any(limit.startswith("1 of 5 negative feedbacks belong") for limit in result.limits)


def test_orders_that_begin_late_are_told():
    result = order_defect_rate(FEEDBACK, placed("2026-10-01", 20), as_of="2026-10-31")
    assert any("begin on 1 October 2026" in limit for limit in result.limits)


def test_too_few_delays_give_no_expectation():
    result = order_defect_rate(FEEDBACK, ORDERS, as_of="2026-10-31")
    assert pd.isna(row(result, "all")["expected"])
    assert any("too few to say how late" in limit for limit in result.limits)


def young_shop(latest):
    """Return a shop of ten weeks, 40 quick complaints, and two of the first day's orders later."""
    every_day = pd.date_range("2026-08-23", DAY)
    orders = join(*(placed(day, 4, first=4 * at) for at, day in enumerate(every_day)))
    days = dict(zip(orders["order_key"], orders["purchase_date"], strict=True))
    early = {n: days[f"o{n}"] + pd.Timedelta(days=n % 9) for n in range(4, 164, 4)}
    late = dict.fromkeys((0, 1), pd.Timestamp("2026-08-23") + pd.Timedelta(days=latest))
    return left(early | late), orders


def test_the_oldest_orders_alone_do_not_say_that_nothing_has_come():
    last_day = (pd.Timestamp(DAY) - pd.Timestamp("2026-08-23")).days
    found = order_defect_rate(*young_shop(last_day), as_of=DAY)
    assert found.table["expected"].isna().all()
    assert any("orders that are old enough" in limit for limit in found.limits)
    assert order_defect_rate(*young_shop(9), as_of=DAY).table["expected"].notna().all()


def test_no_more_defects_are_expected_than_there_are_orders():
    feedback, orders = history()
    # Of two days nearly everyone complained at once.
    new = placed("2026-10-29", 200, first=90_000)
    told = left(dict.fromkeys(range(90_000, 90_150), "2026-10-30"))
    table = order_defect_rate(join(feedback, told), join(orders, new), as_of=DAY).table
    assert (table["expected_high"] <= table["orders"]).all()
    assert (table["expected_rate_high"] <= 1).all()


def test_the_expectation_lies_above_what_has_come_and_the_verdict_allows_for_it():
    feedback, orders = history(weekly=8, rate=0.03)
    found = row(order_defect_rate(feedback, orders, as_of="2026-10-31"), "all")
    assert found["defects"] <= found["expected_low"] <= found["expected"] <= found["expected_high"]
    assert found["expected"] > found["defects"]
    assert found["verdict"] == "not met"


def test_amazons_figure_stands_beside_ours_for_the_same_orders_with_the_reason():
    result = order_defect_rate(FEEDBACK, ORDERS, as_of="2026-10-31", account_health=health())
    beside = result.compared.iloc[0]
    assert beside[["amazon_orders", "amazon_defects", "orders", "defects"]].tolist() == [
        100,
        3,
        100,
        2,
    ]
    assert (
        beside["why"]
        == "Amazon counts 1 from claims or chargebacks, which no file with orders shows"
    )
    assert "it is at or above the target (US seller-fulfilled 3.00 % of 100)" in result.text


def test_other_numbers_of_orders_or_negatives_are_explained():
    other = health(total=90)
    other.loc[1, "events"] = 1
    why = order_defect_rate(FEEDBACK, ORDERS, as_of="2026-10-31", account_health=other)
    text = why.compared["why"].iloc[0]
    assert "Amazon counts 90 orders, the order files hold 100" in text
    assert "Amazon counts 1 order with negative feedback, we 2" in text


@pytest.mark.parametrize(
    ("over", "of", "said"),
    [
        (0, 1, "it is below the target"),
        (1, 1, "it is at or above the target"),
        (0, 2, "all are below the target"),
        (1, 2, "1 of 2 is at or above the target"),
        (2, 2, "2 of 2 are at or above the target"),
    ],
)
def test_amazons_figures_at_a_limit_are_counted_in_grammar(over, of, said):
    assert held_against(over, of, "the target") == said


def test_a_figure_of_a_later_span_is_left_out():
    later = health().assign(end=pd.Timestamp("2026-11-05"))
    result = order_defect_rate(FEEDBACK, ORDERS, as_of="2026-10-31", account_health=later)
    assert result.compared.empty
    assert "Amazon's own" not in result.text


def test_without_orders_the_rate_says_what_to_add_where_that_is_asked_for():
    feedback, orders = left({0: "2026-10-20"}), placed("2026-10-10", 1).head(0)
    found = order_defect_rate(feedback, orders, as_of="2026-10-31", on_missing="say")
    assert found.table.empty
    assert found.compared.empty
    assert "add the All Orders report" in found.text


@pytest.mark.parametrize(
    ("defects", "low", "high", "answer"),
    [
        (10, 0.010, 0.012, "not met"),  # exactly the target is not below it
        (9, 0.010, 0.012, "going over"),
        (9, 0.0099, 0.012, "cannot tell yet"),
        (9, 0.009, 0.010, "cannot tell yet"),
        (9, 0.009, 0.0099, "met"),
        (9, float("nan"), float("nan"), "cannot tell yet"),
    ],
)
def test_the_verdict_is_about_the_count_that_amazon_enforces(defects, low, high, answer):
    figures = {
        "orders": 1000, "below": defects < 10, "expected_rate_low": low, "expected_rate_high": high,
    }  # fmt: skip
    assert _verdict(figures, target=0.01, minimum_n=10) == answer


def test_a_rate_on_its_way_over_the_limit_is_said_to_be():
    feedback, orders = history(weekly=8, rate=0.011, seed=4, weeks=120)
    result = order_defect_rate(feedback, orders, as_of="2026-10-31")
    found = row(result, "all")
    assert found["below"]
    assert found["verdict"] == "going over"
    assert "below 1 % so far" in result.text
    assert "not to be expected to stay below 1 %" in result.text
