"""Weeks that swing beyond chance: estimated where they can be told, and paid for by the alarm."""

import numpy as np
import pytest

from feedback_analysis.health.cusum import Level, course, thresholds
from feedback_analysis.health.overdispersion import beta_parameters, spread_of


def swinging(mean, spread, weeks, seed=1):
    rng = np.random.default_rng(seed)
    return rng.poisson(rng.gamma(1 / spread, mean * spread, weeks)).astype(float)


def test_weeks_that_swing_by_chance_pass_for_steady_in_nineteen_of_twenty_shops():
    rng = np.random.default_rng(7)
    weeks = np.ones(52)
    told = [spread_of("poisson", rng.poisson(16, 52).astype(float), weeks) > 0 for _ in range(600)]
    assert np.mean(told) == pytest.approx(0.05, abs=0.03)


def test_the_spread_of_long_swinging_series_is_found():
    # Gamma rates with a coefficient of variation of 30 % have a squared one of 0.09.
    hits = swinging(40, 0.09, 4000)
    assert spread_of("poisson", hits, np.ones(4000)) == pytest.approx(0.09, rel=0.1)
    rng = np.random.default_rng(2)
    share = rng.beta(*beta_parameters(0.1, 0.09), size=4000)
    missed = rng.binomial(200, share).astype(float)
    assert spread_of("binomial", missed, np.full(4000, 200.0)) == pytest.approx(0.09, rel=0.1)


def test_a_beta_share_has_the_mean_and_variation_asked_for():
    first, second = beta_parameters(0.1, 0.09)
    mean = first / (first + second)
    variance = mean * (1 - mean) / (first + second + 1)
    assert (mean, variance / mean**2) == (pytest.approx(0.1), pytest.approx(0.09))


@pytest.mark.parametrize(
    ("hits", "exposure"), [([0, 0, 0], [5, 5, 5]), ([3], [5]), ([], []), ([2, 2], [0, 0])]
)
def test_where_nothing_can_be_told_there_is_no_spread(hits, exposure):
    assert spread_of("poisson", np.array(hits, float), np.array(exposure, float)) == 0.0


def test_a_week_of_a_swinging_shop_varies_as_its_dispersion_says():
    level = Level("poisson", 0.02, 800.0, 40_000.0, spread=0.1, baseline=52)
    assert level.dispersion(1000) == pytest.approx(1 + 0.1 * 20)
    week = level.weekly(1000.0)
    assert (week.mean(), week.var()) == (pytest.approx(20), pytest.approx(60))
    share = Level("binomial", 0.1, 500.0, 5000.0, spread=0.2, baseline=52)
    week = share.weekly(100.0)
    chance = 100 * 0.1 * 0.9
    assert week.mean() == pytest.approx(10)
    assert week.var() / chance == pytest.approx(1 + (100 - 1) * 0.2 * 0.1 / 0.9, rel=0.01)


def test_swinging_shops_alarm_falsely_far_less_often_than_a_chart_for_chance_alone_would():
    alarms = {"allowed for": 0, "not": 0}
    for seed in range(25):
        hits = swinging(64, 0.04, 104, seed=seed)
        levels = {
            "allowed for": Level.of_weeks("poisson", hits[:52], np.ones(52)),
            "not": Level.estimated("poisson", hits[:52].sum(), 52.0),
        }
        for name, level in levels.items():
            limits = thresholds(
                level, np.ones(52), factor=1.5, weeks_between_false_alarms=208, paths=4000
            )
            alarms[name] += course(level, hits[52:], np.ones(52), limits, factor=1.5)[1].sum()
    # 25 shops and years should give 25 * 52 / 208 = 6 alarms.
    assert alarms["not"] > 60
    assert alarms["allowed for"] < 20
