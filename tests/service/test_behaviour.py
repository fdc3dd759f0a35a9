"""What the files say beside the comments: hand-counted measures, and where the two disagree."""

import pandas as pd
import pytest

from feedback_analysis import charts
from feedback_analysis.causes.taxonomy import own_taxonomy
from feedback_analysis.periods import Period
from feedback_analysis.service import behaviour, complaints, scorecard
from feedback_analysis.service.agreement import agreement
from tests.report.hand_made import finished
from tests.report.hand_made import shop as bare_shop
from tests.service.shops import account_health, labelled

OCTOBER = Period.parse("2026-10")
OF = own_taxonomy().question_of
LATE = ("2026-10-05", 1, "came late", ("late_delivery",))


def measured(made, labels, rows=None):
    card = scorecard(made, complaints(made, labels), OCTOBER)
    return behaviour(made, card, OCTOBER)


def shipments(days, *, tracking=True):
    """Return one parcel an order, handed over so many days after 5 October."""
    start = pd.Timestamp("2026-10-05")
    frame = pd.DataFrame({"order_key": [f"o{n}" for n in range(len(days))]})
    handed = [start + pd.Timedelta(days=day) for day in days]
    return finished(
        "shipments",
        frame.assign(
            ship_date=handed, carrier="Northline", has_tracking=tracking,
            estimated_arrival=start + pd.Timedelta(days=4),
        ),
    )  # fmt: skip


def test_late_handover_is_counted_against_order_day_and_promise():
    made, labels = labelled(
        [LATE] * 4, question_of=OF, five=96, shipments=shipments([0, 2, 3, 4], tracking=False)
    )
    table = measured(made, labels).table.set_index("measure")
    late = table.filter(like="more than two days", axis=0).iloc[0]
    promise = table.filter(like="promised", axis=0).iloc[0]
    untracked = table.filter(like="without a tracking", axis=0).iloc[0]
    assert (late["n"], late["value"]) == (4, 0.5)
    assert promise["value"] == 0.25
    assert untracked["value"] == 1


def test_amazons_target_is_taken_from_the_file_and_the_worst_marketplace_is_named():
    health = account_health(
        [
            ("US", "lateShipmentRate", "all", 0.01, 0.04, "LESS_THAN", 100),
            ("DE", "lateShipmentRate", "all", 0.05, 0.04, "LESS_THAN", 100),
            ("US", "validTrackingRate", "all", 0.99, 0.95, "GREATER_THAN", 100),
        ]
    )
    made, labels = labelled([LATE] * 10, question_of=OF, five=90, account_health=health)
    found = measured(made, labels)
    table = found.table.set_index("measure")
    late = table.loc["Late shipments, Amazon's count"]
    assert (late["verdict"], late["target"]) == ("misses Amazon's target", 0.04)
    assert late["place"].startswith("DE")
    tracking = table.filter(like="valid tracking", axis=0).iloc[0]
    assert tracking["verdict"] == "meets Amazon's target, may be chance"
    assert str(tracking["last"].date()) == "2026-10-31"
    agrees = found.agrees.set_index("question")["verdict"]
    assert agrees["shipping_speed"] == "both see trouble"


def test_a_target_met_by_a_share_of_nobody_knows_how_many_is_said_so():
    health = account_health([("US", "lateShipmentRate", "all", 0.01, 0.04, "LESS_THAN", None)])
    made, labels = labelled([LATE] * 10, question_of=OF, five=90, account_health=health)
    table = measured(made, labels).table.set_index("measure")
    late = table.loc["Late shipments, Amazon's count"]
    assert late["verdict"] == "meets Amazon's target, n not stated"


@pytest.mark.parametrize(
    ("answer", "verdict", "expected"),
    [
        ("No", "rose", "both see trouble"),
        ("No", "meets Amazon's target", "only the comments"),
        ("Yes", "misses Amazon's target", "only the files"),
        ("Too few to say", "misses Amazon's target", "only the files"),
        ("Yes", "no target", "both fine"),
        ("Too few to say", "no target", "too few comments"),
        ("No", "too few to say", "no file tells"),
    ],
)
def test_agreement_of_comments_and_files(answer, verdict, expected):
    answers = pd.DataFrame({"question": ["packaging"], "label": ["Q?"], "answer": [answer]})
    row = {"question": "packaging", "measure": "M", "value": 0.1, "before": 0.01, "unit": "share"}
    row |= {"verdict": verdict, "target": 0.04, "place": ""}
    found = agreement(answers, pd.DataFrame([row]), silent={})
    assert found["verdict"].tolist() == [expected]
    assert found["words"].iloc[0]


@pytest.mark.parametrize(
    ("target", "said"),
    [
        (None, "no measure in the files rose beyond chance: refused (8.5 %). Amazon states no"),
        (0.1, "no measure in the files misses a target or rose beyond chance: refused (8.5 %)."),
    ],
)
def test_files_without_trouble_are_shown_and_not_called_fine(target, said):
    answers = pd.DataFrame({"question": ["q"], "label": ["Q?"], "answer": ["Too few to say"]})
    row = {"question": "q", "measure": "Refused", "value": 0.085, "before": 0.05, "unit": "share"}
    row |= {"verdict": "no target", "target": target, "place": ""}
    found = agreement(answers, pd.DataFrame([row]), silent={})
    assert said in found["words"].iloc[0]
    assert charts.table_of(found).frame["Files"].tolist() == [
        "nothing\N{NO-BREAK SPACE}stands\N{NO-BREAK SPACE}out"
    ]


@pytest.mark.parametrize("verdict", ["no target", "rose"])
def test_without_a_count_of_all_feedback_few_comments_are_not_blamed(verdict):
    answers = pd.DataFrame({"question": ["q"], "label": ["Q?"], "answer": ["Not known"]})
    row = {"question": "q", "measure": "Refused", "value": 0.085, "before": 0.05, "unit": "share"}
    row |= {"verdict": verdict, "target": None, "place": ""}
    words = agreement(answers, pd.DataFrame([row]), silent={})["words"].iloc[0]
    assert words.startswith("How many buyers left feedback is not known")


def test_a_share_that_rises_beyond_chance_is_trouble():
    made, labels = labelled([LATE] * 12, question_of=OF, five=88, placed=988)
    old = made.orders.assign(
        order_key=made.orders["order_key"] + "x", purchase_date=pd.Timestamp("2026-07-10")
    )
    placed = finished("orders", pd.concat([made.orders, old], ignore_index=True))
    returned = finished(
        "returns",
        pd.DataFrame({"order_key": [f"p{n}" for n in range(80)], "question": "packaging"}).assign(
            return_date=pd.Timestamp("2026-10-20"), channel="seller", quantity=1, comment=""
        ),
    )
    made = bare_shop(feedback=made.feedback, orders=placed, returns=returned)
    table = measured(made, labels).table.set_index("question")
    row = table.loc["packaging"]
    assert (row["value"], row["before"], row["verdict"]) == (0.08, 0.0, "rose")
    # The other reasons speak to other questions.
    assert table.loc["as_described", "value"] == 0


def test_a_shop_without_these_files_has_no_row_and_says_so():
    made = bare_shop()
    empty = pd.DataFrame({"questions": [], "causes": [], "confidence": []})
    found = measured(made, empty)
    assert found.table.empty
    assert found.agrees["files"].eq("silent").all()
