"""The data dictionary, data/README.md, written from the declared tables.

``python -m feedback_analysis.dictionary [FILE]`` writes it.
"""

from __future__ import annotations

import sys
import tomllib
from importlib.resources import files
from pathlib import Path
from typing import Any

from feedback_analysis.tables import SCHEMAS

# A declared dtype (of text, its beginning), what it is called here, and how pandas shows it.
# Text is "str" in pandas 3 and a kind of "string" in pandas 2.
_TYPES = (
    ("str", "text", "str"),
    ("datetime64", "day", "datetime64[us]"),
    ("int64", "whole number", "int64"),
    ("Int64", "whole number, or missing", "Int64"),
    ("float64", "number", "float64"),
    ("boolean", "true, false or missing", "boolean"),
    ("bool", "true or false", "bool"),
)
_TARGET = Path("data") / "README.md"


def write_dictionary() -> str:
    """Return the text of data/README.md: folder layout, samples, and every table's columns.

    Returns
    -------
    str
        Markdown, ending in one line end.
    """
    head = files("feedback_analysis").joinpath("dictionary.toml").read_text("utf-8")
    types = ["| type below | pandas |", "|---|---|"]
    types += [f"| {name} | `{shown}` |" for _, name, shown in _TYPES]
    parts = [tomllib.loads(head)["head"].rstrip(), "\n".join(types), *map(_table, SCHEMAS)]
    return "\n\n".join(parts) + "\n"


def _table(name: str) -> str:
    schema = SCHEMAS[name]
    lines = [
        f"### {name}",
        "",
        f"A row is {schema.description}.",
        "",
        "| column | type | unit | meaning | may be missing |",
        "|---|---|---|---|---|",
        *(_row(column) for column in schema.columns.values()),
    ]
    return "\n".join(lines)


def _row(column: Any) -> str:
    kind = next(name for start, name, _ in _TYPES if str(column.dtype).startswith(start))
    unit = column.metadata["unit"]
    # The units of text, flags and days say nothing that the type has not said.
    if kind == "text" or unit.startswith(("true", "day")):
        unit = ""
    missing = "yes" if column.nullable else "no"
    meaning = _meaning(column).replace("|", r"\|")
    return f"| `{column.name}` | {kind} | {unit} | {meaning} | {missing} |"


def _meaning(column: Any) -> str:
    listed = [
        value for check in column.checks for value in check.statistics.get("allowed_values", ())
    ]
    if all(value in column.description for value in listed):
        return column.description
    return f"{column.description} (one of {', '.join(f'`{value}`' for value in listed)})"


def main(arguments: list[str] | None = None) -> None:
    """Write the data dictionary to a file, data/README.md unless another is named."""
    given = sys.argv[1:] if arguments is None else arguments
    Path(given[0] if given else _TARGET).write_text(
        write_dictionary(), encoding="utf-8", newline="\n"
    )


if __name__ == "__main__":
    main()
