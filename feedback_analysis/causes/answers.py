"""From scores to answers: which questions and causes are told, and how sure that is."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from feedback_analysis.causes.ridge import Calibration
from feedback_analysis.causes.taxonomy import UNCLEAR, Taxonomy

Answer = tuple[tuple[str, ...], tuple[str, ...], float]


class Answers:
    """The rules by which scores become ids.

    Parameters
    ----------
    taxonomy : Taxonomy
    told : set of str
        Cause ids that the training comments have.
    threshold, cause_threshold, least : float
        As :class:`CauseLabeller` takes them.

    Notes
    -----
    Our own taxonomy is answered by question first: what a question scores is the mean of its own
    output and of its strongest cause's. A user's is answered by cause.
    """

    def __init__(
        self,
        taxonomy: Taxonomy,
        told: Iterable[str],
        *,
        threshold: float,
        cause_threshold: float,
        least: float,
    ) -> None:
        told = set(told)
        self.classes = np.array([cause for cause in taxonomy.ids if cause in told])
        self._questions_of, asked_of = taxonomy.questions_of, taxonomy.question_of
        asked = {asked_of[cause] for cause in self.classes} if taxonomy.own else set()
        self.questions = np.array([each for each in taxonomy.questions if each in asked])
        places = {question: place for place, question in enumerate(self.questions)}
        # The question of each cause; -1 where questions are not scored.
        self.place = np.array([places.get(asked_of[cause], -1) for cause in self.classes])
        self.threshold, self.cause_threshold, self.least = threshold, cause_threshold, least

    def targets(self, given: list[list[str]]) -> np.ndarray:
        """Return 0 and 1, a row a comment: causes first, then questions.

        Parameters
        ----------
        given : list of list of str
            Cause ids.
        """
        places = {cause: place for place, cause in enumerate(self.classes)}
        causes = np.zeros((len(given), len(self.classes)), dtype=np.float32)
        for row, ids in enumerate(given):
            causes[row, [places[cause] for cause in ids]] = 1
        return np.hstack([causes, self._by_question(causes)])

    def _by_question(self, scores: np.ndarray) -> np.ndarray:
        """Return the largest score among each question's causes."""
        made = np.zeros((len(scores), len(self.questions)), dtype=scores.dtype)
        for place in range(len(self.questions)):
            made[:, place] = scores[:, self.place == place].max(axis=1)
        return made

    def _joined(self, scores: np.ndarray) -> np.ndarray:
        n = len(self.classes)
        return (scores[:, n:] + self._by_question(scores[:, :n])) / 2

    def calibrate(self, scores: np.ndarray, targets: np.ndarray) -> None:
        """Learn what scores are worth from comments that were not learnt from.

        Parameters
        ----------
        scores, targets : array of shape (comments, causes + questions)
        """
        n = len(self.classes)
        self._of_causes = Calibration().fit(scores[:, :n], targets[:, :n])
        if len(self.questions):
            self._of_questions = Calibration().fit(self._joined(scores), targets[:, n:])

    def restore(self, of_causes: np.ndarray, of_questions: np.ndarray | None) -> None:
        """Take over curves that were learnt before.

        Parameters
        ----------
        of_causes, of_questions : array
            The second is None where questions are not scored.
        """
        self._of_causes = Calibration(of_causes)
        if of_questions is not None:
            self._of_questions = Calibration(of_questions)

    def chances(self, scores: np.ndarray) -> np.ndarray:
        """Return the probability of each cause.

        Parameters
        ----------
        scores : array of shape (comments, causes + questions)
        """
        return self._of_causes(scores[:, : len(self.classes)])

    def __call__(self, scores: np.ndarray) -> list[Answer]:
        """Return questions, causes and confidence, a row a comment."""
        causes = scores[:, : len(self.classes)]
        if not len(self.questions):
            return [self._by_cause(row) for row in causes]
        joined = self._joined(scores)
        sure = self._of_questions(joined)
        return [
            self._by_question_first(row, questions, chances)
            for row, questions, chances in zip(causes, joined, sure, strict=True)
        ]

    def _by_question_first(
        self, causes: np.ndarray, questions: np.ndarray, chances: np.ndarray
    ) -> Answer:
        best = int(questions.argmax())
        sure = round(float(chances[best]), 4)
        if questions[best] < self.least or self.questions[best] == UNCLEAR:
            return (UNCLEAR,), (UNCLEAR,), sure
        chosen = [
            place
            for place in np.argsort(-questions, kind="stable")
            if (questions[place] >= self.threshold or place == best)
            and self.questions[place] != UNCLEAR
        ]
        told: list[tuple[float, int]] = []
        for place in chosen:
            below = np.flatnonzero(self.place == place)
            first = below[causes[below].argmax()]
            told += [
                (-float(causes[cause]), int(cause))
                for cause in below
                if cause == first or causes[cause] >= self.cause_threshold
            ]
        # The first cause belongs to the first question, so that both lists begin alike.
        told.sort(key=lambda each: (self.place[each[1]] != best, *each))
        return (
            tuple(str(self.questions[place]) for place in chosen),
            tuple(str(self.classes[cause]) for _, cause in told),
            sure,
        )

    def _by_cause(self, causes: np.ndarray) -> Answer:
        best = int(causes.argmax())
        sure = round(float(self._of_causes(causes[[best]])[0]), 4)
        if causes[best] < self.least or self.classes[best] == UNCLEAR:
            return self._questions_of((UNCLEAR,)), (UNCLEAR,), sure
        chosen = tuple(
            str(self.classes[place])
            for place in np.argsort(-causes, kind="stable")
            if (causes[place] >= self.threshold or place == best) and self.classes[place] != UNCLEAR
        )
        return self._questions_of(chosen), chosen, sure
