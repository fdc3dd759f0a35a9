"""Drawings in a notebook's page: cleaned once, and kept out of the way of what parses it.

A drawing is a thousand tags that no step of the rendering has a use for, so each is put aside, a
short mark goes through in its place, and the drawing comes back at the end.
"""

from __future__ import annotations

import copy
import re
from typing import Any
from xml.etree import ElementTree

from feedback_analysis.errors import ReportError

KIND = "image/svg+xml"
# All that a chart of ours is drawn with; anything else in a picture is taken out.
_DRAWN = frozenset("svg g defs path rect circle line use text tspan clipPath pattern".split())
_GROUND = "var(--f-paper)"
_MARK = re.compile(r'<svg[^>]*\bdata-drawing="(\d+)"[^>]*></svg>')
_TITLE = re.compile(r'^<svg\b[^>]*? data-title="([^"]*)"')
_DRAWING = re.compile(r"<svg\b.*?</svg>", re.DOTALL)


def set_aside(notebook: Any, name: str) -> tuple[Any, list[str]]:
    """Return a copy of an executed notebook with a mark for each drawing, and the drawings.

    Parameters
    ----------
    notebook : NotebookNode
        The notebook; it is not changed.
    name : str
        Its name, for the message.

    Returns
    -------
    tuple
        The copy, and the drawings, cleaned, in the order of their marks.

    Raises
    ------
    ReportError
        If something calls itself a drawing and is none.
    """
    notebook = copy.deepcopy(notebook)
    drawings: list[str] = []
    for cell in notebook.cells:
        for output in cell.get("outputs", []):
            # Without words it stays a picture, and is refused as one without a text alternative.
            if KIND in output.get("data", {}) and output.metadata.get(KIND, {}).get("alt"):
                drawings.append(_titled(_clean(output.data[KIND], name)))
                output.data[KIND] = _mark(len(drawings) - 1)
    return notebook, drawings


def put_back(page: str, drawings: list[str]) -> str:
    """Return a page with its drawings in place of the marks."""
    return _MARK.sub(lambda found: drawings[int(found[1])], page)


def _titled(drawing: str) -> str:
    """Put the title above a drawing too; the page shows it where a drawing is wider than it."""
    title = _TITLE.search(drawing)
    said = f' data-title="{title[1]}"' if title else ""
    return f'<p class="finding" aria-hidden="true"{said}></p>{drawing}'


def taken_out(page: str) -> tuple[str, list[str]]:
    """Return a finished page with a mark for each drawing, and the drawings."""
    drawings = _DRAWING.findall(page)
    places = iter(range(len(drawings)))
    return _DRAWING.sub(lambda _: _mark(next(places)), page), drawings


def _mark(place: int) -> str:
    return f'<svg aria-label="drawing" data-drawing="{place}"></svg>'


def _clean(drawing: str, name: str) -> str:
    """Take out of a drawing what only a picture on its own needs, and whatever could run."""
    try:
        root = ElementTree.fromstring(drawing)
    except ElementTree.ParseError:
        raise ReportError(
            "a figure is no readable SVG",
            file=f"{name}.ipynb",
            expected="a figure shown with feedback_analysis.charts",
            remedy="show the figure with the chart functions",
        ) from None
    _keep_shapes(root)
    # The page's style sheet gives all drawings their colours and their font.
    root.attrib.pop("font-family", None)
    return ElementTree.tostring(root, encoding="unicode")


def _keep_shapes(element: ElementTree.Element) -> None:
    # Without its namespace an element is written as HTML wants it.
    element.tag = element.tag.rpartition("}")[2]
    element.attrib = {
        name: value
        for name, value in element.attrib.items()
        # A page does not tell capitals from small letters in these.
        if not name.casefold().startswith(("on", "{"))
        and (name.casefold() != "href" or value.startswith("#"))
        and "url(" not in value.casefold().replace("url(#", "")
    }
    for child in list(element):
        drawn = isinstance(child.tag, str) and child.tag.rpartition("}")[2] in _DRAWN
        if drawn and not _is_ground(child):
            _keep_shapes(child)
        else:
            element.remove(child)


def _is_ground(element: ElementTree.Element) -> bool:
    """Tell whether a shape is the bare ground of a figure or of its axes: a page has its own."""
    bare = not {"stroke", "clip-path", "id"} & set(element.attrib)
    return bare and element.tag.endswith("path") and element.get("fill") == _GROUND
