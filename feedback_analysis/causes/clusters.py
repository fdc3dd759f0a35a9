"""Clusters of comments, and how many: as many as two halves of the comments agree on."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from feedback_analysis.causes.encoder import encoder

SEED = 7


def comment_vectors(comments: Sequence[str], name: str = "auto") -> np.ndarray:
    """Return unit vectors of comments: of the encoder, else of their words.

    Parameters
    ----------
    comments : sequence of str
    name : str, default="auto"
        The encoder.

    Returns
    -------
    array of shape (comments, numbers)
    """
    vectors = encoder(name)
    if vectors.name != "none":
        return vectors.encode([[text] for text in comments])[0].astype(np.float32)
    from sklearn.feature_extraction.text import HashingVectorizer
    from sklearn.random_projection import SparseRandomProjection

    # Neither learns from the comments, so that next month's vectors compare with this month's.
    hashed = HashingVectorizer(analyzer="char_wb", ngram_range=(3, 5), n_features=2**16)
    turned = SparseRandomProjection(256, density=0.01, random_state=SEED)
    made = np.asarray(turned.fit_transform(hashed.transform(comments)).todense(), np.float32)
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
