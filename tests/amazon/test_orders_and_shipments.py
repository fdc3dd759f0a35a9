"""All Orders in its variants, fulfilled shipments, and a seller's shipping confirmations."""

import pandas as pd
import pytest

from feedback_analysis import ReportError, read_orders, read_shipments
from tests.amazon.files import (
    CONFIRMATIONS,
    ORDER,
    ORDERS,
    SHIPMENTS,
    commas,
    inspect,
    ledger_of,
    lines_of,
    put,
    read_shop,
    row_of,
)


def order(number=1, header=ORDERS, **cells):
    facts = {
        "amazon_order_id": ORDER(number), "purchase_date": "2026-10-03T09:00:00+00:00",
        "last_updated_date": "2026-10-05T09:00:00+00:00", "order_status": "Shipped",
        "fulfillment_channel": "Amazon", "sales_channel": "Amazon.com", "sku": "MUG-1",
        "asin": "B000000001", "quantity": 2, "currency": "USD", "item_price": "25.98",
        "ship_service_level": "Expedited", "ship_city": "Springfield", "product_name": 'A 5" mug',
    }  # fmt: skip
    return row_of(header, **(facts | cells))


def shipment(number=1, **cells):
    facts = {
        "amazon_order_id": ORDER(number), "shipment_date": "2026-10-04T20:00:00-08:00",
        "estimated_arrival_date": "2026-10-08T20:00:00-08:00", "carrier": "Northline",
        "tracking_number": "NL0001", "sku": "MUG-1", "quantity_shipped": 1,
        "sales_channel": "Amazon.com", "buyer_email": "x@marketplace.amazon.com",
    }  # fmt: skip
    return row_of(SHIPMENTS, **(facts | cells))


VARIANTS = {
    "usual": ORDERS,
    "with url and is-sold-by-ab": [*ORDERS[:8], "url", *ORDERS[8:], "is-sold-by-ab"],
    "with tax columns and without cpf": [
        *(name for name in ORDERS if name != "cpf"), "number-of-items", "tax-collection-model",
        "tax-collection-responsible-party", "address-type",
    ],
}  # fmt: skip


@pytest.mark.parametrize("header", VARIANTS.values(), ids=VARIANTS)
def test_every_variant_of_all_orders_is_read_by_name(tmp_path, header):
    rows = [
        order(1, header),
        order(2, header, fulfillment_channel="Merchant", order_status="Pending", item_price="",
              currency="", quantity=1),
        order(3, header, sku="NA", asin="0123456789", quantity=0, order_status="Cancelled"),
    ]  # fmt: skip
    table = read_orders(put(tmp_path, "orders.txt", lines_of(header, rows, end="\r\n")))
    columns = ["marketplace", "sku", "asin", "channel", "quantity", "status", "ship_service_level"]
    assert table[columns].values.tolist() == [
        ["US", "MUG-1", "B000000001", "amazon", 2, "Shipped", "Expedited"],
        ["US", "MUG-1", "B000000001", "seller", 1, "Pending", "Expedited"],
        ["US", "NA", "0123456789", "amazon", 0, "Cancelled", "Expedited"],
    ]
    assert table["item_price"].fillna(-1).tolist() == [25.98, -1, 25.98]
    assert table["order_key"].nunique() == 3


def test_days_are_those_of_the_marketplace(tmp_path):
    rows = [
        order(1, purchase_date="2026-10-03T02:00:00+00:00"),
        order(2, purchase_date="2026-10-03T23:30:00+00:00", sales_channel="Amazon.co.uk"),
        order(3, purchase_date="2026-10-03T16:00:00Z", sales_channel="Amazon.co.jp"),
        order(4, purchase_date="2026-10-03", sales_channel="Amazon.com"),
    ]
    table = read_orders(put(tmp_path, "orders.txt", lines_of(ORDERS, rows)))
    assert table["purchase_date"].dt.strftime("%m-%d").tolist() == [
        "10-02", "10-04", "10-04", "10-03",
    ]  # fmt: skip
    assert table["marketplace"].tolist() == ["US", "UK", "JP", "US"]


def test_orders_outside_amazon_are_of_no_marketplace(tmp_path):
    rows = [order(1), order(2, sales_channel="Non-Amazon")]
    table = read_orders(put(tmp_path, "orders.txt", lines_of(ORDERS, rows)), marketplace="US")
    assert table["marketplace"].fillna("none").tolist() == ["US", "none"]


def test_unknown_channels_and_statuses_are_tolerated(tmp_path):
    rows = [order(1, fulfillment_channel="Drone", order_status="Shipping")]
    table = read_orders(put(tmp_path, "orders.txt", lines_of(ORDERS, rows)))
    assert table["channel"].isna().all()
    assert table["status"].tolist() == ["Shipping"]


def test_a_quoted_comma_copy_and_latin_1_text_load(tmp_path):
    rows = [order(1, product_name="Tasse, größer\nund schöner")]
    table = read_orders(put(tmp_path, "orders.csv", commas(ORDERS, rows), "cp1252"))
    assert len(table) == 1
    text = lines_of(ORDERS, [order(1, product_name='"two\nlines"')])
    assert len(read_orders(put(tmp_path, "orders.txt", text))) == 1


