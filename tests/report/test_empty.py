"""Sections without anything to show are folded; those with something are left alone."""

import nbformat
import pandas as pd
import pytest
from bs4 import BeautifulSoup

from feedback_analysis import charts
from feedback_analysis.charts.style import nothing
from feedback_analysis.report.empty import FOLDED
from tests.report.hand_made import notebook, pages_of

NO_TABLE = charts.table_of(pd.DataFrame(), none="No row & no reason.")
NO_CHART = charts.show(nothing(None, "There are too few months to compare them."), "words")
SENTENCE = charts.words("Nothing grew.")
TABLE = charts.table_of(pd.DataFrame({"carrier": ["Post"], "orders": [3]}))


def rendered(*outputs):
    """Return a page of two sections: one with the given outputs, one with a table."""
    made = notebook(
        "## First\n\nAn introduction.",
        *["result"] * len(outputs),
        "## Second\n\nAnother one.",
        "more",
        title="Page",
    )
    for cell, shown in zip(
        [cell for cell in made.cells if cell.source in ("result", "more")],
        [*outputs, TABLE],
        strict=True,
    ):
        bundle = getattr(shown, "_repr_mimebundle_", None)
        data, metadata = bundle() if bundle else ({"text/html": shown._repr_html_()}, {})
        cell.outputs = [
            nbformat.v4.new_output("execute_result", data, metadata=metadata, execution_count=1)
        ]
    (page,) = pages_of({"00_a": made})
    return BeautifulSoup(page.body, "html.parser")


def test_a_section_without_anything_keeps_its_heading_and_says_why_once():
    page = rendered(NO_TABLE, NO_CHART, NO_TABLE)
    (section,) = page.select("section.empty")
    heading, *said = section.find_all(recursive=False)[:-1]
    assert (heading.name, heading["id"]) == ("h2", "First")
    assert [each.get_text(strip=True) for each in said] == [
        "No row & no reason.",
        "There are too few months to compare them.",
    ]
    (folded,) = section.select(":scope > details")
    assert folded.summary.get_text() == FOLDED
    assert "An introduction." in folded.get_text()
    assert not folded.has_attr("open")
    # The next section is whole.
    assert page.find("h2", id="Second").find_parent("section") is None
    assert page.select("table")


def test_what_a_section_says_in_sentences_stays_and_the_reasons_are_folded():
    (section,) = rendered(SENTENCE, NO_TABLE).select("section.empty")
    visible = [each.get_text(strip=True) for each in section.find_all(recursive=False)[:-1]]
    assert visible == ["First", "Nothing grew."]
    assert "No row" in section.details.get_text()


@pytest.mark.parametrize(
    "outputs",
    [
        (TABLE, NO_CHART),
        (NO_TABLE, charts.words(["One.", "Two."])),
        (SENTENCE,),
    ],
)
def test_a_section_with_something_to_show_is_left_alone(outputs):
    assert rendered(*outputs).select("section.empty") == []


def test_a_chart_of_nothing_is_shown_as_words_and_no_picture():
    data, metadata = NO_CHART._repr_mimebundle_()
    assert data["text/html"] == (
        '<div class="nothing"><p>There are too few months to compare them.</p></div>'
    )
    assert (set(data), metadata) == ({"text/html", "text/plain"}, {})


def test_a_list_without_an_entry_is_nothing_too():
    assert 'class="nothing"' in charts.words([], none="No limit.")._repr_html_()
    assert "nothing" not in charts.words(["A limit."])._repr_html_()
    assert "nothing" not in SENTENCE._repr_html_()
