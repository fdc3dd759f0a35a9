"""The rating by window: golden examples, sources, refusals, bounds and verdicts."""

import math

import pandas as pd
import pytest
from pandas.testing import assert_frame_equal

from feedback_analysis.errors import ReportError
from feedback_analysis.health import feedback_rating
from feedback_analysis.health.words import uncounted
from tests.health.frames import DAY, daily, join, stars, typed, window

COLUMNS = (
    "window n positive neutral negative share low high average average_low average_high verdict "
    "share_verdict average_verdict displayed displayed_neutral displayed_negative source since "
    "complete"
).split()


def test_amazons_first_example_gives_90_percent_and_4_38():
    result = feedback_rating(stars(2, 3, 5, 35, 55))
    row = window(result, "365 days")
    assert (row["n"], row["positive"], row["neutral"], row["negative"]) == (100, 90, 5, 5)
    assert (row["share"], row["average"], row["displayed"]) == (0.90, 4.38, 90)
    assert result.table.columns.tolist() == COLUMNS
    assert result.table["window"].tolist() == ["30 days", "90 days", "365 days", "lifetime"]


def test_amazons_second_example_rounds_each_percent_by_itself():
    row = window(feedback_rating(stars(4, 0, 15, 0, 1001)), "lifetime")
    shown = (row["displayed"], row["displayed_neutral"], row["displayed_negative"])
    assert shown == (98, 1, 0)
    assert row["share"] == pytest.approx(1001 / 1020)


def test_a_displayed_percent_is_rounded_half_up():
    # 189 of 200 is 94.5 %, which Amazon shows as 95 %.
    row = window(feedback_rating(stars(11, 0, 0, 0, 189)), "30 days")
    assert (row["displayed"], row["share"]) == (95, 0.945)


def test_a_window_of_30_days_has_30_days_both_ends_counted():
    feedback = join(
        stars(fives=1, day="2026-10-31"),
        stars(fives=10, day="2026-10-02"),
        stars(fives=100, day="2026-10-01"),
        stars(fives=1000, day="2026-11-01"),
    )
    result = feedback_rating(feedback, as_of=DAY)
    assert window(result, "30 days")["n"] == 11
    assert result.table["n"].tolist() == [11, 111, 111, 111]


def test_a_file_with_1_to_3_stars_only_is_refused_and_the_file_to_add_is_named():
    with pytest.raises(ReportError, match="US: the feedback file holds only 1 to 3 stars") as error:
        feedback_rating(stars(1, 2, 3))
    assert "Sales and Traffic report by date" in error.value.remedy
    assert "Feedback Manager" in error.value.remedy


def test_where_nothing_can_be_computed_it_can_be_said_instead():
    result = feedback_rating(stars(1, 2, 3), on_missing="say")
    assert result.table["negative"].tolist() == [3, 3, 3, 3]
    assert result.table["neutral"].tolist() == [3, 3, 3, 3]
    assert result.table[["n", "positive", "share", "average"]].isna().all().all()
    assert set(result.table["verdict"]) == {"not known"}
    assert "cannot be computed" in result.text
    assert any("Sales and Traffic" in limit for limit in result.limits)


def test_no_feedback_at_all_is_refused():
    with pytest.raises(ReportError, match="there is no feedback and no total"):
        feedback_rating(stars())
    said = feedback_rating(stars(), as_of=DAY, on_missing="say")
    assert said.table["n"].isna().all()


def test_daily_totals_less_the_1_to_3_star_rows_give_the_positives():
    totals = daily("2024-10-01", received=1, days={DAY: (60, 4)})
    result = feedback_rating(stars(3, 1, 2), totals)
    row = window(result, "30 days")
    # 29 days with one feedback, and 60 on the last: 89 in all, 4 negative, 2 neutral.
    assert (row["n"], row["positive"], row["neutral"], row["negative"]) == (89, 83, 2, 4)
    assert row["source"] == "daily totals and 1-3 star rows"
    assert row["complete"]


def test_an_unknown_split_of_4_and_5_stars_gives_bounds_and_no_average():
    totals = daily("2024-10-01", days={DAY: (100, 4)})
    row = window(feedback_rating(stars(3, 1, 2), totals), "30 days")
    # Stars of the others: 3*1 + 1*2 + 2*3 = 11; 94 positives of 4 or 5.
    assert math.isnan(row["average"])
    assert row["average_low"] == pytest.approx((11 + 4 * 94) / 100)
    assert row["average_high"] == pytest.approx((11 + 5 * 94) / 100)
    assert row["average_verdict"] == "cannot tell yet"


def test_an_average_is_not_met_when_even_five_stars_throughout_could_not_reach_it():
    totals = daily("2024-10-01", days={DAY: (1000, 300)})
    row = window(feedback_rating(stars(300), totals), "30 days")
    assert row["average_high"] == pytest.approx((300 + 5 * 700) / 1000)
    assert row["average_verdict"] == "not met"


