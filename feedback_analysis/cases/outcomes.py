"""Did it work: time to close, cost, and what became of the feedback, by what was done about it."""

from __future__ import annotations

import math
import warnings
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import pandas as pd

from feedback_analysis.cases.clocks import CLOSED
from feedback_analysis.cases.own_words import usual
from feedback_analysis.results import Result
from feedback_analysis.shares import percent, percent_range, share_interval
from feedback_analysis.texts import several

NOT_AT_RANDOM = (
    "Who gets a refund and who an apology is decided case by case, not by chance: the cases differ "
    "before anything is done. A higher share beside one resolution does not show that it would do "
    "the same for the others."
)
GONE = ("removed", "changed", "struck")


@dataclass(frozen=True, eq=False)
class TimeToClose(Result):
    """How long cases take, with the open ones allowed for.

    Attributes
    ----------
    curve : DataFrame
        ``days`` since the feedback, ``open_share`` still open by then (0-1) with its 95 % interval
        ``low``, ``high``.
    table : DataFrame
        A row: ``cases``, ``closed``, ``open``, ``median_days`` with ``median_low``,
        ``median_high``; missing where fewer than half are closed.
    text : str
        The same in words.
    """

    curve: pd.DataFrame
    table: pd.DataFrame
    text: str


def time_to_close(cases: pd.DataFrame, *, as_of: date, promise: int | None = None) -> TimeToClose:
    """Estimate how long it takes from a feedback to its closed case.

    Parameters
    ----------
    cases : DataFrame
        A case list's table.
    as_of : date
        Today; open cases have taken at least until then.
    promise : int, optional
        Days within which the shop means to close.

    Returns
    -------
    TimeToClose

    Notes
    -----
    Kaplan and Meier's estimate by ``scipy.stats.ecdf``, with its log-log interval. Leaving open
    cases out, as a mean of the closed ones does, makes a shop that leaves the hard ones open look
    quick. Feedback that nobody looked into counts as open.
    """
    columns = ["days", "open_share", "low", "high"]
    empty = pd.DataFrame({name: pd.Series(dtype="float64") for name in columns})
    closed = (cases["stage"].eq(CLOSED) & cases["closed"].notna()).to_numpy()
    known = closed | cases["stage"].ne(CLOSED).to_numpy()
    ends = cases["closed"].where(closed, pd.Timestamp(as_of))
    days = (ends - cases["date"]).dt.days.clip(lower=0).to_numpy(dtype=float)[known]
    closed = closed[known]
    row = {"cases": len(days), "closed": int(closed.sum()), "open": int((~closed).sum())}
    medians = {"median_days": math.nan, "median_low": math.nan, "median_high": math.nan}
    if not closed.any():
        text = "No case is closed yet, so nothing can be said about the time that it takes."
        return TimeToClose(empty, pd.DataFrame([row | medians]), text)
    curve = _curve(days, closed)
    medians = {
        "median_days": _median(curve, "open_share"),
        "median_low": _median(curve, "low"),
        "median_high": _median(curve, "high"),
    }
    text = _time_words(row | medians, curve, promise)
    return TimeToClose(curve, pd.DataFrame([row | medians]), text)


def _curve(days: np.ndarray, closed: np.ndarray) -> pd.DataFrame:
    from scipy import stats

    sample = stats.CensoredData(uncensored=days[closed], right=days[~closed])
    survival = stats.ecdf(sample).sf
    with np.errstate(divide="ignore", invalid="ignore"), warnings.catch_warnings():
        # The formula has no value where all are open, or none is; these ends are set below.
        warnings.simplefilter("ignore", RuntimeWarning)
        interval = survival.confidence_interval(method="log-log")
    low, high = interval.low.probabilities, interval.high.probabilities
    shares = survival.probabilities
    frame = pd.DataFrame(
        {"days": survival.quantiles, "open_share": shares, "low": low, "high": high}
    )
    whole = frame["open_share"].eq(1)
    frame[["low", "high"]] = frame[["low", "high"]].mask(whole, 1.0)
    frame["low"] = frame["low"].fillna(0.0)
    frame["high"] = frame["high"].ffill()
    start = pd.DataFrame({"days": [0.0], "open_share": [1.0], "low": [1.0], "high": [1.0]})
    return frame if frame["days"].iloc[0] == 0 else pd.concat([start, frame], ignore_index=True)


def _median(curve: pd.DataFrame, column: str) -> float:
    # Products of fractions may land a hair above one half.
    reached = curve[curve[column] <= 0.5 + 1e-12]
    return float(reached["days"].iloc[0]) if len(reached) else math.nan


def _time_words(row: dict[str, Any], curve: pd.DataFrame, promise: int | None) -> str:
    half, n, left = row["median_days"], row["cases"], row["open"]
    if math.isnan(half):
        text = (
            "The only case is not closed yet."
            if n == 1
            else f"Fewer than half of the {n:,} cases are closed yet."
        )
    else:
        high = row["median_high"]
        to = "no end is known yet" if math.isnan(high) else f"{high:.0f}"
        text = (
            f"{'The only case is' if n == 1 else f'Half of the {n:,} cases are'} closed within "
            f"{several(round(half), 'day')} of the feedback (95 % interval "
            f"{row['median_low']:.0f} to {to}); {left:,} {'is' if left == 1 else 'are'} still open "
            "and counted as such."
        )
    if promise is not None:
        within = curve[curve["days"] <= promise].iloc[-1]
        text += (
            f" Within the promised {promise} days {percent(1 - within['open_share'])} are closed "
            f"({percent_range(1 - within['high'], 1 - within['low'])})."
        )
    return text


