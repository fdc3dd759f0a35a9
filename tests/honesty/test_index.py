"""Every figure of the first page, from the files themselves."""

import re
from datetime import date, timedelta

from tests.honesty import sums
from tests.honesty.actions_said import commonest_said, reviews_said
from tests.honesty.alarm_checks import newest_alarm
from tests.honesty.casework import due
from tests.honesty.checks import page_tests
from tests.honesty.conversion import switching
from tests.honesty.drawn_health import weekly
from tests.honesty.labels import (
    QUESTIONS,
    complaints,
    corrected,
    kinds,
    measured,
    simulated,
    tally,
)
from tests.honesty.monthly import by_month
from tests.honesty.nowcast import nowcast
from tests.honesty.orders import amazon_rows, sixty
from tests.honesty.pages import about_said, expect, near_said, say
from tests.honesty.ratings import (
    BEFORE,
    FULL,
    LAST,
    MONTHS,
    NOW,
    YEAR,
    month,
    needed,
    only_positive,
    orders_in,
    per_day,
    per_order,
    spread,
    total,
    unhappy,
    window,
)
from tests.honesty.raw import rows_of, shop
from tests.honesty.reasons import STEPS
from tests.honesty.rules import rules
from tests.honesty.steps import cases_due, looked_at, may_be_over
from tests.honesty.test_conversion import both, envelope, percent
from tests.honesty.test_data_check import health_rows, lines_aside
from tests.honesty.test_health import said_of_targets
from tests.honesty.test_service import earlier, scaled

GREW = (
    r"^(\d+) complaints in 90 days, (\d+) in the 90 before; may be chance over the 90 days, but "
    r"not in September 2026 \((\d+), (\d+\.\d) expected\), all causes"
)


def rates(name):
    """Return figure -> value and interval of a month, in the unit of the page."""
    share = month(name).share()
    return {
        "Positive feedback": [100 * value for value in share],
        "Feedback per 100 orders": [100 * value for value in per_order(name)],
        "Order items per 100 sessions": [100 * v for v in spread(name, "items", "sessions")],
        "Units refunded per 100 ordered": [100 * v for v in spread(name, "refunded", "units")],
    }


def counts(name):
    """Return figure -> count of a month."""
    return {
        "Feedback received": month(name).n,
        "Feedback of 1 to 3 stars": len(unhappy(name)),
        "Cases due": len(due(MONTHS[name][1])),
        "Orders": len(orders_in(*MONTHS[name])),
        "Order items": total(name, "items"),
    }


def bases():
    """Return figure -> what it is of, this month."""
    return {
        "Positive feedback": month(NOW).n,
        "Average score": month(NOW).n,
        "Feedback per 100 orders": len(orders_in(*MONTHS[NOW])),
        "Order items per 100 sessions": total(NOW, "sessions"),
        "Units refunded per 100 ordered": total(NOW, "units"),
    }


def changes(label, then):
    """Return a rate's difference to an earlier month, and its interval."""
    now, before = rates(NOW)[label], rates(then)[label]
    return [now[0] - before[0], *sums.difference(now[0], now[1:], before[0], before[1:])]


def first_review():
    """Return what a first review adds to conversion, and its range, in percent."""
    (own, _), (tried, _) = both()
    return [percent((own + tried) / 2), *envelope(0.975)]


def key_figures(page):
    wrong = []
    for row in page.table("Figure", "Of", "Change").rows:
        label = row[0].text
        cells = {1: [], 2: [bases()[label]] if label in bases() else []}
        if label.startswith("What a first review"):
            wrong += expect(row[1], first_review(), label)
            wrong += expect(row[2], [len(switching())], label)
            continue
        if label == "Average score":
            for place, name in ((1, NOW), (3, BEFORE), (5, YEAR)):
                cells[place] = month(name).average()
            cells |= {4: [], 6: []}
        elif label in rates(NOW):
            cells[1] = rates(NOW)[label]
            for place, name in ((3, BEFORE), (5, YEAR)):
                cells |= {place: rates(name)[label][:1], place + 1: changes(label, name)}
        else:
            cells[1] = [counts(NOW)[label]]
            for place, name in ((3, BEFORE), (5, YEAR)):
                then = counts(name)[label]
                cells |= {place: [then], place + 1: [counts(NOW)[label] - then]}
        for place, values in cells.items():
            wrong += expect(row[place], values, f"{label}, column {place}")
    return wrong


