"""What became of each order: shipped, late, broken, wrong, unanswered, returned."""

from __future__ import annotations

import numpy as np
import pandas as pd

from .catalogue import Catalogue
from .model import MARKETS, ONE_DAY, day, generator, model
from .orders import carrier_names, choose


def fulfil(
    items: pd.DataFrame, catalogue: Catalogue, *, seed: int, block: int, end: np.datetime64
) -> pd.DataFrame:
    """Follow every order of a block from the warehouse to the buyer.

    Parameters
    ----------
    items : DataFrame
        Order items, see :func:`~feedback_analysis.sample.orders.draw_items`.
    catalogue : Catalogue
        The block's products.
    seed, block : int
        Which draw.
    end : datetime64
        The shop's last day; orders of the last two days may still be pending.

    Returns
    -------
    DataFrame
        One row an order: what it shares with its first item, ``category``, ``carrier`` (number
        within the marketplace and channel), ``ship_day``, ``promise_day``, ``arrival_day``,
        ``status``, ``late``, ``lost``, one column ``problem_<question>`` each, and ``event``.
    """
    rng = generator(seed, block, "fulfilment")
    first = items.drop_duplicates("order")
    columns = ["order", "cell", "child", "family", "market", "seller", "day", "second", "business"]
    orders = first[columns].reset_index(drop=True)
    orders["category"] = catalogue.children["category"].to_numpy()[orders["child"]]
    orders["name"] = catalogue.families["name"].to_numpy()[orders["family"]]
    orders["quality"] = catalogue.families["quality"].to_numpy()[orders["family"]]
    _ship(orders, rng)
    _status(orders, rng, end)
    _problems(orders, rng)
    return orders


def event_active(event: str, days: np.ndarray) -> np.ndarray:
    """Return whether an event is on at each of these days."""
    entry = model()["events"][event]
    return (days >= day(entry["start"])) & (days <= day(entry["end"]))


def event_strength(event: str, days: np.ndarray) -> np.ndarray:
    """Return how strong an event is (0-1): two weeks to build up, three weeks to fade."""
    entry = model()["events"][event]
    since = (days - day(entry["start"])).astype(int) + 1
    left = (day(entry["end"]) - days).astype(int) + 1
    return np.minimum(since / 14, left / 21).clip(0, 1)


def _ship(orders: pd.DataFrame, rng: np.random.Generator) -> None:
    numbers = model()["fulfilment"]
    count = len(orders)
    seller, market = orders["seller"].to_numpy(), orders["market"].to_numpy()
    handling, transit = np.zeros(count, int), np.zeros(count, int)
    carrier, slack = np.zeros(count, int), np.zeros(count, int)
    late_chance, lost_chance = np.zeros(count), np.zeros(count)
    for is_seller, entry in ((False, numbers["amazon"]), (True, numbers["seller"])):
        chosen = np.flatnonzero(seller == is_seller)
        handling[chosen] = choose(entry["handling"], len(chosen), rng)
        transit[chosen] = choose(entry["transit"], len(chosen), rng) + 1
        slack[chosen] = entry["slack"]
        late_chance[chosen], lost_chance[chosen] = entry["late"], entry["lost"]
        for position, code in enumerate(MARKETS):
            key = "carriers" if is_seller else "amazon_carriers"
            weights = list(model()["markets"][code][key].values())
            here = chosen[market[chosen] == position]
            carrier[here] = choose(weights, len(here), rng)
    ship_day = orders["day"].to_numpy().astype("datetime64[D]") + handling

    event = model()["events"]["slow_carrier"]
    on_it = np.zeros(count, dtype=bool)
    for position in range(len(MARKETS)):
        names = carrier_names(position, seller=True)
        if event["carrier"] in names:
            on_it |= seller & (market == position) & (carrier == names.index(event["carrier"]))
    strength = event_strength("slow_carrier", ship_day) * on_it
    late_chance += strength * (event["late"] - late_chance)
    lost_chance += strength * (event["lost"] - lost_chance)
    draw = rng.random(count)
    lost = draw < lost_chance
    late = draw < np.maximum(late_chance, lost_chance)
    delay = np.where(late, slack + rng.geometric(numbers["late_days"], count), 0)
    orders["carrier"] = carrier
    orders["ship_day"] = ship_day
    orders["promise_day"] = ship_day + transit + slack
    orders["arrival_day"] = ship_day + transit + delay
    orders["late"], orders["lost"] = late, lost
    orders["slow_carrier"] = late & (strength > 0)


