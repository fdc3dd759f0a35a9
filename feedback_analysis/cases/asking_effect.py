"""What asking does: from orders held out by chance, or from requests sent on different days."""

from __future__ import annotations

import math
from datetime import date, timedelta

import numpy as np
import pandas as pd

from feedback_analysis.cases.asking import Asking
from feedback_analysis.shares import difference_interval, percent, share_interval

Z = 1.959963984540054
LEAST = 50
WAIT = 45
HOW_TO = (
    "What asking does cannot be measured from these files. Here is how to: before asking, draw one "
    "order in eight by chance (such as the orders whose id ends in a digit drawn beforehand), do "
    "not ask those, and write them into asks.csv with held_out = yes and an empty day. Ask all "
    "others alike. Some hundred orders on each side are needed."
)
COLUMNS = [
    "outcome", "asked_orders", "asked", "held_out_orders", "held_out", "difference", "low", "high",
]  # fmt: skip


def asking_effect(facts: pd.DataFrame, *, as_of: date) -> Asking:
    """Estimate what asking does to feedback.

    Parameters
    ----------
    facts : DataFrame
        From :func:`order_facts`.
    as_of : date
        Last day known; orders of the last 45 days are left out.

    Returns
    -------
    Asking
        ``.table``: ``outcome`` (any feedback, positive, negative or neutral: shares of the orders;
        positive share of the feedback), on both sides, with the ``difference`` and its 95 %
        interval (Newcombe, 1998). Where nothing was held out but requests went out on different
        days, ``.text`` gives a rate ratio by order's age (Mantel and Haenszel; Greenland and
        Robins, 1985) instead, and the table is empty. Otherwise the text says how to find out.
    """
    end = pd.Timestamp(as_of - timedelta(days=WAIT))
    old = facts[facts["known"] & facts["purchase_date"].le(end)]
    asked, held = old[old["asked"].notna()], old[old["held_out"] & old["asked"].isna()]
    if len(held):
        begin = held["purchase_date"].min()
        asked = asked[asked["purchase_date"].ge(begin)]
    if min(len(asked), len(held)) >= LEAST:
        both = [part["purchase_date"] for part in (asked, held)]
        start, last = min(days.min() for days in both), max(days.max() for days in both)
        neither = old["asked"].isna() & ~old["held_out"]
        return _held_out(asked, held, old[neither & old["purchase_date"].between(start, last)])
    if len(asked) >= LEAST and (text := _staggered(asked)):
        return Asking(pd.DataFrame(columns=COLUMNS), text, [])
    return Asking(pd.DataFrame(columns=COLUMNS), HOW_TO, [])


def _held_out(asked: pd.DataFrame, held: pd.DataFrame, neither: pd.DataFrame) -> Asking:
    rows = []
    for name, hit in (
        ("any feedback per order", lambda part: part["rating"].notna()),
        ("positive feedback per order", lambda part: part["rating"].ge(4)),
        ("1 to 3 stars per order", lambda part: part["rating"].le(3)),
    ):
        rows.append(_row(name, hit(asked), hit(held)))
    with_feedback = [part[part["rating"].notna()] for part in (asked, held)]
    rows.append(
        _row("positive share of feedback", *(part["rating"].ge(4) for part in with_feedback))
    )
    table = pd.DataFrame(rows, columns=COLUMNS)
    any_row = table.iloc[0]
    verdict = (
        "Orders that were asked left more feedback"
        if any_row["low"] > 0
        else "Orders that were asked left less feedback"
        if any_row["high"] < 0
        else "Whether asking brings more feedback cannot be told yet"
    )
    text = (
        f"{verdict}: {percent(any_row['asked'])} of {int(any_row['asked_orders']):,} asked orders "
        f"left some, {percent(any_row['held_out'])} of {int(any_row['held_out_orders']):,} held "
        f"out; a difference of {100 * any_row['difference']:+.1f} points "
        f"({100 * any_row['low']:+.1f} to {100 * any_row['high']:+.1f}). If the held-out orders "
        "were drawn by chance, that is what asking does."
    )
    share = table.iloc[3]
    text += (
        f" The positive share among those asked is {percent(share['asked'])}, among those held out "
        f"{percent(share['held_out'])}."
    )
    limits = [
        "What asking does holds only if the held-out orders were drawn by chance. All feedback of "
        "an order counts, also what came before the request."
    ]
    if len(neither):
        limits.append(_left_out(asked, held, neither))
    return Asking(table, text, limits)


