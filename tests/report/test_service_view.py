"""The service questions on the first page: answers, figures, what to work on."""

import re
import sys
from datetime import date
from types import SimpleNamespace

import pandas as pd
import pytest

from feedback_analysis import service
from feedback_analysis.causes.taxonomy import own_taxonomy
from feedback_analysis.periods import Period
from feedback_analysis.report.actions import find_actions
from feedback_analysis.report.service_view import _top, _trend, find_service
from feedback_analysis.report.wording import GLUE
from tests.report.hand_made import shop
from tests.service.shops import AT_THEIR_WORD, labelled

OCTOBER = Period.parse("2026-10")
# The functions of the same names hide these modules.
growth, pareto, scorecard = (
    sys.modules[f"feedback_analysis.service.{name}"] for name in ("growth", "pareto", "scorecard")
)
OF = own_taxonomy().question_of


@pytest.fixture
def made(monkeypatch):
    """A shop that packs badly: eight complaints on a hundred feedbacks, two late by Amazon."""
    rows = [("2026-10-05", 1, f"torn {n}", ("poor_packing",)) for n in range(8)]
    rows += [("2026-10-06", 1, f"late {n}", ("late_delivery",), "amazon") for n in range(9)]
    small, labels = labelled(rows, question_of=OF, five=83)
    monkeypatch.setattr(service, "label_feedback", lambda _: labels)
    # Labels taken at their word: what corrects them is measured anew with every labeller.
    for room in (growth, pareto, scorecard):
        monkeypatch.setattr(room, "confusion_of", lambda _: AT_THEIR_WORD)
    return small


def test_answers_come_in_amazons_order_with_their_rates(made):
    found = find_service(made, OCTOBER)
    answers = {row["short"]: (row["answer"], row["verdict"]) for row in found.answers}
    assert list(answers)[:2] == ["Shipping fast?", "Packed well?"]
    assert answers["Packed well?"] == ("No", "not met")
    assert answers["As described?"] == ("Too few to say", "too few to say")
    assert found.answers[1]["rate"] == "8.0\u00a0per\u00a0100"
    assert re.fullmatch(r"\d\.\d to 1\d\.\d", found.answers[1]["likely"].replace(GLUE, " "))


def test_figures_are_shares_with_the_tolerance_as_target(made):
    figures = {figure.id: figure for figure in find_service(made, OCTOBER).figures}
    packing = figures["complaints_packaging_90_days"]
    assert (packing.now.value, packing.now.n, packing.target) == (0.08, 100, 0.02)
    assert packing.now.verdict == "not met"
    assert len(figures) == 7


def test_the_page_says_what_the_rates_are_of(made):
    said = find_service(made, OCTOBER).correction.replace("\N{NO-BREAK SPACE}", " ")
    assert said.startswith("Complaints per 100 of the 100 feedbacks received, with the")


def test_the_action_names_the_commonest_cause_the_seller_can_fix(made):
    view = find_service(made, OCTOBER)
    (action,) = [a for a in find_actions(made, OCTOBER, None, view).found if a.id == "top_cause"]
    # Late delivery is commoner, but Amazon shipped all of those.
    assert "'poorly packed', the commonest cause of recent complaints" in action.text
    assert own_taxonomy()["poor_packing"].remedy in action.text
    evidence = action.evidence.replace(GLUE, " ")
    assert re.match(r"Poorly packed \d+\.\d % \(\d+\.\d to \d+\.\d %\) of \d+\n", evidence)
    assert "comments of 90 days, corrected" in evidence
    assert action.page == "03_root_causes"


def test_without_unhappy_feedback_nothing_is_labelled(monkeypatch):
    monkeypatch.setattr(service, "label_feedback", lambda _: pytest.fail("labelled"))
    assert find_service(shop(), OCTOBER) is None


def test_a_shop_without_totals_gives_reasons_in_place_of_figures(made):
    source = pd.Series("1-3 stars only", index=made.feedback.index)
    low = made.feedback.assign(source=source.astype(made.feedback["source"].dtype))
    alone = shop(feedback=low[low["rating"] <= 3].reset_index(drop=True), orders=made.orders)
    found = find_service(alone, OCTOBER)
    assert {row["answer"] for row in found.answers} == {"Not known"}
    assert {row["verdict"] for row in found.answers} == {"not known"}
    assert found.answers[1]["rate"] == "8 complaints"
    assert "not known" in str(found.figures[0].now)
    # No rate is there to correct.
    assert found.correction == (
        "How many feedbacks came in is not known, so none of the 7 questions can be answered "
        "Yes or No. The numbers are counts as found."
    )
    card = service.scorecard(
        alone, service.complaints(alone, service.label_feedback(alone)), OCTOBER
    )
    assert "so none of the 7 questions can be answered" in card.text
    assert "too little feedback" not in card.text


def test_causes_too_close_to_rank_are_named_together_with_the_carrier_of_most():
    names = ["cause", "label", "share", "low", "high", "n", "remedy"]
    table = pd.DataFrame(
        [("lost", "Never arrived", 0.24, 0.13, 0.44, 17, "Resend."),
         ("late", "Arrived late", 0.22, 0.13, 0.35, 21, "Promise less."),
         ("dead", "Does not work", 0.10, 0.04, 0.20, 11, "Test it.")],
        columns=names,
    ).assign(fixed_by="seller", by_amazon=0)  # fmt: skip
    rows = pd.DataFrame(
        {
            "date": pd.Timestamp("2026-10-05"), "causes": [("lost",), ("late", "dead"), ("dead",)],
            "carrier": ["Northline", "Northline", None],
        }
    )  # fmt: skip
    found = SimpleNamespace(table=table, n=104, start=date(2026, 8, 3), end=OCTOBER.end)
    said = _top(found, rows)
    assert said["causes"].startswith("'never arrived' and 'arrived late', among the commonest")
    assert "too close to rank" in said["causes"]
    assert said["remedies"] == "Resend. Promise less."
    assert said["evidence"].endswith(
        "; Northline carried the orders of 2 of the 2 comments with these labels, as found"
    )
    alone = SimpleNamespace(**vars(found) | {"table": table.assign(high=[0.3, 0.23, 0.2])})
    assert _top(alone, rows)["causes"].startswith("'never arrived', the commonest cause")


def test_the_questions_that_changed_are_told_with_their_ranges():
    rows = [
        {"question": "shipping_speed", "trend": "more", "change": 6.4, "change_low": 3.4,
         "change_high": 9.2},
        {"question": "packaging", "trend": "no clear change"},
    ]  # fmt: skip
    said = _trend(rows).replace(GLUE, " ")
    assert "more complaints about 'Shipping fast?' (+6.4 per 100, +3.4 to +9.2)" in said
    assert said.endswith("no clear change in 1.")
    assert "each by itself" in said
    assert _trend([{"question": "packaging", "trend": "too few to say"}]) == ""