def first_screen(page):
    found, now = month(NOW), [100 * value for value in month(NOW).share()]
    orders = len(orders_in(*MONTHS[NOW]))
    wrong = say(page, r"(\d+) feedbacks and ([\d,]+) orders", [found.n, orders])
    wrong += say(page, r"^(\d+\.\d) % (?:not met|met|cannot tell yet)$", now[:1],
                 heading="Positive feedback ·")  # fmt: skip
    wrong += say(
        page,
        r"^(\d+) of (\d+) feedbacks; the true figure is likely (\d+\.\d) to (\d+\.\d) %",
        [found.positive, found.n, *now[1:]],
    )
    wrong += say(page, r"^(\d\.\d\d) to (\d\.\d\d) cannot tell yet", found.average(),
                 heading="Average score ·")  # fmt: skip
    wrong += say(page, r"^From (\d+) feedbacks; lowest to highest", [found.n])
    for name in (BEFORE, YEAR):
        change = changes("Positive feedback", name)
        values = [rates(name)["Positive feedback"][0], *change]
        pattern = rf"^{name} (\d+\.\d) % ([−+]?\d+\.\d) \(([−+]\d+\.\d) to ([−+]\d+\.\d)\)"
        wrong += say(page, pattern, values)
        wrong += say(page, rf"^{name} (\d\.\d\d) to (\d\.\d\d)", month(name).average())
    return wrong


def seven_questions(page):
    rows = complaints().last(90)
    said, kind = tally(rows, "questions"), kinds(rows)
    words = ("Shipping fast", "Packed well", "Tracking told", "E-mails answered",
             "Easy to return", "Easy to reach", "As described")  # fmt: skip
    wrong, n, steady = [], window("90 days").n, 0
    for name, label in zip(QUESTIONS, words, strict=True):
        spans = [(said[name], kind["stated"] + kind["unclear"], n), earlier(name)]
        now, before = (100 * corrected(name, *span) for span in spans)
        rate, _, change = scaled(simulated(name, *spans), 100)
        wrong += say(page, rf"^{label}\? .*? (\d+\.\d) per 100", [now])
        wrong += near_said(page, rf"^{label}\? .*? per 100 (\d+\.\d to \d+\.\d)$", rate)
        # Told among the changes where the whole range lies on one side.
        told = rf"'{label}\?' \(([+−]\d+\.\d) per 100, ([+−]\d+\.\d to [+−]\d+\.\d)\)"
        if change[0] > 0 or change[1] < 0:
            wrong += say(page, told, [now - before, None])
            likely = told.replace(r"([+−]\d+\.\d)", r"[+−]\d+\.\d", 1)
            wrong += near_said(page, likely, change)
            continue
        steady += 1
        if any(re.search(told, block.text) for block in page.blocks):
            wrong.append(f"{label} is told to have changed: {change}")
    wrong += say(page, r"per 100 of the (\d+) feedbacks received", [n])
    wrong += say(page, r"no clear change in (\d)\.$", [steady])
    wrong += say(page, r"measured it on (\d+) comments", [measured()["comments"]])
    spans = rows, complaints().last(90, before=90)
    grew = [tally(part, "causes")["never_arrived"] for part in spans]
    grew += by_month("causes")[0]["never_arrived", "September 2026"][:2]
    return wrong + say(page, GREW, grew)


