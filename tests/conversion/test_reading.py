"""Panels as people really make them: odd weeks, copies, impossible rows, one report alone."""

import warnings

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest

import feedback_analysis as fa
from feedback_analysis import charts, conversion
from feedback_analysis.conversion.fixed_effects import dose_bins
from tests.conversion.shops import reviews, shop, traffic

PANEL = fa.simulate_catalogue("sales", lift=0.25, seed=12)
EFFECT = fa.review_effect(PANEL)


def day_numbers(panel):
    return (panel["week"] - pd.Timestamp("1899-12-30")).dt.days


@pytest.mark.parametrize(
    "week",
    [
        PANEL["week"].dt.strftime("%Y%m%d").astype(int),
        PANEL["week"].dt.strftime("%G%V").astype(int),
        day_numbers(PANEL),
        PANEL["week"].dt.strftime("%G-W%V"),
    ],
    ids=["20260105", "202602", "a spreadsheet's days", "2026-W02"],
)
def test_numbers_and_texts_that_are_no_weeks_are_not_taken_for_some(week):
    with pytest.raises(fa.ReportError, match="Monday") as caught:
        fa.review_effect(PANEL.assign(week=week))
    assert caught.value.column == "week"


def test_periods_are_weeks_and_a_column_given_twice_is_named():
    periods = PANEL.assign(week=PANEL["week"].dt.to_period("W"))
    assert fa.review_effect(periods).interval == EFFECT.interval
    with pytest.raises(fa.ReportError, match="twice"):
        fa.review_effect(pd.concat([PANEL, PANEL[["units"]]], axis=1))


def test_every_count_above_zero_has_its_dose():
    counts = np.array([0.0, 0.3, 1.0, 4.0, 4.5, 9.2, 49.0, 49.5, 800.0])
    told = np.column_stack(list(dose_bins(counts).values()))
    assert told.sum(axis=1).tolist() == [0] + [1] * 8
    assert told.argmax(axis=1)[1:].tolist() == [0, 0, 0, 1, 2, 2, 3, 3]


def test_weeks_apart_and_lost_offers_are_refused_for_what_they_are():
    monthly = fa.review_effect(PANEL[PANEL["week"].dt.day <= 7])
    assert monthly.grade == "unreliable"
    assert "weeks apart" in monthly.reason
    lost = fa.review_effect(PANEL.assign(featured_offer_share=0.1))
    assert lost.grade == "unreliable"
    assert "no week with sessions" not in lost.text
    assert "another seller's featured offer" in lost.reason


@pytest.mark.parametrize("side", ["with", "without"])
def test_no_sale_on_one_side_is_refused_without_a_warning(side):
    empty = (PANEL["review_count"] > 0) == (side == "with")
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        found = fa.review_effect(PANEL.assign(units=PANEL["units"].mask(empty, 0)))
    assert found.grade == "unreliable"
    assert f"weeks {side} reviews" in found.reason


