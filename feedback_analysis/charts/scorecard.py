"""The scorecard: complaints per 100 feedbacks for each question, beside what is tolerated."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from feedback_analysis.charts.style import (
    BLUE,
    GREY,
    GROUND,
    INK,
    PALE,
    VERMILLION,
    axes,
    nothing,
    styled,
    title,
)

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from feedback_analysis.service import Scorecard

# Marker, colour, filled or hollow: an answer never goes by its colour alone.
ANSWERS: Mapping[str, tuple[str, str, bool]] = {
    "Yes": ("o", BLUE, True),
    "No": ("D", VERMILLION, True),
    "Too few to say": ("s", GREY, False),
    "Not known": ("s", GREY, False),
}


@styled
def scorecard(result: Scorecard, *, ax: Axes | None = None) -> Axes:
    """Draw each question's complaint rate with its interval, and the tolerance.

    Parameters
    ----------
    result : Scorecard
        From ``service.scorecard``.
    ax : Axes, optional
        Where to draw; by default a figure of its own.

    Returns
    -------
    Axes
        One row a question, in Amazon's order; the short upright line is what is tolerated.
    """
    table = result.table
    known = table[table["per_100"].notna()]
    if known.empty:
        return nothing(ax, (result.limits or [result.text])[0])
    ax = axes(ax, height=0.62 + 0.44 * len(table))
    most = float(max(known["high"].max(), known["tolerance"].max())) * 1.08
    for place, row in enumerate(table.to_dict("records")):
        y = len(table) - 1 - place
        ax.axhline(y, color=PALE, linewidth=0.6, zorder=0)
        marker, colour, filled = ANSWERS[row["answer"]]
        if not pd.isna(row["per_100"]):
            ax.plot([row["low"], row["high"]], [y, y], color=colour, linewidth=2.2, zorder=2)
            ax.plot(
                row["per_100"], y, marker, color=colour, markersize=7, zorder=3,
                markerfacecolor=colour if filled else GROUND, markeredgewidth=1.4,
            )  # fmt: skip
        ax.plot([row["tolerance"]] * 2, [y - 0.32, y + 0.32], color=INK, linewidth=1.6, zorder=1)
        ax.text(
            1.02, y, row["answer"], transform=ax.get_yaxis_transform(), va="center", color=colour,
            fontweight="bold",
        )  # fmt: skip
    ax.set_yticks(np.arange(len(table))[::-1], [textwrap.fill(name, 26) for name in table["label"]])
    ax.tick_params(axis="y", length=0)
    ax.set_ylim(-0.6, len(table) - 0.4)
    ax.set_xlim(0, most)
    ax.set_xlabel(
        "complaints per 100 feedbacks, corrected, with 95 % interval; upright line: tolerated"
    )
    ax.spines["left"].set_visible(False)
    no = int(table["answer"].eq("No").sum())
    title(ax, _finding(no, int(table["answer"].eq("Yes").sum())))
    return ax


def _finding(no: int, yes: int) -> str:
    few = 7 - no - yes
    parts = [f"{no} No"] if no else ["No question is a clear No"]
    parts += [f"{yes} Yes"] if yes else []
    parts += [f"{few} with too few complaints and feedbacks to say"] if few else []
    return ", ".join(parts)
