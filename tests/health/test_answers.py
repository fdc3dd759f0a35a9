"""Feedback per order, public replies and days to close, counted by hand."""

import numpy as np
import pandas as pd
import pytest

from feedback_analysis.errors import ReportError
from feedback_analysis.health import answers
from feedback_analysis.health.answers import median_days
from tests.health.frames import daily, join, stars
from tests.health.order_frames import left, placed

FEEDBACK = join(
    left({0: "2026-06-20", 1: "2026-07-02"}).assign(response=["We are sorry", " "]),
    left({2: "2026-07-03"}, rating=5).assign(response=""),
    left({3: "2026-07-04"}, rating=2).assign(response="No", gone=True),
)
ORDERS = join(placed("2026-06-10", 40), placed("2026-07-10", 10, first=40))


def month(result, name):
    return result.table.set_index("month").loc[name]


def test_orders_of_a_month_that_got_feedback_where_every_rating_is_known():
    result = answers(FEEDBACK, None, ORDERS, until="2026-10-31", months=5)
    june, july = month(result, "2026-06"), month(result, "2026-07")
    assert june[["orders", "feedback", "per_order"]].tolist() == [40, 3, 3 / 40]
    assert july[["orders", "feedback"]].tolist() == [10, 0]
    assert june["mature"]
    assert not month(result, "2026-08")["mature"]
    assert june["basis"] == "orders of the month that got feedback"


def test_totals_set_the_months_feedback_against_its_orders():
    totals = daily("2026-06-01", received=1)
    result = answers(stars(1, day="2026-06-05"), totals, ORDERS, until="2026-10-31", months=5)
    june = month(result, "2026-06")
    assert june[["orders", "feedback", "per_order"]].tolist() == [40, 30, 0.75]
    assert june["basis"] == "feedback of the month per order of the month"
    assert any("after a busy month it is too high" in limit for limit in result.limits)


def test_negatives_answered_publicly_by_the_month_they_were_left_in():
    result = answers(FEEDBACK, until="2026-07-31", months=2)
    assert month(result, "2026-06")[["negatives", "answered"]].tolist() == [1, 1]
    assert month(result, "2026-07")[["negatives", "answered"]].tolist() == [1, 0]
    assert "1 of 2 negative feedbacks since June 2026 was answered publicly." in result.text
    assert any("not its day" in limit for limit in result.limits)


def test_without_a_column_of_replies_the_share_is_not_known():
    result = answers(FEEDBACK.drop(columns="response"), until="2026-07-31", months=1)
    assert month(result, "2026-07")["answered"] is pd.NA
    assert any("holds no public replies" in limit for limit in result.limits)
    assert result.text == "Neither feedback per order nor public replies are known."


def test_1_to_3_stars_alone_tell_no_feedback_per_order():
    result = answers(stars(1, 0, 1, day="2026-06-05"), None, ORDERS, until="2026-06-30", months=1)
    june = month(result, "2026-06")
    assert june["orders"] == 40
    assert june["feedback"] is pd.NA
    assert any("is not known for every day" in limit for limit in result.limits)


@pytest.mark.parametrize("by", [None, "marketplace"])
def test_orders_alone_are_not_told_to_have_no_feedback(by):
    none = FEEDBACK.head(0)
    result = answers(none, None, ORDERS, until="2026-06-30", months=1, by=by)
    assert result.table["feedback"].isna().all()
    assert result.table["per_order"].isna().all()
    assert result.text == "Neither feedback per order nor public replies are known."
    assert any(limit.startswith("Without feedback") for limit in result.limits)


def test_replies_that_are_known_are_not_told_to_be_unknown_where_there_was_nothing_to_answer():
    happy = stars(0, 0, 0, 0, 3, day="2026-06-05").assign(response="")
    assert answers(happy, until="2026-06-30", months=1).text == (
        "No negative feedback since June 2026; feedback per order is not known."
    )


def test_feedback_per_order_that_is_not_all_in_is_not_told_to_be_unknown():
    happy = left({0: "2026-06-20"}, rating=5).assign(response="")
    found = answers(happy, None, placed("2026-06-10", 40), until="2026-06-30", months=1)
    assert found.table["per_order"].tolist() == [1 / 40]
    assert found.text == (
        "No negative feedback since June 2026; feedback per order cannot be told yet."
    )


def test_the_median_day_allows_for_open_cases():
    closed = np.array([True, True, False, True])
    # At 2: 1 of 4 closes, 3/4 stay. At 5: 1 of 3, 1/2 stays: half are closed by day 5.
    assert median_days(np.array([2, 5, 6, 9]), closed) == 5
    # One open from day 3 on: 3/4, then at 5 half of the two left: 3/8.
    assert median_days(np.array([2, 5, 3, 9]), closed) == 5
    assert np.isnan(median_days(np.array([2, 5, 6]), np.array([True, False, False])))
    assert np.isnan(median_days(np.array([]), np.array([], dtype=bool)))


def test_cases_are_counted_by_the_month_they_were_opened_in():
    day = pd.to_datetime
    cases = pd.DataFrame(
        {"opened": day(["2026-07-01", "2026-07-02", "2026-07-03"]),
         "closed": day(["2026-07-05", "2026-07-08", None])}
    )  # fmt: skip
    result = answers(FEEDBACK, until="2026-07-31", months=1, cases=cases)
    assert result.closing.iloc[0].tolist() == ["2026-07", 3, 2, 1, 6.0]
    assert "Half of the 3 cases opened in July 2026 were closed within 6 days." in result.text


def test_each_marketplace_has_its_own_months_and_other_splits_are_refused():
    both = join(FEEDBACK, FEEDBACK.assign(marketplace="UK"))
    table = answers(both, until="2026-07-31", months=2, by="marketplace").table
    assert table["marketplace"].tolist() == ["UK", "UK", "US", "US"]
    with pytest.raises(ReportError, match="cannot be split by 'month'"):
        answers(FEEDBACK, until="2026-07-31", by="month")
