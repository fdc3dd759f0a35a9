"""Did the fix work: a complaint's rate before and after a dated change, against what was left."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import numpy as np
import pandas as pd

from feedback_analysis.periods import day_in_words
from feedback_analysis.results import Result
from feedback_analysis.shares import NORMAL_95
from feedback_analysis.tallies import SOLD, Tallies, matching, name_of, statuses
from feedback_analysis.texts import several

# Days on each side, and days in which a complaint about an order is waited for.
WINDOW, FOLLOW = 90, 45
LEAST_ORDERS, LEAST_EVENTS = 100, 5
# Four times in five, in standard errors.
POWER = 0.8416212335729143
FEEDBACK, RETURNS = "feedback of 1 to 3 stars", "returns"
# Complaints and orders before, complaints and orders after.
Counts = tuple[int, int, int, int]
FELL, ROSE, NOT_CLEAR = "fell", "rose", "no clear change"
TOO_EARLY, TOO_FEW, NOT_KNOWN = "too early to say", "too few to say", "not known"
# The plain ratio is clear, but the products that were not touched moved with it.
ELSEWHERE = "{}, but not clearly more than elsewhere"
BEFORE_AND_AFTER = (
    "A season, a carrier or a bad month that ended by itself at the same time looks like the work "
    "of a dated change, unless it also touched the products that were not changed."
)
NOT_TALLIED = (
    "{}: the orders of its products were not counted when this shop was condensed, so it cannot be "
    "told what it did; condense the shop again with the changes as they are stated now."
)
BEFORE, AFTER = "before", "after"
Sides = dict[tuple[str, bool], int]
COLUMNS = [
    "action", "since", "complaint", "measured_by", "before", "orders_before", "after",
    "orders_after", "rate_before", "rate_after", "ratio", "low", "high", "others_ratio",
    "net_ratio", "net_low", "net_high", "smallest", "verdict",
]  # fmt: skip


@dataclass(frozen=True, eq=False)
class Fixes(Result):
    """What dated changes did.

    Attributes
    ----------
    table : DataFrame
        As :func:`fixes` describes it.
    text : str
        Every verdict in words.
    limits : list of str
        What is not known.
    """

    table: pd.DataFrame
    text: str
    limits: list[str]


def fixes(
    shop: Any,
    actions: Iterable[Any],
    *,
    as_of: date,
    labels: pd.DataFrame | None = None,
    window: int = WINDOW,
    follow: int = FOLLOW,
) -> Fixes:
    """Compare a complaint's rate before and after each dated change.

    Parameters
    ----------
    shop : Shop
        With ``orders``, ``feedback`` and ``returns``.
    actions : iterable of Action
        From the settings.
    as_of : date
        Last day known.
    labels : DataFrame, optional
        ``questions`` and ``causes`` with the index of ``shop.feedback``. Without it only returns,
        whose reasons name the question, can be counted.
    window : int, default=90
        Days of orders on each side of the change.
    follow : int, default=45
        Days after each order in which a complaint counts, on both sides alike; orders younger than
        that are left out.

    Returns
    -------
    Fixes
        ``.table``: a row an action and measure: counts and ``orders`` on both sides, rates, their
        ``ratio`` with an exact 95 % interval, ``others_ratio`` (the same for products that were not
        touched) and ``net_ratio``, the ratio of the two, with its interval (difference in
        differences on the log scale); ``smallest``: the smallest fall that could have been seen
        four times in five; ``verdict``: fell, rose, either of them "but not clearly more than
        elsewhere", no clear change, too early to say, too few to say, or not known, without any
        order of before.

    Notes
    -----
    The ratio's interval conditions on the sum of both counts (binomial, Clopper and Pearson). A
    season or a carrier that changed at the same time looks like the fix, unless it also touched the
    other products.
    """
    actions = list(actions)
    orders, complaints = _orders(shop), _complaints(shop, labels)
    tallies = _tallies(shop, [action.products for action in actions])
    rows, unknown = [], []
    for action in actions:
        placed, returned = (_of(table, action) for table in tallies)
        if placed.empty and len(shop.tallies.orders):
            unknown.append(action.what)
            continue
        first, last = pd.Timestamp(action.since), pd.Timestamp(as_of - timedelta(days=follow))
        sides = {
            BEFORE: (first - pd.Timedelta(days=window), first - pd.Timedelta(days=1)),
            AFTER: (first, min(first + pd.Timedelta(days=window - 1), last)),
        }
        sizes = _sides(placed, sides, "orders")
        if complaints is not None:
            complaint = action.cause or action.question
            hits = _hits(action, complaint, orders, complaints, sides, follow)
            rows.append(_compared(action, complaint, FEEDBACK, hits, sizes))
        if action.question is not None:
            back = returned["question"].eq(action.question) & returned["delay"].le(follow)
            hits = _sides(returned[back], sides, "n")
            rows.append(_compared(action, action.question, RETURNS, hits, sizes))
    table = pd.DataFrame(rows, columns=COLUMNS)
    text = " ".join(_words(row) for row in table.to_dict("records"))
    return Fixes(
        table,
        text or "No dated change is stated under [[actions]] in shop.toml.",
        _limits(table, labels is not None, unknown),
    )


def _limits(table: pd.DataFrame, labelled: bool, unknown: list[str]) -> list[str]:
    limits = [NOT_TALLIED.format(what) for what in unknown]
    if not labelled:
        limits.append(
            "The causes of comments are not labelled here, so fixes are measured by the reasons of "
            "returns alone."
        )
    if table["verdict"].str.startswith((FELL, ROSE)).any():
        limits.append(BEFORE_AND_AFTER)
    return limits


def _orders(shop: Any) -> pd.DataFrame:
    orders = shop.orders
    sold = statuses(orders["status"]).eq(SOLD)
    return orders.loc[sold, ["order_key", "purchase_date", "sku", "asin"]]


def _complaints(shop: Any, labels: pd.DataFrame | None) -> pd.DataFrame | None:
    """Return complaints: order, day, and the questions and causes that they are about."""
    if labels is None:
        return None
    rows = shop.feedback[shop.feedback["rating"].le(3) & shop.feedback["order_key"].notna()]
    rows = rows[rows.index.isin(labels.index)]
    about = [(*labels.at[place, "questions"], *labels.at[place, "causes"]) for place in rows.index]
    return pd.DataFrame({"order_key": rows["order_key"], "day": rows["date"], "about": about})


def _tallies(shop: Any, changes: list[tuple[str, ...]]) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the orders and returns that each change touched, counted now where rows are there."""
    tallies = shop.tallies
    known = set(tallies.touched["products"])
    if not shop.is_condensed and not {name_of(products) for products in changes} <= known:
        tallies = Tallies.of(None, shop.orders, None, shop.returns, changes=changes)
    return tallies.touched, tallies.touched_returns


