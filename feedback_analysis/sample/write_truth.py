"""What is really behind the sample shop: outside ``amazon/``, so that no reader ever sees it."""

from __future__ import annotations

import numpy as np
import pandas as pd

from .block import Block
from .model import EVENTS, MARKETS, ONE_DAY, model
from .output import Output, quoted


def write_events(out: Output) -> None:
    """Write the events that are built in."""
    rows = []
    for name in EVENTS:
        entry = model()["events"][name]
        size = next(
            entry[key]
            for key in ("damaged", "late", "unanswered", "not_as_described")
            if key in entry
        )
        rows.append(
            (name, entry["start"], entry["end"], _markets(entry), entry.get("carrier", ""),
             entry.get("family", ""), entry["what"], size)
        )  # fmt: skip
    lift = model()["demand"]["first_review_lift"]
    what = "true effect of having any review at the start of the week on conversion"
    rows.append(("first_review", "", "", "US;UK;DE", "", "", what, lift))
    header = ("event", "start", "end", "marketplaces", "carrier", "family", "what", "size")
    out.append("truth/events.csv", quoted(rows), header=quoted([header]))


def _markets(entry: dict) -> str:
    carrier = entry.get("carrier")
    codes = [
        code
        for code in MARKETS
        if carrier is None or carrier in model()["markets"][code]["carriers"]
    ]
    return ";".join(codes)


def write_effect(out: Output, block: Block) -> None:
    """Append a row a family: when it was launched, when first reviewed, and its kind."""
    demand, span = block.demand, block.span
    families = block.catalogue.families
    first = np.where((demand.reviews > 0).any(axis=1), (demand.reviews > 0).argmax(axis=1), -1)
    rows = []
    for family, week in zip(families.itertuples(), first.tolist(), strict=True):
        kind = "established" if family.established else "switcher" if week > 0 else "never"
        launch = span.monday + max(0, int(family.launch)) * 7 * ONE_DAY
        monday = str(span.monday + week * 7 * ONE_DAY) if kind == "switcher" else ""
        rows.append((family.family, family.parent_asin, kind, launch, monday))
    header = ("family", "parent_asin", "kind", "launch_week", "first_review_week")
    out.append("truth/effect.csv", quoted(rows), header=quoted([header]))


def write_comments(out: Output, rows: pd.DataFrame) -> None:
    """Append the true questions of every row of 1 to 3 stars, as file and row number."""
    columns = [
        "file", "row", "date", "marketplace", "rating", "language", "questions", "product",
        "channel", "event", "stars_only", "gone",
    ]  # fmt: skip
    frame = rows.assign(
        date=rows["day"].astype(str).str[:10],
        marketplace=np.array(MARKETS, object)[rows["market"].to_numpy()],
        product=rows["category"],
        channel=np.where(rows["seller"], "seller", "amazon"),
        stars_only=np.where(rows["comment"] == "", "yes", "no"),
        gone=np.where(rows["gone"], "yes", "no"),
    )
    out.append(
        "truth/comments.csv",
        quoted(frame[columns].to_numpy()),
        header=quoted([columns]),
    )
