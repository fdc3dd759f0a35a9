"""Mix shift: the identity, a case by hand, intervals against a simulation, what cannot be told."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from feedback_analysis.errors import ReportError
from feedback_analysis.health import decompose, mix_shift
from feedback_analysis.periods import Period
from tests.report.hand_made import feedback, orders, shop, stars

OCTOBER = Period.parse("2026-10")


def counts(**parts):
    """Return counts of each part: n and how many of them."""
    rows = [(name, n, count) for name, (n, count) in parts.items()]
    return pd.DataFrame(rows, columns=["part", "n", "count"])


def value(result, effect):
    return result.totals.set_index("effect").loc[effect]


def test_a_case_by_hand():
    # US weighs 0.8, then 0.6, and falls from 97 to 95 %; DE weighs 0.2, then 0.4, and stays at 90.
    result = decompose(counts(US=(800, 776), DE=(200, 180)), counts(US=(600, 570), DE=(400, 360)))
    assert value(result, "difference")["value"] == pytest.approx(0.930 - 0.956)
    assert value(result, "mix")["value"] == pytest.approx(-0.2 * 0.96 + 0.2 * 0.90)
    assert value(result, "rate")["value"] == pytest.approx(-0.02 * 0.7)
    table = result.table.set_index("part")
    assert table.loc["DE", "rate"] == 0
    # Against the mean of the two overall shares, 94.3 %.
    assert table.loc["DE", "mix"] == pytest.approx(0.2 * (0.90 - 0.943))
    assert table.loc["US", "mix"] == pytest.approx(-0.2 * (0.96 - 0.943))
    assert result.table["part"].tolist() == ["US", "DE"]
    assert "−1.2 points (95 % interval −1.8 to −0.6) came from a different mix" in result.text
    assert "−0.9 from more feedback of DE, 20 % before and 40 % now" in result.text
    assert result.text.endswith("Only the mix is more than chance.")


PARTS = st.lists(
    st.tuples(*[st.integers(0, 60)] * 4).map(lambda k: (k[0] + k[1], k[0], k[2] + k[3], k[2])),
    min_size=1,
    max_size=7,
)


@settings(max_examples=40)
@given(PARTS)
def test_mix_and_rate_are_the_difference_exactly_whatever_the_counts(parts):
    before = pd.DataFrame([(f"p{i}", n, k) for i, (n, k, _, _) in enumerate(parts)],
                          columns=["part", "n", "count"])  # fmt: skip
    now = pd.DataFrame([(f"p{i}", n, k) for i, (_, _, n, k) in enumerate(parts)],
                       columns=["part", "n", "count"])  # fmt: skip
    if not before["n"].sum() or not now["n"].sum():
        with pytest.raises(ReportError, match="has no feedback"):
            decompose(before, now)
        return
    result = decompose(before, now)
    whole = now["count"].sum() / now["n"].sum() - before["count"].sum() / before["n"].sum()
    assert value(result, "mix")["value"] + value(result, "rate")["value"] == pytest.approx(whole)
    assert result.table["total"].sum() == pytest.approx(whole)
    assert result.table[["n_before", "n"]].sum().tolist() == [before["n"].sum(), now["n"].sum()]
    for effect in ("mix", "rate"):
        assert (result.table[f"{effect}_low"] <= result.table[effect]).all()
        assert np.isfinite(result.table[f"{effect}_high"]).all()


def test_turning_the_periods_round_turns_every_sign():
    one, two = counts(a=(100, 90), b=(50, 49)), counts(a=(80, 60), b=(70, 69))
    there, back = decompose(one, two), decompose(two, one)
    for column in ("mix", "rate"):
        assert there.table.set_index("part")[column].to_dict() == pytest.approx(
            (-back.table.set_index("part")[column]).to_dict()
        )


def test_small_parts_are_put_together_and_a_new_part_is_all_mix():
    before = counts(a=(100, 90), b=(9, 9), c=(3, 0))
    result = decompose(before, counts(a=(100, 90), b=(20, 10), c=(30, 30)))
    assert set(result.table["part"]) == {"a", "all others"}
    new = decompose(counts(a=(100, 90)), counts(a=(100, 90), b=(50, 25)))
    row = new.table.set_index("part").loc["b"]
    assert row["rate"] == 0
    assert row["rate_low"] == row["rate_high"] == 0
    assert row["mix"] == pytest.approx(value(new, "difference")["value"] - new.table.set_index(
        "part").loc["a", "mix"])  # fmt: skip


def test_a_single_part_has_no_mix():
    result = decompose(counts(a=(100, 90)), counts(a=(200, 190)))
    assert value(result, "mix")["value"] == 0
    assert result.text.endswith("There is only one part by part, so the mix cannot have moved it.")


def test_the_intervals_are_as_wide_as_a_simulation_says():
    weights = np.array([[0.6, 0.3, 0.1], [0.5, 0.3, 0.2]])
    shares = np.array([[0.97, 0.93, 0.88], [0.95, 0.93, 0.85]])
    sizes, random = (900, 1100), np.random.default_rng(11)
    n = [random.multinomial(size, w, size=20_000) for size, w in zip(sizes, weights, strict=True)]
    hits = [random.binomial(part, share) for part, share in zip(n, shares, strict=True)]
    w = [part / size for part, size in zip(n, sizes, strict=True)]
    r = [hit / part for hit, part in zip(hits, n, strict=True)]
    drawn = {
        "mix": ((w[1] - w[0]) * (r[0] + r[1]) / 2).sum(axis=1),
        "rate": ((r[1] - r[0]) * (w[0] + w[1]) / 2).sum(axis=1),
    }
    expected = [
        pd.DataFrame(
            {"part": list("abc"), "n": (size * w).round(), "count": (size * w * r).round()}
        )
        for size, w, r in zip(sizes, weights, shares, strict=True)
    ]
    result = decompose(*expected)
    for effect, values in drawn.items():
        row = value(result, effect)
        half = (row["high"] - row["low"]) / 2
        assert half == pytest.approx(1.96 * values.std(), rel=0.04)


def small_shop():
    """Return September 100 in US (5 not positive), October 60 in US (6) and 40 in UK (20)."""
    uk = feedback(stars("2026-09-05", fives=50) + stars("2026-10-05", fives=20, ones=20),
                  marketplace="UK")  # fmt: skip
    us = feedback(stars("2026-09-05", fives=95, ones=5) + stars("2026-10-05", fives=54, threes=6))
    return shop(feedback=pd.concat([us, uk], ignore_index=True))


def test_the_marketplaces_of_a_shop_are_taken_from_its_sources():
    result = mix_shift(small_shop(), OCTOBER)
    assert value(result, "difference")["value"] == pytest.approx(0.74 - 145 / 150)
    assert result.table.set_index("part")["n"].to_dict() == {"US": 60, "UK": 40}
    assert "in September 2026 to 74.0 % of 100 in October 2026" in result.text
    negative = mix_shift(small_shop(), OCTOBER, measure="negative")
    assert value(negative, "difference")["value"] == pytest.approx(20 / 100 - 5 / 150)


def test_a_marketplace_that_is_known_in_one_period_only_is_left_out_and_named():
    low = feedback(stars("2026-10-05", ones=9), marketplace="DE", source="1-3 stars only")
    made = small_shop()
    made = shop(feedback=pd.concat([made.feedback, low], ignore_index=True))
    result = mix_shift(made, OCTOBER)
    assert result.limits == ["DE is left out: its feedback is not known in both periods."]
    assert set(result.table["part"]) == {"US", "UK"}


def test_channels_are_split_by_order_for_feedback_and_for_orders():
    rows = [(f"a{k}", "2026-09-01", "A", "amazon") for k in range(20)]
    rows += [(f"s{k}", "2026-10-01", "A", "seller") for k in range(20)]
    rows += [(f"b{k}", "2026-10-01", "A", "amazon") for k in range(10)]
    left = [("2026-09-09", 5, f"a{k}") for k in range(20)]
    left += [("2026-10-09", 1 if k < 5 else 5, f"s{k}") for k in range(20)]
    left += [("2026-10-09", 5, f"b{k}") for k in range(10)] + [("2026-10-09", 1)]
    made = shop(orders=orders(rows), feedback=feedback(left))
    result = mix_shift(made, OCTOBER, by="channel", measure="negative")
    assert value(result, "difference")["value"] == pytest.approx(5 / 30)
    # The seller's orders are new, so all of it is mix.
    assert value(result, "mix")["value"] == pytest.approx(5 / 30)
    per_order = mix_shift(made, OCTOBER, by="channel", measure="negatives per order")
    assert value(per_order, "difference")["value"] == pytest.approx(5 / 30)
    assert per_order.limits == [
        "Of each period the feedback until its own last day is counted, so that orders "
        "of the same age are compared. Orders of October 2026 may still draw more, because buyers "
        "have 90 days for it."
    ]
    assert "more orders shipped by the seller" in per_order.text


def test_nothing_to_split_is_said_and_a_wrong_word_is_refused():
    low = feedback(stars("2026-10-05", ones=9), source="1-3 stars only")
    result = mix_shift(shop(feedback=low), OCTOBER, by="channel")
    assert result.table.empty
    assert result.text.startswith("Why the share moved cannot be told by channel")
    assert result.limits[0].startswith("US: left out by channel")
    with pytest.raises(ReportError, match="not made of this"):
        mix_shift(shop(), OCTOBER, by="colour")


def test_one_part_alone_is_not_taken_apart():
    made = feedback(stars("2026-09-05", fives=18, ones=2) + stars("2026-10-05", fives=15, ones=5))
    result = mix_shift(shop(feedback=made), OCTOBER, by="marketplace")
    assert result.table.empty
    assert result.totals.empty
    assert result.text == "Why the share moved cannot be told by marketplace: all of it is US."


def test_orders_of_two_periods_are_compared_at_the_same_age():
    rows = [(f"a{k}", "2026-09-10", "A", "amazon") for k in range(20)]
    rows += [(f"b{k}", "2026-10-10", "B", "amazon") for k in range(20)]
    # The orders of September have had a month longer.
    left = [("2026-09-20", 1, "a0"), ("2026-10-20", 1, "a1"), ("2026-10-20", 1, "b0")]
    made = shop(orders=orders(rows), feedback=feedback([*left, ("2026-10-31", 5)]))
    result = mix_shift(made, OCTOBER, by="product", measure="negatives per order")
    assert value(result, "difference")["value"] == 0
