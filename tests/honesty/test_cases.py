"""Every figure of the page about cases and asking, from the files themselves."""

import math
import re
from collections import Counter
from datetime import timedelta
from fnmatch import fnmatchcase
from statistics import NormalDist, median

from tests.honesty import sums
from tests.honesty.asking_checks import (
    asking_now,
    how_far,
    leaving_out,
    percents,
    what_asking_does,
    who_leaves,
)
from tests.honesty.casework import (
    CLOSE,
    cases,
    clopper_pearson,
    closing,
    due,
    grouped,
    listed,
    question,
    reason,
)
from tests.honesty.checks import page_tests
from tests.honesty.drawn_rest import cases_drawn
from tests.honesty.labels import complaints
from tests.honesty.orders import NOT_SOLD
from tests.honesty.pages import expect, say
from tests.honesty.ratings import LAST, MONTHS, NOW
from tests.honesty.raw import SHOP, shop
from tests.honesty.reasons import BENCHMARK, GUARD
from tests.honesty.rules import of_settings, rules, words_of

# With fewer complaints about the other products nothing is held against them.
LEAST_EVENTS = 5


def coverage(page):
    first, last = MONTHS[NOW]
    year = cases(LAST)
    month = [case for case in year if first <= case["feedback"].day <= last]
    wrong = []
    for part, pattern in (
        (month, r"(\d+) of (\d+) feedbacks of October 2026 investigated, (\d+) overdue"),
        (year, r"last 365 days: (\d+) of (\d+) investigated, (\d+) overdue"),
    ):
        done, late = (sum(bool(case[key]) for case in part) for key in ("investigated", "overdue"))
        wrong += say(page, pattern, [done, len(part), late])
    gone = sum(case["overdue"] > 0 and case["request"] < 0 for case in year)
    wrong += say(page, r"\((\d+) of them older than Amazon's 90 days\)", [gone])
    for part, start in ((month, "October 2026 investigated"), (year, "last 365 days:")):
        stages = Counter(case["stage"] for case in part)
        for block in page.blocks:
            if start in block.text and "overdue" in block.text:
                # Both sentences may stand in one block; the second begins with its own name.
                begin = block.text.index(start)
                end = block.text.find("Of the last 365", begin + 1)
                end = len(block.text) if end < 0 else end
                for found in re.finditer(r"(\d+) (not started|under way|waiting|closed)",
                                         block.text[begin:end]):  # fmt: skip
                    place = begin + found.start()
                    token = next(t for t in block.tokens if t[0] == place)
                    wrong += expect(block, [stages[found[2]]], start=token[0], end=token[1])
    return wrong + say(
        page,
        r"within (\d) days of the feedback, closed within (\d+) days; up to (\d) day later",
        [2, 14, 1],
    )


def open_cases(page):
    """The working list: clocks of every case shown, found by its stars and buyer's words."""
    wrong = []
    known = {"+".join((str(c["feedback"].stars), *clock(c))): c for c in cases(LAST)}
    rows = [
        row for table in page.all_tables("Case", "What to do", "Runs out") for row in table.rows
    ]
    for row in rows:
        if row[0].text.startswith("and "):
            n = len(due(LAST)) - (
                len(page.all_tables("Case", "What to do", "Runs out")[1].rows) - 1
            )
            wrong += expect(row[0], [n], row[0].text)
            continue
        printed = re.findall(r"(overdue by|removal:|buyer:) (\d+) days?", row[2].text)
        key = "+".join((row[3].text, *(f"{a} {b}" for a, b in printed)))
        if key not in known:
            wrong.append(f"no such case: {row[0].text} {row[2].text}")
        row[2].marks.clear()
        wrong += expect(row[2], [int(b) for _, b in printed]) + expect(row[3], [int(row[3].text)])
        wrong += words_of(row[4]) if row[4].tokens else []
        wrong += refund(row[6])
    return wrong


