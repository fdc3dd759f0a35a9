"""The case list: evidence, stages, clocks, order and words, on orders whose every day is known."""

from datetime import date

import pandas as pd
import pytest

from feedback_analysis.cases import all_limits, case_list, coverage_text, promise_text
from feedback_analysis.cases.case_list import NO_FILE
from feedback_analysis.cases.clocks import clocks
from feedback_analysis.periods import Period
from feedback_analysis.settings import Cases
from tests.cases.frames import feedback, made, orders, own, returns, shipments

TODAY = date(2026, 10, 31)
LATE = "Arrived nine days after the promised date."


def listed(**given):
    options = {name: given.pop(name) for name in ("as_of", "labels", "days") if name in given}
    return case_list(made(**given), **{"as_of": TODAY, **options})


def rows_of(result):
    return result.table.set_index("order_key")


def test_only_1_to_3_stars_that_still_count_become_cases():
    rows = [("a", "2026-10-01", 1), ("b", "2026-10-01", 3), ("c", "2026-10-01", 4)]
    gone = ("d", "2026-10-02", 1, "", "", True)
    result = listed(feedback=feedback([*rows, gone, ("e", "2025-09-01", 1)]))
    assert sorted(result.table["order_key"]) == ["a", "b"]
    assert "e" in list(
        listed(feedback=feedback([("e", "2025-09-01", 1)]), days=None).table["order_key"]
    )


def test_what_the_files_know_stands_beside_the_comment():
    result = listed(
        feedback=feedback([("a", "2026-10-20", 1, "x"), ("b", "2026-10-04", 2, "y", "Sorry")]),
        orders=orders([("a", "2026-10-01", "S1", "seller"), ("b", "2026-10-01", "S2", "amazon")]),
        shipments=shipments(
            [("a", "2026-10-09", "2026-10-07", False), ("b", "2026-10-02", "2026-10-06", True)]
        ),
        returns=returns([("a", "2026-10-22", "NEVER_ARRIVED", "shipping_speed", 12.5)]),
    )
    first, second = rows_of(result).loc["a"], rows_of(result).loc["b"]
    assert first["carriage"] == "shipped after the promised day"
    assert second["carriage"] == "written before the promised day"
    assert first["evidence"] == (
        "shipped after the promised day (2026-10-07); no tracking number; returned 2026-10-22: "
        "NEVER_ARRIVED; the return says that it came late or not at all; refunded 12.50 USD"
    )
    assert (first["replied"], second["replied"]) == (False, True)
    assert second["carrier"] == "Swiftway"


def test_a_refund_of_no_stated_currency_names_none():
    back = returns([("a", "2026-10-22", "NEVER_ARRIVED", "shipping_speed", 12.5)])
    result = listed(
        feedback=feedback([("a", "2026-10-20", 1, "x")]),
        orders=orders([("a", "2026-10-01", "S1", "seller")]),
        returns=back.assign(currency=back["currency"].mask(back["currency"].notna())),
    )
    assert rows_of(result).loc["a", "evidence"].endswith("refunded 12.50")


def test_the_stage_is_what_the_seller_wrote_in_any_language():
    said = {"a": "erledigt", "b": "Waiting for buyer", "c": "in progress", "d": "Neu"}
    result = listed(
        feedback=feedback([(key, "2026-10-20", 1) for key in "abcde"]),
        cases=own([{"order_key": key, "status": status} for key, status in said.items()]),
    )
    stages = rows_of(result)["stage"]
    assert stages[list("abcde")].tolist() == [
        "closed", "waiting", "under way", "not started", "not started",
    ]  # fmt: skip
    assert rows_of(result)["investigated"][list("abcde")].tolist() == [
        True,
        True,
        False,
        False,
        False,
    ]


