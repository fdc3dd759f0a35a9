"""Nothing personal leaves the reader: planted in every column of every format, then looked for."""

import re

import pytest

from feedback_analysis import ReportError, read_feedback, read_orders
from tests.amazon.files import (
    CONFIRMATIONS,
    FBA_RETURNS,
    FEEDBACK,
    LEGACY,
    ORDER,
    ORDERS,
    SELLER_RETURNS,
    SHIPMENTS,
    UK_SLIM,
    commas,
    inspect,
    lines_of,
    put,
    row_of,
)

NAME, EMAIL, PHONE = "Zebulon Quist", "zquist@example.com", "(202) 555-0173"
STREET, OTHER_ORDER = "77 Nowhere Lane", "000-7654321-1234567"
WORDS = [NAME, EMAIL, PHONE, STREET, OTHER_ORDER]
PLANTED = [NAME, "Quist", EMAIL, PHONE, "555-0173", STREET, OTHER_ORDER, "7654321"]
TEXT = f"{NAME}, {STREET}, {EMAIL}, {PHONE}, {OTHER_ORDER}"
# In free text a name or a street cannot be told from other words; the rest must be masked.
SAID = f"write to {EMAIL} or call {PHONE} about {OTHER_ORDER}"

# What these columns hold is kept as it is: codes, states, and comments once they are masked.
KEPT = {
    "Comments", "Your Response", "customer-comments",
    "sku", "asin", "Merchant SKU", "ASIN", "SKU", "(Parent) ASIN", "(Child) ASIN",
    "carrier", "carrier-name", "carrier-code", "currency", "Currency code", "order-status",
    "ship-service-level", "status", "Return request status", "reason", "Return Reason",
    "Resolution", "Label to be paid by",
}  # fmt: skip
ORDER_COLUMNS = {"order id", "amazon order id"}
GOOD = {
    "Feedback": (FEEDBACK, {"date": "10/13/26", "rating": 1, "comments": SAID,
                            "your_response": SAID, "order_id": ORDER(1)}),
    "Legacy": (LEGACY, {"date": "10/13/16", "rating": 1, "comments": SAID, "order_id": ORDER(1)}),
    "Orders": (ORDERS, {"amazon_order_id": ORDER(1), "purchase_date": "2026-10-03T09:00:00+00:00",
                        "quantity": 1, "sku": "S", "asin": "B1"}),
    "Shipments": (SHIPMENTS, {"amazon_order_id": ORDER(1), "carrier": "Northline",
                              "shipment_date": "2026-10-03T09:00:00-08:00",
                              "tracking_number": "NL77"}),
    "Confirmations": (CONFIRMATIONS, {"order_id": ORDER(1), "ship_date": "2026-10-03",
                                      "carrier_name": "Northline"}),
    "FBA returns": (FBA_RETURNS, {"order_id": ORDER(1), "return_date": "2026-10-03", "quantity": 1,
                                  "customer_comments": SAID, "reason": "DEFECTIVE"}),
    "Seller returns": (SELLER_RETURNS, {"order_id": ORDER(1), "return_request_date": "29-Sep-2026",
                                        "return_quantity": 1, "return_reason": "DEFECTIVE",
                                        "return_request_status": SAID}),
    "Business report": (UK_SLIM, {"_parent__asin": "P", "_child__asin": "C", "sku": "S",
                                  "sessions___total": 10, "units_ordered": 1}),
}  # fmt: skip


def everything(found):
    """Return all that a reading gave, as one text: tables, ledger, reasons, messages."""
    shop = found.shop
    frames = [*shop.tables().values(), shop.ledger, shop.set_aside, shop.missing]
    texts = [frame.to_csv() for frame in frames]
    texts += [str(problem) for problem in found.problems]
    texts += [repr(shop), repr(found)]
    return "\n".join(texts)


def files_of(header, rows):
    folder = "US/2026-10-01_2026-10-31"
    return {f"{folder}/a.txt": lines_of(header, rows), f"{folder}/b.csv": commas(header, rows)}


@pytest.mark.parametrize("report", GOOD)
def test_personal_data_of_columns_that_are_not_needed_is_gone(tmp_path, report):
    header, cells = GOOD[report]
    row = row_of(header, **cells)
    row = [cell or ("" if name in KEPT else TEXT) for name, cell in zip(header, row, strict=True)]
    found = inspect(tmp_path, files_of(header, [row]))
    text = everything(found)
    for planted in PLANTED:
        assert planted not in text
    assert ORDER(1) not in text


@pytest.mark.parametrize("report", GOOD)
def test_a_cell_that_cannot_be_read_is_never_shown(tmp_path, report):
    header, cells = GOOD[report]
    good = row_of(header, **cells)
    rows = [good]
    for place, name in enumerate(header):
        if name not in KEPT and name.casefold().replace("-", " ") not in ORDER_COLUMNS:
            rows += [[*good[:place], planted, *good[place + 1 :]] for planted in WORDS]
    text = everything(inspect(tmp_path, files_of(header, rows)))
    for planted in WORDS:
        assert planted not in text, planted


@pytest.mark.parametrize("report", GOOD)
def test_rows_that_slipped_by_a_cell_show_nothing(tmp_path, report):
    header, cells = GOOD[report]
    row = row_of(header, **cells)
    slipped = [[TEXT, *row], [*row[1:], TEXT], [NAME, *row[:-1]], [*row, PHONE]]
    found = inspect(tmp_path, files_of(header, [row, *slipped]))
    text = everything(found)
    for planted in ("Quist", EMAIL, PHONE, STREET, OTHER_ORDER):
        assert planted not in text, planted


def test_comments_keep_their_words_and_lose_what_is_personal(tmp_path):
    header, cells = GOOD["Feedback"]
    found = inspect(tmp_path, {"a.txt": lines_of(header, [row_of(header, **cells)])})
    masked = "write to [e-mail] or call [phone] about [order id]"
    assert found.shop.feedback[["comment", "response"]].values.tolist() == [[masked, masked]]


def test_the_header_of_an_unknown_file_shows_no_address(tmp_path):
    header = ["Contact", EMAIL, f"Call {PHONE}", OTHER_ORDER]
    (problem,) = inspect(tmp_path, {"a.csv": commas(header, [["x"] * 4])}).problems
    for planted in (EMAIL, PHONE, OTHER_ORDER):
        assert planted not in str(problem)


def test_a_bare_reader_keeps_no_way_back_to_the_order(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "configuration"))
    header, cells = GOOD["Feedback"]
    table = read_feedback(put(tmp_path, "a.txt", lines_of(header, [row_of(header, **cells)])))
    assert re.fullmatch(r"o[0-9a-f]{16}", table["order_key"][0])
    kept = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert sorted(path.name for path in kept) == ["a.txt", "salt"]
    with pytest.raises(ReportError, match="this is another report") as caught:
        read_orders(tmp_path / "a.txt")
    assert ORDER(1) not in str(caught.value)
