"""What a chart of the weekly alarm watches: its weeks, its in-control level, and its course."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import pandas as pd

from feedback_analysis.health.change_point import change_point
from feedback_analysis.health.cusum import PATHS, SEED, Level, course, thresholds
from feedback_analysis.health.run_length import average_run_length
from feedback_analysis.health.week_counts import behind

SHARE, NEGATIVES = "positive share", "negatives"
BASELINE_WEEKS = 52
BASELINE_AT_LEAST = 26
# The watched span begins anew every so many weeks, so that an alarm does not come and go with the
# week of the run: until then all that is said of past weeks stays as it is.
BEGINS_EVERY = 13
RECENT = 13
# Every chart is tuned to a rate half as high again. Tuned to a doubling it would see a doubling up
# to a sixth earlier, but a rise by 40 % an eighth to a third later (at 1, 4 and 16 hits a week).
FACTOR = 1.5
# A further alarm within so many weeks, or twice the time that a doubling takes to be seen, tells of
# the same change, unless the weeks after the alarm before were likelier back at the old level by
# so much (in logarithm of likelihood).
LASTS, CALM_BETWEEN = 6, 1.0
# Alarms on both charts so close together tell of one change.
TOGETHER = 4
OWN, TARGET = "own weeks", "target"
FEEDBACKS, ORDERS, WEEKS = "feedbacks", "orders", "weeks"


@dataclass(frozen=True, eq=False)
class Watch:
    """One chart of one block: counts by watched week, and the level they are held against.

    Parameters
    ----------
    block : str
        Marketplace or channel, empty for the whole shop.
    chart : str
        ``positive share`` or ``negatives``.
    level : Level
        Share of feedback that is not positive, or negatives per feedback, order or week.
    source : str
        ``own weeks`` or ``target``.
    baseline_weeks : int
        Weeks that the level was estimated from; 0 for the target.
    unit : str
        What the exposure counts: ``feedbacks``, ``orders`` or ``weeks``.
    weeks : DataFrame
        Watched weeks: ``week``, ``start``, ``n``, ``count``, ``exposure``.
    """

    block: str
    chart: str
    level: Level
    source: str
    baseline_weeks: int
    unit: str
    weeks: pd.DataFrame

    @property
    def recent(self) -> float:
        """Mean exposure of a week in the last 13 watched ones."""
        return float(self.weeks["exposure"].tail(RECENT).mean()) if len(self.weeks) else 0.0

    def run(
        self,
        *,
        weeks_between: float,
        direction: str = "worse",
        seed: int = SEED,
        paths: int = PATHS,
    ) -> tuple[pd.DataFrame, list[dict[str, object]]]:
        """Run the CUSUM over the watched weeks.

        Parameters
        ----------
        weeks_between : float
            Weeks between false alarms of this chart and direction.
        direction : str
            ``worse`` or ``better``.
        seed : int
            Start of the random numbers of the thresholds.
        paths : int
            Simulated shops that the thresholds are computed from.

        Returns
        -------
        tuple
            The weeks with ``statistic``, ``threshold`` and ``alarm``; and the alarms.
        """
        factor = FACTOR if direction == "worse" else 1 / FACTOR
        exposure = self.weeks["exposure"].to_numpy(float)
        hits = self.weeks["count"].to_numpy(float)
        limits = thresholds(
            self.level, exposure, factor=factor, weeks_between_false_alarms=weeks_between,
            paths=paths, seed=seed,
        )  # fmt: skip
        statistic, alarm = course(self.level, hits, exposure, limits, factor=factor)
        table = self.weeks.assign(
            expected=self.level.value * exposure,
            statistic=statistic,
            threshold=limits,
            alarm=alarm,
            signal=np.where(alarm, direction, ""),
        )
        seen = self.weeks_to_see(2 * self.level.value, threshold=float(np.median(limits[-RECENT:])))
        lasts = max(LASTS, min(2 * seen, BASELINE_WEEKS))
        return table, self._alarms(hits, exposure, statistic, alarm, direction, lasts)

    def _alarms(
        self, hits: np.ndarray, exposure: np.ndarray, statistic: np.ndarray, alarm: np.ndarray,
        direction: str, lasts: float,
    ) -> list[dict[str, object]]:  # fmt: skip
        found: list[dict[str, object]] = []
        restart, start = 0, self.weeks["start"].to_numpy()
        for week in np.flatnonzero(alarm):
            zeros = np.flatnonzero(statistic[restart:week] == 0)
            zero = restart + (int(zeros[-1]) + 1 if len(zeros) else 0)
            began, low, high = change_point(
                self.level, hits, exposure, alarm=int(week), zero=zero, restart=restart
            )
            calm = change_point(
                self.level, hits, exposure, alarm=int(week), zero=zero, restart=restart,
                within=CALM_BETWEEN,
            )[1] > restart  # fmt: skip
            continues = bool(found) and not calm and week - restart < lasts
            part = slice(began, week + 1)
            found.append(
                {
                    "week": self.weeks["week"].iloc[week],
                    "start": start[week],
                    "direction": direction,
                    "began": start[began],
                    "began_low": start[low],
                    "began_high": start[high],
                    "level_before": self.shown(self.level.value),
                    "level_after": self.shown(float(hits[part].sum() / exposure[part].sum())),
                    "count": int(hits[part].sum()),
                    "exposure": float(exposure[part].sum()),
                    "expected": float(self.level.value * exposure[part].sum()),
                    "continues": continues,
                }
            )
            restart = int(week) + 1
        return found

    def shown(self, rate: float) -> float:
        """Return a rate as the chart shows it: of the share chart the positive share.

        Parameters
        ----------
        rate : float
            Hits per unit of exposure.

        Returns
        -------
        float
            Positive share, or negatives per unit.
        """
        return 1 - rate if self.chart == SHARE else rate

    def weeks_to_see(self, rate: float, *, threshold: float) -> float:
        """Return how many weeks a change to a rate takes to be seen on average.

        Parameters
        ----------
        rate : float
            Hits per unit of exposure from now on.
        threshold : float
            The threshold of the last weeks.

        Returns
        -------
        float
            Weeks at the volume of the last 13, from a statistic of 0 on.
        """
        if not self.recent > 0 or not math.isfinite(threshold):
            return math.inf
        rate = min(rate, 1.0) if self.level.kind == "binomial" else rate
        return average_run_length(self.level.scores(FACTOR, self.recent, rate), threshold)


def first_watched(starts: pd.Series, weeks: int) -> tuple[int, bool]:
    """Return the number of the first watched week and whether enough weeks lie before it.

    Parameters
    ----------
    starts : Series
        Mondays of all whole weeks known.
    weeks : int
        Weeks to watch at most.

    Returns
    -------
    tuple
        Number of the week; False when there are not 26 weeks before it.
    """
    count = len(starts)
    if count <= BASELINE_AT_LEAST:
        return 0, False
    back = max(0, count - weeks)
    number = starts.iloc[back].toordinal() // 7
    return min(count - 1, max(BASELINE_AT_LEAST, back + -number % BEGINS_EVERY)), True


def watches(
    block: str, counts: pd.DataFrame, first: int, *, own: bool, target: float, delay: np.ndarray
) -> list[Watch]:
    """Return the charts that a block's weeks allow.

    Parameters
    ----------
    block : str
        Name of the block.
    counts : DataFrame
        The block's weeks, as :class:`WeekCounts` describes them.
    first : int
        Number of the first watched week.
    own : bool
        Whether the shop's own weeks before it are the level; else the target.
    target : float
        Positive share aimed at.
    delay : ndarray
        Delay from order to feedback in weeks, as shares.

    Returns
    -------
    list of Watch
        Positive share and negatives, one of them, or none.
    """
    missed = counts["n"] - counts["positive"]
    options = [(SHARE, missed, counts["n"], counts["share_known"], FEEDBACKS)]
    bought = pd.Series(behind(counts["orders"].to_numpy(float), delay), counts.index)
    known = counts["negative_known"]
    every = pd.Series(1.0, counts.index)
    negative = [
        (NEGATIVES, counts["negative"], bought, known & bought.notna(), ORDERS),
        (NEGATIVES, counts["negative"], counts["n"], known & counts["share_known"], FEEDBACKS),
        (NEGATIVES, counts["negative"], every, known, WEEKS),
    ]
    found = []
    for choices in (options, negative):
        made = [_watch(block, counts, first, own, target, *choice) for choice in choices]
        made = [watch for watch in made if watch is not None]
        # A level of the shop's own is better than the target; the order of the choices comes next.
        made.sort(key=lambda watch: own and watch.source != OWN)
        found += made[:1]
    return found


def _watch(
    block: str, counts: pd.DataFrame, first: int, own: bool, target: float,
    chart: str, hits: pd.Series, exposure: pd.Series, known: pd.Series, unit: str,
) -> Watch | None:  # fmt: skip
    usable = known & (exposure > 0)
    watched = counts.assign(count=hits, exposure=exposure)[usable].loc[first:]
    kind = "binomial" if unit == FEEDBACKS else "poisson"
    base = usable.iloc[max(0, first - BASELINE_WEEKS) : first]
    base = base[base].index
    if own and len(base) >= BASELINE_AT_LEAST:
        level = Level.of_weeks(kind, hits[base].to_numpy(float), exposure[base].to_numpy(float))
        source, size = OWN, len(base)
    elif unit == FEEDBACKS and target < 1:
        level, source, size = Level(kind, 1 - target), TARGET, 0
    else:
        return None
    if watched.empty:
        return None
    columns = ["week", "start", "n", "count", "exposure"]
    return Watch(block, chart, level, source, size, unit, watched[columns].reset_index(drop=True))


def changes(alarms: pd.DataFrame, *, by: str | None) -> pd.Series:
    """Number the changes that alarms tell of: several alarms may tell of one.

    Parameters
    ----------
    alarms : DataFrame
        One row an alarm, oldest first, with ``continues``.
    by : str or None
        Column that names the block.

    Returns
    -------
    Series
        The change of each alarm, numbered from 1.
    """
    ordered = alarms.sort_values(["start", "continues"], kind="stable")
    newest: dict[tuple[object, object], tuple[int, pd.Timestamp]] = {}
    found = {}
    for index, row in zip(ordered.index, ordered.to_dict("records"), strict=True):
        place = (row[by] if by else "", row["direction"])
        number, first = newest.get(place, (0, None))
        near = first is not None and (row["start"] - first).days <= 7 * TOGETHER
        if not number or not (row["continues"] or near):
            number = max(found.values(), default=0) + 1
            newest[place] = (number, row["start"])
        found[index] = number
    return pd.Series(found, dtype="int64").reindex(alarms.index)
