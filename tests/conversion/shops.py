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


def of_catalogue(panel):
    """Return the business reports and dated reviews from which a simulated panel can be rebuilt."""
    week = (panel["week"] - panel["week"].min()).dt.days // 7
    rows = traffic(
        pd.DataFrame(
            {
                "week": week,
                "parent_asin": panel["family"],
                "child_asin": panel["family"],
                "sessions": panel["sessions"],
                "order_items": panel["units"],
                "featured_offer_share": panel["featured_offer_share"],
                "sales": panel["price"] * panel["units"],
            }
        ).to_numpy(dtype=object)
    )
    rows["units"] = rows["order_items"]
    ordered = panel.sort_values(["family", "week"])
    changed = ordered.groupby("family")["review_count"].diff().ne(0)
    dated = ordered.loc[changed, ["family", "week", "review_count"]]
    # The count stood like this when the week began, so it came the day before.
    dated["week"] = dated["week"] - panel["week"].min() + MONDAY - pd.Timedelta(days=1)
    last = dated.groupby("family").tail(1).assign(week=rows["end"].max())
    counts = pd.concat([dated, last]).drop_duplicates(["family", "week"])
    return rows, reviews(counts.to_numpy(dtype=object))
