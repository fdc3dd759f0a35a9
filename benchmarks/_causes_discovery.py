"""Whether a new cause is found when it appears, and whether patterns keep their names."""

from __future__ import annotations

import random

import numpy as np

from feedback_analysis.causes.discovery import new_causes
from feedback_analysis.causes.labeller import CauseLabeller
from feedback_analysis.causes.patterns import fit_patterns
from feedback_analysis.causes.seeds import seeds

# Causes that the labeller is not told of, and that then appear.
PLANTED = ("customs_charges", "unwanted_contact", "expired", "counterfeit", "seller_cancelled")
SHARES = (0.02, 0.05, 0.10)
MONTH, BEFORE = 600, 1800


def show_discovery() -> None:
    """Print precision and recall of the candidates by the share of a planted cause."""
    rows = seeds()
    of = rows["causes"].str.split(";")
    print("cause            share   found  precision  recall  false candidates")
    totals: dict[float, list] = {share: [] for share in SHARES}
    for cause in PLANTED:
        mine = of.map(lambda causes, cause=cause: cause in causes)
        alone = rows[of.map(lambda causes, cause=cause: causes == [cause])]
        rest = rows[~mine].sample(frac=1, random_state=4)
        # Learnt from one half of the others; the months are made of the other half.
        half = len(rest) // 2
        labeller = CauseLabeller().fit(rest["comment"][:half], rest["causes"][:half])
        pool = rest["comment"][half:].tolist()
        labelled = dict(zip(pool, labeller.label(pool), strict=True))
        new = alone["comment"].tolist()
        labelled.update(zip(new, labeller.label(new), strict=True))
        for share in SHARES:
            result = _month(pool, new, share, labelled)
            totals[share].append(result)
            found, precision, recall, false = result
            print(f"{cause:17}{share:5.0%}{'yes' if found else 'no':>8}", end="")
            print(f"{precision:11.2f}{recall:8.2f}{false:8}", flush=True)
    for share, results in totals.items():
        means = np.nanmean(np.array(results, dtype=float), axis=0)
        print(f"all at {share:.0%}: found {means[0]:.0%}, precision {means[1]:.2f}, ", end="")
        print(f"recall {means[2]:.2f}, false candidates {means[3]:.1f}")


def _month(pool: list[str], new: list[str], share: float, labelled: dict) -> tuple:
    draw = random.Random(9)
    n = round(share * MONTH)
    planted = [draw.choice(new) for _ in range(n)] if n > len(new) else draw.sample(new, n)
    old = [draw.choice(pool) for _ in range(BEFORE + MONTH - n)]
    comments = [*old, *planted]
    is_new = np.array([False] * len(old) + [True] * n)
    latest = np.arange(len(comments)) >= BEFORE
    answers = [labelled[comment] for comment in comments]
    found = new_causes(
        comments, [answer[1] for answer in answers], [answer[2] for answer in answers], latest
    )
    hits = [is_new[list(rows)].mean() for rows in found["rows"]]
    right = [at for at, hit in enumerate(hits) if hit >= 0.5]
    rows = sorted({row for at in right for row in found["rows"].iloc[at]})
    precision = float(is_new[rows].mean()) if rows else np.nan
    recall = float(is_new[rows].sum() / n) if rows else 0.0
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
