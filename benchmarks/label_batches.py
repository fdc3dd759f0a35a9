"""What labelling many comments costs: by number, by process, and with vectors kept from before.

Comments are hand-written ones of the package, each with a short one behind it, so that nearly all
differ. Each run is a process of its own and labels batches of 5,000; what it is held against is
``label_comments`` of the smallest number in one process, in the same run of this file.
"""

from __future__ import annotations

import argparse
import csv
import os
import random
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

import _child

from feedback_analysis.causes.seeds import seeds

RESULT = Path(__file__).resolve().parent / "results" / "label_batches.csv"
COLUMNS = ("comments", "distinct", "way", "processes", "vectors", "cpu_seconds", "per_cpu_second",
           "against_plain", "wall_seconds", "peak_mb", "children_mb", "kept_bytes")  # fmt: skip
IMPORTS = """
import itertools, os, resource, sys, threading, time
import pandas as pd
from pathlib import Path
sys.path.insert(0, "benchmarks")
from label_batches import stream_of
from feedback_analysis.causes.label import label_comments, own_labeller
from feedback_analysis.scale import label_batches

def batches(number, size):
    made = stream_of(number)
    for at in range(0, number, size):
        some = list(itertools.islice(made, size))
        yield pd.DataFrame({"id": range(at, at + len(some)), "comment": some})

class Watch(threading.Thread):
    'Adds up the resident memory of the children, five times a second.'
    most, running = 0, True
    def run(self):
        while self.running:
            found = 0
            for path in Path(f"/proc/{os.getpid()}/task").glob("*/children"):
                for child in path.read_text().split():
                    try:
                        status = Path(f"/proc/{child}/status").read_text()
                        found += int(status.split("VmRSS:")[1].split()[0])
                    except (OSError, IndexError):
                        continue
            self.most = max(self.most, found)
            time.sleep(0.2)

own_labeller()
list(label_batches([pd.DataFrame({"comment": ["late"]})], workers=1))
"""
CODE = """
watch = Watch(daemon=True)
watch.start()
begun = time.perf_counter()
if way == "label_comments":
    rows = len(label_comments(stream_of(number), workers=1))
else:
    made = label_batches(batches(number, 5_000), memory=memory or None, workers=processes)
    rows = sum(len(frame) for frame in made)
wall = time.perf_counter() - begun
watch.running = False
children = resource.getrusage(resource.RUSAGE_CHILDREN)
answer = [rows, wall, children.ru_utime + children.ru_stime, watch.most * 1024]
"""


def main() -> None:
    """Run it."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("numbers", nargs="*", type=int, default=[10_000, 40_000])
    chosen = options.parse_args()
    # A cache of its own: nobody else's labellers push ours out of it between two runs.
    cache = tempfile.TemporaryDirectory()
    os.environ["FEEDBACK_ANALYSIS_CACHE"] = cache.name
    _child.run("from feedback_analysis.causes.label import own_labeller", "own_labeller()")
    found: list[dict] = []
    plain = measured(found, chosen.numbers[0], "label_comments", 1)
    for number in chosen.numbers:
        for processes in (1, 2):
            with tempfile.TemporaryDirectory() as folder:
                for _ in range(2):
                    measured(found, number, "label_batches", processes, folder, plain=plain)
                    written(found)
    cache.cleanup()


def written(found: list[dict]) -> None:
    """Write what was found so far: a run takes long."""
    with RESULT.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS, lineterminator="\n")
        writer.writeheader()
        writer.writerows(found)


def stream_of(number: int) -> Iterator[str]:
    """Yield comments, nearly all of them different, always the same ones."""
    texts, drawn = seeds()["comment"].tolist(), random.Random(7)
    short = [text for text in texts if len(text) < 30]
    for _ in range(number):
        yield f"{drawn.choice(texts)} {drawn.choice(short)}"


def measured(
    found: list[dict], number: int, way: str, processes: int, folder: str = "", plain: float = 0.0
) -> float:
    """Run one way, print and add its row, and return comments per CPU second."""
    kept = Path(folder) / "vectors.sqlite"
    vectors = ("kept" if kept.exists() else "being kept") if folder else "not kept"
    begun = time.perf_counter()
    cost = _child.run(IMPORTS, CODE, number=number, way=way, processes=processes, memory=folder)
    rows, wall, children, most = cost.answer
    assert rows == number
    rate = number / (cost.seconds + children)
    row = {
        "comments": number,
        "distinct": len(set(stream_of(number))),
        "way": way,
        "processes": processes,
        "vectors": vectors,
        "cpu_seconds": round(cost.seconds + children, 1),
        "per_cpu_second": round(rate),
        "against_plain": round(rate / (plain or rate), 2),
        "wall_seconds": round(wall, 1),
        "peak_mb": round(cost.memory / 2**20),
        "children_mb": round(most / 2**20),
        "kept_bytes": round(kept.stat().st_size / number) if kept.exists() else 0,
    }
    found.append(row)
    print(*(f"{name} {value}" for name, value in row.items()), sep="; ", flush=True)
    print(f"  ({time.perf_counter() - begun:.0f} s with start)", flush=True)
    return rate


if __name__ == "__main__":
    main()
