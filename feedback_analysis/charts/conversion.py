"""What reviews do to conversion: the estimates, the weeks around a first review, the doses."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from feedback_analysis.charts.style import (
    BLUE,
    GREY,
    GROUND,
    INK,
    ORANGE,
    PALE,
    PALE_ORANGE,
    VERMILLION,
    axes,
    nothing,
    styled,
    title,
)
from feedback_analysis.conversion.effect_words import lift_words, range_words
from feedback_analysis.texts import several

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from feedback_analysis.conversion import ReviewEffect

# Larger published numbers are drawn at the border, with an arrow and their size in words.
FARTHEST = 130.0


@styled
def review_effect(
    result: ReviewEffect, *, published: pd.DataFrame | None = None, ax: Axes | None = None
) -> Axes:
    """Draw the two estimates, their envelope, and below them in grey what misleads.

    Parameters
    ----------
    result : ReviewEffect
        An effect.
    published : DataFrame, optional
        Published effects to draw beside it, as ``conversion.published_effects()`` returns them.
    ax : Axes, optional
        Where to draw; by default a figure of its own.

    Returns
    -------
    Axes
        Published numbers are filled where the study was randomised, hollow where it was not.
    """
    if result.table.empty:
        return nothing(ax, result.text)
    own = _own_rows(result)
    others = [] if published is None else _published_rows(published)
    ax = axes(ax, height=1.5 + 0.34 * (len(own) + len(others)))
    rows = own + others
    for place, row in enumerate(rows):
        _draw_row(ax, -place, row)
    if others:
        ax.axhline(0.5 - len(own), color=PALE, linewidth=1)
    ax.axvline(0, color=INK, linewidth=1)
    ax.set_yticks([-place for place in range(len(rows))], [row["label"] for row in rows])
    ax.set_ylim(0.6 - len(rows), 0.6)
    ends = [end for row in rows for end in (row["low"], row["high"]) if not math.isnan(end)]
    ax.set_xlim(max(-100, min([*ends, -10]) - 6), min(FARTHEST, max([*ends, 30]) + 6) + 22)
    ax.set_xlabel("conversion with a first review against without, %")
    title(ax, _finding(result))
    return ax


def _own_rows(result: ReviewEffect) -> list[dict[str, Any]]:
    rows = []
    for row in result.table.to_dict("records"):
        both = row["estimator"].startswith("envelope")
        note = range_words(row["low"], row["high"])
        rows.append(
            {
                "label": row["estimator"].replace(", as", ",\nas"),
                "middle": 100 * row["lift"],
                "low": 100 * row["low"],
                "high": 100 * row["high"],
                "colour": GREY if row["misleads"] else VERMILLION if both else BLUE,
                "width": 3.2 if both else 1.6,
                "filled": not row["misleads"],
                "note": "misleads: better products have reviews" if row["misleads"] else note,
            }
        )
    return rows


def _published_rows(published: pd.DataFrame) -> list[dict[str, Any]]:
    rows = []
    known = published[published["low"].notna()]
    for row in known.sort_values("randomised", ascending=False, kind="stable").to_dict("records"):
        rows.append(
            {
                "label": row["study"],
                "middle": 50 * (row["low"] + row["high"]),
                "low": 100 * row["low"],
                "high": 100 * row["high"],
                "colour": INK if row["randomised"] else GREY,
                "width": 1.2,
                "filled": bool(row["randomised"]),
                "note": row["about"].split(":")[0] + ("" if row["randomised"] else " (compared)"),
            }
        )
    return rows


def _draw_row(ax: Axes, place: float, row: dict[str, Any]) -> None:
    low, high, colour = row["low"], row["high"], row["colour"]
    if math.isnan(row["middle"]):
        return
    if row["middle"] > FARTHEST:
        ax.annotate(
            "",
            (FARTHEST, place),
            (FARTHEST - 8, place),
            arrowprops={"arrowstyle": "->", "color": colour},
        )
        ax.text(FARTHEST - 10, place, lift_words(row["middle"] / 100), ha="right", va="center",
                color=colour, fontsize=8)  # fmt: skip
        return
    ax.plot([low, min(high, FARTHEST)], [place, place], color=colour, linewidth=row["width"])
    face = colour if row["filled"] else GROUND
    ax.plot(row["middle"], place, "o", color=colour, markerfacecolor=face, markersize=5)
    ax.annotate(
        row["note"],
        (min(high, FARTHEST), place),
        xytext=(8, 0),
        textcoords="offset points",
        va="center",
        fontsize=8,
        color=colour if not row["filled"] else INK,
    )


def _finding(result: ReviewEffect) -> str:
    likely = range_words(*result.interval)
    return {
        "strong": f"A first review moves conversion by about {lift_words(result.lift)} ({likely})",
        "suggestive": (
            f"Suggestive, not proven: a first review moves conversion by about "
            f"{lift_words(result.lift)} ({likely})"
        ),
        "none": f"No clear effect of the first review: {likely} all fit",
        "unreliable": "Too few families to tell what a first review does",
    }[result.grade]


@styled
def review_events(result: ReviewEffect, *, ax: Axes | None = None) -> Axes:
    """Draw conversion week by week around the first review, the trigger week shaded.

    Parameters
    ----------
    result : ReviewEffect
        An effect.
    ax : Axes, optional
        Where to draw; by default a figure of its own.

    Returns
    -------
    Axes
        Against the weeks more than four before the first review.
    """
    table = result.events
    if table.empty:
        return nothing(ax, result.text)
    ax = axes(ax, height=3.6)
    x = np.arange(len(table))
    names = table["event_week"].tolist()
    start = names.index("0")
    trigger = next(iter(np.flatnonzero(table["trigger"])), None)
    if trigger is not None:
        ax.axvspan(trigger - 0.5, trigger + 0.5, color=PALE_ORANGE, linewidth=0)
    ax.axvline(start - 0.5, color=INK, linewidth=1, linestyle=(0, (1, 2)))
    ax.axhline(0, color=INK, linewidth=1)
    middle, low, high = (100 * table[name].to_numpy() for name in ("lift", "low", "high"))
    colours = [GREY if i < start else BLUE for i in range(len(x))]
    if trigger is not None:
        colours[trigger] = ORANGE
    for i in x:
        ax.plot([i, i], [low[i], high[i]], color=colours[i], linewidth=1.6)
        ax.plot(i, middle[i], "D" if i == trigger else "o", color=colours[i], markersize=5)
    ax.set_xticks(x, [name.replace("-", "\N{MINUS SIGN}") if int(i) < start else
                      name.replace("-", " to ") for i, name in enumerate(names)])  # fmt: skip
    ax.set_ylim(min(-10, np.nanmin(low) - 5), np.nanmax(high) + 8)
    ax.set_xlabel(
        "weeks from the first review (dotted line). Grey: before it; blue: with reviews"
        if trigger is None
        else "weeks from the first review (dotted line). Grey: before it; blue: with reviews.\n"
        "Orange: the week of the sale that made the review; it is high by selection, not by effect"
    )
    ax.set_ylabel("conversion, % above the weeks before")
    title(ax, f"{_before(start, trigger)}; the effect is not read off here, but from the two "
              "estimators")  # fmt: skip
    return ax


def _before(start: int, trigger: int | None) -> str:
    if trigger is None:
        return "No week before the first review stands out"
    lag = start - trigger
    return f"The sale behind the first review lies {lag} week{'' if lag == 1 else 's'} before it"


@styled
def review_doses(result: ReviewEffect, *, ax: Axes | None = None) -> Axes:
    """Draw the lift by number of reviews within families, the naive comparison in grey.

    Parameters
    ----------
    result : ReviewEffect
        An effect.
    ax : Axes, optional
        Where to draw; by default a figure of its own.

    Returns
    -------
    Axes
        The range from 50 reviews on is hollow: it is an association.
    """
    table = result.doses
    if table.empty or table["lift"].isna().all():
        return nothing(ax, result.text)
    ax = axes(ax, height=3.2)
    for i, row in enumerate(table.to_dict("records")):
        firm = row["estimand"] != "association"
        ax.plot([i, i], [100 * row["low"], 100 * row["high"]], color=BLUE, linewidth=1.8,
                linestyle="-" if firm else (0, (2, 2)))  # fmt: skip
        ax.plot(i, 100 * row["lift"], "o", color=BLUE, markersize=6,
                markerfacecolor=BLUE if firm else GROUND)  # fmt: skip
        ax.plot(i + 0.18, 100 * row["naive"], "x", color=GREY, markersize=7)
    ax.axhline(0, color=INK, linewidth=1)
    labels = [
        f"{_reviews(row['reviews'])}\n{several(row['families'], 'family', 'families')}"
        for row in table.to_dict("records")
    ]
    ax.set_xticks(range(len(table)), labels)
    ax.set_xlim(-0.5, len(table) - 0.5)
    ax.set_ylabel("conversion against no reviews, %")
    ax.set_xlabel("dot: the same family against itself; hollow: association; grey cross: naive, "
                  "misleads")  # fmt: skip
    known = table.dropna(subset=["lift"])
    firm = known[known["estimand"] != "association"]
    first, *_, more = [*(firm if len(firm) else known).to_dict("records")] * 2
    said = f"Within families: {lift_words(first['lift'])} at {_reviews(first['reviews'])}"
    if more["reviews"] != first["reviews"]:
        said += f", {lift_words(more['lift'])} at {more['reviews']}"
    title(ax, said)
    return ax


def _reviews(number: object) -> str:
    """Return a number of reviews, which may be a range such as ``2-4``, with its noun."""
    return f"{number} review{'' if str(number) == '1' else 's'}"
