"""Planted data in everything that the product writes beside a report, and who may read it.

State, caches, lists, labels, audits, failed notebooks and what is printed: what no table may hold
is in none of them. Only the map of keys and the seller's own lists hold order ids.
"""

import io
import os
import re
import stat
import subprocess
import tempfile
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from typer.testing import CliRunner

from feedback_analysis.amazon.folder import read_folder
from feedback_analysis.causes.audit import audit_shop
from feedback_analysis.causes.corrections_log import add_correction
from feedback_analysis.causes.store import cache_folder
from feedback_analysis.cli import app
from feedback_analysis.errors import ReportError
from feedback_analysis.purge.search import contents
from feedback_analysis.report.build import build_report
from tests.amazon.files import ORDER
from tests.project_files import ROOT
from tests.report.hand_made import write_notebook
from tests.report.planted import core, planted_shop, squashed

# The cores of all items, whatever their number.
CORE = re.compile(r"leak\d{5}planted|077009\d{5}|00077\d{5}|quist[a-z]{4}")
SHOWS = (
    "import feedback_analysis as fa\n"
    "from IPython.display import HTML, display\n"
    "shop = fa.read_folder(SHOP)\n"
    "frames = [*shop.tables().values(), shop.ledger, shop.set_aside]\n"
    "display(*[HTML(frame.head(80).astype(str).to_html()) for frame in frames])\n"
    "import sys, logging; logging.warning('a line'); raise ValueError('ended here')"
)


@pytest.fixture(scope="module")
def worked(tmp_path_factory):
    """A planted shop on which every command has been at work, and what they said."""
    place = tmp_path_factory.mktemp("worked")
    given = planted_shop(place / "shop", rows=40)
    for name in ("home", "temporary"):
        (place / name).mkdir()
    with pytest.MonkeyPatch.context() as patch:
        # The labeller learnt before is found again; it holds nothing of a shop.
        patch.setenv("FEEDBACK_ANALYSIS_CACHE", str(cache_folder()))
        patch.setenv("HOME", str(place / "home"))
        patch.setenv("TMPDIR", str(place / "temporary"))
        patch.setattr(tempfile, "tempdir", None)
        said = _work(place)
    return place, given, said


def _work(place):
    shop, said = place / "shop", []
    before = {path for path in shop.rglob("*") if path.is_file()}
    (place / "given.txt").write_text("\n".join(map(str, before)))
    for arguments in (
        ["check", shop, "--all"],
        ["cases", shop, "--out", place / "list.csv"],
        ["cases", shop, "--out", place / "list.xlsx"],
    ):
        done = CliRunner().invoke(app, [str(each) for each in arguments])
        assert done.exit_code == 0, done.output
        said.append(done.output)
    read = read_folder(shop)
    said.append(audit_shop(read.feedback, shop, encoder="none").text)
    comment = read.feedback["comment"].loc[lambda texts: texts.ne("")].iloc[0]
    add_correction(shop / "corrections.csv", comment, ["never_arrived"])
    write_notebook(place / "notebooks" / "00_all.ipynb", "## Everything", SHOWS)
    with pytest.raises(ReportError, match="ended here") as caught:
        build_report(
            shop, period="2026-10", output=place / "out", notebooks=place / "notebooks",
            progress=False,
        )  # fmt: skip
    said.append(str(caught.value))
    return said


def kept(place):
    """Return every file that was written, save what was given and the seller's own lists."""
    given = set((place / "given.txt").read_text().splitlines())
    return [
        path
        for path in sorted(place.rglob("*"))
        if path.is_file()
        and str(path) not in given
        and path.name not in ("given.txt", "list.csv", "list.xlsx")
        and "notebooks" not in path.relative_to(place).parts
    ]


def texts_of(path):
    """Return what can be read in a file: packed and unpacked, and the cells of Parquet."""
    data = path.read_bytes()
    parts = [part.decode("utf-8", "replace") for part in contents(path)]
    if data[:4] == b"PAR1":
        parts += [str(row) for row in pq.read_table(io.BytesIO(data)).to_pylist()]
    return "|".join(parts)


def test_every_kind_of_state_was_written(worked):
    place, *_ = worked
    names = {path.relative_to(place).as_posix() for path in kept(place)}
    for part in (
        "shop/.private/salt", "shop/.private/order-keys.csv", "shop/.private/audit/sample.csv",
        "shop/.private/failed/00_all.ipynb", "shop/.private/labels/", "feedback.parquet",
        "shop/.private/working-lists/", "shop/corrections.csv",
    ):  # fmt: skip
        assert any(part in name for name in names), part


def test_nothing_planted_is_in_any_of_it(worked):
    place, given, said = worked
    cores = {core(kind, number): (kind, way, column) for kind, number, way, column in given}
    leaks = {}
    for path in kept(place):
        whole = squashed(texts_of(path))
        if found := [cores[each] for each in CORE.findall(whole) if each in cores]:
            leaks[path.relative_to(place).as_posix()] = found
    assert leaks == {}
    heard = squashed("|".join(said))
    assert [cores[each] for each in CORE.findall(heard) if each in cores] == []


def test_order_ids_are_in_the_map_and_in_the_sellers_lists_only(worked):
    place, *_ = worked
    ids = [squashed(ORDER(number)) for number in range(1, 41)]
    holding = {
        path.relative_to(place / "shop").as_posix().split("/")[1]
        for path in kept(place)
        if any(each in whole for whole in [squashed(texts_of(path))] for each in ids)
    }
    # The memory of a list is by order id, because the list is.
    assert holding <= {"order-keys.csv", "working-lists"}
    assert "order-keys.csv" in holding


@pytest.mark.skipif(os.name == "nt", reason="Windows keeps no such modes")
def test_what_is_private_is_its_owners_alone(worked):
    place, *_ = worked
    wrong = []
    for path in [*place.glob("list.*"), place / "shop" / "corrections.csv"]:
        if stat.S_IMODE(path.stat().st_mode) != 0o600:
            wrong.append(path.name)
    private = place / "shop" / ".private"
    for path in [private, *private.rglob("*")]:
        if stat.S_IMODE(path.stat().st_mode) != (0o700 if path.is_dir() else 0o600):
            wrong.append(path.relative_to(place).as_posix())
    assert wrong == []


def test_nothing_is_left_in_temporary_folders(worked):
    place, *_ = worked
    assert list((place / "temporary").iterdir()) == []


def test_git_would_ignore_all_of_it(worked):
    place, *_ = worked
    if not (ROOT / ".git").exists():
        pytest.skip("not a checkout")
    inside = [
        Path("data/mine") / path.relative_to(place / "shop")
        for path in kept(place)
        if place / "shop" in path.parents
    ]
    done = subprocess.run(
        ["git", "check-ignore", "--no-index", "--stdin"],
        input="\n".join(map(str, inside)), cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert sorted(done.stdout.splitlines()) == sorted(map(str, inside))
