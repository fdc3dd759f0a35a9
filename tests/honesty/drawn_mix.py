"""The figures that take a change apart, and the one of negative feedback by the order's week."""

import re

from tests.honesty import sums
from tests.honesty.nowcast import arrived, delays, nowcast, ripe, stretches
from tests.honesty.orders import CHANNELS, NOT_SOLD, placed
from tests.honesty.pages import about_said, drawn, say
from tests.honesty.ratings import MARKETS, MONTHS, NOW, YEAR, month, rows_of
from tests.honesty.raw import shop

# With fewer in either period a part is put together with the other small ones.
LEAST, SHOWN = 10, 12


def by_market():
    """Return part -> hits and n of a year ago, and of now."""
    return {
        market: [(month(name, market).positive, month(name, market).n) for name in (YEAR, NOW)]
        for market in MARKETS
    }


def by_channel():
    """Return the same by the channel of the feedback's order, where every star is in a file."""
    found = {f"orders {words}": [[0, 0], [0, 0]] for words in CHANNELS.values()}
    for side, name in enumerate((YEAR, NOW)):
        for one in rows_of("US", *MONTHS[name]):
            if one.order in placed():
                cell = found[f"orders {CHANNELS[placed()[one.order][2]]}"][side]
                cell[0] += one.stars >= 4
                cell[1] += 1
    return found


def by_product():
    """Return orders that drew negative feedback by the month's end, and orders, by product.

    An order of several products counts once, with the first of their SKUs.
    """
    bad = {one.order: one.day for one in shop().counted if one.stars <= 2}
    found = {}
    for side, name in enumerate((YEAR, NOW)):
        (first, last), orders = MONTHS[name], {}
        for row in shop().items:
            if first <= row["day"] <= last and row["order-status"] not in NOT_SOLD and row["asin"]:
                product = row["sku"], row["asin"]
                orders[row["order"]] = min(product, orders.get(row["order"], product))
        for order, (_, asin) in orders.items():
            cell = found.setdefault(asin, [[0, 0], [0, 0]])[side]
            cell[0] += order in bad and bad[order] <= last
            cell[1] += 1
    return found


def pooled(parts):
    """Put the small parts together, where there are two of them or more."""
    small = [name for name, sides in parts.items() if min(n for _, n in sides) < LEAST]
    if len(small) < 2:
        return parts
    rest = [tuple(sum(parts[name][side][k] for name in small) for k in (0, 1)) for side in (0, 1)]
    return {name: parts[name] for name in parts if name not in small} | {"all others": rest}


class Split:
    """A change taken apart (Kitagawa, 1955): what each part's weight and its own share gave."""

    def __init__(self, parts):
        self.parts = pooled(parts)
        self.n = [sum(sides[side][1] for sides in self.parts.values()) for side in (0, 1)]
        self.hits = [sum(sides[side][0] for sides in self.parts.values()) for side in (0, 1)]
        self.given = {}
        middle = sum(hits / n for hits, n in zip(self.hits, self.n, strict=True)) / 2
        for name, sides in self.parts.items():
            weights = [n / whole for (_, n), whole in zip(sides, self.n, strict=True)]
            shares = [hits / n if n else None for hits, n in sides]
            shares = [share if share is not None else shares[1 - k] for k, share in
                      enumerate(shares)]  # fmt: skip
            mix = (weights[1] - weights[0]) * (sum(shares) / 2 - middle)
            self.given[name] = mix, (shares[1] - shares[0]) * sum(weights) / 2, weights, shares

    def ends(self, which):
        """Return the interval of what the mix gave (0), or the parts themselves (1)."""
        samples, names = [], list(self.parts)
        for side in (0, 1):
            overall = self.hits[side] / self.n[side]
            cells = []
            for name in names:
                hits, n = self.parts[name][side]
                weight, share = n / self.n[side], (hits + overall) / (n + 1)
                cells += [weight * share, weight * (1 - share)]
            samples.append(cells)

        def function(before, now):
            total = [0.0, 0.0]
            middle = (sum(before[::2]) / sum(before) + sum(now[::2]) / sum(now)) / 2
            for k in range(0, len(now), 2):
                (a, b), (c, d) = before[k : k + 2], now[k : k + 2]
                then, after = a / (a + b), c / (c + d)
                total[0] += (c + d - a - b) * ((then + after) / 2 - middle)
                total[1] += (after - then) * (a + b + c + d) / 2
            return total[which]

        reach = sums.Z * sums.delta_error(function, samples, self.n)
        value = sum(each[which] for each in self.given.values())
        return [100 * each for each in (value, value - reach, value + reach)]

    def whole(self):
        """Return the difference of the two shares, with its interval."""
        pairs = self.hits[1], self.n[1], self.hits[0], self.n[0]
        return [100 * each for each in sums.share_difference(*pairs)]

    def order(self):
        """Return the parts, what gave most first."""
        return sorted(self.given, key=lambda name: -abs(sum(self.given[name][:2])))


