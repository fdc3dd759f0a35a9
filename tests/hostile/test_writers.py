"""Each writer by itself, with every hostile text: nothing runs, steers or breaks anything."""

import csv
import io
import unicodedata
import warnings
from xml.etree import ElementTree

import matplotlib
import pandas as pd
import pytest
from bs4 import BeautifulSoup

from feedback_analysis import charts
from feedback_analysis.charts.style import SETTINGS, title
from feedback_analysis.charts.tables import Table, Words
from feedback_analysis.cli_tables import clean
from feedback_analysis.errors import ReportError
from feedback_analysis.sheets import csv_bytes
from tests.hostile.payloads import HOST, payloads

# What matplotlib draws with; anything else came out of a text.
DRAWN = {"svg", "style", "g", "path", "text", "tspan", "defs", "use", "clipPath", "rect", "image"}
GROUPS = [payloads()[start::8] for start in range(8)]


def test_there_are_hundreds_of_texts():
    assert len(payloads()) >= 300


def plain_elements(markup, allowed):
    """Return the elements of a piece of HTML; fail when one is not ours or does something."""
    found = BeautifulSoup(markup, "html.parser").find_all(True)
    assert {element.name for element in found} <= allowed
    attributes = {name for element in found for name in element.attrs}
    assert attributes <= {"class", "style", "dtype"}
    return found


def test_a_table_shows_each_text_and_runs_none():
    frame = pd.DataFrame({"<script>run()</script>": payloads(), "text": payloads()[::-1]})
    markup = Table(frame, note=payloads()[0])._repr_html_()
    found = plain_elements(
        markup, {"div", "table", "thead", "tbody", "tr", "th", "td", "p", "wbr", "br"}
    )
    shown = [element.get_text() for element in found if element.name == "td"]
    assert len(shown) == 2 * len(payloads())
    assert shown[0] == payloads()[0]


def test_sentences_are_shown_as_text():
    found = plain_elements(Words(payloads(), listed=True)._repr_html_(), {"ul", "li"})
    assert sum(element.name == "li" for element in found) == len(payloads())


@pytest.mark.parametrize("texts", GROUPS, ids=range(len(GROUPS)))
def test_a_figure_draws_each_text_as_text(texts):
    with matplotlib.rc_context(SETTINGS), warnings.catch_warnings():
        warnings.simplefilter("error")
        ax = charts.blank(height=8)
        short = [text[:30] for text in texts]
        ax.barh(range(len(short)), range(len(short)), label=f"a {short[-1]}")
        ax.set_yticks(range(len(short)), labels=short)
        ax.set_xlabel(short[0])
        title(ax, short[1])
        for place, text in enumerate(short):
            ax.annotate(text, (1, place), ha="right" if place % 2 else "center")
        ax.legend()
        chart = charts.show(ax, " ".join(texts))
        picture = chart.svg()
        assert chart.png().startswith(b"\x89PNG")
    root = ElementTree.fromstring(picture)
    assert {element.tag.rpartition("}")[2] for element in root.iter()} <= DRAWN
    for element in root.iter():
        for name, value in element.attrib.items():
            assert not name.casefold().startswith("on")
            assert name.rpartition("}")[2] != "href" or value.startswith(("#", "data:image/png"))
        if element.tag.endswith("style"):
            assert HOST not in (element.text or "")
    plain_svg = BeautifulSoup(picture, "html.parser").find_all(True)
    assert {element.name for element in plain_svg} <= {name.lower() for name in DRAWN} | DRAWN


def test_a_terminal_is_steered_by_no_text():
    for text in payloads():
        signs = {unicodedata.category(sign) for sign in clean(text) if sign != "\n"}
        assert not signs & {"Cc", "Cf", "Cs", "Zl", "Zp"}, repr(text)


def test_a_csv_for_a_spreadsheet_holds_no_formula_and_each_text():
    rows = [[text, "x"] for text in payloads()]
    written = csv_bytes(["text", "other"], rows).decode("utf-8-sig")
    cells = [row[0] for row in csv.reader(io.StringIO(written, newline=""))][1:]
    assert len(cells) == len(payloads())
    harmful = tuple("=+-@\t\r\n\uff1d\uff0b\uff0d\uff20")
    assert [cell for cell in cells if cell.startswith(harmful)] == []


def test_an_error_message_stays_a_message():
    for text in payloads():
        error = ReportError(text or "x", file=text, found=text, remedy=text)
        assert "\x1b" not in clean(str(error))


def test_there_is_a_figure_of_nothing_with_each_text():
    for text in payloads()[:40]:
        ax = charts.style.nothing(None, text)
        assert "<script" not in charts.show(ax, text)._repr_mimebundle_()[0]["text/html"]
