"""Key figures from orders and business reports: orders, conversion, units refunded."""

from __future__ import annotations

import math
from typing import Any

import pandas as pd

from feedback_analysis.periods import Period
from feedback_analysis.report.figures import Missing, Value
from feedback_analysis.tallies import PENDING, SOLD
from feedback_analysis.texts import several

# With fewer days the spread between days says nothing.
LEAST_DAYS = 7
DAILY_REMEDY = (
    "put the Sales and Traffic report by date (Reports > Business Reports) into the shop's folder"
)
ORDERS_REMEDY = "put the All Orders report (Orders > Order Reports) into the shop's folder"


def orders_of(shop: Any, period: Period) -> pd.DataFrame:
    """Count the orders and order items bought in a period, without cancelled ones.

    Parameters
    ----------
    shop : Shop
        With ``tallies``.
    period : Period
        The period of the purchase.

    Returns
    -------
    DataFrame
        Rows of the tally ``orders``. A pending order counts: it was placed.
    """
    placed = shop.tallies.orders
    inside = placed["date"].between(pd.Timestamp(period.start), pd.Timestamp(period.end))
    return placed[inside & placed["status"].isin((SOLD, PENDING))]


def order_count(shop: Any, period: Period) -> Value | Missing:
    """Return the number of orders placed in a period."""
    found = orders_of(shop, period)
    if found.empty:
        return Missing(f"no orders of {period.label} in the files", ORDERS_REMEDY)
    return Value(int(found["orders"].sum()), source=f"Orders placed in {period.label}.")


def order_items(shop: Any, period: Period) -> Value | Missing:
    """Return the number of order items, from business reports or else from the orders."""
    daily = _days(shop, period, "order_items")
    if not daily.empty:
        source = f"Business reports by date, {_coverage(shop, daily, period)}."
        return Value(int(daily["order_items"].sum()), source=source)
    found = orders_of(shop, period)
    if found.empty:
        return Missing(f"no order items of {period.label} in the files", DAILY_REMEDY)
    return Value(int(found["items"].sum()), source=f"Lines of the orders placed in {period.label}.")


def conversion(shop: Any, period: Period) -> Value | Missing:
    """Return order items per session, with an interval from the spread between days."""
    return _rate(shop, period, "order_items", "sessions", what="sessions")


def units_refunded(shop: Any, period: Period) -> Value | Missing:
    """Return units refunded in a period per unit ordered in it.

    Many of the refunded units were ordered before the period, as Amazon's own refund rate has it.
    """
    return _rate(shop, period, "units_refunded", "units", what="units ordered and refunded")


def _days(shop: Any, period: Period, *columns: str) -> pd.DataFrame:
    daily = shop.daily
    inside = daily["date"].between(pd.Timestamp(period.start), pd.Timestamp(period.end))
    return daily[inside].dropna(subset=list(columns))


def _coverage(shop: Any, daily: pd.DataFrame, period: Period) -> str:
    """Say how many days are known, and name marketplaces with fewer than all."""
    wanted = (period.end - period.start).days + 1
    days = daily.groupby(daily["marketplace"].fillna("marketplace not stated"))["date"].nunique()
    # A marketplace that the shop sells in and no file speaks of has none.
    names = sorted({*days.index, *shop.settings.marketplaces})
    lacking = [
        f"{name} {days.get(name, 0)} of {wanted}" for name in names if days.get(name, 0) < wanted
    ]
    return f"{wanted} days" if not lacking else f"days known: {', '.join(lacking)}"


def _rate(shop: Any, period: Period, count: str, base: str, *, what: str) -> Value | Missing:
    daily = _days(shop, period, count, base)
    total = int(daily[base].sum()) if len(daily) else 0
    if total == 0:
        return Missing(f"no {what} of {period.label} in the files", DAILY_REMEDY)
    by_day = daily.groupby("date")[[count, base]].sum().astype("float64")
    rate = by_day[count].sum() / by_day[base].sum()
    low, high = _interval(by_day[count], by_day[base], rate)
    source = f"Business reports by date, {_coverage(shop, daily, period)}; {_spread(len(by_day))}."
    return Value(rate, n=total, low=low, high=high, source=source)


def _spread(days: int) -> str:
    """Say what the range is from, or why there is none."""
    if days < LEAST_DAYS:
        return f"{several(days, 'day')}, too few for a range"
    return f"the range is from the spread over {several(days, 'day')}"


def _interval(counts: pd.Series, bases: pd.Series, rate: float) -> tuple[float, float]:
    """Return a 95 % interval of a ratio of sums, from the days' deviations.

    Visits of one day are more alike than chance has it (a promotion, a weekend), so an interval
    from the number of visits alone would be far too short (Cochran, Sampling Techniques, 1977).
    """
    from scipy.special import stdtrit

    days = len(counts)
    if days < LEAST_DAYS:
        return math.nan, math.nan
    deviations = counts - rate * bases
    error = math.sqrt(days / (days - 1) * float((deviations**2).sum())) / float(bases.sum())
    reach = float(stdtrit(days - 1, 0.975)) * error
    return max(0.0, rate - reach), rate + reach
