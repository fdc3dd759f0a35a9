"""The tidy tables, declared: columns, dtypes, units, meaning. This file is the data dictionary.

Every reader returns one of these tables, and :func:`finish` is the only way out of a reader: it
orders the columns, adds the ones that a file did not have (as missing, never as 0), sets the dtypes
and checks the values. ``data/README.md`` is written from this file by :mod:`.dictionary`.
"""

from __future__ import annotations

import pandas as pd

from feedback_analysis.columns import DAY, KEY, MARKET, TEXT, Table
from feedback_analysis.columns import column as _column
from feedback_analysis.columns import count as _count
from feedback_analysis.columns import currency as _currency
from feedback_analysis.columns import day as _day
from feedback_analysis.columns import flag as _flag
from feedback_analysis.columns import in_range as _in_range
from feedback_analysis.columns import money as _money
from feedback_analysis.columns import share as _share
from feedback_analysis.columns import table as _table
from feedback_analysis.columns import text as _text
from feedback_analysis.fits import shaped, validated

__all__ = [
    "ALL_RATINGS", "DAY", "IDENTITY", "KEY", "MARKET", "NEGATIVES_ONLY", "SCHEMAS", "TEXT", "empty",
    "finish", "shape", "validate",
]  # fmt: skip

# What kind of file a feedback comes from.
ALL_RATINGS, NEGATIVES_ONLY = "all ratings", "1-3 stars only"

