"""Figures as SVG: small, the same each time, readable on light and dark pages."""

import re
from xml.etree import ElementTree

import matplotlib
import pytest

from feedback_analysis.charts import Chart
from feedback_analysis.charts.style import BLUE, DARK, GREY, GROUND, INK, axes, styled, title
from feedback_analysis.charts.svg import colours, svg

SVG = "{http://www.w3.org/2000/svg}"


@styled
def figure():
    """Return a figure with lines, marks, hatching, turned text and text of several lines."""
    ax = axes(None, height=3)
    ax.plot([1, 2, 3], [1, 3, 2], "o-", color=BLUE, markerfacecolor=GROUND)
    ax.barh([1], [2], hatch="///", color=GREY, edgecolor=INK)
    ax.set_yticks([1, 2], ["one\ntwo words", "three"])
    ax.set_xticks([1, 2], ["turned", "text"], rotation=30, ha="right")
    ax.set_ylabel("stars & stripes")
    title(ax, "What was found")
    return ax.figure


def read(picture):
    return ElementTree.fromstring(picture)


def luminance(colour):
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one, other):
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def test_the_same_figure_gives_the_same_bytes_and_stays_as_it_was():
    made = figure()
    assert svg(made, "words") == svg(made, "words") == svg(figure(), "words")
    assert {text.get_gid() for text in made.findobj(matplotlib.text.Text)} == {None, "title"}


def test_the_picture_says_its_words_whatever_they_are():
    root = read(svg(figure(), 'A "line"\n<b> & more'))
    assert root.get("role") == "img"
    assert root.get("aria-label") == 'A "line" <b> & more'


def test_the_title_is_told_apart_so_that_a_page_can_show_it_itself():
    root = read(svg(figure(), "words"))
    assert root.get("data-title") == "What was found"
    (named,) = (group for group in root.iter() if group.get("class") == "title")
    assert [text.text for text in named.iter(f"{SVG}text")] == ["What was found"]


def test_text_stays_text_and_keeps_its_alignment_in_any_font():
    texts = {text.text: text for text in read(svg(figure(), "words")).iter(f"{SVG}text")}
    assert {"one", "two words", "three", "turned", "stars & stripes"} <= set(texts)
    assert {texts[name].get("text-anchor") for name in ("one", "two words", "three")} == {"end"}
    assert texts["turned"].get("text-anchor") == "end"
    assert texts["stars & stripes"].get("text-anchor") == "middle"
    assert texts["What was found"].get("text-anchor") in (None, "start")
    # The two lines of a label end at the same place.
    places = [
        float(re.match(r"translate\(([\d.]+) ", texts[name].get("transform"))[1])
        + float(texts[name].get("x"))
        for name in ("one", "two words")
    ]
    assert places[0] == pytest.approx(places[1], abs=0.3)


def test_everything_a_picture_refers_to_is_in_it_under_its_own_name():
    pictures = [svg(figure(), "words"), Chart(axes(None, height=2).figure, "words").svg()]
    names = []
    for picture in pictures:
        ids = {element.get("id") for element in read(picture).iter() if element.get("id")}
        assert set(re.findall(r"url\(#([^)]+)\)|href=\"#([^\"]+)\"", picture)) <= {
            pair for name in ids for pair in ((name, ""), ("", name))
        }
        names.append(ids)
    assert names[0]
    assert not names[0] & names[1]


def test_a_picture_holds_neither_the_day_nor_the_program_that_drew_it():
    picture = svg(figure(), "words")
    assert "atplotlib" not in picture
    assert not re.search(r"\b20\d\d-", picture)


def test_every_colour_has_a_dark_counterpart_that_is_as_easy_to_see():
    dark = {light: colour for light, (_, colour) in DARK.items()}
    for light, counterpart in dark.items():
        # Shapes need 3 to 1 (WCAG 1.4.11); pale grounds are behind what is said, not what says it.
        least = min(3.0, contrast(light, GROUND))
        assert contrast(counterpart, dark[GROUND]) >= least - 1e-9, light
    for text in (INK, GREY):
        assert contrast(text, GROUND) >= 4.5
        assert contrast(dark[text], dark[GROUND]) >= 4.5


def test_paper_is_always_light():
    sheet = colours()
    light, _, dark = sheet.partition("@media screen and (prefers-color-scheme:dark)")
    assert "--f-ink:#1f2328" in light
    assert "--f-ink:#e6eaed" in dark
