"""What a shop's folder lacks, what that costs, and where to get it; the texts are data."""

from __future__ import annotations

import tomllib
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping
from importlib.resources import files

import pandas as pd

from feedback_analysis.amazon.facts import NoPeriod
from feedback_analysis.errors import ReportError
from feedback_analysis.tables import NEGATIVES_ONLY
from feedback_analysis.texts import several


def _without_positives(tables: Mapping[str, pd.DataFrame]) -> list[str]:
    """Return the marketplaces whose feedback holds 1-3 stars only and has no totals beside it."""
    feedback, totals = tables["feedback"], tables["feedback_totals"]
    sources = feedback.groupby(feedback["marketplace"].fillna("?"))["source"]
    bare = [market for market, source in sources if (source == NEGATIVES_ONLY).all()]
    counted = set(totals["marketplace"].fillna("?"))
    # As the rating reads it: what states no marketplace is of the one that all the others state.
    named = set(feedback["marketplace"].dropna()) | set(totals["marketplace"].dropna())
    if len(named) == 1 and counted:
        counted |= {*named, "?"}
    return [market for market in bare if market not in counted]


_CONDITIONS: Mapping[str, Callable[[Mapping[str, pd.DataFrame]], list[str]]] = {
    "positives": _without_positives,
    "child_traffic": lambda tables: (
        [] if (tables["traffic"]["basis"] == "child").any() else ["all"]
    ),
}


# Conditions that a file would meet, had somebody stated its period: what such a file is.
_WITH_PERIOD = {"child_traffic": "business_report_by_child"}
# The table that tells whether a condition is met.
_TABLE = {"positives": "feedback", "child_traffic": "traffic"}


def find_missing(
    tables: Mapping[str, pd.DataFrame],
    problems: Iterable[ReportError] = (),
    unread: Collection[str] = (),
) -> pd.DataFrame:
    """Return what is missing, one row each: what, cost, remedy (texts).

    Parameters
    ----------
    tables : mapping of DataFrame
        The tidy tables by name.
    problems : iterable of ReportError
        Of the shop's files: one that lacks nothing but its period is there.
    unread : collection of str
        Tables that ``shop.toml`` names under ``[data]`` and that could not be read.
    """
    lacking = Counter(error.report for error in problems if isinstance(error, NoPeriod))
    text = files("feedback_analysis.amazon").joinpath("missing.toml").read_text("utf-8")
    texts, rows = tomllib.loads(text), []
    for need in texts["need"]:
        if "table" in need:
            found = [] if len(tables[need["table"]]) else ["all"]
        else:
            found = _CONDITIONS[need["condition"]](tables)
        table = need.get("table", _TABLE.get(need.get("condition", ""), ""))
        if found and table in unread:
            what = texts["unread"]["what"].format(table=table)
            rows.append({"what": what, "cost": need["cost"], "remedy": texts["unread"]["remedy"]})
        elif found and (there := lacking[_WITH_PERIOD.get(need.get("condition", ""), "")]):
            what = need["there"].format(files=several(there, "file"))
            rows.append({"what": what, "cost": need["cost"], "remedy": need["state"]})
        elif found:
            named = ", ".join("a marketplace that is not stated" if m == "?" else m for m in found)
            what = need["what"].format(marketplaces=named)
            rows.append({"what": what, "cost": need["cost"], "remedy": need["remedy"]})
    return pd.DataFrame(rows, columns=["what", "cost", "remedy"])
