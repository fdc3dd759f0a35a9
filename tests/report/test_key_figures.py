"""Key figures as data: values by hand, comparisons, gaps, and the file they are written to."""

import json
import re

import pandas as pd
import pytest

from feedback_analysis.periods import Period
from feedback_analysis.report.actions import find_actions
from feedback_analysis.report.figures import Missing, Value, compare
from feedback_analysis.report.key_figures import key_figures
from feedback_analysis.report.lead import lead
from feedback_analysis.settings import Settings
from tests.project_files import ROOT
from tests.report.hand_made import daily, feedback, finished, orders, shop, stars

OCTOBER = Period.parse("2026-10")
SEPTEMBER = Period.parse("2026-09")


def small_shop():
    """Return 20 feedbacks in October (18 positive), 40 in September (40 positive), 50 orders."""
    rows = stars("2026-10-10", fives=17, fours=1, threes=1, ones=1) + stars("2026-09-10", fives=40)
    placed = [(f"o{number}", "2026-10-05", "A", "amazon") for number in range(50)]
    return shop(feedback=feedback(rows), orders=orders(placed))


def test_the_figures_of_a_small_shop_are_those_counted_by_hand():
    found = key_figures(small_shop(), OCTOBER)
    share = found["positive_share"]
    assert (share.now.value, share.now.n, share.target) == (0.9, 20, 0.95)
    assert share.now.verdict == "cannot tell yet"
    assert found["positive_share_90_days"].now.value == pytest.approx(58 / 60)
    assert found["average_score"].now.value == pytest.approx((17 * 5 + 4 + 3 + 1) / 20)
    assert found["feedback_received"].now.value == 20
    assert found["negatives_and_neutrals"].now.value == 2
    assert found["feedback_per_order"].now.value == pytest.approx(20 / 50)
    assert found["orders"].now.value == 50


def test_a_figure_is_compared_with_the_period_before_by_newcombes_interval():
    share = key_figures(small_shop(), OCTOBER)["positive_share"]
    assert share.previous.period == "2026-09"
    assert share.previous.difference == pytest.approx(-0.1)
    # Newcombe by hand: 18 of 20 is 0.69897 to 0.97213, 40 of 40 is 0.91238 to 1 (Wilson).
    low = -0.1 - ((0.9 - 0.69897) ** 2 + (1 - 1) ** 2) ** 0.5
    high = -0.1 + ((0.97213 - 0.9) ** 2 + (1 - 0.91238) ** 2) ** 0.5
    assert (share.previous.low, share.previous.high) == pytest.approx((low, high), abs=1e-4)
    assert share.previous.sure is False
    assert share.year_before is None


def test_windows_are_not_set_against_windows_that_share_their_days():
    assert key_figures(small_shop(), OCTOBER)["positive_share_90_days"].previous is None


def test_later_rows_do_not_change_a_past_month():
    whole = small_shop()
    assert (
        key_figures(whole, SEPTEMBER).to_json()
        == key_figures(whole.until(SEPTEMBER.end), SEPTEMBER).to_json()
    )


def test_without_positives_the_share_is_missing_and_says_what_would_give_it():
    rows = stars("2026-10-10", threes=2, ones=5)
    found = key_figures(shop(feedback=feedback(rows, source="1-3 stars only")), OCTOBER)
    for name in ("positive_share", "positive_share_30_days", "average_score", "feedback_received"):
        assert isinstance(found[name].now, Missing)
        assert "Performance > Feedback" in found[name].now.remedy
    assert found["negatives_and_neutrals"].now.value == 7


def test_daily_counts_without_a_feedback_report_are_not_told_to_hold_1_to_3_stars():
    days = pd.date_range("2026-09-01", "2026-10-31")
    counted = finished(
        "feedback_totals",
        pd.DataFrame({"date": days, "marketplace": "UK", "received": 5, "negative": 1}).assign(
            as_of=pd.NaT, window=None, neutral=pd.NA, positive=pd.NA
        ),
    )
    made = shop(feedback_totals=counted)
    found = key_figures(made, OCTOBER)
    for name in ("positive_share", "positive_share_30_days", "average_score"):
        assert "no feedback report is among the files" in found[name].now.reason
        assert "download the feedback report" in found[name].now.remedy
    # How much came in is what daily counts do tell.
    assert (found["feedback_received"].now.value, found["feedback_received"].now.complete) == (
        155,
        True,
    )
    assert found["feedback_received"].previous.value == 150
    assert json.loads(found.to_json())["figures"]["feedback_received"]["value"] == 155
    assert "1 to 3 stars" not in lead(found)
    first = find_actions(made, OCTOBER, found.ratings).found
    assert [action.id for action in first] == ["no_feedback"]


