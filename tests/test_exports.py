"""Files that a spreadsheet may open: nothing that a buyer wrote becomes a formula in them."""

import ast
import csv
import os
import stat

import pandas as pd
import pytest

from feedback_analysis.causes.audit import audit_shop
from feedback_analysis.causes.corrections import corrections_of
from feedback_analysis.causes.corrections_log import add_correction
from feedback_analysis.causes.files import label_file
from feedback_analysis.causes.taxonomy import own_taxonomy
from tests.project_files import named, package_modules

RISKY = ["=1+1", "+1+1", "-1+cmd", "@SUM(A1)", "\t=1+1", "\r=1+1", "＝1+1", "＠x", "'=1+1"]
# What begins a formula in some spreadsheet.
SIGNS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
WRITERS = {"writer", "DictWriter", "to_csv", "to_excel"}
# `label` gives every cell back as it came; the sample's files are invented.
FAITHFUL = {"feedback_analysis/causes/files.py", "feedback_analysis/purge/downloads.py"}


def test_every_module_that_writes_a_table_makes_its_cells_harmless():
    bare = []
    for path in package_modules():
        tree = ast.parse(path.read_text("utf-8"))
        writes = any(isinstance(n, ast.Attribute) and n.attr in WRITERS for n in ast.walk(tree))
        names = {n.name for n in ast.walk(tree) if isinstance(n, ast.alias | ast.FunctionDef)}
        if writes and "harmless" not in names and "sample" not in path.parts:
            bare.append(named(path))
    assert set(bare) <= FAITHFUL


@pytest.mark.parametrize("comment", RISKY)
def test_the_list_of_an_audit_holds_no_formula_and_is_read_back(tmp_path, comment):
    said = f"{comment} never arrived"
    feedback = pd.DataFrame(
        {"date": pd.Timestamp("2026-10-01"), "marketplace": "US", "rating": 1, "comment": [said]}
    )
    audit_shop(feedback, tmp_path, rows=10, encoder="none")
    path = tmp_path / ".private" / "audit" / "sample.csv"
    with path.open(encoding="utf-8-sig", newline="") as file:
        (row,) = csv.DictReader(file)
    assert not row["comment"].startswith(SIGNS)
    assert row["comment"].endswith("never arrived")
    if os.name != "nt":
        assert stat.S_IMODE(path.stat().st_mode) == 0o600


@pytest.mark.parametrize("comment", RISKY)
def test_a_correction_holds_no_formula_and_still_fits_its_comment(tmp_path, comment):
    path = tmp_path / "corrections.csv"
    said = " ".join(f"{comment} never arrived".split())
    add_correction(path, said, ["never_arrived"])
    with path.open(encoding="utf-8", newline="") as file:
        (row,) = csv.DictReader(file)
    assert not row["comment"].startswith(SIGNS)
    assert list(corrections_of(path, own_taxonomy()).by_comment) == [said]
    if os.name != "nt":
        assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_label_gives_cells_as_they_came_and_says_which_are_formulas(tmp_path):
    source, out = tmp_path / "in.csv", tmp_path / "out.csv"
    with source.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([["comment", "note"], *[[text, "fine"] for text in RISKY]])
    made = label_file(source, out, encoder="none")
    with out.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["comment"] for row in rows] == RISKY
    assert f"{len(RISKY)} cells that came with the file" in made.text
    # What we add are ids and numbers.
    assert not any(row[name].startswith(SIGNS) for row in rows for name in ("questions", "causes"))


def test_label_says_nothing_of_formulas_where_there_are_none(tmp_path):
    (tmp_path / "in.csv").write_text("comment\nlate\n-5\n")
    assert "formula" not in label_file(tmp_path / "in.csv", tmp_path / "o.csv", encoder="none").text
