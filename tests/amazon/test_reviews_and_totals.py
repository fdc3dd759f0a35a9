"""Review counts (own table, Keepa, any table through a mapping) and totals typed in by hand."""

import pandas as pd
import pytest

from feedback_analysis import ReportError, read_reviews
from tests.amazon.files import commas, inspect, ledger_of, put, read_shop

OWN = "asin,date,review_count,average_rating\n"


def test_the_sellers_own_table(tmp_path):
    text = OWN + "B1,2026-10-01,12,4.5\nB1,2026-10-08,13,4.4\n0123456789,2026-10-01,0,\n"
    table = read_reviews(put(tmp_path, "reviews.csv", text))
    assert table[["asin", "review_count"]].values.tolist() == [
        ["B1", 12], ["B1", 13], ["0123456789", 0],
    ]  # fmt: skip
    assert table["average_rating"].fillna(-1).tolist() == [4.5, 4.4, -1]
    assert table["date"][1] == pd.Timestamp("2026-10-08")


def test_a_product_without_reviews_has_no_average(tmp_path):
    table = read_reviews(put(tmp_path, "a.csv", OWN + "B1,2026-10-01,0,5.0\nB2,2026-10-01,3,4.1\n"))
    assert table["average_rating"].fillna(-1).tolist() == [-1, 4.1]


def test_a_table_typed_by_hand_may_lack_the_last_cell_and_line_end(tmp_path):
    table = read_reviews(put(tmp_path, "a.csv", OWN + "B1,2026-10-01,3,4\nB2,2026-10-01,3"))
    assert len(table) == 2


def test_a_product_and_day_listed_twice_count_once(tmp_path):
    shop = read_shop(tmp_path, {"a.csv": OWN + "B1,2026-10-01,3,4\nB1,2026-10-01,5,4\n"})
    assert shop.reviews["review_count"].tolist() == [5]
    assert shop.set_aside[["lines", "rows"]].values.tolist() == [["2", 1]]


def test_ambiguous_days_of_an_own_table_say_how_to_write_them(tmp_path):
    path = put(tmp_path, "a.csv", OWN + "B1,10/3/26,3,4\n")
    with pytest.raises(ReportError, match="write every day as 2026-10-31"):
        read_reviews(path)


@pytest.mark.parametrize("count", ["Reviews: Review Count", "Reviews: Rating Count"])
def test_both_generations_of_a_keepa_export(tmp_path, count):
    header = ["Image", "Title", "Sales Rank: Current", "Reviews: Rating", count,
              f"{count} - 30 days avg.", "Buy Box 🚚: Current", "ASIN"]  # fmt: skip
    row = ["https://example.com/a.jpg", "Mug, blue", "# 1,234", "4.6", "1,210", "1,190", "€ 12,00",
           "B1"]  # fmt: skip
    path = put(tmp_path, "keepa.csv", commas(header, [row], all_quoted=True), "utf-8-sig")
    table = read_reviews(path, day="2026-10-31")
    assert table.values.tolist() == [["B1", pd.Timestamp("2026-10-31"), 1210, 4.6]]


@pytest.mark.parametrize("name", ["Keepa Export.csv", "Keepa, October.csv"])
def test_the_remedy_for_a_keepa_export_without_a_day_works_to_the_letter(tmp_path, name):
    text = commas(["ASIN", "Reviews: Rating", "Reviews: Review Count"], [["B1", "4.6", "10"]])
    (problem,) = inspect(tmp_path, {name: text}).problems
    assert "does not say which day" in str(problem)
    lines = problem.remedy[problem.remedy.index("file,start,end") :]
    shop = read_shop(tmp_path, {"periods.csv": lines + "\n"})
    assert shop.reviews["date"].tolist() == [pd.Timestamp("2026-10-31")]
    assert "shared by a variation family" in ledger_of(shop, name)["note"]


