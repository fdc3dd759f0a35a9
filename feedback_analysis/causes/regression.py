"""A regression that was learnt: judges features without the comments that taught it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from feedback_analysis.causes.features import Features, bell
from feedback_analysis.causes.steady import product

# Texts at a time.
BATCH = 1024


@dataclass(frozen=True)
class Regression:
    """Weights of a kernel ridge regression, linear parts multiplied out.

    Attributes
    ----------
    dual : array of shape (learnt from, outputs)
    vectors : array of shape (directions, learnt from)
    sparse_weights : array of shape (terms, outputs)
    hit_weights : array of shape (causes, outputs)
    width, dense_share : float
        Of the kernel.
    """

    dual: np.ndarray
    vectors: np.ndarray
    sparse_weights: np.ndarray
    hit_weights: np.ndarray
    width: float
    dense_share: float

    @classmethod
    def learnt(cls, seen: Features, dual: np.ndarray, **shares: float) -> Regression:
        """Return the regression with these dual weights.

        Parameters
        ----------
        seen : Features
            What was learnt from.
        dual : array
        **shares : float
            width, dense and hits, as :func:`similarity` takes them.
        """
        return cls(
            dual=dual,
            vectors=np.ascontiguousarray(seen.dense.T),
            sparse_weights=np.ascontiguousarray(seen.sparse.T @ dual, dtype=np.float32),
            hit_weights=(shares["hits"] * (seen.hits.T @ dual)).astype(np.float32),
            width=shares["width"],
            dense_share=shares["dense"],
        )

    def __call__(self, seen: Features) -> np.ndarray:
        """Return the scores of texts as they stand, each independent of the others."""
        made = np.asarray(seen.sparse @ self.sparse_weights)
        if seen.hits.shape[1]:
            made += product(seen.hits, self.hit_weights)
        if seen.dense.shape[1]:
            for at in range(0, len(made), BATCH):
                rows = slice(at, at + BATCH)
                near = bell(product(seen.dense[rows], self.vectors), self.width)
                made[rows] += np.float32(self.dense_share) * product(near, self.dual)
        return made
