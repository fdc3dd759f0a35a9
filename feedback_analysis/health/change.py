"""What changed from one period to another, and how sure that is."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, Literal

import pandas as pd

from feedback_analysis.errors import ReportError
from feedback_analysis.health.intervals import difference_interval
from feedback_analysis.health.period import PeriodRating, rate_period
from feedback_analysis.health.rating import TARGETS
from feedback_analysis.health.sources import Sources
from feedback_analysis.health.words import missing, signed
from feedback_analysis.periods import Period
from feedback_analysis.results import Result

# Measure, and its columns in a rating table.
MEASURES = (
    ("positive share", "share", "low", "high"),
    ("average stars", "average", "average_low", "average_high"),
)
COLUMNS = ["measure", "now", "before", "difference", "low", "high", "n", "n_before", "verdict"]


@dataclass(frozen=True, eq=False)
class Change(Result):
    """Differences between two periods.

    Parameters
    ----------
    table : DataFrame
        As :func:`change` describes it.
    text : str
        The change of the positive share in words.
    """

    table: pd.DataFrame
    text: str


@dataclass(frozen=True, eq=False)
class Comparison(Result):
    """A period beside the one before and the one a year before.

    Parameters
    ----------
    table : DataFrame
        The three periods' ratings, newest first.
    changes : DataFrame
        Differences of the period to each of the other two.
    text : str
        The period in words, then each change.
    limits : list of str
        What is not known, as sentences.
    targets : tuple of float
        Positive share (0-1) and average stars aimed at.
    minimum_n : int
        Below this number nothing is said about targets or changes.
    moved_since : Period
        The older of the two periods if only since then the positive share clearly changed, else
        the period before.
    """

    table: pd.DataFrame
    changes: pd.DataFrame
    text: str
    limits: list[str]
    targets: tuple[float, float]
    minimum_n: int
    moved_since: Period


def change(now: PeriodRating, before: PeriodRating) -> Change:
    """Take the difference between two periods, with an interval.

    Parameters
    ----------
    now, before : PeriodRating
        The two periods, both for all marketplaces or both by marketplace.

    Returns
    -------
    Change
        ``.table``: one row a measure (and marketplace): ``measure`` (``positive share`` in 0-1 or
        ``average stars``), ``now``, ``before``, ``difference``, its 95 % interval ``low`` and
        ``high``, the counts ``n`` and ``n_before``, and ``verdict``: ``higher``, ``lower``,
        ``no clear change``, ``too few to say`` or ``not known``. Where an average is only bounded,
        so is its difference: ``difference`` is missing, ``low`` and ``high`` are its bounds, and
        the verdict is ``not known`` unless the bounds lie on one side of 0.

    Raises
    ------
    ReportError
        If one is by marketplace and the other is not.

    Notes
    -----
    Newcombe's hybrid score interval (1998, method 10) for shares; the same rule for averages.
    """
    blocks = ["marketplace" in part.table for part in (now, before)]
    if blocks[0] != blocks[1]:
        raise ReportError("one period is by marketplace and the other is not")
    old = {row.get("marketplace"): row for row in before.table.to_dict("records")}
    rows = []
    for row in now.table.to_dict("records"):
        market = row.get("marketplace")
        name = {"marketplace": market} if blocks[0] else {}
        for measure in MEASURES:
            if market in old:
                rows.append({**name, **_difference(row, old[market], measure, now.minimum_n)})
    sentences = [
        _change_sentence(row, now.period, before.period)
        for row in rows
        if row["measure"] == "positive share"
    ]
    table = pd.DataFrame(rows, columns=["marketplace", *COLUMNS] if blocks[0] else COLUMNS)
    table[["n", "n_before"]] = table[["n", "n_before"]].astype("Int64")
    return Change(table, " ".join(sentences))


def _difference(now: dict, before: dict, measure: tuple[str, ...], minimum_n: int) -> dict:
    name, value, low, high = measure
    ends = ((now[low], now[high]), (before[low], before[high]))
    difference = now[value] - before[value]
    if missing(difference) and not any(missing(end) for pair in ends for end in pair):
        # A part is only bounded, so the difference is too.
        interval = ends[0][0] - ends[1][1], ends[0][1] - ends[1][0]
    else:
        interval = difference_interval(now[value], ends[0], before[value], ends[1])
    counts = [0 if missing(row["n"]) else int(row["n"]) for row in (now, before)]
    if any(math.isnan(end) for end in interval):
        verdict = "not known"
    elif min(counts) < minimum_n:
        verdict = "too few to say"
    elif interval[0] > 0:
        verdict = "higher"
    elif interval[1] < 0:
        verdict = "lower"
    else:
        verdict = "not known" if missing(difference) else "no clear change"
    return {
        "measure": name,
        "now": now[value],
        "before": before[value],
        "difference": difference,
        "low": interval[0],
        "high": interval[1],
        "n": now["n"],
        "n_before": before["n"],
        "verdict": verdict,
    }


def _change_sentence(row: dict, now: Period, before: Period) -> str:
    place = f"{row['marketplace']}: " if "marketplace" in row else ""
    if missing(row["difference"]):
        return f"{place}The change since {before.label} is not known."
    points, low, high = (100 * row[key] for key in ("difference", "low", "high"))
    sure = row["verdict"] in ("higher", "lower")
    digits = _digits([low, high, *([points] if sure else [])])
    if not sure and abs(points) < 0.05:
        size = "the same as"
    else:
        tiny = not round(points, digits)
        much = "less than 0.001" if tiny else f"{abs(points):.{digits}f}"
        size = f"{much} points {'higher' if points > 0 else 'lower'} than"
    clear = {
        "higher": "a clear rise, looked at by itself",
        "lower": "a clear fall, looked at by itself",
        "too few to say": "too few feedbacks to say more",
    }.get(row["verdict"], "no clear change")
    return (
        f"{place}The positive share in {now.label} was {size} in {before.label} "
        f"(95 % interval {_end(low, digits)} to {_end(high, digits)}): {clear}."
    )


def _digits(numbers: list[float]) -> int:
    """Return how many decimals show on which side of zero each number lies: mostly one."""
    real = [number for number in numbers if _is_real(number)]
    return next((digits for digits in (1, 2) if all(round(n, digits) for n in real)), 3)


def _end(points: float, digits: int) -> str:
    """Return an end of an interval; one next to zero is not shown as zero."""
    if _is_real(points) and not round(points, digits):
        return f"just {'above' if points > 0 else 'below'} 0"
    return signed(points, digits)


def _is_real(points: float) -> bool:
    """Tell a number from zero that sums of floats have missed."""
    return abs(points) > 1e-9


def compare_periods(
    feedback: Any,
    totals: pd.DataFrame | None,
    period: Period,
    *,
    targets: tuple[float, float] = TARGETS,
    minimum_n: int = 10,
    on_missing: Literal["refuse", "say"] = "refuse",
) -> Comparison:
    """Set a period beside the one before and the same one a year before.

    Parameters
    ----------
    feedback, totals : DataFrame
        As for :func:`feedback_rating`; ``totals`` may be None.
    period : Period
        The month or week.
    targets : tuple of float
        As for :func:`period_rating`.
    minimum_n : int
        As for :func:`period_rating`.
    on_missing : str
        As for :func:`period_rating`.

    Returns
    -------
    Comparison
        ``.table``: three rows, newest first, as :func:`period_rating`; ``.changes``: rows of
        :func:`change` with ``since`` in front, the label of the older period.

    Raises
    ------
    ReportError
        If no marketplace's share can be computed.
    """
    sources = Sources(feedback, totals)
    periods = [period, period.previous(), period.year_before()]
    ratings = [
        rate_period(
            sources, one, by=None, targets=targets, minimum_n=minimum_n, on_missing=on_missing
        )
        for one in periods
    ]
    parts = [(other.period.label, change(ratings[0], other)) for other in ratings[1:]]
    changes = pd.concat(
        [part.table.assign(since=label) for label, part in parts], ignore_index=True
    )
    changes.insert(0, "since", changes.pop("since"))
    text = " ".join([ratings[0].text, *(part.text for _, part in parts)])
    limits = list(dict.fromkeys(limit for rating in ratings for limit in rating.limits))
    table = pd.concat([rating.table for rating in ratings], ignore_index=True)
    clear = [_is_clear(part.table) for _, part in parts]
    moved_since = periods[2] if clear == [False, True] else periods[1]
    return Comparison(table, changes, text, limits, targets, minimum_n, moved_since)


def _is_clear(changes: pd.DataFrame) -> bool:
    share = changes[changes["measure"] == "positive share"]
    return bool(share["verdict"].isin(["higher", "lower"]).any())
