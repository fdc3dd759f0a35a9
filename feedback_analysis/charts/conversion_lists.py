"""Known weeks, conversion by group, and which products to ask for reviews first."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from feedback_analysis.charts.style import (
    BLUE,
    GREY,
    INK,
    ORANGE,
    PALE,
    axes,
    nothing,
    styled,
    title,
)
from feedback_analysis.conversion.association import LEAST_FAMILIES
from feedback_analysis.periods import MONTHS
from feedback_analysis.shares import part_percent
from feedback_analysis.texts import several

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from feedback_analysis.conversion import Priorities, ReviewAssociation, ReviewPanel

KINDS = (
    ("without_reviews", "without reviews", ORANGE),
    ("with_reviews", "with reviews", BLUE),
    ("unknown", "not known", PALE),
)
MOST_TICKS = 8
SHOWN = 10


@styled
def review_coverage(result: ReviewPanel, *, ax: Axes | None = None) -> Axes:
    """Draw how many families have a business report in each week, and what is known of reviews.

    Parameters
    ----------
    result : ReviewPanel
        A panel.
    ax : Axes, optional
        Where to draw; by default a figure of its own.

    Returns
    -------
    Axes
        Weeks without a report stay empty.
    """
    table = result.coverage.sort_values("week")
    if table.empty:
        return nothing(ax, result.text)
    ax = axes(ax, height=3.0)
    first = table["week"].iloc[0]
    x = ((table["week"] - first).dt.days // 7).to_numpy()
    below = np.zeros(len(table))
    for column, name, colour in KINDS:
        counts = table[column].to_numpy(float)
        if counts.any():
            ax.bar(x, counts, width=1.0, bottom=below, color=colour, label=name, linewidth=0)
        below += counts
    step = max(1, math.ceil((x[-1] + 1) / MOST_TICKS))
    marked = list(range(0, int(x[-1]) + 1, step))
    days = [first + np.timedelta64(7 * i, "D") for i in marked]
    names = (f"{day.day} {MONTHS[day.month - 1][:3]}\n{day.year}" for day in days)
    ax.set_xticks(marked, list(names))
    ax.set_xlim(-0.7, x[-1] + 0.7)
    ax.set_ylabel("families with sessions")
    ax.set_xlabel("week from Monday")
    ax.legend(frameon=False, loc="upper left", ncols=3)
    ax.set_ylim(0, below.max() * 1.22)
    known = part_percent(1 - table["unknown"].sum() / max(1.0, below.sum()))
    title(
        ax,
        f"Whether there were reviews is known for {known} of the families' weeks; the "
        f"latest week has {several(int(table['without_reviews'].iloc[-1]), 'family', 'families')} "
        "without",
    )
    return ax


@styled
def review_rates(result: ReviewAssociation, *, by: str = "reviews", ax: Axes | None = None) -> Axes:
    """Draw conversion by number of reviews or by average stars.

    Parameters
    ----------
    result : ReviewAssociation
        An association.
    by : {"reviews", "stars"}
        What makes the groups.
    ax : Axes, optional
        Where to draw; by default a figure of its own.

    Returns
    -------
    Axes
        All in grey: it is no effect.
    """
    table = result.table if by == "reviews" else result.ratings
    if table.empty:
        return nothing(ax, result.text)
    ax = axes(ax, height=3.2)
    x = np.arange(len(table))
    rate, low, high = (100 * table[name].to_numpy() for name in ("conversion", "low", "high"))
    ax.vlines(x, low, high, color=GREY, linewidth=1.8)
    ax.plot(x, rate, "o", color=GREY, markersize=6, linewidth=0)
    unit = " reviews" if by == "reviews" else ""
    labels = [
        f"{row['group']}{unit}\n{several(row['families'], 'family', 'families')}"
        for row in table.to_dict("records")
    ]
    ax.set_xticks(x, labels)
    ax.set_xlim(-0.5, len(table) - 0.5)
    ax.set_ylim(0, max(high.max() * 1.1, 1))
    ax.set_ylabel("order items per 100 sessions")
    ax.set_xlabel("an association: better products convert better and gather reviews")
    # A group of three products makes no headline: the last one with enough of them does.
    enough = np.flatnonzero(table["families"] >= LEAST_FAMILIES)
    shown = enough[-1] if len(enough) and enough[-1] > 0 else len(table) - 1
    said = f"{table['group'].iloc[shown]}{unit}: {rate[shown]:.1f} order items per 100 sessions"
    title(ax, said + (f"; {table['group'].iloc[0]}{unit}: {rate[0]:.1f}" if shown else ""))
    return ax


@styled
def review_priorities(result: Priorities, *, ax: Axes | None = None) -> Axes:
    """Draw what a first review would bring the products listed first.

    Parameters
    ----------
    result : Priorities
        A list; by traffic alone where no effect is known.
    ax : Axes, optional
        Where to draw; by default a figure of its own.

    Returns
    -------
    Axes
        Thick line 80 %, thin line 95 %.
    """
    table = result.table.head(SHOWN)
    if table.empty:
        return nothing(ax, result.text)
    ax = axes(ax, height=1.3 + 0.3 * len(table))
    y = -np.arange(len(table))
    if result.ranked:
        ax.hlines(y, table["low_95"], table["high_95"], color=BLUE, linewidth=1)
        ax.hlines(y, table["low_80"], table["high_80"], color=BLUE, linewidth=3)
        ax.plot(table["extra_items"], y, "o", color=INK, markersize=5, linewidth=0)
        ax.set_xlabel(
            "extra order items in the next eight weeks (dot; thick line 80 %, thin line 95 %)"
        )
        share = part_percent(table["extra_items"].sum() / result.total[0])
        products = "product" if len(table) == 1 else f"{len(table)} products"
        text = (
            f"The first {products} would bring {share} of all that first reviews would, "
            "if the average effect holds"
        )
    else:
        ax.barh(y, table["sessions_a_week"], color=GREY, height=0.6)
        ax.set_xlabel("sessions a week")
        text = "Products without reviews by traffic alone: no effect is known to rank them by"
    ax.set_yticks(y, table["family"])
    ax.set_ylim(0.6 - len(table), 0.6)
    ax.set_xlim(left=0)
    title(ax, text)
    return ax
