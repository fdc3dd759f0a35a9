"""Asking: who leaves feedback, who may be asked now, and what leaving buyers out would do."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Literal

import pandas as pd

from feedback_analysis.cases.order_facts import OrderFacts
from feedback_analysis.periods import day_in_words
from feedback_analysis.results import Result
from feedback_analysis.shares import missing, percent, percent_range, share_interval
from feedback_analysis.tallies import UNSTATED
from feedback_analysis.texts import listing, several

# Amazon lets a buyer be asked from 5 to 30 days after the delivery, once an order.
FIRST, LAST = 5, 30
# Younger orders may still get the feedback that is compared.
WAIT = 45
# Orders older than this have nearly all the feedback that they will get.
MATURE = 90
EXCLUSIONS = {
    "refunded": "without refunded or returned orders",
    "late": "without late orders (shipped late, or returned as late)",
    "complained": "without orders returned with a complaint",
    "all three": "without any of these",
}
NO_RATINGS = (
    "Of {markets}, files hold only 1 to 3 stars by order, so which orders got positive feedback is "
    "not known there, and they are left out."
)

NOT_SEEN = (
    "Of {markets}, files hold only 1 to 3 stars by order, so some orders that count as having no "
    "feedback may have a positive one; Request a Review goes to each order only once all the same."
)


@dataclass(frozen=True, eq=False)
class Asking(Result):
    """A table about asking, with its words.

    Attributes
    ----------
    table : DataFrame
        As the function that made it describes.
    text : str
        The same in words.
    limits : list of str
        What is not known.
    """

    table: pd.DataFrame
    text: str
    limits: list[str]


def feedback_per_order(
    facts: OrderFacts,
    by: Literal["marketplace", "channel", "asin", "month"],
    *,
    as_of: date,
    minimum_n: int | None = None,
    first: int | None = None,
) -> Asking:
    """Count how many orders get feedback.

    Parameters
    ----------
    facts : OrderFacts
        From :func:`order_facts`.
    by : {"marketplace", "channel", "asin", "month"}
        What to compare.
    as_of : date
        Last day known; orders of the last 90 days are left out, for theirs is still to come.
    minimum_n : int, optional
        Groups of fewer orders are left out; by default the shop's own number.
    first : int, optional
        Only so many of the largest groups.

    Returns
    -------
    Asking
        ``.table``: the group, ``orders``, ``feedback``, ``per_order`` (0-1) with ``low``, ``high``.
    """
    before = pd.Timestamp(as_of - timedelta(days=MATURE))
    least = facts.minimum_n if minimum_n is None else minimum_n
    old = facts.counts[facts.counts["known"] & facts.counts["date"].le(before)]
    old = old.assign(orders=old["n"], feedback=old["n"].where(old["rating"] > 0, 0))
    groups = old
    if by == "asin":
        groups = facts.products[facts.products["known"] & facts.products["end"].le(before)]
    names = [by, "orders", "feedback", "per_order", "low", "high"]
    rows = []
    known = groups[groups[by].ne(UNSTATED)]
    for name, part in known.groupby(by)[["orders", "feedback"]].sum().iterrows():
        size, n = int(part["orders"]), int(part["feedback"])
        if size >= least:
            rows.append((name, size, n, n / size, *share_interval(n, size)))
    table = pd.DataFrame(rows, columns=names)
    order = [by] if by == "month" else ["orders", by]
    table = table.sort_values(order, ascending=by == "month").reset_index(drop=True)
    if first is not None:
        table = table.head(first)
    if not len(old):
        text = (
            "Feedback per order cannot be counted: no order with all ratings known is old enough."
        )
    else:
        size, n = int(old["orders"].sum()), int(old["feedback"].sum())
        low, high = share_interval(n, size)
        text = (
            f"Of {several(size, 'order that is', 'orders that are')} at least {MATURE} days old, "
            f"{percent(n / size)} got feedback (95 % interval {percent_range(low, high)})."
        )
    return Asking(table, text, _limits(facts))


def may_be_asked(facts: OrderFacts, *, as_of: date) -> pd.DataFrame:
    """Return the orders whose buyers may be asked today and never were.

    Parameters
    ----------
    facts : OrderFacts
        From :func:`order_facts`.
    as_of : date
        Today.

    Returns
    -------
    DataFrame
        Rows of the facts with ``ends`` (the last day for asking), the first to end in front. Orders
        held out on purpose, and ones with feedback already, are left out; nobody is left out for
        being unhappy.
    """
    today = pd.Timestamp(as_of)
    facts = facts.rows
    since = today - facts["expected"]
    inside = since.between(pd.Timedelta(days=FIRST), pd.Timedelta(days=LAST))
    free = facts["asked"].isna() & ~facts["held_out"] & facts["rating"].isna()
    rows = facts[inside & free]
    rows = rows.assign(ends=rows["expected"] + pd.Timedelta(days=LAST))
    return rows.sort_values(["ends", "marketplace", "order_key"]).reset_index(drop=True)


def asking_now(facts: OrderFacts, *, as_of: date, logged: bool) -> Asking:
    """Count the orders whose buyers may be asked today.

    Parameters
    ----------
    facts : OrderFacts
        From :func:`order_facts`.
    as_of : date
        Today.
    logged : bool
        Whether the shop keeps a log of its requests.

    Returns
    -------
    Asking
        ``.table``: ``marketplace``, ``in_window`` (orders 5 to 30 days after the promised day),
        ``feedback_already``, ``asked``, ``held_out``, ``never_asked`` and ``ending_this_week``.
    """
    orders = facts.rows
    since = pd.Timestamp(as_of) - orders["expected"]
    inside = orders[since.between(pd.Timedelta(days=FIRST), pd.Timedelta(days=LAST))]
    free = may_be_asked(facts, as_of=as_of)
    week = pd.Timestamp(as_of + timedelta(days=7))
    rows = [
        {
            "marketplace": market,
            "in_window": len(part),
            "feedback_already": int(part["rating"].notna().sum()),
            "asked": int(part["asked"].notna().sum()),
            "held_out": int(part["held_out"].sum()),
            "never_asked": int(free["marketplace"].eq(market).sum()),
            "ending_this_week": int((free["marketplace"].eq(market) & free["ends"].le(week)).sum()),
        }
        for market, part in inside.groupby("marketplace")
    ]
    names = ["marketplace", "in_window", "feedback_already", "asked", "held_out", "never_asked"]
    table = pd.DataFrame(rows, columns=[*names, "ending_this_week"])
    limits = []
    if not logged:
        limits.append(
            "The shop keeps no log of its requests, so all orders without feedback count as never "
            "asked. Keep asks.csv with order_id,asked beside shop.toml."
        )
    limits.append("The promised day stands for the day of delivery, which no file holds.")
    hidden = sorted(inside.loc[~inside["known"], "marketplace"].dropna().unique())
    if hidden:
        limits.append(NOT_SEEN.format(markets=listing(hidden)))
    if facts.missing:
        limits.append(
            f"{facts.missing:,} recent orders are there as counts only, so they are not among "
            "those that may be asked; take the list from the newest reading."
        )
    if orders.empty or orders["expected"].isna().all():
        text = "Without orders and shipments nobody knows whose time for being asked it is."
    else:
        ending = int(free["ends"].le(week).sum())
        held = int((inside["held_out"] & inside["asked"].isna()).sum())
        one = len(free) == 1
        left = f"{len(free):,} of them {'was' if one else 'were'} never asked and "
        left += f"{'has' if one else 'have'} no feedback "
        left += "yet" if not hidden else "that the files show"
        if held:
            left += f" (and {'is' if one else 'are'} not among the {held:,} held out on purpose)"
        text = (
            f"On {day_in_words(as_of)}, {several(len(inside), 'order is', 'orders are')} {FIRST} "
            f"to {LAST} days past {'its' if len(inside) == 1 else 'their'} promised day; {left}. "
            f"For {ending:,} the time ends within a week."
        )
    return Asking(table, text, limits)


def funnel(facts: OrderFacts, *, as_of: date) -> Asking:
    """Follow orders from the purchase to positive feedback, as far as the log reaches.

    Parameters
    ----------
    facts : OrderFacts
        From :func:`order_facts`.
    as_of : date
        Last day known.

    Returns
    -------
    Asking
        ``.table``: ``step`` (orders, asked, feedback, positive), ``n``, ``of_orders`` (0-1).
        Orders from the first logged one to 45 days ago, where all ratings are known.
    """
    table = pd.DataFrame(columns=["step", "n", "of_orders"])
    counts = facts.counts
    logged = counts[counts["asked"] | counts["held_out"]]
    limits = _limits(facts)
    if logged.empty:
        return Asking(table, "Without a log of requests there is no funnel to draw.", limits)
    end = pd.Timestamp(as_of - timedelta(days=WAIT))
    part = counts[counts["date"].between(logged["date"].min(), end) & counts["known"]]
    if part.empty:
        return Asking(table, "The log is too young to follow its orders.", limits)
    asked = part[part["asked"]]
    steps = [
        ("orders", part),
        ("asked", asked),
        ("feedback, of those asked", asked[asked["rating"] > 0]),
        ("positive, of those asked", asked[asked["rating"] >= 4]),
    ]
    sizes = [(step, int(some["n"].sum())) for step, some in steps]
    every, asks, left, positive = (n for _, n in sizes)
    table = pd.DataFrame(
        [(step, n, n / every) for step, n in sizes], columns=["step", "n", "of_orders"]
    )
    text = (
        f"Of {several(every, 'order')}, {asks:,} {'was' if asks == 1 else 'were'} asked "
        f"({percent(asks / every)}); "
        f"{left:,} of those left feedback, {positive:,} of it positive."
    )
    return Asking(table, text, limits)


def exclusions(facts: OrderFacts, *, as_of: date, days: int = 365) -> Asking:
    """Show what leaving unhappy buyers out of asking would do to the measured share.

    Parameters
    ----------
    facts : OrderFacts
        From :func:`order_facts`.
    as_of : date
        Last day known.
    days : int, default=365
        Orders of so many days.

    Returns
    -------
    Asking
        ``.table``: ``rule``, ``orders_left_out``, ``feedback``, ``positive``, ``share`` with
        ``low``, ``high``; first the share over all orders. The rules are those that tools offer;
        that buyers left out would leave no feedback at all is assumed, so this is the most that a
        rule can do.
    """
    start = pd.Timestamp(as_of - timedelta(days=days - 1))
    part = facts.counts[facts.counts["known"] & facts.counts["date"].ge(start)]
    flags = {
        "refunded": part["refunded"],
        "late": part["late"],
        "complained": part["complained"],
        "all three": part["refunded"] | part["late"] | part["complained"],
    }
    rows = [_share_row("all orders", part, 0)] + [
        _share_row(EXCLUSIONS[name], part[~flag], int(part.loc[flag, "n"].sum()))
        for name, flag in flags.items()
    ]
    table = pd.DataFrame(rows)
    whole, most = table.iloc[0], table["share"].iloc[1:].max()
    if missing(whole["share"]):
        return Asking(table.head(0), "No order with all ratings known.", _limits(facts))
    gain = "No rule of those below would make the share higher."
    if most > whole["share"]:
        gain = (
            f"By the rule that gains most of those below, a shop would read up to {percent(most)} "
            "instead, and would have served its buyers no better."
        )
    text = (
        f"Over all orders {percent(whole['share'])} of "
        f"{several(int(whole['feedback']), 'feedback is', 'feedbacks are')} positive "
        f"({percent_range(whole['low'], whole['high'])}). {gain} Amazon forbids to seek "
        "positive feedback selectively."
    )
    return Asking(table, text, _limits(facts))


def _share_row(name: str, part: pd.DataFrame, left_out: int) -> dict[str, Any]:
    n, positive = (int(part.loc[part["rating"] >= least, "n"].sum()) for least in (1, 4))
    low, high = share_interval(positive, n)
    return {
        "rule": name,
        "orders_left_out": left_out,
        "feedback": n,
        "positive": positive,
        "share": positive / n if n else math.nan,
        "low": low,
        "high": high,
    }


def _limits(facts: OrderFacts) -> list[str]:
    counts = facts.counts
    markets = sorted(set(counts.loc[~counts["known"], "marketplace"]) - {UNSTATED})
    return [NO_RATINGS.format(markets=listing(markets))] if markets else []
