"""One file of the sample shop, read with the standard library alone: its rows, days and numbers."""

import csv
import gzip
import io
from datetime import date, datetime
from zoneinfo import ZoneInfo

ZONES = {"US": "America/Los_Angeles", "UK": "Europe/London", "DE": "Europe/Berlin"}


CODES = {"ATVPDKIKX0DER": "US", "A1F83G8C2ARO7P": "UK", "A1PA6795UKMFR9": "DE"}


SALES = {"Amazon.com": "US", "Amazon.co.uk": "UK", "Amazon.de": "DE"}


FOLDERS = {"Deutschland": "DE", "UK": "UK", "US": "US"}


MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()


def text_of(path):
    """Return a file's text: gzip undone, UTF-8 with or without a mark, else Windows-1252."""
    content = path.read_bytes()
    if path.suffix == ".gz":
        content = gzip.decompress(content)
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252")


def rows_of(path):
    """Return the rows of a delimited file as dicts with lower-case headers."""
    text = text_of(path)
    tab = "\t" in text.splitlines()[0]
    quoting = csv.QUOTE_NONE if tab else csv.QUOTE_MINIMAL
    lines = csv.reader(
        io.StringIO(text, newline=""), delimiter="\t" if tab else ",", quoting=quoting
    )
    header = [name.strip().lower() for name in next(lines)]
    return [dict(zip(header, line, strict=False)) for line in lines if any(line)]


def local_day(stamp, market):
    """Return the day of a time stamp in the marketplace's own time; a plain day stays itself."""
    if len(stamp) == 10:
        return date.fromisoformat(stamp)
    return datetime.fromisoformat(stamp).astimezone(ZoneInfo(ZONES[market])).date()


def slashed(text, market):
    """Return a feedback date: month first in the US, day first elsewhere, two-digit years."""
    first, second, year = (int(part) for part in text.replace(".", "/").split("/"))
    month, day = (first, second) if market == "US" else (second, first)
    return date(2000 + year, month, day)


def named_day(text):
    """Return a day such as ``21-Nov-2024``."""
    day, month, year = text.split("-")
    return date(int(year), MONTHS.index(month) + 1, int(day))


def number(text):
    """Return a number of a business report: ``1.234,50 €``, ``$1,234.50``, ``56``."""
    kept = "".join(mark for mark in text if mark.isdigit() or mark in ".,-")
    if not kept:
        return None
    if "," in kept and (kept.rfind(",") > kept.rfind(".")) and len(kept.split(",")[-1]) != 3:
        kept = kept.replace(".", "").replace(",", ".")
    return float(kept.replace(",", ""))


def _product(row):
    """Return the figures of a business report's row, whatever language its header has."""

    def cell(*starts):
        for name, value in row.items():
            plain = name.replace("\xa0", " ")
            if any(plain == start for start in starts):
                return number(value)
        return None

    keys = list(row)
    total = ("sessions - total", "sessions – total", "sitzungen – summe")
    return {
        "parent": row[keys[0]],
        "child": row[keys[1]],
        "sessions": cell(*total),
        "units": cell("units ordered", "bestellte einheiten"),
        "items": cell("total order items", "zahl der bestellposten"),
        "page views": cell("page views - total", "page views – total", "seitenaufrufe – summe"),
        "offer": None if (offer := cell(*OFFER)) is None else offer / 100,
        "sales": cell("ordered product sales", "durch bestellte produkte erzielter umsatz"),
    }


OFFER = (
    "featured offer (buy box) percentage", "featured offer percentage", "buy box percentage",
    "einkaufswagenfeld-prozentsatz",
)  # fmt: skip
