"""Weekly trials, and which products first: the second estimator and the forecast made from it."""

import math
import random
from collections import defaultdict
from functools import cache
from itertools import accumulate
from statistics import mean, median

from tests.honesty.conversion import panel, prepared, reviewed_only
from tests.honesty.regressions import Fit

HORIZON, MIXED, LEAST_AGE, FIRST = 6, 100.0, 3, 4
DRAWS, AHEAD, RECENT = 8_000, 8, 8


@cache
def adjusted_sessions():
    """Return every row's sessions times what its price, offer, age and week do to conversion."""
    rows, size = prepared()
    known = [
        (row["family"], row["items"], row["sessions"], list(cells.items()))
        for row, cells in rows
        if row["reviews"] is not None
    ]
    beta = Fit(reviewed_only(known), size, within=True).beta
    return [
        row["sessions"] * math.exp(sum(beta[k] * x for k, x in cells.items() if k >= 4))
        for row, cells in rows
    ]


class Course:
    """One family over all weeks: items, sessions, adjusted sessions, and its reviews."""

    def __init__(self, weeks):
        self.items, self.sessions, self.exposure = ([0.0] * weeks for _ in range(3))
        self.reviews = [math.nan] * weeks
        self.other, self.launch, self.first = weeks, math.inf, weeks

    def add(self, week, row, exposure):
        self.items[week], self.sessions[week] = row["items"], row["sessions"]
        self.exposure[week] = exposure
        count = row["reviews"]
        self.reviews[week] = math.inf if count is None else count
        if count != 0:
            # Reviews, or not known to be without: no longer a control.
            self.other = min(self.other, week)
        self.first = min(self.first, week)
        self.launch = min(self.launch, week - row["age"])

    def sums(self):
        self.before = [
            [0.0, *accumulate(values)] for values in (self.items, self.exposure, self.sessions)
        ]

    def without(self):
        """Return items and adjusted sessions of the weeks without reviews."""
        mine = [week for week, count in enumerate(self.reviews) if count == 0]
        return sum(self.items[w] for w in mine), sum(self.exposure[w] for w in mine)


