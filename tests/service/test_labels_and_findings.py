"""Labels kept beside the shop, patterns kept by name, candidates, and the stated quality."""

import json

import numpy as np
import pandas as pd
import pytest

from feedback_analysis import service
from feedback_analysis.causes.discovery import new_causes
from feedback_analysis.causes.measures import Pairs
from feedback_analysis.causes.taxonomy import own_taxonomy
from feedback_analysis.periods import Period
from feedback_analysis.service import labels as room
from feedback_analysis.service.confusion import of_audit
from tests.report.hand_made import feedback, shop
from tests.service.shops import labelled

OCTOBER = Period.parse("2026-10")
OF = own_taxonomy().question_of
HALVES = (
    "the lid was cracked right across {}",
    "box crushed flat by the driver and soaked {}",
)


@pytest.fixture
def small(tmp_path, monkeypatch):
    """A shop of three unhappy feedbacks in a folder of its own, and how often it was labelled."""
    asked = []

    def fake(comments, corrections=None, **_):
        asked.append((list(comments), corrections))
        n = len(comments)
        return pd.DataFrame(
            {
                "questions": [("packaging",)] * n,
                "causes": [("poor_packing",)] * n,
                "confidence": [0.8] * n,
            }
        )

    monkeypatch.setattr(room, "label_comments", fake)
    table = feedback([("2026-10-01", 1), ("2026-10-02", 2), ("2026-10-03", 3), ("2026-10-04", 5)])
    texts = ["torn box", "torn box", "", "lovely"]
    table = table.assign(comment=pd.Series(texts, dtype=table["comment"].dtype))
    made = shop(feedback=table)
    object.__setattr__(made, "folder", tmp_path)
    return made, asked, tmp_path


def test_each_text_is_labelled_once_and_the_second_time_not_at_all(small):
    made, asked, folder = small
    first = service.label_feedback(made)
    again = service.label_feedback(made)
    assert [texts for texts, _ in asked] == [["torn box"]]
    assert first.index.tolist() == [0, 1, 2]
    assert first["causes"].tolist() == [("poor_packing",), ("poor_packing",), ()]
    pd.testing.assert_frame_equal(first, again)
    (kept,) = (folder / ".private" / "labels").glob("*.json")
    assert kept.stat().st_mode & 0o077 == 0
    assert "torn" not in kept.read_text("utf-8")


def test_a_correction_makes_the_labels_anew(small):
    made, asked, folder = small
    service.label_feedback(made)
    (folder / "corrections.csv").write_text("comment,causes\ntorn box,late_delivery\n", "utf-8")
    service.label_feedback(made)
    assert [given for _, given in asked] == [None, folder / "corrections.csv"]
    assert len(list((folder / ".private" / "labels").glob("*.json"))) == 1


def test_without_learning_again_a_correction_counts_for_its_comment_alone(small):
    made, asked, folder = small
    object.__setattr__(made, "feedback", made.feedback.assign(order_key=["k1", "k2", "k3", "k4"]))
    service.label_feedback(made)
    (kept,) = (folder / ".private" / "labels").glob("*.json")
    before = kept.read_bytes()
    text = "comment,order_key,causes\n torn  box ,,late_delivery\n,k2,expired\n"
    (folder / "corrections.csv").write_text(text, "utf-8")
    found = service.label_feedback(made, relearn=False)
    assert found["causes"].tolist() == [("late_delivery",), ("expired",), ()]
    assert found["questions"].tolist() == [("shipping_speed",), ("as_described",), ()]
    assert (len(asked), kept.read_bytes()) == (1, before)


def test_without_learning_again_labels_are_kept_too(small):
    made, asked, _ = small
    first = service.label_feedback(made, relearn=False)
    pd.testing.assert_frame_equal(first, service.label_feedback(made, relearn=False))
    assert len(asked) == 1


def broken(tmp_path, months):
    rows = [
        (f"2026-{month:02d}-{1 + n % 28:02d}", 1, HALVES[n % 2].format(n), ("damaged_in_transit",))
        for month in months
        for n in range(24)
    ]
    made, labels = labelled(rows, question_of=OF)
    object.__setattr__(made, "folder", tmp_path)
    return made, service.complaints(made, labels)


