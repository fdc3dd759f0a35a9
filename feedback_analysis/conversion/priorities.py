"""Which products first: what a first review would bring each, if the average effect holds."""

from __future__ import annotations

import math
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from feedback_analysis.conversion.effect import ReviewEffect
from feedback_analysis.conversion.prepare import Rows, prepare
from feedback_analysis.conversion.revenue import with_revenue
from feedback_analysis.conversion.trials import adjusted_grid
from feedback_analysis.marketplaces import marketplaces
from feedback_analysis.once import once
from feedback_analysis.results import Result
from feedback_analysis.shares import part_percent
from feedback_analysis.texts import several

AHEAD_WEEKS = 8
RECENT_WEEKS = 8
LEAST_WEEKS = 4
TOP = 10
DRAWS = 4000
SEED = 2026
# How products may differ from the average effect, and traffic from its recent pace (log scale).
HETEROGENEITY = 0.5
TRAFFIC = 0.25
POOR_STARS = 4.0
FEW_REVIEWS = 5
LOST_OFFER = 0.5
GAINS = [
    "family", "sessions_a_week", "conversion", "extra_items", "low_80", "high_80", "low_95",
    "high_95",
]  # fmt: skip
LINKS = ["top_ten", "product_page", "write_a_review"]
BY_TRAFFIC = ["family", "sessions_a_week", "conversion", "product_page", "write_a_review"]
APART = ["family", "sessions_a_week", "reason"]


@dataclass(frozen=True, eq=False)
class Priorities(Result):
    """Which products to ask for reviews first.

    Parameters
    ----------
    table : DataFrame
        One row a product without reviews. From grade ``suggestive`` up: family, sessions_a_week,
        conversion, extra_items over the next eight weeks with low_80, high_80, low_95 and high_95;
        for each currency revenue_usd (or _gbp, ...) with revenue_usd_low_95 and
        revenue_usd_high_95, missing where the product has visitors in a place without one currency
        or price; top_ten (probability of being among the ten that gain most), product_page and
        write_a_review (links). Otherwise only what is known without an effect, by traffic.
    apart : DataFrame
        Products that reviews may not help: family, sessions_a_week, reason.
    total : tuple of float
        Extra order items of all listed products together: expected, and 95 % interval.
    ranked : bool
        Whether the list is by expected gain; by traffic alone otherwise.
    text : str
        All of it in words.
    """

    table: pd.DataFrame
    apart: pd.DataFrame
    total: tuple[float, float, float] = (math.nan,) * 3
    ranked: bool = False
    text: str = ""
    limits: list[str] = field(default_factory=list)


@once
def review_priorities(
    panel: pd.DataFrame,
    effect: ReviewEffect,
    *,
    places: pd.DataFrame | None = None,
    marketplace: str = "US",
    currency: str = "",
    seed: int = SEED,
) -> Priorities:
    """List the products that would gain most from a first review.

    Parameters
    ----------
    panel : DataFrame
        What ``effect`` was estimated on.
    effect : ReviewEffect
        Of :func:`review_effect`. Below grade ``suggestive`` the list is by traffic alone.
    places : DataFrame, optional
        ``places`` of a :class:`ReviewPanel`: extra items are split over marketplaces as the
        product's latest visits were, and valued at its usual price there; currencies stay apart.
        Links lead to where most of its visitors are.
    marketplace, currency : str
        Without ``places``: of all rows and of their prices. Without a currency no revenue is told.
    seed : int
        Start of the random numbers.

    Returns
    -------
    Priorities
    """
    rows = prepare(panel)
    if not len(rows.family):
        return _empty("There is no week with sessions, so there is nothing to rank.")
    now = _standing(rows, panel)
    apart = _apart(now)
    chosen = now[now["candidate"] & ~now["family"].isin(apart["family"])]
    unknown = int((now["reviews"].isna() & now["on_sale"]).sum())
    limits = [_not_known(unknown)] if unknown else []
    if chosen.empty:
        text = " ".join([_none_left(now, unknown), *limits]).strip()
        return Priorities(pd.DataFrame(columns=BY_TRAFFIC), apart, text=text, limits=limits)
    if places is None:
        places = now[["family", "price"]].assign(
            share=1.0, marketplace=marketplace, currency=currency
        )
    links = _links(places)
    if effect.grade not in ("strong", "suggestive") or effect.lift <= 0:
        table = chosen.sort_values(["sessions_a_week", "family"], ascending=[False, True])
        table = links(table)[BY_TRAFFIC].reset_index(drop=True)
        text = " ".join([_plain_text(table, effect), *limits])
        return Priorities(table, apart, text=text, limits=limits)
    made, total = _expected(rows, chosen, effect, seed)
    made, money = with_revenue(made, places)
    table = links(made.sort_values(["extra_items", "family"], ascending=[False, True]))
    table = table[[*GAINS, *money, *LINKS]].reset_index(drop=True)
    text = " ".join([_ranked_text(table, total, effect), *limits])
    return Priorities(table, apart, total, True, text, limits)


