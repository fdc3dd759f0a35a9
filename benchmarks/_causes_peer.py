"""A plainer labeller to compare with: logistic regression and nearest neighbours, averaged.

It learns from the same seed comments and sees the same words, letters, sentence vectors, lexicon
and clauses as ours; what differs is how it learns. Its settings are those usual for such designs
(C = 3, ten neighbours, threshold 0.4) and were not chosen on the comments that are scored.
"""

from __future__ import annotations

import random

import numpy as np
from _causes_data import QUESTIONS, held_apart, sample_shop, score
from scipy.sparse import csr_matrix, hstack
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.multiclass import OneVsRestClassifier

from feedback_analysis.causes.encoder import encoder
from feedback_analysis.causes.lexicon import Lexicon
from feedback_analysis.causes.seeds import seeds
from feedback_analysis.causes.store import kept_labeller
from feedback_analysis.causes.taxonomy import own_taxonomy
from feedback_analysis.causes.units import units

NEIGHBOURS, THRESHOLD = 10, 0.4
UNCLEAR = QUESTIONS.index("unclear")


class PlainerLabeller:
    """One-vs-rest logistic regression and a vote of neighbours; whole comment and best clause."""

    def __init__(self) -> None:
        rows, taxonomy = seeds(), own_taxonomy()
        asked = [
            {taxonomy.question_of[cause] for cause in causes.split(";")}
            for causes in rows["causes"]
        ]
        texts, languages = rows["comment"].tolist(), rows["language"].tolist()
        joined, joined_asked = _joined(texts, languages, asked)
        self.column = [QUESTIONS.index(taxonomy.question_of[cause]) for cause in taxonomy.ids]
        self.lexicon, self.encoder = Lexicon(taxonomy), encoder()
        options = {"sublinear_tf": True, "max_features": 40_000, "dtype": np.float32}
        self.words = TfidfVectorizer(ngram_range=(1, 2), min_df=2, **options)
        self.letters = TfidfVectorizer(analyzer="char_wb", ngram_range=(3, 5), min_df=3, **options)
        every = [*texts, *joined]
        self.words.fit(every)
        self.letters.fit(every)
        target = np.array(
            [[each in some for each in QUESTIONS] for some in [*asked, *joined_asked]]
        )
        vectors = self._vectors(every)
        regression = LogisticRegression(C=3, max_iter=300)
        self.regression = OneVsRestClassifier(regression).fit(
            self._features(every, languages * 2, vectors), target
        )
        self.known, self.said = vectors[: len(texts)], target[: len(texts)].astype(float)

    def label(self, texts: list[str]) -> list[tuple[tuple[str, ...]]]:
        """Return the questions of each comment."""
        cut = units(texts)
        every = [*cut.comments, *cut.clauses]
        vectors = self._vectors(every)
        chance = self.regression.predict_proba(self._features(every, cut.languages, vectors))
        chance = (chance + self._vote(vectors)) / 2
        whole, best = chance[: len(texts)], np.full((len(texts), len(QUESTIONS)), -np.inf)
        np.maximum.at(best, cut.owner, chance[len(texts) :])
        several = np.isfinite(best[:, 0])
        whole[several] = (whole[several] + best[several]) / 2
        return [(_told(row),) for row in whole]

    def _vectors(self, texts: list[str]) -> np.ndarray:
        return self.encoder.encode([[text] for text in texts])[0].astype(np.float32)

    def _features(self, texts: list[str], languages: list[str], vectors: np.ndarray) -> csr_matrix:
        hits = np.log1p(self.lexicon.count(texts, languages))
        asked = np.zeros((len(texts), len(QUESTIONS)), np.float32)
        for cause, question in enumerate(self.column):
            asked[:, question] = np.maximum(asked[:, question], hits[:, cause])
        blocks = [self.words.transform(texts), self.letters.transform(texts)]
        return hstack([*blocks, csr_matrix(1.5 * vectors), csr_matrix(asked)]).tocsr()

    def _vote(self, vectors: np.ndarray) -> np.ndarray:
        made = np.zeros((len(vectors), len(QUESTIONS)))
        for row, vector in enumerate(vectors):
            near = self.known @ vector
            first = np.argpartition(-near, NEIGHBOURS)[:NEIGHBOURS]
            weight = np.maximum(near[first], 1e-6)
            made[row] = weight @ self.said[first] / weight.sum()
        return made


def _joined(texts: list[str], languages: list[str], asked: list[set[str]]):
    """Join each comment with another of its language: two complaints in one breath."""
    drawn = random.Random(0)
    rows: dict[str, list[int]] = {}
    for row, language in enumerate(languages):
        rows.setdefault(language, []).append(row)
    made, told = [], []
    for row, language in enumerate(languages):
        other = drawn.choice(rows[language])
        made.append(texts[row].rstrip(". ") + drawn.choice([". ", ", ", " - "]) + texts[other])
        told.append((asked[row] | asked[other]) - {"unclear"} or {"unclear"})
    return made, told


def _told(chances: np.ndarray) -> tuple[str, ...]:
    order = np.argsort(-chances)
    found = [place for place in order if chances[place] >= THRESHOLD] or [order[0]]
    if found[0] == UNCLEAR:
        return ("unclear",)
    return tuple(QUESTIONS[place] for place in found if place != UNCLEAR)


def show_peer() -> None:
    """Print both labellers' F1 on the same comments."""
    ours, plainer = kept_labeller(), PlainerLabeller()
    print(f"{'micro-F1 / macro-F1':24}{'held apart':>16}{'sample shop':>16}")
    for name, labeller in (("ours", ours), ("the plainer design", plainer)):
        figures = []
        for comments in (held_apart(), sample_shop()):
            answers = labeller.label([comment.text for comment in comments])
            figures.append("/".join(f"{value:.3f}" for value in score(comments, answers)))
        print(f"{name:24}{figures[0]:>16}{figures[1]:>16}", flush=True)
