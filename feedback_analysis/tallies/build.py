"""How each tally is built from tidy tables, as plain counts that any engine can do."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import narwhals as nw
import pandas as pd

from feedback_analysis.tallies.counting import checked_tally
from feedback_analysis.tallies.given import has, is_true, lazy
from feedback_analysis.tallies.parts import (
    ANY,
    CANCELLED,
    NEGATIVE,
    READ,
    SOLD,
    UNREAD,
    UNSTATED,
    collected,
    counted,
    day_number,
    stated,
    status_of,
    typed,
    with_missing,
)
from feedback_analysis.tallies.schemas import SCHEMAS


def feedback_tally(frames: Mapping[str, Any]) -> pd.DataFrame:
    """Count feedback by day, marketplace, channel, rating and kind of file."""
    rows = lazy(frames["feedback"], table="feedback", needs=("date", "marketplace", "rating"))
    order = nw.lit(UNREAD)
    if has(rows, "order_key") and frames["orders"] is not None:
        placed = per_order(frames, order_rows(frames["orders"]))
        placed = placed.select("order_key", "channel", "status")
        rows = rows.join(placed, on="order_key", how="left")
        cancelled = nw.when(nw.col("status") == CANCELLED).then(nw.lit(CANCELLED))
        read = nw.when(nw.col("status").is_null()).then(nw.lit(UNREAD))
        order = read.otherwise(cancelled.otherwise(nw.lit(READ)))
    rows = with_missing(rows, "order_key")
    order = nw.when(nw.col("order_key").is_null()).then(nw.lit(UNSTATED)).otherwise(order)
    rows = with_missing(rows, "channel", "source")
    gone = is_true("gone") if has(rows, "gone") else nw.lit(False)
    seen = nw.col("date")
    if has(rows, "last_seen"):
        last = nw.col("last_seen")
        seen = nw.when(last.is_null()).then(nw.col("date")).otherwise(last)
    rows = rows.with_columns(
        *stated("marketplace", "channel", "source"), gone=gone, last_seen=seen, order=order
    )
    schema = SCHEMAS["feedback"]
    return checked_tally(counted(rows, list(schema.keys), latest=schema.latest), schema.keys)


def orders_tally(frames: Mapping[str, Any]) -> pd.DataFrame:
    """Count orders and their lines by day, marketplace, channel and status."""
    rows = order_rows(frames["orders"])
    return distinct_orders(frames, rows, SCHEMAS["orders"].keys, items="items")


def answered_tally(frames: Mapping[str, Any]) -> pd.DataFrame:
    """Count orders with feedback by the order's day and the days until the first feedback."""
    rows = counted_rows(frames["feedback"])
    schema, parts = SCHEMAS["answered"], []
    for first, kept in ((ANY, rows), (NEGATIVE, rows.filter(nw.col("rating") <= 2))):
        firsts = kept.group_by("order_key").agg(left=nw.col("date").min())
        found = order_rows(frames["orders"]).join(firsts, on="order_key", how="inner")
        found = found.with_columns(
            delay=day_number("left") - day_number("date"), first=nw.lit(first)
        )
        parts.append(distinct_orders(frames, found, schema.keys, n="n"))
    return typed(pd.concat(parts), list(schema.keys), schema.counts)


def unhappy_tally(frames: Mapping[str, Any]) -> pd.DataFrame:
    """Count feedback of 1 to 3 stars by the order's day and the days since; gone rows count too."""
    rows = lazy(frames["feedback"], table="feedback", needs=("date", "rating"))
    rows = with_missing(rows, "order_key").filter(nw.col("rating") <= 3)
    rows = rows.select("order_key", nw.col("date").alias("left"))
    placed = per_order(frames, order_rows(frames["orders"])).select("order_key", "date")
    found = rows.join(placed, on="order_key", how="inner")
    found = found.with_columns(delay=day_number("left") - day_number("date"))
    return counted(found, list(SCHEMAS["unhappy"].keys))


