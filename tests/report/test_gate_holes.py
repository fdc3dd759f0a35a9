"""Ways around the gate that were found by looking for them: each is closed, and stays so."""

import base64
import json
from dataclasses import replace

import pytest

from feedback_analysis.names import Names
from feedback_analysis.report.gate import find_all, find_in
from feedback_analysis.report.known import Known, know
from feedback_analysis.report.pieces import html_pieces, json_pieces
from feedback_analysis.settings import Settings
from tests.report.hand_made import feedback, shop

COUNT = "counts of fewer than {} beside a quote and a product"
RARE = "products of fewer than {} orders beside a quote"
SAID = "the parcel came late"
KNOWN = Known(
    minimum=10,
    products=frozenset(("AF-100", "AF-RARE")),
    rare=frozenset(("AF-RARE",)),
    comments=(SAID, "Rubbish seller", "Awful", "Yes", "5 stars", "Never arrived"),
)
NONE = Known(comments=KNOWN.comments, products=frozenset(("AF-100",)), quotes="none")


def found(page, known=KNOWN):
    """Return (what, place) of every finding on a page."""
    findings = find_in("a.html", html_pieces(page), known, keys_allowed=True)
    return [(finding.what, finding.place) for finding in findings]


def kinds(page, known=KNOWN):
    return {what for what, _ in found(page, known)}


def row(*cells, tag="td"):
    return "<tr>" + "".join(f"<{tag}>{cell}</{tag}>" for cell in cells) + "</tr>"


HEAD = row("SKU", "Comment", "Orders", tag="th")
SMALL = [
    # Without a row of headings.
    f"<table>{row('AF-100', SAID, 9)}</table>",
    # Headings that are ordinary cells, and rows of an index.
    f"<table>{row('SKU', 'Comment', 'Orders')}{row('AF-100', 'so late', 9)}</table>",
    f"<table>{HEAD}<tr><th>AF-100</th><td>so late</td><td>9</td></tr></table>",
    # Two rows of headings.
    "<table><thead><tr><th></th><th colspan=2>October</th></tr><tr><th>SKU</th><th>Comment</th>"
    f"<th>Orders</th></tr></thead>{row('AF-100', 'so late', 9)}</table>",
    "<table><tr><th rowspan=2>SKU</th><th colspan=2>Of it</th></tr><tr><th>Comment</th>"
    f"<th>Orders</th></tr>{row('AF-100', 'so late', 9)}</table>",
    # A count that reaches down to the row of the quote, and one that reaches across.
    f"<table>{HEAD}<tr><td>AF-100</td><td></td><td rowspan=2>9</td></tr>"
    "<tr><td>AF-100</td><td>so late</td></tr></table>",
    "<table><tr><th>SKU</th><th>Comment</th><th>Orders</th><th>Units</th></tr>"
    "<tr><td>AF-100</td><td>so late</td><td colspan=2>9</td></tr></table>",
    # Written downwards.
    f"<table>{row('SKU', 'AF-100')}{row('Comment', 'so late')}{row('Orders', 9)}</table>",
    f"<table><tr><th>SKU</th><td>AF-100</td></tr><tr><th>Said</th><td>{SAID}</td></tr>"
    "<tr><th>Orders</th><td>9</td></tr></table>",
    # Without end tags, as HTML allows.
    f"<table>{HEAD}<tr><td>AF-100<td>so late<td>9</table>",
    # In a table inside a table.
    f"<table><tr><td><table>{HEAD}{row('AF-100', 'so late', 9)}</table></td></tr></table>",
    # Headings in other languages, or none that says it.
    f"<table>{row('SKU', 'Kommentar', 'Anzahl', tag='th')}{row('AF-100', 'zu spät', 9)}</table>",
    f"<table>{row('SKU', 'コメント', '件', tag='th')}{row('AF-100', '遅い', 9)}</table>",
    f"<table>{row('SKU', 'Wortlaut', 'Anzahl', tag='th')}{row('AF-100', SAID, 9)}</table>",
    # Counts with their words.
    f"<table>{HEAD}{row('AF-100', 'so late', '9 orders')}</table>",
    f"<table>{HEAD}{row('AF-100', 'so late', 'n = 9')}</table>",
    # Lists and lists of definitions.
    f"<ul><li>AF-100</li><li>9 orders</li><li>{SAID}</li></ul>",
    f"<ul><li>Product: AF-100</li><li>Orders: 9</li><li>Said: {SAID}</li></ul>",
    f"<ol><li>AF-100: 9 of 35 said <q>{SAID}</q></li></ol>",
    f"<dl><dt>SKU</dt><dd>AF-100</dd><dt>Orders</dt><dd>9</dd><dt>Said</dt><dd>{SAID}</dd></dl>",
    f"<dl><dt>AF-100</dt><dd>9 late orders</dd><dd>{SAID}</dd></dl>",
    # Sentences.
    f"<p>Of AF-100, 9 buyers wrote “{SAID}”.</p>",
    f"<p>Of AF-100, nine buyers wrote &quot;{SAID}&quot;.</p>",
    f"<p>AF-100 (n = 9): «{SAID}»</p>",
    f"<table>{row('What', 'Where', tag='th')}{row(f'9 orders of AF-100: “{SAID}”', 'US')}</table>",
    f'<img alt="9 orders of AF-100: “{SAID}”" src="a.png">',
]  # fmt: skip


