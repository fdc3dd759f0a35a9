"""The README promises nothing that is not there: its commands, settings and code work.

Its links are followed by tests/test_docs.py.
"""

import re
import shlex
import subprocess
import sys
import tomllib

import pytest
from typer.testing import CliRunner

from feedback_analysis.settings import (
    Action,
    Cases,
    FileEntry,
    Targets,
    Template,
    Totals,
    load_settings,
)
from tests.project_files import PACKAGE, ROOT, makefile_verbs

README = (ROOT / "README.md").read_text("utf-8")
MESSAGES = {".py", ".toml"}
CONTRIBUTING = (ROOT / "CONTRIBUTING.md").read_text("utf-8")


def blocks(language):
    """Return the fenced blocks of a language, without their indent."""
    found = re.findall(rf"^( *)```{language}\n(.*?)^ *```$", README, re.MULTILINE | re.DOTALL)
    return [re.sub(rf"^{indent}", "", text, flags=re.MULTILINE) for indent, text in found]


def words_after(start):
    """Return what follows a command's name, up to the end of its code."""
    code = "|".join([*re.findall(r"`([^`\n]+)`", README), *README.splitlines()])
    return sorted(set(re.findall(rf"(?:^|\|) *{start} ([^|#`]+)", code)))


COMMANDS = words_after("feedback-analysis") + words_after("python -m feedback_analysis")


@pytest.mark.parametrize("command", COMMANDS)
def test_a_command_of_the_readme_is_one_of_ours(command):
    from feedback_analysis.cli import app

    # --help is obeyed only once every other word of the line has been understood.
    result = CliRunner().invoke(app, [*shlex.split(command), "--help"])
    assert result.exit_code == 0, result.output


def test_the_readme_shows_every_command_of_ours():
    from feedback_analysis.cli import app

    names = {command.name or command.callback.__name__ for command in app.registered_commands}
    assert names == {command.split()[0] for command in COMMANDS}


def test_every_make_verb_that_is_named_exists():
    code = [*re.findall(r"`([^`\n]+)`", README + CONTRIBUTING), *"".join(blocks("sh")).splitlines()]
    lines = [line for line in code if line.startswith("make ")]
    named = [re.match(r"make((?: [a-z][a-z-]*(?= |$))+)", line)[1] for line in lines]
    verbs = {verb for words in named for verb in words.split()}
    assert {"report", "test", "setup", "check-files"} <= verbs
    assert verbs - set(makefile_verbs()) == set()


def test_the_two_commands_stand_on_the_first_screen():
    first = README.split("\n## ")[0]
    assert re.findall(r"^make \w+", first, flags=re.MULTILINE) == ["make report", "make test"]
    assert len(first.splitlines()) <= 30


def test_shop_toml_of_the_readme_is_read(tmp_path):
    example, _ = blocks("toml")
    (tmp_path / "shop.toml").write_text(example, encoding="utf-8")
    settings = load_settings(tmp_path)
    assert (settings.name, settings.marketplaces) == ("My shop", ("US", "UK"))
    assert len(settings.files) == 4
    assert settings.totals[0].positive == 912


def test_shop_toml_of_the_readme_shows_every_setting():
    example, _ = blocks("toml")
    keys = {"name", "marketplaces", "minimum_n", "salt"}
    for table in (FileEntry, Targets, Totals, Cases, Action, Template):
        keys |= set(table.model_fields)
    assert [key for key in sorted(keys) if not re.search(rf"\b{key} =", example)] == []


def test_the_readme_names_tables_elsewhere_as_they_are_read(tmp_path):
    _, example = blocks("toml")
    (tmp_path / "shop.toml").write_text(example, encoding="utf-8")
    data = load_settings(tmp_path).data
    assert sorted(data.sources) == ["feedback", "orders", "returns", "shipments"]
    assert data.columns == {"feedback": {"comment": "feedback_text"}}


def test_the_readme_lists_every_report_that_is_recognised():
    labels = [
        report["label"]
        for path in sorted((PACKAGE / "amazon" / "reports").glob("*.toml"))
        for report in tomllib.loads(path.read_text("utf-8")).get("report", [])
    ]
    assert len(labels) >= 10
    # One row speaks for three business reports: "Business report by child ASIN, by parent ASIN".
    rows = re.findall(r"^\| ([^|]+) \|", README, flags=re.MULTILINE)
    missing = [
        label
        for label in labels
        if not any(all(word in row.split() for word in label.split()) for row in _plain(rows))
    ]
    assert not missing, f"no row in README's table of reports speaks for {', '.join(missing)}"


def test_menus_of_messages_are_those_of_the_readme():
    texts = [path.read_text("utf-8") for path in PACKAGE.rglob("*") if path.suffix in MESSAGES]
    said = {way for text in texts for way in re.findall(r"Seller Central > (\w+ > \w[\w ]*)", text)}
    assert len(said) >= 4
    assert [way for way in sorted(said) if way.strip() not in README] == []


def _plain(rows):
    return [row.replace(",", "") for row in rows]


def test_the_python_of_the_readme_runs():
    (code,) = blocks("python")
    child = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert child.returncode == 0, child.stderr
    assert "positive" in child.stdout
    assert child.stderr == ""


def test_checking_the_sample_shop_works_as_the_readme_says():
    child = subprocess.run(
        [sys.executable, "-m", "feedback_analysis", "check", "data/sample"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert child.returncode == 0, child.stderr
    assert "Seller feedback" in child.stdout
