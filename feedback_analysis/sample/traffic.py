"""Visits, page views and sales a product, marketplace and day."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from .model import generator

if TYPE_CHECKING:
    from .block import Span

APP_SHARE = 0.56  # of visits that come from the phone's app
VIEWS = 0.36  # page views beyond the first, a visit
BUSINESS_VISITS = 0.045


@dataclass(frozen=True, eq=False)
class Traffic:
    """Counts, one row a cell of the catalogue and one column a day from the first Monday on.

    Mobile app and browser make up the total; the business twins are part of it.
    """

    counts: dict[str, np.ndarray]

    def by_week(self, name: str) -> np.ndarray:
        """Return a count a cell and week."""
        values = self.counts[name]
        return values.reshape(len(values), -1, 7).sum(axis=2)

    def by_day(self, name: str, cells: np.ndarray) -> np.ndarray:
        """Return the sum over some cells, a day."""
        return self.counts[name][cells].sum(axis=0)


def count_traffic(
    others: np.ndarray, items: pd.DataFrame, span: Span, *, seed: int, block: int
) -> Traffic:
    """Put visits with and without an order together and draw how they came about.

    Parameters
    ----------
    others : ndarray of int
        Visits without an order, cells x days.
    items : DataFrame
        Order items.
    span : Span
        The days; visits outside are dropped.
    seed, block : int
        Which draw.

    Returns
    -------
    Traffic
    """
    rng = generator(seed, block, "traffic")
    shape = others.shape
    days = span.monday + np.arange(span.days)
    others = np.where((days >= span.start) & (days <= span.end), others, 0)
    position = items["cell"].to_numpy() * shape[1] + (
        items["day"].to_numpy().astype("datetime64[D]") - span.monday
    ).astype(int)
    business = items["business"].to_numpy()

    def total(weights: np.ndarray | None, chosen: np.ndarray | slice = slice(None)) -> np.ndarray:
        part = None if weights is None else weights[chosen]
        return np.bincount(position[chosen], part, minlength=shape[0] * shape[1]).reshape(shape)

    quantity, price = items["quantity"].to_numpy(), items["price"].to_numpy()
    ordered, ordered_b2b = total(None), total(None, business)
    sessions = others + ordered
    sessions_b2b = rng.binomial(others, BUSINESS_VISITS) + ordered_b2b
    app = rng.binomial(sessions, APP_SHARE)
    more_b2b = rng.poisson(sessions_b2b * VIEWS)
    more = rng.poisson((sessions - sessions_b2b) * VIEWS) + more_b2b
    return Traffic(
        {
            "sessions": sessions,
            "sessions_app": app,
            "sessions_b2b": sessions_b2b,
            "views": sessions + more,
            "views_app": app + rng.binomial(more, APP_SHARE),
            "views_b2b": sessions_b2b + more_b2b,
            "items": ordered,
            "items_b2b": ordered_b2b,
            "units": total(quantity).astype(np.int64),
            "units_b2b": total(quantity, business).astype(np.int64),
            "sales": total(price).round(2),
            "sales_b2b": total(price, business).round(2),
        }
    )
