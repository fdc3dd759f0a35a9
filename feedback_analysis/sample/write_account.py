"""Account health (JSON) and the totals that the owner copied from Feedback Manager."""

from __future__ import annotations

import json
from typing import Any

import numpy as np

from .model import MARKETS, model
from .output import Output, quoted
from .tally import Tally


def write_account_health(out: Output, tally: Tally) -> None:
    """Write the latest account health report of the whole shop."""
    metrics = [_metrics(tally, position) for position in range(len(MARKETS))]
    report = {
        "accountStatuses": [
            {
                "marketplaceId": entry["marketplaceId"],
                "status": "AT_RISK"
                if "BAD" in (entry["orderDefectRate"][name]["status"] for name in ("mfn", "afn"))
                else "NORMAL",
            }
            for entry in metrics
        ],
        "performanceMetrics": metrics,
    }
    path = f"amazon/account-health/account-health-{tally.span.end}.json"
    out.append(path, json.dumps(report, indent=1) + "\n")


def _window(tally: Tally, days: int, until: int = 0) -> tuple[slice, dict[str, str]]:
    """Return the last days of the shop (left ``until`` days before its end) and their range."""
    last = max(1, tally.days - until)
    first = max(0, last - days)
    start = tally.span.start
    return slice(first, last), {
        "reportingDateFrom": f"{start + np.timedelta64(first, 'D')}T00:00Z",
        "reportingDateTo": f"{start + np.timedelta64(last - 1, 'D')}T23:59Z",
    }


def _rate(count: int, whole: int, target: float, condition: str) -> dict[str, Any]:
    rate = count / whole if whole else 0.0
    good = rate < target if condition == "LESS_THAN" else rate > target
    return {
        "status": "GOOD" if good or not whole else "BAD",
        "rate": round(rate, 6),
        "targetValue": target,
        "targetCondition": condition,
    }


def _metrics(tally: Tally, position: int) -> dict[str, Any]:
    def total(name: str, days: slice) -> int:
        return round(float(tally[name][position, days].sum()))

    month, month_range = _window(tally, 30)
    week, week_range = _window(tally, 7)
    # Parcels of the last week have not all arrived.
    arrived, arrived_range = _window(tally, 30, 7)
    shipped, late = total("own_shipped", arrived), total("own_late", arrived)
    cancelled = total("own_cancelled", week)
    ordered = total("orders_seller", week) + cancelled
    month_shipped, untracked = total("own_shipped", month), total("own_untracked", month)
    late_shipments = month_shipped // 60
    return {
        "marketplaceId": model()["markets"][MARKETS[position]]["id"],
        "orderDefectRate": {
            block: _defects(tally, position, name)
            for block, name in (("mfn", "seller"), ("afn", "amazon"))
        },
        "lateShipmentRate": {
            "reportingDateRange": month_range,
            "orderCount": month_shipped,
            "lateShipmentCount": late_shipments,
            **_rate(late_shipments, month_shipped, 0.04, "LESS_THAN"),
        },
        "preFulfillmentCancellationRate": {
            "reportingDateRange": week_range,
            "orderCount": ordered,
            "cancellationCount": cancelled,
            **_rate(cancelled, ordered, 0.025, "LESS_THAN"),
        },
        "onTimeDeliveryRate": {
            "reportingDateRange": arrived_range,
            "shipmentCountWithValidTracking": shipped,
            "onTimeDeliveryCount": shipped - late,
            **_rate(shipped - late, shipped, 0.9, "GREATER_THAN"),
        },
        "validTrackingRate": {
            "reportingDateRange": month_range,
            "shipmentCount": month_shipped,
            "validTrackingCount": month_shipped - untracked,
            **_rate(month_shipped - untracked, month_shipped, 0.95, "GREATER_THAN"),
        },
        "listingPolicyViolations": {
            "reportingDateRange": month_range,
            "defectsCount": 0,
            "status": "GOOD",
            "targetValue": 0,
            "targetCondition": "EQUALS",
        },
        "accountHealthRating": {
            "accountHealthRatingStatus": "GREAT",
            "reportingDateRange": month_range,
        },
        "warningState": [],
    }


def _defects(tally: Tally, position: int, name: str) -> dict[str, Any]:
    # Sixty days by order date, ending 17 days back: feedback needs time to come in.
    days, dates = _window(tally, 60, 17)

    def total(kind: str) -> int:
        return round(float(tally[f"{kind}_{name}"][position, days].sum()))

    orders, negative, claims = total("orders"), total("defects"), total("claims")
    both = min(negative, claims) // 3
    defects = negative + claims - both
    return {
        "reportingDateRange": dates,
        "orderCount": orders,
        "orderWithDefects": {"count": defects, "status": "NONE"},
        "claims": {"count": claims, "status": "NONE"},
        "chargebacks": {"count": 0, "status": "NONE"},
        "negativeFeedback": {"count": negative, "status": "NONE"},
        "fulfillmentType": "mfn" if name == "seller" else "afn",
        **_rate(defects, orders, 0.01, "LESS_THAN"),
    }


def write_totals(out: Output, tally: Tally) -> None:
    """Write Feedback Manager's table for the UK; rows that were removed or struck do not count."""
    position = MARKETS.index("UK")
    rows = []
    for window, days in (("30 days", 30), ("90 days", 90), ("365 days", 365), ("lifetime", None)):
        first = 0 if days is None else max(0, tally.days - days)
        stars = [
            round(float(tally[f"counted_{number}"][position, first:].sum()))
            for number in range(1, 6)
        ]
        counts = (stars[3] + stars[4], stars[2], stars[0] + stars[1])
        rows.append((str(tally.span.end), window, "UK", *map(str, counts)))
    header = quoted([("as_of", "window", "marketplace", "positive", "neutral", "negative")])
    out.append("amazon/UK/feedback-manager-totals.csv", quoted(rows), header=header)
