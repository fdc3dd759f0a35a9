"""Business reports by child, parent, SKU and date, in every generation of the header."""

import gzip

import pandas as pd
import pytest

from feedback_analysis import ReportError, read_business_report
from tests.amazon.files import UK_SLIM, US_SLIM, commas, inspect, ledger_of, put, read_shop

OCTOBER = {"start": "2026-10-01", "end": "2026-10-31"}
WINDOW = "2026-10-01_2026-10-31"
BOM = b"\xef\xbb\xbf"
# By SKU: the two SKUs of B0CHILD001 repeat its 1,234 sessions.
SKU_ROWS = [
    ["B0PARENT01", "B0CHILD001", "Mug, blue, 100% clay", "NA", "1,234", "3", "60.00%", "1%",
     "2,000", "5", "50.00%", "1%", "98.50%", "100.00%", "12", "1", "0.97%", "33.33%",
     "£1,255.61", "£9.00", "10", "1"],
    ["B0PARENT01", "B0CHILD001", "Mug, blue, 100% clay", "007-A", "1,234", "3", "60.00%", "1%",
     "2,000", "5", "50.00%", "1%", "98.50%", "100.00%", "3", "0", "0.24%", "0.00%",
     "£44.39", "£0.00", "3", "0"],
    ["0123456789", "0123456789", "NA", "S-9", "20", "0", "1.00%", "0%",
     "40", "0", "1.00%", "0%", "0.00%", "0.00%", "220", "40", "1,100.00%", "0.00%",
     "£2,200.00", "£400.00", "110", "4"],
]  # fmt: skip


def without(header, rows, *dropped):
    keep = [place for place, name in enumerate(header) if name not in dropped]
    return [header[p] for p in keep], [[row[p] for p in keep] for row in rows]


def test_a_uk_report_by_sku_is_added_up_by_hand(tmp_path):
    path = put(tmp_path, "a.csv", BOM + commas(UK_SLIM, SKU_ROWS).encode())
    table = read_business_report(path, **OCTOBER)
    columns = ["parent_asin", "child_asin", "sessions", "page_views", "units", "order_items"]
    assert table[columns].values.tolist() == [
        ["B0PARENT01", "B0CHILD001", 1234, 2000, 15, 13],
        ["0123456789", "0123456789", 20, 40, 220, 110],
    ]
    assert table["sales"].tolist() == [1300.0, 2200.0]
    assert table["featured_offer_share"].tolist() == [0.985, 0.0]
    assert table[["marketplace", "currency", "basis"]].drop_duplicates().values.tolist() == [
        ["UK", "GBP", "sku"]
    ]
    assert table["start"].tolist() == [pd.Timestamp("2026-10-01")] * 2
    assert table["end"].tolist() == [pd.Timestamp("2026-10-31")] * 2


def test_us_and_uk_headers_with_any_dash_space_or_case_are_one(tmp_path):
    wild = [h.replace("–", "−").replace(" ", "\u00a0").upper() for h in UK_SLIM]
    wild[0] = "（Parent）\u202fASIN"
    wanted = read_business_report(put(tmp_path, "a.csv", commas(UK_SLIM, SKU_ROWS)), **OCTOBER)
    for header in (US_SLIM, wild):
        path = put(tmp_path, "b.csv", commas(header, SKU_ROWS))
        pd.testing.assert_frame_equal(read_business_report(path, **OCTOBER), wanted)


@pytest.mark.parametrize(
    "wrap",
    [
        lambda text: gzip.compress(text.encode()),
        lambda text: text.replace("\n", "\r\n").encode(),
        lambda text: text.encode("utf-16"),
        lambda text: text.rstrip("\n").encode(),
    ],
    ids=["gzip", "windows line ends", "utf-16", "no line end"],
)
def test_re_saved_copies_give_the_same_table(tmp_path, wrap):
    text = commas(UK_SLIM, SKU_ROWS)
    wanted = read_business_report(put(tmp_path, "a.csv", text), **OCTOBER)
    path = put(tmp_path, "b.csv", wrap(text))
    pd.testing.assert_frame_equal(read_business_report(path, **OCTOBER), wanted)