def test_the_totals_set_the_negatives_and_the_difference_is_told():
    totals = daily("2024-10-01", days={DAY: (100, 5)})
    result = feedback_rating(stars(3, 1, 2), totals)
    row = window(result, "30 days")
    assert (row["negative"], row["positive"]) == (5, 93)
    # The fifth negative has 1 or 2 stars.
    assert row["average_low"] == pytest.approx((11 + 1 + 4 * 93) / 100)
    assert row["average_high"] == pytest.approx((11 + 2 + 5 * 93) / 100)
    assert any("count 5 negative feedbacks" in line and "holds 4" in line for line in result.limits)


def test_rows_prove_negatives_that_the_totals_do_not_count():
    totals = daily("2024-10-01", days={DAY: (100, 3)})
    result = feedback_rating(stars(3, 1, 2), totals)
    row = window(result, "30 days")
    # 100 received: four rows of 1 or 2 stars, two of 3, so 94 can be positive at most.
    assert row[["n", "positive", "neutral", "negative"]].tolist() == [100, 94, 2, 4]
    assert row["average_low"] == pytest.approx((3 + 2 + 6 + 4 * 94) / 100)
    assert row["average_high"] == pytest.approx((3 + 2 + 6 + 5 * 94) / 100)
    assert any(
        "count 3 negative" in limit and "holds 4" in limit and limit.endswith("the rows are used.")
        for limit in result.limits
    )


def test_totals_without_anything_do_not_make_rows_vanish():
    row = window(feedback_rating(stars(5), daily("2024-10-01")), "30 days")
    assert row[["n", "positive", "negative"]].tolist() == [5, 0, 5]


def test_totals_that_begin_inside_a_window_do_not_pretend_to_cover_it():
    totals = daily("2026-08-15", received=5)
    result = feedback_rating(stars(0, 0, 1), totals)
    assert result.table["complete"].tolist() == [True, False, False, True]
    assert window(result, "30 days")["share_verdict"] == "met"
    assert window(result, "365 days")["verdict"] == "cannot tell yet"
    assert window(result, "lifetime")["since"] == pd.Timestamp("2026-08-15")
    assert any("begin on 15 August 2026" in limit for limit in result.limits)


def test_totals_that_end_too_early_are_told():
    totals = daily("2024-10-01", "2026-10-20", received=5)
    result = feedback_rating(stars(0, 0, 1, day="2026-10-10"), totals, as_of=DAY)
    row = window(result, "30 days")
    assert (row["n"], row["complete"]) == (19 * 5, False)
    assert any("end on 20 October 2026" in limit for limit in result.limits)


def test_a_feedback_file_that_reaches_back_less_far_than_the_totals_sets_the_beginning():
    totals = daily("2024-11-01", received=4, days={"2025-03-01": (9, 6)})
    result = feedback_rating(stars(0, 0, 2, day="2026-05-01"), totals, as_of=DAY)
    assert window(result, "lifetime")["since"] == pd.Timestamp("2026-05-01")


def test_days_without_a_total_are_not_counted_and_told():
    totals = daily("2024-10-01", received=2)
    totals = totals[totals["date"] != "2026-10-15"]
    result = feedback_rating(stars(0, 0, 3, day="2026-10-15"), totals, as_of=DAY)
    row = window(result, "30 days")
    assert (row["n"], row["neutral"]) == (58, 0)
    assert any("1 day has no total" in limit for limit in result.limits)


def test_totals_alone_do_not_tell_neutral_from_positive():
    with pytest.raises(ReportError, match="do not tell neutral feedback from positive"):
        feedback_rating(stars(), daily("2024-10-01", received=2, negative=1))


def test_typed_in_totals_count_only_for_their_own_window_and_day():
    result = feedback_rating(stars(1, 0, 1), typed("30 days", 48, 1, 1))
    assert result.table["window"].tolist() == ["30 days"]
    row = window(result, "30 days")
    assert (row["n"], row["share"]) == (50, 0.96)
    assert any("90 days, 365 days and lifetime" in limit for limit in result.limits)
    with pytest.raises(ReportError, match="only totals typed in for other windows"):
        feedback_rating(stars(1, 0, 1), typed("7 days", 48, 1, 1))


def test_a_typed_in_window_goes_before_daily_totals_and_after_rows_of_all_ratings():
    totals = join(
        daily("2026-08-01", received=2), typed("30 days", 9, 0, 0), typed("365 days", 99, 1, 0)
    )
    result = feedback_rating(stars(0, 0, 1), totals)
    assert result.table["n"].tolist() == [9, 180, 100, 184]
    assert window(result, "30 days")["source"] == "Feedback Manager totals"
    assert window(result, "90 days")["source"] == "daily totals and 1-3 star rows"
    rows = stars(0, 0, 1, 0, 19, source="all ratings")
    assert window(feedback_rating(rows, totals), "30 days")["n"] == 20


