"""What the files know of an order, set beside the comment that its buyer left."""

from __future__ import annotations

from typing import Any

import pandas as pd

from feedback_analysis.columns import TEXT, rows_of
from feedback_analysis.small_groups import without_rare

# A text for each kind of carriage, from sure to unknown.
LATE = "shipped after the promised day"
TOO_SOON = "written before the promised day"
IN_TIME = "shipped by the promised day"
UNKNOWN = "not known"
SAYS_LATE = {"MISSED_ESTIMATED_DELIVERY", "NEVER_ARRIVED"}
COLUMNS = (
    "purchase_date", "sku", "asin", "channel", "ship_date", "promised", "carrier", "has_tracking",
    "carriage", "returned", "return_reason", "return_question", "return_denied", "refunded",
    "refund_currency", "evidence", "product",
)  # fmt: skip


# What is said of an order in words.
IN_WORDS = (
    "carriage", "promised", "has_tracking", "returned", "return_reason", "return_denied",
    "refunded", "refund_currency",
)  # fmt: skip


def order_evidence(shop: Any, feedback: pd.DataFrame) -> pd.DataFrame:
    """Set what is known of each feedback's order beside it.

    Parameters
    ----------
    shop : Shop
        With ``orders``, ``shipments`` and ``returns``, as far as they are known.
    feedback : DataFrame
        Rows of the table ``feedback``.

    Returns
    -------
    DataFrame
        The same index; ``purchase_date``, ``sku``, ``asin``, ``channel`` (amazon or seller),
        ``ship_date``, ``promised`` (day), ``carrier``, ``has_tracking``, ``carriage`` (what the
        days say; the day of arrival is in no file), ``returned`` (day), ``return_reason``,
        ``return_question``, ``return_denied``, ``refunded`` with ``refund_currency``,
        ``evidence``: the same in words, and ``product``: the SKU as it may be shown beside the
        comment, only words for one with fewer orders than the shop's ``minimum_n``.
    """
    key = feedback["order_key"]
    wanted = set(key.dropna())
    orders, parcels, returns = (
        frame[frame["order_key"].isin(wanted)]
        for frame in (shop.orders, shop.shipments, shop.returns)
    )
    found = pd.DataFrame(index=feedback.index)
    found["purchase_date"] = beside(key, _first(orders, "purchase_date"))
    for name in ("sku", "asin", "channel"):
        found[name] = beside(key, _listed(orders, name))
    bought = without_rare(shop, shop.settings.minimum_n)
    bought = bought[bought["order_key"].isin(wanted)]
    found["product"] = beside(key, _listed(bought, "sku"))
    found["ship_date"] = beside(key, _last(parcels, "ship_date"))
    found["promised"] = beside(key, _last(parcels, "estimated_arrival"))
    found["carrier"] = beside(key, _listed(parcels, "carrier"))
    tracked = parcels.dropna(subset="order_key").groupby("order_key")["has_tracking"].all()
    found["has_tracking"] = beside(key, tracked).astype("boolean")
    found["carriage"] = _carriage(found, feedback["date"])
    found["returned"] = beside(key, _first(returns, "return_date"))
    found["return_reason"] = beside(key, _listed(returns, "reason"))
    found["return_question"] = beside(key, _listed(returns, "question"))
    denied = _known(returns, "denied").any()
    found["return_denied"] = beside(key, denied).astype("boolean")
    paid = returns[returns["refunded"].gt(0)]
    # An order is of one marketplace, and so of one currency.
    found["refunded"] = beside(key, paid.groupby("order_key")["refunded"].sum())
    found["refund_currency"] = beside(key, _listed(paid, "currency"))
    for name in ("purchase_date", "ship_date", "promised", "returned"):
        found[name] = pd.to_datetime(found[name]).astype("datetime64[us]")
    found["evidence"] = [_words(row) for row in rows_of(found, IN_WORDS)]
    return found[list(COLUMNS)]


def beside(keys: pd.Series, values: pd.Series) -> pd.Series:
    """Return the value of each key; unlike ``map``, also where no value is known at all.

    Parameters
    ----------
    keys : Series of str
        Keys of orders.
    values : Series
        Indexed by key, each once.

    Returns
    -------
    Series
        With the index of the keys.
    """
    found = values.reindex(keys)
    found.index = keys.index
    return found


def _known(frame: pd.DataFrame, column: str) -> Any:
    return frame.dropna(subset=["order_key", column]).groupby("order_key")[column]


def _first(frame: pd.DataFrame, column: str) -> pd.Series:
    return _known(frame, column).min()


def _last(frame: pd.DataFrame, column: str) -> pd.Series:
    return _known(frame, column).max()


def _listed(frame: pd.DataFrame, column: str) -> pd.Series:
    """Return each order's different values as one text, always in the same order."""
    known = frame.dropna(subset=["order_key", column])[["order_key", column]].drop_duplicates()
    # Most orders have one value, and only the others have anything to join.
    several = known["order_key"].duplicated(keep=False)
    joined = known[several].sort_values(["order_key", column])
    joined = joined.groupby("order_key")[column].agg(", ".join).astype(TEXT)
    return pd.concat([known[~several].set_index("order_key")[column].astype(TEXT), joined])


def _carriage(found: pd.DataFrame, written: pd.Series) -> pd.Series:
    known = found["ship_date"].notna() & found["promised"].notna()
    text = pd.Series(UNKNOWN, index=found.index, dtype=object)
    text[known] = IN_TIME
    text[known & (written < found["promised"])] = TOO_SOON
    text[known & (found["ship_date"] > found["promised"])] = LATE
    return text


def _words(row: dict[str, Any]) -> str:
    parts = []
    if row["carriage"] != UNKNOWN:
        day = row["promised"]
        parts.append(f"{row['carriage']} ({day:%Y-%m-%d})")
    if _said(row["has_tracking"], False):
        parts.append("no tracking number")
    if not pd.isna(row["returned"]):
        reason = "" if pd.isna(row["return_reason"]) else f": {row['return_reason']}"
        parts.append(f"returned {row['returned']:%Y-%m-%d}{reason}")
        if any(code in str(row["return_reason"]) for code in SAYS_LATE):
            parts.append("the return says that it came late or not at all")
    if _said(row["return_denied"], True):
        parts.append("a return was refused")
    if not pd.isna(row["refunded"]):
        currency = "" if pd.isna(row["refund_currency"]) else f" {row['refund_currency']}"
        parts.append(f"refunded {row['refunded']:.2f}{currency}")
    return "; ".join(parts)


def _said(value: Any, wanted: bool) -> bool:
    """Tell whether the files say so; what they do not say is neither."""
    return not pd.isna(value) and bool(value) is wanted
