"""Columns of the tables that tell reasons: what stands out, mix shifts, restatements."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd

from feedback_analysis.charts.writers import (
    GLUE,
    Columns,
    Row,
    chance_of,
    count_of,
    fitting,
    glued,
    share_of,
)
from feedback_analysis.health.restatements import KINDS
from feedback_analysis.health.words import day_in_words, in_points, percent, percent_range
from feedback_analysis.periods import Period


def reason_columns(frame: pd.DataFrame) -> Columns | None:
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
            (STANDOUTS, {"group", "rest_rate", "stands_out"}),
            (MIX, {"part", "weight_before", "mix"}),
            (EFFECTS, {"effect", "value", "low"}),
            (RESTATED, {"kept_for", "totals_changed"}),
        ),
    )


def _points(name: str) -> Callable[[Row], str]:
    def write(row: Row) -> str:
        ends = (
            f" ({in_points(row[f'{name}_low'])} to {in_points(row[f'{name}_high'])})"
            if f"{name}_low" in row
            else ""
        )
        return f"{in_points(row[name])}{ends}"

    return write


def _effect(row: Row) -> str:
    return {
        "mix": "A different mix",
        "rate": "The parts themselves",
        "difference": "Together",
    }[row["effect"]]


def _changes(row: Row) -> str:
    said = [f"{row[kind]:,} {names[row[kind] > 1]}" for kind, names in KINDS.items() if row[kind]]
    return ", ".join(said) or "other files are read than then"


def _before_now(name: str, write: Callable[[str], Callable[[Row], str]]) -> Callable[[Row], str]:
    def both(row: Row) -> str:
        before, now = write(f"{name}_before")(row), write(name)(row)
        return now if before == now else f"{before} \N{RIGHTWARDS ARROW} {now}"

    return both


STANDOUTS: Columns = {
    "Group": lambda row: row["group"],
    "Negatives": count_of("negative"),
    "Out of": count_of("n"),
    "Rate": lambda row: glued(f"{percent(row['rate'])} ({percent_range(row['low'], row['high'])})"),
    "All others": share_of("rest_rate"),
    "By chance (corrected)": chance_of("q"),
    "Stands out": lambda row: "yes" if row["stands_out"] else "no",
}
MIX: Columns = {
    "Part": lambda row: row["part"],
    "n before": count_of("n_before"),
    "n now": count_of("n"),
    "Weight": _before_now("weight", share_of),
    "Share": _before_now("share", share_of),
    "Points from the mix": _points("mix"),
    "Points from its own change": _points("rate"),
}
EFFECTS: Columns = {
    "What": _effect,
    "Points": lambda row: in_points(row["value"]),
    "95 % interval": lambda row: f"{in_points(row['low'])} to {in_points(row['high'])}",
}
RESTATED: Columns = {
    "Month": lambda row: Period.parse(row["month"]).label.replace(" ", GLUE),
    "Marketplace": lambda row: row["marketplace"],
    "What changed": _changes,
    "Feedbacks": _before_now("n", count_of),
    "Negatives": _before_now("negative", count_of),
    "Positive share": _before_now("share", share_of),
    "Since": lambda row: day_in_words(row["since"]).replace(" ", GLUE),
}