@dataclass(frozen=True, eq=False)
class ByResolution(Result):
    """What became of the feedback, by what was done.

    Attributes
    ----------
    table : DataFrame
        As :func:`by_resolution` describes it.
    costs : DataFrame
        ``resolution``, ``currency``, ``cases``, ``total`` and ``median`` cost; currencies are
        never added.
    text : str
        In words, with the warning that goes with it.
    limits : list of str
        What is not known.
    """

    table: pd.DataFrame
    costs: pd.DataFrame
    text: str
    limits: list[str]


def by_resolution(
    shop: Any, cases: pd.DataFrame, *, earlier: Iterable[Any] = (), minimum_n: int | None = None
) -> ByResolution:
    """Count by resolution how many feedbacks were later removed, changed or struck.

    Parameters
    ----------
    shop : Shop
        With ``feedback`` and ``cases``: closed cases count whose feedback is gone by now.
    cases : DataFrame
        A case list's table; its cases count.
    earlier : iterable of Reading, optional
        Kept readings of the shop: feedback that changed its stars since is seen in them.
    minimum_n : int, optional
        Below this number no share is given in words; by default the shop's own.

    Returns
    -------
    ByResolution
        ``.table``: ``resolution``, ``n`` (closed cases), ``seen`` (gone from a later download, or
        other stars than before), ``told`` (that the shop's own list says so), ``changed`` (either),
        ``share`` of them with ``low`` and ``high``.

    Notes
    -----
    Feedback that vanished from a download was removed by the buyer or Amazon, or struck: the files
    do not tell which.
    """
    earlier = list(earlier)
    done = shop.cases.dropna(subset="order_key").drop_duplicates("order_key")
    closed = usual(done["status"], "status").eq("closed") | done["closed"].notna()
    rated = shop.feedback[shop.feedback["rating"].le(3) | shop.feedback["gone"]]
    done = done[
        closed
        & done["order_key"].isin({*rated["order_key"].dropna(), *cases["order_key"].dropna()})
    ]
    seen = _seen_changes(shop.feedback, earlier)
    table = pd.DataFrame(
        {
            "resolution": usual(done["resolution"], "resolution").fillna("not noted"),
            "seen": done["order_key"].isin(seen),
            "told": usual(done["outcome"], "outcome").isin(GONE),
        }
    )
    table["changed"] = table["seen"] | table["told"]
    found = _counted(table)
    least = shop.settings.minimum_n if minimum_n is None else minimum_n
    limits = []
    if not earlier:
        limits.append(
            "Changed stars can be seen only against an earlier report's kept reading; there is "
            "none yet."
        )
    return ByResolution(found, _costs(done), _resolution_words(found, least), limits)


def _counted(table: pd.DataFrame) -> pd.DataFrame:
    """Count each resolution's cases, and how many of them changed, with the share's interval."""
    rows = []
    for name, part in table.groupby("resolution", sort=False):
        low, high = share_interval(int(part["changed"].sum()), len(part))
        counts = {column: int(part[column].sum()) for column in ("seen", "told", "changed")}
        share = part["changed"].mean()
        rows.append(
            {"resolution": name, "n": len(part), **counts, "share": share, "low": low, "high": high}
        )
    names = ["resolution", "n", "seen", "told", "changed", "share", "low", "high"]
    found = pd.DataFrame(rows, columns=names)
    return found.sort_values(["n", "resolution"], ascending=[False, True]).reset_index(drop=True)


def _seen_changes(feedback: pd.DataFrame, earlier: Iterable[Any]) -> set[str]:
    """Return the orders whose feedback is gone, or has other stars than an earlier reading held."""
    keyed = feedback.dropna(subset="order_key")
    changed = set(keyed.loc[keyed["gone"], "order_key"])
    stars = keyed[~keyed["gone"]].drop_duplicates("order_key", keep="last")
    stars = stars.set_index("order_key")["rating"]
    for reading in earlier:
        before = reading.shop(feedback_alone=True).feedback.dropna(subset="order_key")
        before = before[~before["gone"]].drop_duplicates("order_key", keep="last")
        then = before.set_index("order_key")["rating"]
        both = stars.reindex(then.index).dropna()
        changed |= set(both.index[both != then.reindex(both.index)])
    return changed


def _costs(done: pd.DataFrame) -> pd.DataFrame:
    paid = done.dropna(subset=["cost", "currency"]).assign(
        resolution=usual(done["resolution"], "resolution")
    )
    paid = paid.dropna(subset="resolution")
    grouped = paid.groupby(["resolution", "currency"])["cost"]
    table = grouped.agg(cases="size", total="sum", median="median").reset_index()
    return table.sort_values(["currency", "total", "resolution"], ascending=[True, False, True])


def _resolution_words(table: pd.DataFrame, minimum_n: int) -> str:
    shown = table[(table["n"] >= minimum_n)]
    if shown.empty:
        return f"Too few closed cases to compare resolutions. {NOT_AT_RANDOM}"
    parts = [
        f"{row['resolution']} {percent(row['share'])} of {row['n']:,} "
        f"({percent_range(row['low'], row['high'])})"
        for row in shown.to_dict("records")
    ]
    return (
        f"Of all {several(int(table['n'].sum()), 'closed case')} of the shop's list, later "
        f"removed, changed or struck, by what was done: {'; '.join(parts)}. {NOT_AT_RANDOM}"
    )
