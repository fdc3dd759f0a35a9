"""Columns of the tables about cases, fixes and asking."""

from __future__ import annotations

import math
import re
from functools import cache
from typing import Any

import pandas as pd

from feedback_analysis.causes.taxonomy import own_taxonomy
from feedback_analysis.channels import channel_names
from feedback_analysis.charts.quoting import Quoting
from feedback_analysis.charts.writers import (
    GLUE,
    Columns,
    Row,
    count_of,
    fitting,
    glued,
    month_of,
    share_of,
    share_with,
    short_day_of,
    sku_of,
    text_of,
)
from feedback_analysis.health.words import signed
from feedback_analysis.shares import missing, percent
from feedback_analysis.texts import in_sentence, several


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
    found = fitting(
        frame,
        (
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
        ),
    )
    if found is None and set(frame.columns) > PER_ORDER_MARKS and len(frame.columns) == 6:
        name = str(frame.columns[0])
        return {_HEADINGS.get(name, name.capitalize()): _name_of(name)} | PER_ORDER
    return found


# A day stays on one line.
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
PER_ORDER_MARKS = {"orders", "feedback", "per_order"}
_HEADINGS = {"asin": "Product", "channel": "Shipped by"}


def _name_of(name: str) -> Any:
    if name == "month":
        return month_of(name)
    called = channel_names("shipper") if name == "channel" else {}
    return lambda row: called.get(row[name], str(row[name]))


def _left(name: str) -> Any:
    def write(row: Row) -> str:
        if missing(row[name]):
            return "not known"
        return "over" if row[name] < 0 else several(int(row[name]), "day").replace(" ", GLUE)

    return write


@cache
def _cause_names() -> dict[str, str]:
    """Return what every cause is called inside a sentence; a shop's own go by their id."""
    causes = own_taxonomy().causes
    return {cause.id: in_sentence(cause.label) for cause in causes}


def causes_of(name: str) -> Any:
    """Return a writer of causes that a table holds as ids in words, by the names of every page."""

    def write(row: Row) -> str:
        ids = row[name].split(", ") if row[name] else []
        names = _cause_names()
        return ", ".join(names.get(each.replace(" ", "_"), each) for each in ids)

    return write


def _cause(row: Row) -> str:
    if not row["causes"]:
        return "cause not yet known"
    names = _cause_names()
    words = ", ".join(names.get(cause, cause.replace("_", " ")) for cause in row["causes"])
    return words if row["cause_from"] == "you" else f"{words} (labelled)"


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
        if math.isinf(row[value]):
            return f"{row[low]:.2f} or more"
        return f"{row[value]:.2f} ({row[low]:.2f} to {row[high]:.2f})"

    return write


def _runs_out(row: Row) -> str:
    """Say what ends first, then how long each of the windows is open yet."""
    if missing(row["next_day"]):
        return "nothing any more"
    first = f"{row['next_end']} on {short_day_of('next_day')(row)}"
    if row["next_end"] == "overdue":
        first = f"overdue by {several(int(row['overdue_days']), 'day')}"
    windows = (("removal", row["request_days_left"]), ("buyer", row["buyer_days_left"]))
    ends = [
        f"{name}: {several(int(left), 'day')} left"
        for name, left in windows
        if not missing(left) and left >= 0
    ]
    # Each part stays on one line.
    return "; ".join(part.replace(" ", GLUE) for part in (first, *ends))


def _stage(row: Row) -> str:
    return row["stage"] if missing(row["owner"]) else f"{row['stage']}, {row['owner']}"


def _cause_and_whose(row: Row) -> str:
    whose = {"not known": "whose is not known", "seller": "yours", "Amazon": "Amazon's"}
    return f"{_cause(row)}; {whose.get(row['answers'], row['answers'])}"


def _order(row: Row) -> str:
    evidence = _DATE.sub(
        lambda day: short_day_of("day")({"day": pd.Timestamp(day[0])}), row["evidence"]
    )
    return "; ".join(filter(None, [sku_of("product")(row), evidence]))


