"""Order items and orders of one block, and the visits that led to no order."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
import pandas as pd

from .catalogue import Catalogue
from .demand import Demand
from .model import MARKETS, generator, model

# Order numbers a block can use; a power of two, so that blocks never meet.
ROOM = 1 << 17


def draw_items(
    catalogue: Catalogue,
    demand: Demand,
    *,
    seed: int,
    block: int,
    monday: np.datetime64,
    start: np.datetime64,
    end: np.datetime64,
) -> pd.DataFrame:
    """Turn the order items a family and week into single ones, and join some to one order.

    Parameters
    ----------
    catalogue : Catalogue
        The block's products.
    demand : Demand
        Order items a family and week.
    seed, block : int
        Which draw.
    monday : datetime64
        First day of the first week.
    start, end : datetime64
        First and last day of the shop; items outside are left out.

    Returns
    -------
    DataFrame
        One row an order item, sorted by marketplace and purchase: ``order`` (number within the
        block), ``cell``, ``child``, ``family``, ``market``, ``seller``, ``day`` (local),
        ``second`` of the local day, ``quantity``, ``price`` (of the line, local money),
        ``business``.
    """
    drawn = _single_items(catalogue, demand, monday, generator(seed, block, "orders"))
    inside = drawn[(drawn["day"] >= start) & (drawn["day"] <= end)]
    # Items of one marketplace, channel and day stand together, so that some can share an order.
    keys = (inside["second"], inside["seller"], inside["day"], inside["market"])
    items = inside.iloc[np.lexsort([key.to_numpy() for key in keys])].reset_index(drop=True)
    joined = _with_the_one_before(
        *(items[name].to_numpy() for name in ("market", "seller", "day", "child", "joining"))
    )
    number = np.cumsum(~joined) - 1
    first = np.flatnonzero(~joined)
    if len(first) > ROOM:
        raise ValueError(f"a block holds at most {ROOM} orders, got {len(first)}")
    leader = first[number]
    items.insert(0, "order", number)
    items["price"] = (items["price"] * items["quantity"]).round(2)
    for name in ("second", "business"):
        items[name] = items[name].to_numpy()[leader]
    return items.drop(columns="joining")


def _single_items(
    catalogue: Catalogue, demand: Demand, monday: np.datetime64, rng: np.random.Generator
) -> pd.DataFrame:
    """Draw product, marketplace, time, quantity and price of each item, one after the other.

    The order of the draws is part of the sample's seed.
    """
    numbers = model()["orders"]
    families, weeks = demand.items.shape
    per_cell = demand.items.ravel()
    family = np.repeat(np.repeat(np.arange(families), weeks), per_cell)
    week = np.repeat(np.tile(np.arange(weeks), families), per_cell)
    count = len(family)
    cells = catalogue.cells
    cell = np.searchsorted(cells["cumulative"].to_numpy(), family + rng.random(count), "right")
    cell = np.minimum(cell, len(cells) - 1)
    weekday = choose(numbers["weekday"], count, rng)
    hour = choose(numbers["hour"], count, rng)
    child = cells["child"].to_numpy()[cell]
    price = cells["price"].to_numpy()[cell] * np.exp(demand.log_price[family, week])
    return pd.DataFrame(
        {
            "cell": cell,
            "child": child,
            "family": family,
            "market": cells["market"].to_numpy()[cell],
            "seller": catalogue.children["seller"].to_numpy()[child],
            "day": monday + week * 7 + weekday,
            "second": hour * 3600 + rng.integers(0, 3600, count),
            "quantity": choose(numbers["quantity"], count, rng) + 1,
            "price": np.round(price, 2),
            "business": rng.random(count) < numbers["business"],
            "joining": rng.random(count) < numbers["joined"],
        }
    )


def _with_the_one_before(
    market: np.ndarray, seller: np.ndarray, day: np.ndarray, child: np.ndarray, wanted: np.ndarray
) -> np.ndarray:
    """Tell which items share the order of the item before, of those that shall where they can."""
    joined = wanted.copy()
    same = (market[1:] == market[:-1]) & (seller[1:] == seller[:-1]) & (day[1:] == day[:-1])
    joined[1:] &= same & (child[1:] != child[:-1])
    joined[:1] = False
    # At most three items an order, none of them twice.
    joined[2:] &= ~(joined[1:-1] & (child[2:] == child[:-2]))
    joined[3:] &= ~(joined[2:-1] & joined[1:-2])
    return joined


def draw_other_visits(
    catalogue: Catalogue, demand: Demand, items: pd.DataFrame, *, seed: int, block: int
) -> np.ndarray:
    """Spread the visits that ended without an order over products, marketplaces and days.

    An order item's own visit fell on its product and day, so the total a day is these visits plus
    the order items: no product sells without a visit.

    Returns
    -------
    ndarray of int
        One row a cell of the catalogue, one column a day from the first Monday on.
    """
    rng = generator(seed, block, "visits")
    cells = catalogue.cells
    weekday = np.array(model()["orders"]["weekday"])
    weekday = weekday / weekday.sum()
    weeks = demand.sessions.shape[1]
    visits = np.zeros((len(cells), weeks * 7), dtype=np.int64)
    share = cells["share"].to_numpy()
    bounds = np.searchsorted(cells["family"].to_numpy(), np.arange(len(demand.sessions) + 1))
    for family, (low, high) in enumerate(pairwise(bounds)):
        chance = np.outer(share[low:high], weekday).ravel()
        rest = demand.sessions[family] - demand.items[family]
        drawn = rng.multinomial(rest, chance / chance.sum())
        by_cell = drawn.reshape(weeks, high - low, 7).transpose(1, 0, 2)
        visits[low:high] = by_cell.reshape(high - low, weeks * 7)
    return visits


def order_ids(block: int, numbers: np.ndarray) -> np.ndarray:
    """Return order ids ``000-NNNNNNN-NNNNNNN``, a different one for each block and number.

    Two halves of seven digits are stirred by turns (a Feistel network), which is a permutation:
    ids neither repeat nor count upwards, however many there are.
    """
    whole = block * ROOM + np.asarray(numbers, dtype=np.int64)
    room = 10_000_000
    left, right = whole // room, whole % room
    for multiplier, shift in ((9_176_213, 3_141_593), (7_654_347, 2_718_281), (8_117_339, 577_215)):
        left, right = right, (left + (right * multiplier + shift) // 7 % room) % room
    return np.array([f"000-{a:07d}-{b:07d}" for a, b in zip(left, right, strict=True)])


def carrier_names(market: int, *, seller: bool) -> list[str]:
    """Return the carriers of a marketplace in the order in which they are numbered."""
    key = "carriers" if seller else "amazon_carriers"
    return list(model()["markets"][MARKETS[market]][key])


def choose(weights: Sequence[float], count: int, rng: np.random.Generator) -> np.ndarray:
    """Return so many positions, drawn in proportion to the weights."""
    running = np.cumsum(np.asarray(weights, dtype=float))
    return np.searchsorted(running / running[-1], rng.random(count), "right").clip(
        0, len(weights) - 1
    )
