"""Families by week with their reviews, and regressions in plain Python: from the raw files."""

import math
from collections import defaultdict
from datetime import timedelta
from functools import cache
from statistics import median

from tests.honesty import sums
from tests.honesty.raw import shop
from tests.honesty.regressions import Fit

RANGES = (("1-4", 1, 4), ("5-9", 5, 9), ("10-49", 10, 49), ("50+", 50, 10**9))
MONEY = {"US": "USD", "UK": "GBP", "DE": "EUR"}
AGES = ((0, 2), (3, 6), (7, 12), (13, 25))


def reviews_at(history, start):
    """Return count and stars before a day; none yet where the first count is 0."""
    before = [state for day, state in history if day < start]
    if before:
        return before[-1]
    return (0, None) if history[0][1][0] == 0 else (None, None)


def by_market(rows):
    """Return family and week -> the conversion that its mix of marketplaces lets expect."""
    seen, sold, cells = defaultdict(float), defaultdict(float), defaultdict(list)
    for row in rows:
        seen[row["market"]] += row["sessions"]
        sold[row["market"]] += row["items"]
        cells[row["parent"], row["week"]].append((row["sessions"], row["market"]))
    return {
        key: sum(n * sold[market] / seen[market] for n, market in parts) / sum(n for n, _ in parts)
        for key, parts in cells.items()
        if sum(n for n, _ in parts)
    }


@cache
def places():
    """Return family -> {currency: (share of the visits of eight weeks, usual price there)}."""
    last = max(row["week"] for row in shop().traffic)
    seen, prices = defaultdict(float), defaultdict(list)
    for row in shop().traffic:
        key = row["parent"], row["market"]
        seen[key] += row["sessions"] * (row["week"] > last - timedelta(weeks=8))
        if row["units"] > 0 and row["sales"] > 0:
            prices[key].append(row["sales"] / row["units"])
    found = defaultdict(dict)
    for (family, market), n in seen.items():
        whole = sum(each for (name, _), each in seen.items() if name == family)
        price = median(prices[family, market]) if prices[family, market] else None
        found[family][MONEY[market]] = (n / whole if whole else 0.0, price)
    return found


@cache
def panel():
    """Return one dict a family and week: sessions, items, reviews, age, price, offer.

    A variation family shares its reviews, so its children and marketplaces are added up. The
    price is relative to what a child usually costs in its marketplace.
    """
    rows = shop().traffic
    families, usual, base = prices_of(rows)
    sums_of = sums_a_week(rows, usual)
    counts = reviews_of(families)
    mixes = by_market(rows)
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
                "mix": mixes[family, week],
                "offer": cell["offered"] / cell["views"] if cell["views"] else None,
                "price": round(math.exp(cell["log"] / cell["sold"]) * base[family], 2)
                if cell["sold"] and family in base else None,
            }
        )  # fmt: skip
    return [row for row in found if row["offer"] is None or row["offer"] >= 0.2]


def prices_of(rows):
    """Set each row's price; return family and usual price a product, and a family's in the US."""
    families = {}
    prices, home = defaultdict(list), defaultdict(list)
    for row in rows:
        families[row["child"]] = row["parent"]
        families.setdefault(row["parent"], row["parent"])
        if row["units"] > 0 and row["sales"] > 0:
            row["price"] = row["sales"] / row["units"]
            prices[row["market"], row["child"]].append(row["price"])
            if row["market"] == "US":
                home[row["parent"]].append(row["price"])
        else:
            row["price"] = None
    return (
        families,
        {key: median(values) for key, values in prices.items()},
        {family: median(values) for family, values in home.items()},
    )


def sums_a_week(rows, usual):
    """Return a family's sums by week, its price as a sum of logarithms weighed by units."""
    sums_of = {}
    for row in rows:
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
            cell["log"] += (
                math.log(row["price"] / usual[row["market"], row["child"]]) * row["units"]
            )
    return sums_of


def reviews_of(families):
    """Return a family's reviews by day: those of the product that has most of them."""
    counts = defaultdict(dict)
    for asin, history in shop().reviews.items():
        if asin not in families:
            continue
        for day, state in history:
            held = counts[families[asin]].get(day)
            if held is None or state[0] >= held[0]:
                counts[families[asin]][day] = state
    return counts


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


def _filled(values):
    """Return a family's weekly values with gaps filled from the week before, else after."""
    last, found = None, []
    for value in values:
        last = value if value is not None else last
        found.append(last)
    after = next((value for value in found if value is not None), None)
    return [after if value is None else value for value in found]


