"""The sample shop's raw files, read with the standard library alone.

Nothing here is shared with the product: a mistake in one of its readers cannot hide here. The
layout of the sample (folders, languages, encodings) is written down by hand, not recognised.
"""

import csv
import gzip
import io
import json
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cache, cached_property
from zoneinfo import ZoneInfo

from tests.project_files import ROOT

SHOP = ROOT / "data" / "sample"
AMAZON = SHOP / "amazon"
ZONES = {"US": "America/Los_Angeles", "UK": "Europe/London", "DE": "Europe/Berlin"}
CODES = {"ATVPDKIKX0DER": "US", "A1F83G8C2ARO7P": "UK", "A1PA6795UKMFR9": "DE"}
SALES = {"Amazon.com": "US", "Amazon.co.uk": "UK", "Amazon.de": "DE"}
FOLDERS = {"Deutschland": "DE", "UK": "UK", "US": "US"}
MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()
CANCELLED = {"Cancelled", "Canceled"}


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


@dataclass(frozen=True)
class Feedback:
    """One feedback, as the newest download that holds it tells it."""

    day: date
    market: str
    stars: int
    comment: str
    response: str
    order: str
    gone: bool


@dataclass
class File:
    """One line of the ledger: what a file is, and how many rows it gives."""

    kind: str
    market: str
    rows: int = 0
    days: list = field(default_factory=list)
    aside: Counter = field(default_factory=Counter)

    @property
    def kept(self):
        return self.rows - sum(self.aside.values())


KINDS = {
    "all-orders": "All Orders",
    "fba-returns": "FBA customer returns",
    "fbm-returns": "Returns to the seller",
    "AmazonFulfilledShipments": "Amazon Fulfilled Shipments",
    "shipping-confirmations": "Shipping confirmations (seller-fulfilled)",
    "BusinessReport": "Business report by child ASIN",
    "sales-and-traffic": "Sales and Traffic (JSON)",
    "feedback-manager-totals": "Feedback Manager totals",
    "feedback": "Seller feedback",
    "seller-feedback": "Seller feedback",
    "Bewertungen": "Seller feedback",
    "Umsatz-und-Traffic": "Sales and Traffic (JSON)",
    "Verkaeufe": "Sales and Traffic (JSON)",
    "account-health": "Account health (JSON)",
    "KeepaExport": "Keepa export",
    "reviews": "Review history",
}


