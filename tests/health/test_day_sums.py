"""Sums over spans of days are those of the rows inside."""

import numpy as np
import pandas as pd
import pytest

from feedback_analysis.health.row_spans import DaySums, between

DAYS = pd.to_datetime(["2026-10-03", "2026-10-01", "2026-10-01", "2026-10-07"])
FRAME = pd.DataFrame({"n": [3, 1, 2, 7], "some": pd.array([1, None, 5, 2], "Int64")}, index=DAYS)


@pytest.mark.parametrize("frame", [FRAME, FRAME.head(0)])
def test_a_span_is_the_sum_of_its_rows(frame):
    sums = DaySums(frame, ["n", "some"])
    for first in pd.date_range("2026-09-30", "2026-10-08"):
        for last in pd.date_range("2026-09-30", "2026-10-08"):
            inside = between(frame, first, last)
            expected = {name: int(inside[name].sum()) for name in ("n", "some")}
            assert sums.between(first, last) == (len(inside), expected)


def test_the_table_stays_as_it_was():
    before = FRAME.copy()
    DaySums(FRAME, ["n"])
    pd.testing.assert_frame_equal(FRAME, before)
    assert np.array_equal(FRAME.index, DAYS)
