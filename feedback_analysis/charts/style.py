"""One look for every figure: quiet, readable in light and dark pages, safe for the colour-blind."""

from __future__ import annotations

import functools
import math
import textwrap
import warnings
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, TypeVar

from feedback_analysis.periods import MONTHS

if TYPE_CHECKING:
    import pandas as pd

# The palette of Okabe and Ito (2008): tellable apart with any common colour blindness, and every
# colour goes with a shape or a word of its own.
BLUE = "#0072B2"
VERMILLION = "#D55E00"
GREEN = "#009E73"
ORANGE = "#E69F00"
INK = "#1f2328"
GREY = "#6b7280"
PALE = "#d6dae0"
PALE_BLUE = "#bfd9ea"
PALE_ORANGE = "#fbe3c0"
SKY = "#56B4E9"
PINK = "#CC79A7"
VIOLET = "#8c6bb1"
OLIVE = "#7a5d00"
# A figure has a ground of its own, so that it reads on any page it is pasted into.
GROUND = "#ffffff"
# The same colours by name, and what they are on a dark page: a figure is drawn once, with the light
# ones, and its SVG names them, so that the page (or the picture itself) can exchange them.
DARK: Mapping[str, tuple[str, str]] = {
    GROUND: ("paper", "#14181c"),
    INK: ("ink", "#e6eaed"),
    GREY: ("grey", "#9aa5af"),
    PALE: ("pale", "#3a444d"),
    BLUE: ("blue", "#6fb4ea"),
    VERMILLION: ("vermillion", "#f5894a"),
    GREEN: ("green", "#45c79d"),
    ORANGE: ("orange", "#f0b429"),
    PALE_BLUE: ("pale-blue", "#24435a"),
    PALE_ORANGE: ("pale-orange", "#4d3a17"),
    SKY: ("sky", "#9bd3f5"),
    PINK: ("pink", "#e29ac3"),
    VIOLET: ("violet", "#b59ad6"),
    OLIVE: ("olive", "#cdb04a"),
}

# Marks axes that say why there is no chart, and a chart's title.
NOTHING, TITLE = "nothing", "title"
WIDTH = 8.4
DPI = 110
# Letters of a title on an inch, in its size and weight.
LETTERS_AN_INCH = 8.9
# What the verdicts look like: marker, colour, filled or hollow.
VERDICTS: Mapping[str, tuple[str, str, bool]] = {
    "met": ("o", BLUE, True),
    "not met": ("D", VERMILLION, True),
    "cannot tell yet": ("o", GREY, False),
    "too few to say": ("s", GREY, False),
}
SETTINGS: dict[str, Any] = {
    "figure.facecolor": GROUND,
    "savefig.facecolor": GROUND,
    "axes.facecolor": GROUND,
    "axes.edgecolor": GREY,
    "axes.labelcolor": INK,
    "axes.titlecolor": INK,
    "axes.titlelocation": "left",
    "axes.titlesize": 11.5,
    "axes.titleweight": "bold",
    "axes.titlepad": 12,
    "axes.labelsize": 9,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.unicode_minus": True,
    "xtick.color": INK,
    "ytick.color": INK,
    "xtick.labelsize": 9,
    "ytick.labelsize": 9,
    "font.family": ["DejaVu Sans"],
    "font.size": 9,
    "text.color": INK,
    # A dollar sign is money here, never the start of a formula.
    "text.parse_math": False,
    "text.usetex": False,
    "hatch.linewidth": 0.6,
    "figure.dpi": DPI,
}
Draw = TypeVar("Draw", bound=Callable[..., Any])


def styled(draw: Draw) -> Draw:
    """Run a drawing function under the package's look, and leave the user's own as it was.

    Parameters
    ----------
    draw : callable
        A function that draws.

    Returns
    -------
    callable
        The same function with the settings around it.
    """

    @functools.wraps(draw)
    def wrapper(*arguments: Any, **keywords: Any) -> Any:
        import matplotlib

        with matplotlib.rc_context(SETTINGS), warnings.catch_warnings():
            # A title in Japanese stays text, for which a reader's browser has the letters.
            warnings.filterwarnings("ignore", r"Glyph \d+ ")
            return draw(*arguments, **keywords)

    return wrapper  # type: ignore[return-value]


def axes(ax: Any | None, *, height: float) -> Any:
    """Return the axes to draw on: the user's, or new ones on a figure of their own.

    Parameters
    ----------
    ax : Axes or None
        The user's axes.
    height : float
        Of a new figure, in inches.

    Returns
    -------
    Axes
        On a figure made without pyplot, so that nothing stays open.
    """
    from matplotlib.figure import Figure

    return (
        ax if ax is not None else Figure(figsize=(WIDTH, height), layout="constrained").subplots()
    )


def title(ax: Any, text: str, *, pad: float = 12) -> None:
    """Write the finding above a chart, broken into lines that fit its width.

    Parameters
    ----------
    ax : Axes
        The axes.
    text : str
        The finding.
    pad : float, default=12
        Space below it in points.
    """
    width = int(ax.figure.get_figwidth() * ax.get_position().width / 0.775 * LETTERS_AN_INCH)
    width = max(24, width)
    lines = len(textwrap.wrap(text, width))
    # Lines of about the same length: no single word is left over.
    while width > 24 and len(textwrap.wrap(text, width - 1)) == lines:
        width -= 1
    # Named, so that a page can show the finding in letters of its own where a picture is wider.
    ax.set_title(textwrap.fill(text, width), pad=pad).set_gid(TITLE)


def day_labels(days: Sequence[pd.Timestamp]) -> list[str]:
    """Return short labels of days in a row: the year stands below the first of each.

    Parameters
    ----------
    days : sequence of Timestamp
        The days.

    Returns
    -------
    list of str
        Such as ``5 Oct``.
    """
    return [
        f"{day.day} {MONTHS[day.month - 1][:3]}"
        + (f"\n{day.year}" if i == 0 or day.year != days[i - 1].year else "")
        for i, day in enumerate(days)
    ]


def mark_weeks(ax: Any, places: Any, starts: pd.Series, *, most: int) -> None:
    """Name the weeks on an axis, the last one always, at most so many.

    Parameters
    ----------
    ax : Axes
        The axes.
    places : sequence of float
        Where the weeks stand.
    starts : Series of datetime
        Their first days.
    most : int
        More labels than this would touch each other.
    """
    step = max(1, math.ceil(len(places) / most))
    marked = list(range(len(places) - 1, -1, -step))[::-1]
    ax.set_xticks([places[i] for i in marked], day_labels([starts.iloc[i] for i in marked]))


def nothing(ax: Any | None, text: str) -> Any:
    """Say in place of a chart why there is none.

    Parameters
    ----------
    ax : Axes or None
        The user's axes, or None for ones of their own.
    text : str
        The reason.

    Returns
    -------
    Axes
        The same axes, empty but for the words.
    """
    lines = textwrap.wrap(text, 88)
    ax = axes(ax, height=0.3 + 0.2 * len(lines))
    ax.set_axis_off()
    ax.set_gid(NOTHING)
    ax.text(0, 1, "\n".join(lines), transform=ax.transAxes, va="top", color=INK)
    return ax
