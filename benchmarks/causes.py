"""How right the labels of comments are, what each part brings, and what it costs.

The numbers of parts and settings were chosen by cross-validation on the seed comments and on the
sample shop's comments; the evaluation set (benchmarks/causes_eval.csv) taught nothing.
"""

from __future__ import annotations

import argparse
import importlib.util
import random
import sys
import tempfile
from pathlib import Path

import numpy as np
import pandas as pd

sys.path.insert(0, str(Path(__file__).resolve().parent))

import _child
from _causes_data import (
    QUESTIONS,
    Comment,
    held_apart,
    sample_shop,
    score,
    score_causes,
)
from _causes_discovery import show_discovery, show_patterns
from _causes_peer import show_peer

from feedback_analysis.causes.label import HUMAN
from feedback_analysis.causes.labeller import CauseLabeller
from feedback_analysis.causes.measures import f1_scores
from feedback_analysis.causes.seeds import seeds
from feedback_analysis.causes.store import kept_labeller

ABLATIONS = (
    ("as it is", {}),
    ("whole comments only", {"by_clause": 0.0, "clause_rows": False}),
    ("clauses judged, not taught", {"clause_rows": False}),
    ("clauses taught, not judged", {"by_clause": 0.0}),
    ("no lexicon", {"lexicon": False}),
    ("no sentence vectors", {"encoder": "none"}),
    ("sentence vectors alone", {"word_share": 0.01, "character_share": 0.01, "lexicon": False}),
)
AIRLINE = Path(__file__).with_name("data") / "airline_taxonomy.toml"
PARTS = ("quality", "peer", "ablation", "corrections", "patterns", "discovery", "cost")


def main() -> None:
    """Run the parts that are asked for."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("parts", nargs="*", default=list(PARTS), help=", ".join(PARTS))
    options.add_argument("--foreign", type=Path, help="CSV with comment and cause, to be labelled")
    options.add_argument(
        "--taxonomy", type=Path, default=AIRLINE, help="taxonomy of that file; by default airlines"
    )
    options.add_argument("--comments", type=Path, help="CSV with comment, for the cost")
    chosen = options.parse_args()
    if unknown := set(chosen.parts) - set(PARTS):
        options.error(f"no part: {', '.join(sorted(unknown))}; known: {', '.join(PARTS)}")
    shows = {
        "quality": show_quality,
        "peer": show_peer,
        "ablation": show_ablation,
        "corrections": show_corrections,
        "patterns": show_patterns,
        "discovery": show_discovery,
        "cost": lambda: show_cost(chosen.comments),
    }
    for part in chosen.parts:
        print(f"\n## {part}")
        shows[part]()
    if chosen.foreign:
        print("\n## a foreign taxonomy")
        show_foreign(chosen.foreign, chosen.taxonomy)


def show_quality() -> None:
    """Print F1 by set, language, kind of comment and question."""
    labeller = kept_labeller()
    for name, comments in (("held apart", held_apart()), ("sample shop", sample_shop())):
        answers = labeller.label([comment.text for comment in comments])
        micro, macro = score(comments, answers)
        spread = _spread(comments, answers)
        print(f"{name}: {len(comments)} comments, question level")
        print(f"  micro-F1 {micro:.3f} (95 % interval {spread[0]:.3f} to {spread[1]:.3f})", end="")
        print(f", macro-F1 {macro:.3f}")
        if comments[0].causes:
            micro, macro = score_causes(comments, answers)
            print(
                f"  cause level: micro-F1 {micro:.3f}, macro-F1 {macro:.3f} (of those that occur)"
            )
        _show_groups(comments, answers)
        true = [comment.questions for comment in comments]
        table = f1_scores(true, [answer[0] for answer in answers], QUESTIONS)[2]
        print(table.round(2).to_string(index=False))


def _spread(comments: list[Comment], answers: list) -> tuple[float, float]:
    """Return a bootstrap interval of micro-F1."""
    hits, said = [], []
    for comment, answer in zip(comments, answers, strict=True):
        hits.append(len(set(comment.questions) & set(answer[0])))
        said.append(len(comment.questions) + len(answer[0]))
    hits, said = np.array(hits), np.array(said)
    rows = np.random.default_rng(1).integers(0, len(hits), (2000, len(hits)))
    low, high = np.quantile(2 * hits[rows].sum(axis=1) / said[rows].sum(axis=1), [0.025, 0.975])
    return float(low), float(high)


def _show_groups(comments: list[Comment], answers: list) -> None:
    groups = [("language", comment.language) for comment in comments]
    groups += [("kind", comment.kind) for comment in comments]
    groups += [("English", str(comment.language == "en")) for comment in comments]
    for what, value in sorted(set(groups)):
        rows = [at for at, group in enumerate(groups) if group == (what, value)]
        rows = [at % len(comments) for at in rows]
        micro, _ = score([comments[at] for at in rows], [answers[at] for at in rows])
        print(f"  {what:9}{value:9}{len(rows):5}  micro-F1 {micro:.3f}")


def show_ablation() -> None:
    """Print what is lost without each part."""
    apart, shop = held_apart(), sample_shop()
    rows = seeds()
    traps = [at for at, comment in enumerate(apart) if comment.kind == "trap"]
    print(f"{'':30}{'held apart':>14}{'traps':>9}{'sample shop':>14}   (micro / macro)")
    for name, changed in ABLATIONS:
        labeller = CauseLabeller(**changed).fit(rows["comment"], rows["causes"])
        first = labeller.label([comment.text for comment in apart])
        second = labeller.label([comment.text for comment in shop])
        of_traps = score([apart[at] for at in traps], [first[at] for at in traps])[0]
        figures = ["/".join(f"{value:.3f}" for value in score(apart, first)), f"{of_traps:.3f}"]
        figures.append("/".join(f"{value:.3f}" for value in score(shop, second)))
        print(f"{name:30}{figures[0]:>14}{figures[1]:>9}{figures[2]:>14}", flush=True)


def show_corrections() -> None:
    """Print what corrections bring on comments that were not corrected."""
    apart = held_apart()
    order = random.Random(3).sample(range(len(apart)), len(apart))
    rows = seeds()
    print("corrected comments are of one half, the score is of the other; both ways round")
    for n in (0, 50, 100, 200):
        found = []
        for half in (0, 1):
            taught = [apart[at] for at in order[half::2]][:n]
            left = [apart[at] for at in order[1 - half :: 2]]
            if n:
                labeller = CauseLabeller().fit(
                    [*rows["comment"], *(comment.text for comment in taught)],
                    [*rows["causes"], *(";".join(comment.causes) for comment in taught)],
                    [1.0] * len(rows) + [HUMAN] * n,
                )
            else:
                labeller = kept_labeller()
            found.append(score(left, labeller.label([comment.text for comment in left])))
        micro, macro = np.mean(found, axis=0)
        print(f"{n:5} corrections: micro-F1 {micro:.3f}, macro-F1 {macro:.3f}", flush=True)


def show_foreign(path: Path, taxonomy: Path) -> None:
    """Print accuracy and macro-F1 of a user's taxonomy on a labelled file."""
    import feedback_analysis as fa

    frame = pd.read_csv(path, dtype=str, keep_default_na=False)
    found = fa.label_comments(frame["comment"], taxonomy=taxonomy)
    first = found["causes"].map(lambda causes: causes[0])
    names = sorted(set(frame["cause"]))
    _, macro, _ = f1_scores([(each,) for each in frame["cause"]], [(x,) for x in first], names)
    print(f"{len(frame):,} comments: accuracy {(first == frame['cause']).mean():.3f}, ", end="")
    print(f"macro-F1 {macro:.3f}")


