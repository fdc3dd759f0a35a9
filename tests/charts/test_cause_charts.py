"""Charts of questions and causes: nothing clipped, no buyer's words, the same bytes each time."""

from dataclasses import replace
from datetime import date

import pandas as pd
import pytest

from feedback_analysis import charts, service
from feedback_analysis.causes.taxonomy import own_taxonomy
from feedback_analysis.charts.causes import _weight
from feedback_analysis.periods import Period
from feedback_analysis.service.findings import Findings
from tests.charts.test_charts import drawn as on_canvas
from tests.charts.test_charts import texts
from tests.report.hand_made import orders, shop
from tests.service.shops import labelled

OCTOBER = Period.parse("2026-10")
OF = own_taxonomy().question_of
CAUSES = [cause for cause in own_taxonomy().ids if cause not in ("unclear", "other_complaint")]
SECRET = "zebra secret words"


def busy():
    """Return a shop with complaints about every cause, in every month."""
    rows = [
        (f"2026-{1 + (n % 10):02d}-05", 1 + n % 3, f"{SECRET} {n}", (CAUSES[(n * n) % 29],),
         "amazon" if n % 3 else "seller")
        for n in range(220)
    ]  # fmt: skip
    rows += [("2026-10-05", 1, f"late {n}", ("late_delivery",)) for n in range(15)]
    return labelled(rows, question_of=OF, five=400, five_before=900, placed=300)


BUSY, LABELS = busy()
ROWS = service.complaints(BUSY, LABELS)
EMPTY = shop()
NO_ROWS = service.complaints(EMPTY, pd.DataFrame({"questions": [], "causes": [], "confidence": []}))


def drawn():
    groups = service.cause_groups(BUSY, LABELS, OCTOBER)
    span = (date(2026, 1, 1), OCTOBER.end)
    yield "scorecard", charts.scorecard(service.scorecard(BUSY, ROWS, OCTOBER))
    yield "no scorecard", charts.scorecard(service.scorecard(EMPTY, NO_ROWS, OCTOBER))
    yield "pareto", charts.pareto(service.pareto(BUSY, ROWS, OCTOBER))
    yield "no pareto", charts.pareto(service.pareto(EMPTY, NO_ROWS, OCTOBER))
    yield "months", charts.cause_months(service.cause_months(BUSY, ROWS, OCTOBER))
    yield "no months", charts.cause_months(service.cause_months(EMPTY, NO_ROWS, OCTOBER))
    yield "channels", charts.cause_groups(groups, by="channel")
    yield "no carriers", charts.cause_groups(groups, by="carrier")
    yield "products", charts.standouts(service.strongest(groups, "asin"))
    yield "halved", charts.halved(service.halved(BUSY, ROWS, OCTOBER))
    yield "not halved", charts.halved(service.halved(EMPTY, NO_ROWS, OCTOBER))
    yield "map", charts.comment_map(service.comment_map(ROWS, *span, encoder_name="none"))
    yield "no map", charts.comment_map(service.comment_map(NO_ROWS, *span, encoder_name="none"))


@pytest.mark.parametrize(("by", "what"), [("questions", "question"), ("causes", "cause")])
def test_a_grid_without_a_mark_speaks_of_what_it_tells_apart(by, what):
    groups = service.cause_groups(BUSY, LABELS, OCTOBER, by=by)
    calm = replace(groups, table=groups.table.assign(stands_out=False))
    title = charts.cause_groups(calm, by="channel").get_title(loc="left")
    assert title == f"No group stands out in any {what}"


def test_a_title_keeps_the_capitals_of_names():
    table = pd.DataFrame(
        {"label": ["FBA label wrong"], "covered": [0.9], "share": [0.9], "low": [0.8]}
    )
    assert _weight(table, "") == "1 cause is in half of the comments; FBA label wrong leads"


@pytest.fixture(scope="module")
def pictures():
    return dict(drawn())


@pytest.mark.parametrize(
    "name",
    ["scorecard", "no scorecard", "pareto", "no pareto", "months", "no months", "channels",
     "no carriers", "products", "halved", "not halved", "map", "no map"],
)  # fmt: skip
def test_a_chart_shows_all_its_words_and_none_of_a_buyers(pictures, name):
    ax = pictures[name]
    words = [text for text, _ in texts(on_canvas(ax))]
    assert words
    found = texts(on_canvas(ax))
    shrunk = [(text, box.x0 + 1, box.y0 + 1, box.x1 - 1, box.y1 - 1) for text, box in found]
    for number, (one, x0, y0, x1, y1) in enumerate(shrunk):
        assert x0 >= -14, f"{one!r} is cut off"
        for other, a0, b0, a1, b1 in shrunk[number + 1 :]:
            apart = x1 <= a0 or a1 <= x0 or y1 <= b0 or b1 <= y0
            assert apart, f"{one!r} overlaps {other!r}"
    assert not any(SECRET.split()[0] in str(text) for text in words)


