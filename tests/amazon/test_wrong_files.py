"""Files of a wrong menu and files that stand for others: each is called by its name."""

import gzip

import pytest

from feedback_analysis.amazon.unknown import other_report
from tests.amazon.files import feedback, inspect

WORDS = "Includes Amazon Marketplace, Fulfillment by Amazon (FBA), and Amazon Webstore transactions"


@pytest.mark.parametrize(
    ("header", "label", "instead"),
    [
        ("order-id\torder-item-id\tpurchase-date\tbuyer-email\tbuyer-name\tsku\tproduct-name",
         "new or unshipped orders", "Orders > Order Reports > All Orders"),
        ("sku\tfnsku\tasin\tproduct-name\tcondition\tafn-warehouse-quantity", "FBA inventory", ""),
        ("settlement-id\tsettlement-start-date\torder-id\tsku\tquantity-purchased",
         "settlement of payments", ""),
        (f'"{WORDS}"', "transactions of a date range", ""),
        ("Date,Currency,Campaign Name,Impressions,Clicks", "advertising", ""),
        ("approval-date\treimbursement-id\tamazon-order-id\treason\tsku\tasin",
         "FBA reimbursements", "FBA customer returns"),
        ("item-name\tlisting-id\tseller-sku\tprice\tquantity", "listings", ""),
    ],
)  # fmt: skip
def test_a_report_of_the_wrong_menu_is_called_by_its_name(tmp_path, header, label, instead):
    sep = "\t" if "\t" in header else ","
    row = sep.join(["x"] * len(header.split(sep)))
    (problem,) = inspect(tmp_path, {"US/some name.txt": f"{header}\n{row}\n"}).problems
    assert problem.message == f"this is a report of {label}, from which nothing is taken"
    assert instead in problem.remedy
    assert ("download" in problem.remedy) is bool(instead)
    assert '[[files]]\npath = "US/some name.txt"\nignore = true' in problem.remedy


def test_the_headers_of_reports_that_are_read_are_none_of_these():
    from feedback_analysis.amazon.report_types import report_types

    for report in report_types().values():
        headers = [header for column in report.columns.values() for header in column.headers]
        needed = [report.columns[name].headers[0] for name in report.require]
        assert other_report(needed) is None, report.id
        assert other_report(["x", *headers[:3]]) is None, report.id


@pytest.mark.parametrize(
    ("content", "what"),
    [
        ("[InternetShortcut]\r\nURL=https://example.com/\r\n", "a shortcut"),
        ("[Desktop Entry]\nType=Link\n", "a shortcut"),
        (b"L\0\0\0\x01\x14\x02\0" + bytes(60), "a shortcut"),
        ('<?xml version="1.0"?>\n<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "x">\n'
         "<plist/>", "a shortcut"),
        (gzip.compress(gzip.compress(b"Date\tRating\n")), "a gzip within a gzip"),
    ],
)  # fmt: skip
def test_what_stands_for_another_file_is_called_so(tmp_path, content, what):
    (problem,) = inspect(tmp_path, {"US/feedback.txt": content}).problems
    assert problem.message == f"the file is {what}, not a report"


def test_words_of_a_shortcut_in_a_comment_are_a_comment(tmp_path):
    said = "[InternetShortcut] <!DOCTYPE plist> [Desktop Entry]"
    found = inspect(tmp_path, {"US/f.txt": feedback(("10/14/26", 1, said, "", ""))})
    assert (found.problems, len(found.shop.feedback)) == ((), 1)
