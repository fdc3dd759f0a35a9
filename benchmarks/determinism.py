"""Make the report, the lists and the labels in six worlds and compare every byte.

A world has its time zone (from UTC-11 to UTC+14), language (Turkish, German, Japanese, none), hash
seed, number of workers, folder and user. Languages that the machine lacks are made by localedef;
without it, C and C.UTF-8 stand in, and the output says so. `--whole` takes the package's own
notebooks instead of two small ones, which takes minutes a world; what the others gave stays in
benchmarks/results/determinism.csv.
"""

from __future__ import annotations

import argparse
import csv
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from tests.worlds import WORLDS, differing, make_locales, outcome, start

RESULTS = Path(__file__).with_name("results") / "determinism.csv"
HEADER = (
    "notebooks", "zone", "language", "hash_seed", "workers", "folder", "user", "files", "differ",
)  # fmt: skip


def main() -> None:
    """Compare all worlds with the first."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--whole", action="store_true", help="with the package's own notebooks")
    parser.add_argument("--worlds", type=int, default=len(WORLDS))
    given = parser.parse_args()
    rows, first = [], {}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        made = make_locales(folder / "locales")
        notebooks = Path(__file__).resolve().parents[1] / "notebooks" if given.whole else None
        start(folder / "start", notebooks=notebooks)
        for number, world in enumerate(WORLDS[: given.worlds]):
            language = world[1] if world[1] in made else "C"
            world = (world[0], language, *world[2:])
            found = outcome(
                folder / "start", folder / str(number), world,
                locales=folder / "locales", cache=folder / "cache",
            )  # fmt: skip
            first = first or found
            differ = differing(first, found)
            rows.append(("own" if given.whole else "small", *world, len(found), len(differ)))
            print(*world, f"{len(found)} files, {len(differ)} differ", *differ, flush=True)
    kept = []
    if RESULTS.is_file():
        with RESULTS.open(encoding="utf-8", newline="") as file:
            kept = [row for row in list(csv.reader(file))[1:] if row[0] != rows[0][0]]
    with RESULTS.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerows([HEADER, *sorted([*kept, *rows], key=lambda row: row[0] == "own")])


if __name__ == "__main__":
    main()
