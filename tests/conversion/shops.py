"""Hand-made tables of business reports and review counts."""

from types import SimpleNamespace

import numpy as np
import pandas as pd

from feedback_analysis import tables

MONDAY = pd.Timestamp("2026-01-05")


def traffic(rows, *, basis="child", marketplace="US", days=7):
    """Return traffic of (week number, parent, child, sessions, items, share, sales) rows."""
    frame = pd.DataFrame(
        rows,
        columns=[
            "week", "parent_asin", "child_asin", "sessions", "order_items", "featured_offer_share",
            "sales",
        ],
    )  # fmt: skip
    start = MONDAY + pd.to_timedelta(7 * frame["week"], unit="D")
    frame = frame.assign(
        start=start,
        end=start + pd.Timedelta(days=days - 1),
        marketplace=marketplace,
        page_views=2 * frame["sessions"],
        units=frame["order_items"] + (frame["order_items"] > 2),
        currency="USD",
        basis=basis,
    )
    return tables.finish("traffic", frame)


def reviews(rows):
    """Return a reviews table of (asin, day, count) rows; the average is 4.5 where there are any."""
    frame = pd.DataFrame(rows, columns=["asin", "date", "review_count"])
    stars = np.where(frame["review_count"] > 0, 4.5, np.nan)
    frame = frame.assign(date=pd.to_datetime(frame["date"]), average_rating=stars)
    return tables.finish("reviews", frame)


def shop(traffic_table, reviews_table=None):
    """Return what the panel looks at."""
    empty = tables.empty("reviews")
    return SimpleNamespace(
        traffic=traffic_table, reviews=empty if reviews_table is None else reviews_table
    )
