"""What complaints are counted against: feedback received, and orders placed, in the same days."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any

import pandas as pd

from feedback_analysis.errors import ReportError
from feedback_analysis.health.order_tally import order_tally
from feedback_analysis.health.sources import Found, Sources

WINDOWS = {30: "30 days", 90: "90 days", 365: "365 days"}


@dataclass(frozen=True)
class Received:
    """Feedback received in a span.

    Attributes
    ----------
    n, positive : int or None
        Feedbacks; None where no marketplace's number is known.
    since : dict of str to date
        Each marketplace that is counted, and its first day counted.
    left_out : tuple of str
        Marketplaces whose number is not known.
    """

    n: int | None
    positive: int | None
    since: dict[str, date] = field(default_factory=dict)
    left_out: tuple[str, ...] = ()


@dataclass(frozen=True)
class Placed:
    """Orders placed in a span, cancelled ones left out.

    Attributes
    ----------
    n : int or None
        Orders; None where none are known.
    since : dict of str to date
        Each marketplace that is counted, and its first day counted.
    """

    n: int | None
    since: dict[str, date] = field(default_factory=dict)


class Exposure:
    """Feedback received and orders placed, of any span of days.

    Parameters
    ----------
    shop : Shop
        With ``tallies`` and ``feedback_totals``.
    until : date
        Last day known.
    """

    def __init__(self, shop: Any, until: date) -> None:
        known = len(shop.tallies.feedback) or len(shop.feedback_totals)
        self._sources = Sources(shop) if known else None
        self._placed = order_tally(shop, until=until).placed
        self._first_order = self._placed.groupby("marketplace")["date"].min()

    def received(self, start: date, end: date) -> Received:
        """Return the feedback received, of every marketplace that tells.

        Parameters
        ----------
        start, end : date
            First and last day.

        Returns
        -------
        Received
        """
        if self._sources is None:
            return Received(None, None)
        window = WINDOWS.get((end - start).days + 1)
        n = positive = 0
        since: dict[str, date] = {}
        left_out = []
        for market in self._sources.markets:
            found = self._sources.find(market, start, end, window=window)
            if isinstance(found, Found) and (found.complete or found.counts.n):
                n, positive = n + found.counts.n, positive + found.counts.positive
                since[market] = max(found.since or start, start)
            elif isinstance(found, ReportError | Found):
                left_out.append(market)
        if not since:
            return Received(None, None, left_out=tuple(left_out))
        return Received(n, positive, since, tuple(left_out))

    def orders(self, start: date, end: date) -> Placed:
        """Return the orders placed, of every marketplace whose orders are known.

        Parameters
        ----------
        start, end : date
            First and last day.

        Returns
        -------
        Placed
        """
        inside = self._placed["date"].between(pd.Timestamp(start), pd.Timestamp(end))
        n = int(self._placed.loc[inside, "orders"].sum())
        if not n:
            return Placed(None)
        begun = {
            market: max(first.date(), start)
            for market, first in self._first_order.items()
            if first <= pd.Timestamp(end)
        }
        return Placed(n, begun)
