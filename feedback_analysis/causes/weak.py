"""Learns a user's taxonomy from its words and examples, on the comments that are to be labelled.

Each comment gets a first answer from the words that occur in it and from its likeness to the
examples; the surer half of these answers teaches the labeller, which then judges all comments.
Measured on complaints of another industry (benchmarks/causes.py).
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from feedback_analysis.causes.corrections import Corrections, plain
from feedback_analysis.causes.encoder import encoder
from feedback_analysis.causes.labeller import CauseLabeller
from feedback_analysis.causes.language import guesser
from feedback_analysis.causes.lexicon import Lexicon
from feedback_analysis.causes.taxonomy import UNCLEAR, Taxonomy

# Weight of likeness beside words, and the share of answers that teach: the surer ones.
LIKENESS = 0.35
TAUGHT = 0.5
# More rows teach no more, and cost with their third power.
MOST = 5_000
# What a person said weighs as much as so many first answers.
HUMAN = 3.0


def learn(
    taxonomy: Taxonomy,
    comments: Sequence[str],
    corrections: Corrections,
    *,
    encoder: str = "auto",
) -> CauseLabeller:
    """Return a labeller of a user's taxonomy.

    Parameters
    ----------
    taxonomy : Taxonomy
    comments : sequence of str
        What it learns from, beside the taxonomy's own words and examples.
    corrections : Corrections
        Comments that people labelled.
    encoder : str, default="auto"

    Returns
    -------
    CauseLabeller
    """
    said = corrections.by_comment
    texts = [text for text in dict.fromkeys(map(plain, comments)) if text and text not in said]
    rows = _stated(taxonomy)
    rows += [(text, ";".join(causes), HUMAN) for text, causes in said.items()]
    if texts:
        scores = first_answers(taxonomy, texts, encoder)
        best, sure = scores.argmax(axis=1), scores.max(axis=1)
        taught = min(int(np.ceil(TAUGHT * len(texts))), MOST)
        # By sureness, then by the text itself: the order of the file does not count.
        order = sorted(range(len(texts)), key=lambda row: (-round(sure[row], 6), texts[row]))
        rows += [(texts[row], taxonomy.ids[best[row]], 1.0) for row in sorted(order[:taught])]
    rows.sort()
    made = CauseLabeller(taxonomy, encoder=encoder, ridge=1.0, by_clause=0.0)
    return made.fit(*zip(*[row[:2] for row in rows], strict=True), [row[2] for row in rows])


def _stated(taxonomy: Taxonomy) -> list[tuple[str, str, float]]:
    """Return the taxonomy's examples and words as comments."""
    rows = []
    for cause in taxonomy.causes:
        rows += [(text, cause.id, 1.0) for texts in cause.examples.values() for text in texts]
        for words in cause.words.values():
            bare = [word.replace("*", "").replace("..", " ") for word in words]
            rows += [(text, cause.id, 0.5) for text in bare if text.strip()]
    if UNCLEAR not in taxonomy.ids:
        return rows
    return rows or [(UNCLEAR, UNCLEAR, 1.0)]


def first_answers(taxonomy: Taxonomy, texts: Sequence[str], name: str) -> np.ndarray:
    """Return how likely each cause is by words and examples alone.

    Parameters
    ----------
    taxonomy : Taxonomy
    texts : sequence of str
    name : str
        The encoder.

    Returns
    -------
    array of shape (texts, causes)
        Each row adds up to 1.
    """
    counts = Lexicon(taxonomy).count(texts, guesser()(texts))
    scores = np.log1p(counts) + LIKENESS * _likeness(taxonomy, texts, name)
    odds = np.exp(2 * (scores - scores.max(axis=1, keepdims=True)))
    return odds / odds.sum(axis=1, keepdims=True)


def _likeness(taxonomy: Taxonomy, texts: Sequence[str], name: str) -> np.ndarray:
    """Return the likeness to each cause's examples, made comparable between causes."""
    vectors = encoder(name)
    made = np.zeros((len(texts), len(taxonomy.causes)), dtype=np.float32)
    if vectors.name == "none":
        return made
    seen = vectors.encode([[text] for text in texts])[0].astype(np.float32)
    for column, cause in enumerate(taxonomy.causes):
        examples = [text for each in cause.examples.values() for text in each]
        if not examples:
            continue
        of = vectors.encode([[text] for text in examples])[0].astype(np.float32).mean(axis=0)
        likeness = (seen * (of / np.linalg.norm(of))).sum(axis=1)
        made[:, column] = (likeness - likeness.mean()) / max(float(likeness.std()), 1e-3)
    return made
