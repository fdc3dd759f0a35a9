"""What stands beside the two targets on the first page."""

import pandas as pd
import pytest

from feedback_analysis.health.distance_words import distance_line
from feedback_analysis.periods import Period
from feedback_analysis.report.figures import Missing
from feedback_analysis.report.standing import BY_AMAZON, DEFECTS, EXPECTED, find_standing
from tests.report.hand_made import feedback, finished, orders, shop, stars

OCTOBER = Period.parse("2026-10")


def figures(made):
    return {figure.id: figure for figure in find_standing(made, OCTOBER).figures}


def test_two_orders_of_two_hundred_with_negative_feedback_are_one_percent():
    placed = [(f"o{number}", "2026-10-05", "A", "seller") for number in range(200)]
    left = [("2026-10-12", 1, "o1"), ("2026-10-13", 2, "o2"), ("2026-10-13", 5, "o3")]
    found = figures(shop(feedback=feedback(left), orders=orders(placed)))
    now = found[DEFECTS].now
    assert (now.value, now.n, now.verdict) == (0.01, 200, "not met")
    assert isinstance(found[EXPECTED].now, Missing)
    assert isinstance(found[BY_AMAZON].now, Missing)


def test_orders_without_any_feedback_file_are_not_orders_without_a_defect():
    placed = [(f"o{number}", "2026-10-05", "A", "seller") for number in range(200)]
    found = figures(shop(orders=orders(placed)))
    for name in (DEFECTS, EXPECTED):
        assert "no feedback" in found[name].now.reason
    assert "no account health file" in found[BY_AMAZON].now.reason


def test_amazons_own_rate_is_told_without_any_feedback_file():
    stated = pd.DataFrame(
        [{"marketplace": "US", "channel": "seller", "measure": "orderDefectRate", "rate": 0.03,
          "target": 0.01, "condition": "LESS_THAN", "status": "AT_RISK", "events": 3, "total": 100,
          "start": "2026-08-01", "end": "2026-09-29"}]
    ).assign(start=pd.Timestamp("2026-08-01"), end=pd.Timestamp("2026-09-29"))  # fmt: skip
    made = shop(account_health=finished("account_health", stated))
    now = figures(made)[BY_AMAZON].now
    assert (now.value, now.n, now.verdict) == (0.03, 100, "not met")
    assert isinstance(figures(made)[DEFECTS].now, Missing)
    said = find_standing(made, OCTOBER).amazon.replace("\N{NO-BREAK SPACE}", " ")
    assert said.startswith("Amazon's own figure, orders to 29 ")
    assert "it is at or above 1 %; 3.00 % of 100 orders (US seller-fulfilled)." in said


def test_without_orders_the_rate_says_which_report_to_add():
    found = figures(shop(feedback=feedback(stars("2026-10-10", fives=20, ones=1))))
    assert "All Orders report" in found[DEFECTS].now.remedy


def test_a_quiet_shop_has_a_distance_and_no_alarm():
    # 93 of 100: (93 + 40) / (100 + 40) is 95 %.
    made = shop(feedback=feedback(stars("2026-10-10", fives=93, ones=7)))
    found = find_standing(made, OCTOBER)
    assert found.distance == "40 positive in a row would bring the last 365 days to 95 %."
    assert found.alarm == ""


ROW = {"n": 100, "share_verdict": "met", "window": "365 days", "positives_needed": 0}


@pytest.mark.parametrize(
    ("row", "text"),
    [
        ({"negatives_afforded": 0}, "The next feedback that is not positive takes the last 365"),
        ({"negatives_afforded": 1}, "1 more that is not positive can come in a row"),
        ({"negatives_afforded": 3, "window": "lifetime"}, "before the shop's lifetime falls"),
        ({"negatives_afforded": pd.NA}, ""),
        ({"share_verdict": "too few to say", "negatives_afforded": 3}, ""),
    ],
)
def test_the_distance_in_a_line(row, text):
    line = distance_line({**ROW, **row}, target=0.95, as_of=OCTOBER.end)
    assert text in line
    assert bool(line) == bool(text)
