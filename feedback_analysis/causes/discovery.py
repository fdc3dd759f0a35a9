"""Candidates for new causes: unclear comments alike that came suddenly, for a person to name.

A scan for clusters in time (Kulldorff, 1997) among the comments that the labeller is unsure of:
around each comment of the latest period, are the comments most like it latest ones too, more than
chance has them? What language they are in, and whether a known cause or a language as a whole came
more often, explains nothing new: it is allowed for.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pandas as pd

from feedback_analysis.causes.clusters import comment_vectors, evened, without_language
from feedback_analysis.causes.language import guesser
from feedback_analysis.causes.taxonomy import UNCLEAR
from feedback_analysis.causes.words_of import distinctive_words, growth, medoids, named_by

# A comment is looked at when the labeller is less sure than this.
SURE = 0.7
SMALLEST = 5
# A group is a candidate when chance makes as strong a one in so few looks, all groups together.
FALSE_ALARMS = 0.01
DRAWS = 499
SEED = 7
# More comments are looked at by their newest; a group has so many at most.
MOST, LARGEST = 4_000, 200
# How many comments a language's, or a cause's, own share of latest ones is worth less by.
SHRINK = 10.0
SHOWN = 10
COLUMNS = ["candidate", "n", "n_latest", "growth", "chance", "words", "comments", "rows"]


def new_causes(
    comments: Sequence[str],
    causes: Sequence[tuple[str, ...]],
    confidence: Sequence[float],
    latest: Sequence[bool],
    *,
    encoder: str = "auto",
    sure: float = SURE,
    memory: Path | None = None,
) -> pd.DataFrame:
    """Return groups among the unclear and unsure comments that came suddenly.

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
    memory : Path, optional
        Folder where sentence vectors are kept.

    Returns
    -------
    DataFrame
        candidate, n, n_latest, growth, chance (that luck alone makes the strongest group as
        strong as this one), words, comments (medoids; mask them before they are shown), rows
        (places in the input). The likeliest first. Never a truth: "may be a new cause: name it".

    Notes
    -----
    The statistic of a group is its log likelihood ratio; its chance is the share of 499 drawn
    pasts, in which every comment is a latest one as its language and its known cause make it
    likely, whose strongest group is as strong.
    """
    comments = list(comments)
    now_all = np.asarray(latest, dtype=bool)
    first = np.array([each[0] if each else "" for each in causes], dtype=object)
    unsure = np.nan_to_num(np.asarray(confidence, dtype=float), nan=1.0) < sure
    inside = first != ""
    left = np.flatnonzero((unsure | (first == UNCLEAR)) & inside)
    # The same groups whatever the order of the comments.
    left = np.array(sorted(left.tolist(), key=lambda row: (comments[row], row)), dtype=int)
    left = _not_too_many(left, now_all)
    if len(left) < 4 * SMALLEST or not now_all[left].any() or now_all[left].all():
        return pd.DataFrame(columns=COLUMNS)
    languages = np.array(guesser()(comments), dtype=object)
    texts = [comments[row] for row in left]
    found = comment_vectors(texts, encoder, memory=memory)
    vectors = evened(without_language(found, languages[left]))
    now = now_all[left]
    chances = _chances(left, now_all, languages, first, ~unsure & inside)
    groups = _suddenly(vectors, now, chances)
    if not groups:
        return pd.DataFrame(columns=COLUMNS)
    member = np.full(len(left), -1)
    for number, (rows, _) in enumerate(groups):
        member[rows] = number
    words = distinctive_words(texts, member, len(groups))
    totals = max(int(now_all.sum()), 1), max(int((~now_all).sum()), 1)
    made = []
    for number, (rows, chance) in enumerate(groups):
        n_now = int(now[rows].sum())
        middle = [texts[row] for row in medoids(vectors, rows)]
        made.append(
            {
                "candidate": named_by(words[number], middle),
                "n": len(rows),
                "n_latest": n_now,
                "growth": growth(n_now, totals[0], len(rows) - n_now, totals[1]),
                "chance": chance,
                "words": tuple(words[number]),
                "comments": tuple(middle),
                "rows": tuple(sorted(int(row) for row in left[rows])),
            }
        )
    return pd.DataFrame(made, columns=COLUMNS)


def _not_too_many(left: np.ndarray, now: np.ndarray) -> np.ndarray:
    """Return so many rows at most, evenly drawn from the latest and from the others."""
    if len(left) <= MOST:
        return left
    at = np.linspace(0, len(left) - 1, MOST).round().astype(int)
    order = left[np.argsort(~now[left], kind="stable")]
    return np.sort(order[at])


def _chances(
    left: np.ndarray, now: np.ndarray, languages: np.ndarray, first: np.ndarray, sure: np.ndarray
) -> np.ndarray:
    """Return how likely each comment is a latest one, by its language and by its known cause."""
    base = now[left].mean()
    odds = np.full(len(left), np.log(base / (1 - base)))
    # Only sure labels tell how a cause grew: what is new hides among the unsure ones.
    for key, known in ((languages, np.ones(len(now), bool)), (first, sure)):
        whole = now[known].mean() if known.any() else base
        whole = min(max(whole, 1e-3), 1 - 1e-3)
        for value in set(key[left].tolist()) - {UNCLEAR}:
            rows = known & (key == value)
            share = (now[rows].sum() + SHRINK * whole) / (rows.sum() + SHRINK)
            odds[key[left] == value] += np.log(share / (1 - share)) - np.log(whole / (1 - whole))
    made = 1 / (1 + np.exp(-odds))
    # As many latest ones as there are.
    return np.clip(made * now[left].sum() / made.sum(), 0.001, 0.999)


def _suddenly(
    vectors: np.ndarray, now: np.ndarray, chances: np.ndarray
) -> list[tuple[np.ndarray, float]]:
    """Return the groups that came suddenly, as rows, the strongest first, with their chances."""
    most = min(LARGEST, len(now) // 3)
    sizes = np.unique(np.geomspace(SMALLEST, max(most, SMALLEST), 10).round().astype(int))
    middles = np.flatnonzero(now)
    near = _nearest(vectors, middles, int(sizes[-1]))
    expected = np.cumsum(chances[near], axis=1)[:, sizes - 1]
    random = np.random.default_rng(SEED)
    strongest = np.empty(DRAWS)
    for draw in range(DRAWS):
        luck = random.random(len(now)) < chances
        # A middle is a latest comment: of the drawn past, only those count.
        strength = _strength(luck, near, sizes, expected)
        strongest[draw] = strength[luck[middles]].max(initial=0)
    strength = _strength(now, near, sizes, expected)
    taken = np.zeros(len(now), bool)
    groups: list[tuple[np.ndarray, float]] = []
    while len(groups) < SHOWN:
        row, size = np.unravel_index(int(strength.argmax()), strength.shape)
        value = strength[row, size]
        chance = (1 + int((strongest >= value).sum())) / (DRAWS + 1)
        if value <= 0 or chance > FALSE_ALARMS:
            break
        strength[row, size] = 0
        members = near[row, : sizes[size]]
        if taken[members].mean() > 0.3:
            continue
        members = members[~taken[members]]
        if now[members].sum() >= SMALLEST:
            groups.append((np.sort(members), chance))
            taken[members] = True
    return groups


def _nearest(vectors: np.ndarray, middles: np.ndarray, number: int) -> np.ndarray:
    """Return, for each middle, the rows most like it, itself first."""
    found = np.empty((len(middles), number), dtype=np.int32)
    for start in range(0, len(middles), 512):
        part = middles[start : start + 512]
        alike = (vectors[part] @ vectors.T).round(5)
        alike[np.arange(len(part)), part] = 2
        found[start : start + 512] = np.argsort(-alike, axis=1, kind="stable")[:, :number]
    return found


def _strength(
    now: np.ndarray, near: np.ndarray, sizes: np.ndarray, expected: np.ndarray
) -> np.ndarray:
    """Return the log likelihood ratio of each middle and size; 0 without more than expected."""
    seen = np.cumsum(now[near], axis=1, dtype=np.int32)[:, sizes - 1].astype(float)
    rest, awaited = sizes - seen, sizes - expected
    with np.errstate(divide="ignore", invalid="ignore"):
        value = seen * np.log(seen / expected)
        value += np.where(rest > 0, rest * np.log(rest / awaited), 0)
    return np.where((seen > expected) & (seen >= SMALLEST), value, 0)
