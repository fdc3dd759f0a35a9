"""Effects that others have published, randomised and not, to hold an estimate against."""

from __future__ import annotations

from functools import cache
from importlib.resources import files

import pandas as pd


@cache
def _read() -> pd.DataFrame:
    with files("feedback_analysis.conversion").joinpath("published.csv").open("rb") as file:
        return pd.read_csv(file)


def published_effects() -> pd.DataFrame:
    """Return published effects of reviews and ratings.

    Returns
    -------
    DataFrame
        study, design, randomised (or as good as: a rule of rounding, one seller under two names),
        about (what was raised), low and high (as shares; equal for a single number, missing where
        the study names none) and finding.
    """
    return _read().copy()
