"""A figure with its text alternative, as notebooks show it."""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import Any

from feedback_analysis.charts.style import DPI, styled
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

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> tuple[dict, dict]:
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
