"""Which products first: ranked only where an effect was found, with what stands in the way."""

import dataclasses

import numpy as np
import pytest

import feedback_analysis as fa
from benchmarks.conversion import one_list
from feedback_analysis.conversion import review_priorities
from feedback_analysis.conversion.priorities import gamma_prior

PANEL = fa.simulate_catalogue("sales", lift=0.4, seed=31)
EFFECT = fa.review_effect(PANEL)
FOUND = review_priorities(PANEL, EFFECT, marketplace="UK", currency="GBP")


def test_products_without_reviews_are_ranked_by_what_a_review_would_bring():
    assert FOUND.ranked
    table = FOUND.table
    assert table["extra_items"].is_monotonic_decreasing
    for low, high in (("low_95", "low_80"), ("low_80", "high_80"), ("high_80", "high_95")):
        assert (table[low] < table[high]).all()
    assert table["top_ten"].sum() == pytest.approx(min(10, len(table)))
    assert table["extra_items"].sum() == pytest.approx(FOUND.total[0])
    last = PANEL.sort_values("week").groupby("family")["review_count"].last()
    assert last[table["family"]].eq(0).all()
    assert table["product_page"].iloc[0] == f"https://www.amazon.co.uk/dp/{table['family'].iloc[0]}"
    assert "create-review?asin=" in table["write_a_review"].iloc[0]
    assert "if the average effect holds" in FOUND.text.casefold()


def test_without_an_effect_the_list_is_by_traffic_and_says_so():
    for grade in ("none", "unreliable"):
        plain = review_priorities(PANEL, dataclasses.replace(EFFECT, grade=grade))
        assert not plain.ranked
        assert "extra_items" not in plain.table
        assert plain.table["sessions_a_week"].is_monotonic_decreasing
        assert "by traffic alone" in plain.text
        assert np.isnan(plain.total).all()


def test_products_that_reviews_may_not_help_stand_apart_with_the_reason():
    first, second, third = FOUND.table["family"].head(3)
    panel = PANEL.copy()
    late = panel["week"] > panel["week"].max() - np.timedelta64(56, "D")
    panel.loc[late & (panel["family"] == first), "featured_offer_share"] = 0.3
    panel = panel[~(late & (panel["family"] == second))]
    newest = (panel["family"] == third) & (panel["week"] == panel["week"].max())
    panel.loc[newest, ["review_count", "average_rating"]] = [2, 2.5]
    found = review_priorities(panel, EFFECT)
    reasons = found.apart.set_index("family")["reason"]
    assert "featured offer" in reasons[first]
    assert "poor rating" in reasons[third]
    assert not set(found.table["family"]) & {first, second, third}


def test_the_prior_is_that_of_the_products():
    rng = np.random.default_rng(3)
    seen = rng.uniform(50, 500, 4000)
    sold = rng.poisson(rng.gamma(4.0, 1 / 80, 4000) * seen).astype(float)
    shape, rate = gamma_prior(sold, seen)
    assert shape == pytest.approx(4.0, rel=0.15)
    assert shape / rate == pytest.approx(0.05, rel=0.04)


def test_the_first_ten_capture_most_of_the_best_possible_gain():
    lists = [one_list("sales", 700 + i) for i in range(4)]
    assert len([one for one in lists if one is not None]) >= 3
    assert np.mean([one["captured"] for one in lists if one is not None]) > 0.8


def test_the_same_list_each_time_and_nothing_without_rows():
    again = review_priorities(PANEL.sample(frac=1, random_state=1), EFFECT, marketplace="UK",
                              currency="GBP")  # fmt: skip
    assert again.table["family"].tolist() == FOUND.table["family"].tolist()
    assert again.total == pytest.approx(FOUND.total)
    assert review_priorities(PANEL.head(0), EFFECT).table.empty


def test_what_is_not_known_is_not_taken_for_products_with_reviews():
    unknown = PANEL.assign(review_count=np.nan)
    none = review_priorities(unknown, dataclasses.replace(EFFECT, grade="unreliable"))
    assert "No product on sale is known to be without reviews" in none.text
    assert "it is not known whether there are reviews" in none.limits[0]
    # The last look at the reviews was three weeks before the last business report.
    late = PANEL["week"] > PANEL["week"].max() - np.timedelta64(21, "D")
    found = review_priorities(PANEL.assign(review_count=PANEL["review_count"].mask(late)), EFFECT)
    assert set(FOUND.table["family"]) <= set(found.table["family"]) | set(found.apart["family"])
    assert found.limits == []


def test_products_seen_for_too_few_weeks_are_said_to_be():
    weeks = sorted(PANEL["week"].unique())[-3:]
    young = review_priorities(PANEL[PANEL["week"].isin(weeks)], EFFECT)
    assert young.table.empty
    assert "seen for fewer than 4 weeks" in young.text
