"""Feedbacks to the target, by hand and by trying every number."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as some

from feedback_analysis.errors import ReportError
from feedback_analysis.health.intervals import share_interval
from feedback_analysis.health.margin import (
    displayed_from,
    exact,
    negatives_afforded,
    positives_needed,
    positives_to_be_sure,
)

AIM = exact(0.95)
counts = some.integers(0, 60).flatmap(lambda n: some.tuples(some.integers(0, n), some.just(n)))
targets = some.sampled_from([0.0, 0.5, 0.9, 0.95, 0.97])


def test_a_target_is_the_fraction_that_was_written():
    assert exact(0.95) == Fraction(19, 20)
    assert displayed_from(0.95) == Fraction(189, 200)
    with pytest.raises(ReportError, match="lies between 0 and 1"):
        exact(95)


@pytest.mark.parametrize(
    ("positive", "n", "needed", "shown"),
    # 93 of 100: (93 + 40) / 140 = 0.95, (93 + 27) / 127 = 0.9449, (93 + 28) / 128 = 0.9453.
    [(93, 100, 40, 28), (95, 100, 0, 0), (19, 20, 0, 0), (945, 1000, 100, 0), (0, 0, 1, 1)],
)
def test_positives_needed_by_hand(positive, n, needed, shown):
    assert positives_needed(positive, n, AIM) == needed
    assert positives_needed(positive, n, displayed_from(0.95)) == shown


@pytest.mark.parametrize(
    ("positive", "n", "afforded"),
    [(100, 100, 5), (95, 100, 0), (93, 100, 0), (0, 0, 0), (38, 38, 2)],
)
def test_negatives_afforded_by_hand(positive, n, afforded):
    assert negatives_afforded(positive, n, AIM) == afforded


def test_a_target_of_100_percent_is_out_of_reach_once_missed_and_one_of_0_is_never_missed():
    assert positives_needed(99, 100, Fraction(1)) is None
    assert positives_needed(100, 100, Fraction(1)) == 0
    assert negatives_afforded(100, 100, Fraction(1)) == 0
    assert negatives_afforded(0, 10, Fraction(0)) is None
    assert positives_to_be_sure(100, 100, 1.0) is None


@given(counts, targets)
def test_the_number_needed_is_the_smallest_that_will_do(count, target):
    (positive, n), aim = count, exact(target)
    more = positives_needed(positive, n, aim)
    assert Fraction(positive + more, n + more) >= aim
    if more > 1:
        assert Fraction(positive + more - 1, n + more - 1) < aim


@given(counts, targets.filter(bool))
def test_the_number_afforded_is_the_largest_that_will_do(count, target):
    (positive, n), aim = count, exact(target)
    more = negatives_afforded(positive, n, aim)
    if positive and Fraction(positive, n) >= aim:
        assert Fraction(positive, n + more) >= aim
    assert Fraction(positive, n + more + 1) < aim


@given(counts, some.sampled_from([0.5, 0.9, 0.95]))
def test_the_number_to_be_sure_is_the_smallest_whose_wilson_interval_reaches_the_target(
    count, target
):
    positive, n = count
    more = positives_to_be_sure(positive, n, target)
    if n + more:
        assert share_interval(positive + more, n + more)[0] >= target - 1e-9
    if more > 1:
        assert share_interval(positive + more - 1, n + more - 1)[0] < target + 1e-9
