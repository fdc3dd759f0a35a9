"""Tallies of parcels, returns and asking: what behaviour and requests are measured by."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import narwhals as nw
import pandas as pd

from feedback_analysis.tallies.build import (
    alone_and_several,
    both,
    counted_rows,
    order_rows,
    per_order,
)
from feedback_analysis.tallies.given import has, is_true, lazy
from feedback_analysis.tallies.parts import (
    SOLD,
    counted,
    day_number,
    stated,
    typed,
    with_missing,
)
from feedback_analysis.tallies.schemas import SCHEMAS

# A parcel is handed over late when it goes out more days than this after the purchase.
HANDOVER_DAYS = 2
# Reasons of a return by which the parcel came too late or never.
SAYS_LATE = ("MISSED_ESTIMATED_DELIVERY", "NEVER_ARRIVED")
BUYERS = ("customer", "buyer")
NOTHING = -1


def parcels_tally(frames: Mapping[str, Any]) -> pd.DataFrame:
    """Count shipped items by day and channel, and what became of what was promised."""
    needs = ("order_key", "ship_date", "estimated_arrival", "has_tracking")
    rows = lazy(frames["shipments"], table="shipments", needs=needs)
    bought = per_order(frames, order_rows(frames["orders"])).select("order_key", "date", "channel")
    rows = rows.filter(~nw.col("ship_date").is_null()).select(*needs)
    rows = rows.join(bought, on="order_key", how="left")
    waited = day_number("ship_date") - day_number("date")
    rows = rows.with_columns(
        *stated("channel"),
        bought=_one(~nw.col("date").is_null()),
        late_handover=_one(waited > HANDOVER_DAYS),
        promised=_one(~nw.col("estimated_arrival").is_null()),
        after_promise=_one(nw.col("ship_date") >= nw.col("estimated_arrival")),
        told=_one(~nw.col("has_tracking").is_null()),
        untracked=_one(~nw.col("has_tracking").cast(nw.Boolean)),
    ).with_columns(date=nw.col("ship_date"))
    keys = list(SCHEMAS["parcels"].keys)
    return counted(rows, keys, n="parcels", sums=SCHEMAS["parcels"].counts[1:])


def returns_tally(frames: Mapping[str, Any]) -> pd.DataFrame:
    """Count returned items by day, channel and question; an order on its first such return."""
    rows = lazy(frames["returns"], table="returns", needs=("order_key", "return_date"))
    rows = with_missing(rows, "channel", "question", "label_paid_by")
    if not has(rows, "denied"):
        rows = rows.with_columns(denied=nw.lit(None, dtype=nw.Boolean))
    rows = rows.with_columns(*stated("channel", "question"), date=nw.col("return_date"))
    paid = nw.col("label_paid_by").cast(nw.String).str.to_lowercase()
    rows = rows.with_columns(
        decided=_one(~nw.col("denied").is_null()),
        denied=_one(is_true("denied")),
        label_told=_one(~nw.col("label_paid_by").is_null()),
        label_by_buyer=_one(paid.is_in(BUYERS)),
    )
    schema = SCHEMAS["returns"]
    keys = list(schema.keys)
    sums = tuple(name for name in schema.counts if name not in ("items", "orders"))
    items = counted(rows, keys, n="items", sums=sums)
    firsts = rows.group_by("order_key", "question").agg(
        nw.col("date").min(), nw.col("channel").min()
    )
    orders = counted(firsts, keys, n="orders")
    return typed(items.merge(orders, on=keys, how="left"), keys, schema.counts)


def asking_tally(frames: Mapping[str, Any]) -> pd.DataFrame:
    """Count sold orders by everything that bears on asking for feedback."""
    facts = _facts(frames)
    return counted(facts, list(SCHEMAS["asking"].keys))


def asked_tally(frames: Mapping[str, Any]) -> pd.DataFrame:
    """Count the orders of the log by how long after the order the request and feedback came."""
    facts = _facts(frames, "inner").filter(nw.col("asked"))
    told = nw.when(nw.col("told").is_null()).then(nw.lit(NOTHING)).otherwise(nw.col("told"))
    return counted(facts.with_columns(told=told), list(SCHEMAS["asked"].keys))


def _facts(frames: Mapping[str, Any], requests: str = "left") -> nw.LazyFrame:
    facts = per_order(frames, order_rows(frames["orders"]).filter(nw.col("status") == SOLD))
    facts = facts.join(_requests(frames), on="order_key", how=requests)
    for part in (_parcels(frames), _returned(frames), _last_feedback(frames)):
        facts = facts.join(part, on="order_key", how="left")
    late = (nw.col("ship_date") > nw.col("expected")).fill_null(False)
    return facts.with_columns(
        late=late | nw.col("came_late").fill_null(0).cast(nw.Boolean),
        refunded=~nw.col("returned").is_null(),
        complained=nw.col("complaints").fill_null(0) > 0,
        asked=~nw.col("asked_on").is_null(),
        held_out=nw.col("held").fill_null(0) > 0,
        rating=nw.col("rating").fill_null(0),
        delay=day_number("asked_on") - day_number("date"),
        told=day_number("left") - day_number("date"),
    )


def _parcels(frames: Mapping[str, Any]) -> nw.LazyFrame:
    needs = ("order_key", "ship_date", "estimated_arrival")
    rows = lazy(frames["shipments"], table="shipments", needs=needs)
    rows = rows.select("order_key", "ship_date", expected=nw.col("estimated_arrival"))
    alone, several = alone_and_several(frames, rows)
    latest = several.group_by("order_key").agg(nw.col("ship_date").max(), nw.col("expected").max())
    return both(alone, latest)


def _returned(frames: Mapping[str, Any]) -> nw.LazyFrame:
    rows = lazy(frames["returns"], table="returns", needs=("order_key",))
    rows = with_missing(rows, "reason", "question").with_columns(
        came_late=_one(nw.col("reason").is_in(SAYS_LATE)),
        complaints=_one(~nw.col("question").is_null()),
    )
    return rows.group_by("order_key").agg(
        nw.len().alias("returned"), nw.col("came_late").max(), nw.col("complaints").sum()
    )


def _requests(frames: Mapping[str, Any]) -> nw.LazyFrame:
    rows = lazy(frames["asks"], table="asks", needs=("order_key", "asked", "held_out"))
    rows = rows.with_columns(held=_one(is_true("held_out")))
    return rows.group_by("order_key").agg(
        nw.col("asked").min().alias("asked_on"), nw.col("held").max()
    )


def _last_feedback(frames: Mapping[str, Any]) -> nw.LazyFrame:
    rows = counted_rows(frames["feedback"]).select("order_key", "date", "rating")
    rows = rows.with_columns(nw.col("rating").cast(nw.Int64))
    last = rows.group_by("order_key").agg(left=nw.col("date").max())
    same = rows.join(last, on="order_key", how="inner").filter(nw.col("date") == nw.col("left"))
    return same.group_by("order_key").agg(nw.col("left").max(), nw.col("rating").min())


def _one(flag: nw.Expr) -> nw.Expr:
    """Return 1 where a flag is true, else 0; a missing flag is not true."""
    return flag.fill_null(False).cast(nw.Int64)
