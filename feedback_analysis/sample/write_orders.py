"""All Orders: one row an order item, in the three variants of the report."""

from __future__ import annotations

from datetime import datetime
from functools import cache
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd

from .block import Block
from .model import MARKETS, generator, model, texts
from .orders import order_ids
from .output import Output, half_years, lines

COUNTRY = {"US": "US", "UK": "GB", "DE": "DE"}


def write_orders(out: Output, block: Block) -> None:
    """Append a block's order items to the half-yearly files of each marketplace."""
    items = _all_columns(block)
    for position, code in enumerate(MARKETS):
        header = texts()["orders"][code].split()
        of_market = items[items["market"] == position]
        days = of_market["day"].to_numpy().astype("datetime64[D]")
        for begin, finish in half_years(block.span.start, block.span.end):
            part = of_market[(days >= begin) & (days <= finish)]
            if not len(part):
                continue
            rows = zip(*(_column(part, name) for name in header), strict=True)
            path = f"{folder(code, 'orders')}/all-orders-{begin}-to-{finish}.txt.gz"
            encoding = "cp1252" if code != "US" else "utf-8"
            out.append(path, lines(rows), header=lines([header]), encoding=encoding)
            if code == "DE":
                out.period(path, begin, finish, code)


def folder(code: str, kind: str) -> str:
    """Return the folder of a kind of report: only the German one does not name its marketplace."""
    german = {"orders": "Bestellungen", "shipments": "Versand", "returns": "Ruecksendungen",
              "daily": "Verkaeufe-und-Traffic"}  # fmt: skip
    return f"amazon/Deutschland/{german[kind]}" if code == "DE" else f"amazon/{code}/{kind}"


def utc_stamps(days: np.ndarray, seconds: np.ndarray, market: int) -> np.ndarray:
    """Write local days and seconds as UTC: ``2026-10-05T14:03:22+00:00``."""
    moments = _moments(days, seconds)
    moments = moments - _offsets(moments, market)
    return np.array([f"{text}+00:00" for text in np.datetime_as_string(moments, "s")], dtype=object)


def local_stamps(days: np.ndarray, seconds: np.ndarray, market: int) -> np.ndarray:
    """Write local days and seconds with the marketplace's offset: ``...-07:00``."""
    moments = _moments(days, seconds)
    minutes = _offsets(moments, market).astype(int) // 60
    return np.array(
        [
            f"{text}{'-' if shift < 0 else '+'}{abs(shift) // 60:02d}:{abs(shift) % 60:02d}"
            for text, shift in zip(np.datetime_as_string(moments, "s"), minutes, strict=True)
        ],
        dtype=object,
    )


def _moments(days: np.ndarray, seconds: np.ndarray) -> np.ndarray:
    return np.asarray(days).astype("datetime64[D]").astype("datetime64[s]") + np.asarray(seconds)


def _offsets(moments: np.ndarray, market: int) -> np.ndarray:
    """Return the offset from UTC of local moments; an hour that is skipped counts as before."""
    hours, inverse = np.unique(moments.astype("datetime64[h]"), return_inverse=True)
    offsets = np.array([_offset(hour, market) for hour in hours.tolist()])
    return offsets[inverse].astype("timedelta64[s]")


@cache
def _offset(hour: datetime, market: int) -> int:
    zone = ZoneInfo(model()["markets"][MARKETS[market]]["time_zone"])
    return int(hour.replace(tzinfo=zone).utcoffset().total_seconds())


def _all_columns(block: Block) -> pd.DataFrame:
    rng = generator(block.seed, block.number, "order-files")
    items = block.items
    count = len(items)
    children, orders = block.catalogue.children, block.orders
    child, number = items["child"].to_numpy(), items["order"].to_numpy()
    ids = order_ids(block.number, np.arange(len(orders)))
    status = orders["status"].to_numpy()[number]
    seller = items["seller"].to_numpy()
    market = items["market"].to_numpy()
    frame = items[["order", "market", "day", "second", "quantity", "price"]].copy()
    frame["amazon-order-id"] = frame["merchant-order-id"] = ids[number]
    updated = orders["ship_day"].to_numpy()[number]
    later = (items["second"].to_numpy() + 31_013) % 86_400
    stamps, changed = np.empty(count, object), np.empty(count, object)
    city, channel = np.empty(count, object), np.empty(count, object)
    draw = rng.random(count)
    for position, code in enumerate(MARKETS):
        here = market == position
        stamps[here] = utc_stamps(items["day"][here], items["second"][here], position)
        changed[here] = utc_stamps(updated[here], later[here], position)
        # The newest rows were last changed when they were made.
        changed[here] = np.maximum(stamps[here], changed[here])
        places = texts()["places"][code]
        city[here] = np.array(["", *places], dtype=object)[
            (draw[here] * (len(places) + 1)).astype(int)
        ]
        channel[here] = model()["markets"][code]["domain"]
    frame["purchase-date"], frame["last-updated-date"] = stamps, changed
    frame["order-status"] = status
    frame["fulfillment-channel"] = np.where(seller, "Merchant", "Amazon")
    frame["sales-channel"] = channel
    frame["ship-service-level"] = np.where(seller, "Standard", "Expedited")
    german = market == MARKETS.index("DE")
    frame["product-name"] = np.where(
        german, children["title_de"].to_numpy()[child], children["title"].to_numpy()[child]
    )
    frame["sku"] = children["sku"].to_numpy()[child]
    frame["asin"] = children["asin"].to_numpy()[child]
    frame["item-status"] = np.where(status == "Pending", "Unshipped", status)
    pending = status == "Pending"
    currency = np.array([model()["markets"][code]["currency"] for code in MARKETS], dtype=object)
    frame["currency"] = np.where(pending, "", currency[market])
    price = np.array([f"{value:.2f}" for value in items["price"]], dtype=object)
    frame["item-price"] = np.where(pending, "", price)
    rate = np.array([0.0, 1 / 6, 19 / 119])[market]
    tax = np.array([f"{value:.2f}" for value in items["price"] * rate], dtype=object)
    frame["item-tax"] = np.where(pending, "", tax)
    frame["quantity"] = items["quantity"].astype(str)
    frame["ship-city"] = city
    frame["ship-country"] = np.array(list(COUNTRY.values()), dtype=object)[market]
    frame["is-business-order"] = np.where(items["business"], "true", "false")
    frame["price-designation"] = np.where(items["business"], "Business Price", "")
    frame["number-of-items"] = frame["quantity"]
    return frame


CONSTANT = {
    "shipping-price": "0.00", "is-sold-by-ab": "false", "address-type": "Residential",
    "tax-collection-model": "MarketplaceFacilitator",
}  # fmt: skip


def _column(frame: pd.DataFrame, name: str) -> list[str]:
    if name in frame:
        return frame[name].tolist()
    return [CONSTANT.get(name, "")] * len(frame)
