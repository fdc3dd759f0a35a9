"""Families by week with their reviews, and regressions in plain Python: from the raw files."""

import math
from collections import defaultdict
from datetime import timedelta
from functools import cache
from statistics import median

from tests.honesty import sums
from tests.honesty.raw import shop

RANGES = (("1-4", 1, 4), ("5-9", 5, 9), ("10-49", 10, 49), ("50+", 50, 10**9))
AGES = ((0, 2), (3, 6), (7, 12), (13, 25))


def reviews_at(history, start):
    """Return count and stars before a day; none yet where the first count is 0."""
    before = [state for day, state in history if day < start]
    if before:
        return before[-1]
    return (0, None) if history[0][1][0] == 0 else (None, None)


@cache
def panel():
    """Return one dict a family and week: sessions, items, reviews, age, price, offer.

    A variation family shares its reviews, so its children and marketplaces are added up. The
    price is relative to what a child usually costs in its marketplace.
    """
    sums_of, families = {}, {}
    prices = defaultdict(list)
    rows = shop().traffic
    for row in rows:
        families[row["child"]] = row["parent"]
        families.setdefault(row["parent"], row["parent"])
        if row["units"] > 0 and row["sales"] > 0:
            row["price"] = row["sales"] / row["units"]
            prices[row["market"], row["child"]].append(row["price"])
        else:
            row["price"] = None
    usual = {key: median(values) for key, values in prices.items()}
    home = defaultdict(list)
    for row in rows:
        if row["market"] == "US" and row["price"]:
            home[row["parent"]].append(row["price"])
        cell = sums_of.setdefault(
            (row["parent"], row["week"]),
            {"sessions": 0.0, "items": 0.0, "views": 0.0, "offered": 0.0, "sold": 0.0, "log": 0.0},
        )
        cell["sessions"] += row["sessions"]
        cell["items"] += row["items"]
        if row["offer"] is not None:
            cell["views"] += row["page views"]
            cell["offered"] += row["page views"] * row["offer"]
        if row["price"]:
            cell["sold"] += row["units"]
            cell["log"] += math.log(row["price"] / usual[row["market"], row["child"]]) * row["units"]
    counts = defaultdict(dict)
    for asin, history in shop().reviews.items():
        if asin not in families:
            continue
        for day, state in history:
            held = counts[families[asin]].get(day)
            if held is None or state[0] >= held[0]:
                counts[families[asin]][day] = state
    base = {family: median(values) for family, values in home.items()}
    first = {}
    for family, week in sums_of:
        first[family] = min(week, first.get(family, week))
    begin = min(first.values())
    found = []
    for (family, week), cell in sorted(sums_of.items()):
        if not cell["sessions"]:
            continue
        history = sorted(counts[family].items())
        count, stars = reviews_at(history, week) if history else (None, None)
        late = first[family] > begin + timedelta(days=7)
        found.append(
            {
                "family": family, "week": week, "sessions": cell["sessions"],
                "items": cell["items"], "reviews": count, "stars": stars,
                "age": (week - (first[family] if late else begin - timedelta(weeks=26))).days // 7,
                "offer": cell["offered"] / cell["views"] if cell["views"] else None,
                "price": round(math.exp(cell["log"] / cell["sold"]) * base[family], 2)
                if cell["sold"] and family in base else None,
            }
        )  # fmt: skip
    return [row for row in found if row["offer"] is None or row["offer"] >= 0.2]


def switching():
    """Return the families that were seen both without and with reviews."""
    kinds = defaultdict(set)
    for row in panel():
        if row["reviews"] is not None:
            kinds[row["family"]].add(row["reviews"] > 0)
    return {family for family, seen in kinds.items() if len(seen) == 2}


def naive():
    """Return the pooled comparison: log ratio and its error as such comparisons are shown."""
    sold, seen = defaultdict(float), defaultdict(float)
    for row in panel():
        if row["reviews"] is not None:
            sold[row["reviews"] > 0] += row["items"]
            seen[row["reviews"] > 0] += row["sessions"]
    effect = math.log(sold[True] / seen[True] / (sold[False] / seen[False]))
    error = math.sqrt(sum(1 / sold[side] - 1 / seen[side] for side in (True, False)))
    return effect, error


@cache
def snapshot():
    """Return one dict a family over the last four weeks: sums, and reviews as they began."""
    last = max(row["week"] for row in panel())
    found = {}
    for row in panel():
        if row["week"] <= last - timedelta(weeks=4):
            continue
        one = found.setdefault(
            row["family"],
            {"sessions": 0.0, "items": 0.0, "reviews": row["reviews"], "stars": row["stars"],
             "weeks": 0},
        )  # fmt: skip
        one["sessions"] += row["sessions"]
        one["items"] += row["items"]
        one["weeks"] += 1
        if one["reviews"] is None:
            one["reviews"] = row["reviews"]
        if one["stars"] is None:
            one["stars"] = row["stars"]
    return {family: one for family, one in found.items() if one["reviews"] is not None}


def group_rate(part):
    """Return families, sessions, items and items per 100 sessions with its interval."""
    sold, seen, n = sum(p["items"] for p in part), sum(p["sessions"] for p in part), len(part)
    rate = sold / seen
    spread = sum((p["items"] - rate * p["sessions"]) ** 2 for p in part) / sold**2
    spread *= n / max(1, n - 1)
    reach = sums.student_point(max(1, n - 1), 0.975) * math.sqrt(max(spread, 1 / sold))
    ends = [100 * rate * math.exp(sign * reach) for sign in (-1, 1)]
    return n, seen, sold, 100 * rate, [ends[0], min(100.0, ends[1])]
