"""Files read in two processes give what one gives, also when the other ends before its time."""

from types import SimpleNamespace

import pandas as pd
import pytest

from feedback_analysis.amazon import beside
from feedback_analysis.amazon.folder import inspect_folder

HEAD = "Date\tRating\tComments\tYour Response\tOrder ID\tRater Email\n"


@pytest.fixture
def shop(tmp_path):
    """Write forty small feedback files, and one that is no report."""
    folder = tmp_path / "shop" / "amazon" / "US"
    folder.mkdir(parents=True)
    for number in range(40):
        row = f"10/{1 + number % 28}/26\t{1 + number % 3}\tLate {number}.\t\t"
        row += f"000-{number:07d}-0000001\tbuyer{number}@example.com\n"
        (folder / f"feedback-{number:02d}.txt").write_text(HEAD + row)
    (folder / "notes.txt").write_text("what,is,this\n1,2,3\n")
    (folder.parent.parent / "shop.toml").write_text('[privacy]\nsalt = "a salt for tests only"\n')
    return folder.parent.parent


def told(folder):
    found = inspect_folder(folder)
    tables = {**found.shop.tables(), "ledger": found.shop.ledger, "aside": found.shop.set_aside}
    keys = (folder / ".private" / "order-keys.csv").read_text()
    codes = {name: some.tolist() for name, some in found.names.codes().items()}
    return tables, [str(error) for error in found.problems], keys, codes


def same(one, other):
    for name, table in one[0].items():
        pd.testing.assert_frame_equal(table, other[0][name])
    assert one[1:] == other[1:]


class AtOnce:
    """A thread that works when it is begun: then the other process reads all there is."""

    def __init__(self, target, daemon):
        self.start, self.join = target, lambda: None


@pytest.fixture
def beside_first(monkeypatch):
    """Use the other process for a few files too, and let it begin before this one."""
    monkeypatch.setattr(beside, "cores", lambda: 2)
    monkeypatch.setattr(beside, "WORTH_IT", 2)
    monkeypatch.setattr(beside, "threading", SimpleNamespace(Thread=AtOnce))
    here, read = [], beside._read
    monkeypatch.setattr(beside, "_read", lambda *given: here.append(given[0]) or read(*given))
    return here


def test_two_processes_read_what_one_reads(shop, request):
    alone = told(shop)
    assert len(alone[0]["feedback"]) == 40
    assert len(alone[1]) == 1
    here = request.getfixturevalue("beside_first")
    same(alone, told(shop))
    assert here == [], "the other process was not asked"


@pytest.mark.parametrize(
    "child",
    [
        "import sys; sys.exit(1)",
        # One that ends when it has been asked.
        "import pickle, sys; sys.stdout.buffer.write(pickle.dumps(True)); sys.stdout.flush()",
    ],
)
def test_what_the_other_process_did_not_read_is_read_here(shop, child, monkeypatch, request):
    alone = told(shop)
    here = request.getfixturevalue("beside_first")
    monkeypatch.setattr(beside, "_CHILD", child)
    same(alone, told(shop))
    assert len(here) == 41
