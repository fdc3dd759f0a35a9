"""All Orders and shipments: what was ordered, who fulfils it, when it was sent and promised."""

from __future__ import annotations

import pandas as pd

from feedback_analysis.amazon import dates
from feedback_analysis.amazon.batch import Batch, refuse_other_shops
from feedback_analysis.amazon.order_ids import order_ids
from feedback_analysis.marketplaces import find_code
from feedback_analysis.tables import TEXT

_CHANNELS = {"amazon": "amazon", "afn": "amazon", "merchant": "seller", "mfn": "seller"}


def tidy_orders(batch: Batch) -> pd.DataFrame:
    """Turn All Orders rows into the columns of ``orders`` and ``last_updated`` for merging.

    Pending orders have no price (missing, not 0). Days are in the marketplace's own time.
    """
    market = _marketplaces(batch)
    days = dates.parse_instants(batch.frame["purchase_date"], market)
    ids = order_ids(batch)
    batch.frame = batch.frame.assign(market=market, day=days, id=ids)
    batch.reject(batch.frame["id"].isna(), "no order id")
    batch.reject(
        batch.frame["day"].isna(),
        f"column '{batch.header('purchase_date')}': not a time such as 2026-10-31T08:00:00+00:00",
    )
    batch.reject(batch.frame["quantity"].isna(), "no quantity")
    frame = batch.frame
    channel = batch.texts("channel").str.casefold().map(_CHANNELS).astype(TEXT)
    return pd.DataFrame(
        {
            "order_key": batch.keys(frame["id"]),
            "purchase_date": frame["day"],
            "marketplace": frame["market"],
            "sku": batch.texts("sku"),
            "asin": batch.texts("asin"),
            "channel": channel,
            "quantity": frame["quantity"],
            "item_price": frame["item_price"] if batch.has("item_price") else float("nan"),
            "currency": batch.texts("currency"),
            "status": batch.texts("status"),
            "ship_service_level": batch.texts("ship_service_level"),
            "last_updated": batch.texts("last_updated", missing=False),
        },
        index=frame.index,
    )


def tidy_shipments(batch: Batch) -> pd.DataFrame:
    """Turn fulfilled shipments or a seller's shipping confirmations into ``shipments``."""
    market = _marketplaces(batch)
    carrier = batch.texts("carrier")
    if batch.has("carrier_code"):
        # "Other" stands in the code column where the name column tells the carrier.
        carrier = carrier.fillna(batch.texts("carrier_code"))
    promised = "promise_date" if batch.has("promise_date") else "estimated_arrival"
    ids = order_ids(batch)
    frame = pd.DataFrame(
        {
            "order_key": ids,
            "ship_date": _instants(batch, "ship_date", market),
            "carrier": carrier,
            "has_tracking": batch.frame["tracking"],
            "estimated_arrival": _instants(batch, promised, market),
        }
    )
    bad = ids.isna()
    if bad.any():
        batch.reject(bad, "no order id")
        frame = frame[~bad.to_numpy()].reset_index(drop=True)
    unread = (batch.texts("ship_date").notna() & frame["ship_date"].isna()).to_numpy(dtype=bool)
    if unread.any():
        batch.reject(unread, f"column '{batch.header('ship_date')}': not a day")
        frame = frame[~unread].reset_index(drop=True)
    return frame.assign(order_key=batch.keys(frame["order_key"]))


def _instants(batch: Batch, column: str, market: pd.Series) -> pd.Series:
    if not batch.has(column):
        return pd.Series(pd.NaT, index=batch.frame.index)
    return dates.parse_instants(batch.frame[column], market)


def _marketplaces(batch: Batch) -> pd.Series:
    """Return each row's marketplace from its sales channel, else the one stated for the file.

    Raises
    ------
    ReportError
        If the rows are of marketplaces that are none of the shop's.
    """
    channels = batch.texts("sales_channel", missing=False)
    codes = {text: find_code(text) for text in pd.unique(channels.astype(object)) if text}
    told = channels.astype(object).map(codes)
    found = set(told.dropna())
    batch.told |= found
    refuse_other_shops(
        "the file's orders are of",
        found,
        batch.facts,
        file=batch.file,
        column=batch.header("sales_channel"),
    )
    # "Non-Amazon" orders belong to no marketplace, whatever the file's folder says.
    outside = (channels != "") & told.isna()
    filled = told.where(told.notna() | outside, batch.facts.market)
    return pd.Series(filled, index=batch.frame.index).astype(TEXT)
