"""What the gate finds in each corner of a report, what it says, and what it rightly lets pass."""

import base64
import json
import struct
import zlib

import pandas as pd
import pytest

from feedback_analysis.errors import ReportError
from feedback_analysis.names import Names
from feedback_analysis.report.gate import check_page, check_report, find_in
from feedback_analysis.report.known import Known, know
from feedback_analysis.report.pieces import html_pieces, json_pieces
from feedback_analysis.report.repeats import quoted_places
from feedback_analysis.report.telephones import telephones
from feedback_analysis.settings import Settings
from tests.report.hand_made import feedback, orders, shop

EMAIL = "jo@example.com"


def found(page, known=None, *, keys_allowed=True):
    """Return (what, place) of every finding on a page."""
    findings = find_in("a.html", html_pieces(page), known or Known(), keys_allowed=keys_allowed)
    return [(finding.what, finding.place) for finding in findings]


def chunk(kind, body):
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def png(*chunks, after=b""):
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0))
    data = b"\x89PNG\r\n\x1a\n" + head + b"".join(chunks) + chunk(b"IEND", b"") + after
    return f'<img alt="A figure" src="data:image/png;base64,{base64.b64encode(data).decode()}">'


@pytest.mark.parametrize(
    "hidden",
    [
        f"<p>{EMAIL}</p>",
        "<p>jo<b>@</b>example<!-- x -->.com</p>",
        "<p>jo&#64;example.com jo&amp;#64;example.com</p>",
        f'<img alt="from {EMAIL}" src="">',
        f'<p title="{EMAIL}">x</p>',
        '<a href="mailto:jo%40example.com">write</a>',
        '<a href="page.html?who=jo%2540example.com">more</a>',
        f"<!-- {EMAIL} -->",
        f'<p class="{EMAIL}">x</p>',
        f'<p style="--who: {EMAIL}">x</p>',
        f'<p data-who="{EMAIL}">x</p>',
        f"<style>/* {EMAIL} */</style>",
        f"<svg><desc>{EMAIL}</desc></svg>",
        f"<svg><metadata><x>{EMAIL}</x></metadata></svg>",
        png(chunk(b"tEXt", b"Comment\0from jo@example.com")),
        png(chunk(b"zTXt", b"Comment\0\0" + zlib.compress(EMAIL.encode()))),
        png(chunk(b"iTXt", b"Comment\0\0\0en\0\0from jo@example.com")),
        png(chunk(b"iTXt", b"Comment\0\1\0en\0\0" + zlib.compress(EMAIL.encode()))),
        png(chunk(b"eXIf", b"II*\0\x08\0\0\0jo@example.com\0")),
        png(chunk(b"prVt", b"jo@example.com")),
        png(after=b"jo@example.com"),
        '<img alt="x" src="data:image/svg+xml,%3Csvg%3E%3Ctext%3Ejo@example.com%3C/text%3E">',
        "<img alt='x' src='data:image/svg+xml;base64,"
        + base64.b64encode(b"<svg><title>jo@example.com</title></svg>").decode()
        + "'>",
    ],
)
def test_an_email_is_found_wherever_it_hides(hidden):
    assert {what for what, _ in found(hidden)} == {"e-mail addresses"}


def test_the_place_is_named_and_the_finding_is_not():
    page = (
        "<h2>Cases</h2><table><thead><tr><th>Case</th><th>Comment</th></tr></thead><tbody>"
        "<tr><td>1</td><td>fine</td></tr><tr><td>2</td><td>call 07700 900123</td></tr></tbody>"
        f"</table><h2>Of {EMAIL}</h2><p>order 000-1234567-7654321</p>"
    )
    with pytest.raises(
        ReportError, match="would show telephone numbers, e-mail addresses and"
    ) as caught:
        check_page("04.html", page, keys_allowed=True)
    said = str(caught.value)
    assert "04.html, below 'Cases', table row 2, column 'Comment': telephone numbers" in said
    assert "04.html, below 'Of [e-mail]': order ids" in said
    assert "example.com" not in said
    assert "7654321" not in said
    assert "900123" not in said


