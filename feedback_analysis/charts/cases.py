"""Charts of cases: how long they take, what became of them, what fixes and asking did."""

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

    from feedback_analysis.cases import Asking, ByResolution, Fixes, TimeToClose

VERDICT_MARKS = {"fell": ("o", BLUE), "rose": ("D", VERMILLION)}
LONGEST = 46


@styled
def time_to_close(
    result: TimeToClose, *, promise: int | None = None, most: int = 90, ax: Axes | None = None
) -> Axes:
    """Draw the share of cases that are still open, day by day after the feedback.

    Parameters
    ----------
    result : TimeToClose
        What ``cases.time_to_close`` returned.
    promise : int, optional
        Days within which the shop means to close; drawn as a line.
    most : int, default=90
        Last day shown.
    ax : Axes, optional
        Where to draw; by default a figure of its own.

    Returns
    -------
    Axes
        The band is the 95 % interval.
    """
    curve = result.curve[result.curve["days"] <= most]
    if curve.empty:
        return nothing(ax, result.text)
    ax = axes(ax, height=3.4)
    days = np.append(curve["days"].to_numpy(), most)
    low, high, share = (
        100 * np.append(curve[name].to_numpy(), curve[name].iloc[-1])
        for name in ("low", "high", "open_share")
    )
    ax.fill_between(days, low, high, step="post", color=PALE_BLUE, linewidth=0)
    ax.step(days, share, where="post", color=BLUE, linewidth=1.8)
    if promise is not None:
        ax.axvline(promise, color=INK, linewidth=1, linestyle=(0, (5, 3)))
        ax.annotate(
            f"promised: {several(promise, 'day')}", (promise, 100), xytext=(4, -2), va="top",
            textcoords="offset points", fontsize=8,
        )  # fmt: skip
    ax.set_xlim(0, most)
    ax.set_ylim(0, 102)
    ax.set_xlabel("days since the feedback")
    ax.set_ylabel("cases still open, %")
    half = result.table["median_days"].iloc[0]
    title(
        ax,
        "Fewer than half of the cases are closed"
        if np.isnan(half)
        else f"Half of the cases are closed within {several(round(half), 'day')}",
    )
    return ax


def _shares(table: pd.DataFrame, names: list[str], ax: Axes | None) -> Axes:
    """Draw each share of a table as a dot on its interval, the first on top."""
    ax = axes(ax, height=1.2 + 0.36 * len(table))
    share, low, high = (100 * table[name].to_numpy() for name in ("share", "low", "high"))
    places = np.arange(len(names))[::-1]
    ax.hlines(places, low, high, color=GREY, linewidth=2)
    ax.plot(share, places, "o", color=BLUE, markersize=7, linewidth=0)
    _names(ax, places, names)
    return ax


def _names(ax: Axes, places: np.ndarray, names: list[str]) -> None:
    """Write a name beside each row of a chart."""
    ax.set_yticks(places, names)
    ax.set_ylim(-0.6, len(names) - 0.4)
    ax.tick_params(axis="y", length=0)


@styled
def by_resolution(result: ByResolution, *, ax: Axes | None = None) -> Axes:
    """Draw the share of feedback later removed or changed, by what was done about it.

    Parameters
    ----------
    result : ByResolution
        What ``cases.by_resolution`` returned.
    ax : Axes, optional
        Where to draw; by default a figure of its own.

    Returns
    -------
    Axes
        Each share with its 95 % interval.
    """
    table = result.table
    if table.empty:
        return nothing(ax, result.text)
    names = [
        f"{shortened(row['resolution'], LONGEST)}  (n = {row['n']:,})"
        for row in table.to_dict("records")
    ]
    ax = _shares(table, names, ax)
    ax.set_xlim(left=0)
    ax.set_xlabel("of the closed cases, feedback later removed, changed or struck, %")
    title(ax, "What became of the feedback, by what was done (not by chance: no proof of effect)")
    return ax


