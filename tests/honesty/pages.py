"""A finished page, read with html.parser: its tables, its sentences, and which numbers are checked.

Every number in the text of a page is a token. A test says what it expects in a cell or a sentence,
in order; what it names is marked ``recomputed``. What no test can recompute is excused by a rule
that states its reason. The rest is left, and counted.
"""

import re
from collections import Counter
from html.parser import HTMLParser

from tests.honesty.drawn import AXIS, days_of_axes, marks_of_axes, placed

BLOCKS = {
    "p", "h1", "h2", "h3", "h4", "li", "tr", "div", "section", "summary", "dt", "dd", "caption",
    "figcaption", "table", "ul", "ol", "header", "footer", "nav", "article", "details",
}  # fmt: skip
HIDDEN = {"style", "script", "svg", "head"}
# Identifiers are names, not numbers: products, cases, files, versions, patterns.
NAMES = re.compile(
    r"\bAF-[A-Z]+-\d+|\bB0[0-9A-Z]{8}\b|\bcase-[0-9a-f]+|\b\d{9}\b"
    r"|[\w./-]+(?: \(\d\))?\.(?:csv|txt|json)(?:\.gz)?|\b\d+\.\d+\.\d+\b|\b[a-z_]+\.\d+\b|\b\d{4}[-‑]\d{2}[-‑]\d{2}[\w-]*|https?://\S+"
    r"|\bid=\S+|\d\d_\w+|universal-sentence-encoder\S+"
)
NUMBER = re.compile(
    r"(?<![\w.,/])(?:(?<=\s)-|(?<=^)-|(?<=\()-|[−+])?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?(?!\w)"
)
# The names of days, months and periods, and what a figure is set against.
STATED = re.compile(
    r"\b(?:\d{1,2} )?(?:(?:January|February|March|April|May|June|July|August|September|October"
    r"|November|December)|(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)) 20\d\d"
    r"|\b20\d\d-\d\d\b|\b95 % interval|target(?: of)? \d[\d.]*(?: %)?"
    r"|\b(?:30|60|90|365)(?: further)? (?:days|before)\b|\b1(?: to |-| and )3 stars?|limit 1 %"
    r"|per 1?,?\d00+ ?\w*|\b4 (?:and|or) 5 stars|\b1 or 2 stars"
)


class Block:
    """A piece of text that stands alone: a table's cell, a paragraph, a text at its place."""

    def __init__(self, text, heading, at=None):
        self.at = at
        self.text, self.heading = re.sub(r"\s+", " ", text).strip(), heading
        masked = NAMES.sub(lambda found: "_" * len(found[0]), self.text)
        self.tokens = [found.span() for found in NUMBER.finditer(masked)]
        self.marks = {}
        for found in STATED.finditer(masked):
            self.mark(*found.span(), "stated")

    def mark(self, start, end, kind):
        """Mark the numbers inside a span, unless they are recomputed, dates or targets."""
        for token in self.tokens:
            known = self.marks.get(token) in ("recomputed", "stated")
            if start <= token[0] and token[1] <= end and not known:
                self.marks[token] = kind

    def numbers(self, start=0, end=None):
        """Return the numbers of a span that are no names, as printed."""
        end = len(self.text) if end is None else end
        return [
            (token, self.text[slice(*token)])
            for token in self.tokens
            if start <= token[0] and token[1] <= end
        ]

    def left(self):
        """Return the numbers that nothing has marked."""
        return [self.text[slice(*token)] for token in self.tokens if token not in self.marks]


class Table:
    """A table: its header, and rows of cells."""

    def __init__(self, heading):
        self.heading, self.header, self.rows = heading, [], []

    def column(self, name):
        """Return the place of the first column whose header begins so."""
        return next(i for i, cell in enumerate(self.header) if cell.text.startswith(name))

    def records(self):
        """Return each row as a dict of header text to cell."""
        names = [cell.text for cell in self.header]
        return [dict(zip(names, row, strict=False)) for row in self.rows]


