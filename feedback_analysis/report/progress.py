"""Shows on the error stream which notebook is at work, and how long each took."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from feedback_analysis.report.run import Watch


@contextmanager
def show_progress(names: list[str], *, shown: bool = True) -> Iterator[Watch | None]:
    """Give a function that is told what the notebooks do, and shows it.

    Parameters
    ----------
    names : list of str
        The notebooks, in order.
    shown : bool, default=True
        Show nothing when False.

    Yields
    ------
    callable or None
        Takes a notebook's name, ``"start"``, ``"done"`` or ``"failed"``, and the seconds.
    """
    console = Console(stderr=True, highlight=False)
    if not shown:
        yield None
    elif console.is_terminal:
        with _live(console, names) as watch:
            yield watch
    else:
        yield _lines(console, names)


@contextmanager
def show_step(words: str, *, shown: bool = True) -> Iterator[None]:
    """Say on a terminal what takes its time, until it is done.

    Parameters
    ----------
    words : str
        What is being done.
    shown : bool, default=True
        Show nothing when False; in a log file nothing is shown either.

    Yields
    ------
    None
        Nothing.
    """
    console = Console(stderr=True, highlight=False)
    if shown and console.is_terminal:
        with console.status(words):
            yield
    else:
        yield


def _lines(console: Console, names: list[str]) -> Watch:
    """Write one line a notebook when it is over, for log files."""
    finished: list[str] = []
    lock = threading.Lock()

    def watch(name: str, state: str, seconds: float) -> None:
        if state == "start":
            return
        with lock:
            finished.append(name)
            words = f"[{len(finished)}/{len(names)}] {name}  {seconds:.1f} s"
            if state == "failed":
                words += "  failed"
            console.print(words, markup=False, soft_wrap=True)

    return watch


@contextmanager
def _live(console: Console, names: list[str]) -> Iterator[Watch]:
    columns = (
        SpinnerColumn(finished_text=" "),
        TextColumn("{task.description}", markup=False),
        TextColumn("{task.fields[state]}", markup=False),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=console) as progress:
        tasks = {
            name: progress.add_task(name, start=False, total=1, state="waiting") for name in names
        }

        def watch(name: str, state: str, _seconds: float) -> None:
            if state == "start":
                progress.start_task(tasks[name])
                progress.update(tasks[name], state="running")
            elif state == "done":
                progress.update(tasks[name], state="done", completed=1)
            else:
                progress.update(tasks[name], state=state)
                progress.stop_task(tasks[name])

        yield watch
