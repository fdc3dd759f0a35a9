"""Writes the feedback and orders of a shop of any size, as Parquet and as flat files, fast.

Rows as of a large shop: sixty months, eight marketplaces, 86 / 6 / 2.5 / 1.7 / 3.8 %
of 5 to 1 stars, one feedback in ten without words, three orders a feedback, 2,000 products, two
channels, six carriers. Every value is a hash of the row's number and of the seed, so the same seed
writes the same shop. Buyers and orders are invented.
"""

from __future__ import annotations

from pathlib import Path

import duckdb

MONTHS, FIRST, DAYS = 60, "2021-11-01", 1826
MARKETS = ("US", "CA", "UK", "DE", "FR", "IT", "ES", "NL")
_DOMAINS = ("com", "ca", "co.uk", "de", "fr", "it", "es", "nl")
_CARRIERS = ("UPS", "USPS", "FedEx", "DHL", "Royal Mail", "GLS")
_OPENINGS = (
    "arrived a week late", "box was crushed", "the seller never replied", "wrong colour sent",
    "tracking never moved", "refund took three weeks", "stopped working", "still waiting",
    "not what the pictures show", "nobody answers the phone", "lid of it was broken", "never again",
)  # fmt: skip
_THINGS = (
    "kettle", "phone case", "lamp", "garden hose", "tent", "backpack", "water bottle", "drill set",
    "yoga mat", "desk chair", "cable", "notebook", "toy train", "rain jacket", "coffee grinder",
)  # fmt: skip


def _list(words: tuple[str, ...]) -> str:
    return "[" + ", ".join(f"'{word}'" for word in words) + "]"


def _macros(seed: int) -> list[str]:
    return [
        f"CREATE MACRO u(i, s) AS (hash(i * 64 + s + {seed} * 7919) % 1000003) / 1000003.0",
        "CREATE MACRO pick(words, i, s) AS "
        f"words[1 + (hash(i * 64 + s + {seed}) % len(words))::INT]",
        "CREATE MACRO order_id(i) AS printf('000-%07d-%07d', i // 10000000, i % 10000000)",
        f"CREATE MACRO day_of(i) AS DATE '{FIRST}' + CAST(floor(u(i, 1) * {DAYS - 12}) AS INT)",
        "CREATE MACRO market_of(i) AS 1 + (hash(i * 64 + 7) % 8)::INT",
        "CREATE MACRO stars(i) AS CASE WHEN u(i, 2) < .86 THEN 5 WHEN u(i, 2) < .92 THEN 4 "
        "WHEN u(i, 2) < .945 THEN 3 WHEN u(i, 2) < .962 THEN 2 ELSE 1 END",
        f"CREATE MACRO words(i) AS CASE WHEN u(i, 3) < .1 THEN '' ELSE "
        f"pick({_list(_OPENINGS)}, i, 4) || ', the ' || pick({_list(_THINGS)}, i, 5) || "
        "' of order ' || (hash(i * 64 + 9) % 100000)::VARCHAR END",
    ]


# A feedback is of every third order, and comes two to eleven days after it.
_FEEDBACK = f"""
    SELECT day_of(i * 3) + (2 + (hash(i * 64 + 11) % 10)::INT) AS date,
      {_list(MARKETS)}[market_of(i * 3)] AS marketplace, stars(i) AS rating, words(i) AS comment,
      order_id(i * 3) AS order_key FROM range({{rows}}) AS t(i)"""
_ORDERS = f"""
    SELECT order_id(i) AS order_key, day_of(i) AS purchase_date,
      {_list(MARKETS)}[market_of(i)] AS marketplace,
      'SKU-' || lpad(floor(2000 * u(i, 12) * u(i, 12))::VARCHAR, 4, '0') AS sku,
      'B0' || lpad(floor(2000 * u(i, 12) * u(i, 12))::VARCHAR, 8, '0') AS asin,
      CASE WHEN u(i, 13) < .7 THEN 'amazon' ELSE 'seller' END AS channel,
      1 AS quantity, 9.99 + floor(u(i, 14) * 40) AS item_price,
      CASE market_of(i) WHEN 1 THEN 'USD' WHEN 2 THEN 'CAD' WHEN 3 THEN 'GBP' ELSE 'EUR' END
        AS currency,
      CASE WHEN u(i, 15) < .02 THEN 'Cancelled' ELSE 'Shipped' END AS status,
      pick({_list(_CARRIERS)}, i, 16) AS carrier
    FROM range({{rows}}) AS t(i)"""
# A hundredth of the orders comes back. Weeks begin on Sunday; a product has its first review in a
# week of its own, which does nothing to its conversion.
_RETURNS = """
    SELECT order_key, purchase_date + 12 AS return_date, marketplace, sku, asin, channel, quantity,
      'DEFECTIVE' AS reason, 'as_described' AS question
    FROM ({orders}) WHERE hash(order_key) % 100 = 0"""