def _status(orders: pd.DataFrame, rng: np.random.Generator, end: np.datetime64) -> None:
    count = len(orders)
    cancelled = rng.random(count) < model()["orders"]["cancelled"]
    shipped = orders["ship_day"].to_numpy() <= end
    age = (end - orders["day"].to_numpy().astype("datetime64[D]")).astype(int)
    pending = ~cancelled & (age <= 1) & (rng.random(count) < 0.6)
    status = np.where(shipped, "Shipped", "Unshipped")
    status = np.where(pending, "Pending", status)
    orders["status"] = np.where(cancelled, "Cancelled", status)
    gone = orders["status"] != "Shipped"
    for column in ("late", "lost", "slow_carrier"):
        orders[column] &= ~gone


def _problems(orders: pd.DataFrame, rng: np.random.Generator) -> None:
    numbers, events = model()["problems"], model()["events"]
    count = len(orders)
    shipped = (orders["status"] == "Shipped").to_numpy()
    seller = orders["seller"].to_numpy()
    ship_day = orders["ship_day"].to_numpy().astype("datetime64[D]")
    order_day = orders["day"].to_numpy().astype("datetime64[D]")
    arrival = orders["arrival_day"].to_numpy().astype("datetime64[D]")

    fragile = orders["category"].isin(numbers["fragile"]).to_numpy()
    damage = np.where(fragile, numbers["damaged_fragile"], numbers["damaged"])
    bad_cartons = fragile & event_active("packaging_fault", ship_day)
    damage = np.where(bad_cartons, events["packaging_fault"]["damaged"], damage)
    wrong = numbers["not_as_described"] * np.exp(
        numbers["not_as_described_quality"] * orders["quality"].to_numpy()
    )
    of_family = orders["name"].eq(events["counterfeit"]["family"]).to_numpy()
    copy = of_family & event_active("counterfeit", order_day)
    wrong = np.where(copy, events["counterfeit"]["not_as_described"], wrong)
    unattended = event_active("unanswered_email", order_day + 5 * ONE_DAY)
    message = np.where(unattended, events["unanswered_email"]["message"], numbers["message"])
    silent = np.where(seller, numbers["unanswered"]["seller"], numbers["unanswered"]["amazon"])
    silent = np.where(
        unattended, events["unanswered_email"]["unanswered"] * (0.35 + 0.65 * seller), silent
    )

    def chance(name: str) -> np.ndarray:
        return np.where(seller, numbers[name]["seller"], numbers[name]["amazon"])

    def happens(probability: np.ndarray) -> np.ndarray:
        return rng.random(count) < probability

    arrived = shipped & ~orders["lost"].to_numpy()
    problems = {
        "shipping_speed": orders["late"].to_numpy(),
        "packaging": arrived & happens(damage),
        "tracking": shipped & happens(chance("untracked")),
        "email_response": happens(message * silent),
        "cancel_return": shipped & happens(chance("return_trouble")),
        "service_reach": happens(chance("unreachable")),
        "as_described": arrived & happens(wrong),
        "other": happens(chance("other")),
        "unclear": happens(chance("unclear")),
    }
    for name, flags in problems.items():
        orders[f"problem_{name}"] = flags
    event = np.full(count, "", dtype=object)
    event[problems["email_response"] & unattended] = "unanswered_email"
    event[orders["slow_carrier"].to_numpy()] = "slow_carrier"
    event[problems["packaging"] & bad_cartons] = "packaging_fault"
    event[problems["as_described"] & copy] = "counterfeit"
    orders["event"] = event
    orders["arrival_day"] = arrival
