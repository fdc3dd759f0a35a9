"""What a notebook of this project looks like, as a list of what is wrong with one."""

import ast
import re

import nbformat

from scripts.strip_notebooks import as_text, is_golden, personal, stripped, tells

LAST_SECTION = "What to do next"
MOST_LINES = 8
# A path that begins at a root: only its owner has it.
ABSOLUTE = re.compile(r"/[\w.]|~/|[A-Za-z]:[\\/]")


def faults(notebook):
    """Return a sentence for everything that a notebook does not keep to."""
    found = [*_as_a_whole(notebook), *_parameters(notebook)]
    for number, cell in enumerate(notebook.cells, 1):
        if personal(cell.source):
            found.append(f"cell {number}: personal data in what is written")
        if cell.cell_type == "code" and tells(cell):
            found.append(f"cell {number}: personal data in its output: run make strip")
        if cell.cell_type == "code":
            before = notebook.cells[number - 2] if number > 1 else None
            found += [f"cell {number}: {fault}" for fault in _code_cell(cell, before)]
    return found


def headings(notebook):
    """Return (level, text) for every heading, those in fenced code left out."""
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            prose = re.sub(r"^```.*?^```", "", cell.source, flags=re.MULTILINE | re.DOTALL)
            for marks, text in re.findall(r"^(#+)\s+(.+?)\s*$", prose, flags=re.MULTILINE):
                yield len(marks), text


def is_parameters(cell):
    """Whether a cell holds the values that a run may change."""
    return "parameters" in cell.metadata.get("tags", [])


def _as_a_whole(notebook):
    try:
        nbformat.validate(notebook)
    except nbformat.ValidationError as error:
        yield f"not a notebook: {error.message}"
    titles = list(headings(notebook))
    if sum(level == 1 for level, _ in titles) != 1 or titles[0][0] != 1:
        yield "it needs exactly one # title, and that first"
    elif not notebook.cells[0].source.startswith("# "):
        yield "the title stands in the first cell"
    if not titles or titles[-1][1] != LAST_SECTION:
        yield f"the last section is '{LAST_SECTION}'"
    if as_text(notebook) != as_text(stripped(notebook)):
        yield "it is not stripped: run make strip"


def _parameters(notebook):
    tagged = [number for number, cell in enumerate(notebook.cells, 1) if is_parameters(cell)]
    if tagged != [2]:
        yield f"the second cell, and no other, is tagged parameters, got {tagged}"
        return
    for line in ast.parse(notebook.cells[1].source).body:
        is_name = isinstance(line, ast.Assign) and len(line.targets) == 1
        if not (is_name and isinstance(line.targets[0], ast.Name) and _is_literal(line.value)):
            yield f"cell 2: a parameter is NAME = literal, got {ast.unparse(line)}"


def _is_literal(node):
    try:
        ast.literal_eval(node)
    except ValueError:
        return False
    return True


def _code_cell(cell, before):
    lines = cell.source.splitlines()
    if len(lines) > MOST_LINES:
        yield f"{len(lines)} lines of code, at most {MOST_LINES}"
    # nbval shows the output all the same, and then misses it in the kept one.
    if any(line.rstrip().endswith(";") for line in lines):
        yield "a trailing ; hides nothing"
    if not is_parameters(cell) and not _is_sentence(before):
        yield "a sentence stands right before a computation"
    if is_golden(cell):
        yield from _golden(cell)
    yield from _logic(cell.source)


def _is_sentence(cell):
    if cell is None or cell.cell_type != "markdown":
        return False
    last = cell.source.rstrip().splitlines()[-1:]
    return bool(last) and not last[0].startswith("#") and last[0].rstrip("*_`) ")[-1:] in ".:!?"


def _golden(cell):
    if not cell.outputs or cell.execution_count is None:
        yield "a golden cell keeps its output and its number: run the notebook, then make strip"
    if any(output.output_type != "stream" for output in cell.outputs):
        yield "a golden cell prints what is compared, and shows nothing else"


def _logic(source):
    for node in ast.walk(ast.parse(source)):
        match node:
            case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
                yield f"'{node.name}' belongs in the package, not in a notebook"
            case ast.For() | ast.While() if _builds(node):
                yield "a loop that builds something belongs in the package"
            case ast.Constant(value=str() as text) if ABSOLUTE.match(text):
                yield f"an absolute path: {text}"


def _builds(loop):
    return any(
        (isinstance(node, ast.Attribute) and node.attr in {"append", "concat", "extend", "update"})
        or (isinstance(node, ast.Subscript) and isinstance(node.ctx, ast.Store))
        for node in ast.walk(loop)
    )
