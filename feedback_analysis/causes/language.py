"""Finds the language of a comment by its letters, as learnt from the seed comments."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

import numpy as np

from feedback_analysis.causes.seeds import seeds


class LanguageGuesser:
    """Naive Bayes on runs of one to three letters; the languages are those of the seeds."""

    def __init__(self, texts: Sequence[str], languages: Sequence[str]) -> None:
        from sklearn.feature_extraction.text import CountVectorizer

        self.languages = sorted(set(languages))
        self._counter = CountVectorizer(analyzer="char_wb", ngram_range=(1, 3), min_df=2)
        counts = self._counter.fit_transform(texts)
        which = np.array([self.languages.index(language) for language in languages])
        rows = []
        for number in range(len(self.languages)):
            total = np.asarray(counts[which == number].sum(axis=0)).ravel() + 0.1
            rows.append(np.log(total / total.sum()))
        self._weights = np.array(rows).T

    def __call__(self, texts: Sequence[str]) -> list[str]:
        """Return the likeliest language of each text."""
        if not len(texts):
            return []
        scores = self._counter.transform(texts) @ self._weights
        return [self.languages[number] for number in scores.argmax(axis=1)]


@cache
def guesser() -> LanguageGuesser:
    """Return the guesser that the package's seeds make."""
    rows = seeds()
    return LanguageGuesser(rows["comment"].tolist(), rows["language"].tolist())