def show_cost(path: Path | None) -> None:
    """Print processor seconds and memory of 10,000 comments, and of clustering them."""
    with tempfile.TemporaryDirectory() as folder:
        comments = pd.read_csv(path, dtype=str)["comment"].tolist() if path else _many()
        made = pd.Series(comments, name="comment").dropna().head(10_000)
        file = Path(folder) / "in.csv"
        made.to_csv(file, index=False)
        print(f"{len(made):,} comments, {made.str.len().mean():.0f} letters each")
        label = (
            "import os; os.environ['FEEDBACK_ANALYSIS_CACHE'] = folder\n"
            "from feedback_analysis.causes.files import label_file\n"
            "label_file(source, folder + '/out.csv')"
        )
        for name in ("labelled from cold", "labelled again, from the cache"):
            cost = _child.run("import sys", label, source=str(file), folder=folder)
            _show(name, cost)
        kmeans = (
            "import pandas as pd\n"
            "from sklearn.cluster import KMeans\n"
            "from sklearn.feature_extraction.text import TfidfVectorizer\n"
            "texts = pd.read_csv(source)['comment']\n"
            "KMeans(9, n_init=5, random_state=0).fit(TfidfVectorizer().fit_transform(texts))"
        )
        _show("TF-IDF and KMeans, 9 groups", _child.run("import sys", kmeans, source=str(file)))
        peers = ("sentence_transformers", "umap", "hdbscan")
        missing = [peer for peer in peers if importlib.util.find_spec(peer) is None]
        if missing:
            print(f"MiniLM, UMAP and HDBSCAN: not installed here ({', '.join(missing)})")
        else:
            _show("MiniLM, UMAP and HDBSCAN", _child.run("import sys", _PEER, source=str(file)))


_PEER = """
import hdbscan, pandas as pd, umap
from sentence_transformers import SentenceTransformer
texts = pd.read_csv(source)['comment'].tolist()
vectors = SentenceTransformer('all-MiniLM-L6-v2').encode(texts)
hdbscan.HDBSCAN(min_cluster_size=15).fit(umap.UMAP(n_components=5).fit_transform(vectors))
"""


def _many() -> list[str]:
    """Return 10,000 different comments: those of the sample shop again and again, numbered."""
    texts = [comment.text for comment in [*sample_shop(), *held_apart()]]
    return [f"{texts[number % len(texts)]} {number}" for number in range(10_000)]


def _show(name: str, cost: _child.Cost) -> None:
    print(f"{name:36}{cost.seconds:7.1f} CPU-s{cost.memory / 1e6:9.0f} MB", flush=True)


if __name__ == "__main__":
    main()
