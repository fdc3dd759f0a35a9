"""What each order drew: the rows that products, carriers, channels and months are compared by."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pandas as pd

from feedback_analysis.once import once

# A buyer has 90 days for feedback.
DAYS = 90
CHANNELS = {"amazon": "shipped by Amazon", "seller": "shipped by the seller"}
LABELS = ("questions", "causes")
UNCLEAR = "unclear"
NOT_SOLD = ("cancelled", "canceled", "pending", "unfulfillable")


@once
def order_outcomes(
    shop: Any, *, end: date, days: int | None = DAYS, labels: pd.DataFrame | None = None
) -> pd.DataFrame:
    """Tell of each recent order whether it drew a negative feedback.

    Parameters
    ----------
    shop : Shop
        With the tables ``orders``, ``feedback`` and ``shipments``.
    end : date
        Last day.
    days : int, default=90
        How many days of purchases, the last day included: the time a buyer has for feedback. None
        means all that are known.
    labels : DataFrame, optional
        ``questions`` and ``causes`` (tuples of ids) of feedback rows of the shop, by their index:
        then an order also has what its feedback of 1 to 3 stars complains about.

    Returns
    -------
    DataFrame
        One row an order item (and carrier, where an order came in parcels of several):
        ``order_key``, ``purchase_date``, ``marketplace``, ``asin``, ``sku``, ``channel``,
        ``carrier``, ``month`` (of the purchase, such as 2026-10), and ``negative`` (True when
        the order drew 1 or 2 stars); with labels also ``questions`` and ``causes`` (tuples, without
        ``unclear``; empty where it draws no complaint). Cancelled and pending orders are left out.
    """
    orders, feedback = shop.orders, shop.feedback
    bought = orders["purchase_date"] <= pd.Timestamp(end)
    if days is not None:
        bought &= orders["purchase_date"] >= pd.Timestamp(end - timedelta(days=days - 1))
    status = orders["status"].fillna("").str.casefold()
    columns = ["order_key", "purchase_date", "marketplace", "asin", "sku", "channel"]
    wanted = bought & ~status.isin(NOT_SOLD)
    recent = orders.loc[wanted, columns].assign(
        month=orders.loc[wanted, "purchase_date"].dt.strftime("%Y-%m")
    )
    negative = feedback["rating"].le(2) & ~feedback["gone"] & feedback["order_key"].notna()
    keys = feedback.loc[negative, "order_key"]
    recent = recent.assign(negative=recent["order_key"].isin(keys))
    carriers = shop.shipments[["order_key", "carrier"]].dropna().drop_duplicates()
    recent = recent.merge(carriers, on="order_key", how="left")
    recent = recent[[*columns, "carrier", "month", "negative"]].reset_index(drop=True)
    if labels is None:
        return recent
    return recent.assign(
        **{name: _said(feedback, labels[name], recent["order_key"]) for name in LABELS}
    )


def _said(feedback: pd.DataFrame, ids: pd.Series, keys: pd.Series) -> list[tuple[str, ...]]:
    """Return what each order's unhappy feedback complains about."""
    unhappy = feedback["rating"].le(3) & ~feedback["gone"] & feedback["order_key"].notna()
    said = ids.reindex(feedback.index[unhappy]).dropna()
    of = dict(zip(feedback.loc[said.index, "order_key"], said, strict=True))
    stated = {key: tuple(each for each in found if each != UNCLEAR) for key, found in of.items()}
    return [stated.get(key, ()) for key in keys]


def feedback_outcomes(shop: Any, *, start: date, end: date) -> pd.DataFrame:
    """Tell of each feedback of a span what it is about, where all ratings are known.

    Parameters
    ----------
    shop : Shop
        With the tables ``orders``, ``feedback`` and ``shipments``.
    start, end : date
        First and last day of the feedback.

    Returns
    -------
    DataFrame
        One row a feedback (and product of its order, where it has several): ``order_key``,
        ``marketplace``, ``asin``, ``channel``, ``month`` (of the feedback), ``rating``,
        ``negative`` and ``positive``. Only marketplaces whose file holds all ratings: of 1 to 3
        stars alone, no share can be taken.
    """
    rows = shop.feedback
    inside = rows["date"].between(pd.Timestamp(start), pd.Timestamp(end))
    full = rows["source"].eq("all ratings") & ~rows["gone"] & rows["order_key"].notna()
    kept = rows.loc[inside & full, ["order_key", "marketplace", "rating", "date"]]
    about = shop.orders[["order_key", "asin", "channel"]].drop_duplicates()
    found = kept.merge(about, on="order_key", how="left")
    return found.assign(
        month=found["date"].dt.strftime("%Y-%m"),
        negative=found["rating"] <= 2,
        positive=found["rating"] >= 4,
    ).drop(columns="date")
