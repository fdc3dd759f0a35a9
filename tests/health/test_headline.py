"""The answer that the page leads with agrees with the tables below it."""

import pandas as pd
import pytest

from feedback_analysis.health import feedback_rating, headline, order_defect_rate
from tests.health.frames import stars, typed
from tests.health.order_frames import history, left, placed


def rated(ones, fives):
    return feedback_rating(stars(ones, 0, 0, 0, fives, source="all ratings"))


@pytest.mark.parametrize(
    ("ones", "fives", "begin"),
    [
        (0, 400, "Yes, both targets are met: 100.0 % positive (target 95 %)"),
        (100, 300, "No: 75.0 % positive (target 95 %) and an average of 4.00 (target 4.5)"),
        (4, 90, "It cannot be told yet: 95.7 % positive"),
        (1, 2, "3 feedbacks over the shop's lifetime: too few to say"),
    ],
)
def test_both_targets_are_answered_first(ones, fives, begin):
    (said,) = headline(rated(ones, fives))
    assert said.startswith(begin)


def test_without_a_share_the_answer_is_that_it_is_not_known():
    (said,) = headline(feedback_rating(stars(3), on_missing="say"))
    assert said == "Whether the targets of 95 % and 4.5 are met is not known."


def test_bounds_of_the_average_stand_where_its_split_is_not_known():
    (said,) = headline(feedback_rating(stars(1), typed("365 days", 19, 0, 1)))
    assert "an average of 3.85 to 4.80" in said


def test_the_enforced_rule_names_the_orders_that_break_it():
    orders = pd.concat([placed("2026-10-01", 100), placed("2026-10-01", 500, first=100,
                                                          channel="amazon")])  # fmt: skip
    feedback = left({0: "2026-10-20", 1: "2026-10-21"})
    found = order_defect_rate(feedback, orders, as_of="2026-10-31")
    assert headline(rated(0, 400), found)[1] == (
        "The order defect rate is over 1 % by negative feedback alone: orders seller-fulfilled at "
        "2.00 % of 100."
    )


def test_orders_of_other_days_alone_are_not_called_too_few():
    old = order_defect_rate(left({0: "2026-03-20"}), placed("2026-03-01", 100), as_of="2026-10-31")
    assert old.table["verdict"].eq("not known").all()
    assert headline(rated(0, 400), old)[1] == (
        "Whether the order defect rate is below 1 % is not known: no order of these days is in "
        "the files."
    )


def test_a_rate_that_will_not_last_and_one_that_is_unsure_are_told_apart():
    feedback, orders = history(weekly=8, rate=0.011, seed=4, weeks=120)
    going = order_defect_rate(feedback, orders, as_of="2026-10-31")
    assert "is going over 1 %" in headline(rated(0, 400), going)[1]
    calm = order_defect_rate(left({0: "2026-10-20"}), placed("2026-10-01", 500), as_of="2026-10-31")
    assert headline(rated(0, 400), calm)[1] == (
        "The order defect rate is so far below 1 % by negative feedback alone, but whether it "
        "stays there cannot be told yet."
    )


def test_a_target_is_told_as_it_was_stated():
    rating = feedback_rating(stars(0, 0, 0, 0, 400, source="all ratings"), targets=(0.945, 4.5))
    assert "(target 94.5 %)" in headline(rating)[0]
    assert "the target of 94.5 % is met" in rating.text
