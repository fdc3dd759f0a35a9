"""Roll-off days, the day the target is reached, and what is said of them."""

import numpy as np
import pandas as pd
import pytest

from feedback_analysis.errors import ReportError
from feedback_analysis.health import distance_to_target
from feedback_analysis.health.margin import exact
from feedback_analysis.health.pace import Pace, futures, when_reached
from feedback_analysis.health.rolloff import kept
from tests.health.frames import DAY, daily, join, stars, typed, window

# 30 days to 31 October begin on 2 October.
FEEDBACK = join(
    stars(ones=2, threes=1, fives=5, day="2026-10-02"),
    stars(ones=1, fives=3, day="2026-10-05"),
    stars(fives=20, day="2026-10-20"),
)


def left(result, name):
    return result.rolloff[result.rolloff["window"] == name].reset_index(drop=True)


def test_old_feedback_leaves_on_the_first_day_whose_window_no_longer_holds_it():
    table = left(distance_to_target(FEEDBACK, as_of=DAY), "30 days")
    assert table["date"].tolist() == [pd.Timestamp("2026-11-01"), pd.Timestamp("2026-11-04")]
    assert table["negatives_left"].tolist() == [2, 1]
    assert table["neutrals_left"].tolist() == [1, 0]
    assert table["positives_left"].tolist() == [5, 3]
    assert table["n_after"].tolist() == [24, 20]
    assert table["share_after"].tolist() == [23 / 24, 1.0]


def test_nothing_leaves_a_lifetime():
    result = distance_to_target(FEEDBACK, as_of=DAY)
    assert left(result, "lifetime").empty
    assert pd.isna(window(result, "lifetime")["next_leaving"])


def test_the_table_counts_as_the_rating_does():
    row = window(distance_to_target(FEEDBACK, as_of=DAY), "30 days")
    assert (row["positive"], row["n"], row["positives_needed"]) == (28, 32, 48)
    assert (row["positives_needed_displayed"], row["negatives_afforded"]) == (41, 0)
    assert row["next_leaving"] == pd.Timestamp("2026-11-01")


def test_daily_totals_roll_off_like_rows():
    totals = daily("2024-10-01", days={"2026-10-02": (8, 2), "2026-10-20": (24, 1)})
    result = distance_to_target(stars(ones=2, threes=1, day="2026-10-02"), totals, as_of=DAY)
    table = left(result, "30 days")
    assert table[["negatives_left", "neutrals_left", "positives_left"]].values.tolist() == [
        [2, 1, 5],
        [1, 0, 23],
    ]
    assert pd.isna(table["share_after"].iloc[1])


def test_totals_typed_in_tell_no_days_and_that_is_said():
    result = distance_to_target(stars(1), typed("365 days", 90, 5, 5), as_of=DAY)
    assert window(result, "365 days")["positives_needed"] == 100
    assert left(result, "365 days").empty
    assert any("cannot be said when it leaves" in limit for limit in result.limits)


def test_all_positive_says_what_can_still_go_wrong():
    result = distance_to_target(stars(fives=40), as_of=DAY)
    assert window(result, "365 days")["pace"] == "met now"
    assert "2 more that are not positive can come in a row" in result.text


def test_without_a_feedback_in_the_last_90_days_there_is_no_pace():
    result = distance_to_target(stars(ones=2, fives=10, day="2026-05-01"), as_of=DAY)
    assert window(result, "365 days")["pace"] == "no pace known"
    assert "no pace to go by" in result.text


def test_a_target_of_100_percent_once_missed_is_waited_for():
    result = distance_to_target(FEEDBACK, as_of=DAY, targets=(1.0, 4.5))
    assert pd.isna(window(result, "30 days")["positives_needed"])
    assert "No number of further positive feedbacks brings it to 100 %" in result.text


def test_negatives_alone_are_refused_or_said():
    with pytest.raises(ReportError, match="holds only 1 to 3 stars"):
        distance_to_target(stars(2), as_of=DAY)
    assert "cannot be computed" in distance_to_target(stars(2), as_of=DAY, on_missing="say").text
    with pytest.raises(ReportError, match="cannot be split by 'channel'"):
        distance_to_target(FEEDBACK, by="channel")


def test_the_day_is_the_one_on_which_the_bad_feedback_leaves_when_hardly_any_new_is_bad():
    days = pd.date_range("2025-11-01", DAY)
    good = join(*[stars(fives=2, day=day) for day in days])
    result = distance_to_target(join(good, stars(ones=60, day="2025-12-01")), as_of=DAY)
    row = window(result, "365 days")
    # 730 of 790: the 60 leave on 1 December 2026, 365 days after they came.
    assert row["pace"] == "reached"
    assert row["reached"] == pd.Timestamp("2026-12-01")
    assert (
        row["reached_95_low"] <= row["reached_80_low"] <= row["reached"] <= row["reached_80_high"]
    )
    assert "is reached, and held for four weeks, from about 1 December 2026" in result.text


def test_a_poor_pace_never_gets_there():
    days = pd.date_range("2026-08-03", DAY)
    poor = join(*[stars(ones=1, fives=4, day=day) for day in days])
    result = distance_to_target(poor, as_of=DAY)
    assert window(result, "365 days")["pace"] == "not at this pace"
    assert "is not to be expected" in result.text


def test_the_same_seed_gives_the_same_days_and_inputs_stay_as_they_were():
    before = FEEDBACK.copy()
    one, two = (distance_to_target(FEEDBACK, as_of=DAY) for _ in range(2))
    pd.testing.assert_frame_equal(one.table, two.table)
    pd.testing.assert_frame_equal(FEEDBACK, before)


def test_each_marketplace_has_its_own_distance():
    both = join(FEEDBACK, stars(fives=12, marketplace="UK"))
    result = distance_to_target(both, as_of=DAY, by="marketplace")
    assert set(result.rolloff["marketplace"]) == {"US"}
    assert window(result, "365 days", "UK")["positives_needed"] == 0


def test_the_80_percent_interval_holds_the_day_in_about_80_of_100_shops():
    generator, held = np.random.default_rng(5), 0
    days = pd.date_range("2025-11-01", DAY)
    for seed in range(120):
        counts = pd.DataFrame({"positive": 2, "neutral": 0, "negative": 0}, index=days)
        counts.loc[days[:180], "negative"] = generator.poisson(0.5, 180)
        past_good, past_bad = generator.poisson(2.0, 90).sum(), generator.poisson(0.05, 90).sum()
        old = kept(counts, days[-1].date(), 365)
        drawn = futures(Pace(past_good, past_bad, 90), seed=seed, runs=300)
        found = when_reached(drawn, old, 365, exact(0.95), days[-1].date())
        # The one future that comes true, at the rates that are really there.
        truth = futures(Pace(2_000_000, 50_000, 1_000_000), seed=10_000 + seed, runs=1)
        came = when_reached(truth, old, 365, exact(0.95), days[-1].date())["reached"]
        held += found["reached_80_low"] <= came <= found["reached_80_high"]
    assert 0.7 <= held / 120 <= 0.95