def test_more_order_items_than_sessions_warn_and_where_most_do_it_is_refused():
    none = EFFECT.diagnostics.set_index("diagnostic").loc["impossible weeks"]
    assert not none["warns"]
    rng = np.random.default_rng(1)
    some = rng.random(len(PANEL)) < 0.1
    lost = PANEL.assign(
        sessions=np.where(some, PANEL["units"].clip(lower=2) // 2, PANEL["sessions"])
    )
    found = fa.review_effect(lost)
    assert found.grade != "strong"
    assert any("sessions are missing" in warning for warning in found.warnings)
    wrong = fa.review_effect(PANEL.assign(units=50 * PANEL["units"]))
    assert wrong.grade == "unreliable"
    assert "not those of these sales" in wrong.reason


def test_checks_on_the_log_scale_are_told_as_the_changes_that_they_are():
    checks = EFFECT.diagnostics.set_index("diagnostic")
    assert checks.loc["direction", "value"] == pytest.approx(EFFECT.lift)
    assert checks.loc["size", "value"] == pytest.approx(EFFECT.lift)


def test_copies_currencies_and_vanished_reviews_are_said():
    notes = fa.review_effect(pd.concat([PANEL, PANEL.head(40)])).notes
    assert any(note.startswith("40 exact copies") for note in notes)
    assert not any("exact cop" in note for note in EFFECT.notes)
    other = PANEL.assign(
        marketplace="JP", price=150 * PANEL["price"], sessions=PANEL["sessions"] + 1
    )
    both = fa.review_effect(pd.concat([PANEL.assign(marketplace="US"), other]))
    without = fa.review_effect(PANEL.drop(columns="price"))
    assert any("several marketplaces" in note for note in both.notes)
    assert both.lift == pytest.approx(without.lift, abs=0.03)
    gone = PANEL["review_count"].mask(
        PANEL["week"] > PANEL["week"].max() - np.timedelta64(14, "D"), 0
    )
    assert any(
        "reviews vanish" in note for note in fa.review_effect(PANEL.assign(review_count=gone)).notes
    )


def test_unknown_stars_are_a_group_of_their_own():
    found = conversion.review_association(PANEL.drop(columns="average_rating"), calibrate=False)
    assert found.ratings["group"].tolist() == ["no review", "stars not known"]
    assert found.ratings["families"].sum() == found.table["families"].sum()


def test_only_a_week_that_stands_out_is_called_the_sale_behind_the_review():
    seen = fa.review_effect(fa.simulate_catalogue("low volume", lift=0, seed=0))
    assert seen.events.loc[seen.events["trigger"], "event_week"].tolist() == ["-1"]
    assert "lies 1 week before" in charts.review_events(seen).get_title(loc="left")
    flat = fa.review_effect(fa.simulate_catalogue("exogenous", lift=0, seed=0))
    assert not flat.events["trigger"].any()
    assert "No week before the first review stands out" in charts.review_events(flat).get_title(
        loc="left"
    )
    plt.close("all")


def one_report(basis="child"):
    """Return one business report of a month with two kinds of products, and their review counts."""
    names = [f"B{number:02d}" for number in range(30)]
    sold = [20 if i < 15 else 12 for i in range(len(names))]
    rows = [
        (0, name, name, 400, items, 1.0, 10.0 * (items + 1))
        for name, items in zip(names, sold, strict=True)
    ]
    counts = [(name, "2026-01-04", 3 if i < 15 else 0) for i, name in enumerate(names)]
    return conversion.review_panel(shop(traffic(rows, basis=basis, days=31), reviews(counts)))


def test_one_report_of_a_month_is_a_snapshot_and_no_panel_of_weeks():
    panel = one_report()
    assert panel.table.empty
    assert panel.snapshot.attrs["days"] == 31
    assert any("5 January 2026 to 4 February 2026" in limit for limit in panel.limits)
    assert fa.review_effect(panel.table).grade == "unreliable"
    found = conversion.review_association(panel.snapshot, calibrate=False)
    assert found.ratio == pytest.approx(20 / 12, rel=1e-6)
    assert "association, not an effect" in found.text
    first = conversion.review_priorities(panel.snapshot, fa.review_effect(panel.table))
    assert not first.ranked
    assert len(first.table) == 15
    assert first.table["sessions_a_week"].iloc[0] == pytest.approx(400 * 7 / 31)
    assert first.table["conversion"].iloc[0] == pytest.approx(0.03)


def test_a_report_by_sku_makes_no_snapshot():
    assert one_report("sku").snapshot.empty


def test_reviews_that_vanish_everywhere_warn_and_sparse_counts_say_what_is_missing():
    late = PANEL["week"] > PANEL["week"].max() - np.timedelta64(70, "D")
    found = fa.review_effect(PANEL.assign(review_count=PANEL["review_count"].mask(late, 0)))
    assert any("vanish" in warning for warning in found.warnings)
    assert found.grade != "strong"
    assert not EFFECT.diagnostics.set_index("diagnostic").loc["vanished reviews", "warns"]
    monthly = PANEL["review_count"].where(PANEL["week"].dt.day <= 7)
    sparse = fa.review_effect(PANEL.assign(review_count=monthly))
    assert sparse.grade == "unreliable"
    assert "a count for every week" in sparse.reason


def test_the_error_names_the_week_that_cannot_be_read():
    panel = pd.DataFrame(
        {"family": "A", "week": ["2025-01-06", "soon"], "sessions": 1, "units": 0,
         "review_count": 0}
    )  # fmt: skip
    with pytest.raises(fa.ReportError, match="a week cannot be read") as error:
        fa.review_effect(panel)
    assert error.value.found == "soon"
