"""Run notebooks on a kernel each and hand back what they showed, or say plainly what failed."""

from __future__ import annotations

import json
import os
import re
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from feedback_analysis.errors import ReportError
from feedback_analysis.report.failures import (
    cell_failed,
    failure,
    last_started,
    refuse_errors,
    refuse_warnings,
    with_copy,
)
from feedback_analysis.report.forked import Copies
from feedback_analysis.report.parameters import set_parameters

CELL_TIMEOUT = 600
NUMBERED = re.compile(r"\d+[_-]")
# Cells with this tag are not on the page; with it on its title, a notebook has none.
OFF_PAGE = "off-page"
Watch = Callable[[str, str, float], None]


@dataclass
class _Kernels:
    """The kernels at work, so that an interrupt or a failure can end all of them."""

    environment: Mapping[str, str]
    copies: Copies | None = None
    running: list[Any] = field(default_factory=list)
    stopped: bool = False

    def stop(self) -> None:
        self.stopped = True
        for client in list(self.running):
            client.kill()


def find_notebooks(folder: str | Path | None = None) -> list[Path]:
    """Return the notebooks to run, in the order of their names.

    A notebook whose name begins with a number is part of the report: ``20_my_question.ipynb`` of a
    user's own as well. One whose title is tagged ``off-page`` is for working in, and has no page.

    Parameters
    ----------
    folder : str or Path, optional
        The folder that holds them; by default ``notebooks`` beside the package.

    Returns
    -------
    list of Path
        Absolute paths.

    Raises
    ------
    ReportError
        If the folder does not exist or holds no such notebook.
    """
    given = folder is not None
    place = Path(folder) if given else Path(__file__).resolve().parents[2] / "notebooks"
    every = sorted(place.glob("*.ipynb")) if place.is_dir() else []
    found = [path for path in every if NUMBERED.match(path.name) and not _is_off_page(path)]
    if not found:
        raise ReportError(
            "there are no notebooks to make the report from"
            if place.is_dir()
            else "the notebooks folder is not there",
            file=place,
            expected="a folder with notebooks whose names begin with a number, such as "
            "00_data_check.ipynb",
            found=", ".join(path.name for path in every[:5]) or None,
            remedy="name the folder: --notebooks FOLDER"
            if not given
            else "name a folder that holds notebooks",
        )
    return [path.resolve() for path in found]


def _is_off_page(path: Path) -> bool:
    try:
        first = json.loads(path.read_text("utf-8"))["cells"][0]
        return OFF_PAGE in first["metadata"].get("tags", [])
    except (OSError, ValueError, LookupError, TypeError, AttributeError):
        # What is wrong with it is told when it is read to be run.
        return False


def run_notebooks(
    paths: Sequence[Path],
    *,
    parameters: dict[str, Any],
    workers: int | None = None,
    timeout: int = CELL_TIMEOUT,
    failed: Path | None = None,
    watch: Watch | None = None,
    environment: Mapping[str, str] | None = None,
    copies: Copies | None = None,
    finish: Callable[[str, Any], Any] | None = None,
) -> list[Any]:
    """Run notebooks, each on a kernel of its own, and return them with their outputs.

    Parameters
    ----------
    paths : sequence of Path
        The notebooks; each runs in the folder it lies in.
    parameters : dict
        Values for the cell tagged ``parameters`` of every notebook.
    workers : int, optional
        How many run at once; by default as many as there are cores, and never more.
    timeout : int, default=600
        Longest time a cell may take, in seconds.
    failed : Path, optional
        Folder that keeps the half-run notebook when one fails, for its owner's eyes only.
    watch : callable, optional
        Called with a notebook's name, ``"start"``, ``"done"`` or ``"failed"``, and the seconds.
    environment : mapping, optional
        Variables of the kernels' environment.
    copies : Copies, optional
        Copies of this process for the kernels to run on; without, each starts a Python of its own.
    finish : callable, optional
        Called with a notebook's name and the notebook as soon as it has run, while others still do.
        It is called in several threads, and a ReportError of its own is raised when all have run.

    Returns
    -------
    list of NotebookNode
        In the order of ``paths``; what ``finish`` made of them in their place.

    Raises
    ------
    ReportError
        If a notebook cannot be read, its parameters do not fit, a cell fails, takes too long or
        writes to the error stream.
    """
    notebooks = [_read(path, parameters) for path in paths]
    kernels = _Kernels(environment or {}, copies)
    at_once = max(1, min(workers or len(paths), len(paths), os.cpu_count() or 1))
    pool = ThreadPoolExecutor(at_once)
    jobs = [
        pool.submit(_finish, path, notebook, kernels, timeout, watch or _nobody, finish)
        for path, notebook in zip(paths, notebooks, strict=True)
    ]
    try:
        waiting = set(jobs)
        while waiting:
            # A wait without an end cannot be interrupted on Windows.
            done, waiting = wait(waiting, timeout=1, return_when=FIRST_COMPLETED)
            if any(job.exception() for job in done):
                kernels.stop()
        problems = [job.exception() for job in jobs]
        for path, notebook, problem in zip(paths, notebooks, problems, strict=True):
            # Those that were stopped because another failed say nothing of their own.
            if isinstance(problem, ReportError):
                raise with_copy(problem, notebook, path, failed)
        for problem in problems:
            if problem is not None and not isinstance(problem, _Stopped):
                raise problem
        made = [job.result() for job in jobs]
        for problem in made:
            if isinstance(problem, ReportError):
                raise problem
        return made
    finally:
        pool.shutdown(wait=False, cancel_futures=True)
        while not all(job.done() for job in jobs):
            # Again and again: a kernel may be just about to start.
            kernels.stop()
            wait(jobs, timeout=0.2)
        # With nothing left to do its threads end at once; a report after this one can do without.
        pool.shutdown()


