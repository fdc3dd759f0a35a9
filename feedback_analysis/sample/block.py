"""One block of the shop: everything that happened to one independent part of the catalogue."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cached_property

import numpy as np
import pandas as pd

from .catalogue import Catalogue, build_catalogue
from .demand import Demand, simulate_demand
from .feedback import draw_feedback
from .fulfilment import fulfil
from .model import ONE_DAY, day
from .orders import draw_items, draw_other_visits
from .returns import draw_returns
from .stock import load_stock
from .traffic import Traffic, count_traffic


@dataclass(frozen=True)
class Span:
    """The days that a shop covers; weeks run from Monday to Sunday and may stick out."""

    start: np.datetime64
    end: np.datetime64

    @classmethod
    def of(cls, start: date, end: date) -> Span:
        """Make a span of two dates, both included."""
        if end < start:
            raise ValueError(f"the shop must not end ({end}) before it starts ({start})")
        return cls(day(start), day(end))

    @property
    def monday(self) -> np.datetime64:
        """Monday of the first week."""
        return self.start - (self.start.astype(int) + 3) % 7

    @property
    def weeks(self) -> int:
        """Weeks touched, whole or not."""
        return int((self.end - self.monday).astype(int)) // 7 + 1

    @property
    def whole_weeks(self) -> range:
        """Numbers of the weeks that lie inside with all seven days."""
        first = 0 if self.monday == self.start else 1
        last = (
            self.weeks
            if self.monday + (self.weeks * 7 - 1) * ONE_DAY == self.end
            else self.weeks - 1
        )
        return range(first, last)

    @property
    def days(self) -> int:
        """Days from the first Monday to the last week's Sunday."""
        return self.weeks * 7


@dataclass(frozen=True, eq=False)
class Block:
    """A part of the shop with its own products; parts are drawn when they are first asked for.

    Attributes
    ----------
    seed, number : int
        Which draw.
    fraction : float
        Share of the block's families that are kept.
    span : Span
        The days covered.
    """

    seed: int
    number: int
    fraction: float
    span: Span

    @cached_property
    def catalogue(self) -> Catalogue:
        """The products."""
        return build_catalogue(self.seed, self.number, self.fraction, self.span.weeks)

    @cached_property
    def demand(self) -> Demand:
        """Visits, order items and reviews a family and week."""
        return simulate_demand(
            self.catalogue, seed=self.seed, block=self.number, weeks=self.span.weeks
        )

    @cached_property
    def items(self) -> pd.DataFrame:
        """Order items."""
        span = self.span
        return draw_items(
            self.catalogue, self.demand, seed=self.seed, block=self.number,
            monday=span.monday, start=span.start, end=span.end,
        )  # fmt: skip

    @cached_property
    def orders(self) -> pd.DataFrame:
        """Orders and what went wrong with them."""
        return fulfil(
            self.items, self.catalogue, seed=self.seed, block=self.number, end=self.span.end
        )

    @cached_property
    def feedback(self) -> pd.DataFrame:
        """Feedback."""
        return draw_feedback(
            self.orders, load_stock(), seed=self.seed, block=self.number, end=self.span.end
        )

    @cached_property
    def returns(self) -> pd.DataFrame:
        """Returned order items."""
        return draw_returns(
            self.orders, self.items, seed=self.seed, block=self.number, end=self.span.end
        )

    @cached_property
    def traffic(self) -> Traffic:
        """Visits, views and sales a product, marketplace and day."""
        others = draw_other_visits(
            self.catalogue, self.demand, self.items, seed=self.seed, block=self.number
        )
        return count_traffic(others, self.items, self.span, seed=self.seed, block=self.number)
