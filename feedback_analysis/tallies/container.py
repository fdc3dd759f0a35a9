"""The tallies of a shop: everything that complaints are divided by, whatever its size."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from functools import partial
from typing import Any

import pandas as pd

from feedback_analysis.columns import known_until
from feedback_analysis.errors import ReportError
from feedback_analysis.tallies import build, build_products, build_service
from feedback_analysis.tallies.parts import WEEKS, Pieces, typed
from feedback_analysis.tallies.schemas import SCHEMAS, empty

# Tables that tallies are made from.
TABLES = ("feedback", "orders", "shipments", "returns", "asks")
# What builds each tally, and the tables that it needs.
BUILDERS: dict[str, tuple[Callable[..., pd.DataFrame], tuple[str, ...]]] = {
    "feedback": (build.feedback_tally, ("feedback",)),
    "rated": (build_products.rated_tally, ("feedback", "orders")),
    "orders": (build.orders_tally, ("orders",)),
    "answered": (build.answered_tally, ("feedback", "orders")),
    "unhappy": (build.unhappy_tally, ("feedback", "orders")),
    "carriers": (build.carriers_tally, ("orders", "shipments")),
    "products": (build_products.products_tally, ("orders",)),
    "parcels": (build_service.parcels_tally, ("orders", "shipments")),
    "returns": (build_service.returns_tally, ("returns",)),
    "asking": (build_service.asking_tally, TABLES),
    "asked": (build_service.asked_tally, TABLES),
    "answered_products": (build_products.answered_products_tally, ("feedback", "orders")),
    "touched": (build_products.touched_tally, ("orders",)),
    "touched_returns": (build_products.touched_returns_tally, ("orders", "returns")),
}


class Tallies:
    """Counts of all feedback and all orders by day; they add up over days, files and engines.

    Complaints are rows; everything they are divided by is a tally. The schemas of the tables are
    :data:`feedback_analysis.tallies.SCHEMAS`.

    Parameters
    ----------
    **tables : DataFrame or callable
        Tables by name, or functions that build one when it is first asked for. A table that is
        not given has no rows.
    """

    # What was worked out of these counts can be found again by them; see feedback_analysis.once.
    unchanging = True

    def __init__(self, **tables: pd.DataFrame | Callable[[], pd.DataFrame]) -> None:
        unknown = set(tables) - set(SCHEMAS)
        if unknown:
            raise ReportError(
                "there is no such tally", expected=", ".join(SCHEMAS), found=", ".join(unknown)
            )
        self._tables: dict[str, Any] = {name: tables.get(name, empty(name)) for name in SCHEMAS}

    @classmethod
    def of(
        cls, feedback: Any, orders: Any, shipments: Any, returns: Any, asks: Any = None, *,
        changes: Iterable[tuple[str, ...]] = (), products_by: str = WEEKS,
        months_before: date | None = None, several: Any = None,
    ) -> Tallies:  # fmt: skip
        """Return the tallies of tidy tables on any engine that narwhals reads.

        Parameters
        ----------
        feedback, orders, shipments, returns, asks : native frame
            The tidy tables, all of one engine. What is None gives tallies without a row.
        changes : iterable of tuple of str
            Patterns of the products that each dated change touched, as shop.toml states them.
        products_by : {"weeks", "days"}
            Pieces of time by which products are counted. By days only where all rows are at hand.
        months_before : date, optional
            First day of a month; what came before it is counted by months, where products are.
        several : native frame, optional
            ``order_key`` of each order with more than one row among the orders or among the
            shipments. Spares the work of bringing the rows of all others together.

        Returns
        -------
        Tallies
            Each table is built when it is first asked for.
        """
        frames = {
            "feedback": feedback, "orders": orders, "shipments": shipments, "returns": returns,
            "asks": asks, "several": several,
        }  # fmt: skip
        changes = [tuple(products) for products in changes]
        pieces = Pieces(products_by, None if months_before is None else pd.Timestamp(months_before))
        options = {"products": (pieces,), "rated": (pieces,), "answered_products": (pieces,),
                   "touched": (changes,), "touched_returns": (changes,)}  # fmt: skip
        return cls(
            **{
                name: partial(count, frames, *options.get(name, ()))
                for name, (count, needs) in BUILDERS.items()
                if all(frames[table] is not None for table in needs)
            }
        )

    def table(self, name: str) -> pd.DataFrame:
        """Return a table by name, built now where it was not yet; to change it changes no tally."""
        found = self._tables[name]
        if callable(found):
            found = self._tables[name] = found()
        # No cell is copied for it.
        return found.copy(deep=False)

    def __getattr__(self, name: str) -> pd.DataFrame:
        if name.startswith("_") or name not in SCHEMAS:
            raise AttributeError(name)
        return self.table(name)

    def tables(self) -> Mapping[str, pd.DataFrame]:
        """Return every table by name, built now where it was not yet."""
        return {name: self.table(name) for name in SCHEMAS}

    def until(self, day: date) -> Tallies:
        """Return the tallies as they stood on a day: what came later is left out.

        Parameters
        ----------
        day : date
            The last day to keep.

        Returns
        -------
        Tallies
        """
        end = pd.Timestamp(day)
        return Tallies(
            **{name: _later_left_out(self, name, schema.until, end)
               for name, schema in SCHEMAS.items()}
        )  # fmt: skip

    def __add__(self, other: Tallies) -> Tallies:
        """Return the tallies of two parts together, such as those of two months."""
        return Tallies(**{name: _sum(self, other, name) for name in SCHEMAS})


def _later_left_out(
    tallies: Tallies, name: str, came: Callable[[pd.DataFrame], pd.Series], end: pd.Timestamp
) -> Callable[[], pd.DataFrame]:
    def cut() -> pd.DataFrame:
        table = tallies.table(name)
        return known_until(table, came(table), end)

    return cut


def _sum(one: Tallies, other: Tallies, name: str) -> Callable[[], pd.DataFrame]:
    def added() -> pd.DataFrame:
        schema = SCHEMAS[name]
        both = pd.concat([one.table(name), other.table(name)], ignore_index=True)
        how = dict.fromkeys(schema.counts, "sum") | dict.fromkeys(schema.latest, "max")
        summed = both.groupby(list(schema.keys), as_index=False, dropna=False).agg(how)
        return typed(
            summed, list(schema.keys), schema.counts, schema.latest, categories=schema.many
        )

    return added
