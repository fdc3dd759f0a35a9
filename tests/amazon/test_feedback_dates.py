"""Feedback dates: one form a column, from the marketplace, the e-mail, or the whole column."""

import pandas as pd
import pytest

from feedback_analysis import ReportError, read_feedback
from feedback_analysis.marketplaces import marketplaces
from tests.amazon.files import ORDER, feedback, inspect, ledger_of, put, read_shop

DAY = pd.Timestamp("2026-10-03")
WRITTEN = {"M/D/Y": "10/3/26", "D/M/Y": "3/10/26", "D.M.Y": "03.10.26", "Y/M/D": "26/10/3",
           "Y-M-D": "2026-10-03"}  # fmt: skip


def one(text, email="", number=1):
    return [text, "1", "late", "", ORDER(number), email]


@pytest.mark.parametrize("market", marketplaces().values(), ids=lambda market: market.code)
def test_the_buyers_relay_address_tells_marketplace_and_form(tmp_path, market):
    text = feedback(one(WRITTEN[market.date_format], f"x@marketplace.{market.domain}"))
    table = read_feedback(put(tmp_path, "a.txt", text))
    assert table[["marketplace", "date"]].values.tolist() == [[market.code, DAY]]


@pytest.mark.parametrize("market", marketplaces().values(), ids=lambda market: market.code)
def test_a_stated_marketplace_tells_the_form(tmp_path, market):
    path = put(tmp_path, "a.txt", feedback(one(WRITTEN[market.date_format])))
    table = read_feedback(path, marketplace=market.code)
    assert table[["marketplace", "date"]].values.tolist() == [[market.code, DAY]]


@pytest.mark.parametrize(
    ("days", "expected"),
    [
        (["3/10/26", "13/10/26"], ["2026-10-03", "2026-10-13"]),
        (["10/3/26", "10/13/26"], ["2026-10-03", "2026-10-13"]),
        (["3.10.26", "4.10.26"], ["2026-10-03", "2026-10-04"]),
        (["2026-10-03", "2026-10-04"], ["2026-10-03", "2026-10-04"]),
        (["2026/10/03", "2026/10/04"], ["2026-10-03", "2026-10-04"]),
        (["03/10/2026", "13/10/2026"], ["2026-10-03", "2026-10-13"]),
    ],
)
def test_the_whole_column_settles_the_form(tmp_path, days, expected):
    text = feedback(*(one(day, number=n) for n, day in enumerate(days)))
    table = read_feedback(put(tmp_path, "a.txt", text))
    assert table["date"].dt.strftime("%Y-%m-%d").tolist() == expected


def test_a_column_readable_in_two_ways_is_refused(tmp_path):
    path = put(tmp_path, "a.txt", feedback(one("3/10/26"), one("4/10/26", number=2)))
    with pytest.raises(ReportError, match="can be read with the day first or the month first"):
        read_feedback(path)
    assert read_feedback(path, marketplace="UK")["date"][0] == pd.Timestamp("2026-10-03")
    assert read_feedback(path, marketplace="US")["date"][0] == pd.Timestamp("2026-03-10")


def test_no_row_is_parsed_on_its_own(tmp_path):
    # 4/13/26 proves month first, so 3/10/26 is 10 March and never 3 October.
    table = read_feedback(
        put(tmp_path, "a.txt", feedback(one("3/10/26"), one("4/13/26", number=2)))
    )
    assert table["date"].dt.strftime("%Y-%m-%d").tolist() == ["2026-03-10", "2026-04-13"]


def test_two_forms_in_one_column_are_refused(tmp_path):
    path = put(tmp_path, "a.txt", feedback(one("13/10/26"), one("10/13/26", number=2)))
    with pytest.raises(ReportError, match="contradict each other"):
        read_feedback(path)


def test_dates_that_cannot_be_of_the_stated_marketplace_are_refused(tmp_path):
    path = put(tmp_path, "a.txt", feedback(one("10/3/26"), one("10/13/26", number=2)))
    with pytest.raises(ReportError, match="do not fit the marketplace's form"):
        read_feedback(path, marketplace="UK")


