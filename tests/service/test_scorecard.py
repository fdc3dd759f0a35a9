"""The scorecard: answers by hand-counted rates, nothing double counted, nothing invented."""

import pandas as pd
import pytest
from statsmodels.stats.proportion import proportion_confint

from feedback_analysis.causes.taxonomy import own_taxonomy
from feedback_analysis.errors import ReportError
from feedback_analysis.periods import Period
from feedback_analysis.service import QUESTIONS, complaint_tally, complaints, scorecard
from feedback_analysis.service.complaints import COLUMNS
from feedback_analysis.service.confusion import Confusion
from feedback_analysis.service.corrected import Measured
from feedback_analysis.service.scorecard import answer
from feedback_analysis.service.tally import counts
from feedback_analysis.settings import Settings, Tolerance
from tests.report.hand_made import shop as bare_shop
from tests.service.shops import AT_THEIR_WORD, labelled

OCTOBER = Period.parse("2026-10")
OF = own_taxonomy().question_of
LATE = ("2026-10-05", 1, "came late", ("late_delivery",), "seller")
FAKE = ("2026-09-05", 2, "a fake, and late", ("counterfeit", "late_delivery"), "amazon")
STARS = ("2026-10-06", 3, "", None)
VAGUE = ("2026-10-07", 1, "bad seller", ("unclear",))


def card_of(rows, **more):
    made, labels = labelled(rows, question_of=OF, **more)
    return scorecard(made, complaints(made, labels), OCTOBER, confusion=AT_THEIR_WORD)


def row_of(card, question):
    return card.table.set_index("question").loc[question]


def test_questions_stand_in_amazons_order_with_its_words():
    card = card_of([LATE], five=20)
    assert card.table["question"].tolist() == list(QUESTIONS) == list(own_taxonomy().questions)[:7]
    assert card.table["label"].iloc[0] == own_taxonomy().questions["shipping_speed"]


def test_a_rate_is_complaints_over_all_feedback_and_its_interval_is_near_wilsons():
    row = row_of(card_of([LATE, FAKE, STARS, VAGUE], five=96), "shipping_speed")
    low, high = proportion_confint(2, 100, method="wilson")
    assert (row["complaints"], row["feedbacks"], row["per_100"]) == (2, 100, 2)
    assert (row["low"], row["high"]) == pytest.approx((100 * low, 100 * high), abs=1.2)


def test_rates_are_corrected_unless_labels_are_taken_at_their_word():
    rows = [LATE] * 6 + [VAGUE] * 14
    plain = row_of(card_of(rows, five=180), "shipping_speed")
    made, labels = labelled(rows, question_of=OF, five=180)
    never = Confusion("", 100, True, {"shipping_speed": Measured((50, 50), (1, 999))})
    row = row_of(scorecard(made, complaints(made, labels), OCTOBER, confusion=never),
                 "shipping_speed")  # fmt: skip
    assert plain["per_100"] == row["found_per_100"] == 3
    # Half of such complaints are found, so there were about twice as many.
    assert row["per_100"] == pytest.approx(6, abs=0.1)
    assert row["high"] - row["low"] > plain["high"] - plain["low"]
    by_default = scorecard(made, complaints(made, labels), OCTOBER)
    assert "makers" in by_default.correction


def test_two_complaints_in_one_comment_count_for_both_questions_and_once_as_feedback():
    card = card_of([FAKE], five=99)
    found = card.table.set_index("question")["complaints"]
    assert found[found > 0].to_dict() == {"shipping_speed": 1, "as_described": 1}
    assert card.unhappy == 1
    assert row_of(card, "as_described")["by_amazon"] == 1


def test_stars_only_and_unclear_comments_are_counted_apart_and_in_no_rate():
    card = card_of([LATE, STARS, STARS, VAGUE], five=50)
    n = dict(zip(card.rest["what"], card.rest["n"], strict=True))
    assert n["stars only, no comment"] == 2
    assert n["a comment that states no cause"] == 1
    assert n["a cause is stated"] == 1
    assert card.table["complaints"].sum() == 1
    assert "2 left stars only and 1 wrote no cause (75 % together)" in card.text


@pytest.mark.parametrize(
    ("low", "high", "n", "expected"),
    [
        (0.1, 2.0, 200, "Yes"),
        (0.1, 2.1, 200, "Too few to say"),
        (2.1, 9.0, 200, "No"),
        (2.0, 9.0, 200, "Too few to say"),
        (50.0, 90.0, 9, "Too few to say"),
        (50.0, 90.0, pd.NA, "Not known"),
    ],
)
def test_an_answer_needs_the_whole_interval_and_enough_feedback(low, high, n, expected):
    row = {"feedbacks": n, "low": low, "high": high, "tolerance": 2.0}
    assert answer(row, minimum_n=10) == expected


