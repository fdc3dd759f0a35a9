"""The snapshot: called association, with E-value and what it shows where nothing is."""

import math

import numpy as np
import pytest

from feedback_analysis import conversion
from feedback_analysis.conversion.association import e_value, rates, snapshot
from feedback_analysis.conversion.simulation import simulate_catalogue

NULL = simulate_catalogue("sales", lift=0, seed=21)


def test_e_values_are_those_of_the_literature():
    assert [round(e_value(ratio), 2) for ratio in (1.25, 2.0, 3.7)] == [1.81, 3.41, 6.86]
    assert e_value(0.5) == e_value(2.0)
    assert e_value(1.0) == 1.0


def test_a_snapshot_takes_review_counts_from_the_start_of_its_weeks():
    products = snapshot(NULL, weeks=4)
    last = NULL[NULL["week"] > NULL["week"].max() - np.timedelta64(28, "D")]
    assert products["units"].sum() == last["units"].sum()
    first = last.drop_duplicates("family").set_index("family")["review_count"]
    assert (products.set_index("family")["reviews"] == first).all()


def test_an_association_is_called_one_and_its_like_without_an_effect_is_told():
    found = conversion.review_association(NULL)
    assert "association, not an effect" in found.text
    assert "With no effect at all" in found.text
    assert found.null_lift > 0.1
    assert found.table["group"].tolist() == ["0", "1-4", "5-9", "10-49", "50+"]
    assert found.table["families"].sum() == len(snapshot(NULL))
    assert (found.table["low"] <= found.table["conversion"]).all()
    assert (found.table["conversion"] <= found.table["high"]).all()
    assert not any("extra" in column for column in found.table)


def test_intervals_let_families_differ_and_hold_without_a_sale():
    products = snapshot(NULL).head(40).assign(reviews=0.0)
    group = products["reviews"].astype(int).astype("category")
    one = rates(products, group).iloc[0]
    poisson = 1.96 / math.sqrt(one["units"])
    assert math.log(one["high"] / one["conversion"]) > 1.5 * poisson
    none = rates(products.assign(units=0.0), group).iloc[0]
    assert none["low"] == none["conversion"] == 0
    # Jeffreys' upper end for 0 of n is about 2.5 / n.
    assert none["high"] == pytest.approx(2.5 / none["sessions"], rel=0.02)


def test_an_interval_holds_its_rate_where_more_is_sold_than_visited():
    products = snapshot(NULL).head(2).assign(reviews=0.0, sessions=[10.0, 20.0], units=[14.0, 22.0])
    one = rates(products, products["reviews"].astype(int).astype("category")).iloc[0]
    assert one["low"] < one["conversion"] == 1.2 <= one["high"]


def test_enough_products_without_a_sale_are_not_told_to_be_too_few():
    silent = NULL.assign(units=NULL["units"].where(NULL["review_count"] > 0, 0))
    found = conversion.review_association(silent, weeks=1, calibrate=False)
    assert math.isnan(found.ratio)
    assert "are needed" not in found.text
    assert "sales on both sides would" in found.text


def test_only_what_is_known_is_told_to_be_held_equal():
    bare = NULL.drop(columns=["price", "featured_offer_share"])
    assert (
        ", age and traffic held equal" in conversion.review_association(bare, calibrate=False).text
    )


def test_too_few_products_on_one_side_give_no_ratio():
    some = NULL[NULL["family"] < "F00012"]
    found = conversion.review_association(some)
    assert math.isnan(found.ratio)
    assert "at least 10 of each" in found.text
    assert conversion.review_association(NULL.head(0)).table.empty
