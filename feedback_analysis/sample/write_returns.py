"""Return reports: Amazon's for what it fulfils, and the one for seller-fulfilled orders."""

from __future__ import annotations

import numpy as np
import pandas as pd

from .block import Block
from .model import MARKETS, ONE_DAY, model, texts
from .orders import order_ids
from .output import Output, days_as, half_years, lines, month_windows, quoted
from .write_orders import folder, local_stamps

DISPOSITION = {
    "packaging": "CARRIER_DAMAGED", "as_described": "DEFECTIVE", "own": "SELLABLE",
    "late": "SELLABLE", "lost": "SELLABLE", "trouble": "CUSTOMER_DAMAGED",
}  # fmt: skip


def write_returns(out: Output, block: Block) -> None:
    """Append a block's returns to the files of each marketplace and channel."""
    returns = block.returns.copy()
    returns["order_id"] = order_ids(block.number, returns["order"].to_numpy())
    children = block.catalogue.children
    for column in ("asin", "sku", "fnsku"):
        returns[column] = children[column].to_numpy()[returns["child"]]
    for position, code in enumerate(MARKETS):
        here = returns[returns["market"] == position].copy()
        title = children["title_de" if code == "DE" else "title"].to_numpy()
        here["title"] = title[here["child"]]
        _amazon(out, block, here[~here["seller"]], code)
        _own(out, block, here[here["seller"]], code)


def _amazon(out: Output, block: Block, frame: pd.DataFrame, code: str) -> None:
    header = texts()["returns"]["fba"].split()
    days = frame["day"].to_numpy().astype("datetime64[D]")
    centres = texts()["shipments"]["centres"][code]
    for begin, finish in half_years(block.span.start, block.span.end):
        part = frame[(days >= begin) & (days <= finish)]
        if not len(part):
            continue
        draw = part["draw"].to_numpy()
        status = np.select(
            [draw < 0.78, draw < 0.9, draw < 0.96],
            ["Unit returned to inventory", "Reimbursed", "Repackaged Successfully"],
            "IMMEDIATE_DONATION",
        )
        rows = list(
            zip(
                local_stamps(part["day"], (draw * 86_000).astype(int), MARKETS.index(code)),
                part["order_id"], part["sku"], part["asin"], part["fnsku"], part["title"],
                part["quantity"].astype(str),
                [centres[order % len(centres)] for order in part["order"]],
                [DISPOSITION[cause] for cause in part["cause"]],
                part["reason"], status,
                [f"LPN{int(value * 10**9):09d}" for value in draw],
                part["comment"], strict=True,
            )
        )  # fmt: skip
        # The same report comes as tab-separated text or, from Seller Central, as quoted CSV.
        kind = "csv" if code == "UK" else "txt"
        path = f"{folder(code, 'returns')}/fba-returns-{begin}-to-{finish}.{kind}"
        if kind == "csv":
            out.append(path, quoted(rows, every=True), header=quoted([header], every=True))
        else:
            out.append(path, lines(rows), header=lines([header]))
        if code == "DE":
            out.period(path, begin, finish, code)


def _own(out: Output, block: Block, frame: pd.DataFrame, code: str) -> None:
    header = texts()["returns"]["fbm"]
    currency = model()["markets"][code]["currency"]
    days = frame["day"].to_numpy().astype("datetime64[D]")
    for begin, finish in month_windows(block.span.start, block.span.end, 2):
        part = frame[(days >= begin) & (days <= finish)]
        if not len(part):
            continue
        rows = [_own_row(row, currency, block.span.end) for row in part.itertuples()]
        table = [[row.get(name, "") for name in header] for row in rows]
        path = f"{folder(code, 'returns')}/fbm-returns-{begin}-to-{finish}.txt"
        out.append(path, lines(table), header=lines([header]))
        if code == "DE":
            out.period(path, begin, finish, code)


def _own_row(row: tuple, currency: str, end: np.datetime64) -> dict[str, str]:
    dates = days_as(
        np.array([row.order_day, row.day, row.day + 9 * ONE_DAY], "datetime64[D]"),
        "{dd}-{mon}-{y}",
    )
    buyers_own = row.cause == "own"
    late_refund = np.datetime64(row.day, "D") + 9 * ONE_DAY > end
    status = "Denied" if row.denied else "Pending" if late_refund else "Completed"
    resolution = (
        "" if row.denied or late_refund
        else "ReturnlessRefund" if row.cause == "lost" or row.draw < 0.08
        else "Replacement" if row.cause == "packaging" and row.draw < 0.3
        else "RefundAtFirstScan" if row.draw > 0.9 else "StandardRefund"
    )  # fmt: skip
    refunded = 0.0 if resolution in ("", "Replacement") else row.refunded
    claim = "Y" if row.claim else "N"
    return {
        "Order ID": row.order_id, "Order date": dates[0], "Return request date": dates[1],
        "Return request status": status, "Amazon RMA ID": f"R{int(row.draw * 10**8):08d}",
        "Label type": "AmazonUnPaidLabel" if buyers_own else "AmazonPrePaidLabel",
        "Label cost": f"{4.5 + 3 * row.draw:.2f}", "Currency code": currency,
        "Return carrier": "Parcelforge", "Tracking ID": f"RT{int(row.draw * 10**9):09d}",
        "Label to be paid by": "Customer" if buyers_own or row.cause == "trouble" else "Seller",
        "A-to-Z Claim": claim, "Is prime": "N", "ASIN": row.asin, "Merchant SKU": row.sku,
        "Item Name": row.title, "Return quantity": str(row.quantity), "Return Reason": row.reason,
        "In policy": "N" if row.denied else "Y", "Return type": "C-Returns",
        "Resolution": resolution,
        "Return delivery date": dates[2] if status == "Completed" and row.cause != "lost" else "",
        "Order Amount": f"{row.price:.2f}", "Order quantity": str(row.quantity),
        "Refunded Amount": f"{refunded:.2f}",
    }  # fmt: skip