def _standing(rows: Rows, panel: pd.DataFrame) -> pd.DataFrame:
    """Return one row a family: where it stands in the latest weeks."""
    last = int(rows.week.max())
    count = len(rows.names)
    latest = rows.only(rows.week > last - RECENT_WEEKS)
    frame = pd.DataFrame({"code": np.arange(count), "family": rows.names})
    frame["sessions_a_week"] = np.bincount(latest.family, latest.sessions, minlength=count)
    # A row is a week, unless the panel is one report of a longer span.
    span = panel.attrs.get("days", 7) / 7
    live = np.clip(last + 1 - rows.first_weeks(), 1, RECENT_WEEKS) * span
    frame["sessions_a_week"] /= live
    frame["conversion"] = np.bincount(latest.family, latest.units, minlength=count) / np.maximum(
        1.0, frame["sessions_a_week"] * live
    )
    order = np.lexsort((rows.week, rows.family))
    end = np.r_[np.flatnonzero(np.diff(rows.family[order]) > 0), len(order) - 1]
    newest = pd.DataFrame({"code": rows.family[order][end], "last_week": rows.week[order][end]})
    frame = frame.merge(newest, on="code", how="left")
    # The latest count that is known: the last weeks may lie behind the last look at reviews.
    told = latest.only(~np.isnan(latest.reviews))
    seen = pd.DataFrame({"code": told.family, "reviews": told.reviews, "rating": told.rating})
    frame = frame.merge(seen.groupby("code", as_index=False).tail(1), on="code", how="left")
    frame["weeks"] = np.bincount(rows.family, minlength=count) * span
    shares = np.bincount(
        latest.family,
        np.ones(len(latest.family)) if latest.offer is None else np.exp(latest.offer),
        minlength=count,
    )
    frame["offer"] = shares / np.maximum(1, np.bincount(latest.family, minlength=count))
    out = set(_last_week_out(rows))
    frame["out"] = frame["family"].isin(out) | (frame["last_week"] < last - 1)
    frame["on_sale"] = frame["sessions_a_week"] > 0
    frame["candidate"] = (
        (frame["reviews"] == 0) & frame["on_sale"] & (frame["weeks"] >= LEAST_WEEKS)
    )
    frame["price"] = np.exp(rows.level)
    return frame


def _last_week_out(rows: Rows) -> list[str]:
    if rows.stock_out.empty:
        return []
    recent = rows.stock_out["week"] >= rows.mondays[-1]
    return rows.stock_out.loc[recent, "family"].tolist()


def _apart(now: pd.DataFrame) -> pd.DataFrame:
    """Set apart products that reviews may not help, each with the reason."""
    few = now["reviews"].between(0, FEW_REVIEWS - 1) & now["on_sale"]
    reason = np.select(
        [
            few & now["out"],
            few & (now["offer"] < LOST_OFFER),
            few & (now["reviews"] > 0) & (now["rating"] < POOR_STARS),
        ],
        [
            "out of stock or not visited of late: fill the stock first",
            "the featured offer is mostly another seller's: win it back first",
            "few reviews, and a poor rating: find out what buyers miss first",
        ],
        "",
    )
    apart = now.assign(reason=reason)
    apart = apart[apart["reason"] != ""].sort_values(
        ["sessions_a_week", "family"], ascending=[False, True]
    )
    return apart[APART].reset_index(drop=True)


def _expected(
    rows: Rows, chosen: pd.DataFrame, effect: ReviewEffect, seed: int
) -> tuple[pd.DataFrame, tuple[float, float, float]]:
    """Draw the gain of each product from all that is uncertain about it."""
    grid = adjusted_grid(rows)
    alone = np.where(grid.unreviewed, 1.0, 0.0)
    sold, seen = (grid.units * alone).sum(axis=1), (grid.exposure * alone).sum(axis=1)
    told = seen > 0
    shape, rate = gamma_prior(sold[told], seen[told])
    code = chosen["code"].to_numpy()
    recent = grid.exposure[:, -RECENT_WEEKS:].sum(axis=1)[code]
    live = np.clip(grid.exposure.shape[1] - rows.first_weeks()[code], 1, RECENT_WEEKS)
    # The time of the year is taken as it was in the latest weeks.
    pace = recent / live
    mean = (shape + sold[code]) / (rate + seen[code])
    base = AHEAD_WEEKS * pace * mean
    log_lift, error = effect.log_effect
    rng = np.random.default_rng(seed)
    size = (DRAWS, len(code))
    conversion = rng.gamma(shape + sold[code], 1 / (rate + seen[code]), size)
    traffic = rng.gamma(recent + 0.5, 1 / live, size) * np.exp(
        TRAFFIC * rng.standard_normal(size) - TRAFFIC**2 / 2
    )
    common = log_lift + error * rng.standard_normal((DRAWS, 1))
    own = np.exp(HETEROGENEITY * rng.standard_normal(size) - HETEROGENEITY**2 / 2)
    lifts = np.expm1(common * own)
    gain = AHEAD_WEEKS * traffic * conversion * lifts
    ends = np.quantile(gain, [0.1, 0.9, 0.025, 0.975], axis=0)
    top = np.argsort(-gain, axis=1, kind="stable")[:, :TOP]
    made = chosen.assign(
        conversion=mean
        * np.where(chosen["sessions_a_week"] > 0, pace / chosen["sessions_a_week"], 1),
        extra_items=base * float(lifts.mean()),
        low_80=ends[0],
        high_80=ends[1],
        low_95=ends[2],
        high_95=ends[3],
        top_ten=np.bincount(top.ravel(), minlength=len(code)) / DRAWS,
    )
    whole = gain.sum(axis=1)
    low, high = np.quantile(whole, [0.025, 0.975]).tolist()
    return made, (float(made["extra_items"].sum()), low, high)


