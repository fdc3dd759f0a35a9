"""What unhappy buyers complain about: one row a feedback of 1 to 3 stars, with its labels."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pandas as pd

from feedback_analysis.causes.taxonomy import UNCLEAR
from feedback_analysis.health.tally import UNSTATED, require
from feedback_analysis.once import once

UNHAPPY = 3
STATED, NOT_STATED, STARS_ONLY = "stated", "unclear", "stars only"
KINDS = (STATED, NOT_STATED, STARS_ONLY)
COLUMNS = [
    "date", "marketplace", "channel", "carrier", "asin", "sku", "order_key", "rating", "comment",
    "questions", "causes", "confidence", "kind",
]  # fmt: skip


@once
def complaints(shop: Any, labels: pd.DataFrame) -> pd.DataFrame:
    """Join the feedback of 1 to 3 stars with its labels and with what its order was.

    Parameters
    ----------
    shop : Shop
        With ``feedback``; ``orders`` and ``shipments`` where known.
    labels : DataFrame
        ``questions`` and ``causes`` (tuples of ids), ``confidence``: what ``label_comments``
        returns for rows of ``shop.feedback``, with their index. A row of 1 to 3 stars without
        labels counts as not stated.

    Returns
    -------
    DataFrame
        One row a feedback, oldest first: ``date``, ``marketplace``, ``channel``, ``carrier``,
        ``asin``, ``sku`` (the order's first, missing where not known), ``order_key``, ``rating``,
        ``comment`` (masked), ``questions``, ``causes``, ``confidence`` and ``kind``: ``stated``
        (a cause is), ``unclear`` (a comment without one) or ``stars only``. Struck and removed
        feedback is left out.

    Raises
    ------
    ReportError
        If the labels lack a column.
    """
    require(labels, ("questions", "causes", "confidence"), table="labels")
    unhappy = shop.feedback["rating"].le(UNHAPPY) & ~shop.feedback["gone"]
    found = with_orders(shop, shop.feedback[unhappy], labels)
    found["kind"] = [
        _kind(*row) for row in zip(found["comment"], found["causes"], strict=True)
    ] or pd.Series(dtype="object")
    order = ["date", "marketplace", "rating", "comment"]
    return found[COLUMNS].sort_values(order, kind="stable").reset_index(drop=True)


def with_orders(shop: Any, rows: pd.DataFrame, labels: pd.DataFrame) -> pd.DataFrame:
    """Join feedback with its labels and with what its order was.

    Parameters
    ----------
    shop : Shop
        With ``orders`` and ``shipments``.
    rows : DataFrame
        Rows of ``shop.feedback``.
    labels : DataFrame
        ``questions``, ``causes`` and ``confidence`` with the index of feedback.

    Returns
    -------
    DataFrame
        The columns of :func:`complaints` but ``kind``, with the index of ``rows``. A row without
        labels has empty tuples; a marketplace that is not known is ``not stated``.
    """
    found = rows[["date", "marketplace", "rating", "comment", "order_key"]].join(
        labels[["questions", "causes", "confidence"]]
    )
    for name in ("questions", "causes"):
        known = found[name].map(lambda value: isinstance(value, tuple))
        found[name] = found[name].where(known, pd.Series([()] * len(found), found.index))
    found["marketplace"] = found["marketplace"].fillna(UNSTATED)
    key = found["order_key"]
    for table, names in ((shop.orders, ("channel", "asin", "sku")), (shop.shipments, ("carrier",))):
        mine = table[table["order_key"].isin(key)]
        for name in names:
            found[name] = _first(mine, name).reindex(key).array
    return found


def stated(ids: Iterable[str]) -> tuple[str, ...]:
    """Return the ids that state something: ``unclear`` states nothing.

    Parameters
    ----------
    ids : iterable of str
        Question or cause ids of a comment.

    Returns
    -------
    tuple of str
        The same without ``unclear``.
    """
    return tuple(each for each in ids if each != UNCLEAR)


def between(rows: pd.DataFrame, start: Any, end: Any) -> pd.DataFrame:
    """Return the rows of a span of days, both ends included.

    Parameters
    ----------
    rows : DataFrame
        With a column ``date``.
    start, end : date
        First and last day.

    Returns
    -------
    DataFrame
        The same columns, a fresh index.
    """
    inside = rows["date"].between(pd.Timestamp(start), pd.Timestamp(end))
    return rows[inside].reset_index(drop=True)


def _kind(comment: object, causes: tuple[str, ...]) -> str:
    if not str(comment).strip():
        return STARS_ONLY
    return STATED if stated(causes) else NOT_STATED


def _first(frame: pd.DataFrame, column: str) -> pd.Series:
    """Return the first value of a column of each order, whatever the order of the rows."""
    known = frame[["order_key", column]].dropna()
    # To sort all takes long, and most orders have one value.
    several = known["order_key"].duplicated(keep=False)
    least = known[several].sort_values(["order_key", column]).drop_duplicates("order_key")
    return pd.concat([known[~several], least]).set_index("order_key")[column]