def test_a_case_is_listed_by_its_order_and_by_nothing_else():
    rows = [("a", "2026-10-20", 1), ("b", "2026-10-20", 1), (None, "2026-10-20", 1)]
    rows.append((None, "2026-10-20", 1, "", "", True))
    result = listed(feedback=feedback(rows), cases=own([{"order_key": "a"}, {"order_key": None}]))
    table = result.table
    assert table.loc[table["listed"], "order_key"].tolist() == ["a"]
    assert not any("is gone by now" in limit for limit in result.limits)


def test_a_case_closed_later_was_open_then_and_its_end_not_known():
    rows = [{"order_key": "a", "status": "closed", "closed": "2026-10-25", "resolution": "refund"}]
    given = {"feedback": feedback([("a", "2026-10-10", 1)]), "cases": own(rows)}
    assert rows_of(listed(**given)).loc["a", "stage"] == "closed"
    then = rows_of(listed(**given, as_of=date(2026, 10, 20))).loc["a"]
    assert then["stage"] == "under way"
    assert pd.isna(then["resolution"])
    assert then["overdue_days"] == 0


def clock(**row):
    given = {
        "date": "2026-10-20", "purchase_date": "2026-10-01", "stage": "not started", "rule": "",
    } | row  # fmt: skip
    frame = pd.DataFrame([given])
    for name in ("date", "purchase_date"):
        frame[name] = pd.to_datetime(frame[name]).astype("datetime64[us]")
    promise = Cases(answer_days=2, close_days=14, tolerance_days=1)
    return clocks(frame, promise, as_of=TODAY).iloc[0]


@pytest.mark.parametrize(
    ("row", "next_end", "next_day", "overdue"),
    [
        # Looked into within 2 days, of which 9 are gone: overdue, and so due today.
        ({}, "overdue", "2026-10-31", 9),
        # One day more is borne, and that day is the one on which it runs out.
        ({"date": "2026-10-28"}, "own promise", "2026-10-31", 0),
        ({"date": "2026-10-27"}, "overdue", "2026-10-31", 2),
        ({"date": "2026-10-29"}, "own promise", "2026-10-31", 0),
        ({"date": "2026-10-30"}, "own promise", "2026-11-01", 0),
        ({"stage": "under way"}, "own promise", "2026-11-03", 0),
        # 90 days from the order end before 90 days from the feedback.
        ({"stage": "under way", "purchase_date": "2026-08-03"}, "buyer's time", "2026-11-01", 0),
        ({"date": "2026-08-04", "rule": "remove: x"}, "overdue", "2026-10-31", 86),
        ({"date": "2026-08-01"}, "", None, 89),
        ({"stage": "closed"}, "", None, 0),
    ],
)
def test_the_clocks(row, next_end, next_day, overdue):
    found = clock(**row)
    assert (found["next_end"], found["overdue_days"]) == (next_end, overdue)
    assert found["next_day"] == pd.Timestamp(next_day) if next_day else pd.isna(found["next_day"])


@pytest.mark.parametrize(("days", "left", "alive"), [(89, 1, True), (90, 0, True), (91, -1, False)])
def test_the_90_days_for_a_request_end_with_the_90th(days, left, alive):
    day = pd.Timestamp(TODAY) - pd.Timedelta(days=days)
    said = feedback([("a", day, 1, "Mr. Harold Pinkwater shouted")])
    result = listed(feedback=said)
    row = result.table.iloc[0]
    assert row["request_days_left"] == left
    assert pd.notna(row["next_day"]) == alive
    assert len(result.candidates()) == alive
    assert ("Ask Amazon" in row["next_step"]) == alive
    assert ("today is the last day" in row["next_step"]) == (left == 0)


def test_two_feedbacks_of_one_order_are_one_case_the_newest():
    said = [("a", "2026-10-25", 2, "still late"), ("a", "2026-10-20", 1, "late")]
    result = listed(feedback=feedback([*said, (None, "2026-10-20", 1), (None, "2026-10-21", 1)]))
    assert sorted(result.table["comment"]) == ["", "", "still late"]
    assert any("1 feedback of an order with a newer one" in limit for limit in result.limits)


