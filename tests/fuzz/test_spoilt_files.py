"""Whatever is done to a file: a good result that adds up, or one clear error, within bounds.

This is a short run of the same inputs each time; ``benchmarks/fuzz.py`` is the long one. An input
is found again by its kind and number: ``python -m tests.fuzz.bounded feedback 17 1``.
"""

import os

import pytest

from tests.fuzz.bounded import run
from tests.fuzz.kinds import KINDS

INPUTS = int(os.environ.get("SPOILT_EXAMPLES", "25"))
# A whole shop takes ten times as long as a file of it.
FEWER = {"folder": 8}


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


def test_some_spoilt_files_are_read_and_some_are_refused(tried):
    done, _ = tried
    assert all(kind["refused"] for kind in done.values())
    assert sum(kind["good"] for kind in done.values()) > INPUTS
