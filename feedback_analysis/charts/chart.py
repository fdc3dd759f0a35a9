"""A figure with its text alternative, as notebooks show it."""

from __future__ import annotations

import html
import io
from dataclasses import dataclass
from typing import Any

from feedback_analysis.charts.style import DPI, NOTHING, axes, styled
from feedback_analysis.charts.svg import svg


@dataclass(frozen=True, eq=False)
class Chart:
    """A figure and the words that say the same.

    Parameters
    ----------
    figure : matplotlib.figure.Figure
        Made without pyplot: shown once, nothing to close.
    alt : str
        The text alternative, mostly a result's ``.text``.
    """

    figure: Any
    alt: str

    @styled
    def svg(self) -> str:
        """Return the figure as an SVG that follows a light or dark page and reads out its words.

        Its bytes depend on nothing but what is drawn.
        """
        return svg(self.figure, self.alt)

    @styled
    def png(self) -> bytes:
        """Return the figure as a PNG, for a slide; its bytes depend on nothing but the drawing."""
        buffer = io.BytesIO()
        self.figure.savefig(
            buffer, format="png", dpi=DPI, bbox_inches="tight", metadata={"Software": None}
        )
        return buffer.getvalue()

    def nothing(self) -> str:
        """Return why there is no chart, or an empty text when there is one."""
        marked = [ax for ax in self.figure.axes if ax.get_gid() == NOTHING]
        if not any(ax.has_data() or ax.texts for ax in self.figure.axes):
            # A figure of one's own for a shop without these files: bare axes say less than words.
            return self.alt
        if not marked or len(marked) < len(self.figure.axes):
            return ""
        return " ".join(" ".join(text.get_text() for text in marked[0].texts).split())

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> tuple[dict, dict]:
        if why := self.nothing():
            # Words read better as words than as a picture of them.
            shown = f'<div class="nothing"><p>{html.escape(why)}</p></div>'
            return {"text/html": shown, "text/plain": why}, {}
        data = {"image/svg+xml": self.svg(), "text/plain": f"Chart: {self.alt}"}
        return data, {"image/svg+xml": {"alt": self.alt}}


def show(ax: Any, alt: str) -> Chart:
    """Return drawn axes as a chart that a notebook displays with its text alternative.

    Parameters
    ----------
    ax : Axes
        What a chart function returned.
    alt : str
        The text alternative, mostly a result's ``.text``.

    Returns
    -------
    Chart
        Shown by leaving it as the last line of a cell.
    """
    return Chart(ax.figure, alt)


@styled
def blank(*, height: float = 3.0) -> Any:
    """Return empty axes in the reports' look, for a figure of one's own.

    Parameters
    ----------
    height : float, default=3.0
        Inches.

    Returns
    -------
    Axes
        Draw on them, such as ``counts.plot.barh(ax=ax)``, then hand them to :func:`show`.
    """
    return axes(None, height=height)
