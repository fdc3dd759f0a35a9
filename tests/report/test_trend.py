"""The weekly drawing: described in words, no line across a gap, nothing outside its frame."""

import re
from datetime import date

import pandas as pd

from feedback_analysis.report.trend import draw_trend


def weeks(*counts):
    """Return weeks with the given positives and n."""
    rows = [
        {
            "start": pd.Timestamp("2026-08-31") + pd.Timedelta(weeks=place),
            "n": n,
            "share": positive / n if n else None,
            "low": max(0, positive / n - 0.2) if n else None,
            "high": min(1, positive / n + 0.1) if n else None,
        }
        for place, (positive, n) in enumerate(counts)
    ]
    return pd.DataFrame(rows)


def test_the_last_week_is_not_over_only_where_it_goes_on():
    """The fifth week runs from 28 September to 4 October."""

    def caption(counts, complete, until):
        table = weeks(*counts).assign(complete=complete)
        options = {"target": 0.95, "minimum_n": 10, "text": "", "until": date(2026, 10, until)}
        return draw_trend(table, **options).caption

    five, whole = [(9, 10)] * 5, [True] * 4
    assert caption(five, [*whole, False], 3).endswith("the target. The last week is not over.")
    # Over, but the files end before it does.
    said = caption(five, [*whole, False], 4)
    assert said.endswith("the target. Rings: weeks not all known.")
    assert "not over" not in said
    assert caption(five, [*whole, True], 4).endswith("the target.")
    # A running week without feedback is not drawn, so nothing is said of it.
    assert caption([*five, (0, 0)], [*whole, True, False], 6).endswith("the target.")
    said = caption([(3, 3), *five[1:]], [False, *whole[1:], True], 4)
    assert said.endswith("Rings: weeks with fewer than 10 feedbacks or not all known.")


def drawn(*counts, text="In words."):
    return draw_trend(weeks(*counts), target=0.95, minimum_n=10, text=text)


def test_fewer_than_four_weeks_are_not_drawn():
    assert drawn((9, 10), (9, 10), (9, 10)) is None


def test_the_drawing_carries_its_words_escaped():
    found = drawn(*[(9, 10)] * 5, text='A & B "fell" <b>')
    assert found.picture.count('role="img"') == 2
    assert 'aria-label="A &amp; B &#34;fell&#34; &lt;b&gt;"' in found.picture
    assert "31 Aug 2026 to 28 Sep 2026" in found.caption
    assert "Rings" not in found.caption


def test_a_week_without_feedback_breaks_the_line_and_a_small_one_is_a_ring():
    found = drawn((9, 10), (10, 10), (0, 0), (9, 10), (3, 3))
    wide = found.picture.split("</svg>")[0]
    assert wide.count("<polyline") == 2
    assert wide.count("<circle") == 4
    assert wide.count('fill="var(--paper)"') == 1
    assert "fewer than 10" in found.caption


def test_no_point_lies_outside_the_frame():
    found = drawn((1, 50), (50, 50), (25, 50), (50, 50), (0, 40))
    wide = found.picture.split("</svg>")[0]
    heights = [float(number) for number in re.findall(r'cy="([\d.]+)"', wide)]
    assert all(8 <= height <= 164 for height in heights)
