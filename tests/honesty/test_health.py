"""Every figure of the feedback health page, from the files themselves."""

import re
from collections import Counter
from datetime import timedelta
from functools import cache

from tests.honesty import drawn_health, drawn_mix, sums
from tests.honesty.actions_said import commonest_said, due_said, reviews_said
from tests.honesty.alarm_checks import alarms, how_soon
from tests.honesty.casework import due, listed
from tests.honesty.checks import page_tests
from tests.honesty.health_orders import (
    at,
    beside_amazon,
    closing,
    defect_rates,
    feedback_per_month,
)
from tests.honesty.labels import QUESTIONS, complaints
from tests.honesty.orders import (
    ABOUT,
    LOOKS,
    compared,
    negative_orders,
    sixty,
    sold,
    standing_out,
)
from tests.honesty.orders import groups as outcome_groups
from tests.honesty.pages import drawn, expect, say
from tests.honesty.ratings import (
    BEFORE,
    FULL,
    LAST,
    MARKETS,
    MONTHS,
    NOW,
    SHOWN,
    YEAR,
    month,
    needed,
    per_day,
    rounded_percent,
    unhappy,
    verdict,
    window,
)
from tests.honesty.raw import shop
from tests.honesty.rules import rules, words_of

VERDICTS = {"not met": "not met", "met": "met", "cannot tell yet": "cannot tell yet"}


def rating_row(cells, found):
    """Hold a row of a rating table against a window's stars."""
    share = [100 * value for value in found.share()]
    expected = [
        [found.n], [found.positive], [found.neutral], [found.negative], share, [],
        [rounded_percent(found.positive, found.n)], found.average(), [],
    ]  # fmt: skip
    wrong = []
    for cell, values in zip(cells, expected, strict=True):
        wrong += expect(cell, values, cell.text) if values else []
    share_verdict = verdict(sums.wilson(found.positive, found.n), 0.95)
    if cells[5].text != share_verdict:
        wrong.append(f"{cells[5].text}: {share_verdict} expected of the share")
    average = found.average_verdict()
    below = average == "cannot tell yet" and not found.exact and found.average()[1] < 4.5
    said = "below, but may be chance" if below else average
    if cells[8].text != said:
        wrong.append(f"{cells[8].text}: {said} expected of the average")
    return wrong


def windows(page):
    wrong = []
    for table in page.all_tables("Window", "Feedbacks", "Amazon shows"):
        by_market = table.header[0].text == "Marketplace"
        for row in table.rows:
            market = row[0].text if by_market else None
            name = row[by_market].text
            wrong += rating_row(row[1 + by_market :], window(name, market))
    return wrong


def answer(page):
    """The page's first sentences: the public figure, its interval, and the target."""
    found = window("365 days")
    share, average = [100 * value for value in found.share()], found.average()
    wrong = say(page, r"(\d+\.\d) % positive \(target", share[:1])
    wrong += say(page, r"an average of (\d\.\d\d) to (\d\.\d\d) \(target", average)
    wrong += say(
        page,
        r"(?<![A-Z]: )\b(\d+\.\d) % of ([\d,]+) feedbacks in the 365 days to 31 October 2026 were "
        r"positive \(95 % interval (\d+\.\d) to (\d+\.\d) %\)",
        [share[0], found.n, *share[1:]],
    )
    wrong += say(page, r"between (\d\.\d\d) and (\d\.\d\d) stars", average, heading="health")
    rate = sixty("seller")
    return wrong + say(page, r"orders seller-fulfilled at (\d\.\d\d) %", [100 * rate[1] / rate[0]])


