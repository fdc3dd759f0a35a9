"""Whatever is done to a file: a good result that adds up, or one clear error, within bounds.

This is a short run of the same inputs each time; ``benchmarks/fuzz.py`` is the long one. An input
is found again by its kind and number: ``python -m tests.fuzz.bounded feedback 17 1``.
"""

import os

import pytest

from feedback_analysis.amazon.file import read_file
from feedback_analysis.amazon.report_types import report_types
from feedback_analysis.privacy import OrderKeys
from tests.fuzz import bounded
from tests.fuzz.bounded import run
from tests.fuzz.kinds import CORPUS, KINDS, a_report, facts_of

INPUTS = int(os.environ.get("SPOILT_EXAMPLES", "25"))
# A whole shop takes ten times as long as a file of it, and so does a file in pieces.
FEWER = {"folder": 8, **{name: 8 for name in KINDS if name.endswith("-large")}}


@pytest.fixture(scope="module")
def tried():
    pytest.importorskip("resource", reason="this system has no limits for a process")
    done, faults = run([(name, 1, FEWER.get(name, INPUTS)) for name in KINDS])
    return done, faults


@pytest.mark.parametrize("name", KINDS)
def test_a_spoilt_file_is_read_and_accounted_for_or_refused_within_bounds(name, tried):
    done, faults = tried
    found = [f"{fault['number']}: {fault['what']}" for fault in faults if fault["fault"] == name]
    assert found == []
    assert done[name]["good"] + done[name]["refused"] == FEWER.get(name, INPUTS)


def test_every_report_type_has_a_sound_file_to_be_spoilt():
    folders = {name for kind in KINDS.values() if kind.read is a_report for name in kind.folders}
    sound = [path for name in sorted(folders) for path in sorted((CORPUS / name).iterdir())]
    keys = OrderKeys(b"tests")
    read = {read_file(path, facts_of(0, path.name), keys).report.id for path in sound}
    lacking = sorted(set(report_types()) - read)
    assert not lacking, (
        f"no file of {', '.join(lacking)} is ever spoilt: put a sound one, of invented rows, into "
        "a folder of tests/fuzz/corpus/, and the folder's name into _REPORTS of tests/fuzz/kinds.py"
    )


def test_what_a_child_had_read_before_it_died_counts(monkeypatch):
    asked = []

    def child(left, done, faults, told):
        asked.append([list(part) for part in left])
        if len(asked) == 1:
            tried = {"good": 3, "refused": 2, "fault": 0}
            return {"kind": "asks", "number": 6, "tried": tried}
        last = {"good": 1, "refused": 3, "fault": 0, "seconds": 0.1, "slowest": 8, "memory": 5}
        bounded._add(done, {"done": "asks", **last})
        return None

    monkeypatch.setattr(bounded, "_child", child)
    done, faults = run([("asks", 1, 10)])
    assert asked == [[["asks", 1, 10]], [["asks", 7, 4]]]
    assert (done["asks"]["good"], done["asks"]["refused"], done["asks"]["fault"]) == (4, 5, 1)
    assert [fault["number"] for fault in faults] == [6]


def test_some_spoilt_files_are_read_and_some_are_refused(tried):
    done, _ = tried
    assert all(kind["refused"] for kind in done.values())
    assert sum(kind["good"] for kind in done.values()) > INPUTS
