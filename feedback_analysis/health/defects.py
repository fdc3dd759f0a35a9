"""The order defect rate, the one rule about feedback that Amazon enforces."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Literal

import pandas as pd

from feedback_analysis.channels import channel_names
from feedback_analysis.errors import ReportError, did_you_mean
from feedback_analysis.health.amazon_defects import compared, comparison_sentences
from feedback_analysis.health.arrivals import delay_of
from feedback_analysis.health.intervals import share_interval
from feedback_analysis.health.nowcast import Nowcast, Nowcaster
from feedback_analysis.health.order_days import Group, OrderDays, said_of_no_orders
from feedback_analysis.health.order_tally import OrderTally, order_tally
from feedback_analysis.health.order_weeks import ODR_TARGET, delay_limits
from feedback_analysis.health.rating import as_day
from feedback_analysis.health.words import day_in_words, missing, percent, percent_range
from feedback_analysis.once import once
from feedback_analysis.results import Result
from feedback_analysis.shares import target_percent
from feedback_analysis.texts import sentence_case, several

DAYS = 60
CLAIMS_UNKNOWN = (
    "A-to-z claims and chargebacks stand in none of the files that list orders, so the rates "
    "counted here are of negative feedback alone and can only be too low."
)


@dataclass(frozen=True, eq=False)
class OrderDefectRate(Result):
    """Orders with a defect, by order date.

    Parameters
    ----------
    table : DataFrame
        One row a channel (and marketplace), as :func:`order_defect_rate` describes it.
    compared : DataFrame
        Amazon's own figures beside ours for the same orders; no row without the account-health
        file.
    text : str
        The rates, what is still to come, and Amazon's figure, in words.
    limits : list of str
        What is not known, as sentences.
    as_of : date
        Last day of the orders.
    target : float
        The share that the rate must stay below.
    """

    table: pd.DataFrame
    compared: pd.DataFrame
    text: str
    limits: list[str]
    as_of: date
    target: float


@once
def order_defect_rate(
    feedback: Any,
    orders: pd.DataFrame | None = None,
    *,
    as_of: date | str,
    account_health: pd.DataFrame | None = None,
    claims: pd.DataFrame | None = None,
    by: Literal["marketplace"] | None = None,
    days: int = DAYS,
    target: float = ODR_TARGET,
    minimum_n: int = 10,
    on_missing: Literal["refuse", "say"] = "refuse",
    seed: int = 2026,
) -> OrderDefectRate:
    """Work out the order defect rate of the last 60 days by order date.

    Parameters
    ----------
    feedback : DataFrame, Tallies or Shop
        ``date``, ``marketplace``, ``rating``, ``order_key``; ``gone`` where known. Or a shop, or
        its tallies, and no ``orders``.
    orders : DataFrame, optional
        ``order_key``, ``purchase_date``; ``marketplace``, ``channel``, ``status`` where known.
        Cancelled orders do not count.
    as_of : date or str
        Last day of the orders, and last day known.
    account_health : DataFrame, optional
        The table ``account_health``: Amazon's own rate, to stand beside ours.
    claims : DataFrame, optional
        ``order_key`` of orders with an A-to-z claim that was not denied, or a chargeback.
    by : {"marketplace"}, optional
        One block of rows a marketplace, named in the first column.
    days : int, default=60
        Days of orders.
    target : float, default=0.01
        The share that the rate must stay below.
    minimum_n : int, default=10
        Below this number of orders nothing is said about the target.
    on_missing : {"refuse", "say"}, default="refuse"
        Without any order, raise an error, or return empty tables and say in the text what to add.
    seed : int, default=2026
        Seed of the nowcast.

    Returns
    -------
    OrderDefectRate
        ``.table``: ``channel`` (``all``, ``seller``, ``amazon``), ``orders``, ``negatives`` (orders
        with feedback of 1 or 2 stars so far), ``claims`` (missing when unknown), ``defects``
        (orders with either, once), ``rate`` (0-1) with its 95 % Wilson interval ``low``, ``high``;
        ``below`` (the rate as it is counted now lies below the target); ``expected`` defects when
        all feedback is in with the 95 % interval ``expected_low``, ``expected_high`` (missing when
        the delay is not known), ``expected_rate``, ``expected_rate_low``, ``expected_rate_high``,
        ``arrived`` (0-1); ``verdict``.
        ``.compared``: as :func:`amazon_defects.compared` describes it.

    Raises
    ------
    ReportError
        If there is no order and that is not to be said, or a table lacks a column.

    Notes
    -----
    An order counts once, whatever it has; the window goes by the order's date, not the feedback's
    (Seller Central help, G200285170). Amazon enforces the count itself, not a level behind it, so
    the verdict is about the count: ``not met`` when the defects so far are already at or above the
    target, ``going over`` when the fewest that are expected once all feedback is in are, ``met``
    when even the most that are expected lie below it, else ``cannot tell yet``. Without ``claims``
    all of these speak of negative feedback alone.

    Examples
    --------
    >>> import pandas as pd
    >>> day = pd.Timestamp("2026-07-01")
    >>> orders = pd.DataFrame({"order_key": range(200), "purchase_date": day, "channel": "seller"})
    >>> feedback = pd.DataFrame({"date": day + pd.Timedelta(days=9), "marketplace": "US",
    ...                          "rating": [1, 2, 5], "order_key": [7, 8, 9]})
    >>> found = order_defect_rate(feedback, orders, as_of="2026-07-31").table
    >>> int(found["orders"][0]), int(found["defects"][0]), float(found["rate"][0])
    (200, 2, 0.01)
    """
    if by not in (None, "marketplace"):
        raise ReportError(
            f"the defect rate cannot be split by '{by}'.{did_you_mean(str(by), ['marketplace'])}",
            expected="by='marketplace' or nothing; channels stand in rows of their own",
        )
    last = as_day(as_of)
    tallied = order_tally(feedback, orders, until=last, claims=claims)
    beside = compared(account_health, tallied, last=last)
    if reason := said_of_no_orders(tallied, on_missing):
        text = " ".join([reason, *comparison_sentences(beside)])
        return OrderDefectRate(pd.DataFrame(), beside, text, list(tallied.limits), last, target)
    delay = delay_of(tallied, last)
    first = last - timedelta(days=days - 1)
    blocks = sorted(tallied.placed["marketplace"].unique()) if by else [None]
    rows = []
    for market in blocks:
        for channel in ["all", *_channels(tallied)]:
            only = {} if channel == "all" else {"channel": channel}
            only |= {"marketplace": market} if market else {}
            placed = OrderDays(tallied, last, only)
            final = None
            if delay is not None:
                weeks, inside = placed.weeks_to(first, last)
                final = Nowcaster(delay, weeks, seed=seed).nowcast(inside)
            leading = {"marketplace": market} if market else {}
            counted = (placed.group(first, last), *_claims(tallied, first, last, only))
            row = _row(*counted, final, target=target, minimum_n=minimum_n)
            rows.append(leading | {"channel": channel} | row)
    table = pd.DataFrame(rows)
    for name in ("orders", "negatives", "claims", "defects"):
        table[name] = table[name].astype("Int64")
    limits = _reach(tallied, first, last) + list(tallied.limits) + delay_limits(delay)
    if claims is None:
        limits.append(CLAIMS_UNKNOWN)
    text = " ".join([*_words(table, first, last, target), *comparison_sentences(beside)])
    return OrderDefectRate(table, beside, text, limits, last, target)


def _channels(tallied: OrderTally) -> list[str]:
    """Return the channels, seller first, if there is more than one."""
    known = set(tallied.placed["channel"].unique())
    return sorted(known, key=lambda name: (name != "seller", name))


def _row(
    group: Group,
    claims: int | None,
    more: int,
    final: Nowcast | None,
    *,
    target: float,
    minimum_n: int,
) -> dict[str, object]:
    orders = int(group.orders.sum())
    defects = group.negatives + more
    low, high = share_interval(defects, orders)
    row: dict[str, object] = {
        "orders": orders,
        "negatives": group.negatives,
        "claims": claims,
        "defects": defects,
        "rate": defects / orders if orders else math.nan,
        "low": low,
        "high": high,
        "below": bool(orders == 0 or defects < target * orders),
    }
    names = ("expected", "expected_low", "expected_high")
    if final is None:
        figures, row["arrived"] = (math.nan,) * 3, math.nan
    else:
        figures = tuple(value + more for value in (final.expected, final.low, final.high))
        row["arrived"] = final.arrived
    for name, value in zip(names, figures, strict=True):
        row[name] = value
    for name, value in zip(names, figures, strict=True):
        row[name.replace("expected", "expected_rate")] = value / orders if orders else math.nan
    row["verdict"] = _verdict(row, target=target, minimum_n=minimum_n)
    return row


def _verdict(row: dict, *, target: float, minimum_n: int) -> str:
    if not row["orders"]:
        return "not known"
    if row["orders"] < minimum_n:
        return "too few to say"
    if not row["below"]:
        return "not met"
    if row["expected_rate_low"] >= target:
        return "going over"
    return "met" if row["expected_rate_high"] < target else "cannot tell yet"


def _claims(tallied: OrderTally, first: date, last: date, only: dict) -> tuple[int | None, int]:
    if tallied.claimed is None:
        return None, 0
    cells = tallied.claimed
    inside = cells["date"].between(pd.Timestamp(first), pd.Timestamp(last))
    for name, value in only.items():
        inside &= cells[name] == value
    return int(cells.loc[inside, "claims"].sum()), int(cells.loc[inside, "only_claims"].sum())


def _reach(tallied: OrderTally, first: date, last: date) -> list[str]:
    """Say which marketplaces' order files do not cover the window."""
    limits = []
    spans = tallied.placed.groupby("marketplace")["date"].agg(["min", "max"])
    for market, (begin, end) in zip(spans.index, spans.to_numpy(), strict=True):
        begin, end = pd.Timestamp(begin).date(), pd.Timestamp(end).date()
        if begin > first:
            limits.append(
                f"{market}: the order files begin on {day_in_words(begin)}; orders of "
                f"{day_in_words(first)} to {day_in_words(begin - timedelta(days=1))} are not "
                "counted."
            )
        if end < last - timedelta(days=7):
            limits.append(f"{market}: the order files hold no order after {day_in_words(end)}.")
    return limits


