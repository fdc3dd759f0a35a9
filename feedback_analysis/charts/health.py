"""The rating by window or period, with its intervals, against the targets."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

import pandas as pd

from feedback_analysis.charts.style import (
    GREY,
    GROUND,
    INK,
    PALE,
    VERDICTS,
    axes,
    nothing,
    styled,
    title,
)

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from feedback_analysis.health import Comparison, FeedbackRating

# How a measure is written and drawn: columns, factor to the axis' unit, form, end of the scale.
MEASURES: dict[str, dict[str, Any]] = {
    "share": {
        "columns": ("share", "low", "high", "share_verdict"),
        "factor": 100,
        "number": "{:.1f} %",
        "target": "{:.4g} %",
        "label": "positive feedback, % of all feedback",
        "top": 100,
        "span": 4,
    },
    "average": {
        "columns": ("average", "average_low", "average_high", "average_verdict"),
        "factor": 1,
        "number": "{:.2f}",
        "target": "{:.3g} stars",
        "label": "average stars, 1 to 5",
        "top": 5,
        "span": 0.4,
    },
}
# Said of bounds that lie below the target by less than chance could move them.
ONLY_CHANCE = "is below {} even at its highest possible, but chance could explain it"


@styled
def rating(
    result: FeedbackRating | Comparison,
    *,
    measure: Literal["share", "average"] = "share",
    ax: Axes | None = None,
) -> Axes:
    """Draw each window's (or period's) figure with its interval against the target.

    Parameters
    ----------
    result : FeedbackRating or Comparison
        A rating by window, with or without marketplaces, or periods side by side.
    measure : {"share", "average"}, default="share"
        Positive share or average stars.
    ax : Axes, optional
        Where to draw; by default a figure of its own.

    Returns
    -------
    Axes
        A line is a 95 % interval and its mark the figure; a bar without a mark holds every average
        possible while the split of 4 and 5 stars is unknown, to which chance would have to be
        added. The mark's shape says the verdict.
    """
    form = MEASURES[measure]
    value, low = form["columns"][:2]
    rows = _blocks(result.table)
    drawn = [row for _, row in rows if row is not None and not pd.isna(row[low])]
    if not drawn:
        return nothing(ax, result.text)
    ax = axes(ax, height=1.45 + 0.34 * len(rows))
    factor = form["factor"]
    target = result.targets[0 if measure == "share" else 1]
    for place, (_, row) in enumerate(rows):
        if row is None:
            continue
        if not pd.isna(row[low]):
            _whisker(ax, place, row, form)
        ax.annotate(
            _row_words(row, form),
            (1, place),
            xycoords=("axes fraction", "data"),
            xytext=(8, 0),
            textcoords="offset points",
            va="center",
            annotation_clip=False,
        )
    for place, (name, row) in enumerate(rows):
        if row is None and name:
            ax.annotate(
                name,
                (0, place),
                xycoords=("axes fraction", "data"),
                xytext=(-8, 0),
                textcoords="offset points",
                ha="right",
                va="center",
                weight="bold",
                annotation_clip=False,
            )
    ticks = [(place, name) for place, (name, row) in enumerate(rows) if row is not None]
    ax.set_yticks([place for place, _ in ticks], [name for _, name in ticks])
    ax.set_ylim(len(rows) - 0.45, -0.55)
    least = min(target * factor, *(factor * row[low] for row in drawn))
    _scale(ax, least, form)
    _target_line(ax, target * factor, form["target"])
    bounded = [bool(pd.isna(row[value])) for row in drawn]
    ax.set_xlabel(form["label"] + _key(bounded))
    ax.tick_params(axis="y", length=0)
    ax.spines["left"].set_visible(False)
    # The target's label stands between the title and the rows.
    title(ax, _finding(result.table, measure, target), pad=22)
    return ax


def _key(bounded: list[bool]) -> str:
    """Return what the lines mean, those of intervals and those of bounds."""
    return " (line: 95 % interval)" * (not all(bounded)) + (
        "\nhatched: every average possible, as the split of 4 and 5 stars is unknown;"
        "\nchance, for which the verdict allows too, is not drawn"
    ) * any(bounded)


def _blocks(table: pd.DataFrame) -> list[tuple[str, Any]]:
    """Return labels and rows from top to bottom; a marketplace's name is a row without figures."""
    label = "window" if "window" in table else "period"
    rows: list[tuple[str, Any]] = []
    last = None
    for row in table.to_dict("records"):
        if "marketplace" in row and row["marketplace"] != last:
            last = row["marketplace"]
            rows.append((last, None))
        part = not row["complete"] and not pd.isna(row["n"])
        rows.append((row[label] + " (part known)" * part, row))
    return rows


