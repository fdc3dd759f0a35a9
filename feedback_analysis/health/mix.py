"""Why a share moved between two periods: selling elsewhere, or selling worse."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any, Literal

import pandas as pd

from feedback_analysis.channels import channel_names
from feedback_analysis.errors import ReportError
from feedback_analysis.health.decomposition import MEASURES, Measure, MixShift, decompose
from feedback_analysis.health.outcomes import (
    DAYS,
    order_outcomes,
)
from feedback_analysis.health.sources import Found, Sources, named
from feedback_analysis.health.words import feedbacks
from feedback_analysis.periods import Period
from feedback_analysis.tables import ALL_RATINGS
from feedback_analysis.tallies import UNSTATED

BY = {
    "marketplace": ("marketplace",),
    "channel": ("channel",),
    "product": ("asin",),
    "marketplace and channel": ("marketplace", "channel"),
}


def mix_shift(
    shop: Any,
    period: Period,
    *,
    before: Period | None = None,
    by: Literal["marketplace", "channel", "product", "marketplace and channel"] = "marketplace",
    measure: Measure = "positive",
    minimum_n: int = 10,
) -> MixShift:
    """Tell how much of a change came from selling elsewhere, and how much from selling worse.

    Parameters
    ----------
    shop : Shop
        With the tables ``feedback``, ``feedback_totals`` and ``orders``.
    period : Period
        The month or week.
    before : Period, optional
        What to hold it against; by default the period before.
    by : str, default="marketplace"
        Parts of the shop. Marketplaces are counted from every source there is; channels and
        products only where the file holds all ratings with their orders.
    measure : str, default="positive"
        Which share: ``positive`` or ``negative`` of all feedback by its own day, or ``negatives
        per order`` by the day of the purchase, which a file of 1 to 3 stars can tell too.
    minimum_n : int, default=10
        As for :func:`decompose`.

    Returns
    -------
    MixShift
        As :func:`decompose`; without any row when a period has no feedback that can be used, or
        when there is one part only; the text then says why.

    Raises
    ------
    ReportError
        If ``by`` or ``measure`` is not one of those.
    """
    if by not in BY or measure not in MEASURES:
        raise ReportError(
            "a mix shift is not made of this",
            expected=f"one of {', '.join(BY)}, and one of {', '.join(MEASURES)}",
            found=f"{by}, {measure}",
        )
    before = before or period.previous()
    spans = (before, period)
    if measure == "negatives per order":
        counts, limits = _by_purchase(shop, spans, by)
    elif by == "marketplace":
        counts, limits = _by_marketplace(shop, spans, measure)
    else:
        counts, limits = _by_feedback(shop, spans, by, measure)
    if any(frame["n"].sum() == 0 for frame in counts):
        why = f"no feedback that can be split is known in both {before.label} and {period.label}"
        return _nothing(by, measure, limits, why)
    parts = {part for frame in counts for part in frame["part"]}
    if len(parts) == 1:
        return _nothing(by, measure, limits, f"all of it is {next(iter(parts))}")
    made = decompose(*counts, by=by, measure=measure, minimum_n=minimum_n)
    first = made.text.replace("the first period", before.label)
    return replace(made, text=first.replace("the second", period.label), limits=limits)


def _by_marketplace(
    shop: Any, periods: tuple[Period, Period], measure: str
) -> tuple[list[pd.DataFrame], list[str]]:
    sources = Sources(shop)
    rows: list[list[dict[str, Any]]] = [[], []]
    limits = []
    for market in sources.markets:
        found = [sources.find(market, period.start, period.end) for period in periods]
        # A marketplace known in one period only would look like a change of the mix.
        if not all(isinstance(one, Found) and one.complete for one in found):
            limits.append(
                f"{named(market)} is left out: its feedback is not known in both periods."
            )
            continue
        for part, one in zip(rows, found, strict=True):
            part.append(
                {"part": named(market), "n": one.counts.n, "count": getattr(one.counts, measure)}
            )
    return [pd.DataFrame(part, columns=["part", "n", "count"]) for part in rows], limits


def _by_feedback(
    shop: Any, periods: tuple[Period, Period], by: str, measure: str
) -> tuple[list[pd.DataFrame], list[str]]:
    frames, limits = [], []
    unknown = total = 0
    every = shop.tallies.feedback
    # An order of several products is one feedback: it counts with the first of them.
    counts = shop.tallies.rated if by == "product" else every[~every["gone"]]
    counts = counts[counts["source"].eq(ALL_RATINGS)]
    if "order" in counts:
        counts = counts[counts["order"].ne(UNSTATED)]
    begin, end = ("start", "end") if "start" in counts else ("date", "date")
    for period in periods:
        first, last = pd.Timestamp(period.start), pd.Timestamp(period.end)
        inside = counts[counts[begin].ge(first) & counts[end].le(last)]
        touching = counts[begin].le(last) & counts[end].ge(first)
        if len(inside) < touching.sum():
            limits.append(
                f"Products are counted by whole weeks or months: those that the bounds of "
                f"{period.label} cut are left out."
            )
        known = inside[inside[list(BY[by])].ne(UNSTATED).all(axis=1)]
        unknown += int(inside["n"].sum() - known["n"].sum())
        total += int(inside["n"].sum())
        stars = known["rating"].ge(4) if measure == "positive" else known["rating"].le(2)
        frames.append(_counts(known, known[stars], by, "n"))
    full = every.loc[every["source"].eq(ALL_RATINGS), "marketplace"]
    others = sorted(set(every["marketplace"]) - set(full) - {UNSTATED})
    if others:
        limits.append(
            f"{', '.join(others)}: left out by {by}, because the feedback file holds only 1 to 3 "
            "stars, and totals are not split that way."
        )
    if unknown:
        one = unknown == 1
        limits.append(
            f"{unknown:,} of {feedbacks(total)} {'is' if one else 'are'} left out: "
            f"{'its' if one else 'their'} order is not known."
        )
    return frames, limits


def _by_purchase(
    shop: Any, periods: tuple[Period, Period], by: str
) -> tuple[list[pd.DataFrame], list[str]]:
    frames, limits = [], []
    last = shop.last_day or periods[1].end
    # The older orders have had more time for feedback: both are counted as of the same age.
    age = min(DAYS, max(0, (last - periods[1].end).days))
    for period in periods:
        days = (period.end - period.start).days + 1
        known = shop.until(period.end + timedelta(days=age))
        found = order_outcomes(known, end=period.end, days=days)
        rows = found.rows_of(BY[by]).drop_duplicates("order_key").dropna(subset=list(BY[by]))
        placed = found.cells(BY[by])
        bad = rows[rows["negative"]].assign(first=1)
        frames.append(_counts(placed, bad, by, "first"))
        limits = [*limits, *(found.limits if by == "product" else [])]
    if age < DAYS:
        until = f"{age} days after its end" if age else "its own last day"
        limits.append(
            f"Of each period the feedback until {until} is counted, so that orders of the same age "
            f"are compared. Orders of {periods[1].label} may still draw more, because buyers have "
            f"{DAYS} days for it."
        )
    return frames, limits


def _counts(cells: pd.DataFrame, hits: pd.DataFrame, by: str, column: str) -> pd.DataFrame:
    """Add up the counts, and the hits among them, of each part."""
    n, count = (_summed(part, by, column) for part in (cells, hits))
    counted = pd.DataFrame({"n": n, "count": count.reindex(n.index)}).fillna(0)
    return counted[counted["n"] > 0].astype("int64").rename_axis("part").reset_index()


def _summed(cells: pd.DataFrame, by: str, column: str) -> pd.Series:
    # Added up before they are named: there may be millions of cells, and few parts.
    sums = cells.groupby(list(BY[by]), observed=True, as_index=False)[column].sum()
    return sums.groupby(_part(sums, by))[column].sum()


def _part(cells: pd.DataFrame, by: str) -> pd.Series:
    """Name each row's part as a sentence names it."""
    names = {value: f"orders {name}" for value, name in channel_names("shipped").items()}
    labels = [
        cells[name].astype("object").map(lambda value: names.get(value, value)) for name in BY[by]
    ]
    return labels[0] if len(labels) == 1 else labels[0] + " " + labels[1]


def _nothing(by: str, measure: str, limits: list[str], why: str) -> MixShift:
    empty = pd.DataFrame({"part": ["-"], "n": [1], "count": [1]})
    made = decompose(empty, empty, by=by, measure=measure, minimum_n=1)
    text = f"Why the share moved cannot be told by {by}: {why}."
    return replace(
        made, table=made.table.head(0), totals=made.totals.head(0), text=text, limits=limits
    )
