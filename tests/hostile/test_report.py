"""A shop whose every text is hostile: its report, its list of cases and its terminal stay clean."""

import json
import re
import shutil
import sys
import unicodedata

import openpyxl
import pytest
from bs4 import BeautifulSoup
from typer.testing import CliRunner

from feedback_analysis import cli, read_folder
from feedback_analysis.report import build
from feedback_analysis.report.known import Known
from tests.hostile.payloads import HOST, SHOP, hostile_shop
from tests.project_files import ROOT
from tests.report.hand_made import write_notebook

# Some of each text column of each table, as a seller's own notebook may show them.
SHOWS = (
    "from IPython.display import display\n"
    "import feedback_analysis as fa\n"
    "from feedback_analysis import charts\n"
    "shop = fa.read_folder(SHOP)\n"
    "frames = [*shop.tables().values(), shop.ledger, shop.set_aside]\n"
    "texts = [frame.select_dtypes('string').iloc[::9] for frame in frames]\n"
    "display(*[charts.table_of(frame) for frame in texts if len(frame.columns)])"
)
# Tells how often something ran, before anything of the page is read.
WATCH = "window.ran = 0; window.run = window.alert = () => { window.ran += 1 }"


@pytest.fixture(scope="module")
def shop(tmp_path_factory):
    """The shop's folder; a file of it cannot be read when a name is too much for this system."""
    return hostile_shop(tmp_path_factory.mktemp("hostile") / "shop")


@pytest.fixture(scope="module")
def report(shop):
    """The shop's report: our notebooks, and one that shows texts of every table."""
    notebooks = shop.parent / "notebooks"
    notebooks.mkdir()
    for path in (ROOT / "notebooks").glob("0[0-5]*.ipynb"):
        shutil.copy(path, notebooks)
    write_notebook(notebooks / "07_texts.ipynb", "## Every text", SHOWS)
    with pytest.MonkeyPatch.context() as patch:
        # Carriers, products and buyers are called the same here, so the gate would stop each page.
        # What it stops is tested elsewhere; here is looked at what would come through.
        patch.setattr(build, "know", lambda *_, **__: Known(minimum=0))
        build.build_report(
            shop, period="2026-10", output=shop.parent / "out", notebooks=notebooks, progress=False
        )
    return shop.parent / "out"


def pages(report):
    return sorted(report.glob("*.html"))


def test_every_row_of_every_hostile_file_is_accounted_for(shop):
    read = read_folder(shop)
    ledger = read.ledger.dropna(subset="rows_read")
    assert (ledger["rows_read"] == ledger["rows_kept"] + ledger["rows_set_aside"]).all()
    # A row is a row, whatever quotation marks stand in it.
    assert set(ledger["rows_read"]) == {1, 394}
    assert len(read.feedback) == 2 * 394


def test_the_pages_hold_no_element_that_does_anything(report):
    assert len(pages(report)) >= 9
    for path in pages(report):
        soup = BeautifulSoup(path.read_text("utf-8"), "html.parser")
        found = {element.name for element in soup.find_all(True)}
        assert not found & {
            "script", "iframe", "object", "embed", "form", "base", "link", "img", "video", "audio",
            "input", "button", "math", "template", "foreignobject", "animate", "plaintext",
        }, path.name  # fmt: skip
        for element in soup.find_all(True):
            assert not [name for name in element.attrs if name.startswith("on")], path.name
            for name in ("href", "src", "action", "xlink:href"):
                address = str(element.get(name, "#"))
                assert re.match(r"#|[\w./%-]+\.html(#|$)|https://www\.amazon\.", address), address
        for style in soup.find_all("style"):
            assert HOST not in style.get_text()
            assert "display:none}body" not in style.get_text()


def test_the_shops_name_stands_on_the_page_as_it_was_written(report):
    soup = BeautifulSoup((report / "index.html").read_text("utf-8"), "html.parser")
    name = re.sub(r"\W+", "", SHOP.replace("\u202e", ""))
    assert name in re.sub(r"\W+", "", soup.title.get_text())
    assert "49" not in soup.title.get_text()


def test_no_file_of_the_report_is_unreadable(report):
    for path in report.rglob("*.json"):
        json.loads(path.read_text("utf-8"))


def visit(browser, path):
    """Open a page on a phone without the page's own policy; return what ran and what was asked."""
    # The policy would stop a script too, but nothing may depend on it.
    context = browser.new_context(viewport={"width": 390, "height": 800}, bypass_csp=True)
    context.add_init_script(WATCH)
    page = context.new_page()
    page.set_default_timeout(240_000)
    asked, opened = [], []
    page.on("request", lambda request: asked.append(request.url))
    page.on("dialog", lambda dialog: (opened.append(dialog.message), dialog.dismiss()))
    page.goto(path.as_uri())
    # What waits for a pointer or the focus gets it.
    page.evaluate(
        """() => { for (const e of document.querySelectorAll('details')) e.open = true;
        for (const e of document.querySelectorAll('*'))
            for (const name of ['mouseover', 'pointerenter', 'focus', 'load', 'error'])
                e.dispatchEvent(new Event(name)); }"""
    )
    ran, width = page.evaluate("[window.ran, document.documentElement.scrollWidth]")
    context.close()
    return ran, width, opened, [url for url in asked if not url.startswith(("file:", "data:"))]


def test_in_a_browser_nothing_runs_nothing_is_fetched_and_no_page_is_too_wide(report, browser):
    for path in pages(report):
        ran, width, opened, asked = visit(browser, path)
        assert (path.name, ran, opened, asked) == (path.name, 0, [], [])
        assert (path.name, width) == (path.name, 390)


def test_the_browser_would_tell(browser, tmp_path):
    page = tmp_path / "bad.html"
    page.write_text(
        f"<img src=http://{HOST}/x onerror=run()><p style='width:900px' onmouseover=run()>x</p>"
    )
    ran, width, _, asked = visit(browser, page)
    assert ran >= 1
    assert width > 390
    assert asked == [f"http://{HOST}/x"]


def steering(text):
    """Return the signs of a text that steer a terminal or turn its direction."""
    return {
        sign
        for sign in text
        if sign != "\n" and unicodedata.category(sign) in ("Cc", "Cf", "Cs", "Zl", "Zp")
    }


def test_the_terminal_stays_clean(shop):
    for words in (["check", str(shop), "--all"], ["check", str(shop / "amazon" / "\x1b[2J")]):
        result = CliRunner().invoke(cli.app, words)
        assert steering(result.output) == set()
        assert result.output


@pytest.mark.skipif(sys.platform == "win32", reason="these names cannot be written there")
def test_the_list_of_cases_holds_no_formula(shop, tmp_path):
    out = tmp_path / "cases.xlsx"
    result = CliRunner().invoke(cli.app, ["cases", str(shop), "--out", str(out)])
    assert result.exit_code == 0, result.output
    assert steering(result.output) == set()
    cells = [
        cell
        for page in openpyxl.load_workbook(out).worksheets
        for row in page.iter_rows()
        for cell in row
    ]
    assert len(cells) > 5_000
    assert [cell.value for cell in cells if cell.data_type == "f"] == []
    links = {cell.hyperlink.target for cell in cells if cell.hyperlink}
    assert [link for link in links if not str(link).startswith("https://sellercentral")] == []
