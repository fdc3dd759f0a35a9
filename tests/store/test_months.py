"""What is kept of large files: read once, whole or not at all, and never counted twice."""

import json
import os
import signal
import stat
import subprocess
import sys
import time
from pathlib import Path

import pandas as pd
import pytest

from feedback_analysis import read_folder
from feedback_analysis.amazon import large_kept
from feedback_analysis.store.engine import engine
from tests.project_files import ROOT
from tests.scale.condensing import condensed
from tests.store.shops import SHOP, feedback_rows, monthly, read_large, write_shop

NEW = monthly([[f"11/{1 + place}/26", *row[1:]] for place, row in enumerate(feedback_rows(20))])
# Run in a process of its own, which is killed where `point` says, the nth time it comes by.
DRIVER = """
import os, signal, sys
from feedback_analysis.amazon import kept, folder
from feedback_analysis.store import months
kept.LARGE = 0
shop, point, left = sys.argv[1], sys.argv[2], int(sys.argv[3])

def dying(function):
    def called(*given, **named):
        global left
        left -= 1
        if left < 0:
            os.kill(os.getpid(), signal.SIGKILL)
        return function(*given, **named)
    return called

owner = months.Months if hasattr(months.Months, point) else months
setattr(owner, point, dying(getattr(owner, point)))
folder.inspect_folder(shop)
"""


def state(folder):
    home = folder / ".private" / "store"
    return {
        path.relative_to(home).as_posix(): path.read_bytes()
        for path in sorted(home.rglob("*"))
        if path.is_file()
    }


def pieces(folder):
    return {name for name in state(folder) if name.endswith(".parquet")}


def assert_same(one, other):
    for name in ("feedback", "orders", "shipments", "returns", "ledger", "set_aside"):
        pd.testing.assert_frame_equal(getattr(one, name), getattr(other, name))
    for name, table in one.tallies.tables().items():
        pd.testing.assert_frame_equal(table, other.tallies.table(name))


def reads(monkeypatch):
    """Return a list that gets the name of each file that is read from its bytes."""
    names = []
    original = large_kept._read

    def noted(connection, opened, *rest):
        names.append(opened.stream.path.name)
        return original(connection, opened, *rest)

    monkeypatch.setattr(large_kept, "_read", noted)
    return names


def test_a_second_reading_reads_no_file_again(tmp_path, monkeypatch):
    folder, read = write_shop(tmp_path / "shop", SHOP), reads(monkeypatch)
    first = read_large(folder, monkeypatch)
    assert len(read) == len(SHOP) - 1  # one is a copy
    before = state(folder)
    read.clear()
    assert_same(first, read_large(folder, monkeypatch))
    assert read == []
    assert state(folder) == before


def test_only_a_new_file_is_read_and_the_sum_is_a_full_recount(tmp_path, monkeypatch):
    folder, read = write_shop(tmp_path / "shop", SHOP), reads(monkeypatch)
    read_large(folder, monkeypatch)
    read.clear()
    (folder / "amazon" / "c.txt").write_bytes(NEW)
    grown = read_large(folder, monkeypatch)
    assert read == ["c.txt"]
    fresh = write_shop(tmp_path / "fresh", {**SHOP, "c.txt": NEW})
    recount = read_large(fresh, monkeypatch)
    assert_same(grown, recount)
    # Orders of an earlier month that come again in the new one count once.
    for name, table in condensed(read_folder(fresh)).tallies.tables().items():
        pd.testing.assert_frame_equal(table, grown.tallies.table(name))


def test_a_month_delivered_twice_changes_nothing_but_the_ledger(tmp_path, monkeypatch):
    folder = write_shop(tmp_path / "shop", {**SHOP, "c.txt": NEW})
    once = read_large(folder, monkeypatch)
    before = pieces(folder)
    (folder / "amazon" / "d.txt").write_bytes(NEW)
    twice = read_large(folder, monkeypatch)
    pd.testing.assert_frame_equal(once.feedback, twice.feedback)
    for name, table in once.tallies.tables().items():
        pd.testing.assert_frame_equal(table, twice.tallies.table(name))
    assert pieces(folder) == before
    assert twice.ledger["rows_set_aside"].sum() == once.ledger["rows_set_aside"].sum() + 20