def behind_the_verdict(page):
    wrong = []
    for days in ("30 days", "90 days", "365 days"):
        found = window(days)
        share, average = [100 * value for value in found.share()], found.average()
        # The windows follow their names.
        place = next(
            k for k, block in enumerate(page.blocks)
            if block.text == f"Last {days}" and block.heading == "Positive feedback"
        )  # fmt: skip
        wrong += expect(page.blocks[place + 1], [*share, found.n], days)
        place = next(
            k for k, block in enumerate(page.blocks)
            if block.text == f"Last {days}" and block.heading == "Average score"
        )  # fmt: skip
        wrong += expect(page.blocks[place + 1], [*average, found.n], days)
    year = window("365 days")
    wrong += say(page, r"([\d,]+) positive in a row would bring",
                 [needed(year.positive, year.n, FULL)])  # fmt: skip
    day = only_positive(per_day(LAST - timedelta(days=364), LAST))
    said = f"{day.day} {day:%B %Y} at the earliest"
    if not any(said in block.text for block in page.blocks):
        wrong.append(f"not said: {said}")
    page.excuse(r"All \d steps", STEPS)
    wrong += newest_alarm(page)
    return wrong


def defect_tile(page):
    (n, bad), wrong = sixty(), []
    wrong += say(page, r"^(\d\.\d\d) % going over", [100 * bad / n])
    wrong += say(page, r"Last 60 days, so far (\d+) of ([\d,]+);", [bad, n])
    for name, channel in (("Seller-fulfilled", "seller"), ("Fulfilled by Amazon", "amazon")):
        orders, mine = sixty(channel)
        place = next(k for k, block in enumerate(page.blocks) if block.text == name)
        ends = [100 * end for end in sums.wilson(mine, orders)]
        wrong += expect(page.blocks[place + 1], [100 * mine / orders, *ends, orders], name)
    stated = list(amazon_rows())
    worst = max(stated, key=lambda row: row[3])
    over = sum(row[3] >= 0.01 for row in stated)
    wrong += say(
        page,
        r"(\d) of (\d) (?:is|are) at or above 1 %; the highest is (\d\.\d\d) % of (\d+) orders",
        [over, len(stated), 100 * worst[3], worst[2]],
    )
    mean, ends = nowcast()
    span = r"is in, about \d\.\d\d % is to be expected \((\d\.\d\d to \d\.\d\d) %\)"
    wrong += about_said(page, r"is in, about (\d\.\d\d) %", 100 * mean / n)
    tile = r"is in, about \d\.\d\d % \((\d\.\d\d to \d\.\d\d) %\)"
    wrong += near_said(page, tile, [100 * end / n for end in ends])
    wrong += near_said(page, span, [100 * end / n for end in ends])
    return wrong


NAMES = {
    "positive feedback": "Positive feedback",
    "feedback per 100 orders": "Feedback per 100 orders",
    "order items per 100 sessions": "Order items per 100 sessions",
    "units refunded per 100 ordered": "Units refunded per 100 ordered",
}


def what_changed(page):
    """Each change named under its period, whatever words stand around it."""
    wrong = []
    for name in (BEFORE, YEAR):
        heading = f"Since {name}"
        for small, label in NAMES.items():
            change = changes(label, name)
            wrong += say(
                page,
                rf"(?i:{small}) \(([−+]\d+\.\d) to ([−+]\d+\.\d)(?: points)?\)",
                change[1:],
                heading=heading,
                at_least=0,
            )
            wrong += say(
                page,
                rf"(?i:{small}) clearly (?:rose|fell) since {name}, by (\d+\.\d)(?: points)?, to "
                r"(\d+\.\d)(?: %)?; the true change is likely ([−+]\d+\.\d) to ([−+]\d+\.\d)",
                [abs(change[0]), rates(NOW)[label][0], *change[1:]],
                heading=heading,
                at_least=0,
            )
    return wrong + say(
        page,
        r"^(\d+) changes were looked at, and that is allowed for",
        [2 * len(NAMES)],
    )


