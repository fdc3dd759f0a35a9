"""Every sentence that states a verdict, at the values where it turns.

The verdict on a target (health.intervals), on the order defect rate (health.defects) and the grade
of an effect (conversion.effect) are tested at their boundaries beside their rooms; the others here.
"""

import math
from datetime import date
from importlib import import_module
from types import SimpleNamespace

import pandas as pd
import pytest

from feedback_analysis.cases.asking_effect import _held_out
from feedback_analysis.cases.clocks import NOT_STARTED, clocks
from feedback_analysis.cases.fixes import LEAST_EVENTS, LEAST_ORDERS, _verdict
from feedback_analysis.conversion.association import _text as association_text
from feedback_analysis.conversion.diagnostics import _agreement, _direction, _size
from feedback_analysis.health.amazon_defects import comparison_sentences
from feedback_analysis.health.change import _difference
from feedback_analysis.health.composition import both
from feedback_analysis.health.headline import _enforced
from feedback_analysis.health.standouts import LEVEL, standouts
from feedback_analysis.periods import Period
from feedback_analysis.report.figures import Figure, Value, compare, missed_perhaps_by_chance
from feedback_analysis.report.standing import _by_amazon
from feedback_analysis.service.agreement import _verdict as agrees
from feedback_analysis.service.behaviour import (
    BAD,
    BY_CHANCE,
    FEW,
    GOOD,
    NO_TARGET,
    ROSE,
    _Measures,
    _shares,
)
from feedback_analysis.service.growth import growth_text
from feedback_analysis.service.scorecard import _trend, answer
from feedback_analysis.settings import Cases

JUST = 1e-9


@pytest.mark.parametrize(
    ("low", "high", "n", "said"),
    [
        (0.0, 2.0, 10, "Yes"),
        (0.0, 2.0 + JUST, 10, "Too few to say"),
        (2.0, 9.0, 10, "Too few to say"),
        (2.0 + JUST, 9.0, 10, "No"),
        (0.0, 1.0, 9, "Too few to say"),
        (3.0, 9.0, 9, "Too few to say"),
        (0.0, 0.0, pd.NA, "Not known"),
    ],
)
def test_a_service_question_is_answered_at_its_tolerance(low, high, n, said):
    row = {"feedbacks": n, "low": low, "high": high, "tolerance": 2.0}
    assert answer(row, 10) == said


@pytest.mark.parametrize(
    ("low", "high", "said"),
    [
        (JUST, 0.1, "more"),
        (0.0, 0.1, "no clear change"),
        (-0.1, 0.0, "no clear change"),
        (-0.1, -JUST, "fewer"),
    ],
)
def test_a_trend_is_clear_when_its_interval_leaves_zero(low, high, said):
    assert _trend(SimpleNamespace(change=lambda: (0.0, low, high)))["trend"] == said


@pytest.mark.parametrize(
    ("low", "high", "said"),
    [
        (JUST, 0.1, "higher"),
        (0.0, 0.1, "no clear change"),
        (-0.1, 0.0, "no clear change"),
        (-0.1, -JUST, "lower"),
    ],
)
def test_a_change_of_the_share_is_clear_when_its_interval_leaves_zero(monkeypatch, low, high, said):
    monkeypatch.setattr(
        import_module("feedback_analysis.health.change"),
        "difference_interval",
        lambda *_: (low, high),
    )
    row = {"share": 0.9, "low": 0.8, "high": 0.95, "n": 10}
    found = _difference(row, row, ("positive share", "share", "low", "high"), 10)
    assert found["verdict"] == said
    few = _difference(row, row | {"n": 9}, ("positive share", "share", "low", "high"), 10)
    assert few["verdict"] == "too few to say"


@pytest.mark.parametrize(("low", "high"), [(JUST, 0.1), (0.0, 0.1), (-0.1, 0.0), (-0.1, -JUST)])
def test_a_key_figure_changed_clearly_when_the_interval_leaves_zero(monkeypatch, low, high):
    monkeypatch.setattr(
        import_module("feedback_analysis.report.figures"),
        "difference_interval",
        lambda *_: (low, high),
    )
    value = Value(0.5, n=10, low=0.4, high=0.6)
    found = compare(value, value, period=Period.parse("2026-09"), minimum_n=10)
    assert found.sure is (low > 0 or high < 0)
    few = compare(value, Value(0.5, n=9, low=0.4, high=0.6), period=Period.parse("2026-09"),
                  minimum_n=10)  # fmt: skip
    assert few.difference is None


