"""The declared tables: empty ones, missing columns, and values that break a declaration."""

import pandas as pd
import pytest

from feedback_analysis import ReportError
from feedback_analysis.tables import SCHEMAS, empty, finish, validate

FEEDBACK = {
    "date": ["2026-10-03"], "rating": [2], "comment": ["late"], "response": [""],
    "source": ["1-3 stars only"], "first_seen": ["2026-10-03"], "last_seen": ["2026-10-03"],
    "gone": [False],
}  # fmt: skip


@pytest.mark.parametrize("name", SCHEMAS)
def test_an_empty_table_has_every_column_in_order(name):
    table = empty(name)
    assert list(table) == list(SCHEMAS[name].columns)
    pd.testing.assert_frame_equal(validate(name, table), table)


@pytest.mark.parametrize("name", SCHEMAS)
def test_every_table_and_column_is_explained(name):
    schema = SCHEMAS[name]
    assert schema.name == name
    assert schema.description
    for column in schema.columns.values():
        assert column.description
        assert column.metadata["unit"]


def test_missing_columns_are_added_as_missing_never_as_0():
    table = finish("feedback", pd.DataFrame(FEEDBACK))
    assert table["marketplace"].isna().all()
    assert table["arrived_on_time"].isna().all()
    assert table["date"].tolist() == [pd.Timestamp("2026-10-03")]


def test_the_input_is_not_changed():
    frame = pd.DataFrame(FEEDBACK, index=[5])
    before = frame.copy()
    assert finish("feedback", frame).index.tolist() == [0]
    pd.testing.assert_frame_equal(frame, before)


@pytest.mark.parametrize(
    ("column", "value", "message"),
    [
        ("rating", 6, r"rows? do(es)? not fit the table 'feedback'"),
        ("rating", "two", "a value cannot be read"),
        ("date", "Zebulon Quist", "a value cannot be read"),
        ("source", "Zebulon Quist", r"rows? do(es)? not fit the table 'feedback'"),
        ("comment", None, r"rows? do(es)? not fit the table 'feedback'"),
    ],
)
def test_a_value_that_does_not_fit_is_named_by_its_column_and_not_shown(column, value, message):
    frame = pd.DataFrame({**FEEDBACK, column: [value]})
    with pytest.raises(ReportError, match=message) as caught:
        finish("feedback", frame, file="a.txt")
    assert caught.value.column == column
    assert caught.value.file == "a.txt"
    assert "Quist" not in str(caught.value)


def test_a_share_above_one_is_refused():
    row = {"start": "2026-10-01", "end": "2026-10-31", "sessions": 1, "units": 1, "basis": "child"}
    frame = pd.DataFrame([{**row, "featured_offer_share": 98.5}])
    with pytest.raises(ReportError, match=r"rows? do(es)? not fit the table 'traffic'") as caught:
        finish("traffic", frame)
    assert caught.value.column == "featured_offer_share"


def test_more_negative_feedback_than_feedback_is_refused():
    frame = pd.DataFrame({"date": ["2026-10-01"], "received": [1], "negative": [2]})
    with pytest.raises(ReportError, match="negative feedback cannot exceed"):
        finish("feedback_totals", frame)


def test_a_strange_column_is_refused():
    with pytest.raises(ReportError, match="do not fit the table 'reviews'"):
        validate("reviews", empty("reviews").assign(more=1))
