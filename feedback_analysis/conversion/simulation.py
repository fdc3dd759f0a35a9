"""Catalogues with a known true effect: a seeded simulator to calibrate estimators on.

Better products convert better and gather more reviews, the sale that brings the first review lies
in the week before it, and promotions, advertising, shocks and age move sales as they do in a shop.
"""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files
from typing import Any

import numpy as np
import pandas as pd

from feedback_analysis.errors import ReportError, did_you_mean

FIRST_MONDAY = "2025-01-06"
CEILING = 0.9
# Conversion by number of reviews where the effect grows, as multiples of the stated effect.
DOSES = ((0, 0.0), (1, 0.5), (5, 0.8), (10, 1.2), (50, 1.4))


def simulate_catalogue(
    scenario: str = "sales",
    *,
    lift: float = 0.25,
    families: int | None = None,
    weeks: int | None = None,
    base_sessions: float | None = None,
    seed: int = 10000,
) -> pd.DataFrame:
    """Simulate a catalogue in which the true effect of reviews on conversion is known.

    Parameters
    ----------
    scenario : str, default="sales"
        ``exogenous`` (reviews come from visitors, not from sales), ``sales`` (from sales, seen a
        week later), ``correlated`` and ``persistent`` (conversion shocks that last for weeks or
        for months), ``ageing`` (conversion rises after launch), ``low volume``, ``lagged``
        (three weeks from sale to review), ``small`` (40 families), ``growing`` (the effect grows
        with the number of reviews and differs between products), ``raises sessions`` (reviews
        bring 35 % more sessions as well) or ``stock-outs`` (each week 3 % of the families lose
        the featured offer, for two weeks on average).
    lift : float, default=0.25
        True effect of having reviews on conversion: 0.25 means +25 %; 0 is no effect.
    families, weeks : int, optional
        Size of the catalogue; by default the scenario's own (200 families, 40 weeks).
    base_sessions : float, optional
        Sessions a week of the typical product, by default the scenario's own (80).
    seed : int, default=10000
        The same seed gives the same catalogue.

    Returns
    -------
    DataFrame
        One row a family and week with sessions, in the columns that :func:`review_effect` takes.
        ``.attrs`` holds the ``scenario``, the ``true_lift`` over all reviewed weeks of families
        seen both without and with reviews, the ``short_run_lift`` over their first six weeks with
        reviews, and ``switching`` (how many such families there are). ``expected_with``,
        ``expected_without`` and ``expected_first_review`` are the order items that the truth
        expects with the reviews there were, without any, and with a first one.

    Raises
    ------
    ReportError
        If there is no such scenario, or no catalogue of such a size.
    """
    rules = _scenarios()
    if scenario not in rules:
        raise ReportError(
            f"there is no scenario '{scenario}'",
            expected=", ".join(rules),
            remedy=did_you_mean(str(scenario), list(rules)) or "take one of these",
        )
    _check("lift", lift, -1, "a number above -1, such as 0.25 for +25 %")
    _check("families", families, 0, "a whole number of 1 or more", whole=True)
    _check("weeks", weeks, 1, "a whole number of 2 or more", whole=True)
    _check("base_sessions", base_sessions, 0, "a number above 0")
    rule = {**rules["sales"], **rules[scenario]}
    rule["families"] = families or rule["families"]
    rule["weeks"] = weeks or rule["weeks"]
    rule["base_sessions"] = base_sessions or rule["base_sessions"]
    rng = np.random.default_rng(seed)
    products = _products(rule, rng)
    history = _weeks(products, rule, float(np.log1p(lift)), rng)
    panel = _panel(products, history)
    panel.attrs = {"scenario": scenario, **_truth(panel)}
    return panel


def _check(name: str, value: Any, above: float, expected: str, *, whole: bool = False) -> None:
    """Refuse what no catalogue can be made of; None is the scenario's own."""
    if value is None and name != "lift":
        return
    kinds = (int, np.integer) if whole else (int, float, np.integer, np.floating)
    if isinstance(value, bool) or not isinstance(value, kinds) or not above < value < np.inf:
        raise ReportError(
            "no catalogue can be simulated from this",
            column=name,
            expected=expected,
            found=repr(value),
        )


