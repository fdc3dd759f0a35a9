"""The figures of reviews and conversion: counts, rates, and the regressions in plain Python."""

import math
import re
from datetime import timedelta
from functools import cache

from tests.honesty import believed, sums
from tests.honesty.checks import AGAIN, page_tests
from tests.honesty.conversion import (
    RANGES,
    adjusted,
    doses,
    first_mix,
    group_rate,
    naive,
    panel,
    places,
    snapshot,
    switching,
    visitors,
    within,
)
from tests.honesty.drawn_rest import families_drawn, named, reviews_drawn
from tests.honesty.pages import about, about_said, expect, near, say
from tests.honesty.reasons import CATALOGUES, EXAMPLE, PUBLISHED
from tests.honesty.rules import rules
from tests.honesty.trials import AHEAD, forecast, trials

# So much wider is the upper end of a dose's interval, for a lean that is known (docs/methods.md).
LEAN = 0.03


def percent(log):
    """Return a log rate ratio as a change in percent."""
    return 100 * math.expm1(log)


def ends(effect, error, level=0.975):
    """Return the ends of an interval in percent: a family less than there are that switch."""
    reach = sums.student_point(len(switching()) - 1, level) * error
    return [percent(effect - reach), percent(effect + reach)]


@cache
def both():
    """Return effect and error of the two estimators of a first review."""
    mix = first_mix()
    effect = sum(within().beta[place] * share for place, share in mix.items())
    return (effect, within().error(mix)), trials()[:2]


def envelope(level):
    """Return the smallest interval that holds the intervals of both."""
    pairs = [ends(*one, level) for one in both()]
    return [min(low for low, _ in pairs), max(high for _, high in pairs)]


def estimates(page):
    wrong, families = [], len({row["family"] for row in panel()})
    own, tried = both()
    middle = percent((own[0] + tried[0]) / 2)
    effect, error = naive()
    pooled = [[percent(effect + z * error) for z in (-k, k)] for k in (1.96, 1.645)]
    expected = {
        "families against themselves": (
            [percent(own[0])], ends(*own), ends(*own, 0.95), [len(switching())],
        ),
        "weekly trials": ([percent(tried[0])], ends(*tried), ends(*tried, 0.95), [trials()[2]]),
        "envelope": ([middle], envelope(0.975), envelope(0.95), [len(switching())]),
        "reviewed against unreviewed": ([percent(effect)], *pooled, [families]),
    }  # fmt: skip
    for row in page.table("Estimate", "Of what", "Lift").rows:
        name = next(name for name in expected if row[0].text.startswith(name))
        for cell, values in zip(row[2:6], expected[name], strict=True):
            wrong += expect(cell, values, name)
    wrong += say(
        page,
        r"conversion by about (\d+) %, likely ([+−]?\d+) to ([+−]?\d+) %, in the six",
        [middle, *envelope(0.975)],
    )
    return wrong + say(page, r"\((\d+) families seen both without", [len(switching())])


def more_reviews(page):
    effects, wrong = doses(), []
    known = [row for row in panel() if row["reviews"] is not None]
    without = [row for row in known if row["reviews"] == 0]
    base = sum(r["items"] for r in without) / sum(r["sessions"] for r in without)
    reach = sums.student_point(len(switching()) - 1, 0.975)
    for place, (row, effect, (name, low, high)) in enumerate(
        zip(page.table("Reviews", "Lift within families").rows, effects, RANGES, strict=True)
    ):
        part = [each for each in known if low - 1 < each["reviews"] <= high]
        rate = sum(r["items"] for r in part) / sum(r["sessions"] for r in part)
        far = reach * within().error({place: 1.0})
        wrong += expect(row[1], [percent(effect)], name)
        wrong += expect(row[2], [percent(effect - far), percent(effect + far + LEAN)], name)
        wrong += expect(row[3], [len({each["family"] for each in part})], name)
        wrong += expect(row[5], [100 * (rate / base - 1)], name)
        wrong += named(row[0])
    effect, far = visitors().beta[0], 1.96 * visitors().error({0: 1.0}, "CR1")
    wrong += say(
        page,
        r"same family change by ([+−]?\d+) % with reviews \(([+−]?\d+) to ([+−]?\d+) %\)",
        [percent(effect), percent(effect - far), percent(effect + far)],
    )
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
            wrong += named(row[0])
    reviewed = sum(each["reviews"] > 0 for each in found)
    fit = adjusted()
    effect, error = fit.beta[1], fit.error({1: 1.0}, "CV3")
    reach = sums.student_point(len(found) - 6, 0.975) * error
    ratio = math.exp(effect)
    wrong += say(
        page,
        r"conversion is ([+−]\d+) % with reviews \(([+−]?\d+) to ([+−]?\d+) %\)",
        [percent(effect), percent(effect - reach), percent(effect + reach)],
    )
    wrong += say(page, r"by a ratio of (\d\.\d) \(E-value\)",
                 [ratio + math.sqrt(ratio * (ratio - 1))])  # fmt: skip
    page.excuse(r"With no effect at all, .*", CATALOGUES)
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
    made, whole = forecast(tuple(sorted(bare)))
    extra = [one["extra"] for one in made.values()]
    for row in table.rows:
        wrong += product_row(row, now[row[0].text][0], made[row[0].text])
    wrong += say(page, r"^(\d+) products on sale without reviews", [len(bare)])
    first = sum(sorted(extra)[-10:]) / sum(extra)
    wrong += about_said(page, r"would bring about (\d+) extra order items", sum(extra))
    wrong += say(
        page,
        r"extra order items in (\d+) weeks.*? the first (\d+) of the list (\d+) % of them",
        [AHEAD, 10, 100 * first],
    )
    for block in page.blocks:
        for said in re.finditer(r"extra order items in 8 weeks \(\d+ to \d+\)", block.text):
            wrong += near(block, whole, "all", start=said.start() + 26, end=said.end(), share=SHARE)
    poor = {family: one for family, one in now.items()
            if one[1] and one[1] < FEW and one[2] is not None and one[2] < POOR}  # fmt: skip
    apart = page.table("Product", "Sessions a week", "Why apart")
    if {row[0].text for row in apart.rows} != set(poor):
        wrong.append(f"others set apart: {set(poor) ^ {row[0].text for row in apart.rows}}")
    for row in apart.rows:
        wrong += expect(row[1], [now[row[0].text][0]], row[0].text)
    return wrong


