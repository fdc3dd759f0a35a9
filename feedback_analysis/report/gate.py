"""The last look at a finished report: nothing in it may tell who a buyer is.

Every file is read back from the disk and taken apart: what a page shows, what stands in its source
(links, text alternatives, comments), what pictures hold beside the picture, and every text of a
JSON file. One finding stops the report, and the last good one stays in its place.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from feedback_analysis.errors import ReportError
from feedback_analysis.privacy import EMAIL, ORDER_ID, scrub_text
from feedback_analysis.report.images import file_texts
from feedback_analysis.report.known import Known
from feedback_analysis.report.pieces import Page, Piece, html_pieces, json_pieces
from feedback_analysis.report.repeats import quoted_places
from feedback_analysis.report.small_counts import COUNTS, RARE, suspects
from feedback_analysis.report.telephones import telephones
from feedback_analysis.spelling import plain_spelling
from feedback_analysis.texts import several

_ORDER_KEY = re.compile(r"\bo[0-9a-f]{16}\b")
KEYS = "keys of orders"
_SHOWN = 6
_CLOSED = (
    "comments are masked when read; take the column out of the table that shows it. Where the name "
    "of a file shows it, rename the file"
)
REMEDIES = {
    "names or addresses of buyers": f"{_CLOSED}; words that are no "
    'buyer\'s may be stated in shop.toml under [privacy]: not_names = ["..."]',
    "quotes": "take the comments out of the table, or make the report with --quotes masked",
    COUNTS: "leave out the product, the quote or "
    "the rows with few; fewer may be allowed with minimum_n in shop.toml",
    RARE: "leave out the product or the quote; feedback_analysis.small_groups does it",
    KEYS: "take the column out: the first page is for everybody",
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
    paths = sorted(path for path in folder.rglob("*") if path.is_file())
    pages = {path.relative_to(folder).as_posix(): read_back(path) for path in paths}
    refuse(find_all(pages, known, closed=closed), known)


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
    return Page([Piece(text, "inside the file", kind) for text, kind in file_texts(data)])


def find_in(name: str, page: Page, known: Known, *, keys_allowed: bool) -> list[Finding]:
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

    Returns
    -------
    list of Finding
    """
    return find_all({name: page}, known, closed=() if keys_allowed else (name,))


def find_all(pages: Mapping[str, Page], known: Known, *, closed: Sequence[str]) -> list[Finding]:
    """Return everything in several files that may not be in a report.

    Parameters
    ----------
    pages : dict
        Each file by its name, taken apart.
    known : Known
        What is known of the shop.
    closed : sequence of str
        Files on which not even the keys of orders may be.

    Returns
    -------
    list of Finding
    """
    shown = [(name, piece) for name, page in pages.items() for piece in page.pieces]
    # The single file repeats every page, and a page its classes: each text is looked at once.
    told: dict[tuple[str, str], tuple[str, ...]] = {}
    found = []
    for name, piece in shown:
        key = (piece.text, piece.kind)
        if key not in told:
            told[key] = tuple(_personal(piece, known))
        for what in told[key]:
            if what != KEYS or name in closed:
                found.append(Finding(what, name, piece.place))
    if known.quotes == "none":
        found += _quotes(shown, known)
    return found + _small_groups(pages, known)


def _quotes(shown: Sequence[tuple[str, Piece]], known: Known) -> list[Finding]:
    """Find what buyers wrote, for a report that may not hold a word of it."""
    kinds: dict[tuple[str, bool], list[Finding]] = {}
    for name, piece in shown:
        key = (piece.text, piece.kind == "quote")
        kinds.setdefault(key, []).append(Finding("quotes", name, piece.place))
    texts, quotes = zip(*kinds, strict=True) if kinds else ((), ())
    places = quoted_places(known.comments, texts, quotes=quotes, spared=known.spares)
    found = list(kinds.values())
    return [finding for place in places for finding in found[place]]


def _small_groups(pages: Mapping[str, Page], known: Known) -> list[Finding]:
    """Find small groups beside a product and a quote."""
    doubtful = [
        (Finding(suspect.what, name, suspect.place), suspect.beside)
        for name, suspect in suspects(pages, known)
    ]
    texts = list(dict.fromkeys(text for _, beside in doubtful for text in beside))
    places = quoted_places(known.comments, texts, spared=known.spares) if texts else ()
    quoted = {texts[place] for place in places}
    return [found for found, beside in doubtful if not beside or not quoted.isdisjoint(beside)]


def _personal(piece: Piece, known: Known) -> Iterator[str]:
    if piece.kind == "number":
        yield from _numbered(piece.text, known)
        return
    text = plain_spelling(piece.text)[0]
    # Words of a drawing are looked at together, for a name may be drawn in two parts.
    apart, together = piece.kind == "label", piece.kind == "drawing"
    if not apart and "@" in text and EMAIL.search(text):
        yield "e-mail addresses"
    if not apart and ORDER_ID.search(text):
        yield "order ids"
    quoted, address = piece.kind == "quote", piece.kind == "address"
    looks = together or piece.kind == "look"
    if not looks and telephones(text, quoted=quoted, known=known.codes, address=address):
        yield "telephone numbers"
    if not apart and _ORDER_KEY.search(text):
        yield KEYS
    private = () if apart else known.names.find(piece.text)
    if any(not known.is_stated(piece.text[start:end]) for start, end in private):
        yield "names or addresses of buyers"


def _numbered(digits: str, known: Known) -> Iterator[str]:
    """Yield what a whole number among data may be, which no reader would take for a count."""
    digits = digits.lstrip("-")
    if digits in known.codes or digits.zfill(10) in known.codes:
        return
    # An order id that was taken for a number lost its noughts in front.
    if 15 <= len(digits) <= 17:
        yield "order ids"
    elif 10 <= len(digits) < 15:
        yield "telephone numbers"


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
