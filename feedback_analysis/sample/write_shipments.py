"""Amazon Fulfilled Shipments, and the seller's own file of shipping confirmations."""

from __future__ import annotations

import numpy as np
import pandas as pd

from .block import Block
from .model import MARKETS, generator, model, texts
from .orders import carrier_names, order_ids
from .output import Output, days_as, lines, month_windows, quoted
from .write_orders import COUNTRY, folder, local_stamps


def write_shipments(out: Output, block: Block) -> None:
    """Append a block's shipped items: a file a month of Amazon's, one file of the seller's own."""
    shipped = _shipped(block)
    for position, code in enumerate(MARKETS):
        here = shipped[shipped["market"] == position]
        _amazon(out, block, here[~here["seller"]], code)
        _own(out, here[here["seller"]], block, code)


def _shipped(block: Block) -> pd.DataFrame:
    rng = generator(block.seed, block.number, "shipments")
    items, orders = block.items, block.orders
    number = items["order"].to_numpy()
    frame = items.copy()
    frame["line"] = np.arange(len(items))
    for column in ("ship_day", "promise_day", "carrier", "status", "problem_tracking"):
        frame[column] = orders[column].to_numpy()[number]
    frame["order_id"] = order_ids(block.number, np.arange(len(orders)))[number]
    frame["tracking"] = rng.integers(0, 10**10, len(orders))[number]
    frame["draw"] = rng.random(len(orders))[number]
    frame["item_id"] = block.number * 200_000 + frame["line"]
    return frame[frame["status"] == "Shipped"]


def _amazon(out: Output, block: Block, frame: pd.DataFrame, code: str) -> None:
    header = texts()["shipments"]["header"].split()
    market = MARKETS.index(code)
    entry = model()["markets"][code]
    days = frame["ship_day"].to_numpy().astype("datetime64[D]")
    for begin, finish in month_windows(block.span.start, block.span.end, 1):
        part = frame[(days >= begin) & (days <= finish)].sort_values(["ship_day", "line"])
        if not len(part):
            continue
        columns = _amazon_columns(block, part, code, market, entry)
        rows = zip(*(columns.get(name, [""] * len(part)) for name in header), strict=True)
        name = f"AmazonFulfilledShipments-{str(begin)[:7]}.txt.gz"
        path = f"{folder(code, 'shipments')}/{name}"
        out.append(
            path,
            lines(rows, end="\r\n"),
            header=lines([header], end="\r\n"),
            encoding="utf-8" if code == "US" else "cp1252",
        )
        if code == "DE":
            out.period(path, begin, finish, code)


def _amazon_columns(
    block: Block, part: pd.DataFrame, code: str, market: int, entry: dict
) -> dict[str, list[str]]:
    children = block.catalogue.children.iloc[part["child"]]
    words = texts()["shipments"]
    centres, buyers, places = words["centres"][code], words["buyers"], texts()["places"][code]
    pick = part["draw"].to_numpy()
    second = part["second"].to_numpy()
    bought = local_stamps(part["day"], second, market)
    shipped = local_stamps(part["ship_day"], np.maximum((second + 21_601) % 86_400, second), market)
    number = part["order"].to_numpy()
    who = [buyers[value % len(buyers)] for value in number]
    phone = [f"555-01{value % 100:02d}" for value in number]
    city = [places[int(value * len(places))] for value in pick]
    carriers = np.array(carrier_names(market, seller=False), dtype=object)
    price = [f"{value:.2f}" for value in part["price"]]
    return {
        "amazon-order-id": part["order_id"].tolist(),
        "shipment-id": [f"X{value:09d}" for value in part["tracking"] % 10**9],
        "shipment-item-id": [f"Y{value:010d}" for value in part["item_id"] * 7 + 11],
        "amazon-order-item-id": [f"{value:014d}" for value in part["item_id"] * 13 + 5],
        "purchase-date": bought.tolist(),
        "payments-date": shipped.tolist(),
        "shipment-date": shipped.tolist(),
        "reporting-date": shipped.tolist(),
        "buyer-email": [f"buyer{value % 9}@example.com" for value in number],
        "buyer-name": who,
        "buyer-phone-number": phone,
        "sku": children["sku"].tolist(),
        "product-name": children["title_de" if code == "DE" else "title"].tolist(),
        "quantity-shipped": part["quantity"].astype(str).tolist(),
        "currency": [entry["currency"]] * len(part),
        "item-price": price,
        "item-tax": ["0.00"] * len(part),
        "shipping-price": ["0.00"] * len(part),
        "ship-service-level": ["Expedited"] * len(part),
        "recipient-name": who,
        "ship-address-1": ["1 Sample Street"] * len(part),
        "ship-city": city,
        "ship-country": [COUNTRY[code]] * len(part),
        "ship-phone-number": phone,
        "carrier": carriers[part["carrier"]].tolist(),
        "tracking-number": [f"TB{value:010d}" for value in part["tracking"]],
        "estimated-arrival-date": local_stamps(
            part["promise_day"], np.full(len(part), 20 * 3600), market
        ).tolist(),
        "fulfillment-center-id": [centres[value % len(centres)] for value in number],
        "fulfillment-channel": ["AFN"] * len(part),
        "sales-channel": [entry["domain"]] * len(part),
    }


def _own(out: Output, frame: pd.DataFrame, block: Block, code: str) -> None:
    """Write the confirmations: parcels without a number are the ones buyers complain about."""
    header = texts()["shipments"]["confirmations"].split()
    if not len(frame):
        return
    frame = frame.sort_values(["ship_day", "line"])
    carriers = np.array(carrier_names(MARKETS.index(code), seller=True), dtype=object)
    name = carriers[frame["carrier"]]
    # Some untracked parcels had no number at all, others a number that never worked.
    unknown = frame["problem_tracking"].to_numpy() & (frame["draw"].to_numpy() < 0.6)
    rows = zip(
        frame["order_id"],
        [f"{value:014d}" for value in frame["item_id"] * 13 + 5],
        frame["quantity"].astype(str),
        days_as(frame["ship_day"], "{y}-{mm}-{dd}"),
        ["Other"] * len(frame),
        name,
        ["" if no else f"{c[:2].upper()}{value:010d}" for no, c, value in zip(
            unknown, name, frame["tracking"], strict=True)],
        ["Standard"] * len(frame),
        days_as(frame["promise_day"], "{y}-{mm}-{dd}"),
        strict=True,
    )  # fmt: skip
    path = f"{folder(code, 'shipments')}/shipping-confirmations.csv.gz"
    out.append(path, quoted(rows), header=quoted([header]))
    if code == "DE":
        out.period(path, block.span.start, block.span.end, code)