def test_every_text_of_a_json_file_is_read():
    page = json_pieces(json.dumps({"figures": {"a": [{"note": EMAIL}]}, "07700 900123": 1}))
    places = [finding.place for finding in find_in("k.json", page, Known(), keys_allowed=True)]
    assert places == ["at figures.a[0].note", "at the top, a name"]


def test_files_of_a_folder_are_read_back(tmp_path):
    (tmp_path / "index.html").write_text("<p>fine</p>")
    (tmp_path / "key_figures.json").write_text("{}")
    check_report(tmp_path, Known())
    (tmp_path / "extra.png").write_bytes(
        b"\x89PNG\r\n\x1a\n" + chunk(b"tEXt", b"a\0jo@example.com")
    )
    with pytest.raises(ReportError, match="would show e-mail addresses") as caught:
        check_report(tmp_path, Known())
    assert caught.value.file == "extra.png"


def test_names_of_the_files_are_found_but_not_the_shops_own_words():
    names = Names()
    names.add(["Zebulon Quist", "Customer Service", "Royal Parcels", "Alder Finch"])
    assert len(found("<p>Dear zebulon quist,</p>", Known(names=names))) == 1
    assert found("<p>Customer service was slow</p>", Known(names=names)) == []
    carriers = pd.DataFrame({"order_key": "o", "carrier": ["Royal Parcels"] * 20})
    made = shop(settings=Settings(name="Alder & Finch"), shipments=carriers)
    known = know(made, names)
    assert found("<p>Sent by Royal Parcels, Alder & Finch</p>", known) == []
    assert len(found("<p>Zebulon Quist</p>", known)) == 1


def test_words_that_the_shop_says_are_no_names_are_neither_masked_nor_found():
    names = Names(["Royal Parcels"])
    names.add(["Royal PARCELS", "Zebulon Quist"])
    assert names.mask("royal parcels, Zebulon Quist") == "royal parcels, [name]"
    assert len(names) == 1


ROW = "<tr><td>{}</td><td>{}</td><td>{}</td></tr>"
TABLE = "<table><tr><th>{}</th><th>{}</th><th>{}</th></tr>" + ROW + "</table>"


@pytest.mark.parametrize(
    ("headings", "cells", "wrong"),
    [
        (("SKU", "Comment", "Orders"), ("AF-1", "came late", "9"), True),
        (("SKU", "Comment", "Orders"), ("AF-1", "came late", "10"), False),
        (("SKU", "Comment", "Stars"), ("AF-1", "came late", "1"), False),
        (("SKU", "Comments", "Orders"), ("AF-1", "12", "9"), False),
        (("Cause", "Comment", "Orders"), ("late", "came late", "9"), False),
        (("Cause", "Comment", "Orders"), ("B0RARE0001", "came late", "9"), True),
        (("SKU", "Cause", "Orders"), ("AF-1", "late", "9"), False),
        (("SKU", "Comment", "Orders"), ("AF-1", "came late", "9 of 35"), True),
        (("SKU", "Comment", "Orders"), ("AF-1", "came late", "9 (8.6 %)"), True),
        (("SKU", "Comment", "Share"), ("AF-1", "came late", "9.5 % (8.6 to 12.0 %)"), False),
        (("SKU", "Comment", "Orders"), ("AF-1", "<p>came late</p>", "<p>9</p>"), True),
        (("Order", "Comment", "Orders"), ("B0RARE0001; shipped", "came late", "9"), True),
        (("Order", "Comment", "Orders"), ("none", "like B0RARE0001, late", "9"), False),
    ],
)
def test_small_counts_beside_a_product_and_a_quote_are_found(headings, cells, wrong):
    known = Known(minimum=10, products=frozenset(("AF-1", "B0RARE0001")))
    whats = [what for what, _ in found(TABLE.format(*headings, *cells), known)]
    assert whats == ["counts of fewer than {} beside a quote and a product"] * wrong


