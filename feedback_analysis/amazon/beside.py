"""Many small files, read in two processes: this one from the front, one beside it from the back.

The other is a fresh Python, as in ``causes.processes``, so that it works in a notebook and on every
system alike. It is told which files to read, a few at a time, and hands back what ``read_file``
gives. Where it cannot start, or ends before its time, this process reads its files as well.
"""

from __future__ import annotations

import json
import os
import pickle
import subprocess
import sys
import threading
from collections import deque
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, BinaryIO

from feedback_analysis.amazon.batch import Facts
from feedback_analysis.amazon.file import FileResult, read_file
from feedback_analysis.cores import cores
from feedback_analysis.errors import ReportError
from feedback_analysis.names import Names
from feedback_analysis.privacy import OrderKeys

# A process takes a second to begin, in which this one reads so many.
WORTH_IT = 150
# Files told at once: few, so that neither process waits long for the other at the end.
AT_ONCE = 12
_CHILD = (
    "import json, sys; sys.path[:] = json.loads(sys.argv[1]); "
    "from feedback_analysis.amazon.beside import serve; serve()"
)
Stated = Sequence[tuple[Path, Facts]]
Read = FileResult | ReportError


def read_files(stated: Stated, keys: OrderKeys, names: Names) -> list[Read]:
    """Read files, each as :func:`read_file` does, in two processes where that is quicker.

    Parameters
    ----------
    stated : sequence of tuple
        Each file, and what is stated about it.
    keys : OrderKeys
        Turns order ids into keys, and learns the way back.
    names : Names
        Learns what the columns of buyers' names and addresses hold.

    Returns
    -------
    list of FileResult or ReportError
        In the given order; the error of a file that cannot be used stands in its place.
    """
    left = deque(range(len(stated)))
    read: dict[int, Read] = {}
    beside = None
    if _is_worth_it(stated):
        # No more processes, or no memory for one: then this one reads all.
        with suppress(OSError):
            beside = _Beside(stated, left, keys, names)
    while left:
        with suppress(IndexError):
            place = left.popleft()
            read[place] = _read(*stated[place], keys, names)
    if beside is not None:
        read |= beside.result()
    # What the other process was told and did not do.
    for place in range(len(stated)):
        if place not in read:
            read[place] = _read(*stated[place], keys, names)
    return [read[place] for place in range(len(stated))]


def _is_worth_it(stated: Stated) -> bool:
    return len(stated) >= WORTH_IT and cores() > 1


def _read(path: Path, facts: Facts, keys: OrderKeys, names: Names) -> Read:
    try:
        return read_file(path, facts, keys, names=names)
    except ReportError as error:
        return error


class _Beside:
    """The other process, and the thread that talks to it."""

    def __init__(self, stated: Stated, left: deque[int], keys: OrderKeys, names: Names) -> None:
        self._stated, self._left, self._keys, self._names = stated, left, keys, names
        self._read: dict[int, Read] = {}
        self._codes, self._known = None, {}
        self._begun = False
        path = [os.path.abspath(each) for each in sys.path]
        self._process = subprocess.Popen(
            [sys.executable, "-c", _CHILD, json.dumps(path)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
        self._thread = threading.Thread(target=self._talk, daemon=True)
        self._thread.start()

    def result(self) -> dict[int, Read]:
        """Wait for what it was told to read, and take over what it learnt."""
        if not self._begun:
            # Nothing is left to tell it, and nobody knows whether it ever begins.
            self._process.kill()
        self._thread.join()
        self._process.wait()
        if self._codes is not None:
            self._names.remember(self._codes)
            self._keys.known.update(self._known)
        return self._read

    def _talk(self) -> None:
        pipes = (self._process.stdin, self._process.stdout)
        # Whatever happens there, this process can read the files too.
        with suppress(Exception):
            self._ask(*pipes)
        self._process.kill()
        for pipe in pipes:
            with suppress(OSError):
                pipe.close()

    def _ask(self, orders: BinaryIO, answers: BinaryIO) -> None:
        keys = OrderKeys(self._keys.salt, self._keys.remember)
        _put(orders, (keys, self._names.none_yet()))
        # It says so when it has begun: until then this process may take all there is.
        self._begun = _taken(answers)
        read, codes, known = {}, None, {}
        while places := self._some():
            _put(orders, [self._stated[place] for place in places])
            found, codes, learnt = _taken(answers)
            read |= dict(zip(places, found, strict=True))
            known |= learnt
        # All or nothing: rows without what was learnt of their names would be half a reading.
        self._read, self._codes, self._known = read, codes, known

    def _some(self) -> list[int]:
        places = []
        with suppress(IndexError):
            places += (self._left.pop() for _ in range(AT_ONCE))
        return places


def serve() -> None:
    """Read the files that are told at the standard input until it ends: all a process's life."""
    import signal

    signal.signal(signal.SIGINT, signal.SIG_IGN)
    # Whatever prints shall not print among the answers.
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    with answers, suppress(EOFError, BrokenPipeError):
        keys, names = _taken(sys.stdin.buffer)
        _put(answers, True)
        while True:
            told = _taken(sys.stdin.buffer)
            found = [_read(path, facts, keys, names) for path, facts in told]
            _put(answers, (found, names.codes(), keys.known))
            keys.known.clear()


def _put(pipe: BinaryIO, content: object) -> None:
    pickle.dump(content, pipe)
    pipe.flush()


def _taken(pipe: BinaryIO) -> Any:
    # At both ends is this module, and nobody else has the pipe.
    return pickle.load(pipe)  # noqa: S301
