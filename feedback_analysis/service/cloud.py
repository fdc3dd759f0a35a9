"""A map of comments: near each other where they say alike things, in whatever language."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd

from feedback_analysis.causes.clusters import comment_vectors
from feedback_analysis.causes.encoder import encoder_label
from feedback_analysis.causes.taxonomy import Taxonomy, own_taxonomy
from feedback_analysis.results import Result
from feedback_analysis.service.complaints import NOT_STATED, STARS_ONLY, between, stated
from feedback_analysis.texts import in_sentence, several

MOST = 1500
SEED = 2026
NAMED = 8
OTHERS = "other causes"
NO_CAUSE = "no cause stated"
FEWEST = 5


@dataclass(frozen=True, eq=False)
class CommentMap(Result):
    """Comments as points.

    Parameters
    ----------
    table : DataFrame
        One row a comment: ``x``, ``y``, ``cause`` (its first), ``label`` (of the eight commonest;
        the others together) and ``rating``. No comment's words are in it.
    text : str
        What the map shows, in words.
    encoder : str
        What made the vectors.
    """

    table: pd.DataFrame
    text: str
    encoder: str


def comment_map(
    rows: pd.DataFrame,
    start: date,
    end: date,
    *,
    most: int = MOST,
    seed: int = SEED,
    encoder_name: str = "auto",
    taxonomy: Taxonomy | None = None,
    places: Callable[[list[str]], np.ndarray] | None = None,
) -> CommentMap:
    """Lay comments out in two dimensions by what they say.

    Parameters
    ----------
    rows : DataFrame
        What :func:`complaints` returns.
    start, end : date
        First and last day.
    most : int, default=1500
        Comments drawn at most; of more, the newest.
    seed : int
        Start of the random numbers.
    encoder_name : {"auto", "use", "none"}
        Sentence vectors; without any, letters and words.
    taxonomy : Taxonomy, optional
        Names the causes; ours by default.
    places : callable, optional
        Lays comments out, such as one that keeps what it laid out; by default :func:`layout`.

    Returns
    -------
    CommentMap

    Notes
    -----
    t-SNE (van der Maaten and Hinton, 2008) of the cosine distances, started from the principal
    components. Only neighbourhood means something: neither the axes nor the distance between two
    far-off groups do. The labels come from the labeller, not from the map.
    """
    taxonomy = taxonomy or own_taxonomy()
    inside = between(rows, start, end)
    inside = inside[~inside["kind"].eq(STARS_ONLY)].drop_duplicates("comment")
    inside = inside.sort_values(["date", "comment"], kind="stable").tail(most)
    made_by = encoder_label(encoder_name)
    if len(inside) < FEWEST:
        empty = pd.DataFrame(columns=["x", "y", "cause", "label", "rating"])
        return CommentMap(empty, "There are too few comments for a map.", made_by)
    texts = inside["comment"].tolist()
    laid = places(texts) if places else layout(texts, seed=seed, encoder_name=encoder_name)
    first = [next(iter(stated(ids)), "") for ids in inside["causes"]]
    labels = {cause.id: cause.label for cause in taxonomy.causes}
    common = pd.Series([name for name in first if name]).value_counts(sort=False)
    named = sorted(common.index, key=lambda name: (-common[name], name))[:NAMED]
    table = pd.DataFrame({"x": laid[:, 0], "y": laid[:, 1], "cause": first})
    table["label"] = [_label(name, named, labels) for name in first]
    table["rating"] = inside["rating"].to_numpy()
    unclear = int(inside["kind"].eq(NOT_STATED).sum())
    causes = ", ".join(in_sentence(labels.get(name, name)) for name in named)
    most = "the eight commonest of these: " if len(common) > NAMED else ""
    which = f", {most}{causes}" if named else ""
    text = (
        f"{several(len(table), 'comment')} as points; near each other they say alike things, "
        f"whatever the language. Coloured by each comment's first cause{which}; "
        f"{several(unclear, 'comment states', 'comments state')} no cause."
    )
    return CommentMap(table, text, made_by)


def layout(
    comments: list[str],
    *,
    seed: int = SEED,
    encoder_name: str = "auto",
    memory: str | Path | None = None,
) -> np.ndarray:
    """Lay comments out in two dimensions, as :func:`comment_map` describes it.

    Parameters
    ----------
    comments : list of str
        Comments, none empty and none twice.
    seed : int
        Start of the random numbers.
    encoder_name : {"auto", "use", "none"}
        Sentence vectors; without any, letters and words.
    memory : str or Path, optional
        The folder in which labelling has kept the vectors of these comments.

    Returns
    -------
    array of shape (comments, 2)
        No row at all for fewer than five comments.
    """
    if len(comments) < FEWEST:
        return np.empty((0, 2))
    if encoder_label(encoder_name) == "none":
        return _two(_letters(comments), seed)
    return _two(comment_vectors(comments, encoder_name, memory), seed)


def _label(name: str, named: list[str], labels: dict[str, str]) -> str:
    if not name:
        return NO_CAUSE
    return labels.get(name, name) if name in named else OTHERS


def _letters(texts: list[str]) -> np.ndarray:
    from sklearn.decomposition import TruncatedSVD
    from sklearn.feature_extraction.text import TfidfVectorizer

    found = TfidfVectorizer(analyzer="char_wb", ngram_range=(3, 5), sublinear_tf=True)
    words = found.fit_transform(texts)
    size = max(2, min(50, min(words.shape) - 1))
    return TruncatedSVD(size, random_state=0).fit_transform(words).astype(np.float32)


def _two(vectors: np.ndarray, seed: int) -> np.ndarray:
    from sklearn.decomposition import PCA
    from sklearn.manifold import TSNE
    from threadpoolctl import threadpool_limits

    length = np.linalg.norm(vectors, axis=1, keepdims=True)
    unit = vectors / np.where(length > 0, length, 1)
    few = min(50, len(unit) - 1, unit.shape[1])
    small = PCA(few, random_state=seed, svd_solver="full").fit_transform(unit)
    near = min(30.0, max(2.0, len(unit) / 4))
    # More threads than free processors cost many times what they save.
    with threadpool_limits(1):
        return TSNE(2, perplexity=near, init="pca", random_state=seed).fit_transform(small)
