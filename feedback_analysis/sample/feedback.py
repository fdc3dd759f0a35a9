"""Who leaves feedback, when, with how many stars and which words."""

from __future__ import annotations

import numpy as np
import pandas as pd

from .comments import compose_negative, match_negative, write_positive
from .model import ONE_DAY, QUESTIONS, day, generator, model
from .orders import choose, order_ids
from .stock import Stock


def draw_feedback(
    orders: pd.DataFrame, stock: Stock, *, seed: int, block: int, end: np.datetime64
) -> pd.DataFrame:
    """Draw the feedback on a block's orders.

    Parameters
    ----------
    orders : DataFrame
        Orders with their problems, see :func:`~feedback_analysis.sample.fulfilment.fulfil`.
    stock : Stock
        Comments written by hand. The first block gives each negative one at most once; later
        blocks put new ones together from their clauses.
    seed, block : int
        Which draw.
    end : datetime64
        Last day of the shop; later feedback does not exist yet.

    Returns
    -------
    DataFrame
        One row a feedback, newest first: ``order``, ``order_id``, ``market``, ``day``, ``rating``,
        ``comment``, ``questions`` (true ids joined by ;), ``language``, ``category``, ``seller``,
        ``event``, ``response``.
    """
    rng = generator(seed, block, "feedback")
    numbers = model()["feedback"]
    flags = orders[[f"problem_{name}" for name in QUESTIONS]].to_numpy()
    troubled = flags.any(axis=1)
    chance = np.where(troubled, numbers["problem"], numbers["content"])
    copies = (orders["event"] == "counterfeit").to_numpy()
    chance = np.where(copies, model()["events"]["counterfeit"]["feedback"], chance)
    count = len(orders)
    leaves = (rng.random(count) < chance) & (orders["status"] == "Shipped").to_numpy()
    bad = troubled & (rng.random(count) < numbers["bad_after_problem"])
    when = _days(orders, rng)
    chosen = np.flatnonzero(leaves & (when <= end))
    frame = orders.loc[
        chosen, ["order", "market", "seller", "category", "child", "event"]
    ].reset_index(drop=True)
    frame["day"] = when[chosen]
    frame["bad"] = bad[chosen]
    frame["order_day"] = orders["day"].to_numpy()[chosen]
    frame["event"] = frame["event"].where(frame["bad"], "")
    for column in ("comment", "questions", "language"):
        frame[column] = ""
    frame["rating"] = 0
    flags = flags[chosen]

    frame["stars_only"] = _stars_only(frame, rng)
    _stars(frame, flags, rng)
    words = np.flatnonzero(frame["bad"] & ~frame["stars_only"])
    match = match_negative if block == 0 else compose_negative
    match(frame, words, flags, stock, rng)
    # A buyer who found no words left no feedback at all.
    frame = frame[(frame["rating"] > 0) | ~frame["bad"]].reset_index(drop=True)
    write_positive(frame, stock, rng, compose=block > 0)
    frame["order_id"] = order_ids(block, frame["order"].to_numpy())
    frame["response"] = _responses(frame, stock, rng)
    frame = frame.sort_values(["market", "day", "order"], ascending=[True, False, True])
    return frame.reset_index(drop=True)


def _days(orders: pd.DataFrame, rng: np.random.Generator) -> np.ndarray:
    count = len(orders)
    arrival = orders["arrival_day"].to_numpy().astype("datetime64[D]")
    promise = orders["promise_day"].to_numpy().astype("datetime64[D]")
    bought = orders["day"].to_numpy().astype("datetime64[D]")
    wait = np.minimum(3 + rng.gamma(1.3, 9.0, count), 90).astype(int)
    # What never came is complained about from the promised day on.
    base = np.where(orders["lost"], promise, arrival)
    within = model()["feedback"]["within"] * ONE_DAY
    when = np.minimum(base + wait * ONE_DAY, bought + within)
    silent = (orders["event"] == "unanswered_email").to_numpy()
    event = model()["events"]["unanswered_email"]
    first, last = day(event["start"]) + 14 * ONE_DAY, day(event["end"]) + 17 * ONE_DAY
    spread = first + rng.integers(0, (last - first).astype(int), count) * ONE_DAY
    spread = np.minimum(np.maximum(spread, bought + 4 * ONE_DAY), bought + within)
    return np.where(silent, spread, when)


def _stars_only(frame: pd.DataFrame, rng: np.random.Generator) -> np.ndarray:
    numbers = model()["feedback"]
    draw = rng.random(len(frame))
    allowed = frame["day"].to_numpy() >= day(numbers["stars_only_since"])
    bad = frame["bad"].to_numpy()
    return np.where(
        bad,
        allowed & (draw < numbers["stars_only_negative"]),
        draw < numbers["stars_only_positive"],
    )


def _stars(frame: pd.DataFrame, flags: np.ndarray, rng: np.random.Generator) -> None:
    numbers = model()["feedback"]
    four = rng.random(len(frame)) < numbers["four_stars"]
    low = choose(numbers["stars_only_ratings"], len(frame), rng) + 1
    bad, silent = frame["bad"].to_numpy(), frame["stars_only"].to_numpy()
    frame["rating"] = np.where(~bad, np.where(four, 4, 5), np.where(silent, low, 0))
    rows = np.flatnonzero(bad & silent)
    causes = [";".join(np.array(QUESTIONS)[flags[row]]) for row in rows]
    frame.loc[rows, "questions"] = causes


def _responses(frame: pd.DataFrame, stock: Stock, rng: np.random.Generator) -> list[str]:
    numbers = model()["feedback"]["replied"]
    chance = np.where(frame["rating"] <= 3, numbers["negative"], numbers["positive"])
    replied = (rng.random(len(frame)) < chance) & (frame["comment"] != "").to_numpy()
    pick = rng.random(len(frame))
    questions = frame["questions"].str.split(";").str[0]
    language = frame["language"].str[:2]
    out = []
    for is_replied, share, question, code, rating in zip(
        replied, pick, questions, language, frame["rating"], strict=True
    ):
        key = (question if rating <= 3 else "thanks", code)
        choices = stock.replies.get(key, []) if is_replied else []
        out.append(choices[int(share * len(choices))] if choices else "")
    return out
