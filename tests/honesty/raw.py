"""The sample shop's raw files, read with the standard library alone.

Nothing here is shared with the product: a mistake in one of its readers cannot hide here. The
layout of the sample (folders, languages, encodings) is written down by hand, not recognised.
"""

import json
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import date
from functools import cache, cached_property

from tests.honesty.files import (
    CODES,
    FOLDERS,
    SALES,
    _product,
    local_day,
    named_day,
    rows_of,
    slashed,
    text_of,
)
from tests.project_files import ROOT

SHOP = ROOT / "data" / "sample"
AMAZON = SHOP / "amazon"
CANCELLED = {"Cancelled", "Canceled"}


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
                kind = next((KINDS[key] for key in KINDS if path.name.startswith(key)), None)
                assert kind, f"{name}: no line of KINDS here says how a file of that name is read"
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
        # A browser names a second download "... (1).csv": the shorter name is the original.
        files = sorted(self.of("Business report by child ASIN"), key=lambda one: len(one[0].name))
        for path, line in files:
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


@cache
def shop():
    """Return the sample shop, read once a process."""
    return Shop().read_all()
