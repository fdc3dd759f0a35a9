"""Pages as text: the Jinja environment, one page a notebook, and everything in one file."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from jinja2 import Environment, FunctionLoader, StrictUndefined
from markupsafe import Markup

from feedback_analysis.charts.svg import colours
from feedback_analysis.report.drawings import put_back, taken_out
from feedback_analysis.report.glossary import glossary_words
from feedback_analysis.report.overview import Overview
from feedback_analysis.report.render import NotebookPage

GLOSSARY = "glossary.html"


@dataclass(frozen=True)
class Book:
    """What all pages of a report share.

    Attributes
    ----------
    shop, period : str
        The shop's name and the period in words.
    overview : Overview
        The first page.
    pages : list of NotebookPage
        The others, in order.
    footer : dict
        ``made`` and ``privacy``, sentences at the foot of each page.
    archive : bool
        Whether the folder above holds a page that lists all periods.
    """

    shop: str
    period: str
    overview: Overview
    pages: list[NotebookPage]
    footer: dict[str, str]
    archive: bool

    def index(self) -> str:
        """Return the first page."""
        overview = self.overview.linked({page.name: f"{page.name}.html" for page in self.pages})
        return self._fill(
            "index.html.j2", overview=overview, links=self._links(), glossary=GLOSSARY
        )

    def glossary(self) -> str:
        """Return the page that explains the words."""
        return self._fill("glossary.html.j2", links=self._links(), words=glossary_words())

    def notebook(self, page: NotebookPage) -> str:
        """Return the page of one notebook."""
        place = self.pages.index(page)
        after = self.pages[place + 1] if place + 1 < len(self.pages) else None
        return self._fill(
            "page.html.j2",
            page=page,
            body=Markup(page.body),
            links=self._links(),
            following=after and {"href": f"{after.name}.html", "title": after.title},
            glossary=GLOSSARY,
        )

    def single(self) -> str:
        """Return everything in one file, for mailing: links lead to places in the file."""
        overview = self.overview.linked({page.name: f"#{page.name}" for page in self.pages})
        names = [page.name for page in self.pages]
        parts = [
            {"name": page.name, "title": page.title, "body": Markup(embedded(page, names))}
            for page in self.pages
        ]
        links = [{"name": "index", "title": "Overview", "href": "#top"}]
        links += [
            {"name": page.name, "title": page.title, "href": f"#{page.name}"} for page in self.pages
        ]
        links.append({"name": "glossary", "title": "Words", "href": "#glossary"})
        return self._fill(
            "report.html.j2",
            overview=overview,
            parts=parts,
            links=links,
            words=glossary_words(),
            glossary="#glossary",
        )

    def _links(self) -> list[dict[str, str]]:
        links = [{"name": "index", "title": "Overview", "href": "index.html"}]
        links += [
            {"name": page.name, "title": page.title, "href": f"{page.name}.html"}
            for page in self.pages
        ]
        links.append({"name": "glossary", "title": "Words", "href": GLOSSARY})
        if self.archive:
            links.append({"name": "archive", "title": "All periods", "href": "../index.html"})
        return links

    def _fill(self, template: str, **values: Any) -> str:
        return fill(template, shop=self.shop, period=self.period, footer=self.footer, **values)


def embedded(page: NotebookPage, names: list[str]) -> str:
    """Return a notebook's page as a part of the single file.

    Parameters
    ----------
    page : NotebookPage
        The page.
    names : list of str
        Names of all pages; links to them become places in the file.

    Returns
    -------
    str
        Headings one level lower, ids made unique by the page's name.
    """
    from bs4 import BeautifulSoup

    # What drawings refer to inside themselves has a name of its own already.
    body, drawings = taken_out(page.body)
    soup = BeautifulSoup(body, "html.parser")
    for element in soup.find_all(id=True):
        element["id"] = f"{page.name}-{element['id']}"
    for level in (5, 4, 3, 2):
        for heading in soup.find_all(f"h{level}"):
            heading.name = f"h{level + 1}"
    for link in soup.find_all("a", href=True):
        target = link["href"]
        stem, _, place = target.partition(".html")
        if target.startswith("#"):
            link["href"] = f"#{page.name}-{target[1:]}"
        elif stem in names:
            link["href"] = f"#{stem}-{place[1:]}" if place else f"#{stem}"
    return put_back(soup.decode(formatter="minimal"), drawings)


def fill(template: str, **values: Any) -> str:
    """Return a page from a template.

    Parameters
    ----------
    template : str
        Name of a file in ``templates``.
    **values
        What the template shows. Every text is escaped unless it is ``Markup``.

    Returns
    -------
    str
        The page, without the blank lines that template tags leave. A number and its percent sign
        stay on one line.
    """
    page = _environment().get_template(template).render(style=_style(), **values) + "\n"
    return one_line(page)


def one_line(page: str) -> str:
    """Return a page whose numbers and percent signs stay on one line; code is left as it is."""
    return _CODE_OR_PARTED.sub(lambda found: found[1] or "\N{NO-BREAK SPACE}%", page)


_CODE_OR_PARTED = re.compile(r"(?s)(<(pre|style)\b.*?</\2>)|(?<=\d) %")


@cache
def _environment() -> Environment:
    folder = files("feedback_analysis.report") / "templates"
    return Environment(
        loader=FunctionLoader(lambda name: folder.joinpath(name).read_text("utf-8")),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


@cache
def _style() -> Markup:
    text = files("feedback_analysis.report").joinpath("templates/style.css").read_text("utf-8")
    return Markup(f"{colours()}\n" + re.sub(r"\n\s+", "\n", text.strip()))
