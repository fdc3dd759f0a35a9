"""The Poisson fits against statsmodels, and their covariances against the definitions."""

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm

from feedback_analysis.conversion import simulate_catalogue
from feedback_analysis.conversion.fixed_effects import age_bins, dose_bins, fit_families
from feedback_analysis.conversion.poisson import fit_plain, fit_within
from feedback_analysis.conversion.prepare import prepare

ROWS = prepare(simulate_catalogue("sales", families=40, weeks=40, seed=5))
SOLD = np.bincount(ROWS.family, ROWS.units)[ROWS.family] > 0
COVARIATES = {"reviewed": ROWS.reviewed, **ROWS.covariates()}


def dummies(codes):
    return pd.get_dummies(codes, drop_first=True).to_numpy(float)


def by_statsmodels(covariates):
    """Fit the same model with a dummy a family and week."""
    matrix = np.column_stack(
        [*covariates.values(), dummies(ROWS.family), dummies(ROWS.week), np.ones(len(ROWS.week))]
    )[SOLD]
    model = sm.GLM(
        ROWS.units[SOLD], matrix, family=sm.families.Poisson(), offset=np.log(ROWS.sessions[SOLD])
    )
    return matrix, model.fit(tol=1e-12, maxiter=100)


@pytest.mark.parametrize("treatment", ["any review", "doses and ages"])
def test_coefficients_equal_those_of_statsmodels(treatment):
    if treatment == "any review":
        covariates = {"reviewed": ROWS.reviewed}
        ours = fit_within(
            ROWS.units, np.log(ROWS.sessions), {**covariates, **ROWS.covariates()}, ROWS.family,
            ROWS.week, families=len(ROWS.names),
        )  # fmt: skip
    else:
        covariates = dose_bins(ROWS.reviews)
        ours = fit_families(ROWS, covariates)
        covariates = {**covariates, **ROWS.covariates(), **age_bins(ROWS.age)}
    if treatment == "any review":
        covariates = {**covariates, **ROWS.covariates()}
    known = np.isfinite(np.diag(ours.covariance))
    assert known.sum() >= 3
    assert ours.names == tuple(covariates)
    # A column that nothing tells of leaves statsmodels going round until it gives up.
    told = [values for values, is_known in zip(covariates.values(), known, strict=True) if is_known]
    _, theirs = by_statsmodels(dict(enumerate(told)))
    assert theirs.converged
    assert ours.coefficients[known] == pytest.approx(theirs.params[: len(told)], abs=2e-5)


@pytest.mark.parametrize("errors", ["CR1", "CR2", "CV3"])
def test_covariances_are_what_their_definitions_say(errors):
    matrix, theirs = by_statsmodels(COVARIATES)
    mean, units, family = theirs.mu, ROWS.units[SOLD], ROWS.family[SOLD]
    whole = matrix.T @ (mean[:, None] * matrix)
    moved = []
    for code in np.unique(family):
        part = matrix[family == code]
        score = part.T @ (units - mean)[family == code]
        own = part.T @ (mean[family == code, None] * part)
        if errors == "CR1":
            moved.append(np.linalg.solve(whole, score))
        elif errors == "CV3":
            moved.append(np.linalg.pinv(whole - own) @ score)
        else:
            root = np.linalg.cholesky(whole)
            inverse = np.linalg.inv(root)
            values, vectors = np.linalg.eigh(np.eye(len(whole)) - inverse @ own @ inverse.T)
            # A family's own dummy has leverage 1 and a score of 0.
            power = np.where(values > 1e-6, np.maximum(values, 1e-6) ** -0.5, 0)
            moved.append(inverse.T @ (vectors * power) @ vectors.T @ inverse @ score)
    moved, count = np.array(moved)[:, : len(COVARIATES)], len(np.unique(family))
    factor = {"CR1": count / (count - 1), "CR2": 1.0, "CV3": (count - 1) / count}[errors]
    ours = fit_within(
        ROWS.units, np.log(ROWS.sessions), COVARIATES, ROWS.family, ROWS.week,
        families=len(ROWS.names), errors=errors,
    )  # fmt: skip
    assert ours.covariance == pytest.approx(factor * moved.T @ moved, rel=1e-4, abs=1e-9)


def test_leaving_a_family_out_moves_the_coefficients_as_its_influence_says():
    whole = fit_families(ROWS, {"reviewed": ROWS.reviewed}, errors="CV3")
    most = int(np.abs(whole.influence[:, 0]).argmax())
    rest = ROWS.only(ROWS.family != most)
    without = fit_families(rest, {"reviewed": rest.reviewed})
    moved = whole["reviewed"][0] - without["reviewed"][0]
    assert moved == pytest.approx(whole.influence[most, 0], rel=0.25)


def test_the_plain_fit_equals_statsmodels_clustered():
    matrix = np.column_stack([ROWS.reviewed, ROWS.price, np.ones(len(ROWS.week))])
    model = sm.GLM(ROWS.units, matrix, family=sm.families.Poisson(), offset=np.log(ROWS.sessions))
    theirs = model.fit(
        cov_type="cluster", cov_kwds={"groups": ROWS.family, "use_correction": False}, tol=1e-12
    )
    ours = fit_plain(
        ROWS.units, np.log(ROWS.sessions), {"a": ROWS.reviewed, "b": ROWS.price}, ROWS.family,
        families=len(ROWS.names),
    )  # fmt: skip
    assert ours.coefficients == pytest.approx(theirs.params, abs=1e-6)
    count = len(np.unique(ROWS.family))
    assert ours.covariance == pytest.approx(theirs.cov_params() * count / (count - 1), rel=1e-5)


def test_the_order_of_rows_changes_nothing():
    order = np.random.default_rng(1).permutation(len(ROWS.family))
    one = fit_families(ROWS, {"reviewed": ROWS.reviewed}, errors="CR2")
    mixed = ROWS.only(order)
    other = fit_families(mixed, {"reviewed": mixed.reviewed}, errors="CR2")
    assert other.coefficients == pytest.approx(one.coefficients, abs=1e-8)
    assert other.covariance == pytest.approx(one.covariance, rel=1e-6, abs=1e-12)


def test_what_the_data_leave_open_has_no_finite_error():
    sold_out = ROWS.reviews >= 10
    units = np.where(sold_out, 0.0, ROWS.units)
    many = {"few": dose_bins(ROWS.reviews)["1-4"], "many": sold_out.astype(float)}
    twice = {**many, "again": many["few"]}
    fit = fit_within(
        units, np.log(ROWS.sessions), twice, ROWS.family, ROWS.week, families=len(ROWS.names)
    )
    assert np.isfinite(fit["few"][1])
    assert np.isinf(fit["many"][1])
    assert np.isinf(fit["again"][1])
