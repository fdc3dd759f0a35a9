"""The daily tally is additive, leaves struck feedback out and refuses what cannot be counted."""

import pandas as pd
import pytest
from pandas.testing import assert_frame_equal

from feedback_analysis.errors import ReportError
from feedback_analysis.health import daily_counts, tally
from tests.health.frames import join, stars


def test_a_tally_counts_by_day_marketplace_and_rating():
    feedback = join(stars(ones=2, fives=1), stars(fives=3, day="2026-10-30", marketplace="UK"))
    counted = tally(feedback)
    assert counted.to_dict("list") == {
        "date": [pd.Timestamp("2026-10-30"), *[pd.Timestamp("2026-10-31")] * 2],
        "marketplace": ["UK", "US", "US"],
        "rating": [5, 1, 5],
        "n": [3, 2, 1],
    }


def test_tallies_of_parts_add_up_to_the_tally_of_the_whole():
    first, second = stars(ones=2, fives=1), stars(ones=1, fours=4, day="2026-10-30")
    parts = pd.concat([tally(first), tally(second)])
    assert_frame_equal(daily_counts(parts), daily_counts(tally(join(first, second))))


def test_struck_and_removed_feedback_does_not_count():
    feedback = stars(ones=2, fives=1, gone=[True, False, None])
    assert tally(feedback)["n"].tolist() == [1, 1]


def test_the_order_of_rows_and_a_repeated_index_do_not_matter():
    feedback = join(stars(ones=1, fives=2), stars(threes=1, day="2026-10-02"))
    shuffled = feedback.iloc[[3, 1, 0, 2]].set_axis([7, 7, 7, 7])
    assert_frame_equal(tally(shuffled), tally(feedback))


def test_the_given_table_stays_as_it_was():
    feedback = stars(ones=1, fives=1, gone=[None, True])
    before = feedback.copy(deep=True)
    tally(feedback)
    assert_frame_equal(feedback, before)


def test_a_missing_marketplace_is_named_not_dropped():
    assert tally(stars(fives=2, marketplace=None))["marketplace"].tolist() == ["not stated"]


def test_an_empty_table_gives_an_empty_tally():
    assert daily_counts(tally(stars())).empty


@pytest.mark.parametrize(
    ("frame", "message"),
    [
        (stars(fives=1).rename(columns={"rating": "ratings"}), "Did you mean 'ratings'"),
        (stars(fives=1).assign(rating=6), "1 rating is no whole number from 1 to 5"),
        (stars(fives=1).assign(rating=4.5), "1 rating is no whole number from 1 to 5"),
        (stars(fives=1).assign(rating=None), "1 rating is no whole number from 1 to 5"),
        (stars(fives=1).assign(date=pd.NaT), "1 feedback has no date"),
        (stars(fives=1).assign(date="soon"), "a date cannot be read"),
    ],
)
def test_what_cannot_be_counted_is_refused(frame, message):
    with pytest.raises(ReportError, match=message):
        tally(frame)
