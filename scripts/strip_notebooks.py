"""Take outputs out of notebooks, save those of cells that a test compares.

Run as ``python scripts/strip_notebooks.py [--check] FOLDER``; ``make strip`` does.
"""

import argparse
import copy
import json
import re
import sys
from pathlib import Path

import nbformat

# The tag of a golden cell: nbval compares its kept output with what the cell prints now.
GOLDEN = "nbval-check-output"
ORDER_KEY = re.compile(r"\bo[0-9a-f]{16}\b")
# What a notebook says of its kernel, without the versions of whoever ran it last.
METADATA = {
    "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
    "language_info": {"name": "python"},
}


def is_golden(cell):
    """Whether a cell's output is kept and compared."""
    return GOLDEN in cell.metadata.get("tags", [])


def personal(text):
    """Whether a text holds an e-mail, an order id, a key of an order or a number to call."""
    # Only here: most runs strip notebooks without any output.
    from feedback_analysis.privacy import EMAIL, ORDER_ID
    from feedback_analysis.report.telephones import telephones

    found = EMAIL.search(text) or ORDER_ID.search(text) or ORDER_KEY.search(text)
    return bool(found) or telephones(text, quoted=False) > 0


def tells(cell):
    """Whether a code cell's outputs hold anything personal, in whatever form they are shown."""
    return bool(cell.outputs) and personal(json.dumps(cell.outputs, ensure_ascii=False))


def stripped(notebook):
    """Return a copy of a notebook as it is committed.

    A golden cell keeps its execution count too: without one nbval takes the cell for one that
    was never run and fails it. One whose output holds something personal is stripped like any
    other: such an output is not for keeping.
    """
    notebook = copy.deepcopy(notebook)
    notebook.metadata = nbformat.from_dict(METADATA)
    for cell in notebook.cells:
        if cell.cell_type == "code" and not (is_golden(cell) and not tells(cell)):
            cell.outputs, cell.execution_count = [], None
        # Pictures that were pasted in.
        cell.pop("attachments", None)
        cell.metadata = nbformat.from_dict({k: v for k, v in cell.metadata.items() if k == "tags"})
    return notebook


def as_text(notebook):
    """Return the text of a notebook's file."""
    return nbformat.writes(notebook).rstrip("\n") + "\n"


def main(arguments=None):
    """Strip every notebook of a folder, or only say which are not stripped."""
    parser = argparse.ArgumentParser(description="Take outputs out of notebooks.")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--check", action="store_true", help="change nothing, only look")
    options = parser.parse_args(arguments)
    unclean = []
    for path in sorted(options.folder.glob("*.ipynb")):
        text = as_text(stripped(nbformat.read(path, as_version=4)))
        if text != path.read_text(encoding="utf-8"):
            unclean.append(path)
            if not options.check:
                path.write_text(text, encoding="utf-8", newline="\n")
    for path in unclean:
        print(f"{path}: not stripped, run make strip" if options.check else f"{path}: stripped")
    return 1 if options.check and unclean else 0


if __name__ == "__main__":
    sys.exit(main())
