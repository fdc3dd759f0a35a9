"""A few kills of each command, and each hardship once; benchmarks/crashes.py tries a hundred."""

import os
import sys

import pytest

# Everything imported here is there in every child.
import feedback_analysis.report.build
import feedback_analysis.report.case_work
import feedback_analysis.service  # noqa: F401
from benchmarks import crashes
from feedback_analysis.aside import aside, clear_stale, locked, swap_folders
from feedback_analysis.errors import ReportError
from tests import hardships
from tests.crash_cases import Bench
from tests.crashing import leftovers, moments

pytestmark = pytest.mark.skipif(
    sys.platform != "linux", reason="children are forked, watched and limited as Linux does it"
)
root_only = pytest.mark.skipif(
    not hasattr(os, "geteuid") or os.geteuid() != 0, reason="only the administrator may"
)


@pytest.fixture(scope="module", params=["corrections", "check", "cases"])
def bench(request, tmp_path_factory):
    """A command with its state before and after."""
    return Bench(request.param, tmp_path_factory.mktemp(request.param))


def test_a_killed_command_leaves_the_old_or_the_new_and_the_next_run_succeeds(bench):
    hits, wrong = 0, []
    for moment in moments(7, 4, bench.operations, bench.seconds):
        hit, found = bench.kill(**moment)
        hits += hit
        wrong += found
    assert wrong == []
    assert hits > 0


def test_no_room_on_the_disk_is_told_and_costs_nothing(bench):
    for limit in (0, 4_096):
        assert hardships.full_disk(bench, limit)[1] == []


@root_only
def test_a_folder_that_may_only_be_read_is_told(bench):
    assert hardships.read_only(bench)[1] == []


def test_two_at_once_and_a_clock_set_back_do_no_harm(bench):
    assert hardships.two_at_once(bench) == (0, [])
    assert hardships.clock_back(bench) == (0, [])


def test_a_killed_report_leaves_the_old_or_the_new(tmp_path):
    bench = Bench("report", tmp_path)
    # The last operations are those that put the pages in their place.
    for at in (3, bench.operations - 12, bench.operations - 2):
        _, wrong = bench.kill(at=at)
        assert wrong == [], at


def test_the_kill_is_real_and_its_harm_would_be_seen(tmp_path):
    bench = Bench("corrections", tmp_path)
    file = bench.place / "shop" / "corrections.csv"

    def careless(place):
        def work():
            # As nobody should write: in place, a part at a time.
            file.write_text("comment,order_key,causes\n")
            with file.open("a") as kept:
                kept.write('"the first of')
            os.kill(os.getpid(), 9)

        return work

    bench.case.work = careless
    assert bench.kill()[1] != []


def test_what_a_dead_process_left_is_removed_and_what_a_living_one_writes_is_not(tmp_path):
    path = tmp_path / "list.csv"
    (tmp_path / ".list.csv.999999999.tmp").write_text("dead")
    living = tmp_path / f".list.csv.{os.getppid()}.tmp"
    living.write_text("at work")
    (tmp_path / ".other.csv.999999999.tmp").write_text("of another file")
    clear_stale(path)
    assert leftovers(tmp_path) == sorted([living.name, ".other.csv.999999999.tmp"])


def test_a_run_of_one_command_keeps_what_an_earlier_one_found_of_the_others(tmp_path):
    results = tmp_path / "crashes.csv"
    crashes.write(results, "report", [("report", "kill -9", 20, 19, 0)])
    crashes.write(results, "check", [("check", "kill -9", 20, 18, 0)])
    crashes.write(results, "report", [("report", "kill -9", 100, 97, 0)])
    assert results.read_text().splitlines()[1:] == [
        "check,kill -9,20,18,0", "report,kill -9,100,97,0",
    ]  # fmt: skip


def _fail_half_way(path):
    with aside(path, keep_mode=True) as new:
        new.write_text("half")
        raise RuntimeError("half")


def test_a_file_written_aside_keeps_its_rights_and_fails_whole(tmp_path):
    path = tmp_path / "mine.csv"
    path.write_text("old")
    path.chmod(0o640)
    with pytest.raises(RuntimeError, match="half"):
        _fail_half_way(path)
    assert path.read_text() == "old"
    with aside(path, keep_mode=True) as new:
        new.write_text("new")
    assert (path.read_text(), path.stat().st_mode & 0o777) == ("new", 0o640)
    assert leftovers(tmp_path) == []


def test_a_lock_is_shared_by_many_and_taken_by_one(tmp_path):
    with (
        locked(tmp_path, shared=True),
        locked(tmp_path, shared=True),
        pytest.raises(ReportError, match="at work"),
        locked(tmp_path, patience=0),
    ):
        pass
    with locked(tmp_path, patience=0):
        pass


def test_two_folders_change_places_in_one_step(tmp_path):
    for name in ("one", "other"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "name").write_text(name)
    assert swap_folders(tmp_path / "one", tmp_path / "other")
    assert (tmp_path / "one" / "name").read_text() == "other"
