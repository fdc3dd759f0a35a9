"""A tiny shop with personal data planted in every text column of every kind of file."""

import html
import json
import random
import re
import string
import unicodedata
from urllib.parse import unquote

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
    lines_of,
    make_shop,
    row_of,
)

# What is tried is what is kept and shown, not how well comments are understood.
TOML = """
[shop]
name = "Planted"
marketplaces = ["US"]
[causes]
encoder = "none"
"""
KINDS = ("e-mail", "phone", "order id", "name")
WIDE = {ord(sign): chr(ord(sign) + 0xFEE0) for sign in string.printable[:94]}
# What these columns hold decides whether the row is read at all; the rest is planted in.
NEEDED = {
    "amazon-order-id", "order-id", "Order ID", "Date", "Rating", "purchase-date", "quantity",
    "fulfillment-channel", "sales-channel", "shipment-date", "ship-date", "return-date",
    "Return request date", "Return quantity", "item-price", "Refunded Amount",
    "estimated-arrival-date", "last-updated-date", "order_id", "asked", "opened", "closed", "cost",
    "date", "review_count", "average_rating", "tracking-number", "Arrived on Time",
    "Item as Described", "Customer Service",
}  # fmt: skip
NUMBERS = ("B2B", "total", "Percentage")
# Digits alone are a barcode here, or a number that the seller gives.
CODES = {"sku", "asin", "SKU", "ASIN", "Merchant SKU", "(Parent) ASIN", "(Child) ASIN"}
NAMES = {"buyer-name", "recipient-name"}


def letters(number):
    """Return a number in four letters."""
    found = ""
    for _ in range(4):
        number, place = divmod(number, 26)
        found = string.ascii_lowercase[place] + found
    return found


def item(kind, number):
    """Return one item, as it is usually written."""
    return {
        "e-mail": f"leak{number:05d}@planted.example.com",
        "phone": f"07700 9{number:05d}",
        "order id": f"000-77{number:05d}-88{number:05d}",
        "name": f"Zebulon Quist{letters(number)}",
    }[kind]


def core(kind, number):
    """Return the part of an item that tells it, without marks and blanks."""
    return {
        "e-mail": f"leak{number:05d}planted",
        "phone": f"077009{number:05d}",
        "order id": f"00077{number:05d}",
        "name": f"quist{letters(number)}",
    }[kind]


def spelt(text, way):
    """Spell a text in one of the ways that a buyer, a program or a hurried paste may."""
    match way:
        case "plain" | "words":
            return text
        case "wide":
            return text.translate(WIDE)
        case "no width":
            return "\u200b".join(text)
        case "entities":
            return "".join(f"&#{ord(sign)};" for sign in text)
        case "hexadecimal":
            return "".join(f"&#x{ord(sign):X};" if not sign.isalnum() else sign for sign in text)
        case "percent":
            return "".join(f"%{ord(sign):02X}" if not sign.isalnum() else sign for sign in text)
        case "percent twice":
            return spelt(text, "percent").replace("%", "%25")
        case "capitals":
            return text.upper()
        case "dashes":
            return text.replace("-", "\u2011").replace(" ", "\u00a0")
        case "blanks":
            spaced = text.replace("@", " @ ").replace("-", " ")
            return spaced.replace(" ", "  ") if "Quist" in text else spaced


WAYS = (
    "plain", "wide", "no width", "entities", "hexadecimal", "percent", "percent twice",
    "capitals", "dashes", "blanks",
)  # fmt: skip


class Planter:
    """Gives out the items, each of a kind and in a spelling that chance chooses."""

    def __init__(self):
        self.given = []
        self._chance = random.Random(7)

    def __call__(self, column):
        kind = "name" if column in NAMES else self._chance.choice(KINDS)
        number = len(self.given)
        way = "plain" if column in NAMES else self._chance.choice(WAYS)
        text = item(kind, number)
        if column in CODES and kind == "phone":
            text = text.replace("0", "+44 0", 1)
        self.given.append((kind, number, way, column))
        said = spelt(text, way)
        free = any(word in column.casefold() for word in ("comment", "response", "note"))
        return f"Please write to {said} soon" if free else said


def row(header, plant, **cells):
    """Return a row with an item in every cell that is not needed for the row to be read."""
    made = row_of(header, **cells)
    return [
        cell or ("" if name in NEEDED or name.endswith(NUMBERS) else plant(name))
        for name, cell in zip(header, made, strict=True)
    ]


