"""Every notebook keeps to the conventions, and the conventions notice one that does not."""

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from scripts.strip_notebooks import GOLDEN, METADATA, as_text, main, stripped
from tests.notebooks.conventions import faults
from tests.project_files import ROOT

NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))


@pytest.mark.parametrize("path", NOTEBOOKS, ids=[path.stem for path in NOTEBOOKS])
def test_a_notebook_keeps_to_the_conventions(path):
    assert faults(nbformat.read(path, as_version=4)) == []


def test_the_notebook_to_explore_with_and_the_template_are_among_them():
    names = [path.stem for path in NOTEBOOKS]
    assert len(names) >= 8
    assert {"_template", "00_data_check", "06_explore"} <= set(names)


@pytest.mark.parametrize("path", NOTEBOOKS, ids=[path.stem for path in NOTEBOOKS])
def test_the_shop_and_the_period_are_set_in_the_first_cell_with_code(path):
    code = next(
        cell for cell in nbformat.read(path, as_version=4).cells if cell.cell_type == "code"
    )
    assert code.source == 'SHOP = "../data/sample"\nPERIOD = "2026-10"'


def parameters(source='SHOP = "../data/sample"\nPERIOD = None'):
    return new_code_cell(source, metadata={"tags": ["parameters"]})


def golden(outputs, count=1):
    return new_code_cell(
        "print(1)", metadata={"tags": [GOLDEN]}, outputs=outputs, execution_count=count
    )


def notebook(*cells, first="# Ratings\n\nHow good they are.", second=None, last="What to do next"):
    """Return a notebook that keeps to the conventions, but for what a test puts into it."""
    end = new_markdown_cell(f"## {last}\n\nRead the comments.")
    front = [new_markdown_cell(first), parameters() if second is None else second]
    return new_notebook(cells=[*front, *cells, end], metadata=METADATA)


def said(text="The share is 90 %."):
    return new_markdown_cell(text)


def printed(text):
    return new_output("stream", name="stdout", text=f"{text}\n")


PRINTED = printed("1")


def test_a_notebook_that_keeps_to_all_has_no_fault():
    figure = new_code_cell("charts.rating(rating)")
    assert faults(notebook(said(), figure, said("As a check:"), golden([PRINTED]))) == []


@pytest.mark.parametrize(
    ("wrong", "fault"),
    [
        (notebook(first="## Ratings\n\nHow good."), "exactly one # title"),
        (notebook(said("# Another title\n\nText.")), "exactly one # title"),
        (notebook(first="Text first.\n\n# Ratings\n\nText."), "stands in the first cell"),
        (notebook(last="Notes"), "the last section is"),
        (notebook(second=new_code_cell("x = 1")), "tagged parameters, got []"),
        (notebook(said(), parameters()), "tagged parameters, got [2, 4]"),
        (notebook(second=parameters("DAY = date.today()")), "got DAY = date.today()"),
        (notebook(second=parameters("import os")), "got import os"),
        (notebook(said(), new_code_cell("x = 1\n" * 9)), "cell 4: 9 lines of code"),
        (notebook(said(), new_code_cell("rating.table;")), "cell 4: a trailing ;"),
        (notebook(new_code_cell("rating.table")), "cell 3: a sentence stands right before"),
        (notebook(said("## Heading"), new_code_cell("1")), "a sentence stands right before"),
        (notebook(said(), new_code_cell("1"), new_code_cell("2")), "cell 5: a sentence"),
        (notebook(said(), new_code_cell("def f():\n    pass")), "'f' belongs in the package"),
        (notebook(said(), new_code_cell("for x in y:\n    z.append(x)")), "a loop that builds"),
        (notebook(said(), new_code_cell('read("/data/a.csv")')), "an absolute path: /data/a.csv"),
        (notebook(said(), new_code_cell('read("C:/a.csv")')), "an absolute path: C:/a.csv"),
        (notebook(said(), new_code_cell("1", outputs=[PRINTED])), "not stripped"),
        (notebook(said(), golden([])), "keeps its output"),
        (notebook(said(), golden([PRINTED], count=None)), "keeps its output and its number"),
        (notebook(said(), golden([printed("jo@example.com")])), "personal data in its output"),
        (notebook(said(), golden([printed("000-1234567-1234567")])), "personal data in its output"),
        (notebook(said(), golden([printed("o0123456789abcdef")])), "personal data in its output"),
        (notebook(said(), golden([printed("call 07700 900123")])), "personal data in its output"),
        (notebook(said("Jo wrote, jo@example.com.")), "personal data in what is written"),
        (
            notebook(said(), golden([new_output("display_data", {"text/plain": "x"})])),
            "prints what is compared",
        ),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_notebook_that_does_not_keep_to_them_is_named(wrong, fault):
    assert any(fault in text for text in faults(wrong)), faults(wrong)


def test_a_heading_in_fenced_code_is_no_title():
    assert faults(notebook(said("An example:\n\n```\n# Not a title\n```\n\nThat was it."))) == []


def test_strip_keeps_golden_output_and_tags_only():
    cell = golden([PRINTED], count=7)
    cell.metadata["collapsed"] = True
    loud = new_code_cell("1", outputs=[PRINTED], execution_count=8)
    clean = stripped(notebook(said(), loud, said(), cell))
    assert (clean.cells[3].outputs, clean.cells[3].execution_count) == ([], None)
    assert (clean.cells[5].outputs, clean.cells[5].execution_count) == ([PRINTED], 7)
    assert clean.cells[5].metadata == {"tags": [GOLDEN]}
    assert loud.outputs == [PRINTED]


def test_strip_takes_out_a_golden_output_with_personal_data_and_pasted_pictures():
    leaky = golden([printed("000-1234567-1234567 was late")], count=7)
    words = said()
    words["attachments"] = {"a.png": {"image/png": "AAAA"}}
    clean = stripped(notebook(words, leaky))
    assert (clean.cells[3].outputs, clean.cells[3].execution_count) == ([], None)
    assert "attachments" not in clean.cells[2]
    numbers = golden([printed("365 days  4300  0.952  0.945\n2026-10-31  1234  1234567")], count=7)
    assert stripped(notebook(said(), numbers)).cells[3].outputs == numbers.outputs


def test_strip_checks_without_changing_and_then_changes(tmp_path, capsys):
    path = tmp_path / "01_ratings.ipynb"
    loud = notebook(said(), new_code_cell("1", outputs=[PRINTED], execution_count=8))
    path.write_text(as_text(loud), encoding="utf-8")
    assert main([str(tmp_path), "--check"]) == 1
    assert "01_ratings.ipynb: not stripped" in capsys.readouterr().out
    assert path.read_text("utf-8") == as_text(loud)
    assert main([str(tmp_path)]) == 0
    assert main([str(tmp_path), "--check"]) == 0
    assert nbformat.read(path, as_version=4).cells[3].outputs == []
