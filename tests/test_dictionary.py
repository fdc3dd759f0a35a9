"""data/README.md says of every table what tables.py declares, and nothing else."""

import subprocess
import sys

import pandas as pd

from feedback_analysis.dictionary import write_dictionary
from feedback_analysis.tables import SCHEMAS, empty
from tests.project_files import ROOT


def test_the_committed_dictionary_is_what_the_tables_declare():
    committed = (ROOT / "data" / "README.md").read_text("utf-8")
    # Not both texts side by side: what to do would be lost in them.
    assert bool(committed == write_dictionary()), "tables.py changed since: run make dictionary"


def test_every_column_of_every_table_has_a_line_with_its_meaning():
    text = write_dictionary()
    for name, schema in SCHEMAS.items():
        part = text.partition(f"### {name}\n")[2].partition("\n### ")[0]
        assert f"A row is {schema.description}." in part
        rows = [line for line in part.splitlines() if line.startswith("| `")]
        assert [row.split("`")[1] for row in rows] == list(schema.columns)
        assert all(row.count("|") - row.count(r"\|") == 6 for row in rows)


def test_the_type_in_the_dictionary_is_the_type_of_the_table():
    shown = {"text": pd.StringDtype, "number": float, "true or false": bool}
    text = write_dictionary()
    part = text.partition("### orders\n")[2].partition("\n### ")[0]
    kinds = {
        line.split("`")[1]: line.split("|")[2].strip()
        for line in part.splitlines()
        if line.startswith("| `")
    }
    frame = empty("orders")
    assert kinds["purchase_date"] == "day"
    assert isinstance(frame["purchase_date"].dtype, type(pd.Series(dtype="M8[us]").dtype))
    assert kinds["quantity"] == "whole number"
    assert frame["quantity"].dtype == "int64"
    assert kinds["item_price"] == "number"
    assert frame["item_price"].dtype == shown["number"]
    assert kinds["sku"] == "text"
    assert isinstance(frame["sku"].dtype, shown["text"])


def test_missing_is_said_where_a_column_may_be_missing():
    text = write_dictionary()
    assert "| `order_key` | text |  |" in text
    feedback = text.partition("### feedback\n")[2].partition("\n### ")[0]
    lines = {line.split("`")[1]: line for line in feedback.splitlines() if line.startswith("| `")}
    assert lines["order_key"].endswith("| yes |")
    assert lines["date"].endswith("| no |")


def test_the_dictionary_can_be_written_to_a_file(tmp_path):
    target = tmp_path / "README.md"
    command = [sys.executable, "-m", "feedback_analysis.dictionary", str(target)]
    subprocess.run(command, cwd=ROOT, check=True)
    assert target.read_text("utf-8") == write_dictionary()