@cache
def _scenarios() -> dict[str, dict[str, Any]]:
    text = files("feedback_analysis.conversion").joinpath("scenarios.toml").read_text("utf-8")
    return tomllib.loads(text)


def scenario_names() -> list[str]:
    """Return the names of all scenarios.

    Returns
    -------
    list of str
        In the order in which :func:`simulate_catalogue` describes them.
    """
    return list(_scenarios())


def _products(rule: dict[str, Any], rng: np.random.Generator) -> dict[str, np.ndarray]:
    """Draw what stays the same about each product."""
    count, weeks = rule["families"], rule["weeks"]
    quality = rng.standard_normal(count)
    log_sessions = np.log(rule["base_sessions"]) + 0.6 * quality + 0.9 * rng.standard_normal(count)
    log_conversion = np.log(0.035) + 0.30 * quality + 0.35 * rng.standard_normal(count)
    propensity = 0.03 * np.exp(0.3 * rng.standard_normal(count))
    log_price = np.log(20) + 0.6 * rng.standard_normal(count)
    multiplier = np.ones(count)
    if rule["growing"]:
        multiplier = np.exp(0.4 * rng.standard_normal(count) - 0.08)
        multiplier *= np.where(log_price > np.log(20), 1.3, 1.0)
    established = rng.random(count) < 0.3
    launch = rng.integers(0, max(1, int(0.6 * weeks)), count)
    before = rng.integers(10, 150, count)
    usual = np.exp(log_sessions + log_conversion) * propensity
    reviews = np.where(established, rng.poisson(usual * np.minimum(before, 150)), 0)
    rating = np.clip(4.1 + 0.35 * quality + 0.2 * rng.standard_normal(count), 1, 5)
    return {
        "log_sessions": log_sessions,
        "log_conversion": log_conversion,
        "propensity": propensity,
        "log_price": log_price,
        "multiplier": multiplier,
        "launch": np.where(established, -before, launch),
        "reviews": reviews,
        "rating": rating,
    }


def _weeks(
    products: dict[str, np.ndarray],
    rule: dict[str, Any],
    effect: float,
    rng: np.random.Generator,
) -> dict[str, np.ndarray]:
    """Let the weeks pass; return one array of families x weeks a measure."""
    count, weeks = rule["families"], rule["weeks"]
    names = ("sessions", "units", "reviews", "log_price", "offer", "with", "without", "first")
    history = {name: np.zeros((count, weeks)) for name in names}
    promotion, advertising, out = (np.zeros(count, dtype=bool) for _ in range(3))
    reviews = products["reviews"].astype(np.int64)
    shock = rule["shock_sd"] * rng.standard_normal(count)
    usual = np.exp(products["log_sessions"] + products["log_conversion"]) * products["propensity"]
    for week in range(weeks):
        promotion = _switch(promotion, 0.06, 0.5, rng)
        advertising = _switch(advertising, 0.05, 0.4, rng)
        out = _switch(out, rule["stock_out"], 0.5, rng)
        shared = rng.random(count) < 0.05
        offer = np.where(shared, rng.uniform(0.2, 0.8, count), 1.0)
        offer = np.where(out, rng.uniform(0.02, 0.08, count), offer)
        if week:
            fresh = np.sqrt(1 - rule["shock_rho"] ** 2) * rule["shock_sd"]
            shock = rule["shock_rho"] * shock + fresh * rng.standard_normal(count)
        age = week - products["launch"]
        live = age >= 0
        log_price = products["log_price"] - 0.2 * promotion
        visits = products["log_sessions"] + 0.25 * np.sin(2 * np.pi * (week - 10) / 52)
        visits = visits + 0.6 * advertising + 0.3 * promotion
        visits += np.log1p(rule["sessions_lift"]) * (reviews > 0)
        sessions = np.where(live, rng.poisson(np.exp(visits)), 0)
        plain = products["log_conversion"] + 0.15 * np.sin(2 * np.pi * week / 52)
        plain = plain - 1.5 * (log_price - products["log_price"]) - 0.15 * advertising
        plain += np.log(offer) + shock - rule["ageing"] * np.exp(-np.maximum(age, 0) / 5)
        size = effect * products["multiplier"]
        added = size * _dose(reviews, growing=rule["growing"])
        one = size * _dose(np.maximum(reviews, 1), growing=rule["growing"])
        without = sessions * np.minimum(np.exp(plain), CEILING)
        expected = sessions * np.minimum(np.exp(plain + added), CEILING)
        first = sessions * np.minimum(np.exp(plain + one), CEILING)
        units = np.minimum(rng.poisson(expected), sessions)
        values = (sessions, units, reviews, log_price, offer, expected, without, first)
        for name, value in zip(names, values, strict=True):
            history[name][:, week] = value
        if rule["exogenous"]:
            reviews = reviews + rng.poisson(np.where(live, usual, 0))
        elif week + 1 >= rule["lag"]:
            sold = history["units"][:, week + 1 - rule["lag"]].astype(np.int64)
            reviews = reviews + rng.binomial(sold, np.minimum(products["propensity"], 1))
    return history


