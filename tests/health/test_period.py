"""A period, its differences to others, and its negative feedback."""

import pandas as pd
import pytest

from feedback_analysis.errors import ReportError
from feedback_analysis.health import change, compare_periods, period_rating
from feedback_analysis.health.intervals import average_interval, difference_interval, share_interval
from feedback_analysis.periods import Period
from tests.health.frames import daily, join, stars

OCTOBER, SEPTEMBER = Period.parse("2026-10"), Period.parse("2026-09")
FEEDBACK = join(
    stars(2, 0, 0, 0, 98, day="2026-10-01"),
    stars(8, 2, 0, 0, 90, day="2026-09-30"),
    stars(0, 0, 1, 0, 9, day="2025-10-31"),
)


def test_a_period_counts_its_own_days_only():
    row = period_rating(FEEDBACK, None, OCTOBER).table.iloc[0]
    assert (row["period"], row["n"], row["share"]) == ("October 2026", 100, 0.98)


def test_a_week_is_a_period_too():
    week = period_rating(FEEDBACK, None, Period.parse("2026-W40"))
    assert week.table["n"].item() == 200
    assert "in week 40 of 2026" in week.text


def test_a_change_has_newcombes_interval_for_the_share_and_the_same_rule_for_the_average():
    result = change(
        period_rating(FEEDBACK, None, OCTOBER), period_rating(FEEDBACK, None, SEPTEMBER)
    )
    share, average = result.table.to_dict("records")
    interval = difference_interval(0.98, share_interval(98, 100), 0.90, share_interval(90, 100))
    assert share["difference"] == pytest.approx(0.08)
    assert (share["low"], share["high"]) == pytest.approx(interval)
    assert (share["verdict"], share["n"], share["n_before"]) == ("higher", 100, 100)
    now, before = (492 / 100, 462 / 100)
    interval = difference_interval(
        now, average_interval((2, 0, 0, 0, 98)), before, average_interval((8, 2, 0, 0, 90))
    )
    assert average["difference"] == pytest.approx(0.30)
    assert (average["low"], average["high"]) == pytest.approx(interval)
    assert "8.0 points higher than in September 2026" in result.text


def test_a_change_from_too_few_is_not_called_one():
    old = period_rating(FEEDBACK, None, Period.parse("2025-10"), minimum_n=10)
    new = period_rating(FEEDBACK, None, OCTOBER, minimum_n=20)
    assert change(new, old).table["verdict"].tolist() == ["too few to say"] * 2


def test_a_change_of_bounded_averages_is_bounded_itself():
    feedback = join(stars(2, day="2026-10-05"), stars(4, day="2026-09-05"))
    totals = daily("2026-08-01", days={"2026-10-05": (100, 2), "2026-09-05": (100, 4)})
    result = change(
        period_rating(feedback, totals, OCTOBER), period_rating(feedback, totals, SEPTEMBER)
    )
    average = result.table.iloc[1]
    # October lies between 3.94 and 4.92 stars, September between 3.88 and 4.84.
    assert pd.isna(average["difference"])
    assert (average["low"], average["high"]) == pytest.approx((3.94 - 4.84, 4.92 - 3.88))
    assert average["verdict"] == "not known"


def test_a_period_before_the_first_feedback_is_unknown_not_zero():
    result = period_rating(FEEDBACK, None, Period.parse("2024-10"))
    assert result.table["n"].isna().all()
    assert result.table["verdict"].item() == "not known"
    after = change(period_rating(FEEDBACK, None, OCTOBER), result)
    assert after.table["verdict"].tolist() == ["not known", "not known"]
    assert "is not known" in after.text


def test_three_periods_stand_side_by_side():
    result = compare_periods(FEEDBACK, None, OCTOBER)
    assert result.table["period"].tolist() == ["October 2026", "September 2026", "October 2025"]
    assert result.table["n"].tolist() == [100, 100, 10]
    assert result.changes["since"].tolist() == ["September 2026"] * 2 + ["October 2025"] * 2


def test_where_nothing_can_be_computed_periods_say_so():
    result = compare_periods(stars(2, 0, 1), None, OCTOBER, on_missing="say")
    assert result.table["negative"].tolist() == [2, 0, 0]
    assert result.table["n"].isna().all()
    with pytest.raises(ReportError, match="holds only 1 to 3 stars"):
        compare_periods(stars(2, 0, 1), None, OCTOBER)


def test_periods_with_and_without_marketplaces_do_not_compare():
    with pytest.raises(ReportError, match="one period is by marketplace"):
        change(
            period_rating(FEEDBACK, None, OCTOBER, by="marketplace"),
            period_rating(FEEDBACK, None, SEPTEMBER),
        )
