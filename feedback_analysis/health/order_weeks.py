"""Negative feedback by the week of the order, with what is still to come for recent weeks."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

import numpy as np
import pandas as pd

from feedback_analysis.channels import channel_names
from feedback_analysis.errors import ReportError, did_you_mean
from feedback_analysis.health.arrivals import Delay, delay_of, delay_table
from feedback_analysis.health.nowcast import Nowcaster
from feedback_analysis.health.order_days import Group, OrderDays, said_of_no_orders
from feedback_analysis.health.order_tally import LAST_DAY, order_tally
from feedback_analysis.health.rating import as_day
from feedback_analysis.health.words import day_in_words, percent
from feedback_analysis.periods import Period
from feedback_analysis.results import Result
from feedback_analysis.texts import sentence_case, several

ODR_TARGET = 0.01
BLOCKS = ("channel", "marketplace")


@dataclass(frozen=True, eq=False)
class OrderWeeks(Result):
    """Negatives by order week, with a nowcast of the recent weeks.

    Parameters
    ----------
    table : DataFrame
        As :func:`order_weeks` describes it.
    delay : DataFrame
        Share of feedback that has come ``days`` after the order, with its interval; empty when
        too little is known.
    text : str
        The last whole week and what is still to come, in words.
    limits : list of str
        What is not known, as sentences.
    target : float
        The share that the defect rate must stay below.
    """

    table: pd.DataFrame
    delay: pd.DataFrame
    text: str
    limits: list[str]
    target: float


def order_weeks(
    feedback: Any,
    orders: pd.DataFrame | None = None,
    *,
    as_of: date | str,
    weeks: int = 26,
    by: Literal["channel", "marketplace"] | None = None,
    target: float = ODR_TARGET,
    on_missing: Literal["refuse", "say"] = "refuse",
    seed: int = 2026,
) -> OrderWeeks:
    """Count negative feedback by the week of its order, and nowcast the weeks that are not whole.

    Parameters
    ----------
    feedback : DataFrame, Tallies or Shop
        ``date``, ``marketplace``, ``rating``, ``order_key``; ``gone`` where known. Or a shop, or
        its tallies, and no ``orders``.
    orders : DataFrame, optional
        ``order_key``, ``purchase_date``; ``marketplace``, ``channel``, ``status`` where known.
    as_of : date or str
        Last day known.
    weeks : int, default=26
        Number of weeks, Monday to Sunday, the one that holds ``as_of`` included.
    by : {"channel", "marketplace"}, optional
        One block of rows each, named in the first column.
    target : float, default=0.01
        The share that the defect rate must stay below.
    on_missing : {"refuse", "say"}, default="refuse"
        Without any order, raise an error, or return empty tables and say in the text what to add.
    seed : int, default=2026
        Seed of the nowcast.

    Returns
    -------
    OrderWeeks
        ``.table``: ``week``, ``start`` (its Monday), ``orders``, ``negatives`` (orders with
        negative feedback so far), ``rate`` so far; ``expected`` negatives when all is in, with its
        95 % interval ``low``, ``high``, and the same as shares of the orders ``expected_rate``,
        ``low_rate``, ``high_rate``; ``arrived`` (0-1, share of the negatives expected to be in)
        and ``mature`` (99 % of them in, or all orders over 90 days old). Without a known delay the
        expectations of immature weeks are missing.

    Raises
    ------
    ReportError
        If there is no order and that is not to be said, or a table lacks a column.
    """
    if by not in (None, *BLOCKS):
        raise ReportError(
            f"order weeks cannot be split by '{by}'.{did_you_mean(str(by), BLOCKS)}",
            expected="by='channel', by='marketplace' or nothing",
        )
    last = as_day(as_of)
    tallied = order_tally(feedback, orders, until=last)
    limits = list(tallied.limits)
    if reason := said_of_no_orders(tallied, on_missing):
        return OrderWeeks(pd.DataFrame(), pd.DataFrame(), reason, limits, target)
    delay = delay_of(tallied, last)
    limits += delay_limits(delay)
    blocks = [None] if by is None else sorted(tallied.placed[by].unique())
    rows = []
    for name in blocks:
        found = OrderDays(tallied, last, {by: name} if by else {}).weeks()
        caster = None if delay is None else Nowcaster(delay, found, seed=seed)
        for place in range(max(0, len(found) - weeks), len(found)):
            leading = {by: name} if by else {}
            rows.append(leading | _row(found, place, caster))
    table = pd.DataFrame(rows)
    table["start"] = table["start"].astype("datetime64[us]")
    shown = delay_table(delay) if delay is not None else pd.DataFrame({"days": [], "arrived": []})
    return OrderWeeks(table, shown, _words(table, delay, by), limits, target)


def delay_limits(delay: Delay | None) -> list[str]:
    """Say what the delay rests on, where that is less than one would want.

    Parameters
    ----------
    delay : Delay or None
        The estimate.

    Returns
    -------
    list of str
        Sentences.
    """
    if delay is None:
        return [
            "Fewer than 30 feedbacks can be joined with their orders, or hardly any with orders "
            "that are old enough, too few to say how late feedback comes: weeks younger than 90 "
            "days are not complete, and what is still to come is not estimated."
        ]
    if delay.basis != "negative feedback":
        return [
            "Fewer than 30 negative feedbacks can be joined with their orders, or hardly any with "
            "orders that are old enough, so the delay of feedback of any rating stands in for "
            "theirs."
        ]
    return []


def _row(groups: list[Group], place: int, caster: Nowcaster | None) -> dict[str, object]:
    group = groups[place]
    placed = int(group.orders.sum())
    row: dict[str, object] = {
        "week": Period.containing(group.start, week=True).id,
        "start": pd.Timestamp(group.start),
        "orders": placed,
        "negatives": group.negatives,
        "rate": group.negatives / placed if placed else math.nan,
    }
    if caster is None:
        mature = bool(group.ages.min() >= LAST_DAY)
        whole = float(group.negatives) if mature else math.nan
        figures, arrived = (whole, whole, whole), 1.0 if mature else math.nan
    else:
        found = caster.nowcast([place])
        figures, arrived, mature = (
            (found.expected, found.low, found.high),
            found.arrived,
            found.mature,
        )
    row |= dict(zip(("expected", "low", "high"), figures, strict=True))
    for name, value in zip(("expected_rate", "low_rate", "high_rate"), figures, strict=True):
        row[name] = value / placed if placed else math.nan
    # Orders of a week that is running are not all placed yet.
    over = group.ages.size == 7
    return row | {"arrived": arrived, "mature": mature and over}


def _words(table: pd.DataFrame, delay: Delay | None, by: str | None) -> str:
    blocks = [(None, table)] if by is None else table.groupby(by, sort=False)
    parts = [_block_words(block, name) for name, block in blocks]
    if delay is not None:
        shares = delay.arrived()
        half = int(np.argmax(shares >= 0.5))
        most = int(np.argmax(shares >= 0.95))
        parts.append(
            f"Half of all {delay.basis} comes within {several(half, 'day')} of the order and 95 % "
            f"within {several(most, 'day')}, so recent weeks still fill up."
        )
    return " ".join(parts)


def _block_words(table: pd.DataFrame, name: str | None) -> str:
    place = sentence_case(f"{channel_names('fulfilled').get(name, name)}: ") if name else ""
    whole = table[table["mature"]]
    recent = table[~table["mature"]]
    if whole.empty:
        text = f"{place}No week of orders is old enough for all its feedback to be in."
    else:
        placed, bad = int(whole["orders"].sum()), int(whole["negatives"].sum())
        text = (
            f"{place}Of {several(placed, 'order')} of the {several(len(whole), 'whole week')} up "
            f"to {day_in_words((whole['start'].iloc[-1] + pd.Timedelta(days=6)).date())}, {bad:,} "
            f"got negative feedback, {percent(bad / placed if placed else math.nan, 2)}."
        )
    if recent.empty or recent["expected"].isna().all():
        return text
    seen, final = int(recent["negatives"].sum()), recent["expected"].sum()
    alone = len(recent) == 1
    since = "The week since then shows" if alone else f"The {len(recent)} weeks since then show"
    if whole.empty:
        since = "The only week shows" if alone else f"The {len(recent)} weeks show"
    about = f"{final:.0f} {'is' if round(final) == 1 else 'are'}"
    return f"{text} {since} {seen:,} so far; about {about} expected when all feedback is in."