def test_any_other_table_through_a_mapping_in_shop_toml(tmp_path):
    text = commas(["Product", "Day", "Ratings", "Stars"], [["B1", "2026-10-01", "7", "4.2"]])
    toml = (
        '[[files]]\npath = "other.csv"\nreport = "reviews"\n'
        'columns = { asin = "product", date = "Day", review_count = "Ratings", '
        'average_rating = "Stars" }\n'
    )
    shop = read_shop(tmp_path, {"other.csv": text}, toml)
    assert shop.reviews.values.tolist() == [["B1", pd.Timestamp("2026-10-01"), 7, 4.2]]


def test_a_mapping_in_the_call_of_a_reader(tmp_path):
    text = commas(["Product", "Day", "Ratings"], [["B1", "2026-10-01", "7"]])
    columns = {"asin": "Product", "date": "Day", "review_count": "Ratings"}
    assert len(read_reviews(put(tmp_path, "a.csv", text), columns=columns)) == 1


TOTALS = "as_of,window,marketplace,positive,neutral,negative\n"


def test_typed_totals_in_a_small_csv(tmp_path):
    text = TOTALS + (
        "2026-10-31,30 days,UK,55,5,4\n2026-10-31,365,GB,\"1,001\",15,4\n"
        "2026-10-31,Lifetime,amazon.de,90,0,10\n"
    )  # fmt: skip
    shop = read_shop(tmp_path, {"totals.csv": text})
    columns = ["window", "marketplace", "received", "positive", "neutral", "negative"]
    rows = shop.feedback_totals[columns].sort_values("window").values.tolist()
    assert rows == [
        ["30 days", "UK", 64, 55, 5, 4],
        ["365 days", "UK", 1020, 1001, 15, 4],
        ["lifetime", "DE", 100, 90, 0, 10],
    ]
    assert set(shop.feedback_totals["as_of"]) == {pd.Timestamp("2026-10-31")}
    assert shop.feedback_totals["date"].isna().all()


def test_typed_totals_in_shop_toml(tmp_path):
    toml = (
        '[shop]\nmarketplaces = ["UK"]\n[[totals]]\nas_of = 2026-10-31\nwindow = "365 days"\n'
        "positive = 95\nneutral = 1\nnegative = 4\n"
    )
    shop = read_shop(tmp_path, {}, toml)
    columns = ["window", "marketplace", "received", "positive"]
    assert shop.feedback_totals[columns].values.tolist() == [["365 days", "UK", 100, 95]]


def test_a_window_typed_in_both_places_counts_as_shop_toml_says(tmp_path):
    toml = (
        '[shop]\nmarketplaces = ["UK"]\n[[totals]]\nas_of = 2026-10-31\nwindow = "365 days"\n'
        "positive = 95\nneutral = 1\nnegative = 4\n"
    )
    shop = read_shop(tmp_path, {"totals.csv": TOTALS + "2026-10-31,365 days,,90,1,4\n"}, toml)
    assert shop.feedback_totals["positive"].tolist() == [95]
    assert shop.ledger["note"].str.contains("typed in twice").any()


def test_bad_lines_of_typed_totals_are_set_aside(tmp_path):
    text = TOTALS + (
        "2026-10-31,30 days,UK,55,5,4\n2026-10-31,30 days,UK,56,5,4\n2026-10-31,2 weeks,UK,1,1,1\n"
        "31 Oct,90 days,UK,1,1,1\n2026-10-31,90 days,XX,1,1,1\n2026-10-31,90 days,UK,1,,1\n"
        "2026-10-31,90 days,UK,-1,1,1\n"
    )
    shop = read_shop(tmp_path, {"totals.csv": text})
    assert shop.feedback_totals["positive"].tolist() == [56]
    assert sorted(shop.set_aside["lines"]) == ["2", "4", "5", "6", "7", "8"]


def test_totals_typed_without_a_last_cell_are_not_called_cut_short(tmp_path):
    text = "as_of,window,positive,neutral,negative,marketplace\n2026-10-31,30 days,9,1,0,UK\n"
    shop = read_shop(tmp_path, {"a.csv": text + "2026-10-31,90 days,9,1,0"})
    assert len(shop.feedback_totals) == 2
