"""What a month's report takes, against the floor: as many kernels that import and do nothing.

The floor starts the same number of kernels with the same runner and the same number at once, each a
Python of its own, as Jupyter starts them (not copies of one process, as a report's are); each
imports pandas, seaborn and scikit-learn and ends. Every run is a process of its own, and the four
kinds take turns, so that a machine that is busy with other things is so for all of them. Seconds of
the processor count the process and its kernels together.
"""

from __future__ import annotations

import argparse
import csv
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SAMPLE = ROOT / "data" / "sample"
RESULTS = Path(__file__).resolve().parent / "results" / "report_time.csv"
PERIOD, BEFORE = "2026-10", "2026-09"
# Files that a seller adds after the month: left out while the report of the month before is made.
NEW = "*2026-10-31*"
FLOOR = """
import sys
from pathlib import Path
from feedback_analysis.report.run import run_notebooks
run_notebooks(sorted(Path(sys.argv[1]).glob("*.ipynb")), parameters={}, workers=int(sys.argv[2]))
"""
REPORT = """
import sys
from feedback_analysis.report import build_report
shop, out, period, workers = sys.argv[1:]
build_report(shop, period=period, output=out, workers=int(workers), progress=False)
"""
IDLE = "import pandas\nimport seaborn\nimport sklearn"
KINDS = {
    "floor": "kernels that import pandas, seaborn and scikit-learn",
    "cold": "no .private and no cache: everything for the first time",
    "again": "the same files read before: the report made once more",
    "next month": "the month before was reported, the month's files are new",
}


@dataclass(frozen=True)
class Cost:
    """Seconds by the clock, and of the processor with all child processes."""

    wall: float
    processor: float


def main() -> None:
    """Measure all kinds in turn, print a table and keep it."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--repeats", type=int, default=5)
    options.add_argument("--cold-repeats", type=int, default=2)
    options.add_argument("--workers", type=int, default=2, help="kernels at once, in every kind")
    options.add_argument("--only", nargs="*", default=list(KINDS), choices=list(KINDS))
    given = options.parse_args()
    costs: dict[str, list[Cost]] = {kind: [] for kind in given.only}
    with tempfile.TemporaryDirectory() as name:
        place = Path(name)
        runner = Runner(place, given.workers)
        for turn in range(max(given.repeats, given.cold_repeats)):
            for kind in given.only:
                if turn < (given.cold_repeats if kind == "cold" else given.repeats):
                    cost = runner.run(kind)
                    costs[kind].append(cost)
                    print(f"  {kind}: {cost.processor:.1f} s of the processor, {cost.wall:.1f} s")
                    sys.stdout.flush()
                    # A machine that is needed for other things may end this at any time.
                    _keep(costs)
    _tell(costs)


class Runner:
    """Prepares what each kind of run meets, and runs it.

    Parameters
    ----------
    place : Path
        An empty folder for shops, reports and notebooks.
    workers : int
        Kernels at once.
    """

    def __init__(self, place: Path, workers: int) -> None:
        self.place, self.workers = place, workers
        self.notebooks = place / "idle"
        self._write_idle()

    def run(self, kind: str) -> Cost:
        """Run one kind once."""
        if kind == "floor":
            return self._timed(FLOOR, str(self.notebooks))
        shop = self.place / ("next" if kind == "next month" else "first") / "shop"
        if kind == "cold" or (kind == "again" and not shop.is_dir()):
            shutil.rmtree(self.place / "cache", ignore_errors=True)
            _copy(SAMPLE, shop)
            cost = self._report(shop, PERIOD)
            if kind == "cold":
                return cost
        if kind == "again":
            return self._report(shop, PERIOD)
        self._month_before(shop)
        return self._report(shop, PERIOD)

    def _month_before(self, shop: Path) -> None:
        """Make a shop whose last report was made before the month's files came."""
        kept = self.place / "before"
        if not kept.is_dir():
            _copy(SAMPLE, kept)
            for file in [*kept.rglob(NEW)]:
                shutil.rmtree(file) if file.is_dir() else file.unlink(missing_ok=True)
            for listed in kept.rglob("periods.csv"):
                head, *lines = listed.read_text("utf-8").splitlines(keepends=True)
                left = [line for line in lines if _is_there(line, listed)]
                listed.write_text("".join([head, *left]), "utf-8")
            self._report(kept, BEFORE)
        shutil.rmtree(shop, ignore_errors=True)
        shutil.copytree(kept, shop)
        shutil.copytree(SAMPLE, shop, dirs_exist_ok=True, ignore=_private)

    def _report(self, shop: Path, period: str) -> Cost:
        return self._timed(REPORT, str(shop), str(self.place / "report"), period)

    def _timed(self, script: str, *given: str) -> Cost:
        path = os.pathsep.join([str(ROOT), *filter(None, [os.environ.get("PYTHONPATH")])])
        environment = {**os.environ, "PYTHONPATH": path, "OMP_NUM_THREADS": "1"}
        environment["FEEDBACK_ANALYSIS_CACHE"] = str(self.place / "cache")
        before, start = os.times(), time.monotonic()
        command = [sys.executable, "-c", script, *given, str(self.workers)]
        subprocess.run(command, env=environment, check=True)
        after = os.times()
        used = after.children_user + after.children_system
        used -= before.children_user + before.children_system
        return Cost(time.monotonic() - start, used)

    def _write_idle(self) -> None:
        """Write as many notebooks as the report runs, each with nothing but the imports."""
        import nbformat

        from feedback_analysis.report.run import find_notebooks

        self.notebooks.mkdir()
        for path in find_notebooks():
            cell = nbformat.v4.new_code_cell(IDLE, id="only")
            nbformat.write(nbformat.v4.new_notebook(cells=[cell]), self.notebooks / path.name)


def _private(_folder: str, names: list[str]) -> list[str]:
    return [name for name in names if name in (".private", "corrections.csv")]


def _is_there(line: str, listed: Path) -> bool:
    return (listed.parent / line.split(",")[0].strip('"')).exists()


def _copy(source: Path, target: Path) -> None:
    shutil.rmtree(target, ignore_errors=True)
    shutil.copytree(source, target, ignore=_private)


HEAD = ["kind", "seconds_of", "runs", "least", "median", "most", "ratio_to_floor"]


def _rows(costs: dict[str, list[Cost]]) -> list[list[str]]:
    rows = []
    for kind, found in costs.items():
        for measure in ("processor", "wall") if found else ():
            seconds = sorted(getattr(cost, measure) for cost in found)
            floor = [getattr(cost, measure) for cost in costs.get("floor", [])]
            middle = statistics.median(seconds)
            ratio = middle / statistics.median(floor) if floor else float("nan")
            ends = (seconds[0], middle, seconds[-1], ratio)
            rows.append([kind, measure, str(len(seconds)), *(f"{each:.2f}" for each in ends)])
    return rows


def _keep(costs: dict[str, list[Cost]]) -> None:
    with RESULTS.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([HEAD, *_rows(costs)])


def _tell(costs: dict[str, list[Cost]]) -> None:
    for row in [HEAD, *_rows(costs)]:
        print("{:<12}{:<11}{:>5}{:>9}{:>9}{:>9}{:>16}".format(*row))
    for kind in costs:
        print(f"{kind}: {KINDS[kind]}")


if __name__ == "__main__":
    main()
