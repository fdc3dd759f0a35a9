"""What reading a feedback file costs, masking and keys included, against a bare pandas.read_csv."""

from __future__ import annotations

import argparse
import statistics
import tempfile
from pathlib import Path

from _child import Cost, run
from _feedback_file import write_feedback

_PANDAS = ("import pandas", "frame = pandas.read_csv(path, sep='\\t')\nanswer = len(frame)")
_OURS = (
    "import feedback_analysis",
    "frame = feedback_analysis.read_feedback(path, marketplace='US')\nanswer = len(frame)",
)
_VARIANTS = (
    ("usual", 0.03, "3 % of the comments hold an e-mail, a phone number or an order id"),
    ("all masked", 1.0, "every comment holds one"),
)


def main() -> None:
    """Measure both variants and print one table."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--rows", type=int, default=1_000_000)
    options.add_argument("--repeats", type=int, default=5)
    chosen = options.parse_args()
    start = [statistics.median(run(code).cpu for _ in range(3)) for code, _ in (_PANDAS, _OURS)]
    print(f"{chosen.rows:,} rows, {chosen.repeats} repetitions in turn, a fresh process each")
    print(
        f"{'file':<11}{'MB':>5}  {'pandas s':>8}  {'ours s':>7}  "
        f"{'ratio: least':>12} {'median':>6} {'most':>5}  {'memory / file':>13}  {'pandas':>6}"
    )
    with tempfile.TemporaryDirectory() as folder:
        for name, personal, _ in _VARIANTS:
            path = Path(folder, "feedback.txt")
            size = write_feedback(path, rows=chosen.rows, personal=personal)
            bare, ours = _alternating(path, chosen.rows, chosen.repeats)
            _show(name, size, bare, ours, start)
    for name, _, meaning in _VARIANTS:
        print(f"{name}: {meaning}")
    print("seconds of processor without the imports; memory is the peak beyond the imports")


def _alternating(path: Path, rows: int, repeats: int) -> tuple[list[Cost], list[Cost]]:
    costs: tuple[list[Cost], list[Cost]] = ([], [])
    for _ in range(repeats):
        for reader, kept in zip((_PANDAS, _OURS), costs, strict=True):
            cost = run(*reader, path=str(path))
            if cost.answer != rows:
                raise RuntimeError(f"{cost.answer} of {rows} rows were read")
            kept.append(cost)
    return costs


def _show(name: str, size: int, bare: list[Cost], ours: list[Cost], start: list[float]) -> None:
    pandas_seconds = [cost.cpu - start[0] for cost in bare]
    our_seconds = [cost.cpu - start[1] for cost in ours]
    ratios = sorted(mine / theirs for mine, theirs in zip(our_seconds, pandas_seconds, strict=True))
    memory = max(cost.memory for cost in ours) / size
    bare_memory = max(cost.memory for cost in bare) / size
    print(
        f"{name:<11}{size / 1e6:5.0f}  {statistics.median(pandas_seconds):8.2f}  "
        f"{statistics.median(our_seconds):7.2f}  {ratios[0]:12.2f} {statistics.median(ratios):6.2f} "
        f"{ratios[-1]:5.2f}  {memory:13.2f}  {bare_memory:6.2f}"
    )


if __name__ == "__main__":
    main()
