"""A notebook's parameters: the cell tagged ``parameters``, checked and overridden by value.

The convention is papermill's, so that papermill and editors understand the notebooks too. Unlike
papermill, an unknown name or a value that is no plain literal is refused.
"""

from __future__ import annotations

import ast
from typing import Any

from feedback_analysis.errors import ReportError, did_you_mean

PLAIN = (str, int, float, bool, type(None))


def parameter_names(notebook: Any, *, name: str) -> list[str]:
    """Return the names that a notebook's ``parameters`` cell sets.

    Parameters
    ----------
    notebook : NotebookNode
        The notebook.
    name : str
        Its name, for the message.

    Returns
    -------
    list of str
        The names in order; empty without such a cell.

    Raises
    ------
    ReportError
        If there are two such cells, or one holds anything but ``NAME = literal``.
    """
    cells = [cell for cell in notebook.cells if "parameters" in cell.metadata.get("tags", [])]
    if not cells:
        return []
    if len(cells) > 1:
        raise _unfit(name, "one cell tagged 'parameters'", f"{len(cells)} of them")
    try:
        body = ast.parse(cells[0].source).body
    except SyntaxError as error:
        raise _unfit(name, "lines such as PERIOD = '2026-10'", error.msg) from None
    names = []
    for line in body:
        try:
            (target,) = line.targets
            ast.literal_eval(line.value)
            names.append(target.id)
        except (AttributeError, TypeError, ValueError):
            found = ast.unparse(line).splitlines()[0]
            raise _unfit(name, "lines such as PERIOD = '2026-10'", found) from None
    return names


def set_parameters(notebook: Any, values: dict[str, Any], *, name: str) -> None:
    """Add a cell after the ``parameters`` cell that sets the given values.

    Parameters
    ----------
    notebook : NotebookNode
        The notebook; it is changed in place.
    values : dict
        Value of each parameter: a text, a number, True, False or None.
    name : str
        The notebook's name, for the message.

    Raises
    ------
    ReportError
        If the notebook has no such parameter, or a value is not one of those types.
    """
    import nbformat

    names = parameter_names(notebook, name=name)
    for key, value in values.items():
        if key not in names:
            raise ReportError(
                f"the notebook has no parameter '{key}'.{did_you_mean(key, names)}",
                file=name,
                expected=", ".join(names) or "a cell tagged 'parameters'",
                found=key,
                remedy="add the name to the notebook's parameters cell",
            )
        if type(value) not in PLAIN:
            raise ReportError(
                f"the value of '{key}' cannot be handed to a notebook",
                file=name,
                expected="a text, a number, True, False or None",
                found=type(value).__name__,
            )
    if not values:
        return
    # repr() of a plain value is always a literal, so nothing in a value can become code.
    source = "\n".join(f"{key} = {value!r}" for key, value in values.items())
    cell = nbformat.v4.new_code_cell(
        source, id="injected-parameters", metadata={"tags": ["injected-parameters"]}
    )
    place = next(
        index
        for index, existing in enumerate(notebook.cells)
        if "parameters" in existing.metadata.get("tags", [])
    )
    notebook.cells.insert(place + 1, cell)


def _unfit(name: str, expected: str, found: str) -> ReportError:
    return ReportError(
        "the notebook's parameters cannot be read",
        file=name,
        expected=expected,
        found=found,
        remedy="keep one cell tagged 'parameters' that only sets names to plain values",
    )
