"""Level A, a snapshot: how conversion differs between products, called association."""

from __future__ import annotations

import math
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from feedback_analysis.conversion.effect_words import lift_words, range_words
from feedback_analysis.conversion.fixed_effects import DOSES, dose_name
from feedback_analysis.conversion.poisson import fit_plain
from feedback_analysis.conversion.prepare import prepare
from feedback_analysis.conversion.simulation import simulate_catalogue
from feedback_analysis.results import Result
from feedback_analysis.texts import listing, several

RECENT_WEEKS = 4
LEAST_FAMILIES = 10
NULL_CATALOGUES = 20
LONGEST = 26
STARS = ((0.0, 4.0, "below 4.0"), (4.0, 4.5, "4.0 to 4.4"), (4.5, 5.1, "4.5 and more"))
UNRATED = "stars not known"
RATES = ["group", "families", "sessions", "units", "conversion", "low", "high"]


@dataclass(frozen=True, eq=False)
class ReviewAssociation(Result):
    """How conversion and reviews go together across products; no effect is claimed.

    Parameters
    ----------
    table : DataFrame
        One row a range of review counts: group, families, sessions, units, conversion, low, high.
    ratings : DataFrame
        The same by average stars.
    ratio : float
        Conversion with reviews over conversion without, adjusted for price, featured offer, age
        and traffic; NaN where it cannot be computed.
    interval : tuple of float
        95 % interval of the ratio.
    e_values : tuple of float
        How strong an unseen cause must be, on both sides, to explain the ratio, and the end of its
        interval nearest to 1, away.
    null_lift, null_false : float
        Median lift that the same adjustment shows on simulated catalogues of this size without any
        effect, and the share of them whose interval leaves zero out.
    text : str
        All of it in words.
    limits : list of str
        What is not known.
    """

    table: pd.DataFrame
    ratings: pd.DataFrame
    ratio: float
    interval: tuple[float, float]
    e_values: tuple[float, float]
    null_lift: float
    null_false: float
    text: str
    limits: list[str] = field(default_factory=list)


def review_association(
    panel: pd.DataFrame, *, weeks: int = RECENT_WEEKS, calibrate: bool = True
) -> ReviewAssociation:
    """Compare conversion between products with and without reviews, as a snapshot shows it.

    Parameters
    ----------
    panel : DataFrame
        As for :func:`review_effect`; a single business report is a panel of one period, and
        ``panel.attrs["days"]`` is how many days a row spans (7 by default).
    weeks : int, default=4
        How many of the latest weeks make the snapshot.
    calibrate : bool, default=True
        Whether to simulate catalogues of this size without any effect.

    Returns
    -------
    ReviewAssociation
        Called association, because better products both convert better and gather reviews.

    Raises
    ------
    ReportError
        If a column is missing or cannot be read.
    """
    products = snapshot(panel, weeks=weeks)
    if products.empty or not products["units"].any():
        return _nothing(
            "There is no week with sessions, sales and known review counts, so nothing can be "
            "compared."
        )
    table = rates(products, _by_reviews(products["reviews"]))
    stars = rates(products, _by_stars(products))
    effect, error, degrees = adjusted(products)
    ratio, interval, e_values = math.nan, (math.nan, math.nan), (math.nan, math.nan)
    null_lift = null_false = math.nan
    if math.isfinite(error):
        from scipy.special import stdtrit

        reach = float(stdtrit(degrees, 0.975)) * error
        ratio = math.exp(effect)
        interval = (math.exp(effect - reach), math.exp(effect + reach))
        near = (
            1.0
            if interval[0] <= 1 <= interval[1]
            else min(interval, key=lambda end: abs(math.log(end)))
        )
        e_values = (e_value(ratio), e_value(near))
        if calibrate:
            span = panel.attrs.get("days", 7) / 7
            null_lift, null_false = null_calibration(
                len(products),
                _weekly_sessions(products) / span,
                weeks=round(span * products["weeks"].max()),
            )
    made = (ratio, interval, e_values, null_lift, null_false)
    return ReviewAssociation(table, stars, *made, text=_text(products, *made), limits=[])


