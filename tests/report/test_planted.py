"""Thousands of private items in every text of every file: none comes out, and the gate sees each.

The gate itself is tried with the masks switched off: then it must stop the report for every kind.
"""

import html
import re
import shutil

import pytest

from feedback_analysis.amazon import asks, cases, feedback, folder, returns
from feedback_analysis.errors import ReportError
from feedback_analysis.names import Names
from feedback_analysis.report.build import build_report
from feedback_analysis.report.gate import find_in
from feedback_analysis.report.known import Known
from feedback_analysis.report.pieces import html_pieces
from tests.report.hand_made import write_notebook
from tests.report.planted import (
    KINDS,
    WAYS,
    core,
    item,
    planted_shop,
    spelt,
    squashed,
)

# Everything that a notebook can show: each text of each table, one column at a time.
SHOWS_ALL = (
    "import pandas as pd\n"
    "from IPython.display import HTML, display\n"
    "import feedback_analysis as fa\n"
    "pd.set_option('display.max_colwidth', None)\n"
    "shop = fa.read_folder(SHOP)\n"
    "frames = [*shop.tables().values(), shop.ledger, shop.set_aside]\n"
    "columns = [frame[[name]].astype(str) for frame in frames for name in frame]\n"
    "display(*[HTML(column.drop_duplicates().to_html()) for column in columns])"
)
FOUND = {
    "e-mail": "e-mail addresses",
    "phone": "telephone numbers",
    "order id": "order ids",
    "name": "names or addresses of buyers",
}


@pytest.fixture(scope="module")
def planted(tmp_path_factory):
    """A planted shop, a notebook that shows all of it, and what was planted."""
    place = tmp_path_factory.mktemp("planted")
    given = planted_shop(place / "shop")
    write_notebook(place / "notebooks" / "00_all.ipynb", "## Everything", SHOWS_ALL)
    return place, given


def build(place):
    return build_report(
        place / "shop", period="2026-10", output=place / "out", notebooks=place / "notebooks",
        progress=False,
    )  # fmt: skip


def leaks(place, given):
    """Return what can be read in any file below a folder, as (kind, spelling, column)."""
    texts = [path.read_text("utf-8") for path in sorted(place.iterdir())]
    whole = "|".join(squashed(text) for text in texts)
    return {
        (kind, way, column) for kind, number, way, column in given if core(kind, number) in whole
    }


def test_enough_is_planted_of_every_kind_in_every_spelling_and_column(planted):
    _, given = planted
    for kind in KINDS:
        mine = [(way, column) for found, _, way, column in given if found == kind]
        assert len(mine) >= 1000
        assert {way for way, _ in mine} == set(WAYS)
        assert {"Comments", "Your Response", "carrier", "sku", "customer-comments"} <= {
            column for _, column in mine
        }


@pytest.fixture(scope="module")
def made(planted):
    """The folder of a report of the planted shop."""
    return build(planted[0]).parent


def test_nothing_planted_comes_out_of_a_report(planted, made):
    page = (made / "00_all.html").read_text("utf-8")
    for mask in ("[e-mail]", "[phone]", "[order id]", "[name]", "[masked "):
        assert mask in page
    assert leaks(made, planted[1]) == set()


def test_no_name_is_kept_beside_the_shop(planted, made):
    """Names are known while Python runs, and written nowhere, not even in the private folder."""
    place, given = planted
    kept = [path for path in (place / "shop" / ".private").rglob("*") if path.is_file()]
    texts = [path.read_bytes().decode("utf-8", "replace") for path in kept]
    # Parquet is packed; what its tables hold is on the page that shows all of them.
    assert {".parquet", ".csv", ".json"} <= {path.suffix for path in kept}
    whole = "|".join(squashed(text) for text in texts)
    named = {core(kind, number) for kind, number, *_ in given if kind == "name"}
    assert not [each for each in named if each in whole]


def test_the_gate_stops_a_report_whose_masks_are_off(planted, made, monkeypatch):
    place, given = planted
    before = {path.name: path.read_bytes() for path in made.iterdir()}
    for module in (asks, cases, feedback, returns):
        monkeypatch.setattr(module, "scrub", lambda texts, **_: texts.fillna("").astype(str))
    monkeypatch.setattr(folder, "mask_tables", lambda *_: None)
    # What was kept of the same files is masked already.
    shutil.rmtree(place / "shop" / ".private" / "reading")
    with pytest.raises(ReportError, match="would show") as caught:
        build(place)
    for what in FOUND.values():
        assert what in caught.value.message
    where = r"00_all.html, below 'Everything', table row \d+, column '\w+': "
    assert re.search(where, str(caught.value))
    # What was found is never said.
    said = squashed(str(caught.value))
    assert not any(core(kind, number) in said for kind, number, *_ in given)
    assert {path.name: path.read_bytes() for path in made.iterdir()} == before


def cell(column, text):
    """Return a page with one table of one cell."""
    row = f"<tr><th>{column}</th></tr><tr><td>{html.escape(text)}</td></tr>"
    return f"<h2>T</h2><table>{row}</table>"


@pytest.mark.parametrize("kind", KINDS)
def test_the_gate_sees_every_kind_in_every_spelling(kind):
    names = Names()
    names.add(item("name", number) for number in range(1000))
    known = Known(names=names)
    missed = []
    for number in range(1000):
        way = WAYS[number % len(WAYS)]
        said = spelt(item(kind, number), way)
        for column, text in (("Comment", said), ("Words", f"please write to {said} soon")):
            page = html_pieces(cell(column, text))
            found = {finding.what for finding in find_in("a.html", page, known, keys_allowed=True)}
            if FOUND[kind] not in found:
                missed.append((way, column))
    assert set(missed) == set()
