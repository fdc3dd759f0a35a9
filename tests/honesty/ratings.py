"""Feedback counted by window and period, and order figures: from the raw rows alone."""

from datetime import date, timedelta
from fractions import Fraction
from functools import cache
from math import ceil, floor

from tests.honesty import sums
from tests.honesty.raw import CANCELLED, shop

LAST = date(2026, 10, 31)
MONTHS = {
    "October 2026": (date(2026, 10, 1), LAST),
    "September 2026": (date(2026, 9, 1), date(2026, 9, 30)),
    "October 2025": (date(2025, 10, 1), date(2025, 10, 31)),
}
NOW, BEFORE, YEAR = MONTHS
MARKETS = ("DE", "UK", "US")
WINDOWS = {"30 days": 30, "90 days": 90, "365 days": 365, "lifetime": None}


class Stars:
    """Counts of stars; ``open`` ones are known as positive or negative only."""

    def __init__(self, known=(0,) * 5, positives=0, negatives=0):
        self.known, self.positives, self.negatives = tuple(known), positives, negatives

    def __add__(self, other):
        known = [a + b for a, b in zip(self.known, other.known, strict=True)]
        return Stars(known, self.positives + other.positives, self.negatives + other.negatives)

    positive = property(lambda self: self.known[3] + self.known[4] + self.positives)
    neutral = property(lambda self: self.known[2])
    negative = property(lambda self: self.known[0] + self.known[1] + self.negatives)
    n = property(lambda self: self.positive + self.neutral + self.negative)
    exact = property(lambda self: not self.positives and not self.negatives)

    def bounds(self):
        """Return the counts if every open star is the lower one, and the higher one."""
        one, two, three, four, five = self.known
        low = (one + self.negatives, two, three, four + self.positives, five)
        return low, (one, two + self.negatives, three, four, five + self.positives)

    def share(self):
        """Return the positive share and its interval."""
        return self.positive / self.n, *sums.wilson(self.positive, self.n)

    def average(self):
        """Return the figures printed of the average: value and interval, or two bounds."""
        low, high = self.bounds()
        if self.exact:
            return [sums.mean_stars(low), *sums.average_ends(low)]
        return [sums.mean_stars(low), sums.mean_stars(high)]

    def average_verdict(self, target=4.5):
        """Return the verdict on the average, chance and the open split both allowed for."""
        low, high = self.bounds()
        ends = sums.average_ends(low)[0], sums.average_ends(high)[1]
        return verdict(ends, target)


def verdict(ends, target):
    """Return met, not met or cannot tell yet."""
    if ends[0] >= target:
        return "met"
    return "not met" if ends[1] < target else "cannot tell yet"


def rows_of(market, first, last):
    """Return the counted feedback rows of a span."""
    return [
        one
        for one in shop().counted
        if one.market == market and (first is None or first <= one.day) and one.day <= last
    ]


def by_star(rows):
    """Return counts of 1 to 5 stars."""
    return tuple(sum(one.stars == star for one in rows) for star in range(1, 6))


def stars(market, first, last, window=None):
    """Return the stars of a marketplace in a span, from its best source.

    The US file holds every star. The UK's windows are typed in from Feedback Manager; else, and
    in DE, the daily totals say what came in, without what a later download no longer holds.
    """
    rows = by_star(rows_of(market, first, last))
    if market == "US":
        return Stars(rows)
    if window is not None and (market, window) in shop().typed:
        positive, neutral, negative = shop().typed[market, window]
    else:
        days = [
            day
            for day in shop().daily
            if day["market"] == market
            and (first is None or first <= day["day"])
            and day["day"] <= last
        ]
        gone = [
            one
            for one in shop().feedback
            if one.gone and one.market == market and (first is None or first <= one.day <= last)
        ]
        neutral = rows[2]
        negative = sum(day["negative"] for day in days) - sum(one.stars < 3 for one in gone)
        received = sum(day["received"] for day in days) - len(gone)
        negative = max(negative, rows[0] + rows[1])
        positive = received - neutral - negative
    extra = max(0, rows[0] + rows[1] - negative)
    ones, twos = max(0, rows[0] - extra), max(0, rows[1] - extra)
    return Stars((ones, twos, neutral, 0, 0), positive, negative - ones - twos)


@cache
def window(name, market=None):
    """Return the stars of a window that ends with the period."""
    days = WINDOWS[name]
    first = None if days is None else LAST - timedelta(days=days - 1)
    if market:
        return stars(market, first, LAST, name)
    return window(name, "DE") + window(name, "UK") + window(name, "US")


@cache
def month(name, market=None):
    """Return the stars of a month."""
    if market:
        return stars(market, *MONTHS[name])
    return month(name, "DE") + month(name, "UK") + month(name, "US")


def per_day(first, last):
    """Return positive, neutral and negative of all marketplaces by day."""
    found, day = {}, first
    while day <= last:
        kinds = [stars(market, day, day) for market in MARKETS]
        found[day] = tuple(
            sum(getattr(one, name) for one in kinds) for name in ("positive", "neutral", "negative")
        )
        day += timedelta(days=1)
    return found


def needed(positive, n, target):
    """Return how many positives in a row bring a share to its target."""
    return max(0, ceil((target * n - positive) / (1 - target)))


FULL = Fraction(95, 100)
SHOWN = Fraction(189, 200)


def only_positive(held, target=FULL):
    """Return the first day on which nothing but positive feedback would have met the target.

    ``held`` is what the last 365 days hold by day; the pace is that of the last 90 days.
    """
    lately = [held[day] for day in held if day > LAST - timedelta(days=90)]
    pace = sum(sum(day) for day in lately) / 90
    positive, n = (sum(day[0] for day in held.values()), sum(sum(day) for day in held.values()))
    for ahead in range(1, 366):
        leaving = held[LAST - timedelta(days=365 - ahead)]
        positive, n = positive - leaving[0], n - sum(leaving)
        if positive + ahead * pace >= target * (n + ahead * pace):
            return LAST + timedelta(days=ahead)
    return None


@cache
def orders_in(first, last, market=None):
    """Return the ids of orders placed in a span, cancelled ones left out."""
    return frozenset(
        row["order"]
        for row in shop().items
        if first <= row["day"] <= last
        and row["order-status"] not in CANCELLED
        and market in (None, row["market"])
    )


def per_order(name):
    """Return feedback received per order of a month, and its interval."""
    orders, received = len(orders_in(*MONTHS[name])), month(name).n
    return received / orders, *sums.wilson(received, orders)


def spread(name, count, base):
    """Return a ratio of a month's daily totals with the interval from the days' spread."""
    first, last = MONTHS[name]
    days = {}
    for row in shop().daily:
        if first <= row["day"] <= last:
            sofar = days.setdefault(row["day"], [0, 0])
            sofar[0] += row[count]
            sofar[1] += row[base]
    return sums.ratio_ends(*zip(*days.values(), strict=True))


def total(name, column):
    """Return the sum of a daily total over a month."""
    first, last = MONTHS[name]
    return sum(row[column] for row in shop().daily if first <= row["day"] <= last)


def unhappy(name):
    """Return the rows of 1 to 3 stars of a month."""
    first, last = MONTHS[name]
    return [one for one in shop().counted if one.stars <= 3 and first <= one.day <= last]


def rounded_percent(count, n):
    """Return Amazon's whole percent."""
    return floor(Fraction(100 * count, n) + Fraction(1, 2))