def snapshot(panel: pd.DataFrame, *, weeks: int = RECENT_WEEKS) -> pd.DataFrame:
    """Return one row a family: sums and means over the latest weeks.

    Parameters
    ----------
    panel : DataFrame
        As for :func:`review_effect`.
    weeks : int, default=4
        How many of the latest weeks.

    Returns
    -------
    DataFrame
        family, weeks, sessions, units, reviews (the first count of the span: a later one would be
        made of the sales themselves), rating, log_price, log_offer, age.
    """
    rows = prepare(panel)
    if not len(rows.family):
        return pd.DataFrame(columns=["family", "weeks", "sessions", "units", "reviews", "rating",
                                     "log_price", "log_offer", "age"])  # fmt: skip
    part = rows.only(rows.week > rows.week.max() - weeks)
    zeros = np.zeros(len(part.family))
    frame = pd.DataFrame(
        {
            "family": part.family,
            "sessions": part.sessions,
            "units": part.units,
            "reviews": part.reviews,
            "rating": part.rating,
            "log_price": zeros if part.price is None else part.price,
            "log_offer": zeros if part.offer is None else part.offer,
            "age": part.age,
        }
    )
    groups = frame.groupby("family")
    products = groups[["sessions", "units"]].sum()
    products["weeks"] = groups.size()
    for name in ("reviews", "rating", "age"):
        products[name] = groups[name].first()
    for name in ("log_price", "log_offer"):
        products[name] = groups[name].mean()
    level = rows.level[products.index.to_numpy()]
    usual = np.nanmedian(level) if np.isfinite(level).any() else 0.0
    products["log_price"] += np.where(np.isfinite(level), level, usual)
    products = products.reset_index()
    products["family"] = rows.names[products["family"]]
    return products[products["reviews"].notna()].reset_index(drop=True)


def adjusted(products: pd.DataFrame) -> tuple[float, float, int]:
    """Return the adjusted log rate ratio of reviewed products, its error and its degrees.

    Parameters
    ----------
    products : DataFrame
        Of :func:`snapshot`.

    Returns
    -------
    tuple
        NaN where too few products, or no sale, are on one of the two sides.
    """
    reviewed = products["reviews"].to_numpy() > 0
    least = min(reviewed.sum(), (~reviewed).sum())
    sold = products["units"].to_numpy(float)
    # A side without a sale fits any ratio.
    if least < LEAST_FAMILIES or not (sold[reviewed].any() and sold[~reviewed].any()):
        return math.nan, math.nan, 0
    covariates = {"reviewed": reviewed.astype(float), **_held_equal(products)}
    fit = fit_plain(
        sold,
        np.log(products["sessions"].to_numpy(float)),
        covariates,
        np.arange(len(products)),
        families=len(products),
        errors="CV3",
    )
    return (*fit["reviewed"], max(1, len(products) - len(covariates) - 1))


def _held_equal(products: pd.DataFrame) -> dict[str, np.ndarray]:
    """Return what is known of products besides their reviews, and differs between them."""
    known = {
        "price": products["log_price"],
        "featured offer": products["log_offer"],
        "age": np.log1p(products["age"]),
        "traffic": np.log(products["sessions"]),
    }
    centred = {name: values.to_numpy(float) - values.mean() for name, values in known.items()}
    return {name: values for name, values in centred.items() if np.ptp(values) > 0}


def rates(products: pd.DataFrame, group: pd.Series) -> pd.DataFrame:
    """Return conversion by group, with intervals that let families differ.

    Parameters
    ----------
    products : DataFrame
        Of :func:`snapshot`.
    group : Series
        An ordered category of each product.

    Returns
    -------
    DataFrame
        group, families, sessions, units, conversion, low, high.

    Notes
    -----
    Ratio estimator clustered by family on the log scale, never narrower than Poisson counts allow;
    without a sale, the upper end is Jeffreys'.
    """
    from scipy.special import gammaincinv, stdtrit

    table = []
    for name in group.cat.categories:
        part = products[group == name]
        sold, seen, count = part["units"].sum(), part["sessions"].sum(), len(part)
        if not count:
            continue
        rate = sold / seen
        low, high = 0.0, float(gammaincinv(0.5, 0.975)) / seen
        if sold > 0:
            apart = part["units"] - rate * part["sessions"]
            spread = float((apart**2).sum()) / sold**2 * count / max(1, count - 1)
            reach = float(stdtrit(max(1, count - 1), 0.975)) * math.sqrt(max(spread, 1 / sold))
            # More order items than sessions are flagged elsewhere; the interval holds its rate.
            low, high = rate * math.exp(-reach), max(rate, min(1.0, rate * math.exp(reach)))
        table.append((name, count, int(seen), int(sold), rate, low, high))
    return pd.DataFrame(table, columns=RATES)


