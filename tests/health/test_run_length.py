"""The Markov chain of the CUSUM against published average run lengths."""

import numpy as np
import pytest
from scipy.stats import norm

from feedback_analysis.health.run_length import average_run_length

# Montgomery, Introduction to Statistical Quality Control: average run lengths of the two-sided
# tabular CUSUM with reference value k = 0.5, by threshold h and shift in standard deviations.
PUBLISHED = {
    4: {0: 168, 0.5: 26.6, 1: 8.38, 2: 3.34},
    5: {0: 465, 0.5: 38.0, 1: 10.4, 2: 4.01},
}


def normal(shift, reference=0.5):
    return lambda values: norm.cdf(values + reference - shift)


@pytest.mark.parametrize("threshold", PUBLISHED)
@pytest.mark.parametrize("shift", [0, 0.5, 1, 2])
def test_run_lengths_agree_with_the_published_table(threshold, shift):
    one_side, other_side = (average_run_length(normal(sign * shift), threshold) for sign in (1, -1))
    both = 1 / (1 / one_side + 1 / other_side)
    assert both == pytest.approx(PUBLISHED[threshold][shift], rel=0.005)


def test_a_threshold_of_nothing_alarms_with_the_first_positive_score():
    assert average_run_length(normal(0.5), 0.0) == pytest.approx(2)


def test_what_never_rises_never_alarms():
    assert average_run_length(lambda values: (values >= -1).astype(float), 3.0) == np.inf