def distance(page):
    found = window("365 days")
    ahead = per_day(LAST - timedelta(days=364), LAST - timedelta(days=335))
    negative, neutral = (sum(day[k] for day in ahead.values()) for k in (2, 1))
    leaving = sum(sum(day) for day in ahead.values())
    left = found.positive - sum(day[0] for day in ahead.values()), found.n - leaving
    lately = window("90 days")
    # Feedback Manager's 90 days are not the daily totals' in every shop; the pace is of days.
    days = per_day(LAST - timedelta(days=89), LAST)
    pace = sum(day[0] for day in days.values()), sum(sum(day) for day in days.values())
    wrong = [] if pace[1] == lately.n else [f"the days hold {pace[1]}, the window {lately.n}"]
    wrong += say(
        page,
        r"([\d,]+) further positive in a row bring it to 95 % \(from ([\d,]+) on",
        [needed(found.positive, found.n, FULL), needed(found.positive, found.n, SHOWN)],
    )
    wrong += say(
        page,
        r"In the next 30 days (\d+) negative and (\d+) neutral leave the window",
        [negative, neutral],
    )
    wrong += say(
        page,
        r"the share would then be (\d+\.\d) % of ([\d,]+) feedbacks",
        [100 * left[0] / left[1], left[1]],
    )
    return wrong + say(
        page,
        r"pace of the last 90 days \((\d+) feedbacks, (\d+\.\d) % positive\)",
        [pace[1], 100 * pace[0] / pace[1]],
    )


def periods(page):
    now, before, year = month(NOW), month(BEFORE), month(YEAR)
    wrong = []
    for row in page.table("Measure", "Against", "Difference").rows:
        then = before if row[1].text == BEFORE else year
        if row[0].text == "positive share":
            change = [100 * v for v in share_change(now, then)]
            values = [[100 * now.share()[0]], [100 * then.share()[0]], change[:1], change[1:]]
            clear = "lower" if change[2] < 0 else "higher" if change[1] > 0 else "no clear change"
            if row[6].text != clear:
                wrong.append(f"{row[6].text}: {clear} expected")
        else:
            ends = now.average(), then.average()
            values = [[], [], [], [ends[0][0] - ends[1][1], ends[0][1] - ends[1][0]]]
        for cell, value in zip(row[2:6], values, strict=True):
            wrong += expect(cell, value, row[0].text)
    share = [100 * value for value in now.share()]
    wrong += say(
        page,
        r"(\d+\.\d) % of (\d+) feedbacks in October 2026 were positive \(95 % interval (\d+\.\d) "
        r"to (\d+\.\d) %\)",
        [share[0], now.n, *share[1:]],
    )
    wrong += say(page, r"The average lies between (\d\.\d\d) and (\d\.\d\d)", now.average(),
                 heading="This period")  # fmt: skip
    wrong += say(
        page,
        r"^\d+\.\d % of \d+ feedbacks in Oct.* but of (\d+) feedbacks that may be chance",
        [now.n],
    )
    for name, then in ((BEFORE, before), (YEAR, year)):
        change = [100 * value for value in share_change(now, then)]
        wrong += say(
            page,
            rf"(?:(\d+\.\d) points (?:higher|lower) than|the same as) in {name} \(95 % interval "
            r"([−+]\d+\.\d) to ([−+]\d+\.\d)\)",
            [abs(change[0]), *change[1:]],
        )
    return wrong


def share_change(now, then):
    """Return the difference of two positive shares with its interval."""
    return sums.share_difference(now.positive, now.n, then.positive, then.n)


def said_of_targets(page):
    """The evidence of what asks for action first: the month by marketplace, what was looked at."""
    wrong = []
    for market in MARKETS:
        found = month(NOW, market)
        share = [100 * value for value in found.share()]
        wrong += say(
            page,
            rf"{market} (\d+\.\d) % \((\d+\.\d) to (\d+\.\d) %\) of (\d+)",
            [*share, found.n],
        )
    rows = unhappy(NOW)
    comments = sum(bool(one.comment) for one in rows)
    wrong += say(page, r"Read the (\d+) comments of 1 to 3 stars of October", [comments])
    # Feedback in no list is a step of its own only where its time does not run out anyway.
    running = {case["feedback"].order for case in due(LAST)}
    left = [one for one in rows if one.order not in listed() and one.order not in running]
    if bool(left) != any("Open a case" in block.text for block in page.blocks):
        wrong.append(f"{len(left)} feedbacks are in no list and no step")
    bad = [one for one in rows if one.stars <= 2]
    replied = sum(bool(one.response) for one in bad)
    return wrong + say(
        page,
        r"Answer the (\d+) negative feedbacks of October.*?(\d+) of (\d+) answered",
        [len(bad) - replied, replied, len(bad)],
    )


