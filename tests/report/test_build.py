"""A whole report, from a folder of files to pages, and what happens when something fails."""

import json
import re
import shutil

import pytest

from feedback_analysis.errors import ReportError
from feedback_analysis.periods import Period
from feedback_analysis.report.archive import write_archive
from feedback_analysis.report.build import build_report, default_period
from tests.project_files import ROOT
from tests.report.hand_made import write_notebook

HEADER = "Date\tRating\tComments\tYour Response\tOrder ID\tRater Email\n"
READS = "import feedback_analysis as fa\nshop = fa.read_folder(SHOP)\nprint(len(shop.feedback))"


@pytest.fixture
def seller(tmp_path, monkeypatch):
    """A seller's folder with one feedback file over two months, and a notebook."""
    rows = [
        f"{month}/{day}/26\t{stars}\tfine\t\t000-00000{month:02d}-00000{day:02d}\t"
        for month in (9, 10)
        for day, stars in enumerate([5] * 12 + [4, 3, 1], 10)
    ]
    rows = [re.sub(r"000-(\d{7})-(\d{7})", r"000-\1-\2", row) for row in rows]
    folder = tmp_path / "my shop" / "amazon" / "US"
    folder.mkdir(parents=True)
    (folder / "feedback.txt").write_text(HEADER + "\n".join(rows) + "\n10/31/26\t5\t\t\t\t\n")
    (tmp_path / "my shop" / "shop.toml").write_text('[shop]\nname = "My & Shop"\n')
    write_notebook(tmp_path / "notebooks" / "00_data_check.ipynb", "## Read", READS)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def build(**options):
    return build_report("my shop", notebooks="notebooks", progress=False, **options)


def files(folder):
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir())}


def test_a_folder_of_files_becomes_a_report_twice_the_same(seller):
    index = build()
    assert index == seller / "reports" / "my shop" / "2026-10" / "index.html"
    first = files(index.parent)
    assert list(first) == [
        "00_data_check.html",
        "glossary.html",
        "index.html",
        "key_figures.json",
        "report.html",
    ]
    assert "31\n" in first["00_data_check.html"].decode()
    assert json.loads(first["key_figures.json"])["figures"]["positive_share"]["n"] == 16
    assert str(seller).encode() not in b"".join(first.values())
    assert files(build().parent) == first


def test_a_notebook_of_ones_own_is_picked_up_by_its_number(seller):
    template = ROOT / "notebooks" / "_template.ipynb"
    for name in ("_template", "20_my_question"):
        shutil.copy(template, seller / "notebooks" / f"{name}.ipynb")
    folder = build(period="2026-10").parent
    assert sorted(path.name for path in folder.glob("*.html")) == [
        "00_data_check.html", "20_my_question.html", "glossary.html", "index.html", "report.html",
    ]  # fmt: skip
    page = (folder / "20_my_question.html").read_text("utf-8")
    assert "My question" in page
    assert "were stated in October 2026" in page
    # What tells its owner how to use it is not for the readers.
    assert "Copy this notebook" not in page
    assert "20_my_question.html" in (folder / "index.html").read_text("utf-8")


def test_the_page_above_lists_every_period(seller):
    build(period="2026-09")
    build(period="2026-W42")
    build()
    page = (seller / "reports" / "my shop" / "index.html").read_text("utf-8")
    links = re.findall(r'href="(20[^"]+)"', page)
    # Months, then weeks, each with the newest first.
    assert links == ["2026-10/index.html", "2026-09/index.html", "2026-W42/index.html"]
    assert "My &amp; Shop" in page
    assert "3 reports" in page


def test_key_figures_that_cannot_be_read_leave_a_gap_in_the_list(tmp_path):
    for name, content in (("2026-10", "not json"), ("2026-09", '{"figures": 3}'), ("other", "{}")):
        (tmp_path / name).mkdir()
        (tmp_path / name / "key_figures.json").write_text(content)
    page = write_archive(tmp_path, shop="Shop").read_text("utf-8")
    assert "2 reports" in page
    assert page.count("<b>–</b>") == 2


def test_a_failing_notebook_leaves_the_last_good_report(seller):
    index = build()
    good = files(index.parent)
    write_notebook(seller / "notebooks" / "01_more.ipynb", "## Sums", "1 / 0")
    with pytest.raises(ReportError, match="below the heading 'Sums', failed"):
        build()
    assert files(index.parent) == good
    assert [path.name for path in index.parent.parent.iterdir() if path.name[0] == "."] == []
    assert (seller / "my shop" / ".private" / "failed" / "01_more.ipynb").is_file()


def test_a_notebook_that_shows_personal_data_leaves_the_last_good_report(seller):
    index = build()
    good = files(index.parent)
    write_notebook(seller / "notebooks" / "01_more.ipynb", "print('jo' + '@' + 'example.com')")
    with pytest.raises(ReportError, match="would show e-mail addresses"):
        build()
    assert files(index.parent) == good


def test_another_folder_gets_the_report_but_no_list(seller):
    index = build(output="out/october")
    assert index == seller / "out" / "october" / "index.html"
    assert [path.name for path in (seller / "out").iterdir()] == ["october"]
    assert "All periods" not in index.read_text("utf-8")


def test_a_folder_of_something_else_is_not_replaced(seller):
    (seller / "out").mkdir()
    (seller / "out" / "own.txt").write_text("mine")
    with pytest.raises(ReportError, match="something else than a report"):
        build(output="out")
    assert (seller / "out" / "own.txt").read_text() == "mine"


def test_a_period_outside_the_data_is_refused_with_one_that_works(seller):
    with pytest.raises(ReportError, match="no data in March 2025") as caught:
        build(period="2025-03")
    assert caught.value.remedy == "write --period 2026-10"


def test_a_shop_without_files_is_told_so(seller):
    shutil.rmtree(seller / "my shop" / "amazon" / "US")
    with pytest.raises(ReportError, match="no file that a report can be made from"):
        build()


def test_the_default_is_the_latest_whole_month_or_a_new_shops_first():
    def chosen(first, last):
        return default_period(Period.parse(first).start, last).id

    last = Period.parse("2026-11").start
    assert chosen("2026-01", last) == "2026-10"
    assert chosen("2026-01", Period.parse("2026-11").end) == "2026-11"
    assert chosen("2026-11", last) == "2026-11"
