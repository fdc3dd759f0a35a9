"""A finished page in pieces, as its reader and its source show it, each with its place."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any

from feedback_analysis.report.images import image_texts

# Tags that are part of a line: what stands on both sides of them belongs together.
_INLINE = frozenset(
    "a abbr b bdi bdo big cite code data del dfn em font i ins kbd label mark q s samp small span "
    "strong sub sup time tspan tt u var wbr".split()
)
_HEADINGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))
# Attributes of shape and look, full of numbers.
_SHAPES = frozenset(
    "class colspan cx cy d dx dy fill height points r rowspan rx ry scope stroke style tabindex "
    "transform viewbox width x x1 x2 xmlns y y1 y2".split()
)
# Of these, what somebody may have named or drawn after a buyer.
_LOOKS = frozenset(("class", "style"))
# Attributes whose words a reader comes upon.
_READ_OUT = frozenset(("alt", "aria-label", "content", "title", "value"))
_QUOTES = re.compile(r"comment|quote|clause|rests on|words that|\bsaid\b|wrote|response", re.I)


@dataclass
class Row:
    """A row of a table: its cells by heading."""

    number: int
    cells: list[tuple[str, str]] = field(default_factory=list)


@dataclass(frozen=True)
class Piece:
    """A stretch of text that is read as one.

    Attributes
    ----------
    text : str
        As it would be shown.
    place : str
        Where, in words: heading, row and column.
    kind : str
        ``text``, ``quote`` (a cell of a column of comments), ``address`` (of a link or the like),
        ``look`` (full of numbers that nobody calls) or ``image`` (what a picture file holds beside
        the picture).
    """

    text: str
    place: str
    kind: str = "text"


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.pieces: list[Piece] = []
        self.tables: list[list[Row]] = []
        self.places: list[str] = []
        self._text: list[str] = []
        self._inside: list[str] = []  # What a cell holds, which may be several paragraphs.
        self._heading, self._tag = "", ""
        self._columns: list[str] = []
        self._row: Row | None = None
        self._cell = False
        self._number = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._begin(tag)
        if tag == "table":
            self._columns, self._number = [], 0
            self.tables.append([])
            self.places.append(self._place(inside=False))
        elif tag == "tr":
            self._number += 1
            self._row = Row(self._number)
        elif tag in ("td", "th"):
            self._cell = True
            self._inside.clear()
        self._tag = tag if tag not in _INLINE else self._tag
        for name, value in attrs:
            self._attribute(tag, name, value or "")

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._begin(tag)
        for name, value in attrs:
            self._attribute(tag, name, value or "")

    def handle_endtag(self, tag: str) -> None:
        if tag in _INLINE:
            return
        text = self._flush()
        if tag in _HEADINGS:
            self._heading = text or self._heading
        elif tag in ("td", "th") and self._row is not None and self._cell:
            place = len(self._row.cells)
            heading = self._columns[place] if place < len(self._columns) else ""
            self._row.cells.append((heading, " ".join(self._inside)))
            self._cell = False
        elif tag == "tr" and self._row is not None:
            if not self._columns:
                self._columns = [text for _, text in self._row.cells]
                self._number = 0
            elif self.tables:
                self.tables[-1].append(self._row)
            self._row = None

    def handle_data(self, data: str) -> None:
        self._text.append(data)

    def handle_comment(self, data: str) -> None:
        self._add(data, "text", "in a comment of the source")

    def handle_decl(self, decl: str) -> None:
        self._add(decl, "text", "in a declaration of the source")

    handle_pi = unknown_decl = handle_decl

    def close(self) -> None:
        super().close()
        self._flush()

    def _begin(self, tag: str) -> None:
        """End the text before a tag; what a line break parts is still read as one."""
        if tag == "br":
            self._text.append("\n")
        elif tag not in _INLINE:
            self._flush()

    def _attribute(self, tag: str, name: str, value: str) -> None:
        if name in _LOOKS:
            self._add(value, "look", f"in the {name} of <{tag}>")
        if name in _SHAPES or not value:
            return
        if value.startswith("data:"):
            for text in image_texts(value):
                self._add(text, "image", "inside a picture")
            return
        kind = "text" if name in _READ_OUT else "address"
        self._add(value, kind, f"in the {name} of <{tag}>")

    def _flush(self) -> str:
        text = "".join(self._text).strip()
        self._text.clear()
        if text:
            quoted = self._cell and bool(_QUOTES.search(self._column()))
            self._add(text, "quote" if quoted else "text", "")
            if self._cell:
                self._inside.append(text)
        return text

    def _column(self) -> str:
        place = len(self._row.cells) if self._row is not None else 0
        return self._columns[place] if place < len(self._columns) else ""

    def _place(self, *, inside: bool = True) -> str:
        place = f"below '{self._heading}'" if self._heading else "at the top"
        if inside and self._row is not None and self._columns:
            place += f", table row {self._number}"
            if self._cell and self._column():
                place += f", column '{self._column()}'"
        return place

    def _add(self, text: str, kind: str, detail: str) -> None:
        place = self._place() + (f", {detail}" if detail else "")
        self.pieces.append(Piece(text, place, kind))


@dataclass(frozen=True)
class Page:
    """A file of the report, taken apart.

    Attributes
    ----------
    pieces : list of Piece
        Everything in it that is text.
    tables : list of tuple
        Place and rows of each table.
    """

    pieces: list[Piece]
    tables: list[tuple[str, list[Row]]] = field(default_factory=list)


def html_pieces(text: str) -> Page:
    """Take an HTML page (or an SVG picture) apart.

    Parameters
    ----------
    text : str
        Its source.
    """
    reader = _Reader()
    reader.feed(text)
    reader.close()
    return Page(reader.pieces, list(zip(reader.places, reader.tables, strict=True)))


def json_pieces(text: str) -> Page:
    """Take a JSON file apart: names and texts, each with the path that leads to it.

    Parameters
    ----------
    text : str
        The file's content.
    """
    return Page(list(_json(json.loads(text), "")))


def _json(value: Any, path: str) -> Iterator[Piece]:
    if isinstance(value, dict):
        for name, inner in value.items():
            yield Piece(str(name), f"at {path or 'the top'}, a name", "address")
            yield from _json(inner, f"{path}.{name}" if path else str(name))
    elif isinstance(value, list):
        for number, inner in enumerate(value):
            yield from _json(inner, f"{path}[{number}]")
    elif isinstance(value, str):
        yield Piece(value, f"at {path}")


def is_quote_column(heading: str, cells: list[str]) -> bool:
    """Tell whether a column shows what buyers wrote; one that only counts comments does not."""
    return bool(_QUOTES.search(heading)) and any(re.search(r"[^\W\d_]{2}", cell) for cell in cells)
