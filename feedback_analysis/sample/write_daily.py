"""Sales and Traffic by date (JSON, gzip): one file a half-year and marketplace."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

import numpy as np

from .model import MARKETS, model
from .output import Output, half_years
from .tally import Tally
from .write_orders import folder


def write_daily(out: Output, tally: Tally) -> None:
    """Write the daily reports of the whole shop."""
    span = tally.span
    for position, code in enumerate(MARKETS):
        entry = model()["markets"][code]
        for begin, finish in half_years(span.start, span.end):
            first = int((begin - span.start).astype(int))
            last = int((finish - span.start).astype(int))
            days = [_Day(tally, code, position, i).report() for i in range(first, last + 1)]
            report = {
                "reportSpecification": {
                    "reportType": "GET_SALES_AND_TRAFFIC_REPORT",
                    "reportOptions": {"dateGranularity": "DAY", "asinGranularity": "PARENT"},
                    "dataStartTime": str(begin),
                    "dataEndTime": str(finish),
                    "marketplaceIds": [entry["id"]],
                },
                "salesAndTrafficByDate": days,
                "salesAndTrafficByAsin": [],
            }
            path = f"{folder(code, 'daily')}/sales-and-traffic-{begin}-to-{finish}.json.gz"
            out.append(path, json.dumps(report, separators=(",", ":")) + "\n")
            if code == "DE":
                out.period(path, begin, finish, code)


def number(value: float) -> int | float:
    """Round to two places; whole numbers come as integers, as in Amazon's files."""
    value = round(float(value), 2)
    return int(value) if value.is_integer() else value


def percent(part: float, whole: float) -> int | float:
    """Return 100 x part / whole, 0 where there is nothing to divide by."""
    return number(100 * part / whole) if whole else 0


@dataclass(frozen=True)
class _Day:
    """A marketplace's day in the tally."""

    tally: Tally
    code: str
    position: int
    index: int

    def amount(self, name: str) -> float:
        return float(self.tally[name][self.position, self.index])

    def count(self, name: str) -> int:
        return round(self.amount(name))

    def money(self, amount: float) -> dict[str, Any]:
        currency = model()["markets"][self.code]["currency"]
        return {"amount": round(float(amount), 2), "currencyCode": currency}

    def report(self) -> dict[str, Any]:
        sold, seen = _sold(self), _seen(self)
        if self.code == "UK":
            # Only the UK account sells to businesses through Amazon's programme for them.
            sold |= {
                "orderedProductSalesB2B": self.money(self.amount("sales_b2b")),
                "unitsOrderedB2B": self.count("units_b2b"),
                "totalOrderItemsB2B": self.count("items_b2b"),
            }
            share = percent(self.amount("units_b2b"), self.amount("sessions_b2b"))
            seen |= {
                "pageViewsB2B": self.count("views_b2b"),
                "sessionsB2B": self.count("sessions_b2b"),
                "unitSessionPercentageB2B": share,
            }
        date = str(self.tally.span.start + np.timedelta64(self.index, "D"))
        return {"date": date, "salesByDate": sold, "trafficByDate": seen}


def _sold(day: _Day) -> dict[str, Any]:
    units, items, sales = day.count("units"), day.count("items"), day.amount("sales")
    return {
        "orderedProductSales": day.money(sales),
        "unitsOrdered": units,
        "totalOrderItems": items,
        "averageSalesPerOrderItem": day.money(sales / items if items else 0),
        "averageUnitsPerOrderItem": number(units / items if items else 0),
        "averageSellingPrice": day.money(sales / units if units else 0),
        "unitsRefunded": day.count("units_refunded"),
        "refundRate": percent(day.amount("units_refunded"), units),
        "claimsGranted": day.count("claims"),
        "claimsAmount": day.money(day.amount("claims_amount")),
        "shippedProductSales": day.money(day.amount("sales_shipped")),
        "unitsShipped": day.count("units_shipped"),
        "ordersShipped": day.count("orders_shipped"),
    }


def _seen(day: _Day) -> dict[str, Any]:
    sessions, views = day.count("sessions"), day.count("views")
    offered = int(day.tally.offered[day.position])
    negative = day.count("stars_1") + day.count("stars_2")
    received = sum(day.count(f"stars_{stars}") for stars in range(1, 6))
    return {
        "browserPageViews": views - day.count("views_app"),
        "mobileAppPageViews": day.count("views_app"),
        "pageViews": views,
        "browserSessions": sessions - day.count("sessions_app"),
        "mobileAppSessions": day.count("sessions_app"),
        "sessions": sessions,
        "buyBoxPercentage": percent(day.amount("views_offered"), views),
        "orderItemSessionPercentage": percent(day.count("items"), sessions),
        "unitSessionPercentage": percent(day.count("units"), sessions),
        "averageOfferCount": offered,
        "averageParentItems": offered * 2 // 3,
        "feedbackReceived": received,
        "negativeFeedbackReceived": negative,
        "receivedNegativeFeedbackRate": percent(negative, received),
    }
