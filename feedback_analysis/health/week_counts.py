"""Counts by whole week that the alarm watches: feedback, positives, negatives and orders."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import pandas as pd

from feedback_analysis.errors import ReportError, did_you_mean
from feedback_analysis.health.tally import UNSTATED, checked, days, require
from feedback_analysis.health.weekly import weekly_rating
from feedback_analysis.periods import Period

NEGATIVE = 2
FULL = "all ratings"
# Share of the negative feedback that arrives 0, 1, 2 ... weeks after the order, where the shop's
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
    feedback: pd.DataFrame,
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
    rows = checked(feedback)
    placed = _placed(orders, until)
    if by == "channel":
        return _by_channel(feedback, rows, placed, until)
    weeks = _weeks(rows, totals, until)
    if not weeks:
        return WeekCounts({}, [])
    found = weekly_rating(
        feedback, totals, until=weeks[-1] + timedelta(days=6), weeks=len(weeks), by=by,
        minimum_n=1, on_missing="say",
    )  # fmt: skip
    split = "marketplace" in found.table
    names = sorted(found.table["marketplace"].unique()) if split else [""]
    blocks = {}
    for name in names:
        part = found.table[found.table["marketplace"] == name] if split else found.table
        own = rows[rows["marketplace"] == name] if split else rows
        block = _block(weeks, part, own, _until(own, totals, name))
        bought = placed if placed is None or not split else placed[placed["marketplace"] == name]
        block["orders"] = (
            _per_week(bought, "purchase_date", weeks) if bought is not None else np.nan
        )
        blocks[name] = block
    return WeekCounts(blocks, found.limits)


def _placed(orders: pd.DataFrame | None, until: date) -> pd.DataFrame | None:
    """Return one row an order that was not cancelled."""
    if orders is None or orders.empty:
        return None
    require(orders, ("order_key", "purchase_date"), table="orders")
    kept = orders.drop_duplicates("order_key")
    kept = kept.assign(purchase_date=days(kept["purchase_date"], column="purchase_date"))
    if "status" in kept:
        kept = kept[~kept["status"].astype("object").eq("Cancelled")]
    market = kept["marketplace"].astype("object") if "marketplace" in kept else UNSTATED
    return kept[kept["purchase_date"] <= pd.Timestamp(until)].assign(marketplace=market)


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
    seen = [rows["date"].max()]
    if "last_seen" in rows:
        seen.append(rows["last_seen"].max())
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
        counted = rows[~rows["gone"]] if "gone" in rows else rows
        negative = counted[counted["rating"] <= NEGATIVE]
        whole = reached & (start >= rows["date"].min()).to_numpy()
        block["negative"] = np.where(whole, _per_week(negative, "date", weeks), np.nan)
        block["negative_known"] = whole
    return block


def _per_week(frame: pd.DataFrame, column: str, weeks: list[date]) -> np.ndarray:
    """Count rows by week."""
    if not weeks:
        return np.zeros(0)
    number = (frame[column] - pd.Timestamp(weeks[0])).dt.days // 7
    inside = number[(number >= 0) & (number < len(weeks))].astype(int)
    return np.bincount(inside, minlength=len(weeks)).astype(float)


def _by_channel(
    feedback: pd.DataFrame, rows: pd.DataFrame, placed: pd.DataFrame | None, until: date
) -> WeekCounts:
    """Count by who fulfils, through the orders that the feedback belongs to."""
    lacking = placed is None or "channel" not in placed or "order_key" not in feedback
    if lacking or placed["channel"].isna().all():
        text = "Who fulfilled what got feedback is not known: that needs the All Orders report."
        return WeekCounts({}, [text])
    channel = placed.set_index("order_key")["channel"].astype("object")
    rows = rows.assign(channel=feedback["order_key"].astype("object").map(channel).to_numpy())
    rows = rows[~rows["gone"]] if "gone" in rows else rows
    weeks = _weeks(rows, None, until)
    last = _until(rows, None, "")
    full = rows["marketplace"].map(rows.groupby("marketplace")["rating"].max() > 3)
    if "source" in rows:
        full = rows["source"].astype("object").eq(FULL)
    limits = []
    if not full.all():
        names = ", ".join(sorted(rows.loc[full, "marketplace"].unique())) or "none"
        limits.append(
            "By channel the positive share is known only where the file holds all ratings "
            f"({names}); negatives per order are counted for every marketplace."
        )
    if lost := int(rows["channel"].isna().sum()):
        limits.append(f"{lost:,} feedbacks belong to no order that was read: they have no channel.")
    blocks = {}
    for name in sorted(channel.dropna().unique()):
        own = rows[rows["channel"] == name]
        block = pd.DataFrame({"week": [Period.containing(day, week=True).id for day in weeks]})
        block["start"] = pd.to_datetime(pd.Series(weeks)).astype("datetime64[us]")
        reached = (block["start"] <= last).to_numpy()
        rated = own[full.reindex(own.index)]
        block["n"] = _per_week(rated, "date", weeks)
        block["positive"] = _per_week(rated[rated["rating"] > 3], "date", weeks)
        block["share_known"] = reached & bool(len(rated))
        block["negative"] = _per_week(own[own["rating"] <= NEGATIVE], "date", weeks)
        block["negative_known"] = reached
        block["orders"] = _per_week(placed[placed["channel"] == name], "purchase_date", weeks)
        blocks[str(name)] = block
    return WeekCounts(blocks, limits)


def delay(
    feedback: pd.DataFrame, orders: pd.DataFrame | None, *, before: pd.Timestamp
) -> np.ndarray:
    """Return how many weeks after their order negative feedbacks arrive, as shares.

    Parameters
    ----------
    feedback : DataFrame
        Feedback with ``order_key`` where known.
    orders : DataFrame or None
        The table ``orders``.
    before : Timestamp
        Only feedback of earlier days is used, so that no watched week changes the weights.

    Returns
    -------
    ndarray
        Share of week 0, 1, 2 ...; the usual delay where fewer than 50 can be joined.
    """
    if orders is not None and len(orders) and "order_key" in feedback:
        bought = orders.drop_duplicates("order_key").set_index("order_key")["purchase_date"]
        early = feedback[(feedback["date"] < before) & (feedback["rating"] <= NEGATIVE + 1)]
        lag = (early["date"] - early["order_key"].map(bought)).dt.days.dropna() // 7
        lag = lag[(lag >= 0) & (lag <= LONGEST_DELAY)].astype(int)
        if len(lag) >= FEWEST_JOINED:
            return np.bincount(lag) / len(lag)
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
