"""Columns of the tables about cases, fixes and asking."""

from __future__ import annotations

from typing import Any

import pandas as pd

from feedback_analysis.charts.quoting import Quoting
from feedback_analysis.charts.reason_tables import GLUE, Columns, Row, count_of, glued, share_of
from feedback_analysis.periods import MONTHS
from feedback_analysis.shares import missing, percent, percent_range
from feedback_analysis.texts import several


def case_columns(frame: pd.DataFrame) -> Columns | None:
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
    for columns, marks in (
        (CASES, {"case_id", "next_step", "request_days_left"}),
        (CANDIDATES, {"case_id", "rule", "clause"}),
        (RESOLUTIONS, {"resolution", "seen", "told"}),
        (COSTS, {"resolution", "currency", "median"}),
        (FIXES, {"action", "measured_by", "ratio"}),
        (FINDINGS, {"what", "verdict", "quote"}),
        (NOW, {"in_window", "never_asked"}),
        (FUNNEL, {"step", "of_orders"}),
        (EXCLUSIONS, {"rule", "orders_left_out"}),
        (EFFECT, {"outcome", "held_out", "difference"}),
        (TEXTS, {"language", "use", "findings"}),
    ):
        if marks <= set(frame.columns):
            return columns
    if {"orders", "feedback", "per_order"} <= set(frame.columns) and len(frame.columns) == 6:
        name = str(frame.columns[0])
        return {_HEADINGS.get(name, name.capitalize()): _name_of(name)} | PER_ORDER
    return None


_HEADINGS = {"asin": "Product", "channel": "Shipped by"}
_CHANNELS = {"amazon": "Amazon", "seller": "you"}


def _name_of(name: str) -> Any:
    return lambda row: _CHANNELS.get(row[name], row[name]) if name == "channel" else str(row[name])


def _day(name: str) -> Any:
    def write(row: Row) -> str:
        day = row[name]
        if missing(day):
            return ""
        return f"{day.day}{GLUE}{MONTHS[day.month - 1][:3]}{GLUE}{day.year}"

    return write


def _text(name: str) -> Any:
    return lambda row: "" if missing(row[name]) else str(row[name])


def _left(name: str) -> Any:
    def write(row: Row) -> str:
        if missing(row[name]):
            return "not known"
        return "over" if row[name] < 0 else f"{int(row[name])}{GLUE}days"

    return write


def _cause(row: Row) -> str:
    if not row["causes"]:
        return "cause not yet known"
    words = ", ".join(cause.replace("_", " ") for cause in row["causes"])
    return words if row["cause_from"] == "you" else f"{words} (labelled)"


def _interval(value: str, low: str, high: str) -> Any:
    def write(row: Row) -> str:
        if missing(row[value]):
            return "not known"
        return glued(f"{percent(row[value])} ({percent_range(row[low], row[high])})")

    return write


def _per_thousand(rate: str, count: str, n: str) -> Any:
    def write(row: Row) -> str:
        if missing(row[rate]):
            return f"{row[count]:,} of {row[n]:,}"
        return f"{1000 * row[rate]:.1f} ({row[count]:,} of {row[n]:,})"

    return write


def _ratio(value: str, low: str, high: str) -> Any:
    def write(row: Row) -> str:
        if missing(row[value]):
            return "too few to compare"
        return f"{row[value]:.2f} ({row[low]:.2f} to {row[high]:.2f})"

    return write


def _runs_out(row: Row) -> str:
    if missing(row["next_day"]):
        return "nothing any more"
    first = f"{row['next_end']} on {_day('next_day')(row)}"
    if row["next_end"] == "overdue":
        first = f"overdue by {several(int(row['overdue_days']), 'day')}"
    windows = (("request", row["request_days_left"]), ("buyer's time", row["buyer_days_left"]))
    ends = [
        f"{name} {'over' if left < 0 else several(int(left), 'day')}"
        for name, left in windows
        if not missing(left)
    ]
    return "; ".join([first, *ends])


def _stage(row: Row) -> str:
    return row["stage"] if missing(row["owner"]) else f"{row['stage']}, {row['owner']}"