def _left_out(asked: pd.DataFrame, held: pd.DataFrame, neither: pd.DataFrame) -> str:
    """Say what the orders do to the comparison that were neither asked nor held out."""
    every = int(asked["rating"].notna().sum() + neither["rating"].notna().sum())
    n = len(asked) + len(neither)
    low, high = difference_interval(
        every / n,
        share_interval(every, n),
        held["rating"].notna().mean(),
        share_interval(int(held["rating"].notna().sum()), len(held)),
    )
    return (
        f"{len(neither):,} orders of the same time were neither asked nor held out. If something "
        "about them decided that, those asked are a selection: over all that were not held out, "
        f"asked or not, {percent(every / n)} left feedback, a difference to those held out of "
        f"{100 * (every / n - held['rating'].notna().mean()):+.1f} points ({100 * low:+.1f} to "
        f"{100 * high:+.1f})."
    )


def _row(name: str, asked: pd.Series, held: pd.Series) -> tuple[object, ...]:
    a, n, b, m = int(asked.sum()), len(asked), int(held.sum()), len(held)
    if not n or not m:
        return (name, n, math.nan, m, math.nan, math.nan, math.nan, math.nan)
    low, high = difference_interval(a / n, share_interval(a, n), b / m, share_interval(b, m))
    return (name, n, a / n, m, b / m, a / n - b / m, low, high)


def _staggered(asked: pd.DataFrame) -> str:
    """Say the rate ratio of feedback on days after a request to days before, at the same age."""
    if "feedback_date" not in asked:
        return ""
    start = (asked["asked"] - asked["purchase_date"]).dt.days.to_numpy()
    if np.unique(start).size < 5:
        return ""
    told = (asked["feedback_date"] - asked["purchase_date"]).dt.days.to_numpy(dtype=float)
    ratio, low, high = mantel_haenszel(start, told, until=WAIT)
    if math.isnan(ratio):
        return ""
    return (
        f"No order was held out, but requests went out on different days. At the same age of the "
        f"order, feedback came {ratio:.1f} times as often after the request as before it (95 % "
        f"interval {low:.1f} to {high:.1f}). That is the effect of asking only if the day of "
        f"asking had nothing to do with the order. {HOW_TO}"
    )


def mantel_haenszel(asked: np.ndarray, told: np.ndarray, *, until: int) -> tuple[float, ...]:
    """Return the rate ratio of feedback after to before asking, stratified by the order's age.

    Parameters
    ----------
    asked : array of int
        Day of the request, counted from the purchase.
    told : array of float
        Day of the feedback, counted from the purchase; NaN without.
    until : int
        Days that are followed.

    Returns
    -------
    tuple of float
        Ratio, and its 95 % interval; NaN where a side is empty.
    """
    top = bottom = spread = 0.0
    for age in range(until):
        at_risk = ~(told < age)
        after = at_risk & (asked < age)
        before = at_risk & (asked >= age)
        hit = told == age
        a, b = int((hit & after).sum()), int((hit & before).sum())
        n, m = int(after.sum()), int(before.sum())
        if not n or not m:
            continue
        top += a * m / (n + m)
        bottom += b * n / (n + m)
        spread += (a + b) * n * m / (n + m) ** 2
    if not top or not bottom:
        return math.nan, math.nan, math.nan
    ratio = top / bottom
    error = Z * math.sqrt(spread / (top * bottom))
    return ratio, ratio * math.exp(-error), ratio * math.exp(error)
