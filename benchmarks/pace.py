"""How often the day on which a target is reached, at the present pace, lies in its interval."""

from __future__ import annotations

import argparse
from datetime import date

import numpy as np
import pandas as pd

from feedback_analysis.health.margin import exact
from feedback_analysis.health.pace import HOLD, HORIZON, Pace, futures, when_reached
from feedback_analysis.health.rolloff import kept

TODAY = date(2026, 10, 31)
BEFORE, LENGTH, PACE = 365, 365, 90
# Feedbacks a week, positive share until 90 days ago and since then.
SHOPS = ((5, 0.90, 0.98), (20, 0.92, 0.97), (50, 0.90, 0.97), (200, 0.93, 0.965))


def main() -> None:
    """Go on with simulated shops and compare the day with what was said of it."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--shops", type=int, default=400)
    options.add_argument("--seed", type=int, default=1)
    chosen = options.parse_args()
    print(
        f"{chosen.shops} shops a line, 95 % positive over {LENGTH} days; the share improved "
        f"{PACE} days ago and stays as it is. Beyond two years counts as a day of its own."
    )
    print(
        f"{'a week':>6} {'before':>7} {'now':>6} {'80 % holds':>12} {'95 % holds':>12} "
        f"{'reached':>8}"
    )
    for weekly, before, now in SHOPS:
        rng = np.random.default_rng([chosen.seed, weekly])
        held = np.array([_one(rng, weekly, before, now, shop) for shop in range(chosen.shops)])
        print(
            f"{weekly:>6} {before:>7.0%} {now:>6.1%} {_percent(held[:, 0])} {_percent(held[:, 1])} "
            f"{100 * held[:, 2].mean():>6.0f} %"
        )


def _one(rng, weekly: float, before: float, now: float, shop: int) -> tuple[bool, bool, bool]:
    """Tell whether both intervals hold the day that came, and whether it came in two years."""
    steps = HORIZON + HOLD
    share = np.r_[np.full(BEFORE - PACE, before), np.full(PACE + steps, now)]
    positive = rng.poisson(weekly / 7 * share)
    other = rng.poisson(weekly / 7 * (1 - share))
    days = pd.DataFrame(
        {"positive": positive[:BEFORE], "neutral": 0, "negative": other[:BEFORE]},
        index=pd.date_range(end=pd.Timestamp(TODAY), periods=BEFORE),
    )
    lately = Pace(int(positive[BEFORE - PACE : BEFORE].sum()),
                  int(other[BEFORE - PACE : BEFORE].sum()), PACE)  # fmt: skip
    said = when_reached(
        futures(lately, seed=shop), kept(days, TODAY, LENGTH), LENGTH, exact(0.95), TODAY
    )
    true = _true_day(positive, other)
    ends = [_day(said[name]) for name in
            ("reached_80_low", "reached_80_high", "reached_95_low", "reached_95_high")]  # fmt: skip
    return ends[0] <= true <= ends[1], ends[2] <= true <= ends[3], true <= HORIZON


def _true_day(positive: np.ndarray, other: np.ndarray) -> float:
    good, all_ = (np.cumsum(np.r_[0, part]) for part in (positive, positive + other))
    ahead = np.arange(BEFORE, BEFORE + HORIZON + HOLD + 1)
    inside = (good[ahead] - good[ahead - LENGTH]) * 20 >= 19 * (all_[ahead] - all_[ahead - LENGTH])
    for day in range(1, HORIZON + 1):
        if inside[day : day + HOLD].all():
            return float(day)
    return float(HORIZON + 1)


def _day(day: object) -> float:
    return float(HORIZON + 1) if pd.isna(day) else float((day - pd.Timestamp(TODAY)).days)


def _percent(held: np.ndarray) -> str:
    mean = held.mean()
    return f"{100 * mean:>5.1f} +- {100 * np.sqrt(mean * (1 - mean) / len(held)):.1f} "


if __name__ == "__main__":
    main()
