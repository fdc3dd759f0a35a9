"""Tallies with products, by piece of time: by day they would hardly be smaller than rows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from fnmatch import fnmatchcase
from typing import Any

import narwhals as nw
import pandas as pd

from feedback_analysis.tallies.build import (
    alone_and_several,
    both,
    counted_rows,
    distinct_orders,
    order_rows,
    per_order,
)
from feedback_analysis.tallies.given import lazy
from feedback_analysis.tallies.parts import (
    SOLD,
    UNSTATED,
    Pieces,
    collected,
    day_number,
    day_of,
    stated,
    typed,
    with_missing,
)
from feedback_analysis.tallies.schemas import SCHEMAS, empty

# Between the patterns of one change; no SKU holds it.
BETWEEN = "|"


def products_tally(frames: Mapping[str, Any], pieces: Pieces) -> pd.DataFrame:
    """Count orders by piece of time, marketplace, channel, status and product."""
    rows = order_rows(frames["orders"]).with_columns(
        *stated("sku", "asin"), piece=pieces.number("date")
    )
    keys = ["piece", "marketplace", "channel", "status", "sku", "asin"]
    alone, several = alone_and_several(frames, rows)
    least = several.group_by("order_key").agg(least=nw.col("product").min())
    each = several.join(least, on="order_key", how="left").with_columns(
        first=(nw.col("product") == nw.col("least")).cast(nw.Int64).fill_null(1)
    )
    once = each.group_by("order_key", *keys).agg(nw.col("first").max())
    found = (
        both(alone, once, first=1).group_by(*keys).agg(orders=nw.len(), first=nw.col("first").sum())
    )
    return _with_pieces(collected(found, categories=True), "products", pieces)


def rated_tally(frames: Mapping[str, Any], pieces: Pieces) -> pd.DataFrame:
    """Count feedback by piece of time, rating and the first product of its order."""
    rows = counted_rows(frames["feedback"])
    alone, bought = alone_and_several(frames, order_rows(frames["orders"]))
    least = bought.group_by("order_key").agg(least=nw.col("product").min())
    first = bought.join(least, on="order_key", how="inner").filter(
        nw.col("product") == nw.col("least")
    )
    first = first.group_by("order_key").agg(nw.col("sku").min(), nw.col("asin").min())
    first = both(alone, first)
    rows = rows.join(first, on="order_key", how="left")
    rows = rows.with_columns(*stated("sku", "asin", "source"), piece=pieces.number("date"))
    found = rows.group_by("piece", "sku", "asin", "source", "rating").agg(n=nw.len())
    return _with_pieces(collected(found, categories=True), "rated", pieces)


def answered_products_tally(frames: Mapping[str, Any], pieces: Pieces) -> pd.DataFrame:
    """Count sold orders, and those with feedback, by piece of time and first ASIN."""
    sold = order_rows(frames["orders"]).filter(nw.col("status") == SOLD)
    firsts = per_order(frames, sold, "asin")
    left = counted_rows(frames["feedback"]).group_by("order_key").agg(feedback=nw.len())
    rows = firsts.join(left, on="order_key", how="left").with_columns(
        *stated("asin"),
        piece=pieces.number("date"),
        feedback=(~nw.col("feedback").is_null()).cast(nw.Int64),
    )
    found = rows.group_by("piece", "marketplace", "asin").agg(
        orders=nw.len(), feedback=nw.col("feedback").sum()
    )
    return _with_pieces(collected(found, categories=True), "answered_products", pieces)


def touched_tally(frames: Mapping[str, Any], changes: Iterable[tuple[str, ...]]) -> pd.DataFrame:
    """Count sold orders with products that each change touched, and orders with others."""
    keys = SCHEMAS["touched"].keys
    parts = [distinct_orders(frames, rows, keys) for rows in _by_change(frames, changes)]
    return _together(parts, "touched")


def touched_returns_tally(
    frames: Mapping[str, Any], changes: Iterable[tuple[str, ...]]
) -> pd.DataFrame:
    """Count sold orders that were returned with a complaint, by what each change touched."""
    returns = lazy(frames["returns"], table="returns", needs=("order_key", "return_date"))
    returns = with_missing(returns, "question").filter(~nw.col("question").is_null())
    firsts = returns.group_by("order_key", "question").agg(back=nw.col("return_date").min())
    parts = []
    for rows in _by_change(frames, changes):
        found = rows.join(firsts, on="order_key", how="inner")
        found = found.with_columns(delay=day_number("back") - day_number("date"))
        parts.append(distinct_orders(frames, found, SCHEMAS["touched_returns"].keys, n="n"))
    return _together(parts, "touched_returns")


def _together(parts: list[pd.DataFrame], name: str) -> pd.DataFrame:
    schema = SCHEMAS[name]
    return typed(pd.concat([empty(name), *parts]), list(schema.keys), schema.counts)


def name_of(products: Iterable[str]) -> str:
    """Return the patterns of a change as the one text that its tallies are kept under."""
    return BETWEEN.join(products)


def matching(names: Iterable[object], products: Iterable[str]) -> list[str]:
    """Return the SKUs and ASINs that a change's patterns mean, sorted."""
    known = sorted({name for name in names if isinstance(name, str)})
    return [name for name in known if any(fnmatchcase(name, one) for one in products)]


def _by_change(frames: Mapping[str, Any], changes: Iterable[tuple[str, ...]]) -> Any:
    sold = order_rows(frames["orders"]).filter(nw.col("status") == SOLD)
    names: set[object] = set()
    for products in dict.fromkeys(tuple(each) for each in changes):
        if products and not names:
            for column in ("sku", "asin"):
                found = collected(sold.group_by(column).agg(n=nw.len()))
                names |= set(found[column])
        hit = matching(names, products) or [UNSTATED]
        touched = nw.lit(True)
        if products:
            touched = (nw.col("sku").is_in(hit) | nw.col("asin").is_in(hit)).fill_null(False)
        yield sold.with_columns(touched=touched, products=nw.lit(name_of(products)))


def _with_pieces(found: pd.DataFrame, name: str, pieces: Pieces) -> pd.DataFrame:
    schema = SCHEMAS[name]
    start = day_of(found["piece"])
    found = found.assign(start=start, end=pieces.ends(start))
    return typed(found, list(schema.keys), schema.counts, categories=schema.many)
