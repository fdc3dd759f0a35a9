"""Asking: rates, windows, exclusions and the effect, on shops whose truth is known."""

import re
from dataclasses import replace
from datetime import date

import numpy as np
import pandas as pd
import pytest

from feedback_analysis import charts
from feedback_analysis.cases import (
    asking_effect,
    asking_now,
    exclusions,
    feedback_per_order,
    funnel,
    may_be_asked,
    order_facts,
)
from feedback_analysis.cases.asking_effect import HOW_TO, mantel_haenszel
from feedback_analysis.charts.case_tables import EFFECT
from feedback_analysis.shares import share_interval
from tests.cases.frames import asks, feedback, made, orders, returns, shipments

TODAY = date(2026, 10, 31)


def facts_of(**given):
    return order_facts(made(**given), as_of=TODAY)


def promised(*days):
    """Return orders and shipments promised so many days before today; the keys are the days."""
    known = [(str(day), pd.Timestamp(TODAY) - pd.Timedelta(days=day)) for day in days]
    return {
        "orders": orders([(key, day - pd.Timedelta(days=5), "S1", "seller") for key, day in known]),
        "shipments": shipments(
            [(key, day - pd.Timedelta(days=4), day, True) for key, day in known]
        ),
    }


def test_the_window_is_5_to_30_days_after_the_promised_day():
    facts = facts_of(**promised(4, 5, 17, 30, 31))
    found = may_be_asked(facts, as_of=TODAY)
    assert found["order_key"].tolist() == ["30", "17", "5"]
    assert found["ends"].tolist()[0] == pd.Timestamp(TODAY)


def test_the_asked_the_held_out_and_those_with_feedback_are_not_asked_and_the_unhappy_are():
    given = promised(10, 11, 12, 13, 14)
    log = asks([("10", "2026-10-28", False), ("11", None, True)])
    back = returns([("13", "2026-10-25", "DEFECTIVE", "as_described", 9.0)])
    facts = facts_of(**given, asks=log, feedback=feedback([("12", "2026-10-25", 5)]), returns=back)
    assert may_be_asked(facts, as_of=TODAY)["order_key"].tolist() == ["14", "13"]
    now = asking_now(facts, as_of=TODAY, logged=True)
    counts = [
        "in_window",
        "feedback_already",
        "asked",
        "held_out",
        "never_asked",
        "ending_this_week",
    ]
    assert now.table.loc[0, counts].tolist() == [5, 1, 1, 1, 2, 0]
    assert "5 orders are 5 to 30 days past" in now.text
    assert "2 of them were never asked" in now.text
    assert "(and are not among the 1 held out on purpose)" in now.text
    assert not any("no log" in limit for limit in now.limits)
    assert any("no log" in limit for limit in asking_now(facts, as_of=TODAY, logged=False).limits)


def test_one_order_that_may_be_asked_is_one():
    happy = {"feedback": feedback([("old", "2026-10-25", 5)])}
    one = asking_now(facts_of(**promised(10), **happy), as_of=TODAY, logged=True).text
    assert "1 order is 5 to 30 days past its promised day; 1 of them was never asked" in one
    assert "asked and has no feedback yet. For 0 the time ends" in one
    held = facts_of(**promised(10, 11), **happy, asks=asks([("11", None, True)]))
    said = asking_now(held, as_of=TODAY, logged=True).text
    assert "has no feedback yet (and is not among the 1 held out on purpose)." in said


def test_without_orders_nothing_is_claimed():
    facts = facts_of(feedback=feedback([("a", "2026-10-01", 5)]))
    assert "Without orders and shipments" in asking_now(facts, as_of=TODAY, logged=False).text
    assert feedback_per_order(facts, "channel", as_of=TODAY).table.empty
    assert exclusions(facts, as_of=TODAY).text == "No order with all ratings known."
    assert asking_effect(facts, as_of=TODAY).text == HOW_TO
    assert "Without a log" in funnel(facts, as_of=TODAY).text


def old_shop(n=200, *, source="all ratings"):
    """Return n orders of June, every fourth with feedback, every eighth of 1 star and returned."""
    rows = [(number, f"o{number}") for number in range(n)]
    channel = {0: "seller", 1: "amazon"}
    said = [(key, "2026-06-25", 5 if k % 8 else 1) for k, key in rows if k % 4 == 0]
    back = [key for k, key in rows if k % 16 == 0]
    return {
        "orders": orders([(key, "2026-06-15", "S1", channel[k % 2]) for k, key in rows]),
        "feedback": feedback(said, source=source),
        "returns": returns([(key, "2026-06-28", "DEFECTIVE", "as_described", 9.0) for key in back]),
    }