def _of(table: pd.DataFrame, action: Any) -> pd.DataFrame:
    return table[table["products"].eq(name_of(action.products))]


def _sides(cells: pd.DataFrame, sides: dict[str, tuple], column: str) -> Sides:
    """Add a tally up before and after a change, for what it touched and for the rest."""
    return {
        (side, mine): int(
            cells.loc[cells["date"].between(*days) & cells["touched"].eq(mine), column].sum()
        )
        for side, days in sides.items()
        for mine in (True, False)
    }


def _hits(
    action: Any, complaint: str, orders: pd.DataFrame, events: pd.DataFrame,
    sides: dict[str, tuple], follow: int,
) -> Sides:  # fmt: skip
    """Count the orders whose first such complaint came in time."""
    hits = events[np.array([complaint in about for about in events["about"]], dtype=bool)]
    first = hits.groupby("order_key")["day"].min()
    mine = orders[orders["order_key"].isin(first.index)]
    if mine.empty:
        return dict.fromkeys(itertools.product(sides, (True, False)), 0)
    wait = mine["order_key"].map(first) - mine["purchase_date"]
    mine = mine[wait.le(pd.Timedelta(days=follow))]
    touched = _touched(mine, action.products)
    return {
        (side, own): mine.loc[
            mine["purchase_date"].between(*days) & touched.eq(own), "order_key"
        ].nunique()
        for side, days in sides.items()
        for own in (True, False)
    }


def _touched(orders: pd.DataFrame, products: tuple[str, ...]) -> pd.Series:
    if not products:
        return pd.Series(True, index=orders.index)
    hit = matching([*orders["sku"].unique(), *orders["asin"].unique()], products)
    return orders["sku"].isin(hit) | orders["asin"].isin(hit)


def _compared(
    action: Any, complaint: str, measure: str, hits: Sides, sizes: Sides
) -> tuple[Any, ...]:
    mine, others = (
        (hits[BEFORE, own], sizes[BEFORE, own], hits[AFTER, own], sizes[AFTER, own])
        for own in (True, False)
    )
    ratio, low, high = _ratio(*mine)
    others_ratio, net, net_low, net_high = _against_others(mine, others)
    x0, n0, x1, n1 = mine
    verdict = _verdict(mine, (low, high), (net_low, net_high))
    return (
        action.what, pd.Timestamp(action.since), complaint, measure, *mine, _per(x0, n0),
        _per(x1, n1), ratio, low, high, others_ratio, net, net_low, net_high,
        _smallest(x0, n0, n1), verdict,
    )  # fmt: skip


