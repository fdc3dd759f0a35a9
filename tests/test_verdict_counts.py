"""Verdicts that count: none, one, two and all, so that each sentence agrees with its number."""

import math
from datetime import date
from importlib import import_module
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from feedback_analysis.cases.outcomes import _time_words
from feedback_analysis.charts.cause_grid import _alarms
from feedback_analysis.charts.causes import _gain, _weight
from feedback_analysis.charts.data_check import _finding as gaps_found
from feedback_analysis.charts.defects import _finding as weeks_of_orders
from feedback_analysis.charts.weekly import _weekly_finding
from feedback_analysis.explore.views import _share_words
from feedback_analysis.health.decomposition import _clear
from feedback_analysis.health.defects import _outlook
from feedback_analysis.health.order_weeks import _block_words
from feedback_analysis.health.standouts import _words as standouts_words
from feedback_analysis.periods import Period
from feedback_analysis.report.changes import Change, _rest, looks
from feedback_analysis.report.trouble import _newest
from feedback_analysis.service.halved import _words as halved_words
from feedback_analysis.service.months import _words as months_words
from feedback_analysis.service.pareto import Pareto, as_common
from feedback_analysis.service.scorecard_words import scorecard_text

JUST = 1e-9
OCTOBER = Period.parse("2026-10")
DAY = date(2026, 10, 31)


@pytest.mark.parametrize(
    ("no", "yes", "said"),
    [
        (0, 7, "none of the 7 answers is No. Yes:"),
        (1, 0, "1 of 7 answers is No:"),
        (2, 0, "2 of 7 answers are No:"),
        (7, 0, "7 of 7 answers are No:"),
        (0, 0, "Of 7 there is too little feedback to say."),
    ],
)
def test_the_seven_answers_are_counted(no, yes, said):
    few = 7 - no - yes
    table = pd.DataFrame(
        {
            "label": ["Do you ship fast?"] * 7, "per_100": 3.0, "low": 2.1, "high": 4.0,
            "feedbacks": 100,
            "answer": ["No"] * no + ["Yes"] * yes + ["Too few to say"] * few,
            "trend": "no clear change", "complaints": 3,
        }
    )  # fmt: skip
    rest = pd.DataFrame({"what": ["stars only, no comment", "a comment that states no cause"],
                         "n": [0, 1]})  # fmt: skip
    text = scorecard_text(table, rest, 1, OCTOBER, days=90)
    assert said in text
    assert ("Of " in text.split("Of 1 feedback")[0]) is bool(few)
    assert "Of 1 feedback of 1 to 3 stars" in text
    assert "no feedback of 1 to 3 stars" in scorecard_text(table, rest, 0, OCTOBER, days=90)


def cells(alarms, total=20):
    """Return a table of months with some that stand out."""
    return pd.DataFrame(
        {
            "cause": "late", "label": "Late", "month": "2026-09", "n": 9, "expected": 1.0,
            "p": 0.001, "alarm": [place < alarms for place in range(total)],
        }
    )  # fmt: skip


@pytest.mark.parametrize(
    ("alarms", "said"),
    [
        (0, "20 cells (causes by months) were looked at: none holds more"),
        (1, "were looked at, and 1 stands out:"),
        (5, "and 5 stand out:"),
        (6, "and 1 more."),
    ],
)
def test_months_that_stand_out_are_counted(alarms, said):
    text = months_words(cells(alarms), 0.05, 13, "causes")
    assert said in text
    assert (" more. Of the months" in text) is (alarms > 5)


def test_one_month_alone_is_not_compared():
    assert "too few months" in months_words(cells(0), 0.05, 1, "causes")
    assert "1 cell (causes by months) was looked at" in months_words(cells(0, 1), 0.05, 2, "causes")


@pytest.mark.parametrize(
    ("by", "count", "said"),
    [
        ("causes", 0, "about a cause than"), ("causes", 1, "1 month of a cause stands out"),
        ("causes", 2, "2 months of causes stand out"),
        ("questions", 0, "about a question than"),
        ("questions", 1, "1 month of a question stands out"),
        ("questions", 6, "6 months of questions stand out"),
    ],
)  # fmt: skip
def test_a_grid_of_questions_does_not_speak_of_causes(by, count, said):
    assert said in _alarms(SimpleNamespace(alarms=cells(count), by=by), count)