def test_a_case_within_its_tolerance_comes_before_one_that_is_not_due_yet():
    said = feedback(
        [("due", "2026-10-29", 1), ("borne", "2026-10-28", 1), ("new", "2026-10-31", 1)]
    )
    promise = {"answer_days": 2, "close_days": 14, "tolerance_days": 1}
    result = case_list(made(feedback=said, promise=promise), as_of=TODAY)
    assert result.table["order_key"].tolist() == ["borne", "due", "new"]


def test_a_candidate_runs_out_with_the_request():
    found = clock(date="2026-08-05", stage="waiting", rule="remove: x", purchase_date=None)
    assert found["request_days_left"] == 3
    assert pd.isna(found["buyer_days_left"])


def test_what_runs_out_first_comes_first_and_what_cannot_be_helped_last():
    result = listed(
        feedback=feedback(
            [
                ("old", "2026-06-01", 1), ("overdue", "2026-09-01", 1), ("late", "2026-09-20", 1),
                ("new", "2026-10-30", 1), ("done", "2026-10-01", 1),
            ]
        ),
        cases=own([{"order_key": "done", "status": "closed", "closed": "2026-10-02"}]),
    )  # fmt: skip
    assert result.table["order_key"].tolist() == ["overdue", "late", "new", "old", "done"]
    assert result.today(2)["order_key"].tolist() == ["overdue", "late"]
    assert "old" not in result.today(9)["order_key"].tolist()


def test_coverage_is_said_with_what_is_overdue():
    result = listed(
        feedback=feedback([("a", "2026-10-20", 1), ("b", "2026-10-20", 1), ("c", "2026-06-01", 1)]),
        cases=own([{"order_key": "a", "status": "closed"}]),
    )
    assert result.text == (
        "1 of 3 investigated, 2 overdue (1 of them older than Amazon's 90 days). 2 not started, 1 "
        "closed."
    )
    october = result.of(Period.parse("2026-10"))
    assert coverage_text(october, span=" of October").startswith(
        "1 of 2 of October investigated, 1"
    )
    assert coverage_text(october.head(0)).startswith("No case is asked for")
    assert len(result.coverage(Period.parse("2026-10"), Cases())) == 3


@pytest.mark.parametrize(("n", "said"), [(1, "1 case has no order"), (2, "2 cases have no order")])
def test_cases_without_an_order_are_counted_in_grammar(n, said):
    result = listed(feedback=feedback([(f"a{place}", "2026-10-20", 1) for place in range(n)]))
    assert any(limit.startswith(said) for limit in result.limits)


def test_without_a_list_of_cases_one_is_proposed_and_nothing_else_is_needed():
    result = listed(feedback=feedback([("a", "2026-10-20", 1)]))
    assert NO_FILE in all_limits(result)
    row = result.table.iloc[0]
    assert row["stage"] == "not started"
    assert row["answers"] == "not known"
    assert row["next_step"] == "Look up the order, and find the cause"
    # What no file says is not told as if it were so.
    assert row["evidence"] == ""
    empty = listed()
    assert empty.table.empty
    assert empty.today().empty
    assert empty.candidates().empty


def labelled(rows, index=None):
    frame = pd.DataFrame(rows, columns=["questions", "causes", "confidence"])
    return frame if index is None else frame.set_axis(index)


def test_the_sellers_own_cause_counts_before_the_label():
    given = feedback([("a", "2026-10-20", 1, "broken"), ("b", "2026-10-20", 1, "broken")])
    label = (("packaging",), ("damaged_in_transit",), 0.9)
    result = listed(
        feedback=given,
        labels=labelled([label, label], given.index),
        cases=own([{"order_key": "a", "status": "open", "causes": "poor_packing; as_described"}]),
    )
    rows = rows_of(result)
    assert rows.loc["a", "causes"] == ("poor_packing", "as_described")
    assert rows.loc["a", "questions"] == ("as_described",)
    assert rows.loc["a", "cause_from"] == "you"
    assert rows.loc["a", "investigated"]
    assert rows.loc["b", "causes"] == ("damaged_in_transit",)
    assert rows.loc["b", "cause_from"] == "labelled"
    assert not rows.loc["b", "investigated"]


