"""Families against themselves: Poisson regressions with family and week effects and ages."""

from __future__ import annotations

import numpy as np

from feedback_analysis.conversion.poisson import Errors, Fit, fit_within
from feedback_analysis.conversion.prepare import Rows

# Weeks since launch; conversion often rises after it. Older products are the reference.
AGES = ((0, 2), (3, 6), (7, 12), (13, 25))
DOSES = ((1, 4), (5, 9), (10, 49), (50, None))


def age_bins(age: np.ndarray) -> dict[str, np.ndarray]:
    """Return one 0/1 covariate a range of ages."""
    return {f"age {low}-{high}": ((age >= low) & (age <= high)).astype(float) for low, high in AGES}


def dose_name(low: int, high: int | None) -> str:
    """Return the name of a range of review counts, such as 1-4 or 50+."""
    return f"{low}+" if high is None else f"{low}-{high}"


def dose_bins(reviews: np.ndarray) -> dict[str, np.ndarray]:
    """Return one 0/1 covariate a range of review counts above 0; every such count is in one.

    Counts may be means of several and not whole: 4.5 is more than 4.
    """
    return {
        dose_name(low, high): ((reviews > low - 1) & (reviews <= (high or np.inf))).astype(float)
        for low, high in DOSES
    }


def fit_families(
    rows: Rows,
    treatment: dict[str, np.ndarray],
    *,
    errors: Errors = "CR1",
) -> Fit:
    """Fit order items per session on a treatment, held against the family's other weeks.

    Parameters
    ----------
    rows : Rows
        Rows whose reviews are known.
    treatment : dict of ndarray
        Covariates whose effect is asked for.
    errors : {"CR1", "CR2", "CV3"}
        As for :func:`fit_within`.

    Returns
    -------
    Fit
    """
    covariates = {**treatment, **rows.covariates(), **age_bins(rows.age)}
    return fit_within(
        rows.units,
        np.log(rows.sessions),
        covariates,
        rows.family,
        rows.week,
        families=len(rows.names),
        errors=errors,
    )
