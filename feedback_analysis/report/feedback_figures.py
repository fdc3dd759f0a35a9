"""Key figures from feedback: positive share, average, feedback received, negatives and neutrals."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pandas as pd

from feedback_analysis.once import once
from feedback_analysis.periods import Period
from feedback_analysis.report.figures import Missing, Value
from feedback_analysis.report.sales_figures import ORDERS_REMEDY, orders_of
from feedback_analysis.report.wording import day, known
from feedback_analysis.tallies import UNSTATED
from feedback_analysis.texts import listing

WINDOWS = ("30 days", "90 days", "365 days")
WINDOWS_ONLY = "totals that are typed in tell their own days, not those of one month or week"
DAYS_REMEDY = "add the Sales and Traffic report by date, which counts all feedback day by day"
STARS_ONLY = "the files hold no count of all feedback received, only 1 to 3 stars"
NONE_READ = "no feedback in the files"
NO_REPORT = (
    "no feedback report is among the files, and the daily counts do not tell neutral from positive"
)
BY_DAY = "Daily counts of all feedback that came in."
FEEDBACK_REMEDY = "download the feedback report (Performance > Feedback)"
TOTALS_REMEDY = (
    "copy the counts shown in Performance > Feedback into [[totals]] of shop.toml, or add the "
    "Sales and Traffic report by date"
)


@dataclass(frozen=True, eq=False)
class Ratings:
    """The ratings that one period needs, as the room ``health`` works them out.

    Attributes
    ----------
    period : Period
        What they are about.
    whole, by_marketplace : DataFrame
        One row for the period, and one a marketplace.
    windows, windows_by_marketplace : DataFrame
        One row a window ending with the period, and one a window and marketplace.
    text : str
        The period in words.
    limits : list of str
        What is not known, as sentences.
    daily : DataFrame or None
        Where ``days_only``, the feedback that daily counts say came in: ``marketplace``, ``n`` and
        ``complete`` (whether all days are counted).
    days_only : bool
        Whether feedback is counted by day and no feedback report was read.
    """

    period: Period
    whole: pd.DataFrame
    by_marketplace: pd.DataFrame
    windows: pd.DataFrame
    windows_by_marketplace: pd.DataFrame
    text: str
    limits: list[str]
    days_only: bool = False
    daily: pd.DataFrame | None = None


@once
def ratings(shop: Any, period: Period, *, windows: bool = True) -> Ratings | None:
    """Rate a shop in a period and in the windows that end with it.

    Parameters
    ----------
    shop : Shop
        With rows up to the period's last day only, so that a past month comes out as it was.
    period : Period
        The month or week.
    windows : bool, default=True
        Whether the windows are wanted too; without, their tables are empty.

    Returns
    -------
    Ratings or None
        None when there is neither feedback nor a total.
    """
    from feedback_analysis.health import feedback_rating, period_rating

    if shop.tallies.feedback.empty and shop.feedback_totals.empty:
        return None
    settings = shop.settings
    options = {
        "targets": (settings.targets.positive_share, settings.targets.average),
        "minimum_n": settings.minimum_n,
        "on_missing": "say",
    }
    # As the notebooks ask, so that what one works out the other need not.
    tables = (shop, shop.feedback_totals)
    whole = period_rating(*tables, period, **options)
    parts = period_rating(*tables, period, by="marketplace", **options)
    limits, none = list(whole.limits), whole.table.head(0)
    ending, ending_parts = none, none
    if windows:
        rating = feedback_rating(*tables, as_of=period.end, **options)
        ending, limits = rating.table, limits + rating.limits
        ending_parts = feedback_rating(*tables, as_of=period.end, by="marketplace", **options).table
    days_only = shop.tallies.feedback.empty and shop.feedback_totals["window"].isna().all()
    return Ratings(
        period=period,
        whole=whole.table,
        by_marketplace=_parts(parts.table),
        windows=ending,
        windows_by_marketplace=_parts(ending_parts),
        text=whole.text,
        limits=list(dict.fromkeys(limits)),
        days_only=days_only,
        daily=_daily(shop.feedback_totals, period) if days_only else None,
    )


def _parts(table: pd.DataFrame) -> pd.DataFrame:
    """Return a table by marketplace; it is not by marketplace where nothing could be rated."""
    return (
        table if "marketplace" in table else table.head(0).assign(marketplace=pd.Series(dtype=str))
    )


def _daily(totals: pd.DataFrame, period: Period) -> pd.DataFrame:
    """Return what daily counts say came in, a row a marketplace: they tell that much of feedback
    whose stars nobody tells."""
    inside = totals["date"].between(pd.Timestamp(period.start), pd.Timestamp(period.end))
    told = totals[inside & totals["received"].notna()].groupby("marketplace", observed=True)
    counted = told.agg(n=("received", "sum"), days=("date", "nunique")).reset_index()
    whole = (period.end - period.start).days + 1
    return counted.assign(complete=counted["days"].ge(whole)).drop(columns="days")


def share(found: Ratings | None, window: str | None = None) -> Value | Missing:
    """Return the positive share of the period, or of a window that ends with it."""
    row = _row(found, window)
    if isinstance(row, Missing):
        return row
    return Value(
        row["share"],
        n=int(row["n"]),
        low=row["low"],
        high=row["high"],
        verdict=row["share_verdict"],
        source=_source(row),
        complete=bool(row["complete"]),
    )


def average(found: Ratings | None, window: str | None = None) -> Value | Missing:
    """Return the average stars; only bounds where the split of 4 and 5 stars is not known."""
    row = _row(found, window)
    if isinstance(row, Missing):
        return row
    source = _source(row)
    if not known(row["average"]):
        source += " The split of 4 and 5 stars is not known: lowest and highest possible average."
    return Value(
        row["average"],
        n=int(row["n"]),
        low=row["average_low"],
        high=row["average_high"],
        verdict=row["average_verdict"],
        source=source,
        complete=bool(row["complete"]),
    )


def received(found: Ratings | None) -> Value | Missing:
    """Return how many feedbacks came in during the period."""
    row = _row(found, None, empty_is_missing=False)
    if isinstance(row, Missing):
        daily = None if found is None else found.daily
        if daily is None or daily.empty:
            return row
        complete = bool(daily["complete"].all())
        source = BY_DAY if complete else f"{BY_DAY} They do not cover all days."
        return Value(int(daily["n"].sum()), source=source, complete=complete)
    return Value(int(row["n"]), source=_source(row), complete=bool(row["complete"]))


def below_four(shop: Any, period: Period) -> Value | Missing:
    """Return how many feedbacks of 1 to 3 stars came in, from the rows of the feedback files."""
    counts = shop.tallies.feedback
    if counts.empty:
        return Missing(NONE_READ, FEEDBACK_REMEDY)
    inside = counts["date"].between(pd.Timestamp(period.start), pd.Timestamp(period.end))
    count = int(counts.loc[inside & counts["rating"].le(3) & ~counts["gone"], "n"].sum())
    return Value(count, source="Rows of 1 to 3 stars in the feedback files, without struck ones.")


def per_order(shop: Any, found: Ratings | None) -> Value | Missing:
    """Return feedback received per order, in the marketplaces where both are known.

    Feedback of a period belongs in part to orders of the period before; over a month that evens
    out unless orders grow or shrink fast.
    """
    from feedback_analysis.health.intervals import share_interval

    row, whole = _row(found, None), None if found is None else found.by_marketplace
    if isinstance(row, Missing):
        whole = None if found is None else found.daily
        if whole is None or not whole["n"].sum():
            return row
    placed = orders_of(shop, found.period)
    whole = whole[whole["complete"]]
    markets = sorted(set(whole["marketplace"]) & set(placed["marketplace"]) - {UNSTATED})
    if not markets and len(placed):
        return Missing(
            f"no marketplace with all feedback and the orders of {found.period.label} in the files",
            DAYS_REMEDY,
        )
    if not markets:
        return Missing(f"no orders of {found.period.label} in the files", ORDERS_REMEDY)
    counted = int(whole.loc[whole["marketplace"].isin(markets), "n"].sum())
    orders = int(placed.loc[placed["marketplace"].isin(markets), "orders"].sum())
    low, high = share_interval(min(counted, orders), orders)
    source = f"Feedback received and orders placed in {found.period.label}, {listing(markets)}."
    return Value(counted / orders, n=orders, low=low, high=high, source=source)


def _row(
    found: Ratings | None, window: str | None, *, empty_is_missing: bool = True
) -> Any | Missing:
    if found is None:
        return Missing(NONE_READ, FEEDBACK_REMEDY)
    table = found.whole
    if window is not None:
        table = found.windows[found.windows["window"] == window]
    if table.empty or pd.isna(table["n"].iloc[0]):
        if window is None and found.windows["n"].notna().any():
            return Missing(WINDOWS_ONLY, DAYS_REMEDY)
        if found.days_only:
            return Missing(NO_REPORT, FEEDBACK_REMEDY)
        return Missing(STARS_ONLY, TOTALS_REMEDY)
    row = table.iloc[0]
    if row["n"] == 0 and (empty_is_missing or not row["complete"]):
        time = found.period.label if window is None else f"the {window} to {day(found.period.end)}"
        return Missing(f"no feedback is known of {time}")
    return row


def _source(row: Any) -> str:
    text = str(row["source"])
    text = f"{text[0].upper()}{text[1:]}."
    return text if row["complete"] else f"{text} They do not cover all days."
