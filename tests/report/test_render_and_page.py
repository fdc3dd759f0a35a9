"""Pages: what a buyer wrote stays text, figures are described, nothing is asked of the network."""

import base64
import re
from html.parser import HTMLParser
from importlib.resources import files
from itertools import pairwise

import nbformat
import pandas as pd
import pytest

from feedback_analysis.errors import ReportError
from feedback_analysis.periods import Period
from feedback_analysis.report.actions import find_actions
from feedback_analysis.report.key_figures import key_figures
from feedback_analysis.report.overview import make_overview, page_texts
from feedback_analysis.report.page import Book, embedded
from feedback_analysis.report.sources import describe_sources
from feedback_analysis.report.trend import draw_trend
from tests.report.hand_made import LEDGER, feedback, notebook, pages_of, shop, stars

HOSTILE = '<script>alert(1)</script><img src=x onerror="alert(2)">'
PIXEL = base64.b64encode(b"not really a picture").decode()
CSP = (
    "default-src 'none'; img-src data:; style-src 'unsafe-inline'; base-uri 'none'; "
    "form-action 'none'"
)


class Reader(HTMLParser):
    """Collects tags, ids and links of a page."""

    def __init__(self, page):
        super().__init__()
        self.tags, self.ids, self.links, self.attributes = [], [], [], []
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        found = dict(attrs)
        self.tags.append(tag)
        self.attributes.append((tag, found))
        self.ids += [found["id"]] if "id" in found else []
        self.links += [found["href"]] if tag == "a" else []


def executed(*, alt='A line that falls, "fast"', title="Data check"):
    """Return a notebook as if it had been run: a table with hostile text, and a figure."""
    made = notebook("## Read\n\nSee [health](01_b.ipynb) and [a file](x.csv).", "table", "figure",
                    "## What to do next", title=title)  # fmt: skip
    frame = pd.DataFrame({"Comment": [HOSTILE], "Price": ["$5 and $6"]})
    output = nbformat.v4.new_output
    made.cells[3].outputs = [output("execute_result", {"text/html": frame._repr_html_()})]
    made.cells[4].outputs = [
        output(
            "display_data",
            {"image/png": PIXEL, "text/plain": "Chart"},
            metadata={"image/png": {"alt": alt} if alt else {}},
        )
    ]
    return made


def book():
    """Return a small report of two notebooks."""
    period = Period.parse("2026-10")
    made = shop(
        feedback=feedback(stars("2026-10-10", fives=90, ones=10)),
        ledger=[{**LEDGER, "file": "jo@example.com 000-1234567-1234567 <b>.txt"}],
        set_aside=[{"file": "a.txt", "reason": "no date", "rows": 1, "lines": "7"}],
        missing=[{"what": "no orders", "cost": "no rate", "remedy": "download them"}],
    )
    figures = key_figures(made, period)
    pages = pages_of({"00_a": executed(), "01_b": executed(title="Health")})
    weeks = pd.DataFrame(
        {"start": pd.date_range("2026-09-07", periods=5, freq="W-MON"), "n": 20, "share": 0.9,
         "low": 0.7, "high": 0.97}
    )  # fmt: skip
    overview = make_overview(
        figures,
        find_actions(made, period, figures.ratings),
        trend=draw_trend(weeks, target=0.95, minimum_n=10, text="In words."),
        sources=describe_sources(made),
        pages=pages,
        parameters=[("Period", "2026-10")],
        marketplaces=["US"],
    )
    footer = {"made": "Made by a test.", **page_texts()["footer"]}
    return Book("Hand & Made", "October 2026", overview, pages, footer, archive=True)


BOOK = book()
PAGES = {
    "index.html": BOOK.index(),
    "00_a.html": BOOK.notebook(BOOK.pages[0]),
    "01_b.html": BOOK.notebook(BOOK.pages[1]),
    "report.html": BOOK.single(),
    "glossary.html": BOOK.glossary(),
}


def test_a_notebook_gives_its_title_first_sentence_and_body():
    page = BOOK.pages[0]
    assert (page.name, page.title, page.summary) == ("00_a", "Data check", "What was read.")
    assert "<h1" not in page.body
    assert "injected" not in page.body
    assert "PERIOD" not in page.body


def test_code_is_folded_away():
    assert '<details class="code"><summary>Code</summary>' in BOOK.pages[0].body


def test_what_a_buyer_wrote_stays_text():
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in BOOK.pages[0].body
    for page in PAGES.values():
        assert "<script" not in page
        assert not any("onerror" in found for _, found in Reader(page).attributes)
        assert "$5 and $6" in page or page in (PAGES["index.html"], PAGES["glossary.html"])


