"""One sound file of every report type, with personal data planted wherever a buyer's stands."""

import gzip
import json

from tests.amazon import files

EMAIL = "zebulon.quackenbush@example.com"
PHONE = "555-010-4477"
NAME = "Zebulon Quackenbush"
STREET = "17 Wombat Crescent"
ORDER = "000-7654321-1234567"
PLANTED = (EMAIL, PHONE, NAME, STREET, ORDER, "Quackenbush", "Wombat", "7654321")
COMMENT = f"late, ask {NAME}, {EMAIL} or {PHONE}, about {ORDER}"
RELAY = "zebulon.quackenbush@marketplace.amazon.com"
PERIOD = "2026-10-01_2026-10-31"


def _feedback(header=files.FEEDBACK, encoding="utf-8", separator="\t"):
    rows = [
        ["10/31/26", "1", COMMENT, f"Dear {NAME}, sorry", ORDER, RELAY],
        ["10/2/26", "5", "très bien ""vraiment", "", files.ORDER(2), RELAY],
        ["10/13/26", "3", "", "", files.ORDER(3), ""],
        ["9/30/26", "2", "ok?? \u201cno\u201d", "", "D01-1234567-1234567", RELAY],
    ]  # fmt: skip
    if len(header) == 10:
        rows = [[*row[:4], "Yes", "No", "-", *row[4:], "Buyer"] for row in rows]
    return files.lines_of(header, rows, separator=separator).encode(encoding)


def _business(header, *, encoding="utf-8-sig"):
    def row(number, sku):
        cells = dict.fromkeys(header, "1")
        for name in header:
            plain = name.casefold()
            if "percentage" in plain:
                cells[name] = "12.50%"
            elif "sales" in plain:
                cells[name] = "$1,234.56"
            elif "(parent)" in plain:
                cells[name] = f"B0PARENT{number:02d}"
            elif "(child)" in plain:
                cells[name] = f"B0CHILD{number:03d}"
            elif plain == "title":
                cells[name] = f"Mug of {NAME}, 100%"
            elif plain == "sku":
                cells[name] = sku
            elif "sessions" in plain:
                cells[name] = "1,234"
        return [cells[name] for name in header]

    rows = [row(1, "NA"), row(1, "0012"), row(2, "x"), row(3, "y")]
    return files.commas(header, rows).encode(encoding)


def _by_date():
    header = [
        "Date", "Ordered Product Sales", "Units Ordered", "Total Order Items",
        "Page Views - Total", "Sessions - Total", "Unit Session Percentage",
    ]  # fmt: skip
    rows = [[f"10/{day}/26", "$12.50", "3", "2", "1,040", "310", "0.97%"] for day in (1, 2, 13)]
    return files.commas(header, rows).encode()


def _orders():
    def row(order, channel, **more):
        return files.row_of(
            files.ORDERS, amazon_order_id=order, purchase_date="2026-10-31T23:10:00+00:00",
            last_updated_date="2026-11-01T08:00:00+00:00", order_status="Shipped",
            fulfillment_channel=channel, sales_channel="Amazon.com", sku="007", asin="B0CHILD001",
            quantity="2", currency="USD", item_price="12.50", ship_city=NAME, **more,
        )  # fmt: skip

    rows = [row(ORDER, "Amazon"), row(files.ORDER(5), "Merchant"), row(files.ORDER(6), "Amazon")]
    return files.lines_of(files.ORDERS, rows, end="\r\n").encode("cp1252")


def _shipments():
    def row(order):
        return files.row_of(
            files.SHIPMENTS, amazon_order_id=order, shipment_date="2026-10-02T01:02:03-07:00",
            purchase_date="2026-10-01T01:02:03-07:00", buyer_email=EMAIL, buyer_name=NAME,
            buyer_phone_number=PHONE, recipient_name=NAME, ship_address_1=STREET, sku="s1",
            quantity_shipped="1", currency="USD", item_price="9.99", carrier="UPS",
            tracking_number="1Z999", estimated_arrival_date="2026-10-05T20:00:00-07:00",
            sales_channel="Amazon.com",
        )  # fmt: skip

    return files.lines_of(files.SHIPMENTS, [row(ORDER), row(files.ORDER(8))], end="\r\n").encode()


