"""PDF by a browser that is installed here, or a clear word."""

import stat
import sys

import pytest

from feedback_analysis.errors import ReportError
from feedback_analysis.report.pdf import find_browser, write_pdf

needs_scripts = pytest.mark.skipif(sys.platform == "win32", reason="the stand-in is a shell script")


@pytest.fixture
def browser(tmp_path):
    """Return a maker of programs that stand in for a browser."""

    def make(body):
        path = tmp_path / "chromium"
        path.write_text(f"#!/bin/sh\n{body}\n")
        path.chmod(path.stat().st_mode | stat.S_IXUSR)
        return str(path)

    return make


def test_without_a_browser_the_remedy_is_told(monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(ReportError, match="no browser that can print"):
        find_browser()


@needs_scripts
def test_the_pdf_is_put_beside_the_page(browser, tmp_path):
    page = tmp_path / "report.html"
    page.write_text("<p>x</p>")
    program = browser(
        'for word in "$@"; do case "$word" in --print-to-pdf=*) '
        'echo "$@" > "${word#--print-to-pdf=}";; esac; done'
    )
    made = write_pdf(page, browser=program)
    assert made == tmp_path / "report.pdf"
    assert page.as_uri() in made.read_text()


@needs_scripts
def test_a_browser_that_prints_nothing_is_told(browser, tmp_path):
    page = tmp_path / "report.html"
    page.write_text("<p>x</p>")
    for program in (browser("exit 1"), str(tmp_path / "nowhere")):
        with pytest.raises(ReportError, match="did not print"):
            write_pdf(page, browser=program)
    assert not page.with_suffix(".pdf").exists()
