"""A finished page in pieces, as its reader and its source show it, each with its place."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any

from feedback_analysis.report.grids import Grid, Table
from feedback_analysis.report.images import embedded, unescaped

# Tags that are part of a line: what stands on both sides of them belongs together.
_INLINE = frozenset(
    "a abbr b bdi bdo big cite code data del dfn em font i ins kbd label mark q s samp small span "
    "strong sub sup time tspan tt u var wbr".split()
)
_HEADINGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))
_TABLES = frozenset(("table", "tr", "td", "th"))
_LISTS = frozenset(("ul", "ol", "dl"))
# Attributes of shape and look, full of numbers.
_SHAPES = frozenset(
    "class colspan cx cy d dx dy fill height points r rowspan rx ry scope stroke style tabindex "
    "transform viewbox width x x1 x2 xmlns y y1 y2".split()
)
# Of these, what somebody may have named or drawn after a buyer.
_LOOKS = frozenset(("class", "style"))
# Attributes whose words a reader comes upon.
_READ_OUT = frozenset(("alt", "aria-label", "content", "title", "value"))
# What is called so holds buyers' words, in the languages that buyers and sellers write in.
_QUOTES = re.compile(
    r"comment|quote|clause|rests on|words that|\bsaid\b|wrote|response|verbatim"
    r"|kommentar|zitat|bemerkung|citation|comentar|\bcitas?\b|cita[çz]|opmerking|citaat|komentarz"
    r"|cytat|\bcitat|yorum|コメント|引用|ご意見|评论|評論|댓글",
    re.IGNORECASE,
)
# Between the words of a drawing: blanks enough that single digits of two ticks are no number.
_BETWEEN = " \n"


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
        ``text``, ``quote`` (a cell of a column of comments, or a block quote), ``address`` (of a
        link or the like), ``look`` (full of numbers that nobody calls), ``label`` (one of the words
        in a drawing), ``drawing`` (all of its words), ``number`` (of a JSON file) or ``image``
        (what a picture file holds beside the picture).
    """

    text: str
    place: str
    kind: str = "text"


