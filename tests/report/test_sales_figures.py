"""Orders, conversion and refunds, counted by hand."""

import math

import pytest

from feedback_analysis.periods import Period
from feedback_analysis.report import sales_figures as sales
from feedback_analysis.report.changes import find_changes
from feedback_analysis.report.figures import Figure, Missing, compare
from tests.report.hand_made import daily, orders, shop

OCTOBER = Period.parse("2026-10")


def test_orders_are_counted_once_and_cancelled_ones_left_out():
    placed = orders(
        [
            ("o1", "2026-10-01", "A", "amazon"),
            ("o1", "2026-10-01", "B", "amazon"),
            ("o2", "2026-10-31", "A", "seller"),
            ("o3", "2026-10-15", "A", "seller"),
            ("o4", "2026-09-30", "A", "seller"),
        ]
    )
    placed.loc[placed["order_key"] == "o3", "status"] = "Cancelled"
    made = shop(orders=placed)
    assert sales.order_count(made, OCTOBER).value == 2
    # No business report by date: the lines of the orders are counted.
    assert sales.order_items(made, OCTOBER).value == 3


def test_conversion_is_a_ratio_of_sums_with_the_spread_between_days():
    # Eight days of 100 visits; half of them sell 4, half sell 6.
    rows = [(f"2026-10-{day:02d}", 100, 4 if day % 2 else 6, 10, 1) for day in range(1, 9)]
    found = sales.conversion(shop(daily=daily(rows)), OCTOBER)
    assert found.value == pytest.approx(40 / 800)
    assert found.n == 800
    # Deviations of 1 on each of 8 days; t(7) at 97.5 % is 2.36462.
    reach = 2.36462 * math.sqrt(8 / 7 * 8) / 800
    assert found.high - found.value == pytest.approx(reach, rel=1e-5)
    assert found.value - found.low == pytest.approx(reach, rel=1e-5)
    assert "US 8 of 31" in found.source


def test_a_few_days_give_a_rate_without_an_interval():
    rows = [("2026-10-01", 100, 5, 10, 1)]
    found = sales.units_refunded(shop(daily=daily(rows)), OCTOBER)
    assert (found.value, found.low, found.high) == (0.1, None, None)


def test_without_files_each_figure_says_what_is_missing():
    for measure in (sales.order_count, sales.order_items, sales.conversion, sales.units_refunded):
        found = measure(shop(), OCTOBER)
        assert isinstance(found, Missing)
        assert "October 2026" in found.reason
        assert "shop's folder" in found.remedy


def test_a_rate_of_a_few_days_claims_no_range_and_no_change():
    rows = [(f"2026-{month}-0{day}", 100, 5, 10, 1) for month in ("09", "10") for day in (1, 2)]
    made = shop(daily=daily(rows))
    now, then = sales.conversion(made, OCTOBER), sales.conversion(made, OCTOBER.previous())
    assert "2 days, too few for a range" in now.source
    compared = compare(now, then, period=OCTOBER.previous(), minimum_n=10)
    assert compared.difference is None
    figure = Figure("conversion", "Conversion", "per 100 sessions", "sessions", now=now)
    (change,) = find_changes((figure.compared(previous=compared, year_before=None),))
    assert change.kind == "too few"
    assert change.text == "Conversion in September 2026: too few days to be compared."
