"""The views as pictures: SVG written by hand, because a figure of matplotlib takes too long live.

Colours and markers are the reports'. Words are the browser's, so any script can be read; whatever a
buyer wrote is escaped, and stands only in what a dot says when it is pointed at.
"""

from __future__ import annotations

import html
from collections.abc import Sequence

import numpy as np
import pandas as pd

from feedback_analysis.causes.taxonomy import UNCLEAR
from feedback_analysis.charts.comment_map import LOOKS
from feedback_analysis.charts.style import BLUE, GREY, GROUND, INK, PALE, VERMILLION
from feedback_analysis.explore.views import View
from feedback_analysis.shares import percent, percent_range, target_percent
from feedback_analysis.texts import several

WIDTH = 560
BARS = 10
NAMED = len(LOOKS)
# Outlines of the markers about 0, 0, five units large.
_MARKS = {
    "o": "M-3.4 0a3.4 3.4 0 1 0 6.8 0a3.4 3.4 0 1 0-6.8 0z",
    "D": "M0-4.4L4.4 0L0 4.4L-4.4 0z",
    "^": "M0-4.2L4 3.2H-4z",
    "s": "M-3.2-3.2H3.2V3.2H-3.2z",
    "v": "M0 4.2L4-3.2H-4z",
    "P": "M-1.4-4H1.4V-1.4H4V1.4H1.4V4H-1.4V1.4H-4V-1.4H-1.4z",
    "X": "M-4-2.2L-2.2-4L0-1.8L2.2-4L4-2.2L1.8 0L4 2.2L2.2 4L0 1.8L-2.2 4L-4 2.2L-1.8 0z",
    "<": "M-4.2 0L3.2-4V4z",
}


def picture(view: View, *, target: float | None = None, places: pd.DataFrame | None = None) -> str:
    """Draw a view.

    Parameters
    ----------
    view : View
        Over time, of causes, or on the map.
    target : float, optional
        Positive share aimed at, drawn over time.
    places : DataFrame, optional
        All places of the map; those not found are drawn pale.

    Returns
    -------
    str
        An ``<svg>`` with the view's words as its text alternative; a sentence where there is
        nothing to draw.
    """
    if view.table.empty and (view.name != "map" or places is None or places.empty):
        return f'<p style="color:{GREY};padding:8px">{html.escape(view.text)}</p>'
    if view.name == "time":
        return _time(view, target)
    return _bars(view) if view.name == "causes" else _dots(view, places)


def _svg(parts: list[str], *, height: float, alt: str, width: float = WIDTH) -> str:
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:.0f} {height:.0f}" '
        f'role="img" aria-label="{html.escape(alt)}" style="width:100%;height:auto;display:block;'
        f'background:{GROUND};font:11px system-ui,sans-serif">{"".join(parts)}</svg>'
    )


def _text(x: float, y: float, words: str, *, anchor: str = "start", colour: str = INK) -> str:
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" fill="{colour}">'
        f"{html.escape(words)}</text>"
    )


def _line(x: float, y: float, to_x: float, to_y: float, colour: str, more: str = "") -> str:
    return (
        f'<line x1="{x:.1f}" y1="{y:.1f}" x2="{to_x:.1f}" y2="{to_y:.1f}" stroke="{colour}"{more}/>'
    )


def _period(period: pd.Period) -> str:
    if period.freqstr.startswith("W"):
        return f"week of {period.start_time:%d %b %Y}".replace("of 0", "of ")
    return f"{period.start_time:%b %Y}"


