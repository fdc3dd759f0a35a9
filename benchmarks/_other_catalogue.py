"""Catalogues from rules unlike the package's own simulator, to try the estimators on.

Sessions vary more than chance alone (negative binomial), with a holiday peak; conversion is
logistic with Gamma noise and slow drifts; prices move in steps and products answer to them
differently; families are out of stock for weeks without any session; a review follows its sale
after a random delay, and some products start with a handful of reviews that no sale brought.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd


@dataclass(frozen=True)
class Rule:
    """What a kind of catalogue is like."""

    families: int = 160
    weeks: int = 48
    sessions: float = 70.0
    evenness: float = 4.0  # of sessions: the size of the negative binomial
    noise: float = 0.2  # of conversion from week to week
    drift: float = 0.02  # of conversion a week, lasting for about a year
    delay: float = 2.5  # weeks from a sale to its review, geometric
    ages_known: bool = True


KINDS = {
    "usual": Rule(),
    "42 families": Rule(families=42),
    "ages unknown": Rule(ages_known=False),
    "strong drifts": Rule(drift=0.06),
    "12 sessions a week": Rule(sessions=12.0),
    "much noise": Rule(noise=0.5, evenness=1.5),
    "long delays": Rule(delay=6.0),
}


def other_catalogue(kind: str, *, lift: float, seed: int) -> pd.DataFrame:
    """Return a panel whose true lift of having reviews is known.

    Parameters
    ----------
    kind : str
        One of ``KINDS``.
    lift : float
        0.25 is +25 %.
    seed : int
        The same seed gives the same catalogue.
    """
    rule, rng = KINDS[kind], np.random.default_rng([77, seed])
    made = _products(rule, rng)
    reviews, coming = made["reviews"], np.zeros((rule.families, rule.weeks + 60))
    state = {name: np.zeros(rule.families) for name in ("drift", "out")}
    state["price"] = made["price"].copy()
    rows = []
    for week in range(rule.weeks):
        reviews = reviews + coming[:, week]
        sessions, chance, offer = _demand(rule, made, state, week, rng)
        chance = np.minimum(chance * np.where(reviews > 0, 1 + lift, 1), 0.8)
        units = rng.binomial(sessions, chance)
        unknown = made["old"] | (not rule.ages_known)
        frame = pd.DataFrame(
            {
                "family": [f"X{number:04d}" for number in range(rule.families)],
                "week": pd.Timestamp("2025-03-03") + pd.Timedelta(days=7 * week),
                "sessions": sessions,
                "units": units,
                "price": np.exp(state["price"]),
                "featured_offer_share": offer,
                "review_count": reviews,
                "age_weeks": np.where(unknown, np.nan, week - made["start"]),
            }
        )
        rows.append(frame[sessions > 0])
        written = rng.binomial(units, made["writes"])
        for family in np.flatnonzero(written):
            after = np.minimum(rng.geometric(1 / rule.delay, written[family]), 40)
            np.add.at(coming[family], week + after, 1)
        for family in np.flatnonzero(made["given"] & (week == made["start"] + 2)):
            coming[family, week + 1] += rng.integers(1, 6)
    return pd.concat(rows, ignore_index=True)


def _products(rule: Rule, rng: np.random.Generator) -> dict[str, np.ndarray]:
    """Draw what stays the same about each product."""
    count = rule.families
    quality = rng.normal(size=count)
    usual = rule.sessions * np.exp(0.5 * quality + 0.7 * rng.standard_t(6, count))
    old = rng.random(count) < 0.35
    before = rng.negative_binomial(0.8, 0.8 / 15.8, count)
    return {
        "sessions": np.clip(usual, 3, 3000),
        "conversion": 1 / (1 + np.exp(3.1 - 0.35 * quality - 0.3 * rng.normal(size=count))),
        "writes": np.minimum(rng.beta(2, 50, count) * np.exp(0.2 * quality), 1),
        "answer": 1.2 + 0.4 * rng.normal(size=count),
        "price": np.log(15) + 0.7 * rng.normal(size=count),
        "old": old,
        "start": np.where(old, 0, rng.integers(0, int(0.7 * rule.weeks), count)),
        "reviews": np.where(old, before, 0).astype(float),
        "given": ~old & (rng.random(count) < 0.1),
    }


def _demand(
    rule: Rule,
    made: dict[str, np.ndarray],
    state: dict[str, np.ndarray],
    week: int,
    rng: np.random.Generator,
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return a week's sessions, chance of a sale without reviews, and featured-offer share."""
    count = rule.families
    fresh = made["price"] + 0.15 * rng.normal(size=count)
    state["price"] = np.where(rng.random(count) < 0.04, fresh, state["price"])
    state["drift"] = 0.98 * state["drift"] + rule.drift * rng.normal(size=count)
    falls = np.where(rng.random(count) < 0.02, rng.integers(1, 4, count), 0)
    state["out"] = np.where(state["out"] > 0, state["out"] - 1, falls)
    live = (week >= made["start"]) & (state["out"] == 0)
    advertised = rng.random(count) < 0.08
    holiday = np.exp(0.5 * np.exp(-0.5 * ((week - 38) / 2) ** 2))
    mean = made["sessions"] * holiday * (1 + 0.2 * np.cos(2 * np.pi * week / 26))
    mean = mean * np.where(advertised, 1.7, 1.0)
    size = rule.evenness
    sessions = np.where(live, rng.negative_binomial(size, size / (size + mean)), 0)
    offer = np.clip(rng.beta(20, 1, count), 0.25, 1)
    apart = made["answer"] * (state["price"] - made["price"])
    chance = made["conversion"] * np.exp(state["drift"] - apart - 0.1 * advertised)
    chance *= offer * (1 + 0.1 * np.sin(2 * np.pi * week / 52))
    chance *= rng.gamma(1 / rule.noise**2, rule.noise**2, count)
    return sessions, np.minimum(chance, 0.5), offer
