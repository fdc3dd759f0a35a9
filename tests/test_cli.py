"""The command line: clear words, right exit codes, no traceback, no control characters."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

import feedback_analysis
from feedback_analysis import cli
from feedback_analysis.errors import ReportError
from tests.project_files import ROOT

HEADER = "Date\tRating\tComments\tYour Response\tOrder ID\tRater Email\n"


@pytest.fixture
def seller(tmp_path, monkeypatch):
    """A seller's folder with one small feedback file; also the current folder."""
    folder = tmp_path / "shop" / "amazon" / "US"
    folder.mkdir(parents=True)
    rows = "10/14/26\t1\tlate\t\t000-0000001-0000001\t\n10/15/26\t3\tmeh\t\t000-0000001-0000002\t\n"
    (folder / "feedback.txt").write_text(HEADER + rows)
    (tmp_path / "shop" / "shop.toml").write_text('[shop]\nname = "Tiny"\n')
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("COLUMNS", raising=False)
    return tmp_path


def run(*words):
    return CliRunner().invoke(cli.app, list(words))


def child(*words, **options):
    """Run the command line in a process of its own."""
    return subprocess.run(
        [sys.executable, "-m", "feedback_analysis", *words],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        **options,
    )


def test_the_version_is_told():
    result = run("--version")
    assert (result.exit_code, result.stdout) == (
        0,
        f"feedback_analysis {feedback_analysis.__version__}\n",
    )


def test_check_shows_files_rows_and_what_is_missing(seller):
    result = run("check", "shop")
    assert result.exit_code == 0, result.output
    assert "Seller feedback, US" in result.stdout
    assert "no totals for US" in result.stdout
    assert "1 file: 2 rows read = 2 kept + 0 set aside." in result.stdout
    assert result.stderr == ""


def test_check_lists_every_file_that_cannot_be_used_and_fails(seller):
    for name in ("a.txt", "b.txt"):
        (seller / "shop" / "amazon" / name).write_bytes(b"")
    result = run("check", "shop")
    assert result.exit_code == 1
    assert "2 files cannot be used" in result.stdout
    assert "a.txt" in result.stderr
    assert "b.txt" in result.stderr
    assert "Seller feedback, US" in result.stdout


def test_a_narrow_terminal_keeps_names_and_counts(seller, monkeypatch):
    monkeypatch.setenv("COLUMNS", "80")
    result = run("check", "shop")
    assert "feedback.txt" in result.stdout
    assert max(map(len, result.stdout.splitlines())) <= 80


@pytest.mark.parametrize("columns", ["0", "1", "40", "71"])
def test_a_terminal_without_room_for_columns_gets_lines(seller, monkeypatch, columns):
    monkeypatch.setenv("COLUMNS", columns)
    result = run("check", "shop")
    whole = " ".join(result.stdout.split())
    assert "feedback.txt 2 0" in whole or "feedback.txt Seller feedback, US" in whole
    assert "Seller feedback, US" in whole
    assert "2 rows read = 2 kept + 0 set aside" in whole
    assert "What it costs" in whole
    if columns == "40":
        assert max(map(len, result.stdout.split("1 file:")[0].splitlines())) <= 40


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no file that is always full")
@pytest.mark.parametrize("words", [["--help"], ["--version"], ["check", "shop"], ["check", "-h"]])
def test_output_that_cannot_be_written_ends_in_words(seller, words):
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    # With it nothing is left to be written at the end.
    environment.pop("PYTHONUNBUFFERED", None)
    command = [sys.executable, "-m", "feedback_analysis", *words]
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            command, stdout=full, stderr=subprocess.PIPE, text=True, env=environment, check=False
        )
    assert (done.returncode, "No space left" in done.stderr) == (1, True)
    assert "Traceback" not in done.stderr
    assert "Exception ignored" not in done.stderr
    closed = ["/bin/sh", "-c", 'exec "$@" >&-', "sh", *command]
    done = subprocess.run(closed, stderr=subprocess.PIPE, text=True, env=environment, check=False)
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.skipif(sys.platform == "win32", reason="Windows allows no such file name")
def test_a_file_name_cannot_steer_the_terminal(seller):
    source = seller / "shop" / "amazon" / "US" / "feedback.txt"
    source.rename(source.with_name("\x1b[31mred\x07\u202etxt.txt"))
    (source.parent / "\x1b[2J.txt").write_bytes(b"")
    result = run("check", "shop")
    assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f\u202e]", result.stdout + result.stderr)


def test_a_folder_that_is_no_shop_is_told_without_a_traceback(seller):
    for command in ("check", "report"):
        result = run(command, "nowhere")
        assert result.exit_code == 1
        assert result.stderr.startswith("nowhere: there is no such folder.") or (
            "there is no such folder" in result.stderr
        )
        assert result.stdout == ""


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("shop/amazon", r"name the folder above it: \S*shop$"),
        ("shop/shop.toml", r"name the folder that it lies in: \S*shop$"),
    ],
)
def test_a_part_of_a_shop_leads_to_the_shop(seller, name, words):
    for command in ("check", "report"):
        result = run(command, name)
        assert result.exit_code == 1
        assert re.search(words, result.stderr, re.MULTILINE)


def test_a_wrong_period_is_told(seller):
    result = run("report", "shop", "--period", "2026-13")
    assert result.exit_code == 1
    assert "a month such as 2026-10 or a week such as 2026-W42" in result.stderr