def test_an_average_is_missed_perhaps_by_chance_only_below_its_target():
    def figure(high, verdict="cannot tell yet"):
        now = Value(None, n=50, low=4.0, high=high, verdict=verdict)
        return Figure("average_score", "Average score", "stars", target=4.5, now=now)

    assert missed_perhaps_by_chance(figure(4.5 - JUST))
    assert not missed_perhaps_by_chance(figure(4.5))
    assert not missed_perhaps_by_chance(figure(4.4, "not met"))


@pytest.mark.parametrize(
    ("share", "average", "said"),
    [
        ("met", "met", "met"),
        ("met", "not met", "not met"),
        ("too few to say", "met", "too few to say"),
        ("cannot tell yet", "met", "cannot tell yet"),
        ("cannot tell yet", "not met", "not met"),
    ],
)
def test_both_targets_count_together(share, average, said):
    assert both(share, average) == said
    assert both(average, share) == said


def amazon(rate, target=0.01):
    """Return one row of Amazon's own figures."""
    return pd.DataFrame(
        {
            "marketplace": ["US"], "channel": ["seller"], "start": [pd.Timestamp("2026-08-16")],
            "end": [pd.Timestamp("2026-10-14")], "amazon_rate": [rate], "amazon_orders": [100],
            "target": [target], "why": [""],
        }
    )  # fmt: skip


def test_amazons_own_rate_at_its_target_is_over():
    assert "it is at or above the target" in comparison_sentences(amazon(0.01))[0]
    assert "it is below the target" in comparison_sentences(amazon(0.01 - JUST))[0]
    nothing = comparison_sentences(amazon(float("nan")).assign(amazon_orders=pd.NA))
    assert nothing == [
        "Amazon's own figure covers the orders of 16 August 2026 to 14 October 2026: the file "
        "states no rate."
    ]
    free = comparison_sentences(amazon(0.005, target=float("nan")))[0]
    assert free.endswith("the file states no target (US seller-fulfilled 0.50 % of 100).")
    assert _by_amazon(amazon(0.01)).verdict == "not met"
    assert _by_amazon(amazon(0.01 - JUST)).verdict == "met"


@pytest.mark.parametrize(
    ("verdicts", "said"),
    [
        (("met", "met"), "is below 1 % by negative feedback alone."),
        (("met", "cannot tell yet"), "is so far below 1 % by negative feedback alone, but whether"),
        (("met", "going over"), "is going over 1 %"),
        (("going over", "not met"), "is over 1 %"),
        # Five orders, one of them bad, say neither that the rate is below nor that it is over.
        (("met", "too few to say"), "is below 1 % by negative feedback alone."),
        (("too few to say", "too few to say"), "Too few orders to say whether"),
    ],
)
def test_the_headline_names_the_worst_that_is_known_of_the_defect_rate(verdicts, said):
    table = pd.DataFrame(
        {
            "channel": ["all", "seller", "amazon"], "verdict": ["met", *verdicts], "rate": 0.008,
            "expected_rate": 0.012, "claims": pd.NA, "orders": 1000,
        }
    )  # fmt: skip
    (sentence,) = _enforced(SimpleNamespace(table=table, target=0.01))
    assert said in sentence


def test_a_defect_rate_at_its_limit_is_not_called_over_it():
    table = pd.DataFrame(
        {"channel": ["seller"], "verdict": "not met", "rate": 0.01, "claims": 0, "orders": 200}
    )
    (sentence,) = _enforced(SimpleNamespace(table=table, target=0.01))
    assert sentence.startswith("The order defect rate is at 1 %: orders")


@pytest.mark.parametrize(
    ("rate", "condition", "said"),
    [
        (0.02, "LESS_THAN", GOOD),
        (0.04 - JUST, "LESS_THAN", BY_CHANCE),
        (0.04, "LESS_THAN", BAD),
        (0.04, "GREATER_THAN", BAD),
        (0.04 + JUST, "GREATER_THAN", BY_CHANCE),
        (0.06, "GREATER_THAN", GOOD),
    ],
)
def test_amazons_target_is_met_only_beyond_it(rate, condition, said):
    table = pd.DataFrame(
        {
            "marketplace": ["US"], "measure": ["lateShipmentRate"], "channel": ["all"],
            "start": [pd.Timestamp("2026-10-01")], "end": [pd.Timestamp("2026-10-31")],
            "rate": [rate], "target": [0.04], "condition": [condition], "total": [1000],
        }
    )  # fmt: skip
    measures = object.__new__(_Measures)
    measures.shop = SimpleNamespace(account_health=table)
    (row,) = measures._account("lateShipmentRate")
    assert row["verdict"] == said


