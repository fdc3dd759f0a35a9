"""How right the nowcast of late feedback is: past days of the sample against what came later."""

from __future__ import annotations

import argparse
from datetime import timedelta
from pathlib import Path

import numpy as np
import pandas as pd

import feedback_analysis as fa
from feedback_analysis.health import order_defect_rate, order_weeks

SAMPLE = Path(__file__).parent.parent / "data" / "sample"
FIRST = pd.Timestamp("2025-07-01")
AGES = ((0, 2), (3, 5), (6, 9), (10, 13))


def main() -> None:
    """Hide what came later at many past days, and count how often the intervals hold the truth."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--shop", default=SAMPLE)
    options.add_argument("--every", type=int, default=7, help="days between two cuts")
    options.add_argument("--shops", type=int, default=40, help="simulated shops")
    chosen = options.parse_args()
    shop = fa.read_folder(chosen.shop)
    whole = shop.last_day - timedelta(days=90)
    cuts = pd.date_range(FIRST, whole, freq=f"{chosen.every}D")
    print(
        f"{shop.settings.name}: {len(cuts)} cuts from {cuts[0].date()} to {cuts[-1].date()}; the "
        "truth is what was known 90 days later or more"
    )
    _header()
    for name in (None, "channel", "marketplace"):
        _show(f"weeks, by {name or 'all'}", _weeks(shop.feedback, shop.orders, cuts, by=name))
    _show("60 days, by channel", _spans(shop.feedback, shop.orders, cuts))
    for weekly, swing in ((20, 0.0), (20, 0.5), (2, 0.3), (200, 0.3)):
        parts = []
        for seed in range(chosen.shops):
            feedback, orders = simulated(weekly, swing, seed=seed)
            parts.append(_weeks(feedback, orders, [pd.Timestamp("2026-06-28")], by=None))
        _show(f"simulated, {weekly} a week, swing {swing:.0%}", pd.concat(parts))


def simulated(weekly: float, swing: float, *, seed: int) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Make a shop of 78 weeks whose weekly defect rate swings around 2 %.

    Parameters
    ----------
    weekly : float
        Negatives a week on average.
    swing : float
        Spread of the weeks' rates as a share of their mean.
    seed : int
        Seed.

    Returns
    -------
    tuple of DataFrame
        Feedback and orders.
    """
    generator = np.random.default_rng(seed)
    days = np.arange(np.datetime64("2025-01-06"), np.datetime64("2026-09-27"))
    placed = generator.poisson(weekly / 0.02 / 7, size=len(days))
    bought = np.repeat(days, placed)
    weeks = (np.arange(len(days)) // 7).repeat(placed)
    rates = np.full(weeks.max() + 1, 0.02)
    if swing:
        rates *= generator.gamma(1 / swing**2, swing**2, size=len(rates))
    bad = generator.random(len(bought)) < rates[weeks]
    delay = np.clip(generator.lognormal(np.log(17), 0.55, size=bad.sum()).astype(int), 3, 90)
    orders = pd.DataFrame({"order_key": np.arange(len(bought)), "purchase_date": bought})
    orders["marketplace"], orders["channel"] = "US", "seller"
    feedback = pd.DataFrame({"date": bought[bad] + delay, "marketplace": "US", "rating": 1})
    feedback["order_key"] = np.flatnonzero(bad)
    return feedback, orders


def _weeks(feedback, orders, cuts, *, by) -> pd.DataFrame:
    end = max(feedback["date"].max(), orders["purchase_date"].max()).date()
    later = order_weeks(feedback, orders, as_of=end, weeks=200, by=by).table
    keys = ["week"] if by is None else ["week", by]
    parts = []
    for cut in cuts:
        table = order_weeks(feedback, orders, as_of=cut.date(), weeks=14, by=by).table
        table = table[~table["mature"] & (table["start"] + pd.Timedelta(days=6) <= cut)]
        joined = table.merge(later[[*keys, "negatives"]], on=keys, suffixes=("", "_later"))
        parts.append(joined.assign(age=(cut - joined["start"]).dt.days // 7))
    return pd.concat(parts)


def _spans(feedback, orders, cuts) -> pd.DataFrame:
    parts = []
    for cut in cuts:
        then = order_defect_rate(feedback, orders, as_of=cut.date()).table
        known = (cut + pd.Timedelta(days=90)).date()
        # What the orders of the same 60 days came to, counted when all was in.
        truth = order_defect_rate(feedback, orders, as_of=known, days=150).table
        newer = order_defect_rate(feedback, orders, as_of=known, days=90).table
        final = truth["defects"] - newer["defects"]
        parts.append(
            pd.DataFrame(
                {
                    "negatives": then["defects"],
                    "expected": then["expected"],
                    "low": then["expected_low"],
                    "high": then["expected_high"],
                    "negatives_later": final,
                    "age": 0,
                }
            )
        )
    return pd.concat(parts)


def _header() -> None:
    print(
        f"{'':<34}{'weeks old':>10}{'cases':>7}{'so far':>8}{'expected':>9}{'came to':>8}"
        f"{'width':>7}{'in 95 %':>9}"
    )


def _show(name: str, found: pd.DataFrame) -> None:
    held = found["negatives_later"].between(found["low"], found["high"])
    found = found.assign(held=held, width=found["high"] - found["low"])
    spans = AGES if found["age"].nunique() > 1 else ((0, 0),)
    for low, high in [*spans, (0, 99)] if len(spans) > 1 else spans:
        part = found[found["age"].between(low, high)]
        if part.empty:
            continue
        age = "all" if (low, high) == (0, 99) else f"{low}-{high}"
        means = part[["negatives", "expected", "negatives_later", "width"]].astype(float).mean()
        print(
            f"{name:<34}{age:>10}{len(part):7}{means['negatives']:8.2f}{means['expected']:9.2f}"
            f"{means['negatives_later']:8.2f}{means['width']:7.2f}{part['held'].mean():9.1%}"
        )


if __name__ == "__main__":
    main()