class Shop:
    """Everything in the folder, read once."""

    def __init__(self, root=SHOP):
        self.root, self.amazon = root, root / "amazon"
        self.files = {}
        for path in sorted(self.amazon.rglob("*")):
            if path.is_file() and path.name != "periods.csv":
                name = path.relative_to(self.amazon).as_posix()
                kind = next(KINDS[key] for key in KINDS if path.name.startswith(key))
                market = FOLDERS.get(name.split("/")[0], "")
                self.files[name] = File(kind, market)
        self.traffic_spans = self._stated_spans()

    def of(self, *kinds):
        """Return the paths of some kinds of files, with their ledger lines."""
        return [
            (self.amazon / name, line) for name, line in self.files.items() if line.kind in kinds
        ]

    def _stated_spans(self):
        """Return the stated period of each business report, from its folder or periods.csv."""
        spans = {}
        for path in self.amazon.rglob("periods.csv"):
            for row in rows_of(path):
                if row.get("start"):
                    name = (path.parent / row["file"]).relative_to(self.amazon).as_posix()
                    spans[name] = (
                        date.fromisoformat(row["start"]),
                        date.fromisoformat(row["end"]),
                    )
        for name, line in self.files.items():
            parts = name.split("/")[-2].split("_") if "/" in name else []
            if len(parts) == 2 and len(parts[0]) == 10:
                spans[name] = tuple(date.fromisoformat(part) for part in parts)
            del line
        return spans

    @cached_property
    def feedback(self):
        """Every feedback once; of two downloads the newer one's row; gone where it has left."""
        german = {"datum": "date", "bewertung": "rating", "kommentare": "comments"}
        german |= {"ihre antwort": "your response", "bestellnummer": "order id"}
        downloads = []
        for path, line in self.of("Seller feedback"):
            rows = [
                {german.get(key, key): cell for key, cell in row.items()} for row in rows_of(path)
            ]
            line.rows = len(rows)
            days = [slashed(row["date"], line.market) for row in rows]
            line.days = days
            downloads.append((max(days), min(days), line, list(zip(days, rows, strict=True))))
        downloads.sort(key=lambda download: download[0])
        found = {}
        for last, _, line, rows in downloads:
            for day, row in rows:
                earlier = found.get(row["order id"])
                if earlier is not None:
                    earlier[3].aside["also in a newer download"] += 1
                found[row["order id"]] = (last, day, row, line)
        whole = []
        for last, day, row, line in found.values():
            gone = any(
                other.market == line.market and last < until and begin <= day <= until
                for until, begin, other, _ in downloads
            )
            whole.append(
                Feedback(
                    day, line.market, int(row["rating"]), row["comments"].strip(),
                    row["your response"].strip(), row["order id"], gone,
                )
            )  # fmt: skip
        return whole

    @cached_property
    def counted(self):
        """Feedback that counts: without what a newer download no longer holds."""
        return [one for one in self.feedback if not one.gone]

    @cached_property
    def items(self):
        """Order items: one dict a row with ``day``, ``market`` and ``channel`` added."""
        found = []
        for path, line in self.of("All Orders"):
            rows = rows_of(path)
            for row in rows:
                market = SALES[row["sales-channel"]]
                row["day"], row["market"] = local_day(row["purchase-date"], market), market
                row["channel"] = "amazon" if row["fulfillment-channel"] == "Amazon" else "seller"
                row["order"] = row["amazon-order-id"]
            line.rows, line.days = len(rows), [row["day"] for row in rows]
            found += rows
        return found

    @cached_property
    def orders(self):
        """Orders: id -> day, market, channel, items, status."""
        found = {}
        for row in self.items:
            found.setdefault(row["order"], []).append(row)
        return found

    @cached_property
    def shipments(self):
        """Shipped items of both channels: order, market, ship day, promised day, carrier."""
        found = []
        for path, line in self.of("Amazon Fulfilled Shipments"):
            rows = rows_of(path)
            days = []
            for row in rows:
                market = SALES.get(row["sales-channel"], line.market)
                days.append(local_day(row["shipment-date"], market))
                promised = row["estimated-arrival-date"]
                found.append(
                    {
                        "order": row["amazon-order-id"],
                        "market": market,
                        "day": days[-1],
                        "promised": local_day(promised, market) if promised else None,
                        "carrier": row["carrier"],
                        "tracking": row["tracking-number"],
                        "channel": "amazon",
                    }
                )
            line.rows, line.days = len(rows), days
        for path, line in self.of("Shipping confirmations (seller-fulfilled)"):
            rows = rows_of(path)
            for row in rows:
                found.append(
                    {
                        "order": row["order-id"],
                        "market": line.market,
                        "day": date.fromisoformat(row["ship-date"]),
                        "promised": date.fromisoformat(row["promise-date"])
                        if row["promise-date"]
                        else None,
                        "carrier": row["carrier-name"],
                        "tracking": row["tracking-number"],
                        "channel": "seller",
                    }
                )
            line.rows = len(rows)
            line.days = [date.fromisoformat(row["ship-date"]) for row in rows]
        return found

    @cached_property
    def returns(self):
        """Returned items of both kinds."""
        found = []
        for path, line in self.of("FBA customer returns"):
            rows = rows_of(path)
            for row in rows:
                found.append(
                    {
                        **row,
                        "day": local_day(row["return-date"], line.market),
                        "order": row["order-id"],
                        "market": line.market,
                        "kind": "amazon",
                    }
                )
            line.rows = len(rows)
            line.days = [one["day"] for one in found[len(found) - len(rows) :]]
        for path, line in self.of("Returns to the seller"):
            rows = rows_of(path)
            for row in rows:
                found.append(
                    {
                        **row,
                        "day": named_day(row["return request date"]),
                        "order": row["order id"],
                        "reason": row["return reason"],
                        "market": line.market,
                        "kind": "seller",
                    }
                )
            line.rows = len(rows)
            line.days = [one["day"] for one in found[len(found) - len(rows) :]]
        return found

    @cached_property
    def daily(self):
        """Days: one dict a day and marketplace."""
        found = []
        for path, line in self.of("Sales and Traffic (JSON)"):
            report = json.loads(text_of(path))
            market = CODES[report["reportSpecification"]["marketplaceIds"][0]]
            for entry in report["salesAndTrafficByDate"]:
                sales, traffic = entry["salesByDate"], entry["trafficByDate"]
                found.append(
                    {
                        "day": date.fromisoformat(entry["date"]),
                        "market": market,
                        "units": sales["unitsOrdered"],
                        "items": sales["totalOrderItems"],
                        "refunded": sales["unitsRefunded"],
                        "sessions": traffic["sessions"],
                        "received": traffic["feedbackReceived"],
                        "negative": traffic["negativeFeedbackReceived"],
                    }
                )
                line.days.append(found[-1]["day"])
                line.rows += 1
        return found

    @cached_property
    def traffic(self):
        """Products and weeks: one dict a child ASIN and stated period; the double copy left out."""
        found, seen = [], {}
        for path, line in self.of("Business report by child ASIN"):
            name = path.relative_to(self.amazon).as_posix()
            rows = rows_of(path)
            line.rows = len(rows)
            key = (text_of(path), line.market)
            if key in seen:
                line.aside[f"same content as {seen[key]}"] = len(rows)
                continue
            seen[key] = name
            line.days = list(self.traffic_spans[name])
            found += [
                {**_product(row), "market": line.market, "week": line.days[0], "end": line.days[1]}
                for row in rows
            ]
        return found

    @cached_property
    def reviews(self):
        """Review counts: asin -> sorted list of day, count, average; with Keepa's snapshot."""
        found = defaultdict(dict)
        for path, line in self.of("Review history"):
            rows = rows_of(path)
            line.rows = len(rows)
            line.days = [date.fromisoformat(row["date"]) for row in rows]
            for row in rows:
                average = float(row["average_rating"]) if row["average_rating"] else None
                count = int(row["review_count"])
                found[row["asin"]][date.fromisoformat(row["date"])] = (count, average)
        self.review_rows = [(asin, day) for asin, days in found.items() for day in days]
        for path, line in self.of("Keepa export"):
            rows = rows_of(path)
            line.rows, day = len(rows), date.fromisoformat(path.parent.name[:10])
            line.days = [day]
            for row in rows:
                if not row["reviews: rating count"]:
                    line.aside["no review count"] += 1
                    continue
                average = float(row["reviews: rating"]) if row["reviews: rating"] else None
                self.review_rows.append((row["asin"], day))
                found[row["asin"]].setdefault(day, (int(row["reviews: rating count"]), average))
        return {asin: sorted(days.items()) for asin, days in found.items()}

    @cached_property
    def health(self):
        """Amazon's account health: the list of metrics by marketplace."""
        (path, _), *_ = self.of("Account health (JSON)")
        report = json.loads(text_of(path))
        return {CODES[one["marketplaceId"]]: one for one in report["performanceMetrics"]}

    @cached_property
    def typed(self):
        """Totals typed in: window -> positive, neutral, negative (UK)."""
        ((path, line),) = self.of("Feedback Manager totals")
        rows = rows_of(path)
        line.rows = len(rows)
        line.days = [date.fromisoformat(row["as_of"]) for row in rows]
        return {
            (row["marketplace"], row["window"]): tuple(
                int(row[name]) for name in ("positive", "neutral", "negative")
            )
            for row in rows
        }

    @cached_property
    def cases(self):
        """The shop's own list of cases."""
        return rows_of(self.root / "cases.csv")

    @cached_property
    def asks(self):
        """The shop's log of requests."""
        return rows_of(self.root / "asks.csv")

    def read_all(self):
        """Read every table, so that the ledger is complete."""
        for name in ("feedback", "items", "shipments", "returns", "daily", "traffic", "reviews"):
            getattr(self, name)
        _ = self.typed
        return self


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


@cache
def shop():
    """Return the sample shop, read once a process."""
    return Shop().read_all()
