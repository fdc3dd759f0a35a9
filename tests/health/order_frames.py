"""Orders and feedback on them, small enough to count."""

import numpy as np
import pandas as pd


def placed(day, count, *, channel="seller", marketplace="US", first=0, status="Shipped"):
    """Return so many orders of one day, numbered from ``first``."""
    keys = [f"o{number}" for number in range(first, first + count)]
    frame = pd.DataFrame({"order_key": keys, "purchase_date": pd.Timestamp(day)})
    return frame.assign(marketplace=marketplace, channel=channel, status=status)


def left(days, *, rating=1, marketplace="US"):
    """Return feedback: order number -> day on which it was left."""
    frame = pd.DataFrame(
        {"date": pd.to_datetime(list(days.values())), "order_key": [f"o{n}" for n in days]}
    )
    return frame.assign(marketplace=marketplace, rating=rating)


def history(weekly=10, *, weeks=60, seed=1, rate=0.1, last="2026-10-31"):
    """Return orders every day and negative feedback 5 to 40 days later, as known on ``last``."""
    generator = np.random.default_rng(seed)
    days = pd.date_range(end=last, periods=7 * weeks)
    counts = generator.poisson(weekly / rate / 7, len(days))
    bought = days.repeat(counts)
    orders = pd.DataFrame({"order_key": [f"h{n}" for n in range(len(bought))]})
    orders = orders.assign(purchase_date=bought, marketplace="US", channel="seller")
    bad = generator.random(len(bought)) < rate
    delay = generator.integers(5, 41, bad.sum())
    feedback = pd.DataFrame(
        {"date": bought[bad] + pd.to_timedelta(delay, "D"), "marketplace": "US"}
    )
    feedback = feedback.assign(rating=1, order_key=orders["order_key"][bad].to_numpy())
    return feedback, orders
