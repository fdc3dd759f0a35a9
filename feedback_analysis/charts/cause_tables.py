"""Columns of the tables of service questions and causes."""

from __future__ import annotations

import math
from collections.abc import Callable

import pandas as pd

from feedback_analysis.causes.taxonomy import own_taxonomy
from feedback_analysis.charts.quoting import Quoting
from feedback_analysis.charts.writers import (
    GLUE,
    Columns,
    Row,
    chance_of,
    count_of,
    fitting,
    glued,
    month_of,
    share_of,
    short_day_of,
)
from feedback_analysis.health.words import in_points, missing, percent, percent_range, signed
from feedback_analysis.periods import Period
from feedback_analysis.shares import part_percent
from feedback_analysis.texts import several

FILES = {"silent": "do not tell", "fine": f"nothing{GLUE}stands{GLUE}out", "trouble": "trouble"}
FIXED_BY = {
    "seller": "you",
    "amazon": "you; Amazon where it ships",
    "nobody": "nobody",
}


def cause_columns(frame: pd.DataFrame) -> Columns | None:
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
    return fitting(
        frame,
        (
            (SCORECARD, {"answer", "per_1000", "tolerance"}),
            (AGREEMENT, {"answer", "files", "words"}),
            (BEHAVIOUR, {"measure", "condition", "place", "unit"}),
            (REST, {"what", "n", "share"}),
            (PARETO, {"cause", "covered", "remedy"}),
            (GROWTH, {"cause", "per_100_before", "sure"}),
            (ALARMS, {"cause", "month", "expected", "alarm"}),
            (HALVED, {"at_least", "at_most", "reaches_target"}),
            (ABOUT, {"about", "group", "stands_out"}),
            (PATTERNS, {"pattern", "n_latest"}),
            (CANDIDATES, {"candidate", "n_latest"}),
            (QUALITY, {"label", "precision", "recall"}),
            (SHARES, {"label", "corrected"}),
            (COMMENTS, {"about", "comment", "confidence"}),
        ),
    )


def _whole(text: str) -> str:
    """Keep an interval on one line: a narrow column breaks before it, not inside."""
    return text.replace(" ", GLUE)


def _rate(value: str, low: str, high: str) -> Callable[[Row], str]:
    def write(row: Row) -> str:
        if missing(row[value]):
            return "not known"
        return f"{row[value]:.1f} ({_whole(f'{row[low]:.1f} to {row[high]:.1f}')})"

    return write


def _change(row: Row) -> str:
    if missing(row["change"]):
        return "not known"
    ends = _whole(f"{signed(row['change_low'])} to {signed(row['change_high'])}")
    return f"{signed(row['change'])} ({ends}): {row['trend']}"


def _value(name: str) -> Callable[[Row], str]:
    def write(row: Row) -> str:
        if missing(row[name]):
            return ""
        days = row["unit"] == "days"
        return several(round(row[name]), "day") if days else glued(percent(row[name]))

    return write


def _measured(row: Row) -> str:
    told = [row["place"]] if row["place"] else []
    if not missing(row["last"]):
        told.append(f"{short_day_of('first')(row)} to {short_day_of('last')(row)}")
    return f"{row['measure']} ({'; '.join(told)})" if told else row["measure"]


def _likely(row: Row) -> str:
    return "" if missing(row["low"]) else _whole(percent_range(row["low"], row["high"]))


def _target(row: Row) -> str:
    if missing(row["target"]):
        return ""
    word = "above" if row["condition"] == "GREATER_THAN" else "below"
    return glued(f"{word} {percent(row['target'], 1)}")


def _difference(row: Row) -> str:
    ends = _whole(f"{signed(row['low'])} to {signed(row['high'])}")
    return f"{signed(row['change'])} ({ends})"


def _beyond_chance(row: Row) -> str:
    if row["sure"] or missing(row["month"]):
        return "yes" if row["sure"] else "no"
    return f"in {Period.parse(row['month']).label} alone".replace(" ", GLUE)


def _then(row: Row) -> str:
    return _whole(percent_range(row["at_least"], row["at_most"]))


def _gained(row: Row) -> str:
    return f"{in_points(row['points_at_least'])} to {in_points(row['points_at_most'])}"


def _per_thousand(row: Row) -> str:
    ends = _whole(f"{1000 * row['low']:.1f} to {1000 * row['high']:.1f}")
    return f"{1000 * row['rate']:.1f} ({ends})"


def _per_hundred(row: Row) -> str:
    return "not known" if missing(row["per_100"]) else f"{row['per_100']:.2f}"


def _two(name: str) -> Callable[[Row], str]:
    return lambda row: "not measured" if missing(row[name]) else f"{row[name]:.2f}"


def _times(row: Row) -> str:
    if missing(row["growth"]):
        return ""
    return "new" if math.isinf(row["growth"]) else f"{row['growth']:.1f} times"


def _corrected(row: Row) -> str:
    if missing(row["corrected"]):
        return "not known"
    ends = glued(percent_range(row["low"], row["high"]))
    return f"{glued(percent(row['corrected']))} ({ends})"


