"""Business reports in other languages and by date: the aliases against files written by hand."""

import pandas as pd
import pytest

from feedback_analysis import ReportError, read_business_report
from tests.amazon.files import commas, put, read_shop

OCTOBER = {"start": "2026-10-01", "end": "2026-10-31"}
NBSP = "\u00a0"
GERMAN = [
    "(Übergeordnete) ASIN", "(Untergeordnete) ASIN", "Titel", "SKU", "Sitzungen – Summe",
    "Sitzungen – Summe – B2B", "Seitenaufrufe – Summe", "Seitenaufrufe – Summe – B2B",
    "Bestellte Einheiten", f"Bestellte{NBSP}Einheiten – B2B",
    "Prozentsatz an Einheiten pro Sitzung", "Durch bestellte Produkte erzielter Umsatz",
    "Bestellsumme – B2B", "Zahl der Bestellposten", "Zahl der Bestellposten – B2B",
]  # fmt: skip
GERMAN_ROW = [
    "P", "C", "Becher, blau", "S", "1,234", "9", "2,345", "9", "12", "3", "0.97%",
    f"5.255,61{NBSP}€", f"9.999,99{NBSP}€", "11", "2",
]  # fmt: skip


def test_german_counts_are_us_style_beside_local_money(tmp_path):
    path = put(tmp_path, "a.csv", b"\xef\xbb\xbf" + commas(GERMAN, [GERMAN_ROW]).encode())
    table = read_business_report(path, **OCTOBER, marketplace="DE")
    wanted = ["sessions", "page_views", "units", "sales", "order_items", "currency", "marketplace"]
    assert table[wanted].values.tolist() == [[1234, 2345, 12, 5255.61, 11, "EUR", "DE"]]


def test_bestellsumme_b2b_never_becomes_the_sales(tmp_path):
    header = [
        "(Untergeordnete) ASIN",
        "Sitzungen – Summe",
        "Bestellte Einheiten",
        "Bestellsumme – B2B",
    ]
    path = put(tmp_path, "a.csv", commas(header, [["C", "10", "1", "5,00 €"]]))
    table = read_business_report(path, **OCTOBER, marketplace="DE")
    assert table["sales"].isna().all()


def test_german_sessions_by_device_add_up_to_the_total(tmp_path):
    header = ["(Untergeordnete) ASIN", "Sitzungen – mobile App", "Sitzungen – mobile App – B2B",
              "Sitzungen – Browser", "Bestellte Einheiten"]  # fmt: skip
    path = put(tmp_path, "a.csv", commas(header, [["C", "1,000", "7", "234", "1"]]))
    assert read_business_report(path, **OCTOBER)["sessions"].tolist() == [1234]


def test_a_german_report_in_windows_1252_with_semicolons(tmp_path):
    text = commas(GERMAN, [GERMAN_ROW], separator=";", end="\r\n")
    table = read_business_report(put(tmp_path, "a.csv", text, "cp1252"), **OCTOBER)
    assert table[["sessions", "sales"]].values.tolist() == [[1234, 5255.61]]


def test_spanish(tmp_path):
    header = [
        "ASIN (parent)", "ASIN (child)", "Título", "SKU", "Sesiones: total",
        "Porcentaje de ofertas destacadas (Buy Box)", "Unidades encargadas",
        "Unidades encargadas - B2B", "Ventas de productos encargados",
        "Ventas de productos encargados: B2B",
    ]  # fmt: skip
    row = ["P", "C", "Taza", "S", "1,001", "12.3%", "3", "3", f"1.055,60{NBSP}€", f"9,99{NBSP}€"]
    path = put(tmp_path, "a.csv", commas(header, [row]))
    table = read_business_report(path, **OCTOBER, marketplace="ES")
    wanted = ["sessions", "featured_offer_share", "units", "sales"]
    assert table[wanted].values.tolist() == [[1001, 0.123, 3, 1055.60]]


JAPANESE = [
    "（親）ASIN", "（子）ASIN", "タイトル", "SKU", "セッション数 - 合計", "セッション率 - 合計",
    "ページビュー数 - 合計", "おすすめ出品（おすすめ商品）の獲得率", "注文された商品点数",
    "注文点数 - B2B", "ユニットセッション率", "注文商品の売上額", "注文商品の売上額 - B2B",
    "注文品目総数",
]  # fmt: skip
JAPANESE_ROW = ["P", "C", "マグ", "S", "1,234", "100%", "2,000", "99.00%", "5", "4", "0.4%",
                "￥12,340", "￥9,000", "5"]  # fmt: skip


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp932"])
def test_japanese_with_full_width_brackets_and_yen(tmp_path, encoding):
    path = put(tmp_path, "a.csv", commas(JAPANESE, [JAPANESE_ROW]), encoding)
    table = read_business_report(path, **OCTOBER)
    wanted = ["sessions", "page_views", "featured_offer_share", "units", "sales", "order_items"]
    assert table[wanted].values.tolist() == [[1234, 2000, 0.99, 5, 12340.0, 5]]
    assert table[["marketplace", "currency"]].values.tolist() == [["JP", "JPY"]]


def test_older_japanese_headers(tmp_path):
    header = ["(親)ASIN", "(子)ASIN", "セッション", "セッションのパーセンテージ",
              "カートボックス獲得率",
              "注文された商品点数", "注文商品売上"]  # fmt: skip
    path = put(tmp_path, "a.csv", commas(header, [["P", "C", "10", "1%", "50%", "2", "￥1,234"]]))
    table = read_business_report(path, **OCTOBER)
    assert table[["sessions", "units", "sales"]].values.tolist() == [[10, 2, 1234.0]]


