"""How often the 95 % intervals of a mix shift hold the truth, by size of the shop."""

from __future__ import annotations

import argparse

import numpy as np
import pandas as pd

from feedback_analysis.health import decompose

# Name, weights before and now, shares before and now.
SHOPS = (
    (
        "three parts, both moved",
        ((0.6, 0.3, 0.1), (0.5, 0.3, 0.2)),
        ((0.97, 0.93, 0.88), (0.95, 0.93, 0.85)),
    ),
    (
        "three parts, nothing moved",
        ((0.6, 0.3, 0.1), (0.6, 0.3, 0.1)),
        ((0.97, 0.93, 0.88), (0.97, 0.93, 0.88)),
    ),
    (
        "two parts, mix moved only",
        ((0.7, 0.3), (0.4, 0.6)),
        ((0.98, 0.85), (0.98, 0.85)),
    ),
)
SIZES = (150, 500, 2000)


def main() -> None:
    """Draw pairs of periods and count how often each interval holds what was put in."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--repeats", type=int, default=400)
    options.add_argument("--seed", type=int, default=2026)
    chosen = options.parse_args()
    spread = 100 * (0.95 * 0.05 / chosen.repeats) ** 0.5
    print(f"of {chosen.repeats} pairs of periods, % whose interval holds the truth; 95 is meant,")
    print(f"give or take {spread:.1f} (one standard error of this count)")
    print(f"{'shop':<28}{'feedbacks':>10}{'mix':>8}{'rate':>8}{'difference':>12}")
    for number, (name, weights, shares) in enumerate(SHOPS):
        for size in SIZES:
            random = np.random.default_rng([chosen.seed, number, size])
            held = _held(np.array(weights), np.array(shares), size, chosen.repeats, random)
            figures = "".join(f"{100 * share:8.1f}" for share in held)
            print(f"{name:<28}{size:>10,}{figures[:16]}{figures[16:]:>12}")


def _held(
    weights: np.ndarray, shares: np.ndarray, size: int, repeats: int, random: np.random.Generator
) -> np.ndarray:
    mix = float(((weights[1] - weights[0]) * shares.sum(axis=0) / 2).sum())
    rate = float(((shares[1] - shares[0]) * weights.sum(axis=0) / 2).sum())
    truth = np.array([mix, rate, mix + rate])
    held = np.zeros(3)
    for _ in range(repeats):
        periods = []
        for weight, share in zip(weights, shares, strict=True):
            n = random.multinomial(size, weight)
            parts = [f"part {number}" for number in range(len(n))]
            periods.append(
                pd.DataFrame({"part": parts, "n": n, "count": random.binomial(n, share)})
            )
        totals = decompose(*periods).totals
        held += (totals["low"].to_numpy() <= truth) & (truth <= totals["high"].to_numpy())
    return held / repeats


if __name__ == "__main__":
    main()
