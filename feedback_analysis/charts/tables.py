"""Small tables for people: plain headings, percentages, intervals in words."""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pandas as pd

from feedback_analysis.charts.case_tables import case_columns, causes_of
from feedback_analysis.charts.cause_tables import GROUPED, QUOTES_ONLY, cause_columns
from feedback_analysis.charts.conversion_tables import conversion_columns, written
from feedback_analysis.charts.order_tables import order_columns
from feedback_analysis.charts.quoting import PLAIN, Quoting, allowed
from feedback_analysis.charts.reason_tables import reason_columns
from feedback_analysis.charts.writers import GLUE, Row, month_of, short_day_of, sku_of
from feedback_analysis.health.words import missing, percent, percent_range, signed, stars_range

# Each knows the tables of one subject by their columns.
SPECIAL = (cause_columns, reason_columns, order_columns, case_columns, conversion_columns)
# Inline, so that a notebook shows it as the page does.
RIGHT = ' style="text-align: right"'
# On a phone a column of sentences would shrink to a word a line; the table scrolls instead.
WIDE = ((160, ' style="min-width: 15rem"'), (60, ' style="min-width: 9rem"'))


@dataclass(frozen=True, eq=False)
class Table:
    """A frame of formatted text, shown whole and with everything in it escaped.

    Parameters
    ----------
    frame : DataFrame
        Text in every cell.
    note : str
        A sentence below it.
    """

    frame: pd.DataFrame
    note: str = ""

    def _repr_html_(self) -> str:
        styles = [_style(self.frame.iloc[:, place]) for place in range(self.frame.shape[1])]
        head = _row("th", self.frame.columns, styles)
        rows = "".join(_row("td", row, styles) for row in self.frame.itertuples(index=False))
        note = f"<p>{html.escape(self.note)}</p>" if self.note else ""
        table = f'<table class="dataframe"><thead>{head}</thead><tbody>{rows}</tbody></table>'
        return f"<div>{table}{note}</div>" if note else table

    def __repr__(self) -> str:
        return "\n".join(filter(None, [self.frame.to_string(index=False), self.note]))


# A number with its unit or interval; "not known" and the like may stand among numbers.
_NUMBER = re.compile(
    r"(?:below )?[+\N{MINUS SIGN}-]?\d[\d,.]*(\s?%)?( points)?( to | \(|$)|not known$|$"
)


def _is_number(text: object) -> bool:
    return bool(_NUMBER.match(str(text)))


def _style(column: pd.Series) -> str:
    """Return the style of a column: numbers to the right, room for sentences."""
    if all(map(_is_number, column)):
        return RIGHT
    longest = column.map(lambda cell: len(str(cell))).max()
    return next((style for length, style in WIDE if longest > length), "")


def _row(kind: str, cells: Any, styles: list[str]) -> str:
    """Write a table's row, everything escaped."""
    cells_written = (
        f"<{kind}{style}>{written(cell)}</{kind}>"
        for cell, style in zip(cells, styles, strict=True)
    )
    return f"<tr>{''.join(cells_written)}</tr>"


def table_of(result: Any, *, first: int | None = None, none: str = "Nothing.") -> Table | Words:
    """Turn a result, or one of the shop's own tables, into a small table for people.

    Parameters
    ----------
    result : object with ``.table``, or DataFrame
        Ratings, changes, alarms, what stands out, mix shifts, order defects, answers,
        restatements, causes, cases and review effects get headings of their own; any other table
        gets its column names with spaces.
    first : int, optional
        Show only so many rows; a last row says how many more there are.
    none : str, default="Nothing."
        What to show in place of a table without a row.

    Returns
    -------
    Table or Words
        Shown by leaving it as the last line of a cell.
    """
    frame = result if isinstance(result, pd.DataFrame) else result.table
    if frame.empty:
        return Words((none,), listed=False, empty=True)
    more = 0 if first is None else max(0, len(frame) - first)
    rows = frame.head(first).to_dict("records") if first is not None else frame.to_dict("records")
    if "share_verdict" in frame:
        columns = _rating_columns(frame, getattr(result, "targets", (None, None))[1])
    elif {"measure", "difference"} <= set(frame.columns):
        columns = CHANGE
    elif special := next((c for of in SPECIAL if (c := of(frame))), None):
        columns = special
    else:
        columns = {_heading(name): _plain(name) for name in frame.columns}
    grouped, quotes_only = columns in GROUPED, columns in QUOTES_ONLY
    columns, note = allowed(columns)
    if note and (quotes_only or not columns):
        return words(note)
    text = [{heading: write(row) for heading, write in columns.items()} for row in rows]
    shown = pd.DataFrame(text, columns=list(columns), dtype=object)
    if grouped and len(shown):
        # What several rows are about stands once, above them.
        first = shown.iloc[:, 0]
        shown.isetitem(0, first.where(first.ne(first.shift()), ""))
    if more:
        shown.loc[len(shown)] = [f"and {more:,} more", *[""] * (shown.shape[1] - 1)]
    return Table(shown, note)


def _unbroken(text: str) -> str:
    # A narrow column should not break before a unit.
    return text.replace(" %", f"{GLUE}%").replace(" days", f"{GLUE}days")


