"""The last look at a finished report: nothing in it may tell who a buyer is.

Every file is read back from the disk and taken apart: what a page shows, what stands in its source
(links, text alternatives, comments), what pictures hold beside the picture, and every text of a
JSON file. One finding stops the report, and the last good one stays in its place.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from feedback_analysis.errors import ReportError
from feedback_analysis.privacy import EMAIL, ORDER_ID, scrub_text
from feedback_analysis.report.images import file_texts
from feedback_analysis.report.known import Known, quoted_places
from feedback_analysis.report.pieces import (
    Page,
    Piece,
    Row,
    html_pieces,
    is_quote_column,
    json_pieces,
)
from feedback_analysis.report.telephones import telephones
from feedback_analysis.spelling import plain_spelling
from feedback_analysis.texts import several

_ORDER_KEY = re.compile(r"\bo[0-9a-f]{16}\b")
# A count alone, or before what it is of or its share: 3, 3 of 35, 3 (8.6 %).
_COUNT = re.compile(r"(\d{1,3}(?:,\d{3})+|\d+)(?:\s+of\s.*|\s*\(.*)?", re.DOTALL)
# What may stand around a product's number in a cell. Shorter ones may be ordinary words.
_APART = re.compile(r"[\s;,()]+")
_LEAST_SIGNS = 4
# Columns of small whole numbers that count nobody.
_NO_COUNT = re.compile(r"^(?:stars|rating|score|row|rank|place|week|year|age)?$", re.IGNORECASE)
_PRODUCT = re.compile(r"\b(?:sku|asin|product|item)s?\b", re.IGNORECASE)
_SHOWN = 6
_CLOSED = "comments are masked when read; take the column out of the table that shows it"
REMEDIES = {
    "names or addresses of buyers": f"{_CLOSED}; words that are no "
    'buyer\'s may be stated in shop.toml under [privacy]: not_names = ["..."]',
    "quotes": "take the comments out of the table, or make the report with --quotes masked",
    "counts of fewer than {} beside a quote and a product": "leave out the product, the quote or "
    "the rows with few; fewer may be allowed with minimum_n in shop.toml",
    "products of fewer than {} orders beside a quote": "leave out the product or the quote; "
    "feedback_analysis.small_groups does it",
    "keys of orders": "take the column out: the first page is for everybody",
}


@dataclass(frozen=True)
class Finding:
    """Something that may not be in a report.

    Attributes
    ----------
    what : str
        Kind, in words: ``e-mail addresses``, ``order ids`` ...
    file : str
        The file's name.
    place : str
        Where in it; never what it is.
    """

    what: str
    file: str
    place: str


def check_report(folder: Path, known: Known, *, closed: Sequence[str] = ("index.html",)) -> None:
    """Read a finished report back and refuse it if anything in it tells who a buyer is.

    Parameters
    ----------
    folder : Path
        The report's folder, before it is put in its place.
    known : Known
        What the gate knows of the shop.
    closed : sequence of str
        Files on which not even the keys of orders may be.

    Raises
    ------
    ReportError
        Naming pages, places and how many findings there are, never what they are.
    """
    found: list[Finding] = []
    judged: dict[tuple[str, str, bool], tuple[str, ...]] = {}
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        name = path.relative_to(folder).as_posix()
        page = read_back(path)
        found += find_in(name, page, known, keys_allowed=name not in closed, judged=judged)
    refuse(found, known)


def check_page(name: str, page: str, *, keys_allowed: bool, known: Known | None = None) -> None:
    """Refuse one page, as :func:`check_report` does a folder.

    Parameters
    ----------
    name : str
        The page's file name.
    page : str
        Its HTML.
    keys_allowed : bool
        Whether pseudonyms of orders may be shown: on a notebook's own page they may.
    known : Known, optional
        What is known of the shop.

    Raises
    ------
    ReportError
        Naming the page, places and how many were found, never what they are.
    """
    known = known or Known()
    refuse(find_in(name, html_pieces(page), known, keys_allowed=keys_allowed), known)


def read_back(path: Path) -> Page:
    """Take a file of a report apart.

    Parameters
    ----------
    path : Path
        The file.
    """
    data = path.read_bytes()
    if path.suffix == ".html":
        return html_pieces(data.decode("utf-8", "replace"))
    if path.suffix == ".json":
        return json_pieces(data.decode("utf-8", "replace"))
    return Page([Piece(text, "inside the file", "image") for text in file_texts(data)])


def find_in(
    name: str,
    page: Page,
    known: Known,
    *,
    keys_allowed: bool,
    judged: dict[tuple[str, str, bool], tuple[str, ...]] | None = None,
) -> list[Finding]:
    """Return everything in a file that may not be in a report.

    Parameters
    ----------
    name : str
        The file's name.
    page : Page
        The file, taken apart.
    known : Known
        What is known of the shop.
    keys_allowed : bool
        Whether pseudonyms of orders may be in it.
    judged : dict, optional
        What was found in texts of other files of the report, which hold many of the same.

    Returns
    -------
    list of Finding
    """
    judged = {} if judged is None else judged
    found = []
    for piece in page.pieces:
        key = (piece.text, piece.kind, keys_allowed)
        if key not in judged:
            judged[key] = tuple(_personal(piece, known, keys_allowed))
        found += [Finding(what, name, piece.place) for what in judged[key]]
    if known.comments:
        texts = pd.Series([piece.text for piece in page.pieces], dtype=object)
        places = quoted_places(known.comments, texts)
        found += [Finding("quotes", name, page.pieces[place].place) for place in places]
    for place, rows in page.tables:
        found += [Finding(what, name, f"{place}, {where}") for what, where in _small(rows, known)]
    return found


def _personal(piece: Piece, known: Known, keys_allowed: bool) -> Iterator[str]:
    text = plain_spelling(piece.text)[0]
    if "@" in text and EMAIL.search(text):
        yield "e-mail addresses"
    if ORDER_ID.search(text):
        yield "order ids"
    quoted, address = piece.kind == "quote", piece.kind == "address"
    looks = piece.kind == "look"
    if not looks and telephones(text, quoted=quoted, known=known.codes, address=address):
        yield "telephone numbers"
    if not keys_allowed and _ORDER_KEY.search(text):
        yield "keys of orders"
    private = known.names.find(piece.text)
    if any(not known.is_stated(piece.text[start:end]) for start, end in private):
        yield "names or addresses of buyers"


def _small(rows: list[Row], known: Known) -> Iterator[tuple[str, str]]:
    """Yield what tells too much in a table that names products and quotes buyers."""
    columns: dict[str, list[str]] = {}
    for row in rows:
        for heading, text in row.cells:
            columns.setdefault(heading, []).append(text)
    quotes = {name for name, cells in columns.items() if is_quote_column(name, cells)}
    if not quotes:
        return
    named = {
        name
        for name, cells in columns.items()
        if _PRODUCT.search(name) or _names_product(name in quotes, cells, known)
    }
    for row in rows:
        said = any(heading in quotes and text for heading, text in row.cells)
        rest = [(heading, text) for heading, text in row.cells if heading not in quotes]
        if not said:
            continue
        for heading, text in rest:
            place = f"table row {row.number}, column '{heading}'"
            if not known.rare.isdisjoint(_APART.split(text)):
                yield "products of fewer than {} orders beside a quote", place
            count = _COUNT.fullmatch(text)
            small = count and int(count[1].replace(",", "")) < known.minimum
            if named and small and not _NO_COUNT.match(heading):
                yield "counts of fewer than {} beside a quote and a product", place


def _names_product(quoted: bool, cells: list[str], known: Known) -> bool:
    """Tell whether a column names products, alone in a cell or among other words."""
    if not known.products.isdisjoint(cells):
        return True
    parts = (part for cell in cells if not quoted for part in _APART.split(cell))
    return any(len(part) >= _LEAST_SIGNS and part in known.products for part in parts)


def refuse(found: Sequence[Finding], known: Known) -> None:
    """Raise the error that names what was found and where; nothing found, nothing raised.

    Parameters
    ----------
    found : sequence of Finding
        What was found.
    known : Known
        Whose names are masked in what the error says.

    Raises
    ------
    ReportError
        If anything was found.
    """
    if not found:
        return
    kinds = list(dict.fromkeys(finding.what for finding in found))
    places: dict[tuple[str, str], int] = {}
    for finding in found:
        key = (f"{finding.file}, {_safe(finding.place, known)}", _kind(finding.what, known))
        places[key] = places.get(key, 0) + 1
    listed = [
        f"{place}: {what}" + (f" ({n} times)" if n > 1 else "")
        for (place, what), n in places.items()
    ]
    if len(listed) > _SHOWN:
        listed[_SHOWN:] = [f"and {several(len(listed) - _SHOWN, 'more place')}"]
    pages = list(dict.fromkeys(finding.file for finding in found))
    what = _listed([_kind(kind, known) for kind in kinds], "and")
    none = _listed([_kind(kind, known) for kind in kinds], "or")
    remedies = dict.fromkeys(
        line for kind in kinds for line in REMEDIES.get(kind, _CLOSED).split("\n")
    )
    raise ReportError(
        f"the {'page' if len(pages) == 1 else 'pages'} would show {what}, so the report was not "
        "written; an earlier one stays as it was",
        file=", ".join(pages),
        expected=f"no {none} in a report that can be shared",
        found="\n".join([several(len(found), "finding"), *listed]),
        remedy="\n".join(remedies),
    )


def _listed(words: list[str], last: str) -> str:
    return f" {last} ".join(filter(None, [", ".join(words[:-1]), words[-1]]))


def _kind(what: str, known: Known) -> str:
    return what.format(known.minimum)


def _safe(place: str, known: Known) -> str:
    """Return a place's words without what is personal in a heading."""
    return known.names.mask(scrub_text(place))
