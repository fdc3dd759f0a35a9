"""The review effect: what it says, what it is robust to, and when it refuses."""

import numpy as np
import pandas as pd
import pytest

import feedback_analysis as fa
from feedback_analysis.conversion.effect import grade_of
from feedback_analysis.conversion.estimates import Estimate, Pair

PANEL = fa.simulate_catalogue("sales", lift=0.25, seed=12)
EFFECT = fa.review_effect(PANEL)
NEEDED = ["family", "week", "sessions", "units", "review_count"]


def same(one, other):
    return np.allclose([one.lift, *one.interval], [other.lift, *other.interval], atol=1e-7)


def test_it_finds_a_real_effect_and_says_how_sure():
    assert EFFECT.grade in ("strong", "suggestive")
    low, high = EFFECT.interval
    assert 0 < low < 0.25 < high < 0.6
    assert low < EFFECT.lift < high
    assert "A first review raises conversion by about" in EFFECT.text
    assert "per cent" not in EFFECT.text
    assert EFFECT.switching == PANEL.attrs["switching"]


def test_the_headline_is_the_envelope_of_both_estimators():
    table = EFFECT.table
    own = table[~table["misleads"] & ~table["estimator"].str.startswith("envelope")]
    assert len(own) == 2
    assert EFFECT.interval == pytest.approx((own["low"].min(), own["high"].max()))
    naive = table[table["misleads"]].iloc[0]
    # The naive interval is narrow, and far above the truth.
    assert naive["low"] > 0.35


def test_neither_order_nor_index_nor_spare_columns_matter():
    mixed = PANEL.sample(frac=1, random_state=4).set_index("age_weeks", drop=False)
    mixed.index.name = None
    assert same(fa.review_effect(mixed.assign(more="x")), EFFECT)