@pytest.mark.parametrize(
    ("channel", "questions", "whose"),
    [
        ("seller", ("shipping_speed",), "seller"),
        ("amazon", ("shipping_speed", "tracking"), "Amazon"),
        ("amazon", ("as_described",), "seller"),
        ("amazon", ("packaging", "as_described"), "both"),
        ("amazon", ("unclear",), "not known"),
        ("amazon", (), "not known"),
    ],
)
def test_who_answers_for_it(channel, questions, whose):
    given = feedback([("a", "2026-10-20", 1, "hm")])
    result = listed(
        feedback=given,
        orders=orders([("a", "2026-10-01", "S", channel)]),
        labels=labelled([(questions, (), 0.5)], given.index),
    )
    assert result.table.loc[0, "answers"] == whose


@pytest.mark.parametrize(
    ("comment", "channel", "promise", "questions", "action"),
    [
        (LATE, "amazon", {}, (), "strike through"),
        (LATE, "seller", {}, (), ""),
        (LATE, "seller", {"buy_shipping": True}, (), "strike through"),
        ("Arrived late and the seller never answered.", "amazon", {}, (), ""),
        ("Cheap plastic, bad smell", "seller", {}, (), "remove"),
        # The label says more than the words: it stays.
        ("Cheap plastic, bad smell", "seller", {}, ("cancel_return",), ""),
        ("Call the owner at [phone]", "seller", {}, (), "remove"),
        ("", "amazon", {}, (), ""),
    ],
)
def test_candidates_name_the_rule_and_quote_the_clause(
    comment, channel, promise, questions, action
):
    given = feedback([("a", "2026-10-20", 1, comment)])
    result = listed(
        feedback=given,
        orders=orders([("a", "2026-10-01", "S", channel)]),
        shipments=shipments([("a", "2026-10-02", "2026-10-06", True)]),
        labels=labelled([(questions, (), 0.5)], given.index),
        promise=promise,
    )
    row = result.table.iloc[0]
    assert row["rule"].partition(":")[0] == action
    assert (row["clause"] != "") == bool(action)
    assert row["clause"] in comment
    if action:
        assert row["next_step"].startswith("Ask Amazon to")
        assert "if you agree" in row["next_step"]
        assert result.candidates()["case_id"].tolist() == [row["case_id"]]


def test_a_parcel_shipped_late_is_no_candidate_for_buy_shipping():
    result = listed(
        feedback=feedback([("a", "2026-10-20", 1, LATE)]),
        orders=orders([("a", "2026-10-01", "S", "seller")]),
        shipments=shipments([("a", "2026-10-09", "2026-10-06", True)]),
        promise={"buy_shipping": True},
    )
    assert result.table.loc[0, "rule"] == ""


def test_feedback_without_an_order_id_is_a_case_with_a_name_of_its_own():
    result = listed(feedback=feedback([(None, "2026-10-20", 1, "a"), (None, "2026-10-20", 1, "b")]))
    assert result.table["case_id"].tolist() == ["case-20261020-1", "case-20261020-2"]


def test_the_order_of_rows_does_not_matter():
    rows = [(f"o{number}{number:015x}", "2026-10-20", 1, f"c{number}") for number in range(6)]
    forward = listed(feedback=feedback(rows)).table
    back = listed(feedback=feedback(rows[::-1])).table
    pd.testing.assert_frame_equal(forward, back)


def test_the_promise_is_said():
    text = promise_text(Cases(tolerance_days=1), as_of=TODAY)
    assert "within 2 days of the feedback, closed within 14 days; up to 1 day later" in text
