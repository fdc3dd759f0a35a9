"""The door to bigger engines: tallies, their SQL, labels and the panel on what holds the rows."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pandas as pd

from feedback_analysis import tables
from feedback_analysis.causes.batches import SCHEMA, label_batches
from feedback_analysis.causes.label import labelling
from feedback_analysis.conversion.panel import Base, Outcome, ReviewPanel, review_panel
from feedback_analysis.tallies import Tallies, tally
from feedback_analysis.tallies.sql import VIEWS, from_sql, queries

__all__ = [
    "SCHEMA", "VIEWS", "Tallies", "from_sql", "label_batches", "labelling", "panel", "queries",
    "tally",
]  # fmt: skip


def panel(
    traffic: Any,
    reviews: pd.DataFrame | None = None,
    *,
    marketplace: str | None = None,
    outcome: Outcome = "order_items",
    per: Base = "sessions",
) -> ReviewPanel:
    """Make the panel that :func:`review_effect` takes, where the business reports lie.

    Parameters
    ----------
    traffic : native frame
        The columns of ``shop.traffic``, of pandas, Polars or PyArrow, a DuckDB relation, a Spark
        DataFrame or whatever else narwhals reads. Families and weeks are added up there.
    reviews : DataFrame, optional
        asin, date, review_count, average_rating, as ``shop.reviews``.
    marketplace : str, optional
        Only this one; by default all added up.
    outcome, per : str
        As ``conversion.review_panel`` takes them.

    Returns
    -------
    ReviewPanel
        ``.table`` has one row a family and week.

    Raises
    ------
    ReportError
        If a column is missing.
    """
    known = tables.empty("reviews") if reviews is None else reviews
    shop = SimpleNamespace(traffic=traffic, reviews=known)
    return review_panel(shop, marketplace=marketplace, outcome=outcome, per=per)
