"""Every view is what its lines of pandas give, and says no more than the feedback can."""

import ast
import re
from datetime import date

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from feedback_analysis import explore
from feedback_analysis.errors import ReportError
from feedback_analysis.explore.filters import words_of
from feedback_analysis.explore.pictures import picture
from tests.explore.frames import WORDS, many, rows

ROWS = many()
PLACES = pd.DataFrame(
    {"x": [0.0, 1.0, 2.0], "y": [1.0, 0.0, 2.0]},
    index=pd.Index(WORDS[:3], name="comment", dtype="str"),
)


def some(values):
    return st.lists(st.sampled_from(values), max_size=2, unique=True).map(tuple)


DAYS = st.none() | st.dates(date(2025, 8, 1), date(2026, 12, 1))
FILTERS = st.builds(
    explore.Filters,
    start=DAYS,
    end=DAYS,
    marketplace=some(["US", "UK", "DE", "FR"]),
    channel=some(["seller", "amazon"]),
    product=some(["A1", "A2", "A3", 'odd" name']),
    rating=some([1, 2, 3, 4, 5]),
    question=some(["shipping_speed", "packaging", "unclear"]),
    cause=some(["late_delivery", "poor_packing", "expired"]),
    language=some(["en", "de"]),
    words=st.sampled_from(
        ["", "late", "late box", "it's", '"the box"', "rows[", "\\", "näher", "遅"]
    ),
)


def run(code, **names):
    """Return what the last line of a view's code gives, run where nothing else is known."""
    space = dict(names)
    tree = ast.parse(f"from feedback_analysis import explore\n{code}")
    # A notebook shows the value of the last line; here it gets a name.
    last = tree.body.pop()
    assert isinstance(last, ast.Expr)
    shown = ast.Assign([ast.Name("shown", ast.Store())], last.value)
    tree.body.append(ast.fix_missing_locations(ast.copy_location(shown, last)))
    exec(compile(tree, "view", "exec"), space)
    return space["shown"]


@settings(max_examples=60)
@given(FILTERS)
def test_the_lines_of_a_view_give_the_very_table_that_is_shown(filters):
    space = {"rows": ROWS, "shop": None}
    for view in (
        explore.over_time(ROWS, filters),
        explore.by_cause(ROWS, filters),
        explore.comments(ROWS, filters),
    ):
        pd.testing.assert_frame_equal(run(view.code, **space), view.table)
        assert len(ast.parse(view.code).body) <= 4


@settings(max_examples=40)
@given(FILTERS)
def test_a_filter_keeps_what_fits_every_one_of_its_parts(filters):
    found = filters.apply(ROWS)
    assert found.index.isin(ROWS.index).all()
    for number, row in ROWS.iterrows():
        assert (number in found.index) == _fits(filters, row)


def _fits(filters, row):
    day = row["date"].date()
    words = [
        re.search((r"\b" if word[0] in "lbit" else "") + re.escape(word), row["comment"], re.I)
        for word in words_of(filters.words)
    ]
    chosen = [
        (filters.marketplace, [row["marketplace"]]), (filters.channel, [row["channel"]]),
        (filters.product, [row["asin"]]), (filters.rating, [row["rating"]]),
        (filters.question, row["questions"]), (filters.cause, row["causes"]),
        (filters.language, [row["language"]]),
    ]  # fmt: skip
    inside = (filters.start or day) <= day <= (filters.end or day)
    return inside and all(words) and all(not want or set(want) & set(has) for want, has in chosen)


def test_the_lines_of_the_map_give_its_table(monkeypatch):
    filters = explore.Filters(rating=(1, 2), words="late")
    view = explore.on_map(ROWS, filters, PLACES)
    monkeypatch.setattr(explore, "places", lambda shop, rows: PLACES)
    pd.testing.assert_frame_equal(run(view.code, rows=ROWS, shop=None), view.table)
    assert set(view.table["comment"]) == {WORDS[0], WORDS[1]}
    assert "not laid out" in explore.on_map(ROWS, filters, None).text


US = [
    ("2026-10-01", "US", 5, "", (), "all ratings"),
    ("2026-10-02", "US", 4, "", (), "all ratings"),
    ("2026-10-03", "US", 2, "late", ("late_delivery",), "all ratings"),
    ("2026-10-04", "US", 1, "", (), "all ratings"),
]
UK = [("2026-10-05", "UK", 1, "late", ("late_delivery", "expired"), "1-3 stars only")]


def test_the_positive_share_counts_only_files_with_all_stars():
    view = explore.over_time(rows(US + UK), explore.Filters(), minimum_n=2)
    assert view.measure == "positive"
    assert view.table[["hits", "n"]].sum().tolist() == [2, 4]
    assert "2 of 4 feedbacks are positive: 50" in view.text
    assert "1 feedback from files that hold only 1 to 3 stars is in no share" in view.text


def test_of_files_without_positives_there_is_no_share():
    view = explore.over_time(rows(UK), explore.Filters(), minimum_n=1)
    assert (view.measure, view.table.columns.tolist()) == ("counts", ["hits"])
    assert "no share can be given" in view.text


