"""Comments that the labeller has not seen, and how its labels are scored."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path

from feedback_analysis.causes.measures import f1_scores
from feedback_analysis.causes.taxonomy import own_taxonomy

HERE = Path(__file__).resolve().parent
SHOP = HERE.parent / "feedback_analysis" / "sample" / "comments"
QUESTIONS = tuple(own_taxonomy().questions)


@dataclass(frozen=True)
class Comment:
    """A comment with its true labels.

    Attributes
    ----------
    text, language, kind : str
    causes, questions : tuple of str
    """

    text: str
    language: str
    kind: str
    causes: tuple[str, ...]
    questions: tuple[str, ...]


def held_apart() -> list[Comment]:
    """Return the evaluation set: by an author who saw no seed comment, labelled by cause."""
    taxonomy = own_taxonomy()
    found = []
    for row in _rows(HERE / "causes_eval.csv"):
        causes = taxonomy.known(row["causes"].split(";"))
        asked = tuple(dict.fromkeys(taxonomy.question_of[cause] for cause in causes))
        found.append(Comment(row["comment"], row["language"], row["kind"], causes, asked))
    return found


def sample_shop() -> list[Comment]:
    """Return the sample shop's negative comments: by another author, labelled by question."""
    return [
        Comment(row["comment"], row["language"][:2], "shop", (), tuple(row["questions"].split(";")))
        for path in sorted(SHOP.glob("negative*.csv"))
        for row in _rows(path)
    ]


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def score(comments: list[Comment], answers: list) -> tuple[float, float]:
    """Return micro-F1 and macro-F1 over the nine question labels."""
    true = [comment.questions for comment in comments]
    micro, macro, _ = f1_scores(true, [answer[0] for answer in answers], QUESTIONS)
    return micro, macro


def score_causes(comments: list[Comment], answers: list) -> tuple[float, float]:
    """Return micro-F1 and macro-F1 over the causes."""
    true = [comment.causes for comment in comments]
    ids = own_taxonomy().ids
    micro, macro, _ = f1_scores(true, [answer[1] for answer in answers], ids)
    return micro, macro
