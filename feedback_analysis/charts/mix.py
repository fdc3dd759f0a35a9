"""A mix shift: what each part gave to the change, by its weight and by its own change."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from feedback_analysis.charts.style import (
    BLUE,
    INK,
    PALE,
    VERMILLION,
    axes,
    nothing,
    styled,
    title,
)
from feedback_analysis.health.decomposition import MEASURES
from feedback_analysis.health.words import in_points
from feedback_analysis.texts import several, shortened

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from feedback_analysis.health import MixShift

MOST_PARTS = 12
WHOLE = "whole shop"
# Column, its colour, marker, offset from the row's middle, and its name.
EFFECTS = (
    ("mix", BLUE, "o", 0.16, "a different mix"),
    ("rate", VERMILLION, "D", -0.16, "its own change"),
)
LONGEST = 40


@styled
def mix_shift(result: MixShift, *, ax: Axes | None = None) -> Axes:
    """Draw what the mix and the parts themselves gave to a change, in points, with intervals.

    Parameters
    ----------
    result : MixShift
        A difference taken apart.
    ax : Axes, optional
        Where to draw; by default a figure of its own.

    Returns
    -------
    Axes
        The whole shop first, then the parts, the largest contribution first.
    """
    if len(result.table) < 2:
        return nothing(ax, result.text)
    rows = pd.concat([_whole(result.totals), result.table.head(MOST_PARTS)], ignore_index=True)
    ax = axes(ax, height=1.9 + 0.48 * len(rows))
    middle = [float(len(rows) - 1 - place) for place in range(len(rows))]
    ax.axhspan(middle[0] - 0.5, middle[0] + 0.5, color=PALE, alpha=0.5, linewidth=0)
    ax.axvline(0, color=INK, linewidth=1)
    for effect, colour, marker, offset, name in EFFECTS:
        value, low, high = (100 * rows[f"{effect}{end}"] for end in ("", "_low", "_high"))
        place = [one + offset for one in middle]
        ax.hlines(place, low, high, color=colour, linewidth=1.6)
        ax.plot(value, place, marker, color=colour, markersize=6, linewidth=0, label=name)
    ax.set_yticks(middle, [shortened(part, LONGEST) for part in rows["part"]])
    ax.set_ylim(-0.6, len(rows) - 0.4)
    ax.tick_params(axis="y", length=0)
    for place, row in zip(middle, rows.to_dict("records"), strict=True):
        for effect, colour, _, offset, _ in EFFECTS:
            ax.annotate(
                in_points(row[effect]),
                (1, place + offset),
                xycoords=("axes fraction", "data"),
                xytext=(6, 0),
                textcoords="offset points",
                va="center",
                color=colour,
                fontsize=8,
                annotation_clip=False,
            )
    more = len(result.table) - MOST_PARTS
    rest = (
        f"; {several(more, 'smaller part is', 'smaller parts are')} not drawn" if more > 0 else ""
    )
    ax.set_xlabel(f"points of the {MEASURES[result.measure][0]}\n(bars: 95 % intervals{rest})")
    ax.legend(loc="upper left", bbox_to_anchor=(0, -0.58 / (0.48 * len(rows) + 0.4)), ncols=2,
              frameon=False)  # fmt: skip
    _, _, whole = result.totals.to_dict("records")
    parts = f"{_points(rows, 'mix')} by a different mix, {_points(rows, 'rate')} by the parts"
    title(ax, f"{in_points(whole['value'])} points by {result.by}: {parts} themselves")
    return ax


def _whole(totals: pd.DataFrame) -> pd.DataFrame:
    row: dict[str, object] = {"part": WHOLE}
    for one in totals.to_dict("records"):
        row |= {
            one["effect"]: one["value"],
            f"{one['effect']}_low": one["low"],
            f"{one['effect']}_high": one["high"],
        }
    return pd.DataFrame([row])


def _points(rows: pd.DataFrame, effect: str) -> str:
    return in_points(float(rows[effect].iloc[0]))
