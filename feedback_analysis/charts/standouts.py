"""The funnel plot: which groups lie outside what chance explains at their size."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from feedback_analysis.charts.style import (
    BLUE,
    GREY,
    INK,
    PALE,
    PALE_BLUE,
    VERMILLION,
    axes,
    nothing,
    styled,
    title,
)
from feedback_analysis.texts import several, shortened

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

    from feedback_analysis.health import Standouts

MOST_LABELS = 8
# Height of a label of two lines, as a share of the axes.
LABEL = 0.115
# Rates are per 1,000, as in the tables and sentences of what stands out.
PER = 1000
LONGEST = 34


@styled
def standouts(result: Standouts, *, ax: Axes | None = None) -> Axes:
    """Draw the rate of each group against its size, with the limits of chance around the shop's.

    Parameters
    ----------
    result : Standouts
        Best the groups of one look, such as ``result.of("asin")``.
    ax : Axes, optional
        Where to draw; by default a figure of its own.

    Returns
    -------
    Axes
        Groups that stand out after the correction for many looks are drawn apart and named.
    """
    from feedback_analysis.health.standouts import funnel_limits

    table = result.table
    if table.empty:
        return nothing(ax, result.text)
    ax = axes(ax, height=4.4)
    rate = float(table["shop_rate"].iloc[0])
    least, most = table["n"].min(), table["n"].max()
    sizes = np.unique(np.geomspace(max(1, least * 0.85), most * 1.2, 160).round().astype(int))
    limits = funnel_limits(rate, sizes)
    n = limits["n"]
    for name, colour in (("99.8", PALE), ("95", PALE_BLUE)):
        ax.fill_between(
            n, PER * limits[f"low_{name}"], PER * limits[f"high_{name}"], color=colour, linewidth=0
        )
    ax.axhline(PER * rate, color=INK, linewidth=1, linestyle=(0, (5, 3)))
    out = table["stands_out"].to_numpy()
    y = PER * table["rate"].to_numpy()
    ax.plot(table["n"][~out], y[~out], "o", color=GREY, markersize=4, alpha=0.7, linewidth=0)
    ax.plot(table["n"][out], y[out], "D", color=VERMILLION, markersize=6, linewidth=0)
    ax.set_xscale("log")
    ax.set_xlim(sizes[0], sizes[-1])
    _whole_numbers(ax, least, most)
    ax.set_ylim(0, max(y.max() * 1.12, PER * rate * 2.5, 5))
    ax.set_xlabel(
        f"{result.unit}s in the group\n(dashed: the whole shop, {PER * rate:.1f}; by "
        "chance, 95 of 100 groups lie in the inner band, 998 of 1,000 in the outer)"
    )
    told = "about" in table and table["about"].ne("").all()
    what = "this complaint (labels as found)" if told else "negative feedback"
    ax.set_ylabel(f"{result.unit}s with {what}, per 1,000")
    _name(ax, result)
    topic = f" for '{_topic(table)}'" if told else ""
    title(ax, _finding(result, topic))
    return ax


def _topic(table: pd.DataFrame) -> str:
    """Return what all groups are about, in words where there are any."""
    if "label" in table:
        return str(table["label"].iloc[0])
    return str(table["about"].iloc[0]).replace("_", " ")


def _whole_numbers(ax: Axes, least: int, most: int) -> None:
    """Mark 10, 20, 50, 100 ... in plain numbers, as many as fit."""
    from matplotlib.ticker import NullFormatter, NullLocator

    steps = [k * 10**power for power in range(8) for k in (1, 2, 5)]
    marks = [step for step in steps if least * 0.85 <= step <= most * 1.2]
    if len(marks) < 2:
        # Close sizes have no round number between them; far enough apart, two labels fit.
        marks = [least, most] if most > 1.3 * least else [least]
    ax.set_xticks(marks, [f"{mark:,}" for mark in marks])
    ax.xaxis.set_minor_locator(NullLocator())
    ax.xaxis.set_minor_formatter(NullFormatter())


def _name(ax: Axes, result: Standouts) -> None:
    """Write the names of what stands out beside the chart, each tied to its mark."""
    from matplotlib.patches import ConnectionPatch

    found = result.found.head(MOST_LABELS).sort_values(["rate", "group"], ascending=[False, True])
    top = ax.get_ylim()[1]
    wanted = (PER * found["rate"] / top).to_numpy()
    # From the top down, each at its own height or below the one above; then back up from the floor.
    places: list[float] = []
    for height in wanted:
        places.append(min(height, places[-1] - LABEL if places else 0.97))
    floor = 0.03
    for number in range(len(places) - 1, -1, -1):
        places[number] = max(places[number], floor)
        floor = places[number] + LABEL
    for place, row in zip(places, found.to_dict("records"), strict=True):
        ax.text(
            1.03,
            place,
            f"{shortened(row['group'], LONGEST)}\n{row['negative']:,} of {row['n']:,}",
            transform=ax.transAxes,
            va="center",
            fontsize=8,
        )
        line = ConnectionPatch(
            (1.02, place), (row["n"], PER * row["rate"]), ax.transAxes, ax.transData,
            color=BLUE, linewidth=0.7, shrinkB=3,
        )  # fmt: skip
        line.set_in_layout(False)
        ax.figure.add_artist(line)


def _finding(result: Standouts, topic: str) -> str:
    found = result.found
    if found.empty:
        return f"None of {several(result.compared, 'group')} stands out{topic}"
    verb = "stands out" if len(found) == 1 else "stand out"
    first = shortened(found["group"].iloc[0], LONGEST)
    most = first if len(found) == 1 else f"{first} most of all"
    return f"{len(found):,} of {several(result.compared, 'group')} {verb}: {most}"
