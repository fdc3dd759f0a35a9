"""A shop: its tidy tables, its settings, and the ledger of where they come from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from pathlib import Path

import pandas as pd

from feedback_analysis.columns import known_until
from feedback_analysis.once import once
from feedback_analysis.settings import Settings
from feedback_analysis.tallies import DAYS, Tallies
from feedback_analysis.tallies.container import TABLES

# The column that says when a row came to be known.
KNOWN_BY = {
    "feedback": "date",
    "orders": "purchase_date",
    "shipments": "ship_date",
    "returns": "return_date",
    "daily": "date",
    "traffic": "end",
    "reviews": "date",
    "cases": "opened",
    "asks": "asked",
    "account_health": "end",
}
# Totals typed in so many days from the end of a period still speak for its windows: a seller can
# type only what Feedback Manager shows on the day.
TOTALS_WITHIN = 7


@dataclass(frozen=True, eq=False)
class Shop:
    """Everything read from a shop's folder.

    Attributes
    ----------
    feedback, feedback_totals, daily, orders, shipments, returns, traffic, reviews, cases, \
asks, account_health : DataFrame
        The tidy tables; data/README.md lists their columns. A table without a file has no rows.
    ledger : DataFrame
        One row a file: file, report, marketplace, start, end, encoding, rows_read, rows_kept,
        rows_set_aside, note. Always ``rows_read == rows_kept + rows_set_aside``.
    set_aside : DataFrame
        One row a reason and file: file, reason, rows, lines (the first few, as text).
    missing : DataFrame
        What was not found: what, cost (what cannot be said without it), remedy.
    settings : Settings
    folder : Path
    condensed : Tallies or None
        Of a condensed shop, the tallies of all its rows: then ``feedback`` holds only what is
        looked at one by one (1 to 3 stars, what is gone, and what belongs to a case), and
        ``orders``, ``shipments`` and ``returns`` what those refer to and what may still be asked.
        None for an ordinary shop, which holds all rows.
    """

    feedback: pd.DataFrame
    feedback_totals: pd.DataFrame
    daily: pd.DataFrame
    orders: pd.DataFrame
    shipments: pd.DataFrame
    returns: pd.DataFrame
    traffic: pd.DataFrame
    reviews: pd.DataFrame
    cases: pd.DataFrame
    asks: pd.DataFrame
    account_health: pd.DataFrame
    ledger: pd.DataFrame
    set_aside: pd.DataFrame
    missing: pd.DataFrame
    settings: Settings
    folder: Path
    condensed: Tallies | None = None

    @property
    def is_condensed(self) -> bool:
        """Whether rows that nobody looks at one by one are there as tallies only."""
        return self.condensed is not None

    @cached_property
    def tallies(self) -> Tallies:
        """Counts of all feedback and all orders, also of rows that a condensed shop lacks."""
        return self._counted() if self.condensed is None else self.condensed

    @once
    def _counted(self) -> Tallies:
        return Tallies.of(
            self.feedback,
            self.orders,
            self.shipments,
            self.returns,
            self.asks,
            changes=[action.products for action in self.settings.actions],
            products_by=DAYS,
        )

    def __repr__(self) -> str:
        counts = ", ".join(
            f"{name} {len(frame):,}" for name, frame in self.tables().items() if len(frame)
        )
        return f"Shop({self.settings.name!r}: {counts or 'no rows'})"

    def tables(self) -> Mapping[str, pd.DataFrame]:
        """Return the tidy tables by name."""
        names = [*KNOWN_BY, "feedback_totals"]
        return {name: getattr(self, name) for name in sorted(names)}

    @property
    def last_day(self) -> date | None:
        """Last day that any feedback, order or traffic is known of; None for an empty shop."""
        days = [
            getattr(self, table)[column].max()
            for table, column in (
                ("feedback", "date"), ("orders", "purchase_date"), ("daily", "date"),
                ("traffic", "end"), ("feedback_totals", "date"), ("feedback_totals", "as_of"),
            )
        ]  # fmt: skip
        if self.condensed is not None:
            days += [self.tallies.table(name)["date"].max() for name in ("feedback", "orders")]
        known = [day for day in days if not pd.isna(day)]
        return max(known).date() if known else None

    @once
    def until(self, day: date) -> Shop:
        """Return the shop as its rows stood on a day: later rows left out, that day's kept.

        Rows without a date stay. Feedback marked ``gone`` after that day counts as gone: what a
        later download no longer shows is not brought back. Totals typed in up to seven days later
        stay, because they are the nearest that Feedback Manager shows.

        Parameters
        ----------
        day : date
            The last day to keep.

        Returns
        -------
        Shop
            The same settings, ledger and folder with fewer rows.
        """
        end = pd.Timestamp(day)

        cut = {}
        for name, column in KNOWN_BY.items():
            table = getattr(self, name)
            cut[name] = known_until(table, table[column], end)
        totals = self.feedback_totals
        totals = known_until(totals, totals["date"], end)
        typed_later = totals["as_of"] > end + pd.Timedelta(days=TOTALS_WITHIN)
        totals = totals[~typed_later].reset_index(drop=True)
        condensed = None if self.condensed is None else self.condensed.until(day)
        shop = replace(self, **cut, feedback_totals=totals, condensed=condensed)
        if condensed is None and all(len(cut[name]) == len(getattr(self, name)) for name in TABLES):
            # Nothing that is tallied was left out, so nothing need be counted twice.
            vars(shop)["tallies"] = self.tallies
        return shop
