"""Checks of the feedback health page: order defects, feedback per order, closing."""

from collections import Counter
from datetime import date, timedelta

from tests.honesty import sums
from tests.honesty.nowcast import nowcast
from tests.honesty.orders import (
    amazon_rows,
    defects,
    placed,
    sixty,
)
from tests.honesty.pages import about, about_said, expect, near, near_said, say
from tests.honesty.ratings import (
    LAST,
    MARKETS,
    MONTHS,
    NOW,
    orders_in,
    stars,
)
from tests.honesty.raw import shop

VERDICTS = {"not met": "not met", "met": "met", "cannot tell yet": "cannot tell yet"}


def at(block, starts, values):
    """Hold the numbers of a block that begin at these places against the expected ones."""
    wrong = []
    for start, value in zip(starts, values, strict=True):
        token = next(token for token in block.tokens if token[0] == start)
        wrong += expect(block, [value], start=token[0], end=token[1])
    return wrong


def defect_rates(page):
    wrong = []
    channels = {"all orders": None, "seller-fulfilled": "seller", "fulfilled by Amazon": "amazon"}
    for row in page.table("Orders", "How many", "With a defect so far").rows:
        n, bad = sixty(channels[row[0].text])
        ends = [100 * end for end in sums.wilson(bad, n)]
        wrong += expect(row[1], [n]) + expect(row[2], [bad])
        wrong += expect(row[3], [100 * bad / n, *ends], row[0].text)
        mean, ends = nowcast(channels[row[0].text])
        first = row[4].text.index("(")
        wrong += about(row[4], 100 * mean / n, row[0].text, end=first)
        wrong += near(row[4], [100 * end / n for end in ends], row[0].text, start=first)
        if bad >= 0.01 * n and row[5].text != "no":
            wrong.append(f"{row[0].text}: {row[5].text}")
    for name, channel in (("Seller-fulfilled", "seller"), ("Fulfilled by Amazon", "amazon")):
        n, bad = sixty(channel)
        ends = [100 * end for end in sums.wilson(bad, n)]
        wrong += say(
            page,
            rf"{name}: (\d+) of ([\d,]+) orders of .*? by then, (\d\.\d\d) % \(95 % interval "
            r"(\d\.\d) to (\d\.\d) %\)",
            [bad, n, 100 * bad / n, *ends],
        )
        # The page's first sentence names whoever is over the limit.
        if bad >= 0.01 * n:
            said = rf"orders {name.lower()} at (\d\.\d\d) % of ([\d,]+)"
            wrong += say(page, said, [100 * bad / n, n])
        mean, ends = nowcast(channel)
        span = rf"{name}: .*?feedback is in, about \d+ \((\d+ to \d+)\) are expected"
        wrong += about_said(page, rf"{name}: .*?feedback is in, about (\d+)", mean)
        wrong += about_said(page, rf"{name}: .*?are expected, (\d\.\d\d) %", 100 * mean / n)
        wrong += near_said(page, span, ends)
    return wrong


def beside_amazon(page):
    first, last = date(2026, 8, 16), date(2026, 10, 14)
    names = {"amazon": "fulfilled by Amazon", "seller": "seller-fulfilled"}
    mine, wrong = {}, []
    for market, channel, n, rate, others in amazon_rows():
        orders, bad = defects(first, last, channel, market)
        mine[market, names[channel]] = n, rate, orders, bad, others
    for row in page.table("Marketplace", "Amazon's rate", "Our count").rows:
        n, rate, orders, bad, others = mine[row[0].text, row[1].text]
        wrong += expect(row[3], [100 * rate]) + expect(row[4], [n])
        wrong += expect(row[5], [100 * bad / orders], f"{row[0].text} {row[1].text}")
        same = [bad, orders] if "rounded" in row[6].text else []
        wrong += expect(row[6], [others] if others else same)
    over = {key: row for key, row in mine.items() if row[1] >= 0.01}
    wrong += say(page, r"(\d) of (\d) (?:is|are) at or above the target", [len(over), len(mine)])
    for (market, name), (n, rate, _, _, others) in over.items():
        wrong += say(page, rf"{market} {name} (\d\.\d\d) % of ([\d,]+)", [100 * rate, n])
        if others:
            wrong += say(page, rf"{market} {name}, same orders: Amazon counts (\d+)", [others])
    return wrong


def feedback_per_month(page):
    """Feedback per order: of the month's orders in the US, of the month's days elsewhere."""
    wrong, totals = [], {market: [0, 0] for market in MARKETS}
    placed_by = placed()
    left = Counter()
    for one in shop().counted:
        if one.market == "US" and one.order in placed_by:
            left[placed_by[one.order][0].strftime("%B %Y")] += 1
    newest = {}
    for row in page.table("Marketplace", "Month", "Feedback per order").rows:
        market, name = row[0].text, row[1].text
        first = month_start(name)
        last = (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)
        orders = len(orders_in(first, last, market))
        n = left[name] if market == "US" else stars(market, first, last).n
        ends = [100 * end for end in sums.wilson(n, orders)]
        bad = [one for one in shop().counted
               if one.market == market and one.stars <= 2 and first <= one.day <= last]  # fmt: skip
        answered = sum(bool(one.response) for one in bad)
        for cell, values in zip(
            row[2:5] + row[6:8],
            ([orders], [n], [100 * n / orders, *ends], [len(bad)], [answered]),
            strict=True,
        ):
            wrong += expect(cell, values, f"{market} {name}")
        old = market != "US" or (LAST - last).days >= 90
        if (row[5].text == "yes") != old:
            wrong.append(f"{market} {name}: all in {row[5].text}")
        totals[market][0] += answered
        totals[market][1] += len(bad)
        if old:
            newest[market] = (n, orders, ends)
    for market, (done, bad) in totals.items():
        ends = [100 * end for end in sums.wilson(done, bad)]
        wrong += say(
            page,
            rf"{market}: (\d+) of (\d+) negative feedbacks since November 2025 were answered "
            r"publicly, (\d+\.\d) % \(95 % interval (\d+\.\d) to (\d+\.\d) %\)",
            [done, bad, 100 * done / bad, *ends],
        )
        n, orders, ends = newest[market]
        if market == "US":
            wrong += say(
                page,
                r"US: of ([\d,]+) orders of .*?all in, (\d+\.\d) % got feedback \(95 % interval "
                r"(\d+\.\d) to (\d+\.\d) %\)",
                [orders, 100 * n / orders, *ends],
            )
        else:
            wrong += say(
                page,
                rf"{market}: in October 2026 (\d+) feedbacks came on ([\d,]+) orders, (\d+\.\d) % "
                r"\(95 % interval (\d+\.\d) to (\d+\.\d) %\)",
                [n, orders, 100 * n / orders, *ends],
            )
    return wrong


def month_start(name):
    """Return the first day of a month such as ``October 2026``."""
    names = "January February March April May June July August September October November December"
    word, year = name.split()
    return date(int(year), names.split().index(word) + 1, 1)


def closing(page):
    first, last = MONTHS[NOW]
    mine = [row for row in shop().cases if first <= date.fromisoformat(row["opened"]) <= last]
    times, done = [], []
    for row in mine:
        end = date.fromisoformat(row["closed"]) if row["closed"] else None
        done.append(end is not None and end <= LAST)
        times.append(max(0, ((end if done[-1] else LAST) - date.fromisoformat(row["opened"])).days))
    half = next(t for t, still, _ in sums.survival(times, done) if still <= 0.5 + 1e-12)
    return say(
        page,
        r"Half of the (\d+) cases opened in October 2026 were closed within (\d+) days",
        [len(mine), half],
    )
