"""The list of all periods: a row each, the key figures over time, gaps left open."""

import json
import re

import pytest

from feedback_analysis.report.archive import write_archive
from feedback_analysis.report.sparkline import Point, sparkline


def keep(folder, name, **values):
    """Write the key figures of a period: each a value, or low and high."""
    (folder / name).mkdir()
    figures = {
        "positive_share": ("Positive feedback", "share", 0.95),
        "average_score": ("Average score", "stars", 4.5),
        "cases_due": ("Cases due", "count", None),
    }
    content = {
        figure: {
            "label": label, "unit": unit, "target": target, "n": 40, "verdict": "not met",
            "value": value if not isinstance(value, tuple) else None,
            "low": value[0] if isinstance(value, tuple) else None,
            "high": value[1] if isinstance(value, tuple) else None,
        }
        for figure, (label, unit, target) in figures.items()
        if (value := values.get(figure)) is not None
    }  # fmt: skip
    (folder / name / "key_figures.json").write_text(json.dumps({"figures": content}))


def page(folder):
    return write_archive(folder, shop="Shop").read_text("utf-8").replace("\N{NO-BREAK SPACE}", " ")


def test_each_key_figure_is_drawn_over_the_months_and_said_in_words(tmp_path):
    keep(tmp_path, "2026-08", positive_share=0.9, cases_due=3)
    keep(tmp_path, "2026-09", positive_share=0.8, cases_due=5)
    keep(tmp_path, "2026-10", positive_share=0.85, cases_due=4, average_score=4.4)
    made = page(tmp_path)
    assert made.count('<svg class="spark"') == 2
    assert (
        'aria-label="Positive feedback: August 2026 90.0 %; September 2026 80.0 %; '
        'October 2026 85.0 %."'
    ) in made
    assert "since August 2026 · dashed: 95 %" in made
    assert "<script" not in made


def test_the_list_of_periods_warns_of_no_comments_because_it_shows_none(tmp_path):
    keep(tmp_path, "2026-10", positive_share=0.85)
    made = page(tmp_path)
    assert "Nothing that a buyer wrote is on this page." in made
    assert "read the comments" not in made


def test_months_and_weeks_are_never_in_one_line(tmp_path):
    keep(tmp_path, "2026-09", positive_share=0.8)
    keep(tmp_path, "2026-10", positive_share=0.85)
    keep(tmp_path, "2026-W42", positive_share=0.2)
    made = page(tmp_path)
    (words,) = re.findall(r'aria-label="(Positive feedback[^"]*)"', made)
    assert "week" not in words
    assert re.findall(r'<h2 id="(\w+)"', made) == ["Months", "Weeks"]
    assert "20.0 %" in made


def test_a_month_without_a_report_leaves_a_gap(tmp_path):
    for month, share in (("2026-05", 0.9), ("2026-06", 0.9), ("2026-09", 0.8), ("2026-10", 0.8)):
        keep(tmp_path, month, positive_share=share)
    lines = re.findall(r'<polyline points="([^"]*)"', page(tmp_path))
    assert [len(line.split()) for line in lines] == [2, 2]
    places = [float(place.split(",")[0]) for line in lines for place in line.split()]
    # Five months lie between the ends, and three between June and September.
    assert places[2] - places[1] == pytest.approx(3 * (places[1] - places[0]), abs=0.2)


def test_bounds_are_drawn_without_a_value(tmp_path):
    keep(tmp_path, "2026-09", average_score=(4.1, 4.4))
    keep(tmp_path, "2026-10", average_score=(4.2, 4.6))
    made = page(tmp_path)
    assert "Average score: September 2026 4.10 to 4.40; October 2026 4.20 to 4.60." in made
    drawing = re.search(r'<svg class="spark".*?</svg>', made, re.DOTALL)[0]
    assert "<circle" not in drawing
    assert drawing.count('stroke-width="5"') == 2


def test_one_period_is_no_line_and_numbers_of_a_wrong_kind_are_gaps(tmp_path):
    keep(tmp_path, "2026-10", positive_share=0.9)
    assert "spark" not in page(tmp_path).partition("</style>")[2]
    keep(tmp_path, "2026-09", positive_share="0.9; DROP", cases_due=True)
    assert "DROP" not in page(tmp_path)


def test_every_point_lies_in_the_picture_and_higher_is_up():
    points = [
        Point(place, value, value - 0.1, value + 0.1) for place, value in enumerate((1, 2, 3))
    ]
    drawing = sparkline(points, words="up", target=2.5)
    heights = [float(y) for y in re.findall(r'cy="([\d.]+)"', drawing)]
    assert heights == sorted(heights, reverse=True)
    numbers = [float(y) for y in re.findall(r'\b(?:y1|y2|cy)="([\d.]+)"', drawing)]
    assert all(0 <= y <= 56 for y in numbers)
    assert sparkline(points[:1], words="one") is None
    flat = sparkline([Point(0, 4.0), Point(1, 4.0)], words="flat")
    assert len(set(re.findall(r'cy="([\d.]+)"', flat))) == 1


def test_a_line_says_since_when_its_figure_is_known(tmp_path):
    keep(tmp_path, "2026-07", positive_share=0.9)
    keep(tmp_path, "2026-09", positive_share=0.8, cases_due=5)
    keep(tmp_path, "2026-10", positive_share=0.85, cases_due=4)
    made = page(tmp_path)
    assert "since July 2026" in made
    assert "since September 2026" in made
