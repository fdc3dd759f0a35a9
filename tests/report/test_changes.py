"""What changed: on many simulated months no sentence contradicts its figure."""

import json
import re
from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from feedback_analysis.health.intervals import average_interval
from feedback_analysis.periods import Period
from feedback_analysis.report.changes import find_changes, looks, what_changed
from feedback_analysis.report.figures import Figure, Missing, Value, chance_of, compare, corrected
from feedback_analysis.report.key_figures import key_figures
from feedback_analysis.report.wording import MINUS, plain
from feedback_analysis.shares import share_interval as wilson
from tests.report.hand_made import daily, feedback, orders, shop

OCTOBER, SEPTEMBER = Period.parse("2026-10"), Period.parse("2026-09")
LAST_OCTOBER = Period.parse("2025-10")
MINIMUM = 10
CLEAR = re.compile(
    r"(?P<label>.+) clearly (?P<verb>rose|fell) since (?P<then>[A-Z]\w+ \d{4}), by "
    r"(?P<by>[\d.,]+)(?P<points> points)?, to (?P<now>[\d.,]+)(?: %)?; the true change is likely "
    r"(?P<low>\S+) to (?P<high>\S+?)( points)?\."
)
UNCLEAR = re.compile(
    r"No clear change in (?P<label>.+): (?P<now>[\d.,]+)(?: %)?, and (?P<before>[\d.,]+)(?: %)? "
    r"in (?P<then>[A-Z]\w+ \d{4}); the true change is likely (?P<low>\S+) to (?P<high>\S+?)"
    r"( points)?\."
)
PERHAPS = re.compile(
    r"(?P<label>.+) may have (?P<verb>risen|fallen) since (?P<then>[A-Z]\w+ \d{4}), by "
    r"(?P<by>[\d.,]+)(?P<points> points)?, to (?P<now>[\d.,]+)(?: %)?; by itself the true change "
    r"is likely (?P<low>\S+) to (?P<high>\S+?)( points)?, but among all changes looked at chance "
    r"may have made it\."
)
COUNTED = re.compile(
    r"(?P<label>.+): (?P<now>[\d,]+), (?:(?P<by>[\d,]+) (?P<way>more|fewer) than|as many as) in "
    r"(?P<then>[A-Z]\w+ \d{4})\."
)


def number(text):
    return float(text.replace(MINUS, "-").replace(",", ""))


def factor(unit):
    return 1 if unit in ("stars", "count") else 100


def read(change, figure, now, then):
    """Hold a sentence against the numbers that it speaks of."""
    words = change.text.replace("\N{NO-BREAK SPACE}", " ")
    times = factor(figure.unit)
    forms = {
        "clear": CLEAR,
        "may be chance": PERHAPS,
        "no clear change": UNCLEAR,
        "counted": COUNTED,
    }
    match = forms[change.kind].fullmatch(words)
    assert match, words
    step = now.value - then.value
    assert match["label"].lower() == figure.label.lower()
    assert match["then"] == then.label
    assert match["now"] == plain(now.value, figure.unit).split("\N{NO-BREAK SPACE}")[0]
    if change.kind == "counted":
        assert match["way"] == (None if step == 0 else "more" if step > 0 else "fewer")
        assert step == 0 or number(match["by"]) == abs(step)
        return
    low, high = number(match["low"]), number(match["high"])
    # Half of the last digit that is shown is all that rounding may do.
    tolerance = 0.0051 if figure.unit == "stars" else 0.051
    assert low == pytest.approx(times * then.low, abs=tolerance)
    assert high == pytest.approx(times * then.high, abs=tolerance)
    excludes_zero = then.low > 0 or then.high < 0
    assert (change.kind in ("clear", "may be chance")) is excludes_zero
    assert (change.kind == "clear") is then.sure is (excludes_zero and then.q <= 0.05)
    assert ("clearly" in words) is then.sure
    if excludes_zero:
        assert (
            match["verb"]
            == (("rose", "risen") if step > 0 else ("fell", "fallen"))[
                change.kind == "may be chance"
            ]
        )
        assert number(match["by"]) == pytest.approx(times * abs(step), abs=tolerance)
        # The range that is shown must not hold zero either, or the reader would not believe it.
        assert (low > 0 and high > 0) or (low < 0 and high < 0)
    else:
        assert low <= 0 <= high


def contradicts(change, figure, now, then):
    """Tell whether a sentence does not fit its numbers."""
    try:
        read(change, figure, now, then)
    except AssertionError:
        return True
    return False


def shares(n, part):
    """Return a share with its interval, as a month gives it."""
    positive = round(part * n)
    low, high = wilson(positive, n) if n else (None, None)
    return Value(positive / n if n else None, n=n, low=low, high=high)


def stars(mean, n, spread):
    return Value(mean, n=n, low=max(1.0, mean - spread), high=min(5.0, mean + spread))