def _against_others(mine: Counts, others: Counts) -> tuple[float, float, float, float]:
    """Return the others' ratio, and the ratio of the two ratios with its interval.

    A comparison with wide limits is still one: few complaints about the others widen the interval,
    and only fewer than ``LEAST_EVENTS`` in all, or none of the orders, leave nothing to compare.
    """
    x0, n0, x1, n1 = mine
    y0, m0, y1, m1 = others
    if not (y0 and n0 and n1 and m1) or y0 + y1 < LEAST_EVENTS:
        return math.nan, math.nan, math.nan, math.nan
    # Half a complaint more in each place keeps the logarithm when there is none.
    logs = [math.log((x + 0.5) / (n + 0.5)) for x, n in ((x0, n0), (x1, n1), (y0, m0), (y1, m1))]
    net = math.exp(logs[1] - logs[0] - logs[3] + logs[2])
    spread = NORMAL_95 * math.sqrt(sum(1 / (x + 0.5) for x in (x0, x1, y0, y1)))
    return (y1 / m1) / (y0 / m0), net, net * math.exp(-spread), net * math.exp(spread)


def _per(x: int, n: int) -> float:
    return x / n if n else math.nan


def _ratio(x0: int, n0: int, x1: int, n1: int) -> tuple[float, float, float]:
    """Return the ratio of two rates, after to before, with its exact interval."""
    from scipy.stats import binomtest

    if not n0 or not n1 or not x0 + x1:
        return math.nan, math.nan, math.nan
    ratio = math.inf if x0 == 0 else (x1 / n1) / (x0 / n0)
    found = binomtest(x1, x0 + x1).proportion_ci(0.95, method="exact")
    ends = [
        math.inf if share >= 1 else share / (1 - share) * n0 / n1
        for share in (found.low, found.high)
    ]
    return ratio, ends[0], ends[1]


def _smallest(x0: int, n0: int, n1: int) -> float:
    """Return the smallest fall (0-1) that could have been seen four times in five, at 5 %."""
    if not x0 or not n1:
        return math.nan
    falls = np.arange(0.01, 1, 0.01)
    expected = x0 * (n1 / n0) * (1 - falls)
    seen = -np.log(1 - falls) / np.sqrt(1 / x0 + 1 / expected) >= NORMAL_95 + POWER
    return float(falls[seen][0]) if seen.any() else math.nan


def _verdict(mine: Counts, plain: tuple[float, float], net: tuple[float, float]) -> str:
    x0, n0, x1, n1 = mine
    if n1 < LEAST_ORDERS:
        return TOO_EARLY
    if not n0:
        return NOT_KNOWN
    if n0 < LEAST_ORDERS or x0 + x1 < LEAST_EVENTS:
        return TOO_FEW
    found = FELL if plain[1] < 1 else ROSE if plain[0] > 1 else NOT_CLEAR
    if found == NOT_CLEAR or math.isnan(net[0]):
        return found
    # The whole shop may have moved: then it was not this change alone.
    sure = net[1] < 1 if found == FELL else net[0] > 1
    return found if sure else ELSEWHERE.format(found)


def _words(row: dict[str, Any]) -> str:
    head = (
        f"{row['action']} (since {day_in_words(row['since'])}), "
        f"{row['complaint'].replace('_', ' ')} by {row['measured_by']}: {row['verdict']}"
    )
    if not row["orders_after"]:
        return f"{head}; no order since then is old enough yet."
    if row["verdict"] == NOT_KNOWN:
        return f"{head}; no order of the days before is in the files."
    if row["verdict"] in (TOO_EARLY, TOO_FEW):
        return (
            f"{head}; {row['before']} on {several(row['orders_before'], 'order')} before, "
            f"{row['after']} on "
            f"{row['orders_after']:,} after."
        )
    ratio = f"a ratio of {row['ratio']:.2f} (95 % interval {row['low']:.2f} to {row['high']:.2f})"
    if math.isinf(row["ratio"]):
        ratio = f"at least {row['low']:.2f} times as many (lower end of the 95 % interval)"
        if row["low"] <= 1:
            ratio = f"a ratio of {row['low']:.2f} or more (95 % interval)"
    text = (
        f"{head}. From {1000 * row['rate_before']:.1f} to {1000 * row['rate_after']:.1f} per 1,000 "
        f"orders, {ratio}"
    )
    if not math.isnan(row["others_ratio"]):
        text += (
            f"; against products not touched ({row['others_ratio']:.2f}) it is "
            f"{row['net_ratio']:.2f} ({row['net_low']:.2f} to {row['net_high']:.2f})"
        )
    elif row["verdict"] in (FELL, ROSE):
        text += "; whether products not touched did the same is not known"
    if row["verdict"] == NOT_CLEAR and not math.isnan(row["smallest"]):
        text += f". A fall by less than {100 * row['smallest']:.0f} % could hardly have been seen"
    return f"{text}."
