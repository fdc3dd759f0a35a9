"""What charts and tables say at their limits: one, nearly none, not known, and very long names."""

from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from feedback_analysis import charts
from feedback_analysis.charts.causes import _gain
from feedback_analysis.charts.standouts import _finding
from feedback_analysis.charts.weekly import _weekly_finding
from feedback_analysis.health import decompose, distance_to_target, feedback_rating
from tests.charts.test_charts import FEEDBACK, MANY
from tests.health.frames import DAY, join, stars

LONG = "Ä very long name of something that a seller typed " * 6
NAN = float("nan")


def found(**values):
    return SimpleNamespace(text="In words.", **values)


def title(ax):
    return " ".join(ax.get_title(loc="left").split())


def one_row(**values):
    return charts.table_of(pd.DataFrame([values])).frame.iloc[0]


def test_one_day_is_one_day_on_a_chart():
    curve = {"days": [0, 1], "low": [0.9, 0.3], "high": [1.0, 0.6], "open_share": [1.0, 0.5]}
    closing = found(curve=pd.DataFrame(curve), table=pd.DataFrame({"median_days": [1.0]}))
    ax = charts.time_to_close(closing, promise=1)
    assert title(ax) == "Half of the cases are closed within 1 day"
    assert [text.get_text() for text in ax.texts] == ["promised: 1 day"]


def test_one_day_is_one_day_in_a_table():
    row = one_row(month="2026-10", cases=3, closed=2, open=1, median_days=1.0)
    assert row["Half closed within"] == "1 day"
    row = one_row(
        case_id="C1", rule="r", clause="c", comment="c", request_days_left=1, stage="waiting"
    )
    assert row["Removal can be asked for"] == "1\u00a0day"
    row = one_row(
        question="shipping_speed", measure="Days", condition="", place="", unit="days", value=1.0,
        low=NAN, high=NAN, n=20, before=2.0, target=NAN, verdict="", first=pd.NaT, last=pd.NaT,
    )  # fmt: skip
    assert (row["Value"], row["Days before"]) == ("1 day", "2 days")


def test_a_new_cause_by_no_chance_is_not_said_to_be_impossible():
    row = one_row(candidate="x", n=9, n_latest=9, growth=2.0, chance=0.0, comments="x")
    assert row["By chance (corrected)"] == "below 0.0001"


def test_one_week_below_the_target_is_singular():
    weeks = pd.DataFrame({"share": [0.97, 0.94], "share_verdict": ["met", "cannot tell yet"]})
    said = _weekly_finding(weeks, SimpleNamespace(targets=(0.95, 4.5)), np.array([True, True]))
    assert said == "No week of 2 was clearly below 95 %; 1 was below by the count"


def test_one_part_that_is_not_drawn_is_singular():
    parts = pd.DataFrame({"part": [f"part {k}" for k in range(13)], "n": 40, "count": 30})
    shift = decompose(parts, parts.assign(count=range(20, 33)))
    assert "1 smaller part is not drawn" in charts.mix_shift(shift).get_xlabel()


def test_one_group_is_singular():
    none = SimpleNamespace(found=pd.DataFrame(), compared=1)
    assert _finding(none, "") == "None of 1 group stands out"


def test_one_feedback_that_stays_is_singular():
    distance = replace(distance_to_target(stars(fives=40), as_of=DAY), minimum_n=1)
    ax = charts.rolloff(distance)
    assert "at least 1 feedback stays." in " ".join(ax.texts[0].get_text().split())


def test_a_target_between_tenths_of_a_star_is_not_rounded():
    rated = replace(feedback_rating(FEEDBACK, as_of=DAY), targets=(0.95, 4.75))
    ax = charts.rating(rated, measure="average")
    assert "target 4.75 stars" in [text.get_text() for text in ax.texts]


def test_marketplaces_without_a_year_are_said_to_be_not_known():
    rated = feedback_rating(
        join(*[FEEDBACK.assign(marketplace=code) for code in MANY]), as_of=DAY, by="marketplace"
    )
    month = rated.table[rated.table["window"] == "30 days"]
    said = title(charts.rating(replace(rated, table=month)))
    assert said == "The positive share over 365 days is not known"


