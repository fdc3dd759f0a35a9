"""Clusters of comments, and how many: as many as two halves of the comments agree on."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from feedback_analysis.causes.encoder import Later
from feedback_analysis.causes.vectors import with_memory

SEED = 7
# A language with so many comments has half of its own mean taken off.
FEW = 10


def comment_vectors(
    comments: Sequence[str], name: str = "auto", *, memory: Path | None = None
) -> np.ndarray:
    """Return unit vectors of comments: of the encoder, else of their words.

    Parameters
    ----------
    comments : sequence of str
    name : str, default="auto"
        The encoder.
    memory : Path, optional
        Folder where sentence vectors are kept.

    Returns
    -------
    array of shape (comments, numbers)
    """
    vectors = with_memory(Later(name), memory)
    if vectors.name != "none":
        return vectors.encode([[text] for text in comments])[0].astype(np.float32)
    from sklearn.feature_extraction.text import HashingVectorizer
    from sklearn.random_projection import SparseRandomProjection

    # Neither learns from the comments, so that next month's vectors compare with this month's.
    hashed = HashingVectorizer(analyzer="char_wb", ngram_range=(3, 5), n_features=2**16)
    turned = SparseRandomProjection(256, density=0.01, random_state=SEED)
    made = np.asarray(turned.fit_transform(hashed.transform(comments)).todense(), np.float32)
    return made / np.maximum(np.linalg.norm(made, axis=1, keepdims=True), 1e-6)


def language_means(vectors: np.ndarray, languages: Sequence[str]) -> dict[str, np.ndarray]:
    """Return what comments of each language share.

    Parameters
    ----------
    vectors : array
        Unit vectors.
    languages : sequence of str
        The language of each.

    Returns
    -------
    dict of str to array
        The mean of each language, leaning on the mean of all where it has few comments; that one
        stands under the empty name.
    """
    languages = np.asarray(languages, dtype=object)
    every = vectors.mean(axis=0)
    found = {"": every}
    for language in sorted(set(languages.tolist())):
        rows = languages == language
        part = rows.sum() / (rows.sum() + FEW)
        found[language] = (part * vectors[rows].mean(axis=0) + (1 - part) * every).astype(
            np.float32
        )
    return found


def without_language(vectors: np.ndarray, languages: Sequence[str]) -> np.ndarray:
    """Return unit vectors without what comments of one language share.

    Parameters
    ----------
    vectors : array
        Unit vectors.
    languages : sequence of str
        The language of each.
    """
    means = language_means(vectors, languages)
    made = vectors - np.array([means[language] for language in languages], dtype=np.float32)
    return made / np.maximum(np.linalg.norm(made, axis=1, keepdims=True), 1e-6)


def evened(vectors: np.ndarray, directions: int = 100) -> np.ndarray:
    """Return vectors in which the directions that all comments differ in count for less.

    Parameters
    ----------
    vectors : array
        Unit vectors.
    directions : int, default=100
        Principal directions that are kept, each divided by the root of its spread.

    Returns
    -------
    array
        Unit vectors: length, tone and the commonest causes drown rare ones less.
    """
    from threadpoolctl import threadpool_limits

    with threadpool_limits(1):
        spread, turned = np.linalg.eigh((vectors.T @ vectors).astype(np.float64))
    kept = min(directions, int((spread > 1e-6).sum()))
    scaled = turned[:, -kept:] / np.maximum(spread[-kept:], 1e-9) ** 0.25
    made = (vectors @ scaled).astype(np.float32)
    return made / np.maximum(np.linalg.norm(made, axis=1, keepdims=True), 1e-6)


def centres(vectors: np.ndarray, number: int) -> np.ndarray:
    """Return the unit centres of clusters of comments.

    Parameters
    ----------
    vectors : array
        Unit vectors.
    number : int
        Number of clusters.
    """
    from sklearn.cluster import MiniBatchKMeans
    from threadpoolctl import threadpool_limits

    with threadpool_limits(1):
        made = MiniBatchKMeans(
            number, random_state=SEED, n_init=5, batch_size=1024, max_iter=60
        ).fit(vectors)
    found = made.cluster_centers_
    return found / np.maximum(np.linalg.norm(found, axis=1, keepdims=True), 1e-6)


def agreement(vectors: np.ndarray, number: int) -> float:
    """Return how far two halves of the comments make the same clusters.

    Parameters
    ----------
    vectors : array
    number : int
        Number of clusters.

    Returns
    -------
    float
        Adjusted Rand index on all comments, of the clusters that each half alone gives; about 0
        for chance, 1 for the same.
    """
    from sklearn.metrics import adjusted_rand_score

    order = np.random.default_rng(SEED).permutation(len(vectors))
    halves = order[::2], order[1::2]
    if min(map(len, halves)) < number:
        return 0.0
    told = [(vectors @ centres(vectors[half], number).T).argmax(axis=1) for half in halves]
    return float(adjusted_rand_score(*told))


def number_of_clusters(vectors: np.ndarray, among: Sequence[int]) -> int:
    """Return the number of clusters on which two halves of the comments agree best.

    Parameters
    ----------
    vectors : array
    among : sequence of int
        Numbers to try.

    Returns
    -------
    int
        The larger of two that agree nearly as well; 1 when no number holds.
    """
    found = {number: agreement(vectors, number) for number in among if 2 * number <= len(vectors)}
    if not found or max(found.values()) < 0.1:
        return 1
    best = max(found.values())
    return max(number for number, value in found.items() if value >= best - 0.03)
