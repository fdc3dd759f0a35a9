"""The evidence of actions that more than one page tells: cases due, and the commonest cause."""

import re

from tests.honesty.casework import cases, due
from tests.honesty.labels import complaints, corrected, kinds, simulated, tally
from tests.honesty.pages import about_said, near, near_said, say
from tests.honesty.ratings import LAST
from tests.honesty.test_conversion import latest
from tests.honesty.trials import AHEAD, forecast


def due_said(page):
    """The cases whose time runs out, and how many of a year's were looked into."""
    now, year = due(LAST), cases(LAST)
    overdue = sum(case["overdue"] > 0 for case in now)
    older = sum(case["overdue"] > 0 for case in year) - overdue
    wrong = say(page, r"(\d+) more overdue, past Amazon's 90 days", [older])
    wrong += say(page, r"Work on the (\d+) feedbacks of 1 to 3 stars", [len(now)])
    unlisted = sum(case["row"] is None for case in now)
    return wrong + say(
        page,
        r"(\d+) overdue, (\d+) within seven days; (\d+) not in your list\W+(\d+) of (\d+) invest",
        [
            overdue, len(now) - overdue, unlisted, sum(c["investigated"] for c in year), len(year),
        ],
    )  # fmt: skip


def commonest_said(page):
    """The commonest causes that the seller can fix: their corrected shares and carrier."""
    rows, wrong = complaints().last(90), []
    kind, found = kinds(rows), tally(rows, "causes")
    comments, ends = kind["stated"] + kind["unclear"], {}
    for name, label in (("never_arrived", "Never arrived"), ("late_delivery", "Arrived late")):
        counted = (found[name], comments, comments)
        (ends[name],) = simulated(name, counted)
        said = rf"{label} (\d+\.\d) % \((\d+\.\d to \d+\.\d) %\) of (\d+)"
        wrong += say(page, said, [100 * corrected(name, *counted), None, comments])
        for block in page.blocks:
            for part in re.finditer(said, block.text):
                both = [100 * end for end in ends[name]]
                wrong += near(block, both, name, start=part.start(2), end=part.end(2))
    # Neither is claimed to be the commoner one: the interval of the second reaches the first.
    first = corrected("never_arrived", found["never_arrived"], comments, comments)
    if ends["late_delivery"][1] < first:
        wrong.append("the two are far enough apart to be ranked")
    about = [row for row in rows if {"never_arrived", "late_delivery"} & set(row["causes"])]
    taken = sum(row["carrier"] == "Northline" for row in about)
    said = r"; Northline carried the orders of (\d+) of the (\d+) comments with these labels"
    return wrong + say(page, said, [taken, len(about)])


def reviews_said(page):
    """What first reviews would bring the ten products that gain most, and all."""
    bare = [family for family, (_, reviews, _) in latest().items() if reviews == 0]
    made, whole = forecast(tuple(sorted(bare)))
    extra = sorted(one["extra"] for one in made.values())
    wrong = about_said(page, r"about (\d+) extra order items in 8 weeks of", sum(extra[-10:]))
    wrong += about_said(page, r"order items in 8 weeks of the (\d+) \(", sum(extra))
    wrong += near_said(page, r"order items in 8 weeks of the \d+ \((\d+ to \d+)\)", whole)
    wrong += say(page, r"of the (\d+) products that would gain", [10])
    return wrong + say(
        page, r"order items in (\d+) weeks of.* all (\d+) products", [AHEAD, len(bare)]
    )
