"""The CUSUM: scores by hand, thresholds that hold the stated rate, restarts."""

import math

import numpy as np
import pytest
from scipy.optimize import brentq

from feedback_analysis.health.change_point import change_point
from feedback_analysis.health.cusum import Level, course, thresholds
from feedback_analysis.health.run_length import average_run_length
from feedback_analysis.health.watch import FACTOR

BETWEEN = 100


def test_a_score_is_the_logarithm_of_the_likelihood_ratio():
    hit, unit = Level("poisson", 0.02).weights(2.0)
    # 3 negatives among 100 orders: 3 log 2 - (4 - 2) expected more.
    assert 3 * hit + 100 * unit == pytest.approx(3 * math.log(2) - 2)
    hit, unit = Level("binomial", 0.2).weights(2.0)
    # Odds of 1 to 4 doubled are 1 to 2: a share of 1/3.
    assert Level("binomial", 0.2).shifted(2.0) == pytest.approx(1 / 3)
    assert hit + unit == pytest.approx(math.log((1 / 3) / 0.2))
    assert unit == pytest.approx(math.log((2 / 3) / 0.8))


def test_the_statistic_adds_up_never_falls_below_nothing_and_starts_again_after_an_alarm():
    level = Level("poisson", 1.0)
    hits, ones = np.array([0, 3, 3, 0]), np.ones(4)
    limits = np.array([9.0, 9.0, 2.0, 9.0])
    statistic, alarm = course(level, hits, ones, limits, factor=2.0)
    week = 3 * math.log(2) - 1
    assert statistic == pytest.approx([0, week, 2 * week, 0])
    assert alarm.tolist() == [False, False, True, False]


def test_no_alarm_is_given_in_a_week_that_speaks_against_it():
    statistic, alarm = course(
        Level("poisson", 1.0), np.array([4, 0]), np.ones(2), np.array([9.0, 0.1]), factor=2.0
    )
    assert statistic[1] > 0.1
    assert not alarm.any()


def test_an_estimated_level_is_never_nothing():
    assert Level.estimated("poisson", 0, 5000).value == pytest.approx(0.5 / 5000)
    assert Level.estimated("binomial", 3, 99).value == pytest.approx(3.5 / 100)


def test_a_threshold_depends_on_no_later_week():
    level = Level.estimated("poisson", 200, 52)
    sizes = np.array([1.0, 0.7, 1.2, 0.9, 1.1, 1.4])
    options = {"factor": FACTOR, "weeks_between_false_alarms": BETWEEN, "paths": 2000}
    every = thresholds(level, sizes, **options)
    assert np.array_equal(every[:4], thresholds(level, sizes[:4], **options))


def test_a_week_without_exposure_gives_no_alarm():
    options = {"factor": FACTOR, "weeks_between_false_alarms": BETWEEN, "paths": 500}
    found = thresholds(Level("poisson", 2.0), np.array([1.0, 0.0, 1.0]), **options)
    assert np.isinf(found[1])


