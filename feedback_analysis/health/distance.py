"""How far the positive share is from its target: in feedbacks, in days, and at the present pace."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Literal

import pandas as pd

from feedback_analysis.errors import ReportError, did_you_mean
from feedback_analysis.health.distance_words import distance_sentences
from feedback_analysis.health.margin import (
    displayed_from,
    exact,
    negatives_afforded,
    positives_needed,
    positives_to_be_sure,
)
from feedback_analysis.health.pace import (
    PACE_DAYS,
    QUANTILES,
    Futures,
    Pace,
    futures,
    only_positive,
    when_reached,
)
from feedback_analysis.health.rate import rate, refusal
from feedback_analysis.health.rating import TARGETS, WINDOWS, as_day, public_figure
from feedback_analysis.health.rolloff import kept, rolloff
from feedback_analysis.health.sources import Sources
from feedback_analysis.once import once
from feedback_analysis.results import Result

COUNTED = ("n", "positive", "neutral", "negative", "share", "low", "high", "displayed")
CONTEXT = ("share_verdict", "since", "complete")
COLUMNS = (
    "positives_needed",
    "positives_needed_displayed",
    "positives_to_be_sure",
    "negatives_afforded",
    "negatives_afforded_displayed",
    "next_leaving",
)
DAYS = ("positive", "neutral", "negative")


@dataclass(frozen=True, eq=False)
class Distance(Result):
    """Distance of the positive share to its target.

    Parameters
    ----------
    table : DataFrame
        One row a window (and marketplace), as :func:`distance_to_target` describes it.
    rolloff : DataFrame
        One row a window and day on which feedback that is not positive leaves it.
    text : str
        The public figure's distance in words.
    limits : list of str
        What is not known, as sentences.
    as_of : date
        Last day of every window.
    target : float
        Positive share aimed at.
    minimum_n : int
        Below this number nothing is said about the target.
    """

    table: pd.DataFrame
    rolloff: pd.DataFrame
    text: str
    limits: list[str]
    as_of: date
    target: float
    minimum_n: int


@once
def distance_to_target(
    feedback: Any,
    totals: pd.DataFrame | None = None,
    *,
    as_of: date | str | None = None,
    by: Literal["marketplace"] | None = None,
    targets: tuple[float, float] = TARGETS,
    minimum_n: int = 10,
    on_missing: Literal["refuse", "say"] = "refuse",
    seed: int = 2026,
) -> Distance:
    """Work out how far the positive share of each window is from its target.

    Parameters
    ----------
    feedback, totals : DataFrame
        As for :func:`feedback_rating`; ``totals`` may be None.
    as_of : date or str, optional
        Last day of every window; by default the last day known.
    by : {"marketplace"}, optional
        One block of rows a marketplace, named in the first column.
    targets : tuple of float, default=(0.95, 4.5)
        Positive share (0-1) and average stars; only the first is used here.
    minimum_n : int, default=10
        As for :func:`feedback_rating`.
    on_missing : {"refuse", "say"}, default="refuse"
        As for :func:`feedback_rating`.
    seed : int, default=2026
        Seed of the simulated futures.

    Returns
    -------
    Distance
        ``.table``: ``window``, the counts and the share as in :func:`feedback_rating`; further
        positive feedbacks in a row until the share reaches the target (``positives_needed``),
        until Amazon's whole percent shows it (``positives_needed_displayed``) and until the whole
        95 % interval reaches it (``positives_to_be_sure``); ``negatives_afforded`` before the
        share falls below, and ``negatives_afforded_displayed``; ``next_leaving``, the next day on
        which a feedback that is not positive leaves the window. All of these take the window as it
        stands now. ``pace``: ``met now``, ``reached``, ``not at this pace`` (in fewer than half of
        the simulated futures within two years), ``too few to say`` or ``no pace known``;
        ``pace_n`` and ``pace_share`` of the last 90 days; ``reached`` (median day from which the
        target is met for four weeks) with ``reached_80_low``, ``reached_80_high``,
        ``reached_95_low``, ``reached_95_high`` (missing beyond two years), and ``chance`` (0-1) to
        reach it within two years;
        ``only_positive``, the day on which the target is met if as much feedback as lately comes
        in and all of it is positive.
        ``.rolloff``: ``window`` and the columns of :func:`rolloff.rolloff`.

    Raises
    ------
    ReportError
        If no marketplace's share can be computed, or the target lies outside 0 to 1.

    Notes
    -----
    The numbers of feedbacks are exact: 0.95 is 19/20, not the binary float beside it. The day is
    simulated: positive and other feedback come in as Poisson streams at rates estimated from the
    last 90 days, and old feedback leaves the window on its day.

    Examples
    --------
    >>> import pandas as pd
    >>> day = pd.Timestamp("2026-10-31")
    >>> stars = [5] * 93 + [1] * 7
    >>> feedback = pd.DataFrame({"date": day, "marketplace": "US", "rating": stars})
    >>> table = distance_to_target(feedback).table
    >>> int(table["positives_needed"][0]), int(table["positives_needed_displayed"][0])
    (40, 28)
    """
    if by not in (None, "marketplace"):
        raise ReportError(
            f"a distance cannot be split by '{by}'.{did_you_mean(str(by), ['marketplace'])}",
            expected="by='marketplace' or nothing",
        )
    target = exact(targets[0])
    sources = Sources(feedback, totals)
    last = as_day(as_of) or sources.last_day
    if last is None:
        raise refusal({})
    spans = [
        ({"window": name}, None if days is None else last - timedelta(days=days - 1), last, name)
        for name, days in WINDOWS.items()
    ]
    rated, limits, reason = rate(
        sources, spans, by=by, targets=targets, minimum_n=minimum_n, on_missing=on_missing
    )
    rows, leaving = [], []
    blocks = rated.groupby("marketplace", sort=False) if "marketplace" in rated else [(None, rated)]
    for name, block in blocks:
        days = _days(sources, [name] if name else sources.markets, last)
        pace = _pace(days, last)
        drawn = futures(pace, seed=seed) if pace and pace.n else None
        for row in block.to_dict("records"):
            found, table = _window(
                row, days, pace, drawn, target=target, last=last, minimum_n=minimum_n
            )
            rows.append(found)
            leading = {"marketplace": name} if name else {}
            leaving.append(table.assign(**leading, window=row["window"]))
            if found["pace"] is None and not pd.isna(row["n"]):
                limits.append(_untold(row))
    table = _frame(rows)
    lost = _rolloff_frame(leaving)
    text = reason or " ".join(
        distance_sentences(row, lost, target=targets[0], as_of=last)
        for row in public_figure(table).to_dict("records")
    )
    return Distance(table, lost, text, limits, last, targets[0], minimum_n)


def _days(sources: Sources, markets: list[str], last: date) -> pd.DataFrame:
    """Add up the days of several marketplaces, as far as all of them are known."""
    parts = [sources.by_day(market, None, last) for market in markets]
    parts = [part for part in parts if len(part)]
    if not parts:
        return pd.DataFrame({name: [] for name in DAYS}, index=pd.DatetimeIndex([]), dtype="int64")
    return pd.concat(parts).groupby(level=0).sum()


def _pace(days: pd.DataFrame, last: date) -> Pace | None:
    first = pd.Timestamp(last) - pd.Timedelta(days=PACE_DAYS - 1)
    lately = days[days.index >= first]
    if lately.empty:
        return None
    positive = max(0, int(lately["positive"].sum()))
    # A missing day inside counts as a day without feedback, as it does in the rating.
    known = (lately.index.max() - lately.index.min()).days + 1
    return Pace(positive, int(lately[["neutral", "negative"]].sum().sum()), known)


def _window(
    row: dict,
    days: pd.DataFrame,
    pace: Pace | None,
    drawn: Futures | None,
    *,
    target,
    last: date,
    minimum_n: int,
) -> tuple[dict[str, object], pd.DataFrame]:
    leading = {name: row[name] for name in ("marketplace", "window") if name in row}
    found = leading | {name: row.get(name) for name in (*COUNTED, *CONTEXT)}
    found |= dict.fromkeys(COLUMNS) | {"pace": None, "pace_n": None, "pace_share": None}
    found |= dict.fromkeys((*QUANTILES, "chance", "only_positive"))
    nothing = rolloff(kept(days, last, 1), None).head(0)
    if pd.isna(row["n"]):
        return found, nothing
    positive, n = int(row["positive"]), int(row["n"])
    shown = displayed_from(float(target))
    found |= {
        "positives_needed": positives_needed(positive, n, target),
        "positives_needed_displayed": positives_needed(positive, n, shown),
        "positives_to_be_sure": positives_to_be_sure(positive, n, float(target)),
        "negatives_afforded": negatives_afforded(positive, n, target),
        "negatives_afforded_displayed": negatives_afforded(positive, n, shown),
    }
    if pace is not None:
        found |= {"pace_n": pace.n, "pace_share": pace.positive / pace.n if pace.n else None}
    length = WINDOWS[row["window"]]
    if length is None:
        held = pd.DataFrame({name: [int(row[name])] for name in DAYS}, index=[pd.Timestamp(last)])
    else:
        held = kept(days, last, length)
        if [int(value) for value in held.iloc[0][list(DAYS)]] != [int(row[name]) for name in DAYS]:
            # The counts come from a source that does not tell days: nothing can roll off.
            return found, nothing
    table = nothing if length is None else rolloff(held, _per_day(pace))
    if len(table):
        found["next_leaving"] = table["date"].iloc[0]
    found["only_positive"] = only_positive(held, length, pace, target, last)
    if n and positive >= target * n:
        found["pace"] = "met now"
    elif drawn is None:
        found["pace"] = "no pace known"
    elif pace.n < minimum_n:
        found["pace"] = "too few to say"
    else:
        found |= when_reached(drawn, held, length, target, last)
        found["pace"] = "not at this pace" if pd.isna(found["reached"]) else "reached"
    return found, table


def _per_day(pace: Pace | None) -> pd.DataFrame | None:
    if pace is None or not pace.n:
        return None
    other = pace.other / pace.days
    return pd.DataFrame(
        {"positive": [pace.positive / pace.days], "neutral": [0.0], "negative": [other]}
    )


def _untold(row: dict) -> str:
    place = f"{row['marketplace']}: " if "marketplace" in row else ""
    begin = "the" if place else "The"
    return (
        f"{place}{begin} days on which the feedback of the {row['window']} was left are not all "
        "known, so it cannot be said when it leaves the window; add the Sales and Traffic report "
        "by date."
    )


def _frame(rows: list[dict[str, object]]) -> pd.DataFrame:
    frame = pd.DataFrame(rows)
    whole = [*COUNTED[:4], "displayed", *COLUMNS[:5], "pace_n"]
    for name in whole:
        frame[name] = frame[name].astype("Int64")
    for name in ("share", "low", "high", "pace_share", "chance"):
        frame[name] = frame[name].astype("float64")
    for name in ("since", "next_leaving", "only_positive", *QUANTILES):
        frame[name] = pd.to_datetime(frame[name]).astype("datetime64[us]")
    return frame


def _rolloff_frame(tables: list[pd.DataFrame]) -> pd.DataFrame:
    frame = pd.concat(tables, ignore_index=True)
    leading = [name for name in ("marketplace", "window") if name in frame]
    frame["date"] = pd.to_datetime(frame["date"]).astype("datetime64[us]")
    return frame[[*leading, *[name for name in frame if name not in leading]]]
