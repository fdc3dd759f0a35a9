"""Feedback to explore that can be counted by hand."""

import numpy as np
import pandas as pd

from feedback_analysis.causes.taxonomy import own_taxonomy

OF = own_taxonomy().question_of
WORDS = (
    "late and the box torn",
    "LATE again",
    'it\'s "fine" [sic] rows[0]',
    "näher, 遅い",
    "",
    "ok",
)
CAUSES = ((), ("late_delivery",), ("poor_packing", "late_delivery"), ("unclear",), ("expired",))


def rows(given):
    """Return rows of (day, marketplace, rating, comment, causes, source), oldest first."""
    names = ["date", "marketplace", "rating", "comment", "causes", "source"]
    table = pd.DataFrame(given, columns=names).assign(channel="seller", asin="A1", sku="S1")
    table["date"] = pd.to_datetime(table["date"])
    table["questions"] = pd.Series(
        [tuple(dict.fromkeys(OF[each] for each in ids)) for ids in table["causes"]], dtype=object
    )
    table["confidence"] = [0.9 if ids else np.nan for ids in table["causes"]]
    table["language"] = "en"
    table["order_key"] = [f"k{n}" for n in range(len(table))]
    texts = ["marketplace", "comment", "source", "channel", "asin", "sku", "language"]
    return table.astype(dict.fromkeys(texts, "str"))


def many(n=400, *, seed=7):
    """Return rows drawn at random over fourteen months."""
    draw = np.random.default_rng(seed)
    days = np.sort(draw.integers(0, 420, n))
    rating = draw.integers(1, 6, n)
    market = draw.choice(["US", "UK", "DE"], n)
    causes = [CAUSES[draw.integers(len(CAUSES))] if stars <= 3 else () for stars in rating]
    table = rows(
        [
            (pd.Timestamp("2025-09-01") + pd.Timedelta(days=int(day)), place, int(stars),
             WORDS[draw.integers(len(WORDS))], ids,
             "1-3 stars only" if place == "UK" else "all ratings")
            for day, place, stars, ids in zip(days, market, rating, causes, strict=True)
        ]
    )  # fmt: skip
    table = table[table["source"].eq("all ratings") | table["rating"].le(3)].reset_index(drop=True)
    draw_more = {
        "channel": ["seller", "amazon"],
        "asin": ["A1", "A2", "A3"],
        "language": ["en", "de"],
    }
    for name, values in draw_more.items():
        table[name] = pd.Series(draw.choice(values, len(table)), dtype="str")
    return table