def false_alarms(kind, mean, *, shops, weeks=52, baseline=52, known=False):
    """Share of the stated rate in shops in which nothing changes, with its standard error."""
    rng = np.random.default_rng([3, mean])
    exposure = np.tile([0.7, 1.0, 1.3, 1.0], weeks // 4)
    exposure = np.round(20 * mean * exposure) if kind == "binomial" else exposure
    true = 0.05 if kind == "binomial" else float(mean)
    earlier = baseline * (20 * mean if kind == "binomial" else 1)

    def draw(size):
        binomial = kind == "binomial"
        return rng.binomial(np.int64(size), true) if binomial else rng.poisson(true * size)

    limits, counts = {}, np.zeros(shops)
    for shop in range(shops):
        hits = int(draw(earlier))
        # Every tenth baseline is enough: neighbours differ by less than chance.
        hits = round(hits / mean) * mean
        level = Level(kind, true) if known else Level.estimated(kind, hits, earlier)
        key = 0 if known else hits
        if key not in limits:
            limits[key] = thresholds(
                level, exposure, factor=FACTOR, weeks_between_false_alarms=BETWEEN, paths=2500
            )
        seen = np.array([draw(size) for size in exposure])
        counts[shop] = course(level, seen, exposure, limits[key], factor=FACTOR)[1].sum()
    scale = BETWEEN / weeks
    return scale * counts.mean(), scale * counts.std() / math.sqrt(shops)


@pytest.mark.parametrize(
    ("kind", "mean"), [("poisson", 1), ("poisson", 4), ("poisson", 16), ("binomial", 4)]
)
def test_false_alarms_keep_the_stated_rate_with_the_baseline_estimated(kind, mean):
    ratio, error = false_alarms(kind, mean, shops=700)
    assert error < 0.08
    # The limits, widened by what chance does to so few shops.
    assert 0.7 - 2 * error < ratio < 1.3 + 2 * error
    assert abs(ratio - 1) < 3.5 * error + 0.05


def test_false_alarms_keep_the_stated_rate_at_a_given_level():
    ratio, error = false_alarms("poisson", 4, shops=700, known=True)
    assert abs(ratio - 1) < 3.5 * error + 0.05


@pytest.mark.parametrize("factor", [2.0, 0.5])
def test_a_spread_share_is_added_up_once_and_as_scipy_adds_it(factor):
    level = Level("binomial", 0.05, spread=0.01)
    values = np.linspace(-30, 30, 400)
    hit, unit = level.weights(factor)
    counts, most = level.weekly(300, 0.08), (values - unit * 300) / hit
    told = level.scores(factor, 300, 0.08)(values)
    if factor > 1:
        assert told == pytest.approx(counts.cdf(np.floor(most + 1e-9)), abs=1e-12)
    else:
        assert told == pytest.approx(counts.sf(np.ceil(most - 1e-9) - 1), abs=1e-12)
    # Of two million feedbacks a week SciPy would add up 10^11 terms here.
    large = level.scores(factor, 2_000_000, 0.08)
    assert np.isfinite(average_run_length(large, 40.0))


def test_thresholds_agree_with_the_markov_chain_once_the_start_is_past():
    level = Level("poisson", 7.3)
    scores = level.scores(FACTOR, 1.0, 7.3)
    chain = brentq(lambda at: average_run_length(scores, at) - BETWEEN, 1, 20, xtol=1e-3)
    found = thresholds(
        level, np.ones(80), factor=FACTOR, weeks_between_false_alarms=BETWEEN, paths=20000
    )
    assert np.mean(found[-30:]) == pytest.approx(chain, rel=0.06)


def test_the_weeks_given_for_the_beginning_hold_the_true_one():
    rng = np.random.default_rng(5)
    level = Level.estimated("poisson", 208, 52)
    ones, began = np.ones(60), 20
    limits = thresholds(level, ones, factor=FACTOR, weeks_between_false_alarms=208, paths=4000)
    held = []
    for _ in range(400):
        hits = rng.poisson(np.where(np.arange(60) >= began, 8, 4))
        statistic, alarm = course(level, hits, ones, limits, factor=FACTOR)
        weeks = np.flatnonzero(alarm)
        if len(weeks) == 0 or weeks[0] < began:
            continue
        zeros = np.flatnonzero(statistic[: weeks[0]] == 0)
        zero = int(zeros[-1]) + 1 if len(zeros) else 0
        best, low, high = change_point(level, hits, ones, alarm=int(weeks[0]), zero=zero)
        assert low <= best <= high
        held.append(low <= began <= high)
    assert len(held) > 300
    assert np.mean(held) > 0.9


def test_the_likeliest_beginning_of_a_clear_jump_is_its_week():
    hits = np.array([4, 5, 3, 4, 20, 22])
    level = Level.estimated("poisson", 208, 52)
    assert change_point(level, hits, np.ones(6), alarm=5, zero=3) == (4, 4, 4)
    share = Level("binomial", 0.05)
    hits, n = np.array([4, 5, 6, 30]), np.full(4, 100.0)
    assert change_point(share, hits, n, alarm=3, zero=2) == (3, 3, 3)
