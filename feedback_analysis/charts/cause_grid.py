"""Grids of causes: by month with alarms, by carrier or channel with what stands out."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from feedback_analysis.causes.taxonomy import own_taxonomy
from feedback_analysis.channels import channel_names
from feedback_analysis.charts.style import BLUE, GREY, INK, VERMILLION, axes, nothing, styled, title
from feedback_analysis.periods import MONTHS
from feedback_analysis.texts import in_sentence, several, shortened

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from feedback_analysis.health import Standouts
    from feedback_analysis.service import CauseMonths

MOST = 16
LONGEST = 46
# Ink on a cell of this much blue is easy to read, on a light page as on a dark one.
DEEPEST = 0.52


@styled
def cause_months(result: CauseMonths, *, first: int = MOST, ax: Axes | None = None) -> Axes:
    """Draw complaints by cause and month; a frame marks more than chance explains.

    Parameters
    ----------
    result : CauseMonths
        From ``service.cause_months``.
    first : int, default=16
        How many causes; one with an alarm is always shown.
    ax : Axes, optional
        Where to draw; by default a figure of its own.

    Returns
    -------
    Axes
        The number is the month's complaints, the shade how many come on 100 feedbacks.
    """
    table = result.table
    if table.empty or table["month"].nunique() < 2:
        return nothing(ax, result.text)
    order = list(dict.fromkeys(table["cause"]))
    alarmed = set(table.loc[table["alarm"], "cause"])
    shown = [name for place, name in enumerate(order) if place < first or name in alarmed]
    # The newest month beside the names: a phone shows these columns first.
    wide, rate, marked = (
        table.pivot(index="cause", columns="month", values=name).loc[shown].iloc[:, ::-1]
        for name in ("n", "per_100", "alarm")
    )
    labels = table.drop_duplicates("cause").set_index("cause")["label"]
    ax = axes(ax, height=1.0 + 0.27 * len(shown))
    _grid(ax, rate.to_numpy(float), wide.to_numpy(), marked.to_numpy(bool))
    ax.set_yticks(range(len(shown)), [shortened(labels[name], LONGEST) for name in shown])
    ax.set_xticks(range(wide.shape[1]), [_month(name, place) for place, name in
                                         enumerate(wide.columns)])  # fmt: skip
    per = {"feedbacks": "100 feedbacks", "orders": "100 orders", "days": "day"}[result.unit]
    ax.set_xlabel(
        f"complaints (number) and complaints per {per} (shade); framed: more than chance "
        "explains;\nnewest month first"
    )
    count = len(result.alarms)
    title(ax, _alarms(result, count))
    return ax


@styled
def cause_groups(
    result: Standouts, *, by: str = "carrier", first: int = MOST, ax: Axes | None = None
) -> Axes:
    """Draw complaints by cause and carrier (or channel); a frame marks what stands out.

    Parameters
    ----------
    result : Standouts
        From ``service.cause_groups``.
    by : str, default="carrier"
        ``carrier``, ``channel`` or ``marketplace``.
    first : int, default=16
        How many causes; one that stands out is always shown.
    ax : Axes, optional
        Where to draw; by default a figure of its own.

    Returns
    -------
    Axes
        The number is the labels found in the group, uncorrected, the shade how many come on 1,000
        orders; a dot marks a rate above the funnel's 99.8 % limit.
    """
    from feedback_analysis.health import funnel_limits

    table = result.table
    table = table[table["look"].eq(by)] if len(table) else table
    if table.empty:
        return nothing(ax, f"There are too few complaints to compare them by {by}.")
    sizes = table.drop_duplicates(by).set_index(by)["n"].sort_index()
    totals = table.groupby("about")["negative"].sum()
    order = sorted(totals.index, key=lambda name: (-totals[name], name))
    out = set(table.loc[table["stands_out"], "about"])
    shown = [name for place, name in enumerate(order) if place < first or name in out]
    table = table[table["about"].isin(shown)]
    high = [
        funnel_limits(rate, [n], limits=(0.998,))["high_99.8"].iloc[0]
        for rate, n in zip(table["shop_rate"], table["n"], strict=True)
    ]
    table = table.assign(above=(table["rate"] > high) & (table["negative"] >= 3))

    def spread(column: str) -> pd.DataFrame:
        wide = table.pivot(index="about", columns=by, values=column)
        return wide.reindex(index=shown, columns=sizes.index)

    ax = axes(ax, height=1.05 + 0.27 * len(shown))
    _grid(
        ax,
        1000 * spread("rate").fillna(0).to_numpy(float),
        spread("negative").fillna(0).to_numpy(int),
        spread("stands_out").eq(True).to_numpy(bool),
        dots=spread("above").eq(True).to_numpy(bool),
    )
    words = dict(zip(table["about"], table["label" if "label" in table else "about"], strict=True))
    ax.set_yticks(range(len(shown)), [shortened(words[name], LONGEST) for name in shown])
    short = channel_names("ships")
    ax.set_xticks(
        range(len(sizes)),
        [f"{short.get(name, name)}\n{several(int(n), 'order')}" for name, n in sizes.items()],
    )
    ax.set_xlabel(
        "labels as found (number) and per 1,000 orders (shade); dot: above the funnel's 99.8 % "
        "limit\naround the whole shop; framed: above all others after the correction for many "
        "looks;\na frame without a dot: above the others, but within the 99.8 % limit around the "
        "whole shop"
    )
    title(ax, _groups(table))
    return ax


def _grid(
    ax: Axes, shade: np.ndarray, numbers: np.ndarray, framed: np.ndarray,
    dots: np.ndarray | None = None,
) -> None:  # fmt: skip
    """Draw shaded cells with their numbers and frames."""
    from matplotlib.patches import Rectangle

    most = max(float(np.nanmax(shade)), 1e-9)
    ax.set(xlim=(-0.5, numbers.shape[1] - 0.5), ylim=(numbers.shape[0] - 0.5, -0.5))
    for (row, column), number in np.ndenumerate(numbers):
        # By the square root: a cause with few complaints still shows its busy months.
        strength = DEEPEST * float(np.sqrt(shade[row, column] / most))
        if strength > 0:
            cell = Rectangle((column - 0.5, row - 0.5), 1, 1, facecolor=BLUE, alpha=strength)
            ax.add_patch(cell)
        text = f"{number}" + (" \N{BULLET}" if dots is not None and dots[row, column] else "")
        if number:
            ax.text(
                column, row, text, ha="center", va="center", fontsize=8, color=INK,
                fontweight="bold" if framed[row, column] else "normal",
            )  # fmt: skip
        if framed[row, column]:
            frame = Rectangle(
                (column - 0.46, row - 0.44), 0.92, 0.88, fill=False, edgecolor=VERMILLION,
                linewidth=2,
            )  # fmt: skip
            ax.add_patch(frame)
    ax.tick_params(length=0)
    for spine in ax.spines.values():
        spine.set_visible(False)
    ax.set_xticks(np.arange(-0.5, numbers.shape[1]), minor=True)
    ax.set_yticks(np.arange(-0.5, numbers.shape[0]), minor=True)
    ax.grid(which="minor", color=GREY, linewidth=0.25, alpha=0.5)
    ax.tick_params(which="minor", length=0)


def _month(name: str, place: int) -> str:
    year, month = name.split("-")
    short = MONTHS[int(month) - 1][:3]
    return f"{short}\n{year}" if place == 0 or month == "12" else short


def _alarms(result: CauseMonths, count: int) -> str:
    of, every = ("a cause", "causes") if result.by == "causes" else ("a question", "questions")
    if not count:
        return f"No month holds more complaints about {of} than chance explains"
    row = result.alarms.iloc[0]
    month = f"{MONTHS[int(row['month'][-2:]) - 1]} {row['month'][:4]}"
    months = f"1 month of {of} stands" if count == 1 else f"{count} months of {every} stand"
    return f"{months} out; the newest: {in_sentence(row['label'])}, {month}"


def _groups(table: pd.DataFrame) -> str:
    out = table[table["stands_out"]]
    if out.empty:
        what = "question" if set(table["about"]) <= set(own_taxonomy().questions) else "cause"
        return f"No group stands out in any {what}"
    first = out.sort_values("p").iloc[0]
    cells = "1 cell stands out:" if len(out) == 1 else f"{len(out)} cells stand out, most of all"
    return f"{cells} {first['group']}"