@pytest.mark.parametrize(
    ("compared", "found", "said"),
    [
        (0, 0, "No two groups have enough orders"),
        (1, 0, "1 group of orders was compared: none"),
        (9, 1, "9 groups of orders were compared, and 1 stands out:"),
        (9, 2, "and 2 stand out"),
    ],
)
def test_groups_that_stand_out_are_counted(compared, found, said):
    table = pd.DataFrame(
        {
            "look": "carrier", "carrier": [f"c{k}" for k in range(9)], "negative": 9, "n": 50,
            "group": [f"c{k}" for k in range(9)], "rate": 0.2, "low": 0.1, "high": 0.3,
            "rest_rate": 0.01, "stands_out": [place < found for place in range(9)],
        }
    )  # fmt: skip
    assert standouts_words(table, compared, "order").startswith(said) or said in standouts_words(
        table, compared, "order"
    )


@pytest.mark.parametrize(("high", "close"), [(0.3 - JUST, 1), (0.3, 2), (0.3 + JUST, 2)])
def test_a_cause_is_as_common_as_the_first_from_its_share_on(high, close):
    table = pd.DataFrame({"label": ["Late", "Broken"], "share": [0.3, 0.2], "high": [0.4, high]})
    assert len(as_common(table)) == close
    words = Pareto(table, "", 50, DAY, DAY, "").close
    assert words == ("" if close == 1 else "the first 2 are too close to rank")


@pytest.mark.parametrize(
    ("low", "high", "clear"),
    [(0.0, 0.1, False), (JUST, 0.1, True), (-0.1, 0.0, False), (-0.1, -JUST, True)],
)
def test_a_part_of_a_change_is_more_than_chance_when_its_interval_leaves_zero(low, high, clear):
    assert _clear({"low": low, "high": high}) is clear


@pytest.mark.parametrize(
    ("below", "verdict", "said"),
    [
        (False, "not met", ""),
        (True, "going over", ": it is not to be expected to stay below 1 %"),
        (True, "met", ": it is expected to stay below 1 %"),
        (True, "cannot tell yet", ": whether it stays below 1 % cannot be told yet"),
    ],
)  # fmt: skip
def test_what_a_defect_rate_will_come_to_is_said_only_while_it_is_below(below, verdict, said):
    assert _outlook({"below": below, "verdict": verdict}, "1 %") == said


@pytest.mark.parametrize(
    ("orders", "negative", "over"),
    [(10, 1, True), (10, 2, False), (10, 0, True), (9, 0, False)],
)
def test_a_groups_trouble_may_be_over_when_its_newest_orders_are_no_worse(orders, negative, over):
    """The others drew 10 of 100: one of ten is as many, and fewer than ten orders say nothing."""
    counts = pd.DataFrame({"carrier": ["a", "b"], "n": [orders, 100]})
    rows = pd.DataFrame(
        {
            "carrier": ["a"] * orders + ["b"] * 10,
            "order_key": [f"{place}" for place in range(orders + 10)],
            "negative": [place < negative for place in range(orders)] + [True] * 10,
        }
    )
    newest = SimpleNamespace(cells=lambda _: counts, rows_of=lambda _: rows)
    outcomes = SimpleNamespace(since=lambda _: newest)
    assert _newest(outcomes, "carrier", {"carrier": "a"}, OCTOBER, 10)[1] is over


def changes_of(*kinds):
    """Return changes of these kinds, one a figure."""
    return tuple(Change(f"figure{n}", "September 2026", kind, "") for n, kind in enumerate(kinds))


@pytest.mark.parametrize(
    ("kinds", "said"),
    [
        ((), ""),
        (("counted", "too few"), ""),
        (("clear",), "One change was looked at"),
        (("clear", "no clear change"), "2 changes were looked at, and that is allowed for"),
    ],
)
def test_the_number_of_changes_looked_at_is_allowed_for(kinds, said):
    assert looks(changes_of(*kinds)).startswith(said)
    assert bool(said) is bool(looks(changes_of(*kinds)))


@pytest.mark.parametrize(
    ("kinds", "none_clear"),
    [
        (("no clear change", "may be chance"), True), (("clear", "no clear change"), False),
        (("counted",), False),
    ],
)  # fmt: skip
def test_no_clear_change_is_said_only_where_none_is(monkeypatch, kinds, none_clear):
    module = import_module("feedback_analysis.report.changes")
    monkeypatch.setattr(module, "_likely", lambda *_: "-1 to +1")
    made = changes_of(*kinds)
    figures = {each.figure: SimpleNamespace(label="Orders", previous=None) for each in made}
    said = _rest(list(made), figures, "previous", "September 2026")
    assert any(each.startswith("No key figure changed clearly") for each in said) is none_clear


@pytest.mark.parametrize(
    ("n", "half", "left", "said"),
    [
        (1, 3.0, 0, "The only case is closed within 3 days of the feedback"),
        (1, math.nan, 1, "The only case is not closed yet."),
        (2, 1.0, 1, "Half of the 2 cases are closed within 1 day of the feedback"),
        (2, math.nan, 2, "Fewer than half of the 2 cases are closed yet."),
    ],
)
def test_cases_are_counted_from_one_on(n, half, left, said):
    row = {"cases": n, "median_days": half, "median_low": 1, "median_high": math.nan, "open": left}
    text = _time_words(row, pd.DataFrame(), None)
    assert text.startswith(said)
    if not math.isnan(half) and left == 1:
        assert "; 1 is still open" in text


