"""Counts a day and marketplace that add up over blocks: all that the whole-shop files need."""

from __future__ import annotations

import numpy as np
import pandas as pd

from .block import Block, Span
from .model import MARKETS

TRAFFIC = (
    "sessions", "sessions_app", "sessions_b2b", "views", "views_app", "views_b2b",
    "items", "items_b2b", "units", "units_b2b", "sales", "sales_b2b",
)  # fmt: skip


class Tally:
    """Sums over all blocks written so far, each an array marketplaces x days of the shop.

    Parameters
    ----------
    span : Span
        The shop's days.
    """

    def __init__(self, span: Span) -> None:
        self.span = span
        self.days = int((span.end - span.start).astype(int)) + 1
        self.sums: dict[str, np.ndarray] = {}
        self.offered: np.ndarray = np.zeros(len(MARKETS))

    def __getitem__(self, name: str) -> np.ndarray:
        """Return a sum; zeros when nothing was added."""
        return self.sums.get(name, np.zeros((len(MARKETS), self.days)))

    def _add(self, name: str, values: np.ndarray) -> None:
        self.sums[name] = self[name] + values

    def _count(
        self, name: str, market: pd.Series, day: pd.Series, weights: np.ndarray | None = None
    ) -> None:
        since = (np.asarray(day).astype("datetime64[D]") - self.span.start).astype(int)
        inside = (since >= 0) & (since < self.days)
        position = (np.asarray(market) * self.days + since)[inside]
        part = None if weights is None else np.asarray(weights, dtype=float)[inside]
        size = len(MARKETS) * self.days
        self._add(name, np.bincount(position, part, minlength=size).reshape(len(MARKETS), -1))

    def add_traffic(self, block: Block) -> None:
        """Add visits, views and sales."""
        first = int((self.span.start - self.span.monday).astype(int))
        cells = block.catalogue.cells["market"].to_numpy()
        for name in TRAFFIC:
            for position in range(len(MARKETS)):
                values = np.zeros((len(MARKETS), self.days))
                by_day = block.traffic.by_day(name, cells == position)
                values[position] = by_day[first : first + self.days]
                self._add(name, values)
        weight = block.traffic.counts["views"].reshape(len(cells), -1, 7)
        offer = block.demand.featured[block.catalogue.cells["family"].to_numpy()]
        seen = (weight * offer[:, :, None]).reshape(len(cells), -1)
        for position in range(len(MARKETS)):
            values = np.zeros((len(MARKETS), self.days))
            values[position] = seen[cells == position].sum(axis=0)[first : first + self.days]
            self._add("views_offered", values)
        self.offered += np.bincount(cells, minlength=len(MARKETS))

    def add_orders(self, block: Block) -> None:
        """Add orders, shipments and what account health counts, by purchase day."""
        orders, items = block.orders, block.items
        sent = items[(orders["status"].to_numpy() == "Shipped")[items["order"].to_numpy()]]
        ship_day = orders["ship_day"].to_numpy()[sent["order"].to_numpy()]
        self._count("units_shipped", sent["market"], ship_day, sent["quantity"])
        self._count("sales_shipped", sent["market"], ship_day, sent["price"])
        shipped = orders[orders["status"] == "Shipped"]
        self._count("orders_shipped", shipped["market"], shipped["ship_day"])
        for name, seller in (("amazon", False), ("seller", True)):
            part = orders[(orders["seller"] == seller) & (orders["status"] != "Cancelled")]
            self._count(f"orders_{name}", part["market"], part["day"])
        own = shipped[shipped["seller"]]
        self._count("own_shipped", own["market"], own["ship_day"])
        late = own[own["late"]]
        self._count("own_late", late["market"], late["ship_day"])
        untracked = own[own["problem_tracking"]]
        self._count("own_untracked", untracked["market"], untracked["ship_day"])
        gone = orders[orders["seller"] & (orders["status"] == "Cancelled")]
        self._count("own_cancelled", gone["market"], gone["day"])

    def add_returns(self, block: Block) -> None:
        """Add refunded units and claims, by the day of the return."""
        returns = block.returns
        back = returns[returns["refunded"] > 0]
        self._count("units_refunded", back["market"], back["day"], back["quantity"])
        claims = returns[returns["claim"]]
        self._count("claims", claims["market"], claims["day"])
        self._count("claims_amount", claims["market"], claims["day"], claims["price"])
        for name, seller in (("amazon", False), ("seller", True)):
            part = claims[claims["seller"] == seller]
            self._count(f"claims_{name}", part["market"], part["order_day"])

    def add_feedback(self, block: Block, gone: np.ndarray) -> None:
        """Add feedback by its day and stars; ``gone`` marks rows removed or struck later."""
        feedback = block.feedback
        for stars in range(1, 6):
            part = feedback["rating"] == stars
            self._count(f"stars_{stars}", feedback["market"][part], feedback["day"][part])
            part &= ~gone
            self._count(f"counted_{stars}", feedback["market"][part], feedback["day"][part])
        bad = feedback["rating"] <= 2
        for name, seller in (("amazon", False), ("seller", True)):
            part = feedback[bad & (feedback["seller"] == seller)]
            self._count(f"defects_{name}", part["market"], part["order_day"])