def test_the_grid_says_what_a_frame_and_a_dot_are_and_no_reason(pictures):
    said = pictures["channels"].get_xlabel()
    assert said.endswith(
        "a frame without a dot: above the others, but within the 99.8 % limit around the whole shop"
    )
    # A phone shows these lines at the picture's width.
    assert max(map(len, said.splitlines())) <= 110


def test_the_same_result_gives_the_same_bytes():
    card, weights = service.scorecard(BUSY, ROWS, OCTOBER), service.pareto(BUSY, ROWS, OCTOBER)
    for draw, result in ((charts.scorecard, card), (charts.pareto, weights)):
        one, other = (charts.show(draw(result), "words").svg() for _ in range(2))
        assert one == other


def test_the_map_of_the_same_comments_is_the_same_whatever_their_order():
    span = (date(2026, 1, 1), OCTOBER.end)
    some = ROWS.head(40)
    one, other = (
        service.comment_map(part, *span, encoder_name="none").table
        for part in (some, some.iloc[::-1])
    )
    pd.testing.assert_frame_equal(one, other)


def tables():
    card = service.scorecard(BUSY, ROWS, OCTOBER)
    done = service.behaviour(BUSY, card, OCTOBER)
    risky = ROWS.assign(comment="<b>" + ROWS["comment"])
    yield from (card, card.rest, done, done.agrees)
    yield service.pareto(BUSY, ROWS, OCTOBER)
    yield service.growth(BUSY, ROWS, OCTOBER)
    yield service.cause_months(BUSY, ROWS, OCTOBER).alarms
    yield service.halved(BUSY, ROWS, OCTOBER)
    yield service.representatives(risky, CAUSES[:3], date(2026, 1, 1), OCTOBER.end)


def test_every_table_is_written_with_its_headings_and_escaped():
    for result in tables():
        html = charts.table_of(result, none="none")._repr_html_()
        assert "nan" not in html.lower().replace("financ", "")
        assert "<b>" not in html


def test_what_several_rows_are_about_stands_once():
    quotes = service.representatives(ROWS, CAUSES[:2], date(2026, 1, 1), OCTOBER.end)
    shown = charts.table_of(quotes).frame
    assert shown["About"].tolist().count("") == len(quotes) - quotes["about"].nunique()


def test_a_shops_own_cause_is_drawn_by_its_name_and_counts_are_told_to_be_uncorrected(tmp_path):
    rows = [("2026-10-05", 1, f"pump {n}", ("pump_hums",), "seller") for n in range(12)]
    small, labels = labelled(rows, question_of={"pump_hums": "other"}, five=5, placed=200)
    more = orders([(f"q{n}", "2026-10-08", "A9", "amazon") for n in range(200)])
    small = shop(feedback=small.feedback, orders=pd.concat([small.orders, more]))
    object.__setattr__(small, "folder", tmp_path)
    found = Findings(pd.DataFrame(), "", (("the pump hums", "die Pumpe brummt"),))
    service.name_cause(small, found, 0, id="pump_hums", label="Pump hums")
    groups = service.cause_groups(small, labels, OCTOBER)
    grid = charts.cause_groups(groups, by="channel")
    assert [tick.get_text() for tick in grid.get_yticklabels()] == ["Pump hums"]
    assert "labels as found" in grid.get_xlabel()
    funnel = charts.standouts(groups.of("channel", about="pump_hums"))
    assert "(labels as found)" in funnel.get_ylabel()
    calm = replace(groups, table=groups.table.assign(stands_out=False))
    title = charts.standouts(calm.of("asin")).get_title(loc="left")
    assert title.endswith(" for 'Pump hums'")
    assert "without a correction" in groups.text
    joined = service.complaints(small, labels)
    laid = service.comment_map(
        joined, OCTOBER.start, OCTOBER.end, encoder_name="none",
        taxonomy=service.taxonomy_of(small),
    )  # fmt: skip
    assert set(laid.table["label"]) == {"Pump hums"}