def test_daily_counts_alone_give_feedback_per_order_and_say_where_days_are_lacking():
    days = pd.date_range("2026-10-11", "2026-10-31")
    frame = pd.DataFrame({"date": days, "marketplace": "UK", "received": 5, "negative": 1})
    frame = frame.assign(as_of=pd.NaT, window=None, neutral=pd.NA, positive=pd.NA)
    placed = orders([(f"o{n}", "2026-10-05", "A", "amazon") for n in range(400)], marketplace="UK")
    part = key_figures(
        shop(feedback_totals=finished("feedback_totals", frame), orders=placed), OCTOBER
    )
    received = part["feedback_received"].now
    assert (received.value, received.complete) == (105, False)
    assert received.source.endswith("They do not cover all days.")
    assert isinstance(part["feedback_per_order"].now, Missing)
    early = frame.assign(date=frame["date"] - pd.Timedelta(days=10)).head(10)
    whole = finished("feedback_totals", pd.concat([early, frame], ignore_index=True))
    rate = key_figures(shop(feedback_totals=whole, orders=placed), OCTOBER)["feedback_per_order"]
    assert (rate.now.value, rate.now.n) == (155 / 400, 400)


def test_an_empty_shop_gives_a_reason_for_every_figure():
    found = key_figures(shop(), OCTOBER)
    assert all(isinstance(figure.now, Missing) for figure in found.figures)
    assert found.ratings is None


def test_few_feedbacks_give_no_difference():
    now, before = Value(0.5, n=9, low=0.2, high=0.8), Value(0.9, n=90, low=0.8, high=0.95)
    found = compare(now, before, period=SEPTEMBER, minimum_n=10)
    assert (found.value, found.difference, found.sure) == (0.9, None, None)
    assert compare(now, Missing("none"), period=SEPTEMBER, minimum_n=10) is None


def test_counts_differ_without_an_interval():
    found = compare(Value(12), Value(10), period=SEPTEMBER, minimum_n=10)
    assert (found.difference, found.low, found.sure) == (2, None, None)


def test_the_file_is_sorted_rounded_and_the_same_each_time():
    rows = [(f"2026-10-{day:02d}", 300, 7 + day % 3, 9, 1) for day in range(1, 32)]
    made = shop(
        feedback=feedback(stars("2026-10-10", fives=20, ones=1)),
        daily=daily(rows),
        settings=Settings(name="Hand & Made"),
    )
    text = key_figures(made, OCTOBER).to_json()
    assert text == key_figures(made, OCTOBER).to_json()
    content = json.loads(text)
    assert content["period"] == {
        "id": "2026-10",
        "label": "October 2026",
        "start": "2026-10-01",
        "end": "2026-10-31",
    }
    assert content["figures"]["positive_share"]["value"] == 0.952381
    assert content["figures"]["orders"]["value"] is None
    assert list(content["figures"]) == sorted(content["figures"])
    assert "NaN" not in text


def test_the_documentation_names_every_figure_and_field():
    page = (ROOT / "docs" / "key-figures.md").read_text("utf-8")
    named = set(re.findall(r"`(\w+)`", page))
    content = json.loads(key_figures(small_shop(), OCTOBER).to_json())
    share = content["figures"]["positive_share"]
    lacking = set(content["figures"]) - named
    assert not lacking, f"no row in docs/key-figures.md for {sorted(lacking)}"
    assert set(share) - named == set()
    assert set(share["previous"]) - named - {"period", "label"} == set()


def test_an_unknown_share_is_not_put_down_to_totals_that_were_not_typed_in():
    found = key_figures(shop(feedback=feedback(stars("2026-09-20", fives=60))), OCTOBER)
    assert "typed in" not in lead(found)
    assert "no feedback is known of October 2026" in lead(found)


def test_orders_are_not_called_missing_where_it_is_feedback_that_is_not_all_known():
    days = feedback(stars("2026-10-10", fives=40))
    placed = orders([("o1", "2026-10-05", "A", "amazon")], marketplace="UK")
    found = key_figures(shop(feedback=days, orders=placed), OCTOBER)
    assert found["feedback_per_order"].now.reason.startswith("no marketplace with all feedback")
