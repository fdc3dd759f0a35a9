"""What is masked in columns of codes and of words, and what has to stay as it is."""

import pandas as pd

from feedback_analysis import tables
from feedback_analysis.amazon.masks import mask_tables
from feedback_analysis.names import Names
from tests.report.hand_made import finished

SALT = b"salt"
PERSONAL = [
    "jo@example.com",
    "000-1234567-7654321",
    "+44 20 7946 0958",
    "202-555-0173",
    "Zebulon Quist",
]
CODES = ["AF-MUG-001", "4006381333931", "005900059", "0306406152", "555-0142-33", "B0VY2T93CH",
         "2026-10-31", "MUG 12 x 30", "X 07700 900123"]  # fmt: skip


def names():
    found = Names()
    found.add(["Zebulon Quist", "Royal Parcels"])
    return found


def masked(name, **columns):
    frame = finished(name, pd.DataFrame(columns))
    found = {name: frame}
    mask_tables(found, names(), SALT)
    tables.validate(name, found[name])
    return found[name]


def orders(sku):
    return {
        "order_key": [f"o{n}" for n in range(len(sku))],
        "purchase_date": pd.Timestamp("2026-10-01"), "sku": sku, "asin": sku, "quantity": 1,
    }  # fmt: skip


def test_numbers_of_products_stay_and_personal_ones_become_codes():
    found = masked("orders", **orders([*CODES, *PERSONAL]))["sku"].tolist()
    assert found[: len(CODES)] == CODES
    codes = found[len(CODES) :]
    assert all(code.startswith("[masked ") for code in codes)
    assert len(set(codes)) == len(PERSONAL)


def test_a_masked_number_is_the_same_in_every_table():
    bought = masked("orders", **orders(PERSONAL))["asin"].tolist()
    days = {"date": pd.Timestamp("2026-10-01"), "review_count": 1}
    assert masked("reviews", asin=PERSONAL, **days)["asin"].tolist() == bought


def test_a_carrier_stays_whoever_is_called_like_it():
    carriers = [*["Royal Parcels"] * 30, "Zebulon Quist", "call 07700 900123"]
    found = masked(
        "shipments", order_key=[f"o{n}" for n in range(32)], carrier=carriers, has_tracking=True
    )["carrier"].tolist()
    assert found == [*["Royal Parcels"] * 30, "[name]", "call [phone]"]


def test_a_table_without_anything_personal_is_left_as_it_is():
    frame = finished("orders", pd.DataFrame(orders(CODES)))
    found = {"orders": frame}
    mask_tables(found, names(), SALT)
    assert found["orders"] is frame
