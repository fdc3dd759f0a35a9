"""Small groups beside a product and a quote: in tables, in lists, and in sentences.

Whoever reads that 3 orders of a product were complained about, and in which words, may know whose
they are. A table says by its headings what is a quote; elsewhere, and where headings do not say it,
what stands there is held against the comments themselves.
"""

from __future__ import annotations

import re
from collections.abc import Hashable, Iterator, Mapping
from dataclasses import dataclass

from feedback_analysis.report.grids import Table
from feedback_analysis.report.known import Known
from feedback_analysis.report.pieces import Page, is_quote_heading

COUNTS = "counts of fewer than {} beside a quote and a product"
RARE = "products of fewer than {} orders beside a quote"
_WHOLE = r"\d{1,3}(?:,\d{3})+|\d+"
_COUNTED = (
    r"(?:orders?|buyers?|customers?|feedbacks?|comments?|complaints?|returns?|ratings?|reviews?"
    r"|persons?|people|times|cases?|shipments?|negatives?|units?|parcels?|sales?)\b"
)
# A count alone, below its name, or before what it is of or its share: 3, Orders: 3, 3 of 35,
# 3 (8.6 %), 3 orders, n = 3.
_COUNT = re.compile(
    rf"(?:(?P<name>[^:=]{{0,60}})[:=]\s*)?(?P<n>{_WHOLE})(?:\s+of\s.*|\s*\(.*|\s+{_COUNTED}.*)?",
    re.DOTALL | re.IGNORECASE,
)
# A count in a sentence: "9 of 35", "9 late orders", "nine buyers".
_WORDS = "one two three four five six seven eight nine ten eleven twelve".split()
_SAID = re.compile(
    rf"(?<![\d.,/:-])\b(?P<n>{_WHOLE}|{'|'.join(_WORDS)})\s+(?:of\s+\d|(?:[^\W\d]+\s+){{0,2}}{_COUNTED})"
    rf"|\bn\s*=\s*(?P<of>{_WHOLE})\b",
    re.IGNORECASE,
)
# Columns of small whole numbers that count nobody.
_NO_COUNT = re.compile(r"(?:stars|rating|score|row|rank|place|week|year|age)?", re.IGNORECASE)
_PRODUCT = re.compile(r"\b(?:sku|asin|product|item)s?\b", re.IGNORECASE)
# What may stand around a product's number in a cell. Shorter ones may be ordinary words.
_APART = re.compile(r"[\s;,():“”\"'.?!]+")
_LEAST_SIGNS = 4
_LETTERS = re.compile(r"[^\W\d_]{2}")


@dataclass(frozen=True)
class Suspect:
    """A small group beside a product.

    Attributes
    ----------
    what : str
        What it would tell.
    place : str
        Where.
    beside : tuple of str
        Texts of which one may be a quote; none when a quote stands there for certain.
    """

    what: str
    place: str
    beside: tuple[str, ...] = ()


def suspects(pages: Mapping[str, Page], known: Known) -> Iterator[tuple[str, Suspect]]:
    """Yield every small group on some pages that stands beside a product, and perhaps a quote.

    Parameters
    ----------
    pages : dict
        Each page by its file's name, taken apart.
    known : Known
        With the products, those that few bought, and the smallest group.

    Yields
    ------
    tuple of str and Suspect
        The file's name, and what was found in it.
    """
    # The single file repeats every page: what was harmless there is not looked at again.
    harmless: set[Hashable] = set()
    for name, page in pages.items():
        for table in page.tables:
            key = (tuple(table.headings), tuple(map(tuple, table.rows)))
            yield from _unless(key, harmless, name, _in_table(table, known))
        for place, texts in page.lists:
            yield from _unless(tuple(texts), harmless, name, _in_words(place, texts, known))
        for piece in page.pieces:
            if piece.kind in ("text", "quote"):
                found = _in_words(piece.place, [piece.text], known)
                yield from _unless(piece.text, harmless, name, found)


def _unless(
    key: Hashable, harmless: set[Hashable], name: str, found: Iterator[Suspect]
) -> Iterator[tuple[str, Suspect]]:
    """Yield what is found, unless the same was looked at before and nothing found."""
    if key in harmless:
        return
    suspect = None
    for suspect in found:
        yield name, suspect
    if suspect is None:
        harmless.add(key)


def _in_table(table: Table, known: Known) -> Iterator[Suspect]:
    yield from _in_rows(table, known)
    if not table.titled:
        # Without headings it may be read downwards: the first column says what each row is.
        for found in _in_rows(table.turned(), known):
            yield Suspect(found.what, table.place, found.beside)


def _in_rows(table: Table, known: Known) -> Iterator[Suspect]:
    width = max(map(len, table.rows), default=0)
    columns = [[row[at] for row in table.rows if at < len(row)] for at in range(width)]
    quotes = {
        at
        for at, cells in enumerate(columns)
        if is_quote_heading(table.headings[at]) and any(map(_LETTERS.search, cells))
    } if table.headings else set()  # fmt: skip
    named = any(_PRODUCT.search(heading) for heading in table.headings) or any(
        _names_product(at in quotes, cells, known) for at, cells in enumerate(columns)
    )
    for number, row in enumerate(table.rows):
        rest = [at for at, text in enumerate(row) if at not in quotes and text]
        said = any(row[at] for at in quotes if at < len(row))
        for at in rest:
            rare = not known.rare.isdisjoint(_APART.split(row[at]))
            if rare or (named and _is_small(row[at], table.headings[at], known)):
                beside = () if said else tuple(row[other] for other in rest if other != at)
                if said or beside:
                    what = RARE if rare else COUNTS
                    yield Suspect(what, table.spot(number, at), beside)


def _in_words(place: str, texts: list[str], known: Known) -> Iterator[Suspect]:
    """Look at a list or a sentence, of which any part may be a quote."""
    parts = {part for text in texts for part in _APART.split(text) if len(part) >= _LEAST_SIGNS}
    if parts.isdisjoint(known.products) and parts.isdisjoint(known.rare):
        return
    counted = any(_is_small(text, " ", known) or _tells_few(text, known) for text in texts)
    beside = tuple(part for text in texts for part in (text, text.partition(":")[2]) if part)
    if not parts.isdisjoint(known.rare):
        yield Suspect(RARE, place, beside)
    elif counted:
        yield Suspect(COUNTS, place, beside)


def _is_small(text: str, heading: str, known: Known) -> bool:
    """Tell whether a text is nothing but a small count."""
    count = _COUNT.fullmatch(text)
    if count is None or _number(count["n"]) >= known.minimum:
        return False
    return not _NO_COUNT.fullmatch(heading) and not (
        count["name"] and _NO_COUNT.fullmatch(count["name"].strip())
    )


def _tells_few(text: str, known: Known) -> bool:
    """Tell whether a sentence counts a small group."""
    return any(_number(n or of) < known.minimum for n, of in _SAID.findall(text))


def _number(said: str) -> int:
    word = said.lower()
    return _WORDS.index(word) + 1 if word in _WORDS else int(said.replace(",", ""))


def _names_product(quoted: bool, cells: list[str], known: Known) -> bool:
    """Tell whether a column names products, alone in a cell or among other words."""
    if not known.products.isdisjoint(cells):
        return True
    parts = (part for cell in cells if not quoted for part in _APART.split(cell))
    return any(len(part) >= _LEAST_SIGNS and part in known.products for part in parts)
