"""The labeller: learns causes from labelled comments, and judges a comment clause by clause."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import numpy as np
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.utils.validation import check_is_fitted

from feedback_analysis.causes.clauses import clauses
from feedback_analysis.causes.encoder import encoder
from feedback_analysis.causes.features import FeatureMaker, Features, bell, similarity
from feedback_analysis.causes.language import guesser
from feedback_analysis.causes.lexicon import Lexicon
from feedback_analysis.causes.ridge import Calibration, out_of_fold, solve
from feedback_analysis.causes.steady import product
from feedback_analysis.causes.taxonomy import UNCLEAR, Taxonomy, own_taxonomy

# Texts at a time: what is held of them at once stays below 100 MB.
BATCH = 2048


class CauseLabeller(ClassifierMixin, BaseEstimator):
    """Finds what is complained about: a kernel ridge regression, one output a cause and question.

    Parameters
    ----------
    taxonomy : Taxonomy, optional
        Gives the words, and the question of each cause; ours by default.
    encoder : {"auto", "use", "none"}, default="auto"
        Sentence vectors.
    by_clause : float, default=0.25
        Weight of the best clause beside the whole comment; 0 looks at whole comments only.
    lexicon : bool, default=True
        Whether the taxonomy's words are counted.
    threshold : float, default=0.4
        Score from which a question is answered; below it only the best one is.
    cause_threshold : float, default=0.35
        Score from which a second cause of the same question is told.
    least : float, default=0.1
        Below this score nothing is told: unclear.
    width, word_share, character_share, dense_share, lexicon_share, ridge : float
        Of the kernel, and how much it is smoothed.

    Attributes
    ----------
    classes_ : array of str
        Cause ids, in the taxonomy's order.
    questions_ : array of str
        Question ids, in the taxonomy's order.

    Notes
    -----
    ``y`` and the answers of ``predict`` are cause ids joined by ``;``, most confident first.
    """

    def __init__(
        self,
        taxonomy: Taxonomy | None = None,
        *,
        encoder: str = "auto",
        by_clause: float = 0.25,
        lexicon: bool = True,
        threshold: float = 0.4,
        cause_threshold: float = 0.35,
        least: float = 0.1,
        width: float = 1.0,
        word_share: float = 0.5,
        character_share: float = 0.5,
        dense_share: float = 1.0,
        lexicon_share: float = 0.3,
        ridge: float = 0.3,
    ) -> None:
        self.taxonomy = taxonomy
        self.encoder = encoder
        self.by_clause = by_clause
        self.lexicon = lexicon
        self.threshold = threshold
        self.cause_threshold = cause_threshold
        self.least = least
        self.width = width
        self.word_share = word_share
        self.character_share = character_share
        self.dense_share = dense_share
        self.lexicon_share = lexicon_share
        self.ridge = ridge

    def fit(
        self,
        X: Iterable[str],
        y: Iterable[str],
        sample_weight: Sequence[float] | None = None,
    ) -> CauseLabeller:
        """Learn from comments with their causes.

        Parameters
        ----------
        X : iterable of str
        y : iterable of str
            Cause ids joined by ``;``.
        sample_weight : sequence of float, optional

        Returns
        -------
        CauseLabeller
            Itself.
        """
        texts = [str(text) for text in X]
        taxonomy = self.taxonomy or own_taxonomy()
        given = [str(causes).split(";") for causes in y]
        told = {cause for causes in given for cause in causes}
        self.classes_ = np.array([cause for cause in taxonomy.ids if cause in told])
        asked = {taxonomy.question_of[cause] for cause in self.classes_} - {""}
        self.questions_ = np.array([each for each in taxonomy.questions if each in asked])
        self._question_of(taxonomy.question_of)
        targets = self._targets(given)
        words = Lexicon(taxonomy) if self.lexicon else None
        self._maker = FeatureMaker(
            encoder(self.encoder),
            words,
            word_share=self.word_share,
            character_share=self.character_share,
        ).fit(texts)
        self.encoder_ = self._maker.vectors.name
        self._seen = self._maker(texts, guesser()(texts))
        kernel = similarity(self._seen, self._seen, **self._shares())
        weight = np.ones(len(texts)) if sample_weight is None else np.asarray(sample_weight)
        self._calibrations = self._calibrate(kernel, targets, weight)
        dual = solve(kernel, targets, self.ridge / weight)
        del kernel
        self._dual = dual
        self._sparse_weights = np.ascontiguousarray(self._seen.sparse.T @ dual, dtype=np.float32)
        self._hit_weights = self.lexicon_share * (self._seen.hits.T @ dual)
        self._turned = np.ascontiguousarray(self._seen.dense.T)
        return self

    def _question_of(self, question_of: Mapping[str, str]) -> None:
        """Keep, for each cause, the place of its question; -1 for none."""
        places = {question: place for place, question in enumerate(self.questions_)}
        self._place = np.array([places.get(question_of[cause], -1) for cause in self.classes_])

    def _shares(self) -> dict[str, float]:
        return {"width": self.width, "dense": self.dense_share, "hits": self.lexicon_share}

    def _targets(self, given: list[list[str]]) -> np.ndarray:
        """Return 0 and 1, a row a comment: causes first, then questions."""
        places = {cause: place for place, cause in enumerate(self.classes_)}
        causes = np.zeros((len(given), len(self.classes_)), dtype=np.float32)
        for row, ids in enumerate(given):
            causes[row, [places[cause] for cause in ids]] = 1
        return np.hstack([causes, self._by_question(causes)]).astype(np.float32)

    def _by_question(self, scores: np.ndarray) -> np.ndarray:
        """Return the largest score among each question's causes."""
        made = np.zeros((len(scores), len(self.questions_)), dtype=scores.dtype)
        for place in range(len(self.questions_)):
            made[:, place] = scores[:, self._place == place].max(axis=1)
        return made

    def _calibrate(
        self, kernel: np.ndarray, targets: np.ndarray, weight: np.ndarray
    ) -> tuple[Calibration, Calibration]:
        n = len(self.classes_)
        scores = out_of_fold(kernel, targets, self.ridge / weight)
        of_causes = Calibration().fit(scores[:, :n], targets[:, :n])
        if not len(self.questions_):
            return of_causes, of_causes
        joined = self._joined(scores)
        return of_causes, Calibration().fit(joined, targets[:, n:])

    def _joined(self, scores: np.ndarray) -> np.ndarray:
        """Return the score of each question: its own, and what its causes say, in equal parts."""
        n = len(self.classes_)
        return (scores[:, n:] + self._by_question(scores[:, :n])) / 2

    def scores(self, X: Iterable[str]) -> np.ndarray:
        """Return the raw scores of causes, then questions: about 1 for yes, 0 for no.

        Parameters
        ----------
        X : iterable of str

        Returns
        -------
        array of shape (comments, causes + questions)
        """
        check_is_fitted(self, "classes_")
        texts = [str(text) for text in X]
        parts = [self._batch(texts[at : at + BATCH]) for at in range(0, len(texts), BATCH)]
        return np.vstack(parts) if parts else np.zeros((0, self._dual.shape[1]), dtype=np.float32)

    def _batch(self, texts: list[str]) -> np.ndarray:
        languages = guesser()(texts)
        units, owner, told = list(texts), list(range(len(texts))), list(languages)
        if self.by_clause:
            for row, (text, language) in enumerate(zip(texts, languages, strict=True)):
                parts = clauses(text, language)
                if len(parts) > 1:
                    units += parts
                    owner += [row] * len(parts)
                    told += [language] * len(parts)
        scored = self._plain(self._maker(units, told))
        whole, rest = scored[: len(texts)], scored[len(texts) :]
        if not len(rest):
            return whole
        of = np.array(owner[len(texts) :])
        best = np.full_like(whole, -np.inf)
        np.maximum.at(best, of, rest)
        several = np.isfinite(best[:, 0])
        whole[several] += self.by_clause * (best[several] - whole[several])
        return whole

    def _plain(self, seen: Features) -> np.ndarray:
        """Return the scores of texts as they stand."""
        made = np.asarray(seen.sparse @ self._sparse_weights)
        if seen.hits.shape[1]:
            made += product(seen.hits, self._hit_weights)
        for at in range(0, len(made), BATCH):
            rows = slice(at, at + BATCH)
            if seen.dense.shape[1]:
                near = bell(product(seen.dense[rows], self._turned), self.width)
                made[rows] += self.dense_share * product(near, self._dual)
        return made

    def predict_proba(self, X: Iterable[str]) -> np.ndarray:
        """Return the probability of each cause, each for itself: several may hold.

        Parameters
        ----------
        X : iterable of str

        Returns
        -------
        array of shape (comments, causes)
        """
        scores = self.scores(X)
        return self._calibrations[0](scores[:, : len(self.classes_)])

    def predict(self, X: Iterable[str]) -> np.ndarray:
        """Return the causes of each comment, joined by ``;``, most confident first.

        Parameters
        ----------
        X : iterable of str

        Returns
        -------
        array of str
        """
        return np.array([";".join(causes) for _, causes, _ in self.label(X)], dtype=object)

    def score(self, X: Iterable[str], y: Iterable[str], sample_weight=None) -> float:
        """Return the micro-F1 of the causes.

        Parameters
        ----------
        X, y : iterable of str
        sample_weight : None
            Not used.

        Returns
        -------
        float
        """
        pairs = [
            (set(found.split(";")), set(str(true).split(";")))
            for found, true in zip(self.predict(X), y, strict=True)
        ]
        hits = sum(len(found & true) for found, true in pairs)
        return 2 * hits / max(sum(len(found) + len(true) for found, true in pairs), 1)

    def label(self, X: Iterable[str]) -> list[tuple[tuple[str, ...], tuple[str, ...], float]]:
        """Return questions, causes and confidence of each comment.

        Parameters
        ----------
        X : iterable of str

        Returns
        -------
        list of tuple
            Question ids and cause ids, most confident first, and the probability of the first.
        """
        scores = self.scores(X)
        n = len(self.classes_)
        if not len(self.questions_):
            return [self._causes_alone(row) for row in scores[:, :n]]
        joined = self._joined(scores)
        sure = self._calibrations[1](joined)
        return [
            self._answer(row, questions, chances)
            for row, questions, chances in zip(scores[:, :n], joined, sure, strict=True)
        ]

    def _answer(self, causes: np.ndarray, questions: np.ndarray, chances: np.ndarray):
        best = int(questions.argmax())
        unclear = (UNCLEAR,)
        if questions[best] < self.least or self.questions_[best] == UNCLEAR:
            return unclear, unclear, round(float(chances[best]), 4)
        order = np.argsort(-questions, kind="stable")
        chosen = [
            place
            for place in order
            if (questions[place] >= self.threshold or place == best)
            and self.questions_[place] != UNCLEAR
        ]
        told: list[tuple[float, int]] = []
        for place in chosen:
            below = np.flatnonzero(self._place == place)
            first = below[causes[below].argmax()]
            told += [
                (-float(causes[cause]), int(cause))
                for cause in below
                if cause == first or causes[cause] >= self.cause_threshold
            ]
        # The first cause belongs to the first question, so that both lists begin alike.
        told.sort(key=lambda each: (self._place[each[1]] != best, each[0]))
        return (
            tuple(str(self.questions_[place]) for place in chosen),
            tuple(str(self.classes_[cause]) for _, cause in told),
            round(float(chances[best]), 4),
        )

    def _causes_alone(self, causes: np.ndarray):
        best = int(causes.argmax())
        sure = round(float(self._calibrations[0](causes[[best]])[0]), 4)
        if causes[best] < self.least:
            return (), (UNCLEAR,), sure
        order = np.argsort(-causes, kind="stable")
        chosen = [place for place in order if causes[place] >= self.threshold or place == best]
        return (), tuple(str(self.classes_[place]) for place in chosen), sure