def test_ragged_trailing_tabs_are_no_fault(tmp_path):
    first, second = "\t".join(order(1)), "\t".join(order(2)).rstrip("\t")
    text = "\t".join(ORDERS) + f"\n{first}\t\t\n{second}\n"
    assert len(read_orders(put(tmp_path, "orders.txt", text))) == 2


def test_order_ids_that_a_spreadsheet_spoilt_are_told(tmp_path):
    rows = [order(1), order(2, amazon_order_id="1.12123E+16")]
    shop = read_shop(tmp_path, {"orders.txt": lines_of(ORDERS, rows)})
    assert len(shop.orders) == 1
    assert "spreadsheet" in ledger_of(shop, "orders.txt")["note"]
    rows = [shipment(1), shipment(2, amazon_order_id="11212345671234500")]
    shop = read_shop(tmp_path / "other", {"shipments.txt": lines_of(SHIPMENTS, rows)})
    assert "spreadsheet" in ledger_of(shop, "shipments.txt")["note"]


def test_bad_rows_are_set_aside_with_their_lines(tmp_path):
    rows = [order(1), order(2, purchase_date="yesterday"), order(3, quantity="two"),
            order(4, quantity=""), order(5, amazon_order_id="")]  # fmt: skip
    shop = read_shop(tmp_path, {"orders.txt": lines_of(ORDERS, rows)})
    assert len(shop.orders) == 1
    assert sorted(shop.set_aside["lines"]) == ["3", "4", "5", "6"]


def test_orders_of_another_shop_are_refused(tmp_path):
    (problem,) = inspect(
        tmp_path, {"orders.txt": lines_of(ORDERS, [order(1)])}, '[shop]\nmarketplaces = ["DE"]\n'
    ).problems
    assert "none of the shop's" in str(problem)


def test_two_items_of_one_order_are_two_rows_and_two_downloads_count_once(tmp_path):
    first = [order(1), order(1), order(2, order_status="Pending", item_price="")]
    second = [
        order(2, last_updated_date="2026-10-20T09:00:00+00:00"),
        order(3, last_updated_date="2026-10-20T09:00:00+00:00"),
    ]
    shop = read_shop(
        tmp_path, {"a.txt": lines_of(ORDERS, first), "b.txt": lines_of(ORDERS, second)}
    )
    assert len(shop.orders) == 4
    assert shop.orders["status"].tolist() == ["Shipped"] * 4
    assert ledger_of(shop, "a.txt")["rows_set_aside"] == 1
    assert ledger_of(shop, "b.txt")["rows_set_aside"] == 0


def test_fulfilled_shipments_of_48_columns(tmp_path):
    assert len(SHIPMENTS) == 48
    rows = [shipment(1), shipment(2, tracking_number="", carrier="", estimated_arrival_date="")]
    path = put(tmp_path, "shipments.txt", lines_of(SHIPMENTS, rows, end="\r\n"))
    table = read_shipments(path)
    # 20:00 at -08:00 is 21:00 of the same day in summer time.
    assert table["ship_date"].tolist() == [pd.Timestamp("2026-10-04")] * 2
    assert table["estimated_arrival"].fillna(pd.Timestamp(0)).tolist() == [
        pd.Timestamp("2026-10-08"), pd.Timestamp(0),
    ]  # fmt: skip
    assert table["carrier"].fillna("none").tolist() == ["Northline", "none"]
    assert table["has_tracking"].tolist() == [True, False]


def test_the_offset_of_a_shipment_is_turned_into_the_marketplaces_day(tmp_path):
    rows = [shipment(1, shipment_date="2026-10-04T23:30:00-08:00")]
    table = read_shipments(put(tmp_path, "shipments.txt", lines_of(SHIPMENTS, rows)))
    assert table["ship_date"].tolist() == [pd.Timestamp("2026-10-05")]


def test_a_sellers_own_shipping_confirmations(tmp_path):
    rows = [
        row_of(CONFIRMATIONS, order_id=ORDER(1), quantity=1, ship_date="2026-10-04",
               carrier_code="Other", carrier_name="Swiftway", tracking_number="SW1"),
        row_of(CONFIRMATIONS, order_id=ORDER(2), quantity=1, ship_date="2026-10-05",
               carrier_code="Northline"),
    ]  # fmt: skip
    table = read_shipments(put(tmp_path, "mine.txt", lines_of(CONFIRMATIONS, rows)))
    assert table["ship_date"].dt.day.tolist() == [4, 5]
    assert table["carrier"].tolist() == ["Swiftway", "Northline"]
    assert table["has_tracking"].tolist() == [True, False]
    assert table["estimated_arrival"].isna().all()


def test_the_reader_of_one_report_refuses_another(tmp_path):
    path = put(tmp_path, "a.txt", lines_of(ORDERS, [order(1)]))
    with pytest.raises(ReportError, match="this is another report: All Orders"):
        read_shipments(path)


def test_days_of_a_file_without_channel_are_those_of_the_shops_only_marketplace(tmp_path):
    header = [name for name in SHIPMENTS if name != "sales-channel"]
    row = shipment(1, shipment_date="2026-10-04T02:00:00+00:00")[:-1]
    shop = read_shop(
        tmp_path, {"a.txt": lines_of(header, [row])}, '[shop]\nmarketplaces = ["US"]\n'
    )
    assert shop.shipments["ship_date"].tolist() == [pd.Timestamp("2026-10-03")]
