"""The rating week by week, with its interval and the number of feedbacks below."""

from __future__ import annotations

import itertools
import math
from typing import TYPE_CHECKING, Any

import pandas as pd

from feedback_analysis.charts.style import (
    BLUE,
    GROUND,
    INK,
    PALE,
    axes,
    mark_weeks,
    nothing,
    styled,
    title,
)
from feedback_analysis.texts import several

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from feedback_analysis.health import WeeklyRating

# More week labels than this would touch each other.
MOST_LABELS = 14
MOST_BARS_NAMED = 30


@styled
def weekly_rating(result: WeeklyRating, *, ax: Axes | None = None) -> Axes:
    """Draw the positive share of each week with its interval, and the number of feedbacks below.

    Parameters
    ----------
    result : WeeklyRating
        Weeks of one block: all marketplaces together, or one of them.
    ax : Axes, optional
        Where to draw; by default a figure of its own.

    Returns
    -------
    Axes
        Hollow marks are weeks with too few feedbacks to say, or not whole.
    """
    table = result.table[result.table["share"].notna()]
    if table.empty:
        return nothing(ax, result.text)
    ax = axes(ax, height=4.3)
    place = table["start"].map(pd.Timestamp.toordinal).to_numpy() / 7
    share, low, high = (100 * table[name].to_numpy() for name in ("share", "low", "high"))
    target = 100 * result.targets[0]
    # A jump of the weeks would draw a line over weeks that are not known.
    breaks = [0, *[i for i in range(1, len(place)) if place[i] - place[i - 1] > 1.01], len(place)]
    for first, last in itertools.pairwise(breaks):
        part = slice(first, last)
        ax.fill_between(place[part], low[part], high[part], color=BLUE, alpha=0.16, linewidth=0)
        ax.plot(place[part], share[part], color=BLUE, linewidth=1.4)
    sure = (table["complete"] & (table["n"] >= result.minimum_n)).to_numpy()
    ax.plot(place[sure], share[sure], "o", color=BLUE, markersize=5)
    ax.plot(
        place[~sure], share[~sure], "o", color=BLUE, markersize=5, markerfacecolor=GROUND, zorder=3
    )
    least = min(target, low.min())
    ax.set_ylim(max(0, math.floor((least - 2) / 5) * 5), 102)
    ax.set_xlim(place[0] - 0.7, place[-1] + 0.7)
    ax.axhline(target, color=INK, linewidth=1, linestyle=(0, (5, 3)))
    ax.annotate(
        f"target\n{target:.4g} %",
        (1, target),
        xycoords=("axes fraction", "data"),
        xytext=(6, 0),
        textcoords="offset points",
        va="center",
        annotation_clip=False,
    )
    ax.set_ylabel("positive feedback, %\n(band: 95 % interval)")
    ax.tick_params(axis="x", bottom=False, labelbottom=False)
    hollow = f" (hollow: fewer than {several(result.minimum_n, 'feedback')}, or not a whole week)"
    _counts_below(ax, place, table, note="" if sure.all() else hollow)
    title(ax, _weekly_finding(table, result, sure))
    return ax


def _weekly_finding(table: pd.DataFrame, result: WeeklyRating, sure: Any) -> str:
    whole = table[sure]
    target = f"{100 * result.targets[0]:.4g} %"
    if whole.empty:
        return f"No week has enough feedback to be held against {target}"
    below = int((whole["share_verdict"] == "not met").sum())
    under = int((whole["share"] < result.targets[0]).sum())
    if below:
        weeks = f"week{'s' if len(whole) > 1 else ''} {'was' if below == 1 else 'were'}"
        return f"{below} of {len(whole)} {weeks} clearly below {target}"
    were = "was" if under == 1 else "were"
    return f"No week of {len(whole)} was clearly below {target}; {under} {were} below by the count"


def _counts_below(ax: Axes, place: Any, table: pd.DataFrame, *, note: str) -> None:
    """Draw the number of feedbacks of each week on a small scale of its own."""
    counts = table["n"].to_numpy(dtype=float)
    below = ax.inset_axes([0, -0.33, 1, 0.25])
    below.bar(place, counts, width=0.7, color=PALE)
    below.set_xlim(ax.get_xlim())
    below.set_ylim(0, counts.max() * 1.45)
    # Numbers on the bars as long as they fit; then a scale.
    few = len(place) <= MOST_BARS_NAMED and counts.max() < 1000
    below.set_yticks([] if few else [0, int(counts.max())])
    below.spines["left"].set_visible(not few)
    for i in range(len(place) if few else 0):
        below.annotate(
            f"{int(counts[i]):,}",
            (place[i], counts[i]),
            xytext=(0, 1.5),
            textcoords="offset points",
            ha="center",
            fontsize=8,
        )
    mark_weeks(below, place, table["start"], most=MOST_LABELS)
    below.set_ylabel(
        "feedbacks",
        rotation=0 if few else 90,
        ha="right" if few else "center",
        va="center" if few else "bottom",
        fontsize=8,
    )
    below.set_xlabel(f"week from Monday{note}")
