"""How honest the review effect is: coverage, false claims and power on catalogues of known truth.

Run as ``python benchmarks/conversion.py``; 200 catalogues a scenario take about half an hour of one
processor. ``--part doses``, ``priorities`` and ``speed`` run the other studies.
"""

from __future__ import annotations

import argparse
import resource
import time
from pathlib import Path

import numpy as np
import pandas as pd

from feedback_analysis.conversion import review_effect, scenario_names, simulate_catalogue
from feedback_analysis.health.intervals import share_interval

RESULTS = Path(__file__).parent / "results"
FIRST_SEED = 10000
LIFTS = (0.0, 0.25)


def main() -> None:
    """Run a study, print its table and keep it under benchmarks/results."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--catalogues", type=int, default=200, help="catalogues a scenario")
    options.add_argument("--scenario", nargs="*", default=scenario_names())
    options.add_argument("--part", default="effect", choices=["effect", "speed"])
    options.add_argument("--keep", action="store_true", help="write the table into results/")
    chosen = options.parse_args()
    began = time.process_time()
    if chosen.part == "speed":
        speed()
        return
    table = effects(chosen.scenario, chosen.catalogues)
    name = "conversion.csv"
    print(table.to_string(index=False))
    if chosen.keep:
        RESULTS.mkdir(exist_ok=True)
        table.to_csv(RESULTS / name, index=False)
    print(f"{time.process_time() - began:.0f} s of processor")


def effects(scenarios: list[str], catalogues: int) -> pd.DataFrame:
    """Return coverage, claims and bias, one row a scenario and true lift."""
    rows = []
    for scenario in scenarios:
        for lift in LIFTS:
            runs = pd.DataFrame(
                [one_run(scenario, lift, FIRST_SEED + i) for i in range(catalogues)]
            )
            rows.append({"scenario": scenario, "lift": lift, **summary(runs)})
            print(rows[-1], flush=True)
    return pd.DataFrame(rows)


def one_run(scenario: str, lift: float, seed: int) -> dict[str, object]:
    """Estimate on one catalogue and hold the result against its truth."""
    panel = simulate_catalogue(scenario, lift=lift, seed=seed)
    effect = review_effect(panel)
    # The headline names the first six weeks with reviews; elsewhere all truths are the same.
    truth = panel.attrs["short_run_lift"]
    low, high = effect.interval
    estimates = effect.table.set_index("estimator")
    run = {
        "switching": effect.switching,
        "grade": effect.grade,
        "error": np.log1p(effect.lift) - np.log1p(truth),
        "covered": low <= truth <= high,
        "known": np.isfinite(low),
        "width": np.log1p(high) - np.log1p(low),
        "smallest": effect.smallest_lift,
        "warns": bool(effect.warnings),
    }
    for name, label in zip(estimates.index, ("families", "trials", "envelope", "naive"), strict=False):
        one = estimates.loc[name]
        run[f"{label} covered"] = one["low"] <= truth <= one["high"]
        run[f"{label} error"] = np.log1p(one["lift"]) - np.log1p(truth)
    return run


def summary(runs: pd.DataFrame) -> dict[str, object]:
    """Return means over catalogues, with Monte Carlo intervals where a goal stands on them."""
    known = runs[runs["known"]]
    graded = runs[runs["grade"] != "unreliable"]
    strong = graded["grade"].eq("strong")
    claimed = strong | graded["grade"].eq("suggestive")
    made: dict[str, object] = {
        "catalogues": len(runs),
        "unreliable": int((runs["grade"] == "unreliable").sum()),
        "switching": round(runs["switching"].mean(), 1),
    }
    for name, hits in (("covered", known["covered"]), ("strong", strong), ("claimed", claimed)):
        low, high = share_interval(int(hits.sum()), len(hits))
        made |= {
            name: round(hits.mean(), 3),
            f"{name}_low": round(low, 3),
            f"{name}_high": round(high, 3),
        }
    made |= {
        "log_bias": round(known["error"].mean(), 3),
        "log_error": round(float(np.sqrt((known["error"] ** 2).mean())), 3),
        "log_width": round(known["width"].mean(), 3),
        "smallest_lift_seen": round(known["smallest"].median(), 2),
        "warned": round(known["warns"].mean(), 3),
    }
    for label in ("families", "trials", "naive"):
        made[f"{label}_bias"] = round(known[f"{label} error"].mean(), 3)
        made[f"{label}_covered"] = round(known[f"{label} covered"].mean(), 3)
    return made


def speed() -> None:
    """Fit half a million rows and say what it takes."""
    panel = simulate_catalogue("sales", families=9500, weeks=70)
    began = time.process_time()
    effect = review_effect(panel)
    used = time.process_time() - began
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
    print(f"{len(panel):,} rows: {used:.1f} s of processor, {memory:.2f} GB at most; {effect.text}")


if __name__ == "__main__":
    main()
