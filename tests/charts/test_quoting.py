"""Tables of comments when quotes are left out: no buyer's words, and a sentence that says so."""

import pandas as pd
import pytest

from feedback_analysis import quotes
from feedback_analysis.charts import table_of
from feedback_analysis.charts.case_tables import CANDIDATES as REMOVALS
from feedback_analysis.charts.case_tables import CASES
from feedback_analysis.charts.cause_tables import CANDIDATES, COMMENTS, PATTERNS
from feedback_analysis.charts.quoting import Quoting

SAID = "the kettle whistles off key"
DAY = pd.Timestamp("2026-10-03")
CASE = {
    "case_id": "case-1", "next_step": "look into it", "request_days_left": 5, "stage": "open",
    "owner": None, "next_day": DAY, "next_end": "request", "overdue_days": 0, "buyer_days_left": 9,
    "rating": 1, "comment": SAID, "causes": (), "cause_from": "", "answers": "seller",
    "product": "AF-1", "evidence": "shipped late",
}  # fmt: skip
TABLES = {
    "cases": CASE,
    "removals": {
        "case_id": "case-1", "rule": "product review", "clause": SAID, "comment": SAID,
        "request_days_left": 5, "stage": "open",
    },
    "patterns": {
        "cause": "Late", "pattern": "late.1", "n": 9, "n_latest": 3, "growth": 2.0,
        "words": "kettle, whistles", "comments": SAID,
    },
    "candidates": {
        "candidate": "kettle, whistles", "n": 9, "n_latest": 3, "growth": 2.0, "chance": 0.01,
        "comments": SAID,
    },
    "unhappy": {"date": DAY, "rating": 1, "comment": SAID, "about": "late"},
}  # fmt: skip


@pytest.fixture
def without_quotes(monkeypatch):
    monkeypatch.setenv(quotes.VARIABLE, "none")


@pytest.mark.parametrize("name", TABLES)
def test_a_table_keeps_the_rest_and_says_what_is_left_out(name, without_quotes):
    shown = table_of(pd.DataFrame([TABLES[name]]))
    for text in (shown._repr_html_(), repr(shown)):
        assert "kettle" not in text
        assert quotes.LEFT_OUT in text
    assert len(shown.frame.columns) > 2


@pytest.mark.parametrize("name", TABLES)
def test_masked_quotes_are_shown(name):
    shown = table_of(pd.DataFrame([TABLES[name]]))
    assert "kettle" in shown._repr_html_()
    assert quotes.LEFT_OUT not in shown._repr_html_()


def test_a_table_of_nothing_but_comments_is_the_sentence(without_quotes):
    row = {"about": "Late", "comment": SAID, "rating": 1, "date": DAY, "marketplace": "US",
           "confidence": 0.9}  # fmt: skip
    assert repr(table_of(pd.DataFrame([row]))) == quotes.LEFT_OUT
    assert repr(table_of(pd.DataFrame([{"comment": SAID}]))) == quotes.LEFT_OUT


def test_columns_of_comments_are_marked_as_quotes():
    for columns in (CASES, REMOVALS, COMMENTS, PATTERNS, CANDIDATES):
        heads = [name for name, write in columns.items() if "omment" in name and name != "Comments"]
        assert heads
        assert all(isinstance(columns[name], Quoting) for name in heads)


def test_a_notebook_by_hand_can_choose(monkeypatch):
    monkeypatch.setenv(quotes.VARIABLE, "")
    assert quotes.shown()
    quotes.use("none")
    assert not quotes.shown()
    quotes.use("masked")
    assert quotes.shown()
