"""Seed comments, written for this package and labelled by cause: what the labeller learns from."""

from __future__ import annotations

from functools import cache
from importlib.resources import files

import pandas as pd


@cache
def seeds() -> pd.DataFrame:
    """Return the seed comments.

    Returns
    -------
    DataFrame
        language, comment, causes (ids joined by ;), praise (question ids that it praises).
    """
    found = []
    for path in sorted(files(__package__).iterdir(), key=lambda each: each.name):
        if path.name.endswith(".csv"):
            with path.open(encoding="utf-8") as file:
                found.append(pd.read_csv(file, dtype=str, keep_default_na=False))
    return pd.concat(found, ignore_index=True)