def test_one_product_to_ask_for_first_is_singular():
    ends = {"low_95": 1.0, "high_95": 3.0, "low_80": 1.5, "high_80": 2.5}
    table = pd.DataFrame([{"family": "B000000001", "extra_items": 2.0, **ends}])
    said = title(charts.review_priorities(found(table=table, ranked=True, total=(2.0, 1.0, 3.0))))
    assert said.startswith("The first product would bring 100 % of all that first reviews would")


def test_one_group_of_reviews_is_named_once():
    row = {"group": "0", "families": 3, "conversion": 0.05, "low": 0.04, "high": 0.06}
    said = title(charts.review_rates(found(table=pd.DataFrame([row]))))
    assert said == "0 reviews: 5.0 order items per 100 sessions"


def test_only_doses_that_are_known_are_named_and_each_once():
    row = {"families": 3, "low": 0.0, "high": 0.2, "naive": 0.3, "estimand": "effect"}
    doses = pd.DataFrame([row | {"reviews": "1-4", "lift": NAN}, row | {"reviews": "5-9"}])
    doses["lift"] = [NAN, 0.1]
    said = title(charts.review_doses(found(doses=doses)))
    assert said == "Within families: +10 % at 5-9 reviews"


def test_an_effect_of_which_nothing_is_known_is_drawn():
    row = {"estimator": "families", "lift": NAN, "low": NAN, "high": NAN, "misleads": False}
    effect = found(table=pd.DataFrame([row]), grade="unreliable", interval=(NAN, NAN), lift=NAN)
    assert title(charts.review_effect(effect)).startswith("Too few families")


@pytest.mark.parametrize(
    ("share", "said"),
    [(0.9003, "less than 0.1 points higher"), (0.9103, "up to 1.0 points higher")],
)
def test_a_gain_is_never_nought_point_nought(share, said):
    rules = pd.DataFrame({"rule": ["all orders", "refunded"], "share": [0.9, share]})
    asking = found(table=rules.assign(low=0.88, high=0.93))
    assert title(charts.exclusions(asking)) == f"Leaving unhappy buyers out would read {said}"


def test_a_target_that_is_near_is_not_nought_away():
    assert _gain(0.03, 1.2).endswith("the target is less than 0.1 away")
    assert _gain(0.3, 1.2).endswith("the target is 0.3 away")


def test_a_very_long_name_leaves_room_for_its_chart():
    row = {"resolution": LONG, "n": 12, "share": 0.5, "low": 0.3, "high": 0.7}
    cause = {"question": "other", "label": LONG, "n": 1, "share": 0.5, "covered": 0.5}
    cause |= {"low": 0.3, "high": 0.7}
    pareto = found(table=pd.DataFrame([cause]), n=1, close="")
    half = pd.DataFrame([{"label": LONG, "at_least": 0.9, "at_most": 0.95}])
    half = half.assign(points_at_least=0.01, points_at_most=0.06)
    drawn = (
        charts.by_resolution(found(table=pd.DataFrame([row]))),
        charts.pareto(pareto),
        charts.halved(found(table=half, target=0.95, share=0.9)),
    )
    for ax in drawn:
        assert len(ax.get_yticklabels()[0].get_text()) < 60
    assert "% of the 1 comment," in drawn[1].get_xlabel()


def test_weeks_that_come_in_any_order_are_named_by_their_own_days():
    weeks = pd.to_datetime(["2026-10-12", "2026-10-05"])
    counts = {"without_reviews": [1, 2], "with_reviews": [3, 3], "unknown": [0, 0]}
    covered = found(coverage=pd.DataFrame({"week": weeks, **counts}))
    ax = charts.review_coverage(covered)
    assert [label.get_text() for label in ax.get_xticklabels()] == ["5 Oct\n2026", "12 Oct\n2026"]


@pytest.mark.parametrize(
    ("unknown", "said"),
    [(0, "for 100 %"), (1, "for more than 99 %"), (10, "for 99 %"), (999, "for less than 1 %")],
)
def test_all_is_said_only_where_nothing_is_lacking(unknown, said):
    week = {"week": [pd.Timestamp("2026-10-05")], "without_reviews": [0], "unknown": [unknown]}
    covered = found(coverage=pd.DataFrame(week | {"with_reviews": [1000 - unknown]}))
    assert f"is known {said} of the families' weeks" in charts.review_coverage(covered).get_title(
        loc="left"
    ).replace("\n", " ")
