"""How soon the panel to explore with is there, and how soon it answers, against plain pandas."""

from __future__ import annotations

import argparse
import csv
import shutil
import statistics
import tempfile
import time
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
from _child import run

from feedback_analysis import explore
from feedback_analysis.periods import Period

SAMPLE = Path(__file__).resolve().parent.parent / "data" / "sample"
RESULTS = Path(__file__).resolve().parent / "results" / "explore.csv"
HEAD = ["what", "of", "runs", "seconds", "most", "processor_seconds", "plain_seconds"]
PERIOD = "2026-10"
OPEN = """
import time
start, work = time.monotonic(), time.process_time()
from feedback_analysis import explore
shop = explore.open_shop(folder)
opened = time.monotonic()
panel = explore.panel(shop, explore.rows(shop), period=period)
answer = [opened - start, time.monotonic() - start, time.process_time() - work]
"""
# Interactions, one a filter; each begins from 365 days without another filter.
STEPS = {
    "period": {"start": date(2026, 8, 1), "end": date(2026, 10, 31)},
    "all days": {"start": None, "end": None},
    "marketplace": {"marketplace": ("US",)},
    "channel": {"channel": ("seller",)},
    "product": {"product": ("B0RXIF6IHV",)},
    "rating": {"rating": (1, 2)},
    "question": {"question": ("packaging",)},
    "cause": {"cause": ("late_delivery", "never_arrived")},
    "language": {"language": ("en",)},
    "words": {"words": "box"},
    "all of it": {
        "marketplace": ("US",), "rating": (1, 2, 3), "question": ("packaging",), "words": "box",
    },
}  # fmt: skip


def main() -> None:
    """Measure the first paint on the sample shop, and interactions on many feedbacks."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--rows", type=int, default=100_000)
    options.add_argument("--repeats", type=int, default=7)
    chosen = options.parse_args()
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place, "sample")
        shutil.copytree(
            SAMPLE, folder, ignore=shutil.ignore_patterns(".private", "corrections.csv")
        )
        shop, painted = _first_paint(folder)
        answered = _interactions(shop, chosen.rows, chosen.repeats)
    with RESULTS.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([HEAD, *painted, *answered])


def _first_paint(folder: Path) -> tuple[object, list[list[str]]]:
    print("first paint, sample shop: a fresh process, from the imports to the finished panel")
    shop = explore.open_shop(folder)
    # The labels are worked out once, by the first report or the first look.
    start = time.monotonic()
    explore.rows(shop)
    labelled, kept = time.monotonic() - start, []
    for name in ("from the files", "as they were read last"):
        found = []
        for _ in range(3):
            if name == "from the files":
                shutil.rmtree(folder / ".private" / "reading", ignore_errors=True)
            found.append(run("", OPEN, folder=str(folder), period=PERIOD).answer)
        opened, painted, work = (statistics.median(times) for times in zip(*found, strict=True))
        most = max(times[1] for times in found)
        numbers = (f"{each:.2f}" for each in (painted, most, work))
        kept.append([f"first paint, {name}", "the sample shop", str(len(found)), *numbers, ""])
        print(
            f"  {name}: {painted:.2f} s, {opened:.2f} s of them to open the shop; "
            f"{work:.2f} s of the processor (medians of 3)",
            flush=True,
        )
    print(f"  once, to learn and label: {labelled:.1f} s more")
    kept.append(["once, to learn and label", "the sample shop", "1", f"{labelled:.1f}", "", "", ""])
    return shop, kept


def _interactions(shop: object, n: int, repeats: int) -> list[list[str]]:
    rows = enlarged(explore.rows(shop), n)
    panel = explore.panel(shop, rows, period=PERIOD)
    panel.explorer.lay_out()
    year = explore.year_to(Period.parse(PERIOD).end)
    print(f"interaction, {n:,} feedbacks: every view drawn again, map included ({repeats} times)")
    head = ("ms", "most", "processor ms", "plain ms", "ratio", "found")
    print("  {:<14}{:>7}{:>7}{:>14}{:>10}{:>7}{:>9}".format("filter", *head))
    kept = []
    for name, values in STEPS.items():
        ours, plain, work = [], [], []
        for _ in range(repeats):
            panel.explorer.filters = year
            panel.refresh()
            begin = time.process_time()
            ours.append(1000 * _seconds(panel.set, **values))
            work.append(1000 * (time.process_time() - begin))
            plain.append(1000 * _seconds(panel.explorer.filters.apply, rows))
        found = len(panel.explorer.found())
        ms, used, bare = map(statistics.median, (ours, work, plain))
        # Without a filter there is nothing to hold it against.
        ratio = f"{ms / bare:.1f}" if panel.explorer.filters != explore.Filters() else "-"
        line = f"  {name:<14}{ms:>7.0f}{max(ours):>7.0f}{used:>14.0f}{bare:>10.1f}{ratio:>7}"
        print(f"{line}{found:>9,}", flush=True)
        numbers = (f"{each / 1000:.3f}" for each in (ms, max(ours), used, bare))
        kept.append([f"filter: {name}", f"{n} feedbacks", str(repeats), *numbers])
    print("plain pandas: the same rows chosen by the lines that the panel shows, nothing drawn")
    return kept


def _seconds(call, *given, **named) -> float:
    start = time.perf_counter()
    call(*given, **named)
    return time.perf_counter() - start


def enlarged(rows: pd.DataFrame, n: int) -> pd.DataFrame:
    """Draw feedback with replacement, spread over the same days.

    Parameters
    ----------
    rows : DataFrame
        What ``explore.rows`` returns.
    n : int
        How many.
    """
    draw = np.random.default_rng(2026)
    many = rows.iloc[draw.integers(0, len(rows), n)].copy()
    span = (rows["date"].max() - rows["date"].min()).days
    many["date"] = rows["date"].min() + pd.to_timedelta(draw.integers(0, span + 1, n), unit="D")
    many["order_key"] = [f"o{number}" for number in range(n)]
    return many.sort_values("date", kind="stable").reset_index(drop=True)


if __name__ == "__main__":
    main()
