"""Feedback that a spreadsheet made look like another marketplace's counts in no two of them."""

import pytest

from tests.amazon.files import ORDER, ORDERS, feedback, inspect, lines_of, row_of

ROWS = [(n, 1 + n % 3, f"number {n} was late", "", ORDER(n)) for n in range(13, 29)]
AMERICAN = feedback(*((f"10/{n}/26", *rest) for n, *rest in ROWS))
GERMAN = feedback(*((f"{n}.10.2026", *rest) for n, *rest in ROWS)).replace("\t", ";")


def bought(place, numbers=range(13, 29)):
    return lines_of(
        ORDERS,
        [
            row_of(ORDERS, amazon_order_id=ORDER(n), purchase_date="2026-10-01T09:00:00+00:00",
                   quantity=1, sku="S", asin="B000000001", sales_channel=place,
                   fulfillment_channel="Merchant")
            for n in numbers
        ],
    )  # fmt: skip


def taken(found):
    return [(problem.file, problem.message) for problem in found.problems]


@pytest.mark.parametrize("beside", [{}, {"feedback.txt": AMERICAN}])
def test_orders_tell_that_a_file_is_not_of_where_its_days_seem_to_be(tmp_path, beside):
    found = inspect(tmp_path, {"de.csv": GERMAN, "orders.txt": bought("Amazon.com"), **beside})
    words = "the file is taken for DE, but its orders are of US"
    assert taken(found) == [("amazon/de.csv", words)]
    assert 'path = "de.csv"\nmarketplace = "US"' in found.problems[0].remedy


def test_without_orders_both_files_are_told(tmp_path):
    found = inspect(tmp_path, {"de.csv": GERMAN, "feedback.txt": AMERICAN})
    assert [file for file, _ in taken(found)] == ["amazon/de.csv", "amazon/feedback.txt"]


def test_what_is_stated_counts_before_what_days_seem_to_say(tmp_path):
    found = inspect(tmp_path, {"de.csv": GERMAN, "US/feedback.txt": AMERICAN})
    assert [file for file, _ in taken(found)] == ["amazon/de.csv"]


def test_a_file_in_the_wrong_folder_is_told_and_counts_once_in_the_right_one(tmp_path):
    orders = bought("Amazon.com")
    plain = feedback(*((f"2026-10-{n}", *rest) for n, *rest in ROWS))
    found = inspect(tmp_path / "1", {"CA/f.txt": plain, "o.txt": orders})
    assert [message for _, message in taken(found)] == [
        "the file is taken for CA, but its orders are of US"
    ]
    files = {"US/f.txt": AMERICAN, "US/copy.csv": AMERICAN.replace("\t", ";"), "o.txt": orders}
    found = inspect(tmp_path / "2", files)
    assert found.problems == ()
    assert len(found.shop.feedback) == len(ROWS)


def test_one_slip_or_orders_sold_elsewhere_say_nothing(tmp_path):
    files = {"a.txt": bought("Non-Amazon"), "b.txt": bought("Amazon.de", [13])}
    assert inspect(tmp_path, {"US/f.txt": AMERICAN, **files}).problems == ()
