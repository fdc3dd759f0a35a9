"""Which products, carriers or channels draw negative feedback beyond what chance explains."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pandas as pd

DAYS = 90
# One page looks at three kinds of groups; together they cry wolf in at most one of twenty reports.
LEVEL = 0.05 / 3
LEAST_NEGATIVES = 3
NOT_SOLD = ("cancelled", "canceled", "pending", "unfulfillable")


def order_outcomes(shop: Any, *, end: date, days: int = DAYS) -> pd.DataFrame:
    """Tell of each recent order whether it drew a negative feedback.

    Parameters
    ----------
    shop : Shop
        With the tables ``orders`` and ``feedback``.
    end : date
        Last day.
    days : int, default=90
        How many days of purchases, the last day included: the time a buyer has for feedback.

    Returns
    -------
    DataFrame
        One row an order item: ``order_key``, ``purchase_date``, ``asin``, ``sku``, ``channel``,
        and ``negative`` (True when the order drew 1 or 2 stars). Cancelled and pending orders
        are left out.
    """
    orders, feedback = shop.orders, shop.feedback
    bought = orders["purchase_date"].between(
        pd.Timestamp(end - timedelta(days=days - 1)), pd.Timestamp(end)
    )
    status = orders["status"].fillna("").str.casefold()
    columns = ["order_key", "purchase_date", "asin", "sku", "channel"]
    recent = orders.loc[bought & ~status.isin(NOT_SOLD), columns]
    negative = feedback["rating"].le(2) & ~feedback["gone"] & feedback["order_key"].notna()
    keys = feedback.loc[negative, "order_key"]
    return recent.assign(negative=recent["order_key"].isin(keys)).reset_index(drop=True)


def standing_out(outcomes: pd.DataFrame, group: str, *, minimum_n: int = 10) -> pd.DataFrame:
    """Find groups of orders with more negative feedback than chance explains.

    Each group's number of negative feedbacks is held against the shop's own rate by an exact
    one-sided binomial test; Holm's correction keeps the number of false alarms in hand however many
    groups there are.

    Parameters
    ----------
    outcomes : DataFrame
        ``order_key``, ``negative`` and the column named by ``group``.
    group : str
        Column to compare, such as ``asin``, ``carrier`` or ``channel``.
    minimum_n : int, default=10
        Groups with fewer orders are not looked at.

    Returns
    -------
    DataFrame
        The groups that stand out, highest rate first: the group's name, ``orders``, ``negative``,
        ``rate``, ``low``, ``high`` (0-1, Wilson, 95 %), ``shop_rate`` (0-1), ``p`` (corrected) and
        ``compared`` (how many groups were looked at).

    Notes
    -----
    S. Holm, A simple sequentially rejective multiple test procedure, Scandinavian Journal of
    Statistics 6 (1979). The shop's rate includes the group itself, which errs on the careful side.
    """
    from scipy.special import bdtrc

    from feedback_analysis.health.intervals import share_interval

    each = outcomes.dropna(subset=[group]).drop_duplicates(["order_key", group])
    counts = (
        each.groupby(group, observed=True)["negative"]
        .agg(orders="size", negative="sum")
        .astype("int64")
        .reset_index()
    )
    whole = each.drop_duplicates("order_key")
    shop_rate = float(whole["negative"].mean()) if len(whole) else float("nan")
    looked_at = counts[counts["orders"] >= minimum_n].reset_index(drop=True)
    chance = bdtrc(looked_at["negative"] - 1.0, looked_at["orders"], shop_rate)
    chance[looked_at["negative"].to_numpy() == 0] = 1.0
    looked_at["p"] = _holm(pd.Series(chance, index=looked_at.index))
    looked_at["rate"] = looked_at["negative"] / looked_at["orders"]
    intervals = [
        share_interval(count, n)
        for count, n in zip(looked_at["negative"], looked_at["orders"], strict=True)
    ]
    looked_at["low"] = [low for low, _ in intervals]
    looked_at["high"] = [high for _, high in intervals]
    looked_at["shop_rate"] = shop_rate
    looked_at["compared"] = len(looked_at)
    # A single group is the shop itself, so there is nothing to compare it with.
    found = looked_at[
        (looked_at["p"] <= LEVEL)
        & (looked_at["negative"] >= LEAST_NEGATIVES)
        & (len(looked_at) > 1)
    ]
    return found.sort_values(["rate", group], ascending=[False, True]).reset_index(drop=True)


def _holm(chances: pd.Series) -> pd.Series:
    ordered = chances.sort_values(kind="stable")
    steps = pd.Series(range(len(ordered), 0, -1), index=ordered.index)
    return (ordered * steps).cummax().clip(upper=1).reindex(chances.index)
