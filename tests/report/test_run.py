"""Running notebooks: parameters arrive, failures are named, nothing is left behind."""

import json
import os
import sys

import nbformat
import pytest

from feedback_analysis.errors import ReportError
from feedback_analysis.report.run import find_notebooks, run_notebooks
from tests.report.hand_made import write_notebook

GIVEN = {"SHOP": "/shops/mine", "PERIOD": "2026-09"}


def outputs(notebook):
    return [output.text for cell in notebook.cells for output in cell.get("outputs", [])]


def test_notebooks_run_in_order_on_this_python_with_the_parameters(tmp_path):
    code = "import sys, feedback_analysis; print(SHOP, PERIOD); print(sys.executable)"
    paths = [
        write_notebook(tmp_path / "b.ipynb", "print('b')"),
        write_notebook(tmp_path / "a.ipynb", code),
    ]
    seen = []
    second, first = run_notebooks(
        paths, parameters=GIVEN, watch=lambda name, state, seconds: seen.append((name, state))
    )
    assert outputs(second) == ["b\n"]
    assert outputs(first) == [f"/shops/mine 2026-09\n{sys.executable}\n"]
    assert sorted(seen) == [("a", "done"), ("a", "start"), ("b", "done"), ("b", "start")]


def test_what_comes_slowly_is_printed_as_what_comes_at_once(tmp_path):
    """A kernel sends what is printed from time to time, so a busy machine cuts it elsewhere."""
    slow = (
        "import sys, time\nfrom IPython.display import HTML, display\nfor part in 'abc':\n"
        "    print(part, flush=True)\n    time.sleep(0.5)\ndisplay(HTML('<p>'))\nprint('d')"
    )
    (found,) = run_notebooks([write_notebook(tmp_path / "a.ipynb", slow)], parameters=GIVEN)
    kinds = [output.get("text") for cell in found.cells for output in cell.get("outputs", [])]
    assert kinds == ["a\nb\nc\n", None, "d\n"]


def test_each_notebook_is_finished_as_soon_as_it_has_run(tmp_path):
    names = ("a", "b")
    paths = [write_notebook(tmp_path / f"{name}.ipynb", f"print('{name}')") for name in names]
    made = run_notebooks(
        paths, parameters=GIVEN, finish=lambda name, notebook: (name, outputs(notebook))
    )
    assert made == [("a", ["a\n"]), ("b", ["b\n"])]


def test_what_cannot_be_finished_is_told_as_it_is(tmp_path):
    paths = [write_notebook(tmp_path / "a.ipynb", "1"), write_notebook(tmp_path / "b.ipynb", "2")]

    def finish(name, notebook):
        if name == "a":
            raise ReportError("no words", file="a.ipynb", remedy="write some")
        return name

    kept = tmp_path / "failed"
    with pytest.raises(ReportError, match="no words") as caught:
        run_notebooks(paths, parameters=GIVEN, failed=kept, finish=finish)
    # The notebook did not fail, so no copy of it is kept.
    assert caught.value.remedy == "write some"
    assert not kept.exists()


def test_a_failing_cell_is_named_and_the_notebook_kept_for_its_owner(tmp_path):
    path = write_notebook(
        tmp_path / "a.ipynb",
        "## Coverage",
        "print('so far')",
        "## Ratings",
        "raise ValueError('first line\\nthe column is missing')",
    )
    kept = tmp_path / "shop" / ".private" / "failed"
    with pytest.raises(ReportError, match="cell 6") as caught:
        run_notebooks([path], parameters=GIVEN, failed=kept)
    error = caught.value
    assert error.file == "a.ipynb"
    assert error.message == "cell 6, below the heading 'Ratings', failed"
    assert error.found == "ValueError: the column is missing"
    assert "Traceback" not in str(error)
    assert str(kept / "a.ipynb") in error.remedy
    assert "so far" in (kept / "a.ipynb").read_text("utf-8")
    if os.name != "nt":
        assert (kept / "a.ipynb").stat().st_mode & 0o777 == 0o600


