"""Coverage: rows, days and states by month, and the gaps in words."""

from types import SimpleNamespace

import pandas as pd

from feedback_analysis.coverage import coverage, files_read
from feedback_analysis.periods import Period
from tests.coverage_frames import ledger, shop


def month(result, table, name):
    rows = result.table[(result.table["table"] == table) & (result.table["month"] == name)]
    return rows.iloc[0]


def test_rows_and_days_are_counted_by_month():
    september = month(coverage(shop()), "feedback", "2026-09")
    assert (september["rows"], september["days"], september["days_in_month"]) == (2, 1, 30)
    assert september["state"] == "whole"


def test_a_missing_day_of_a_daily_table_is_a_gap_and_typed_totals_are_no_day():
    result = coverage(shop())
    assert month(result, "feedback_totals", "2026-09")["state"] == "whole"
    october = month(result, "feedback_totals", "2026-10")
    assert (october["rows"], october["days"], october["state"]) == (30, 30, "part")


def test_windows_cover_their_days_once_and_reach_into_the_next_month():
    result = coverage(shop())
    september, october = (month(result, "traffic", name) for name in ("2026-09", "2026-10"))
    # Weeks from 7 September: 24 days of September, all of October; two rows a week.
    assert (september["days"], september["rows"], september["state"]) == (24, 8, "whole")
    assert (september["known"], september["gap"]) == ("24 of 30 days", False)
    assert (october["days"], october["rows"], october["state"]) == (31, 8, "whole")


def test_a_month_without_a_row_is_there_with_nothing():
    october = month(coverage(shop()), "orders", "2026-10")
    assert (october["rows"], october["state"]) == (0, "nothing")


def test_old_reviews_do_not_stretch_the_months():
    assert coverage(shop()).table["month"].unique().tolist() == ["2026-09", "2026-10"]


def test_the_gaps_are_said_in_words():
    assert coverage(shop()).text == (
        "The tables cover September 2026 to October 2026, with gaps: feedback totals UK has days "
        "missing in October 2026; orders US has nothing in October 2026; reviews has nothing in "
        "September 2026. Rows cannot tell a quiet day from a missing one in feedback (rows on 1 "
        "day a month), orders (rows on 1 day a month), reviews (rows on 1 day a month)."
    )


def test_a_week_missing_inside_the_traffic_is_a_gap():
    days = pd.to_datetime(["2026-09-07", "2026-09-21"])
    frame = pd.DataFrame({"start": days, "end": days + pd.Timedelta(days=6), "marketplace": "US"})
    text = coverage(SimpleNamespace(traffic=frame)).text
    assert text.endswith("with gaps: traffic US has days missing in September 2026.")


def test_a_quiet_month_inside_a_file_of_1_to_3_stars_is_nothing_and_no_gap():
    days = pd.to_datetime(["2026-01-01", "2026-03-01"])
    low = pd.DataFrame({"date": days, "marketplace": "US", "source": "1-3 stars only"})
    orders = pd.DataFrame({"purchase_date": pd.date_range("2026-01-01", "2026-04-30")})
    result = coverage(SimpleNamespace(feedback=low, orders=orders))
    february, april = (month(result, "feedback", name) for name in ("2026-02", "2026-04"))
    assert (february["state"], february["gap"]) == ("nothing", False)
    assert (april["state"], april["gap"]) == ("nothing", True)
    assert "with gaps: feedback US has nothing in April 2026." in result.text
    every = coverage(SimpleNamespace(feedback=low.assign(source="all ratings"), orders=orders))
    assert "feedback US has nothing in February 2026, April 2026." in every.text


def test_rows_of_events_tell_the_days_that_they_have_and_no_more():
    days = pd.to_datetime(["2026-09-02", "2026-09-04"])
    shown = coverage(SimpleNamespace(orders=pd.DataFrame({"purchase_date": days})))
    row = shown.of(Period.parse("2026-09"))
    assert row["known"].tolist() == ["rows on 2 days"]
    assert "state" not in row
    assert shown.text == (
        "The tables cover September 2026; no gap shows. Rows cannot tell a quiet day from a "
        "missing one in orders (rows on 2 days a month)."
    )


def test_neighbouring_months_are_said_as_one_gap():
    days = pd.to_datetime(["2026-01-01", "2026-05-01", "2026-07-01"])
    frame = pd.DataFrame({"date": days, "marketplace": "US"})
    text = coverage(SimpleNamespace(feedback=frame)).text
    assert "feedback US has nothing in February 2026 to April 2026, June 2026." in text


def test_a_shop_without_a_gap_says_so_and_one_without_a_row_too():
    frame = pd.DataFrame({"date": pd.date_range("2026-01-01", "2026-01-31"), "marketplace": "US"})
    assert coverage(SimpleNamespace(feedback=frame)).text == (
        "The tables cover January 2026 without a gap."
    )
    assert "no row" not in coverage(SimpleNamespace(feedback=frame)).text
    empty = coverage(SimpleNamespace(feedback=frame.head(0)))
    assert empty.text.startswith("No table holds a row")
    assert empty.of(Period.parse("2026-01")).empty
    assert list(empty.table) == list(coverage(SimpleNamespace(feedback=frame)).table)


def test_the_months_of_a_period_can_be_picked():
    week = Period.parse("2026-W40")
    assert sorted(coverage(shop()).of(week)["month"].unique()) == ["2026-09", "2026-10"]
    assert set(coverage(shop()).of(Period.parse("2026-10"))["month"]) == {"2026-10"}


def test_files_are_summed_by_report_and_read_is_kept_plus_set_aside():
    result = files_read(ledger())
    assert result.table["files"].tolist() == [1, 1, 2]
    assert result.table["rows_read"].tolist() == [30, 2000, 15]
    assert (
        result.table["rows_read"] == result.table["rows_kept"] + result.table["rows_set_aside"]
    ).all()
    assert result.text == "4 files with 2,045 rows: 2,014 rows were kept, 31 set aside."


def test_the_same_remark_of_several_files_is_said_once():
    notes = files_read(ledger()).notes
    assert notes.to_dict("records")[0] == {
        "files": 2,
        "such_as": "a.txt",
        "note": "stars 1-3 only",
    }
    assert len(notes) == 2


def test_no_file_is_no_crash():
    result = files_read(ledger().head(0))
    assert result.text == "0 files with 0 rows: 0 rows were kept, 0 set aside."
