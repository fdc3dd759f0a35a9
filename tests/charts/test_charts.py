"""Charts: on given or own axes, nothing clipped or overlapping, the same bytes each time."""

import re
import subprocess
import sys
from types import SimpleNamespace
from xml.etree import ElementTree

import matplotlib
import pandas as pd
import pytest
from matplotlib.figure import Figure

from feedback_analysis import charts, conversion
from feedback_analysis.charts.alarm import _finding
from feedback_analysis.conversion import simulate_catalogue
from feedback_analysis.coverage import coverage, files_read
from feedback_analysis.health import (
    compare_periods,
    distance_to_target,
    feedback_rating,
    order_weeks,
    weekly_alarm,
    weekly_rating,
)
from feedback_analysis.periods import Period
from tests.conversion.shops import reviews, traffic
from tests.conversion.shops import shop as store
from tests.coverage_frames import ledger, shop
from tests.health.frames import DAY, daily, join, stars
from tests.health.order_frames import history

MANY = ("AU", "BR", "CA", "JP", "MX", "UK", "US")
FEEDBACK = join(
    *[stars(k % 3, 0, 1, 2, 14, day=f"2026-{4 + k // 4:02d}-{1 + 7 * (k % 4)}") for k in range(28)]
)
BOUNDED = daily("2024-10-01", days={DAY: (100, 4)}, marketplace="UK")


def every_chart():
    october = Period.parse("2026-10")
    one = feedback_rating(FEEDBACK, as_of=DAY)
    many = feedback_rating(
        join(*[FEEDBACK.assign(marketplace=code) for code in MANY]), as_of=DAY, by="marketplace"
    )
    bounded = feedback_rating(stars(3, 1, 2, marketplace="UK"), BOUNDED, as_of=DAY)
    refused = feedback_rating(stars(1, 0, 1), as_of=DAY, on_missing="say")
    yield "windows", charts.rating, one, {}
    yield "average", charts.rating, one, {"measure": "average"}
    yield "28 rows", charts.rating, many, {}
    yield "bounds", charts.rating, bounded, {"measure": "average"}
    yield "periods", charts.rating, compare_periods(FEEDBACK, None, october), {}
    yield "refused", charts.rating, refused, {}
    yield "3 weeks", charts.weekly_rating, weekly_rating(FEEDBACK, until=DAY, weeks=3), {}
    yield "26 weeks", charts.weekly_rating, weekly_rating(FEEDBACK, until=DAY), {}
    yield "104 weeks", charts.weekly_rating, weekly_rating(FEEDBACK, until=DAY, weeks=104), {}
    yield "no weeks", charts.weekly_rating, weekly_rating(stars(1), until=DAY, on_missing="say"), {}
    yield from distance_charts()
    yield from alarm_charts()
    orders = order_weeks(*history(), as_of=DAY)
    yield "order weeks", charts.order_weeks, orders, {}
    yield (
        "104 order weeks",
        charts.order_weeks,
        order_weeks(*history(weeks=104), as_of=DAY, weeks=104),
        {},
    )
    feedback, placed = history(weekly=0.2, weeks=4)
    yield "new shop's order weeks", charts.order_weeks, order_weeks(feedback, placed, as_of=DAY), {}
    yield "coverage", charts.coverage, coverage(shop()), {}
    yield "no coverage", charts.coverage, coverage(SimpleNamespace()), {}
    yield "files", charts.files_read, files_read(ledger()), {}
    yield "no files", charts.files_read, files_read(ledger().head(0)), {}
    yield from conversion_charts()


def distance_charts():
    near = join(FEEDBACK, stars(fives=300, day="2026-09-01"), stars(6, day="2025-11-20"))
    yield "roll-off", charts.rolloff, distance_to_target(near, as_of=DAY), {}
    yield (
        "roll-off of 90 days",
        charts.rolloff,
        distance_to_target(near, as_of=DAY),
        {"window": "90 days"},
    )
    split = distance_to_target(near, as_of=DAY, by="marketplace")
    yield "roll-off of a marketplace", charts.rolloff, split, {"marketplace": "US"}
    yield "nothing rolls off", charts.rolloff, distance_to_target(stars(fives=40), as_of=DAY), {}
    refused = distance_to_target(stars(1), as_of=DAY, on_missing="say")
    yield "no roll-off", charts.rolloff, refused, {}


def alarm_charts():
    calm = daily("2024-10-28", days={}, received=6, negative=0).assign(neutral=0)
    calm.loc[::5, "negative"] = 1
    jump = calm.assign(negative=calm["negative"] + 2 * (calm["date"] >= "2026-07-01"))
    nothing = stars().astype({"rating": "int64"})
    steady, found = (weekly_alarm(nothing, totals, until=DAY) for totals in (calm, jump))
    young = weekly_alarm(nothing, calm[calm["date"] >= "2026-10-05"], until=DAY)
    split = weekly_alarm(nothing, jump, until=DAY, by="marketplace")
    yield "no alarm", charts.weekly_alarm, steady, {}
    yield "alarms of the share", charts.weekly_alarm, found, {}
    yield "alarms of the negatives", charts.weekly_alarm, found, {"chart": "negatives"}
    yield "alarms of a young shop", charts.weekly_alarm, young, {}
    yield "alarms of a marketplace", charts.weekly_alarm, split, {"place": "US"}
    yield "nothing to watch", charts.weekly_alarm, weekly_alarm(nothing, until=DAY), {}