@pytest.mark.parametrize("form", [{"separator": ";"}, {"separator": "\t"}, {"all_quoted": True}])
def test_separators_and_quotes_of_other_programs_give_the_same_table(tmp_path, form):
    wanted = read_business_report(put(tmp_path, "a.csv", commas(UK_SLIM, SKU_ROWS)), **OCTOBER)
    path = put(tmp_path, "b.csv", commas(UK_SLIM, SKU_ROWS, **form))
    pd.testing.assert_frame_equal(read_business_report(path, **OCTOBER), wanted)


def test_a_slim_report_by_child_has_21_columns_and_one_row_a_child(tmp_path):
    header, rows = without(UK_SLIM, [SKU_ROWS[0], SKU_ROWS[2]], "SKU")
    assert len(header) == 21
    table = read_business_report(put(tmp_path, "a.csv", commas(header, rows)), **OCTOBER)
    assert table[["child_asin", "sessions", "units", "basis"]].values.tolist() == [
        ["B0CHILD001", 1234, 12, "child"],
        ["0123456789", 20, 220, "child"],
    ]


def test_a_report_by_parent_has_no_child(tmp_path):
    header, rows = without(UK_SLIM, [SKU_ROWS[0], SKU_ROWS[2]], "SKU", "(Child) ASIN")
    table = read_business_report(put(tmp_path, "a.csv", commas(header, rows)), **OCTOBER)
    assert table["parent_asin"].tolist() == ["B0PARENT01", "0123456789"]
    assert table["child_asin"].isna().all()
    assert table["basis"].tolist() == ["parent", "parent"]


def full_header():
    """The 38 columns of the full report by SKU."""
    header = ["(Parent) ASIN", "(Child) ASIN", "Title", "SKU"]
    for measure in ("Sessions", "Session Percentage", "Page Views", "Page Views Percentage"):
        for device in ("Mobile APP", "Browser", "Total"):
            header += [f"{measure} - {device}", f"{measure} - {device} - B2B"]
    for measure in (
        "Featured Offer (Buy Box) Percentage", "Units Ordered", "Unit Session Percentage",
        "Ordered Product Sales", "Total Order Items",
    ):  # fmt: skip
        header += [measure, f"{measure} - B2B"]
    return header


FULL_ROW = (
    "P C Mug S-1 60 1 40 1 100 2 0.6% 0.1% 0.4% 0.1% 1% 0.2% 80 1 70 1 150 2 0.5% 0% 0.5% 0% 1% 0% "
    "97.00% 0% 7 7 7.00% 350.00% $70.00 $70.00 6 6"
).split()


def test_the_full_38_columns_load_and_any_subset_in_any_order_too(tmp_path):
    header = full_header()
    assert len(header) == 38
    table = read_business_report(put(tmp_path, "a.csv", commas(header, [FULL_ROW])), **OCTOBER)
    wanted = ["sessions", "page_views", "units", "order_items", "sales", "featured_offer_share"]
    assert table[wanted].values.tolist() == [[100, 150, 7, 6, 70.0, 0.97]]
    some = ["Units Ordered", "Sessions - Browser", "(Child) ASIN", "Sessions - Total - B2B",
            "Ordered Product Sales", "Sessions - Mobile APP"]  # fmt: skip
    row = [FULL_ROW[header.index(name)] for name in some]
    table = read_business_report(put(tmp_path, "b.csv", commas(some, [row])), **OCTOBER)
    assert table[["child_asin", "sessions", "units", "sales"]].values.tolist() == [
        ["C", 100, 7, 70.0]
    ]
    assert table["page_views"].isna().all()


