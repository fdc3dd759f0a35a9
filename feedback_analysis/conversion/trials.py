"""Target trials: each week, families that just got a first review against those still without."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from feedback_analysis.conversion.fixed_effects import age_bins, fit_families
from feedback_analysis.conversion.poisson import Errors, Fit, fit_plain
from feedback_analysis.conversion.prepare import FAR, Rows

# Weeks that a trial looks ahead.
HORIZON = 6
FIRST_WEEK = 4
LEAST_AGE = 3
# Sessions' worth of average conversion that a family's own past is mixed with.
WEIGHT = 100.0


@dataclass(frozen=True, eq=False)
class Trials:
    """The stacked trials, one row a family and trial.

    Parameters
    ----------
    family, week : ndarray of int
        Which family, and the week the trial begins.
    treated : ndarray of bool
        Whether its first review is visible in that week.
    units, exposure : ndarray
        Order items and adjusted sessions of the weeks that follow.
    past : dict of ndarray
        What is adjusted for, all of it known before the trial.
    """

    family: np.ndarray
    week: np.ndarray
    treated: np.ndarray
    units: np.ndarray
    exposure: np.ndarray
    past: dict[str, np.ndarray]


@dataclass(frozen=True, eq=False)
class Grid:
    """The panel as arrays of families x weeks; weeks without a usable row hold zeros."""

    units: np.ndarray
    sessions: np.ndarray
    exposure: np.ndarray
    unreviewed: np.ndarray
    first_review: np.ndarray
    launch: np.ndarray
    conversion: float


def adjusted_grid(rows: Rows) -> Grid:
    """Spread the rows over families and weeks, sessions adjusted for price, offer, age and week.

    Parameters
    ----------
    rows : Rows
        All usable rows.

    Returns
    -------
    Grid
    """
    known = rows.only(~np.isnan(rows.reviews))
    first_stage = fit_families(known, {"reviewed": known.reviewed})
    shape = (len(rows.names), int(rows.week.max()) + 1)
    weeks = np.zeros(shape[1])
    weeks[: len(first_stage.weeks)] = first_stage.weeks
    shift = weeks[rows.week]
    # With ages, so that a young product's past is not taken for a poor product's.
    for name, values in {**rows.covariates(), **age_bins(rows.age)}.items():
        effect, error = first_stage[name]
        # What the data leave open shifts nothing: it may have run off towards infinity.
        shift = shift + (effect if np.isfinite(error) else 0.0) * values
    return _grid(rows, rows.sessions * np.exp(shift), shape)


def _grid(rows: Rows, exposure: np.ndarray, shape: tuple[int, int]) -> Grid:
    at = (rows.family, rows.week)
    filled = {}
    for name, values in (("units", rows.units), ("sessions", rows.sessions), ("e", exposure)):
        filled[name] = np.zeros(shape)
        filled[name][at] = values
    unreviewed = np.zeros(shape, dtype=bool)
    unreviewed[at] = rows.reviews == 0
    # The first week that is known not to be without reviews ends a family's time as a control.
    other = rows.first_weeks(rows.reviews != 0)
    launch = np.full(shape[0], FAR, dtype=float)
    np.minimum.at(launch, rows.family, rows.week - rows.age)
    conversion = float(rows.units.sum() / exposure.sum())
    return Grid(
        filled["units"], filled["sessions"], filled["e"], unreviewed, other, launch, conversion
    )


def stack(rows: Rows, grid: Grid) -> Trials:
    """Begin a trial in every week and stack them.

    Parameters
    ----------
    rows : Rows
        What the grid was made of.
    grid : Grid
        Of :func:`adjusted_grid`.

    Returns
    -------
    Trials
    """
    units, exposure, sessions = (
        np.hstack([np.zeros((len(table), 1)), np.cumsum(table, axis=1)])
        for table in (grid.units, grid.exposure, grid.sessions)
    )
    gets_review = np.zeros(grid.units.shape, dtype=bool)
    gets_review[rows.family, rows.week] = rows.reviews > 0
    parts = []
    last = grid.units.shape[1]
    for week in range(FIRST_WEEK, last - 1):
        live = (grid.sessions[:, week] > 0) & (grid.sessions[:, week - 1] > 0)
        live &= grid.unreviewed[:, week - 1] & (sessions[:, week] > 0)
        live &= (week - grid.launch >= LEAST_AGE) & (grid.first_review >= week)
        treated = live & gets_review[:, week]
        who = np.flatnonzero(treated | (live & grid.unreviewed[:, week]))
        if len(who) < 2:
            continue
        end = np.where(treated[who], last, np.minimum(grid.first_review[who], last))
        end = np.minimum(end, week + HORIZON)
        parts.append(_trial(who, week, treated[who], end, (units, exposure, sessions), grid))
    if not parts:
        nothing = np.zeros(0)
        return Trials(nothing.astype(int), nothing.astype(int), nothing.astype(bool), nothing,
                      nothing, {})  # fmt: skip
    joined = {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}
    kept = joined["exposure"] > 0
    joined = {name: values[kept] for name, values in joined.items()}
    main = ("family", "week", "treated", "units", "exposure")
    past = {name: values for name, values in joined.items() if name not in main}
    return Trials(*(joined[name] for name in main), past=_centred(past))


def _trial(
    who: np.ndarray,
    week: int,
    treated: np.ndarray,
    end: np.ndarray,
    sums: tuple[np.ndarray, np.ndarray, np.ndarray],
    grid: Grid,
) -> dict[str, np.ndarray]:
    units, exposure, sessions = sums
    usual = grid.conversion

    def rate(since: int) -> np.ndarray:
        sold = units[who, week] - units[who, since]
        seen = exposure[who, week] - exposure[who, since]
        return np.log((sold + WEIGHT * usual) / (seen + WEIGHT) / usual)

    launch = grid.launch[who]
    seen_weeks = np.maximum(1, week - np.maximum(launch, 0))
    return {
        "family": who,
        "week": np.full(len(who), week),
        "treated": treated,
        "units": units[who, end] - units[who, week],
        "exposure": exposure[who, end] - exposure[who, week],
        "past conversion": rate(0),
        "last four weeks": rate(max(0, week - 4)),
        "last week": rate(week - 1),
        "traffic": np.log1p(sessions[who, week] / seen_weeks),
        "past sessions": np.log(exposure[who, week] + WEIGHT),
        "age": np.log1p(week - launch),
    }


def _centred(past: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    centred = {name: values - values.mean() for name, values in past.items() if len(values)}
    if centred:
        centred["conversion x sessions"] = centred["past conversion"] * centred["past sessions"]
    return centred


def fit_trials(trials: Trials, *, families: int, errors: Errors = "CR1") -> Fit:
    """Fit what follows a first review against what follows none, given the same past.

    Parameters
    ----------
    trials : Trials
        Stacked trials with both kinds of families.
    families : int
        How many families the panel has.
    errors : {"CR1", "CR2", "CV3"}
        As for :func:`fit_within`.

    Returns
    -------
    Fit
        ``first review`` is the effect; clustered by family.
    """
    covariates = {"first review": trials.treated.astype(float), **trials.past}
    return fit_plain(
        trials.units,
        np.log(trials.exposure),
        covariates,
        trials.family,
        families=families,
        errors=errors,
    )