def rows_by_kind(plant, count):
    """Return header and rows of every kind of file with columns, so many rows each."""
    numbers = range(1, count + 1)
    day = [f"10/{number % 28 + 1}/26" for number in numbers]
    stamp = [f"2026-10-{number % 28 + 1:02d}T09:00:00+00:00" for number in numbers]
    old = [f"10/{number % 28 + 1}/25" for number in numbers]

    def made(header, **cells):
        lists = {
            name: value if isinstance(value, list) else [value] * count
            for name, value in cells.items()
        }
        return header, [
            row(header, plant, **{name: value[place] for name, value in lists.items()})
            for place in range(count)
        ]

    ids = [ORDER(number) for number in numbers]
    stars = [1 + number % 3 for number in range(count)]
    counts = ("SKU", "Sessions \N{EN DASH} Total", "Units ordered")
    business = [name for name in UK_SLIM if "ASIN" in name or name in counts]
    yield "shipments.txt", made(
        SHIPMENTS, amazon_order_id=ids, shipment_date=stamp, estimated_arrival_date=stamp,
        tracking_number="T1", quantity_shipped="1", sales_channel="Amazon.com",
    )  # fmt: skip
    yield "feedback.txt", made(FEEDBACK, date=day, rating=stars, order_id=ids)
    yield (
        "legacy.txt",
        made(
            LEGACY, date=old, rating=stars, order_id=[ORDER(900_000 + number) for number in numbers]
        ),
    )
    yield "orders.txt", made(
        ORDERS, amazon_order_id=ids, purchase_date=stamp, quantity="1", item_price="9.50",
        last_updated_date=stamp, fulfillment_channel="Amazon", sales_channel="Amazon.com",
    )  # fmt: skip
    yield "confirmations.txt", made(CONFIRMATIONS, order_id=ids, ship_date=stamp, quantity="1")
    yield "fba.txt", made(FBA_RETURNS, order_id=ids, return_date=stamp, quantity="1")
    yield "seller.txt", made(
        SELLER_RETURNS, order_id=ids, return_request_date="29-Oct-2026", return_quantity="1",
    )  # fmt: skip
    yield (
        "2026-10-01_2026-10-31/business.csv",
        made(business, sessions___total="10", units_ordered="1"),
    )
    yield "reviews.csv", made(
        ["asin", "date", "review_count", "average_rating"], date="2026-10-31", review_count="3",
        average_rating="4.5",
    )  # fmt: skip


def planted_shop(folder, *, rows=60):
    """Write the shop and return what was planted: kind, number, spelling, column."""
    plant = Planter()
    files = {}
    for name, (header, cells) in rows_by_kind(plant, rows):
        write = commas if name.endswith(".csv") else lines_of
        files[f"US/{name}"] = write(header, cells)
    health = {
        f"measure {plant('measure')}": {
            "rate": 0.1, "defectsCount": 1, "targetValue": 0.2, "status": plant("status"),
            "targetCondition": plant("condition"),
        }
        for _ in range(rows)
    }  # fmt: skip
    files["US/health.json"] = json.dumps(
        {"performanceMetrics": [{"marketplaceId": "ATVPDKIKX0DER", **health}]}
    )
    make_shop(folder, files, toml=TOML)
    own = ["order_id", "opened", "owner", "status", "resolution", "currency", "outcome", "causes",
           "public_reply", "note", "buyer"]  # fmt: skip
    cells = [row(own, plant, order_id=ORDER(n + 1), opened="2026-10-05") for n in range(rows)]
    (folder / "cases.csv").write_text(commas(own, cells), encoding="utf-8")
    asks = ["order_id", "asked", "how"]
    cells = [row(asks, plant, order_id=ORDER(n + 1), asked="2026-10-05") for n in range(rows)]
    (folder / "asks.csv").write_text(commas(asks, cells), encoding="utf-8")
    _tell_names(folder, plant)
    return plant.given


def _tell_names(folder, plant):
    """Let a shipments file tell every name, in a column that no table keeps."""
    names = [item(kind, number) for kind, number, _, _ in plant.given if kind == "name"]
    cells = [
        row_of(SHIPMENTS, amazon_order_id=ORDER(5000 + place), buyer_name=name, carrier="Northline",
               shipment_date="2026-10-03T09:00:00+00:00", tracking_number="T1")
        for place, name in enumerate(names)
    ]  # fmt: skip
    (folder / "amazon" / "US" / "names.txt").write_text(lines_of(SHIPMENTS, cells), "utf-8")


def squashed(text):
    """Return a text's letters and digits as anybody could read them, by other means than ours."""
    for _ in range(3):
        text = unquote(html.unescape(text))
    text = "".join(sign for sign in text if unicodedata.category(sign) != "Cf")
    return re.sub(r"[\W_]+", "", unicodedata.normalize("NFKC", text)).casefold()