def e_value(ratio: float) -> float:
    """Return how strong an unseen cause must be to explain a rate ratio away.

    Parameters
    ----------
    ratio : float
        A rate ratio; below 1 its inverse counts.

    Returns
    -------
    float
        VanderWeele and Ding (2017): the cause must be tied to reviews and to conversion by a ratio
        of so much each.
    """
    ratio = ratio if ratio >= 1 else 1 / ratio
    return ratio + math.sqrt(ratio * (ratio - 1))


def null_calibration(
    families: int,
    sessions: float,
    *,
    weeks: int = RECENT_WEEKS,
    catalogues: int = NULL_CATALOGUES,
) -> tuple[float, float]:
    """Return what the adjusted comparison shows where reviews have no effect at all.

    Parameters
    ----------
    families : int
        Size of the catalogue.
    sessions : float
        Sessions a week of the typical product.
    weeks : int, default=4
        How many weeks the snapshot spans; at most half a year is simulated.
    catalogues : int, default=20
        How many to simulate.

    Returns
    -------
    tuple of float
        Median lift, and share of 95 % intervals that leave zero out.
    """
    from scipy.special import stdtrit

    found, weeks = [], min(max(1, weeks), LONGEST)
    for seed in range(catalogues):
        panel = simulate_catalogue(
            "sales",
            lift=0.0,
            families=max(30, min(families, 400)),
            base_sessions=sessions,
            seed=seed,
        )
        recent = panel["week"] > panel["week"].max() - pd.Timedelta(days=7 * weeks)
        effect, error, degrees = adjusted(snapshot(panel[recent], weeks=weeks))
        if math.isfinite(error):
            found.append((effect, abs(effect) > float(stdtrit(degrees, 0.975)) * error))
    if not found:
        return math.nan, math.nan
    effects, false = np.array(found).T
    return float(np.expm1(np.median(effects))), float(false.mean())


def _weekly_sessions(products: pd.DataFrame) -> float:
    return float(max(1.0, (products["sessions"] / products["weeks"]).median()))


def _by_reviews(reviews: pd.Series) -> pd.Series:
    names = ["0", *(dose_name(low, high) for low, high in DOSES)]
    edges = [-0.5, *(low - 0.5 for low, _ in DOSES), np.inf]
    return pd.cut(reviews, edges, labels=names)


def _by_stars(products: pd.DataFrame) -> pd.Series:
    names = ["no review", *(name for _, _, name in STARS)]
    stars = np.select(
        [products["reviews"] == 0]
        + [products["rating"].ge(low) & products["rating"].lt(high) for low, high, _ in STARS],
        names,
        UNRATED,
    )
    names.append(UNRATED)
    return pd.Series(pd.Categorical(stars, categories=names, ordered=True), index=products.index)


def _text(
    products: pd.DataFrame,
    ratio: float,
    interval: tuple[float, float],
    e_values: tuple[float, float],
    null_lift: float,
    null_false: float,
) -> str:
    reviewed = int((products["reviews"] > 0).sum())
    sides = f"{several(reviewed, 'product')} with reviews and {len(products) - reviewed:,} without"
    if math.isnan(ratio) and min(reviewed, len(products) - reviewed) < LEAST_FAMILIES:
        return f"{sides}: at least {LEAST_FAMILIES} of each are needed for a comparison."
    if math.isnan(ratio):
        return f"{sides}: these weeks do not tell a ratio of the two; sales on both sides would."
    held = listing(_held_equal(products))
    text = (
        f"Across {sides}, conversion is {lift_words(ratio - 1)} with reviews "
        f"({range_words(interval[0] - 1, interval[1] - 1)}){f', {held} held equal' * bool(held)}. "
        "This is an association, not an effect: better products convert better and gather "
        f"reviews. An unseen cause tied to both by a ratio of {e_values[0]:.1f} "
        "(E-value) would explain it all"
    )
    if interval[0] <= 1 <= interval[1]:
        text += ", and so would chance: the interval holds no difference."
    else:
        text += f", one of {e_values[1]:.1f} the nearer end of the interval."
    if not math.isnan(null_lift):
        text += (
            f" With no effect at all, {NULL_CATALOGUES} simulated catalogues of this size show "
            f"{lift_words(null_lift)} in the middle by the same adjustment, and "
            f"{100 * null_false:.0f} % of them call it significant."
        )
    return text


def _nothing(text: str) -> ReviewAssociation:
    nan = math.nan
    empty = pd.DataFrame(columns=RATES)
    return ReviewAssociation(
        empty, empty.copy(), nan, (nan, nan), (nan, nan), nan, nan, text, [text]
    )