def refund(cell):
    """Hold what was refunded on a case's order against the returns of the same sum."""
    found = re.search(r"refunded ([\d.]+)", cell.text)
    if not found:
        return []
    paid = Counter()
    for row in shop().returns:
        paid[row["order"]] += float(row.get("refunded amount") or 0)
    value = float(found[1])
    if not any(math.isclose(value, amount, abs_tol=0.005) for amount in paid.values()):
        return [f"no return of {value}"]
    return expect(cell, [value], start=found.start(1), end=found.end(1))


def clock(case):
    """Return a case's clocks in the page's words."""
    words = []
    if case["overdue"]:
        words.append(f"overdue by {case['overdue']}")
    words.append(f"removal: {case['request']}")
    if case["buyer"] is not None and case["buyer"] >= 0:
        words.append(f"buyer: {case['buyer']}")
    return words


def times_of(year):
    """Return how long each case took or has been open, and whether it is closed."""
    known = [case for case in year if case["stage"] != "closed" or case["closed"]]
    times = [max(0, ((case["closed"] or LAST) - case["feedback"].day).days) for case in known]
    return times, [case["stage"] == "closed" for case in known]


def time_to_close(page):
    times, done = times_of(cases(LAST))
    (half, low, high), curve = closing(times, done)
    wrong = say(
        page,
        r"Half of the (\d+) cases are closed within (\d+) days of the feedback \(95 % interval "
        r"(\d+) to (\d+)\); (\d+) are still open",
        [len(times), half, low, high, len(times) - sum(done)],
    )
    _, still, least, most = [row for row in curve if row[0] <= CLOSE][-1]
    return wrong + say(
        page,
        r"Within the promised (\d+) days (\d+\.\d) % are closed \((\d+\.\d) to (\d+\.\d) %\)",
        [CLOSE, *(100 * (1 - value) for value in (still, most, least))],
    )


def closed_cases():
    """Return the shop's closed cases whose feedback is known, with whether it is gone."""
    gone = {one.order for one in shop().feedback if one.gone}
    rated = {one.order for one in shop().feedback if one.stars <= 3 or one.gone}
    return [
        (row, row["order_id"] in gone, row["outcome"] in ("removed by buyer", "struck by Amazon"))
        for row in listed().values()
        if (row["status"] == "closed" or row["closed"]) and row["order_id"] in rated
    ]


def resolutions(page):
    wrong, done = [], closed_cases()
    by = grouped(done, lambda each: each[0]["resolution"])
    for row in page.table("Done about it", "Closed cases", "Share").rows:
        part = by[row[0].text]
        seen, told = sum(each[1] for each in part), sum(each[2] for each in part)
        either = sum(each[1] or each[2] for each in part)
        shown = percents(either, len(part))
        for cell, values in zip(
            row[1:], ([len(part)], [seen], [told], [either], shown), strict=True
        ):
            wrong += expect(cell, values, row[0].text)
        wrong += say(
            page,
            rf"(?:: |; ){row[0].text} (\d+\.\d) % of (\d+) \((\d+\.\d) to (\d+\.\d) %\)",
            [shown[0], len(part), *shown[1:]],
        )
    wrong += say(page, r"Of all (\d+) closed cases of the shop's list", [len(done)])
    paid = grouped(done, lambda each: (each[0]["resolution"], each[0]["currency"]))
    for row in page.table("Done about it", "Currency", "Total").rows:
        costs = [float(each[0]["cost"]) for each in paid[row[0].text, row[1].text]]
        for cell, value in zip(row[2:], (len(costs), sum(costs), median(costs)), strict=True):
            wrong += expect(cell, [value], f"{row[0].text} {row[1].text}")
    return wrong


def settings():
    """Return the dated changes that shop.toml states."""
    import tomllib

    return tomllib.loads((SHOP / "shop.toml").read_text("utf-8"))["actions"]


