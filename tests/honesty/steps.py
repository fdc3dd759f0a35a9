"""Checks of the first page: the steps to take first and what stands behind them."""

import re

from tests.honesty.casework import cases, due
from tests.honesty.labels import complaints, corrected, kinds, simulated, tally
from tests.honesty.orders import carriers, groups, negative_orders
from tests.honesty.pages import near, say
from tests.honesty.ratings import BEFORE, LAST, MONTHS


def cases_due(page):
    now = due(LAST)
    overdue = sum(case["overdue"] > 0 for case in now)
    year = cases(LAST)
    wrong = say(page, r"^(\d+)$", [len(now)], heading="Cases due")
    wrong += say(page, r"September 2026: (\d+)\.", [len(due(MONTHS[BEFORE][1]))])
    older = sum(case["overdue"] > 0 for case in year) - overdue
    wrong += say(page, r"(\d+) more overdue, past Amazon's 90 days", [older])
    wrong += say(page, r"First step: Work on the (\d+) cases", [len(now)], at_least=0)
    page.excuse(r"past Amazon's 90 days|within Amazon's 90 days", "Amazon's rule")
    return wrong + say(
        page,
        r"Work on the (\d+) cases .*? (\d+) overdue, (\d+) within seven days (\d+) of (\d+) inv",
        [len(now), overdue, len(now) - overdue, sum(c["investigated"] for c in year), len(year)],
    )


def looked_at(page):
    """How many carriers, products and cases the rules looked at, of the orders of 90 days."""
    least = 10
    sizes = [
        sum(len(orders) >= least for orders in groups((look,), 90)[0].values())
        for look in ("carrier", "asin")
    ]
    page.excuse(r"\d+ products without reviews", "recomputed on the page of the reviews")
    return say(
        page,
        r"(\d+) carriers, (\d+) products, .* the clocks of (\d+) cases",
        [*sizes, len(cases(LAST))],
    )


def top_cause(page):
    """The commonest cause that the seller can fix: its comments and corrected share."""
    rows = complaints().last(90)
    kind = kinds(rows)
    comments = kind["stated"] + kind["unclear"]
    found = tally(rows, "causes")["never_arrived"]
    (ends,) = simulated("never_arrived", (found, comments, comments))
    wrong = []
    for block in page.blocks:
        for part in re.finditer(r"of those with words (\([\d.]+ to [\d.]+) %\)", block.text):
            wrong += near(block, [100 * end for end in ends], start=part.start(1), end=part.end(1))
    return wrong + say(
        page,
        r"(\d+) comments of the last 90 days; corrected, (\d+\.\d) % of those",
        [found, 100 * corrected("never_arrived", found, comments, comments)],
    )


def may_be_over(page):
    """What stood out in 90 days of orders and is no step: all of it, and its newest 30 days."""
    wrong, bad = [], negative_orders()
    said = (
        r" \((\d+) negative feedbacks on ([\d,]+) orders of 90 days; newest 30 days: (\d+) on "
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
