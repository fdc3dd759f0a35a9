"""Weeks of made-up shops: constant in quality, as busy as real ones, with causes of complaints."""

from __future__ import annotations

import numpy as np
import pandas as pd

# Shares of the kinds of complaint in negative feedback; the order is that of Amazon's questions,
# then other and no stated cause. Close to the sample shop's.
KINDS = (0.24, 0.14, 0.06, 0.07, 0.09, 0.05, 0.20, 0.05, 0.10)
STATED = 8


def days_of_kinds(mean: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Draw negatives by week, day and kind for a mean number each week."""
    rate = np.repeat(mean, 7)[:, None] / 7 * np.array(KINDS)[None, :]
    return rng.poisson(rate)


def plus_half(weekly: np.ndarray) -> np.ndarray:
    """Alarm in weeks with over 50 % more negatives than the week before, if that had any."""
    before = np.concatenate([[0], weekly[:-1]])
    return (before > 0) & (weekly > 1.5 * before)


def three_of_a_kind(daily: np.ndarray) -> np.ndarray:
    """Alarm in weeks in which 7 days running come to hold 3 or more of one stated kind."""
    stated = daily[:, :STATED]
    total = np.cumsum(np.vstack([np.zeros((7, STATED)), stated]), axis=0)
    there = total[7:] - total[:-7] >= 3
    fresh = there & ~np.vstack([np.zeros((1, STATED), dtype=bool), there[:-1]])
    return fresh.any(axis=1).reshape(-1, 7).any(axis=1)


def quiet_weeks(
    rng: np.random.Generator, *, feedbacks: float, missed: float, weeks: int = 104
) -> pd.DataFrame:
    """Draw a shop whose volume grows and has a season while its quality stays the same.

    ``missed`` is the share of feedback that is not positive; four fifths of it are negative. One
    order in eight brings feedback.
    """
    grow = np.exp(rng.uniform(-0.4, 0.9) * np.arange(weeks) / weeks)
    season = 1 + 0.3 * np.sin(2 * np.pi * (np.arange(weeks) / 52 + rng.uniform()))
    orders = rng.poisson(8 * feedbacks * grow * season)
    n = rng.binomial(orders, 1 / 8)
    lacking = rng.binomial(n, missed)
    start = pd.date_range("2024-11-04", periods=weeks, freq="7D").astype("datetime64[us]")
    return pd.DataFrame(
        {
            "week": [f"{day:%G-W%V}" for day in start],
            "start": start,
            "n": n.astype(float),
            "positive": (n - lacking).astype(float),
            "share_known": True,
            "negative": rng.binomial(lacking, 0.8).astype(float),
            "negative_known": True,
            "orders": orders.astype(float),
        }
    )
