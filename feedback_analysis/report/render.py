"""Turn an executed notebook into a piece of HTML that fits our pages."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import as_file, files
from pathlib import Path
from typing import Any

from feedback_analysis.errors import ReportError
from feedback_analysis.report.drawings import put_back, set_aside
from feedback_analysis.report.empty import fold_empty

_LINK = re.compile(r"(?:\./)?(?P<stem>[^/#?:]+)\.ipynb(?P<place>#.*)?")


@dataclass(frozen=True)
class NotebookPage:
    """One notebook, rendered.

    Attributes
    ----------
    name : str
        File name without its ending, such as ``01_feedback_health``.
    title : str
        The notebook's first heading.
    summary : str
        The first sentence below it.
    body : str
        HTML without the title: headings from ``h2`` on, code folded away, no script.
    """

    name: str
    title: str
    summary: str
    body: str


@contextmanager
def page_maker(known: Iterable[str]) -> Iterator[Callable[[str, Any], NotebookPage]]:
    """Give the function that renders executed notebooks one by one, from whatever thread.

    Parameters
    ----------
    known : iterable of str
        Names of all notebooks; a link to one's file becomes a link to its page.

    Yields
    ------
    callable
        Takes a notebook's name and the notebook, and returns its page. It raises a ReportError if
        a figure has no text alternative, or a drawing is none.
    """
    stems, alone = tuple(known), threading.Lock()
    with as_file(files("feedback_analysis.report") / "templates") as folder:

        def page(name: str, notebook: Any) -> NotebookPage:
            # An exporter keeps what it is at work on.
            with alone:
                return _page(name, notebook, exporter(), known=stems)

        @cache
        def exporter() -> Any:
            return _exporter(folder)

        yield page


def _exporter(templates: Path) -> Any:
    from nbconvert import HTMLExporter
    from nbconvert.filters import clean_html
    from traitlets.config import Config

    config = Config()
    config.TemplateExporter.extra_template_basedirs = [str(templates)]
    config.TagRemovePreprocessor.enabled = True
    # Golden cells are for nbval: their numbers are on the page already, in better form.
    config.TagRemovePreprocessor.remove_cell_tags = (
        "parameters",
        "injected-parameters",
        "off-page",
    )
    # The template asks it for the same few words at every cell.
    return HTMLExporter(
        config=config,
        template_name="notebook",
        exclude_input_prompt=True,
        exclude_output_prompt=True,
        exclude_anchor_links=True,
        filters={"clean_html": lru_cache(maxsize=64)(clean_html)},
    )


def _page(name: str, notebook: Any, exporter: Any, *, known: Iterable[str]) -> NotebookPage:
    from bs4 import BeautifulSoup

    notebook, drawings = set_aside(notebook, name)
    html = exporter.from_notebook_node(notebook)[0]
    soup = BeautifulSoup(html, "html.parser")
    title = soup.find("h1")
    text = name if title is None else title.get_text(" ", strip=True)
    if title is not None:
        title.extract()
    paragraph = soup.find("p")
    summary = "" if paragraph is None else _first_sentence(paragraph.get_text(" ", strip=True))
    fold_empty(soup)
    _shorten_ids(soup)
    _check_figures(soup, name)
    _scroll_figures(soup)
    _scroll_tables(soup)
    _point_links(soup, known)
    for element in soup.find_all(["script", "iframe", "object", "embed", "form", "base"]):
        element.decompose()
    # formatter=None would write buyers' "<" as markup; "minimal" escapes it.
    body = put_back(soup.decode(formatter="minimal").strip(), drawings)
    return NotebookPage(name, text, summary, body)


def _first_sentence(text: str) -> str:
    match = re.match(r".+?[.?!](?=\s|$)", text, re.DOTALL)
    return " ".join((match[0] if match else text).split())


def _shorten_ids(soup: Any) -> None:
    """Give headings ids to link to; all other ids and attributes are of no use here."""
    for element in soup.find_all(True):
        if element.name in ("h2", "h3", "h4"):
            # Links from the first page are made from the heading's words in the same way.
            element["id"] = element.get_text(" ", strip=True).replace(" ", "-")
        elif element.has_attr("id"):
            del element["id"]
        for attribute in ("tabindex", "data-jp-cell-id"):
            if element.has_attr(attribute):
                del element[attribute]


def _check_figures(soup: Any, name: str) -> None:
    for image in soup.find_all("img"):
        described = image.get("alt", "").strip()
        if not described or described.startswith("No description has been provided"):
            raise ReportError(
                "a figure has no text alternative, so readers who cannot see it would miss it",
                file=f"{name}.ipynb",
                expected="a figure shown with feedback_analysis.charts",
                remedy="show the figure with the chart functions, which describe it in words",
            )


def _scroll_figures(soup: Any) -> None:
    """Let figures keep a readable size on a phone and scroll inside their own box."""
    for number, box in enumerate(soup.select(".output_png, .output_svg"), 1):
        box["tabindex"], box["role"], box["aria-label"] = "0", "group", f"Figure {number}"


def _scroll_tables(soup: Any) -> None:
    """Let wide tables scroll inside their own box, by touch and by keyboard."""
    for number, table in enumerate(soup.find_all("table"), 1):
        heading = table.find_previous(["h2", "h3"])
        label = heading.get_text(" ", strip=True) if heading is not None else "Table"
        box = soup.new_tag(
            "div",
            attrs={
                "class": "scroll",
                "tabindex": "0",
                "role": "region",
                "aria-label": f"Table {number}: {label}",
            },
        )
        if table.has_attr("border"):
            del table["border"]
        table.wrap(box)
        for part, scope in (("thead", "col"), ("tbody", "row")):
            for header in (each for found in table.find_all(part) for each in found.find_all("th")):
                header["scope"] = scope


def _point_links(soup: Any, known: Iterable[str]) -> None:
    """Point links between notebooks at their pages, and take out links to files not there."""
    stems = set(known)
    for link in soup.find_all("a", href=True):
        match = _LINK.fullmatch(link["href"])
        if match and match["stem"] in stems:
            link["href"] = f"{match['stem']}.html{match['place'] or ''}"
        elif not link["href"].startswith(("#", "https://", "mailto:")):
            link.unwrap()
