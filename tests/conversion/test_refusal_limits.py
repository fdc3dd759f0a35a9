"""The sentences of a refusal, of a panel as read and of placebos, at the values they turn at."""

from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from feedback_analysis import ReportError
from feedback_analysis.conversion import diagnostics, refusals
from feedback_analysis.conversion.reading import MOST_WEEKS, YEAR_AND_WEEK, read_panel

JUST = 1e-9


def rows_of(**columns):
    return SimpleNamespace(**{name: np.asarray(values, float) for name, values in columns.items()})


@pytest.mark.parametrize(("families", "refused"), [(19, True), (20, False)])
def test_few_switching_families_are_refused_below_twenty(families, refused):
    told = refusals.few_switching(rows_of(switching=np.ones(families)))
    assert bool(told) == refused
    assert told.startswith(f"{families} families were seen both") == refused


@pytest.mark.parametrize(("more", "refused"), [(50, False), (51, True)])
def test_impossible_weeks_are_refused_above_half_of_the_order_items(more, refused):
    rows = rows_of(units=[more, 100 - more], sessions=[more - 1, 1_000])
    told = refusals.impossible(rows)
    assert bool(told) == refused
    assert told.startswith("51 % of the order items") == refused


@pytest.mark.parametrize(("weeks", "refused"), [([0, 1, 2], False), ([0, 1, 3, 5], True)])
def test_rows_more_than_a_week_apart_are_refused(weeks, refused):
    told = refusals.far_apart(rows_of(week=weeks, family=np.zeros(len(weeks))))
    assert bool(told) == refused
    assert told.startswith("The rows of a family lie 2 weeks apart") == refused


@pytest.mark.parametrize(("count", "refused"), [(29, False), (30, True)])
def test_reviews_are_called_past_sales_from_thirty_rows_on(count, refused):
    sold = np.arange(1, count + 1)
    # Every other row is of another family, so that nothing rises from week to week.
    rows = rows_of(units=sold, reviews=sold, family=np.arange(count))
    told = refusals.past_sales(rows)
    assert told.startswith("Reviews are past sales here") == refused
    assert bool(told) == refused


@pytest.mark.parametrize(("over", "refused"), [(-0.001, False), (0.001, True)])
def test_reviews_are_called_past_sales_above_their_correlation(over, refused):
    a, b = np.tile([1.0, -1.0], 20), np.tile([1.0, 1.0, -1.0, -1.0], 10)
    tied = refusals.PAST_SALES + over
    rows = rows_of(
        units=np.exp(a) * 10,
        reviews=np.exp(tied * a + np.sqrt(1 - tied**2) * b) * 10,
        family=np.arange(40),
    )
    assert bool(refusals.past_sales(rows)) == refused


@pytest.mark.parametrize(
    ("moves", "falls", "refused"),
    [(29, 0, False), (30, 0, True), (101, 1, True), (100, 1, False)],
)
def test_sales_that_hardly_ever_fall_are_called_sums(moves, falls, refused):
    steps = np.ones(moves)
    steps[:falls] = -1
    units = 5 + np.concatenate([[0], np.cumsum(steps)])
    rows = rows_of(units=units, reviews=np.zeros(moves + 1), family=np.zeros(moves + 1))
    assert refusals.past_sales(rows).startswith("Order items rise") == refused


def panel(weeks, **columns):
    count = len(weeks)
    made = {"sessions": 9, "units": 1, "review_count": 0} | columns
    return pd.DataFrame({"family": ["a"] * count, "week": weeks, **made})


@pytest.mark.parametrize(
    ("weeks", "refused"),
    [
        ([YEAR_AND_WEEK - 2, YEAR_AND_WEEK - 1], ""),
        ([YEAR_AND_WEEK, YEAR_AND_WEEK + 1], "do not count on over the turn"),
        ([0, 1, 2, MOST_WEEKS], ""),
        ([0, 1, 2, MOST_WEEKS + 1], "must count on by one"),
        ([0, 1, 3, 4], ""),
        ([0, 2, 4, 6], "must count on by one"),
    ],
)
def test_numbers_are_weeks_within_their_limits(weeks, refused):
    if not refused:
        assert len(read_panel(panel(weeks), [])) == len(weeks)
        return
    with pytest.raises(ReportError, match=refused):
        read_panel(panel(weeks), [])


def test_a_share_is_one_at_most():
    assert len(read_panel(panel([0, 1], featured_offer_share=1.0), [])) == 2
    with pytest.raises(ReportError, match="above 1"):
        read_panel(panel([0, 1], featured_offer_share=1.0 + JUST), [])


@pytest.mark.parametrize(("copies", "told"), [(0, False), (1, True)])
def test_exact_copies_are_told_from_the_first_on(copies, told):
    notes = []
    read_panel(panel([0, 1] + [1] * copies), notes)
    assert bool(notes) == told
    assert all(note.startswith("1 exact copy of other rows") for note in notes)


@pytest.mark.parametrize(("places", "told"), [(("US", "US"), False), (("US", "UK"), True)])
def test_prices_of_several_marketplaces_are_left_out(places, told):
    notes = []
    given = read_panel(panel([0, 1], marketplace=places, price=5.0), notes)
    assert given["price"].isna().all() == told
    assert bool(notes) == told


@pytest.mark.parametrize(("side", "warns"), [(-1, False), (1, True)])
def test_a_placebo_date_warns_beyond_its_level(monkeypatch, side, warns):
    """Effect and error as fitted; so many families that it is looked at."""
    effect = diagnostics.LEVEL * 0.1 * (1 + side * JUST)
    monkeypatch.setattr(diagnostics, "fit_families", lambda *_: {"pretended": (-effect, 0.1)})
    count = diagnostics.LEAST_FAMILIES
    told = diagnostics._placebo_date(*before_first(count), 0)
    assert told["warns"] == warns
    assert ("for other reasons" in told["meaning"]) == warns
    assert diagnostics._placebo_date(*before_first(count - 1), 0) is None


def before_first(families):
    """Return rows without reviews of each family: one long before its first review, one soon."""
    early = -diagnostics.PLACEBO_WEEKS
    rows = SimpleNamespace(
        reviews=np.zeros(2 * families),
        family=np.repeat(np.arange(families), 2),
        names=np.arange(families),
    )
    rows.only = lambda chosen: rows
    return rows, np.tile([early - 1.0, early], families)


@pytest.mark.parametrize(("over", "warns"), [(-1e-6, False), (1e-6, True)])
def test_a_placebo_outcome_warns_beyond_what_is_small(over, warns):
    """Four rows that fit without an error: only what counts as small decides."""
    reviewed = np.array([0.0, 1.0, 0.0, 0.0])
    rows = SimpleNamespace(
        reviewed=reviewed, family=np.array([0, 0, 1, 1]), week=np.array([0, 1, 0, 1])
    )
    moved = (diagnostics.SMALL + over) * reviewed
    told = diagnostics._placebo_outcome(rows, "price", moved, "prices")
    assert told["warns"] == warns
    assert told["meaning"].startswith("With the first review prices moved too") == warns
