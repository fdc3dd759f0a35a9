"""What is known of the stars of a group of feedbacks, and the figures that follow from it."""

from __future__ import annotations

import math
from dataclasses import dataclass, fields

from feedback_analysis.health.intervals import average_interval, share_interval, verdict

# The interval of a figure of which part is not known at all.
ANYTHING = (-math.inf, math.inf)


@dataclass(frozen=True)
class Composition:
    """Counts of a group of feedbacks; they add.

    Parameters
    ----------
    ones, twos, threes, fours, fives : int
        Feedbacks whose stars are known.
    negatives, positives : int
        Feedbacks known to be negative (1 or 2 stars) or positive (4 or 5) and no more.
    """

    ones: int = 0
    twos: int = 0
    threes: int = 0
    fours: int = 0
    fives: int = 0
    negatives: int = 0
    positives: int = 0

    def __add__(self, other: Composition) -> Composition:
        names = [field.name for field in fields(self)]
        return Composition(*(getattr(self, name) + getattr(other, name) for name in names))

    @classmethod
    def of_totals(
        cls, *, positive: int, neutral: int, negative: int, ones: int = 0, twos: int = 0
    ) -> Composition:
        """Build one from totals, using what the rows tell of the negatives' stars.

        Parameters
        ----------
        positive, neutral, negative : int
            The totals, which set the counts.
        ones, twos : int
            Rows of 1 and 2 stars in the feedback file, which may differ from ``negative``.

        Returns
        -------
        Composition
            Where there are more rows than negatives, no one knows which of them do not count, so
            as many lose their stars.
        """
        surplus = max(0, ones + twos - negative)
        ones, twos = max(0, ones - surplus), max(0, twos - surplus)
        return cls(
            ones=ones,
            twos=twos,
            threes=neutral,
            negatives=negative - ones - twos,
            positives=positive,
        )

    @property
    def positive(self) -> int:
        """Feedbacks of 4 or 5 stars."""
        return self.fours + self.fives + self.positives

    @property
    def neutral(self) -> int:
        """Feedbacks of 3 stars."""
        return self.threes

    @property
    def negative(self) -> int:
        """Feedbacks of 1 or 2 stars."""
        return self.ones + self.twos + self.negatives

    @property
    def n(self) -> int:
        """All feedbacks."""
        return self.positive + self.neutral + self.negative

    @property
    def split_known(self) -> bool:
        """Whether the stars of every feedback are known."""
        return self.negatives == 0 and self.positives == 0

    def lowest(self) -> tuple[int, int, int, int, int]:
        """Counts of 1 to 5 stars if every unknown star is the lower one."""
        return (
            self.ones + self.negatives,
            self.twos,
            self.threes,
            self.fours + self.positives,
            self.fives,
        )

    def highest(self) -> tuple[int, int, int, int, int]:
        """Counts of 1 to 5 stars if every unknown star is the higher one."""
        return (
            self.ones,
            self.twos + self.negatives,
            self.threes,
            self.fours,
            self.fives + self.positives,
        )


def mean_stars(stars: tuple[int, ...]) -> float:
    """Return the average of counts of 1 to 5 stars, NaN without any.

    Parameters
    ----------
    stars : tuple of int
        Counts of 1, 2, 3, 4 and 5 stars.

    Returns
    -------
    float
        Average stars.
    """
    n = sum(stars)
    return sum(star * count for star, count in enumerate(stars, 1)) / n if n else math.nan


def whole_percent(count: int, n: int) -> float:
    """Round a share to a whole percent as Amazon displays it: each by itself, half up.

    Parameters
    ----------
    count, n : int
        Hits, and the number they are of.

    Returns
    -------
    float
        Whole percent, NaN when n is 0.
    """
    return float((200 * count + n) // (2 * n)) if n else math.nan


def figures(
    found: Composition, *, targets: tuple[float, float], minimum_n: int, complete: bool = True
) -> dict[str, object]:
    """Work out every figure of a group of feedbacks.

    Parameters
    ----------
    found : Composition
        The counts.
    targets : tuple of float
        Positive share (0-1) and average stars aimed at.
    minimum_n : int
        Below this number nothing is said about the targets.
    complete : bool, default=True
        False when part of the span is not known: then no target is called met or not met.

    Returns
    -------
    dict
        Columns of a rating table from ``n`` to ``displayed_negative``.
    """
    n, (share_target, average_target) = found.n, targets
    share_limits = share_interval(found.positive, n)
    lowest, highest = found.lowest(), found.highest()
    if found.split_known:
        average = mean_stars(lowest)
        shown = around = average_interval(lowest)
    else:
        average = math.nan
        shown = (mean_stars(lowest), mean_stars(highest))
        # A verdict must hold for every split of the stars and for chance on top of it.
        around = (average_interval(lowest)[0], average_interval(highest)[1])
    verdicts = [
        verdict(limits if complete else ANYTHING, target, n=n, minimum_n=minimum_n)
        for limits, target in ((share_limits, share_target), (around, average_target))
    ]
    return {
        "n": n,
        "positive": found.positive,
        "neutral": found.neutral,
        "negative": found.negative,
        "share": found.positive / n if n else math.nan,
        "low": share_limits[0],
        "high": share_limits[1],
        "average": average,
        "average_low": shown[0],
        "average_high": shown[1],
        "verdict": both(*verdicts),
        "share_verdict": verdicts[0],
        "average_verdict": verdicts[1],
        "displayed": whole_percent(found.positive, n),
        "displayed_neutral": whole_percent(found.neutral, n),
        "displayed_negative": whole_percent(found.negative, n),
    }


def both(share_verdict: str, average_verdict: str) -> str:
    """Combine the verdicts on the two targets, which count together.

    Parameters
    ----------
    share_verdict, average_verdict : str
        Verdicts on the positive share and on the average.

    Returns
    -------
    str
        ``met`` only if both are met; ``not met`` as soon as one is not met; ``too few to say``
        when there are too few; else ``cannot tell yet``.
    """
    found = {share_verdict, average_verdict}
    for answer in ("not met", "too few to say", "cannot tell yet"):
        if answer in found:
            return answer
    return "met"
