"""What changed in past months since an earlier reading: the restatement log."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import pandas as pd

from feedback_analysis.health.sources import Found, Sources, named
from feedback_analysis.health.tally import UNSTATED
from feedback_analysis.health.words import day_in_words, missing, percent
from feedback_analysis.periods import Period
from feedback_analysis.results import Result
from feedback_analysis.tables import TEXT
from feedback_analysis.texts import several

# Kind of change, and how one and several of it are said.
KINDS = {
    "struck": ("feedback struck or removed", "feedbacks struck or removed"),
    "not_in_files": ("feedback no longer in any file", "feedbacks no longer in any file"),
    "back": ("feedback back again", "feedbacks back again"),
    "rating_changed": ("rating changed", "ratings changed"),
    "comment_changed": ("comment changed", "comments changed"),
    "late": ("feedback came in late", "feedbacks came in late"),
    "totals_changed": ("daily total restated", "daily totals restated"),
}
FIGURES = ("n", "negative", "share")
COUNTS = ("received", "negative", "neutral", "positive")
MOST_SENTENCES = 6
BY_COUNTS = (
    "Only feedback of 1 to 3 stars is compared one by one here, the rest by its counts a day: a "
    "feedback that rose to 4 or 5 stars looks as if it were struck, one that fell as if it were "
    "late."
)


@dataclass(frozen=True, eq=False)
class Restatements(Result):
    """What is no longer as an earlier reading had it.

    Parameters
    ----------
    table : DataFrame
        As :func:`restatements` describes it.
    text : str
        The log in words.
    """

    table: pd.DataFrame
    text: str


def restatements(shop: Any, readings: Sequence[Any], *, until: date) -> Restatements:
    """Hold what is read now against earlier readings, month by month.

    Parameters
    ----------
    shop : Shop
        What is read now.
    readings : sequence of Reading
        Earlier readings, oldest first, as ``memory.earlier_readings`` returns them. Each is held
        against the next, the last against ``shop``.
    until : date
        Last day that the report is about; later rows are left out of all of them.

    Returns
    -------
    Restatements
        ``.table``: one row a step, month and marketplace in which anything changed: ``since`` (last
        day of the earlier reading's data), ``kept_for`` (label of its period), ``month`` (such as
        2026-09), ``marketplace``, ``complete`` (the earlier reading held the whole month), the
        number of changes of each kind (``struck``, ``not_in_files``, ``back``,
        ``rating_changed``, ``comment_changed``, ``late``, ``totals_changed``), and ``n``,
        ``negative`` and ``share`` (positive, 0-1; missing where it cannot be computed), each also
        with ``_before``.

    Notes
    -----
    Only days that the earlier reading had reached are compared, so new feedback is no restatement.
    A feedback is the same one when its order is the same, or, without an order, when date, rating
    and comment are. ``struck``: counted then, and now gone although a file still covers its day.
    """
    labels = [(reading.last_day, reading.period.label) for reading in readings]
    shops = [*(each.shop(feedback_alone=True).until(until) for each in readings), shop.until(until)]
    steps = [
        _step(older, newer, until).assign(since=pd.Timestamp(day), kept_for=label)
        for (older, newer), (day, label) in zip(itertools.pairwise(shops), labels, strict=True)
    ]
    nothing = _frame([]).assign(since=pd.Series(dtype="datetime64[us]"), kept_for="")
    table = pd.concat(steps, ignore_index=True) if steps else nothing
    leading = ["since", "kept_for"]
    table = table.reindex(columns=[*leading, *(name for name in table if name not in leading)])
    few = shop.is_condensed and bool(labels)
    text = _words(table, labels)
    return Restatements(table, f"{text} {BY_COUNTS}" if few else text)


def _step(older: Any, newer: Any, until: date) -> pd.DataFrame:
    """Return the months that differ between two readings."""
    reach = _reach(older, pd.Timestamp(until))
    events = pd.concat([_row_events(older, newer), _totals_events(older, newer)])
    known = pd.to_datetime(events["marketplace"].map(reach))
    events = events[events["date"] <= known]
    changes = (
        events.assign(month=events["date"].dt.strftime("%Y-%m"))
        .groupby(["month", "marketplace", "kind"])
        .size()
        .unstack("kind", fill_value=0)
    )
    sources = [Sources(one) for one in (older, newer)]
    rows = []
    for market, first, last in _spans(older, reach):
        for month in pd.period_range(first, last, freq="M"):
            row = _month(sources, changes, market, str(month), last)
            if row is not None:
                rows.append(row)
    return _frame(rows)


def _month(
    sources: list[Sources], changes: pd.DataFrame, market: str, month: str, last: pd.Timestamp
) -> dict[str, Any] | None:
    period = Period.parse(month)
    end = min(period.end, last.date())
    before, now = (_figures(one, market, period.start, end) for one in sources)
    found = (month, market) in changes.index
    if not found and all(_equal(before[name], now[name]) for name in FIGURES):
        return None
    return {
        "month": month,
        "marketplace": market,
        "complete": end == period.end,
        **{kind: int(changes.loc[(month, market)].get(kind, 0)) if found else 0 for kind in KINDS},
        **{f"{name}_before": before[name] for name in FIGURES},
        **now,
    }


def _equal(one: Any, other: Any) -> bool:
    if missing(one) or missing(other):
        return missing(one) and missing(other)
    return one == other


def _frame(rows: list[dict[str, Any]]) -> pd.DataFrame:
    figures = [name for figure in FIGURES for name in (f"{figure}_before", figure)]
    frame = pd.DataFrame(rows, columns=["month", "marketplace", "complete", *KINDS, *figures])
    counts = ["n_before", "n", "negative_before", "negative"]
    return frame.astype(
        dict.fromkeys(KINDS, "int64")
        | dict.fromkeys(counts, "Int64")
        | dict.fromkeys(("share_before", "share"), "float64")
        | {"complete": "bool"}
    ).sort_values(["month", "marketplace"], ignore_index=True)


def _figures(sources: Sources, market: str, start: date, end: date) -> dict[str, Any]:
    """Return the counts and the share of a marketplace, or its negatives where no more is known."""
    nothing = {"n": pd.NA, "negative": pd.NA, "share": np.nan}
    if market not in sources.markets:
        return nothing
    found = sources.find(market, start, end)
    if isinstance(found, Found):
        n = found.counts.n
        share = found.counts.positive / n if n else np.nan
        return {"n": n, "negative": found.counts.negative, "share": share}
    return {**nothing, "negative": sources.negatives(start, end, market=market).negative}


def _reach(shop: Any, until: pd.Timestamp) -> dict[str, pd.Timestamp]:
    """Return the last day that a reading knows of each marketplace's feedback."""
    counts = shop.tallies.feedback
    parts = [counts[["marketplace", day]].set_axis(["m", "day"], axis=1) for day in
             ("date", "last_seen")]  # fmt: skip
    parts.append(shop.feedback_totals[["marketplace", "date"]].set_axis(["m", "day"], axis=1))
    days = pd.concat([part.dropna(subset=["day"]) for part in parts])
    last = days.groupby(_market(days["m"]))["day"].max()
    return {market: min(day, until) for market, day in last.items()}


