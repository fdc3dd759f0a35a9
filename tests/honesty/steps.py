"""Checks of the first page: the steps to take first and what stands behind them."""

from tests.honesty.actions_said import due_said
from tests.honesty.casework import cases, due
from tests.honesty.orders import carriers, groups, negative_orders
from tests.honesty.pages import say
from tests.honesty.ratings import BEFORE, LAST, MONTHS
from tests.honesty.test_conversion import latest


def cases_due(page):
    now = due(LAST)
    wrong = say(page, r"^(\d+)$", [len(now)], heading="Cases due")
    wrong += say(page, r"September 2026: (\d+)\.", [len(due(MONTHS[BEFORE][1]))])
    wrong += say(page, r"First step: Work on the (\d+) feedbacks", [len(now)], at_least=0)
    return wrong + due_said(page)


def looked_at(page):
    """How many carriers, products and cases the rules looked at, of the orders of 90 days."""
    least = 10
    sizes = [
        sum(len(orders) >= least for orders in groups((look,), 90)[0].values())
        for look in ("carrier", "asin")
    ]
    bare = sum(reviews == 0 for _, reviews, _ in latest().values())
    return say(
        page,
        r"(\d+) carriers, (\d+) products, .* clocks of (\d+) feedbacks.* (\d+) products without",
        [*sizes, len(cases(LAST)), bare],
    )


def may_be_over(page):
    """What stood out in 90 days of orders and is no step: all of it, and its newest 30 days."""
    wrong, bad = [], negative_orders()
    said = (
        r" \((\d+) negative feedbacks? on ([\d,]+) orders of 90 days; newest 30 days: (\d+) on "
        r"(\d+) orders\)"
    )
    spans = [groups(("carrier",), days)[0]["Northline"] for days in (90, 30)]
    values = [n for orders in spans for n in (len(orders & bad), len(orders))]
    wrong += say(page, "(?<!without )Northline" + said, values)
    shipped = [groups(("channel",), days)[0]["shipped by the seller"] for days in (90, 30)]
    own = [
        {order for order in orders if "Northline" not in carriers().get(order, ())}
        for orders in shipped
    ]
    values = [n for orders in own for n in (len(orders & bad), len(orders))]
    return wrong + say(page, r"yourself without Northline" + said, values, at_least=0)