def _comment(row: Row) -> str:
    return row["comment"] or "(stars only)"


CASES: Columns = {
    "Case": lambda row: f"{row['case_id']}: {_stage(row)}",
    "What to do": text_of("next_step"),
    "Runs out": _runs_out,
    "Stars": count_of("rating"),
    "Comment": Quoting(_comment),
    "Cause, and whose": _cause_and_whose,
    "Product, and what the files say": _order,
}
CANDIDATES: Columns = {
    "Case": text_of("case_id"),
    "Rule that may apply": text_of("rule"),
    "Rests on": Quoting(text_of("clause")),
    "Whole comment": Quoting(_comment),
    "Removal can be asked for": _left("request_days_left"),
    "Stage": text_of("stage"),
}
RESOLUTIONS: Columns = {
    "Done about it": text_of("resolution"),
    "Closed cases": count_of("n"),
    "Seen gone or changed": count_of("seen"),
    "Gone by your list": count_of("told"),
    "Either": count_of("changed"),
    "Share": share_with("share", "low", "high"),
}
COSTS: Columns = {
    "Done about it": text_of("resolution"),
    "Currency": text_of("currency"),
    "Cases": count_of("cases"),
    "Total": lambda row: f"{row['total']:,.2f}",
    "Half cost at most": lambda row: f"{row['median']:,.2f}",
}
FIXES: Columns = {
    "What changed": text_of("action"),
    "Since": short_day_of("since"),
    "Complaint": lambda row: _cause_names().get(
        row["complaint"], str(row["complaint"]).replace("_", " ")
    ),
    "Measured by": text_of("measured_by"),
    "Before, per 1,000 orders": _per_thousand("rate_before", "before", "orders_before"),
    "After": _per_thousand("rate_after", "after", "orders_after"),
    "Ratio": _ratio("ratio", "low", "high"),
    "Against products not touched": _ratio("net_ratio", "net_low", "net_high"),
    "Smallest fall to be seen": lambda row: (
        "" if missing(row["smallest"]) else f"{100 * row['smallest']:.0f}{GLUE}%"
    ),
    "Verdict": text_of("verdict"),
}
FINDINGS: Columns = {
    "Where": text_of("what"),
    "Verdict": text_of("verdict"),
    "Rule": text_of("rule"),
    "Rests on": text_of("quote"),
    "Source": text_of("source"),
}
PER_ORDER: Columns = {
    "Orders": count_of("orders"),
    "With feedback": count_of("feedback"),
    "Feedback per order": share_with("per_order", "low", "high"),
}
NOW: Columns = {
    "Marketplace": text_of("marketplace"),
    "Orders in the window": count_of("in_window"),
    "Feedback already": count_of("feedback_already"),
    "Asked": count_of("asked"),
    "Held out": count_of("held_out"),
    "Never asked": count_of("never_asked"),
    "Time ends this week": count_of("ending_this_week"),
}
FUNNEL: Columns = {
    "Step": text_of("step"),
    "Orders": count_of("n"),
    "Of all": share_of("of_orders"),
}
EXCLUSIONS: Columns = {
    "Asked": text_of("rule"),
    "Orders left out": count_of("orders_left_out"),
    "Feedbacks": count_of("feedback"),
    "Positive share": share_with("share", "low", "high"),
}
EFFECT: Columns = {
    "What": text_of("outcome"),
    "Asked": lambda row: glued(f"{percent(row['asked'])} of {int(row['asked_orders']):,}"),
    "Held out": lambda row: glued(f"{percent(row['held_out'])} of {int(row['held_out_orders']):,}"),
    "Difference, points": lambda row: (
        "not known"
        if missing(row["difference"])
        else f"{signed(100 * row['difference'])} "
        f"({signed(100 * row['low'])} to {signed(100 * row['high'])})"
    ),
}
TEXTS: Columns = {
    "Marketplace": text_of("marketplace"),
    "For": lambda row: "a message" if row["use"] == "request" else "a slip in the parcel",
    "Text": text_of("text"),
    "Rules broken": count_of("findings"),
}