def test_a_typed_in_window_that_the_file_contradicts_is_told():
    totals = join(daily("2024-10-01", received=2), typed("30 days", 40, 1, 3))
    result = feedback_rating(stars(1, 1, 1), totals)
    assert window(result, "30 days")["negative"] == 3
    assert any("Feedback Manager counts 3 negative" in line for line in result.limits)


def test_struck_feedback_is_taken_out_of_daily_totals():
    totals = daily("2024-10-01", days={DAY: (20, 1)})
    result = feedback_rating(stars(1, 0, 2, gone=[False, True, False]), totals)
    row = window(result, "30 days")
    assert (row["positive"], row["neutral"], row["negative"], row["n"]) == (17, 1, 1, 19)
    said = "US: 1 feedback that a newer download no longer holds is not counted."
    assert said in result.limits


def test_struck_negatives_leave_the_totals_before_they_are_compared_with_the_file():
    totals = daily("2024-10-01", days={DAY: (20, 4)})
    feedback = stars(3, 1, 1, gone=[True, False, False, True, True])
    outside = stars(1, day="2024-09-01", gone=True)
    result = feedback_rating(join(feedback, outside), totals)
    row = window(result, "30 days")
    assert (row["positive"], row["neutral"], row["negative"]) == (15, 0, 2)
    said = "US: 3 feedbacks that a newer download no longer holds are not counted."
    assert said in result.limits
    assert not any("the totals count" in line for line in result.limits)


def test_a_day_gives_up_no_more_feedback_than_it_counted():
    totals = daily("2024-10-01", days={DAY: (5, 1)}).assign(neutral=0)
    row = window(feedback_rating(stars(3, 0, 2, gone=True), totals), "30 days")
    assert (row["positive"], row["neutral"], row["negative"]) == (4, 0, 0)


def test_some_marketplaces_can_be_rated_and_the_others_are_named():
    feedback = join(stars(1, 0, 0, 0, 19), stars(2, 0, 1, marketplace="DE"))
    result = feedback_rating(feedback)
    assert window(result, "30 days")["n"] == 20
    assert any(
        limit.startswith("DE: the feedback file holds only 1 to 3") for limit in result.limits
    )


def test_each_marketplace_has_a_block_of_its_own():
    feedback = join(stars(1, 0, 0, 0, 19), stars(2, 0, 0, 0, 8, marketplace="UK"))
    result = feedback_rating(feedback, by="marketplace")
    assert result.table.columns.tolist() == ["marketplace", *COLUMNS]
    assert window(result, "30 days", "UK")["share"] == 0.8
    assert window(result, "30 days", "US")["share"] == 0.95
    assert result.text.startswith("UK: ")


def test_marketplaces_add_up_to_the_total():
    feedback = join(stars(1, 0, 0, 0, 19), stars(2, 0, 1, marketplace="UK"))
    totals = daily("2024-10-01", days={DAY: (30, 2)}, marketplace="UK")
    whole = feedback_rating(feedback, totals).table
    parts = feedback_rating(feedback, totals, by="marketplace").table
    counts = ["n", "positive", "neutral", "negative"]
    added = parts.groupby("window", sort=False)[counts].sum().reset_index(drop=True)
    assert_frame_equal(whole[counts], added)


def test_the_source_column_speaks_louder_than_the_ratings():
    # Three feedbacks, all bad, of a file that holds all ratings.
    row = window(feedback_rating(stars(3, source="all ratings")), "30 days")
    assert (row["n"], row["share"]) == (3, 0.0)


def test_later_rows_of_a_negatives_file_are_not_mixed_into_a_full_one():
    feedback = join(
        stars(1, 0, 0, 0, 19, day="2026-10-10", source="all ratings"),
        stars(4, day="2026-10-20", source="1-3 stars only"),
    )
    result = feedback_rating(feedback, as_of=DAY)
    assert window(result, "30 days")["n"] == 20
    assert not window(result, "30 days")["complete"]
    assert any(
        "4 later feedbacks of 1 to 3 stars are not counted" in line for line in result.limits
    )


def test_struck_feedback_does_not_count():
    feedback = stars(1, 0, 0, 0, 9, gone=[True] + [False] * 9)
    assert window(feedback_rating(feedback), "30 days")["share"] == 1.0


def test_star_only_feedback_counts():
    feedback = stars(1, 0, 0, 0, 9, comment="")
    assert window(feedback_rating(feedback), "30 days")["share"] == 0.9


