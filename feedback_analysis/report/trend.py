"""The weekly share as a small drawing that follows the page's colours, light or dark."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

import pandas as pd
from markupsafe import Markup

from feedback_analysis.periods import MONTHS
from feedback_analysis.report.wording import GLUE, plain
from feedback_analysis.texts import several

# Shown twice: a wide drawing for a desk, a narrow one with readable letters for a phone.
SHAPES = (("wide", 1000, 190, 13), ("narrow", 360, 190, 13))
LEAST_WEEKS = 4
LABEL = Markup('<text x="{}" y="{}" text-anchor="{}" fill="var(--soft)">{}</text>')


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


def draw_trend(
    table: pd.DataFrame, *, target: float, minimum_n: int, text: str, until: date | None = None
) -> Trend | None:
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
    until : date, optional
        Last day counted: a week that goes on after it is not over.

    Returns
    -------
    Trend or None
        None with fewer than four weeks that have feedback.
    """
    told = table[_known(table)]
    if len(told) < LEAST_WEEKS:
        return None
    few = told["n"] < minimum_n
    part = ~told["complete"].astype(bool) if "complete" in told else few & False
    sunday = told["start"].iloc[-1] + pd.Timedelta(days=6)
    running = until is not None and pd.Timestamp(until) < sunday and bool(part.iloc[-1])
    # What is said of the newest week need not be said of it twice.
    part = part.iloc[:-1] if running else part
    caption = (
        f"Positive feedback by week, {_day(told['start'].iloc[0])} to "
        f"{_day(told['start'].iloc[-1])}. Shaded: likely range. Dashed: the target."
    )
    rings = [f"with fewer than {several(minimum_n, 'feedback')}"] if few.any() else []
    rings += ["not all known"] if part.any() else []
    if rings:
        caption += f" Rings: weeks {' or '.join(rings)}."
    if running:
        caption += " The last week is not over."
    weeks = table.reset_index(drop=True)
    floor = _floor(weeks, minimum_n)
    drawn = [
        _draw(
            weeks, _Frame(*shape, len(weeks), floor), target=target, minimum_n=minimum_n, text=text
        )
        for shape in SHAPES
    ]
    return Trend(caption, Markup("\n").join(drawn))


@dataclass(frozen=True)
class _Frame:
    """Where a week and a share lie in a drawing of this size."""

    kind: str
    width: int
    height: int
    size: int
    weeks: int
    floor: float

    left, right, top, bottom = 46, 14, 8, 26

    @property
    def step(self) -> float:
        return (self.width - self.left - self.right) / max(1, self.weeks - 1)

    def x(self, place: int) -> float:
        return round(self.left + self.step * place, 1)

    def y(self, share: float) -> float:
        inside = min(1.0, max(self.floor, float(share)))
        room = self.height - self.top - self.bottom
        return round(self.top + (1 - inside) / (1 - self.floor) * room, 1)


def _draw(
    weeks: pd.DataFrame, frame: _Frame, *, target: float, minimum_n: int, text: str
) -> Markup:
    opening = Markup(
        '<svg class="{}" viewBox="0 0 {} {}" role="img" aria-label="{}" font-size="{}" '
        'fill="currentColor">'
    ).format(frame.kind, frame.width, frame.height, text, frame.size)
    parts = [
        opening,
        *_scale(frame, target),
        *_curve(weeks, frame),
        *_dots(weeks, frame, minimum_n),
        *_dates(weeks, frame),
        Markup("</svg>"),
    ]
    return Markup("").join(parts)


def _scale(frame: _Frame, target: float) -> Iterator[Markup]:
    """Draw the lines of 100 %, the floor and the target, and name them where there is room."""
    line = Markup('<line x1="{}" x2="{}" y1="{}" y2="{}" stroke="{}" stroke-width="1"{}/>')
    dashes = Markup(' stroke-dasharray="5 4"')
    rule, soft = ("var(--rule)", ""), ("var(--soft)", dashes)
    for share, look in ((1.0, rule), (frame.floor, rule), (target, soft)):
        y = frame.y(share)
        yield line.format(frame.left, frame.width - frame.right, y, y, *look)
    for share in (1.0, target, frame.floor):
        if share == target or abs(frame.y(share) - frame.y(target)) >= frame.size:
            y = round(frame.y(share) + frame.size * 0.35, 1)
            yield LABEL.format(frame.left - 6, y, "end", _percent(share))


def _curve(weeks: pd.DataFrame, frame: _Frame) -> Iterator[Markup]:
    """Draw the intervals as a band, and the shares as a line on it."""
    band = Markup('<polygon points="{}" fill="var(--line)" opacity=".15"/>')
    path = Markup('<polyline points="{}" fill="none" stroke="var(--line)" stroke-width="2"/>')
    for run in _runs(_known(weeks)):
        upper = [f"{frame.x(place)},{frame.y(weeks['high'][place])}" for place in run]
        lower = [f"{frame.x(place)},{frame.y(weeks['low'][place])}" for place in reversed(run)]
        yield band.format(" ".join(upper + lower))
        yield path.format(
            " ".join(f"{frame.x(place)},{frame.y(weeks['share'][place])}" for place in run)
        )


def _dots(weeks: pd.DataFrame, frame: _Frame, minimum_n: int) -> Iterator[Markup]:
    """Draw a dot a week, hollow where too little is known of it, larger for the last firm one."""
    dot = Markup(
        '<circle cx="{}" cy="{}" r="{}" fill="{}" stroke="var(--line)" stroke-width="1.6"/>'
    )
    known = _known(weeks)
    # A week that is not over, or not all known, is hollow like one with too little feedback.
    whole = weeks["complete"] if "complete" in weeks else pd.Series(True, index=weeks.index)
    firm = known[known & whole.astype(bool)]
    last = int(firm.index[-1]) if len(firm) else -1
    for place in known[known].index:
        few = weeks["n"][place] < minimum_n or not whole[place]
        fill = "var(--paper)" if few else "var(--line)"
        radius = 4.2 if place == last else 2.6
        yield dot.format(frame.x(place), frame.y(weeks["share"][place]), radius, fill)


def _dates(weeks: pd.DataFrame, frame: _Frame) -> Iterator[Markup]:
    for place, anchor in _ticks(len(weeks), frame.step):
        shown = _day(weeks["start"][place], year=anchor != "middle")
        yield LABEL.format(frame.x(place), frame.height - 6, anchor, shown)


def _known(weeks: pd.DataFrame) -> pd.Series:
    return weeks["n"].fillna(0) > 0


def _floor(weeks: pd.DataFrame, minimum_n: int) -> float:
    """Return the lowest share that the drawing reaches down to, in tenths."""
    known = _known(weeks)
    # The band of a firm week is drawn whole; a week of few feedbacks may run out below.
    enough = known & (weeks["n"].fillna(0) >= minimum_n)
    lowest = weeks.loc[enough, "low"].min() if enough.any() else weeks.loc[known, "share"].min()
    return min(0.9, max(0.0, int(float(lowest) * 10) / 10))


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
