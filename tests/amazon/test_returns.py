"""Returns to Amazon (11 and 13 columns) and to the seller (32 and 33 columns)."""

import pandas as pd
import pytest

from feedback_analysis import read_returns
from feedback_analysis.amazon.returns import reason_code
from tests.amazon.files import (
    FBA_RETURNS,
    ORDER,
    SELLER_RETURNS,
    commas,
    ledger_of,
    lines_of,
    put,
    read_shop,
    row_of,
)


def fba(number=1, **cells):
    facts = {
        "return_date": "2026-10-03T20:00:00+00:00", "order_id": ORDER(number), "sku": "MUG-1",
        "asin": "B000000001", "fnsku": "X000000001", "product_name": "Mug", "quantity": 1,
        "fulfillment_center_id": "LEX1", "detailed_disposition": "CUSTOMER DAMAGED",
        "reason": "DEFECTIVE", "status": "IMMEDIATE_DONATION", "license_plate_number": "LPN1",
        "customer_comments": "handle came off",
    }  # fmt: skip
    return row_of(FBA_RETURNS, **(facts | cells))


def seller(number=1, **cells):
    facts = {
        "order_id": ORDER(number), "order_date": "20-Sep-2026",
        "return_request_date": "29-Sep-2026", "return_request_status": "Approved",
        "label_to_be_paid_by": "Customer", "currency_code": "EUR", "asin": "B000000001",
        "merchant_sku": "007", "return_quantity": 1, "return_reason": "CR-DEFECTIVE",
        "resolution": "StandardRefund", "order_amount": "12,50", "refunded_amount": "12,50",
    }  # fmt: skip
    return row_of(SELLER_RETURNS, **(facts | cells))


def assert_one_fba_return(table):
    columns = ["sku", "asin", "channel", "quantity", "reason", "question"]
    assert table[columns].values.tolist() == [
        ["MUG-1", "B000000001", "amazon", 1, "DEFECTIVE", "as_described"]
    ]
    assert table["return_date"].tolist() == [pd.Timestamp("2026-10-03")]


def test_fba_returns_with_13_columns_by_tab(tmp_path):
    assert len(FBA_RETURNS) == 13
    table = read_returns(put(tmp_path, "a.txt", lines_of(FBA_RETURNS, [fba()])))
    assert_one_fba_return(table)
    assert table["comment"].tolist() == ["handle came off"]
    assert table["status"].tolist() == ["IMMEDIATE_DONATION"]
    assert table["denied"].isna().all()


def test_fba_returns_with_11_columns(tmp_path):
    path = put(tmp_path, "a.txt", lines_of(FBA_RETURNS[:11], [fba()[:11]]))
    table = read_returns(path)
    assert_one_fba_return(table)
    assert table["comment"].tolist() == [""]


def test_fba_returns_as_quoted_csv_with_a_line_break_inside_a_comment(tmp_path):
    rows = [fba(customer_comments='handle\ncame "off", sadly'), fba(2)]
    path = put(tmp_path, "a.csv", commas(FBA_RETURNS, rows, all_quoted=True))
    table = read_returns(path)
    assert table["comment"].tolist() == ['handle\ncame "off", sadly', "handle came off"]


def test_fba_returns_by_tab_with_quoted_line_breaks(tmp_path):
    rows = [fba(customer_comments='"handle\ncame off"'), fba(2)]
    table = read_returns(put(tmp_path, "a.txt", lines_of(FBA_RETURNS, rows, end="\r\n")))
    assert table["comment"].tolist() == ["handle\ncame off", "handle came off"]


def test_a_stray_quotation_mark_in_a_tab_file_swallows_no_rows(tmp_path):
    rows = [fba(1, customer_comments='"never closed'), *(fba(n) for n in range(2, 90))]
    table = read_returns(put(tmp_path, "a.txt", lines_of(FBA_RETURNS, rows)))
    assert len(table) == 89
    rows = [*(fba(n) for n in range(2, 90)), fba(1, customer_comments='"never closed')]
    table = read_returns(put(tmp_path, "a.txt", lines_of(FBA_RETURNS, rows)))
    assert len(table) == 89


def test_the_day_of_a_return_is_the_marketplaces(tmp_path):
    row = fba(return_date="2026-10-03T02:00:00+00:00")
    files = {"a.txt": lines_of(FBA_RETURNS, [row])}
    shop = read_shop(tmp_path, files, '[shop]\nmarketplaces = ["US"]\n')
    assert shop.returns["return_date"].tolist() == [pd.Timestamp("2026-10-02")]
    table = read_returns(put(tmp_path, "b.txt", files["a.txt"]), marketplace="US")
    assert table["return_date"].tolist() == [pd.Timestamp("2026-10-02")]