class _Stopped(Exception):
    """The run ended before this notebook could finish."""


def _nobody(_name: str, _state: str, _seconds: float) -> None:
    return None


def _read(path: Path, parameters: dict[str, Any]) -> Any:
    import nbformat

    try:
        notebook = nbformat.read(path, as_version=4)
    except Exception:  # nbformat raises whatever its walk through a malformed file comes upon
        raise ReportError(
            "the notebook cannot be read",
            file=path,
            expected="a Jupyter notebook (.ipynb)",
            remedy="save it again in JupyterLab, or take the one that came with the package",
        ) from None
    for number, cell in enumerate(notebook.cells):
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
        # Ids that differ at each reading would change the page.
        cell["id"] = cell.get("id") if notebook.nbformat_minor >= 5 else f"cell-{number}"
    notebook.nbformat_minor = max(5, notebook.nbformat_minor)
    set_parameters(notebook, parameters, name=path.name)
    return notebook


def _finish(
    path: Path,
    notebook: Any,
    kernels: _Kernels,
    timeout: int,
    watch: Watch,
    finish: Callable[[str, Any], Any] | None,
) -> Any:
    """Run a notebook and return what is made of it; an error in that is nobody else's."""
    _run(path, notebook, kernels, timeout, watch)
    if finish is None:
        return notebook
    try:
        return finish(path.stem, notebook)
    except ReportError as error:
        return error


def _run(path: Path, notebook: Any, kernels: _Kernels, timeout: int, watch: Watch) -> None:
    from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError

    if kernels.stopped:
        raise _Stopped
    watch(path.stem, "start", 0.0)
    start = time.monotonic()
    try:
        # A copy that could not become a kernel did nothing yet, so a new Python can do it all.
        if not _finished(path, notebook, kernels, timeout, kernels.copies):
            _finished(path, notebook, kernels, timeout, None)
        refuse_errors(path, notebook)
        refuse_warnings(path, notebook)
    except Exception as error:
        if kernels.stopped:
            raise _Stopped from None
        watch(path.stem, "failed", time.monotonic() - start)
        if isinstance(error, CellExecutionError):
            raise cell_failed(path, notebook) from None
        if isinstance(error, CellTimeoutError):
            raise failure(
                path, notebook, last_started(notebook), f"took longer than {timeout} seconds"
            ) from None
        if isinstance(error, DeadKernelError):
            raise failure(
                path,
                notebook,
                last_started(notebook),
                "ended Python; memory may have run out",
                remedy="close other programs, or run with --workers 1",
            ) from None
        raise
    watch(path.stem, "done", time.monotonic() - start)


def _finished(
    path: Path, notebook: Any, kernels: _Kernels, timeout: int, copies: Copies | None
) -> bool:
    """Run a notebook; False when a copy of this process did not come to run its first cell."""
    from nbclient.exceptions import DeadKernelError

    from feedback_analysis.report.kernels import client as make_client

    with make_client(
        notebook,
        working_folder=path.parent,
        timeout=timeout,
        environment=kernels.environment,
        copies=copies,
    ) as client:
        kernels.running.append(client)
        try:
            client.run()
        except RuntimeError as error:
            if client.code_cells_executed or isinstance(error, DeadKernelError):
                raise
            if copies is not None and not kernels.stopped:
                return False
            raise ReportError(
                "Python could not be started to run the notebook",
                file=path.name,
                found=client.last_message() or str(error),
                remedy="check the installation: python -m pip install ipykernel",
            ) from None
        finally:
            kernels.running.remove(client)
    return True
