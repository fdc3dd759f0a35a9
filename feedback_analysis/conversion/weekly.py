"""Business reports added up to families and weeks, by whatever engine holds them.

Only sums, medians and first days leave the engine: one row a family and week, which is all that a
panel, and a Poisson regression on it, need of the sessions and sales of each product, marketplace
and report. The fit is done here, on those rows.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import narwhals as nw
import numpy as np
import pandas as pd

from feedback_analysis.tallies.given import lazy
from feedback_analysis.tallies.parts import day_number, day_of

NEEDED = ("start", "end", "marketplace", "parent_asin", "child_asin", "sessions", "page_views",
          "units", "order_items", "featured_offer_share", "sales", "currency", "basis")  # fmt: skip
WHOLE_WEEK = 7
SUMS = ("offer_views", "offered", "price_weight", "log_price")
PLACES = ["family", "marketplace", "share", "price", "currency"]
# Where a product's visitors come from is told by so many weeks.
RECENT_WEEKS = 8


@dataclass(frozen=True, eq=False)
class Weeks:
    """What is known of families and weeks.

    Parameters
    ----------
    table : DataFrame
        family, week (Monday), start, sessions and units (of the rows that tell both; without any,
        sessions of all rows and no units), partly (whether other rows were left out),
        featured_offer_share, price, market_mix.
    families : Series
        The family of every ASIN, child or parent.
    places : DataFrame
        One row a family and marketplace: family, marketplace (empty where not stated), share of the
        family's visits of the latest weeks (0-1), its usual price there and the currency.
    currency : str
        Of the prices in ``table``, those of the marketplace with most sessions; empty where there
        are none.
    """

    table: pd.DataFrame
    families: pd.Series
    places: pd.DataFrame
    currency: str


def traffic_rows(traffic: Any, marketplace: str | None = None) -> nw.LazyFrame:
    """Wrap a table of business reports of any engine.

    Parameters
    ----------
    traffic : native frame
        The columns of ``shop.traffic``.
    marketplace : str, optional
        Only this one.

    Returns
    -------
    LazyFrame

    Raises
    ------
    ReportError
        If a column is missing.
    """
    rows = lazy(traffic, table="traffic", needs=NEEDED)
    if rows.implementation.is_pyarrow():
        # PyArrow's own medians are only near.
        rows = nw.from_native(rows.collect().to_pandas()).lazy()
    return rows if marketplace is None else rows.filter(nw.col("marketplace") == marketplace)


def periods(rows: nw.LazyFrame) -> pd.DataFrame:
    """Return which periods there are reports of: basis, start, end, days and n rows.

    Parameters
    ----------
    rows : LazyFrame
        Of :func:`traffic_rows`.
    """
    keys = {"basis": nw.col("basis").cast(nw.String), "first": day_number("start"),
            "last": day_number("end")}  # fmt: skip
    found = _collected(rows.select(**keys).group_by("basis", "first", "last").agg(n=nw.len()))
    found = found.astype({"basis": object, "n": "int64"})
    found = found[found["first"].notna() & found["last"].notna()]
    found = found.assign(start=day_of(found["first"]), end=day_of(found["last"]))
    found["days"] = (found["last"] - found["first"] + 1).astype("int64")
    return found.sort_values(["start", "end", "basis"], ignore_index=True)


def add_up(
    rows: nw.LazyFrame, taken: pd.DataFrame, *, outcome: str, per: str, inside: int
) -> Weeks:
    """Add up children and marketplaces; price is relative to each product's usual one.

    Sessions and sales are added, money never: a price is held against the usual one of the same
    product in the same marketplace and currency.

    Parameters
    ----------
    rows : LazyFrame
        Of :func:`traffic_rows`.
    taken : DataFrame
        Rows of :func:`periods`, all of one basis and as many days long.
    outcome, per : str
        As :func:`review_panel` takes them.
    inside : int
        Which day after the first one names the week by the Monday at or before it.

    Returns
    -------
    Weeks
    """
    basis, days = str(taken["basis"].iloc[0]), int(taken["days"].iloc[0])
    first, last = day_number("start"), day_number("end")
    rows = rows.with_columns(day=first, days=last - first + 1)
    rows = rows.filter(nw.col("basis") == basis, nw.col("days") == days)
    rows = rows.filter(nw.col("day") >= int(taken["first"].min()))
    rows = rows.with_columns(
        week=(nw.col("day") + inside) // WHOLE_WEEK,
        family=nw.coalesce("parent_asin", "child_asin").cast(nw.String),
        market=nw.col("marketplace").cast(nw.String).fill_null(""),
        money=nw.col("currency").cast(nw.String),
        views=nw.coalesce("page_views", "sessions").cast(nw.Float64),
        share=nw.col("featured_offer_share").cast(nw.Float64),
        sold=nw.when(nw.col("units") > 0).then(nw.col("units").cast(nw.Float64)),
        paid=nw.when(nw.col("sales") > 0).then(nw.col("sales").cast(nw.Float64)),
    ).filter(~nw.col("family").is_null())
    rows = rows.with_columns(
        product=nw.coalesce("child_asin", "family").cast(nw.String),
        each=nw.col("paid") / nw.col("sold"),
    )
    home = _home(rows)
    table = _sums(rows, outcome, per)
    table["market_mix"] = (
        _mix(rows, outcome, per)
        .reindex(pd.MultiIndex.from_frame(table[["family", "week"]]))
        .to_numpy()
    )
    places = _places(rows, per, since=(int(taken["first"].max()) + inside) // WHOLE_WEEK)
    base, currency = _prices_at(places, home)
    with np.errstate(divide="ignore", invalid="ignore"):
        share = (table["offered"] / table["offer_views"].where(table["offer_views"] > 0)).clip(0, 1)
        apart = np.exp(table["log_price"] / table["price_weight"].where(table["price_weight"] > 0))
    table["featured_offer_share"] = share
    # Engines add up in another order: half a cent is one in all of them.
    table["price"] = (apart * table["family"].map(base)).round(8).round(2)
    return Weeks(table, _families(rows), places, currency)


def _mix(rows: nw.LazyFrame, outcome: str, per: str) -> pd.Series:
    """Return the conversion that the mix of marketplaces alone lets expect, by family and week.

    Missing where visits are in a marketplace that tells no sales: its conversion is not known.
    """
    counts = {"seen": nw.col(per).cast(nw.Float64), "sold": nw.col(outcome).cast(nw.Float64)}
    found = rows.select("family", "week", "market", **counts).group_by("family", "week", "market")
    # A sum of nothing but missing counts is 0, so how many there were is counted too.
    found = _collected(
        found.agg(nw.col("seen").sum(), nw.col("sold").sum(), told=nw.col("sold").count())
    )
    numbers = dict.fromkeys(("seen", "sold", "told"), "float64")
    found = found.astype({"family": object, "market": object, **numbers})
    found = found[found["seen"] > 0]
    whole = found[found["told"] > 0].groupby("market")[["seen", "sold"]].sum()
    found = found.assign(
        expected=found["seen"] * found["market"].map(whole["sold"] / whole["seen"]),
        week=day_of(WHOLE_WEEK * found["week"]),
    )
    keys = ["family", "week"]
    found["known"] = found["expected"].notna()
    sums = found.groupby(keys)[["seen", "expected"]].sum()
    return (sums["expected"] / sums["seen"]).where(found.groupby(keys)["known"].all())


def _places(rows: nw.LazyFrame, per: str, *, since: int) -> pd.DataFrame:
    """Return where the latest visitors of each family were, and what it costs there."""
    lately = nw.when(nw.col("week") > since - RECENT_WEEKS).then(nw.col(per).cast(nw.Float64))
    found = _collected(
        rows.with_columns(lately=lately.otherwise(0.0))
        .group_by("family", "market")
        .agg(
            seen=nw.col("lately").sum(),
            price=nw.col("each").median(),
            least=nw.col("money").min(),
            most=nw.col("money").max(),
        )
    ).astype({"family": object, "market": object, "seen": "float64", "price": "float64"})
    # Where no marketplace is stated there may be two currencies; their prices have no median.
    one = found["least"].notna() & (found["least"] == found["most"])
    whole = found.groupby("family")["seen"].transform("sum")
    found = found.assign(
        marketplace=found["market"],
        share=found["seen"].fillna(0.0) / whole.where(whole > 0),
        price=found["price"].where(one),
        currency=found["least"].astype(object).where(one, ""),
    ).sort_values(["family", "share", "marketplace"], ascending=[True, False, True])
    return found[PLACES].reset_index(drop=True)


def _prices_at(places: pd.DataFrame, home: str) -> tuple[pd.Series, str]:
    """Return the families' prices at one marketplace, and the one currency that they are in."""
    here = places[places["marketplace"] == home].dropna(subset=["price"])
    if here.empty:
        return pd.Series(dtype="float64"), ""
    currency = str(here["currency"].value_counts().sort_index().idxmax())
    return here[here["currency"] == currency].set_index("family")["price"], currency