def test_a_product_that_few_bought_is_found_beside_a_quote():
    made = shop(
        orders=orders([(f"o{n}", "2026-10-01", "B0OFTEN001" if n else "B0RARE0001", "seller")
                       for n in range(11)]),
        feedback=feedback([("2026-10-01", 1)]),
    )  # fmt: skip
    known = know(made, Names())
    often, rare = ("B0OFTEN001; late", "B0RARE0001; late")
    assert found(TABLE.format("Order", "Comment", "Day", often, "came late", "Monday"), known) == []
    ((what, place),) = found(TABLE.format("Order", "Comment", "Day", rare, "bad", "x"), known)
    assert what == "products of fewer than {} orders beside a quote"
    assert place == "at the top, table row 1, column 'Order'"
    assert found(TABLE.format("Order", "Comment", "Day", rare, "", "x"), known) == []
    apart = "B0RARE0001<br>late<p>by post</p>"
    assert len(found(TABLE.format("Order", "Comment", "Day", apart, "<p>bad</p>", "x"), known)) == 1


def test_a_name_that_a_line_break_parts_is_found():
    names = Names()
    names.add(["Zebulon Quist"])
    ((what, _),) = found("<p>for Zebulon<br>Quist</p>", Known(names=names))
    assert what == "names or addresses of buyers"


def test_without_quotes_a_stretch_of_a_comment_is_found():
    comment = "the blue box was crushed when it reached me in Leeds"
    known = Known(
        comments=(comment, "rubbish seller", "箱が潰れて届きました、残念です"), quotes="none"
    )
    for text in (
        comment, "he said: BLUE box was crushed when it came", "Rubbish seller!",
        "「箱が潰れて届きました」",
    ):  # fmt: skip
        assert [what for what, _ in found(f"<p>{text}</p>", known)] == ["quotes"], text
    for text in ("the blue box was late", "a rubbish seller", "rubbish"):
        assert found(f"<p>{text}</p>", known) == [], text


def test_a_comment_that_says_what_the_package_says_is_no_quote():
    texts = pd.Series(["Never arrived", "Wrong item"], dtype=object)
    assert quoted_places(["never arrived"], texts).tolist() == []


LOOKS_LIKE_NONE = [
    "005900059; shipped after the promised day (2026-05-01)",
    "US/business-2026-10-01_2026-10-31.csv", "feedback-20261001-20261031.txt",
    "Reading 2026-10-31-123456789012", "case-12345678: under way", "Of 12,345,678 orders",
    "12345678", "1234567890123", "B0VY2T93CH", "0.1234 of 10.5", "9:00 to 17:30",
    "2025/2026 against 2024/2025", "95.1 % (93.2 % to 96.5 %)", "AF-CAN-00060, 0306406152",
    "5900059 rows were read", "October 2026: 1,204 3 Oct 2026", "1 234", "o0123456789abcdef",
    "[masked 01234567] was late", "10.1287/mksc.2013.0828", "1 2 3 4 5",
]  # fmt: skip
NUMBERS = [
    "please call 07700 900123 about this", "tel 555-0142 please do", "+44 20 7946 0958",
    "(202) 555-0173", "07700900123", "call me on 202-555-0173 now", "06 12 34 56 78",
    "my number is 2025550173 thanks", "0 7 7 0 0 9 0 0 1 2 3",
]  # fmt: skip


@pytest.mark.parametrize(
    ("address", "wrong"),
    [
        ("tel:07700%20900123", True),
        ("tel:+442079460958", True),
        ("https://example.com/dp/0306406152345?ref=1234567890", False),
        ("https://doi.org/10.1177/0022243719881123", False),
        ("02_service_questions.html#October-2026", False),
    ],
)
def test_links_are_looked_through_for_numbers_to_call(address, wrong):
    assert bool(found(f'<a href="{address}">x</a>')) is wrong


@pytest.mark.parametrize("text", LOOKS_LIKE_NONE)
def test_numbers_that_nobody_calls_pass(text):
    assert telephones(text, quoted=False, known=frozenset(("005900059", "0306406152"))) == 0


@pytest.mark.parametrize("text", NUMBERS)
def test_numbers_to_call_are_found(text):
    assert telephones(text, quoted=False)
    assert telephones(text, quoted=True)