def test_indian_money_groups_by_lakh(tmp_path):
    header = ["(Child) ASIN", "Sessions - Total", "Units Ordered", "Ordered Product Sales"]
    path = put(tmp_path, "a.csv", commas(header, [["C", "1,08,218", "9", "₹1,08,218.36"]]))
    table = read_business_report(path, **OCTOBER)
    assert table[["sessions", "sales", "marketplace"]].values.tolist() == [
        [108218, 108218.36, "IN"]
    ]


BY_DATE = [
    "Date", "Ordered Product Sales", "Ordered Product Sales - B2B", "Units Ordered",
    "Units Ordered - B2B", "Total Order Items", "Total Order Items - B2B", "Page Views - Total",
    "Sessions - Total", "Featured Offer Percentage", "Unit Session Percentage",
    "Average Offer Count", "Average Parent Items",
]  # fmt: skip


def test_english_by_date(tmp_path):
    rows = [
        ["10/1/26", "$1,200.50", "$90.00", "12", "1", "11", "1", "2,000", "1,000", "98%", "1.2%",
         "5,000", "20"],
        ["10/31/26", "$0.00", "$0.00", "0", "0", "0", "0", "10", "5", "98%", "0.00%", "5", "2"],
    ]  # fmt: skip
    path = put(tmp_path, "a.csv", commas(BY_DATE, rows))
    table = read_business_report(path, marketplace="US")
    wanted = ["date", "marketplace", "sessions", "page_views", "units", "order_items", "sales",
              "currency"]  # fmt: skip
    assert table[wanted].values.tolist() == [
        [pd.Timestamp("2026-10-01"), "US", 1000, 2000, 12, 11, 1200.5, "USD"],
        [pd.Timestamp("2026-10-31"), "US", 5, 10, 0, 0, 0.0, "USD"],
    ]
    assert table["units_refunded"].isna().all()


def test_indian_days_by_date_come_day_first(tmp_path):
    rows = [["03/10/26", "₹1,08,218.36", "", "1", "", "1", "", "3", "2", "98%", "1%", "1", "1"]]
    table = read_business_report(put(tmp_path, "a.csv", commas(BY_DATE, rows)))
    assert table[["date", "marketplace"]].values.tolist() == [[pd.Timestamp("2026-10-03"), "IN"]]


def test_german_by_date(tmp_path):
    header = [
        "Datum", "Durch bestellte Produkte erzielter Umsatz", "Bestellsumme – B2B",
        "Bestellte Einheiten", f"Bestellte Einheiten –{NBSP}B2B", "Zahl der Bestellposten",
        "Seitenaufrufe – Summe", "Sitzungen – Summe", f"Prozentsatz{NBSP}Bestellposten pro Sitzung",
        "Bestellposten pro Sitzung Prozentwert – B2B", "Durchschnittliche Angebotszahl",
        "Durchschnittlicher Umsatz/Bestellposten", "Durchschnittlicher Verkaufspreis",
    ]  # fmt: skip
    row = ["03.10.26", f"5.255,61{NBSP}€", "1,00 €", "1,234", "7", "1,000", "9,000", "4,000",
           "12%", "1%", "3", "5,00 €", "4,00 €"]  # fmt: skip
    table = read_business_report(put(tmp_path, "a.csv", commas(header, [row])), marketplace="DE")
    wanted = ["date", "sessions", "page_views", "units", "order_items", "sales"]
    assert table[wanted].values.tolist() == [
        [pd.Timestamp("2026-10-03"), 4000, 9000, 1234, 1000, 5255.61]
    ]


@pytest.mark.parametrize("day", ["2026/10/03", "26/10/3"])
def test_japanese_by_date(tmp_path, day):
    header = ["日付", "注文商品の売上額", "注文商品の売上額 - B2B", "注文された商品点数",
              "注文品目総数", "ページビュー数 - 合計", "セッション数 - 合計", "平均出品数",
              "親商品の平均数"]  # fmt: skip
    row = [day, "￥12,340", "￥1", "5", "4", "20", "10", "3", "2"]
    table = read_business_report(put(tmp_path, "a.csv", commas(header, [row])))
    wanted = ["date", "marketplace", "sessions", "page_views", "units", "order_items", "sales"]
    assert table[wanted].values.tolist() == [
        [pd.Timestamp("2026-10-03"), "JP", 10, 20, 5, 4, 12340.0]
    ]


def test_by_date_and_by_child_are_told_apart_by_their_columns(tmp_path):
    by_date = commas(["Date", "Sessions - Total", "Units Ordered"], [["10/31/26", "10", "1"]])
    by_child = commas(["(Child) ASIN", "Sessions - Total", "Units Ordered"], [["C", "10", "1"]])
    folder = "2026-10-01_2026-10-31"
    files = {f"{folder}/BusinessReport.csv": by_date, f"{folder}/BusinessReport (1).csv": by_child}
    shop = read_shop(tmp_path, files)
    assert (len(shop.daily), len(shop.traffic)) == (1, 1)
    assert sorted(shop.ledger["report"]) == [
        "Business report by child ASIN", "Business report by date",
    ]  # fmt: skip


def test_a_day_listed_twice_is_set_aside(tmp_path):
    text = commas(["Date", "Sessions", "Units Ordered"], [["10/31/26", "10", "1"]] * 2)
    shop = read_shop(tmp_path, {"a.csv": text})
    assert len(shop.daily) == 1
    assert shop.set_aside[["reason", "lines"]].values.tolist() == [["the same day again", "3"]]


def test_ambiguous_days_by_date_are_refused(tmp_path):
    text = commas(["Date", "Sessions", "Units Ordered"], [["10/3/26", "10", "1"]])
    with pytest.raises(ReportError, match="can be read with the day first or the month first"):
        read_business_report(put(tmp_path, "a.csv", text))
