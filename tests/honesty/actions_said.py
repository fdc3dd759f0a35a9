"""The evidence of actions that more than one page tells: cases due, and the commonest cause."""

import re

from tests.honesty.casework import cases, due
from tests.honesty.labels import complaints, corrected, kinds, simulated, tally
from tests.honesty.pages import near, say
from tests.honesty.ratings import LAST


def due_said(page):
    """The cases whose time runs out, and how many of a year's were looked into."""
    now, year = due(LAST), cases(LAST)
    overdue = sum(case["overdue"] > 0 for case in now)
    older = sum(case["overdue"] > 0 for case in year) - overdue
    wrong = say(page, r"(\d+) more overdue, past Amazon's 90 days", [older])
    wrong += say(page, r"Work on the (\d+) cases", [len(now)])
    return wrong + say(
        page,
        r"(\d+) overdue, (\d+) within seven days\W+(\d+) of (\d+) investigated",
        [overdue, len(now) - overdue, sum(c["investigated"] for c in year), len(year)],
    )


def never_arrived_said(page):
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