@pytest.mark.parametrize(
    ("feedback", "answers"),
    [
        (stars(0, 0, 0, 0, 500), ("met", "met", "met")),
        (stars(0, 0, 0, 400, 100), ("not met", "met", "not met")),
        (stars(100, 0, 0, 0, 400), ("not met", "not met", "not met")),
        (stars(1, 0, 0, 0, 30), ("cannot tell yet", "cannot tell yet", "cannot tell yet")),
        (stars(9), ("too few to say", "too few to say", "too few to say")),
    ],
)
def test_both_targets_must_be_met(feedback, answers):
    row = window(feedback_rating(feedback.assign(source="all ratings")), "30 days")
    assert (row["verdict"], row["share_verdict"], row["average_verdict"]) == answers


def test_targets_and_the_minimum_can_be_chosen():
    result = feedback_rating(stars(1, 0, 0, 0, 4), targets=(0.2, 2.0), minimum_n=5)
    assert window(result, "30 days")["verdict"] == "met"


def test_the_public_figure_is_twelve_months_above_ten_feedbacks_else_lifetime():
    old = stars(fives=20, day="2024-01-01")
    ten = feedback_rating(join(old, stars(fives=10))).public_figure
    eleven = feedback_rating(join(old, stars(fives=11))).public_figure
    assert (ten["window"].item(), ten["n"].item()) == ("lifetime", 30)
    assert (eleven["window"].item(), eleven["n"].item()) == ("365 days", 11)


def test_the_text_states_share_n_interval_window_and_verdict():
    text = feedback_rating(stars(2, 3, 5, 35, 55)).text
    assert text.startswith(
        "90.0 % of 100 feedbacks in the 365 days to 31 October 2026 were positive"
    )
    assert "(95 % interval 82.6 to 94.5 %): the target of 95 % is not met." in text
    assert "The average is 4.38 stars" in text


def test_below_the_minimum_no_rate_is_said():
    text = feedback_rating(stars(1, 0, 0, 0, 8)).text
    assert text == (
        "8 of 9 feedbacks since 31 October 2026 were positive: too few to say whether the targets "
        "are met."
    )
    assert "%" not in text


def test_a_window_that_is_known_in_part_says_since_when():
    result = feedback_rating(stars(0, 0, 1), daily("2026-08-15", received=5))
    assert "since 15 August 2026, the known part of the 365 days to 31 October 2026" in result.text


def test_row_order_does_not_matter_and_the_input_stays():
    feedback = join(stars(2, 3, 5, 35, 55), stars(1, 0, 1, marketplace="UK", day="2026-09-01"))
    before = feedback.copy(deep=True)
    totals = daily("2024-10-01", received=1, marketplace="UK", days={"2026-09-01": (5, 1)})
    totals_before = totals.copy(deep=True)
    result = feedback_rating(feedback, totals, as_of=DAY)
    again = feedback_rating(feedback[::-1], totals[::-1], as_of=DAY)
    assert_frame_equal(result.table, again.table)
    assert result.limits == again.limits
    assert_frame_equal(feedback, before)
    assert_frame_equal(totals, totals_before)


def test_a_marketplace_that_only_one_table_states_is_the_same_one():
    totals = typed("30 days", 48, 1, 1, marketplace=None)
    assert window(feedback_rating(stars(1, 0, 1), totals), "30 days")["n"] == 50


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"negative": None}, "a daily total lacks a count"),
        ({"received": -1}, "a daily total lacks a count or has one below 0"),
        ({"negative": 9}, "more negative feedback than it received"),
    ],
)
def test_totals_that_cannot_be_are_refused(change, message):
    with pytest.raises(ReportError, match=message):
        feedback_rating(stars(0, 0, 1), daily("2026-10-01", received=2).assign(**change))


def test_an_unknown_split_and_an_impossible_day_are_refused():
    with pytest.raises(ReportError, match="cannot be split by 'market'"):
        feedback_rating(stars(fives=1), by="market")
    with pytest.raises(ReportError, match="this is no day"):
        feedback_rating(stars(fives=1), as_of="2026-13-01")


@pytest.mark.parametrize(
    ("n", "said"),
    [
        (1, "the later feedback of 1 to 3 stars is not counted"),
        (1200, "the 1,200 later feedbacks of 1 to 3 stars are not counted"),
    ],
)
def test_feedback_that_is_left_out_is_counted_in_grammar(n, said):
    assert uncounted(n, "later") == said


def test_one_negative_feedback_of_typed_totals_is_one():
    rows = stars(2, source="1-3 stars only")
    result = feedback_rating(rows, typed("365 days", 90, 2, 1), as_of=DAY)
    assert any(
        "Feedback Manager counts 1 negative feedback (365 days), the feedback file holds 2 of 1 or "
        "2 stars; Feedback Manager's number is used." in line
        for line in result.limits
    )