def test_a_report_error_inside_a_notebook_is_told_in_full(tmp_path):
    code = (
        "from feedback_analysis.errors import ReportError\n"
        "raise ReportError('the file is empty', file='a.txt', remedy='download it again')"
    )
    path = write_notebook(tmp_path / "a.ipynb", code)
    with pytest.raises(ReportError, match="stopped") as caught:
        run_notebooks([path], parameters=GIVEN)
    assert caught.value.found == "a.txt: the file is empty.\n  What to do: download it again"


def test_a_warning_fails_the_run(tmp_path):
    code = "import warnings; warnings.warn('old way')"
    path = write_notebook(tmp_path / "a.ipynb", "## Sums", code)
    with pytest.raises(ReportError, match="below the heading 'Sums', wrote a warning"):
        run_notebooks([path], parameters=GIVEN)


def test_a_result_that_cannot_be_shown_fails_the_run(tmp_path):
    """IPython prints what a figure's drawing raised, and goes on."""
    code = "class Figure:\n    def _repr_html_(self):\n        raise TypeError('no root')\nFigure()"
    path = write_notebook(tmp_path / "a.ipynb", "## Sums", code)
    with pytest.raises(ReportError, match="below the heading 'Sums', failed") as caught:
        run_notebooks([path], parameters=GIVEN)
    assert caught.value.found == "TypeError: no root"


def test_a_cell_that_takes_too_long_is_stopped(tmp_path):
    path = write_notebook(tmp_path / "a.ipynb", "import time; time.sleep(60)")
    with pytest.raises(ReportError, match="cell 3, below the heading 'Data check', took longer"):
        run_notebooks([path], parameters=GIVEN, timeout=1)


def test_a_kernel_that_dies_is_told(tmp_path):
    path = write_notebook(tmp_path / "a.ipynb", "import os; os._exit(9)")
    with pytest.raises(ReportError, match="ended Python"):
        run_notebooks([path], parameters=GIVEN)


def test_when_one_fails_the_others_are_stopped(tmp_path):
    slow = write_notebook(tmp_path / "a.ipynb", "import time; time.sleep(500)")
    wrong = write_notebook(tmp_path / "b.ipynb", "1 / 0")
    with pytest.raises(ReportError, match="failed") as caught:
        run_notebooks([slow, wrong], parameters=GIVEN, workers=2)
    assert caught.value.file in ("a.ipynb", "b.ipynb")
    assert caught.value.found == "ZeroDivisionError: division by zero"


def test_a_file_that_is_no_notebook_is_refused(tmp_path):
    path = tmp_path / "a.ipynb"
    for content in ("", "not json", json.dumps({"cells": 3})):
        path.write_text(content)
        with pytest.raises(ReportError, match="the notebook cannot be read"):
            run_notebooks([path], parameters={})


def test_the_notebooks_folder_must_be_there_and_hold_some(tmp_path):
    with pytest.raises(ReportError, match="notebooks folder is not there"):
        find_notebooks(tmp_path / "nowhere")
    with pytest.raises(ReportError, match="no notebooks to make the report from"):
        find_notebooks(tmp_path)
    write_notebook(tmp_path / "_template.ipynb")
    with pytest.raises(ReportError, match=r"begin with a number(.|\n)*_template\.ipynb"):
        find_notebooks(tmp_path)
    write_notebook(tmp_path / "20_my_question.ipynb")
    write_notebook(tmp_path / "00_data_check.ipynb")
    found = [path.name for path in find_notebooks(tmp_path)]
    assert found == ["00_data_check.ipynb", "20_my_question.ipynb"]


def test_a_notebook_to_work_in_has_no_page(tmp_path):
    write_notebook(tmp_path / "01_health.ipynb")
    path = write_notebook(tmp_path / "06_explore.ipynb")
    assert len(find_notebooks(tmp_path)) == 2
    made = nbformat.read(path, as_version=4)
    made.cells[0].metadata["tags"] = ["off-page"]
    nbformat.write(made, path)
    assert [path.name for path in find_notebooks(tmp_path)] == ["01_health.ipynb"]


def test_the_projects_own_report_is_made_of_six_notebooks():
    numbers = [path.name[:2] for path in find_notebooks()]
    assert numbers == ["00", "01", "02", "03", "04", "05"]
