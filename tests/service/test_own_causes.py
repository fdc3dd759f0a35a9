"""A candidate gets a name, an id and seeds, and nothing that cannot be read is kept."""

import pandas as pd
import pytest

from feedback_analysis import service
from feedback_analysis.causes.label import label_comments
from feedback_analysis.errors import ReportError
from feedback_analysis.service import labels as room
from feedback_analysis.service.findings import Findings
from tests.report.hand_made import feedback, shop

GROUP = ('the pump hums "loud"\\', "die Pumpe brummt die ganze Nacht", "pump is humming all day")


@pytest.fixture
def small(tmp_path):
    table = feedback([("2026-10-01", 1, "k1"), ("2026-10-02", 2, "k2")])
    texts = pd.Series(["pump is humming all day", "came late"], dtype=table["comment"].dtype)
    made = shop(feedback=table.assign(comment=texts))
    object.__setattr__(made, "folder", tmp_path)
    return made


FOUND = Findings(pd.DataFrame(), "", (GROUP,))
PUMP = {"id": "pump_hums", "label": "Pump hums"}


def test_a_named_group_is_a_cause_of_the_shop(small, tmp_path):
    path = service.name_cause(small, FOUND, 0, **PUMP, question="as_described")
    assert path.stat().st_mode & 0o077 == 0
    taxonomy = service.taxonomy_of(small)
    assert taxonomy.own
    assert taxonomy["pump_hums"].question == "as_described"
    examples = [text for texts in taxonomy["pump_hums"].examples.values() for text in texts]
    assert sorted(examples) == sorted(GROUP)
    service.name_cause(small, FOUND, 0, id="second", label="Another")
    assert service.taxonomy_of(small).ids[-2:] == ("pump_hums", "second")
    assert service.taxonomy_of(small)["second"].question == "other"


def test_the_named_cause_is_found_in_comments(small):
    service.name_cause(small, FOUND, 0, **PUMP, question="as_described")
    found = label_comments([GROUP[2], "arrived three weeks late"], service.taxonomy_of(small))
    assert found["causes"].iloc[0][0] == "pump_hums"
    assert found["questions"].iloc[0] == ("as_described",)
    assert found["causes"].iloc[1][0] == "late_delivery"


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"id": "late_delivery", "label": "x"}, "is a cause already"),
        ({"id": "Bad Id", "label": "x"}, "'id' does not fit"),
        ({**PUMP, "question": "packing"}, "Did you mean 'packaging'"),
    ],
)
def test_what_will_not_do_is_refused_and_nothing_is_written(small, tmp_path, given, said):
    with pytest.raises(ReportError, match=said) as caught:
        service.name_cause(small, FOUND, 0, **given)
    assert str(tmp_path / "causes.toml") in str(caught.value)
    assert list(tmp_path.iterdir()) == []


def test_there_must_be_such_a_group(small):
    with pytest.raises(ReportError, match="no group 1"):
        service.name_cause(small, FOUND, 1, **PUMP)


def test_naming_makes_the_labels_anew_and_an_order_corrected_by_its_key_counts(
    small, tmp_path, monkeypatch
):
    asked = []

    def fake(comments, taxonomy=None, **_):
        asked.append(taxonomy)
        n = len(comments)
        return pd.DataFrame({"questions": [("other",)] * n, "causes": [("spam",)] * n,
                             "confidence": [0.8] * n})  # fmt: skip

    monkeypatch.setattr(room, "label_comments", fake)
    service.label_feedback(small)
    service.name_cause(small, FOUND, 0, **PUMP)
    service.label_feedback(small)
    assert [taxonomy and taxonomy.ids[-1] for taxonomy in asked] == [None, "pump_hums"]
    key = small.feedback["order_key"].iloc[1]
    text = f"\ufefforder_key;causes\n{key};pump_hums, late_delivery\n"
    (tmp_path / "corrections.csv").write_text(text, "utf-8")
    found = service.label_feedback(small)
    assert found["causes"].tolist() == [("spam",), ("pump_hums", "late_delivery")]
    assert found["questions"].iloc[1] == ("other", "shipping_speed")
    assert found["confidence"].tolist() == [0.8, 1.0]