class Page(HTMLParser):
    """Tables, blocks of text and headings of a page."""

    def __init__(self, html):
        super().__init__()
        self.tables, self.blocks, self.drawn = [], [], []
        self._words, self._hidden, self._heading, self._table, self._cell = [], [], "", None, False
        self._texts = []
        self.feed(html)
        self._flush()

    def handle_starttag(self, tag, attrs):
        found = dict(attrs)
        code = tag == "details" and "code" in (found.get("class") or "").split()
        if self._hidden or tag in HIDDEN or code:
            if tag in HIDDEN or tag == "details":
                self._hidden.append(tag)
            self._figure(tag, found)
            return
        if tag == "table":
            self._flush()
            self._table = Table(self._heading)
            self.tables.append(self._table)
        elif tag == "tr" and self._table is not None:
            self._row = []
        elif tag in ("td", "th") and self._table is not None:
            self._words, self._cell = [], True
        elif tag in BLOCKS and not self._cell:
            self._flush()
        else:
            self._words.append(" ")

    def handle_endtag(self, tag):
        if self._hidden:
            if tag == self._hidden[-1]:
                self._hidden.pop()
                if tag == "svg" and not self._hidden:
                    self._end_figure()
            return
        if self._table is not None:
            if tag in ("td", "th"):
                self._row.append(Block("".join(self._words), self._heading))
                self._words, self._cell = [], False
            elif tag == "tr":
                if not self._table.header:
                    self._table.header = self._row
                    for cell in self._row:
                        cell.mark(0, len(cell.text), "stated")
                elif self._row:
                    self._table.rows.append(self._row)
            elif tag == "table":
                self._table = None
            return
        if tag in ("h1", "h2", "h3"):
            self._heading = re.sub(r"\s+", " ", "".join(self._words)).strip()
        if tag in BLOCKS:
            self._flush()
        else:
            self._words.append(" ")

    def handle_data(self, data):
        if not self._hidden:
            self._words.append(data)
        elif self._texts and self._hidden == ["svg"]:
            self._texts[-1].words.append(data)

    def _figure(self, tag, attrs):
        """Take what a figure says: the words for those who cannot see it, its title, its texts."""
        if self._hidden == ["svg"] and tag == "svg":
            self._texts = []
            for name in ("aria-label", "data-title"):
                if attrs.get(name):
                    self.blocks.append(Block(attrs[name], self._heading))
        elif self._hidden == ["svg"] and tag == "text":
            self._texts.append(placed(attrs))

    def _end_figure(self):
        # The title is taken whole; drawn, it is broken into lines.
        texts = [each for each in self._texts if each.text and not each.title]
        marks = marks_of_axes(texts) + days_of_axes(texts)
        figure = []
        for each in texts:
            figure.append(Block(each.text, self._heading, (each.x, each.y)))
            if each in marks:
                figure[-1].mark(0, len(each.text), AXIS)
        self.drawn.append(figure)
        self._texts = []

    def _flush(self):
        text = "".join(self._words)
        if text.strip():
            self.blocks.append(Block(text, self._heading))
        self._words = []

    def everything(self):
        """Return all blocks: text, headers and cells, and what is drawn."""
        yield from self.blocks
        for figure in self.drawn:
            yield from figure
        for table in self.tables:
            yield from table.header
            for row in table.rows:
                yield from row

    def table(self, *columns, rows=None):
        """Return the first table with these columns (each by the beginning of its header)."""
        for table in self.tables:
            names = [cell.text for cell in table.header]
            if all(any(name.startswith(column) for name in names) for column in columns) and (
                rows is None or len(table.rows) == rows
            ):
                return table
        raise AssertionError(f"no table with the columns {columns}")

    def all_tables(self, *columns):
        """Return every table with these columns."""
        return [
            table
            for table in self.tables
            if all(any(cell.text.startswith(c) for cell in table.header) for c in columns)
        ]

    def figure(self, text, place=0):
        """Return what is drawn in the figure that says this, or in one of those that do."""
        found = [each for each in self.drawn if any(text in block.text for block in each)]
        assert len(found) > place, f"no figure says {text!r}"
        return found[place]

    def excuse(self, pattern, reason, heading=None):
        """Mark the numbers of every text that matches as not recomputed, for a stated reason."""
        for block in self.everything():
            if heading is None or re.search(heading, block.heading):
                for found in re.finditer(pattern, block.text):
                    block.mark(*found.span(), reason)

    def coverage(self):
        """Return how many numbers of the page are recomputed, stated, excused and left."""
        found = Counter()
        for block in self.everything():
            for token in block.tokens:
                found[block.marks.get(token, "left")] += 1
        return found


def drawn(figure, pattern, expected):
    """Hold the texts of a figure that match, in their order, against one list of numbers each."""
    found = [block for block in figure if re.fullmatch(pattern, block.text)]
    if len(found) != len(expected):
        return [f"{[block.text for block in found]} drawn, {expected} expected"]
    return [
        each
        for block, values in zip(found, expected, strict=True)
        for each in expect(block, values, "drawn")
    ]