SCORECARD: Columns = {
    "Question": lambda row: row["label"],
    "Answer": lambda row: row["answer"].replace(" ", GLUE),
    "Labels found": count_of("complaints"),
    "Complaints per 100 feedbacks": _rate("per_100", "low", "high"),
    "Tolerated": lambda row: f"{row['tolerance']:g}",
    "Change to the days before": _change,
    "Per 1,000 orders": _rate("per_1000", "orders_low", "orders_high"),
    "On orders Amazon shipped": count_of("by_amazon"),
}
AGREEMENT: Columns = {
    "Question": lambda row: row["label"],
    "Comments": lambda row: row["answer"].replace(" ", GLUE),
    "Files": lambda row: FILES[row["files"]],
    "Taken together": lambda row: row["words"],
}
BEHAVIOUR: Columns = {
    "Question": lambda row: own_taxonomy().questions.get(row["question"], row["question"]),
    "What the files say": _measured,
    "Value": _value("value"),
    "95 % interval": _likely,
    "Of": count_of("n"),
    "Days before": _value("before"),
    "Amazon's target": _target,
    "Verdict": lambda row: row["verdict"],
}
REST: Columns = {
    "Feedback of 1 to 3 stars": lambda row: row["what"],
    "Count": count_of("n"),
    "Share of all of 1 to 3 stars": share_of("share"),
}
PARETO: Columns = {
    "Cause": lambda row: row["label"],
    "Labels found": count_of("n"),
    "Share of comments, corrected": lambda row: (
        f"{glued(percent(row['share']))} ({_whole(percent_range(row['low'], row['high']))})"
    ),
    "Together, as found": lambda row: glued(percent(row["covered"], 0)),
    "Per 100 feedbacks, corrected": _per_hundred,
    "Of these, in the period": count_of("in_period"),
    "Amazon shipped": count_of("by_amazon"),
    "Who can fix it": lambda row: FIXED_BY.get(row["fixed_by"], row["fixed_by"]),
    "First remedy": lambda row: row["remedy"],
}
GROWTH: Columns = {
    "Cause": lambda row: row["label"],
    "Labels now": count_of("n"),
    "Before": count_of("before"),
    "Change per 100, corrected": _difference,
    "By chance (corrected)": chance_of("q"),
    "Beyond chance": _beyond_chance,
}
ALARMS: Columns = {
    "Cause": lambda row: row["label"],
    "Month": month_of("month"),
    "Complaints": count_of("n"),
    "Expected": lambda row: f"{row['expected']:.1f}",
    "By chance (corrected)": chance_of("q"),
}
HALVED: Columns = {
    "Cause": lambda row: row["label"],
    "Complaints": count_of("n"),
    "About nothing else": count_of("alone"),
    "Positive now": share_of("share"),
    "If halved": _then,
    "Points": _gained,
    "Reaches the target": lambda row: row["reaches_target"],
}
ABOUT: Columns = {
    "Group": lambda row: row["group"],
    "Unhappy feedback": count_of("negative"),
    "Orders": count_of("n"),
    "Per 1,000 orders": _per_thousand,
    "All others": lambda row: f"{1000 * row['rest_rate']:.1f}",
    "By chance (corrected)": chance_of("q"),
}
COMMENTS: Columns = {
    "About": lambda row: row["about"],
    "Comment": Quoting(lambda row: row["comment"]),
    "Stars": count_of("rating"),
    "Marketplace": lambda row: row["marketplace"],
    "Day": short_day_of("date"),
    "Own score": lambda row: glued(part_percent(row["confidence"])),
}
PATTERNS: Columns = {
    "Cause": lambda row: row["cause"],
    # Its id is the cause's, a dot and a number; the cause stands beside it in words.
    "Pattern": lambda row: f"no.{GLUE}{str(row['pattern']).rpartition('.')[2]}",
    "In 365 days": count_of("n"),
    "Last 90 days": count_of("n_latest"),
    "Growth": _times,
    "Words that tell it apart": Quoting(lambda row: row["words"]),
    "Most central comments": Quoting(lambda row: row["comments"]),
}
CANDIDATES: Columns = {
    "May be a new cause: name it": Quoting(lambda row: row["candidate"]),
    "Comments": count_of("n"),
    "Last 90 days": count_of("n_latest"),
    "Growth": _times,
    "By chance (corrected)": chance_of("chance"),
    "Most central comments": Quoting(lambda row: row["comments"]),
}
QUALITY: Columns = {
    "Label": lambda row: row["label"],
    "Measured on": count_of("n"),
    "Right when said (precision)": _two("precision"),
    "Found when there (recall)": _two("recall"),
    "F1": _two("f1"),
}
SHARES: Columns = {
    "Label": lambda row: row["label"],
    "Comments": count_of("count"),
    "Share as found": share_of("share"),
    "Corrected share (95 % interval)": _corrected,
}
# Tables whose rows come in groups, named by their first column.
GROUPED = (BEHAVIOUR, COMMENTS, PATTERNS)
# Tables that have nothing to say without the comments.
QUOTES_ONLY = (COMMENTS,)