counts = some.integers(0, 20_000)
unit_values = some.one_of(
    some.tuples(
        some.sampled_from(["share", "small share", "per 100 orders"]),
        *2 * [some.builds(shares, some.integers(1, 50_000), some.floats(0, 1))],
    ),
    some.tuples(
        some.just("stars"),
        *2 * [
            some.builds(
                stars, some.floats(1, 5), some.integers(1, 50_000), some.floats(0.0001, 0.8)
            )
        ],
    ),
    some.tuples(some.just("count"), *2 * [counts.map(lambda count: Value(count))]),
)  # fmt: skip


@settings(max_examples=600, deadline=None)
@given(unit_values)
def test_no_sentence_contradicts_its_figure(drawn):
    unit, now, before = drawn
    then = compare(now, before, period=SEPTEMBER, minimum_n=MINIMUM)
    figure = Figure("x", "The figure", unit, "feedbacks", None, now, previous=then)
    (change,) = find_changes((figure,))
    if change.kind == "too few":
        assert min(now.n, before.n) < MINIMUM
        assert "clear" not in change.text
    else:
        assert change.kind == "counted" or min(now.n, before.n) >= MINIMUM
        read(change, figure, now, then)


def simulated(seed):
    """Return a shop whose October, September and October a year before are drawn by chance."""
    chance = np.random.default_rng(seed)
    rows, placed, days = [], [], []
    for month in ("2026-10", "2026-09", "2025-10"):
        level, size = chance.uniform(0.5, 1), int(chance.integers(0, 260))
        ratings = np.where(
            chance.random(size) < level, chance.integers(4, 6, size), chance.integers(1, 4, size)
        )
        rows += [
            (f"{month}-{day:02d}", int(rating), None)
            for day, rating in zip(chance.integers(1, 29, size), ratings, strict=True)
        ]
        placed += [
            (f"o{month}{place}", f"{month}-{day:02d}", "A", "amazon")
            for place, day in enumerate(chance.integers(1, 29, int(chance.integers(0, 900))))
        ]
        for day in range(1, 29):
            sessions = int(chance.integers(20, 300))
            items = int(chance.binomial(sessions, chance.uniform(0.02, 0.2)))
            days.append((f"{month}-{day:02d}", sessions, items, items, int(items * 0.05)))
    return shop(
        feedback=feedback(rows or [("2026-10-10", 5)]),
        orders=orders(placed or [("o1", "2026-10-05", "A", "amazon")]),
        daily=daily(days),
    )


def test_what_simulated_months_say_is_true_and_the_file_says_the_same():
    kinds = set()
    for seed in range(12):
        found = key_figures(simulated(seed), OCTOBER)
        by_id = {figure.id: figure for figure in found.figures}
        changes = find_changes(found.figures)
        for change in changes:
            figure = by_id[change.figure]
            then = next(
                each
                for each in (figure.previous, figure.year_before)
                if each is not None and each.period == change.period
            )
            kinds.add(change.kind)
            if change.kind not in ("too few", "only bounded"):
                read(change, figure, figure.now, then)
        assert json.loads(found.to_json())["changes"] == [change.entry() for change in changes]
        shown = what_changed(found.figures, changes)
        told = [sentence for part in shown for sentence in part["certain"]]
        assert sorted(told) == sorted(each.text for each in changes if each.kind == "clear")
        for part in shown:
            calm = any(line.startswith("No key figure changed clearly") for line in part["rest"])
            assert not (calm and part["certain"])
    assert {"clear", "may be chance", "no clear change", "counted"} <= kinds


def test_a_sentence_that_is_wrong_would_be_seen():
    now, before = shares(200, 0.95), shares(200, 0.6)
    then = compare(now, before, period=SEPTEMBER, minimum_n=MINIMUM)
    figure = Figure("x", "The figure", "share", "feedbacks", None, now, previous=then)
    (change,) = find_changes((figure,))
    assert not contradicts(change, figure, now, then)
    for wrong, right in (("fell", "rose"), ("fell slightly", "clearly rose"), ("1", "9")):
        spoilt = SimpleNamespace(kind=change.kind, text=change.text.replace(right, wrong))
        assert spoilt.text != change.text
        assert contradicts(spoilt, figure, now, then)


def test_bounds_and_few_feedbacks_are_told_without_a_direction():
    bounded = Value(None, n=200, low=4.1, high=4.4)
    then = compare(bounded, stars(4.6, 100, 0.1), period=SEPTEMBER, minimum_n=MINIMUM)
    figure = Figure("x", "Average score", "stars", "feedbacks", 4.5, bounded, previous=then)
    (change,) = find_changes((figure,))
    assert change.kind == "only bounded"
    assert change.entry()["text"] == (
        "Average score cannot be compared with September 2026, because only its bounds are known: "
        "between 4.10 and 4.40 now, 4.60 then."
    )
    (part,) = what_changed((figure,), (change,))
    assert part["rest"] == ["Cannot be compared, only bounds known: average score."]
    gone = Figure("x", "Average score", "stars", now=Missing("no feedback"), previous=None)
    assert find_changes((gone,)) == ()