def split(then, now):
    """Return what of a change of a share came from the parts' weights, and from the parts' own.

    Both are shares of all, hits and others of one part after the other (Kitagawa, 1955).
    """
    weight = own = 0.0
    for place in range(0, len(now), 2):
        (a, b), (c, d) = now[place : place + 2], then[place : place + 2]
        own += (a + b + c + d) / 2 * (a / (a + b) - c / (c + d))
        weight += (a / (a + b) + c / (c + d)) / 2 * (a + b - c - d)
    return weight, own


def mix(page):
    """A change of the share split into the parts' weights and the parts' own shares (Kitagawa)."""
    exact, smooth, sizes = [], [], []
    for name in (YEAR, NOW):
        parts = [month(name, market) for market in MARKETS]
        n, hits = sum(part.n for part in parts), sum(part.positive for part in parts)
        sizes.append(n)
        exact.append([each / n for p in parts for each in (p.positive, p.n - p.positive)])
        # A part without a single bad feedback still could have had one.
        shares = [(part.n / n, (part.positive + hits / n) / (part.n + 1)) for part in parts]
        smooth.append([each for w, r in shares for each in (w * r, w * (1 - r))])
    wrong, values = [], split(*exact)
    rows = {row[0].text: row for row in page.table("What", "Points", "95 % interval").rows}
    for place, name in enumerate(("A different mix", "The parts themselves")):
        reach = sums.Z * sums.delta_error(lambda *given: split(*given)[place], smooth, sizes)  # noqa: B023
        wrong += expect(rows[name][1], [100 * values[place]], name)
        ends = [100 * (values[place] - reach), 100 * (values[place] + reach)]
        wrong += expect(rows[name][2], ends, name)
    ends = [100 * end for end in share_change(month(NOW), month(YEAR))[1:]]
    wrong += expect(rows["Together"][1], [100 * sum(values)], "Together")
    return wrong + expect(rows["Together"][2], ends, "Together")


@cache
def all_groups():
    """Return how many groups are compared, and each with its counts and its corrected chance."""
    found = complaints()
    hits = [("", negative_orders(), LOOKS)]
    for question in sorted({q for row in found.rows for q in row["questions"]}):
        orders = {row["feedback"].order for row in found.rows if question in row["questions"]}
        if sold(orders) >= 3:
            words = QUESTIONS.get(question, "Another complaint")
            hits.append((f": {words[:1].lower()}{words[1:]}", orders, ABOUT))
    return compared(hits, 365, None)


def groups(page):
    count, named = all_groups()
    standing = standing_out(named)
    wrong = groups_drawn(page, standing)
    wrong += say(
        page,
        r"([\d,]+) comparisons of groups of orders were made, and (\d+) stand out",
        [count, len(standing)],
    )
    wrong += group_rows(page, named, standing)
    for block in page.blocks:
        for part in re.finditer(
            r"((?:[^;:]+: )?[^;:]+?) \((\d+) (?:complaints|negatives) on ([\d,]+) orders, ([\d.]+)"
            r"( %| per 1,000), 95 % interval ([\d.]+) to ([\d.]+)(?: %)?, the rest ([\d.]+)",
            block.text,
        ):
            row = named[re.split("among them: |stands? out: ", part[1])[-1].strip()]
            scale = 100 if part[5] == " %" else 1000
            values = [row[0], row[1], *(scale * value for value in row[2:6])]
            spans = [part.start(k) for k in (2, 3, 4, 6, 7, 8)]
            wrong += at(block, spans, values)
    return wrong


