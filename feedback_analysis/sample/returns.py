"""Which orders come back, why, and what the buyer says about it."""

from __future__ import annotations

from functools import cache

import numpy as np
import pandas as pd

from .model import MARKETS, generator, model, read_rows, texts
from .orders import choose

CAUSES = ("own", "trouble", "late", "as_described", "packaging", "lost")


@cache
def _words() -> dict[tuple[str, str], list[str]]:
    words: dict[tuple[str, str], list[str]] = {}
    for row in read_rows("return_comments.csv"):
        words.setdefault((row["cause"], row["language"]), []).append(row["comment"])
    return words


def draw_returns(
    orders: pd.DataFrame, items: pd.DataFrame, *, seed: int, block: int, end: np.datetime64
) -> pd.DataFrame:
    """Draw a block's returns: an order's first item, for what went wrong or the buyer's own reason.

    Returns
    -------
    DataFrame
        One row a return, by day: ``order``, ``child``, ``market``, ``seller``, ``day``,
        ``order_day``, ``quantity``, ``price``, ``cause``, ``reason`` (Amazon's code), ``comment``,
        ``refunded``, ``denied``, ``claim`` (an A-to-z claim was made), ``draw`` (0-1, for details).
    """
    rng = generator(seed, block, "returns")
    numbers = model()["returns"]
    count = len(orders)
    chance = {
        "own": np.full(count, numbers["own_reasons"]),
        "trouble": numbers["trouble"] * orders["problem_cancel_return"].to_numpy(),
        "late": numbers["late"] * (orders["late"] & ~orders["lost"]).to_numpy(),
        "as_described": numbers["not_as_described"] * orders["problem_as_described"].to_numpy(),
        "packaging": numbers["damaged"] * orders["problem_packaging"].to_numpy(),
        "lost": numbers["lost"] * orders["lost"].to_numpy(),
    }
    cause = np.full(count, "", dtype=object)
    for name in CAUSES:
        cause = np.where(rng.random(count) < chance[name], name, cause)
    arrival = np.maximum(
        orders["arrival_day"].to_numpy().astype("datetime64[D]"),
        orders["promise_day"].to_numpy().astype("datetime64[D]"),
    )
    when = arrival + np.minimum(2 + rng.gamma(1.6, 5.0, count), 45).astype(int)
    kept = (cause != "") & (orders["status"] == "Shipped").to_numpy() & (when <= end)
    rows = orders.loc[kept, ["order", "child", "market", "seller", "day"]]
    frame = rows.rename(columns={"day": "order_day"}).reset_index(drop=True)
    first = items.drop_duplicates("order").set_index("order")
    frame["quantity"] = first["quantity"].reindex(frame["order"]).to_numpy()
    frame["price"] = first["price"].reindex(frame["order"]).to_numpy()
    frame["day"] = when[kept]
    frame["cause"] = cause[kept]
    size = len(frame)
    frame["reason"] = _reasons(frame["cause"].to_numpy(), rng)
    frame["comment"] = _comments(frame, rng)
    trouble = (frame["cause"] == "trouble").to_numpy()
    frame["denied"] = trouble & frame["seller"].to_numpy() & (rng.random(size) < 0.35)
    frame["claim"] = (frame["denied"] | (frame["cause"] == "lost")) & (rng.random(size) < 0.22)
    full = np.where(trouble & (rng.random(size) < 0.6), 0.8, 1.0)
    frame["refunded"] = np.where(frame["denied"], 0.0, (frame["price"] * full).round(2))
    frame["draw"] = rng.random(size)
    return frame.sort_values(["market", "day", "order"]).reset_index(drop=True)


def _reasons(causes: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    tables = texts()["returns"]["reasons"]
    reasons = np.full(len(causes), "", dtype=object)
    for cause in CAUSES:
        rows = np.flatnonzero(causes == cause)
        table = tables["as_described" if cause == "trouble" else cause]
        picked = choose(list(table.values()), len(rows), rng)
        reasons[rows] = np.array(list(table), dtype=object)[picked]
    return reasons


def _comments(frame: pd.DataFrame, rng: np.random.Generator) -> list[str]:
    words = _words()
    said = rng.random(len(frame)) < model()["returns"]["commented"]
    pick = rng.random(len(frame))
    german = MARKETS.index("DE")
    out = []
    for cause, market, speaks, share in zip(
        frame["cause"], frame["market"], said, pick, strict=True
    ):
        choices = words.get((cause, "de" if market == german else "en"), []) if speaks else []
        out.append(choices[int(share * len(choices))] if choices else "")
    return out
