"""How honest the review effect is: coverage, false claims and power on catalogues of known truth.

Run as ``python benchmarks/conversion.py``; 200 catalogues take about a minute of one processor a
scenario and lift. ``--scenario`` and ``--lift`` run some of them; with ``--keep`` the rows found
replace only the same rows of the kept table. ``--part other`` does the same on a second simulator
with other rules, ``errors`` with other standard errors on 40 families; ``doses``, ``priorities``
and ``speed`` run the other studies.
"""

from __future__ import annotations

import argparse
import resource
import time
from pathlib import Path

import numpy as np
import pandas as pd

from feedback_analysis.conversion import (
    estimates,
    review_effect,
    review_priorities,
    scenario_names,
    simulate_catalogue,
)
from feedback_analysis.health.intervals import share_interval

try:  # The tests import this file from outside its folder.
    from _other_catalogue import KINDS, other_catalogue
except ModuleNotFoundError:
    from benchmarks._other_catalogue import KINDS, other_catalogue

RESULTS = Path(__file__).parent / "results"
FIRST_SEED = 10000
LIFTS = (0.0, 0.25)
PROGRESS = ("scenario", "lift", "covered", "strong", "claimed", "families_bias", "trials_bias")
PARTS = {
    "effect": "conversion.csv",
    "other": "conversion_other.csv",
    "errors": "conversion_errors.csv",
    "doses": "conversion_doses.csv",
    "priorities": "conversion_priorities.csv",
    "speed": "",
}


def main() -> None:
    """Run a study, print its table and keep it under benchmarks/results."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--catalogues", type=int, default=200, help="catalogues a scenario")
    options.add_argument("--scenario", nargs="*", default=scenario_names())
    options.add_argument("--lift", nargs="*", type=float, default=LIFTS, help="true lifts")
    options.add_argument("--part", default="effect", choices=list(PARTS))
    options.add_argument("--keep", action="store_true", help="write the table into results/")
    chosen = options.parse_args()
    began = time.process_time()
    if chosen.part == "speed":
        speed()
        return
    kept = RESULTS / PARTS[chosen.part] if chosen.keep else None
    table = {
        "effect": lambda: effects(chosen.scenario, chosen.lift, chosen.catalogues, kept),
        "other": lambda: others(chosen.scenario, chosen.lift, chosen.catalogues),
        "errors": lambda: by_errors(chosen.lift, chosen.catalogues),
        "doses": lambda: doses(chosen.catalogues),
        "priorities": lambda: priorities(chosen.catalogues),
    }[chosen.part]()
    print(table.to_string(index=False))
    if kept is not None:
        keep(table, kept)
    print(f"{time.process_time() - began:.0f} s of processor")


def keep(table: pd.DataFrame, path: Path) -> None:
    """Write a table; rows of the same scenario and lift replace the old ones, others stay."""
    path.parent.mkdir(exist_ok=True)
    if {"scenario", "lift"} <= set(table.columns) and path.exists():
        table = pd.concat([pd.read_csv(path), table], ignore_index=True)
        table = table.drop_duplicates(["scenario", "lift"], keep="last")
        place = {name: i for i, name in enumerate([*scenario_names(), *KINDS])}
        table = table.sort_values(
            ["lift", "scenario"], key=lambda c: c.map(place) if c.name == "scenario" else c
        )
    table.to_csv(path, index=False)


def effects(
    scenarios: list[str], lifts: list[float], catalogues: int, kept: Path | None = None
) -> pd.DataFrame:
    """Return coverage, claims and bias, one row a true lift and scenario."""
    rows = []
    for lift in lifts:
        for scenario in scenarios:
            runs = pd.DataFrame(
                [one_run(scenario, lift, FIRST_SEED + i) for i in range(catalogues)]
            )
            rows.append({"scenario": scenario, "lift": lift, **summary(runs)})
            print({key: rows[-1][key] for key in PROGRESS}, flush=True)
            if kept is not None:
                # A long run that is broken off leaves what it found.
                keep(pd.DataFrame(rows[-1:]), kept)
    return pd.DataFrame(rows)


def one_run(scenario: str, lift: float, seed: int) -> dict[str, object]:
    """Estimate on one catalogue and hold the result against its truth."""
    panel = simulate_catalogue(scenario, lift=lift, seed=seed)
    # The headline names the first six weeks with reviews; elsewhere all truths are the same.
    return held_against(panel, panel.attrs["short_run_lift"])


def held_against(panel: pd.DataFrame, truth: float) -> dict[str, object]:
    """Estimate on a panel and hold the result against its truth."""
    effect = review_effect(panel)
    low, high = effect.interval
    shown = effect.table.set_index("estimator")
    run: dict[str, object] = {
        "switching": effect.switching,
        "grade": effect.grade,
        "error": np.log1p(effect.lift) - np.log1p(truth),
        "covered": low <= truth <= high,
        "known": np.isfinite(low),
        "width": np.log1p(high) - np.log1p(low),
        "smallest": effect.smallest_lift,
        "warns": bool(effect.warnings),
    }
    for name, label in zip(shown.index, ("families", "trials", "envelope", "naive"), strict=False):
        one = shown.loc[name]
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
        "switching": round(float(runs["switching"].mean()), 1),
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


def others(kinds: list[str], lifts: list[float], catalogues: int) -> pd.DataFrame:
    """Return the same on catalogues that the package's own simulator did not make."""
    rows = []
    for lift in lifts:
        for kind in [kind for kind in KINDS if kind in kinds] or KINDS:
            runs = pd.DataFrame(
                [
                    held_against(other_catalogue(kind, lift=lift, seed=i), lift)
                    for i in range(catalogues)
                ]
            )
            rows.append({"scenario": kind, "lift": lift, **summary(runs)})
            print({key: rows[-1][key] for key in PROGRESS}, flush=True)
    return pd.DataFrame(rows)


