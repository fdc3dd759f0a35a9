"""The panel of families and weeks, made from a shop's business reports and review counts."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np
import pandas as pd

from feedback_analysis.conversion.prepare import OUT_OF_STOCK
from feedback_analysis.conversion.review_history import ReviewHistory, review_history
from feedback_analysis.conversion.weekly import (
    PLACES,
    WHOLE_WEEK,
    Weeks,
    add_up,
    periods,
    traffic_rows,
)
from feedback_analysis.errors import ReportError
from feedback_analysis.once import once
from feedback_analysis.periods import day_in_words
from feedback_analysis.results import Result
from feedback_analysis.shares import part_percent
from feedback_analysis.texts import listing, several

COLUMNS = [
    "family", "week", "sessions", "units", "price", "featured_offer_share", "review_count",
    "average_rating", "age_weeks", "market_mix", "presence", "rating_group", "out_of_stock",
    "impossible",
]  # fmt: skip
COVERAGE = ["week", "without_reviews", "with_reviews", "unknown", "price_known", "offer_known"]
# Amazon speaks of products with positive reviews: 4 stars or more.
POSITIVE = 4.0
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
        ``age_weeks``, ``market_mix`` (conversion that the week's mix of marketplaces alone lets
        expect, 0-1), ``presence`` (none, some, unknown), ``rating_group`` (none, positive, mixed,
        unknown), ``out_of_stock``, ``impossible`` (more order items than sessions).
    coverage : DataFrame
        One row a week: families without_reviews, with_reviews and unknown, and how many have
        price_known and offer_known.
    text : str
        What is known for which weeks.
    limits : list of str
        What is not known or was set apart, as sentences.
    currency : str
        The unit of ``price`` in ``table``, that of the marketplace with most sessions; empty where
        there are no prices.
    places : DataFrame
        One row a family and marketplace: family, marketplace, share of the family's visits of the
        latest eight weeks (0-1), its usual price there and the currency.
    snapshot : DataFrame
        What products can be compared on: the table itself; where there is no report of a whole
        week, the latest report as one row a family, and ``snapshot.attrs["days"]`` tells its span.
    """

    table: pd.DataFrame
    coverage: pd.DataFrame
    text: str
    limits: list[str] = field(default_factory=list)
    currency: str = ""
    snapshot: pd.DataFrame = field(default_factory=pd.DataFrame)
    places: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=PLACES))


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
        Only this one; by default the visits and sales of all are added up, because a table of
        review counts does not tell marketplaces apart. Money is not added.
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
    rows = traffic_rows(shop.traffic, marketplace)
    there = periods(rows)
    weekly = _weekly(there, limits)
    if weekly.empty:
        last = _one_period(there)
        seen = None if last.empty else add_up(rows, last, outcome=outcome, per=per, inside=0)
        return _nothing(limits, last, seen, shop.reviews)
    # Amazon's own weeks begin on a Sunday: the Monday inside names the week.
    weeks = add_up(rows, weekly, outcome=outcome, per=per, inside=3)
    made, history = _joined(weeks, shop.reviews)
    limits += _limits(made, history, int(weeks.table["partly"].sum()))
    coverage = _coverage(made)
    text = _text(made, weeks.places, outcome, per)
    where = (weeks.currency, made, weeks.places)
    return ReviewPanel(made, coverage, text, limits, *where)


def _joined(weeks: Weeks, reviews: pd.DataFrame) -> tuple[pd.DataFrame, ReviewHistory]:
    """Return families by week with their reviews."""
    history = review_history(reviews, weeks.families)
    made = _with_reviews(weeks.table, history)[COLUMNS]
    made.attrs = {"carried_back": history.carried_back}
    return made, history


def _one_period(there: pd.DataFrame) -> pd.DataFrame:
    """Return the latest report by child, else by parent ASIN, whatever its span."""
    found = there[there["basis"] != "sku"]
    found = found[found["end"] == found["end"].max()]
    found = found[found["start"] == found["start"].min()]
    return found[found["basis"] == ("child" if found["basis"].eq("child").any() else "parent")]


def _weekly(there: pd.DataFrame, limits: list[str]) -> pd.DataFrame:
    """Return the reports of whole weeks, by child or by parent ASIN."""
    if len(there) and there["basis"].eq("sku").all():
        limits.append(
            "The business reports are by SKU: they repeat the sessions of a product on each of its "
            "SKUs and leave out SKUs without a sale, so no conversion is taken from them. Download "
            "Detail Page Sales and Traffic by child ASIN."
        )
    found = there[there["basis"] != "sku"]
    whole = found["days"] == WHOLE_WEEK
    other = found.loc[~whole, ["start", "end"]].drop_duplicates()
    if len(other):
        limits.append(
            f"{several(len(other), 'period is', 'periods are')} not one whole week, and business "
            "reports of other spans cannot go into a panel of weeks."
        )
    found = found[whole]
    if found["basis"].nunique() > 1:
        # Sessions of children and of their parent count the same visitors in two ways.
        weeks = found.groupby("basis")["start"].nunique()
        most = weeks.idxmax()
        why = "they cover the most weeks" if weeks.nunique() > 1 else "either covers every week"
        limits.append(f"Reports by {most} ASIN alone are used: {why}.")
        found = found[found["basis"] == most]
    return found


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


def _limits(table: pd.DataFrame, history: ReviewHistory, partly: int) -> list[str]:
    found = []
    if partly:
        found.append(
            f"In {several(partly, 'row')} some visits come without a count of what was sold, or "
            "the other way round; neither is counted there."
        )
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


def places_in_words(places: pd.DataFrame) -> str:
    """Return which marketplaces are counted, such as ``US, UK and DE together``.

    Parameters
    ----------
    places : DataFrame
        Of a :class:`ReviewPanel`.

    Returns
    -------
    str
        Empty where no marketplace is stated.
    """
    seen = places[places["marketplace"] != ""].groupby("marketplace")["share"].sum()
    names = seen.sort_values(ascending=False, kind="stable").index.tolist()
    return f"{listing(names)} together" if len(names) > 1 else "".join(names)


def _text(table: pd.DataFrame, places: pd.DataFrame, outcome: str, per: str) -> str:
    families = several(table["family"].nunique(), "family", "families")
    known = table["presence"] != "unknown"
    kinds = table[known].groupby("family")["presence"].nunique()
    first, last = table["week"].min(), table["week"].max()
    names = {"order_items": "order items", "units": "units"}
    names |= {"sessions": "session", "page_views": "page view"}
    where = places_in_words(places)
    return (
        f"{families}{f' in {where},' * bool(where)} in {several(table['week'].nunique(), 'week')} "
        f"from {day_in_words(first)} to "
        f"{day_in_words(last)}; conversion is {names[outcome]} per {names[per]}. Whether there "
        f"were reviews is known for {part_percent(known.mean())} of the rows, and "
        f"{several(int((kinds > 1).sum()), 'family was', 'families were')} seen both without and "
        "with reviews."
    )


def _nothing(
    limits: list[str], last: pd.DataFrame, seen: Weeks | None, reviews: pd.DataFrame
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
    if seen is None:
        return ReviewPanel(empty, coverage, text, limits, snapshot=empty)
    made, history = _joined(seen, reviews)
    start, end = last["start"].min(), last["end"].max()
    made.attrs["days"] = (end - start).days + 1
    limits.append(
        f"The report of {day_in_words(start)} to {day_in_words(end)} is compared product against "
        "product."
    )
    limits += _limits(made, history, int(seen.table["partly"].sum()))
    where = (seen.currency, made, seen.places)
    return ReviewPanel(empty, coverage, text, limits, *where)
