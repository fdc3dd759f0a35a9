"""How good the labels are: on comments held apart from the seeds, with and without the encoder.

Run it with --write after a change of the labeller: the report prints these figures beside what the
labels say. The comments lie in benchmarks/causes_eval.csv, and none of them is among the seeds.
"""

from __future__ import annotations

import argparse
import csv
from pathlib import Path

import numpy as np

from feedback_analysis.causes.label import labelling
from feedback_analysis.causes.measures import Pairs, f1_scores, scored
from feedback_analysis.causes.taxonomy import own_taxonomy

COMMENTS = Path(__file__).with_name("causes_eval.csv")
TARGET = Path(__file__).parents[1] / "feedback_analysis" / "service" / "measured.toml"
HEAD = """\
# How good the labels were found to be, written by benchmarks/label_quality.py on comments in ten
# languages that were held apart from the seeds. The figures are at question level; low and high:
# 95 %, bootstrap. Of each label: n comments that have it, found by the labeller, and both.
"""
REPEATS = 1000


def main() -> None:
    """Measure each encoder, print the figures, and write them if asked."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--write", action="store_true", help="write them for the report")
    write = parser.parse_args().write
    with COMMENTS.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    lines = [HEAD]
    for encoder in ("use", "none"):
        made = labelling(encoder=encoder)
        answers = made([row["comment"] for row in rows])
        pairs = Pairs(
            true=[tuple(row["causes"].split(";")) for row in rows],
            found=[answer[1] for answer in answers],
            language=[row["language"] for row in rows],
            weight=np.ones(len(rows)),
        )
        taxonomy = own_taxonomy()
        asked = pairs.by_question(taxonomy)
        labels = tuple(taxonomy.questions)
        micro, macro, _ = f1_scores(asked.true, asked.found, labels)
        low, high = _interval(asked, labels)
        whole = scored(pairs, taxonomy)
        accuracy, kappa = (
            float(whole[(whole["level"] == "question") & (whole["group"] == "all")
                        & (whole["measure"] == name)]["value"].iloc[0])
            for name in ("accuracy", "kappa")
        )  # fmt: skip
        lines.append(
            f'[[encoder]]\nname = "{made.encoder}"\ncomments = {len(rows)}\n'
            f"micro_f1 = {micro:.3f}\nlow = {low:.3f}\nhigh = {high:.3f}\n"
            f"macro_f1 = {macro:.3f}\naccuracy = {accuracy:.3f}\nkappa = {kappa:.3f}\n"
        )
        lines.append("[encoder.questions]\n" + _counts(asked, labels))
        lines.append("[encoder.causes]\n" + _counts(pairs, taxonomy.ids))
    text = "\n".join(lines)
    print(text)
    if write:
        TARGET.write_text(text, encoding="utf-8", newline="\n")


def _counts(pairs: Pairs, labels: tuple[str, ...]) -> str:
    """Return, a line a label, in how many comments it is true, was found, and both."""
    lines = []
    for name in labels:
        true, said = ([name in each for each in part] for part in (pairs.true, pairs.found))
        both = sum(a and b for a, b in zip(true, said, strict=True))
        lines.append(f"{name} = {{ n = {sum(true)}, found = {sum(said)}, both = {both} }}\n")
    return "".join(lines)


def _interval(pairs: Pairs, labels: tuple[str, ...]) -> tuple[float, float]:
    random = np.random.default_rng(2026)
    found = []
    for _ in range(REPEATS):
        rows = random.integers(0, len(pairs.true), len(pairs.true))
        true, said = ([part[row] for row in rows] for part in (pairs.true, pairs.found))
        found.append(f1_scores(true, said, labels)[0])
    low, high = np.quantile(found, [0.025, 0.975])
    return float(low), float(high)


if __name__ == "__main__":
    main()
