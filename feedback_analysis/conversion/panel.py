"""The panel of families and weeks, made from a shop's business reports and review counts."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np
import pandas as pd

from feedback_analysis.conversion.prepare import OUT_OF_STOCK
from feedback_analysis.conversion.review_history import ReviewHistory, review_history
from feedback_analysis.errors import ReportError
from feedback_analysis.once import once
from feedback_analysis.results import Result
from feedback_analysis.texts import several

COLUMNS = [
    "family", "week", "sessions", "units", "price", "featured_offer_share", "review_count",
    "average_rating", "age_weeks", "presence", "rating_group", "out_of_stock", "impossible",
]  # fmt: skip
COVERAGE = ["week", "without_reviews", "with_reviews", "unknown", "price_known", "offer_known"]
# Amazon speaks of products with positive reviews: 4 stars or more.
POSITIVE = 4.0
WHOLE_WEEK = 7
Outcome = Literal["order_items", "units"]
Base = Literal["sessions", "page_views"]


@dataclass(frozen=True, eq=False)
class ReviewPanel(Result):
    """One row a variation family and week.

    Parameters
    ----------
    table : DataFrame
        ``family``, ``week`` (Monday), ``sessions``, ``units`` (what ``outcome`` says), ``price``,
        ``featured_offer_share``, ``review_count`` and ``average_rating`` at the start of the week,
        ``age_weeks``, ``presence`` (none, some, unknown), ``rating_group`` (none, positive, mixed,
        unknown), ``out_of_stock``, ``impossible`` (more order items than sessions).
    coverage : DataFrame
        One row a week: families without_reviews, with_reviews and unknown, and how many have
        price_known and offer_known.
    text : str
        What is known for which weeks.
    limits : list of str
        What is not known or was set apart, as sentences.
    currency : str
        Of the prices; empty where there are none.
    marketplace : str
        Where most sessions are, for links.
    snapshot : DataFrame
        What products can be compared on: the table itself; where there is no report of a whole
        week, the latest report as one row a family, and ``snapshot.attrs["days"]`` tells its span.
    """

    table: pd.DataFrame
    coverage: pd.DataFrame
    text: str
    limits: list[str] = field(default_factory=list)
    currency: str = ""
    marketplace: str = ""
    snapshot: pd.DataFrame = field(default_factory=pd.DataFrame)


@once
def review_panel(
    shop: Any,
    *,
    marketplace: str | None = None,
    outcome: Outcome = "order_items",
    per: Base = "sessions",
) -> ReviewPanel:
    """Make the panel from a shop's tables ``traffic`` and ``reviews``.

    Parameters
    ----------
    shop : Shop
        What ``read_folder`` returns.
    marketplace : str, optional
        Only this one; by default all added up, since a product's reviews are shown in all.
    outcome : {"order_items", "units"}
        What counts as a sale. A buyer of five units is one order item.
    per : {"sessions", "page_views"}
        What it is divided by. A visitor who looks twice is one session, and two page views.

    Returns
    -------
    ReviewPanel
        Without rows where no week of business reports by child or parent ASIN is there; the text
        then says what is missing.

    Raises
    ------
    ReportError
        If ``outcome`` or ``per`` is not one of those.
    """
    if outcome not in ("order_items", "units") or per not in ("sessions", "page_views"):
        raise ReportError(
            "conversion is not made of this",
            expected="order_items or units, per sessions or page_views",
            found=f"{outcome} per {per}",
        )
    limits: list[str] = []
    traffic = shop.traffic
    if marketplace is not None:
        traffic = traffic[traffic["marketplace"] == marketplace]
    weekly = _weekly(traffic, limits)
    if weekly.empty:
        return _nothing(limits, _one_period(traffic), shop.reviews, outcome, per)
    made, home, currency, history = _joined(weekly, shop.reviews, outcome, per)
    limits += _limits(made, history)
    coverage = _coverage(made)
    text = _text(made, outcome, per)
    return ReviewPanel(made, coverage, text, limits, currency, home, made)


def _joined(
    weekly: pd.DataFrame, reviews: pd.DataFrame, outcome: str, per: str
) -> tuple[pd.DataFrame, str, str, ReviewHistory]:
    """Return families by week with their reviews, the largest marketplace and its currency."""
    weekly = weekly.copy()
    home = str(weekly.groupby("marketplace", dropna=False)["sessions"].sum().idxmax())
    weekly["family"] = weekly["parent_asin"].fillna(weekly["child_asin"])
    families = _families(weekly)
    history = review_history(reviews, families)
    table, currency = _table(weekly, home, outcome, per)
    made = _with_reviews(table, history)[COLUMNS]
    made.attrs = {"carried_back": history.carried_back}
    return made, "" if home == "nan" else home, currency, history


def _one_period(traffic: pd.DataFrame) -> pd.DataFrame:
    """Return the rows of the latest report by child, else by parent ASIN, whatever its span."""
    rows = traffic[traffic["basis"] != "sku"]
    if rows.empty:
        return rows
    rows = rows[rows["end"] == rows["end"].max()]
    rows = rows[rows["start"] == rows["start"].min()]
    rows = rows[rows["basis"] == ("child" if rows["basis"].eq("child").any() else "parent")].copy()
    rows["week"] = rows["start"] - pd.to_timedelta(rows["start"].dt.day_of_week, unit="D")
    return rows


def _weekly(traffic: pd.DataFrame, limits: list[str]) -> pd.DataFrame:
    """Return the rows of whole weeks, by child or by parent ASIN."""
    if len(traffic) and traffic["basis"].eq("sku").all():
        limits.append(
            "The business reports are by SKU: they repeat the sessions of a product on each of its "
            "SKUs and leave out SKUs without a sale, so no conversion is taken from them. Download "
            "Detail Page Sales and Traffic by child ASIN."
        )
    rows = traffic[traffic["basis"] != "sku"].copy()
    days = (rows["end"] - rows["start"]).dt.days + 1
    whole = days == WHOLE_WEEK
    other = rows.loc[~whole, ["start", "end"]].drop_duplicates()
    if len(other):
        limits.append(
            f"{several(len(other), 'period')} of business reports that is not one whole week "
            "cannot go into a panel of weeks."
        )
    rows = rows[whole]
    if rows["basis"].nunique() > 1:
        # Sessions of children and of their parent count the same visitors in two ways.
        most = rows.groupby("basis")["start"].nunique().idxmax()
        limits.append(f"Reports by {most} ASIN are used, because they cover the most weeks.")
        rows = rows[rows["basis"] == most]
    # Amazon's own weeks begin on a Sunday: the Monday inside names the week.
    middle = rows["start"] + pd.Timedelta(days=3)
    rows["week"] = middle - pd.to_timedelta(middle.dt.day_of_week, unit="D")
    return rows


def _families(weekly: pd.DataFrame) -> pd.Series:
    """Return the family of every ASIN, child or parent."""
    pairs = pd.concat(
        [
            weekly[["child_asin", "family"]].rename(columns={"child_asin": "asin"}),
            weekly[["family"]].assign(asin=weekly["family"]),
        ]
    )
    pairs = pairs.dropna().drop_duplicates("asin", keep="last")
    return pairs.set_index("asin")["family"]


def _table(weekly: pd.DataFrame, home: str, outcome: str, per: str) -> tuple[pd.DataFrame, str]:
    """Add up children and marketplaces; price is relative to each product's usual one."""
    weekly = weekly.copy()
    views = weekly["page_views"].fillna(weekly["sessions"]).astype(float)
    known = weekly["featured_offer_share"].notna()
    weekly["offer_views"] = views.where(known, 0.0)
    weekly["offered"] = (views * weekly["featured_offer_share"]).fillna(0.0)
    sold = weekly["units"].where(weekly["units"] > 0).astype(float)
    price = weekly["sales"].where(weekly["sales"] > 0) / sold
    key = [weekly["marketplace"].fillna(""), weekly["child_asin"].fillna(weekly["family"])]
    usual = price.groupby(key).transform("median")
    weekly["price_weight"] = sold.where(price.notna(), 0.0).fillna(0.0)
    weekly["log_price"] = (np.log(price / usual) * weekly["price_weight"]).fillna(0.0)
    groups = weekly.groupby(["family", "week"])
    sums = groups[["offer_views", "offered", "price_weight", "log_price"]].sum()
    # What is missing everywhere stays missing; it does not become 0.
    counts = groups[list({per, outcome})].sum(min_count=1).astype("float64")
    sums["sessions"], sums["units"] = counts[per], counts[outcome]
    sums["start"] = groups["start"].min()
    sums = sums.reset_index()
    base, currency = _usual_prices(weekly, price, home)
    with np.errstate(divide="ignore", invalid="ignore"):
        share = (sums["offered"] / sums["offer_views"].where(sums["offer_views"] > 0)).clip(0, 1)
        apart = np.exp(sums["log_price"] / sums["price_weight"].where(sums["price_weight"] > 0))
    sums["featured_offer_share"] = share
    sums["price"] = (apart * sums["family"].map(base)).round(2)
    return sums, currency


