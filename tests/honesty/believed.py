"""What would betray the effect of reviews: weeks before, placebos, single families.

Each check is a change and its error on the log scale, worked out from the same rows.
"""

import math
from collections import defaultdict
from functools import cache

from tests.honesty.conversion import first_mix, prepared, switching, within
from tests.honesty.regressions import Fit
from tests.honesty.trials import trial_fit

LEADS = (-4, -3, -2, -1)
LAGS = ((0, 0), (1, 1), (2, 2), (3, 3), (4, 7), (8, 10**6))
EARLY = 8


@cache
def dated():
    """Return rows whose reviews are known, their covariates, and weeks since the first review."""
    rows = [(row, cells) for row, cells in prepared()[0] if row["reviews"] is not None]
    first = {}
    for row, _ in rows:
        if row["reviews"] > 0:
            first[row["family"]] = min(row["week"], first.get(row["family"], row["week"]))
    mine = switching()
    return [
        (row, cells, (row["week"] - first[row["family"]]).days // 7
         if row["family"] in mine else None)
        for row, cells in rows
    ]  # fmt: skip


def with_cells(rows, named):
    """Fit order items per session on some 0/1 covariates in the first places, all else the same.

    ``named`` says of a row's weeks since its first review which places are 1.
    """
    size, count = prepared()[1], 12
    design = []
    for row, cells, since in rows:
        # Places 0 to 3 were ranges of reviews; these begin anew, before the others.
        kept = [(place + count, x) for place, x in cells.items() if place >= 4]
        mine = [(place, 1.0) for place in named(since)] if since is not None else []
        design.append((row["family"], row["items"], row["sessions"], [*mine, *kept]))
    return Fit(design, size + count, within=True)


@cache
def events():
    """Return the regression on the weeks around the first review, and the sale's lag."""

    def named(since):
        return [place for place, lead in enumerate(LEADS) if since == lead] + [
            len(LEADS) + place for place, (low, high) in enumerate(LAGS) if low <= since <= high
        ]

    fit = with_cells(dated(), named)
    z = {lead: fit.beta[k] / fit.error({k: 1.0}, "CR1") for k, lead in enumerate(LEADS)}
    return fit, -max(LEADS, key=lambda lead: z[lead])


def weeks_before():
    """Return the mean of the weeks before, without the trigger's and the one right before."""
    fit, lag = events()
    calm = [place for place, lead in enumerate(LEADS) if lead not in (-1, -lag)]
    share = dict.fromkeys(calm, 1 / len(calm))
    return sum(fit.beta[place] for place in calm) / len(calm), fit.error(share, "CR1")


def early():
    """Return what a first review pretended eight weeks early does."""
    lag = events()[1]
    rows = [
        (row, cells, since) for row, cells, since in dated()
        if row["reviews"] == 0 and (since is None or since < -lag)
    ]  # fmt: skip
    fit = with_cells(rows, lambda since: [0] if since >= -EARLY else [])
    return fit.beta[0], fit.error({0: 1.0}, "CR1")


def _apart(rows, values):
    """Take family and week means out in turn until nothing is left of them."""
    mean = sum(values) / len(values)
    values = [value - mean for value in values]
    for _ in range(50):
        moved = 0.0
        for name in ("family", "week"):
            parts = defaultdict(list)
            for (row, _, _), value in zip(rows, values, strict=True):
                parts[row[name]].append(value)
            means = {key: sum(part) / len(part) for key, part in parts.items()}
            values = [v - means[row[name]] for (row, _, _), v in zip(rows, values, strict=True)]
            moved = max(moved, *map(abs, means.values()))
        if moved < 1e-6:
            break
    return values


def beside(place):
    """Return how far price (place 8), featured offer (9) or mix moved with the first review."""
    rows = dated()
    values = {
        8: lambda row, cells: cells[8],
        9: lambda row, cells: math.exp(cells[9]),
        "mix": lambda row, cells: math.log(row["mix"]),
    }[place]
    outcome = _apart(rows, [values(row, cells) for row, cells, _ in rows])
    reviewed = _apart(rows, [float(row["reviews"] > 0) for row, _, _ in rows])
    spread = sum(x * x for x in reviewed)
    effect = sum(x * y for x, y in zip(reviewed, outcome, strict=True)) / spread
    scores = defaultdict(float)
    for (row, _, _), x, y in zip(rows, reviewed, outcome, strict=True):
        scores[row["family"]] += x * (y - effect * x)
    return effect, math.sqrt(sum(score**2 for score in scores.values())) / spread


def single_family():
    """Return how far the family that moves an estimate most does so, and which it is."""
    found = [within().pulls(first_mix(), "CV3"), trial_fit().pulls({0: 1.0}, "CV3")]
    return max((abs(pull), family) for pulls in found for family, pull in pulls.items())


def impossible():
    """Return the share of order items in weeks with fewer sessions than order items."""
    rows = [row for row, _ in prepared()[0]]
    more = sum(row["items"] for row in rows if row["items"] > row["sessions"])
    return more / sum(row["items"] for row in rows)


def vanished():
    """Return the share of reviewed families whose reviews vanish from one week to the next."""
    before, gone, reviewed = {}, set(), set()
    for row, _, _ in dated():
        if row["reviews"] > 0:
            reviewed.add(row["family"])
        elif before.get(row["family"], 0) > 0:
            gone.add(row["family"])
        before[row["family"]] = row["reviews"]
    return len(gone) / len(reviewed)