def groups_drawn(page, standing):
    """The funnel of carriers by month: how many groups there are, which stand out, the shop's."""
    look = LOOKS[8]
    found, whole = outcome_groups(look, 365)
    count = sum(len(orders) >= 10 for orders in found.values())
    mine = [name for name in standing if name in found]
    first = min(mine, key=lambda name: standing[name][6])
    wrong = say(
        page,
        r"(\d+) groups of orders were compared by carrier and month, and (\d+) stand out",
        [count, len(mine)],
    )
    title = rf"(\d+) of (\d+) groups stand out: {first} most of all"
    wrong += say(page, title, [len(mine), count])
    figure = page.figure("orders in the group")
    rows = sorted((standing[name][:2] for name in mine), reverse=True)
    wrong += drawn(figure, r"\d+ of \d+", [list(row) for row in rows])
    usual = 1000 * len(whole & negative_orders()) / len(whole)
    return wrong + drawn(figure, r"\(dashed: the whole shop.*", [[usual, 95, 100, 998, 1000]])


def group_rows(page, named, standing):
    """Hold the table of groups that stand out against what was counted."""
    wrong = []
    for table in page.all_tables("Group", "Orders", "By chance (corrected)"):
        seen = [row[0].text for row in table.rows]
        if set(seen) != set(standing):
            wrong.append(f"other groups stand out: {set(seen) ^ set(standing)}")
        for row in table.rows:
            hits, n, rate, low, high, rest, chance = named[row[0].text]
            wrong += expect(row[1], [hits]) + expect(row[2], [n])
            wrong += expect(row[3], [1000 * rate, 1000 * low, 1000 * high], row[0].text)
            wrong += expect(row[4], [1000 * rest], row[0].text)
            below = row[5].text.startswith("below")
            if below and chance >= 0.0001:
                wrong.append(f"{row[0].text}: {chance} is not {row[5].text}")
            wrong += expect(row[5], [0.0001 if below else chance], row[0].text)
    return wrong


def unhappy_list(page):
    """The list of unhappy buyers: as many as there are, with their stars and words."""
    wrong, rows = [], Counter((one.market, one.stars) for one in unhappy(NOW))
    table = page.table("Date", "Rating", "Comment", "Shipped by")
    words = {row["text"] for row in complaints().rows}
    shown = Counter()
    for row in table.rows:
        shown[row[1].text, int(row[2].text)] += 1
        wrong += expect(row[2], [int(row[2].text)])
        if row[3].text != "(stars only)" and row[3].text not in words:
            squeezed = {" ".join(text.split()) for text in words}
            if row[3].text not in squeezed:
                wrong.append(f"no buyer wrote {row[3].text[:60]!r}")
        wrong += words_of(row[3]) if row[3].tokens else []
    if rows != shown:
        wrong.append(f"{shown - rows} too many, {rows - shown} missing")
    return wrong


def limits(page):
    wrong = say(page, r"UK: (\d+) feedbacks? that a newer download no", [gone_from("UK")])
    return wrong


def gone_from(market):
    """Return how many feedbacks of the totals' days a newer download no longer holds."""
    return sum(
        one.gone and one.market == market and one.day >= MONTHS[YEAR][0] for one in shop().feedback
    )


CHECKS = [
    windows, answer, distance, periods, said_of_targets, mix, groups, defect_rates, beside_amazon,
    feedback_per_month, closing, due_said, commonest_said, reviews_said, unhappy_list, alarms,
    how_soon, limits, *drawn_health.CHECKS, *drawn_mix.CHECKS,
    rules,
]  # fmt: skip
test_figures, test_coverage, test_changed = page_tests("01_feedback_health", CHECKS, 1.0)