@pytest.mark.parametrize(
    "words",
    [
        ["report", "--workers", "0"],
        ["report", "--month", "2026-10"],
        ["nonsense"],
        ["sample"],
        ["sample", "new", "--only", "feedbck"],
        ["sample", "new", "--scale", "0.01"],
        ["sample", "new", "--scale", "nan"],
        ["sample", "new", "--seed", "-1"],
    ],
)
def test_wrong_usage_exits_with_2(seller, words):
    result = run(*words)
    assert result.exit_code == 2
    assert not Path("new").exists()


def test_a_misspelt_kind_gets_a_suggestion(seller):
    assert "Did you mean 'feedback'?" in run("sample", "new", "--only", "feedbck").stderr


def test_a_sample_is_written_into_a_new_folder_only(seller):
    (seller / "own").mkdir()
    (seller / "own" / "thesis.txt").write_text("mine")
    result = run("sample", "own")
    assert result.exit_code == 1
    assert "choose a new folder" in result.stderr
    result = run("sample", "new", "--scale", "0.05", "--only", "feedback,cases")
    assert (result.exit_code, result.stdout) == (0, "Sample shop: new\n"), result.stderr
    assert any((seller / "new" / "amazon").rglob("*eedback*"))


def test_report_prints_where_it_is(seller, monkeypatch):
    def build(shop, **options):
        assert (shop, options["period"], options["workers"]) == (Path("shop"), "2026-10", 1)
        return seller / "reports" / "shop" / "2026-10" / "index.html"

    monkeypatch.setattr("feedback_analysis.report.build_report", build)
    result = run("report", "shop", "--period", "2026-10", "--workers", "1")
    assert result.exit_code == 0, result.output
    place = Path("reports", "shop", "2026-10")
    assert str(place / "index.html") in result.stdout
    assert str(place / "report.html") in result.stdout


def test_a_pdf_without_a_browser_is_told_before_the_work(seller, monkeypatch):
    monkeypatch.setenv("PATH", "")
    result = run("report", "shop", "--pdf")
    assert result.exit_code == 1
    assert "no browser that can print to PDF" in result.stderr


@pytest.mark.parametrize(
    ("error", "code", "words"),
    [
        (ReportError("it is empty", file="a.txt"), 1, "a.txt: it is empty.\n"),
        (PermissionError(13, "Permission denied", "a.txt"), 1, "a.txt: Permission denied\n"),
        (
            OSError(28, "No space left on device"),
            1,
            "No space left on device\n  What to do: make room",
        ),
        (MemoryError(), 1, "The memory of this computer"),
        (KeyboardInterrupt(), 130, "Interrupted"),
    ],
)
def test_whatever_a_user_can_cause_ends_in_words(seller, monkeypatch, error, code, words):
    def fail(folder):
        raise error

    monkeypatch.setattr("feedback_analysis.amazon.folder.inspect_folder", fail)
    result = run("check", "shop")
    assert result.exit_code == code
    assert result.stderr.startswith(words)


def test_an_interrupt_while_a_part_is_loaded_is_an_interrupt(seller, monkeypatch):
    def fail(*_arguments, **_named):
        raise ImportError("initialization failed") from KeyboardInterrupt()

    monkeypatch.setattr("feedback_analysis.amazon.folder.inspect_folder", fail)
    result = run("check", "shop")
    assert (result.exit_code, result.stderr.split(";")[0]) == (130, "Interrupted")
    monkeypatch.setattr("feedback_analysis.cli_purge.purge_and_tell", fail)
    result = run("purge", "shop", "--before", "2026-01-01")
    assert result.exit_code == 130
    assert "the same command removes the rest" in result.stderr


def test_the_default_shop_is_the_sample_here_or_in_the_checkout(seller):
    assert cli.shop_folder(Path("mine")) == Path("mine")
    assert cli.shop_folder(None) == ROOT / "data" / "sample"
    (seller / "data" / "sample").mkdir(parents=True)
    assert cli.shop_folder(None) == Path("data/sample")


def test_it_works_as_a_module_and_for_a_reader_that_goes_away(seller):
    result = child("check", "shop", cwd=seller)
    assert result.returncode == 0, result.stderr
    assert "2 rows read" in result.stdout
    result = child("check", "nowhere", cwd=seller)
    assert (result.returncode, "Traceback" in result.stderr) == (1, False)


def test_cases_are_listed_with_their_order_ids_and_a_rerun_keeps_what_was_written(seller):
    result = run("cases", "shop", "--out", "list.csv")
    assert result.exit_code == 0, result.output
    assert "2 cases, 2 of them new here, counted on 15 October 2026." in result.stdout
    assert result.stderr == ""
    path = seller / "list.csv"
    text = path.read_text("utf-8-sig")
    assert "000-0000001-0000001" in text
    assert "000-0000001-0000001" not in result.output
    path.write_text(text.replace(",,,,,,,,,", ",Kim,,,,,,,,", 1), "utf-8")
    again = run("cases", "shop", "--out", "list.csv", "--today", "2026-10-20")
    assert again.exit_code == 0, again.output
    assert "2 cases, 0 of them new here, counted on 20 October 2026." in again.stdout
    assert ",Kim," in path.read_text("utf-8-sig")


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        ((), 2, "--out cases.xlsx"),
        (("--out", "a.ods"), 1, "a name ending in .xlsx or .csv"),
        (("--out", "a.csv", "--today", "soon"), 2, "a day such as 2026-10-31"),
        (("--out", "a.csv", "--today", "0001-01-01"), 2, "a day such as 2026-10-31"),
        (("--out", "nowhere/a.csv"), 1, "no such folder"),
    ],
)
def test_a_list_of_cases_that_cannot_be_written_is_said(seller, words, code, said):
    result = run("cases", "shop", *words)
    assert result.exit_code == code
    assert said in " ".join(result.stderr.replace("│", " ").split())
    assert "Traceback" not in result.output
