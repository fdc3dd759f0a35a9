"""The sentence on a change never says other than its numbers, on many simulated pairs of months."""

import re
from types import SimpleNamespace

import pandas as pd
from hypothesis import example, given, settings
from hypothesis import strategies as some

from feedback_analysis.health import change, period_rating
from feedback_analysis.periods import Period
from feedback_analysis.shares import share_interval
from tests.health.frames import join, stars

OCTOBER, SEPTEMBER = Period.parse("2026-10"), Period.parse("2026-09")
MINUS = "\N{MINUS SIGN}"
SENTENCE = re.compile(
    r"The positive share in October 2026 was "
    r"(?:the same as|(?P<size>[\d.]+|less than 0\.001) points "
    r"(?P<way>higher|lower) than) in September 2026 \(95 % interval (?P<low>just \w+ 0|\S+) "
    r"to (?P<high>just \w+ 0|\S+)\): "
    r"(?P<verdict>a clear (?:rise|fall), looked at by itself|no clear change|"
    r"too few feedbacks to say more)\."
)


def month(period, positive, n):
    """Return a month's rating as far as a change looks at it."""
    low, high = share_interval(positive, n)
    row = {
        "n": n, "share": positive / n, "low": low, "high": high,
        "average": 4.0, "average_low": 3.9, "average_high": 4.1,
    }  # fmt: skip
    return SimpleNamespace(table=pd.DataFrame([row]), period=period, minimum_n=10)


def test_two_periods_without_a_marketplace_in_common_have_no_change():
    rows = join(
        stars(1, 0, 0, 0, 20, day="2026-10-05", source="all ratings"),
        stars(1, 0, 0, 0, 20, day="2026-09-05", source="all ratings"),
    )
    rows["marketplace"] = ["US"] * 21 + ["UK"] * 21
    now, before = (
        period_rating(rows[rows["marketplace"] == market], None, period, by="marketplace")
        for market, period in (("US", OCTOBER), ("UK", SEPTEMBER))
    )
    found = change(now, before)
    assert found.table.empty
    assert found.text == ""


def number_of(words):
    """Return a number of a sentence; one next to zero is told in words."""
    near = {"just above 0": 1e-6, "just below 0": -1e-6, "less than 0.001": 1e-6}
    return near.get(words) or float(words.replace(MINUS, "-"))


def holds(text, row):
    """Hold a sentence against the numbers that it speaks of."""
    match = SENTENCE.fullmatch(text)
    assert match, text
    step, low, high = (100 * row[key] for key in ("difference", "low", "high"))
    shown = [number_of(match[name]) for name in ("low", "high")]
    assert abs(shown[0] - low) <= 0.051
    assert abs(shown[1] - high) <= 0.051
    if match["size"]:
        assert match["way"] == ("higher" if step > 0 else "lower")
        assert abs(number_of(match["size"]) - abs(step)) <= 0.051
    else:
        assert abs(step) < 0.05
    clear = low > 0 or high < 0
    enough = min(row["n"], row["n_before"]) >= 10
    assert match["verdict"].startswith("a clear") is (clear and enough)
    if match["verdict"].startswith("a clear"):
        assert match["verdict"] == (
            f"a clear {'rise' if step > 0 else 'fall'}, looked at by itself"
        )
        assert match["size"]
        assert number_of(match["size"]) > 0
        # The interval that is shown leaves zero out too.
        assert shown[0] > 0 or shown[1] < 0


counts = some.one_of(some.integers(1, 40), some.integers(41, 2_000), some.integers(2_001, 900_000))


@settings(max_examples=400)
@given(counts, counts, some.floats(0, 1), some.floats(0, 1))
@example(16_385, 110_937, 3.06e-05, 0.0)
@example(16_385, 110_937, 1.0 - 3.06e-05, 1.0)
@example(10**9, 10**9, 0.5, 0.5 - 1e-8)
def test_no_sentence_contradicts_its_numbers(n, n_before, level, level_before):
    now = month(OCTOBER, round(level * n), n)
    before = month(SEPTEMBER, round(level_before * n_before), n_before)
    found = change(now, before)
    holds(found.text, found.table.iloc[0].to_dict())


def test_a_tiny_change_of_a_huge_shop_is_not_the_same_and_clear_at_once():
    found = change(month(OCTOBER, 9_504_000, 10_000_000), month(SEPTEMBER, 9_500_000, 10_000_000))
    assert "0.04 points higher than" in found.text
    assert found.text.endswith(": a clear rise, looked at by itself.")
    holds(found.text, found.table.iloc[0].to_dict())


def test_real_tables_give_the_same_sentences():
    feedback = join(
        stars(2, 0, 0, 0, 98, day="2026-10-01"), stars(8, 2, 0, 0, 90, day="2026-09-30")
    )
    ratings = [period_rating(feedback, None, each) for each in (OCTOBER, SEPTEMBER)]
    found = change(*ratings)
    holds(found.text, found.table.iloc[0].to_dict())
