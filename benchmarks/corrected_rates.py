"""How often corrected intervals hold the true rate, and those of the labels as found do.

Shops whose true rate is known are drawn, with a labeller whose mistakes are known and a measurement
of it on 416 comments. Written to results/corrected_rates.csv.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd

from feedback_analysis.service.corrected import Count, Measured, corrected
from feedback_analysis.shares import share_interval

# Share of comments that complain, found of those, said of the others, comments, feedbacks.
SHOPS = (
    (0.20, 0.80, 0.05, 120, 700),
    (0.03, 0.80, 0.03, 120, 700),
    (0.30, 0.70, 0.10, 400, 2_000),
    (0.01, 0.80, 0.02, 100, 500),
    (0.05, 0.80, 0.01, 2_000, 10_000),
    (0.15, 0.78, 0.04, 60, 400),
    (0.40, 0.85, 0.06, 30, 100),
)
DRAWN = 150
HAVE, OTHERS = 50, 366
RESULTS = Path(__file__).with_name("results") / "corrected_rates.csv"


def main() -> None:
    """Print and write the coverage."""
    random = np.random.default_rng(0)
    rows = []
    for share, recall, wrong, comments, feedbacks in SHOPS:
        held = as_found = 0
        for _ in range(DRAWN):
            right, spare = random.binomial(HAVE, recall), random.binomial(OTHERS, wrong)
            measured = Measured(
                (right + 0.5, HAVE - right + 0.5), (spare + 0.5, OTHERS - spare + 0.5)
            )
            words = random.binomial(feedbacks, comments / feedbacks)
            true = random.binomial(words, share)
            labels = random.binomial(true, recall) + random.binomial(words - true, wrong)
            truth = share * comments / feedbacks
            low, high = corrected([Count(labels, words, feedbacks)], measured).interval()
            held += low <= truth <= high
            low, high = share_interval(labels, feedbacks)
            as_found += low <= truth <= high
        rows.append(
            {
                "complain": share, "recall": recall, "wrong": wrong, "comments": comments,
                "feedbacks": feedbacks, "corrected_holds": held / DRAWN,
                "as_found_holds": as_found / DRAWN,
            }
        )  # fmt: skip
    table = pd.DataFrame(rows).round(3)
    print(table.to_string(index=False))
    table.to_csv(RESULTS, index=False, lineterminator="\n")


if __name__ == "__main__":
    main()