def moved(page):
    """Each split: its sentence, its title, and what stands beside the points."""
    wrong = []
    figures = [each for each in page.drawn if any(b.text == "its own change" for b in each)]
    spans = (by_market, "marketplace"), (by_channel, "channel"), (by_product, "product")
    for figure, (parts, by) in zip(figures, spans, strict=True):
        split = Split(parts())
        shares = [100 * hits / n for hits, n in zip(split.hits, split.n, strict=True)]
        mix, rate, whole = split.ends(0), split.ends(1), split.whole()
        points = r"([−+]?\d+\.\d) points \(95 % interval ([−+]?\d+\.\d) to ([−+]?\d+\.\d)\)"
        wrong += say(
            page,
            r"went from (\d+\.\d) % of ([\d,]+) in October 2025 to (\d+\.\d) % of ([\d,]+) in "
            rf"October 2026: {points}\. Of this, {points} came from a different mix by {by}",
            [shares[0], split.n[0], shares[1], split.n[1], *whole, *mix],
        )
        wrong += say(page, rf"mix by {by}.*?and {points} from the parts themselves", rate)
        title = rf"([−+]?\d+\.\d) points by {by}: ([−+]?\d+\.\d) by a different mix, ([−+]?\d+\.\d)"
        wrong += say(page, title, [whole[0], mix[0], rate[0]])
        wrong += because(page, split, by)
        shown = [(mix[0], rate[0])] + [
            tuple(100 * each for each in split.given[name][:2]) for name in split.order()[:SHOWN]
        ]
        values = [[each] for pair in shown for each in pair]
        # What is printed of the parts stands after the names and the axis.
        at = next(n for n, b in enumerate(figure) if b.text == "whole shop")
        wrong += drawn(figure[at:], r"[−+]?\d+\.\d", values)
        rest = len(split.given) - SHOWN
        if rest > 0:
            wrong += drawn(figure, r".*smaller parts are not drawn.*", [[rest]])
    return wrong


def because(page, split, by):
    """Hold the parts that are named as what did most."""
    wrong = []
    for block in page.blocks:
        if f"came from a different mix by {by}" not in block.text:
            continue
        start = block.text.index("Of this, ")
        for name in split.given:
            mix, own, weights, shares = split.given[name]
            for pattern, values in (
                (rf"([−+]\d+\.\d) from (?:more|less|fewer) (?:\w+ of )?{re.escape(name)}, (\d+) % "
                 r"before and (\d+) % now", [100 * mix, *(100 * each for each in weights)]),
                (rf"([−+]\d+\.\d) from {re.escape(name)}, (\d+\.\d) % before and (\d+\.\d) % now",
                 [100 * own, *(100 * each for each in shares)]),
            ):  # fmt: skip
                if re.search(pattern, block.text[start:]):
                    wrong += say(page, pattern, values)
    return wrong


def by_order_week(page):
    """Weeks of orders by channel: those whose feedback is in, and what the others come to."""
    wrong, shares = [], arrived(delays())
    for channel, name in (("amazon", "Fulfilled by Amazon"), ("seller", "Seller-fulfilled")):
        weeks = stretches(channel, calendar=True)[-26:]
        done = [ripe(week, shares) for week in weeks]
        full = [week for week, old in zip(weeks, done, strict=True) if old]
        young = [week for week, old in zip(weeks, done, strict=True) if not old]
        n, bad = sum(sum(ages.values()) for ages, *_ in full), sum(each for _, each, _ in full)
        seen = sum(each for _, each, _ in young)
        expected = nowcast(channel, calendar=True)[0]
        wrong += say(
            page,
            rf"{name}: Of ([\d,]+) orders of the (\d+) whole weeks up to 6 September 2026, (\d+) "
            r"got negative feedback, (\d\.\d\d) %\. The (\d+) weeks since then show (\d+) so far",
            [n, len(full), bad, 100 * bad / n, len(young), seen],
        )
        wrong += about_said(page, rf"{name}: Of [^:]*?so far; about (\d+) are expected", expected)
        if channel == "seller":
            over = sum(bad >= 0.01 * sum(ages.values()) for ages, bad, _ in full)
            wrong += say(
                page,
                r"(\d\.\d\d) % of the orders of (\d+) whole weeks got negative feedback; (\d+) "
                r"weeks? (?:was|were) at (\d) % or above\. The last (\d+) weeks: (\d+) so far",
                [100 * bad / n, len(full), over, 1, len(young), seen],
            )
            wrong += about_said(page, r"The last \d+ weeks: \d+ so far, about (\d+)", expected)
    half = next(day for day, share in enumerate(shares) if share >= 0.5)
    most = next(day for day, share in enumerate(shares) if share >= 0.95)
    wrong += say(page, r"comes within (\d+) days of the order and (95) % within (\d+) days",
                 [half, 95, most])  # fmt: skip
    return wrong + drawn(page.figure("stay below"), r"1 %", [[1]])


CHECKS = [moved, by_order_week]
