"""Columns of the tables by week and by order: alarms, order defects, answers to buyers."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd

from feedback_analysis.channels import channel_names
from feedback_analysis.charts.writers import (
    Columns,
    Row,
    count_of,
    day_of,
    fitting,
    glued,
    month_of,
)
from feedback_analysis.health.words import missing, percent, percent_range
from feedback_analysis.texts import several

SHARE = "positive share"


def order_columns(frame: pd.DataFrame) -> Columns | None:
    """Return headings and writers for one of these tables, or None for any other.

    Parameters
    ----------
    frame : DataFrame
        A result's table.

    Returns
    -------
    dict or None
        Heading -> function of a row.
    """
    columns = fitting(
        frame,
        (
            (ALARMS, {"chart", "began", "continues"}),
            (CHANGES, {"chart", "began", "first_alarm"}),
            (DEFECTS, {"defects", "expected_rate", "verdict"}),
            (AMAZON, {"amazon_rate", "why"}),
            (ANSWERS, {"per_order", "answered_share"}),
            (CLOSING, {"cases", "median_days"}),
        ),
    )
    market = MARKETPLACE if "marketplace" in frame else {}
    return columns and market | columns


def _span(first: str, last: str) -> Callable[[Row], str]:
    def write(row: Row) -> str:
        low, high = day_of(first)(row), day_of(last)(row)
        return low if low == high else f"{low} to {high}"

    return write


def _level(name: str) -> Callable[[Row], str]:
    def write(row: Row) -> str:
        if row["chart"] == SHARE:
            return glued(percent(row[name]))
        if row["unit"] == "orders":
            return f"{1000 * row[name]:.1f} per 1,000 orders"
        if row["unit"] == "weeks":
            return f"{row[name]:.1f} a week"
        return glued(f"{percent(row[name])} of all feedback")

    return write


def _rate(name: str, low: str, high: str, *, digits: int) -> Callable[[Row], str]:
    def write(row: Row) -> str:
        if missing(row[name]):
            return "not known"
        ends = "" if missing(row[low]) else f" ({percent_range(row[low], row[high])})"
        return glued(f"{percent(row[name], digits)}{ends}")

    return write


def _channel(row: Row) -> str:
    return channel_names("fulfilled").get(row["channel"], "not stated")


def _verdict(row: Row) -> str:
    return {
        "met": "yes, and stays so",
        "not met": "no",
        "going over": "yes, but will not stay so",
    }.get(row["verdict"], row["verdict"])


def _why(row: Row) -> str:
    """Say why two rates of one span differ, also where it is the rounding alone."""
    two = (row["amazon_rate"], row["rate"])
    if row["why"] or missing(two[0]) or percent(two[0], 2) == percent(two[1], 2):
        return row["why"]
    return f"the same {row['defects']:,} of {row['orders']:,} orders; the rates are rounded apart"


MARKETPLACE: Columns = {"Marketplace": lambda row: row["marketplace"]}
ALARMS: Columns = {
    "Alarm in the week of": day_of("start"),
    "What": lambda row: SHARE if row["chart"] == SHARE else "negative feedback",
    "Began probably between": _span("began_low", "began_high"),
    "Usual": _level("level_before"),
    "Up to the alarm": _level("level_after"),
    "New": lambda row: "goes on" if row["continues"] else "yes",
}
CHANGES: Columns = {
    "Began probably": _span("began_low", "began_high"),
    "What": lambda row: SHARE if row["chart"] == SHARE else "negative feedback",
    "Usual": _level("level_before"),
    "Up to the first alarm": _level("level_after"),
    "All of it": _level("level_since"),
    "First alarm": day_of("first_alarm"),
    "Last alarm": day_of("last_alarm"),
    "Alarms": count_of("alarms"),
}
DEFECTS: Columns = {
    "Orders": _channel,
    "How many": count_of("orders"),
    "With a defect so far": count_of("defects"),
    "Rate so far": _rate("rate", "low", "high", digits=2),
    "Expected when all feedback is in": _rate(
        "expected_rate", "expected_rate_low", "expected_rate_high", digits=2
    ),
    "Below the limit": _verdict,
}
AMAZON: Columns = {
    "Orders": _channel,
    "Up to": day_of("end"),
    "Amazon's rate": lambda row: glued(percent(row["amazon_rate"], 2)),
    "Amazon's orders": count_of("amazon_orders"),
    "Our count, same orders": lambda row: glued(percent(row["rate"], 2)),
    "Why they differ": _why,
}
ANSWERS: Columns = {
    "Month": month_of("month"),
    "Orders": count_of("orders"),
    "Feedbacks": count_of("feedback"),
    "Feedback per order": _rate("per_order", "low", "high", digits=1),
    "All feedback in": lambda row: "yes" if row["mature"] else "not yet",
    "Negatives": count_of("negatives"),
    "Answered publicly": count_of("answered"),
}
CLOSING: Columns = {
    "Cases opened in": month_of("month"),
    "Cases": count_of("cases"),
    "Closed": count_of("closed"),
    "Still open": count_of("open"),
    "Half closed within": lambda row: (
        "not yet" if missing(row["median_days"]) else several(round(row["median_days"]), "day")
    ),
}