def product_row(row, sessions, one):
    """Hold a product's row against what was drawn anew; chance may move a last digit."""
    wrong = expect(row[1], [sessions], row[0].text)
    wrong += expect(row[2], [100 * one["adjusted"] / sessions], row[0].text)
    wrong += about(row[3], one["extra"], row[0].text)
    wrong += near(row[4], one["ends"][:2], row[0].text, share=SHARE)
    wrong += near(row[5], one["ends"][2:], row[0].text, share=SHARE)
    for cell, code in zip(row[6:9], ("USD", "GBP", "EUR"), strict=True):
        share, price = places()[row[0].text].get(code, (0.0, 0.0))
        if not share:
            wrong += expect(cell, [0], row[0].text)
        elif price is None:
            wrong += [] if cell.text == "not known" else [f"{row[0].text}: {cell.text} {code}"]
        else:
            start = cell.text.index("(")
            wrong += about(cell, one["extra"] * share * price, row[0].text, end=start)
            money = [end * share * price for end in one["ends"][2:]]
            wrong += near(cell, money, row[0].text, start=start, share=SHARE)
    said = re.search(r"\d+", row[9].text)
    if abs(float(said[0]) - 100 * one["top"]) > 3:
        wrong.append(f"{row[0].text}: {row[9].text}, {one['top']} expected")
    row[9].mark(*said.span(), AGAIN)
    return wrong


SHARE = 0.3
FEW, POOR = 5, 4.0


def checks(page):
    """What would betray the effect: each check's change with its interval, and its verdict."""
    own, tried = both()
    middle = (own[0] + tried[0]) / 2
    found = {
        "Weeks before": believed.weeks_before(),
        "Two estimators": (own[0] - tried[0], tried[1]),
        "Placebo date": believed.early(),
        "Placebo outcome: price": believed.beside(8),
        "Placebo outcome: marketplaces": believed.beside("mix"),
        "Single families": (believed.single_family()[0], 0.0),
        "Direction": (middle, 0.0),
        "Size": (middle, 0.0),
    }
    plain = {
        "Placebo outcome: featured offer": believed.beside(9),
        "Impossible weeks": (believed.impossible(), 0.0),
        "Vanished reviews": (believed.vanished(), 0.0),
    }
    wrong = []
    for row in page.table("Check", "Found", "Warns").rows:
        name = row[0].text
        value, error = found.get(name) or plain[name]
        shown = percent if name in found else lambda share: 100 * share
        reach = [value, value - 1.96 * error, value + 1.96 * error]
        wrong += expect(row[1], [shown(end) for end in reach[: 3 if error else 1]], name)
        if row[2].text != "no":
            wrong.append(f"{name} warns")
    named = believed.single_family()[1]
    if not any(named in block.text for block in page.everything()):
        wrong.append(f"{named} moves it most")
    return wrong


def figures(page):
    """What the figures say beside their points and in their titles."""
    # They repeat numbers of tables, which are held against the raw rows first.
    wrong = estimates(page) + more_reviews(page) + one_report(page)
    own, tried = both()
    made, _ = forecast(tuple(sorted(f for f, (_, reviews, _) in latest().items() if not reviews)))
    extra = sorted(one["extra"] for one in made.values())
    first = 100 * sum(extra[-10:]) / sum(extra)
    lift = percent((own[0] + tried[0]) / 2)
    wrong += reviews_drawn(page, lift, envelope(0.975), first)
    return wrong + families_drawn(page)


def published(page):
    """What the figure draws of others' studies is what the table says of them."""
    said = " ".join(cell.text for row in page.table("Study", "How", "Found").rows for cell in row)
    wrong = []
    for block in page.figure("Spiegel, 2017"):
        if re.search(r", \d{4}$|\(compared\)$|^\+\d+ %$", block.text):
            if block.text.removesuffix(" (compared)") not in said and block.tokens:
                wrong.append(f"no study says {block.text}")
            block.mark(0, 99, PUBLISHED)
    return wrong


def the_rest(page):
    rows = panel()
    weeks = {row["week"] for row in rows}
    known = sum(row["reviews"] is not None for row in rows) / len(rows)
    wrong = say(
        page,
        r"(\d+) families in US, UK and DE together, in (\d+) weeks from .* known for (\d+) % of",
        [len({row["family"] for row in rows}), len(weeks), 100 * known],
    )
    wrong += say(page, r"and (\d+) families were seen both", [len(switching())])
    for table in page.all_tables("Study", "How", "Found"):
        for row in table.rows:
            for cell in row:
                cell.mark(0, 99, PUBLISHED)
    page.excuse(r"better ratings 5 to 9 %", PUBLISHED)
    wrong += published(page)
    page.excuse(r"families=40.*?lift=0\.1", EXAMPLE)
    return wrong


CHECKS = [estimates, more_reviews, one_report, which_first, checks, figures, the_rest, rules]
test_figures, test_coverage, test_changed = page_tests("05_reviews_and_conversion", CHECKS, 0.92)
