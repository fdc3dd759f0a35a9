"""Orders and their negatives day by day for one part of the shop, cut into spans and weeks."""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import pandas as pd

from feedback_analysis.errors import ReportError
from feedback_analysis.health.order_tally import OrderTally
from feedback_analysis.periods import Period
from feedback_analysis.texts import sentence_case

NO_ORDERS = "there is no order up to this day, so nothing can be said by order date"
ORDERS_REMEDY = "add the All Orders report: Seller Central > Orders > Order Reports"


@dataclass(frozen=True, eq=False)
class Group:
    """Orders of a week or another span.

    Parameters
    ----------
    start : date
        First day.
    ages, orders : ndarray
        Age of each day's orders on the last day known, and how many there were.
    negatives : int
        Orders with negative feedback so far.
    """

    start: date
    ages: np.ndarray
    orders: np.ndarray
    negatives: int


class OrderDays:
    """Orders and orders with negative feedback, one entry a day since the shop's first order.

    Parameters
    ----------
    tallied : OrderTally
        Counts by order day.
    last : date
        Last day known.
    only : mapping, optional
        Values that ``marketplace`` or ``channel`` must have.

    Raises
    ------
    ReportError
        If there is no order at all.
    """

    def __init__(
        self, tallied: OrderTally, last: date, only: Mapping[str, str] | None = None
    ) -> None:
        if tallied.placed.empty:
            raise ReportError(NO_ORDERS, remedy=ORDERS_REMEDY)
        self._first = Period.containing(tallied.placed["date"].min().date(), week=True).start
        self._last = last
        days = pd.date_range(self._first, last)
        self._orders, self._negatives = (
            _by_day(cells, column, only or {}).reindex(days, fill_value=0).to_numpy()
            for cells, column in ((tallied.placed, "orders"), (tallied.negatives, "n"))
        )

    def group(self, first: date, end: date) -> Group:
        """Return the orders of a span.

        Parameters
        ----------
        first, end : date
            First and last day; days before the shop's first order hold none.

        Returns
        -------
        Group
            One entry a day.
        """
        begin = max(0, (first - self._first).days)
        stop = max(begin, (min(end, self._last) - self._first).days + 1)
        ages = (self._last - self._first).days - np.arange(begin, stop)
        return Group(first, ages, self._orders[begin:stop], int(self._negatives[begin:stop].sum()))

    def weeks(self) -> list[Group]:
        """Return every week, Monday to Sunday, oldest first; the newest may not be over."""
        starts = [
            self._first + timedelta(weeks=k)
            for k in range((self._last - self._first).days // 7 + 1)
        ]
        return [self.group(start, start + timedelta(days=6)) for start in starts]

    def weeks_to(self, first: date, last: date) -> tuple[list[Group], list[int]]:
        """Return a span in stretches of seven days back from its end, and the time before it.

        Parameters
        ----------
        first, last : date
            First and last day of the span.

        Returns
        -------
        tuple
            The stretches, oldest first, and the positions of those inside the span.
        """
        cuts = [last + timedelta(days=1)]
        while cuts[-1] > first:
            cuts.append(max(first, cuts[-1] - timedelta(weeks=1)))
        inside = len(cuts) - 1
        while cuts[-1] > self._first:
            cuts.append(cuts[-1] - timedelta(weeks=1))
        cuts.reverse()
        groups = [
            self.group(start, stop - timedelta(days=1)) for start, stop in itertools.pairwise(cuts)
        ]
        return groups, list(range(len(groups) - inside, len(groups)))


def _by_day(cells: pd.DataFrame, column: str, only: Mapping[str, str]) -> pd.Series:
    for name, value in only.items():
        cells = cells[cells[name] == value]
    return cells.groupby("date")[column].sum()


def said_of_no_orders(tallied: OrderTally, on_missing: str) -> str | None:
    """Say that there is no order, where that is to be said; a refusal otherwise.

    Parameters
    ----------
    tallied : OrderTally
        The counts.
    on_missing : {"refuse", "say"}
        What to do without any order.

    Returns
    -------
    str or None
        A sentence; None when there are orders.

    Raises
    ------
    ReportError
        If there is no order and that is not to be said.
    """
    if len(tallied.placed):
        return None
    if on_missing == "say":
        return f"{sentence_case(NO_ORDERS)}; {ORDERS_REMEDY}."
    raise ReportError(NO_ORDERS, remedy=ORDERS_REMEDY)