def _spans(shop: Any, reach: dict[str, pd.Timestamp]) -> list[tuple[str, Any, Any]]:
    days = pd.concat(
        [frame[["marketplace", "date"]].dropna(subset=["date"])
         for frame in (shop.tallies.feedback, shop.feedback_totals)]
    )  # fmt: skip
    first = days.groupby(_market(days["marketplace"]))["date"].min()
    return [(market, first[market], reach[market]) for market in sorted(first.index)]


def _market(values: pd.Series) -> pd.Series:
    return values.astype("object").where(values.notna(), UNSTATED).astype("object")


def _row_events(older: Any, newer: Any) -> pd.DataFrame:
    """Tell what became of each feedback."""
    few = older.is_condensed or newer.is_condensed
    both = _identified(older.feedback, few).merge(
        _identified(newer.feedback, few),
        on=["marketplace", "id"],
        how="outer",
        suffixes=("_before", ""),
        indicator=True,
    )
    then, now = both["counted_before"].eq(True), both["counted"].eq(True)
    counts = newer.tallies.feedback
    first = counts.groupby(counts["marketplace"].astype("object"))["date"].min()
    begin = pd.to_datetime(both["marketplace"].map(first.to_dict()))
    lost = then & both["_merge"].eq("left_only")
    outside = lost & ~(both["date_before"] >= begin)
    kinds = {
        "struck": then & ~now & ~outside,
        "not_in_files": outside,
        "back": both["counted_before"].eq(False) & now,
        "rating_changed": then & now & both["rating_before"].ne(both["rating"]),
        "comment_changed": then & now & both["comment_before"].ne(both["comment"]),
        "late": both["_merge"].eq("right_only") & now,
    }
    day = both["date_before"].fillna(both["date"])
    events = [
        pd.DataFrame(
            {"date": day[mask], "marketplace": both.loc[mask, "marketplace"], "kind": kind}
        )
        for kind, mask in kinds.items()
    ]
    if few:
        events.append(_counted_events(older, newer))
    return pd.concat(events, ignore_index=True)


