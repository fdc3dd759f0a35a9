"""Labels comments as they come: each distinct text once, in order, with little held at a time.

This is the one way by which comments get labels, be they a list, the rows of a file, or batches of
an engine.
"""

from __future__ import annotations

from collections import OrderedDict, deque
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Future
from hashlib import blake2b
from typing import TYPE_CHECKING

from feedback_analysis.causes.processes import Processes, cores
from feedback_analysis.causes.regression import BATCH
from feedback_analysis.causes.vectors import with_memory

if TYPE_CHECKING:
    from feedback_analysis.causes.label import Answer, Labelling

# So many distinct texts must there be before more processes pay (benchmarks/label_batches.py).
ENOUGH = 6 * BATCH
# Comments read ahead to learn how many distinct ones there are.
AHEAD = 50_000
# Distinct texts whose answers are remembered; each takes about 300 bytes.
REMEMBERED = 65_536


class Stream:
    """What labels lists of texts one after the other.

    Parameters
    ----------
    made : Labelling
        Its corrections are not looked at here.
    workers : int, optional
        Processes: 1 for this one alone; by default as many as there are cores once the distinct
        texts are enough.
    """

    def __init__(self, made: Labelling, workers: int | None = None) -> None:
        self._labeller, self._memory = made.labeller, made.memory
        self._count = cores() if workers is None else max(int(workers), 1)
        # With a stated number of processes there is nothing to wait for.
        self._decided = self._count == 1 or workers is not None
        self._processes: Processes | None = None
        self._known: OrderedDict[bytes, list[Answer]] = OrderedDict()
        self._waiting: deque[tuple[str, list[Answer]]] = deque()
        self._sent: deque[tuple[Future[list[Answer]], list[list[Answer]]]] = deque()
        self._same: dict[tuple[str, ...], tuple[str, ...]] = {}
        self._begun = self._done = 0

    def __call__(self, groups: Iterable[Sequence[str]]) -> Iterator[list[Answer]]:
        """Yield the answers of each group of texts, in order.

        Parameters
        ----------
        groups : iterable of sequence of str
            No text may be empty.
        """
        held: deque[tuple[list[list[Answer]], int]] = deque()
        rows = 0
        try:
            for texts in groups:
                cells = [self._cell(text) for text in texts]
                held.append((cells, self._begun + len(self._waiting)))
                rows += len(cells)
                if not self._decided and (len(self._waiting) >= ENOUGH or rows >= AHEAD):
                    self._decide()
                while self._decided and len(self._waiting) >= BATCH:
                    self._send()
                yield from self._ready(held)
            if not self._decided:
                self._decide()
            while self._waiting:
                self._send()
            while self._sent:
                self._take()
            yield from self._ready(held)
        finally:
            if self._processes is not None:
                self._processes.close()
                self._processes = None

    def _cell(self, text: str) -> list[Answer]:
        """Return where the answer to a text will stand."""
        key = blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).digest()
        cell = self._known.get(key)
        if cell is None:
            cell = self._known[key] = []
            self._waiting.append((text, cell))
            if len(self._known) > REMEMBERED:
                self._known.popitem(last=False)
        else:
            self._known.move_to_end(key)
        return cell

    def _decide(self) -> None:
        if len(self._waiting) < ENOUGH:
            self._count = 1
        self._decided = True

    def _send(self) -> None:
        some = [self._waiting.popleft() for _ in range(min(BATCH, len(self._waiting)))]
        texts, cells = [text for text, _ in some], [cell for _, cell in some]
        self._begun += len(some)
        if self._count == 1:
            vectors = with_memory(self._labeller.vectors_, self._memory)
            self._fill(cells, self._labeller.label(texts, vectors))
            return
        if self._processes is None:
            self._processes = Processes(self._labeller, self._memory, self._count)
        if len(self._sent) >= 2 * self._count:
            self._take()
        self._sent.append((self._processes.submit(texts), cells))

    def _take(self) -> None:
        answers, cells = self._sent.popleft()
        self._fill(cells, answers.result())

    def _fill(self, cells: list[list[Answer]], answers: list[Answer]) -> None:
        same = self._same
        for cell, (questions, causes, sure) in zip(cells, answers, strict=True):
            # Few tuples differ, and each is kept once.
            asked, told = same.setdefault(questions, questions), same.setdefault(causes, causes)
            cell.append((asked, told, sure))
        self._done += len(cells)

    def _ready(self, held: deque) -> Iterator[list[Answer]]:
        while held and held[0][1] <= self._done:
            yield [cell[0] for cell in held.popleft()[0]]