def test_a_drawing_stays_in_the_page_and_nothing_in_it_can_run():
    made = executed()
    drawing = (
        '<svg xmlns="http://www.w3.org/2000/svg" role="img" aria-label="A line" class="drawing">'
        "<style>svg{--f-ink:#000}</style><script>alert(1)</script>"
        '<path d="M0 0L9 0L9 9z" fill="var(--f-paper)"/>'
        '<path d="M1 1L2 2" fill="var(--f-paper)" stroke="var(--f-ink)"/>'
        '<path id="f1-1" d="M0 0L5 5" onclick="alert(2)" stroke="var(--f-ink)"/>'
        '<use href="#f1-1" x="3"/><use href="https://example.com/x.svg#y"/>'
        '<foreignObject><b>no</b></foreignObject><rect fill="url(https://example.com/y)"/>'
        "<text>sharp text</text></svg>"
    )
    made.cells[4].outputs = [
        nbformat.v4.new_output(
            "display_data",
            {"image/svg+xml": drawing, "text/plain": "Chart"},
            metadata={"image/svg+xml": {"alt": "A line"}},
        )
    ]
    (page,) = pages_of({"00_a": made})
    assert "<text>sharp text</text>" in page.body
    assert '<use href="#f1-1" x="3" />' in page.body
    # The page has a ground of its own; a hollow shape keeps its filling.
    assert "M0 0L9 0L9 9z" not in page.body
    assert 'd="M1 1L2 2" fill="var(--f-paper)"' in page.body
    for word in ("alert", "example.com", "foreignobject", "<style", "xmlns"):
        assert word not in page.body[page.body.index("<svg") :].lower()
    assert 'href="#f1-1"' in embedded(page, ["00_a"])


def test_what_is_no_drawing_is_refused():
    made = executed()
    made.cells[4].outputs = [
        nbformat.v4.new_output(
            "display_data", {"image/svg+xml": "<svg><b></svg>"},
            metadata={"image/svg+xml": {"alt": "words"}},
        )
    ]  # fmt: skip
    with pytest.raises(ReportError, match="no readable SVG"):
        pages_of({"00_a": made})


def test_a_drawing_without_words_is_refused():
    made = executed()
    made.cells[4].outputs = [
        nbformat.v4.new_output("display_data", {"image/svg+xml": "<svg></svg>"})
    ]
    with pytest.raises(ReportError, match="no text alternative"):
        pages_of({"00_a": made})


def test_script_that_a_cell_shows_is_taken_out():
    made = executed()
    hostile = "<p>kept</p><script>alert(1)</script><iframe src='https://example.com'></iframe>"
    made.cells[3].outputs[0].data["text/html"] = hostile
    (page,) = pages_of({"00_a": made})
    assert "<p>kept</p>" in page.body
    assert "<script" not in page.body
    assert "<iframe" not in page.body


@pytest.mark.parametrize("alt", ["", None])
def test_a_figure_without_words_is_refused(alt):
    with pytest.raises(ReportError, match="no text alternative"):
        pages_of({"00_a": executed(alt=alt)})


def test_a_figures_words_reach_the_page_escaped():
    images = [found for tag, found in Reader(PAGES["00_a.html"]).attributes if tag == "img"]
    assert [image["alt"] for image in images] == ['A line that falls, "fast"']


@pytest.mark.parametrize("name", list(PAGES))
def test_every_page_is_closed_to_the_network_and_whole(name):
    page = Reader(PAGES[name])
    metas = [found for tag, found in page.attributes if tag == "meta"]
    assert [meta["content"] for meta in metas if "http-equiv" in meta] == [CSP]
    assert any(meta.get("name") == "viewport" for meta in metas)
    assert not {"script", "link", "iframe", "object", "embed", "form"} & set(page.tags)
    sources = [found["src"] for _, found in page.attributes if "src" in found]
    assert all(source.startswith("data:image/png;base64,") for source in sources)
    assert "url(" not in PAGES[name]
    assert "@import" not in PAGES[name]
    for tag in ("main", "nav", "h1", "footer"):
        assert page.tags.count(tag) == 1
    assert len(page.ids) == len(set(page.ids))
    assert page.links[0] == "#main"


@pytest.mark.parametrize("name", list(PAGES))
def test_every_link_leads_somewhere(name):
    page = Reader(PAGES[name])
    for link in page.links:
        if link.startswith("#"):
            assert link[1:] in page.ids
        else:
            assert name != "report.html"
            assert link in PAGES or link == "../index.html"


@pytest.mark.parametrize("name", list(PAGES))
def test_headings_go_down_one_level_at_a_time(name):
    levels = [int(tag[1]) for tag in Reader(PAGES[name]).tags if re.fullmatch("h[1-6]", tag)]
    assert levels[0] == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))


def test_wide_tables_scroll_by_keyboard_and_have_a_name():
    boxes = [found for _, found in Reader(PAGES["00_a.html"]).attributes
             if "scroll" in found.get("class", "").split()]  # fmt: skip
    assert boxes == [
        {"class": "scroll", "tabindex": "0", "role": "region", "aria-label": "Table 1: Read"}
    ]


def test_the_first_page_shows_verdict_number_interval_and_ledger():
    text = PAGES["index.html"].replace("\N{NO-BREAK SPACE}", " ")
    assert "Hand &amp; Made, October 2026" in text
    assert "<strong>90.0 %</strong>" in text
    assert "90 of 100 feedbacks; the true figure is likely 82.6 to 94.5 %" in text
    assert '<span class="verdict not-met">not met</span>' in text
    assert "[e-mail] [order id] &lt;b&gt;.txt" in text
    assert "No date: 1 row." in text
    assert "<b>No orders.</b> No rate. " in text


def test_the_same_report_has_the_same_bytes():
    again = book()
    assert again.index() == PAGES["index.html"]
    assert again.single() == PAGES["report.html"]


def test_cells_that_stay_in_place_keep_their_lines():
    """Chromium hides collapsed borders behind them, so that rows lose their lines on a phone."""
    sheet = (files("feedback_analysis.report") / "templates" / "style.css").read_text("utf-8")
    phone = next(
        part for part in sheet.split("@media") if "td:first-child { position: sticky" in part
    )
    assert ".figures, .notebook table { border-collapse: separate; border-spacing: 0; }" in phone
