"""A figure with its text alternative, as notebooks show it."""

from __future__ import annotations

import base64
import io
from dataclasses import dataclass
from typing import Any

from feedback_analysis.charts.style import DPI, axes, styled


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
    def png(self) -> bytes:
        """Return the figure as a PNG whose bytes depend on nothing but what is drawn."""
        buffer = io.BytesIO()
        self.figure.savefig(
            buffer, format="png", dpi=DPI, bbox_inches="tight", metadata={"Software": None}
        )
        return buffer.getvalue()

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> tuple[dict, dict]:
        picture = base64.b64encode(self.png()).decode("ascii")
        data = {"image/png": picture, "text/plain": f"Chart: {self.alt}"}
        return data, {"image/png": {"alt": self.alt}}


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
