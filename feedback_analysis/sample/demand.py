"""Sessions, order items and reviews a family and week: what every file of the shop is made from."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .catalogue import Catalogue
from .model import generator, model


@dataclass(frozen=True, eq=False)
class Demand:
    """What happened to each family in each week; every array is families x weeks.

    Attributes
    ----------
    sessions, items : ndarray of int
        Visits, and order items (never more than visits).
    reviews : ndarray of int
        Reviews at the start of the week; ``gained`` are those that come during it.
    gained : ndarray of int
        Reviews written during the week.
    log_price : ndarray of float
        Log of the price relative to the regular price.
    featured : ndarray of float
        Share of page views in which the shop's offer was the featured one (0-1).
    """

    sessions: np.ndarray
    items: np.ndarray
    reviews: np.ndarray
    gained: np.ndarray
    log_price: np.ndarray
    featured: np.ndarray


def simulate_demand(catalogue: Catalogue, *, seed: int, block: int, weeks: int) -> Demand:
    """Simulate a block's families week by week.

    Quality moves traffic, conversion and reviews alike, and reviews come from sales: the naive
    comparison of reviewed with unreviewed products misleads here as it does in a real shop.

    Parameters
    ----------
    catalogue : Catalogue
        The block's products.
    seed, block : int
        Which draw.
    weeks : int
        Number of weeks.

    Returns
    -------
    Demand
    """
    numbers = model()["demand"]
    promotion, ads = numbers["promotion"], numbers["advertising"]
    lag = numbers["review_lag_weeks"]
    effect = np.log1p(numbers["first_review_lift"])
    rng = generator(seed, block, "demand")
    families = catalogue.families
    count = len(families)
    log_sessions = families["log_sessions"].to_numpy()
    log_conversion = families["log_conversion"].to_numpy()
    propensity = families["propensity"].to_numpy().clip(0, 1)
    launch = families["launch"].to_numpy()

    shape = (count, weeks)
    sessions, items = np.zeros(shape, np.int64), np.zeros(shape, np.int64)
    reviews, gained = np.zeros(shape, np.int64), np.zeros(shape, np.int64)
    log_price, featured = np.zeros(shape), np.ones(shape)
    have = families["first_reviews"].to_numpy().astype(np.int64)
    promoted = np.zeros(count, dtype=bool)
    advertised = np.zeros(count, dtype=bool)
    for week in range(weeks):
        promoted = _switch(promoted, promotion["start"], promotion["stop"], rng)
        advertised = _switch(advertised, ads["start"], ads["stop"], rng)
        shared = numbers["featured_offer"]
        offer = np.where(
            rng.random(count) < shared["shared"],
            rng.uniform(shared["low"], shared["high"], count).round(4),
            1.0,
        )
        season = np.cos(2 * np.pi * (week - numbers["season_peak_week"]) / 52)
        ageing = -numbers["ageing"] * np.exp(-np.maximum(week - launch, 0) / 5)
        price = promotion["log_price"] * promoted
        mean_sessions = np.exp(
            log_sessions
            + numbers["season_sessions"] * season
            + ads["sessions"] * advertised
            + promotion["sessions"] * promoted
        )
        visits = rng.poisson(np.where(week >= launch, mean_sessions, 0.0))
        conversion = np.exp(
            log_conversion
            + numbers["season_conversion"] * season
            + numbers["price_elasticity"] * price
            + ads["conversion"] * advertised
            + np.log(offer)
            + ageing
            + effect * (have > 0)
        )
        bought = np.minimum(rng.poisson(visits * np.minimum(conversion, 0.9)), visits)
        sessions[:, week], items[:, week] = visits, bought
        reviews[:, week], log_price[:, week], featured[:, week] = have, price, offer
        if week >= lag - 1:
            new = rng.binomial(items[:, week - lag + 1], propensity)
            gained[:, week] = new
            have = have + new
    return Demand(sessions, items, reviews, gained, log_price, featured)


def _switch(state: np.ndarray, start: float, stop: float, rng: np.random.Generator) -> np.ndarray:
    drawn_start = rng.random(len(state)) < start
    drawn_stop = rng.random(len(state)) < stop
    return np.where(drawn_start, True, np.where(drawn_stop, False, state))