def _confirmations():
    rows = [
        files.row_of(
            files.CONFIRMATIONS, order_id=order, order_item_id="1", quantity="1",
            ship_date="2026-10-03", carrier_code="Other", carrier_name="DPD", tracking_number="T1",
        )
        for order in (ORDER, files.ORDER(9))
    ]  # fmt: skip
    return files.lines_of(files.CONFIRMATIONS, rows).encode()


def _fba_returns(*, quoted):
    def row(order, comment):
        return files.row_of(
            files.FBA_RETURNS, return_date="2026-10-12T09:00:00+00:00", order_id=order, sku="007",
            asin="B0CHILD001", quantity="1", reason="CR-DEFECTIVE", status="Reimbursed",
            customer_comments=comment,
        )  # fmt: skip

    rows = [row(ORDER, COMMENT), row(files.ORDER(4), "broke\nafter a day" if quoted else "broke")]
    text = files.commas(files.FBA_RETURNS, rows, all_quoted=True)
    return (text if quoted else files.lines_of(files.FBA_RETURNS, rows)).encode()


def _seller_returns():
    def row(order):
        return files.row_of(
            files.SELLER_RETURNS, order_id=order, order_date="21-Sep-2026",
            return_request_date="29-Sep-2026", return_request_status=f"Denied by {NAME}",
            label_cost="4,50", currency_code="EUR", label_to_be_paid_by="Customer",
            asin="B0CHILD001", merchant_sku="s", return_quantity="1",
            return_reason="AMZ-PG-BAD-DESC", resolution="StandardRefund", order_amount="12,50",
            order_quantity="1", refunded_amount="12,50",
        )  # fmt: skip

    return files.lines_of(files.SELLER_RETURNS, [row(ORDER), row(files.ORDER(7))]).encode()


def _sales_and_traffic():
    money = {"amount": 12.5, "currencyCode": "USD"}
    traffic = {"sessions": 10, "pageViews": 20, "buyBoxPercentage": 97, "feedbackReceived": 3,
               "negativeFeedbackReceived": 1}  # fmt: skip
    sales = {"orderedProductSales": money, "unitsOrdered": 2, "totalOrderItems": 2,
             "unitsRefunded": 0}  # fmt: skip
    return json.dumps(
        {
            "reportSpecification": {
                "reportType": "GET_SALES_AND_TRAFFIC_REPORT",
                "reportOptions": {"dateGranularity": "DAY", "asinGranularity": "CHILD"},
                "dataStartTime": "2026-10-01", "dataEndTime": "2026-10-03",
                "marketplaceIds": ["ATVPDKIKX0DER"],
            },
            "salesAndTrafficByDate": [
                {"date": f"2026-10-0{day}", "salesByDate": sales, "trafficByDate": traffic}
                for day in (1, 2, 3)
            ],
            "salesAndTrafficByAsin": [
                {"parentAsin": "B0PARENT01", "childAsin": f"B0CHILD00{number}",
                 "salesByAsin": sales, "trafficByAsin": traffic}
                for number in (1, 2)
            ],
        },
        indent=1,
    ).encode()  # fmt: skip