def test_claims_of_two_downloads_are_not_counted_twice():
    days = pd.to_datetime(["2026-10-14", "2026-09-14", "2026-10-01"])
    table = pd.DataFrame(
        {
            "marketplace": ["US", "US", "DE"], "measure": "orderDefectRate.claims",
            "channel": "seller", "start": days - pd.Timedelta(days=59), "end": days,
            "total": [1000, 900, 100], "events": [2, 5, 1],
        }
    )  # fmt: skip
    measures = object.__new__(_Measures)
    measures.shop = SimpleNamespace(account_health=table)
    (row,) = measures._claims("orderDefectRate.claims")
    assert (row["n"], row["value"]) == (1100, 3 / 1100)


def test_a_share_of_the_files_rose_only_beyond_the_strict_interval(monkeypatch):
    ends = {"low": 0.0}
    monkeypatch.setattr(
        import_module("feedback_analysis.service.behaviour"),
        "_difference",
        lambda *_: (ends["low"], 1.0),
    )
    assert _shares([(9, 10), (1, 10)], 10)[0]["verdict"] == NO_TARGET
    ends["low"] = JUST
    assert _shares([(9, 10), (1, 10)], 10)[0]["verdict"] == ROSE
    assert _shares([(9, 10), (1, 9)], 10)[0]["verdict"] == NO_TARGET
    assert _shares([(8, 9), (1, 10)], 10)[0]["verdict"] == FEW


@pytest.mark.parametrize(
    ("said", "state", "verdict"),
    [
        ("No", "trouble", "both see trouble"),
        ("No", "fine", "only the comments"),
        ("Yes", "trouble", "only the files"),
        ("Too few to say", "trouble", "only the files"),
        ("Yes", "fine", "both fine"),
        ("Too few to say", "fine", "too few comments"),
        ("Not known", "trouble", "only the files"),
        ("Not known", "fine", "answer not known"),
        ("No", "silent", "no file tells"),
    ],
)
def test_comments_and_files_are_taken_together(said, state, verdict):
    assert agrees(said, state) == verdict


@pytest.mark.parametrize(
    ("plain", "net", "said"),
    [
        ((0.5, 1.0 - JUST), (math.nan, math.nan), "fell"),
        ((0.5, 1.0), (math.nan, math.nan), "no clear change"),
        ((1.0, 2.0), (math.nan, math.nan), "no clear change"),
        ((1.0 + JUST, 2.0), (math.nan, math.nan), "rose"),
        ((0.5, 0.9), (0.5, 1.0 - JUST), "fell"),
        ((0.5, 0.9), (0.5, 1.0), "fell, but not clearly more than elsewhere"),
        ((1.1, 2.0), (1.0 + JUST, 2.0), "rose"),
        ((1.1, 2.0), (1.0, 2.0), "rose, but not clearly more than elsewhere"),
    ],
)
def test_a_dated_change_worked_only_when_the_whole_interval_says_so(plain, net, said):
    enough = (LEAST_EVENTS, LEAST_ORDERS, 0, LEAST_ORDERS)
    assert _verdict(enough, plain, net) == said


def test_a_dated_change_needs_orders_and_complaints():
    nothing = (math.nan, math.nan)
    events, orders = LEAST_EVENTS, LEAST_ORDERS
    assert _verdict((events, orders, 0, orders - 1), (0.1, 0.5), nothing) == "too early to say"
    for few in ((events, orders - 1, 0, orders), (events - 1, orders, 0, orders)):
        assert _verdict(few, (0.1, 0.5), nothing) == "too few to say"


@pytest.mark.parametrize(
    ("low", "high", "said"),
    [
        (JUST, 0.1, "Orders that were asked left more feedback"),
        (0.0, 0.1, "Whether asking brings more feedback cannot be told yet"),
        (-0.1, 0.0, "Whether asking brings more feedback cannot be told yet"),
        (-0.1, -JUST, "Orders that were asked left less feedback"),
    ],
)
def test_asking_brings_more_only_when_its_interval_leaves_zero(monkeypatch, low, high, said):
    monkeypatch.setattr(
        import_module("feedback_analysis.cases.asking_effect"),
        "difference_interval",
        lambda *_: (low, high),
    )
    part = pd.DataFrame({"rating": [5, 0], "n": [1, 1]})
    assert _held_out(part, part, part.head(0)).text.startswith(said)