@cache
def courses():
    """Return family -> its course."""
    begin = min(row["week"] for row in panel())
    weeks = (max(row["week"] for row in panel()) - begin).days // 7 + 1
    found = defaultdict(lambda: Course(weeks))
    for (row, _), exposure in zip(prepared()[0], adjusted_sessions(), strict=True):
        found[row["family"]].add((row["week"] - begin).days // 7, row, exposure)
    for course in found.values():
        course.sums()
    return dict(found), weeks


@cache
def trial_rows():
    """Return one row a family and trial: family, treated, items, sessions, and its past."""
    found, last = courses()
    usual = sum(sum(c.items) for c in found.values()) / sum(sum(c.exposure) for c in found.values())
    rows = []
    for week in range(FIRST, last - 1):
        trial = []
        for family, course in found.items():
            items, exposure, sessions = course.before
            now = course.reviews[week]
            if (
                course.sessions[week] > 0
                and course.sessions[week - 1] > 0
                and course.reviews[week - 1] == 0
                and sessions[week] > 0
                and week - course.launch >= LEAST_AGE
                and course.other >= week
                and (now == 0 or 0 < now < math.inf)
            ):
                end = min(last if now > 0 else min(course.other, last), week + HORIZON)
                ahead = items[end] - items[week], exposure[end] - exposure[week]
                trial.append((family, now > 0, *ahead, _past(course, week, usual)))
        rows += trial if len(trial) > 1 else []
    return [row for row in rows if row[3] > 0]


def _past(course, week, usual):
    """Return what is known of a family before a trial."""
    items, exposure, sessions = course.before

    def rate(since):
        sold, seen = items[week] - items[since], exposure[week] - exposure[since]
        return math.log((sold + MIXED * usual) / (seen + MIXED) / usual)

    return [
        rate(0),
        math.log(exposure[week] + MIXED),
        rate(max(0, week - 4)),
        rate(week - 1),
        math.log1p(sessions[week] / max(1, week - max(course.launch, 0))),
        math.log1p(week - course.launch),
    ]


@cache
def trial_fit():
    """Return the regression of what follows, the first review in place 0."""
    rows = trial_rows()
    means = [mean(row[4][k] for row in rows) for k in range(6)]
    design = []
    for family, treated, items, exposure, past in rows:
        apart = [value - usual for value, usual in zip(past, means, strict=True)]
        cells = [float(treated), *apart, apart[0] * apart[1], 1.0]
        design.append((family, items, exposure, list(enumerate(cells))))
    usual = math.log(sum(row[2] for row in rows) / sum(row[3] for row in rows))
    return Fit(design, 9, within=False, start=[*[0.0] * 8, usual])


@cache
def trials():
    """Return effect and error of a first review, and how many families had one in a trial."""
    started = {row[0] for row in trial_rows() if row[1]}
    return trial_fit().beta[0], trial_fit().error({0: 1.0}), len(started)


def gamma_prior():
    """Return shape and rate of the Gamma that conversions without reviews likeliest came from."""
    pairs = [pair for pair in (course.without() for course in courses()[0].values()) if pair[1] > 0]

    def told(shape, middle):
        rate = shape / middle
        return sum(
            math.lgamma(shape + sold) - math.lgamma(shape) + shape * math.log(rate)
            - (shape + sold) * math.log(rate + seen)
            for sold, seen in pairs
        )  # fmt: skip

    at = [0.0, math.log(sum(p[0] for p in pairs) / sum(p[1] for p in pairs))]
    step = 0.5
    # Uphill by ever smaller steps: two numbers, one peak.
    while step > 1e-7:
        tried = [(at[0] + a, at[1] + b) for a in (-step, 0, step) for b in (-step, 0, step)]
        best = max(tried, key=lambda logs: told(math.exp(logs[0]), math.exp(logs[1])))
        step, at = (step / 2, at) if list(best) == list(at) else (step, list(best))
    shape = math.exp(at[0])
    return shape, shape / math.exp(at[1])


@cache
def forecast(families):
    """Return family -> what a first review would bring in eight weeks, drawn anew; and the sum.

    A dict each: ``conversion``, ``extra`` (its mean), ``ends`` (of 80 and 95 %), ``top`` (chance of
    being among the ten that gain most) and ``price``.
    """
    (shape, rate), (effect, error, _) = gamma_prior(), trials()
    found, weeks = courses()
    given = []
    for family in families:
        course = found[family]
        sold, seen = course.without()
        recent, live = sum(course.exposure[-RECENT:]), min(max(weeks - course.first, 1), RECENT)
        given.append((shape + sold, rate + seen, recent, live))
    chance, gains, lifts = random.Random(5), [[] for _ in families], []
    top = [0] * len(families)
    for _ in range(DRAWS):
        common = effect + error * chance.gauss(0, 1)
        drawn = []
        for sold, seen, recent, live in given:
            lift = math.expm1(common * math.exp(0.5 * chance.gauss(0, 1) - 0.125))
            traffic = chance.gammavariate(recent + 0.5, 1 / live)
            traffic *= math.exp(0.25 * chance.gauss(0, 1) - 0.03125)
            drawn.append(AHEAD * traffic * chance.gammavariate(sold, 1 / seen) * lift)
            lifts.append(lift)
        for place in sorted(range(len(drawn)), key=lambda k: -drawn[k])[:10]:
            top[place] += 1
        for held, gain in zip(gains, drawn, strict=True):
            held.append(gain)
    prices = defaultdict(list)
    for row in panel():
        if row["price"]:
            prices[row["family"]].append(math.log(row["price"]))
    made, lift = {}, mean(lifts)
    for family, (sold, seen, recent, live), held, times in zip(
        families, given, gains, top, strict=True
    ):
        usual, pace = sold / seen, recent / live
        made[family] = {
            "adjusted": usual * pace, "extra": AHEAD * pace * usual * lift,
            "ends": [quantile(held, share) for share in (0.1, 0.9, 0.025, 0.975)],
            "top": times / DRAWS, "price": math.exp(median(prices[family])),
        }  # fmt: skip
    whole = [sum(each) for each in zip(*gains, strict=True)]
    return made, [quantile(whole, 0.025), quantile(whole, 0.975)]


def quantile(values, share):
    values = sorted(values)
    place = share * (len(values) - 1)
    low = int(place)
    return values[low] + (place - low) * (values[min(low + 1, len(values) - 1)] - values[low])