def test_what_was_said_is_a_share_of_all_feedback_of_the_place_and_never_of_itself():
    view = explore.over_time(rows(US), explore.Filters(rating=(1, 2)), minimum_n=2)
    assert view.measure == "found"
    assert view.table[["hits", "n"]].sum().tolist() == [2, 4]


def test_too_few_have_no_share():
    view = explore.over_time(rows(US), explore.Filters())
    assert view.table[["share", "low", "high"]].isna().all(axis=None)
    assert "too few" in view.text


def test_causes_are_counted_once_a_comment_and_unclear_is_none():
    given = [*US, *UK, ("2026-10-06", "UK", 1, "bad", ("unclear",), "1-3 stars only")]
    view = explore.by_cause(rows(given), explore.Filters())
    assert view.table.to_numpy().tolist() == [["late_delivery", 2], ["expired", 1]]
    assert "2 of 4 feedbacks of 1 to 3 stars state a cause" in view.text


@pytest.mark.parametrize(
    ("n", "said"),
    [
        (1, "The only feedback of 1 to 3 stars states no cause."),
        (2, "None of the 2 feedbacks of 1 to 3 stars states a cause."),
    ],
)
def test_that_no_feedback_states_a_cause_is_told_of_one_and_of_several(n, said):
    given = [("2026-10-06", "UK", 1, "bad", ("unclear",), "1-3 stars only")] * n
    assert explore.by_cause(rows(given), explore.Filters()).text == said


def test_weeks_for_a_season_and_months_for_longer():
    season = explore.over_time(ROWS, explore.Filters(start=date(2026, 8, 1)))
    assert season.table.index.freqstr.startswith("W")
    assert explore.over_time(ROWS, explore.Filters()).table.index.freqstr == "M"


def test_the_newest_comments_come_first_and_the_rest_is_told():
    view = explore.comments(ROWS, explore.Filters(), first=5)
    assert view.table["date"].is_monotonic_decreasing
    assert view.text == f"{len(ROWS)} feedbacks found; the newest 5 are listed."


@pytest.mark.parametrize("name", ["over_time", "by_cause", "comments"])
def test_a_shop_without_feedback_has_views_too(name):
    empty = rows([])
    view = getattr(explore, name)(empty, explore.Filters(cause=("expired",), words="x"))
    assert view.table.empty
    assert view.text


def test_a_word_is_found_by_its_beginning_and_not_inside_another():
    said = ["late", "Later!", "a plate", "遅い", "とても遅い", "1+1"]
    table = rows([("2026-10-01", "US", 1, text, (), "all ratings") for text in said])

    def found(words):
        return explore.Filters(words=words).apply(table)["comment"].tolist()

    assert found("LATE") == ["late", "Later!"]
    assert found("遅い") == ["遅い", "とても遅い"]
    assert found("1+1") == ["1+1"]
    assert found('"a pl" plate') == ["a plate"]


def test_filters_are_checked():
    with pytest.raises(ReportError, match="Did you mean 'marketplace'"):
        explore.Filters().changed(marketplaces=("US",))
    with pytest.raises(ReportError, match=r"cause 'late_delivry'.*Did you mean 'late_delivery'"):
        explore.Filters(cause="late_delivry").apply(ROWS)
    with pytest.raises(ReportError, match=r"no question 'packing'.*Did you mean 'packaging'"):
        explore.Filters(question="packing")
    with pytest.raises(ReportError, match="1 to 5 stars"):
        explore.Filters(rating=(0,))
    assert explore.Filters(rating=(1, 2, 3, 4, 5)) == explore.Filters()
    assert explore.Filters(marketplace="US").changed(marketplace=None) == explore.Filters()
    assert str(explore.Filters()) == "everything"


def test_a_shops_own_cause_is_found_however_much_its_id_looks_like_one_of_ours():
    own = explore.Filters(cause="late_deliveries")
    table = rows([("2026-10-01", "US", 1, "late", ("late_delivery",), "all ratings")] * 2)
    table["causes"] = pd.Series([("late_delivery",), ("late_deliveries",)], dtype=object)
    assert own.apply(table).index.tolist() == [1]
    # Nobody complained of it yet, and the shop names it.
    assert own.apply(table.head(1), causes=("late_deliveries",)).empty


def test_a_happy_buyer_with_the_words_of_an_unhappy_one_is_not_on_the_map(monkeypatch):
    given = rows([("2026-10-02", "US", 3, "ok", (), "all ratings"),
                  ("2026-10-03", "US", 5, "ok", (), "all ratings")])  # fmt: skip
    places = pd.DataFrame({"x": [0.0], "y": [0.0]}, index=pd.Index(["ok"], name="comment"))
    view = explore.on_map(given, explore.Filters(), places)
    assert view.table["rating"].tolist() == [3]
    assert view.text.startswith("1 of 1 comment of 1 to 3 stars found is on the map")
    monkeypatch.setattr(explore, "places", lambda shop, rows: places)
    pd.testing.assert_frame_equal(run(view.code, rows=given, shop=None), view.table)


def test_the_picture_tells_the_target_as_it_was_stated():
    view = explore.over_time(many(), explore.Filters(marketplace="US"))
    assert "target 94.5 %" in picture(view, target=0.945)
