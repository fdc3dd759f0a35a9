"""Feedback Manager's totals, typed in by hand: a small CSV or ``[[totals]]`` in shop.toml."""

from __future__ import annotations

import re
from collections.abc import Sequence

import pandas as pd

from feedback_analysis import tables
from feedback_analysis.amazon.batch import Batch
from feedback_analysis.marketplaces import find_code
from feedback_analysis.settings import WINDOWS, Totals
from feedback_analysis.tables import TEXT


def _window(text: str) -> str | None:
    plain = re.sub(r"\s+", " ", text.strip().casefold())
    days = re.fullmatch(r"(\d+)(?: ?d(?:ays?)?)?", plain)
    name = f"{days[1]} days" if days else plain
    return name if name in WINDOWS else None


def tidy(batch: Batch) -> pd.DataFrame:
    """Turn typed-in totals into the columns of ``feedback_totals``."""
    stated = batch.facts.market
    batch.read_days("as_of", market=stated)
    windows = batch.frame["window"].astype(object)
    known = {text: _window(text) for text in windows.unique()}
    markets = batch.texts("marketplace").astype(object)
    codes = {text: find_code(text) for text in markets.dropna().unique()}
    batch.frame = batch.frame.assign(
        known=windows.map(known),
        code=markets.map(codes).where(markets.notna(), stated).astype(TEXT),
        named=markets.notna(),
    )
    batch.reject(
        batch.frame["known"].isna(),
        f"column '{batch.header('window')}': not one of {', '.join(WINDOWS)}",
    )
    batch.reject(
        batch.frame["named"] & batch.frame["code"].isna(),
        f"column '{batch.header('marketplace')}': not a marketplace",
    )
    counts = ["positive", "neutral", "negative"]
    batch.reject(batch.frame[counts].isna().any(axis=1), "a count is missing")
    # Of a window typed in twice the later line counts: it was added to correct the earlier.
    twice = batch.frame.duplicated(["day", "known", "code"], keep="last")
    batch.reject(twice, "the same window again, in a later line")
    frame = batch.frame
    return pd.DataFrame(
        {
            "as_of": frame["day"],
            "window": frame["known"],
            "marketplace": frame["code"],
            "received": frame[counts].sum(axis=1),
            **{name: frame[name] for name in counts},
        }
    )


def typed_totals(totals: Sequence[Totals], shops: Sequence[str]) -> pd.DataFrame:
    """Return the totals that shop.toml states, as ``feedback_totals``."""
    sole = shops[0] if len(shops) == 1 else None
    rows = [
        {
            "as_of": pd.Timestamp(entry.as_of),
            "window": entry.window,
            "marketplace": entry.marketplace or sole,
            "received": entry.positive + entry.neutral + entry.negative,
            "positive": entry.positive,
            "neutral": entry.neutral,
            "negative": entry.negative,
        }
        for entry in totals
    ]
    return tables.finish("feedback_totals", pd.DataFrame(rows))
