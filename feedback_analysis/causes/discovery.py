"""Candidates for new causes: groups of unclear comments that grow. A person names them, or not."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from feedback_analysis.causes.clusters import centres, comment_vectors, number_of_clusters
from feedback_analysis.causes.taxonomy import UNCLEAR
from feedback_analysis.causes.words_of import distinctive_words, medoids

# A comment is looked at when the labeller is less sure than this.
SURE = 0.7
SMALLEST = 5
# A group is a candidate when chance makes such a growth in one of a hundred looks, all groups
# together.
FALSE_ALARMS = 0.01
COLUMNS = ["candidate", "n", "n_latest", "growth", "chance", "words", "comments", "rows"]


def new_causes(
    comments: Sequence[str],
    causes: Sequence[tuple[str, ...]],
    confidence: Sequence[float],
    latest: Sequence[bool],
    *,
    encoder: str = "auto",
    sure: float = SURE,
) -> pd.DataFrame:
    """Return groups among the unclear and unsure comments that grew since the period before.

    Parameters
    ----------
    comments : sequence of str
    causes : sequence of tuple of str
    confidence : sequence of float
        As :func:`label_comments` gives them.
    latest : sequence of bool
        Whether a comment is of the latest period; the others are what it is compared with.
    encoder : str, default="auto"
    sure : float, default=0.7
        Comments with less confidence are looked at.

    Returns
    -------
    DataFrame
        candidate, n, n_latest, growth, chance (of such a growth by luck alone, for the many looks
        put right), words, comments (medoids; mask them before they are shown), rows (places in
        the input). The likeliest first. Never a truth: "may be a new cause: name it".
    """
    comments = list(comments)
    now_all = np.asarray(latest, dtype=bool)
    first = np.array([each[0] if each else "" for each in causes], dtype=object)
    unsure = np.nan_to_num(np.asarray(confidence, dtype=float), nan=1.0) < sure
    left = np.flatnonzero((unsure | (first == UNCLEAR)) & (first != ""))
    # The same groups whatever the order of the comments.
    left = np.array(sorted(left.tolist(), key=lambda row: (comments[row], row)), dtype=int)
    if len(left) < 4 * SMALLEST or not now_all.any() or now_all.all():
        return pd.DataFrame(columns=COLUMNS)
    vectors = comment_vectors([comments[row] for row in left], encoder)
    most = min(60, len(left) // SMALLEST)
    least = max(2, min(10, most // 2))
    tries = sorted({least, *np.geomspace(least, most, 4).round().astype(int).tolist()})
    # Rather too many groups than too few: a new cause must not lie inside an old one.
    number = max(number_of_clusters(vectors, tries), int(np.sqrt(len(left) / 2)), 2)
    member = (vectors @ centres(vectors, number).T).argmax(axis=1)
    texts = [comments[row] for row in left]
    words = distinctive_words(texts, member, number)
    now = now_all[left]
    totals = int(now_all.sum()), int((~now_all).sum())
    rows = []
    for group in range(number):
        mine = np.flatnonzero(member == group)
        n_now = int(now[mine].sum())
        chance = min(1.0, number * _chance(n_now, len(mine), totals))
        if n_now >= SMALLEST and chance <= FALSE_ALARMS:
            before = len(mine) - n_now
            rows.append(
                {
                    "candidate": " / ".join(words[group][:3]) or texts[mine[0]][:30],
                    "n": len(mine),
                    "n_latest": n_now,
                    "growth": (n_now / totals[0] + 0.001) / (before / totals[1] + 0.001),
                    "chance": chance,
                    "words": tuple(words[group]),
                    "comments": tuple(texts[row] for row in medoids(vectors, mine)),
                    "rows": tuple(int(row) for row in left[mine]),
                }
            )
    made = pd.DataFrame(rows, columns=COLUMNS)
    return made.sort_values(["chance", "growth"], ascending=[True, False], ignore_index=True)


def _chance(now: int, both: int, totals: tuple[int, int]) -> float:
    """Return the chance that so many of a group's comments fall into the latest period."""
    from scipy.stats import binom

    return float(binom.sf(now - 1, both, totals[0] / sum(totals)))