def test_the_tolerance_comes_from_the_shops_settings():
    strict = Settings(name="S", tolerance=Tolerance(shipping_speed=0.001))
    lenient = Settings(name="S", tolerance=Tolerance(shipping_speed=0.5))
    rows = [LATE] * 5
    assert row_of(card_of(rows, five=95, settings=strict), "shipping_speed")["answer"] == "No"
    assert row_of(card_of(rows, five=95, settings=lenient), "shipping_speed")["answer"] == "Yes"


def test_a_clear_rise_is_a_trend_and_a_small_one_is_not():
    many = card_of([LATE] * 20, five=80, five_before=100)
    assert row_of(many, "shipping_speed")["trend"] == "more"
    assert row_of(card_of([LATE], five=99, five_before=100), "shipping_speed")["trend"] == (
        "no clear change"
    )
    alone = row_of(card_of([LATE], five=99), "shipping_speed")
    assert alone["trend"] == "not known"
    assert pd.isna(alone["change"])


def test_without_totals_no_rate_and_no_answer_is_made_up():
    made, labels = labelled([LATE] * 30, question_of=OF)
    feedback = made.feedback.assign(
        source=pd.Series(["1-3 stars only"] * 30, dtype=made.feedback["source"].dtype)
    )
    made = bare_shop(feedback=feedback, orders=made.orders)
    card = scorecard(made, complaints(made, labels), OCTOBER)
    row = row_of(card, "shipping_speed")
    assert (row["answer"], row["trend"], row["complaints"]) == ("Not known", "not known", 30)
    assert pd.isna(row["per_100"])
    assert any("is not known" in limit for limit in card.limits)


def test_complaints_per_order():
    row = row_of(card_of([LATE], five=20, placed=99), "shipping_speed")
    assert (row["orders"], row["per_1000"]) == (100, 10)


def test_an_empty_shop_gives_seven_rows_and_no_answer():
    made = bare_shop()
    empty = pd.DataFrame({"questions": [], "causes": [], "confidence": []})
    card = scorecard(made, complaints(made, empty), OCTOBER)
    assert card.table["answer"].eq("Not known").all()
    assert "no feedback of 1 to 3 stars" in card.text


def test_the_tally_is_additive():
    made, labels = labelled([LATE, FAKE, STARS, VAGUE] * 3, question_of=OF, five=3)
    rows = complaints(made, labels)
    parts = pd.concat([complaint_tally(rows.iloc[:5]), complaint_tally(rows.iloc[5:])])
    keys = ["date", "marketplace", "channel", "level", "id"]
    added = parts.groupby(keys, sort=True)["n"].sum().reset_index()
    pd.testing.assert_frame_equal(added, complaint_tally(rows))
    whole = counts(complaint_tally(rows), "questions", OCTOBER.start, OCTOBER.end)
    assert whole.to_dict() == {"shipping_speed": 3}


def test_order_of_rows_changes_nothing():
    made, labels = labelled([LATE, FAKE, STARS, VAGUE], question_of=OF, five=40)
    rows = complaints(made, labels)
    one = scorecard(made, rows, OCTOBER).table
    other = scorecard(made, rows.iloc[::-1].reset_index(drop=True), OCTOBER).table
    pd.testing.assert_frame_equal(one, other)


def test_struck_feedback_is_no_complaint():
    made, labels = labelled([LATE, LATE], question_of=OF, five=10)
    made.feedback.loc[0, "gone"] = True
    rows = complaints(made, labels)
    assert list(rows.columns) == COLUMNS
    assert len(rows) == 1


def test_labels_without_causes_are_refused():
    made, labels = labelled([LATE], question_of=OF)
    with pytest.raises(ReportError, match="causes"):
        complaints(made, labels.drop(columns="causes"))


def test_where_every_buyer_states_a_cause_nothing_is_told_to_be_unknown():
    rows = [("2026-10-05", 1, "late", ("late_delivery",))] * 2
    text = card_of(rows).text
    assert text.endswith("Of 2 feedbacks of 1 to 3 stars, each states a cause.")
    assert card_of(rows[:1]).text.endswith("The only feedback of 1 to 3 stars states a cause.")