def test_the_first_generation_with_gross_sales_and_orders_placed(tmp_path):
    header = [
        "(Parent) ASIN", "(Child) ASIN", "Title", "Sessions", "Session Percentage", "Page Views",
        "Page Views Percentage", "Buy Box Percentage", "Units Ordered", "Unit Session Percentage",
        "Gross Product Sales", "Orders Placed",
    ]  # fmt: skip
    row = [
        "P",
        "C",
        "Mug",
        "50",
        "100.00%",
        "80",
        "100.00%",
        "90%",
        "5",
        "10.00%",
        "$1,050.00",
        "4",
    ]
    path = put(tmp_path, "a.csv", commas(header, [row], all_quoted=True))
    table = read_business_report(path, **OCTOBER)
    wanted = ["sessions", "page_views", "featured_offer_share", "units", "sales", "order_items"]
    assert table[wanted].values.tolist() == [[50, 80, 0.9, 5, 1050.0, 4]]


def test_the_second_generation_with_its_twins_for_business_customers(tmp_path):
    header = [
        "(Parent) ASIN", "(Child) ASIN", "Title", "SKU", "Sessions", "Session Percentage",
        "Page Views", "Page Views Percentage", "Buy Box Percentage", "Units Ordered",
        "Units Ordered - B2B", "Unit Session Percentage", "Unit Session Percentage - B2B",
        "Ordered Product Sales", "Ordered Product Sales - B2B", "Total Order Items",
        "Total Order Items - B2B",
    ]  # fmt: skip
    row = ["P", "C", "Mug", "S", "50", "1%", "80", "1%", "90%", "5", "2", "10%", "4%", "$50", "$20",
           "4", "1"]  # fmt: skip
    table = read_business_report(put(tmp_path, "a.csv", commas(header, [row])), **OCTOBER)
    assert table[["units", "sales", "order_items"]].values.tolist() == [[5, 50.0, 4]]


def test_a_twin_for_business_customers_never_fills_a_total(tmp_path):
    header = ["(Child) ASIN", "Sessions - Total", "Units Ordered - B2B"]
    path = put(tmp_path, "a.csv", commas(header, [["C", "10", "4"]]))
    with pytest.raises(ReportError, match="units"):
        read_business_report(path, **OCTOBER)
    header = ["(Child) ASIN", "Sessions - Total", "Units Ordered", "Total Order Items - B2B"]
    table = read_business_report(put(tmp_path, "b.csv", commas(header, [["C", "10", "4", "3"]])),
                                 **OCTOBER)  # fmt: skip
    assert table["order_items"].isna().all()


def test_units_without_sessions_load_and_no_rate_is_made_up(tmp_path):
    header = ["(Child) ASIN", "Sessions - Total", "Units Ordered", "Unit Session Percentage"]
    table = read_business_report(put(tmp_path, "a.csv", commas(header, [["C", "0", "4", "0.00%"]])),
                                 **OCTOBER)  # fmt: skip
    assert table[["sessions", "units"]].values.tolist() == [[0, 4]]
    assert table["featured_offer_share"].isna().all()


def test_a_child_under_two_parents_becomes_one_row(tmp_path):
    header = ["(Parent) ASIN", "(Child) ASIN", "Sessions - Total", "Page Views - Total",
              "Featured Offer Percentage", "Units Ordered", "Ordered Product Sales"]  # fmt: skip
    rows = [["P1", "C", "30", "100", "90.00%", "3", "$30.00"],
            ["P2", "C", "70", "300", "50.00%", "5", "$50.00"],
            ["P2", "D", "1", "1", "0.00%", "0", "$0.00"]]  # fmt: skip
    shop = read_shop(tmp_path, {f"{WINDOW}/a.csv": commas(header, rows)})
    row = shop.traffic[shop.traffic["child_asin"] == "C"].iloc[0]
    # Share of page views: (90 % of 100 + 50 % of 300) of 400.
    assert (row["sessions"], row["page_views"], row["units"], row["sales"]) == (100, 400, 8, 80.0)
    assert row["featured_offer_share"] == pytest.approx(0.6)
    assert row["parent_asin"] == "P2"
    assert "moved between parents" in ledger_of(shop, f"{WINDOW}/a.csv")["note"]


