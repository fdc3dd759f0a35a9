"""The seller's own log of requests for feedback, with one order in eight held out by chance."""

from __future__ import annotations

import numpy as np

from .block import Block
from .model import ONE_DAY, day, generator, model
from .orders import order_ids
from .output import Output, quoted

COLUMNS = ("order_id", "asked", "how", "held_out")


def write_asks(out: Output, block: Block) -> None:
    """Append a block's requests to ``asks.csv``, oldest first."""
    rng = generator(block.seed, block.number, "asks")
    numbers = model()["asks"]
    orders = block.orders
    count = len(orders)
    wait = numbers["first"] + rng.integers(0, numbers["spread"], count)
    draw = rng.random(count)
    promised = orders["promise_day"].to_numpy().astype("datetime64[D]")
    asked = promised + wait
    # Feedback is drawn before this: by whom it was left decides here how the order was treated,
    # with the odds that a true effect of asking of this size gives.
    happy = np.zeros(count, dtype=bool)
    feedback = block.feedback
    happy[feedback.loc[feedback["rating"] >= 4, "order"].to_numpy()] = True
    weights = np.array([numbers["asked"], numbers["held_out"]])
    weights = np.append(weights, 1 - weights.sum())
    raised = weights * np.array([numbers["lift"], 1.0, 1.0])
    shares = np.where(happy[:, None], raised / raised.sum(), weights)
    group = (draw[:, None] > np.cumsum(shares, axis=1)).sum(axis=1)
    shipped = (orders["status"] == "Shipped").to_numpy()
    inside = (
        shipped
        & (asked >= day(numbers["start"]))
        & (asked <= block.span.end - numbers["gap"] * ONE_DAY)
    )
    rows = np.flatnonzero(inside & (group < 2))
    rows = rows[np.lexsort((rows, asked[rows]))]
    ids = order_ids(block.number, rows)
    text = [
        (number, "" if held else str(when), "" if held else "Request a Review", "yes" * bool(held))
        for number, when, held in zip(ids, asked[rows], group[rows] == 1, strict=True)
    ]
    out.append("asks.csv", quoted(text), header=quoted([COLUMNS]))
