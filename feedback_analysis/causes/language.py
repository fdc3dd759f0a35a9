"""Finds the language of a comment by its letters, as learnt from the seed comments.

What was learnt is kept in the user's cache folder, arrays only: to learn it takes a second, and
each notebook of a report would do so.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from contextlib import suppress
from functools import cache
from hashlib import blake2b
from importlib.metadata import version
from pathlib import Path
from zipfile import BadZipFile

import numpy as np

from feedback_analysis.aside import aside
from feedback_analysis.causes.seeds import seeds


class LanguageGuesser:
    """Naive Bayes on runs of one to three letters; the languages are those of the seeds.

    Parameters
    ----------
    languages : list of str
        Sorted.
    terms : sequence of str
        Runs of letters, in the order of the weights.
    weights : array of shape (terms, languages)
        Logarithms of how often each is met.
    """

    def __init__(self, languages: list[str], terms: Sequence[str], weights: np.ndarray) -> None:
        self.languages, self.terms, self.weights = languages, terms, weights
        self._counter = _counter(vocabulary={term: place for place, term in enumerate(terms)})

    def __call__(self, texts: Sequence[str]) -> list[str]:
        """Return the likeliest language of each text."""
        if not len(texts):
            return []
        scores = self._counter.transform(texts) @ self.weights
        return [self.languages[number] for number in scores.argmax(axis=1)]


def learnt(texts: Sequence[str], languages: Sequence[str]) -> LanguageGuesser:
    """Learn from texts whose language is known.

    Parameters
    ----------
    texts, languages : sequence of str

    Returns
    -------
    LanguageGuesser
    """
    known = sorted(set(languages))
    counter = _counter(min_df=2)
    counts = counter.fit_transform(texts)
    which = np.array([known.index(language) for language in languages])
    rows = []
    for number in range(len(known)):
        total = np.asarray(counts[which == number].sum(axis=0)).ravel() + 0.1
        rows.append(np.log(total / total.sum()))
    # Row-major, as it is read back, so that sums come out the same.
    weights = np.ascontiguousarray(np.array(rows).T)
    return LanguageGuesser(known, counter.get_feature_names_out().tolist(), weights)


def _counter(**options: object):
    from sklearn.feature_extraction.text import CountVectorizer

    return CountVectorizer(analyzer="char_wb", ngram_range=(1, 3), **options)


@cache
def guesser() -> LanguageGuesser:
    """Return the guesser that the package's seeds make: read from the cache, else learnt."""
    from feedback_analysis.causes.store import cache_folder

    rows = seeds()
    texts, languages = rows["comment"].tolist(), rows["language"].tolist()
    state = blake2b(Path(__file__).read_bytes(), digest_size=12)
    state.update(repr([version("scikit-learn"), version("numpy"), texts, languages]).encode())
    path = cache_folder() / f"languages-{state.hexdigest()}.npz"
    unusable = suppress(OSError, ValueError, KeyError, EOFError, BadZipFile)
    with unusable, np.load(io.BytesIO(path.read_bytes()), allow_pickle=False) as held:
        terms = held["terms"].tobytes().decode().split("\n")
        return LanguageGuesser(held["languages"].tolist(), terms, held["weights"])
    made = learnt(texts, languages)
    with suppress(OSError):
        _keep(path, made)
    return made


def _keep(path: Path, made: LanguageGuesser) -> None:
    content = io.BytesIO()
    # One text, because an array of texts is as wide as the longest. No run holds a line end.
    terms = np.frombuffer("\n".join(made.terms).encode(), np.uint8)
    np.savez(content, terms=terms, languages=np.array(made.languages), weights=made.weights)
    path.parent.mkdir(parents=True, exist_ok=True)
    with aside(path) as new:
        new.write_bytes(content.getvalue())
    for old in path.parent.glob("languages-*.npz"):
        if old != path:
            old.unlink(missing_ok=True)