def value_of(printed):
    """Return a printed number and how many decimals it shows."""
    plain = printed.replace("−", "-").replace(",", "")
    return float(plain), len(plain.partition(".")[2])


def same(printed, expected, slack=0.5):
    """Tell whether a printed number is the expected one, rounded to its decimals."""
    value, digits = value_of(printed)
    return abs(value - expected) <= (slack + 1e-6) * 10**-digits


def expect(block, expected, where="", *, start=0, end=None, slack=0.5):
    """Hold the numbers of a block against the expected ones, and mark them as recomputed.

    Returns a list of differences in words, empty when all is well.
    """
    found = [
        (token, text)
        for token, text in block.numbers(start, end)
        if block.marks.get(token) != "stated"
    ]
    wrong = []
    if len(found) != len(expected):
        shown = [text for _, text in found]
        return [f"{where}: {shown} printed, {expected} expected ({block.text[:90]!r})"]
    for (token, text), value in zip(found, expected, strict=True):
        if value is None:
            continue
        block.marks[token] = "recomputed"
        if not same(text, value, slack):
            wrong.append(f"{where}: {text} printed, {value!r} expected ({block.text[:90]!r})")
    return wrong


def say(page, pattern, expected, *, heading=None, at_least=1, slack=0.5):
    """Hold every sentence that matches a pattern against the expected numbers of its groups.

    ``expected`` has one number a group; None leaves one unchecked.
    """
    wrong, times = [], 0
    for block in page.everything():
        if heading is not None and not re.search(heading, block.heading):
            continue
        for found in re.finditer(pattern, block.text):
            times += 1
            for place, value in enumerate(expected, 1):
                if value is None or found[place] is None:
                    continue
                token = next((t for t in block.tokens if t[0] == found.start(place)), None)
                if token is None:
                    # A sign or a bracket stands before it.
                    inside = [t for t in block.tokens if t[0] >= found.start(place)]
                    token = inside[0]
                block.marks[token] = "recomputed"
                text = block.text[slice(*token)]
                if not same(text, value, slack):
                    wrong.append(f"{text} printed, {value!r} expected: {found[0][:160]!r}")
    if times < at_least:
        wrong.append(f"no sentence like {pattern!r}")
    return wrong


def near(block, ends, where="", *, start=0, end=None, share=0.25):
    """Hold two printed ends of a simulated interval against ends that were simulated anew.

    They may differ by their own chance: a part of the interval's half width, and the rounding.
    """
    found = [
        (token, text)
        for token, text in block.numbers(start, end)
        if block.marks.get(token) != "stated"
    ]
    if len(found) != 2:
        return [f"{where}: {[text for _, text in found]} printed, an interval expected"]
    wrong, allowed = [], share * (ends[1] - ends[0]) / 2
    for (token, text), end in zip(found, ends, strict=True):
        value, digits = value_of(text)
        block.marks[token] = "simulated again"
        if abs(value - end) > allowed + 0.5 * 10**-digits:
            wrong.append(f"{where}: {text} printed, about {end:.3f} expected")
    return wrong


def near_said(page, pattern, ends, *, heading=""):
    """Hold the two ends that every sentence which matches names in its group, as :func:`near`."""
    wrong, times = [], 0
    for block in page.everything():
        if not re.search(heading, block.heading):
            continue
        for found in re.finditer(pattern, block.text):
            times += 1
            wrong += near(block, ends, pattern, start=found.start(1), end=found.end(1))
    return wrong if times else [f"no sentence like {pattern!r}"]


def about(block, value, where="", *, start=0, end=None, share=0.02):
    """Hold a printed mean of many draws against one that was drawn anew, up to their chance."""
    ((token, text),) = block.numbers(start, end)
    block.marks[token] = "simulated again"
    seen, digits = value_of(text)
    near_enough = abs(seen - value) <= share * abs(value) + 0.5 * 10**-digits
    return [] if near_enough else [f"{where}: {text} printed, about {value:.4g} expected"]


def about_said(page, pattern, value):
    """Hold the number that every sentence which matches names in its group, as :func:`about`."""
    wrong, times = [], 0
    for block in page.everything():
        for found in re.finditer(pattern, block.text):
            times += 1
            wrong += about(block, value, pattern, start=found.start(1), end=found.end(1))
    return wrong if times else [f"no sentence like {pattern!r}"]
