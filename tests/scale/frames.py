"""A small shop by chance, with everything awkward, as frames of every engine that is installed."""

import hashlib

import numpy as np
import pandas as pd
import pytest

from feedback_analysis import tables
from feedback_analysis.tallies import Tallies, name_of

NAMES = ("feedback", "orders", "shipments", "returns", "asks")
ENGINES = ("pandas", "polars", "pyarrow", "duckdb")
DAY = pd.Timestamp("2026-01-01")


def chosen(random, values, n, *, missing=0.0):
    picked = random.choice(np.array(values, dtype=object), n)
    return np.where(random.random(n) < missing, None, picked)


def days(random, n, *, after=None, spread=120):
    start = DAY if after is None else after
    return pd.Series(start + pd.to_timedelta(random.integers(0, spread, n), unit="D"))


def tidy(n=300, seed=8):
    """Return the tidy tables of n orders: parts missing, gone, cancelled, split and repeated."""
    random = np.random.default_rng(seed)
    keys = np.array([f"k{number:04d}" for number in range(n)], dtype=object)
    placed = pd.DataFrame(
        {
            "order_key": keys,
            "purchase_date": days(random, n),
            "marketplace": chosen(random, ["US", "UK", "DE"], n, missing=0.05),
            "channel": chosen(random, ["amazon", "seller"], n, missing=0.05),
            "status": chosen(random, ["Shipped", "Cancelled", "Pending", "Unfulfillable"], n),
        }
    )
    orders = _items(placed, random)
    made = (
        _feedback(orders.drop_duplicates("order_key").sample(n // 2, random_state=2), random),
        orders,
        _shipments(orders.sample(n, random_state=3), random),
        _returns(orders.sample(n, random_state=3).head(n // 3), random),
        _asks(keys[: n // 3], random),
    )
    return {name: tables.shape(name, made[at]) for at, name in enumerate(NAMES)}


def _items(placed, random):
    again = placed.sample(len(placed) // 5, random_state=1)
    orders = pd.concat([placed, again], ignore_index=True)
    number = random.integers(0, 9, len(orders))
    orders["sku"] = [f"S-{k}" if k else None for k in number]
    orders["asin"] = [f"B{k % 5}" for k in number]
    orders["quantity"] = 1
    return orders


def _feedback(few, random):
    feedback = pd.DataFrame(
        {
            "order_key": np.where(random.random(len(few)) < 0.1, None, few["order_key"]),
            "date": few["purchase_date"].to_numpy()
            + pd.to_timedelta(random.integers(0, 40, len(few)), unit="D"),
            "marketplace": few["marketplace"].to_numpy(),
            "rating": random.integers(1, 6, len(few)),
            "source": chosen(random, ["all ratings", "1-3 stars only"], len(few)),
            "gone": random.random(len(few)) < 0.1,
            "last_seen": pd.Timestamp("2026-06-30"),
            "first_seen": pd.Timestamp("2026-06-30"),
            "comment": "",
            "response": "",
        }
    )
    lost = feedback.head(5).assign(order_key="not among the orders")
    return pd.concat([feedback, lost, feedback.tail(10)], ignore_index=True)


def _shipments(sent, random):
    n = len(sent)
    shipped = sent["purchase_date"] + pd.to_timedelta(random.integers(0, 6, n), unit="D")
    return pd.DataFrame(
        {
            "order_key": sent["order_key"],
            "ship_date": shipped.where(random.random(n) > 0.05),
            "carrier": chosen(random, ["Swiftway", "Northline"], n, missing=0.1),
            "has_tracking": random.random(n) < 0.8,
            "estimated_arrival": sent["purchase_date"] + pd.Timedelta(days=4),
        }
    )


def _returns(back, random):
    return pd.DataFrame(
        {
            "order_key": back["order_key"],
            "return_date": back["purchase_date"] + pd.Timedelta(days=12),
            "channel": chosen(random, ["amazon", "seller"], len(back)),
            "reason": chosen(random, ["DEFECTIVE", "NEVER_ARRIVED"], len(back), missing=0.2),
            "question": chosen(random, ["as_described", "packaging"], len(back), missing=0.3),
            "denied": chosen(random, [True, False], len(back), missing=0.3),
            "label_paid_by": chosen(random, ["Customer", "Seller"], len(back), missing=0.3),
            "comment": "",
        }
    )


def _asks(keys, random):
    asks = pd.DataFrame(
        {
            "order_key": keys,
            "asked": days(random, len(keys), after=DAY + pd.Timedelta(days=20)),
            "held_out": random.random(len(keys)) < 0.2,
        }
    )
    return asks.assign(asked=asks["asked"].mask(asks["held_out"]))


CHANGES = [("S-1", "S-2*"), ()]
FRAMES = tidy()


def built(frames, **options):
    """Return the tallies of frames of any engine."""
    return Tallies.of(*(frames[name] for name in NAMES), changes=CHANGES, **options)


def matches():
    """Return what the SQL asks for beside the tidy tables: the products that changes touched."""
    names = {name for column in ("sku", "asin") for name in FRAMES["orders"][column].dropna()}
    matched = [(name_of(CHANGES[0]), name) for name in names if name in ("S-1", "S-2")]
    return {
        "changes": pd.DataFrame({"products": [name_of(each) for each in CHANGES]}),
        "matches": pd.DataFrame(matched, columns=["products", "name"]),
    }


def on(engine, frames):
    """Return the frames as an engine holds them, and what must live as long as they do."""
    if engine == "pandas":
        return frames, None
    if engine == "pyarrow":
        pa = pytest.importorskip("pyarrow")
        return {name: pa.Table.from_pandas(frame) for name, frame in frames.items()}, None
    if engine == "polars":
        pl = pytest.importorskip("polars", reason="Polars is not installed")
        return {name: pl.from_pandas(frame) for name, frame in frames.items()}, None
    connection = connected(frames)
    return {name: connection.table(name) for name in frames}, connection


def connected(frames):
    """Return a connection to DuckDB with the tables as views, days as DATE."""
    duckdb = pytest.importorskip("duckdb", reason="DuckDB is not installed")
    connection = duckdb.connect()
    for name, frame in frames.items():
        connection.register(f"rows_of_{name}", frame)
        dated = [column for column in frame if str(frame[column].dtype).startswith("datetime")]
        cast = ", ".join(f"CAST({column} AS DATE) AS {column}" for column in dated)
        replaced = f" REPLACE ({cast})" if dated else ""
        connection.execute(f"CREATE VIEW {name} AS SELECT *{replaced} FROM rows_of_{name}")
    return connection


def digest(table):
    """Return the md5 of a table with its types, as its rows lie."""
    types = ",".join(f"{name}:{table[name].dtype}" for name in table)
    return hashlib.md5((types + table.to_csv(index=False)).encode()).hexdigest()