def conversion_charts():
    panel = simulate_catalogue(seed=12, lift=0.4)
    published = {"published": conversion.published_effects()}
    for name, made in (
        ("an effect", conversion.review_effect(panel)),
        ("no effect", conversion.review_effect(simulate_catalogue("small", lift=0, seed=12))),
        ("nothing", conversion.review_effect(panel.head(0))),
    ):
        yield f"{name}, estimates", charts.review_effect, made, published
        yield f"{name}, estimates alone", charts.review_effect, made, {}
        yield f"{name}, events", charts.review_events, made, {}
        yield f"{name}, doses", charts.review_doses, made, {}
        first = conversion.review_priorities(panel, made)
        yield f"{name}, priorities", charts.review_priorities, first, {}
    rates = conversion.review_association(panel, calibrate=False)
    yield "rates by reviews", charts.review_rates, rates, {}
    yield "rates by stars", charts.review_rates, rates, {"by": "stars"}
    none = conversion.review_association(panel.head(0))
    yield "no rates", charts.review_rates, none, {}
    business = traffic([(w, "P", f"B{b}", 50, 2, 1.0, 40.0) for w in range(60) for b in range(4)])
    counts = reviews([("P", "2026-01-05", 0), ("P", "2026-06-01", 1), ("P", "2026-12-01", 2)])
    yield (
        "known weeks",
        charts.review_coverage,
        conversion.review_panel(store(business, counts)),
        {},
    )
    nothing = conversion.review_panel(store(business.head(0)))
    yield "no known weeks", charts.review_coverage, nothing, {}


CHARTS = list(every_chart())
cases = pytest.mark.parametrize(
    ("draw", "result", "options"), [case[1:] for case in CHARTS], ids=[case[0] for case in CHARTS]
)


def texts(figure):
    """Return every visible text of a drawn figure with its box in pixels."""
    from matplotlib.text import Text

    renderer = figure.canvas.get_renderer()
    ticks = {
        label
        for ax in figure.findobj(matplotlib.axes.Axes)
        for axis in (ax.xaxis, ax.yaxis)
        for label in (*axis.get_ticklabels(), *axis.get_ticklabels(minor=True))
        if not (ax.axison and _inside(axis, label))
    }
    return [
        (text.get_text(), text.get_window_extent(renderer))
        for text in figure.findobj(Text)
        if text.get_visible() and text.get_text().strip() and text not in ticks
    ]


def _inside(axis, label):
    low, high = sorted(axis.get_view_interval())
    return low <= label.get_position()[0 if axis.axis_name == "x" else 1] <= high


def drawn(ax):
    from matplotlib.backends.backend_agg import FigureCanvasAgg

    FigureCanvasAgg(ax.figure).draw()
    return ax.figure


@cases
def test_no_two_texts_overlap(draw, result, options):
    boxes = texts(drawn(draw(result, **options)))
    shrunk = [(text, box.x0 + 1, box.y0 + 1, box.x1 - 1, box.y1 - 1) for text, box in boxes]
    for number, (one, x0, y0, x1, y1) in enumerate(shrunk):
        for other, a0, b0, a1, b1 in shrunk[number + 1 :]:
            assert x1 <= a0 or a1 <= x0 or y1 <= b0 or b1 <= y0, f"{one!r} overlaps {other!r}"


@cases
def test_every_text_lies_on_the_picture(draw, result, options):
    figure = drawn(draw(result, **options))
    # The saved picture grows to hold what lies just outside; more would shrink everything else.
    slack = 12
    for text, box in texts(figure):
        assert box.x0 >= -slack, text
        assert box.y0 >= -slack, text
        assert box.x1 <= figure.bbox.x1 + slack, text
        assert box.y1 <= figure.bbox.y1 + slack, text


@cases
def test_a_chart_is_the_same_bytes_each_time(draw, result, options):
    first, second = (charts.show(draw(result, **options), "words").svg() for _ in range(2))
    assert first == second


def test_bounds_below_the_target_leave_chance_and_no_line_is_named():
    totals = daily("2024-10-01", days={DAY: (20, 4)}, marketplace="UK")
    rating = feedback_rating(stars(4, marketplace="UK"), totals, as_of=DAY)
    assert set(rating.table["average_verdict"]) == {"cannot tell yet"}
    ax = charts.rating(rating, measure="average")
    heading = " ".join(ax.get_title(loc="left").split())
    assert heading.startswith(
        "The average is below 4.5 stars even at its highest possible, but chance could explain it"
    )
    assert "95 %" not in ax.get_xlabel()
    assert "line: 95 % interval" in charts.rating(rating).get_xlabel()


