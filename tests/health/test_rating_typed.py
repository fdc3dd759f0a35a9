"""Totals typed in from Feedback Manager near a period's end, and options that are refused."""

import pytest

from feedback_analysis.errors import ReportError
from feedback_analysis.health import distance_to_target, feedback_rating
from tests.health.frames import DAY, join, stars, typed, window


@pytest.mark.parametrize("shown", ["2026-11-03", "2026-10-25"])
def test_totals_that_feedback_manager_showed_within_a_week_count_and_say_their_day(shown):
    totals = typed("30 days", 48, 1, 1, as_of=shown)
    result = feedback_rating(stars(1, 0, 1), totals, as_of=DAY)
    assert window(result, "30 days")["n"] == 50
    side = "3 days after" if shown > "2026-10-31" else "6 days before"
    assert any(f"{side} 31 October 2026" in limit for limit in result.limits)


def test_the_nearest_typed_in_total_counts_and_one_too_far_away_is_named():
    far = typed("30 days", 9, 0, 0, as_of="2026-11-08")
    with pytest.raises(ReportError, match="of 8 November 2026, more than 7 days from 31 October"):
        feedback_rating(stars(1, 0, 1), far, as_of=DAY)
    near = join(
        far, typed("30 days", 19, 0, 1, as_of="2026-11-02"),
        typed("30 days", 29, 0, 1, as_of="2026-10-28"),
    )  # fmt: skip
    assert window(feedback_rating(stars(1, 0, 1), near, as_of=DAY), "30 days")["n"] == 20


@pytest.mark.parametrize("name", ["30 days", "90 days", "365 days", "lifetime"])
def test_a_single_typed_in_window_is_what_the_text_speaks_of(name):
    totals = typed(name, 19, 0, 1)
    rated = feedback_rating(stars(1), totals)
    assert "95.0 % of 20 feedbacks" in rated.text
    far = distance_to_target(stars(1), totals)
    assert "95.0 % of 20 feedbacks" in far.text


@pytest.mark.parametrize("targets", [(95, 4.5), (0.95, 0.5), (-0.1, 4.5)])
def test_targets_that_no_rating_can_have_are_refused(targets):
    with pytest.raises(ReportError, match="cannot be reached by any rating"):
        feedback_rating(stars(0, 0, 0, 0, 9), targets=targets)


def test_a_day_is_read_as_iso_only():
    with pytest.raises(ReportError, match="this is no day"):
        feedback_rating(stars(0, 0, 0, 0, 9), as_of="01.11.2026")
