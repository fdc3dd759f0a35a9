"""A figure as a small SVG picture that is the same on a light page, a dark one and on paper.

matplotlib draws it once, with the light colours. Here every colour becomes a named one (``--ink``,
``--blue`` ...), which the picture sets for itself and a page may set for all its pictures; text
stays text, so that it is sharp, can be found and is read back by the last look at a report; and
what a browser does not need is left out, with the same bytes each time.
"""

from __future__ import annotations

import functools
import hashlib
import io
import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from xml.etree import ElementTree

from feedback_analysis.charts.style import DARK, DPI, TITLE
from feedback_analysis.formulas import writable

FONTS = 'system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif'
NAMESPACE = "http://www.w3.org/2000/svg"
SETTINGS = {"svg.fonttype": "none", "svg.hashsalt": "feedback_analysis", "path.simplify": True}
# Marks a text whose alignment matplotlib leaves out: one of several lines, or turned.
_ALIGNED = "aligned-"
_SVG = f"{{{NAMESPACE}}}"
_LINK = "{http://www.w3.org/1999/xlink}href"
_NUMBER = re.compile(r"-?\d+\.\d+(?:e-?\d+)?")
_COLOUR = re.compile(r"#[0-9a-f]{6}\b")
_REFERENCE = re.compile(r"url\(#([\w.-]+)\)")
_NAMES = {light.lower(): f"var(--f-{name})" for light, (name, _) in DARK.items()}
# What is so without being said.
_DEFAULTS = {
    ("stroke-linecap", "butt"), ("stroke-linejoin", "round"), ("stroke-miterlimit", "100000"),
    ("stroke-dashoffset", "0"), ("stroke-width", "1"), ("opacity", "1"),
}  # fmt: skip


def colours(selector: str = ":root") -> str:
    """Return the style sheet that gives the figures' colours their values, light and dark.

    Parameters
    ----------
    selector : str, default=":root"
        What the colours are set on.

    Returns
    -------
    str
        Paper is always light.
    """
    light = "".join(f"--f-{name}:{value.lower()};" for value, (name, _) in DARK.items())
    dark = "".join(f"--f-{name}:{value};" for name, value in DARK.values())
    return (
        f"{selector}{{{light}}}"
        f"@media screen and (prefers-color-scheme:dark){{{selector}{{{dark}}}}}"
    )


def svg(figure: Any, alt: str) -> str:
    """Return a figure as SVG.

    Parameters
    ----------
    figure : matplotlib.figure.Figure
        The figure.
    alt : str
        The text alternative.

    Returns
    -------
    str
        One ``svg`` element, with its colours, its size in pixels and its text alternative.
    """
    import matplotlib

    buffer = io.BytesIO()
    with matplotlib.rc_context(SETTINGS), _texts_measured_once(), _alignment_noted():
        # A layout comes to rest in its second go; the first is had without drawing anything.
        if (engine := figure.get_layout_engine()) is not None:
            engine.execute(figure)
        with _drawn_once(figure):
            figure.savefig(buffer, format="svg", bbox_inches="tight", metadata={"Date": None})
    drawn = writable(buffer.getvalue().decode()).encode()
    root = ElementTree.fromstring(drawn)
    for unused in root.findall(f"{_SVG}metadata"):
        root.remove(unused)
    _shorten(root, digits=1)
    _keep_needed_ids(root, "f" + hashlib.sha256(drawn).hexdigest()[:6])
    _flatten(root)
    width, height = (float(size) for size in root.get("viewBox").split()[2:])
    style = ElementTree.Element(f"{_SVG}style")
    style.text = colours("svg")
    root.insert(0, style)
    root.attrib = {
        "class": "drawing",
        "viewBox": root.get("viewBox"),
        "width": f"{width * DPI / 72:.0f}",
        "height": f"{height * DPI / 72:.0f}",
        "role": "img",
        "aria-label": " ".join(writable(alt).split()),
        "data-title": " ".join(writable(_finding(figure)).split()),
        "font-family": FONTS,
        "stroke-linejoin": "round",
    }
    ElementTree.register_namespace("", NAMESPACE)
    return ElementTree.tostring(root, encoding="unicode")


def _finding(figure: Any) -> str:
    """Return the first title that a figure has."""
    titles = (ax.get_title(loc=loc) for ax in figure.axes for loc in ("left", "center"))
    return next((text for text in titles if text), "")


@contextmanager
def _drawn_once(figure: Any) -> Iterator[None]:
    """Only lay out where matplotlib would draw to lay out, before it draws in earnest."""
    draw = figure.draw

    def laid_out(renderer: Any) -> None:
        figure.draw = draw
        if figure.axes and (engine := figure.get_layout_engine()) is not None:
            engine.execute(figure)

    figure.draw = laid_out
    try:
        yield
    finally:
        del figure.draw


