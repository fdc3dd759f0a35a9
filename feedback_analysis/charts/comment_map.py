"""The map of comments: points near each other say alike things."""

from __future__ import annotations

from typing import TYPE_CHECKING

from feedback_analysis.charts.style import (
    BLUE,
    GREEN,
    GREY,
    INK,
    OLIVE,
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
from feedback_analysis.texts import several

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from feedback_analysis.service import CommentMap

# Colour and marker of the eight commonest causes: each differs in both.
LOOKS = (
    (BLUE, "o"), (VERMILLION, "D"), (GREEN, "^"), (ORANGE, "s"), (PINK, "v"),
    (SKY, "P"), (VIOLET, "X"), (OLIVE, "<"),
)  # fmt: skip


@styled
def comment_map(result: CommentMap, *, ax: Axes | None = None) -> Axes:
    """Draw comments as points, coloured by their first cause.

    Parameters
    ----------
    result : CommentMap
        From ``service.comment_map``.
    ax : Axes, optional
        Where to draw; by default a figure of its own.

    Returns
    -------
    Axes
        Without ticks: neither axis has a meaning. No comment's words are drawn.
    """
    table = result.table
    if table.empty:
        return nothing(ax, result.text)
    ax = axes(ax, height=5.4)
    plain = {"other causes": (PALE, "o", 22), "no cause stated": (GREY, "x", 20)}
    sizes = table["label"].value_counts()
    named = sorted(set(sizes.index) - set(plain), key=lambda name: (-sizes[name], name))
    looks = {name: (*LOOKS[place], 26) for place, name in enumerate(named)}
    for name, (colour, marker, size) in {**plain, **looks}.items():
        part = table[table["label"] == name]
        if len(part):
            ax.scatter(
                part["x"], part["y"], s=size, c=colour, marker=marker, linewidths=0.9,
                label=f"{name} ({len(part)})", alpha=0.9,
            )  # fmt: skip
    handles, labels = ax.get_legend_handles_labels()
    order = sorted(range(len(labels)), key=lambda place: labels[place].rpartition(" (")[0] in plain)
    ax.legend(
        [handles[place] for place in order], [labels[place] for place in order],
        loc="center left", bbox_to_anchor=(1.0, 0.5), frameon=False, fontsize=8.5,
    )  # fmt: skip
    ax.set_xticks([])
    ax.set_yticks([])
    for spine in ax.spines.values():
        spine.set(visible=True, color=PALE)
    ax.set_xlabel("near each other: alike in what they say; the axes mean nothing", color=INK)
    title(ax, f"{several(len(table), 'comment')} by what they say, coloured by their first cause")
    return ax
