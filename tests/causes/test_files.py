"""feedback-analysis label: every row and column as it came, and plain words for what is wrong."""

import csv

import pytest
from typer.testing import CliRunner

from feedback_analysis import cli

OWN = """
[[cause]]
id = "late"
label = "Late"
question = "speed"
words = { en = ["late", "slow", "delay*", "weeks", "waiting"] }
examples = { en = ["It came three weeks late.", "Still waiting for my order."] }
[[cause]]
id = "broken"
label = "Broken"
words = { en = ["broken", "smashed", "cracked", "damaged", "pieces"] }
examples = { en = ["It arrived in pieces.", "The glass was broken."] }
"""


def run(*words):
    return CliRunner().invoke(cli.app, ["label", *map(str, words)])


def table(path):
    content = path.read_bytes()
    assert not content.startswith(b"\xef\xbb\xbf")
    return list(csv.reader(content.decode("utf-8").splitlines(keepends=True)))


@pytest.fixture
def source(tmp_path):
    path = tmp_path / "in.csv"
    rows = [
        ["id", "comment", "note"],
        ["7", "It never arrived", "=1+1"],
        ["3", "", "empty"],
        ["5", 'Said "new",\nwas used & dirty', "é"],
        ["1", "late", ""],
    ]
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        csv.writer(file).writerows(rows)
    return path


def test_rows_and_columns_stay_as_they_came(source, tmp_path):
    out = tmp_path / "out.csv"
    result = run(source, "--out", out)
    assert result.exit_code == 0, result.output
    assert "4 rows labelled" in result.stdout
    rows = table(out)
    assert rows[0] == ["id", "comment", "note", "questions", "causes", "confidence"]
    assert [row[0] for row in rows[1:]] == ["7", "3", "5", "1"]
    assert rows[3][1:3] == ['Said "new",\nwas used & dirty', "é"]
    assert rows[1][2] == "=1+1"
    assert rows[1][3:5] == ["shipping_speed", "never_arrived"]
    assert 0 < float(rows[1][5]) <= 1
    assert rows[2][3:] == ["", "", ""]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["in.csv", "out.csv"]


def test_more_processes_write_the_same_file(source, tmp_path):
    own = tmp_path / "own.toml"
    own.write_text(OWN, encoding="utf-8")
    for workers in (1, 2):
        words = ("--taxonomy", own, "--encoder", "none", "--workers", workers)
        result = run(source, "--out", tmp_path / f"out{workers}.csv", *words)
        assert result.exit_code == 0, result.output
    assert (tmp_path / "out2.csv").read_bytes() == (tmp_path / "out1.csv").read_bytes()
    assert run(source, "--out", tmp_path / "no.csv", "--workers", 0).exit_code == 2


def test_a_taxonomy_of_ones_own(source, tmp_path):
    own, out = tmp_path / "own.toml", tmp_path / "out.csv"
    own.write_text(OWN, encoding="utf-8")
    result = run(source, "--out", out, "--taxonomy", own)
    assert result.exit_code == 0, result.output
    assert "learnt from 3 comments of this file" in result.stdout
    rows = table(out)
    assert rows[4][3:5] == ["speed", "late"]
    assert {each for row in rows[1:] for each in row[4].split(";")} <= {"late", "broken", "", "unclear"}  # fmt: skip  # noqa: E501


def test_corrections_count(source, tmp_path):
    own, said, out = tmp_path / "own.toml", tmp_path / "said.csv", tmp_path / "out.csv"
    own.write_text(OWN, encoding="utf-8")
    said.write_text("comment,causes\nlate,broken\n", encoding="utf-8")
    result = run(source, "--out", out, "--taxonomy", own, "--corrections", said)
    assert result.exit_code == 0, result.output
    assert table(out)[4][3:] == ["", "broken", "1.0000"]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "the file is empty"),
        (b"id,Comments\n1,late\n", "Did you mean 'Comments'"),
        (b"id,coment\n1,late\n", "Did you mean 'coment'"),
        (b"comment,causes\nlate,x\n", "there is a column 'causes' already"),
        (b"comment,comment\nlate,x\n", "two columns 'comment'"),
        (b"id,comment\n1,late,very\n", "as many fields"),
        (b"id,comment\n1,sp\xe4t\n", "neither UTF-8 nor UTF-16"),
    ],
)
def test_what_is_wrong_is_told(tmp_path, content, said):
    path, out = tmp_path / "in.csv", tmp_path / "out.csv"
    path.write_bytes(content)
    result = run(path, "--out", out)
    assert result.exit_code == 1
    assert said in result.stderr
    assert "in.csv" in result.stderr
    assert not out.exists()
    assert "Traceback" not in result.output


def test_missing_files_are_told(tmp_path, source):
    result = run(tmp_path / "nothing.csv", "--out", tmp_path / "out.csv")
    assert (result.exit_code, "there is no such file" in result.stderr) == (1, True)
    assert run(tmp_path, "--out", tmp_path / "out.csv").exit_code == 1
    assert run(source, "--out", tmp_path).exit_code == 1
    assert run(source, "--out", tmp_path / "no" / "out.csv").exit_code == 1
    assert run(source).exit_code == 2


def test_other_forms_of_csv(tmp_path):
    path, out = tmp_path / "in.csv", tmp_path / "out.csv"
    path.write_text("id;comment\n1;zu spät, und kaputt\n", encoding="utf-16")
    result = run(path, "--out", out)
    assert result.exit_code == 0, result.output
    assert out.read_text("utf-8").startswith(
        "id;comment;questions;causes;confidence\n1;zu spät, und kaputt;"
    )
