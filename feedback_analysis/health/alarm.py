"""The weekly alarm: has the share of positive feedback, or the negatives per order, changed?"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
import pandas as pd

from feedback_analysis.errors import ReportError, did_you_mean
from feedback_analysis.health.alarm_changes import change_table
from feedback_analysis.health.alarm_words import (
    alarm_sentences,
    delay_sentence,
    dispersion_sentences,
    level_sentence,
    place_words,
    power_sentence,
    rate_sentence,
)
from feedback_analysis.health.cusum import SEED
from feedback_analysis.health.rating import TARGETS, as_day
from feedback_analysis.health.record import Record, record_of
from feedback_analysis.health.watch import (
    NEGATIVES,
    OWN,
    RECENT,
    SHARE,
    TARGET,
    Watch,
    changes,
    first_watched,
    watches,
)
from feedback_analysis.health.week_counts import delay, usual_delay, week_counts
from feedback_analysis.once import once
from feedback_analysis.results import Result

if TYPE_CHECKING:
    from feedback_analysis.settings import Settings

WEEKS_BETWEEN_FALSE_ALARMS = 104
# A drop from 95 to 93 % positive means 1.4 times as much feedback that is not.
DROP = 1.4
DOUBLING = 2.0
DIRECTIONS = ("worse", "better")
NOTHING_TO_WATCH = (
    "The weekly alarm needs whole weeks of feedback with totals, or 26 weeks of negatives."
)
ALARM_COLUMNS = [
    "chart", "unit", "week", "start", "direction", "began", "began_low", "began_high",
    "level_before", "level_after", "count", "exposure", "expected", "continues", "change",
]  # fmt: skip


@dataclass(frozen=True, eq=False)
class WeeklyAlarm(Result):
    """What the weekly alarm says.

    Parameters
    ----------
    table : DataFrame
        One row a chart and watched week, as :func:`weekly_alarm` describes it.
    alarms : DataFrame
        One row an alarm, oldest first.
    charts : DataFrame
        One row a chart: its level, where that comes from, and how soon a change is seen.
    changes : DataFrame
        One row a change and chart, newest first, as :func:`alarm_changes.change_table` describes.
    sentences : list of str
        The alarms, the rate of false ones and the level, in words.
    power : str
        How soon a real change would be seen, in words.
    limits : list of str
        What is not known, as sentences.
    weeks_between_false_alarms : float
        Of the whole page, as the user states it.
    weeks_per_chart : float
        Of each chart (and direction), so that together they make the page's.
    """

    table: pd.DataFrame
    alarms: pd.DataFrame
    charts: pd.DataFrame
    changes: pd.DataFrame
    sentences: list[str]
    power: str
    limits: list[str]
    weeks_between_false_alarms: float
    weeks_per_chart: float

    @property
    def text(self) -> str:
        """The sentences as one text."""
        return " ".join(self.sentences)


@once
def weekly_alarm(
    feedback: Any,
    totals: pd.DataFrame | None = None,
    orders: pd.DataFrame | None = None,
    *,
    until: date | str,
    by: Literal["marketplace", "channel"] | None = None,
    weeks: int = 52,
    level: Literal["own weeks", "target"] = OWN,
    targets: tuple[float, float] = TARGETS,
    weeks_between_false_alarms: float = WEEKS_BETWEEN_FALSE_ALARMS,
    directions: tuple[str, ...] = ("worse",),
    seed: int = SEED,
) -> WeeklyAlarm:
    """Watch the weekly positive share and the negatives per order with a stated false-alarm rate.

    Parameters
    ----------
    feedback, totals : DataFrame
        As for :func:`feedback_rating`. With ``order_key``, how long feedback takes to arrive is
        learnt from the shop's own orders.
    orders : DataFrame, optional
        The table ``orders``. Without it negatives are held against the feedback of the week.
    until : date or str
        Last day known. The week that is not over by then is left out.
    by : {"marketplace", "channel"}, optional
        Two charts for each, instead of two for the whole shop; the page's rate is shared by all.
    weeks : int, default=52
        Weeks to watch at most; up to 12 fewer, because the span begins anew only every 13 weeks.
    level : {"own weeks", "target"}
        What counts as nothing changed: the 52 weeks before the watched ones (26 at least, else the
        target), or the target.
    targets : tuple of float
        The first is the positive share aimed at. Of the negatives, Amazon's older advice of under
        5 % of the feedback is the same number.
    weeks_between_false_alarms : float, default=104
        One false alarm on the page in so many weeks, on average, while nothing changes.
    directions : tuple of str
        ``worse``, ``better`` or both, which then share the rate.
    seed : int
        Start of the random numbers of the thresholds.

    Returns
    -------
    WeeklyAlarm
        ``.table``: ``marketplace`` or ``channel`` if asked for, ``chart`` (``positive share`` or
        ``negatives``), ``week``, ``start``, ``n`` (feedbacks), ``count`` (of those not positive, or
        negatives), ``exposure`` in ``unit``, ``expected``, ``low`` and ``high`` (where the count
        lies in 95 of 100 weeks while nothing changes), ``statistic``, ``threshold``, ``alarm`` and
        ``signal`` (direction or empty).
        ``.alarms``: ``chart``, ``unit``, ``week``, ``start`` (Monday of the alarm's week),
        ``direction``, ``began`` with ``began_low`` and ``began_high`` (Mondays of the weeks in
        which the change probably began), ``level_before``, ``level_after`` (positive share, or
        negatives per unit, from then up to the alarm) with ``count``, ``exposure`` and
        ``expected``, ``continues`` (the
        change that the alarm before gave goes on) and ``change``: alarms of the same number
        tell of the same change.
        ``.charts``: ``level``, ``level_source``, ``baseline_weeks``, ``unit``, ``volume``
        (feedbacks or orders a week of late), ``dispersion`` (how many times as widely as chance
        alone, in variance, the weeks of the level swing; 1 where that cannot be told from chance),
        ``weeks_per_alarm``, ``change_to`` (1.4 times as much
        feedback that is not positive, twice as many negatives) and ``weeks_to_see``.

    Raises
    ------
    ReportError
        If a table cannot be read or an option is not one.

    Notes
    -----
    CUSUM of log-likelihood ratios (Page, 1954; Lucas, 1985, for counts) with a threshold for each
    week that spends the stated rate exactly on the shop's own volumes, uncertain level included
    (:func:`feedback_analysis.health.cusum.thresholds`). The two charts share the page's rate
    equally. Where the baseline's weeks swing more than chance explains
    (:func:`feedback_analysis.health.overdispersion.spread_of`), the thresholds are those of
    negative-binomial or beta-binomial weeks. After an alarm the chart starts again at 0 against
    the same level.
    """
    _check_options(level, directions, weeks, weeks_between_false_alarms)
    record = record_of(feedback, totals, orders)
    counted = week_counts(record, until=as_day(until), by=by)
    made, lags = _watches(record, counted.blocks, weeks, own=level == OWN, target=targets[0])
    per_chart = weeks_between_false_alarms * max(1, len(made) * len(directions))
    tables, alarms, charts = [], [], []
    for watch in made:
        leading = {by: watch.block} if by else {}
        leading |= {"chart": watch.chart, "unit": watch.unit}
        for direction in directions:
            table, found = watch.run(weeks_between=per_chart, direction=direction, seed=seed)
            tables.append(_with_band(table, watch).assign(**leading))
            alarms += [{**leading, **alarm} for alarm in found]
            if direction == directions[0]:
                charts.append({**leading, **_chart(watch, table, per_chart)})
    frame = _alarms(alarms, by)
    described = pd.DataFrame(charts)
    limits = [*counted.limits, *_missing(made, counted.blocks, level)]
    if not made:
        return WeeklyAlarm(
            pd.DataFrame(), frame, described, frame.head(0), [NOTHING_TO_WATCH], "", limits,
            weeks_between_false_alarms, per_chart,
        )  # fmt: skip
    table = _week_table(tables, by)
    words = [
        *alarm_sentences(frame, table, by=by),
        *([delay_sentence(lags)] if len(frame) and lags else []),
        rate_sentence(weeks_between_false_alarms, len(made) * len(directions)),
        level_sentence(described, by=by),
        *dispersion_sentences(described),
    ]
    power = " ".join(power_sentence(row, by=by) for row in described.to_dict("records"))
    return WeeklyAlarm(
        table, frame, described, change_table(frame, table, by=by), words, power, limits,
        weeks_between_false_alarms, per_chart,
    )  # fmt: skip


def alarm_options(settings: Settings) -> dict[str, Any]:
    """Return what a shop's settings say about the alarm, as keywords for :func:`weekly_alarm`.

    Parameters
    ----------
    settings : Settings
        The shop's settings.

    Returns
    -------
    dict
        ``targets`` and ``weeks_between_false_alarms``.
    """
    return {
        "targets": (settings.targets.positive_share, settings.targets.average),
        "weeks_between_false_alarms": settings.alarm.weeks_between_false_alarms,
    }


def _check_options(level: str, directions: tuple[str, ...], weeks: int, between: float) -> None:
    if level not in (OWN, TARGET):
        raise ReportError(
            f"'{level}' is no level of the alarm.{did_you_mean(str(level), [OWN, TARGET])}",
            expected=f"level='{OWN}' or level='{TARGET}'",
        )
    for direction in directions or ("none",):
        if direction not in DIRECTIONS:
            raise ReportError(
                f"'{direction}' is no direction.{did_you_mean(str(direction), list(DIRECTIONS))}",
                expected="directions=('worse',), ('better',) or ('worse', 'better')",
            )
    if not weeks >= 1 or not between >= 4:
        raise ReportError(
            "the alarm cannot watch that",
            expected="weeks of at least 1 and weeks_between_false_alarms of at least 4",
            found=f"weeks={weeks}, weeks_between_false_alarms={between}",
        )


def _watches(
    record: Record, blocks: dict[str, pd.DataFrame], weeks: int, *, own: bool, target: float
) -> tuple[list[Watch], list[float]]:
    """Return the charts to watch, and the mean delays of feedback that were learnt from orders."""
    made: list[Watch] = []
    lags: list[float] = []
    for name, block in blocks.items():
        first, enough = first_watched(block["start"], weeks)
        begin = block["start"].iloc[first] if len(block) else None
        lag = delay(record, before=begin)
        if not np.array_equal(lag, usual_delay()):
            lags.append(float(lag @ np.arange(len(lag))))
        made += watches(name, block, first, own=enough and own, target=target, delay=lag)
    return made, lags


def _alarms(rows: list[dict[str, Any]], by: str | None) -> pd.DataFrame:
    """Return the alarms, oldest first, numbered by the change that they tell of."""
    frame = pd.DataFrame(rows, columns=([by] if by else []) + ALARM_COLUMNS)
    frame = frame.sort_values("start", kind="stable").reset_index(drop=True)
    frame["change"] = changes(frame, by=by)
    return frame


def _week_table(tables: list[pd.DataFrame], by: str | None) -> pd.DataFrame:
    """Join the charts' weeks, with what they are of in front."""
    table = pd.concat(tables, ignore_index=True)
    front = [*([by] if by else []), "chart", "unit", "week", "start"]
    return table[[*front, *[name for name in table if name not in front]]]


def _with_band(table: pd.DataFrame, watch: Watch) -> pd.DataFrame:
    """Add where 95 of 100 weekly counts lie while nothing changes."""
    counts = watch.level.weekly(table["exposure"].to_numpy(float))
    return table.assign(low=counts.ppf(0.025), high=counts.ppf(0.975))


def _chart(watch: Watch, table: pd.DataFrame, per_chart: float) -> dict[str, object]:
    """Describe a chart and how soon it would see a change."""
    level = watch.level
    rate = (DROP if watch.chart == SHARE else DOUBLING) * level.value
    rate = min(rate, 1.0) if level.kind == "binomial" else rate
    threshold = float(table["threshold"].tail(RECENT).median())
    return {
        "level": watch.shown(level.value),
        "level_source": watch.source,
        "baseline_weeks": watch.baseline_weeks,
        "dispersion": level.dispersion(watch.recent),
        "weeks_per_alarm": per_chart,
        "volume": watch.recent,
        "change_to": watch.shown(rate),
        "weeks_to_see": watch.weeks_to_see(rate, threshold=threshold),
    }


def _missing(made: list[Watch], blocks: dict[str, pd.DataFrame], level: str) -> list[str]:
    """Say which charts are lacking, and which are held against the target for want of weeks."""
    said = []
    for name in blocks:
        place = f"{place_words(name)}: " if name else ""
        kinds = {watch.chart: watch for watch in made if watch.block == name}
        if SHARE not in kinds:
            said.append(f"{place}The positive share is not watched: it is not known by week.")
        if NEGATIVES not in kinds:
            said.append(
                f"{place}The negatives are not watched: that needs 26 weeks of feedback before the "
                "weeks that are watched."
            )
        short = [watch for watch in kinds.values() if watch.source == TARGET]
        if level == OWN and short:
            said.append(
                f"{place}Fewer than 26 whole weeks lie before the watched ones, so the level is "
                "the target, not the shop's own."
            )
    return said