def test_patterns_keep_their_names_when_more_comments_come(tmp_path):
    september = Period.parse("2026-09")
    first = service.cause_patterns(*broken(tmp_path, (8, 9)), september)
    kept = json.loads((tmp_path / ".private" / "patterns.json").read_text("utf-8"))
    assert len(first.table) >= 2
    same = service.cause_patterns(*broken(tmp_path, (8, 9)), september)
    pd.testing.assert_frame_equal(first.table, same.table)
    later = service.cause_patterns(*broken(tmp_path, (8, 9, 10)), OCTOBER)
    assert set(first.table["pattern"]) <= set(later.table["pattern"])
    now = json.loads((tmp_path / ".private" / "patterns.json").read_text("utf-8"))
    assert now["patterns"][: len(kept["patterns"])] == kept["patterns"]


def test_patterns_and_candidates_are_found_with_the_encoder_that_the_shop_states(
    tmp_path, monkeypatch
):
    made, rows = broken(tmp_path, (8, 9))
    causes = made.settings.causes.model_copy(update={"encoder": "none"})
    settings = made.settings.model_copy(update={"causes": causes})
    object.__setattr__(made, "settings", settings)
    seen = []

    def watched(*given, encoder="auto", memory=None):
        seen.append(encoder)
        return new_causes(*given, encoder=encoder, memory=memory)

    monkeypatch.setattr("feedback_analysis.service.findings.new_causes", watched)
    service.cause_patterns(made, rows, Period.parse("2026-09"))
    kept = json.loads((tmp_path / ".private" / "patterns.json").read_text("utf-8"))
    assert kept["encoder"] == "none"
    service.cause_candidates(rows, OCTOBER, shop=made)
    assert seen == ["none"]


def test_comments_are_encoded_once_for_their_patterns(tmp_path, monkeypatch):
    made, rows = broken(tmp_path, (8, 9))
    september = Period.parse("2026-09")
    first = service.cause_patterns(made, rows, september)

    def encoded(*_):
        raise AssertionError("encoded once more")

    monkeypatch.setattr("feedback_analysis.causes.encoder.Later.encode", encoded)
    pd.testing.assert_frame_equal(first.table, service.cause_patterns(made, rows, september).table)


def test_few_comments_have_no_patterns_and_no_candidates(tmp_path):
    made, rows = broken(tmp_path, (10,))
    assert service.cause_patterns(made, rows, OCTOBER).table.empty
    found = service.cause_candidates(rows, OCTOBER)
    assert found.table.empty
    assert "1 of 100" in found.text


def test_without_an_audit_the_makers_figures_are_said_with_their_encoder(tmp_path):
    made, rows = broken(tmp_path, (10,))
    found = service.label_quality(made, rows, OCTOBER)
    assert not found.audited
    assert found.shares["corrected"].between(found.shares["low"], found.shares["high"]).all()
    assert "encoder: " in found.text
    assert "95 % interval" in found.text
    assert found.table["label"].tolist() == list(own_taxonomy().questions.values())


def test_an_audit_corrects_the_shares(tmp_path):
    made, rows = broken(tmp_path, (10,))
    pairs = [
        {"true": ["late_delivery"] if n < 10 else ["damaged_in_transit"],
         "found": ["damaged_in_transit"], "language": "en", "weight": 1.0}
        for n in range(40)
    ]  # fmt: skip
    place = tmp_path / ".private" / "audit"
    place.mkdir(parents=True)
    (place / "score.json").write_text(json.dumps({"pairs": pairs, "table": []}), "utf-8")
    found = service.label_quality(made, rows, OCTOBER)
    row = found.shares.set_index("label").loc[own_taxonomy().questions["packaging"]]
    assert found.audited
    assert row["share"] == 1
    # All with it were given the label, but so were all without it: anything may be true.
    assert row["low"] < 0.75 < row["high"]
    assert row["high"] - row["low"] > 0.3
    correction = service.pareto(made, rows, OCTOBER).correction
    assert "audit of 40 comments" in correction
    # All were given one label: that is no agreement, and every page that corrects by it says so.
    for said in (correction, service.confusion_of(made).brief, found.text):
        assert "may agree by chance alone, so do not trust the corrected numbers" in said


@pytest.mark.parametrize(("n", "thin"), [(49, True), (50, False)])
def test_a_thin_audit_that_agrees_is_called_thin_where_it_corrects(n, thin):
    ids = [("late_delivery",) if each % 2 else ("damaged_in_transit",) for each in range(n)]
    made = of_audit(Pairs(ids, ids, ["en"] * n, np.ones(n)))
    assert ("That is a thin audit" in made.text) is thin
    assert ("That is a thin audit" in made.brief) is thin
    assert "by chance" not in made.text