def order_weeks(old, young):
    """Return weeks of orders of which some are old enough."""
    n = old + young
    return pd.DataFrame(
        {
            "start": pd.date_range("2026-09-07", periods=n, freq="W-MON"), "orders": 100,
            "negatives": 1, "rate": 0.01, "expected": 1.0,
            "mature": [place < old for place in range(n)],
        }
    )  # fmt: skip


def test_one_week_of_orders_is_one():
    text = _block_words(order_weeks(1, 1), None)
    assert "orders of the 1 whole week up to 13 September 2026, 1 got" in text
    assert "The week since then shows 1 so far; about 1 is expected" in text
    text = _block_words(order_weeks(2, 2), None)
    assert "the 2 whole weeks" in text
    assert "The 2 weeks since then show 2 so far; about 2 are" in text
    # Nothing is old enough: then there is nothing that the others could have come after.
    assert "The only week shows 1 so far" in _block_words(order_weeks(0, 1), None)
    assert "The 2 weeks show" in _block_words(order_weeks(0, 2), None)


@pytest.mark.parametrize(
    ("rate", "said"), [(0.01 - JUST, "0 weeks were at 1 %"), (0.01, "1 week was at 1 % or above")]
)
def test_a_week_at_the_limit_is_counted_as_over_it(rate, said):
    table = order_weeks(1, 1)
    table.loc[0, "rate"] = rate
    text = weeks_of_orders(table, 0.01)
    assert said in text
    assert "of 1 whole week got" in text
    assert ". The last week: 1 so far" in text


@pytest.mark.parametrize(
    ("missed", "weeks", "said"),
    [
        (0, 2, "No week of 2 was clearly below 95 %"), (1, 1, "1 of 1 week was clearly below"),
        (1, 2, "1 of 2 weeks was clearly below"), (2, 2, "2 of 2 weeks were clearly below"),
    ],
)  # fmt: skip
def test_weeks_below_the_target_are_counted(missed, weeks, said):
    table = pd.DataFrame({"share": [0.9] * weeks, "share_verdict": ["not met"] * missed
                          + ["cannot tell yet"] * (weeks - missed)})  # fmt: skip
    result = SimpleNamespace(targets=(0.95, 4.5))
    assert said in _weekly_finding(table, result, np.ones(weeks, dtype=bool))


@pytest.mark.parametrize(
    ("broken", "said"),
    [(0, "No gap shows"), (1, "1 of 3 tables has gaps"), (2, "2 of 3 tables have gaps")],
)
def test_tables_with_gaps_are_counted(broken, said):
    table = pd.DataFrame({"table": ["a", "b", "c"], "marketplace": "US",
                          "gap": [place < broken for place in range(3)]})  # fmt: skip
    assert gaps_found(SimpleNamespace(table=table), 3).startswith(said)


@pytest.mark.parametrize(("gap", "reached"), [(-JUST, True), (0.0, True), (JUST, False)])
def test_a_target_is_reached_when_nothing_is_left(gap, reached):
    assert _gain(gap, 0.5).startswith("The target is reached") is reached


@pytest.mark.parametrize(
    ("covered", "said"),
    [
        ([0.5, 0.9], "1 cause is in half of the comments"),
        ([0.5 - JUST, 0.9], "2 causes are in half of the comments"),
        ([0.3, 0.5 - JUST], "Late leads, in 30 % of the comments"),
    ],
)
def test_the_causes_behind_half_of_the_comments_are_counted(covered, said):
    table = pd.DataFrame({"label": ["Late", "Broken"], "share": [0.3, 0.2], "covered": covered})
    assert _weight(table, "").startswith(said)


def test_half_of_one_complaint_is_of_one():
    table = pd.DataFrame({"n": [1], "label": ["Late"], "at_least": [0.9], "at_most": [0.91]})
    assert "half of the 1 complaint about 'late'" in halved_words(table, 0.9, 0.95, OCTOBER, 365)


@pytest.mark.parametrize(
    ("hits", "n", "said"),
    [
        (0, 0, "There is no feedback here"), (1, 1, "1 of 1 feedback is positive: too few"),
        (9, 9, "9 of 9 feedbacks are positive: too few"), (10, 10, "are positive: 100.0 %"),
    ],
)  # fmt: skip
def test_a_share_is_given_from_the_smallest_number_on(hits, n, said):
    assert said in _share_words(pd.DataFrame({"hits": [hits], "n": [n]}), "positive", 10, 0)
