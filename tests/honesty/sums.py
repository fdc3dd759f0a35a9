"""Intervals, tests and curves in plain arithmetic: nothing but the standard library's math."""

import math
from statistics import NormalDist

Z = NormalDist().inv_cdf(0.975)


def wilson(count, n):
    """Return Wilson's 95 % interval of a share."""
    if n == 0:
        return math.nan, math.nan
    middle = (count + Z * Z / 2) / (n + Z * Z)
    reach = Z / (n + Z * Z) * math.sqrt(count * (n - count) / n + Z * Z / 4)
    low = 0.0 if count == 0 else max(0.0, middle - reach)
    return low, 1.0 if count == n else min(1.0, middle + reach)


def difference(now, now_ends, before, before_ends):
    """Return Newcombe's interval of a difference from the two parts' own intervals."""
    apart = now - before
    return (
        apart - math.hypot(now - now_ends[0], before_ends[1] - before),
        apart + math.hypot(now_ends[1] - now, before - before_ends[0]),
    )


def share_difference(count, n, count_before, n_before):
    """Return the difference of two shares and its interval."""
    now, before = count / n, count_before / n_before
    ends = difference(now, wilson(count, n), before, wilson(count_before, n_before))
    return now - before, *ends


def beta_share(a, b, x):
    """Return the regularised incomplete beta function, by its continued fraction (Lentz)."""
    if x <= 0 or x >= 1:
        return float(x >= 1)
    if x > (a + 1) / (a + b + 2):
        return 1 - beta_share(b, a, 1 - x)
    front = math.exp(
        math.lgamma(a + b) - math.lgamma(a) - math.lgamma(b)
        + a * math.log(x) + b * math.log1p(-x)
    )  # fmt: skip
    tiny, c, d = 1e-300, 1.0, 1 - (a + b) * x / (a + 1)
    d = 1 / (d if abs(d) > tiny else tiny)
    value = d
    for m in range(1, 100_000):
        for step in (
            m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m)),
            -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1)),
        ):
            d = 1 + step * d
            d = 1 / (d if abs(d) > tiny else tiny)
            c = 1 + step / c
            c = c if abs(c) > tiny else tiny
            value *= d * c
        if abs(d * c - 1) < 1e-15:
            break
    return front * value / a


def bisect(function, low, high, steps=200):
    """Return where a rising function passes zero."""
    for _ in range(steps):
        middle = (low + high) / 2
        if function(middle) < 0:
            low = middle
        else:
            high = middle
    return (low + high) / 2


def beta_point(a, b, share):
    """Return the quantile of a beta distribution."""
    return bisect(lambda x: beta_share(a, b, x) - share, 0.0, 1.0, 80)


def student_point(freedom, share):
    """Return a quantile (above a half) of Student's t."""

    def below(t):
        return 1 - beta_share(freedom / 2, 0.5, freedom / (freedom + t * t)) / 2

    return bisect(lambda t: below(t) - share, 0.0, 1000.0)


def mean_stars(stars):
    """Return the average of counts of 1 to 5 stars."""
    return sum(star * count for star, count in enumerate(stars, 1)) / sum(stars)


def average_ends(stars):
    """Return the interval of the average of bounded stars: a beta with a Dirichlet's moments."""
    weight = [count + 0.3 for count in stars]
    total = sum(weight)
    mean = sum(w * place / 4 for place, w in enumerate(weight)) / total
    square = sum(w * (place / 4) ** 2 for place, w in enumerate(weight)) / total
    size = mean * (1 - mean) / ((square - mean**2) / (total + 1)) - 1
    ends = [1 + 4 * beta_point(mean * size, (1 - mean) * size, tail) for tail in (0.025, 0.975)]
    seen = mean_stars(stars)
    return min(ends[0], seen), max(ends[1], seen)


def ratio_ends(counts, bases):
    """Return a ratio of sums and its interval from the spread over the days."""
    n, total = len(counts), sum(bases)
    rate = sum(counts) / total
    spread = sum((c - rate * b) ** 2 for c, b in zip(counts, bases, strict=True))
    reach = student_point(n - 1, 0.975) * math.sqrt(n / (n - 1) * spread) / total
    return rate, max(0.0, rate - reach), rate + reach


def amazon_percent(count, n):
    """Return the whole percent that Amazon shows, rounded half up."""
    return math.floor(100 * count / n + 0.5)


def log_choose(n, k):
    """Return the logarithm of n over k."""
    return math.lgamma(n + 1) - math.lgamma(k + 1) - math.lgamma(n - k + 1)


def hypergeometric_tail(hits, drawn, all_hits, all_drawn):
    """Return the chance of at least ``hits`` in ``drawn`` of ``all_drawn`` with ``all_hits``."""
    whole = log_choose(all_drawn, drawn)
    return min(1.0, math.fsum(
        math.exp(log_choose(all_hits, k) + log_choose(all_drawn - all_hits, drawn - k) - whole)
        for k in range(hits, min(drawn, all_hits) + 1)
        if drawn - k <= all_drawn - all_hits
    ))  # fmt: skip


def survival(times, closed):
    """Return Kaplan and Meier's curve: time, share still open, and Greenwood's sum."""
    curve, still, spread = [], 1.0, 0.0
    for time in sorted({t for t, done in zip(times, closed, strict=True) if done}):
        at_risk = sum(t >= time for t in times)
        events = sum(t == time and done for t, done in zip(times, closed, strict=True))
        still *= 1 - events / at_risk
        if at_risk > events:
            spread += events / (at_risk * (at_risk - events))
        curve.append((time, still, spread))
    return curve


def binomial_tail(hits, n, share):
    """Return the chance of at least ``hits`` of ``n``, each with the same chance."""
    return math.fsum(
        math.exp(log_choose(n, k) + k * math.log(share) + (n - k) * math.log1p(-share))
        for k in range(hits, n + 1)
    )


def delta_error(function, samples, sizes, step=1e-6):
    """Return the standard error of a function of the shares of independent samples.

    ``samples`` are lists of shares that add up to 1, each of a sample of so many; how the function
    moves with each share is tried out (the delta method).
    """
    variance = 0.0
    for place, (shares, size) in enumerate(zip(samples, sizes, strict=True)):
        moves = []
        for cell in range(len(shares)):
            ends = []
            for sign in (1, -1):
                moved = [list(each) for each in samples]
                moved[place][cell] += sign * step
                ends.append(function(*moved))
            moves.append((ends[0] - ends[1]) / (2 * step))
        mean = sum(p * g for p, g in zip(shares, moves, strict=True))
        variance += (sum(p * g * g for p, g in zip(shares, moves, strict=True)) - mean**2) / size
    return math.sqrt(variance)
