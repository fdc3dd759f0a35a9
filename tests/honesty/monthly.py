"""Labels by month, and the spans of days that the newest complaints are counted in."""

from datetime import date, timedelta

from tests.honesty import sums
from tests.honesty.labels import complaints, tally
from tests.honesty.ratings import LAST, MARKETS, stars

NOW = (LAST - timedelta(days=89), LAST)
BEFORE = (LAST - timedelta(days=179), LAST - timedelta(days=90))


def received(first, last):
    """Return the feedback received in a span that is no window that Feedback Manager shows."""
    return sum(stars(market, first, last).n for market in MARKETS)


def months():
    """Return the thirteen months' first and last days and the feedback received in each."""
    found, first = [], date(2025, 10, 1)
    while first <= LAST:
        after = (first + timedelta(days=31)).replace(day=1)
        last = after - timedelta(days=1)
        found.append((f"{first:%B %Y}", first, last, received(first, last)))
        first = after
    return found


def by_month(level):
    """Return label and month -> count, expected and corrected chance; and how many cells."""
    spans = months()
    sizes = [n for *_, n in spans]
    whole, cells = sum(sizes), []
    counts = [tally(complaints().between(first, last), level) for _, first, last, _ in spans]
    for name in sorted({name for count in counts for name in count}):
        mine = [count[name] for count in counts]
        total = sum(mine)
        for (label, *_), n, size in zip(spans, mine, sizes, strict=True):
            chance = 1.0 if not n else sums.binomial_tail(n, total, size / whole)
            cells.append((chance, name, label, n, (total - n) * size / (whole - size)))
    cells.sort(key=lambda cell: cell[0])
    found, best = {}, 1.0
    for place in range(len(cells), 0, -1):
        chance, name, label, n, expected = cells[place - 1]
        best = min(best, chance * len(cells) / place)
        found[name, label] = (n, expected, best)
    return found, len(cells)