def test_a_year_first_is_never_taken_for_a_day(tmp_path):
    # 26/10/3 is 3 October 2026 in Japan; as day first it would be 26 October 2003.
    path = put(tmp_path, "a.txt", feedback(one("26/10/3"), one("26/9/28", number=2)))
    with pytest.raises(ReportError, match="can be read"):
        read_feedback(path)
    assert read_feedback(path, marketplace="JP")["date"][0] == DAY


def test_buyers_of_countries_with_other_forms_do_not_decide_by_the_first_row(tmp_path):
    # One account sells in the US (month first) and Canada (day first): the column must decide.
    rows = [
        one("10/3/26", "a@marketplace.amazon.ca"),
        one("10/13/26", "b@marketplace.amazon.com", 2),
    ]
    table = read_feedback(put(tmp_path, "a.txt", feedback(*rows)))
    assert table["date"].dt.strftime("%Y-%m-%d").tolist() == ["2026-10-03", "2026-10-13"]
    assert table["marketplace"].tolist() == ["CA", "US"]
    ambiguous = [rows[0], one("10/4/26", "b@marketplace.amazon.com", 2)]
    path = put(tmp_path, "b.txt", feedback(*ambiguous))
    with pytest.raises(ReportError, match="can be read"):
        read_feedback(path)
    table = read_feedback(path, marketplace="US")
    assert table["date"][0] == DAY
    assert table["marketplace"].tolist() == ["CA", "US"]


def test_a_european_account_holds_rows_of_several_marketplaces(tmp_path):
    rows = [
        one("3/10/26", "a@marketplace.amazon.co.uk"),
        one("4/10/26", "b@marketplace.amazon.de", 2),
        one("5/10/26", "", 3),
    ]
    table = read_feedback(put(tmp_path, "a.txt", feedback(*rows)))
    assert table["marketplace"].fillna("?").tolist() == ["UK", "DE", "?"]
    assert table["date"].dt.day.tolist() == [3, 4, 5]


def test_a_stated_marketplace_against_the_buyers_addresses_is_refused(tmp_path):
    path = put(tmp_path, "a.txt", feedback(one("3.10.26", "a@marketplace.amazon.de")))
    with pytest.raises(ReportError, match="stated to be of UK"):
        read_feedback(path, marketplace="UK")


def test_the_folders_name_states_the_marketplace(tmp_path):
    shop = read_shop(tmp_path, {"UK/a.txt": feedback(one("3/10/26"))})
    assert shop.feedback[["marketplace", "date"]].values.tolist() == [["UK", DAY]]
    assert ledger_of(shop, "UK/a.txt")["marketplace"] == "UK"


def test_the_remedy_for_ambiguous_dates_works_when_followed_to_the_letter(tmp_path):
    files = {"feedback/a.txt": feedback(one("3/10/26"))}
    (problem,) = inspect(tmp_path, files).problems
    start = problem.remedy.index("[[files]]")
    lines = problem.remedy[start:].splitlines()[:3]
    shop = read_shop(tmp_path, {}, "\n".join(lines).replace('"US"', '"UK"') + "\n")
    assert shop.feedback["date"].tolist() == [DAY]


def test_the_shops_only_marketplace_tells_the_form(tmp_path):
    shop = read_shop(
        tmp_path, {"a.txt": feedback(one("3/10/26"))}, '[shop]\nmarketplaces = ["UK"]\n'
    )
    assert shop.feedback[["marketplace", "date"]].values.tolist() == [["UK", DAY]]


def test_the_form_alone_never_names_a_marketplace_the_shop_does_not_have(tmp_path):
    toml = '[shop]\nmarketplaces = ["UK", "FR"]\n'
    shop = read_shop(tmp_path, {"a.txt": feedback(one("10/3/26"), one("10/13/26", number=2))}, toml)
    assert shop.feedback["marketplace"].isna().all()


def test_an_impossible_day_is_set_aside_with_its_line(tmp_path):
    rows = [one("10/13/26"), one("2/30/26", number=2), one("soon", number=3)]
    shop = read_shop(tmp_path, {"a.txt": feedback(*rows)})
    assert len(shop.feedback) == 1
    assert shop.set_aside[["rows", "lines"]].values.tolist() == [[2, "3, 4"]]
    assert "not a date with the month first" in shop.set_aside["reason"][0]