def _switch(state: np.ndarray, start: float, stop: float, rng: np.random.Generator) -> np.ndarray:
    """Turn a two-way state on and off: a start beats a stop in the same week."""
    on, off = rng.random(len(state)) < start, rng.random(len(state)) < stop
    return on | (state & ~off)


def _dose(reviews: np.ndarray, *, growing: bool) -> np.ndarray:
    if not growing:
        return (reviews > 0).astype(float)
    least, share = zip(*DOSES, strict=True)
    return np.array(share)[np.searchsorted(least, reviews, side="right") - 1]


def _panel(products: dict[str, np.ndarray], history: dict[str, np.ndarray]) -> pd.DataFrame:
    count, weeks = history["sessions"].shape
    family, week = np.divmod(np.arange(count * weeks), weeks)
    flat = {name: values.ravel() for name, values in history.items()}
    panel = pd.DataFrame(
        {
            "family": [f"F{number + 1:05d}" for number in family],
            "week": pd.Timestamp(FIRST_MONDAY) + pd.to_timedelta(7 * week, unit="D"),
            "sessions": flat["sessions"].astype(np.int64),
            "units": flat["units"].astype(np.int64),
            "price": np.exp(flat["log_price"]).round(2),
            "featured_offer_share": flat["offer"],
            "review_count": flat["reviews"].astype(np.int64),
            "average_rating": np.where(flat["reviews"] > 0, products["rating"][family], np.nan),
            "age_weeks": week - products["launch"][family],
            "expected_with": flat["with"],
            "expected_without": flat["without"],
            "expected_first_review": flat["first"],
        }
    )
    return panel[panel["sessions"] > 0].reset_index(drop=True)


def _truth(panel: pd.DataFrame) -> dict[str, float | int]:
    """Return the effect that was put in, over the weeks it is asked about."""
    reviewed = panel["review_count"] > 0
    by_family = reviewed.groupby(panel["family"])
    switching = by_family.transform("any") & ~by_family.transform("all")
    first = panel["week"].where(reviewed).groupby(panel["family"]).transform("min")
    early = panel["week"] < first + pd.Timedelta(days=42)
    lifts = []
    for rows in (reviewed & switching, reviewed & switching & early):
        part = panel.loc[rows, ["expected_with", "expected_without"]].sum()
        lifts.append(
            float(part["expected_with"] / part["expected_without"] - 1) if rows.any() else np.nan
        )
    return {
        "true_lift": lifts[0],
        "short_run_lift": lifts[1],
        "switching": int(panel.loc[switching, "family"].nunique()),
    }