def test_feedback_per_order_of_old_orders_with_its_interval():
    found = feedback_per_order(facts_of(**old_shop()), "channel", as_of=TODAY)
    rows = found.table.set_index("channel")
    assert rows.loc["seller", ["orders", "feedback"]].tolist() == [100, 50]
    assert rows.loc["amazon", "per_order"] == 0
    assert tuple(rows.loc["seller", ["low", "high"]]) == pytest.approx(share_interval(50, 100))
    assert "Of 200 orders that are at least 90 days old, 25.0 % got feedback" in found.text
    young = order_facts(made(**old_shop()), as_of=date(2026, 7, 15))
    assert feedback_per_order(young, "channel", as_of=date(2026, 7, 15)).table.empty


def test_a_marketplace_of_1_to_3_stars_only_is_left_out_and_named():
    found = feedback_per_order(facts_of(**old_shop(source="1-3 stars only")), "month", as_of=TODAY)
    assert found.table.empty
    assert found.limits[0].startswith("Of US, files hold only 1 to 3 stars")


def test_several_marketplaces_without_ratings_are_listed():
    facts = facts_of(**old_shop(source="1-3 stars only"))
    places = [facts.counts.assign(marketplace=name) for name in ("US", "DE", "UK")]
    several = replace(facts, counts=pd.concat(places, ignore_index=True))
    found = feedback_per_order(several, "month", as_of=TODAY)
    assert found.limits[0].startswith("Of DE, UK and US, files hold only 1 to 3 stars")


def test_what_leaving_buyers_out_does_stands_beside_the_share_over_all():
    found = exclusions(facts_of(**old_shop()), as_of=TODAY)
    rows = found.table.set_index("rule")
    assert rows["share"].iloc[0] == 0.5
    # 13 of 25 unhappy buyers sent it back.
    assert rows.loc["without refunded or returned orders", "orders_left_out"] == 13
    assert rows["share"].iloc[-1] == pytest.approx(25 / 37)
    assert "would read up to 67.6 % instead" in found.text
    assert "Amazon forbids" in found.text


def asked_shop(rng, n, *, share_asked, share_held, log=True):
    keys = [f"o{number}" for number in range(n)]
    held = rng.random(n) < 0.3
    told = rng.random(n) < np.where(held, share_held, share_asked)
    rows = [
        (key, None if out else "2026-07-20", bool(out)) for key, out in zip(keys, held, strict=True)
    ]
    return {
        "orders": orders([(key, "2026-07-01", "S1", "seller") for key in keys]),
        "feedback": feedback(
            [(key, "2026-07-25", 5) for key, yes in zip(keys, told, strict=True) if yes]
        ),
        "asks": asks(rows) if log else asks([]),
    }


def test_held_out_orders_tell_what_asking_does():
    given = asked_shop(np.random.default_rng(3), 3000, share_asked=0.14, share_held=0.08)
    found = asking_effect(facts_of(**given), as_of=TODAY)
    row = found.table.iloc[0]
    assert row["low"] < 0.06 < row["high"]
    assert row["low"] > 0
    assert found.text.startswith("Orders that were asked left more feedback: ")
    assert "drawn by chance" in found.limits[0]
    path = funnel(facts_of(**given), as_of=TODAY)
    assert path.table["n"].tolist()[0] == 3000
    assert path.table["n"].is_monotonic_decreasing


def test_no_effect_is_not_claimed():
    given = asked_shop(np.random.default_rng(4), 2000, share_asked=0.1, share_held=0.1)
    assert asking_effect(facts_of(**given), as_of=TODAY).text.startswith(
        "Whether asking brings more"
    )


def test_a_fall_is_written_with_a_true_minus_in_words_and_in_the_table():
    given = asked_shop(np.random.default_rng(4), 2000, share_asked=0.06, share_held=0.14)
    found = asking_effect(facts_of(**given), as_of=TODAY)
    cell = EFFECT["Difference, points"](found.table.iloc[0].to_dict())
    for said in (found.text, cell):
        assert "\N{MINUS SIGN}" in said
        assert not re.search(r"-\d", said)


def test_orders_neither_asked_nor_held_out_are_told_with_the_comparison_that_counts_them():
    given = asked_shop(np.random.default_rng(3), 3000, share_asked=0.14, share_held=0.08)
    log = given["asks"]
    # The shop did not ask a third of the buyers, all of them without feedback: a choice.
    silent = ~log["order_key"].isin(given["feedback"]["order_key"]) & ~log["held_out"]
    given["asks"] = log[~silent | (np.arange(len(log)) % 2 == 0)].reset_index(drop=True)
    found = asking_effect(facts_of(**given), as_of=TODAY)
    (told,) = [limit for limit in found.limits if "neither asked nor held out" in limit]
    # Over all 2,056 orders that were not held out the share is the true one again.
    assert "asked or not, 13.4 % left feedback" in told
    assert found.table.loc[0, "asked"] > 0.2