def complaint_days(name, by):
    """Return order -> first day of a complaint about a question, by feedback or by returns."""
    found = {}
    if by == "returns":
        days = [(row["order"], row["day"]) for row in shop().returns
                if question(reason(row["reason"])) == name]  # fmt: skip
    else:
        days = [(row["feedback"].order, row["day"]) for row in complaints().rows
                if name in row["questions"]]  # fmt: skip
    for order, day in days:
        found[order] = min(day, found.get(order, day))
    return found


def around(change, by):
    """Return complaints and orders before and after a change: of products touched, and others."""
    since, last = change["since"], LAST - timedelta(days=45)
    hits = complaint_days(change["question"], by)
    counts = {}
    for row in shop().items:
        if row["order-status"] in NOT_SOLD:
            continue
        names = (row["sku"], row["asin"])
        patterns = change.get("products", ["*"])
        touched = any(fnmatchcase(name, pattern) for name in names for pattern in patterns)
        after = row["day"] >= since
        if after and not row["day"] <= min(since + timedelta(days=89), last):
            continue
        if not after and row["day"] < since - timedelta(days=90):
            continue
        counts.setdefault((touched, after), {})[row["order"]] = row["day"]
    found = []
    for touched in (True, False):
        for after in (False, True):
            orders = counts.get((touched, after), {})
            bad = sum(
                order in hits and (hits[order] - day).days <= 45 for order, day in orders.items()
            )
            found += [bad, len(orders)]
    return found


def dated_changes(page):
    wrong = []
    table = page.table("What changed", "Measured by", "Ratio").records()
    for change in settings():
        for by in ("feedback of 1 to 3 stars", "returns"):
            row = next(
                row for row in table
                if row["What changed"].text == change["what"] and row["Measured by"].text == by
            )  # fmt: skip
            x0, n0, x1, n1, y0, m0, y1, m1 = around(change, by)
            cells = list(row.values())
            wrong += expect(cells[4], [1000 * x0 / n0, x0, n0], change["what"])
            if not n1:
                wrong += expect(cells[5], [x1, n1], change["what"])
                continue
            ends = [share / (1 - share) * n0 / n1 for share in clopper_pearson(x1, x0 + x1)]
            ratio = (x1 / n1) / (x0 / n0)
            wrong += expect(cells[5], [1000 * x1 / n1, x1, n1], change["what"])
            wrong += expect(cells[6], [ratio, *ends], change["what"])
            net = []
            if y0 and y0 + y1 >= LEAST_EVENTS:
                logs = [math.log((x + 0.5) / (n + 0.5))
                        for x, n in ((x0, n0), (x1, n1), (y0, m0), (y1, m1))]  # fmt: skip
                middle = logs[1] - logs[0] - logs[3] + logs[2]
                spread = sums.Z * math.sqrt(sum(1 / (x + 0.5) for x in (x0, x1, y0, y1)))
                net = [math.exp(middle + step) for step in (0, -spread, spread)]
            wrong += expect(cells[7], net, change["what"])
            wrong += expect(cells[8], [100 * smallest(x0, n0, n1)], change["what"])
            words = (
                r"From (\d+\.\d) to (\d+\.\d) per 1,000 orders, a ratio of (\d\.\d\d) \(95 % "
                r"interval (\d\.\d\d) to (\d\.\d\d)\)"
            )
            head = rf"{change['question'].replace('_', ' ')} by {by}: \w+\. "
            values = [1000 * x0 / n0, 1000 * x1 / n1, ratio, *ends]
            wrong += say(page, head + words, values)
            if net:
                others = (y1 / m1) / (y0 / m0)
                tail = (r"; against products not touched \((\d\.\d\d)\) it is (\d\.\d\d) "
                        r"\((\d\.\d\d) to (\d\.\d\d)\)")  # fmt: skip
                wrong += say(page, head + words + tail, [*values, others, *net])
    return wrong


def smallest(x0, n0, n1):
    """Return the smallest fall that could have been seen four times in five."""
    power = NormalDist().inv_cdf(0.8)
    for fall in (step / 100 for step in range(1, 100)):
        expected = x0 * (n1 / n0) * (1 - fall)
        if -math.log(1 - fall) / math.sqrt(1 / x0 + 1 / expected) >= sums.Z + power:
            return fall
    return math.nan


