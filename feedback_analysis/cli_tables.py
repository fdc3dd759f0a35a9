"""What the command line shows in a terminal: the ledger, what was set aside, what is missing."""

from __future__ import annotations

import os
from typing import Any

from rich.console import Console, Group
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from feedback_analysis.shares import missing
from feedback_analysis.texts import several

# Where a table goes to a file or another program, no column is cut short.
WIDE = 180
# Below this width the ledger leaves out what the others imply.
NARROW = 110
# Below this one there is no room for columns of words; and no terminal is taken for narrower than
# the last, because some say that they have no width at all.
STACKED, LEAST = 72, 30
# A ledger of more files than this is gathered, and this many of one kind still stand alone.
LONG, ALONE = 40, 2


def clean(text: Any) -> str:
    """Return a text that cannot steer a terminal: file names may hold anything."""
    return "".join(
        letter
        if letter.isprintable() or letter in "\n\N{NO-BREAK SPACE}"
        else "\N{REPLACEMENT CHARACTER}"
        for letter in str(text)
    )


def console() -> Console:
    """Return a console that adds no markup of its own to what it is given."""
    made = Console(highlight=False, markup=False, emoji=False)
    if made.width < 1 or (not made.is_terminal and "COLUMNS" not in os.environ):
        made.width = WIDE
    made.width = max(made.width, LEAST)
    return made


def gathered(ledger: Any) -> list[dict[str, Any]]:
    """Return the ledger's rows with files of one kind, marketplace and remark in one row.

    A file with rows set aside keeps a row of its own: it wants to be read.
    """
    whole = (ledger["rows_set_aside"] == 0).fillna(False)
    rows = ledger[~whole].to_dict("records")
    # Remarks that differ in their numbers only are one remark.
    remark = ledger["note"].fillna("").str.replace(r"\d+", "#", regex=True)
    kinds = [ledger["report"], ledger["marketplace"], remark]
    for _, part in ledger[whole].groupby([kind[whole] for kind in kinds], dropna=False, sort=False):
        if len(part) <= ALONE:
            rows += part.to_dict("records")
            continue
        counts = ("rows_read", "rows_kept", "rows_set_aside")
        first, encodings = part.iloc[0].to_dict(), part["encoding"].unique()
        notes = part["note"].fillna("").unique()
        rows.append(
            {
                **first,
                "file": f"{os.path.commonpath(list(part['file']))}/{len(part):,} files",
                "start": part["start"].min(),
                "end": part["end"].max(),
                "encoding": encodings[0] if len(encodings) == 1 else "several",
                "note": notes[0] if len(notes) == 1 else f"such as: {notes[0]}",
                **{name: int(part[name].sum()) for name in counts},
            }
        )
    return sorted(rows, key=lambda row: str(row["file"]))


def show_ledger(out: Console, shop: Any, *, every: bool) -> None:
    """Write the ledger as a table grouped by folder; a long one gathers ordinary files."""
    wide, stacked = out.width >= NARROW, out.width < STACKED
    whole = every or len(shop.ledger) <= LONG
    title = "every file" if whole else "what was read (--all shows every file)"
    table = Table(
        title=clean(f"{shop.settings.name}: {title}"),
        title_justify="left",
        box=None,
        expand=True,
    )
    table.add_column("File", overflow="fold", ratio=1)
    if not stacked:
        table.add_column("What it is", overflow="fold", max_width=24 if wide else 18)
        table.add_column("Days", overflow="fold", width=24 if wide else 13)
    if wide:
        table.add_column("Encoding", no_wrap=True)
        table.add_column("Read", justify="right", no_wrap=True)
    for name in ("Kept", "Aside"):
        table.add_column(name, justify="right", no_wrap=True)
    folder = ""
    for row in shop.ledger.to_dict("records") if whole else gathered(shop.ledger):
        above, _, name = cell(row["file"]).rpartition("/")
        if above != folder:
            table.add_row(Text(f"{above}/" if above else "", style="bold"))
            folder = above
        lines = [Text(f"  {name}" if above else name)]
        what = ", ".join(filter(None, (cell(row["report"]), cell(row["marketplace"]))))
        about = [what, span(row["start"], row["end"])]
        for text in (*(about if stacked else ()), cell(row["note"])):
            if text:
                lines.append(Padding(Text(text, style="dim"), (0, 0, 0, 4)))
        rows = [cell(row[count]) for count in ("rows_read", "rows_kept", "rows_set_aside")]
        details = [cell(row["encoding"]), *rows] if wide else rows[1:]
        table.add_row(Group(*lines), *([] if stacked else about), *details)
    out.print(table)


def show_set_aside(out: Console, rows: Any) -> None:
    """Write what was set aside: file, reason, how many rows and which lines."""
    headings = {"file": "File", "reason": "Reason", "rows": "Rows", "lines": "Lines"}
    _show(out, rows, "Rows set aside", headings)


def show_missing(out: Console, rows: Any) -> None:
    """Write what was not found, what that costs and where to get it."""
    headings = {"what": "What", "cost": "What it costs", "remedy": "What to do"}
    _show(out, rows, "What is missing", headings)


def _show(out: Console, rows: Any, title: str, headings: dict[str, str]) -> None:
    """Write a table under a title; where columns have no room, each row as lines."""
    if rows.empty:
        return
    out.print()
    if out.width < STACKED:
        out.print(title)
        for row in rows.to_dict("records"):
            first, *others = headings
            out.print(cell(row[first]))
            for name in others:
                if text := cell(row[name]):
                    out.print(Padding(Text(f"{headings[name]}: {text}"), (0, 0, 0, 2)))
        return
    table = Table(title=title, title_justify="left", box=None)
    for name, heading in headings.items():
        numbers = name == "rows"
        table.add_column(heading, justify="right" if numbers else "left", overflow="fold")
    for row in rows.to_dict("records"):
        table.add_row(*(cell(row[name]) for name in headings))
    out.print(table)


def show_sum(out: Console, inspection: Any) -> None:
    """Write the sum of the ledger."""
    counted = inspection.shop.ledger.dropna(subset=["rows_read"])
    read, kept, aside = (
        int(counted[name].sum()) for name in ("rows_read", "rows_kept", "rows_set_aside")
    )
    files = several(len(counted), "file")
    text = f"{files}: {several(read, 'row')} read = {kept:,} kept + {aside:,} set aside."
    if counted.empty and not inspection.problems:
        text = (
            "No report is there yet: put what you download from Seller Central into amazon/, "
            "in any sub-folders."
        )
    if inspection.problems:
        # One file may have several problems; what is wrong between files names none.
        named = [problem.file or problem for problem in inspection.problems]
        text += f" {several(len(set(named)), 'file')} cannot be used:"
    out.print()
    out.print(text, soft_wrap=True)


def cell(value: Any) -> str:
    """Return a table's cell; a missing value is empty."""
    if missing(value):
        return ""
    return clean(f"{value:,}" if isinstance(value, int) else value)


def span(start: Any, end: Any) -> str:
    """Return two days as one text."""
    days = [f"{day:%Y-%m-%d}" for day in (start, end) if not missing(day)]
    return " to ".join(dict.fromkeys(days))
