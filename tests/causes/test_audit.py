"""The audit: draws a sample, scores it, keeps it, and puts shares right."""

import csv
import os

import pandas as pd
import pytest

from feedback_analysis.causes.audit import audit_shop, read_audit
from feedback_analysis.causes.measures import f1_scores
from feedback_analysis.causes.seeds import seeds
from feedback_analysis.errors import ReportError


@pytest.fixture
def feedback():
    rows = seeds().iloc[5::25].reset_index(drop=True)
    return pd.DataFrame(
        {
            "date": pd.Timestamp("2026-10-01"),
            "marketplace": "US",
            "rating": 1,
            "comment": rows["comment"],
            "causes": rows["causes"],
        }
    )


def fill(path, truth):
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    for row in rows:
        row["causes"] = truth[" ".join(row["comment"].split())]
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, rows[0])
        writer.writeheader()
        writer.writerows(rows)
    return rows


def test_a_sample_is_drawn_then_scored_and_kept(tmp_path, feedback):
    drawn = audit_shop(feedback, tmp_path, rows=60)
    path = tmp_path / ".private" / "audit" / "sample.csv"
    assert str(path) in drawn.text
    first = path.read_bytes()
    assert os.name == "nt" or path.stat().st_mode & 0o077 == 0
    waiting = audit_shop(feedback, tmp_path, rows=60)
    assert "0 comments" in waiting.text
    assert path.read_bytes() == first
    truth = {" ".join(k.split()): v for k, v in zip(feedback["comment"], feedback["causes"], strict=True)}  # fmt: skip  # noqa: E501
    rows = fill(path, truth)
    assert len(rows) >= 40
    weights = sum(float(row["weight"]) for row in rows)
    assert weights == pytest.approx(feedback["comment"].nunique(), rel=0.01)
    result = audit_shop(feedback, tmp_path)
    assert "accuracy" in result.text
    whole = result.table[result.table["group"] == "all"].set_index(["level", "measure"])
    for name in ("accuracy", "macro-F1", "kappa"):
        line = whole.loc[("question", name)]
        assert line["low"] <= line["value"] <= line["high"]
        # These comments taught the labeller.
        assert line["value"] > 0.8
    kept = read_audit(tmp_path)
    assert len(kept.true) == len(rows)
    assert "by chance alone" not in result.text
    # The column sorted without the others, as a spreadsheet does it with one column marked.
    slipped = dict(zip(truth, [*list(truth.values())[7:], *list(truth.values())[:7]], strict=True))
    fill(path, slipped)
    result = audit_shop(feedback, tmp_path)
    kappa = result.table.query("group == 'all' and level == 'question' and measure == 'kappa'")
    assert kappa["low"].item() <= 0
    assert "may agree by chance alone" in result.text
    assert "once more" in result.text


def test_the_sample_does_not_depend_on_the_order(tmp_path, feedback):
    audit_shop(feedback, tmp_path / "a", rows=40)
    audit_shop(feedback.sample(frac=1, random_state=3), tmp_path / "b", rows=40)
    name = ".private/audit/sample.csv"
    assert (tmp_path / "a" / name).read_bytes() == (tmp_path / "b" / name).read_bytes()


def test_a_wrong_id_is_told(tmp_path, feedback):
    audit_shop(feedback, tmp_path, rows=20)
    path = tmp_path / ".private" / "audit" / "sample.csv"
    fill(path, dict.fromkeys((" ".join(text.split()) for text in feedback["comment"]), "latte"))
    with pytest.raises(ReportError, match="'latte' is no cause"):
        audit_shop(feedback, tmp_path)


def test_nothing_to_draw_is_told(tmp_path, feedback):
    with pytest.raises(ReportError, match="no comment to draw"):
        audit_shop(feedback.assign(rating=5), tmp_path)
    assert read_audit(tmp_path) is None


def test_f1_by_hand():
    true = [("a",), ("a", "b"), ("c",)]
    found = [("a",), ("b",), ("a",)]
    micro, macro, table = f1_scores(true, found, ["a", "b", "c", "d"])
    assert micro == pytest.approx(2 * 2 / (4 + 3))
    assert macro == pytest.approx((0.5 + 1 + 0) / 3)
    assert table.set_index("label")["n"].to_dict() == {"a": 2, "b": 1, "c": 1, "d": 0}