FEEDBACK = _table(
    "feedback",
    "one feedback that a buyer left about the seller",
    {
        "date": _day("day the feedback was left"),
        "marketplace": _text(MARKET, missing=True),
        "rating": _column(
            "int64",
            "stars; 4-5 positive, 3 neutral, 1-2 negative",
            "stars 1-5",
            _in_range(1, 5),
        ),
        "comment": _text(
            "what the buyer wrote, with e-mails, phones and order ids masked; empty when the "
            "buyer left stars only"
        ),
        "response": _text("the seller's public reply, masked; empty when there is none"),
        "order_key": _text(KEY, missing=True),
        "source": _text(
            "what kind of file the row comes from: all ratings, or 1-3 stars only",
            among=(ALL_RATINGS, NEGATIVES_ONLY),
        ),
        "first_seen": _day("last day covered by the oldest download that holds the row"),
        "last_seen": _day("last day covered by the newest download that holds the row"),
        "gone": _flag(
            "a newer download that covers its day no longer holds it: removed by the buyer or "
            "Amazon, or struck; Amazon's rating does not count it"
        ),
        "arrived_on_time": _flag("buyer's answer, in files up to about 2017", missing=True),
        "item_as_described": _flag("buyer's answer, in files up to about 2017", missing=True),
        "customer_service": _flag("buyer's answer, in files up to about 2017", missing=True),
        "reason": _text("reason the buyer picked from Amazon's list, where known", missing=True),
    },
)
FEEDBACK_TOTALS = _table(
    "feedback_totals",
    "a day and marketplace, or a window that was typed in",
    {
        "date": _day("day of the counts; missing for a typed-in window", missing=True),
        "as_of": _day("last day of a typed-in window; missing for a day", missing=True),
        "window": _text("length of a typed-in window", missing=True),
        "marketplace": _text(MARKET, missing=True),
        "received": _count("feedback received, all ratings"),
        "negative": _count("feedback of 1 or 2 stars"),
        "neutral": _count("feedback of 3 stars, where the source tells", missing=True),
        "positive": _count("feedback of 4 or 5 stars, where the source tells", missing=True),
    },
    rule=(
        lambda frame: frame["negative"] <= frame["received"],
        "negative feedback cannot exceed the feedback received",
    ),
)
ORDERS = _table(
    "orders",
    "an order item",
    {
        "order_key": _text(KEY),
        "purchase_date": _day("day of the purchase"),
        "marketplace": _text(MARKET + "; missing for orders outside Amazon", missing=True),
        "sku": _text("the seller's own number, as text", missing=True),
        "asin": _text("Amazon's product number, as text", missing=True),
        "channel": _text(
            "who fulfils: amazon (FBA) or seller", missing=True, among=("amazon", "seller")
        ),
        "quantity": _count("units ordered"),
        "item_price": _money("price of the item line; missing while an order is pending"),
        "currency": _currency(),
        "status": _text("order status as Amazon writes it, such as Shipped", missing=True),
        "ship_service_level": _text("service level the buyer chose", missing=True),
    },
)
SHIPMENTS = _table(
    "shipments",
    "a shipped item",
    {
        "order_key": _text(KEY),
        "ship_date": _day("day it was handed to the carrier", missing=True),
        "carrier": _text("carrier as the file writes it", missing=True),
        "has_tracking": _flag("a tracking number was given; the number itself is not kept"),
        "estimated_arrival": _day("day the buyer was promised", missing=True),
    },
)
RETURNS = _table(
    "returns",
    "a returned item",
    {
        "order_key": _text(KEY),
        "return_date": _day("day the return was received or asked for"),
        "sku": _text("the seller's own number, as text", missing=True),
        "asin": _text("Amazon's product number, as text", missing=True),
        "channel": _text("who handles it: amazon or seller", among=("amazon", "seller")),
        "quantity": _count("units returned", missing=True),
        "reason": _text("Amazon's reason code without the prefixes CR- and AMZ-PG-", missing=True),
        "question": _text("service question that the reason speaks to, where one", missing=True),
        "comment": _text("the buyer's words, masked; empty when none"),
        "status": _text("status as the file writes it", missing=True),
        "denied": _flag("the seller or Amazon refused the return", missing=True),
        "label_paid_by": _text("who pays the return label, as written", missing=True),
        "resolution": _text("how it was settled, as written", missing=True),
        "refunded": _money("amount refunded"),
        "currency": _currency(),
    },
)
DAILY = _table(
    "daily",
    "a day and marketplace",
    {
        "date": _day("the day"),
        "marketplace": _text(MARKET, missing=True),
        "sessions": _count("visits within 24 hours", missing=True),
        "page_views": _count("page views", missing=True),
        "units": _count("units ordered, B2B included", missing=True),
        "order_items": _count("order items, B2B included", missing=True),
        "sales": _money("ordered product sales"),
        "currency": _currency(),
        "units_refunded": _count("units refunded", missing=True),
    },
)
TRAFFIC = _table(
    "traffic",
    "a product (child ASIN) and a stated period",
    {
        "start": _day("first day of the period"),
        "end": _day("last day of the period"),
        "marketplace": _text(MARKET, missing=True),
        "parent_asin": _text("variation family; reviews are shared inside it", missing=True),
        "child_asin": _text("the product; missing in reports by parent ASIN", missing=True),
        "sessions": _count("visits within 24 hours"),
        "page_views": _count("page views", missing=True),
        "units": _count("units ordered, B2B included"),
        "order_items": _count("order items, B2B included", missing=True),
        "featured_offer_share": _share(
            "page views in which the seller's offer was the featured one"
        ),
        "sales": _money("ordered product sales"),
        "currency": _currency(),
        "basis": _text(
            "report the row comes from; rows by SKU leave out products without a sale and must "
            "not be used for conversion",
            among=("child", "parent", "sku"),
        ),
    },
)
REVIEWS = _table(
    "reviews",
    "a product and a date",
    {
        "asin": _text("parent or child ASIN"),
        "date": _day("day of the count"),
        "review_count": _count("reviews on that day"),
        "average_rating": _column(
            "float64",
            "average stars; missing without a review",
            "stars 1-5",
            _in_range(1, 5),
            missing=True,
        ),
    },
)
CASES = _table(
    "cases",
    "a negative or neutral feedback that the seller works on",
    {
        "case_id": _text("number of the case"),
        "order_key": _text(KEY, missing=True),
        "opened": _day("day the case was opened", missing=True),
        "rating": _column(
            "Int64", "stars of the feedback", "stars 1-5", _in_range(1, 5), missing=True
        ),
        "causes": _text("cause ids joined by ;", missing=True),
        "owner": _text("who works on it", missing=True),
        "status": _text("as the seller writes it", missing=True),
        "resolution": _text("refund, replacement, partial refund, apology or none", missing=True),
        "cost": _money("what the resolution cost"),
        "currency": _currency(),
        "asked_about_removal": _flag("the buyer was asked about removing it", missing=True),
        "closed": _day("day the case was closed", missing=True),
        "outcome": _text("what became of it", missing=True),
        "resolved": _day("day the refund, replacement or apology went out", missing=True),
        "public_reply": _text("the public reply, or that there is one, as written", missing=True),
        "removal_requests": _count("how often the buyer was asked about removing it", missing=True),
    },
)
ASKS = _table(
    "asks",
    "an order whose buyer was asked for feedback, or was held out from being asked",
    {
        "order_key": _text(KEY),
        "asked": _day("day the request went out; missing when there was none", missing=True),
        "how": _text("how the buyer was asked, as written", missing=True),
        "held_out": _flag("left unasked on purpose, drawn by chance, to see what asking does"),
    },
)
ACCOUNT_HEALTH = _table(
    "account_health",
    "a measure of Amazon's account health report",
    {
        "marketplace": _text(MARKET, missing=True),
        "measure": _text("name of the measure as the file writes it"),
        "channel": _text("amazon, seller or all", among=("amazon", "seller", "all")),
        "start": _day("first day of the measure's range", missing=True),
        "end": _day("last day of the measure's range", missing=True),
        "rate": _column("float64", "the rate that Amazon states", "share 0-1", missing=True),
        "target": _column("float64", "Amazon's target, from the file", "share 0-1", missing=True),
        "condition": _text("how the rate must stand to the target, as written", missing=True),
        "total": _count("orders, parcels or units that the rate is of", missing=True),
        "events": _count(
            "what the measure counts: defects, late or cancelled orders, parcels on time",
            missing=True,
        ),
        "status": _text("Amazon's verdict, as written", missing=True),
    },
)