def test_pieces_are_private_named_by_month_and_content_and_swept(tmp_path, monkeypatch):
    folder = write_shop(tmp_path / "shop", SHOP)
    read_large(folder, monkeypatch)
    home = folder / ".private" / "store"
    assert {name.split("/")[1] for name in pieces(folder)} == {"2026-09", "2026-10", "2026-11"}
    if os.name == "posix":
        modes = {stat.S_IMODE(path.stat().st_mode) for path in home.rglob("*") if path.is_file()}
        assert modes == {0o600}
        assert stat.S_IMODE(home.stat().st_mode) == 0o700
    (folder / "amazon" / "b.txt").unlink()
    read_large(folder, monkeypatch)
    listed = json.loads((home / "manifest.json").read_text())["sources"].values()
    assert pieces(folder) == {piece for entry in listed for piece in entry["pieces"]}
    assert "feedback/2026-11" not in {name.rpartition("/")[0] for name in pieces(folder)}


@pytest.mark.parametrize("harm", ["cut", "missing", "manifest", "no manifest"])
def test_a_damaged_state_is_built_again(harm, tmp_path, monkeypatch):
    folder = write_shop(tmp_path / "shop", SHOP)
    first = read_large(folder, monkeypatch)
    home = folder / ".private" / "store"
    piece = home / min(pieces(folder))
    if harm == "cut":
        piece.write_bytes(piece.read_bytes()[:-5])
    elif harm == "missing":
        piece.unlink()
    elif harm == "manifest":
        (home / "manifest.json").write_text('{"form": 1, "sources": {"x": {}}')
    else:
        (home / "manifest.json").unlink()
    assert_same(first, read_large(folder, monkeypatch))


@pytest.mark.skipif(os.name != "posix", reason="a process is killed as only Unix can")
@pytest.mark.parametrize(
    ("point", "times"),
    [("_placed", 0), ("_placed", 2), ("write_private", 0), ("_sweep", 0)],
)
def test_a_run_killed_in_the_middle_leaves_the_state_as_it_was(point, times, tmp_path, monkeypatch):
    folder = write_shop(tmp_path / "shop", {name: SHOP[name] for name in ("a.txt", "orders 1.txt")})
    read_large(folder, monkeypatch)
    before = state(folder)
    for name in ("b.txt", "orders 2.txt"):
        (folder / "amazon" / name).write_bytes(SHOP[name])
    child = subprocess.run(
        [sys.executable, "-c", DRIVER, str(folder), point, str(times)],
        env={**os.environ, "PYTHONPATH": str(ROOT)}, capture_output=True, check=False,
    )  # fmt: skip
    assert child.returncode == -signal.SIGKILL, child.stderr
    after = state(folder)
    manifest = "manifest.json"
    swapped = after.pop(manifest) != before.pop(manifest)
    assert swapped == (point == "_sweep")
    # Everything that the state is made of is still there as it was.
    assert before.items() <= after.items()
    shop = read_large(folder, monkeypatch)
    fresh = write_shop(
        tmp_path / "fresh", {name: SHOP[name] for name in sorted(SHOP) if "copy" not in name}
    )
    assert_same(shop, read_large(fresh, monkeypatch))


def test_nothing_of_an_ordinary_shop_is_kept(tmp_path):
    folder = write_shop(tmp_path / "shop", SHOP)
    read_folder(folder)
    assert not Path(folder, ".private", "store").exists()


def test_what_a_killed_run_spilled_is_swept_a_day_later(tmp_path):
    for name, hours in ((".spill-old", 25), (".spill-new", 1)):
        (tmp_path / name).mkdir()
        (tmp_path / name / "rows.tmp").write_text("rows")
        then = time.time() - hours * 3600
        os.utime(tmp_path / name, (then, then))
    with engine(tmp_path):
        assert len(list(tmp_path.glob(".spill-*"))) == 2
    assert [path.name for path in tmp_path.glob(".spill-*")] == [".spill-new"]
