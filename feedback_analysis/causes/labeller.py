"""The labeller: learns causes from labelled comments, and judges a comment clause by clause."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.utils.validation import check_is_fitted
from threadpoolctl import threadpool_limits

from feedback_analysis.causes.answers import Answers
from feedback_analysis.causes.encoder import Encoder, encoder
from feedback_analysis.causes.features import FeatureMaker
from feedback_analysis.causes.lexicon import Lexicon
from feedback_analysis.causes.regression import BATCH, Regression
from feedback_analysis.causes.ridge import FOLDS, HalfKernel
from feedback_analysis.causes.taxonomy import Taxonomy, own_taxonomy
from feedback_analysis.causes.teaching import clause_targets
from feedback_analysis.causes.units import units


class CauseLabeller(ClassifierMixin, BaseEstimator):
    """Finds what is complained about: a kernel ridge regression, one output a cause and question.

    Parameters
    ----------
    taxonomy : Taxonomy, optional
        Gives the words, and the question of each cause; ours by default.
    encoder : {"auto", "use", "none"}, default="auto"
        Sentence vectors.
    by_clause : float, default=0.3
        Weight of the strongest clause beside the whole comment; 0 looks at whole comments only.
    clause_rows : bool, default=True
        Whether clauses of the training comments teach too.
    lexicon : bool, default=True
        Whether the taxonomy's words are counted.
    threshold : float, default=0.35
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
    vectors_, encoder_ : Encoder, str
        The encoder that was used, and its name.

    Notes
    -----
    ``y`` and the answers of ``predict`` are cause ids joined by ``;``, most confident first.
    """

    def __init__(
        self,
        taxonomy: Taxonomy | None = None,
        *,
        encoder: str = "auto",
        by_clause: float = 0.3,
        clause_rows: bool = True,
        lexicon: bool = True,
        threshold: float = 0.35,
        cause_threshold: float = 0.35,
        least: float = 0.1,
        width: float = 1.25,
        word_share: float = 0.5,
        character_share: float = 0.6,
        dense_share: float = 1.4,
        lexicon_share: float = 0.4,
        ridge: float = 0.3,
    ) -> None:
        self.taxonomy = taxonomy
        self.encoder = encoder
        self.by_clause = by_clause
        self.clause_rows = clause_rows
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

    def __reduce_ex__(self, protocol):
        """Travel to another process as arrays, without the encoder, which is installed there."""
        from feedback_analysis.causes.store import packed, unpacked

        if not hasattr(self, "classes_"):
            return super().__reduce_ex__(protocol)
        return unpacked, (packed(self),)

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
        given = [str(causes).split(";") for causes in y]
        weight = np.ones(len(texts)) if sample_weight is None else np.asarray(sample_weight, float)
        taxonomy = self.taxonomy or own_taxonomy()
        self._prepare(taxonomy, {cause for causes in given for cause in causes})
        # One thread: more would add in another order, and give other last digits.
        with threadpool_limits(1, user_api="blas"):
            self._learn(texts, self._answers.targets(given), weight)
        return self

    def _prepare(self, taxonomy: Taxonomy, told: set[str]) -> None:
        """Set up what does not depend on the texts."""
        self._answers = Answers(
            taxonomy,
            told,
            threshold=self.threshold,
            cause_threshold=self.cause_threshold,
            least=self.least,
        )
        self.classes_, self.questions_ = self._answers.classes, self._answers.questions
        vectors = encoder(self.encoder)
        self.vectors_, self.encoder_ = vectors, vectors.name
        self._maker = FeatureMaker(
            vectors,
            Lexicon(taxonomy) if self.lexicon else None,
            word_share=self.word_share,
            character_share=self.character_share,
        )

    def _learn(self, texts: list[str], targets: np.ndarray, weight: np.ndarray) -> None:
        cut = units(texts, by_clause=self.clause_rows)
        seen = self._maker.fit_transform(cut)
        n = len(texts)
        wholes, fold = seen.take(slice(0, n)), np.arange(n) % FOLDS
        clauses = seen.take(slice(n, n + len(cut.clauses)))
        del seen
        kernel, ridge = HalfKernel(self._shares()), self.ridge / weight
        kernel.add(wholes)
        scores, found = np.zeros_like(targets), np.zeros((len(cut.owner), targets.shape[1]), "f4")
        for number in range(FOLDS):
            # What a regression says of comments, and of their clauses, that it did not learn from.
            left, mine = fold == number, np.flatnonzero(fold[cut.owner] == number)
            if left.all():
                continue
            dual = kernel.solve(targets, ridge, ~left)
            scores[left] = (kernel @ dual)[left]
            if len(mine):
                judge = Regression.learnt(wholes, dual, **self._shares())
                found[mine] = judge(clauses.take(mine))
        self._answers.calibrate(scores, targets)
        if len(cut.clauses):
            chosen, taught = clause_targets(
                found, cut.owner, targets, self._answers.place, len(self.classes_)
            )
            kernel.add(clauses.take(chosen))
            targets = np.vstack([targets, taught])
            ridge = np.concatenate([ridge, ridge[cut.owner[chosen]]])
        every = np.full(len(targets), True)
        dual = kernel.solve(targets, ridge, every, last=True)
        self._regression = Regression.learnt(kernel.seen, dual, **self._shares())

    def _shares(self) -> dict[str, float]:
        return {"width": self.width, "dense": self.dense_share, "hits": self.lexicon_share}

    def scores(self, X: Iterable[str], vectors: Encoder | None = None) -> np.ndarray:
        """Return the raw scores of causes, then questions: about 1 for yes, 0 for no.

        Parameters
        ----------
        X : iterable of str
        vectors : Encoder, optional
            As :meth:`label` takes it.

        Returns
        -------
        array of shape (comments, causes + questions)
        """
        check_is_fitted(self, "classes_")
        texts = [str(text) for text in X]
        with threadpool_limits(1, user_api="blas"):
            parts = [
                self._batch(texts[at : at + BATCH], vectors) for at in range(0, len(texts), BATCH)
            ]
        return (
            np.vstack(parts)
            if parts
            else np.zeros((0, self._regression.dual.shape[1]), dtype=np.float32)
        )

    def _batch(self, texts: list[str], vectors: Encoder | None) -> np.ndarray:
        cut = units(texts, by_clause=self.by_clause > 0)
        scored = self._regression(self._maker(cut, vectors))
        whole, rest = scored[: len(texts)], scored[len(texts) :]
        if not len(rest):
            return whole
        best = np.full_like(whole, -np.inf)
        np.maximum.at(best, cut.owner, rest)
        several = np.isfinite(best[:, 0])
        whole[several] += np.float32(self.by_clause) * (best[several] - whole[several])
        return whole

    def predict_proba(self, X: Iterable[str]) -> np.ndarray:
        """Return the probability of each cause, each for itself: several may hold.

        Parameters
        ----------
        X : iterable of str

        Returns
        -------
        array of shape (comments, causes)
        """
        return self._answers.chances(self.scores(X))

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

    def score(self, X: Iterable[str], y: Iterable[str], sample_weight: object = None) -> float:
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

    def label(
        self, X: Iterable[str], vectors: Encoder | None = None
    ) -> list[tuple[tuple[str, ...], tuple[str, ...], float]]:
        """Return questions, causes and confidence of each comment.

        Parameters
        ----------
        X : iterable of str
        vectors : Encoder, optional
            The labeller's own encoder with a memory, such as :class:`KeptVectors`.

        Returns
        -------
        list of tuple
            Question ids and cause ids, most confident first, and the probability of the first.
        """
        return self._answers(self.scores(X, vectors))
