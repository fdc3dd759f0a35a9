"""Figures of what was read: rows by report, and the months that each table covers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from feedback_analysis.charts.style import (
    BLUE,
    GREY,
    GROUND,
    INK,
    ORANGE,
    PALE,
    axes,
    nothing,
    styled,
    title,
)
from feedback_analysis.periods import MONTHS
from feedback_analysis.texts import several

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from feedback_analysis.coverage import Coverage, FilesRead

# What the states look like: colour, hatch, words of the legend.
STATES = {
    "whole": (BLUE, "", "data"),
    "part": (ORANGE, "////", "some days missing"),
    "nothing": (PALE, "", "nothing"),
}

# Inches from the tiles to the legend: room for the months and years.
LEGEND_BELOW = -0.38


@styled
def coverage(result: Coverage, *, ax: Axes | None = None) -> Axes:
    """Draw which months each table covers: a tile a month, a row a table and marketplace.

    Parameters
    ----------
    result : Coverage
        What :func:`feedback_analysis.coverage.coverage` returns.
    ax : Axes, optional
        Where to draw; by default a figure of its own.

    Returns
    -------
    Axes
        Blue: data; orange and hatched: some days missing; pale and small: nothing.
    """
    from matplotlib.patches import Rectangle
    from matplotlib.transforms import ScaledTranslation

    table = result.table
    if table.empty:
        return nothing(ax, result.text)
    months = sorted(table["month"].unique())
    names = list(dict.fromkeys(zip(table["table"], table["marketplace"], strict=True)))
    ax = axes(ax, height=1.5 + 0.27 * len(names))
    rows = {name: number for number, name in enumerate(names)}
    columns = {month: number for number, month in enumerate(months)}
    for tile in table.itertuples():
        colour, hatch, _ = STATES[tile.state]
        # Nothing is also smaller, so that it is seen without any colour.
        size = 0.28 if tile.state == "nothing" else 0.84
        x, y = columns[tile.month], rows[tile.table, tile.marketplace]
        ax.add_patch(
            Rectangle(
                (x - size / 2, y - size / 2), size, size,
                facecolor=colour, hatch=hatch, edgecolor=GROUND if hatch else "none",
                linewidth=0,
            )
        )  # fmt: skip
    ax.set_xlim(-0.6, len(months) - 0.4)
    ax.set_ylim(len(names) - 0.4, -0.6)
    labels = [
        name.replace("_", " ") + ("" if market == "all" else f", {market}")
        for name, market in names
    ]
    ax.set_yticks(range(len(names)), labels)
    step = max(1, -(-len(months) // 24))
    shown = range(0, len(months), step)
    ax.set_xticks(shown, [_month(months[i], first=i == 0) for i in shown])
    ax.tick_params(length=0)
    for spine in ax.spines.values():
        spine.set_visible(False)
    handles = [
        Rectangle((0, 0), 1, 1, facecolor=colour, hatch=hatch, edgecolor=GROUND, label=words)
        for state, (colour, hatch, words) in STATES.items()
        if (table["state"] == state).any()
    ]
    below = ScaledTranslation(0, LEGEND_BELOW, ax.figure.dpi_scale_trans)
    ax.legend(
        handles=handles, loc="upper left", bbox_to_anchor=(0, 0),
        bbox_transform=ax.transAxes + below, ncols=3, frameon=False, handlelength=1.2,
        labelcolor=INK,
    )  # fmt: skip
    title(ax, _finding(result, len(names)))
    return ax


@styled
def files_read(result: FilesRead, *, ax: Axes | None = None) -> Axes:
    """Draw the rows kept and set aside of each kind of report.

    Parameters
    ----------
    result : FilesRead
        What :func:`feedback_analysis.coverage.files_read` returns.
    ax : Axes, optional
        Where to draw; by default a figure of its own.

    Returns
    -------
    Axes
        One bar a report, on a scale of powers of ten, with its counts in words.
    """
    from matplotlib.ticker import FuncFormatter, NullFormatter

    if result.table.empty:
        return nothing(ax, "No file was read.")
    sums = result.table.groupby("report")[["rows_kept", "rows_set_aside"]].sum()
    sums = sums.sort_values(["rows_kept", "rows_set_aside"], ascending=False, kind="stable")
    ax = axes(ax, height=1.2 + 0.3 * len(sums))
    ax.barh(range(len(sums)), sums["rows_kept"].clip(lower=0.8), color=BLUE, height=0.6)
    ax.set_xscale("log")
    ax.set_xlim(0.8, max(10, float(sums["rows_kept"].max())) * 1.2)
    for place, row in enumerate(sums.itertuples()):
        aside = int(row.rows_set_aside)
        words = f"{int(row.rows_kept):,}" + (f", {aside:,} set aside" if aside else "")
        ax.annotate(
            words,
            (1, place),
            xycoords=("axes fraction", "data"),
            xytext=(6, 0),
            textcoords="offset points",
            va="center",
            color=INK,
            annotation_clip=False,
        )
    ax.set_yticks(range(len(sums)), [str(name).replace("_", " ") for name in sums.index])
    ax.set_ylim(len(sums) - 0.4, -0.6)
    ax.tick_params(axis="y", length=0)
    ax.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:,.0f}"))
    ax.xaxis.set_minor_formatter(NullFormatter())
    ax.set_xlabel("rows kept (each line is ten times the one before)")
    ax.grid(axis="x", color=PALE, linewidth=0.7)
    ax.set_axisbelow(True)
    ax.spines["left"].set_color(GREY)
    kept, aside = int(sums["rows_kept"].sum()), int(sums["rows_set_aside"].sum())
    files = int(result.table["files"].sum())
    were = "was" if kept == 1 else "were"
    of = f"{several(kept, 'row')} of {several(files, 'file')}"
    title(ax, f"{of} {were} kept, {aside:,} set aside")
    return ax


def _finding(result: Coverage, rows: int) -> str:
    gaps = result.table[result.table["gap"]]
    if gaps.empty:
        return "No gap shows in any table"
    broken = len(gaps.groupby(["table", "marketplace"]))
    return f"{broken} of {several(rows, 'table')} {'has' if broken == 1 else 'have'} gaps"


def _month(month: str, *, first: bool) -> str:
    year, number = month.split("-")
    name = MONTHS[int(number) - 1][:1]
    return f"{name}\n{year}" if first or number == "01" else name
