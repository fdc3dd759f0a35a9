"""The package's own fixed-effects Poisson fit beside pyfixest: the same numbers, at what cost.

Run as ``python benchmarks/poisson_peers.py [--keep]``. Without pyfixest (``pip install pyfixest``,
no dependency of the package) only the own fit is timed. The jackknife of both is held against
refits that leave each family out.
"""

from __future__ import annotations

import argparse
import importlib.util
import time
import warnings
from pathlib import Path

import numpy as np
import pandas as pd

from feedback_analysis.conversion import simulate_catalogue
from feedback_analysis.conversion.fixed_effects import age_bins, dose_bins, fit_families
from feedback_analysis.conversion.poisson import Fit
from feedback_analysis.conversion.prepare import Rows, prepare

KEPT = Path(__file__).parent / "results" / "poisson_peers.csv"
# Families and weeks: a small shop, a usual one, and half a million rows.
SIZES = ((40, 40), (200, 40), (2000, 70), (9500, 70))
# Leaving each family out is one refit a family; the peer takes ten seconds for two hundred.
MOST_REFITS = 200
DOSE = "1-4"


def main() -> None:
    """Print the table and keep it under benchmarks/results."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--keep", action="store_true", help="write the table into results/")
    chosen = options.parse_args()
    table = pd.DataFrame([one_size(families, weeks) for families, weeks in SIZES])
    print(table.to_string(index=False))
    if chosen.keep:
        KEPT.parent.mkdir(exist_ok=True)
        table.to_csv(KEPT, index=False)


def one_size(families: int, weeks: int) -> dict[str, object]:
    """Fit one catalogue with both; seconds are those of the processor."""
    rows = prepare(simulate_catalogue("sales", families=families, weeks=weeks, seed=10003))
    began = time.process_time()
    own = fit_families(rows, dose_bins(rows.reviews))
    found: dict[str, object] = {
        "rows": len(rows.family),
        "families": families,
        "own_seconds": round(time.process_time() - began, 2),
    }
    few = families <= MOST_REFITS
    if few:
        jackknife = fit_families(rows, dose_bins(rows.reviews), errors="CV3")
        found["refitted_error"] = round(refitted_error(rows), 4)
        found["own_jackknife"] = round(jackknife[DOSE][1], 4)
    if importlib.util.find_spec("pyfixest") is None:
        print("pyfixest is not installed: only the own fit is timed")
        return found
    return found | peer(rows, own, jackknife=few)


def refitted_error(rows: Rows) -> float:
    """Return the jackknife error of the first dose by really leaving each family out."""
    whole = fit_families(rows, dose_bins(rows.reviews))
    moved = []
    for family in range(len(rows.names)):
        rest = rows.only(rows.family != family)
        moved.append(fit_families(rest, dose_bins(rest.reviews))[DOSE][0] - whole[DOSE][0])
    return float(np.sqrt((whole.families - 1) / whole.families * np.square(moved).sum()))


def peer(rows: Rows, own: Fit, *, jackknife: bool) -> dict[str, object]:
    """Fit the same model with pyfixest and hold it against the own fit."""
    import pyfixest

    covariates = {**dose_bins(rows.reviews), **rows.covariates(), **age_bins(rows.age)}
    known = [name for name in covariates if np.isfinite(own[name][1])]
    names = {name: f"x{i}" for i, name in enumerate(known)}
    frame = pd.DataFrame({names[name]: covariates[name] for name in known})
    frame = frame.assign(units=rows.units, seen=np.log(rows.sessions))
    frame = frame.assign(family=rows.family, week=rows.week)
    formula = f"units ~ {' + '.join(names.values())} | family + week"

    def fit(errors: str) -> tuple[object, float]:
        began = time.process_time()
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            made = pyfixest.fepois(
                formula, frame, vcov={errors: "family"}, offset="seen", iwls_tol=1e-10
            )
        return made, round(time.process_time() - began, 2)

    fit("CRV1")  # The first call compiles.
    theirs, seconds = fit("CRV1")
    apart = max(abs(theirs.coef()[names[name]] - own[name][0]) for name in known)
    found = {"peer_seconds": seconds, "largest_difference": f"{apart:.0e}"}
    found["errors_peer_to_own"] = round(theirs.se()[names[DOSE]] / own[DOSE][1], 4)
    if jackknife:
        try:
            theirs, seconds = fit("CRV3")
            found["peer_jackknife"] = round(theirs.se()[names[DOSE]], 4)
            found["peer_jackknife_seconds"] = seconds
        except ValueError as error:
            # Where leaving a family out leaves a range of doses empty, its refit breaks off.
            print(f"the peer's jackknife: {error}")
    return found


if __name__ == "__main__":
    main()