def _usual_prices(weekly: pd.DataFrame, price: pd.Series, home: str) -> tuple[pd.Series, str]:
    """Return each family's usual price in the currency of the largest marketplace."""
    here = weekly["marketplace"].fillna("nan").astype(str) == home
    base = price[here].groupby(weekly.loc[here, "family"]).median()
    currency = weekly.loc[here, "currency"].dropna()
    return base, "" if currency.empty else str(currency.iloc[0])


def _with_reviews(table: pd.DataFrame, history: ReviewHistory) -> pd.DataFrame:
    if history.kind == "none":
        table["review_count"] = table["average_rating"] = np.nan
    else:
        counts = history.at_start(table["family"], table["start"])
        table[["review_count", "average_rating"]] = counts.to_numpy(float)
    first = table.groupby("family")["week"].transform("min")
    late = first > table["week"].min() + pd.Timedelta(days=WHOLE_WEEK)
    # Who was there in the first weeks may be of any age.
    table["age_weeks"] = ((table["week"] - first).dt.days // 7).where(late)
    count, stars = table["review_count"], table["average_rating"]
    table["presence"] = np.select([count.isna(), count > 0], ["unknown", "some"], "none")
    table["rating_group"] = np.select(
        [count.isna() | ((count > 0) & stars.isna()), count == 0, stars >= POSITIVE],
        ["unknown", "none", "positive"],
        "mixed",
    )
    table["out_of_stock"] = table["featured_offer_share"] < OUT_OF_STOCK
    table["impossible"] = table["units"] > table["sessions"]
    return table


def _limits(table: pd.DataFrame, history: ReviewHistory) -> list[str]:
    found = []
    if history.kind == "none":
        found.append(
            "There is no table of review counts for these products. Put reviews.csv (asin, date, "
            "review_count, average_rating) into the shop's folder."
        )
    if history.carried_back:
        found.append(
            "Review counts are known on some days only; between them the next known count stands, "
            "which is less exact than the date of each review."
        )
    weeks = table.groupby("week").size()
    span = (table["week"].max() - table["week"].min()).days // 7 + 1
    if span > len(weeks):
        found.append(f"{several(int(span - len(weeks)), 'week')} between the first and the last "
                     "have no business report.")  # fmt: skip
    if unknown := int((table["presence"] == "unknown").sum()):
        found.append(
            f"In {several(unknown, 'row')} it is not known whether the product had reviews; what "
            "is not known is not taken for none."
        )
    if impossible := int(table["impossible"].sum()):
        found.append(
            f"{several(impossible, 'row')} with more order items than sessions: flagged, and kept "
            "as given."
        )
    if table["price"].notna().mean() < 0.5:
        found.append("Prices are known for few weeks, because they come from sales: left out.")
    return found


def _coverage(table: pd.DataFrame) -> pd.DataFrame:
    made = pd.crosstab(table["week"], table["presence"]).reindex(
        columns=["none", "some", "unknown"], fill_value=0
    )
    made.columns = ["without_reviews", "with_reviews", "unknown"]
    rows = table.groupby("week")
    made["price_known"], made["offer_known"] = (
        rows[name].count() for name in ("price", "featured_offer_share")
    )
    return made.reset_index()[COVERAGE]


def _text(table: pd.DataFrame, outcome: str, per: str) -> str:
    families = several(table["family"].nunique(), "family", "families")
    known = table["presence"] != "unknown"
    kinds = table[known].groupby("family")["presence"].nunique()
    first, last = table["week"].min(), table["week"].max()
    names = {"order_items": "order items", "units": "units"}
    names |= {"sessions": "session", "page_views": "page view"}
    return (
        f"{families} in {several(table['week'].nunique(), 'week')} from {first:%Y-%m-%d} to "
        f"{last:%Y-%m-%d}; conversion is {names[outcome]} per {names[per]}. Whether there "
        f"were reviews is known for {100 * known.mean():.0f} % of the rows, and "
        f"{several(int((kinds > 1).sum()), 'family was', 'families were')} seen both without and "
        "with reviews."
    )


def _nothing(
    limits: list[str], period: pd.DataFrame, reviews: pd.DataFrame, outcome: str, per: str
) -> ReviewPanel:
    """Return a panel without weeks, and the latest report as a snapshot where there is one."""
    text = (
        "There is no business report by child or parent ASIN for a whole week, so what reviews do "
        "cannot be told from week to week. Download Detail Page Sales and Traffic by child ASIN, a "
        "week at a time, and state the period of each file."
    )
    limits.append(text)
    empty = pd.DataFrame(columns=COLUMNS)
    empty["week"] = pd.to_datetime(empty["week"])
    coverage = pd.DataFrame(columns=COVERAGE)
    if period.empty:
        return ReviewPanel(empty, coverage, text, limits, snapshot=empty)
    made, home, currency, history = _joined(period, reviews, outcome, per)
    start, end = period["start"].min(), period["end"].max()
    made.attrs["days"] = (end - start).days + 1
    limits.append(
        f"The report of {start:%Y-%m-%d} to {end:%Y-%m-%d} is compared product against product."
    )
    limits += _limits(made, history)
    return ReviewPanel(empty, coverage, text, limits, currency, home, made)