@pytest.mark.parametrize("page", SMALL)
def test_small_counts_beside_a_product_and_a_quote_are_found_in_every_shape(page):
    assert kinds(page) == {COUNT}
    # Of enough orders, the same may be shown.
    many = page.replace("nine", "ninety").replace("9", "90")
    assert kinds(many) == set()


@pytest.mark.parametrize(
    "page",
    [
        f"<ul><li>AF-RARE</li><li>{SAID}</li></ul>",
        f"<p>Of AF-RARE somebody wrote “{SAID}”.</p>",
        f"<table>{row('AF-RARE', SAID)}</table>",
    ],
)
def test_products_that_few_bought_are_found_beside_a_quote_in_every_shape(page):
    assert kinds(page) == {RARE}


@pytest.mark.parametrize(
    "page",
    [
        # No product, no quote, no small group, or a number that counts nobody.
        f"<p>9 buyers wrote “{SAID}”.</p>",
        "<p>9 orders of AF-100 came late.</p>",
        "<p>9 orders of AF-100: “never arrived” was the commonest cause.</p>",
        f"<p>Of AF-100, on 9 October: “{SAID}”, 4.9 % of orders.</p>",
        f"<dl><dt>SKU</dt><dd>AF-100</dd><dt>Stars</dt><dd>1</dd><dt>Said</dt><dd>{SAID}</dd></dl>",
        f"<ul><li>AF-100, 9 orders</li></ul><ul><li>{SAID}</li></ul>",
        f"<table>{row('SKU', 'Cause', 'Orders', tag='th')}{row('AF-100', 'Never arrived', 9)}"
        "</table>",
    ],
)
def test_what_tells_of_no_small_group_passes(page):
    assert kinds(page) == set()


def test_a_cell_of_a_table_without_headings_is_never_named_by_what_it_holds():
    ((_, place),) = found(f"<table>{row('AF-100', SAID, 9)}</table>")
    assert place == "at the top, table row 1, column 3"


SVG = "<svg><text>jo@example.com</text></svg>"
CODED = base64.b64encode(SVG.encode()).decode()


@pytest.mark.parametrize(
    "page",
    [
        f"<style>p{{background:url(data:image/svg+xml;base64,{CODED})}}</style>",
        f"<style>p{{background:url('data:image/svg+xml;utf8,{SVG}')}}</style>",
        f'<p style="background:url(DATA:image/svg+xml;base64,{CODED})">x</p>',
        f'<img alt="x" srcset="data:image/svg+xml;base64,{CODED} 2x">',
        f'<img alt="x" src=" data:image/svg+xml;base64,{CODED}">',
        r'<style>p::after{content:"jo\40 example.com"}</style>',
    ],
)
def test_files_inside_a_style_sheet_are_read(page):
    assert "e-mail addresses" in kinds(page)


