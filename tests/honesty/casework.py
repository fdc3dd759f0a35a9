"""Cases, their clocks and what came of them; requests for feedback: from the raw files alone."""

from collections import defaultdict
from datetime import date, timedelta
from functools import cache
from math import exp, log, sqrt

from tests.honesty import sums
from tests.honesty.orders import NOT_SOLD
from tests.honesty.raw import shop

ANSWER, CLOSE, TOLERANCE = 2, 14, 1


def day(text):
    """Return a day of the shop's own lists, or None."""
    return date.fromisoformat(text) if text else None


@cache
def listed():
    """Return the shop's own row of each order, the first one."""
    found = {}
    for row in shop().cases:
        found.setdefault(row["order_id"], row)
    return found


@cache
def bought():
    """Return the first day of each order."""
    found = {}
    for row in shop().items:
        found[row["order"]] = min(row["day"], found.get(row["order"], row["day"]))
    return found


@cache
def cases(as_of, days=365):
    """Return the cases of a day: one a feedback of 1 to 3 stars, with its stage and clocks."""
    found = []
    for one in shop().counted:
        if one.stars > 3 or not as_of - timedelta(days=days) < one.day <= as_of:
            continue
        row = listed().get(one.order)
        # A list kept until that day holds no later row, and knows of no later end.
        if row is not None and day(row["opened"]) > as_of:
            row = None
        closed = day(row["closed"]) if row else None
        later = closed is not None and closed > as_of
        status = "" if later or row is None else row["status"]
        closed = None if later else closed
        stage = "under way"
        if row is None or status == "new":
            stage = "not started"
        elif status == "waiting":
            stage = "waiting"
        elif status == "closed" or closed:
            stage = "closed"
        resolution = "" if row is None or later else row["resolution"]
        due = one.day + timedelta(days=ANSWER if stage == "not started" else CLOSE)
        late = (as_of - due).days
        overdue = late if stage != "closed" and late > TOLERANCE else 0
        request = one.day + timedelta(days=90)
        buyer = bought().get(one.order)
        buyer = buyer + timedelta(days=90) if buyer else None
        found.append(
            {
                "feedback": one, "row": row, "stage": stage, "closed": closed, "overdue": overdue,
                "request": (request - as_of).days, "due": due,
                "buyer": (buyer - as_of).days if buyer else None,
                "investigated": stage in ("waiting", "closed") or bool(resolution),
            }
        )  # fmt: skip
    return found


def due(as_of, rules=frozenset()):
    """Return the open cases that are overdue or run out within a week.

    ``rules`` are the orders whose comment may be removed by Amazon's rules, whose request ends.
    """
    found = []
    for case in cases(as_of):
        if case["stage"] == "closed" or case["request"] < 0:
            continue
        ends = []
        if case["overdue"]:
            ends.append(0)
        else:
            own = (case["due"] - as_of).days
            ends.append(own if own >= 0 else own + TOLERANCE)
        if case["feedback"].order in rules:
            ends.append(case["request"])
        if case["buyer"] is not None and case["buyer"] >= 0:
            ends.append(case["buyer"])
        if min(ends) <= 7:
            found.append(case)
    return found


def closing(times, closed):
    """Return the days by which half are closed with the log-log interval, and the curve."""
    curve = [(0, 1.0, 1.0, 1.0)]
    for time, share, spread in sums.survival(times, closed):
        if share in (0.0, 1.0):
            low, high = share, share
        else:
            step = sums.Z * sqrt(spread) / abs(log(share))
            low, high = share ** exp(step), share ** exp(-step)
        curve.append((time, share, low, high))
    half = [next((row[0] for row in curve if row[k] <= 0.5 + 1e-12), None) for k in (1, 2, 3)]
    return half, curve


@cache
def facts():
    """Return one dict an order that was shipped or may be: what bears on asking."""
    promised, sent = {}, {}
    for row in shop().shipments:
        for store, value in ((promised, row["promised"]), (sent, row["day"])):
            if value is not None:
                store[row["order"]] = max(value, store.get(row["order"], value))
    late_codes = {
        "MISSED_ESTIMATED_DELIVERY", "NEVER_ARRIVED", "APP-TOO-LATE",
    }  # fmt: skip
    returned, late, complained = set(), set(), set()
    for row in shop().returns:
        returned.add(row["order"])
        code = reason(row["reason"])
        if code in late_codes:
            late.add(row["order"])
        if question(code):
            complained.add(row["order"])
    asks = {}
    for row in sorted(shop().asks, key=lambda row: row["asked"] or "9"):
        asks.setdefault(row["order_id"], row)
    left = {}
    for one in sorted(shop().counted, key=lambda one: one.day):
        left[one.order] = one
    found = {}
    for row in shop().items:
        if row["order-status"] in NOT_SOLD:
            continue
        known = found.get(row["order"])
        if known is not None:
            known["asin"] = min(known["asin"], row["asin"])
            continue
        order = row["order"]
        ask, one = asks.get(order), left.get(order)
        too_late = order in sent and order in promised and sent[order] > promised[order]
        found[order] = {
            "day": row["day"], "market": row["market"], "channel": row["channel"],
            "asin": row["asin"], "promised": promised.get(order), "late": too_late or order in late,
            "refunded": order in returned, "complained": order in complained,
            "asked": day(ask["asked"]) if ask else None,
            "held": bool(ask) and ask["held_out"] == "yes",
            "stars": one.stars if one else None, "known": row["market"] == "US",
        }  # fmt: skip
    return found


QUESTIONS = {
    "shipping_speed": """MISSED_ESTIMATED_DELIVERY NEVER_ARRIVED APP-TOO-LATE
        UNDELIVERABLE_FAILED_DELIVERY_ATTEMPTS UNDELIVERABLE_CARRIER_MISS_SORTED
        UNDELIVERABLE_UNKNOWN""",
    "packaging": "DAMAGED_BY_CARRIER DAMAGED_BY_FC",
    "as_described": """NOT_AS_DESCRIBED SWITCHEROO MISSING_PARTS EXTRA_ITEM BAD-DESC DEFECTIVE
        QUALITY_UNACCEPTABLE WARRANTY NOT_COMPATIBLE POOR_FIT APPAREL_TOO_SMALL APPAREL_TOO_LARGE
        APPAREL_STYLE APP-TOO-SMALL APP-TOO-LARGE APP-STYLE""",
}


def reason(text):
    """Return a return's reason code without the reports' prefixes."""
    return text.strip().upper().removeprefix("CR-").removeprefix("AMZ-PG-")


def question(code):
    """Return the service question that a reason speaks to, or None."""
    return next((name for name, codes in QUESTIONS.items() if code in codes.split()), None)


def grouped(rows, key):
    """Return rows by a key."""
    found = defaultdict(list)
    for row in rows:
        found[key(row)].append(row)
    return found


def clopper_pearson(count, n):
    """Return the exact 95 % interval of a share."""
    low = 0.0 if count == 0 else sums.beta_point(count, n - count + 1, 0.025)
    high = 1.0 if count == n else sums.beta_point(count + 1, n - count, 0.975)
    return low, high
