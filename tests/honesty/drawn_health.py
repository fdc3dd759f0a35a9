"""What the figures of the feedback health page say, in words and beside their points."""

import re
from datetime import timedelta

from tests.honesty.alarm import charts, weeks
from tests.honesty.pages import drawn, expect, say
from tests.honesty.ratings import (
    FULL,
    LAST,
    MARKETS,
    MONTHS,
    WINDOWS,
    month,
    per_day,
    stars,
    verdict,
    window,
)

SHARE = r"\d+\.\d % of [\d,]+, (?:not met|met|cannot tell yet)"
AVERAGE = r"\d\.\d\d to \d\.\d\d, n = [\d,]+, (?:not met|met|cannot tell yet)"
# Weeks drawn, and the feedbacks below which a week is hollow.
DRAWN, LEAST = 26, 10


def percent(found):
    """Return what stands beside a point of the share."""
    return [100 * found.positive / found.n, found.n]


def verdicts(figure, pattern, expected):
    """Hold the verdict beside each point against what follows from its counts."""
    said = [block.text.rpartition(", ")[2] for block in drawn_like(figure, pattern)]
    return [] if said == expected else [f"{said} drawn, {expected} expected"]


def drawn_like(figure, pattern):
    """Return the texts of a figure that match."""
    return [block for block in figure if re.fullmatch(pattern, block.text)]


def of_share(found):
    """Return the verdict on a share."""
    return verdict(found.share()[1:], float(FULL))


def rated(page):
    """Positive share and average by window, by marketplace and by period."""
    spans = [window(name) for name in WINDOWS]
    places = [window(name, market) for market in MARKETS for name in WINDOWS]
    periods = [month(name) for name in MONTHS]
    wrong = []
    shares = [figure for figure in page.drawn if drawn_like(figure, SHARE)]
    for figure, parts in zip(shares, (spans, places, periods), strict=True):
        wrong += drawn(figure, SHARE, [percent(part) for part in parts])
        wrong += verdicts(figure, SHARE, [of_share(part) for part in parts])
    figure = page.figure("average stars, 1 to 5")
    wrong += drawn(figure, r"average stars, 1 to 5", [[1, 5]])
    wrong += drawn(figure, AVERAGE, [[*span.average(), span.n] for span in spans])
    wrong += verdicts(figure, AVERAGE, [span.average_verdict() for span in spans])
    year, now = window("365 days"), month(next(iter(MONTHS)))
    title = r"The positive share is below (\d+) % in every window: (\d+\.\d) % of ([\d,]+) over"
    wrong += say(page, title, [95, *percent(year)])
    title = r"The average is below (\d\.\d) stars even .*?; is below (\d\.\d) stars"
    wrong += say(page, title, [4.5, 4.5])
    wrong += say(page, r"over 365 days: DE, UK, US below (\d+) %", [95])
    title = r"The average is .*?: (\d\.\d\d) to (\d\.\d\d), n = ([\d,]+) over 365 days"
    wrong += say(page, title, [*year.average(), year.n])
    title = r"The positive share is below (\d+) % in every period: (\d+\.\d) % of (\d+) in October"
    wrong += say(page, title, [95, *percent(now)])
    if any(of_share(part) != "not met" for part in (*spans, *places, *periods)):
        wrong.append("not every share is below its target")
    for market in MARKETS:
        found = window("365 days", market)
        value, low, high = found.share()
        wrong += say(
            page,
            rf"{market}: (\d+\.\d) % of ([\d,]+) feedbacks in the 365 days to 31 October 2026 were "
            r"positive \(95 % interval (\d+\.\d) to (\d+\.\d) %\)",
            [100 * value, found.n, 100 * low, 100 * high],
        )
        ends = rf"{market}: \d[^:]*: [^:]*?lies between (\d\.\d\d) and (\d\.\d\d) stars"
        exact = rf"{market}: \d[^:]*: [^:]*?average \w+ (\d\.\d\d)[^:]*?(\d\.\d\d) to (\d\.\d\d)"
        wrong += say(page, exact if found.exact else ends, found.average())
        chance = rf"{market}: \d[^:]*: [^:]*: [^:]*but of (\d+) feedbacks that may be chance"
        wrong += say(page, chance, [found.n], at_least=0)
    return wrong