def test_weeks_may_be_texts_other_days_or_numbers():
    texts = PANEL.assign(week=PANEL["week"].dt.strftime("%Y-%m-%d"))
    numbers = PANEL.assign(week=(PANEL["week"] - PANEL["week"].min()).dt.days // 7)
    sundays = PANEL.assign(week=PANEL["week"] + pd.Timedelta(days=6))
    for panel in (texts, numbers, sundays):
        assert same(fa.review_effect(panel), EFFECT)


@pytest.mark.parametrize(
    "column", ["price", "featured_offer_share", "average_rating", "age_weeks", "all four"]
)
def test_optional_columns_may_be_missing_or_empty(column):
    columns = (
        ["price", "featured_offer_share", "average_rating", "age_weeks"]
        if column == "all four"
        else [column]
    )
    without = fa.review_effect(PANEL.drop(columns=columns))
    assert without.interval[0] < 0.25 < without.interval[1]
    assert same(fa.review_effect(PANEL.assign(**dict.fromkeys(columns, np.nan))), without)


def test_gaps_unknown_values_and_late_families_do_no_harm():
    rng = np.random.default_rng(2)
    panel = PANEL[rng.random(len(PANEL)) > 0.1].copy()
    for column in ("sessions", "units", "review_count", "price", "featured_offer_share"):
        panel[column] = panel[column].astype(float).mask(rng.random(len(panel)) < 0.03)
    late = panel["family"].isin(panel["family"].unique()[:30]) & (panel["week"] < "2025-04-01")
    found = fa.review_effect(panel[~late])
    assert found.interval[0] < 0.25 < found.interval[1]
    assert any("without a count of sessions" in note for note in found.notes)


def test_products_of_a_family_are_added_up():
    half = PANEL.assign(sessions=PANEL["sessions"] / 2, units=PANEL["units"] / 2)
    assert same(fa.review_effect(pd.concat([half, half])), EFFECT)


def test_stock_outs_are_no_zero_conversion():
    panel = fa.simulate_catalogue("stock-outs", lift=0.25, seed=11)
    found = fa.review_effect(panel)
    assert any("out of stock" in note for note in found.notes)
    assert found.interval[0] < 0.25 < found.interval[1]


def test_no_clear_effect_prints_the_smallest_that_could_have_been_seen():
    found = fa.review_effect(fa.simulate_catalogue("sales", lift=0, seed=11))
    assert found.grade == "none"
    assert found.interval[0] < 0 < found.interval[1]
    assert 0.08 < found.smallest_lift < 0.3
    assert f"An effect above +{100 * found.smallest_lift:.0f}" in found.text


def test_a_warning_makes_strong_suggestive():
    carried = PANEL.copy()
    carried.attrs = {"carried_back": True}
    found = fa.review_effect(carried)
    assert found.grade == "suggestive"
    assert any("snapshots" in warning for warning in found.warnings)


def test_below_twenty_switching_families_it_is_unreliable_and_says_so():
    names = PANEL["family"].unique()[:24]
    found = fa.review_effect(PANEL[PANEL["family"].isin(names)])
    assert 0 < found.switching < 20
    assert found.grade == "unreliable"
    assert "below 20 chance decides" in found.text
    assert "would help" in found.reason


@pytest.mark.parametrize(
    ("panel", "reason"),
    [
        (PANEL.head(0), "no week with sessions"),
        (PANEL.drop(columns="sessions"), "no week with sessions"),
        (PANEL.assign(sessions=0), "no week with sessions"),
        (PANEL.assign(units=0), "conversion is zero everywhere"),
        (PANEL.assign(review_count=5), "none shows what conversion is without"),
        (PANEL.assign(review_count=0), "none shows what conversion is with them"),
        (PANEL.assign(review_count=np.nan), "For no week is it known"),
        (PANEL.assign(units=30 * PANEL["review_count"]), "Reviews are past sales here"),
        (
            PANEL.assign(units=PANEL.groupby("family")["units"].cumsum()),
            "reviews are past sales here",
        ),
    ],
)
def test_it_refuses_what_no_method_could_tell(panel, reason):
    found = fa.review_effect(panel)
    assert found.grade == "unreliable"
    assert np.isnan([found.lift, *found.interval]).all()
    assert reason in found.text
    assert found.table.empty


def test_no_honest_catalogue_is_taken_for_past_sales():
    for scenario in ("exogenous", "growing", "persistent", "raises sessions"):
        for seed in range(3):
            panel = fa.simulate_catalogue(scenario, lift=0.25, seed=seed)
            assert fa.review_effect(panel).grade != "unreliable"


def test_a_missing_or_unreadable_column_is_named():
    with pytest.raises(fa.ReportError, match="lacks a column") as caught:
        fa.review_effect(PANEL[NEEDED].rename(columns={"units": "unit"}))
    assert caught.value.column == "units"
    with pytest.raises(fa.ReportError, match="not a number"):
        fa.review_effect(PANEL.assign(units="many"))
    with pytest.raises(fa.ReportError, match="above 1"):
        fa.review_effect(PANEL.assign(featured_offer_share=95.0))


def test_the_trigger_spike_tells_the_lag_and_is_no_lead():
    lagged = fa.review_effect(fa.simulate_catalogue("lagged", lift=0, seed=12, families=600))
    trigger = lagged.events.loc[lagged.events["trigger"], "event_week"].item()
    assert trigger == "-3"
    assert lagged.events.set_index("event_week").loc["-3", "lift"] > 0.05


def test_doses_are_told_apart_where_the_effect_grows():
    found = fa.review_effect(fa.simulate_catalogue("growing", seed=6, families=500, weeks=52))
    doses = found.doses.set_index("reviews")
    assert doses.loc["1-4", "high"] < doses.loc["10-49", "lift"]
    assert doses.loc["50+", "estimand"] == "association"
    assert (doses["naive"] > doses["lift"]).all()


def test_the_family_that_moves_the_result_most_is_named():
    moved = PANEL.copy()
    switching = PANEL.groupby("family")["review_count"].agg(["min", "max"])
    name = switching.index[(switching["min"] == 0) & (switching["max"] > 0)][6]
    with_reviews = (moved["family"] == name) & (moved["review_count"] > 0)
    moved.loc[moved["family"] == name, "sessions"] *= 100
    moved.loc[moved["family"] == name, "units"] *= 100
    moved.loc[with_reviews, "units"] *= 4
    found = fa.review_effect(moved)
    row = found.diagnostics.set_index("diagnostic").loc["single families"]
    assert row["warns"]
    assert name in row["meaning"]
    assert found.grade != "strong"


@pytest.mark.parametrize(
    ("families", "trials", "warnings", "reason", "grade"),
    [
        ((0.30, 0.10), (0.30, 0.14), [], "", "strong"),
        ((0.30, 0.10), (0.30, 0.14), ["!"], "", "suggestive"),
        ((0.30, 0.10), (0.30, 0.16), [], "", "suggestive"),
        ((0.30, 0.10), (0.30, 0.19), [], "", "none"),
        ((0.60, 0.01), (0.30, 0.19), [], "", "none"),
        ((-0.30, 0.10), (-0.30, 0.14), ["down"], "", "suggestive"),
        ((-0.30, 0.10), (-0.30, 0.16), ["down"], "", "none"),
        ((0.30, 0.10), (0.30, 0.10), [], "too few", "unreliable"),
    ],
)
def test_grades_at_their_borders(families, trials, warnings, reason, grade):
    # With 1,000 degrees of freedom 1.96 and 1.65 standard errors are the borders.
    made = [Estimate(effect, error, 1000, np.zeros(1)) for effect, error in (families, trials)]
    assert grade_of(Pair(*made, None, None), warnings, reason) == grade
