"""How many spoilt files of every kind are read or refused rightly: the long run of tests/fuzz.

    python benchmarks/fuzz.py [--upto 20000] [--piece 2000] [KIND ...]

Goes on where the last run ended, kind by kind, the cheap ones first, and writes what came of them
to benchmarks/results/fuzz.csv after each piece. A bound holds for each input: ten seconds of the
processor (forty where causes of one's own are learnt), and a gigabyte of address space beyond what
the process held before.
"""

from __future__ import annotations

import argparse
import csv
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from tests.fuzz.bounded import run
from tests.fuzz.kinds import KINDS

RESULTS = Path(__file__).with_name("results") / "fuzz.csv"
CHEAP = (
    "settings", "taxonomy", "causes", "corrections", "periods", "sales-and-traffic",
    "account-health", "asks", "comments",
)  # fmt: skip
COUNTS = ("tried", "good", "refused", "fault")
COLUMNS = ("kind", *COUNTS, "longest_seconds", "memory_mib")


def in_turn() -> list[str]:
    """Return every kind, those that cost least first, a whole folder last."""
    return [*CHEAP, *(name for name in KINDS if name not in CHEAP)]


def kept() -> dict[str, dict[str, float]]:
    """Return what earlier runs found, by kind."""
    rows: dict[str, dict[str, float]] = {}
    if RESULTS.is_file():
        with RESULTS.open(newline="") as file:
            for row in csv.DictReader(file):
                name = row.pop("kind")
                rows[name] = {column: float(cell) for column, cell in row.items()}
    return {name: rows.get(name, dict.fromkeys(COLUMNS[1:], 0.0)) for name in KINDS}


def write(rows: dict[str, dict[str, float]]) -> None:
    """Write what was found so far."""
    aside = RESULTS.with_suffix(".new")
    with aside.open("w", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(COLUMNS)
        for name, row in rows.items():
            writer.writerow(
                [name, *(int(row[column]) for column in COUNTS), row["longest_seconds"],
                 round(row["memory_mib"])]
            )  # fmt: skip
    aside.replace(RESULTS)


def a_piece(name: str, row: dict[str, float], count: int) -> None:
    """Read the next inputs of a kind, tell each fault, and add what came of them."""
    first = int(row["tried"]) + 1
    done, _ = run(
        [(name, first, count)],
        told=lambda fault: print(f"{name} {fault['number']}: {fault['what']}", flush=True),
    )
    found = done[name]
    row["tried"] += count
    for column in ("good", "refused", "fault"):
        row[column] += found[column]
    row["longest_seconds"] = max(row["longest_seconds"], found["seconds"])
    row["memory_mib"] = max(row["memory_mib"], found["memory"] / 1024**2)


def main() -> None:
    """Go on to so many inputs of every kind."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("kinds", nargs="*", default=in_turn(), metavar="KIND")
    parser.add_argument("--upto", type=int, default=20_000, help="inputs of each kind, in all")
    parser.add_argument("--piece", type=int, default=2_000, help="inputs read by one child")
    given = parser.parse_args()
    rows = kept()
    for name in given.kinds:
        while rows[name]["tried"] < given.upto:
            a_piece(name, rows[name], min(given.piece, given.upto - int(rows[name]["tried"])))
            write(rows)
    for name, row in rows.items():
        print(name, *(f"{int(row[column]):,} {column}" for column in COUNTS))


if __name__ == "__main__":
    main()
