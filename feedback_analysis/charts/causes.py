"""Causes by weight, and what halving each would do."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from feedback_analysis.charts.style import (
    BLUE,
    GREEN,
    GREY,
    GROUND,
    INK,
    ORANGE,
    PALE,
    PINK,
    SKY,
    VERMILLION,
    VIOLET,
    axes,
    nothing,
    styled,
    title,
)
from feedback_analysis.texts import in_sentence, sentence_case, several, shortened

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

    from feedback_analysis.service import Halved, Pareto

MOST = 15
LONGEST = 46
# One colour a question, in Amazon's order; the cause's name stands beside each bar.
QUESTIONS = {
    "shipping_speed": BLUE,
    "packaging": ORANGE,
    "tracking": SKY,
    "email_response": GREEN,
    "cancel_return": PINK,
    "service_reach": VIOLET,
    "as_described": VERMILLION,
    "other": GREY,
}


@styled
def pareto(result: Pareto, *, first: int = MOST, ax: Axes | None = None) -> Axes:
    """Draw the commonest causes with their intervals, and what they cover together.

    Parameters
    ----------
    result : Pareto
        From ``service.pareto``.
    first : int, default=15
        How many causes.
    ax : Axes, optional
        Where to draw; by default a figure of its own.

    Returns
    -------
    Axes
        One bar a cause, coloured by its question; to the right the share of comments that this
        cause and those above it are in.
    """
    if result.table.empty:
        return nothing(ax, result.text)
    table = result.table.head(first).reset_index(drop=True)
    ax = axes(ax, height=0.95 + 0.27 * len(table))
    y = np.arange(len(table))[::-1]
    colours = [QUESTIONS.get(name, GREY) for name in table["question"]]
    ax.barh(y, 100 * table["share"], color=colours, height=0.66)
    ends = 100 * np.vstack(
        [table["share"] - table["low"], (table["high"] - table["share"]).clip(lower=0)]
    )
    ax.errorbar(100 * table["share"], y, xerr=ends, fmt="none", ecolor=INK, elinewidth=1, capsize=2)
    for place, row in zip(y, table.to_dict("records"), strict=True):
        ax.text(
            1.02, place, f"{row['n']:,}", transform=ax.get_yaxis_transform(), va="center",
            ha="left",
        )  # fmt: skip
        ax.text(
            1.14, place, f"{100 * row['covered']:.0f} %", transform=ax.get_yaxis_transform(),
            va="center", ha="left", color=GREY,
        )  # fmt: skip
    top = len(table) - 0.25
    ax.text(1.02, top, "labels", transform=ax.get_yaxis_transform(), fontsize=8)
    ax.text(1.14, top, "together", transform=ax.get_yaxis_transform(), fontsize=8, color=GREY)
    ax.set_yticks(y, [shortened(name, LONGEST) for name in table["label"]])
    ax.tick_params(axis="y", length=0)
    ax.set_ylim(-0.6, len(table) - 0.4)
    ax.set_xlim(0, float(100 * table["high"].max()) * 1.04)
    ax.set_xlabel(
        f"% of the {several(result.n, 'comment')}, corrected for labelling errors, "
        "with 95 % interval"
    )
    _legend(ax, table["question"].tolist())
    title(ax, _weight(table, result.close), pad=22)
    return ax


@styled
def halved(result: Halved, *, first: int = 10, ax: Axes | None = None) -> Axes:
    """Draw the positive share with each cause halved, beside the share now and the target.

    Parameters
    ----------
    result : Halved
        From ``service.halved``.
    first : int, default=10
        How many causes.
    ax : Axes, optional
        Where to draw; by default a figure of its own.

    Returns
    -------
    Axes
        Solid: if only buyers without another complaint were won; hollow: if all were.
    """
    if result.table.empty:
        return nothing(ax, result.text)
    table = result.table.head(first).reset_index(drop=True)
    ax = axes(ax, height=0.95 + 0.3 * len(table))
    y = np.arange(len(table))[::-1]
    points, most = 100 * table["points_at_least"], 100 * table["points_at_most"]
    ax.barh(y, most, color=GROUND, edgecolor=BLUE, height=0.6, linewidth=1)
    ax.barh(y, points, color=BLUE, height=0.6)
    for place, row in zip(y, table.to_dict("records"), strict=True):
        ends = [f"{100 * row[name]:.1f}" for name in ("at_least", "at_most")]
        text = ends[0] if ends[0] == ends[1] else " to ".join(ends)
        ax.text(
            1.02, place, f"{text} %", transform=ax.get_yaxis_transform(), va="center", ha="left"
        )
    ax.set_yticks(y, [shortened(name, LONGEST) for name in table["label"]])
    ax.tick_params(axis="y", length=0)
    ax.set_ylim(-0.6, len(table) - 0.4)
    ax.set_xlim(0, max(float(most.max()) * 1.06, 0.1))
    ax.xaxis.grid(visible=True, color=PALE, linewidth=0.6)
    ax.set_axisbelow(True)
    ax.set_xlabel(
        "points gained: filled, if only buyers with no other complaint were won; outline, if all"
    )
    ax.text(
        1.02, len(table) - 0.25, "then positive", transform=ax.get_yaxis_transform(), fontsize=8,
        color=GREY,
    )  # fmt: skip
    gap = 100 * (result.target - result.share)
    title(ax, _gain(gap, float(most.max())), pad=22)
    return ax


def _weight(table: pd.DataFrame, close: str) -> str:
    """Name the commonest cause only where it is not too close to others."""
    row = table.iloc[0]
    half = int((table["covered"] < 0.5).sum()) + 1
    if half <= len(table) and table["covered"].max() >= 0.5:
        first = close or f"{in_sentence(row['label'])} leads"
        few = "1 cause is" if half == 1 else f"{half} causes are"
        return f"{few} in half of the comments; {first}"
    if close:
        return sentence_case(close)
    return f"{row['label']} leads, in {100 * row['share']:.0f} % of the comments"


def _gain(gap: float, most: float) -> str:
    if gap <= 0:
        return f"The target is reached; halving one cause would add up to {most:.1f} points"
    away = f"{gap:.1f}" if gap >= 0.05 else "less than 0.1"
    return f"Halving one cause adds up to {most:.1f} points; the target is {away} away"


def _legend(ax: Axes, present: list[str]) -> None:
    from matplotlib.patches import Patch

    shown = [name for name in QUESTIONS if name in present]
    words = {
        "shipping_speed": "shipping",
        "packaging": "packing",
        "email_response": "e-mails",
        "cancel_return": "cancel, return",
        "service_reach": "reaching service",
        "as_described": "as described",
    }
    ax.legend(
        [Patch(color=QUESTIONS[name]) for name in shown],
        [words.get(name, name) for name in shown],
        loc="lower right",
        frameon=False,
        fontsize=8,
        handlelength=1,
        handleheight=1,
    )