def within_the_rules(page):
    """Cases with both a benefit and a request: from the shop's own list."""
    year = [
        case for case in cases(LAST)
        if case["row"] is not None and case["row"]["asked_about_removal"] == "yes"
        and case["row"]["resolution"] in ("refund", "replacement", "partial refund")
    ]  # fmt: skip
    wrong = say(page, r"^(\d+) cases$", [len(year)])
    return wrong + say(page, r"(?:case-\S+, ?)+case-\S+ and (\d+) more", [len(year) - 8])


def unknown(page):
    year = cases(LAST)
    labels = {row["feedback"].order: row for row in complaints().rows}
    bare = sum(not labels[case["feedback"].order]["text"] for case in year)
    wrong = say(page, r"The cause of (\d+) cases of (\d+) is not yet known", [bare, len(year)])
    lost = sum(one.gone and one.order in listed() for one in shop().feedback)
    return wrong + say(page, r"(\d+) cases of the shop's list whose feedback is gone", [lost])


def figures(page):
    """What the figures say beside their points and in their titles."""
    times, done = times_of(cases(LAST))
    return cases_drawn(page, closing(times, done)[0][0], closed_cases())


def rest(page):
    wrong = []
    for table in page.all_tables("Case", "Rule that may apply"):
        known = {case["request"] for case in cases(LAST)}
        for row in table.rows:
            for place in (2, 3):
                wrong += words_of(row[place]) if row[place].tokens else []
            days = int(row[4].text.split()[0])
            if days not in known:
                wrong.append(f"no case has {days} days left for a request")
            expect(row[4], [days])
    for row in page.table("Marketplace", "For", "Rules broken").rows:
        wrong += expect(row[3], [0], "what the project offers as a text keeps to the rules")
    for block in page.everything():
        if "a 10 GBP voucher" in block.text:
            wrong += of_settings(block, r"a 10 GBP voucher")
    page.excuse(r"Who has to put (\d+) cases right", GUARD)
    return wrong + removals(page)


def removals(page):
    """How right the candidates are: the intervals follow from the counts, which were measured."""
    wrong = []
    span = r"\((?:precision |recall )?(\d+\.\d) to (\d+\.\d) %\)"
    for pattern in (
        rf"all (?P<hits>\d+) named were right {span}, and (?P<more>\d+) of (?P<all>\d+) were found "
        + span,
        r", (?P<n>\d+) were named as being about the delivery alone, (?P<hits>\d+) of them "
        rf"rightly {span}, and (?P<more>\d+) of (?P<all>\d+) such comments were found {span}",
        rf"(?P<hits>\d+) of (?P<n>\d+) were right {span} and (?P<more>\d+) of (?P<all>\d+) found "
        + span,
    ):
        for block in page.blocks:
            for found in re.finditer(pattern, block.text):
                part = {key: int(value) for key, value in found.groupdict().items()}
                ends = [*sums.wilson(part["hits"], part.get("n", part["hits"])),
                        *sums.wilson(part["more"], part["all"])]  # fmt: skip
                at = [k for k in range(1, pattern.count("(?P<") + 5)
                      if found[k] is not None and "." in found[k]]  # fmt: skip
                for place, end in zip(at, ends, strict=True):
                    wrong += expect(block, [100 * end], pattern[:30], start=found.start(place),
                                    end=found.end(place))  # fmt: skip
    page.excuse(r"How right they are was measured twice.*", BENCHMARK)
    return wrong


CHECKS = [
    coverage, open_cases, time_to_close, resolutions, dated_changes, asking_now, how_far,
    who_leaves, leaving_out, what_asking_does, within_the_rules, unknown, figures,
    rest, rules,
]  # fmt: skip
test_figures, test_coverage, test_changed = page_tests("04_cases", CHECKS, 0.979)
