"""Twenty catalogues a scenario: coverage, false claims and power. benchmarks/ runs two hundred."""

import numpy as np
import pandas as pd
import pytest

from benchmarks.conversion import one_run

CATALOGUES = 20


def runs(scenario, lift, count=CATALOGUES):
    return pd.DataFrame([one_run(scenario, lift, 500 + i) for i in range(count)])


@pytest.mark.parametrize("scenario", ["sales", "low volume", "stock-outs"])
def test_the_envelope_holds_the_truth_and_claims_little_where_nothing_is(scenario):
    found = runs(scenario, 0.0)
    # Three misses in twenty would have a chance below 8 % at a coverage of 95 %.
    assert found["covered"].sum() >= CATALOGUES - 3
    assert found["grade"].isin(["strong", "suggestive"]).sum() <= 3
    assert found["grade"].eq("strong").sum() <= 2
    # What is usually shown claims an effect nearly always.
    assert (~found["naive covered"]).mean() > 0.8


def test_it_has_power_and_holds_the_truth_of_an_effect():
    found = runs("sales", 0.25)
    assert found["covered"].sum() >= CATALOGUES - 3
    assert found["grade"].isin(["strong", "suggestive"]).mean() >= 0.85
    assert abs(found["error"].mean()) < 0.05


def test_it_holds_the_short_run_truth_where_the_effect_grows():
    found = runs("growing", 0.25, 12)
    assert found["covered"].sum() >= 9
    assert np.isfinite(found["width"]).all()