def test_a_report_by_sku_warns_that_products_without_a_sale_are_missing(tmp_path):
    files = {f"{WINDOW}/a.csv": commas(UK_SLIM, SKU_ROWS)}
    note = ledger_of(read_shop(tmp_path, files), f"{WINDOW}/a.csv")["note"]
    assert "repeated on every SKU" in note
    assert "products without a sale are missing" in note
    assert "not used for conversion" in note


def test_numbers_like_na_and_leading_zeros_stay_text(tmp_path):
    header = ["(Parent) ASIN", "(Child) ASIN", "SKU", "Sessions", "Units Ordered"]
    rows = [["0001234567", "0001234567", "NA", "1", "1"], ["NA", "NULL", "007", "2", "1"]]
    table = read_business_report(put(tmp_path, "a.csv", commas(header, rows)), **OCTOBER)
    assert table["child_asin"].tolist() == ["0001234567", "NULL"]
    assert table["parent_asin"].tolist() == ["0001234567", "NA"]


def test_a_quotation_mark_for_inches_in_a_title_spoils_nothing(tmp_path):
    header = ["(Child) ASIN", "Title", "Sessions - Total", "Units Ordered"]
    text = ",".join(header) + '\nC,5" pot,"1,234",3\nD,plain,"2,000",4\n'
    table = read_business_report(put(tmp_path, "a.csv", text), **OCTOBER)
    assert table[["child_asin", "sessions"]].values.tolist() == [["C", 1234], ["D", 2000]]


def test_two_currencies_in_one_file_are_refused(tmp_path):
    header = ["(Child) ASIN", "Sessions", "Units Ordered", "Ordered Product Sales"]
    rows = [["C", "1", "1", "£5.00"], ["D", "1", "1", "5,00 €"]]
    with pytest.raises(ReportError, match="several currencies"):
        read_business_report(put(tmp_path, "a.csv", commas(header, rows)), **OCTOBER)


def test_a_text_in_the_money_column_is_set_aside_and_is_no_currency(tmp_path):
    header = ["(Child) ASIN", "Sessions", "Units Ordered", "Ordered Product Sales"]
    rows = [["C", "1", "1", "£5.00"], ["D", "1", "1", "SUE ANN"]]
    shop = read_shop(tmp_path, {f"{WINDOW}/a.csv": commas(header, rows)})
    assert shop.traffic[["child_asin", "currency"]].values.tolist() == [["C", "GBP"]]
    assert "SUE" not in shop.set_aside["reason"][0]


def test_money_of_another_marketplace_is_refused(tmp_path):
    header = ["(Child) ASIN", "Sessions", "Units Ordered", "Ordered Product Sales"]
    path = put(tmp_path, "a.csv", commas(header, [["C", "1", "1", "£5.00"]]))
    with pytest.raises(ReportError, match="stated to be of DE"):
        read_business_report(path, **OCTOBER, marketplace="DE")
    (problem,) = inspect(
        tmp_path / "shop", {f"{WINDOW}/a.csv": path.read_bytes()}, '[shop]\nmarketplaces = ["US"]'
    ).problems
    assert "GBP, which none of the shop's marketplaces uses" in str(problem)


def test_the_period_is_never_read_from_the_files_name(tmp_path):
    path = put(tmp_path, "BusinessReport-31-10-2026.csv", commas(UK_SLIM, SKU_ROWS))
    with pytest.raises(ReportError, match="does not say which period"):
        read_business_report(path)


def test_a_header_alone_is_a_report_without_rows(tmp_path):
    table = read_business_report(put(tmp_path, "a.csv", ",".join(UK_SLIM) + "\n"), **OCTOBER)
    assert len(table) == 0
