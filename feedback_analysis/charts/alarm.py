"""The weekly alarm: each week's rate in its expected band, the alarms, and when changes began."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from feedback_analysis.channels import channel_names
from feedback_analysis.charts.style import (
    BLUE,
    GREY,
    INK,
    ORANGE,
    PALE,
    VERMILLION,
    axes,
    mark_weeks,
    nothing,
    styled,
    title,
)
from feedback_analysis.periods import MONTHS
from feedback_analysis.texts import sentence_case

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from feedback_analysis.health import WeeklyAlarm

SHARE, NEGATIVES = "positive share", "negatives"
# How a rate is drawn: factor from the table's rate to the axis, the axis' label, a number's form.
UNITS = {
    "feedbacks": (100.0, "negative feedback,\n% of all feedback", "{:.1f} %"),
    "orders": (1000.0, "negatives per\n1,000 orders", "{:.1f}"),
    "weeks": (1.0, "negatives\na week", "{:.1f}"),
}
MOST_LABELS = 14


@styled
def weekly_alarm(
    result: WeeklyAlarm,
    *,
    chart: str = SHARE,
    place: str | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Draw one chart of the weekly alarm.

    Parameters
    ----------
    result : WeeklyAlarm
        What the alarm says.
    chart : {"positive share", "negatives"}, default="positive share"
        Which of the two charts.
    place : str, optional
        The marketplace or channel, where the alarm was split by one.
    ax : Axes, optional
        Where to draw; by default a figure of its own.

    Returns
    -------
    Axes
        The weekly rate (dots) in the band that holds 95 of 100 weeks while nothing changes;
        diamonds are weeks of an alarm, shaded weeks those in which a change probably began. Below
        it the statistic of the CUSUM against its threshold.
    """
    table = _of(result.table, chart, place)
    if table.empty:
        return nothing(ax, result.text)
    ax = axes(ax, height=4.8)
    alarms = _of(result.alarms, chart, place)
    level = _of(result.charts, chart, place)["level"].iloc[0]
    factor, label, number = UNITS[table["unit"].iloc[0]]
    factor, label = (100.0, "positive feedback, %") if chart == SHARE else (factor, label)
    number = "{:.1f} %" if chart == SHARE else number
    exposure = table["exposure"].to_numpy(float)

    def shown(count: str) -> np.ndarray:
        rate = table[count].to_numpy(float) / exposure
        return factor * (1 - rate if chart == SHARE else rate)

    x = table["start"].map(pd.Timestamp.toordinal).to_numpy() / 7
    rate, edges = shown("count"), (shown("low"), shown("high"))
    ax.fill_between(x, *edges, step="mid", color=PALE, alpha=0.6, linewidth=0)
    ax.axhline(factor * level, color=GREY, linewidth=1, linestyle=(0, (5, 3)))
    ax.plot(x, rate, color=BLUE, linewidth=1)
    told = table["alarm"].to_numpy(bool)
    ax.plot(x[~told], rate[~told], "o", color=BLUE, markersize=3.5)
    ax.plot(x[told], rate[told], "D", color=VERMILLION, markersize=6, zorder=4)
    _shade_beginnings(ax, alarms)
    ax.set_xlim(x[0] - 0.7, x[-1] + 0.7)
    _limits(ax, np.concatenate([rate, *edges]), share=chart == SHARE)
    ax.annotate(
        f"unchanged:\n{number.format(factor * level)}",
        (1, factor * level),
        xycoords=("axes fraction", "data"),
        xytext=(6, 0),
        textcoords="offset points",
        va="center",
        annotation_clip=False,
    )
    ax.set_ylabel(label)
    ax.tick_params(axis="x", bottom=False, labelbottom=False)
    _evidence(ax, x, table)
    title(ax, _finding(alarms, chart, place, len(table)), pad=24)
    ax.annotate(
        _subtitle(result, len(alarms)),
        (0, 1),
        xycoords="axes fraction",
        xytext=(0, 8),
        textcoords="offset points",
        fontsize=8.5,
        color=GREY,
        annotation_clip=False,
    )
    return ax


