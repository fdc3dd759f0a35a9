"""Causes by month: which months hold more complaints about a cause than chance explains."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from feedback_analysis.causes.taxonomy import Taxonomy
from feedback_analysis.health.words import percent
from feedback_analysis.once import once
from feedback_analysis.periods import Period, months_back
from feedback_analysis.results import Result
from feedback_analysis.service.complaints import between, stated
from feedback_analysis.service.exposure import Exposure
from feedback_analysis.service.own_causes import taxonomy_of
from feedback_analysis.tallies import UNSTATED
from feedback_analysis.texts import several

MONTHS = 13
LEVEL = 0.05
LEAST = 3
FEEDBACKS, ORDERS, DAYS = "feedbacks", "orders", "days"


@dataclass(frozen=True, eq=False)
class CauseMonths(Result):
    """Complaints by cause and month.

    Parameters
    ----------
    table : DataFrame
        One row a cause and month, as :func:`cause_months` describes it.
    text : str
        The alarms in words, and how often they are false.
    level : float
        Share of false alarms accepted among the alarms.
    unit : str
        What a month's complaints are held against: ``feedbacks``, ``orders`` or ``days``.
    compared : int
        Cells looked at.
    by : {"causes", "questions"}, default="causes"
        What the cells are of.
    """

    table: pd.DataFrame
    text: str
    level: float
    unit: str
    compared: int
    by: str = "causes"

    @property
    def alarms(self) -> pd.DataFrame:
        """The months that stand out, newest first, then by evidence."""
        found = self.table[self.table["alarm"]]
        order = ["month", "p", "cause"]
        return found.sort_values(order, ascending=[False, True, True], ignore_index=True)


@once
def cause_months(
    shop: Any,
    rows: pd.DataFrame,
    period: Period,
    *,
    months: int = MONTHS,
    level: float = LEVEL,
    by: str = "causes",
    taxonomy: Taxonomy | None = None,
) -> CauseMonths:
    """Count complaints by cause and month, and mark the months with more than chance explains.

    Parameters
    ----------
    shop : Shop
        With ``feedback``, ``feedback_totals`` and ``orders``.
    rows : DataFrame
        What :func:`complaints` returns.
    period : Period
        The last month, or a week whose month is the last.
    months : int, default=13
        How many: the same month of the year before is the first.
    level : float, default=0.05
        Share of false alarms accepted among the alarms. While nothing changes, this is also how
        often the whole picture holds any alarm.
    by : {"causes", "questions"}
        What complaints are told apart by; the column is called ``cause`` either way.
    taxonomy : Taxonomy, optional
        Names the causes; ours, and the shop's own, by default.

    Returns
    -------
    CauseMonths
        ``.table``: ``cause``, ``label``, ``month`` (such as 2026-10), ``n``, ``exposure`` (of the
        month, in ``.unit``), ``per_100`` (per 100 of the exposure), ``expected`` (at
        the cause's own rate in all other months), ``p``, ``q`` (corrected for all cells),
        ``alarm`` (q at most the level, and at least 3 complaints).

    Notes
    -----
    Given the cause's complaints in all months together, those of one month are binomial while its
    rate does not change (the conditional test of Przyborowski and Wilenski, 1940); one-sided; all
    causes and months corrected together after Benjamini and Hochberg (1995).
    """
    from scipy.stats import binom, false_discovery_control

    taxonomy = taxonomy or taxonomy_of(shop)
    spans = months_back(period.end, months)
    exposure, unit = _exposure(shop, spans, period)
    spans = [span for span in spans if exposure.get(span.id, 0) > 0]
    sizes = np.array([exposure[span.id] for span in spans], dtype=float)
    first = spans[0].start if spans else period.start
    inside = between(rows, first, period.end)
    long = inside[["date"]].assign(cause=inside[by].map(stated)).explode("cause")
    long = long.dropna(subset=["cause"]).assign(
        month=lambda part: part["date"].dt.strftime("%Y-%m")
    )
    wide = long.pivot_table(index="cause", columns="month", values="date", aggfunc="count")
    wide = wide.reindex(columns=[span.id for span in spans]).fillna(0).astype(int)
    wide = wide.loc[sorted(wide.index, key=lambda name: (-wide.loc[name].sum(), name))]
    n = wide.to_numpy()
    total, whole = n.sum(axis=1, keepdims=True), max(sizes.sum(), 1e-9)
    rest = np.maximum(whole - sizes, 1e-9)
    labels = taxonomy.questions | {cause.id: cause.label for cause in taxonomy.causes}
    table = pd.DataFrame(
        {
            "cause": np.repeat(wide.index.to_numpy(dtype=object), len(spans)),
            "month": np.tile([span.id for span in spans], len(wide)),
            "n": n.ravel(),
            "exposure": np.tile(sizes, len(wide)),
            "per_100": (100 * n / np.maximum(sizes, 1e-9)).ravel(),
            "expected": ((total - n) * sizes / rest).ravel(),
            "p": binom.sf(n - 1, total, sizes / whole).ravel() if n.size else [],
        }
    )
    table.insert(1, "label", table["cause"].map(lambda name: labels.get(name, name)))
    table["p"] = table["p"].astype(float).clip(upper=1.0)
    table["q"] = false_discovery_control(table["p"], method="bh") if len(table) else table["p"]
    # A shop of one month has nothing to hold the month against.
    table["alarm"] = (table["q"] <= level) & (table["n"] >= LEAST) & (len(spans) > 1)
    text = _words(table, level, len(spans), by)
    return CauseMonths(table, text, level, unit, len(table), by)


def _exposure(shop: Any, spans: list[Period], period: Period) -> tuple[dict[str, float], str]:
    """Return what each month's complaints are held against: the best that is known of all."""
    found = Exposure(shop, period.end)
    ends = {span.id: min(span.end, period.end) for span in spans}
    received = {span.id: found.received(span.start, ends[span.id]) for span in spans}
    placed = {span.id: found.orders(span.start, ends[span.id]).n or 0 for span in spans}
    counts = shop.tallies.feedback
    first = counts["date"].min() if len(counts) else None
    known = [span for span in spans if first is not None and pd.Timestamp(span.end) >= first]
    markets = set(counts["marketplace"]) - {UNSTATED}
    if all(received[span.id].n and markets <= set(received[span.id].since) for span in known):
        return {span.id: float(received[span.id].n) for span in known}, FEEDBACKS
    if all(placed[span.id] for span in known):
        return {span.id: float(placed[span.id]) for span in known}, ORDERS
    days = {
        span.id: float((ends[span.id] - max(span.start, first.date())).days + 1) for span in known
    }
    return days, DAYS


def _words(table: pd.DataFrame, level: float, months: int, by: str) -> str:
    if table.empty or months < 2:
        return "There are too few months with complaints to compare them."
    found = table[table["alarm"]].sort_values(["month", "p"], ascending=[False, True])
    were = "was" if len(table) == 1 else "were"
    looked = f"{several(len(table), 'cell')} ({by} by months) {were} looked at"
    rate = (
        f"Of the months marked, at most {percent(level, 0)} are so by chance; while nothing "
        f"changes, at most {round(100 * level)} such pictures in 100 mark anything."
    )
    if found.empty:
        return f"{looked}: none holds more complaints than chance explains. {rate}"
    listed = "; ".join(
        f"'{row['label']}' in {Period.parse(row['month']).label} ({row['n']}, "
        f"{row['expected']:.1f} expected)"
        for row in found.head(5).to_dict("records")
    )
    more = f" and {len(found) - 5} more" if len(found) > 5 else ""
    verb = "stands" if len(found) == 1 else "stand"
    return f"{looked}, and {len(found)} {verb} out: {listed}{more}. {rate}"
