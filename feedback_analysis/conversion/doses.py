"""Lift by number of reviews within families, and what happens to sessions."""

from __future__ import annotations

import numpy as np
import pandas as pd

from feedback_analysis.conversion.fixed_effects import age_bins, dose_bins
from feedback_analysis.conversion.poisson import Fit, fit_within
from feedback_analysis.conversion.prepare import Rows

# From here on a family was seldom seen without reviews: the comparison is not its own any more.
ASSOCIATION = "50+"
# How far these effects lean low where reviews come from sales (log scale; benchmarks/results/
# conversion_doses.csv has 0.01 to 0.03 up to 49 reviews). The upper end allows for it.
LEAN = 0.03


def dose_table(rows: Rows, fit: Fit) -> pd.DataFrame:
    """Return the lift by range of review counts.

    Parameters
    ----------
    rows : Rows
        The panel's usable rows.
    fit : Fit
        Of :func:`fit_families` on the dose ranges.

    Returns
    -------
    DataFrame
        reviews, lift, low, high (allowing for a known lean), families (seen in that range), naive
        (pooled, misleading) and estimand: ``dose effect within product`` up to 49 reviews, beyond
        it ``association``.
    """
    from scipy.special import stdtrit

    reach = float(stdtrit(max(1, int(rows.switching.sum()) - 1), 0.975))
    without = rows.reviews == 0
    base = rows.units[without].sum() / max(1.0, rows.sessions[without].sum())
    table = []
    for name, bin in dose_bins(rows.reviews).items():
        inside = bin > 0
        effect, error = fit[name]
        if not np.isfinite(error) or not inside.any():
            effect = error = np.nan
        naive = np.nan
        if inside.any() and base > 0:
            naive = rows.units[inside].sum() / rows.sessions[inside].sum() / base - 1
        table.append(
            {
                "reviews": name,
                "lift": np.expm1(effect),
                "low": np.expm1(effect - reach * error),
                "high": np.expm1(effect + reach * error + LEAN),
                "families": len(np.unique(rows.family[inside])),
                "naive": naive,
                "estimand": "association" if name == ASSOCIATION else "dose effect within product",
            }
        )
    return pd.DataFrame(table)


def sessions_effect(rows: Rows) -> tuple[float, float, float]:
    """Return the change of sessions with reviews within families: lift, low, high.

    Parameters
    ----------
    rows : Rows
        The panel's usable rows.

    Returns
    -------
    tuple of float
        Called a change, not an effect: advertising raises sessions and brings first sales alike.
    """
    known = rows.only(~np.isnan(rows.reviews))
    covariates = {"reviewed": known.reviewed, **age_bins(known.age)}
    if known.price is not None:
        covariates["price"] = known.price
    fit = fit_within(
        known.sessions,
        np.zeros(len(known.sessions)),
        covariates,
        known.family,
        known.week,
        families=len(known.names),
    )
    effect, error = fit["reviewed"]
    if not np.isfinite(error):
        return (float("nan"),) * 3
    return tuple(np.expm1([effect, effect - 1.96 * error, effect + 1.96 * error]).tolist())