def test_a_chart_draws_on_given_axes_and_returns_them():
    ax = Figure().subplots()
    rating = feedback_rating(FEEDBACK, as_of=DAY)
    assert charts.rating(rating, ax=ax) is ax
    assert charts.rating(rating) is not ax


def test_a_change_that_only_goes_on_is_in_no_count_of_new_ones():
    alarms = pd.DataFrame(
        {"continues": [False, True, False], "direction": "worse",
         "began": pd.to_datetime(["2026-01-05", "2026-01-05", "2026-08-03"])}
    )  # fmt: skip
    assert _finding(alarms, "positive share", None, 51) == (
        "2 new changes on this chart in 51 weeks: the positive share fell, last probably from "
        "3 August 2026"
    )


def test_the_title_says_the_finding():
    good = feedback_rating(stars(fives=500))
    assert charts.rating(good).get_title(loc="left").replace("\n", " ") == (
        "The positive share reaches 95 % in every window: 100.0 % of 500 over 365 days"
    )
    weeks = weekly_rating(join(stars(20), stars(fives=20, day="2026-10-19")), until="2026-11-01")
    assert (
        charts.weekly_rating(weeks).get_title(loc="left") == "1 of 2 weeks was clearly below 95 %"
    )


def test_a_row_says_its_figure_its_n_and_its_verdict():
    ax = charts.rating(feedback_rating(stars(2, 3, 5, 35, 55)))
    assert "90.0 % of 100, not met" in [text.get_text() for text in ax.texts]


def test_a_window_known_in_part_and_one_with_too_few_say_so():
    part = charts.rating(feedback_rating(stars(0, 0, 1), daily("2026-08-15", received=5)))
    labels = [label.get_text() for label in part.get_yticklabels()]
    assert labels == ["30 days", "90 days (part known)", "365 days (part known)", "lifetime"]
    few = charts.rating(feedback_rating(stars(1, 0, 0, 0, 8)))
    assert few.texts[0].get_text() == "8 of 9 positive, too few to say"


def test_a_chart_is_shown_with_its_words_as_text_alternative():
    rating = feedback_rating(FEEDBACK, as_of=DAY)
    data, metadata = charts.show(charts.rating(rating), rating.text)._repr_mimebundle_()
    assert metadata == {"image/svg+xml": {"alt": rating.text}}
    assert data["text/plain"] == f"Chart: {rating.text}"
    picture = ElementTree.fromstring(data["image/svg+xml"])
    assert picture.get("role") == "img"
    assert picture.get("aria-label") == rating.text
    assert charts.show(charts.rating(rating), "").png().startswith(b"\x89PNG")


@cases
def test_a_chart_is_small_and_all_its_colours_change_with_the_page(draw, result, options):
    picture = charts.show(draw(result, **options), "words").svg()
    drawn_part = picture.partition("</style>")[2]
    assert len(drawn_part) < 60_000
    assert re.findall(r"#[0-9a-f]{6}\b|rgb\(", drawn_part) == []
    assert "<image" not in drawn_part
    used = set(re.findall(r"var\((--f-[a-z-]+)\)", drawn_part))
    assert used
    for name in used:
        assert picture.count(f"{name}:#") == 2, f"{name} has no light and dark value"


def test_a_users_own_style_neither_changes_the_chart_nor_is_changed():
    rating = feedback_rating(FEEDBACK, as_of=DAY)
    plain = charts.show(charts.rating(rating), "").svg()
    with matplotlib.rc_context({"font.size": 20, "axes.facecolor": "black"}):
        assert charts.show(charts.rating(rating), "").svg() == plain
        assert matplotlib.rcParams["font.size"] == 20


def test_a_dollar_sign_is_no_formula():
    result = feedback_rating(stars(1, 0, 1, marketplace="US"), on_missing="say")
    ax = charts.rating(SimpleNamespace(table=result.table, text="costs $5 and $6"))
    assert ax.texts[0].get_parse_math() is False


def test_neither_health_nor_the_charts_load_matplotlib_before_a_chart_is_drawn():
    code = (
        "import sys, feedback_analysis.health, feedback_analysis.charts;"
        "import feedback_analysis.coverage;"
        "sys.exit(any(name in sys.modules for name in ('matplotlib', 'scipy.stats')))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_bare_axes_are_shown_as_the_words_that_say_why():
    ax = charts.blank()
    ax.bar([], [])
    ax.set_title("Complaints by weeks since the order")
    words = "0 of 8 complaints have a known order."
    data, _ = charts.show(ax, words)._repr_mimebundle_()
    assert data["text/plain"] == words
    assert "svg" not in "".join(data)
    ax = charts.blank()
    ax.bar([1], [2])
    assert charts.show(ax, words).nothing() == ""
