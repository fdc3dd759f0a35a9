"""Tables and words for people: plain headings, nothing unescaped, nothing cut."""

import pandas as pd

from feedback_analysis.charts import Table, table_of, words
from feedback_analysis.health import (
    all_limits,
    compare_periods,
    feedback_rating,
    options,
)
from feedback_analysis.periods import Period
from feedback_analysis.settings import Settings
from tests.health.frames import DAY, daily, join, stars

OCTOBER = Period.parse("2026-10")
# Units are tied to their numbers.
TIED = str.maketrans({"~": "\N{NO-BREAK SPACE}"})


def test_a_rating_reads_as_percent_interval_and_verdict():
    frame = table_of(feedback_rating(stars(2, 3, 5, 35, 55))).frame
    assert frame.columns.tolist() == [
        "Window", "Feedbacks", "Positive", "Neutral", "Negative", "Positive share",
        "Share target", "Amazon shows", "Average stars", "Average target",
    ]  # fmt: skip
    assert frame.iloc[0].tolist() == [
        *"30~days|100|90|5|5|90.0~% (82.6 to 94.5~%)|not met|90~%".translate(TIED).split("|"),
        "4.38 (4.18 to 4.52)", "cannot tell yet",
    ]  # fmt: skip


def test_an_average_that_is_only_bounded_reads_as_between():
    totals = daily("2024-10-01", days={DAY: (100, 4)})
    frame = table_of(feedback_rating(stars(3, 1, 2), totals)).frame
    assert frame["Average stars"].iloc[0] == "between 3.87 and 4.81"


def test_without_positives_the_negatives_alone_are_shown():
    frame = table_of(feedback_rating(stars(1, 0, 1), on_missing="say")).frame
    assert frame.columns.tolist() == ["Window", "Neutral", "Negative"]


def test_changes_read_in_points_and_stars():
    feedback = join(
        stars(2, 0, 0, 0, 98, day="2026-10-01"), stars(8, 2, 0, 0, 90, day="2026-09-30")
    )
    compared = compare_periods(feedback, None, OCTOBER)
    first, second, *_ = table_of(compared.changes).frame.to_dict("records")
    assert first["Now"] == "98.0~%".translate(TIED)
    assert first["Difference"] == "+8.0 points"
    assert first["Verdict"] == "higher"
    assert (second["Now"], second["Difference"]) == ("4.92", "+0.30")


def test_a_buyers_words_are_escaped_and_shown_whole():
    comment = "<script>alert(1)</script> & " + "very late " * 30
    listed = stars(2, comment=[comment, ""])[["date", "marketplace", "rating", "comment"]]
    page = table_of(listed)._repr_html_()
    assert "<script>" not in page
    assert "&lt;script&gt;" in page
    assert "very late " * 29 in page
    assert "(stars only)" in page


def test_only_the_first_rows_are_shown_and_the_rest_is_counted():
    frame = pd.DataFrame({"file_name": list("abc"), "rows_kept": [1200, 2, pd.NA]})
    shown = table_of(frame, first=2).frame
    assert shown.columns.tolist() == ["File name", "Rows kept"]
    assert shown.iloc[0].tolist() == ["a", "1,200"]
    assert shown.iloc[-1].tolist() == ["and 1 more", ""]


def test_an_empty_table_says_so_in_words():
    assert repr(table_of(pd.DataFrame({"a": []}), none="No row was set aside.")) == (
        "No row was set aside."
    )


def test_words_are_a_paragraph_or_a_list_and_escaped():
    assert words("a < b")._repr_html_() == "<div><p>a &lt; b</p></div>"
    assert words(["a", "b"])._repr_html_() == "<ul><li>a</li><li>b</li></ul>"
    assert words([], none="None.")._repr_html_() == ('<div class="nothing"><p>None.</p></div>')


def test_limits_of_several_results_are_said_once():
    rating = feedback_rating(stars(fives=1))
    assert all_limits(rating, rating) == rating.limits


def test_a_shops_settings_become_keywords():
    assert options(Settings()) == {"targets": (0.95, 4.5), "minimum_n": 10, "on_missing": "say"}


def test_orders_with_a_defect_have_headings_a_seller_reads():
    row = {
        "channel": "seller", "orders": 200, "defects": 2, "rate": 0.01, "low": 0.003,
        "high": 0.036, "expected_rate": None, "expected_rate_low": None,
        "expected_rate_high": None, "verdict": "cannot tell yet",
    }  # fmt: skip
    (shown,) = table_of(pd.DataFrame([row])).frame.to_dict("records")
    assert shown["Orders"] == "seller-fulfilled"
    assert shown["Rate so far"] == "1.00\N{NO-BREAK SPACE}% (0.3 to 3.6\N{NO-BREAK SPACE}%)"
    assert shown["Expected when all feedback is in"] == "not known"


def test_alarms_tell_their_week_and_what_changed():
    week = pd.Timestamp("2026-08-03")
    row = {
        "chart": "negatives", "unit": "orders", "start": week, "began": week, "began_low": week,
        "began_high": week, "level_before": 0.008, "level_after": 0.03, "continues": False,
    }  # fmt: skip
    (shown,) = table_of(pd.DataFrame([row])).frame.to_dict("records")
    assert shown["Usual"] == "8.0 per 1,000 orders"
    assert shown["New"] == "yes"


def test_numbers_stand_to_the_right_and_words_to_the_left():
    shown = Table(
        pd.DataFrame(
            {"What": ["a", "b"], "n": ["1,020", "not known"], "Share": ["4 % (1 to 9)", ""]}
        )
    )
    html = shown._repr_html_()
    assert html.count('<td style="text-align: right">') == 4
    assert "<th>What</th>" in html
    assert '<th style="text-align: right">n</th>' in html


def test_a_table_escapes_what_buyers_wrote():
    html = Table(pd.DataFrame({"<b>": ['<script>alert("x")</script> & more']}))._repr_html_()
    assert "<script" not in html
    assert "&lt;script&gt;alert(&quot;x&quot;)&lt;/script&gt; &amp; more" in html
    assert "&lt;b&gt;" in html


def test_a_sku_that_reads_like_nothing_is_told_to_be_one():
    frame = table_of(pd.DataFrame({"sku": ["NA", "n/a", "", None, "AF-MUG"]})).frame
    said = [text.replace("\N{NO-BREAK SPACE}", "~") for text in frame["SKU"]]
    assert said == ["SKU~NA", "SKU~n/a", "", "", "AF-MUG"]


def test_months_causes_and_tables_are_named_in_words():
    frame = table_of(
        pd.DataFrame(
            {
                "table": ["feedback_totals"],
                "month": ["2026-10"],
                "about": ["never arrived, pump hums"],
            }
        )
    ).frame
    (row,) = frame.to_dict("records")
    assert row == {
        "Table": "feedback totals",
        "Month": "October~2026".translate(TIED),
        "About": "never arrived, pump hums",
    }
    assert table_of(pd.DataFrame({"about": ["defective"]})).frame["About"].tolist() == [
        "does not work"
    ]


def test_two_rates_of_one_count_say_that_rounding_parts_them():
    row = {
        "channel": "amazon",
        "end": pd.Timestamp(DAY),
        "amazon_rate": 0.0199,
        "amazon_orders": 401,
    }
    row |= {"rate": 8 / 401, "defects": 8, "orders": 401, "why": ""}
    why = table_of(pd.DataFrame([row, row | {"amazon_rate": 0.02}])).frame["Why they differ"]
    assert why.tolist() == ["the same 8 of 401 orders; the rates are rounded apart", ""]