@dataclass(frozen=True)
class Words:
    """Sentences shown as text: one as a paragraph, several as a list, all escaped.

    Parameters
    ----------
    sentences : tuple of str
        What to show.
    listed : bool
        Whether as a list.
    lead : bool
        Whether as the answer that a page leads with, in larger type.
    empty : bool
        Whether they stand in place of a table or list that has nothing to show.
    """

    sentences: tuple[str, ...]
    listed: bool
    lead: bool = False
    empty: bool = False

    def _repr_html_(self) -> str:
        kind, outer = ("li", "ul") if self.listed else ("p", "div")
        inner = "".join(f"<{kind}>{html.escape(one)}</{kind}>" for one in self.sentences)
        look = ' class="lead" style="font-size: 1.2em"' if self.lead else ""
        look = ' class="nothing"' if self.empty else look
        return f"<{outer}{look}>{inner}</{outer}>"

    def __repr__(self) -> str:
        return "\n".join(("- " if self.listed else "") + one for one in self.sentences)


def words(text: str | list[str], *, none: str = "Nothing.") -> Words:
    """Show a result's text, or a list of sentences such as its limits.

    Parameters
    ----------
    text : str or list of str
        One text or several sentences.
    none : str, default="Nothing."
        What to show for an empty list.

    Returns
    -------
    Words
        Shown by leaving it as the last line of a cell.
    """
    if isinstance(text, str):
        return Words((text,), listed=False)
    return Words(tuple(text) or (none,), listed=bool(text), empty=not text)


def lead(sentences: list[str]) -> Words:
    """Show the sentences that answer a page's question, in larger type.

    Parameters
    ----------
    sentences : list of str
        The answer.

    Returns
    -------
    Words
        Shown by leaving it as the last line of a cell.
    """
    return Words(tuple(sentences), listed=False, lead=True)


def _rating_columns(frame: pd.DataFrame, target: float | None) -> dict[str, Callable[[Row], str]]:
    leading = [name for name in ("marketplace", "window", "period", "week") if name in frame]
    known = any(not missing(value) for value in frame["n"])
    counts = ("n", "positive", "neutral", "negative") if known else ("neutral", "negative")
    columns = {_heading(name): _plain(name) for name in leading}
    columns |= {
        ("feedbacks" if name == "n" else name).capitalize(): _plain(name) for name in counts
    }
    if not known:
        return columns
    return columns | {
        "Positive share": _share,
        "Share target": lambda row: row["share_verdict"],
        "Amazon shows": _displayed,
        "Average stars": _average,
        "Average target": _average_verdict(target),
    }


def _share(row: Row) -> str:
    if missing(row["share"]):
        return "no feedback" if not missing(row["n"]) else "not known"
    if row["share_verdict"] == "too few to say":
        return ""
    return _unbroken(f"{percent(row['share'])} ({percent_range(row['low'], row['high'])})")


def _displayed(row: Row) -> str:
    return "" if missing(row["displayed"]) else _unbroken(f"{int(row['displayed'])} %")


def _average(row: Row) -> str:
    span = stars_range(row["average_low"], row["average_high"])
    if not span or row["average_verdict"] == "too few to say":
        return ""
    return (
        f"between {span.replace(' to ', ' and ')}"
        if missing(row["average"])
        else f"{row['average']:.2f} ({span})"
    )


def _average_verdict(target: float | None) -> Callable[[Row], str]:
    def write(row: Row) -> str:
        # Bounds that lie below the target leave nothing but chance, which the verdict allows for.
        below = target is not None and missing(row["average"]) and row["average_high"] < target
        undecided = row["average_verdict"] == "cannot tell yet"
        return "below, but may be chance" if undecided and below else row["average_verdict"]

    return write


def _measured(key: str) -> Callable[[Row], str]:
    def write(row: Row) -> str:
        if missing(row[key]):
            return "not known"
        share = row["measure"] == "positive share"
        return _unbroken(percent(row[key])) if share else f"{row[key]:.2f}"

    return write


def _difference(row: Row) -> str:
    if missing(row["difference"]):
        return "not known"
    if row["measure"] == "positive share":
        return f"{signed(100 * row['difference'])} points"
    return signed(row["difference"], 2)


def _difference_range(row: Row) -> str:
    if missing(row["low"]):
        return ""
    factor, digits = (100, 1) if row["measure"] == "positive share" else (1, 2)
    return f"{signed(factor * row['low'], digits)} to {signed(factor * row['high'], digits)}"


def _heading(name: str) -> str:
    return _HEADINGS.get(name, str(name).replace("_", " ").capitalize())


def _plain(name: str) -> Callable[[Row], str]:
    write = _OF_A_KIND.get(name) or _any(name)
    return Quoting(write) if name in PLAIN else write


def _any(name: str) -> Callable[[Row], str]:
    def write(row: Row) -> str:
        value = row[name]
        if missing(value):
            return ""
        if name == "comment" and not value:
            return "(stars only)"
        if isinstance(value, pd.Timestamp):
            return short_day_of(name)(row)
        if isinstance(value, bool):
            return "yes" if value else "no"
        if isinstance(value, int) or (isinstance(value, float) and value.is_integer()):
            return f"{int(value):,}"
        # A buyer's words stay as they are.
        return str(value) if name == "comment" else _unbroken(str(value))

    return write


_HEADINGS = {"sku": "SKU", "asin": "ASIN"}
_OF_A_KIND = {
    "sku": sku_of("sku"),
    "month": month_of("month"),
    "about": causes_of("about"),
    "table": lambda row: row["table"].replace("_", " "),
}
CHANGE: dict[str, Callable[[Row], str]] = {
    "Measure": lambda row: row["measure"],
    "Against": lambda row: row.get("since", ""),
    "Now": _measured("now"),
    "Before": _measured("before"),
    "Difference": _difference,
    "95 % interval": _difference_range,
    "Verdict": lambda row: row["verdict"],
}