def by_errors(lifts: list[float], catalogues: int) -> pd.DataFrame:
    """Return what other standard errors would do where families are few."""
    rows, usual = [], estimates.error_kind
    for lift in lifts:
        for kind in ("CR1", "CR2", "CV3"):
            estimates.error_kind = lambda _, kind=kind: kind
            runs = [one_run("small", lift, FIRST_SEED + i) for i in range(catalogues)]
            rows.append({"errors": kind, "lift": lift, **summary(pd.DataFrame(runs))})
    estimates.error_kind = usual
    return pd.DataFrame(rows)


def doses(catalogues: int) -> pd.DataFrame:
    """Return bias and coverage of the lift by number of reviews, where the effect grows."""
    found = []
    for i in range(catalogues):
        panel = simulate_catalogue("growing", families=500, weeks=52, seed=FIRST_SEED + i)
        effect = review_effect(panel)
        truth = dose_truth(panel)
        for row in effect.doses.to_dict("records"):
            true = truth[row["reviews"]]
            found.append(
                {
                    "reviews": row["reviews"],
                    "true": np.log1p(true),
                    "log_bias": np.log1p(row["lift"]) - np.log1p(true),
                    "naive_bias": np.log1p(row["naive"]) - np.log1p(true),
                    "covered": row["low"] <= true <= row["high"],
                }
            )
    table = []
    for name, part in pd.DataFrame(found).groupby("reviews", sort=False):
        low, high = share_interval(int(part["covered"].sum()), len(part))
        means = part[["true", "log_bias", "naive_bias", "covered"]].mean().round(3).to_dict()
        table.append(
            {"reviews": name, "catalogues": len(part), **means,
             "covered_low": round(low, 3), "covered_high": round(high, 3)}
        )  # fmt: skip
    return pd.DataFrame(table)


def dose_truth(panel: pd.DataFrame) -> dict[str, float]:
    """Return the true lift by range of reviews, over families seen without and with them."""
    reviewed = panel["review_count"] > 0
    by_family = reviewed.groupby(panel["family"])
    rows = panel[by_family.transform("any") & ~by_family.transform("all")]
    ranges = pd.cut(
        rows["review_count"], [0, 4, 9, 49, np.inf], labels=["1-4", "5-9", "10-49", "50+"]
    )
    sums = rows.groupby(ranges, observed=False)[["expected_with", "expected_without"]].sum()
    return (sums["expected_with"] / sums["expected_without"] - 1).to_dict()


def priorities(catalogues: int) -> pd.DataFrame:
    """Return what the ten products listed first capture of the best possible gain."""
    table = []
    for scenario in ("sales", "growing"):
        runs = [one_list(scenario, FIRST_SEED + i) for i in range(catalogues)]
        runs = pd.DataFrame([run for run in runs if run is not None])
        error = runs["predicted"] - runs["true"] * runs["predicted"].sum() / runs["true"].sum()
        table.append(
            {
                "scenario": scenario,
                "lists": len(runs),
                "products": round(runs["products"].mean(), 1),
                "captured": round(runs["captured"].mean(), 3),
                "captured_by_traffic": round(runs["captured_by_traffic"].mean(), 3),
                "captured_error": round(runs["captured"].std() / np.sqrt(len(runs)), 3),
                "predicted_to_true": round(runs["predicted"].sum() / runs["true"].sum(), 3),
                "predicted_to_true_error": round(
                    error.std() * np.sqrt(len(runs)) / runs["true"].sum(), 3
                ),
                "total_covered": round(runs["total_covered"].mean(), 3),
                "product_covered_95": round(runs["covered_95"].mean(), 3),
                "product_covered_80": round(runs["covered_80"].mean(), 3),
            }
        )
    return pd.DataFrame(table)


def one_list(scenario: str, seed: int) -> dict[str, float] | None:
    """Make one list and hold it against the gains that the simulator put in."""
    panel = simulate_catalogue(scenario, families=500, weeks=52, base_sessions=20, seed=seed)
    made = review_priorities(panel, review_effect(panel))
    if not made.ranked:
        return None
    last = panel[panel["week"] > panel["week"].max() - pd.Timedelta(days=56)]
    gain = (last["expected_first_review"] - last["expected_without"]).groupby(last["family"]).sum()
    table = made.table
    true = gain.reindex(table["family"]).to_numpy()
    best = np.sort(true)[::-1][:10].sum()
    by_traffic = true[np.argsort(-table["sessions_a_week"].to_numpy(), kind="stable")[:10]].sum()
    return {
        "products": len(table),
        "captured": true[:10].sum() / best,
        "captured_by_traffic": by_traffic / best,
        "predicted": made.total[0],
        "true": true.sum(),
        "total_covered": made.total[1] <= true.sum() <= made.total[2],
        "covered_95": np.mean((table["low_95"] <= true) & (true <= table["high_95"])),
        "covered_80": np.mean((table["low_80"] <= true) & (true <= table["high_80"])),
    }


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
