"""Where rows were set aside: one line is a line."""

import pytest

from feedback_analysis.report.sources import describe_sources
from tests.report.hand_made import shop


@pytest.mark.parametrize(
    ("lines", "where"),
    [("5", "a.txt, line 5"), ("5, 7", "a.txt, lines 5, 7"), ("", "a.txt")],
)
def test_one_line_is_called_a_line(lines, where):
    made = shop(set_aside=[{"file": "a.txt", "reason": "no date", "rows": 1, "lines": lines}])
    assert describe_sources(made).set_aside[0]["where"] == where
