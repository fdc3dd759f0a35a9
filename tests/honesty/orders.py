"""What orders drew, and how many of them: from the raw rows alone."""

from collections import defaultdict
from datetime import timedelta
from functools import cache

from tests.honesty import sums
from tests.honesty.ratings import LAST
from tests.honesty.raw import CANCELLED, shop

NOT_SOLD = CANCELLED | {"Pending", "Unfulfillable"}


@cache
def negative_orders():
    """Return the orders with feedback of 1 or 2 stars that counts."""
    return frozenset(one.order for one in shop().counted if one.stars <= 2)


@cache
def placed():
    """Return orders that were placed: id -> day, market, channel; cancelled ones left out."""
    found = {}
    for row in shop().items:
        if row["order-status"] not in CANCELLED:
            found.setdefault(row["order"], (row["day"], row["market"], row["channel"]))
    return found


def defects(first, last, channel=None, market=None):
    """Return orders of a span and how many of them have negative feedback."""
    mine = [
        order
        for order, (day, place, by) in placed().items()
        if first <= day <= last and channel in (None, by) and market in (None, place)
    ]
    return len(mine), sum(order in negative_orders() for order in mine)


def sixty(channel=None):
    """Return orders and defects of the last 60 days."""
    return defects(LAST - timedelta(days=59), LAST, channel)


def amazon_rows():
    """Return Amazon's own order defect rates: market, channel, orders, defects, rate, parts."""
    for market, block in sorted(shop().health.items()):
        for key, channel in (("afn", "amazon"), ("mfn", "seller")):
            part = block["orderDefectRate"][key]
            others = part["claims"]["count"] + part["chargebacks"]["count"]
            yield market, channel, part["orderCount"], part["rate"], others


@cache
def carriers():
    """Return the carriers of each order."""
    found = defaultdict(set)
    for row in shop().shipments:
        if row["carrier"]:
            found[row["order"]].add(row["carrier"])
    return found


CHANNELS = {"amazon": "shipped by Amazon", "seller": "shipped by the seller"}


@cache
def outcomes(days):
    """Return one dict an order and its product: what it can be looked at by."""
    found = []
    for row in shop().items:
        if row["order-status"] in NOT_SOLD or row["day"] <= LAST - timedelta(days=days):
            continue
        found.append(
            {
                "order": row["order"],
                "marketplace": row["market"],
                "channel": CHANNELS[row["channel"]],
                "asin": f"product {row['asin']}" if row["asin"] else None,
                "sku": f"SKU {row['sku']}" if row["sku"] else None,
                "month": row["day"].strftime("%B %Y"),
                "carriers": carriers().get(row["order"], ()),
                "day": row["day"],
            }
        )
    return found


LOOKS = (
    ("marketplace",), ("channel",), ("carrier",), ("asin",), ("month",),
    ("marketplace", "channel"), ("marketplace", "month"), ("channel", "month"),
    ("carrier", "month"), ("asin", "month"),
)  # fmt: skip
ABOUT = (
    ("marketplace",), ("channel",), ("carrier",), ("sku",), ("month",), ("marketplace", "channel"),
    ("marketplace", "channel", "sku"),
)  # fmt: skip


@cache
def groups(look, days):
    """Return the groups of a look: name -> orders; and all orders that have the columns."""
    found, whole = defaultdict(set), set()
    for row in outcomes(days):
        places = row["carriers"] if "carrier" in look else (None,)
        for carrier in places:
            parts = [carrier if name == "carrier" else row[name] for name in look]
            if None not in parts:
                found[", ".join(parts)].add(row["order"])
                whole.add(row["order"])
    return found, whole


def compared(hits_by_name, days, looks, least=10):
    """Compare every group of every look and return what stands out.

    ``hits_by_name`` is a list of (words after the group's name, unhappy orders, looks). Returns
    the number of groups, and name -> (hits, orders, rate, low, high, rest, corrected chance).
    """
    del looks
    cells = []
    for words, hits, mine in hits_by_name:
        for look in mine:
            found, whole = groups(look, days)
            if len(found) < 2:
                continue
            unhappy = len(whole & hits)
            for name, orders in found.items():
                if len(orders) >= least:
                    here = len(orders & hits)
                    chance = (
                        sums.hypergeometric_tail(here, len(orders), unhappy, len(whole))
                        if here
                        else 1.0
                    )
                    cells.append((chance, f"{name}{words}", here, len(orders), unhappy, len(whole)))
    cells.sort(key=lambda cell: cell[0])
    corrected, best = {}, 1.0
    for place in range(len(cells), 0, -1):
        chance, name, here, n, unhappy, whole = cells[place - 1]
        best = min(best, chance * len(cells) / place)
        rest = (unhappy - here) / (whole - n) if whole > n else 0.0
        corrected[name] = (here, n, here / n, *sums.wilson(here, n), rest, best)
    return len(cells), corrected


def standing_out(named):
    """Return the groups that stand out, without those that are all of one with a shorter name."""
    found = {name: row for name, row in named.items() if row[6] <= 0.05 and row[0] >= 3}

    def parts(name):
        group, _, about = name.partition(": ")
        return {*group.split(", "), f": {about}"}

    return {
        name: row
        for name, row in found.items()
        if not any(
            parts(one) < parts(name) and other[:2] == row[:2] for one, other in found.items()
        )
    }


def sold(orders, days=365):
    """Return how many of some orders were sold in the last days."""
    return len({row["order"] for row in outcomes(days)} & orders)
