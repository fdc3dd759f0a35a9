"""The service questions on the first page: answers, figures, what to work on."""

import sys

import pandas as pd
import pytest

from feedback_analysis import service
from feedback_analysis.causes.taxonomy import own_taxonomy
from feedback_analysis.periods import Period
from feedback_analysis.report.actions import find_actions
from feedback_analysis.report.service_view import find_service
from feedback_analysis.service.confusion import AT_THEIR_WORD
from tests.report.hand_made import shop
from tests.service.shops import labelled

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


def test_figures_are_shares_with_the_tolerance_as_target(made):
    figures = {figure.id: figure for figure in find_service(made, OCTOBER).figures}
    packing = figures["complaints_packaging_90_days"]
    assert (packing.now.value, packing.now.n, packing.target) == (0.08, 100, 0.02)
    assert packing.now.verdict == "not met"
    assert len(figures) == 7


def test_the_page_says_what_the_rates_are_of(made):
    said = find_service(made, OCTOBER).correction.replace("\N{NO-BREAK SPACE}", " ")
    assert said.startswith("Complaints per 100 feedbacks received. ")


def test_the_action_names_the_commonest_cause_the_seller_can_fix(made):
    view = find_service(made, OCTOBER)
    (action,) = [a for a in find_actions(made, OCTOBER, None, view).found if a.id == "top_cause"]
    # Late delivery is commoner, but Amazon shipped all of those.
    assert "'poorly packed', the commonest cause of recent complaints" in action.text
    assert own_taxonomy()["poor_packing"].remedy in action.text
    assert "8 comments of the last 90 days" in action.evidence
    assert action.page == "03_root_causes"


def test_without_unhappy_feedback_nothing_is_labelled(monkeypatch):
    monkeypatch.setattr(service, "label_feedback", lambda _: pytest.fail("labelled"))
    assert find_service(shop(), OCTOBER) is None


def test_a_shop_without_totals_gives_reasons_in_place_of_figures(made):
    source = pd.Series("1-3 stars only", index=made.feedback.index)
    low = made.feedback.assign(source=source.astype(made.feedback["source"].dtype))
    alone = shop(feedback=low[low["rating"] <= 3].reset_index(drop=True), orders=made.orders)
    found = find_service(alone, OCTOBER)
    assert {row["answer"] for row in found.answers} == {"Too few to say"}
    assert found.answers[1]["rate"] == "8 complaints"
    assert "not known" in str(found.figures[0].now)