def test_reasons_lose_their_prefixes_and_unknown_ones_survive():
    codes = ["CR-SWITCHEROO", "AMZ-PG-BAD-DESC", "CR-NEW_THING", "defective", ""]
    assert [reason_code(code) for code in codes] == [
        "SWITCHEROO", "BAD-DESC", "NEW_THING", "DEFECTIVE", "",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("code", "question"),
    [
        ("MISSED_ESTIMATED_DELIVERY", "shipping_speed"),
        ("UNDELIVERABLE_CARRIER_MISS_SORTED", "shipping_speed"),
        ("DAMAGED_BY_CARRIER", "packaging"),
        ("DAMAGED_BY_FC", "packaging"),
        ("AMZ-PG-BAD-DESC", "as_described"),
        ("CR-MISSED_ESTIMATED_DELIVERY", "shipping_speed"),
        ("UNWANTED_ITEM", None),
        ("BRAND_NEW_CODE", None),
    ],
)
def test_a_reason_speaks_to_its_question(tmp_path, code, question):
    table = read_returns(put(tmp_path, "a.txt", lines_of(FBA_RETURNS, [fba(reason=code)])))
    assert table["question"].fillna("none").tolist() == [question or "none"]
    assert "warehouse" not in str(table["question"][0])


@pytest.mark.parametrize("header", [SELLER_RETURNS, [*SELLER_RETURNS, "Category"]])
def test_returns_to_the_seller(tmp_path, header):
    row = seller() + ["Kitchen"] * (len(header) - len(SELLER_RETURNS))
    table = read_returns(put(tmp_path, "a.txt", lines_of(header, [row])))
    columns = ["sku", "channel", "quantity", "reason", "question", "label_paid_by", "resolution",
               "refunded", "currency", "denied"]  # fmt: skip
    assert table[columns].values.tolist() == [
        ["007", "seller", 1, "DEFECTIVE", "as_described", "Customer", "StandardRefund", 12.5, "EUR",
         False]
    ]  # fmt: skip
    assert table["return_date"].tolist() == [pd.Timestamp("2026-09-29")]


def test_the_seller_report_has_32_columns():
    assert len(SELLER_RETURNS) == 32


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("29-Sep-2026", "2026-09-29"), ("29-set-2026", "2026-09-29"), ("01-dez-2026", "2026-12-01"),
        ("02-fev-2026", "2026-02-02"), ("3-abr-2026", "2026-04-03"), ("04-out-2026", "2026-10-04"),
        ("05-MAI-2026", "2026-05-05"), ("06-Sept-2026", "2026-09-06"), ("2026-09-07", "2026-09-07"),
    ],
)  # fmt: skip
def test_month_names_are_read_by_a_table_under_any_locale(tmp_path, written, expected):
    row = seller(return_request_date=written)
    table = read_returns(put(tmp_path, "a.txt", lines_of(SELLER_RETURNS, [row])))
    assert table["return_date"].dt.strftime("%Y-%m-%d").tolist() == [expected]


@pytest.mark.parametrize("status", ["Rejected", "cancelled by seller", "Denied", "DECLINED"])
def test_refused_returns_are_marked(tmp_path, status):
    rows = [seller(return_request_status=status), seller(2)]
    table = read_returns(put(tmp_path, "a.txt", lines_of(SELLER_RETURNS, rows)))
    assert table["denied"].tolist() == [True, False]


def test_bad_rows_are_set_aside(tmp_path):
    rows = [fba(1), fba(2, return_date="soon"), fba(3, order_id=""), fba(4, quantity="one")]
    shop = read_shop(tmp_path, {"a.txt": lines_of(FBA_RETURNS, rows)})
    line = ledger_of(shop, "a.txt")
    assert (line["rows_read"], line["rows_kept"]) == (4, 1)
    rows = [seller(1), seller(2, return_request_date="31-Feb-2026")]
    shop = read_shop(tmp_path / "two", {"a.txt": lines_of(SELLER_RETURNS, rows)})
    assert len(shop.returns) == 1


def test_two_downloads_of_the_same_returns_count_once(tmp_path):
    first = lines_of(FBA_RETURNS, [fba(1), fba(2)])
    second = lines_of(FBA_RETURNS, [fba(2), fba(3, return_date="2026-10-09T00:00:00+00:00")])
    shop = read_shop(tmp_path, {"a.txt": first, "b.txt": second})
    assert len(shop.returns) == 3
    assert ledger_of(shop, "a.txt")["rows_set_aside"] == 1
