"""The figures of reviews and conversion: counts, rates, and the regressions in plain Python."""

import math
from datetime import timedelta

from tests.honesty.checks import page_tests
from tests.honesty.conversion import (
    RANGES,
    adjusted,
    doses,
    first_weeks,
    group_rate,
    naive,
    panel,
    snapshot,
    switching,
    visitors,
)
from tests.honesty.pages import expect, say

ERRORS = "errors clustered by family (matrix roots of leverages)"
TRIALS = "weekly trials, the second estimator: stacked and adjusted for lagged sales"
DRAWN = "a forecast by simulation from a fitted gamma distribution"


def percent(log):
    """Return a log rate ratio as a change in percent."""
    return 100 * math.expm1(log)


def estimates(page):
    wrong, families = [], len({row["family"] for row in panel()})
    for row in page.table("Estimate", "Of what", "Lift").rows:
        text = row[0].text
        if text.startswith("families against themselves"):
            wrong += expect(row[2], [percent(first_weeks())], text)
            wrong += expect(row[5], [len(switching())], text)
        elif text.startswith("reviewed against unreviewed"):
            effect, error = naive()
            ends = [[percent(effect + z * error) for z in (-k, k)] for k in (1.96, 1.645)]
            for cell, values in zip(row[2:6], ([percent(effect)], *ends, [families]), strict=True):
                wrong += expect(cell, values, text)
        elif text.startswith("envelope"):
            wrong += expect(row[5], [len(switching())], text)
        for cell in row[2:6]:
            cell.mark(0, 99, ERRORS if text.startswith("families") else TRIALS)
    page.excuse(r"conversion by about \d+ %, likely .*? in the six", TRIALS)
    return wrong + say(page, r"\((\d+) families seen both without", [len(switching())])


def more_reviews(page):
    effects, wrong = doses(), []
    known = [row for row in panel() if row["reviews"] is not None]
    without = [row for row in known if row["reviews"] == 0]
    base = sum(r["items"] for r in without) / sum(r["sessions"] for r in without)
    for row, effect, (name, low, high) in zip(
        page.table("Reviews", "Lift within families").rows, effects, RANGES, strict=True
    ):
        part = [each for each in known if low - 1 < each["reviews"] <= high]
        rate = sum(r["items"] for r in part) / sum(r["sessions"] for r in part)
        wrong += expect(row[1], [percent(effect)], name)
        row[2].mark(0, 99, ERRORS)
        wrong += expect(row[3], [len({each["family"] for each in part})], name)
        wrong += expect(row[5], [100 * (rate / base - 1)], name)
        row[0].mark(0, 99, "the name of a range")
    wrong += say(page, r"same family change by ([+−]?\d+) % with", [percent(visitors())])
    page.excuse(r"with reviews \([−+]\d+ to [−+]\d+ %\), the time", ERRORS)
    page.excuse(r"From 50 reviews on", "the name of a range")
    return wrong


def one_report(page):
    """The snapshot of the last four weeks, by reviews and by stars."""
    found, wrong = list(snapshot().values()), []
    reviews = {name: (lambda p, a=low, b=high: a - 1 < p["reviews"] <= b)
               for name, low, high in (("0", 0, 0), *RANGES)}  # fmt: skip
    stars = {
        "no review": lambda p: p["reviews"] == 0,
        "below 4.0": lambda p: p["reviews"] > 0 and p["stars"] < 4,
        "4.0 to 4.4": lambda p: p["reviews"] > 0 and 4 <= p["stars"] < 4.5,
        "4.5 and more": lambda p: p["reviews"] > 0 and p["stars"] >= 4.5,
    }
    for table, groups in zip(
        page.all_tables("Group", "Families", "Per 100 sessions"), (reviews, stars), strict=True
    ):
        for row in table.rows:
            n, seen, sold, rate, ends = group_rate([p for p in found if groups[row[0].text](p)])
            for cell, values in zip(row[1:], ([n], [seen], [sold], [rate], ends), strict=True):
                wrong += expect(cell, values, row[0].text)
            row[0].mark(0, 99, "the name of a range")
    reviewed = sum(each["reviews"] > 0 for each in found)
    ratio = math.exp(adjusted())
    wrong += say(page, r"conversion is ([+−]\d+) % with reviews", [100 * (ratio - 1)])
    wrong += say(page, r"by a ratio of (\d\.\d) \(E-value\)",
                 [ratio + math.sqrt(ratio * (ratio - 1))])  # fmt: skip
    page.excuse(r"with reviews \(.*?%\), price", ERRORS)
    page.excuse(r"With no effect at all, .*", "simulated catalogues without an effect")
    return wrong + say(
        page, r"Across (\d+) products with reviews and (\d+) without",
        [reviewed, len(found) - reviewed],
    )  # fmt: skip


def latest():
    """Return family -> sessions a week over the last eight weeks, reviews and stars now."""
    last = max(row["week"] for row in panel())
    first, found = {}, {}
    for row in panel():
        first.setdefault(row["family"], row["week"])
        if row["week"] > last - timedelta(weeks=8):
            one = found.setdefault(row["family"], [0.0, None, None])
            one[0] += row["sessions"]
            one[1:] = row["reviews"], row["stars"]
    for family, one in found.items():
        one[0] /= min(8, max(1, (last - first[family]).days // 7 + 1))
    return found


def which_first(page):
    wrong, now = [], latest()
    bare = {family for family, (_, reviews, _) in now.items() if reviews == 0}
    table = page.table("Product page", "Sessions a week")
    if {row[0].text for row in table.rows} != bare:
        wrong.append(f"other products without reviews: {bare}")
    for row in table.rows:
        wrong += expect(row[1], [now[row[0].text][0]], row[0].text)
        for cell in row[2:8]:
            cell.mark(0, 99, DRAWN)
    wrong += say(page, r"^(\d+) products on sale without reviews", [len(bare)])
    page.excuse(r"would bring about .*? of them", DRAWN)
    poor = {family: one for family, one in now.items()
            if one[1] and one[1] < FEW and one[2] is not None and one[2] < POOR}  # fmt: skip
    apart = page.table("Product", "Sessions a week", "Why apart")
    if {row[0].text for row in apart.rows} != set(poor):
        wrong.append(f"others set apart: {set(poor) ^ {row[0].text for row in apart.rows}}")
    for row in apart.rows:
        wrong += expect(row[1], [now[row[0].text][0]], row[0].text)
    return wrong


FEW, POOR = 5, 4.0


def the_rest(page):
    for table in page.all_tables("Check", "Found", "Warns"):
        for row in table.rows:
            for cell in row:
                cell.mark(0, 99, "checks of both estimators, placebo fits among them")
    for table in page.all_tables("Study", "How", "Found"):
        for row in table.rows:
            for cell in row:
                cell.mark(0, 99, "what others published, typed in with its source")
    page.excuse(r"families=40.*?lift=0\.1", "an example of a call")
    return []


CHECKS = [estimates, more_reviews, one_report, which_first, the_rest]
test_figures, test_coverage, test_changed = page_tests("05_reviews_and_conversion", CHECKS, 0.27)
