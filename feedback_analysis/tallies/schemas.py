"""What each tally counts: its keys, its counts, and when a row of it came to be known."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import pandas as pd

from feedback_analysis.columns import DAY, TEXT
from feedback_analysis.tallies.parts import FLAGS, NUMBERS


@dataclass(frozen=True)
class Schema:
    """A tally's columns.

    Parameters
    ----------
    row : str
        What a row counts.
    keys : tuple of str
        Columns that are counted by; a row a combination.
    counts : tuple of str
        Columns of counts; they add up.
    until : callable
        Day by which a row was known.
    latest : tuple of str
        Columns of days, of which the last is kept when rows are added up.
    many : bool
        Whether there may be millions of rows; their texts are categories then.
    """

    row: str
    keys: tuple[str, ...]
    counts: tuple[str, ...]
    until: Callable[[pd.DataFrame], pd.Series]
    latest: tuple[str, ...] = ()
    many: bool = False

    @property
    def columns(self) -> tuple[str, ...]:
        """All columns in order."""
        return (*self.keys, *self.counts, *self.latest)


def _date(table: pd.DataFrame) -> pd.Series:
    return table["date"]


def _delayed(table: pd.DataFrame) -> pd.Series:
    return table["date"] + pd.to_timedelta(table["delay"], unit="D")


def _start(table: pd.DataFrame) -> pd.Series:
    # A piece of time that a day cuts stays: what counts whole pieces can say so.
    return table["start"]


SCHEMAS: dict[str, Schema] = {
    "feedback": Schema(
        "feedbacks left on a day; channel of their order, and whether that was read",
        ("date", "marketplace", "channel", "rating", "source", "gone", "order"),
        ("n",),
        _date,
        ("last_seen",),
    ),
    "rated": Schema(
        "feedbacks by piece of time (a day, in an ordinary shop) and first product of their order",
        ("start", "end", "sku", "asin", "source", "rating"),
        ("n",),
        _start,
        many=True,
    ),
    "orders": Schema(
        "orders placed on a day, and their lines; status: sold, pending, unfulfillable, cancelled",
        ("date", "marketplace", "channel", "status"),
        ("orders", "items"),
        _date,
    ),
    "answered": Schema(
        "orders placed on a day that got feedback, by the days until the first of any rating and "
        "until the first that is negative",
        ("date", "marketplace", "channel", "status", "first", "delay"),
        ("n",),
        _delayed,
    ),
    "unhappy": Schema(
        "feedbacks of 1 to 3 stars on orders placed on a day, by the days until the feedback",
        ("date", "delay"),
        ("n",),
        _delayed,
    ),
    "carriers": Schema(
        "orders sold on a day, by the carrier of their parcels",
        ("date", "marketplace", "channel", "carrier"),
        ("orders", "first"),
        _date,
    ),
    "products": Schema(
        "orders by piece of time (a day, in an ordinary shop) and product; first: of them those "
        "whose first product, by SKU, it is",
        ("start", "end", "marketplace", "channel", "status", "sku", "asin"),
        ("orders", "first"),
        _start,
        many=True,
    ),
    "parcels": Schema(
        "shipped items by the day of handing over, and how many of them kept what was promised",
        ("date", "channel"),
        ("parcels", "bought", "late_handover", "promised", "after_promise", "told", "untracked"),
        _date,
    ),
    "returns": Schema(
        "returned items by day, who handles them, and the question that their reason speaks to",
        ("date", "channel", "question"),
        ("items", "orders", "decided", "denied", "label_told", "label_by_buyer"),
        _date,
    ),
    "asking": Schema(
        "orders sold on a day, by what bears on asking; rating 0: no feedback yet",
        (
            "date",
            "marketplace",
            "channel",
            "rating",
            "refunded",
            "late",
            "complained",
            "asked",
            "held_out",
        ),
        ("n",),
        _date,
    ),
    "asked": Schema(
        "orders of the log of requests, by days from order to request and to feedback (-1: none)",
        ("date", "marketplace", "delay", "told"),
        ("n",),
        _date,
    ),
    "answered_products": Schema(
        "orders sold, and those with feedback, by piece of time (a day, in an ordinary shop) and "
        "first ASIN",
        ("start", "end", "marketplace", "asin"),
        ("orders", "feedback"),
        _start,
        many=True,
    ),
    "touched": Schema(
        "orders sold on a day with products that a dated change touched, and with others",
        ("products", "date", "touched"),
        ("orders",),
        _date,
    ),
    "touched_returns": Schema(
        "orders sold on a day and later returned with a complaint, by days until the first return",
        ("products", "date", "touched", "question", "delay"),
        ("n",),
        _delayed,
    ),
}


def empty(name: str) -> pd.DataFrame:
    """Return a tally with all its columns and no row."""
    schema = SCHEMAS[name]
    return pd.DataFrame(
        {column: pd.Series(dtype=_dtype(column, schema)) for column in schema.columns}
    )


def _dtype(column: str, schema: Schema) -> object:
    if column in (*schema.latest, "date", "start", "end"):
        return DAY
    if column in schema.counts or column in NUMBERS:
        return "int64"
    if column in FLAGS:
        return "bool"
    return pd.CategoricalDtype(pd.Index([], dtype=TEXT)) if schema.many else TEXT
