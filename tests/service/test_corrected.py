"""Corrected rates: their intervals hold the truth that was simulated, those of labels do not."""

import numpy as np
import pytest

from feedback_analysis.causes.measures import Pairs
from feedback_analysis.causes.taxonomy import own_taxonomy
from feedback_analysis.service import confusion as room
from feedback_analysis.service.confusion import of_audit, of_makers
from feedback_analysis.service.corrected import Count, Measured, corrected
from feedback_analysis.shares import share_interval
from tests.service.shops import AT_THEIR_WORD

SHOPS = 100
# 0.90 of 100 when 0.95 is meant: chance gives less in 1 run of 35.
ENOUGH = 0.90 * SHOPS


def drawn(random, share, recall, wrong, *, comments=200, of=1000):
    """Return the count that a labeller makes in a shop whose true share is known."""
    words = random.binomial(of, comments / of)
    true = random.binomial(words, share)
    return Count(random.binomial(true, recall) + random.binomial(words - true, wrong), words, of)


def made_on(random, recall, wrong, *, have=50, others=366):
    """Return what a measurement on other comments finds, whose shares are not the shop's."""
    right, spare = random.binomial(have, recall), random.binomial(others, wrong)
    return Measured((right + 0.5, have - right + 0.5), (spare + 0.5, others - spare + 0.5), have)


@pytest.mark.parametrize(
    ("share", "recall", "wrong"), [(0.03, 0.8, 0.04), (0.01, 0.75, 0.03), (0.5, 0.6, 0.02)]
)
def test_the_corrected_interval_holds_the_true_rate_and_the_one_of_labels_does_not(
    share, recall, wrong
):
    random = np.random.default_rng(11)
    held = as_found = 0
    for _ in range(SHOPS):
        measured, count = made_on(random, recall, wrong), drawn(random, share, recall, wrong)
        truth = share * 0.2
        low, high = corrected([count], measured).interval()
        held += low <= truth <= high
        low, high = share_interval(count.labels, count.of)
        as_found += low <= truth <= high
    assert held >= ENOUGH
    assert as_found < ENOUGH


def test_an_unchanged_rate_seldom_is_a_change_and_a_doubled_one_is_seen():
    random = np.random.default_rng(12)
    quiet = seen = 0
    for _ in range(SHOPS):
        measured = made_on(random, 0.75, 0.04)
        same = [drawn(random, 0.15, 0.75, 0.04) for _ in range(2)]
        _, low, high = corrected(same, measured).change()
        quiet += low <= 0 <= high
        twice = [drawn(random, share, 0.75, 0.04) for share in (0.45, 0.15)]
        _, low, _ = corrected(twice, measured).change()
        seen += low > 0
    assert quiet >= ENOUGH
    assert seen >= ENOUGH


def test_perfect_labels_give_the_plain_share():
    found = corrected([Count(12, 100, 400)], None)
    low, high = found.interval()
    assert found.values[0] == pytest.approx(0.03)
    assert (low, high) == pytest.approx(share_interval(12, 400), abs=0.004)


def test_a_count_below_the_mistakes_alone_says_none_to_all_of_it():
    sure = Measured((800.0, 200.0), (100.0, 900.0))
    found = corrected([Count(20, 2000, 2000)], sure)
    low, high = found.interval()
    assert found.values[0] == 0
    assert low == pytest.approx(0, abs=0.001)
    # All twenty right, and found at 0.8.
    assert 0.008 < high < 0.025


def test_nothing_to_count_on_is_no_rate_and_no_comments_are_a_rate_of_0():
    assert np.isnan(corrected([Count(0, 0, 0)], None).values[0])
    assert np.isnan(corrected([Count(0, 0, 0)], None).interval()).all()
    found = corrected([Count(0, 0, 50)], Measured((8, 2), (1, 99)))
    assert found.values == (0.0,)
    assert found.interval()[0] == 0


def shop_of(random, n=4000):
    """Return true and found causes of a shop: late in 8 of 100, found in 7 of 10, and wrongly."""
    true = random.random(n) < 0.08
    said = np.where(true, random.random(n) < 0.7, random.random(n) < 0.06)
    names = np.array(["defective", "late_delivery"])
    return names[true.astype(int)], names[said.astype(int)]


def test_an_audit_drawn_in_strata_corrects_the_rates_of_its_shop():
    random = np.random.default_rng(13)
    held = as_found = 0
    for _ in range(SHOPS):
        true, said = shop_of(random)
        rows, weight = [], []
        for stratum in ("late_delivery", "defective"):
            members = np.flatnonzero(said == stratum)
            rows += random.choice(members, 100, replace=False).tolist()
            weight += [len(members) / 100] * 100
        pairs = Pairs([(true[at],) for at in rows], [(said[at],) for at in rows],
                      ["en"] * 200, np.array(weight))  # fmt: skip
        count = Count(int((said == "late_delivery").sum()), 4000, 4000)
        low, high = corrected([count], of_audit(pairs).of("late_delivery")).interval()
        held += low <= (true == "late_delivery").mean() <= high
        low, high = share_interval(count.labels, 4000)
        as_found += low <= (true == "late_delivery").mean() <= high
    assert held >= ENOUGH
    assert as_found < ENOUGH


def test_the_makers_measurement_covers_every_question_and_cause_that_they_measured():
    found = of_makers()
    taxonomy = own_taxonomy()
    assert set(taxonomy.questions) <= set(found.by_id)
    assert set(taxonomy.ids) <= set(found.by_id)
    assert "makers" in found.text
    assert "audit" in found.text
    late = found.of("shipping_speed")
    recall, wrong = (a / (a + b) for a, b in (late.found, late.wrong))
    assert recall > 0.5 > 0.2 > wrong
    assert AT_THEIR_WORD.of("shipping_speed") is None


def test_labels_that_few_comments_measured_lean_on_the_others():
    pooled = room._pooled([45, 40, 0], [50, 50, 1])
    mean = pooled[0] / sum(pooled)
    assert 0.75 < mean < 0.9
    # One comment, missed: hardly less than the others, and far less sure.
    assert (pooled[0] + 0) / (sum(pooled) + 1) > 0.4