def _outlook(row: dict, aim: str) -> str:
    """Say what the expectation means for a rate that is still below its limit."""
    if not row["below"]:
        return ""
    return {
        "going over": f": it is not to be expected to stay below {aim}",
        "met": f": it is expected to stay below {aim}",
    }.get(row["verdict"], f": whether it stays below {aim} cannot be told yet")


def _words(table: pd.DataFrame, first: date, last: date, target: float) -> list[str]:
    aim = target_percent(target)
    span = f"of {day_in_words(first)} to {day_in_words(last)}"
    sentences = []
    shown = table[table["channel"] != "all"]
    for row in shown.to_dict("records"):
        name = channel_names("fulfilled").get(row["channel"], "channel not stated")
        place = f"{row['marketplace']}, {name}" if "marketplace" in row else name
        place = sentence_case(place)
        if row["orders"] == 0:
            sentences.append(f"{place}: no orders {span}.")
            continue
        kind = "had negative feedback" if missing(row["claims"]) else "had a defect"
        orders = several(row["orders"], "order")
        text = f"{place}: {row['defects']:,} of {orders} {span} {kind} by then"
        if row["verdict"] == "too few to say":
            sentences.append(f"{text}: too few to say.")
            continue
        text += (
            f", {percent(row['rate'], 2)} (95 % interval {percent_range(row['low'], row['high'])})"
        )
        text += f": {'below' if row['below'] else 'not below'} {aim} so far."
        if not missing(row["expected"]) and row["expected_high"] > row["defects"]:
            text += (
                f" When all feedback is in, about {row['expected']:.0f} "
                f"({row['expected_low']:.0f} to {row['expected_high']:.0f}) are expected, "
                f"{percent(row['expected_rate'], 2)}{_outlook(row, aim)}."
            )
        sentences.append(text)
    return sentences
