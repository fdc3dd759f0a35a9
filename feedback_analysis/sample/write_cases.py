"""The seller's own working list: most of the 1-3 star feedback, and what was done about it."""

from __future__ import annotations

import numpy as np
import pandas as pd

from .block import Block
from .model import MARKETS, ONE_DAY, generator, model
from .orders import choose
from .output import Output, quoted

COLUMNS = (
    "order_id", "opened", "owner", "status", "resolution", "cost", "currency",
    "asked_about_removal", "closed", "outcome",
)  # fmt: skip
# What each kind of complaint was usually settled with, and what buyers then did, as shares.
RESOLUTIONS = ("refund", "replacement", "partial refund", "apology", "none")
BY_QUESTION = {
    "packaging": (0.30, 0.50, 0.10, 0.08, 0.02),
    "as_described": (0.45, 0.25, 0.15, 0.12, 0.03),
    "shipping_speed": (0.25, 0.10, 0.15, 0.45, 0.05),
    "cancel_return": (0.60, 0.02, 0.18, 0.17, 0.03),
    "": (0.10, 0.03, 0.12, 0.60, 0.15),
}
OUTCOMES = ("stays", "removed by buyer", "struck by Amazon", "no answer from buyer")
BY_RESOLUTION = {
    "refund": (0.42, 0.22, 0.02, 0.34),
    "replacement": (0.36, 0.28, 0.02, 0.34),
    "partial refund": (0.55, 0.12, 0.02, 0.31),
    "apology": (0.52, 0.07, 0.05, 0.36),
    "none": (0.75, 0.02, 0.08, 0.15),
}


def write_cases(out: Output, block: Block) -> None:
    """Append a block's cases to ``cases.csv``, oldest first."""
    rng = generator(block.seed, block.number, "cases")
    numbers = model()["cases"]
    feedback, end = block.feedback, block.span.end
    days = feedback["day"].to_numpy().astype("datetime64[D]")
    worked = (feedback["rating"] <= 3) & (days <= end - numbers["older_than"] * ONE_DAY)
    worked &= rng.random(len(feedback)) < numbers["opened"]
    chosen = feedback[worked].sort_values(["day", "order"]).reset_index(drop=True)
    frame = _settle(chosen, block, rng)
    out.append("cases.csv", quoted(frame[list(COLUMNS)].to_numpy()), header=quoted([COLUMNS]))


def _settle(chosen: pd.DataFrame, block: Block, rng: np.random.Generator) -> pd.DataFrame:
    count = len(chosen)
    end = block.span.end
    opened = chosen["day"].to_numpy().astype("datetime64[D]") + rng.geometric(0.45, count)
    closed = opened + np.minimum(1 + rng.gamma(1.5, 5.0, count), 60).astype(int)
    still_open = (closed > end) | (rng.random(count) < 0.03)
    question = chosen["questions"].str.split(";").str[0].to_numpy()
    resolution = np.empty(count, dtype=object)
    outcome = np.empty(count, dtype=object)
    for name in np.unique(question):
        rows = np.flatnonzero(question == name)
        weights = BY_QUESTION.get(name, BY_QUESTION[""])
        resolution[rows] = np.array(RESOLUTIONS, object)[choose(weights, len(rows), rng)]
    for name in RESOLUTIONS:
        rows = np.flatnonzero(resolution == name)
        picked = choose(BY_RESOLUTION[name], len(rows), rng)
        outcome[rows] = np.array(OUTCOMES, object)[picked]
    paid = block.items.drop_duplicates("order").set_index("order")["price"]
    price = paid.reindex(chosen["order"]).to_numpy()
    part = np.select(
        [resolution == "refund", resolution == "replacement", resolution == "partial refund"],
        [1.0, 0.62, 0.3],
        0.0,
    )
    owners = model()["cases"]["owners"]
    owner = np.array(owners, object)[choose([5, 3, 3, 2, 2], count, rng)]
    status = np.where(still_open, np.where(rng.random(count) < 0.5, "open", "waiting"), "closed")
    currency = np.array([model()["markets"][code]["currency"] for code in MARKETS], object)
    settled = ~still_open
    return pd.DataFrame(
        {
            "order_id": chosen["order_id"],
            "opened": opened.astype(str),
            "owner": owner,
            "status": status,
            "resolution": np.where(settled, resolution, ""),
            "cost": np.where(settled, [f"{value:.2f}" for value in price * part], ""),
            "currency": currency[chosen["market"].to_numpy()],
            # Some asked although nothing may be offered for it: later checks should find these.
            "asked_about_removal": np.where(rng.random(count) < 0.16, "yes", "no"),
            "closed": np.where(settled, closed.astype(str), ""),
            "outcome": np.where(settled, outcome, ""),
        }
    )
