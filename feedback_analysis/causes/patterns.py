"""Patterns inside a cause: what is late, what differs. Fitted once, kept by name, only extended."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from hashlib import blake2b
from pathlib import Path

import numpy as np
import pandas as pd

from feedback_analysis.causes.clusters import (
    BLOCK,
    centres,
    comment_vectors,
    language_means,
    number_of_clusters,
)
from feedback_analysis.causes.encoder import chosen_name
from feedback_analysis.causes.language import guesser
from feedback_analysis.causes.steady import product
from feedback_analysis.causes.words_of import distinctive_words, growth, medoids
from feedback_analysis.errors import ReportError

# A cause with fewer comments has no patterns, and no pattern is smaller than a few comments.
FEWEST, SMALLEST = 30, 6
MOST = 6
# A comment that is less alike than this to every pattern belongs to none.
ALIKE = 0.2
# Of more comments, so many are drawn to find patterns in; all of them are counted.
LEARNT_FROM = 20_000


@dataclass(frozen=True)
class Patterns:
    """Named patterns; a name is never used for another.

    Attributes
    ----------
    encoder : str
        Name of the encoder that the centres are of.
    names : tuple of str
        ``cause.number``.
    centres : array
        A unit vector a pattern.
    means : dict of str to array
        What comments of each language share, as found when the patterns were first fitted; under
        the empty name what all share. Patterns kept from before this was done have none.
    memory : Path or None
        Folder where sentence vectors of comments are kept.
    """

    encoder: str
    names: tuple[str, ...]
    centres: np.ndarray
    means: dict[str, np.ndarray] = field(default_factory=dict)
    memory: Path | None = field(default=None, compare=False)

    def _vectors(self, comments: Sequence[str]) -> np.ndarray:
        """Return vectors of comments without what each language shares."""
        comments = list(comments)
        vectors = comment_vectors(comments, self.encoder, memory=self.memory)
        if not self.means or not len(vectors):
            return vectors
        every = self.means[""]
        of = guesser()(comments)
        # In place, some at a time: of a hundred thousand comments each copy takes 250 MB.
        for at in range(0, len(of), BLOCK):
            part = vectors[at : at + BLOCK]
            part -= np.array([self.means.get(name, every) for name in of[at : at + BLOCK]],
                             dtype=np.float32)  # fmt: skip
            part /= np.maximum(np.linalg.norm(part, axis=1, keepdims=True), 1e-6)
        return vectors

    def assign(self, comments: Sequence[str], causes: Sequence[str]) -> list[str]:
        """Return the pattern of each comment; empty where it belongs to none.

        Parameters
        ----------
        comments : sequence of str
        causes : sequence of str
            The first cause of each.
        """
        return self._assign(self._vectors(comments), list(causes))

    def _assign(self, vectors: np.ndarray, causes: Sequence[str]) -> list[str]:
        if not self.names or not len(vectors):
            return [""] * len(causes)
        near = product(vectors, np.ascontiguousarray(self.centres.T))
        of = np.array([name.rsplit(".", 1)[0] for name in self.names])
        near[np.asarray(causes)[:, None] != of[None, :]] = -1
        best = near.argmax(axis=1)
        sure = near[np.arange(len(near)), best] >= ALIKE
        return [self.names[at] if keep else "" for at, keep in zip(best, sure, strict=True)]

    def extended(self, comments: Sequence[str], causes: Sequence[str]) -> Patterns:
        """Return the patterns with new ones for comments that belong to none; the old ones stay.

        Parameters
        ----------
        comments, causes : sequence of str
            As :meth:`assign` takes them. Of more than 20,000 comments, so many are looked at.

        Returns
        -------
        Patterns
        """
        comments, causes = _drawn(list(comments), list(causes))
        vectors = self._vectors(comments)
        causes = np.asarray(causes)
        told = np.array(self._assign(vectors, causes.tolist()))
        names, rows = list(self.names), [self.centres] if len(self.names) else []
        for cause in sorted(set(causes.tolist()) - {""}):
            known = [name for name in names if name.rsplit(".", 1)[0] == cause]
            mine = np.flatnonzero((causes == cause) & (told == ""))
            if len(mine) < (SMALLEST if known else FEWEST):
                continue
            # The same patterns whatever the order of the comments.
            mine = np.array(sorted(mine.tolist(), key=lambda row: comments[row]))
            number = min(number_of_clusters(vectors[mine], range(2, MOST + 1)), MOST)
            found = centres(vectors[mine], number)
            member = (vectors[mine] @ found.T).argmax(axis=1)
            sizes = np.bincount(member, minlength=number)
            for at in np.argsort(-sizes, kind="stable"):
                if sizes[at] >= SMALLEST:
                    names.append(f"{cause}.{len(known) + 1}")
                    known.append(names[-1])
                    rows.append(found[at][None])
        made = np.vstack(rows) if rows else self.centres
        return replace(self, names=tuple(names), centres=made)

    def table(
        self,
        comments: Sequence[str],
        causes: Sequence[str],
        latest: Sequence[bool] | None = None,
    ) -> pd.DataFrame:
        """Return what each pattern is about.

        Parameters
        ----------
        comments, causes : sequence of str
        latest : sequence of bool, optional
            Whether a comment is of the period that is compared with what was before.

        Returns
        -------
        DataFrame
            pattern, cause, n, n_latest, growth (share in the latest period divided by the share
            before), words, comments (medoids; mask them before they are shown).
        """
        comments = list(comments)
        vectors = self._vectors(comments)
        told = np.array(self._assign(vectors, list(causes)))
        now = np.zeros(len(comments), bool) if latest is None else np.asarray(latest, bool)
        rows = []
        for cause in dict.fromkeys(name.rsplit(".", 1)[0] for name in self.names):
            mine = [name for name in self.names if name.rsplit(".", 1)[0] == cause]
            inside = np.flatnonzero(np.asarray(list(causes)) == cause)
            group = np.array([mine.index(name) if name else -1 for name in told[inside]], dtype=int)
            words = distinctive_words([comments[row] for row in inside], group, len(mine)) \
                if len(inside) else [[] for _ in mine]  # fmt: skip
            for at, name in enumerate(mine):
                members = inside[group == at]
                n_now = int(now[members].sum())
                rows.append(
                    {
                        "pattern": name, "cause": cause, "n": len(members), "n_latest": n_now,
                        "growth": growth(n_now, now.sum(), len(members) - n_now, (~now).sum()),
                        "words": tuple(words[at]),
                        "comments": tuple(comments[row] for row in medoids(vectors, members))
                        if len(members) else (),
                    }
                )  # fmt: skip
        columns = ["pattern", "cause", "n", "n_latest", "growth", "words", "comments"]
        return pd.DataFrame(rows, columns=columns)

    def to_json(self) -> str:
        """Return it as JSON, to be kept."""
        held = {
            "encoder": self.encoder,
            "means": {
                name: [round(float(value), 6) for value in mean]
                for name, mean in sorted(self.means.items())
            },
            "patterns": [
                {"name": name, "centre": [round(float(value), 6) for value in row]}
                for name, row in zip(self.names, self.centres, strict=True)
            ],
        }
        return json.dumps(held) + "\n"


def _drawn(comments: list[str], causes: list[str]) -> tuple[list[str], list[str]]:
    """Return so many comments at most: the same ones in whatever order they come."""
    if len(comments) <= LEARNT_FROM:
        return comments, causes
    codes = [blake2b(text.encode(), digest_size=8).digest() for text in comments]
    rows = sorted(range(len(comments)), key=lambda row: (codes[row], causes[row]))[:LEARNT_FROM]
    return [comments[row] for row in rows], [causes[row] for row in rows]


def fit_patterns(
    comments: Sequence[str],
    causes: Sequence[str],
    *,
    encoder: str = "auto",
    memory: Path | None = None,
) -> Patterns:
    """Find the patterns inside each cause.

    Parameters
    ----------
    comments : sequence of str
        Of more than 20,000, so many are drawn, by a hash of their texts.
    causes : sequence of str
        The first cause of each.
    encoder : str, default="auto"
    memory : Path, optional
        Folder where sentence vectors are kept.

    Returns
    -------
    Patterns
    """
    name = chosen_name(encoder)
    comments, causes = _drawn(list(comments), list(causes))
    means = {}
    if comments:
        means = language_means(comment_vectors(comments, name, memory=memory), guesser()(comments))
    empty = Patterns(name, (), np.zeros((0, 0), np.float32), means, memory)
    return empty.extended(comments, causes)


def read_patterns(path: str | Path) -> Patterns:
    """Return kept patterns.

    Parameters
    ----------
    path : str or Path
        What :meth:`Patterns.to_json` gave.

    Returns
    -------
    Patterns

    Raises
    ------
    ReportError
        If the file cannot be read.
    """
    try:
        held = json.loads(Path(path).read_text("utf-8"))
        names = tuple(each["name"] for each in held["patterns"])
        rows = np.array([each["centre"] for each in held["patterns"]], dtype=np.float32)
        means = {
            name: np.array(mean, dtype=np.float32) for name, mean in held.get("means", {}).items()
        }
        if means and "" not in means:
            raise KeyError("")
        # A small shop has comments but no pattern yet.
        shape = (len(names), -1) if names else (0, 0)
        return Patterns(held["encoder"], names, rows.reshape(shape), means)
    except (ValueError, KeyError, TypeError, AttributeError):
        raise ReportError(
            "the kept patterns cannot be read",
            file=path,
            remedy="move the file away; new patterns are made, under new names",
        ) from None