_WEEKS, _PRODUCTS = 250, 2000
_FIRST_WEEK = "DATE '2022-01-16'"
_TRAFFIC = f"""
    SELECT {_FIRST_WEEK} + 7 * (i // {_PRODUCTS})::INT AS start,
      {_FIRST_WEEK} + 7 * (i // {_PRODUCTS})::INT + 6 AS "end", 'US' AS marketplace,
      'B0' || lpad((i % {_PRODUCTS})::VARCHAR, 8, '0') AS child_asin,
      20 + floor(400 * u(i % {_PRODUCTS}, 21) * u(i, 22))::INT AS sessions,
      floor((20 + floor(400 * u(i % {_PRODUCTS}, 21) * u(i, 22))) *
        (.02 + .12 * u(i % {_PRODUCTS}, 23)) + u(i, 24))::INT AS units,
      .9 AS featured_offer_share, 'child' AS basis
    FROM range({_WEEKS * _PRODUCTS}) AS t(i)"""
_REVIEWS = f"""
    SELECT 'B0' || lpad((i % {_PRODUCTS})::VARCHAR, 8, '0') AS asin,
      {_FIRST_WEEK} + 28 * (i // {_PRODUCTS})::INT AS date,
      greatest(0, floor((i // {_PRODUCTS}) - 60 * u(i % {_PRODUCTS}, 25)))::INT AS review_count,
      CASE WHEN floor((i // {_PRODUCTS}) - 60 * u(i % {_PRODUCTS}, 25)) > 0
        THEN 3.5 + u(i % {_PRODUCTS}, 26) END AS average_rating
    FROM range({_WEEKS // 4 * _PRODUCTS}) AS t(i)"""
_FLAT = f"""
    SELECT strftime(date, '%-m/%-d/%y') AS "Date", rating AS "Rating", comment AS "Comments",
      '' AS "Your Response", order_key AS "Order ID",
      substr(md5(order_key), 1, 12) || '@marketplace.amazon.' ||
        {_list(_DOMAINS)}[list_position({_list(MARKETS)}, marketplace)] AS "Rater Email"
    FROM ({_FEEDBACK})"""
# Table -> the day that decides the month its rows lie in.
_TABLES = {
    "feedback": "date", "orders": "purchase_date", "shipments": "ship_date",
    "returns": "return_date", "traffic": "start", "reviews": "date",
}  # fmt: skip
_PARQUET = "(FORMAT parquet, COMPRESSION zstd, PARTITION_BY (month), OVERWRITE_OR_IGNORE)"


def write_big_shop(
    folder: Path, *, feedback: int, orders: int, flat: bool, seed: int = 2026
) -> None:
    """Write a shop whose tables are Parquet folders by month, and its feedback as a flat file.

    Parameters
    ----------
    folder : Path
        The shop's folder; gets ``shop.toml``, a folder for each table, and ``feedback.txt``.
    feedback, orders : int
        Rows.
    flat : bool
        Whether to write the flat file too, about 100 bytes a row.
    seed : int, default=2026
    """
    folder.mkdir(parents=True, exist_ok=True)
    with duckdb.connect(config={"preserve_insertion_order": "false"}) as connection:
        connection.execute("SET enable_progress_bar = false")
        for macro in _macros(seed):
            connection.execute(macro)
        rows = {"feedback": _FEEDBACK.format(rows=feedback), "orders": _ORDERS.format(rows=orders)}
        rows["shipments"] = (
            "SELECT order_key, purchase_date + 1 AS ship_date, carrier, true AS has_tracking, "
            f"purchase_date + 5 AS estimated_arrival FROM ({rows['orders']}) "
            "WHERE status = 'Shipped'"
        )
        rows |= {
            "returns": _RETURNS.format(orders=rows["orders"]),
            "traffic": _TRAFFIC,
            "reviews": _REVIEWS,
        }
        for name, day in _TABLES.items():
            target = folder / name
            connection.execute(
                f"COPY (SELECT *, strftime({day}, '%Y-%m') AS month FROM ({rows[name]})) "
                f"TO '{target}' {_PARQUET}"
            )
        if flat:
            connection.execute(
                f"COPY ({_FLAT.format(rows=feedback)}) TO '{folder / 'feedback.txt'}' "
                "(FORMAT csv, DELIMITER '\t', QUOTE '', ESCAPE '', HEADER)"
            )
    (folder / "shop.toml").write_text(
        f'[shop]\nname = "Big"\nmarketplaces = {list(MARKETS)}\n'
        '[privacy]\nsalt = "benchmark"\n'
        "[data]\n" + "".join(f'{name} = "{name}"\n' for name in _TABLES)
    )
