"""Weeks: which days they hold, which are whole, which are known."""

from datetime import date

import pandas as pd
import pytest

from feedback_analysis.errors import ReportError
from feedback_analysis.health import weekly_rating
from feedback_analysis.health.numbered import added_up
from tests.health.frames import DAY, daily, join, stars

# 2026-10-26 is a Monday, the start of week 44.
FEEDBACK = join(
    stars(1, 0, 0, 0, 11, day="2026-10-05"),
    stars(0, 0, 0, 0, 4, day="2026-10-25"),
    stars(0, 1, 0, 0, 19, day="2026-10-26"),
    stars(5, day="2026-11-01"),
)


def test_a_week_runs_from_monday_to_sunday():
    table = weekly_rating(FEEDBACK, until="2026-11-01", weeks=4).table
    assert table["week"].tolist() == ["2026-W41", "2026-W42", "2026-W43", "2026-W44"]
    assert table["start"].tolist()[-1] == pd.Timestamp("2026-10-26")
    assert table["n"].tolist() == [12, 0, 4, 25]
    assert table["complete"].all()


def test_a_week_that_is_not_over_counts_to_the_last_day_and_gets_no_verdict():
    last = weekly_rating(FEEDBACK, until="2026-10-31", weeks=4).table.iloc[-1]
    assert (last["n"], last["complete"]) == (20, False)
    assert last["share_verdict"] == "cannot tell yet"


def test_weeks_with_too_few_feedbacks_say_so():
    table = weekly_rating(FEEDBACK, until="2026-11-01", weeks=4).table
    assert table["share_verdict"].tolist()[1:3] == ["too few to say"] * 2
    assert pd.isna(table["share"].iloc[1])


def test_weeks_before_the_first_feedback_are_left_out():
    table = weekly_rating(FEEDBACK, until="2026-11-01", weeks=26).table
    assert table["week"].iloc[0] == "2026-W41"


def test_the_week_in_which_the_totals_begin_is_not_whole():
    totals = daily("2026-10-14", received=3)
    table = weekly_rating(stars(0, 0, 1), totals, until="2026-10-31", weeks=10).table
    assert table["week"].iloc[0] == "2026-W42"
    assert table["complete"].tolist() == [False, True, False]


def test_the_text_leads_with_the_latest_whole_week():
    text = weekly_rating(FEEDBACK, until="2026-11-01", weeks=4).text
    assert text.startswith("76.0 % of 25 feedbacks in the week from 26 October 2026 were positive")
    assert "Of 3 whole weeks with feedback, 1 was clearly below 95 %" in text
    assert "1 had too few feedbacks to say." in text


def test_each_marketplace_has_its_own_weeks():
    feedback = join(FEEDBACK, stars(fives=12, day="2026-10-30", marketplace="UK"))
    table = weekly_rating(feedback, until="2026-11-01", weeks=4, by="marketplace").table
    assert table.groupby("marketplace")["n"].sum().to_dict() == {"UK": 12, "US": 41}


def test_weeks_are_refused_or_said_without_positives():
    negatives = stars(2, 0, 1)
    with pytest.raises(ReportError, match="holds only 1 to 3 stars"):
        weekly_rating(negatives, until="2026-10-31")
    said = weekly_rating(negatives, until="2026-10-31", weeks=2, on_missing="say")
    assert said.table["negative"].tolist() == [0, 2]


def test_what_is_left_out_of_several_weeks_adds_up():
    """A limit that says a number says it of all weeks, not of the newest that has one."""
    gone = stars(ones=1, day="2026-10-06", source="1-3 stars only", gone=True)
    more = stars(twos=2, day="2026-10-20", source="1-3 stars only", gone=True)
    kept = stars(threes=1, source="1-3 stars only", gone=False)
    totals = daily("2026-10-01", received=5, negative=2)
    found = weekly_rating(join(gone, more, kept), totals, until=DAY, weeks=4)
    assert "US: 3 feedbacks that a newer download no longer holds are not counted." in found.limits


def test_spans_inside_another_are_not_added_twice():
    days = [date(2026, 10, day) for day in (1, 10, 20, 31)]
    assert added_up([((None, days[3]), 5), ((days[1], days[3]), 4), ((days[2], days[3]), 1)]) == 5
    assert added_up([((days[0], days[1]), 2), ((days[2], days[3]), 1)]) == 3
    assert added_up([((days[0], days[1]), 2), ((days[0], days[1]), 2)]) == 2
