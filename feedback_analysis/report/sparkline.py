"""One figure over many periods as a small drawing without axes, in the page's own colours."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from feedback_analysis.report.wording import known

WIDTH, HEIGHT, EDGE = 240, 56, 5


@dataclass(frozen=True)
class Point:
    """One period's value.

    Attributes
    ----------
    place : int
        Where on the line, in periods from the first; a gap is a period without a report.
    value, low, high : float or None
        The figure and its interval or bounds.
    """

    place: int
    value: float | None
    low: float | None = None
    high: float | None = None


def sparkline(points: Sequence[Point], *, words: str, target: float | None = None) -> Markup | None:
    """Draw a figure over the periods, with its intervals and its target.

    Parameters
    ----------
    points : sequence of Point
        In order; places without any value are left out.
    words : str
        The same in words, for readers who do not see the drawing.
    target : float, optional
        Drawn dashed.

    Returns
    -------
    Markup or None
        None with fewer than two periods that have a value or bounds.
    """
    shown = [each for each in points if _ends(each)]
    if len(shown) < 2:
        return None
    first, last = shown[0].place, shown[-1].place
    every = [end for each in shown for end in _ends(each)]
    every += [target] if target is not None else []
    lowest, highest = min(every), max(every)
    if lowest == highest:
        lowest, highest = lowest - 1, highest + 1
    spread = highest - lowest

    def x(place: int) -> float:
        return round(EDGE + (WIDTH - 2 * EDGE) * (place - first) / (last - first), 1)

    def y(value: float) -> float:
        return round(EDGE + (HEIGHT - 2 * EDGE) * (1 - (value - lowest) / spread), 1)

    parts = [
        Markup('<svg class="spark" viewBox="0 0 {} {}" role="img" aria-label="{}">').format(
            WIDTH, HEIGHT, words
        )
    ]
    if target is not None:
        parts.append(
            Markup(
                '<line x1="0" x2="{}" y1="{}" y2="{}" stroke="var(--soft)" stroke-dasharray="4 3"/>'
            ).format(WIDTH, y(target), y(target))
        )
    upright = Markup(
        '<line x1="{0}" x2="{0}" y1="{1}" y2="{2}" stroke="var(--line)" stroke-width="{3}" '
        'opacity=".4"/>'
    )
    for each in shown:
        if known(each.low) and known(each.high):
            # Bounds are no interval around a value, so they look different.
            thick = 1 if known(each.value) else 5
            parts.append(upright.format(x(each.place), y(each.low), y(each.high), thick))
    for run in _runs(shown):
        path = " ".join(f"{x(each.place)},{y(each.value)}" for each in run)
        line = '<polyline points="{}" fill="none" stroke="var(--line)" stroke-width="1.8"/>'
        parts.append(Markup(line).format(path))
    dot = Markup('<circle cx="{}" cy="{}" r="{}" fill="var(--line)"/>')
    for each in shown:
        if known(each.value):
            size = 3.4 if each is shown[-1] else 2
            parts.append(dot.format(x(each.place), y(each.value), size))
    return Markup("").join([*parts, Markup("</svg>")])


def _ends(point: Point) -> list[float]:
    return [end for end in (point.value, point.low, point.high) if known(end)]


def _runs(points: Sequence[Point]) -> list[list[Point]]:
    """Return stretches without a gap; a line must not bridge a period that is not known."""
    runs: list[list[Point]] = []
    for point in points:
        if not known(point.value):
            continue
        if runs and runs[-1][-1].place == point.place - 1:
            runs[-1].append(point)
        else:
            runs.append([point])
    return [run for run in runs if len(run) > 1]
