"""The weekly alarm in plain Python: counts by week, limits by simulation, and when changes began.

The limits are simulated anew, by other chance than the product's; which weeks alarm must come out
the same.
"""

import math
import random
from collections import Counter
from datetime import date, timedelta
from functools import cache
from itertools import pairwise

from tests.honesty.ratings import LAST, MARKETS, stars
from tests.honesty.raw import CANCELLED, shop
from tests.honesty.regressions import dot, inverse

WEEK = timedelta(weeks=1)
FACTOR, BETWEEN, PATHS = 1.5, 208, 20_000
WATCHED, BEFORE, EVERY, RECENT = 52, 52, 13, 13
LASTS, CALM, TOGETHER = 6, 1.0, 4
STATES = 120
# Two simulations of a limit differ by so much.
NEAR = 0.06


def monday(day):
    """Return the Monday on a day or after it."""
    return day + timedelta(days=-day.weekday() % 7)


@cache
def weeks():
    """Return the Mondays of all whole weeks that are known, and the place of the first watched."""
    first = monday(min(min(day["day"] for day in shop().daily), min(o.day for o in shop().counted)))
    found = []
    while first + WEEK <= LAST + timedelta(days=1):
        found.append(first)
        first += WEEK
    back = len(found) - WATCHED
    return found, back + -(found[back].toordinal() // 7) % EVERY


@cache
def rated():
    """Return each week's feedbacks, those not positive, and the negatives."""
    found = []
    for start in weeks()[0]:
        parts = [stars(market, start, start + timedelta(days=6)) for market in MARKETS]
        n, good, bad = (sum(getattr(p, k) for p in parts) for k in ("n", "positive", "negative"))
        found.append((n, n - good, bad))
    return found


@cache
def lags():
    """Return the share of unhappy feedback that came 0, 1, 2 ... weeks after its order."""
    starts, first = weeks()
    bought = {order: min(row["day"] for row in rows) for order, rows in shop().orders.items()}
    days = [
        (one.day - bought[one.order]).days // 7
        for one in shop().feedback
        if one.stars <= 3 and one.order in bought and one.day < starts[first]
    ]
    counted = Counter(lag for lag in days if 0 <= lag <= 13)
    n = sum(counted.values())
    return [counted[lag] / n for lag in range(max(counted) + 1)]


@cache
def behind():
    """Return the orders behind each week's feedback: earlier ones, weighed by the delay."""
    starts, _ = weeks()
    bought = Counter()
    seen = set()
    for row in shop().items:
        if row["order"] not in seen and row["order-status"] not in CANCELLED:
            seen.add(row["order"])
            bought[(row["day"] - starts[0]).days // 7] += 1
    found = [
        sum(share * bought[week - lag] for lag, share in enumerate(lags()) if week >= lag)
        for week in range(len(starts))
    ]
    first = min(week for week in range(len(starts)) if bought[week])
    return [None if week < first + 4 else value for week, value in enumerate(found)]


class Chart:
    """A CUSUM over the watched weeks against the level of the weeks before."""

    def __init__(self, name):
        starts, first = weeks()
        self.name, self.share = name, name == "positive share"
        rows = [
            (start, n, missed, n) if self.share else (start, n, bad, orders)
            for start, (n, missed, bad), orders in zip(starts, rated(), behind(), strict=True)
        ]
        base = [row for row in rows[max(0, first - BEFORE) : first] if row[3]]
        self.base = sum(row[2] for row in base), sum(row[3] for row in base)
        self.level = (self.base[0] + 0.5) / (self.base[1] + (1 if self.share else 0))
        rows = rows[first:]
        self.starts = [row[0] for row in rows]
        self.hits, self.exposure = [row[2] for row in rows], [row[3] for row in rows]
        self.recent = sum(self.exposure[-RECENT:]) / RECENT
        changed = FACTOR * self.level / (1 - self.level + FACTOR * self.level)
        self.hit = math.log(FACTOR)
        self.unit = (
            math.log((1 - changed) / (1 - self.level)) if self.share else self.level * (1 - FACTOR)
        )
        self.limits = self._limits()
        self.lasts = max(LASTS, min(2 * self.weeks_to_see(2), BEFORE))

    def shown(self, rate):
        """Return a rate as it is printed: a positive share, or negatives per 1,000 orders."""
        return 100 * (1 - rate) if self.share else 1000 * rate

    def _limits(self):
        """Return what the statistic may reach in each week, so that one in 208 alarms."""
        chance, (hits, exposure) = random.Random(11), self.base
        if self.share:
            true = [chance.betavariate(hits + 0.5, exposure - hits + 0.5) for _ in range(PATHS)]
        else:
            true = [chance.gammavariate(hits + 0.5, 1 / exposure) for _ in range(PATHS)]
        rate, spent, found, held = 1 / BETWEEN - 1 / PATHS, 0.0, [], [0.0] * PATHS
        for week, size in enumerate(self.exposure):
            able = []
            for path, level in enumerate(true):
                score = self.hit * self._drawn(chance, level, size) + self.unit * size
                held[path] = max(0.0, held[path] + score)
                able.append(held[path] if score > 0 else 0.0)
            most = int(min(rate * (week + 1) - spent, 2 * rate) * PATHS)
            limit = sorted(able)[PATHS - 1 - max(0, most)] + 1e-9
            over = [path for path, value in enumerate(able) if value > limit]
            for path in over:
                held[path] = 0.0
            spent += len(over) / PATHS
            found.append(limit)
        return found

    def _drawn(self, chance, level, size):
        """Draw a week's count by going up its distribution."""
        if self.share:
            n = round(size)
            part, odds = (1 - level) ** n, level / (1 - level)
        else:
            part = math.exp(-level * size)
        left, count = chance.random() - part, 0
        while left > 0 and count < 200:
            part *= (n - count) / (count + 1) * odds if self.share else level * size / (count + 1)
            count += 1
            left -= part
        return count

    def courses(self, week=0, value=0.0):
        """Yield every course: the statistic by week and the weeks of an alarm.

        A week whose statistic comes near its limit may go either way, for limits are simulated.
        """
        if week == len(self.hits):
            yield [], []
            return
        score = self.hit * self.hits[week] + self.unit * self.exposure[week]
        value = max(0.0, value + score)
        apart = value / self.limits[week] - 1 if score > 0 else -1.0
        for alarm in (True, False):
            if (apart > -NEAR) if alarm else (apart < NEAR):
                for statistic, alarms in self.courses(week + 1, 0.0 if alarm else value):
                    yield [value, *statistic], [week, *alarms] if alarm else alarms

    def choose(self, printed):
        """Take the course that has the printed alarms: those named, and as many in all."""
        named, count = printed
        for statistic, alarms in self.courses():
            days = {self.starts[week] for week in alarms}
            if named <= days and len(days) == count:
                self.statistic, self.alarms = statistic, alarms
                return
        raise AssertionError(f"{self.name}: no course alarms in {sorted(named)}")

    def _fits(self, hits, size):
        """Return the log-likelihood of some weeks at the level that fits them best."""
        rate = hits / size if size > 0 else 0.0
        told = hits * math.log(rate) if hits else 0.0
        if not self.share:
            return told - rate * size
        return told + ((size - hits) * math.log1p(-rate) if size > hits else 0.0)

    def began(self, alarm, restart, within=2.5):
        """Return the week in which a change likeliest began, and the first and last possible."""
        zeros = [week for week in range(restart, alarm) if self.statistic[week] == 0]
        zero = zeros[-1] + 1 if zeros else restart
        likely = {}
        for week in range(restart, alarm + 1):
            calm = sum(self.hits[restart:week]), sum(self.exposure[restart:week])
            after = sum(self.hits[week : alarm + 1]), sum(self.exposure[week : alarm + 1])
            likely[week] = self._fits(self.base[0] + calm[0], self.base[1] + calm[1])
            likely[week] += self._fits(*after)
        best = max((week for week in likely if week >= zero), key=lambda week: likely[week])
        near = [week for week in likely if likely[week] >= likely[best] - within]
        return best, min(*near, best), max(*near, best)

    def told(self):
        """Return one dict an alarm."""
        found, restart = [], 0
        for alarm in self.alarms:
            best, low, high = self.began(alarm, restart)
            calm = self.began(alarm, restart, CALM)[1] > restart
            hits, size = (sum(part[best : alarm + 1]) for part in (self.hits, self.exposure))
            found.append(
                {
                    "chart": self, "start": self.starts[alarm], "began": self.starts[best],
                    "low": self.starts[low], "high": self.starts[high], "hits": hits, "size": size,
                    "continues": bool(found) and not calm and alarm - restart < self.lasts,
                }
            )  # fmt: skip
            restart = alarm + 1
        return found

    def since(self, first, until):
        """Return the rate from a Monday on, up to another."""
        inside = [
            week for week, start in enumerate(self.starts)
            if start >= first and (until is None or start < until)
        ]  # fmt: skip
        return sum(self.hits[w] for w in inside) / sum(self.exposure[w] for w in inside)

    def weeks_to_see(self, times):
        """Return the average weeks until a rate so many times as high alarms (a Markov chain)."""
        limit = sorted(self.limits[-RECENT:])[RECENT // 2]
        width, cumulated = 2 * limit / (2 * STATES - 1), self._cumulated(times * self.level)
        rows = []
        for state in range(STATES):
            upto = [
                cumulated((width * (k + 0.5 - state) - self.unit * self.recent) / self.hit)
                for k in range(STATES)
            ]
            step = [upto[0], *(b - a for a, b in pairwise(upto))]
            rows.append([float(k == state) - part for k, part in enumerate(step)])
        return dot(inverse(rows)[0], [1.0] * STATES)

    def _cumulated(self, rate):
        """Return the cumulative distribution of a week's count at a rate."""
        n, mean, found, total = round(self.recent), rate * self.recent, [], 0.0
        part = (1 - rate) ** n if self.share else math.exp(-mean)
        for count in range(201):
            total += part
            found.append(total)
            left = (n - count) * rate / (1 - rate) if self.share else mean
            part *= left / (count + 1)
        return lambda most: 0.0 if most < -1e-9 else found[min(200, math.floor(most + 1e-9))]


@cache
def charts():
    """Return both charts of the page."""
    return Chart("positive share"), Chart("negative feedback")


def changes(printed):
    """Return the alarms in order, each with the number of the change that it tells of.

    ``printed`` says of each chart which Mondays are named as alarms, and how many there are.
    """
    for chart in charts():
        chart.choose(printed[chart.name])
    found = [alarm for chart in charts() for alarm in chart.told()]
    number, first = 0, date.min
    for alarm in sorted(found, key=lambda one: (one["start"], one["continues"])):
        near = number and (alarm["start"] - first).days <= 7 * TOGETHER
        if not number or not (alarm["continues"] or near):
            number, first = number + 1, alarm["start"]
        alarm["change"] = number
    return sorted(found, key=lambda one: one["start"])
