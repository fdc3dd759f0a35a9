"""What reviews are worth, on the first page: a figure with its interval, or why there is none."""

import re
from dataclasses import replace

import feedback_analysis as fa
from feedback_analysis.periods import Period
from feedback_analysis.report.actions import find_actions
from feedback_analysis.report.figures import Missing, Value
from feedback_analysis.report.key_figures import key_figures
from feedback_analysis.report.review_figures import review_figure, review_list
from tests.conversion.shops import of_catalogue
from tests.report.hand_made import shop

OCTOBER = Period.parse("2026-10")


def shop_of(**options):
    business, counts = of_catalogue(fa.simulate_catalogue("sales", **options))
    return replace(shop(), traffic=business, reviews=counts)


STRONG = shop_of(lift=0.5, seed=12)


def test_an_effect_is_a_figure_with_its_interval_and_grade():
    figure = review_figure(STRONG)
    assert isinstance(figure.now, Value)
    assert 0 < figure.now.low < 0.5 < figure.now.high
    assert figure.now.low < figure.now.value < figure.now.high
    assert figure.n_of == "families"
    assert "grade s" in figure.now.source


def test_no_clear_effect_gives_only_what_fits():
    figure = review_figure(shop_of(lift=0.0, seed=11))
    assert figure.now.value is None
    assert figure.now.low < 0 < figure.now.high
    assert "no clear effect" in figure.now.source


def test_too_little_says_what_would_help():
    few = review_figure(shop_of(lift=0.5, seed=5, families=20)).now
    assert isinstance(few, Missing)
    assert re.search(r"only \d+ families were seen both without and with reviews", few.reason)
    few = review_figure(shop_of(lift=0.5, seed=12, families=12)).now
    assert few.reason == "no family was seen both without and with reviews"
    none = review_figure(shop()).now
    assert "no business report" in none.reason
    assert "dated review counts" in none.remedy


def test_it_stands_among_the_key_figures_without_a_comparison():
    figure = key_figures(STRONG, OCTOBER)["first_review_lift"]
    assert figure.previous is None
    assert figure.year_before is None


def test_products_to_ask_for_first_are_an_action_only_where_an_effect_was_found():
    found = find_actions(STRONG, OCTOBER, None)
    action = next(one for one in found.found if one.id == "ask_for_reviews")
    assert "once and neutrally" in action.text
    assert "without reviews would bring, if the average effect holds" in action.evidence
    assert (action.page, action.heading) == ("05_reviews_and_conversion", "Which products first")
    assert review_list(shop_of(lift=0.0, seed=11)) is None
    quiet = find_actions(shop(), OCTOBER, None)
    assert not [one for one in quiet.found if one.id == "ask_for_reviews"]
