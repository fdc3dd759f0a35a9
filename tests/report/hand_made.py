"""Hand-made shops and notebooks for the tests of the report."""

from pathlib import Path

import nbformat
import numpy as np
import pandas as pd

from feedback_analysis import tables
from feedback_analysis.report.render import page_maker
from feedback_analysis.settings import Settings
from feedback_analysis.shop import Shop

LEDGER = {
    "file": "US/feedback.txt",
    "report": "Seller feedback",
    "marketplace": "US",
    "start": pd.Timestamp("2026-10-01"),
    "end": pd.Timestamp("2026-10-31"),
    "encoding": "UTF-8",
    "rows_read": 11,
    "rows_kept": 10,
    "rows_set_aside": 1,
    "note": "",
}


def finished(name, frame):
    """Return a declared table; numbers that are left out are missing."""
    schema = tables.SCHEMAS[name].columns
    numbers = [column for column in schema if str(schema[column].dtype) == "float64"]
    return tables.finish(
        name, frame.assign(**{column: np.nan for column in numbers if column not in frame})
    )


def feedback(rows, *, marketplace="US", source="all ratings"):
    """Return a feedback table of (day, rating) or (day, rating, order key) rows."""
    frame = pd.DataFrame(
        [(*row, None)[:3] for row in rows], columns=["date", "rating", "order_key"]
    )
    return finished(
        "feedback",
        frame.assign(
            date=pd.to_datetime(frame["date"]),
            marketplace=marketplace,
            comment="",
            response="",
            source=source,
            first_seen=pd.Timestamp("2026-10-31"),
            last_seen=pd.Timestamp("2026-10-31"),
            gone=False,
        ),
    )


def orders(rows, *, marketplace="US"):
    """Return an orders table of (order key, day, asin, channel) rows."""
    frame = pd.DataFrame(rows, columns=["order_key", "purchase_date", "asin", "channel"])
    return finished(
        "orders",
        frame.assign(
            purchase_date=pd.to_datetime(frame["purchase_date"]),
            marketplace=marketplace,
            quantity=1,
            status="Shipped",
        ),
    )


def daily(rows, *, marketplace="US"):
    """Return a daily table of (day, sessions, order items, units, units refunded) rows."""
    names = ["date", "sessions", "order_items", "units", "units_refunded"]
    frame = pd.DataFrame(rows, columns=names)
    return finished(
        "daily",
        frame.assign(date=pd.to_datetime(frame["date"]), marketplace=marketplace),
    )


def shop(*, settings=None, ledger=(LEDGER,), set_aside=(), missing=(), **given):
    """Return a shop with the given tables and empty ones for the rest."""
    found = {name: given.get(name, tables.empty(name)) for name in tables.SCHEMAS}
    return Shop(
        **found,
        ledger=pd.DataFrame(list(ledger), columns=list(LEDGER)).astype(
            dict.fromkeys(("rows_read", "rows_kept", "rows_set_aside"), "Int64")
        ),
        set_aside=pd.DataFrame(list(set_aside), columns=["file", "reason", "rows", "lines"]),
        missing=pd.DataFrame(list(missing), columns=["what", "cost", "remedy"]),
        settings=settings or Settings(name="Hand & Made", marketplaces=("US",)),
        folder=Path("hand-made"),
    )


def stars(day, *, fives=0, fours=0, threes=0, twos=0, ones=0):
    """Return so many (day, rating) rows of each rating."""
    counts = ((5, fives), (4, fours), (3, threes), (2, twos), (1, ones))
    return [(day, rating) for rating, count in counts for _ in range(count)]


def notebook(*cells, title="Data check", parameters='SHOP = "x"\nPERIOD = "2026-10"'):
    """Return a notebook: a title, a parameters cell and the given code (or Markdown) cells."""
    v4 = nbformat.v4
    made = [v4.new_markdown_cell(f"# {title}\n\nWhat was read. And more.", id="title")]
    if parameters is not None:
        made.append(
            v4.new_code_cell(parameters, id="parameters", metadata={"tags": ["parameters"]})
        )
    for number, cell in enumerate(cells):
        new = v4.new_markdown_cell if cell.startswith("#") else v4.new_code_cell
        made.append(new(cell, id=f"cell-{number}"))
    return v4.new_notebook(cells=made)


def write_notebook(path, *cells, **options):
    """Write such a notebook and return its path."""
    path.parent.mkdir(parents=True, exist_ok=True)
    nbformat.write(notebook(*cells, **options), path)
    return path


def pages_of(notebooks):
    """Render executed notebooks, by name."""
    with page_maker(notebooks) as page:
        return [page(name, each) for name, each in notebooks.items()]
