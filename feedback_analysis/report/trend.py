"""The weekly share as a small drawing that follows the page's colours, light or dark."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import pandas as pd
from markupsafe import Markup

from feedback_analysis.periods import MONTHS
from feedback_analysis.report.wording import GLUE, plain

# Shown twice: a wide drawing for a desk, a narrow one with readable letters for a phone.
SHAPES = (("wide", 1000, 190, 13), ("narrow", 360, 190, 13))
LEAST_WEEKS = 4


@dataclass(frozen=True)
class Trend:
    """The drawing and its words.

    Attributes
    ----------
    caption : str
        What is drawn, in a sentence.
    picture : Markup
        Two inline drawings, of which the page shows one.
    """

    caption: str
    picture: Markup


def draw_trend(table: pd.DataFrame, *, target: float, minimum_n: int, text: str) -> Trend | None:
    """Draw the positive share by week with its interval and the target.

    Parameters
    ----------
    table : DataFrame
        ``start`` (Monday), ``n``, ``share``, ``low``, ``high`` (0-1), one row a week in order.
    target : float
        The positive share aimed at, 0-1.
    minimum_n : int
        Weeks with fewer feedbacks are drawn hollow.
    text : str
        The weeks in words, for readers who do not see the drawing.

    Returns
    -------
    Trend or None
        None with fewer than four weeks that have feedback.
    """
    weeks = table[table["n"].fillna(0) > 0]
    if len(weeks) < LEAST_WEEKS:
        return None
    few = bool((weeks["n"] < minimum_n).any())
    running = "complete" in weeks and not bool(weeks["complete"].iloc[-1])
    caption = (
        f"Positive feedback by week, {_day(weeks['start'].iloc[0])} to "
        f"{_day(weeks['start'].iloc[-1])}. Shaded: likely range. Dashed: the target."
    )
    if few:
        caption += f" Rings: weeks with fewer than {minimum_n} feedbacks."
    if running:
        caption += " The last week is not over."
    drawn = [
        _draw(table, kind, width, height, size, target=target, minimum_n=minimum_n, text=text)
        for kind, width, height, size in SHAPES
    ]
    return Trend(caption, Markup("\n").join(drawn))


def _draw(
    table: pd.DataFrame,
    kind: str,
    width: int,
    height: int,
    size: int,
    *,
    target: float,
    minimum_n: int,
    text: str,
) -> Markup:
    left, right, top, bottom = 46, 14, 8, 26
    weeks = table.reset_index(drop=True)
    known = weeks["n"].fillna(0) > 0
    # The band of a firm week is drawn whole; a week of few feedbacks may run out below.
    enough = known & (weeks["n"].fillna(0) >= minimum_n)
    lowest = weeks.loc[enough, "low"].min() if enough.any() else weeks.loc[known, "share"].min()
    floor = min(0.9, max(0.0, int(float(lowest) * 10) / 10))
    step = (width - left - right) / max(1, len(weeks) - 1)

    def x(place: int) -> float:
        return round(left + step * place, 1)

    def y(share: float) -> float:
        inside = min(1.0, max(floor, float(share)))
        return round(top + (1 - inside) / (1 - floor) * (height - top - bottom), 1)

    parts = [
        Markup(
            '<svg class="{}" viewBox="0 0 {} {}" role="img" aria-label="{}" font-size="{}" '
            'fill="currentColor">'
        ).format(kind, width, height, text, size)
    ]
    line = Markup('<line x1="{}" x2="{}" y1="{}" y2="{}" stroke="{}" stroke-width="1"{}/>')
    label = Markup('<text x="{}" y="{}" text-anchor="{}" fill="var(--soft)">{}</text>')
    for share in (1.0, floor):
        parts.append(line.format(left, width - right, y(share), y(share), "var(--rule)", ""))
    dashes = Markup(' stroke-dasharray="5 4"')
    parts.append(line.format(left, width - right, y(target), y(target), "var(--soft)", dashes))
    for share in (1.0, target, floor):
        if share in (target,) or abs(y(share) - y(target)) >= size:
            text_y = round(y(share) + size * 0.35, 1)
            parts.append(label.format(left - 6, text_y, "end", _percent(share)))
    for run in _runs(known):
        upper = [f"{x(place)},{y(weeks['high'][place])}" for place in run]
        lower = [f"{x(place)},{y(weeks['low'][place])}" for place in reversed(run)]
        band = '<polygon points="{}" fill="var(--line)" opacity=".15"/>'
        parts.append(Markup(band).format(" ".join(upper + lower)))
        points = " ".join(f"{x(place)},{y(weeks['share'][place])}" for place in run)
        path = '<polyline points="{}" fill="none" stroke="var(--line)" stroke-width="2"/>'
        parts.append(Markup(path).format(points))
    dot = Markup(
        '<circle cx="{}" cy="{}" r="{}" fill="{}" stroke="var(--line)" stroke-width="1.6"/>'
    )
    # A week that is not over, or not all known, is hollow like one with too little feedback.
    whole = weeks["complete"] if "complete" in weeks else pd.Series(True, index=weeks.index)
    firm = known[known & whole.astype(bool)]
    last = int(firm.index[-1]) if len(firm) else -1
    for place in known[known].index:
        few = weeks["n"][place] < minimum_n or not whole[place]
        fill = "var(--paper)" if few else "var(--line)"
        parts.append(
            dot.format(x(place), y(weeks["share"][place]), 4.2 if place == last else 2.6, fill)
        )
    for place, anchor in _ticks(len(weeks), step):
        shown = _day(weeks["start"][place], year=anchor != "middle")
        parts.append(label.format(x(place), height - 6, anchor, shown))
    parts.append(Markup("</svg>"))
    return Markup("").join(parts)


def _runs(known: pd.Series) -> list[list[int]]:
    """Return stretches of weeks with feedback; a line must not bridge a week without."""
    runs: list[list[int]] = []
    for place in known[known].index:
        if runs and runs[-1][-1] == place - 1:
            runs[-1].append(place)
        else:
            runs.append([place])
    return runs


def _ticks(weeks: int, step: float) -> list[tuple[int, str]]:
    """Return the weeks to name below the drawing: the ends, and more where there is room."""
    between = max(1, round((weeks - 1) * step / 170))
    places = sorted({round(part * (weeks - 1) / between) for part in range(between + 1)})
    anchors = {places[0]: "start", places[-1]: "end"}
    return [(place, anchors.get(place, "middle")) for place in places]


def _day(day: pd.Timestamp | date, *, year: bool = True) -> str:
    return f"{day.day} {MONTHS[day.month - 1][:3]}" + (f" {day.year}" if year else "")


def _percent(share: float) -> str:
    return f"{100 * share:g}{GLUE}%" if share else plain(share, "share")
