"""Counts by whole week that the alarm watches: feedback, positives, negatives and orders."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import numpy as np
import pandas as pd

from feedback_analysis.errors import ReportError, did_you_mean
from feedback_analysis.health.record import Record, record_of
from feedback_analysis.health.row_spans import all_ratings
from feedback_analysis.health.weekly import weekly_rating
from feedback_analysis.periods import Period
from feedback_analysis.tables import ALL_RATINGS
from feedback_analysis.tallies import CANCELLED, READ, UNSTATED
from feedback_analysis.texts import several

NEGATIVE = 2
# Share of the unhappy feedback that arrives 0, 1, 2 ... weeks after the order, where the shop's
# own joined rows are too few to tell: most of it in the second to fourth week.
USUAL_DELAY = (0.15, 0.3, 0.25, 0.15, 0.1, 0.05)
LONGEST_DELAY = 13
FEWEST_JOINED = 50
# Orders of the first weeks bring no feedback yet; before this week the exposure is not known.
FIRST_WEEKS = 4
BY = ("marketplace", "channel")


@dataclass(frozen=True, eq=False)
class WeekCounts:
    """Counts of each block by whole week.

    Parameters
    ----------
    blocks : dict
        Name of the marketplace or channel (``""`` for the whole shop) -> one row a week, oldest
        first: ``week``, ``start``, ``n``, ``positive`` (known where ``share_known``), ``negative``
        (where ``negative_known``), ``orders`` (missing without them).
    limits : list of str
        What is not known, as sentences.
    """

    blocks: dict[str, pd.DataFrame]
    limits: list[str]


def week_counts(
    feedback: Any,
    totals: pd.DataFrame | None = None,
    orders: pd.DataFrame | None = None,
    *,
    until: date,
    by: str | None = None,
) -> WeekCounts:
    """Count feedback and orders by whole week, Monday to Sunday.

    Parameters
    ----------
    feedback, totals : DataFrame
        As for :func:`feedback_rating`; ``order_key`` too for ``by="channel"``.
    orders : DataFrame, optional
        The table ``orders``: ``order_key``, ``purchase_date``, ``marketplace``, and ``channel``.
    until : date
        Last day known; the week that is not over by then is left out.
    by : {"marketplace", "channel"}, optional
        One block each.

    Returns
    -------
    WeekCounts

    Raises
    ------
    ReportError
        If a column is missing or ``by`` is something else.
    """
    if by is not None and by not in BY:
        raise ReportError(
            f"the alarm cannot be split by '{by}'.{did_you_mean(str(by), list(BY))}",
            expected="by='marketplace', by='channel' or nothing",
        )
    record = record_of(feedback, totals, orders)
    rows = record.tallies.feedback.astype({"marketplace": "object", "channel": "object"})
    placed = _placed(record, until)
    if by == "channel":
        return _by_channel(rows, placed if record.has_keys else None, until)
    weeks = _weeks(rows, record.totals, until)
    if not weeks:
        return WeekCounts({}, [])
    found = weekly_rating(
        record, until=weeks[-1] + timedelta(days=6), weeks=len(weeks), by=by,
        minimum_n=1, on_missing="say",
    )  # fmt: skip
    split = "marketplace" in found.table
    names = sorted(found.table["marketplace"].unique()) if split else [""]
    blocks = {}
    for name in names:
        part = found.table[found.table["marketplace"] == name] if split else found.table
        own = rows[rows["marketplace"] == name] if split else rows
        block = _block(weeks, part, own, _until(own, record.totals, name))
        bought = placed if placed is None or not split else placed[placed["marketplace"] == name]
        block["orders"] = _per_week(bought, "orders", weeks) if bought is not None else np.nan
        blocks[name] = block
    return WeekCounts(blocks, found.limits)


def _placed(record: Record, until: date) -> pd.DataFrame | None:
    """Return the orders by day that were not cancelled; None without any."""
    if not record.has_orders:
        return None
    placed = record.tallies.orders
    kept = placed["status"].ne(CANCELLED) & placed["date"].le(pd.Timestamp(until))
    return placed[kept].astype({"marketplace": "object", "channel": "object"})


def _weeks(rows: pd.DataFrame, totals: pd.DataFrame | None, until: date) -> list[date]:
    """Return the Mondays of all whole weeks from the first day known to the last."""
    known = [rows["date"].min()]
    if totals is not None and "date" in totals:
        known.append(pd.to_datetime(totals["date"]).min())
    known = [day for day in known if not pd.isna(day)]
    if not known:
        return []
    first, newest = min(known).date(), Period.containing(until, week=True)
    monday = first + timedelta(days=-first.weekday() % 7)
    last = newest.start if newest.end <= until else newest.previous().start
    return [monday + timedelta(weeks=week) for week in range(max(0, (last - monday).days // 7 + 1))]


def _until(rows: pd.DataFrame, totals: pd.DataFrame | None, name: str) -> pd.Timestamp:
    """Return the last day that a block's files reach to."""
    seen = [rows["date"].max(), rows["last_seen"].max()]
    if totals is not None and "date" in totals:
        own = totals if not name else totals[totals["marketplace"].astype("object") == name]
        seen.append(pd.to_datetime(own["date"]).max())
    return max([day for day in seen if not pd.isna(day)], default=pd.Timestamp.min)


