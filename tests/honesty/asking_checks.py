"""Checks of the page about cases: who may be asked, who leaves feedback, what asking does."""

from datetime import timedelta

from tests.honesty import sums
from tests.honesty.casework import (
    facts,
    grouped,
)
from tests.honesty.pages import expect, say
from tests.honesty.ratings import LAST

# With fewer complaints about the other products nothing is held against them.
LEAST_EVENTS = 5


def percents(count, n):
    """Return a share and its interval in percent."""
    return [100 * value for value in (count / n, *sums.wilson(count, n))]


def asking_now(page):
    inside = [
        each for each in facts().values()
        if each["promised"] and 5 <= (LAST - each["promised"]).days <= 30
    ]  # fmt: skip

    def numbers(part):
        free = [e for e in part if not e["asked"] and not e["held"] and e["stars"] is None]
        ending = [e for e in free if e["promised"] + timedelta(days=30) <= LAST + timedelta(days=7)]
        return [
            len(part), sum(e["stars"] is not None for e in part),
            sum(e["asked"] is not None for e in part), sum(e["held"] for e in part), len(free),
            len(ending),
        ]  # fmt: skip

    wrong = []
    for row in page.table("Marketplace", "Orders in the window", "Never asked").rows:
        mine = numbers([each for each in inside if each["market"] == row[0].text])
        for cell, value in zip(row[1:], mine, strict=True):
            wrong += expect(cell, [value], row[0].text)
    whole = numbers(inside)
    wrong += say(page, r"2026, ([\d,]+) orders are 5 to 30 days past", whole[:1])
    held = sum(bool(each["held"] and not each["asked"]) for each in inside)
    wrong += say(page, r"are not among the ([\d,]+) held out on purpose", [held])
    return wrong + say(
        page, r"day; ([\d,]+) of them were never asked .*? For (\d+) the time", whole[4:]
    )


def how_far(page):
    logged = [each for each in facts().values() if each["asked"] or each["held"]]
    first, last = min(each["day"] for each in logged), LAST - timedelta(days=45)
    part = [e for e in facts().values() if e["known"] and first <= e["day"] <= last]
    asked = [each for each in part if each["asked"]]
    steps = [len(part), len(asked), sum(e["stars"] is not None for e in asked),
             sum((e["stars"] or 0) >= 4 for e in asked)]  # fmt: skip
    wrong = []
    for row, n in zip(page.table("Step", "Orders", "Of all").rows, steps, strict=True):
        wrong += expect(row[1], [n], row[0].text)
        wrong += expect(row[2], [100 * n / steps[0]], row[0].text)
    return wrong


def who_leaves(page):
    old = [e for e in facts().values() if e["known"] and e["day"] <= LAST - timedelta(days=90)]
    left = sum(each["stars"] is not None for each in old)
    wrong = say(
        page,
        r"Of ([\d,]+) orders that are at least 90 days old, (\d+\.\d) % got feedback \(95 % "
        r"interval (\d+\.\d) to (\d+\.\d) %\)",
        [len(old), *percents(left, len(old))],
    )
    names = {"amazon": "Amazon", "seller": "you"}
    keys = {
        "Shipped by": lambda e: names[e["channel"]], "Marketplace": lambda e: e["market"],
        "Month": lambda e: f"{e['day']:%B %Y}", "Product": lambda e: e["asin"],
    }  # fmt: skip
    for table in page.all_tables("Orders", "With feedback", "Feedback per order"):
        by = grouped(old, keys[table.header[0].text])
        for row in table.rows:
            part = by[row[0].text]
            n = sum(each["stars"] is not None for each in part)
            wrong += expect(row[1], [len(part)], row[0].text) + expect(row[2], [n], row[0].text)
            wrong += expect(row[3], percents(n, len(part)), row[0].text)
    return wrong


def leaving_out(page):
    part = [e for e in facts().values() if e["known"] and e["day"] > LAST - timedelta(days=365)]
    rules = (
        lambda e: False, lambda e: e["refunded"], lambda e: e["late"], lambda e: e["complained"],
        lambda e: e["refunded"] or e["late"] or e["complained"],
    )  # fmt: skip
    wrong, most = [], 0
    for row, rule in zip(page.table("Asked", "Orders left out").rows, rules, strict=True):
        kept = [e["stars"] for e in part if not rule(e) and e["stars"] is not None]
        shown = percents(sum(star >= 4 for star in kept), len(kept))
        most = max(most, shown[0])
        wrong += expect(row[1], [sum(map(rule, part))], row[0].text)
        wrong += expect(row[2], [len(kept)], row[0].text) + expect(row[3], shown, row[0].text)
    every = [each["stars"] for each in part if each["stars"] is not None]
    shown = percents(sum(star >= 4 for star in every), len(every))
    wrong += say(
        page,
        r"Over all orders (\d+\.\d) % of ([\d,]+) feedbacks are positive \((\d+\.\d) to (\d+\.\d)",
        [shown[0], len(every), *shown[1:]],
    )
    title = r"Leaving unhappy buyers out would read up to (\d+\.\d) points higher"
    wrong += say(page, title, [most - shown[0]])
    return wrong + say(page, r"a shop would read up to (\d+\.\d) % instead", [most])


def what_asking_does(page):
    old = [e for e in facts().values() if e["known"] and e["day"] <= LAST - timedelta(days=45)]
    held = [each for each in old if each["held"] and not each["asked"]]
    begin = min(each["day"] for each in held)
    asked = [each for each in old if each["asked"] and each["day"] >= begin]
    left = [[e for e in part if e["stars"] is not None] for part in (asked, held)]
    rows = []
    for sides, hit in (
        ((asked, held), lambda e: e["stars"] is not None),
        ((asked, held), lambda e: (e["stars"] or 0) >= 4),
        ((asked, held), lambda e: (e["stars"] or 9) <= 3),
        (left, lambda e: e["stars"] >= 4),
    ):
        (a, n), (b, m) = ((sum(map(hit, side)), len(side)) for side in sides)
        ends = [100 * value for value in sums.share_difference(a, n, b, m)]
        rows.append(([100 * a / n, n], [100 * b / m, m], ends))
    wrong = []
    for row, values in zip(page.table("What", "Asked", "Held out").rows, rows, strict=True):
        for cell, mine in zip(row[1:], values, strict=True):
            wrong += expect(cell, mine, row[0].text)
    first, share = rows[0], rows[3]
    wrong += say(
        page,
        r"(\d+\.\d) % of ([\d,]+) asked orders left some, (\d+\.\d) % of (\d+) held out; a "
        r"difference of ([+-]\d+\.\d) points \(([+-]\d+\.\d) to ([+-]\d+\.\d)\)",
        [*first[0], *first[1], *first[2]],
    )
    wrong += say(
        page,
        r"positive share among those asked is (\d+\.\d) %, among those held out (\d+\.\d) %",
        [share[0][0], share[1][0]],
    )
    last = max(each["day"] for each in asked + held)
    start = min(each["day"] for each in asked + held)
    neither = [e for e in old if not e["asked"] and not e["held"] and start <= e["day"] <= last]
    every = sum(each["stars"] is not None for each in asked + neither)
    n, told = len(asked) + len(neither), len(left[1])
    ends = [100 * value for value in sums.share_difference(every, n, told, len(held))]
    return wrong + say(
        page,
        r"([\d,]+) orders of the same time were neither .*? (\d+\.\d) % left feedback, a difference"
        r" to those held out of ([+-]\d+\.\d) points \(([+-]\d+\.\d) to ([+-]\d+\.\d)\)",
        [len(neither), 100 * every / n, *ends],
    )