def ledger(page):
    """Every file with its days, and rows read, kept and set aside."""
    wrong, seen = [], dict(shop().files)
    for row in page.table("File", "What it is", "Rows read").rows:
        line = seen.pop(row[0].text, None)
        if line is None:
            gone = sum(one.gone and one.market == "UK" for one in shop().feedback)
            wrong += expect(row[7], [gone], row[7].text)
            continue
        health = line.kind == "Account health (JSON)"
        read, aside = (health_rows() if health else line.rows), sum(line.aside.values())
        for cell, value in zip(row[4:7], (read, read - aside, aside), strict=True):
            wrong += expect(cell, [value], row[0].text)
        if row[1].text != line.kind or (not health and row[2].text != line.market):
            wrong.append(f"{row[0].text}: {row[1].text} of {row[2].text}")
        wrong += days_told(row, line)
        wrong += note_told(row[0].text, row[7], line)
    return wrong + [f"no line for {name}" for name in seen]


def days_told(row, line):
    """Hold the days of a file against its rows' own."""
    days = line.days
    if line.kind == "Account health (JSON)":
        days = [date(2026, 8, 16), LAST]
    if line.kind.startswith("Feedback Manager") or not days or not row[3].text:
        return [] if not row[3].text or line.kind.startswith("Feedback M") else [row[0].text]
    first, last = (f"{day.day} {day:%B %Y}" for day in (min(days), max(days)))
    said = first if first == last else f"{first} to {last}"
    return [] if row[3].text == said else [f"{row[0].text}: {row[3].text}, {said} expected"]


def note_told(name, cell, line):
    """Hold the numbers of a file's remark against its rows."""
    if line.kind == "Seller feedback":
        rows = rows_of(shop().amazon / name)
        column = "comments" if "comments" in rows[0] else "kommentare"
        bare = sum(not row[column].strip() for row in rows)
        values = [1, 3] * ("tars 1-3" in cell.text) + [bare] * ("no text" in cell.text)
        values += [sum(line.aside.values())] * ("counted once" in cell.text)
        return expect(cell, values, name)
    if "more units than sessions" in cell.text:
        week = shop().traffic_spans[name][0]
        over = sum(
            row["units"] > row["sessions"]
            for row in shop().traffic
            if row["market"] == line.market and row["week"] == week
        )
        return expect(cell, [over], name)
    return []


def sums_of_files(page):
    files = shop().files.values()
    read = sum(line.rows for line in files) + health_rows()
    aside = sum(sum(line.aside.values()) for line in files)
    said = r"Read: (\d+) files, ([\d,]+) rows; ([\d,]+) kept, ([\d,]+) set aside"
    wrong = say(page, said, [len(files), read, read - aside, aside])
    wrong += say(page, r"Rows set aside, and why \((\d+)\)", [aside])
    for name, line in shop().files.items():
        for reason, n in line.aside.items():
            lines = lines_aside(name, reason)
            block = next(b for b in page.blocks if f"{name}, lines" in b.text
                         and b.text.startswith(f"{reason[:1].upper()}{reason[1:]}:"))  # fmt: skip
            more = [len(lines) - 8] if len(lines) > 8 else []
            wrong += expect(block, [n, *lines[:8], *more], name)
    return wrong


def fixed_words(page):
    lift, low, high = first_review()
    heading = "^What a first review adds"
    wrong = say(page, r"^([+−]\d+) %$", [lift], heading=heading)
    said = r"likely ([+−]\d+) to ([+−]\d+) %, from (\d+) products"
    wrong += say(page, said, [low, high, len(switching())], heading=heading)
    return wrong


CHECKS = [
    first_screen, seven_questions, cases_due, defect_tile, said_of_targets, commonest_said,
    reviews_said,
    looked_at, may_be_over, behind_the_verdict, what_changed, key_figures, ledger, sums_of_files,
    fixed_words, weekly, rules,
]  # fmt: skip
test_figures, test_coverage, test_changed = page_tests("index", CHECKS, 0.999)
