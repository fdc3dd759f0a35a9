"""What sellers write into their own columns, brought to the few words that are counted."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files

import pandas as pd

STATUSES = ("new", "open", "waiting", "closed")
RESOLUTIONS = ("refund", "replacement", "partial refund", "apology", "gift", "none")
OUTCOMES = ("stays", "removed", "changed", "struck", "no answer")


def usual(texts: pd.Series, kind: str) -> pd.Series:
    """Return each cell's usual word; what is in no list stays as it is, and empty is missing.

    Parameters
    ----------
    texts : Series of str
        The seller's cells.
    kind : {"status", "resolution", "outcome"}
        Which column they are of.

    Returns
    -------
    Series of str
    """
    return texts.astype(object).map(lambda text: _usual(text, kind), na_action="ignore")


@cache
def _usual(text: str, kind: str) -> str | None:
    plain = text.strip().casefold()
    for word, beginnings in _table()[kind].items():
        if any(
            plain == start[:-1] if start.endswith("$") else plain.startswith(start)
            for start in beginnings
        ):
            return word
    return plain or None


@cache
def _table() -> dict[str, dict[str, list[str]]]:
    text = files("feedback_analysis.cases").joinpath("words.toml").read_text("utf-8")
    return tomllib.loads(text)
