"""What reading a feedback file costs, masking and keys included, against a bare pandas.read_csv."""

from __future__ import annotations

import argparse
import os
import statistics
import tempfile
from pathlib import Path

from _child import Cost, run
from _feedback_file import write_feedback

_PANDAS = ("import pandas", "answer = len(pandas.read_csv(path, sep='\\t'))")
_OURS = (
    "import feedback_analysis",
    "answer = len(feedback_analysis.read_feedback(path, marketplace='US'))",
)
_VARIANTS = (
    ("usual", 0.03, "3 % of the comments hold an e-mail, a phone number or an order id"),
    ("all masked", 1.0, "every comment holds one"),
)
_HEAD = "{:<11}{:>5}{:>10}{:>7}{:>14}{:>8}{:>6}{:>15}{:>8}"
_LINE = "{:<11}{:>5.0f}{:>10.2f}{:>7.2f}{:>14.2f}{:>8.2f}{:>6.2f}{:>15.2f}{:>8.2f}"


def main() -> None:
    """Measure both variants and print one table."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--rows", type=int, default=1_000_000)
    options.add_argument("--repeats", type=int, default=7)
    chosen = options.parse_args()
    print(f"{chosen.rows:,} rows, {chosen.repeats} repetitions in turn, a fresh process each")
    columns = ("pandas s", "ours s", "ratio: least", "median", "most", "memory / file", "pandas")
    print(_HEAD.format("file", "MB", *columns))
    with tempfile.TemporaryDirectory() as folder:
        # The salt for bare files goes here too, not into the user's configuration.
        os.environ["XDG_CONFIG_HOME"] = os.environ["APPDATA"] = folder
        for name, personal, _ in _VARIANTS:
            path = Path(folder, "feedback.txt")
            size = write_feedback(path, rows=chosen.rows, personal=personal)
            print(_LINE.format(name, size / 1e6, *_figures(path, size, chosen)), flush=True)
    for name, _, meaning in _VARIANTS:
        print(f"{name}: {meaning}")
    print("s: seconds of processor after the imports, median; memory: peak beyond the imports")


def _figures(path: Path, size: int, chosen: argparse.Namespace) -> list[float]:
    bare, ours = [], []
    for _ in range(chosen.repeats):
        bare.append(_measured(_PANDAS, path, chosen.rows))
        ours.append(_measured(_OURS, path, chosen.rows))
    ratios = [mine.seconds / theirs.seconds for mine, theirs in zip(ours, bare, strict=True)]
    return [
        statistics.median(cost.seconds for cost in bare),
        statistics.median(cost.seconds for cost in ours),
        min(ratios),
        statistics.median(ratios),
        max(ratios),
        max(cost.memory for cost in ours) / size,
        max(cost.memory for cost in bare) / size,
    ]


def _measured(reader: tuple[str, str], path: Path, rows: int) -> Cost:
    cost = run(*reader, path=str(path))
    if cost.answer != rows:
        raise RuntimeError(f"{cost.answer} of {rows} rows were read")
    return cost


if __name__ == "__main__":
    main()
