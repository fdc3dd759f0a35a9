"""How right the candidates for removal and strike-through are, on comments labelled by hand.

benchmarks/data/removal_candidates.csv holds 175 invented comments in eight languages, written and
labelled one by one by this project's developers. They are balanced by kind, not drawn from a shop:
precision in a shop depends on how often each kind occurs there. The mistakes on every other comment
of a language and kind (`tune`) were looked at while the word lists were made, those on the rest
(`held`) were not; but one hand wrote both, so both flatter.

The harder test is the sample shop's 648 comments, written by others and labelled with the service
questions: is the whole of a comment about the delivery? The rule, and which words are mere
mentions, were settled on every other one of them (`seen`); the rest (`unseen`) were only counted.
None of them is among the comments that the labeller learns from.

Each test is made with words alone, as for a comment without a label, and with the labels that the
package gives, as a shop's list has them. results/removal_candidates.csv keeps the counts.
"""

from __future__ import annotations

import csv
from collections.abc import Sequence
from pathlib import Path

from feedback_analysis.cases.responsibility import whole_of
from feedback_analysis.shares import share_interval

HERE = Path(__file__).resolve().parent
RESULTS = HERE / "results" / "removal_candidates.csv"
KINDS = ("product", "delivery", "obscene", "personal")
DELIVERY = {"shipping_speed", "tracking"}
COLUMNS = ("comments", "part", "by", "kind", "hit", "named", "true")
Labels = Sequence[set[str]]


def rows() -> list[dict[str, str]]:
    """Return the labelled comments."""
    with (HERE / "data" / "removal_candidates.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def sample_rows() -> list[tuple[str, bool]]:
    """Return the sample shop's comments, and whether each is about the delivery alone."""
    folder = HERE.parent / "feedback_analysis" / "sample" / "comments"
    found = []
    for path in sorted(folder.glob("negative-*.csv")):
        with path.open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                questions = set(filter(None, row["questions"].split(";")))
                found.append((row["comment"], bool(questions) and questions <= DELIVERY))
    return found


def labels_of(comments: Sequence[str]) -> Labels:
    """Return what the package labels each comment with."""
    import pandas as pd

    from feedback_analysis import label_comments

    return [set(one) for one in label_comments(pd.Series(list(comments)))["questions"]]


def counts(truth: Sequence[str], said: Sequence[str], kinds: Sequence[str]) -> dict[str, int]:
    """Count what was named, what is true, and what is both."""
    pairs = list(zip(truth, said, strict=True))
    return {
        "hit": sum(one == other and one in kinds for one, other in pairs),
        "named": sum(other in kinds for _, other in pairs),
        "true": sum(one in kinds for one, _ in pairs),
    }


def scores(labels: Labels | None = None) -> list[dict[str, object]]:
    """Return the counts on the labelled comments: each part, each kind, and any of them."""
    every = rows()
    labels = labels or [set() for _ in every]
    found = []
    for part in ("tune", "held"):
        chosen = [(row, one) for row, one in zip(every, labels, strict=True) if row["part"] == part]
        said = [whole_of(row["comment"], one)[0] for row, one in chosen]
        truth = [row["truth"] for row, _ in chosen]
        for kind in (*KINDS, "any"):
            kinds = KINDS if kind == "any" else (kind,)
            found.append({"comments": "authored", "part": part, "kind": kind})
            found[-1] |= counts(truth, said, kinds)
    return found


def sample_scores(labels: Labels | None = None) -> list[dict[str, object]]:
    """Return the counts of the delivery rule on the sample shop's comments."""
    every = sample_rows()
    labels = labels or [set() for _ in every]
    said = [whole_of(text, one)[0] for (text, _), one in zip(every, labels, strict=True)]
    truth = ["delivery" if true else "" for _, true in every]
    parts = {"seen": slice(0, None, 2), "unseen": slice(1, None, 2), "all": slice(None)}
    return [
        {"comments": "sample", "part": name, "kind": "delivery"}
        | counts(truth[part], said[part], ("delivery",))
        for name, part in parts.items()
    ]


def measured() -> list[dict[str, object]]:
    """Return every score, by words alone and with labels."""
    texts = [row["comment"] for row in rows()]
    shop = [text for text, _ in sample_rows()]
    given = labels_of([*texts, *shop])
    found = []
    for by, authored, sample in (
        ("words", None, None),
        ("labels", given[: len(texts)], given[len(texts) :]),
    ):
        found += [row | {"by": by} for row in (*scores(authored), *sample_scores(sample))]
    return found


def kept() -> list[dict[str, object]]:
    """Return the scores as last measured."""
    with RESULTS.open(encoding="utf-8", newline="") as file:
        return [
            row | {name: int(row[name]) for name in COLUMNS[-3:]} for row in csv.DictReader(file)
        ]


def line(row: dict[str, object]) -> str:
    """Say one score."""
    parts = []
    for name, n in (("precision", row["named"]), ("recall", row["true"])):
        low, high = share_interval(row["hit"], n)
        share = row["hit"] / n if n else float("nan")
        parts.append(f"{name} {share:.2f} ({low:.2f} to {high:.2f}, {row['hit']} of {n})")
    head = " ".join(f"{row[name]:9s}" for name in COLUMNS[:4])
    return f"{head} {'  '.join(parts)}"


def main() -> None:
    """Measure, print and keep every score."""
    found = measured()
    with RESULTS.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS, lineterminator="\n")
        writer.writeheader()
        writer.writerows(found)
    for row in found:
        print(line(row))


if __name__ == "__main__":
    main()
