"""The merge through real files: what a seller writes into a list stays there at every run."""

import pytest

from feedback_analysis.cases import merge as merging
from tests.cases.edited_files import run_sequences

# benchmarks/edited_lists.py runs as many as wanted.
SEQUENCES = {"cases.csv": 12, "cases.xlsx": 6}


@pytest.mark.parametrize("name", SEQUENCES)
def test_no_cell_is_lost_in_edits_and_reruns_of_a_file(tmp_path, name):
    written, lost = run_sequences(tmp_path, name, SEQUENCES[name], seed=5)
    assert lost == []
    assert written > 3 * SEQUENCES[name]


def test_the_sequences_would_see_a_loss(tmp_path, monkeypatch):
    # A merge that takes every differing cell for its own.
    monkeypatch.setattr(merging, "same", lambda *cells: True)
    _, lost = run_sequences(tmp_path, "cases.csv", 3, seed=5)
    assert lost
