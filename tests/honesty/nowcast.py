"""How many negatives recent orders will have when all feedback is in: the product's model anew.

A week's rate is a gamma around what the weeks near it show; what is missing of its feedback is told
by the delays of the shop's own orders. Drawn by other chance.
"""

import math
import random
from collections import Counter
from datetime import timedelta
from functools import cache
from itertools import accumulate

from tests.honesty.orders import placed
from tests.honesty.ratings import LAST
from tests.honesty.raw import shop
from tests.honesty.trials import quantile

DAYS, HISTORY, LATEST = 60, 455, 90
RUNS, DELAYS, NEARBY = 8000, 400, 0.92


@cache
def answered():
    """Return order -> day of its first negative feedback, of orders that were not cancelled."""
    found = {}
    for one in shop().counted:
        if one.stars <= 2 and one.order in placed() and one.day <= LAST:
            found[one.order] = min(one.day, found.get(one.order, one.day))
    return found


@cache
def delays():
    """Return (days from order to feedback, the order's age) -> how many, of fifteen months."""
    found = Counter()
    for order, day in answered().items():
        bought = placed()[order][0]
        lag, age = max(0, min((day - bought).days, LATEST)), (LAST - bought).days
        if age <= HISTORY and lag <= min(age, LATEST):
            found[lag, min(age, LATEST)] += 1
    return found


def arrived(weights):
    """Return the share of feedback that is in after 0 to 90 days (reverse-time hazard)."""
    events, change = [0.0] * (LATEST + 1), [0.0] * (LATEST + 2)
    for (lag, age), weight in weights.items():
        events[lag] += weight
        change[lag] += weight
        change[age + 1] -= weight
    share, found = 1.0, [1.0] * (LATEST + 1)
    for day, at_risk in reversed(list(enumerate(accumulate(change[:-1])))):
        found[day] = share
        share *= 1 - min(1.0, events[day] / at_risk) if at_risk > 1e-9 else 1.0
    return found


def stretches(channel, *, calendar=False):
    """Return seven days after seven days, oldest first: orders by age, and negatives so far.

    Those of the last 60 days are marked; the first of these is what is left over. Of the weeks of
    the calendar, Monday to Sunday, those are marked whose feedback is not all in.
    """
    mine = {order: row for order, row in placed().items() if channel in (None, row[2])}
    bought = Counter(row[0] for row in mine.values())
    bad = Counter(mine[order][0] for order in answered() if order in mine)
    first = min(row[0] for row in placed().values())
    first -= timedelta(days=first.weekday())
    begin, cuts = LAST - timedelta(days=DAYS - 1), [LAST + timedelta(days=1)]
    if calendar:
        cuts.append(LAST - timedelta(days=LAST.weekday()))
    while cuts[-1] > begin and not calendar:
        cuts.append(max(begin, cuts[-1] - timedelta(weeks=1)))
    inside = len(cuts) - 1
    while cuts[-1] > first:
        cuts.append(cuts[-1] - timedelta(weeks=1))
    found = []
    for place in range(len(cuts) - 1, 0, -1):
        days = [
            cuts[place] + timedelta(days=k) for k in range((cuts[place - 1] - cuts[place]).days)
        ]
        ages = {min((LAST - day).days, LATEST): 0 for day in days}
        for day in days:
            ages[min((LAST - day).days, LATEST)] += bought[day]
        found.append((ages, sum(bad[day] for day in days), place <= inside))
    if calendar:
        shares = arrived(delays())
        found = [(*week[:2], not ripe(week, shares)) for week in found]
    return found


def ripe(week, shares):
    """Tell whether a whole week of orders is old enough: 99 in 100 negatives are in."""
    ages, whole = week[0], sum(week[0].values())
    known = sum(n * shares[age] for age, n in ages.items())
    return (known >= 0.99 * whole and len(ages) == min(7, max(ages) - min(ages) + 1) == 7) or (
        min(ages) >= LATEST
    )


def alike(bad, known, near):
    """Return how alike neighbouring weeks are: the shape of a gamma, by moments."""
    square = beyond = 0.0
    for hits, orders, (count, exposure) in zip(bad, known, near, strict=True):
        if orders > 0 and exposure > 0:
            usual = count / exposure
            expected = orders * usual
            square += expected**2
            beyond += (hits - expected) ** 2 - expected - orders**2 * usual / exposure
    return 50.0 if beyond <= 0 else min(max(square / beyond, 1.0), 50.0)


@cache
def nowcast(channel=None, *, calendar=False):
    """Return the negatives that the last 60 days' orders come to: mean, and 95 % ends.

    Or those of the weeks of the calendar whose feedback is not all in.
    """
    weeks, shares = stretches(channel, calendar=calendar), arrived(delays())
    bad = [negatives for _, negatives, _ in weeks]
    known = [sum(n * shares[age] for age, n in ages.items()) for ages, _, _ in weeks]
    near = [
        tuple(
            sum(NEARBY ** abs(k - j) * part[j] for j in range(len(weeks)) if j != k)
            for part in (bad, known)
        )
        for k in range(len(weeks))
    ]
    shape, chance = alike(bad, known, near), random.Random(3)
    finals = []
    for _ in range(DELAYS):
        drawn = arrived({key: chance.gammavariate(n, 1) for key, n in delays().items()})
        parts = [
            (negatives, sum(n * drawn[age] for age, n in ages.items()), sum(ages.values()), around)
            for (ages, negatives, inside), around in zip(weeks, near, strict=True)
            if inside
        ]
        for _ in range(RUNS // DELAYS):
            luck, total = chance.gauss(0, 1), 0
            for negatives, seen, orders, (count, exposure) in parts:
                total += negatives
                if orders - seen > 1e-9:
                    usual = gamma_point(count + 0.5, luck) / max(exposure, 1.0)
                    rate = chance.gammavariate(shape + negatives, 1 / (shape / usual + seen))
                    total += poisson(chance, rate * (orders - seen))
            finals.append(total)
    return sum(finals) / len(finals), [quantile(finals, 0.025), quantile(finals, 0.975)]


def gamma_point(shape, normal):
    """Return the point of a gamma that a normal's stands for (Wilson and Hilferty, 1931)."""
    return max(1e-9, shape * (1 - 1 / (9 * shape) + normal / (3 * math.sqrt(shape))) ** 3)


def poisson(chance, mean):
    """Draw a Poisson number by going up its distribution."""
    part, left, count = math.exp(-mean), chance.random(), 0
    while left > part and count < 500:
        left -= part
        count += 1
        part *= mean / count
    return count
