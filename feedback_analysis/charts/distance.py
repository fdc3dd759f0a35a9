"""What the positive share becomes as old feedback leaves the window."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import pandas as pd

from feedback_analysis.charts.style import (
    BLUE,
    GREY,
    INK,
    VERMILLION,
    axes,
    day_labels,
    nothing,
    styled,
    title,
)
from feedback_analysis.health.words import day_in_words, percent
from feedback_analysis.texts import several

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from feedback_analysis.health import Distance

AHEAD = 90
MOST_TICKS = 7


@styled
def rolloff(
    result: Distance,
    *,
    window: str = "365 days",
    marketplace: str | None = None,
    ahead: int = AHEAD,
    ax: Axes | None = None,
) -> Axes:
    """Draw the steps of the positive share on the days when old feedback leaves a window.

    Parameters
    ----------
    result : Distance
        A distance to the target.
    window : str, default="365 days"
        Which rolling window.
    marketplace : str, optional
        Which marketplace, for a result by marketplace; by default the first.
    ahead : int, default=90
        Days to look ahead.
    ax : Axes, optional
        Where to draw; by default a figure of its own.

    Returns
    -------
    Axes
        The solid steps are the share if nothing new came in, as long as the window then holds
        enough feedback; the dashed line is the share to expect at the present pace.
    """
    table, steps = _part(result, window, marketplace)
    if table.empty or pd.isna(table["n"].iloc[0]) or table["n"].iloc[0] == 0:
        return nothing(ax, result.text)
    now, start = table.iloc[0], pd.Timestamp(result.as_of)
    steps = steps[steps["date"] <= start + pd.Timedelta(days=ahead)]
    steps = steps[(steps["n_after"] >= result.minimum_n) & steps["share_after"].notna()]
    if steps.empty:
        return nothing(
            ax,
            f"No feedback that is not positive leaves the {window} in the next {ahead} days while "
            f"at least {several(result.minimum_n, 'feedback stays', 'feedbacks stay')}.",
        )
    ax = axes(ax, height=3.6)
    days = [0, *(steps["date"] - start).dt.days]
    share = [100 * now["share"], *(100 * steps["share_after"])]
    ax.step(days, share, where="post", color=BLUE, linewidth=1.8)
    ax.plot(days[1:], share[1:], "o", color=BLUE, markersize=4)
    ends = [(share[-1], f"{share[-1]:.1f} % if nothing\nnew came in", BLUE)]
    pace = [share[0], *(100 * steps["share_at_pace"])]
    if not any(map(math.isnan, pace)):
        ax.plot(days, pace, color=VERMILLION, linewidth=1.4, linestyle=(0, (4, 2)))
        ends.append((pace[-1], f"{pace[-1]:.1f} % at the pace\nof the last 90 days", VERMILLION))
    target = 100 * result.target
    ax.axhline(target, color=INK, linewidth=1, linestyle=(0, (1, 2)))
    ends.append((target, f"target {target:.4g} %", INK))
    low, high = min(*share, *[end[0] for end in ends]), max(*share, *[end[0] for end in ends])
    margin = max(0.5, 0.12 * (high - low))
    ax.set_ylim(low - margin, min(high + margin, 100.5 + margin))
    ax.set_xlim(-0.5, days[-1] + max(1, 0.02 * days[-1]))
    _label_ends(ax, ends)
    step = max(1, math.ceil(days[-1] / MOST_TICKS))
    marked = list(range(0, days[-1] + 1, step))
    shown = [start + pd.Timedelta(days=day) for day in marked]
    ax.set_xticks(marked, day_labels(shown))
    ax.set_ylabel("positive feedback, %")
    ax.set_xlabel(f"{window} ending on this day (dots: feedback that is not positive leaves)")
    ax.tick_params(axis="y", colors=INK)
    ax.spines["left"].set_color(GREY)
    title(ax, _finding(now, steps, window))
    return ax


def _part(result: Distance, window: str, marketplace: str | None) -> tuple[Any, Any]:
    table = result.table[result.table["window"] == window]
    steps = result.rolloff[result.rolloff["window"] == window]
    if "marketplace" in table and len(table):
        name = marketplace or table["marketplace"].iloc[0]
        table = table[table["marketplace"] == name]
        steps = steps[steps["marketplace"] == name]
    return table, steps


def _label_ends(ax: Axes, ends: list[tuple[float, str, str]]) -> None:
    """Write each line's name at its right end, moved apart where they would touch."""
    low, high = ax.get_ylim()
    gap = 0.17 * (high - low)
    ordered = sorted(ends, key=lambda end: end[0])
    places = [end[0] for end in ordered]
    for i in range(1, len(places)):
        places[i] = max(places[i], places[i - 1] + gap)
    # What was pushed over the top comes down again, and takes its neighbours along.
    over = max(0.0, places[-1] - (high - 0.3 * gap))
    places = [place - over for place in places]
    for (_, text, colour), place in zip(ordered, places, strict=True):
        ax.annotate(
            text,
            (1, place),
            xycoords=("axes fraction", "data"),
            xytext=(6, 0),
            textcoords="offset points",
            va="center",
            color=colour,
            annotation_clip=False,
        )


def _finding(now: Any, steps: pd.DataFrame, window: str) -> str:
    leaving = int(steps["negatives_left"].sum() + steps["neutrals_left"].sum())
    last = steps.iloc[-1]
    day = day_in_words(last["date"].date())
    verb = "leaves" if leaving == 1 else "leave"
    return (
        f"{leaving:,} that {'is' if leaving == 1 else 'are'} not positive {verb} the {window} by "
        f"{day}: {percent(now['share'])} would become {percent(last['share_after'])} if nothing "
        "new came in"
    )