@cache
def prepared():
    """Return every row with its covariates: place -> value.

    Ranges of review counts, ranges of age, price and featured offer against the usual ones, and
    the week.
    """
    by_family = defaultdict(list)
    for row in panel():
        by_family[row["family"]].append(row)
    offers = {f: [r["offer"] for r in rows if r["offer"] is not None]
              for f, rows in by_family.items()}  # fmt: skip
    every = median(value for values in offers.values() for value in values)
    weeks = sorted({row["week"] for row in panel()})
    place = {week: 10 + number for number, week in enumerate(weeks[1:])}
    found = []
    for family, rows in by_family.items():
        logs = [math.log(r["price"]) if r["price"] else None for r in rows]
        known = [value for value in logs if value is not None]
        level = median(known) if known else 0.0
        filled = _filled(logs)
        usual = median(offers[family]) if offers[family] else every
        for row, price in zip(rows, filled, strict=True):
            cells = {8: 0.0 if price is None else price - level,
                     9: math.log(usual if row["offer"] is None else row["offer"])}  # fmt: skip
            for number, (_, low, high) in enumerate(RANGES):
                if row["reviews"] is not None and low - 1 < row["reviews"] <= high:
                    cells[number] = 1.0
            for number, (low, high) in enumerate(AGES):
                if low <= row["age"] <= high:
                    cells[4 + number] = 1.0
            if row["week"] in place:
                cells[place[row["week"]]] = 1.0
            found.append((row, cells))
    return found, 10 + len(weeks) - 1


def design():
    """Return rows of a regression: family, items, sessions, and its covariates."""
    rows, size = prepared()
    return [
        (row["family"], row["items"], row["sessions"], list(cells.items()))
        for row, cells in rows
        if row["reviews"] is not None
    ], size


@cache
def within():
    """Return the regression of order items per session on each range of review counts."""
    return Fit(*design(), within=True)


def doses():
    """Return the log effect of each range of review counts on order items per session."""
    return within().beta[:4]


def reviewed_only(rows, but=()):
    """Return rows with one covariate for any reviews, in place 0, in place of the ranges."""
    found = []
    for family, count, base, cells in rows:
        reviewed = any(place < 4 for place, _ in cells)
        kept = [(place, x) for place, x in cells if place >= 4 and place not in but]
        found.append((family, count, base, [*kept, (0, 1.0)] if reviewed else kept))
    return found


@cache
def visitors():
    """Return the regression of sessions on reviews, the time of the year and age held equal."""
    rows, size = design()
    plain = [(family, sessions, 1.0, cells) for family, _, sessions, cells in rows]
    return Fit(reviewed_only(plain, but=(9,)), size, within=True)


def first_mix():
    """Return how the first six weeks with reviews mix the ranges of review counts."""
    first, mixed = {}, [0.0] * 4
    known = [row for row in panel() if row["reviews"] is not None]
    for row in known:
        if row["reviews"] > 0:
            first[row["family"]] = min(row["week"], first.get(row["family"], row["week"]))
    mine = switching()
    for row in known:
        early = row["reviews"] > 0 and row["week"] < first[row["family"]] + timedelta(weeks=6)
        if early and row["family"] in mine:
            place = next(
                k for k, (_, low, high) in enumerate(RANGES) if low - 1 < row["reviews"] <= high
            )
            mixed[place] += row["items"]
    return {place: share / sum(mixed) for place, share in enumerate(mixed)}


@cache
def adjusted():
    """Return the regression of the snapshot: reviewed products, other things held equal.

    Order items per session on a constant, reviews, price, featured offer, age and traffic.
    """
    last = max(row["week"] for row in panel())
    levels, cells, first = {}, defaultdict(list), {}
    by_family = defaultdict(list)
    for row in panel():
        by_family[row["family"]].append(row)
    offers = [row["offer"] for row in panel() if row["offer"] is not None]
    for family, rows in by_family.items():
        logs = [math.log(r["price"]) if r["price"] else None for r in rows]
        known = [value for value in logs if value is not None]
        levels[family] = median(known) if known else None
        own = [r["offer"] for r in rows if r["offer"] is not None]
        usual = median(own) if own else median(offers)
        for row, price in zip(rows, _filled(logs), strict=True):
            if row["week"] > last - timedelta(weeks=4):
                apart = 0.0 if price is None else price - levels[family]
                offer = math.log(usual if row["offer"] is None else row["offer"])
                cells[family].append((apart, offer))
                first.setdefault(family, row["age"])
    middle = median(level for level in levels.values() if level is not None)
    rows = []
    for family, one in snapshot().items():
        part = cells[family]
        level = middle if levels[family] is None else levels[family]
        rows.append(
            [
                float(one["reviews"] > 0),
                level + sum(price for price, _ in part) / len(part),
                sum(offer for _, offer in part) / len(part),
                math.log1p(first[family]),
                math.log(one["sessions"]),
            ]
        )
    means = [0.0, *(sum(row[k] for row in rows) / len(rows) for k in range(1, 5))]
    rows = [[1.0, *(value - mean for value, mean in zip(row, means, strict=True))] for row in rows]
    counts = [(one["items"], one["sessions"]) for one in snapshot().values()]
    rows = [
        (family, *count, list(enumerate(row)))
        for family, count, row in zip(snapshot(), counts, rows, strict=True)
    ]
    usual = math.log(sum(a for a, _ in counts) / sum(b for _, b in counts))
    return Fit(rows, 6, within=False, start=[usual, *[0.0] * 5])
