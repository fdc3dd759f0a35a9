"""Poisson regressions in plain Python: Newton's steps, and errors clustered by family.

Rows are family, count, what it is of, and a list of place and value of each covariate.
"""

import math
from collections import defaultdict
from operator import mul


def dot(row, vector):
    return sum(map(mul, row, vector))


def inverse(matrix):
    """Return the inverse by Gauss and Jordan; a covariate that others explain gets none."""
    n = len(matrix)
    rows = [[*matrix[k], *(float(j == k) for j in range(n))] for k in range(n)]
    for k in range(n):
        pivot = rows[k][k]
        if abs(pivot) < 1e-9:
            pivot = 1e12
        lead = rows[k] = [value / pivot for value in rows[k]]
        for other in range(n):
            factor = rows[other][k]
            if other != k and factor:
                rows[other] = [a - factor * b for a, b in zip(rows[other], lead, strict=True)]
    return [row[n:] for row in rows]


class Fit:
    """A fitted regression.

    With ``within`` each family's total is given (its own level is conditioned away); without, the
    covariates must hold a constant.
    """

    def __init__(self, rows, size, *, within, start=None):
        self.size, self.within = size, within
        self.families = defaultdict(list)
        for family, count, base, cells in rows:
            self.families[family].append((count, base, cells))
        if within:
            # A family that sold nothing fits any effect.
            self.families = {
                f: part for f, part in self.families.items() if any(count for count, _, _ in part)
            }
        self.beta = list(start or [0.0] * size)
        for _ in range(60):
            information = self._expect()
            self.inverse = inverse(information)
            score = [sum(column) for column in zip(*self.scores.values(), strict=True)]
            step = [dot(row, score) for row in self.inverse]
            self.beta = [b + s for b, s in zip(self.beta, step, strict=True)]
            if max(map(abs, step)) < 1e-10:
                break

    def _expect(self):
        """Work out what each row is expected to count, the scores, and the information."""
        size, held = self.size, [[0.0] * self.size for _ in range(self.size)]
        self.expected, self.scores, self.means = {}, {}, {}
        for family, part in self.families.items():
            weights = [b * math.exp(sum(self.beta[k] * x for k, x in c)) for _, b, c in part]
            total = sum(count for count, _, _ in part)
            scale = total / sum(weights) if self.within else 1.0
            weights = [weight * scale for weight in weights]
            score, mean = [0.0] * size, defaultdict(float)
            for (count, _, cells), weight in zip(part, weights, strict=True):
                for k, x in cells:
                    score[k] += (count - weight) * x
                    mean[k] += weight * x
                    row = held[k]
                    for j, y in cells:
                        row[j] += weight * x * y
            self.expected[family], self.scores[family] = weights, score
            self.means[family] = (mean, total) if self.within else ({}, 1.0)
            pairs = list(self.means[family][0].items())
            for k, x in pairs:
                row = held[k]
                for j, y in pairs:
                    row[j] -= x * y / total
        return held

    def _pulled(self, family, vector):
        """Return a family's own part of the information times a vector."""
        found = [0.0] * self.size
        for (_, _, cells), weight in zip(self.families[family], self.expected[family], strict=True):
            along = weight * sum(x * vector[k] for k, x in cells)
            for k, x in cells:
                found[k] += along * x
        mean, total = self.means[family]
        along = sum(x * vector[k] for k, x in mean.items()) / total
        for k, x in mean.items():
            found[k] -= along * x
        return found

    def pulls(self, contrast, kind="CR2"):
        """Return how far each family pulls a mix of effects, given as place -> weight.

        As it is (CR1), raised by (1 - leverage) to the power of -1/2, which is unbiased where
        families are alike (CR2), or by leaving the family out (CV3). The last two are sums of
        powers of the leverage.
        """
        found = {}
        for family, score in self.scores.items():
            term = [dot(row, score) for row in self.inverse]
            pull = sum(weight * term[k] for k, weight in contrast.items())
            for k in range(1, 0 if kind == "CR1" else 20_000):
                held = self._pulled(family, term)
                term = [dot(row, held) for row in self.inverse]
                if kind == "CR2":
                    term = [value * (2 * k - 1) / (2 * k) for value in term]
                pull += sum(weight * term[k] for k, weight in contrast.items())
                if max(map(abs, term)) < 1e-10:
                    break
            found[family] = pull
        return found

    def error(self, contrast, kind="CR2"):
        """Return the error of a mix of effects, clustered by family."""
        n = len(self.scores)
        factor = {"CR1": n / (n - 1), "CR2": 1.0, "CV3": (n - 1) / n}[kind]
        return math.sqrt(factor * sum(pull**2 for pull in self.pulls(contrast, kind).values()))