def _time(view: View, target: float | None) -> str:
    table = view.table
    left, right, top, low_end, height = 44, 12, 14, 196, 240
    days = np.array([each.start_time.toordinal() for each in table.index], dtype=float)
    reach = max(days[-1] - days[0], 1)
    inner = WIDTH - left - right - 34
    xs = left + 12 + (days - days[0]) / reach * inner if len(days) > 1 else np.array([WIDTH / 2])
    shares = view.measure != "counts"
    values = table[["share", "low", "high"]] if shares else table[["hits"]]
    aim = target if view.measure == "positive" else None
    bottom, ceiling, ticks = _scale(values, aim, shares=shares)

    def place(value: float) -> float:
        return low_end - (value - bottom) / (ceiling - bottom) * (low_end - top)

    parts = []
    for tick in ticks:
        parts.append(_line(left, place(tick), WIDTH - right, place(tick), PALE))
        words = percent(tick, 0 if ceiling - bottom > 0.05 else 1) if shares else f"{tick:,.0f}"
        parts.append(_text(left - 5, place(tick) + 4, words, anchor="end", colour=GREY))
    if aim is not None and bottom <= aim <= ceiling:
        dashed = ' stroke-dasharray="5 3"'
        parts.append(_line(left, place(aim), WIDTH - right, place(aim), VERMILLION, dashed))
        words = f"target {target_percent(aim)}"
        parts.append(_text(WIDTH - right, place(aim) - 4, words, anchor="end", colour=VERMILLION))
    parts += _points(view, xs, place) if shares else _columns(view, xs, place, bottom)
    step = max(1, -(-len(xs) // 7))
    for number in range(len(xs) - 1, -1, -step):
        period = table.index[number]
        week = period.freqstr.startswith("W")
        words = f"{period.start_time:%d %b}".lstrip("0") if week else _period(period)
        parts.append(_text(xs[number], low_end + 16, words, anchor="middle", colour=GREY))
        if shares:
            n = f"n {int(table['n'].iloc[number]):,}"
            parts.append(_text(xs[number], low_end + 30, n, anchor="middle", colour=GREY))
    return _svg(parts, height=height, alt=view.text)


def _scale(
    values: pd.DataFrame, aim: float | None, *, shares: bool
) -> tuple[float, float, Sequence[float]]:
    """Return the ends of the axis and where it is marked."""
    if not shares:
        most = max(1, int(values.max().max()))
        return 0, most * 1.08, sorted({0, most // 2, most})
    every = values.to_numpy(dtype=float).ravel()
    every = every[~np.isnan(every)]
    ends = [*every, *([aim] if aim is not None else [])] or [0.0, 1.0]
    low, high = min(ends), max(ends)
    pad = max((high - low) * 0.08, 0.01)
    low, high = max(0.0, low - pad), min(1.0, high + pad)
    # The first step that leaves at most six marks.
    step = next((s for s in (0.01, 0.02, 0.05, 0.1, 0.2) if (high - low) / s <= 6), 0.25)
    return low, high, [n * step for n in range(int(np.ceil(low / step)), int(high / step) + 1)]


def _points(view: View, xs: np.ndarray, place) -> list[str]:
    parts, path = [], ""
    for x, (period, row) in zip(xs, view.table.iterrows(), strict=True):
        if pd.isna(row["share"]):
            path += " "
            words = f"{_period(period)}: {int(row['hits'])} of {int(row['n'])}, too few for a share"
            parts.append(f'<circle cx="{x:.1f}" cy="192" r="2.5" fill="none" stroke="{GREY}">')
            parts.append(f"<title>{html.escape(words)}</title></circle>")
            continue
        y = place(row["share"])
        path += f"{'L' if path and path[-1] != ' ' else 'M'}{x:.1f} {y:.1f}"
        words = (
            f"{_period(period)}: {percent(row['share'])} ({percent_range(row['low'], row['high'])})"
            f", {int(row['hits']):,} of {int(row['n']):,}"
        )
        parts.append(
            f"<g><title>{html.escape(words)}</title>"
            + _line(x, place(row["low"]), x, place(row["high"]), BLUE, ' stroke-opacity="0.55"')
            + f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3.6" fill="{BLUE}"/></g>'
        )
    line = f'<path d="{path.strip()}" fill="none" stroke="{BLUE}" stroke-width="1.3"/>'
    return ([line] if path.strip() else []) + parts


def _columns(view: View, xs: np.ndarray, place, bottom: float) -> list[str]:
    gap = float(np.diff(xs).min()) if len(xs) > 1 else 40
    wide = min(26.0, max(2.0, gap * 0.7))
    parts = []
    for x, (period, n) in zip(xs, view.table["hits"].items(), strict=True):
        y = place(n)
        parts.append(
            f'<rect x="{x - wide / 2:.1f}" y="{y:.1f}" width="{wide:.1f}" '
            f'height="{max(0.0, place(bottom) - y):.1f}" fill="{BLUE}">'
            f"<title>{html.escape(_period(period))}: {int(n):,}</title></rect>"
        )
    return parts


def _bars(view: View) -> str:
    table = view.table.head(BARS)
    left, row, top = 172, 20, 8
    most = int(table["comments"].max())
    parts = []
    for number, (cause, n) in enumerate(table.itertuples(index=False)):
        y = top + number * row
        wide = max(1.5, n / most * (WIDTH - left - 56))
        name = view.label_of(cause)
        short = name if len(name) <= 28 else f"{name[:27]}\N{HORIZONTAL ELLIPSIS}"
        parts.append(f"<g><title>{html.escape(name)}: {n:,}</title>")
        parts.append(_text(left - 8, y + 13, short, anchor="end"))
        parts.append(
            f'<rect x="{left}" y="{y + 2}" width="{wide:.1f}" height="{row - 6}" fill="{BLUE}"/>'
        )
        parts.append(f"{_text(left + wide + 5, y + 13, f'{n:,}')}</g>")
    height = top + len(table) * row + 10
    if more := len(view.table) - len(table):
        rest = int(view.table["comments"].iloc[BARS:].sum())
        words = f"and {several(more, 'more cause')}, {several(rest, 'time')}"
        parts.append(_text(left, height + 4, words, colour=GREY))
        height += 16
    return _svg(parts, height=max(height, 60), alt=view.text)


def _dots(view: View, places: pd.DataFrame | None) -> str:
    every = view.table[["x", "y"]] if places is None else places
    wide, height, edge = 372, 300, 12
    low, high = every.min(), every.max()
    span = (high - low).where(high > low, 1.0)

    def spread(frame: pd.DataFrame) -> np.ndarray:
        part = ((frame[["x", "y"]] - low) / span).to_numpy(dtype=float)
        return part * [wide - 2 * edge, -(height - 2 * edge)] + [edge, height - edge]

    parts = [f'<rect width="{wide}" height="{height}" fill="none" stroke="{PALE}"/>']
    # The same words of several buyers lie on one place; where quotes are left out, it tells them.
    told = "comment" in view.table
    found = view.table.drop_duplicates("comment" if told else ["x", "y"], keep="last")
    if places is not None:
        here = set(zip(found["x"], found["y"], strict=True))
        others = places[[place not in here for place in zip(places["x"], places["y"], strict=True)]]
        ground = "".join(f"M{x:.1f} {y:.1f}h0" for x, y in spread(others))
        look = f'stroke="{PALE}" stroke-width="4" stroke-linecap="round" fill="none"'
        parts.append(f'<path d="{ground}" {look}/>')
    first = [next((each for each in ids if each != UNCLEAR), "") for ids in found["causes"]]
    sizes = pd.Series([name for name in first if name], dtype=object).value_counts()
    named = sorted(sizes.index, key=lambda name: (-sizes[name], name))[:NAMED]
    looks = {name: LOOKS[place] for place, name in enumerate(named)}
    words_of = found["comment"] if told else [""] * len(found)
    for (x, y), cause, rating, words in zip(
        spread(found), first, found["rating"], words_of, strict=True
    ):
        colour, marker = looks.get(cause, (GREY, "o"))
        name = view.label_of(cause) if cause else "no cause stated"
        stars = several(int(rating), "star")
        said = html.escape(f"{stars}, {name.lower()}{f': {words}' if told else ''}")
        parts.append(
            f'<path transform="translate({x:.1f} {y:.1f})" d="{_MARKS[marker]}" fill="{colour}" '
            f'stroke="#fff" stroke-width="0.5"><title>{said}</title></path>'
        )
    legend = [(looks[name], f"{view.label_of(name)} ({sizes[name]:,})") for name in named]
    if rest := sum(name not in looks for name in first):
        legend.append(((GREY, "o"), f"other or no cause ({rest:,})"))
    for place, ((colour, marker), words) in enumerate(legend):
        y = 18 + 20 * place
        mark = f'<path transform="translate({wide + 16} {y - 4})" d="{_MARKS[marker]}"'
        parts.append(f'{mark} fill="{colour}"/>')
        parts.append(_text(wide + 26, y, words))
    return _svg(parts, height=height, width=WIDTH + 30, alt=view.text)
