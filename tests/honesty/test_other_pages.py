"""The report in one file says what its pages say; the glossary explains and counts nothing."""

from collections import Counter

from tests.honesty.checks import read
from tests.honesty.pages import Page
from tests.honesty.reasons import DEFINITION, LEFT_OUT

ENDS = ("Alder & Finch", "feedback_analysis ")


def numbered(page):
    """Return how often each text with a number stands on a page."""
    return Counter(block.text for block in page.everything() if block.tokens)


def test_the_one_file_holds_every_number_of_every_page_and_no_other(sample_report):
    held = numbered(Page((sample_report / "report.html").read_text("utf-8")))
    pages = [numbered(read(sample_report, name)) for name in LEFT_OUT]
    together = sum(pages, Counter())
    # The shop, the period and the version stand at the ends of each page, and once in one file.
    ends = [text for text in together if text.startswith(ENDS)]
    assert len(ends) <= len(ENDS) + 1
    assert all(held.pop(text, 0) for text in ends)
    assert held == Counter({text: n for text, n in together.items() if text not in ends})


def test_the_glossary_counts_nothing(sample_report):
    page = read(sample_report, "glossary")
    page.excuse(r".*", DEFINITION, heading="Words")
    found = page.coverage()
    assert found["left"] == 0
    assert found[DEFINITION] == LEFT_OUT["glossary"][DEFINITION]


def test_every_page_of_the_report_has_its_checks(sample_report):
    pages = {path.stem for path in sample_report.glob("*.html")} - {"report"}
    lacking = sorted(pages - set(LEFT_OUT))
    assert not lacking, (
        f"nothing works out the numbers of {', '.join(lacking)}: write a test of the page as "
        "tests/honesty/test_causes.py is one, and name the page in LEFT_OUT of reasons.py"
    )