@dataclass(frozen=True)
class Page:
    """A file of the report, taken apart.

    Attributes
    ----------
    pieces : list of Piece
        Everything in it that is text.
    tables : list of Table
        Its tables.
    lists : list of tuple
        Place and texts of each list; a term stands before what is said of it, as in ``Orders: 9``.
    """

    pieces: list[Piece]
    tables: list[Table] = field(default_factory=list)
    lists: list[tuple[str, list[str]]] = field(default_factory=list)


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.pieces: list[Piece] = []
        self.tables: list[Table] = []
        self.lists: list[tuple[str, list[str]]] = []
        self._text: list[str] = []
        self._heading, self._term, self._here = "", "", ""
        self._grids: list[Grid] = []  # A cell may hold a table of its own.
        self._drawing: list[str] = []
        self._depth = dict.fromkeys(("list", "blockquote", "svg", "style"), 0)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._begin(tag)
        if tag in _TABLES:
            self._begin_part(tag, dict(attrs))
        elif tag in _LISTS:
            self._depth["list"] += 1
            if self._depth["list"] == 1:
                self.lists.append((self._place(), []))
        elif tag in self._depth:
            self._depth[tag] += 1
        for name, value in attrs:
            if value:
                self._attribute(tag, name, value)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._begin(tag)
        for name, value in attrs:
            if value:
                self._attribute(tag, name, value)

    def handle_endtag(self, tag: str) -> None:
        if tag == "q":
            self._text.append("”")
        if tag in _INLINE:
            return
        text = self._flush()
        if tag in _TABLES:
            self._end_part(tag)
        elif tag in _HEADINGS:
            self._heading, self._here = text or self._heading, ""
        elif tag == "dt":
            self._term = text
        elif tag in _LISTS:
            self._depth["list"] = max(self._depth["list"] - 1, 0)
            self._term = ""
        elif tag in self._depth:
            self._depth[tag] = max(self._depth[tag] - 1, 0)
            if tag == "svg" and not self._depth[tag]:
                self._end_drawing()

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
        self._end_drawing()
        # A table that is never closed is shown all the same.
        while self._grids:
            self.tables.append(self._grids.pop().table())

    def _begin(self, tag: str) -> None:
        """End the text before a tag; what a line break parts is still read as one."""
        if tag == "br":
            self._text.append("\n")
        elif tag == "q":
            self._text.append("“")
        elif tag not in _INLINE:
            self._flush()

    def _begin_part(self, tag: str, attrs: dict[str, str | None]) -> None:
        """Begin a table, a row or a cell."""
        if tag == "table":
            self._grids.append(Grid(self._place(inside=False)))
        elif self._grids and tag == "tr":
            self._grids[-1].begin_row()
        elif self._grids:
            across, down = attrs.get("colspan") or "1", attrs.get("rowspan") or "1"
            self._grids[-1].begin_cell(head=tag == "th", across=across, down=down)
        self._here = ""

    def _end_part(self, tag: str) -> None:
        if self._grids and tag == "table":
            self.tables.append(self._grids.pop().table())
        elif self._grids and tag == "tr":
            self._grids[-1].end_row()
        elif self._grids:
            self._grids[-1].end_cell()
        self._here = ""

    def _attribute(self, tag: str, name: str, value: str) -> None:
        if name in _LOOKS:
            self._add(self._without_files(value), "look", f"in the {name} of <{tag}>")
        elif name in _READ_OUT:
            self._add(value, "text", f"in the {name} of <{tag}>")
        elif name not in _SHAPES and (rest := self._without_files(value)):
            self._add(rest, "address", f"in the {name} of <{tag}>")

    def _without_files(self, text: str) -> str:
        """Read the files that stand in an address or a style as ``data:``; return the rest."""
        rest, found = embedded(text)
        for inner, kind in found:
            self._add(inner, kind, "inside a picture")
        return unescaped(rest)

    def _flush(self) -> str:
        text = "".join(self._text).strip()
        self._text.clear()
        if not text:
            return ""
        if self._depth["style"]:
            text = self._without_files(text)
        self._add(text, self._kind(), "")
        for grid in self._grids:
            if grid.cell is not None:
                grid.cell.append(text)
        if self._depth["svg"]:
            self._drawing.append(text)
        elif self._depth["list"]:
            self.lists[-1][1].append(f"{self._term}: {text}" if self._term else text)
        return text

    def _kind(self) -> str:
        if self._depth["svg"]:
            return "label"
        grid = self._grids[-1] if self._grids else None
        below = grid.heading(grid.column()) if grid is not None and grid.cell is not None else ""
        return "quote" if self._depth["blockquote"] or _QUOTES.search(below) else "text"

    def _end_drawing(self) -> None:
        if self._drawing:
            self._add(_BETWEEN.join(self._drawing), "drawing", "in a drawing")
        self._drawing.clear()

    def _place(self, *, inside: bool = True) -> str:
        if inside and self._here:
            return self._here
        place = f"below '{self._heading}'" if self._heading else "at the top"
        if not inside:
            return place
        grid = self._grids[-1] if self._grids else None
        if grid is not None and grid.in_row and grid.row_number:
            place += f", table row {grid.row_number}"
            if grid.cell is not None and (name := grid.name()):
                place += f", column {name}"
        self._here = place
        return place

    def _add(self, text: str, kind: str, detail: str) -> None:
        place = self._place() + (f", {detail}" if detail else "")
        self.pieces.append(Piece(text, place, kind))


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
    return Page(reader.pieces, reader.tables, reader.lists)


def json_pieces(text: str) -> Page:
    """Take a JSON file apart: names, texts and whole numbers, each with the path that leads to it.

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
        rest, found = embedded(value)
        yield Piece(rest, f"at {path}")
        yield from (Piece(inner, f"at {path}, inside a picture", kind) for inner, kind in found)
    elif isinstance(value, int | float) and not isinstance(value, bool) and value == value // 1:
        yield Piece(str(int(value)), f"at {path}", "number")


def is_quote_heading(heading: str) -> bool:
    """Tell whether a column is called after what buyers wrote; it may still only count it."""
    return bool(_QUOTES.search(heading))