def _shade_beginnings(ax: Axes, alarms: pd.DataFrame) -> None:
    """Shade the weeks in which each change probably began, with a line at the likeliest."""
    for row in alarms[~alarms["continues"].astype(bool)].to_dict("records"):
        low, high, began = (
            row[name].toordinal() / 7 for name in ("began_low", "began_high", "began")
        )
        ax.axvspan(low - 0.5, high + 0.5, color=ORANGE, alpha=0.18, linewidth=0)
        ax.axvline(began, color=ORANGE, linewidth=1.4)


def _of(frame: pd.DataFrame, chart: str, place: str | None) -> pd.DataFrame:
    """Return the rows of one chart."""
    if frame.empty:
        return frame
    rows = frame[frame["chart"] == chart]
    by = next((name for name in ("marketplace", "channel") if name in rows), None)
    return rows if by is None or place is None else rows[rows[by] == place]


def _limits(ax: Axes, values: np.ndarray, *, share: bool) -> None:
    if share:
        low = max(0, math.floor((values.min() - 3) / 5) * 5)
        # Room for marks at 100 %, but no label above it.
        ax.set_yticks([tick for tick in ax.get_yticks() if low <= tick <= 100])
        ax.set_ylim(low, 102)
    else:
        ax.set_ylim(0, values.max() * 1.1)


def _evidence(ax: Axes, x: np.ndarray, table: pd.DataFrame) -> None:
    """Draw the statistic and its threshold on a small scale below."""
    statistic, threshold = (table[name].to_numpy(float) for name in ("statistic", "threshold"))
    told = table["alarm"].to_numpy(bool)
    below = ax.inset_axes([0, -0.32, 1, 0.25])
    colours = np.where(told, VERMILLION, PALE)
    below.bar(x, statistic, width=0.75, color=colours)
    finite = np.where(np.isfinite(threshold), threshold, np.nan)
    below.step(x, finite, where="mid", color=INK, linewidth=1)
    below.set_xlim(ax.get_xlim())
    top = max(statistic.max(), np.nanmax(finite) if np.isfinite(finite).any() else 1.0)
    below.set_ylim(0, top * 1.15)
    below.set_yticks([])
    below.spines["left"].set_visible(False)
    mark_weeks(below, x, table["start"], most=MOST_LABELS)
    below.set_ylabel("evidence of\na change", rotation=0, ha="right", va="center", fontsize=8)
    below.set_xlabel(
        "week from Monday (grey band: 95 of 100 weeks while nothing changes; "
        "black line: where the alarm is given)"
    )


def _finding(alarms: pd.DataFrame, chart: str, place: str | None, weeks: int) -> str:
    where = f"{channel_names('shipped').get(place, place)}: " if place else ""
    new = alarms[~alarms["continues"].astype(bool)]
    of = f"in {weeks} week{'' if weeks == 1 else 's'}"
    if new.empty:
        what = "the positive share" if chart == SHARE else "negative feedback"
        return sentence_case(f"{where}{what} gave no alarm {of}")
    row = new.iloc[-1]
    worse = row["direction"] == "worse"
    if chart == SHARE:
        what = f"the positive share {'fell' if worse else 'rose'}"
    else:
        what = f"negative feedback {'rose' if worse else 'fell'}"
    day = pd.Timestamp(row["began"])
    # Alarms that only continue a change, while the other chart began anew, are none of these.
    count = f"{len(new)} new change{'' if len(new) == 1 else 's'} on this chart {of}"
    latest = f"probably from {day.day} {MONTHS[day.month - 1]} {day.year}"
    return sentence_case(f"{where}{count}: {what}, {'last ' * (len(new) > 1)}{latest}")


def _subtitle(result: WeeklyAlarm, alarms: int) -> str:
    page, chart = result.weeks_between_false_alarms, result.weeks_per_chart
    text = f"while nothing changes, one false alarm in {chart:,.0f} weeks of this chart"
    if chart != page:
        text += f" ({page:,.0f} of the page)"
    if alarms:
        text += "; orange: when it probably began"
    return sentence_case(text)
