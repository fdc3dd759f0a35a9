"""Kernels on copies of this process: the same results, a fresh start elsewhere, no traces."""

import os
import signal
import subprocess
import sys
import threading
import time
import types
import warnings

import pytest

from feedback_analysis.errors import ReportError
from feedback_analysis.report import forked
from feedback_analysis.report.run import run_notebooks
from tests.project_files import ROOT
from tests.report.hand_made import write_notebook

GIVEN = {"SHOP": "/shops/mine", "PERIOD": "2026-09"}
# Only a copy holds a module that was made here.
HERE = "made_in_the_original"
IS_COPY = f"import sys; print('{HERE}' in sys.modules)"

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="copies are made on Linux only")


@pytest.fixture
def original(monkeypatch):
    monkeypatch.delenv(forked.VARIABLE, raising=False)
    monkeypatch.setitem(sys.modules, HERE, types.ModuleType(HERE))
    if not forked._is_safe():
        pytest.skip(f"no copies of the test runner: {threading.enumerate()}")


def outputs(notebook):
    return [output.text for cell in notebook.cells for output in cell.get("outputs", [])]


def is_gone(pid):
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return True
    with open(f"/proc/{pid}/stat", encoding="utf-8") as file:
        return file.read().rpartition(")")[2].split()[0] == "Z"


def run(paths, made, **options):
    return run_notebooks(paths, parameters=GIVEN, copies=made, **options)


def test_notebooks_run_on_copies_with_their_own_environment_and_folder(
    original, tmp_path, monkeypatch
):
    monkeypatch.setenv("ONLY_AT_FIRST", "told")
    code = (
        f"{IS_COPY}\nimport os, matplotlib\n"
        "print(SHOP, os.environ['TOLD'], os.environ['ONLY_AT_FIRST'], os.getcwd())\n"
        "print(os.environ['MPLBACKEND'], matplotlib.get_backend().lower(), sys.argv[0])"
    )
    paths = [write_notebook(tmp_path / f"{name}.ipynb", code) for name in "ab"]
    with forked.copies(len(paths)) as made:
        pids = [copy.pid for copy in made._waiting]
        found = run(paths, made, environment={"TOLD": "yes"}, workers=2)
    expected = f"True\n/shops/mine yes told {tmp_path}\nAgg agg ipykernel_launcher\n"
    assert [outputs(notebook) for notebook in found] == [[expected], [expected]]
    assert len(pids) == 2
    assert all(map(is_gone, pids))


def test_more_notebooks_than_copies_start_as_always(original, tmp_path):
    paths = [write_notebook(tmp_path / f"{name}.ipynb", IS_COPY) for name in "ab"]
    with forked.copies(1) as made:
        found = run(paths, made, workers=1)
    assert sorted(outputs(each) for each in found) == [["False\n"], ["True\n"]]


def test_copies_that_are_gone_are_passed_over(original, tmp_path):
    path = write_notebook(tmp_path / "a.ipynb", IS_COPY)
    with forked.copies(2) as made:
        for copy in made._waiting:
            os.kill(copy.pid, signal.SIGKILL)
            os.waitid(os.P_PID, copy.pid, os.WEXITED | os.WNOWAIT)
        (found,) = run([path], made)
    assert outputs(found) == ["False\n"]


def test_a_copy_that_cannot_become_a_kernel_is_replaced(original, tmp_path, monkeypatch):
    monkeypatch.setattr(forked, "_run_kernel", lambda _command: os._exit(3))
    path = write_notebook(tmp_path / "a.ipynb", IS_COPY)
    with forked.copies(1) as made:
        (found,) = run([path], made)
    assert outputs(found) == ["False\n"]


def test_a_copy_that_dies_at_work_is_told(original, tmp_path):
    path = write_notebook(tmp_path / "a.ipynb", "import os; os._exit(9)")
    with forked.copies(1) as made, pytest.raises(ReportError, match="ended Python"):
        run([path], made)


def test_when_one_fails_the_other_copies_end(original, tmp_path):
    slow = write_notebook(tmp_path / "a.ipynb", "import time; time.sleep(500)")
    wrong = write_notebook(tmp_path / "b.ipynb", "1 / 0")
    with forked.copies(3) as made:
        pids = [copy.pid for copy in made._waiting]
        with pytest.raises(ReportError, match="failed") as caught:
            run([slow, wrong], made, workers=2)
    assert caught.value.found == "ZeroDivisionError: division by zero"
    assert all(map(is_gone, pids))


def test_a_warning_that_the_original_heard_is_heard_again(original, tmp_path):
    code = "import tests.report.warner as warner; warner.warn()"
    path = write_notebook(tmp_path / "a.ipynb", "## Sums", code)
    module = types.ModuleType("tests.report.warner")
    exec("import warnings\ndef warn(): warnings.warn('old way', stacklevel=1)", vars(module))
    sys.modules[module.__name__] = module
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("default")
            module.warn()
            with forked.copies(1) as made, pytest.raises(ReportError, match="wrote a warning"):
                run([path], made)
    finally:
        del sys.modules[module.__name__]


def test_threads_of_libraries_are_not_waited_for(original, tmp_path):
    code = (
        "import numpy as np\nfrom sklearn.cluster import KMeans\n"
        "points = np.random.default_rng(0).normal(size=(3000, 4))\n"
        "made = KMeans(3, n_init=1, random_state=0).fit(points)\n"
    )
    exec(code, {})
    path = write_notebook(tmp_path / "a.ipynb", code + "print(made.n_features_in_)")
    with forked.copies(1) as made:
        (found,) = run([path], made, timeout=60)
    assert outputs(found) == ["4\n"]


def test_no_copies_where_there_are_threads_or_where_they_are_switched_off(original, monkeypatch):
    over = threading.Event()
    thread = threading.Thread(target=over.wait)
    thread.start()
    try:
        with forked.copies(1) as made:
            assert made is None
    finally:
        over.set()
        thread.join()
    monkeypatch.setenv(forked.VARIABLE, "0")
    with forked.copies(1) as made:
        assert made is None


def test_no_copy_outlives_an_original_that_is_killed():
    code = (
        "from feedback_analysis.report.forked import Copies\nimport time\n"
        "print(*[copy.pid for copy in Copies(3)._waiting], flush=True); time.sleep(60)"
    )
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    child = subprocess.Popen(
        [sys.executable, "-c", code], stdout=subprocess.PIPE, env=environment, text=True
    )
    pids = [int(each) for each in child.stdout.readline().split()]
    assert len(pids) == 3
    assert not any(map(is_gone, pids))
    child.kill()
    child.wait()
    child.stdout.close()
    end = time.monotonic() + 30
    while not all(map(is_gone, pids)) and time.monotonic() < end:
        time.sleep(0.05)
    assert all(map(is_gone, pids))
