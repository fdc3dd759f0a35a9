"""Sales and Traffic by date (JSON, gzip): one file a half-year and marketplace."""

from __future__ import annotations

import json
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
            days = [_day(tally, code, position, index) for index in range(first, last + 1)]
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


def _day(tally: Tally, code: str, position: int, index: int) -> dict[str, Any]:
    def take(name: str) -> float:
        return float(tally[name][position, index])

    def whole(name: str) -> int:
        return round(take(name))

    currency = model()["markets"][code]["currency"]

    def money(amount: float) -> dict[str, Any]:
        return {"amount": round(float(amount), 2), "currencyCode": currency}

    units, items, sales = whole("units"), whole("items"), take("sales")
    sold = {
        "orderedProductSales": money(sales),
        "unitsOrdered": units,
        "totalOrderItems": items,
        "averageSalesPerOrderItem": money(sales / items if items else 0),
        "averageUnitsPerOrderItem": number(units / items if items else 0),
        "averageSellingPrice": money(sales / units if units else 0),
        "unitsRefunded": whole("units_refunded"),
        "refundRate": percent(take("units_refunded"), units),
        "claimsGranted": whole("claims"),
        "claimsAmount": money(take("claims_amount")),
        "shippedProductSales": money(take("sales_shipped")),
        "unitsShipped": whole("units_shipped"),
        "ordersShipped": whole("orders_shipped"),
    }
    sessions, views = whole("sessions"), whole("views")
    negative = whole("stars_1") + whole("stars_2")
    received = sum(whole(f"stars_{stars}") for stars in range(1, 6))
    seen = {
        "browserPageViews": views - whole("views_app"),
        "mobileAppPageViews": whole("views_app"),
        "pageViews": views,
        "browserSessions": sessions - whole("sessions_app"),
        "mobileAppSessions": whole("sessions_app"),
        "sessions": sessions,
        "buyBoxPercentage": percent(take("views_offered"), views),
        "orderItemSessionPercentage": percent(items, sessions),
        "unitSessionPercentage": percent(units, sessions),
        "averageOfferCount": int(tally.offered[position]),
        "averageParentItems": int(tally.offered[position] * 2 // 3),
        "feedbackReceived": received,
        "negativeFeedbackReceived": negative,
        "receivedNegativeFeedbackRate": percent(negative, received),
    }
    if code == "UK":
        # Only the UK account sells to businesses through Amazon's programme for them.
        sold |= {
            "orderedProductSalesB2B": money(take("sales_b2b")),
            "unitsOrderedB2B": whole("units_b2b"),
            "totalOrderItemsB2B": whole("items_b2b"),
        }
        seen |= {
            "pageViewsB2B": whole("views_b2b"),
            "sessionsB2B": whole("sessions_b2b"),
            "unitSessionPercentageB2B": percent(take("units_b2b"), take("sessions_b2b")),
        }
    date = str(tally.span.start + np.timedelta64(index, "D"))
    return {"date": date, "salesByDate": sold, "trafficByDate": seen}