@styled
def exclusions(result: Asking, *, ax: Axes | None = None) -> Axes:
    """Draw the positive share as it is, and as it would read without unhappy buyers.

    Parameters
    ----------
    result : Asking
        What ``cases.exclusions`` returned.
    ax : Axes, optional
        Where to draw; by default a figure of its own.

    Returns
    -------
    Axes
        The dashed line is the share over all orders.
    """
    table = result.table
    if table.empty:
        return nothing(ax, result.text)
    ax = _shares(table, [str(name) for name in table["rule"]], ax)
    ax.axvline(100 * table["share"].iloc[0], color=INK, linewidth=1, linestyle=(0, (5, 3)))
    ax.set_xlabel("positive share of the feedback, %")
    gain = 100 * (table["share"].iloc[1:].max() - table["share"].iloc[0])
    said = "No rule of leaving buyers out would make the share higher"
    if gain > 0:
        points = f"up to {gain:.1f}" if gain >= 0.05 else "less than 0.1"
        said = f"Leaving unhappy buyers out would read {points} points higher"
    title(ax, said)
    return ax


@styled
def fixes(result: Fixes, *, ax: Axes | None = None) -> Axes:
    """Draw how much a complaint's rate changed after each dated change.

    Parameters
    ----------
    result : Fixes
        What ``cases.fixes`` returned.
    ax : Axes, optional
        Where to draw; by default a figure of its own.

    Returns
    -------
    Axes
        Ratio of the rate after to the rate before on a logarithmic scale, with 95 % intervals; left
        of 1 means fewer complaints. What cannot be said yet is left out.
    """
    table = result.table
    said = ~table["verdict"].str.startswith(("too ", "not known"))
    shown = table[said]
    if shown.empty:
        return nothing(ax, result.text)
    ax = axes(ax, height=1.5 + 0.5 * len(shown))
    places = np.arange(len(shown))[::-1]
    ratio, low, high = (shown[name].to_numpy(dtype=float) for name in ("ratio", "low", "high"))
    floor, top = 0.05, 20.0
    ax.axvline(1, color=INK, linewidth=1)
    ax.axvspan(floor, 1, color=PALE, alpha=0.35, linewidth=0)
    ax.hlines(places, np.clip(low, floor, top), np.clip(high, floor, top), color=GREY, linewidth=2)
    for place, value, verdict in zip(places, ratio, shown["verdict"], strict=True):
        mark, colour = VERDICT_MARKS.get(verdict, ("s", GREY))
        ax.plot(np.clip(value, floor, top), place, mark, color=colour, markersize=7)
    names = [
        f"{shortened(row['action'], LONGEST)}\n{row['complaint']}, {row['measured_by']}".replace(
            "_", " "
        )
        for row in shown.to_dict("records")
    ]
    _names(ax, places, names)
    ax.set_xscale("log")
    marks = [0.1, 0.2, 0.5, 1, 2, 5]
    ax.set_xticks(marks, [f"{mark:g}" for mark in marks])
    ax.minorticks_off()
    ax.set_xlim(min(0.08, max(floor, np.nanmin(low) * 0.8)), max(2.5, min(top, np.nanmax(high))))
    ax.set_xlabel("complaints per order, after as a multiple of before (1 is no change)")
    title(ax, _what_fell(shown, table[~said]))
    return ax


def _what_fell(shown: pd.DataFrame, open_yet: pd.DataFrame) -> str:
    """Say how many dated changes were followed by fewer complaints: one may be measured twice."""
    changes = shown.groupby("action")["verdict"]
    fell = int(changes.agg(lambda verdicts: verdicts.eq("fell").any()).sum())
    text = f"Fewer complaints after {fell} of {several(changes.ngroups, 'dated change')}"
    waiting = len(set(open_yet["action"]) - set(shown["action"]))
    return text + (f"; of {waiting} it cannot be said yet" if waiting else "")
