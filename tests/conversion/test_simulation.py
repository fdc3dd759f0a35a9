"""The simulator keeps its word: what is put in is what is there."""

import pytest

import feedback_analysis as fa
from feedback_analysis.conversion import scenario_names


def test_the_same_seed_gives_the_same_catalogue():
    one, same, other = (fa.simulate_catalogue(seed=seed) for seed in (3, 3, 4))
    assert one.equals(same)
    assert not one.equals(other)


@pytest.mark.parametrize("scenario", scenario_names())
def test_a_catalogue_is_what_the_reference_says(scenario):
    panel = fa.simulate_catalogue(scenario, lift=0.25)
    assert not panel.duplicated(["family", "week"]).any()
    assert (panel["sessions"] > 0).all()
    assert (panel["units"] <= panel["sessions"]).all()
    assert panel["week"].dt.day_of_week.eq(0).all()
    assert 0.03 < panel["units"].sum() / panel["sessions"].sum() < 0.08
    if scenario == "growing":
        assert 0.1 < panel.attrs["short_run_lift"] < panel.attrs["true_lift"] < 0.45
    else:
        assert panel.attrs["true_lift"] == pytest.approx(0.25, abs=0.005)
    expected = {"small": 24, "low volume": 74}.get(scenario, 116)
    assert panel.attrs["switching"] == pytest.approx(expected, abs=14)


def test_without_an_effect_nothing_is_put_in():
    panel = fa.simulate_catalogue("growing", lift=0)
    assert panel["expected_with"].equals(panel["expected_without"])
    assert panel.attrs["true_lift"] == 0


def test_reviews_come_from_sales_or_from_visitors():
    reviews = {}
    for scenario in ("sales", "exogenous"):
        panel = fa.simulate_catalogue(scenario, lift=0, seed=8).sort_values(["family", "week"])
        before = panel.groupby("family")["units"].shift(1)
        gained = panel.groupby("family")["review_count"].diff()
        reviews[scenario] = float((gained[before == 0] > 0).mean())
    assert reviews["sales"] == 0
    assert reviews["exogenous"] > 0.01


def test_stock_outs_and_sessions_follow_their_scenarios():
    out = fa.simulate_catalogue("stock-outs", seed=2)["featured_offer_share"] < 0.1
    assert 0.04 < out.mean() < 0.08
    plain, raised = (
        fa.simulate_catalogue(name, seed=2, lift=0) for name in ("sales", "raises sessions")
    )
    # Chance differs between the two, so the sums are held against each other only roughly.
    assert 1.15 < raised["sessions"].sum() / plain["sessions"].sum() < 1.5


def test_an_unknown_scenario_is_an_error_with_a_suggestion():
    with pytest.raises(fa.ReportError, match="there is no scenario 'agein'") as caught:
        fa.simulate_catalogue("agein")
    assert "ageing" in str(caught.value)


@pytest.mark.parametrize(
    "sizes",
    [
        {"families": 0}, {"families": 2.5}, {"weeks": 1}, {"weeks": -4}, {"base_sessions": 0},
        {"lift": -1}, {"lift": float("nan")}, {"lift": "0.25"}, {"lift": None},
    ],
)  # fmt: skip
def test_sizes_that_no_catalogue_has_are_named(sizes):
    with pytest.raises(fa.ReportError, match="no catalogue can be simulated") as caught:
        fa.simulate_catalogue(**sizes)
    assert caught.value.column == next(iter(sizes))


def test_the_smallest_catalogue_is_one():
    assert fa.simulate_catalogue(families=1, weeks=2, seed=3)["family"].nunique() <= 1