@contextmanager
def _texts_measured_once() -> Iterator[None]:
    """Measure a text once a figure; matplotlib does it anew at each step of layout and drawing."""
    from matplotlib.text import Text
    from matplotlib.textpath import text_to_path

    measure = getattr(Text, "_get_layout", None)
    if measure is None:
        yield
        return
    known: dict[tuple[Any, ...], Any] = {}

    @functools.wraps(measure)
    def measured(text: Any, renderer: Any) -> Any:
        if text.get_wrap():
            # Its lines depend on its place too.
            return measure(text, renderer)
        # All that its form depends on; each of it can be changed between two steps.
        key = (
            type(renderer), getattr(renderer, "dpi", None), text.get_figure(root=True).dpi,
            text.get_text(), hash(text.get_fontproperties()), text.get_usetex(),
            text.get_parse_math(), text._linespacing, text.get_rotation(),
            text.get_rotation_mode(), text.get_horizontalalignment(),
            text.get_verticalalignment(), text._get_multialignment(),
        )  # fmt: skip
        if key not in known:
            known[key] = measure(text, renderer)
        return known[key]

    size = text_to_path.get_text_width_height_descent

    @functools.wraps(size)
    def sized(line: str, font: Any, ismath: Any) -> Any:
        key = (line, hash(font), ismath)
        if key not in known:
            known[key] = size(line, font, ismath)
        return known[key]

    Text._get_layout, text_to_path.get_text_width_height_descent = measured, sized
    try:
        yield
    finally:
        Text._get_layout = measure
        del text_to_path.get_text_width_height_descent


@contextmanager
def _alignment_noted() -> Iterator[None]:
    """Tell with each text how it is aligned, where matplotlib itself writes only its left end."""
    from matplotlib.text import Text

    draw = Text.draw

    # Tick labels are made when they are drawn, so it is told then: to draw everything once before,
    # only to have them, takes as long as the picture.
    @functools.wraps(draw)
    def noted(text: Any, renderer: Any, *given: Any, **named: Any) -> None:
        gid = text.get_gid()
        if text.get_horizontalalignment() != "left":
            text.set_gid(_ALIGNED + text.get_horizontalalignment())
        try:
            draw(text, renderer, *given, **named)
        finally:
            text.set_gid(gid)

    Text.draw = noted
    try:
        yield
    finally:
        Text.draw = draw


def _shorten(element: ElementTree.Element, *, digits: int) -> None:
    """Write styles as attributes, colours by name and numbers short, here and below."""
    if element.get("id", "").startswith(_ALIGNED):
        for line in element.findall(f"{_SVG}text"):
            _align(line, element.get("id").removeprefix(_ALIGNED))
    if element.tag == f"{_SVG}defs":
        # Small shapes that are drawn many times need a finer form.
        digits = 2
        for style in element.findall(f"{_SVG}style"):
            element.remove(style)
    if link := element.attrib.pop(_LINK, None):
        element.set("href", link)
    for part in element.attrib.pop("style", "").split(";"):
        name, _, value = (word.strip() for word in part.partition(":"))
        if name and name != "font-family" and (name, value) not in _DEFAULTS:
            element.set(name, value)
    # A turn by nothing says nothing; text keeps its place in x and y.
    if re.match(r"rotate\(-?0 ", element.get("transform", "")):
        del element.attrib["transform"]
    for name, value in element.attrib.items():
        if name == "id" or name == "href":
            continue
        value = _COLOUR.sub(lambda found: _NAMES.get(found[0], found[0]), value)
        if name == "d":
            value = re.sub(r"\s*\n?\s*([A-Za-z])\s*", r"\1", value).replace("\n", " ")
        if not value.startswith("url("):
            value = _NUMBER.sub(lambda found: _short(found[0], digits), value)
        element.set(name, value.strip())
    if element.tag != f"{_SVG}text":
        element.text = None
    element.tail = None
    for child in element:
        _shorten(child, digits=digits)


def _align(line: ElementTree.Element, alignment: str) -> None:
    """Give a line of text its alignment back, whatever font a reader's browser takes for it."""
    from matplotlib.font_manager import FontProperties
    from matplotlib.textpath import text_to_path

    style = line.get("style", "")
    if "text-anchor" in style or "translate" not in line.get("transform", ""):
        return
    size = float(re.search(r"font(?:-size)?:[^;]*?([\d.]+)px", style)[1])
    font = FontProperties(
        family="DejaVu Sans", size=size, weight="bold" if "bold" in style else "normal"
    )
    width = text_to_path.get_text_width_height_descent(line.text or "", font, ismath=False)[0]
    end = alignment == "right"
    line.set("x", f"{width if end else width / 2:.2f}")
    line.set("style", f"{style}; text-anchor: {'end' if end else 'middle'}")


def _short(number: str, digits: int) -> str:
    text = f"{float(number):.{digits}f}".rstrip("0").rstrip(".")
    return "0" if text in ("", "-0") else text


def _keep_needed_ids(root: ElementTree.Element, prefix: str) -> None:
    """Keep the ids that something refers to, under names that no other picture has."""
    needed: dict[str, str] = {}
    for element in root.iter():
        for name, value in element.attrib.items():
            targets = [value[1:]] if name == "href" else _REFERENCE.findall(value)
            for target in targets:
                needed.setdefault(target, f"{prefix}-{len(needed) + 1}")
    for element in root.iter():
        if (old := element.attrib.pop("id", None)) in needed:
            element.set("id", needed[old])
        if old == TITLE:
            element.set("class", TITLE)
        for name, value in element.attrib.items():
            if name == "href":
                element.set(name, f"#{needed[value[1:]]}")
            elif "url(#" in value:
                element.set(name, _REFERENCE.sub(lambda found: f"url(#{needed[found[1]]})", value))


def _flatten(parent: ElementTree.Element) -> None:
    """Take out groups that group nothing and definitions of nothing."""
    children = []
    for child in list(parent):
        _flatten(child)
        empty = not child.attrib and child.tag in (f"{_SVG}g", f"{_SVG}defs")
        if empty and (child.tag == f"{_SVG}g" or not len(child)):
            children.extend(child)
        else:
            children.append(child)
    parent[:] = children
