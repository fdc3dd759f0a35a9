"""Months and weeks, and windows stated by the seller."""

from datetime import date

import pytest

from feedback_analysis import ReportError
from feedback_analysis.periods import Period, latest_whole_month, parse_window, window


@pytest.mark.parametrize(
    ("text", "start", "end", "label"),
    [
        ("2026-10", date(2026, 10, 1), date(2026, 10, 31), "October 2026"),
        ("2024-02", date(2024, 2, 1), date(2024, 2, 29), "February 2024"),
        ("2026-12", date(2026, 12, 1), date(2026, 12, 31), "December 2026"),
        ("2026-W42", date(2026, 10, 12), date(2026, 10, 18), "week 42 of 2026"),
        ("2026-W01", date(2025, 12, 29), date(2026, 1, 4), "week 1 of 2026"),
        ("2026-W53", date(2026, 12, 28), date(2027, 1, 3), "week 53 of 2026"),
    ],
)
def test_a_period_knows_its_days_and_its_name(text, start, end, label):
    period = Period.parse(text)
    assert (period.id, period.start, period.end, period.label) == (text, start, end, label)


@pytest.mark.parametrize(
    "text",
    [
        "2026-13", "2026-00", "2026-W54", "2025-W53", "2026", "1989-01", "0000-W01", "", "x",
        "2200-01", "9999-12", "9999-W52",
    ],
)  # fmt: skip
def test_what_is_no_period_is_refused(text):
    with pytest.raises(ReportError, match="not one that a report can be made for"):
        Period.parse(text)


@pytest.mark.parametrize(
    ("text", "before", "year_before"),
    [
        ("2026-10", "2026-09", "2025-10"),
        ("2026-01", "2025-12", "2025-01"),
        ("2026-W42", "2026-W41", "2025-W42"),
        ("2026-W01", "2025-W52", "2025-W01"),
        ("2026-W53", "2026-W52", "2026-W01"),
    ],
)
def test_the_period_before_and_the_same_a_year_earlier(text, before, year_before):
    assert Period.parse(text).previous().id == before
    assert Period.parse(text).year_before().id == year_before


@pytest.mark.parametrize(
    ("last", "expected"),
    [
        (date(2026, 10, 31), "2026-10"),
        (date(2026, 10, 30), "2026-09"),
        (date(2026, 1, 5), "2025-12"),
    ],
)
def test_the_latest_whole_month_is_over(last, expected):
    assert latest_whole_month(last).id == expected


def test_a_folders_name_can_be_a_window():
    assert parse_window("2026-10-01_2026-10-31") == (date(2026, 10, 1), date(2026, 10, 31))
    for name in ("2026-10", "october", "2026-10-01", "2026-10-01_2026-10-31 (1)"):
        assert parse_window(name) is None


def test_a_window_must_exist_and_run_forwards():
    with pytest.raises(ReportError, match="a day that does not exist"):
        parse_window("2026-02-01_2026-02-30")
    with pytest.raises(ReportError, match="ends before it starts"):
        window("2026-10-31", date(2026, 10, 1), place="start and end")