def _row_words(row: dict[str, Any], form: dict[str, Any]) -> str:
    value, low, high, verdict = form["columns"]
    if pd.isna(row[low]):
        return "no feedback" if not pd.isna(row["n"]) else "not known"
    number = form["number"]
    if row[verdict] == "too few to say":
        return f"{int(row['positive'])} of {int(row['n'])} positive, too few to say"
    if pd.isna(row[value]):
        shown = f"{number.format(row[low])} to {number.format(row[high])}"
    else:
        shown = number.format(form["factor"] * row[value])
    joined = " of " if form["factor"] == 100 else ", n = "
    return f"{shown}{joined}{int(row['n']):,}, {row[verdict]}"


def _whisker(ax: Axes, place: int, row: dict[str, Any], form: dict[str, Any]) -> None:
    value, low, high, verdict = form["columns"]
    factor = form["factor"]
    marker, colour, filled = VERDICTS[row[verdict]]
    if pd.isna(row[value]):
        # Bounds are no interval around a figure, so they look different: a bar, no mark.
        width = factor * (row[high] - row[low])
        ax.barh(
            place,
            width,
            left=factor * row[low],
            height=0.3,
            color=PALE,
            edgecolor=GREY,
            hatch="///",
        )
        return
    ax.plot([factor * row[low], factor * row[high]], [place, place], color=colour, linewidth=2.2)
    ax.plot(
        factor * row[value],
        place,
        marker=marker,
        markersize=7.5,
        color=colour,
        markerfacecolor=colour if filled else GROUND,
        markeredgewidth=1.6,
        zorder=3,
    )


def _scale(ax: Axes, least: float, form: dict[str, Any]) -> None:
    top, span = form["top"], form["span"]
    from matplotlib.ticker import MaxNLocator

    start = min(least - 0.06 * (top - least), top - span)
    ax.xaxis.set_major_locator(MaxNLocator(nbins=8, steps=[1, 2, 5, 10]))
    ax.set_xlim(max(start, 0 if top == 100 else 1), top + 0.015 * (top - start))


def _target_line(ax: Axes, target: float, form: str) -> None:
    ax.axvline(target, color=INK, linewidth=1, linestyle=(0, (5, 3)), zorder=1)
    ax.annotate(
        f"target {form.format(target)}",
        (target, 1),
        xycoords=("data", "axes fraction"),
        xytext=(0, 3),
        textcoords="offset points",
        ha="center",
        annotation_clip=False,
    )


def _answer(row: pd.Series, *, measure: str, target: float) -> str:
    """Return the verdict, or that bounds below the target leave nothing but chance."""
    value, _, high, verdict = MEASURES[measure]["columns"]
    below = pd.isna(row[value]) and row["complete"] and row[high] < target
    return ONLY_CHANCE if below and row[verdict] == "cannot tell yet" else row[verdict]


def _finding(table: pd.DataFrame, measure: str, target: float) -> str:
    form = MEASURES[measure]
    verdict = form["columns"][3]
    aim = form["target"].format(form["factor"] * target)
    what = "The positive share" if measure == "share" else "The average"
    label = "window" if "window" in table else "period"
    table = table[table["n"].notna()]
    answers = table.apply(_answer, axis=1, measure=measure, target=target)
    table = table.assign(answer=answers)
    if "marketplace" in table:
        year = table[table[label] == "365 days"] if label == "window" else table
        parts = []
        for answer, words in (
            ("not met", "below"),
            ("met", "at or above"),
            ("cannot tell yet", "may be above or below"),
            ("too few to say", "too few to say about"),
        ):
            names = year.loc[year["answer"] == answer, "marketplace"].tolist()
            if names:
                parts.append(f"{', '.join(names)} {words} {aim}")
        if names := year.loc[year["answer"] == ONLY_CHANCE, "marketplace"].tolist():
            parts.append(f"{', '.join(names)} {ONLY_CHANCE.format(aim)}")
        span = " over 365 days" if label == "window" else ""
        return f"{what}{span}" + (f": {'; '.join(parts)}" if parts else " is not known")
    rows = table.to_dict("records")
    by_answer: dict[str, list[str]] = {}
    for row in rows:
        by_answer.setdefault(row["answer"], []).append(row[label])
    words = {
        "met": f"reaches {aim}",
        "not met": f"is below {aim}",
        "cannot tell yet": f"may be above or below {aim}",
        "too few to say": "rests on too few feedbacks to say",
        ONLY_CHANCE: ONLY_CHANCE.format(aim),
    }
    parts = [f"{words[answer]} ({', '.join(names)})" for answer, names in by_answer.items()]
    if len(parts) == 1:
        every = f" in every {label}" if len(rows) > 1 else ""
        parts = [f"{words[rows[0]['answer']]}{every}"]
    # The figure that leads: twelve months among windows, the newest among periods.
    lead = next((row for row in rows if row[label] == "365 days"), rows[0])
    number = _row_words(lead, form).removesuffix(f", {lead[verdict]}")
    span = f"over {lead[label]}" if label == "window" else f"in {lead[label]}"
    if not lead["complete"]:
        span = f"in the known part of {lead[label]}"
    return f"{what} {'; '.join(parts)}: {number} {span}"