def test_no_heading_stands_over_nothing_where_only_counts_are_known():
    now, before = Value(12), Value(14)
    then = compare(now, before, period=SEPTEMBER, minimum_n=MINIMUM)
    figure = Figure("x", "Feedback of 1 to 3 stars", "count", now=now, previous=then)
    (part,) = what_changed((figure,), find_changes((figure,)))
    assert part == {
        "period": "September 2026",
        "certain": [],
        "rest": [
            "No share and no rate is known here and in September 2026, so no change can be judged."
        ],
    }


def a_month(chance, *, level=0.955, size=150):
    """Return the ratings of a month, and three shares of other things, as figures see them."""
    stars = chance.multinomial(
        size, [*(0.6 * (1 - level), 0.2 * (1 - level), 0.2 * (1 - level)), 0.2 * level, 0.8 * level]
    )
    average = float(stars @ np.arange(1, 6) / size)
    low, high = average_interval(stars)
    positive = int(stars[3:].sum())
    values = [
        ("share", Value(positive / size, n=size, **ends(positive, size))),
        ("stars", Value(average, n=size, low=low, high=high)),
    ]
    for unit, share, n in (
        ("per 100 orders", 0.12, 1200),
        ("per 100 sessions", 0.1, 9000),
        ("per 100 units", 0.03, 1100),
    ):
        hits = int(chance.binomial(n, share))
        values.append((unit, Value(hits / n, n=n, **ends(hits, n))))
    return values


def ends(hits, n):
    return dict(zip(("low", "high"), wilson(hits, n), strict=True))


def report_of(now, before, year):
    """Return the figures of a report on three months, corrected."""
    return corrected(
        tuple(
            Figure(
                f"x{place}", "The figure", unit, "feedbacks", None, value,
                compare(value, before[place][1], period=SEPTEMBER, minimum_n=MINIMUM),
                compare(value, year[place][1], period=LAST_OCTOBER, minimum_n=MINIMUM),
            )
            for place, (unit, value) in enumerate(now)
        )
    )  # fmt: skip


def test_where_nothing_changes_a_change_is_called_clear_in_one_report_of_twenty():
    chance = np.random.default_rng(7)
    reports, clear, by_themselves = 500, 0, 0
    for _ in range(reports):
        figures = report_of(*(a_month(chance) for _ in range(3)))
        changes = find_changes(figures)
        clear += any(change.kind == "clear" for change in changes)
        by_themselves += any(change.kind in ("clear", "may be chance") for change in changes)
    # One in twenty would be 25 of 500; chance takes that to 35 in one test of forty.
    assert 5 <= clear <= 35
    # Each by itself, as before the correction, a third of all reports would have named something.
    assert by_themselves > 3 * clear


def test_a_real_fall_is_still_called_clear():
    chance = np.random.default_rng(8)
    found = 0
    for _ in range(200):
        figures = report_of(a_month(chance, level=0.83), a_month(chance), a_month(chance))
        fallen = [change for change in find_changes(figures) if change.figure == "x0"]
        found += all(change.kind == "clear" and " fell " in change.text for change in fallen)
        for figure in figures:
            for then in (figure.previous, figure.year_before):
                (change,) = find_changes((figure.compared(previous=then, year_before=None),))
                read(change, figure, figure.now, then)
    assert found > 150


def test_the_correction_is_that_of_benjamini_and_hochberg():
    from statsmodels.stats.multitest import multipletests

    chance = np.random.default_rng(9)
    months = (a_month(chance, level=level) for level in (0.88, 0.95, 0.97))
    figures = report_of(*months)
    found = [then for each in figures for then in (each.previous, each.year_before)]
    wanted = multipletests([each.p for each in found], method="fdr_bh")[1]
    assert [each.q for each in found] == pytest.approx(wanted.tolist())
    counted = Figure("y", "Orders", "count", now=Value(3), previous=compare(
        Value(3), Value(2), period=SEPTEMBER, minimum_n=MINIMUM))  # fmt: skip
    assert corrected((counted,)) == (counted,)
    assert corrected(()) == ()


def test_p_is_below_one_in_twenty_where_the_interval_leaves_zero_out():
    # A difference of two means with a standard error of 1: p of the normal distribution.
    assert chance_of(2.5, 2.5 - 1.96, 2.5 + 1.96) == pytest.approx(0.0124, abs=1e-4)
    assert chance_of(-2.5, -2.5 - 9, -2.5 + 1.96) == pytest.approx(0.0124, abs=1e-4)
    assert chance_of(0.0, -1, 1) == 1
    assert chance_of(1.96, 0.001, 4) < 0.05 < chance_of(1.96, -0.001, 4)


def test_how_many_were_looked_at_is_told():
    now = shares(200, 0.9)
    then = compare(now, shares(200, 0.9), period=SEPTEMBER, minimum_n=MINIMUM)
    figures = tuple(
        Figure(f"x{place}", "A", "share", "feedbacks", None, now, previous=then)
        for place in range(8)
    )
    assert looks(find_changes(figures)).startswith("8 changes were looked at, and that is allowed")
    assert "once in twenty" in looks(find_changes(figures[:1]))
    assert looks(()) == ""