def _account_health():
    span = {"reportingDateFrom": "2026-08-01T00:00Z", "reportingDateTo": "2026-09-30T00:00Z"}
    defects = {"orderCount": 100, "orderWithDefects": {"count": 2}, "claims": {"count": 1},
               "negativeFeedback": {"count": 1}, "rate": 0.02, "targetValue": 0.01,
               "targetCondition": "LESS_THAN", "reportingDateRange": span,
               "status": "BAD"}  # fmt: skip
    late = {"rate": 0.03, "targetValue": 0.04, "lateShipmentCount": 3, "orderCount": 100,
            "reportingDateRange": span, "status": "GOOD"}  # fmt: skip
    block = {"marketplaceId": "ATVPDKIKX0DER", "orderDefectRate": {"afn": defects, "mfn": defects},
             "lateShipmentRate": late, "listingPolicyViolations": {"defectsCount": 0}}  # fmt: skip
    return json.dumps(
        {"accountStatuses": [{"marketplaceId": "ATVPDKIKX0DER", "status": "NORMAL"}],
         "performanceMetrics": [block]},
        indent=1,
    ).encode()  # fmt: skip


def _reviews():
    rows = [["B0CHILD001", f"2026-10-{day}", "12", "4.5"] for day in (11, 12, 13)]
    header = ["asin", "date", "review_count", "average_rating"]
    return files.commas(header, [*rows, ["B0CHILD002", "2026-10-13", "0", ""]]).encode()


def _keepa():
    header = ["Title", "ASIN", "Reviews: Rating", "Reviews: Rating Count"]
    rows = [["Mug, blue", "B0CHILD001", "4.5", "1,204"], ["Mug", "B0CHILD002", "", "0"]]
    return files.commas(header, rows, all_quoted=True).encode("utf-8-sig")


def _totals():
    header = ["as_of", "window", "marketplace", "positive", "neutral", "negative"]
    rows = [["2026-10-31", "365 days", "US", "900", "20", "30"],
            ["2026-10-31", "30 days", "US", "80", "1", "2"]]  # fmt: skip
    return files.commas(header, rows).encode()


def _cases():
    header = ["order_id", "opened", "owner", "status", "resolution", "cost", "currency", "closed"]
    rows = [
        [ORDER, "2026-10-13", NAME, f"wrote to {EMAIL}", "refund", "12.50", "USD", "2026-10-20"],
        [files.ORDER(2), "2026-10-14", "J", "open", "", "", "", ""],
    ]
    return files.commas(header, rows).encode()


# Name: where it lies in a shop's folder, and its bytes.
SOUND = {
    "feedback": ("amazon/US/feedback.txt", _feedback()),
    "feedback, cp1252": ("amazon/US/feedback.txt", _feedback(encoding="cp1252")),
    "feedback, comma": ("amazon/US/feedback.csv", _feedback(separator=";")),
    "feedback, 10 columns": ("amazon/US/feedback.txt", _feedback(files.LEGACY)),
    "feedback, translated": ("amazon/US/f.txt", _feedback(["Fecha", "B", "C", "D", "E", "F"])),
    "feedback, packed": ("amazon/US/feedback.txt.gz", gzip.compress(_feedback(), mtime=0)),
    "by SKU": (f"amazon/US/{PERIOD}/sku.csv", _business(files.US_SLIM)),
    "by child": (
        f"amazon/US/{PERIOD}/child.csv",
        _business([name for name in files.UK_SLIM if name != "SKU"]),
    ),
    "by date": ("amazon/US/daily.csv", _by_date()),
    "sales and traffic": ("amazon/US/sales.json", _sales_and_traffic()),
    "orders": ("amazon/US/orders.txt", _orders()),
    "shipments": ("amazon/US/shipments.txt", _shipments()),
    "confirmations": ("amazon/US/confirmations.txt", _confirmations()),
    "FBA returns": ("amazon/US/returns.txt", _fba_returns(quoted=False)),
    "FBA returns, quoted": ("amazon/US/returns.csv", _fba_returns(quoted=True)),
    "seller returns": ("amazon/US/seller-returns.txt", _seller_returns()),
    "account health": ("amazon/health.json", _account_health()),
    "reviews": ("amazon/reviews.csv", _reviews()),
    "keepa": ("amazon/2026-10-31_2026-10-31/keepa.csv", _keepa()),
    "totals": ("amazon/totals.csv", _totals()),
    "cases": ("cases.csv", _cases()),
}