def carriers_tally(frames: Mapping[str, Any]) -> pd.DataFrame:
    """Count sold orders by day and by the carrier of their parcels, once each carrier."""
    parcels = lazy(frames["shipments"], table="shipments", needs=("order_key", "carrier"))
    parcels = parcels.filter(~nw.col("carrier").is_null()).select("order_key", "carrier")
    sold = order_rows(frames["orders"]).filter(nw.col("status") == SOLD)
    keys = SCHEMAS["carriers"].keys
    alone, each = alone_and_several(frames, sold.join(parcels, on="order_key", how="inner"))
    once = each.group_by("order_key", *keys).agg(lines=nw.len())
    least = once.group_by("order_key").agg(least=nw.col("carrier").min())
    once = once.join(least, on="order_key", how="inner")
    once = once.select(*keys, first=(nw.col("carrier") == nw.col("least")).cast(nw.Int64))
    return counted(both(alone, once, first=1), list(keys), n="orders", sums=("first",))


def counted_rows(feedback: Any) -> nw.LazyFrame:
    """Return the feedback that counts and tells its order."""
    rows = lazy(feedback, table="feedback", needs=("date", "rating"))
    rows = with_missing(rows, "order_key", "source").filter(~nw.col("order_key").is_null())
    if has(rows, "gone"):
        rows = rows.filter(~is_true("gone"))
    return rows


def order_rows(orders: Any) -> nw.LazyFrame:
    """Return order lines with the keys that orders are counted by."""
    rows = lazy(orders, table="orders", needs=("order_key", "purchase_date"))
    rows = with_missing(rows, "marketplace", "channel", "status", "sku", "asin")
    return rows.filter(~nw.col("order_key").is_null()).select(
        "order_key",
        "sku",
        "asin",
        nw.col("purchase_date").alias("date"),
        *stated("marketplace", "channel"),
        # Worked out before any grouping: inside one, pandas would take the first column alone.
        product=nw.coalesce(nw.col("sku"), nw.col("asin")),
        status=status_of(),
    )


def alone_and_several(
    frames: Mapping[str, Any], rows: nw.LazyFrame
) -> tuple[nw.LazyFrame | None, nw.LazyFrame]:
    """Part lines or parcels into those that are all there is of an order, and the others.

    To bring tens of millions of orders' lines together is what counting takes longest for, and
    most orders have but one. Without knowing which, all are among the others.
    """
    if frames.get("several") is None:
        return None, rows
    several = lazy(frames["several"], table="several", needs=("order_key",))
    alone, others = (rows.join(several, on="order_key", how=how) for how in ("anti", "semi"))
    return alone, others


def both(one: nw.LazyFrame | None, other: nw.LazyFrame, **of_one: int) -> nw.LazyFrame:
    """Return the rows of two parts; the first has these numbers in its rows, or is not there."""
    if one is None:
        return other
    added = {name: nw.lit(number).cast(nw.Int64) for name, number in of_one.items()}
    one = one.with_columns(**added) if added else one
    return nw.concat([one.select(other.collect_schema().names()), other])


def per_order(frames: Mapping[str, Any], rows: nw.LazyFrame, *more: str) -> nw.LazyFrame:
    """Return one row an order; of items that differ, the first day, channel and status."""
    names = ("date", "marketplace", "channel", "status", *more)
    alone, several = alone_and_several(frames, rows)
    return both(alone, several.group_by("order_key").agg(*(nw.col(name).min() for name in names)))


def distinct_orders(
    frames: Mapping[str, Any],
    rows: nw.LazyFrame,
    keys: tuple[str, ...],
    *,
    n: str = "orders",
    items: str | None = None,
) -> pd.DataFrame:
    """Count the orders, each once, and where wanted the lines of each combination of keys."""
    # Counting distinct keys keeps a set for every group; grouping twice can spill to disk.
    lines = "lines of an order"
    alone, several = alone_and_several(frames, rows)
    once = several.group_by("order_key", *keys).agg(nw.len().alias(lines))
    once = both(alone, once.with_columns(nw.col(lines).cast(nw.Int64)), **{lines: 1})
    counts = {n: nw.len()} | ({items: nw.col(lines).sum()} if items else {})
    found = collected(once.group_by(*keys).agg(**counts))
    return typed(found, list(keys), tuple(counts))
