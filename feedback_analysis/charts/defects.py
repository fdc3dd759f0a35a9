"""Negative feedback by order week, with recent weeks greyed and what they will come to."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from feedback_analysis.charts.style import (
    BLUE,
    GREY,
    GROUND,
    INK,
    PALE,
    VERMILLION,
    axes,
    mark_weeks,
    nothing,
    styled,
    title,
)
from feedback_analysis.texts import several

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from feedback_analysis.health import OrderWeeks

MOST_LABELS = 13


@styled
def order_weeks(result: OrderWeeks, *, only: str | None = None, ax: Axes | None = None) -> Axes:
    """Draw the share of each week's orders that got negative feedback, against the limit.

    Parameters
    ----------
    result : OrderWeeks
        Weeks of orders.
    only : str, optional
        Which channel or marketplace, for a result with several; by default the first.
    ax : Axes, optional
        Where to draw; by default a figure of its own.

    Returns
    -------
    Axes
        Blue dots are whole weeks. On grey ground are the weeks whose feedback is not all in: a
        hollow dot for what has come so far, a diamond with its 95 % interval for what is expected.
    """
    table = result.table
    if table.empty:
        return nothing(ax, result.text)
    by = next((name for name in ("channel", "marketplace") if name in table), None)
    if by is not None:
        table = table[table[by] == (only or table[by].iloc[0])]
    table = table[table["orders"] > 0].reset_index(drop=True)
    if table.empty:
        return nothing(ax, result.text)
    ax = axes(ax, height=4.2)
    place = table["start"].map(pd.Timestamp.toordinal).to_numpy() / 7
    whole = table["mature"].to_numpy(dtype=bool)
    young = ~whole
    rate = 100 * table["rate"].to_numpy()
    if young.any():
        ax.axvspan(place[young][0] - 0.5, place[-1] + 0.5, color=PALE, alpha=0.45, linewidth=0)
    ax.plot(place[whole], rate[whole], color=BLUE, linewidth=1.1)
    ax.plot(place[whole], rate[whole], "o", color=BLUE, markersize=5, label="all feedback is in")
    ax.plot(
        place[young], rate[young], "o", color=GREY, markerfacecolor=GROUND, markersize=5,
        label="so far",
    )  # fmt: skip
    known = young & table["expected_rate"].notna().to_numpy()
    expected, low, high = (
        100 * table[f"{name}_rate"].to_numpy()[known] for name in ("expected", "low", "high")
    )
    if known.any():
        ax.vlines(place[known], low, high, color=VERMILLION, linewidth=2)
        ax.plot(
            place[known], expected, "D", color=VERMILLION, markersize=5,
            label="expected when all is in (line: 95 % interval)",
        )  # fmt: skip
    target = 100 * result.target
    ax.axhline(target, color=INK, linewidth=1, linestyle=(0, (5, 3)))
    ax.annotate(
        f"stay below\n{target:.4g} %", (1, target), xycoords=("axes fraction", "data"),
        xytext=(6, 0), textcoords="offset points", va="center", annotation_clip=False,
    )  # fmt: skip
    top = max(1.5 * target, rate.max(), *(high if known.any() else [0]))
    ax.set_ylim(0, 1.08 * top)
    ax.set_xlim(place[0] - 0.7, place[-1] + 0.7)
    mark_weeks(ax, place, table["start"], most=MOST_LABELS)
    ax.set_ylabel("orders with negative feedback, %")
    note = " (grey: feedback still to come)" if young.any() else ""
    ax.set_xlabel(f"week of the order, from Monday{note}")
    ax.legend(
        loc="upper left", bbox_to_anchor=(0, -0.2), ncols=3, frameon=False, fontsize=8,
        borderaxespad=0, handletextpad=0.4,
    )  # fmt: skip
    title(ax, _finding(table, result.target))
    return ax


def _finding(table: pd.DataFrame, target: float) -> str:
    whole = table[table["mature"]]
    aim = f"{100 * target:.4g} %"
    if whole.empty:
        text = "No order week is whole yet"
    else:
        over = int((whole["rate"] >= target).sum())
        total = whole["negatives"].sum() / whole["orders"].sum()
        text = (
            f"{100 * total:.2f} % of the orders of {several(len(whole), 'whole week')} got "
            f"negative feedback; {several(over, 'week')} {'was' if over == 1 else 'were'} at "
            f"{aim} or above"
        )
    young = table[~table["mature"]]
    if young["expected"].notna().any():
        last = "week" if len(young) == 1 else f"{len(young)} weeks"
        text += (
            f". The last {last}: {int(young['negatives'].sum()):,} so far, about "
            f"{young['expected'].sum():.0f} expected"
        )
    return text