def _sums(rows: nw.LazyFrame, outcome: str, per: str) -> pd.DataFrame:
    rows = rows.with_columns(nw.col("money").fill_null(""))
    keys = ["market", "money", "product"]
    usual = rows.group_by(*keys).agg(usual=nw.col("each").median())
    known = ~nw.col("each").is_null()
    rows = rows.join(usual, on=keys, how="left").with_columns(
        offer_views=nw.when(~nw.col("share").is_null()).then(nw.col("views")).otherwise(0.0),
        offered=nw.col("views") * nw.col("share"),
        price_weight=nw.when(known).then(nw.col("sold")).otherwise(0.0),
        log_price=(nw.col("each") / nw.col("usual")).log() * nw.col("sold"),
        seen=nw.col(per).cast(nw.Float64),
        bought=nw.col(outcome).cast(nw.Float64),
    )
    # Visits of which nobody tells the sales are no visits without a sale, nor the other way round.
    rows = rows.with_columns(
        seen_told=nw.when(~nw.col("bought").is_null()).then(nw.col("seen")),
        bought_told=nw.when(~nw.col("seen").is_null()).then(nw.col("bought")),
    )
    counts = ("seen", "seen_told", "bought_told")
    found = _collected(
        rows.group_by("family", "week").agg(
            *(nw.col(name).sum() for name in (*SUMS, *counts)),
            *(nw.col(name).count().alias(f"{name}_rows") for name in (*counts, "bought")),
            first=nw.col("day").min(),
        )
    )
    found["family"] = found["family"].astype(object)
    for name in SUMS:
        found[name] = found[name].astype("float64").fillna(0.0)
    for name in counts:
        # What is missing everywhere stays missing; it does not become 0.
        found[name] = found[name].astype("float64").where(found[f"{name}_rows"] > 0)
    both = found["seen_told_rows"] > 0
    found["sessions"] = found["seen_told"].where(both, found["seen"])
    found["units"] = found["bought_told"]
    # Where no row tells both, visits are kept and what was sold beside them is left out.
    unseen = (found["seen_rows"] > 0) & (found["bought_rows"] > found["bought_told_rows"])
    found["partly"] = both & (found["seen_rows"] > found["seen_told_rows"]) | unseen
    found = found.assign(week=day_of(WHOLE_WEEK * found["week"]), start=day_of(found["first"]))
    return found.sort_values(["family", "week"], ignore_index=True)


def _home(rows: nw.LazyFrame) -> str:
    """Return the marketplace with the most sessions; of several the first by name."""
    found = _collected(rows.group_by("market").agg(seen=nw.col("sessions").sum()))
    found["seen"] = found["seen"].astype("float64").fillna(0.0)
    found = found.sort_values(["seen", "market"], ascending=[False, True])
    return str(found["market"].iloc[0])


def _families(rows: nw.LazyFrame) -> pd.Series:
    """Return the family of every ASIN, child or parent: that of its last week."""
    pairs = rows.group_by("child_asin", "family").agg(last=nw.col("day").max())
    found = _collected(pairs).sort_values(["last", "family"])
    found = found.rename(columns={"child_asin": "asin"})[["asin", "family"]].astype(object)
    found = pd.concat([found, found[["family"]].assign(asin=found["family"])])
    return found.dropna().drop_duplicates("asin", keep="last").set_index("asin")["family"]


def _collected(frame: nw.LazyFrame) -> pd.DataFrame:
    return frame.collect("pandas").to_native()