SCHEMAS: dict[str, Table] = {
    schema.name: schema
    for schema in (
        FEEDBACK, FEEDBACK_TOTALS, ORDERS, SHIPMENTS, RETURNS, DAILY, TRAFFIC, REVIEWS, CASES,
        ASKS, ACCOUNT_HEALTH,
    )
}  # fmt: skip


# A row of a table is the same row in another download when these agree.
IDENTITY = {
    "orders": ["order_key", "sku", "asin"],
    "shipments": ["order_key", "ship_date", "carrier"],
    "returns": ["order_key", "sku", "return_date"],
    "daily": ["marketplace", "date"],
    "reviews": ["asin", "date"],
    "feedback_totals": ["marketplace", "date", "as_of", "window"],
    "account_health": ["marketplace", "measure", "channel", "start", "end"],
}


def empty(name: str) -> pd.DataFrame:
    """Return a table with all its columns and dtypes and no row."""
    return shape(name, pd.DataFrame())


def finish(name: str, frame: pd.DataFrame, *, file: object | None = None) -> pd.DataFrame:
    """Bring a frame into a declared table's form and check it.

    Parameters
    ----------
    name : str
        A table's name, such as ``feedback``.
    frame : DataFrame
        Any of the table's columns; ones that may be missing can be left out.
    file : path, optional
        Where the rows come from, for the message.

    Returns
    -------
    DataFrame
        The declared columns in order, with their dtypes and a fresh index.

    Raises
    ------
    ReportError
        If a value breaks a declared check, naming column, check and how many rows.
    """
    return validate(name, shape(name, frame, file=file), file=file)


def shape(name: str, frame: pd.DataFrame, *, file: object | None = None) -> pd.DataFrame:
    """Bring a frame into a declared table's form, without the checks of its values.

    A folder of hundreds of files is checked once, when its files are joined.

    Parameters
    ----------
    name, frame, file
        As for :func:`finish`.

    Returns
    -------
    DataFrame
        The declared columns in order, with their dtypes and a fresh index.

    Raises
    ------
    ReportError
        If a value does not fit its column's dtype.
    """
    return shaped(SCHEMAS[name], frame, file=file)


def validate(name: str, frame: pd.DataFrame, *, file: object | None = None) -> pd.DataFrame:
    """Check a frame against a declared table and return it.

    Raises
    ------
    ReportError
        If columns, dtypes or values differ from the declaration.
    """
    return validated(SCHEMAS[name], frame, file=file)
