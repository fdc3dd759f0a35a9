"""``report --quotes none``: no buyer's words on any page, and the gate makes sure of it."""

import json

import pytest
from typer.testing import CliRunner

from feedback_analysis import cli
from feedback_analysis.errors import ReportError
from feedback_analysis.quotes import LEFT_OUT
from feedback_analysis.report.build import build_report
from tests.report.hand_made import write_notebook

SAID = "the green kettle whistled off key from the very first morning"
HEADER = "Date\tRating\tComments\tYour Response\tOrder ID\tRater Email\n"
READS = "import feedback_analysis as fa\nfrom feedback_analysis import charts\n"
SHOWS = f"{READS}charts.table_of(fa.read_folder(SHOP).feedback[['date', 'comment']])"
PRINTS = f"{READS}print(fa.read_folder(SHOP).feedback['comment'].to_list())"


@pytest.fixture
def seller(tmp_path, monkeypatch):
    folder = tmp_path / "my shop" / "amazon" / "US"
    folder.mkdir(parents=True)
    rows = [f"10/{day}/26\t5\tall fine {day}\t\t000-0000001-00000{day}\t" for day in range(10, 22)]
    rows += [f"10/{day}/26\t4\t{SAID}\t\t000-0000002-00000{day}\t" for day in range(22, 32)]
    (folder / "feedback.txt").write_text(HEADER + "\n".join(rows) + "\n")
    write_notebook(tmp_path / "notebooks" / "00_all.ipynb", "## Comments", SHOWS)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def build(**options):
    index = build_report("my shop", notebooks="notebooks", progress=False, **options)
    return {path.name: path.read_text("utf-8") for path in index.parent.iterdir()}


def test_quotes_are_shown_or_left_out_with_a_sentence(seller):
    masked, none = build(), build(quotes="none")
    assert SAID in masked["00_all.html"]
    assert SAID in masked["report.html"]
    assert LEFT_OUT not in masked["00_all.html"]
    assert "shown, masked" in masked["index.html"]
    for name, text in none.items():
        assert "kettle" not in text, name
    assert LEFT_OUT in none["00_all.html"]
    assert "<dt>Quotes</dt><dd>left out</dd>" in none["index.html"]
    assert (
        json.loads(none["key_figures.json"])["figures"]
        == (json.loads(masked["key_figures.json"])["figures"])
    )


def test_a_notebook_that_prints_comments_all_the_same_is_stopped(seller):
    good = build(quotes="none")
    write_notebook(seller / "notebooks" / "01_mine.ipynb", "## My own", PRINTS)
    with pytest.raises(ReportError, match="would show quotes") as caught:
        build(quotes="none")
    assert "01_mine.html, below 'My own': quotes" in str(caught.value)
    assert "kettle" not in str(caught.value)
    folder = seller / "reports" / "my shop" / "2026-10"
    assert {path.name: path.read_text("utf-8") for path in folder.iterdir()} == good
    # Masked, the same page may be shared.
    assert SAID in build()["01_mine.html"]


def test_the_command_line_knows_two_ways(seller):
    done = CliRunner().invoke(cli.app, ["report", "my shop", "--quotes", "some"])
    assert done.exit_code == 2
    assert "masked or none" in done.output
    with pytest.raises(ReportError, match="Did you mean 'masked'"):
        build(quotes="mask")
