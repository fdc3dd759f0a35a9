"""Whether a new cause is found when it appears, and whether patterns keep their names."""

from __future__ import annotations

import random
from pathlib import Path

import numpy as np
import pandas as pd

from feedback_analysis.causes.discovery import new_causes
from feedback_analysis.causes.labeller import CauseLabeller
from feedback_analysis.causes.patterns import fit_patterns
from feedback_analysis.causes.seeds import seeds

# Causes that the labeller is not told of, and that then appear, in all the languages of the seeds.
PLANTED = (
    "customs_charges", "expired", "counterfeit", "seller_cancelled", "unwanted_contact",
    "rude_service", "leaked_or_spoiled", "charged_twice",
)  # fmt: skip
SHARES = (0.0, 0.02, 0.05, 0.10)
MONTH, BEFORE = 400, 1200
SEEDS = 3
RESULTS = Path(__file__).with_name("results") / "causes_discovery.csv"


def show_discovery() -> None:
    """Print precision and recall of the candidates by the share of a planted cause."""
    rows = []
    for cause in PLANTED:
        pool, new, labelled = without(cause)
        for share in SHARES:
            for seed in range(SEEDS):
                found, precision, recall, false = _month(pool, new, share, labelled, seed)
                rows.append(
                    {
                        "cause": cause, "share": share, "seed": seed, "found": int(found),
                        "precision": precision, "recall": recall, "false": false,
                    }
                )  # fmt: skip
        print(f"{cause} done", flush=True)
    table = pd.DataFrame(rows)
    means = table.groupby("share")[["found", "precision", "recall", "false"]].mean()
    print(
        f"{len(PLANTED)} causes, {SEEDS} drawn pasts each, {MONTH} comments in the latest period,"
    )
    print(f"{BEFORE} before; found: a candidate at least half of which is the planted cause")
    print(means.round(2).to_string())
    by_cause = table[table["share"] > 0].pivot_table(index="cause", columns="share", values="found")
    print(by_cause.round(2).to_string())
    table.round(3).to_csv(RESULTS, index=False, lineterminator="\n")


def without(cause: str) -> tuple[list[str], list[str], dict]:
    """Return comments of other causes and of one, with the labels of who knows only the others."""
    rows = seeds()
    of = rows["causes"].str.split(";")
    alone = rows[of.map(lambda causes: causes == [cause])]
    rest = rows[~of.map(lambda causes: cause in causes)].sample(frac=1, random_state=4)
    # Learnt from one half of the others; the months are made of the other half.
    half = len(rest) // 2
    labeller = CauseLabeller().fit(rest["comment"][:half], rest["causes"][:half])
    pool, new = rest["comment"][half:].tolist(), alone["comment"].tolist()
    texts = [*pool, *new]
    return pool, new, dict(zip(texts, labeller.label(texts), strict=True))


def _month(pool: list[str], new: list[str], share: float, labelled: dict, seed: int) -> tuple:
    draw = random.Random(seed)
    planted = draw.sample(new, min(round(share * MONTH), len(new)))
    comments = [*draw.sample(pool, BEFORE + MONTH - len(planted)), *planted]
    n = len(planted)
    is_new = np.arange(len(comments)) >= len(comments) - n
    latest = np.arange(len(comments)) >= BEFORE
    answers = [labelled[comment] for comment in comments]
    found = new_causes(
        comments, [answer[1] for answer in answers], [answer[2] for answer in answers], latest
    )
    hits = [is_new[list(rows)].mean() for rows in found["rows"]]
    right = [at for at, hit in enumerate(hits) if hit >= 0.5]
    rows = sorted({row for at in right for row in found["rows"].iloc[at]})
    precision = float(is_new[rows].mean()) if rows else np.nan
    recall = float(is_new[rows].sum() / n) if rows else (0.0 if n else np.nan)
    return bool(right), precision, recall, len(found) - len(right)


def show_patterns() -> None:
    """Print how many comments keep their pattern when months are drawn again and added."""
    rows = seeds()
    comments = rows["comment"].to_numpy()
    causes = rows["causes"].str.split(";").str[0].to_numpy()
    random_numbers = np.random.default_rng(2)
    order = random_numbers.permutation(len(rows))
    first, rest = order[: len(order) // 2], order[len(order) // 2 :]
    patterns = fit_patterns(comments[first].tolist(), causes[first].tolist())
    before = np.array(patterns.assign(comments.tolist(), causes.tolist()))
    kept = []
    for _ in range(5):
        month = random_numbers.choice(rest, 500)
        later = patterns.extended(comments[month].tolist(), causes[month].tolist())
        after = np.array(later.assign(comments.tolist(), causes.tolist()))
        known = before != ""
        kept.append(float((before[known] == after[known]).mean()))
    print(f"{len(patterns.names)} patterns in {len(set(causes))} causes; ", end="")
    print(f"{(before != '').mean():.0%} of comments have one")
    print(f"comments that keep their pattern after a drawn month: {np.mean(kept):.3f}", end="")
    print(f" (least {min(kept):.3f})")