def _cause_and_whose(row: Row) -> str:
    whose = {"not known": "whose is not known", "seller": "yours", "Amazon": "Amazon's"}
    return f"{_cause(row)}; {whose.get(row['answers'], row['answers'])}"


def _order(row: Row) -> str:
    return "; ".join(filter(None, [_text("product")(row), _text("evidence")(row)]))


def _comment(row: Row) -> str:
    return row["comment"] or "(stars only)"


CASES: Columns = {
    "Case": lambda row: f"{row['case_id']}: {_stage(row)}",
    "What to do": _text("next_step"),
    "Runs out": _runs_out,
    "Stars": count_of("rating"),
    "Comment": Quoting(_comment),
    "Cause, and whose": _cause_and_whose,
    "Order": _order,
}
CANDIDATES: Columns = {
    "Case": _text("case_id"),
    "Rule that may apply": _text("rule"),
    "Rests on": Quoting(_text("clause")),
    "Whole comment": Quoting(_comment),
    "Removal can be asked for": _left("request_days_left"),
    "Stage": _text("stage"),
}
RESOLUTIONS: Columns = {
    "Done about it": _text("resolution"),
    "Closed cases": count_of("n"),
    "Seen gone or changed": count_of("seen"),
    "Gone by your list": count_of("told"),
    "Either": count_of("changed"),
    "Share": _interval("share", "low", "high"),
}
COSTS: Columns = {
    "Done about it": _text("resolution"),
    "Currency": _text("currency"),
    "Cases": count_of("cases"),
    "Total": lambda row: f"{row['total']:,.2f}",
    "Half cost less than": lambda row: f"{row['median']:,.2f}",
}
FIXES: Columns = {
    "What changed": _text("action"),
    "Since": _day("since"),
    "Complaint": lambda row: str(row["complaint"]).replace("_", " "),
    "Measured by": _text("measured_by"),
    "Before, per 1,000 orders": _per_thousand("rate_before", "before", "orders_before"),
    "After": _per_thousand("rate_after", "after", "orders_after"),
    "Ratio": _ratio("ratio", "low", "high"),
    "Against products not touched": _ratio("net_ratio", "net_low", "net_high"),
    "Smallest fall to be seen": lambda row: (
        "" if missing(row["smallest"]) else f"{100 * row['smallest']:.0f}{GLUE}%"
    ),
    "Verdict": _text("verdict"),
}
FINDINGS: Columns = {
    "Where": _text("what"),
    "Verdict": _text("verdict"),
    "Rule": _text("rule"),
    "Rests on": _text("quote"),
    "Source": _text("source"),
}
PER_ORDER: Columns = {
    "Orders": count_of("orders"),
    "With feedback": count_of("feedback"),
    "Feedback per order": _interval("per_order", "low", "high"),
}
NOW: Columns = {
    "Marketplace": _text("marketplace"),
    "Orders in the window": count_of("in_window"),
    "Feedback already": count_of("feedback_already"),
    "Asked": count_of("asked"),
    "Held out": count_of("held_out"),
    "Never asked": count_of("never_asked"),
    "Time ends this week": count_of("ending_this_week"),
}
FUNNEL: Columns = {
    "Step": _text("step"),
    "Orders": count_of("n"),
    "Of all": share_of("of_orders"),
}
EXCLUSIONS: Columns = {
    "Asked": _text("rule"),
    "Orders left out": count_of("orders_left_out"),
    "Feedbacks": count_of("feedback"),
    "Positive share": _interval("share", "low", "high"),
}
EFFECT: Columns = {
    "What": _text("outcome"),
    "Asked": lambda row: glued(f"{percent(row['asked'])} of {int(row['asked_orders']):,}"),
    "Held out": lambda row: glued(f"{percent(row['held_out'])} of {int(row['held_out_orders']):,}"),
    "Difference, points": lambda row: (
        "not known"
        if missing(row["difference"])
        else f"{100 * row['difference']:+.1f} ({100 * row['low']:+.1f} to {100 * row['high']:+.1f})"
    ),
}
TEXTS: Columns = {
    "Marketplace": _text("marketplace"),
    "For": lambda row: "a message" if row["use"] == "request" else "a slip in the parcel",
    "Text": _text("text"),
    "Rules broken": count_of("findings"),
}
