"""Checks of the weekly alarm's section: each change with its weeks and levels, and how soon."""

import re

from tests.honesty.alarm import changes, charts, lags, weeks
from tests.honesty.health_orders import month_start
from tests.honesty.pages import expect, say

DAY = re.compile(r"\d{1,2} [A-Z][a-z]+ 20\d\d")


def day_of(words):
    """Return a day such as ``3 August 2026``."""
    number, rest = words.split(" ", 1)
    return month_start(rest).replace(day=int(number))


def days_in(text):
    """Return the days that a text names."""
    return [day_of(found) for found in DAY.findall(text)]


def told(page):
    """Return the alarms of both charts, where a near one is decided by the page's own dates."""
    printed = {}
    for row in page.table("Began probably", "Usual", "First alarm").rows:
        named, count = printed.get(row[1].text, (set(), 0))
        dates = set(days_in(row[5].text) + days_in(row[6].text))
        printed[row[1].text] = named | dates, count + int(row[7].text)
    return changes(printed)


def named(wanted, seen, where):
    """Return a difference where other days are named than expected."""
    return [] if wanted == seen else [f"{where}: {seen} named, {wanted} expected"]


def alarms(page):
    """The table of changes, one row a change and chart, newest first."""
    wrong, found = [], told(page)
    groups = {}
    for alarm in found:
        groups.setdefault((alarm["change"], alarm["chart"]), []).append(alarm)
    table = page.table("Began probably", "Usual", "First alarm")
    order = sorted(groups, key=lambda key: (-key[0], groups[key][0]["start"]))
    if len(table.rows) != len(groups):
        wrong.append(f"{len(groups)} rows expected")
    for row in table.rows:
        at = next(
            (key for key in order if key[1].name == row[1].text
             and groups[key][0]["start"] == days_in(row[5].text)[0]),
            None,
        )  # fmt: skip
        if at is None:
            wrong.append(f"no such change: {row[0].text}")
            continue
        chart, mine = at[1], groups[at]
        first = mine[0]
        later = [groups[key][0]["began"] for key in order if key[1] is chart]
        until = min((day for day in later if day > first["began"]), default=None)
        spans = sorted({first["low"], first["high"]})
        wrong += named(spans, days_in(row[0].text), "began")
        wrong += named([mine[-1]["start"]], days_in(row[6].text), "last alarm")
        for cell, value in zip(
            row[2:5],
            (chart.level, first["hits"] / first["size"], chart.since(first["began"], until)),
            strict=True,
        ):
            wrong += expect(cell, [chart.shown(value)], f"{row[0].text}, {row[1].text}")
        wrong += expect(row[7], [len(mine)], row[0].text)
    wrong += say(page, r"^(\d+) changes were seen in", [found[-1]["change"]])
    return wrong + sentences(page, found)


def sentences(page, found):
    """Each change: its first alarm, how many of its chart followed, and those of the other."""
    wrong, seen = [], 0
    for number in range(found[-1]["change"], 0, -1):
        mine = [alarm for alarm in found if alarm["change"] == number]
        # The alarm that begins it; on the other chart an older change may have gone on till then.
        first = next(alarm for alarm in mine if not alarm["continues"])
        chart = first["chart"]
        block = next(
            (b for b in page.blocks if b.text.startswith("Alarm in the week of")
             and days_in(b.text)[0] == first["start"]),
            None,
        )  # fmt: skip
        if block is None:
            continue
        seen += 1
        own = [one["start"] for one in mine if one["chart"] is chart and one is not first]
        other = [one["start"] for one in mine if one["chart"] is not chart]
        days = [first["start"], first["began"], first["low"], first["high"]]
        days += own[-1:] + ([other[0], other[-1]] if len(other) > 1 else other)
        wrong += named(days, days_in(block.text), "a sentence")
        rate, usual = (chart.shown(each) for each in (first["hits"] / first["size"], chart.level))
        expected = (
            [rate, first["size"], usual]
            if chart.share
            else [first["hits"], chart.level * first["size"], rate, usual]
        )
        expected += [len(part) for part in (own, other) if part]
        wrong += expect(block, expected, "a sentence")
    rest = found[-1]["change"] - seen
    return wrong + (say(page, r"The table holds (\d+) earlier", [rest]) if rest else [])


def newest_alarm(page):
    """The first page's line: since when the share is down, and by how much up to the alarm."""
    share = charts()[0]
    pattern = (
        r"share down from about (?P<day>[^(,]+)(?:, perhaps since [^(]+)? "
        r"\((\d+\.\d) % of (\d+) up to the first alarm, usual (\d+\.\d) %"
    )
    began = next(day_of(m["day"]) for b in page.blocks if (m := re.search(pattern, b.text)))
    for statistic, alarms in share.courses():
        share.statistic, share.alarms = statistic, alarms
        for one in share.told():
            if one["began"] == began and not one["continues"]:
                rate = share.shown(one["hits"] / one["size"])
                return say(page, pattern, [None, rate, one["size"], share.shown(share.level)])
    return [f"no alarm began on {began}"]


def how_soon(page):
    """The level that counts as unchanged, the false alarms, and how soon a change is seen."""
    share, negative = charts()
    starts, first = weeks()
    lag = sum(number * part for number, part in enumerate(lags()))
    wrong = say(page, r"seen in (\d+) whole weeks watched", [len(starts) - first])
    wrong += named(
        [starts[first], starts[-1].replace(day=starts[-1].day + 6)],
        days_in(next(b.text for b in page.blocks if "whole weeks watched" in b.text)),
        "watched",
    )
    usual = share.shown(share.level)
    wrong += say(page, r"comes about (\d+) weeks after the order", [lag])
    wrong += say(
        page,
        r"false alarm is to be expected in (\d+) weeks of this page: one in (\d+) weeks of each of "
        r"its (\d+) charts",
        [104, 208, 2],
    )
    wrong += say(
        page,
        r"own (\d+) weeks before the watched ones \((\d+\.\d) % positive, (\d+\.\d) negatives",
        [52, usual, negative.shown(negative.level)],
    )
    wrong += say(
        page,
        r"positive share from (\d+\.\d) % to (\d+\.\d) % would be seen after about (\d+) weeks at "
        r"your volume of (\d+) feedbacks",
        [usual, share.shown(1.4 * share.level), share.weeks_to_see(1.4), share.recent],
    )
    return wrong + say(
        page,
        r"negative feedback would be seen after about (\d+) weeks at your volume of (\d+) orders",
        [negative.weeks_to_see(2), negative.recent],
    )