@pytest.mark.parametrize(("age", "overdue"), [(2, 0), (3, 0), (4, 2)])
def test_a_case_is_overdue_only_after_its_tolerance(age, overdue):
    """Promised in 2 days, 1 day later is not yet overdue; then both days count."""
    today = pd.Timestamp("2026-10-31")
    cases = pd.DataFrame(
        {
            "date": [today - pd.Timedelta(days=age)], "purchase_date": [pd.NaT],
            "stage": [NOT_STARTED], "rule": [""],
        }
    )  # fmt: skip
    cases["purchase_date"] = pd.to_datetime(cases["purchase_date"])
    promise = Cases(answer_days=2, close_days=14, tolerance_days=1)
    assert clocks(cases, promise, as_of=today.date())["overdue_days"].tolist() == [overdue]


@pytest.mark.parametrize(("age", "alive"), [(90, True), (91, False)])
def test_a_case_runs_out_on_the_last_day_for_a_request(age, alive):
    today = pd.Timestamp("2026-10-31")
    cases = pd.DataFrame(
        {"date": [today - pd.Timedelta(days=age)], "stage": [NOT_STARTED], "rule": ["x"]}
    ).assign(purchase_date=pd.to_datetime([pd.NaT]))
    assert clocks(cases, Cases(), as_of=date(2026, 10, 31))["next_day"].notna().tolist() == [alive]


def test_a_growth_is_called_sure_only_when_it_is():
    row = {"label": "Late", "n": 9, "before": 1, "per_100": 3.0, "per_100_before": 0.5,
           "of": "feedbacks", "change": 2.5, "month": None}  # fmt: skip
    assert "more than chance explains" in growth_text(pd.DataFrame([row | {"sure": True}]), 90)
    assert "; may be chance, all" in growth_text(pd.DataFrame([row | {"sure": False}]), 90)
    marked = row | {"sure": False, "month": "2026-09", "in_month": 7.0, "expected": 0.93}
    said = "may be chance over the 90 days, but not in September 2026 (7, 0.9 expected), all"
    assert said in growth_text(pd.DataFrame([marked]), 90)
    none = pd.DataFrame([row | {"change": 0.0, "sure": False}])
    assert growth_text(none, 90).startswith("No cause grew")
    less = pd.DataFrame([row | {"change": -2.0, "sure": True}])
    assert growth_text(less, 90) == (
        "No cause grew against the 90 days before. Fewer than before, beyond chance: 'Late'."
    )


def test_a_group_stands_out_up_to_the_level_and_from_three_negatives_on():
    def frame(negative):
        rows = [("a", place < negative) for place in range(10)] + [("b", False)] * 5000
        return pd.DataFrame(rows, columns=["carrier", "negative"])

    found = standouts(frame(3), looks=[("carrier",)])
    q = float(found.table["q"].min())
    assert q < LEVEL
    assert len(standouts(frame(3), looks=[("carrier",)], level=q).found) == 1
    assert len(standouts(frame(3), looks=[("carrier",)], level=q * (1 - 1e-9)).found) == 0
    # Two would be sure enough, and are still too few to name somebody for.
    assert standouts(frame(2), looks=[("carrier",)]).found.empty


@pytest.mark.parametrize(
    ("low", "high", "chance"),
    [(1.0, 1.5, True), (1.0 + JUST, 1.5, False), (0.5, 1.0, True), (0.5, 1.0 - JUST, False)],
)
def test_an_association_that_chance_would_explain_is_said_to_be_so(low, high, chance):
    alike = {"log_price": 0.0, "log_offer": 0.0, "age": 0.0, "sessions": 1.0}
    products = pd.DataFrame({"reviews": [0, 1, 2], **alike})
    text = association_text(products, 1.2, (low, high), (1.6, 1.1), math.nan, math.nan)
    assert ("so would chance" in text) is chance
    # Nothing else is known, so nothing else was held equal.
    assert "held equal" not in text


def pair(effect=0.1, apart=0.0, error=0.1):
    """Return two estimates so far apart."""
    families = SimpleNamespace(effect=effect + apart / 2, error=error)
    trials = SimpleNamespace(effect=effect - apart / 2, error=error)
    return SimpleNamespace(families=families, trials=trials, effect=effect)


def test_the_checks_of_an_effect_warn_beyond_their_limits():
    assert not _agreement(pair(apart=0.196 - JUST))["warns"]
    assert _agreement(pair(apart=0.196 + JUST))["warns"]
    assert not _direction(pair(effect=0.0))["warns"]
    assert _direction(pair(effect=-JUST))["warns"]
    assert not _size(pair(effect=math.log(2)))["warns"]
    assert _size(pair(effect=math.log(2) + JUST))["warns"]
    assert _size(pair(effect=1.0))["meaning"].startswith("More than a doubling")
    assert _size(pair(effect=-1.0))["meaning"].startswith("More than a halving")