def _block(
    weeks: list[date], rated: pd.DataFrame, rows: pd.DataFrame, last: pd.Timestamp
) -> pd.DataFrame:
    """Put a rating by week onto all weeks; where it is not known, count the negatives at least."""
    start = pd.to_datetime(pd.Series(weeks)).astype("datetime64[us]")
    block = pd.DataFrame({"week": [Period.containing(day, week=True).id for day in weeks]})
    block["start"] = start
    rated = rated.set_index("start").reindex(start)
    known = rated["complete"].astype("boolean").fillna(False).to_numpy(dtype=bool)
    # The first week that is not over when the file ends would count too little.
    reached = (start <= last).to_numpy()
    known &= rated["n"].notna().to_numpy() & reached
    block["n"] = rated["n"].astype("float64").where(known).to_numpy()
    block["positive"] = rated["positive"].astype("float64").where(known).to_numpy()
    block["share_known"] = known
    if known.any():
        block["negative"] = rated["negative"].astype("float64").where(known).to_numpy()
        block["negative_known"] = known
    else:
        negative = rows[~rows["gone"] & rows["rating"].le(NEGATIVE)]
        whole = reached & (start >= rows["date"].min()).to_numpy()
        block["negative"] = np.where(whole, _per_week(negative, "n", weeks), np.nan)
        block["negative_known"] = whole
    return block


def _per_week(cells: pd.DataFrame, column: str, weeks: list[date]) -> np.ndarray:
    """Add up a tally's counts by week."""
    if not weeks:
        return np.zeros(0)
    number = (cells["date"] - pd.Timestamp(weeks[0])).dt.days // 7
    inside = (number >= 0) & (number < len(weeks))
    return np.bincount(
        number[inside].astype(int), weights=cells.loc[inside, column], minlength=len(weeks)
    ).astype(float)


def _by_channel(rows: pd.DataFrame, placed: pd.DataFrame | None, until: date) -> WeekCounts:
    """Count by who fulfils, through the orders that the feedback belongs to."""
    channels = [] if placed is None else sorted(set(placed["channel"]) - {UNSTATED})
    if not channels:
        text = "Who fulfilled what got feedback is not known: that needs the All Orders report."
        return WeekCounts({}, [text])
    rows = rows[~rows["gone"]]
    rows = rows.assign(channel=rows["channel"].where(rows["order"].eq(READ), UNSTATED))
    weeks = _weeks(rows, None, until)
    last = _until(rows, None, "")
    full = (
        rows["source"].eq(ALL_RATINGS) if rows["source"].ne(UNSTATED).any() else all_ratings(rows)
    )
    limits = []
    if not full.all():
        names = ", ".join(sorted(rows.loc[full, "marketplace"].unique())) or "none"
        limits.append(
            "By channel the positive share is known only where the file holds all ratings "
            f"({names}); negatives per order are counted for every marketplace."
        )
    if lost := int(rows.loc[rows["channel"].eq(UNSTATED), "n"].sum()):
        belong = "belongs" if lost == 1 else "belong"
        limits.append(
            f"{several(lost, 'feedback')} {belong} to no order that was read: the channel is not "
            "known."
        )
    blocks = {}
    for name in channels:
        own = rows[rows["channel"] == name]
        block = pd.DataFrame({"week": [Period.containing(day, week=True).id for day in weeks]})
        block["start"] = pd.to_datetime(pd.Series(weeks)).astype("datetime64[us]")
        reached = (block["start"] <= last).to_numpy()
        rated = own[full.reindex(own.index)]
        block["n"] = _per_week(rated, "n", weeks)
        block["positive"] = _per_week(rated[rated["rating"] > 3], "n", weeks)
        block["share_known"] = reached & bool(len(rated))
        block["negative"] = _per_week(own[own["rating"] <= NEGATIVE], "n", weeks)
        block["negative_known"] = reached
        block["orders"] = _per_week(placed[placed["channel"] == name], "orders", weeks)
        blocks[str(name)] = block
    return WeekCounts(blocks, limits)


def delay(feedback: Any, orders: pd.DataFrame | None = None, *, before: pd.Timestamp) -> np.ndarray:
    """Return how many weeks after their order feedbacks of 1 to 3 stars arrive, as shares.

    Parameters
    ----------
    feedback : DataFrame, Tallies, Shop or Record
        Feedback with ``order_key`` where known. Or what :func:`record_of` takes in their place.
    orders : DataFrame, optional
        The table ``orders``, beside rows.
    before : Timestamp
        Only feedback of earlier days is used, so that no watched week changes the weights.

    Returns
    -------
    ndarray
        Share of week 0, 1, 2 ...; the usual delay where fewer than 50 can be joined.
    """
    cells = record_of(feedback, orders=orders).tallies.unhappy
    early = cells["date"] + pd.to_timedelta(cells["delay"], unit="D") < before
    lag = cells["delay"] // 7
    kept = early & (lag >= 0) & (lag <= LONGEST_DELAY)
    n = cells.loc[kept, "n"]
    if n.sum() >= FEWEST_JOINED:
        return np.bincount(lag[kept], weights=n) / n.sum()
    return usual_delay()


def usual_delay() -> np.ndarray:
    """Return the delay that is taken where a shop's own is not known.

    Returns
    -------
    ndarray
        Share of week 0, 1, 2 ...
    """
    return np.array(USUAL_DELAY)


def behind(orders: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """Return the orders behind each week's feedback: earlier orders, weighed by the delay.

    Parameters
    ----------
    orders : ndarray
        Orders by week.
    weights : ndarray
        What :func:`delay` returns.

    Returns
    -------
    ndarray
        Orders; missing in the first weeks with orders, whose feedback is still to come.
    """
    if not np.nan_to_num(orders).any():
        return np.full(len(orders), np.nan)
    found = np.convolve(np.nan_to_num(orders), weights)[: len(orders)]
    first = int(np.flatnonzero(np.nan_to_num(orders) > 0)[0])
    found[: first + FIRST_WEEKS] = np.nan
    return found
