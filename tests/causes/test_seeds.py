"""The seed comments: well formed, and independent of every comment that is scored."""

import csv
import re

import numpy as np
from sklearn.feature_extraction.text import CountVectorizer

from feedback_analysis.causes.seeds import seeds
from feedback_analysis.causes.taxonomy import UNCLEAR, own_taxonomy
from tests.project_files import PACKAGE, ROOT

# Share of runs of four letters that two comments have in common, from which they are one.
NEAR = 0.7


def plain(text):
    return " ".join(re.findall(r"\w+", text.casefold())) or text


def comments(path):
    with path.open(encoding="utf-8-sig", newline="") as file:
        return [row["comment"] for row in csv.DictReader(file)]


SHOP = [text for path in sorted((PACKAGE / "sample" / "comments").glob("*.csv")) for text in comments(path)]  # fmt: skip  # noqa: E501
EVALUATION = comments(ROOT / "benchmarks" / "causes_eval.csv")


def nearest(texts, others):
    """Return the largest likeness (Dice) of each text to the others."""
    counter = CountVectorizer(analyzer="char_wb", ngram_range=(4, 4), binary=True)
    counts = counter.fit_transform([*texts, *others]).astype(np.float32)
    mine, theirs = counts[: len(texts)], counts[len(texts) :]
    both = (mine @ theirs.T).tocoo()
    sizes = np.asarray(mine.sum(axis=1)).ravel(), np.asarray(theirs.sum(axis=1)).ravel()
    found = np.zeros(len(texts))
    np.maximum.at(found, both.row, 2 * both.data / (sizes[0][both.row] + sizes[1][both.col]))
    return found


def test_seeds_are_not_the_comments_that_are_scored():
    texts = seeds()["comment"].tolist()
    scored = [*SHOP, *EVALUATION]
    assert {plain(text) for text in texts} & {plain(text) for text in scored} == set()
    likeness = nearest(texts, scored)
    assert [texts[row] for row in np.flatnonzero(likeness >= NEAR)] == []


def test_the_evaluation_set_is_not_the_sample_shop():
    assert {plain(text) for text in EVALUATION} & {plain(text) for text in SHOP} == set()
    assert nearest(EVALUATION, SHOP).max() < NEAR


def test_near_duplicates_are_seen():
    text = "The kettle came three days late and nobody told me why"
    assert nearest([text], [text.replace("three", "five") + "!"])[0] >= NEAR


def test_every_seed_has_known_labels():
    taxonomy = own_taxonomy()
    rows = seeds()
    assert len(rows) >= 6000
    assert not rows["comment"].map(plain).duplicated().any()
    for causes in rows["causes"]:
        ids = taxonomy.known(causes.split(";"))
        assert ids
        assert UNCLEAR not in ids or ids == (UNCLEAR,)
    praised = {each for cell in rows["praise"] for each in cell.split(";")} - {""}
    assert praised <= set(taxonomy.questions)


def test_every_cause_and_language_has_its_seeds():
    rows = seeds()
    told = rows["causes"].str.split(";").explode().value_counts()
    few = told.reindex(own_taxonomy().ids, fill_value=0).loc[lambda counts: counts < 30]
    assert few.empty, f"causes with fewer than 30 comments in causes/seeds/: {few.to_dict()}"
    assert set(told.index) <= set(own_taxonomy().ids)
    assert rows["language"].value_counts().min() >= 300
    assert rows["language"].nunique() == 10
