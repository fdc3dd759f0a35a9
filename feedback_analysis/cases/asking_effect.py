"""What asking does: from orders held out by chance, or from requests sent on different days."""

from __future__ import annotations

import math
from datetime import date, timedelta

import numpy as np
import pandas as pd

from feedback_analysis.cases.asking import WAIT, Asking
from feedback_analysis.cases.order_facts import OrderFacts
from feedback_analysis.shares import NORMAL_95, difference_interval, percent, share_interval
from feedback_analysis.texts import several

LEAST = 50
HOW_TO = (
    "What asking does cannot be measured from these files. Here is how to: before asking, draw one "
    "order in eight by chance (such as the orders whose id ends in a digit drawn beforehand), do "
    "not ask those, and write them into asks.csv with held_out = yes and an empty day. Ask all "
    "others alike. Some hundred orders on each side are needed."
)
COLUMNS = [
    "outcome", "asked_orders", "asked", "held_out_orders", "held_out", "difference", "low", "high",
]  # fmt: skip


def asking_effect(facts: OrderFacts, *, as_of: date) -> Asking:
    """Estimate what asking does to feedback.

    Parameters
    ----------
    facts : OrderFacts
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
    old = facts.counts[facts.counts["known"] & facts.counts["date"].le(end)]
    asked, held = old[old["asked"]], old[old["held_out"] & ~old["asked"]]
    if len(held):
        asked = asked[asked["date"].ge(held["date"].min())]
    if min(asked["n"].sum(), held["n"].sum()) >= LEAST:
        both = [part["date"] for part in (asked, held)]
        start, last = min(days.min() for days in both), max(days.max() for days in both)
        neither = ~old["asked"] & ~old["held_out"]
        return _held_out(asked, held, old[neither & old["date"].between(start, last)])
    log = facts.asked[facts.asked["known"] & facts.asked["date"].le(end)]
    if len(held):
        log = log[log["date"].ge(held["date"].min())]
    if log["n"].sum() >= LEAST and (text := _staggered(log)):
        return Asking(pd.DataFrame(columns=COLUMNS), text, [])
    return Asking(pd.DataFrame(columns=COLUMNS), HOW_TO, [])


def _held_out(asked: pd.DataFrame, held: pd.DataFrame, neither: pd.DataFrame) -> Asking:
    rows = []
    for name, least, most in (
        ("any feedback per order", 1, 5),
        ("positive feedback per order", 4, 5),
        ("1 to 3 stars per order", 1, 3),
    ):
        rows.append(_row(name, *(_hits(part, least, most) for part in (asked, held))))
    with_feedback = [part[part["rating"] > 0] for part in (asked, held)]
    rows.append(_row("positive share of feedback", *(_hits(part, 4, 5) for part in with_feedback)))
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
        f"out; a difference of {_points(any_row['difference'])} points "
        f"({_points(any_row['low'])} to {_points(any_row['high'])}). If the held-out orders "
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
    some, others = _hits(asked, 1, 5), _hits(neither, 1, 5)
    every, n = some[0] + others[0], some[1] + others[1]
    back, size = _hits(held, 1, 5)
    low, high = difference_interval(
        every / n, share_interval(every, n), back / size, share_interval(back, size)
    )
    return (
        f"{several(others[1], 'order')} of the same time {'was' if others[1] == 1 else 'were'} "
        "neither asked nor held out. If something about them decided that, those asked are a "
        "selection: over all that were not held out, "
        f"asked or not, {percent(every / n)} left feedback, a difference to those held out of "
        f"{_points(every / n - back / size)} points ({_points(low)} to {_points(high)})."
    )


def _points(difference: float) -> str:
    """Return a difference of two shares in points, with its sign: a true minus, as elsewhere."""
    return f"{100 * difference:+.1f}".replace("-", "\N{MINUS SIGN}")


def _hits(part: pd.DataFrame, least: int, most: int) -> tuple[int, int]:
    """Return how many orders have feedback of so many stars, and of how many."""
    return int(part.loc[part["rating"].between(least, most), "n"].sum()), int(part["n"].sum())


def _row(name: str, asked: tuple[int, int], held: tuple[int, int]) -> tuple[object, ...]:
    (a, n), (b, m) = asked, held
    if not n or not m:
        return (name, n, math.nan, m, math.nan, math.nan, math.nan, math.nan)
    low, high = difference_interval(a / n, share_interval(a, n), b / m, share_interval(b, m))
    return (name, n, a / n, m, b / m, a / n - b / m, low, high)


def _staggered(asked: pd.DataFrame) -> str:
    """Say the rate ratio of feedback on days after a request to days before, at the same age."""
    start = asked["delay"].to_numpy()
    if np.unique(start).size < 5:
        return ""
    told = asked["told"].astype("float64").where(asked["told"] >= 0).to_numpy()
    n = asked["n"].to_numpy()
    ratio, low, high = mantel_haenszel(np.repeat(start, n), np.repeat(told, n), until=WAIT)
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
    error = NORMAL_95 * math.sqrt(spread / (top * bottom))
    return ratio, ratio * math.exp(-error), ratio * math.exp(error)
