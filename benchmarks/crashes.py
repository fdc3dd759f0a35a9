"""Kill commands that write at 100 moments, fill the disk, take the rights away, set the clock back.

After each, the last good report and the user's own files must be as they were, the next run must
succeed, and nothing may be left aside. `--moments 100` of each command; half are file operations
of a chosen number, half points in time, drawn from `--seed`. Needs Linux; a full disk and another
user's eyes need the administrator, and are left out without. Rows of commands that `--only` leaves
out stay as an earlier run found them.
"""

from __future__ import annotations

import argparse
import csv
import os
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

# Everything imported here is there in every child.
import feedback_analysis.cli
import feedback_analysis.report.build
import feedback_analysis.report.case_work
import feedback_analysis.service  # noqa: F401
from tests import hardships
from tests.crash_cases import Bench
from tests.crashing import moments

RESULTS = Path(__file__).with_name("results") / "crashes.csv"
COMMANDS = ("corrections", "check", "cases", "report")
# Bytes left on the disk, and the longest that a file may grow to.
ROOM = (0, 4_096, 20_000, 60_000, 200_000)
LONGEST = (0, 100, 4_096, 20_000, 60_000)


def main() -> None:
    """Run what is asked for, and keep a line for each kind of hardship."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--moments", type=int, default=100)
    parser.add_argument("--seed", type=int, default=20261126)
    parser.add_argument("--only", nargs="*", default=COMMANDS, choices=COMMANDS)
    given = parser.parse_args()
    for name in given.only:
        with tempfile.TemporaryDirectory() as folder:
            bench = Bench(name, Path(folder))
            rows = [*_killed(bench, given.moments, given.seed), *_hardships(bench)]
            write(RESULTS, name, rows)


def write(results: Path, name: str, rows: list[tuple]) -> None:
    """Put the rows of a command in the place of what an earlier run wrote of it."""
    kept: dict[str, list] = {}
    if results.is_file():
        with results.open(encoding="utf-8", newline="") as file:
            for row in list(csv.reader(file))[1:]:
                kept.setdefault(row[0], []).append(row)
    kept[name] = rows
    with results.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(HEADER)
        for command in COMMANDS:
            writer.writerows(kept.get(command, ()))


HEADER = ("command", "what", "tries", "took_hold", "wrong")


def _killed(bench: Bench, many: int, seed: int):
    begin, hit, wrong = time.monotonic(), 0, []
    for number, moment in enumerate(moments(seed, many, bench.operations, bench.seconds), 1):
        took, found = bench.kill(**moment)
        hit += took
        wrong += [f"{moment}: {each}" for each in found]
        if number % 20 == 0:
            print(f"{bench.name}: {number} of {many} kills, {hit} took hold, {len(wrong)} wrong",
                  f"after {time.monotonic() - begin:.0f} s", flush=True)  # fmt: skip
    yield _row(bench, "kill -9", many, hit, wrong)


def _hardships(bench: Bench):
    tried = [hardships.full_disk(bench, limit) for limit in LONGEST]
    yield _rows(bench, "no file may grow beyond a limit", tried)
    if os.geteuid() == 0:
        tried = [hardships.on_a_full_disk(bench, room) for room in ROOM]
        yield _rows(bench, "full disk", tried)
        yield _rows(bench, "read-only", [hardships.read_only(bench)])
    yield _rows(bench, "two at once", [hardships.two_at_once(bench)])
    yield _rows(bench, "clock set back", [hardships.clock_back(bench)])


def _rows(bench: Bench, what: str, tried: list):
    refused = sum(code != 0 for code, _ in tried)
    return _row(bench, what, len(tried), refused, [each for _, wrong in tried for each in wrong])


def _row(bench: Bench, what: str, tries: int, hit: int, wrong: list[str]):
    print(f"{bench.name}, {what}: {tries} tries, {hit} took hold, {len(wrong)} wrong", flush=True)
    for each in wrong[:10]:
        print(f"  {each}")
    return bench.name, what, tries, hit, len(wrong)


if __name__ == "__main__":
    main()
