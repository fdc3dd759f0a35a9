"""A shop's first files may be of one kind: no page fails, whatever it has nothing to say about."""

import gzip

import pytest

import feedback_analysis as fa
from tests.project_files import ROOT
from tests.scale.notebook_results import results_of

SAMPLE = ROOT / "data" / "sample" / "amazon" / "UK"
NOTEBOOKS = sorted(path.stem for path in (ROOT / "notebooks").glob("0[0-5]*.ipynb"))
TOTALS = """
[[totals]]
as_of = 2026-10-31
window = "365 days"
marketplace = "UK"
positive = 912
neutral = 21
negative = 33
"""


def first_orders(folder):
    packed = (SAMPLE / "orders" / "all-orders-2026-05-01-to-2026-10-31.txt.gz").read_bytes()
    lines = gzip.decompress(packed).splitlines(keepends=True)
    (folder / "amazon" / "orders.txt").write_bytes(b"".join(lines[:200]))


def typed_totals(folder):
    (folder / "shop.toml").write_text(TOTALS)


@pytest.fixture(scope="module", params=[first_orders, typed_totals])
def shop(request, tmp_path_factory):
    folder = tmp_path_factory.mktemp("shop")
    (folder / "amazon").mkdir()
    request.param(folder)
    return fa.read_folder(folder)


@pytest.mark.parametrize("notebook", NOTEBOOKS)
def test_every_page_can_be_made(shop, notebook, monkeypatch):
    assert results_of(notebook, shop, monkeypatch)