def _counted_events(older: Any, newer: Any) -> pd.DataFrame:
    """Tell by how much good feedback became more or less, where it is there as counts only."""
    keys = ["date", "marketplace"]
    then, now = (
        part[part["rating"].ge(4) & ~part["gone"]].groupby(keys)["n"].sum()
        for part in (one.tallies.feedback for one in (older, newer))
    )
    more = now.sub(then, fill_value=0).astype("int64")
    more = more[more != 0].rename("more").reset_index()
    kind = np.where(more["more"] > 0, "late", "struck")
    return more.assign(kind=kind).loc[more.index.repeat(more["more"].abs()), [*keys, "kind"]]


def _identified(feedback: pd.DataFrame, few: bool) -> pd.DataFrame:
    feedback = feedback[feedback["rating"].le(3)] if few else feedback
    rows = feedback[["date", "marketplace", "rating", "comment", "order_key"]].assign(
        marketplace=_market(feedback["marketplace"]), counted=~feedback["gone"]
    )
    texts = rows[["date", "rating", "comment"]].astype(TEXT)
    said = texts["date"] + texts["rating"] + texts["comment"]
    key = rows["order_key"].astype(TEXT).where(rows["order_key"].notna(), said)
    # Two equal feedbacks without an order are two, and an order's two lines are two.
    nth = key.groupby([rows["marketplace"], key]).cumcount().astype(TEXT)
    # An empty column of texts would have another type than a full one, and could not be matched.
    identity = (key + "#" + nth).astype("object")
    return rows.assign(id=identity).drop(columns="order_key")


def _totals_events(older: Any, newer: Any) -> pd.DataFrame:
    """Tell which days' totals are no longer the same, are new or are not there any more."""
    frames = [
        one.feedback_totals[one.feedback_totals["date"].notna()][["date", "marketplace", *COUNTS]]
        for one in (older, newer)
    ]
    frames = [
        frame.assign(marketplace=_market(frame["marketplace"])).astype(
            dict.fromkeys(COUNTS, "Float64")
        )
        for frame in frames
    ]
    both = frames[0].merge(
        frames[1], on=["marketplace", "date"], how="outer", suffixes=("_before", "")
    )
    same = pd.Series(True, index=both.index)
    for count in COUNTS:
        same &= both[f"{count}_before"].fillna(-1).eq(both[count].fillna(-1))
    changed = both.loc[~same, ["date", "marketplace"]]
    return changed.assign(kind="totals_changed")


def _words(table: pd.DataFrame, labels: list[tuple[date, str]]) -> str:
    if not labels:
        return (
            "No earlier reading of this shop is kept, so nothing can be held against it yet; what "
            "was read now is kept for next time."
        )
    day, label = labels[0]
    since = f"the reading kept for {label} (data to {day_in_words(day)})"
    if table.empty:
        return f"Nothing in past months has changed since {since}."
    sentences = [_sentence(row, table) for row in table.to_dict("records")]
    more = len(sentences) - MOST_SENTENCES
    rest = [f"{more} more changes are in the table."] if more > 1 else sentences[MOST_SENTENCES:]
    return " ".join([f"Changed since {since}:", *sentences[:MOST_SENTENCES], *rest])


def _sentence(row: dict[str, Any], table: pd.DataFrame) -> str:
    place = f", {named(row['marketplace'])}" if table["marketplace"].nunique() > 1 else ""
    part = "" if row["complete"] else f" (as far as known on {day_in_words(row['since'])})"
    changes = [
        f"{row[kind]:,} {names[row[kind] > 1]}" for kind, names in KINDS.items() if row[kind]
    ]
    why = ", ".join(changes) or "other files are read than then"
    return f"{Period.parse(row['month']).label}{place}{part}: {_effect(row)} ({why})."


def _effect(row: dict[str, Any]) -> str:
    arrow = "\N{RIGHTWARDS ARROW}"
    before, now = row["share_before"], row["share"]
    if missing(before) and missing(now):
        counts = [
            0 if missing(row[name]) else row[name] for name in ("negative_before", "negative")
        ]
        if counts[0] == counts[1]:
            return f"negatives unchanged at {counts[1]:,}"
        return f"{counts[0]:,} {arrow} {several(counts[1], 'negative')}"
    n = 0 if missing(row["n"]) else row["n"]
    if before == now and row["n_before"] == row["n"]:
        return f"positive share unchanged at {percent(now)} of {n:,}"
    shares = [percent(share) for share in (before, now)]
    if shares[0] == shares[1]:
        return f"positive share still {shares[1]}, now of {n:,} instead of {row['n_before']:,}"
    return f"positive share {shares[0]} {arrow} {shares[1]} of {n:,}"