def ahead(page):
    """What leaves the 365 days in the next 90, and the share with nothing new and at the pace."""
    days = per_day(LAST - timedelta(days=364), LAST - timedelta(days=275))
    lately = per_day(LAST - timedelta(days=89), LAST)
    found = window("365 days")
    good, all_of = (sum(day[0] for day in days.values()), sum(sum(day) for day in days.values()))
    left = found.positive - good, found.n - all_of
    pace = sum(day[0] for day in lately.values()), sum(sum(day) for day in lately.values())
    kept = (left[0] + pace[0]) / (left[1] + pace[1])
    nothing = 100 * left[0] / left[1]
    figure = page.figure("365 days ending on this day")
    wrong = drawn(figure, r"\d+\.\d % at the pace", [[100 * kept]])
    wrong += drawn(figure, r"\d+\.\d % if nothing", [[nothing]])
    return wrong + say(
        page,
        r"(\d+) that are not positive leave the 365 days by 29 January 2027: (\d+\.\d) % would "
        r"become (\d+\.\d) % if nothing",
        [all_of - good, 100 * found.positive / found.n, nothing],
    )


def by_week():
    """Return the stars of the last weeks, Monday to Sunday; the newest is not over."""
    monday = LAST - timedelta(days=LAST.weekday())
    starts = [monday - timedelta(weeks=back) for back in reversed(range(DRAWN))]
    found = []
    for start in starts:
        end = min(start + timedelta(days=6), LAST)
        parts = [stars(market, start, end) for market in MARKETS]
        found.append((start, parts[0] + parts[1] + parts[2]))
    return found


def weekly(page):
    """Week by week: the feedbacks of each, the newest whole one, and how many miss the target."""
    found = by_week()
    whole = [part for _, part in found[:-1]]
    missed = sum(of_share(part) == "not met" for part in whole)
    value, low, high = whole[-1].share()
    wrong = say(
        page,
        r"(\d+\.\d) % of (\d+) feedbacks in the week from 19 October 2026 were positive \(95 % "
        r"interval (\d+\.\d) to (\d+\.\d) %\)\. Of (\d+) whole weeks with feedback, (\d+) were "
        r"clearly below (\d+) %",
        [100 * value, whole[-1].n, 100 * low, 100 * high, len(whole), missed, 95],
    )
    return wrong


def weekly_drawn(page):
    """The figure of the weeks: its counts and its title."""
    found = by_week()
    figure = page.figure("week from Monday (hollow")
    place = next(n for n, block in enumerate(figure) if block.text == "feedbacks")
    wrong = drawn(figure[place:], r"\d+", [[part.n] for _, part in found])
    missed = sum(of_share(part) == "not met" for _, part in found[:-1])
    wrong += say(page, r"(\d+) of (\d+) weeks were clearly below (\d+) %",
                 [missed, len(found) - 1, 95])  # fmt: skip
    wrong += drawn(figure, r"95 %", [[95]])
    return wrong + drawn(figure, r".*hollow: fewer than \d+ feedbacks.*", [[LEAST]])


def alarm_drawn(page):
    """The levels that count as unchanged, the false alarms, and the titles of both charts."""
    wrong, (starts, first) = [], weeks()
    for chart, figure, pattern in zip(
        charts(),
        [each for each in page.drawn if any("unchanged:" in block.text for block in each)],
        (r"\d+\.\d %", r"\d+\.\d"),
        strict=True,
    ):
        # The level follows its name.
        place = next(n for n, block in enumerate(figure) if block.text == "unchanged:")
        wrong += drawn(figure[place : place + 2], pattern, [[chart.shown(chart.level)]])
        wrong += drawn(figure, r"While nothing changes, one false alarm .*", [[208, 104]])
        wrong += drawn(figure, r"week from Monday \(grey band.*", [[95, 100]])
        began = [one for one in chart.told() if not one["continues"]]
        word = "the positive share" if chart.share else "negative feedback"
        wrong += say(
            page,
            rf"(\d+) new changes on this chart in (\d+) weeks: {word}",
            [len(began), len(starts) - first],
        )
        for block in figure:
            if block.text == "1,000 orders":
                wrong += expect(block, [1000])
    return wrong


def alarm_words(page):
    """The text beside both charts holds the same sentences as the page, one after the other."""
    parts = [b for b in page.blocks if b.text.startswith(("Alarm in the week of", "The table hol"))]
    wrong = []
    for block in page.blocks:
        if "whole weeks watched" not in block.text:
            continue
        for part in parts:
            start = block.text.find(part.text)
            if start < 0 or block is part:
                continue
            for token, kind in part.marks.items():
                if kind == "recomputed":
                    block.mark(start + token[0], start + token[1], kind)
    return wrong


CHECKS = [
    rated, ahead, weekly, weekly_drawn, alarm_drawn, alarm_words,
]  # fmt: skip