def test_the_rule_that_gains_most_is_the_one_that_is_told():
    given = old_shop()
    found = exclusions(facts_of(**given), as_of=TODAY)
    most = found.table["share"].iloc[1:].max()
    assert f"up to {100 * most:.1f} %" in found.text
    gain = most - found.table["share"].iloc[0]
    drawn = charts.exclusions(found).get_title(loc="left").replace("\n", " ")
    assert gain > 0
    assert drawn == f"Leaving unhappy buyers out would read up to {100 * gain:.1f} points higher"


def test_a_rule_that_gains_nothing_is_not_told_to_gain():
    given = old_shop()
    # Everybody who wrote was happy, and the happy ones sent it back.
    happy = given["feedback"].assign(rating=5)
    found = exclusions(facts_of(**(given | {"feedback": happy})), as_of=TODAY)
    assert "would read up to" not in found.text
    assert "No rule of those below would make the share higher." in found.text
    drawn = charts.exclusions(found).get_title(loc="left").replace("\n", " ")
    assert drawn == "No rule of leaving buyers out would make the share higher"


def test_one_feedback_of_one_order_asked_is_one():
    given = old_shop(1) | {"asks": asks([("o0", "2026-06-22", False)])}
    facts = facts_of(**given)
    assert funnel(facts, as_of=TODAY).text.startswith("Of 1 order, 1 was asked (100.0 %)")
    assert "of 1 feedback is positive" in exclusions(facts, as_of=TODAY).text


def test_groups_smaller_than_the_shop_says_have_no_rate():
    shop = made(**old_shop(60))
    shop = replace(shop, settings=shop.settings.model_copy(update={"minimum_n": 31}))
    facts = order_facts(shop, as_of=TODAY)
    assert feedback_per_order(facts, "channel", as_of=TODAY).table.empty
    assert len(feedback_per_order(facts, "channel", as_of=TODAY, minimum_n=30).table) == 2


def test_where_positive_feedback_is_not_seen_the_list_says_so():
    given = promised(10, 11)
    said = feedback([("10", "2026-10-25", 2)], source="1-3 stars only")
    found = asking_now(facts_of(**given, feedback=said), as_of=TODAY, logged=True)
    assert "no feedback that the files show" in found.text
    assert any("may have a positive one" in limit for limit in found.limits)


def test_without_a_log_it_says_how_to_find_out():
    given = asked_shop(np.random.default_rng(5), 500, share_asked=0.1, share_held=0.1, log=False)
    found = asking_effect(facts_of(**given), as_of=TODAY)
    assert found.table.empty
    assert found.text == HOW_TO


def hazard(rng, n, *, ratio):
    """Return asking days and feedback days: 1 % a day before the request, more by ratio after."""
    asked = rng.integers(10, 35, n)
    told = np.full(n, np.nan)
    for age in range(45):
        chance = np.where(asked < age, 0.01 * ratio, 0.01)
        hit = np.isnan(told) & (rng.random(n) < chance)
        told[hit] = age
    return asked, told


def test_requests_on_different_days_tell_the_ratio_at_the_same_age():
    rng = np.random.default_rng(6)
    inside = 0
    for _ in range(20):
        ratio, low, high = mantel_haenszel(*hazard(rng, 1500, ratio=2.0), until=45)
        inside += low <= 2.0 <= high
        assert ratio > 1.3
    assert inside >= 17
    assert np.isnan(mantel_haenszel(np.full(9, 50), np.full(9, np.nan), until=45)[0])


def test_the_staggered_answer_comes_with_its_condition():
    rng = np.random.default_rng(7)
    asked, told = hazard(rng, 1500, ratio=2.5)
    keys, start = [f"o{number}" for number in range(1500)], pd.Timestamp("2026-06-01")
    sent = [start + pd.Timedelta(days=int(day)) for day in asked]
    came = [(key, day) for key, day in zip(keys, told, strict=True) if day == day]
    given = {
        "orders": orders([(key, start, "S1", "seller") for key in keys]),
        "asks": asks([(key, day, False) for key, day in zip(keys, sent, strict=True)]),
        "feedback": feedback([(key, start + pd.Timedelta(days=int(day)), 5) for key, day in came]),
    }
    found = asking_effect(facts_of(**given), as_of=TODAY)
    assert found.table.empty
    assert found.text.startswith("No order was held out, but requests went out on different days.")
    assert "only if the day of asking had nothing to do with the order" in found.text
