"""What failed in a notebook, said so that its owner finds the place."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from feedback_analysis.errors import ReportError
from feedback_analysis.privacy import write_private

_ESCAPES = re.compile(r"\x1b\[[0-?]*[ -/]*[@-~]")
_HEADING = re.compile(r"^#{1,6}\s+(.+?)\s*#*\s*$", re.MULTILINE)


def cell_failed(path: Path, notebook: Any) -> ReportError:
    """Return the error for the cell that raised one: its type and its message's last line."""
    for number, cell in enumerate(notebook.cells):
        for output in cell.get("outputs", []):
            if output.output_type == "error":
                lines = [line for line in _plain(output.evalue).splitlines() if line.strip()]
                if output.ename == "ReportError":
                    # Such a message is written for the user: all of it is wanted.
                    return failure(path, notebook, number, "stopped", found="\n".join(lines))
                found = f"{output.ename}: {lines[-1].strip()}" if lines else output.ename
                return failure(path, notebook, number, "failed", found=found)
    return failure(path, notebook, last_started(notebook), "failed")


def refuse_errors(path: Path, notebook: Any) -> None:
    """Raise a ReportError if a result could not be shown: IPython prints that and goes on."""
    for cell in notebook.cells:
        meant = "raises-exception" in cell.metadata.get("tags", [])
        shown = [output.output_type for output in cell.get("outputs", [])]
        if "error" in shown and not meant:
            raise cell_failed(path, notebook)


def refuse_warnings(path: Path, notebook: Any) -> None:
    """Raise a ReportError if any cell wrote to the error stream."""
    for number, cell in enumerate(notebook.cells):
        for output in cell.get("outputs", []):
            if output.output_type == "stream" and output.name == "stderr":
                lines = [line for line in _plain(output.text).splitlines() if line.strip()]
                raise failure(
                    path,
                    notebook,
                    number,
                    "wrote a warning, which would land on the page",
                    found=lines[0].strip() if lines else "an empty warning",
                    remedy="put right what the warning says; a shared page must not show one",
                )


def failure(
    path: Path,
    notebook: Any,
    number: int,
    what: str,
    *,
    found: str | None = None,
    remedy: str | None = None,
) -> ReportError:
    """Return an error that names the notebook, the nearest heading above and the cell.

    Parameters
    ----------
    path : Path
        The notebook.
    notebook : NotebookNode
        As far as it ran.
    number : int
        Place of the cell, counted from 0, the injected cell included.
    what : str
        What it did: failed, took too long.
    found : str, optional
        Type of the error and its message.
    remedy : str, optional
        What to do; by default, to run the notebook up to the cell.

    Returns
    -------
    ReportError
        Ready to be raised.
    """
    heading = ""
    for cell in notebook.cells[: number + 1]:
        if cell.cell_type == "markdown" and (lines := _HEADING.findall(cell.source)):
            heading = lines[-1]
    # Counted as the reader of the notebook counts: without the cell that the run added.
    position = 1 + sum(
        "injected-parameters" not in cell.metadata.get("tags", [])
        for cell in notebook.cells[:number]
    )
    below = f", below the heading '{heading}'" if heading else ""
    return ReportError(
        f"cell {position}{below}, {what}",
        file=path.name,
        found=found,
        remedy=remedy or f"open {path.name} in JupyterLab and run it up to that cell",
    )


def last_started(notebook: Any) -> int:
    """Return the cell that was at work: the first code cell without a finished run."""
    for number, cell in enumerate(notebook.cells):
        if cell.cell_type == "code" and cell.source.strip():
            timing = cell.metadata.get("execution", {})
            if "shell.execute_reply" not in timing:
                return number
    return len(notebook.cells) - 1


def with_copy(problem: ReportError, notebook: Any, path: Path, folder: Path | None) -> ReportError:
    """Keep the half-run notebook in a private folder, and say so in the error."""
    if folder is None:
        return problem
    try:
        kept = keep_private(folder, path.name, notebook)
    except OSError:
        return problem
    problem.remedy = f"{problem.remedy}; what it showed until then is kept in {kept}"
    return problem


def keep_private(folder: Path, name: str, notebook: Any) -> Path:
    """Write a notebook where only its owner may read it, and return its path.

    Parameters
    ----------
    folder : Path
        Made when it is not there, for its owner only.
    name : str
        File name.
    notebook : NotebookNode
        What to keep; its outputs may quote buyers.

    Returns
    -------
    Path
        The file, with the permissions 0600.
    """
    import nbformat

    target = folder / name
    write_private(target, nbformat.writes(notebook).encode())
    return target


def _plain(text: str) -> str:
    return _ESCAPES.sub("", text)