def gamma_prior(sold: np.ndarray, seen: np.ndarray) -> tuple[float, float]:
    """Return the Gamma distribution that products' conversions were drawn from.

    Parameters
    ----------
    sold, seen : ndarray
        Order items and adjusted sessions without reviews, one a product.

    Returns
    -------
    tuple of float
        Shape and rate, by maximum likelihood of the counts.
    """
    from scipy.optimize import minimize
    from scipy.special import gammaln

    mean = (sold.sum() + 0.5) / seen.sum()

    def loss(logs: np.ndarray) -> float:
        shape = math.exp(logs[0])
        rate = shape / math.exp(logs[1])
        told = gammaln(shape + sold) - gammaln(shape) + shape * math.log(rate)
        return -float((told - (shape + sold) * np.log(rate + seen)).sum())

    found = minimize(
        loss, [0.0, math.log(mean)], method="L-BFGS-B",
        bounds=[(-4, 6), (math.log(mean) - 3, math.log(mean) + 3)],
    )  # fmt: skip
    shape = math.exp(found.x[0])
    return shape, shape / math.exp(found.x[1])


def _links(places: pd.DataFrame):
    """Return a function that adds the pages of each product where most of its visitors are."""
    most = places.sort_values("share", ascending=False, kind="stable").drop_duplicates("family")
    known, where = marketplaces(), most.set_index("family")["marketplace"]

    def add(frame: pd.DataFrame) -> pd.DataFrame:
        codes = frame["family"].map(where)
        domains = [known[code if code in known else "US"].domain for code in codes]
        pairs = list(zip(domains, frame["family"], strict=True))
        return frame.assign(
            product_page=[f"https://www.{domain}/dp/{asin}" for domain, asin in pairs],
            write_a_review=[
                f"https://www.{domain}/review/create-review?asin={asin}" for domain, asin in pairs
            ],
        )

    return add


def _empty(text: str) -> Priorities:
    table, apart = pd.DataFrame(columns=BY_TRAFFIC), pd.DataFrame(columns=APART)
    return Priorities(table, apart, text=text)


def _not_known(count: int) -> str:
    return (
        f"Of {several(count, 'product')} on sale it is not known whether there are reviews; a "
        "table of dated review counts would tell."
    )


def _none_left(now: pd.DataFrame, unknown: int) -> str:
    """Return why nothing is listed, true also where little is known."""
    if (now["on_sale"] & (now["reviews"] == 0)).any():
        return (
            "The products on sale without reviews have been seen for fewer than "
            f"{LEAST_WEEKS} weeks, or are set apart."
        )
    if unknown:
        return "No product on sale is known to be without reviews."
    return "No product on sale is without reviews."


def _plain_text(table: pd.DataFrame, effect: ReviewEffect) -> str:
    why = {
        "none": "no clear effect was found",
        "unreliable": "the effect cannot be told",
    }.get(effect.grade, "reviews did not raise conversion")
    return (
        f"{several(len(table), 'product')} on sale without reviews, by traffic alone: {why}, so no "
        "gain is worked out."
    )


def _ranked_text(
    table: pd.DataFrame, total: tuple[float, float, float], effect: ReviewEffect
) -> str:
    first = float(table["extra_items"].head(TOP).sum())
    share = first / total[0] if total[0] > 0 else math.nan
    return (
        f"{several(len(table), 'product')} on sale without reviews. If the average effect "
        f"holds ({effect.grade}), a first review for each would bring about {total[0]:,.0f} extra "
        f"order items in {AHEAD_WEEKS} weeks ({total[1]:,.0f} to {total[2]:,.0f}), the first "
        f"{min(TOP, len(table))} of the list {part_percent(share)} of them. Ask every buyer of a "
        "product alike, once and neutrally; never only the happy ones, and never for a reward."
    )
