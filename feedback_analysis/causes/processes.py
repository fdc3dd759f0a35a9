"""Processes that label beside this one: each a fresh Python that is fed comments through a pipe.

They are not made by ``multiprocessing``: that would run the caller's script again in every process,
which an unguarded script or a notebook does not stand. What goes through the pipes are lengths,
JSON, and the labeller's arrays; nothing is pickled, and nothing of it comes to lie on the disk.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from queue import SimpleQueue
from typing import TYPE_CHECKING, BinaryIO

from feedback_analysis.errors import ReportError

if TYPE_CHECKING:
    from feedback_analysis.causes.label import Answer
    from feedback_analysis.causes.labeller import CauseLabeller

_CHILD = (
    "import json, sys; sys.path[:] = json.loads(sys.argv[1]); "
    "from feedback_analysis.causes.processes import serve; serve()"
)
# Digits of the number that goes before each message.
LENGTH = 12


def cores() -> int:
    """Return how many processes can work at the same time here."""
    with_mask = getattr(os, "sched_getaffinity", None)
    return max(len(with_mask(0)) if with_mask else os.cpu_count() or 1, 1)


class Processes:
    """Some processes that label, each as this one would.

    Parameters
    ----------
    labeller : CauseLabeller
        Any that has learnt; the processes get a copy of it.
    memory : Path or None
        Where sentence vectors are kept.
    count : int
        How many processes.
    """

    def __init__(self, labeller: CauseLabeller, memory: Path | None, count: int) -> None:
        from feedback_analysis.causes.store import packed

        content = packed(labeller)
        folder = "" if memory is None else str(memory.absolute())
        self._all = [_Child() for _ in range(count)]
        self._idle: SimpleQueue[_Child] = SimpleQueue()
        self._threads = ThreadPoolExecutor(count)
        for child in self._all:
            self._threads.submit(self._begin, child, folder, content)

    def _begin(self, child: _Child, folder: str, content: bytes) -> None:
        try:
            child.send(folder.encode())
            child.send(content)
        finally:
            # One that cannot begin says so when it is asked.
            self._idle.put(child)

    def submit(self, texts: Sequence[str]) -> Future[list[Answer]]:
        """Have texts labelled.

        Parameters
        ----------
        texts : sequence of str

        Returns
        -------
        Future
            Of the answers, as :meth:`CauseLabeller.label` gives them.
        """
        return self._threads.submit(self._ask, texts)

    def _ask(self, texts: Sequence[str]) -> list[Answer]:
        child = self._idle.get()
        try:
            return child.ask(texts)
        finally:
            self._idle.put(child)

    def close(self) -> None:
        """End the processes, also those that are at work."""
        for child in self._all:
            child.end()
        self._threads.shutdown(wait=True, cancel_futures=True)
        for child in self._all:
            child.forget()


class _Child:
    """One process."""

    def __init__(self) -> None:
        # What it writes to its error output is told only if it fails.
        self._errors = tempfile.TemporaryFile()  # noqa: SIM115
        path = [os.path.abspath(each) for each in sys.path]
        self._process = subprocess.Popen(
            [sys.executable, "-c", _CHILD, json.dumps(path)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._errors,
            # A thread more of BLAS would work against the other processes.
            env={**os.environ, "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"},
        )

    def send(self, content: bytes) -> None:
        _put(self._process.stdin, content)

    def ask(self, texts: Sequence[str]) -> list[Answer]:
        try:
            self.send(json.dumps(list(texts)).encode())
            said = json.loads(_taken(self._process.stdout))
        except (OSError, EOFError, ValueError):
            raise self._gone() from None
        if isinstance(said, str):
            raise RuntimeError(f"a process that labels comments failed: {said}")
        return [(tuple(asked), tuple(causes), sure) for asked, causes, sure in said]

    def _gone(self) -> ReportError:
        self.end()
        code = self._process.wait()
        self._errors.seek(0)
        last = self._errors.read()[-2000:].decode("utf-8", "replace").strip().splitlines()
        reason = last[-1] if last and code > 0 else f"exit status {code}"
        return ReportError(
            f"a process that labels comments ended before its time ({reason})",
            remedy="ask for fewer processes: each needs about 500 MB of memory",
        )

    def end(self) -> None:
        if self._process.poll() is None:
            self._process.kill()

    def forget(self) -> None:
        self._process.wait()
        for pipe in (self._process.stdin, self._process.stdout, self._errors):
            # What was still to be written goes nowhere.
            with suppress(OSError):
                pipe.close()


def serve() -> None:
    """Label what comes in at the standard input until it ends: what a process does all its life."""
    import signal

    signal.signal(signal.SIGINT, signal.SIG_IGN)
    # Whatever prints shall not print among the answers.
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    with answers:
        asked = sys.stdin.buffer
        try:
            folder = _taken(asked).decode()
            label = _labels(_taken(asked), folder)
        except EOFError:
            return
        while True:
            try:
                texts = json.loads(_taken(asked))
            except EOFError:
                return
            try:
                said: object = label(texts)
            except Exception as error:  # carried over, whatever it is
                said = f"{type(error).__name__}: {error}"
            _put(answers, json.dumps(said).encode())


def _labels(content: bytes, folder: str):
    from feedback_analysis.causes.store import unpacked
    from feedback_analysis.causes.vectors import with_memory

    labeller = unpacked(content)
    vectors = with_memory(labeller.vectors_, Path(folder) if folder else None)
    return lambda texts: labeller.label(texts, vectors)


def _put(pipe: BinaryIO, content: bytes) -> None:
    pipe.write(f"{len(content):{LENGTH}d}".encode())
    pipe.write(content)
    pipe.flush()


def _taken(pipe: BinaryIO) -> bytes:
    head = pipe.read(LENGTH)
    if len(head) < LENGTH:
        raise EOFError
    content = pipe.read(int(head))
    if len(content) < int(head):
        raise EOFError
    return content