@pytest.mark.parametrize(
    ("number", "what"),
    [
        (321 * 10**14 + 76543217654321, ["order ids"]),
        # One that began with a nought, as in the United Kingdom.
        (26 * 10**14 + 76543217654321, ["order ids"]),
        (442079460958, ["telephone numbers"]),
        (2025550173, ["telephone numbers"]),
        (2025550173.0, ["telephone numbers"]),
        (306406152, []),
        (4006381333931, []),
        (123456789, []),
        (0.1234567890123, []),
        (True, []),
        (float("nan"), []),
    ],
)
def test_whole_numbers_of_a_json_file_are_read(number, what):
    known = Known(codes=frozenset(("0306406152", "4006381333931")))
    page = json_pieces(json.dumps({"a": [number]}))
    findings = find_in("k.json", page, known, keys_allowed=True)
    assert [finding.what for finding in findings] == what
    assert all(finding.place == "at a[0]" for finding in findings)


def test_a_name_in_two_parts_of_a_drawing_is_found():
    names = Names()
    names.add(["Zebulon Quist"])
    drawing = "<svg><g><text>Zebulon</text></g><text><tspan>Quist</tspan></text></svg>"
    inside = base64.b64encode(drawing.encode()).decode()
    known = Known(names=names)
    ((what, place),) = found(f"<h2>T</h2>{drawing}", known)
    assert (what, place) == ("names or addresses of buyers", "below 'T', in a drawing")
    assert len(found(f'<img alt="x" src="data:image/svg+xml;base64,{inside}">', known)) == 1
    # Words of two drawings stand apart, and ticks are no number of anybody.
    apart = drawing.replace("</g>", "</g></svg><svg>")
    assert found(apart, known) == []
    ticks = "".join(f"<text>{n}</text>" for n in [*range(10), *range(10), *range(0, 1000, 100)])
    assert found(f"<svg>{ticks}</svg>", known) == []


@pytest.mark.parametrize(
    ("page", "wrong"),
    [
        # Where buyers are quoted, a whole comment of any length is one.
        (f"<table>{row('Comment', tag='th')}{row('Awful')}</table>", True),
        (f"<table>{row('Comment', tag='th')}{row('Never arrived')}</table>", True),
        ("<blockquote>Never arrived</blockquote>", True),
        (f"<table>{row('Words', tag='th')}{row('awful!')}</table>", True),
        ("<ul><li>Rubbish seller</li></ul>", True),
        ("<p>Somebody wrote “rubbish seller” of it.</p>", True),
        ("<p>Somebody wrote <q>Awful</q>.</p>", True),
        # An answer, words that pages say themselves, and single words in a sentence are no quotes.
        (f"<table>{row('Comments', tag='th')}{row('Yes')}</table>", False),
        (f"<table>{row('Cause', tag='th')}{row('Never arrived')}</table>", False),
        (f"<table>{row('Rating', tag='th')}{row('5 stars')}</table>", False),
        ("<p>Awful weather in October.</p>", False),
        (f"<table>{row('Seller', tag='th')}{row('A rubbish seller')}</table>", False),
    ],
)
def test_without_quotes_a_short_comment_is_found_where_it_stands_by_itself(page, wrong):
    assert [what for what, _ in found(page, NONE)] == ["quotes"] * wrong
    assert found(page) == []


def test_a_comment_that_is_a_word_of_the_shop_stops_no_page(tmp_path):
    (tmp_path / "causes.toml").write_text(
        '[[cause]]\nid = "pump"\nlabel = "Zorbing pump"\nexamples = { en = ["It zorbs."] }\n'
    )
    frame = feedback([("2026-10-01", 1)] * 4)
    frame["comment"] = ["Quuxmart", "Zanzibar", "zorbing pump", "Zanzibar"]
    made = replace(shop(feedback=frame, settings=Settings(name="Quuxmart")), folder=tmp_path)
    known = know(made, Names(), quotes="none")
    assert list(known.comments) == ["Quuxmart", "Zanzibar", "zorbing pump"]
    assert found("<p>Quuxmart</p><p>Zorbing pump</p>", known) == []
    assert len(found("<p>Zanzibar</p>", known)) == 1


def test_what_two_files_show_is_found_in_both():
    pages = {name: html_pieces(SMALL[0] + "<p>jo@example.com</p>") for name in ("a", "b")}
    hits = find_all(pages, KNOWN, closed=())
    assert sorted((hit.file, hit.what) for hit in hits) == [
        ("a", COUNT), ("a", "e-mail addresses"), ("b", COUNT), ("b", "e-mail addresses"),
    ]  # fmt: skip
