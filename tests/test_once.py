"""Results that are remembered: only for the very same data, and never changed by their users."""

from dataclasses import dataclass, replace
from datetime import date

import pandas as pd
import pytest

from feedback_analysis import tables
from feedback_analysis.once import apart, is_same, once, remembering
from feedback_analysis.settings import Settings
from feedback_analysis.shop import Shop
from feedback_analysis.tallies import Tallies, empty


@dataclass(frozen=True, eq=False)
class Result:
    table: pd.DataFrame
    text: str


def frame():
    return pd.DataFrame(
        {
            "day": pd.to_datetime(["2026-10-01", "2026-10-02", None]),
            "word": ["late", None, "torn"],
            "kind": pd.Categorical(["a", "b", "a"]),
            "count": pd.array([1, None, 3], dtype="Int64"),
            "share": [0.1, 0.2, float("nan")],
            "causes": pd.Series([("late",), (), ("torn", "late")], dtype=object),
        }
    )


@pytest.fixture
def counted():
    calls = []

    @once
    def total(table, period=None, *, days=90):
        calls.append(days)
        return Result(table.assign(double=table["count"] * 2), f"{len(table)} rows")

    return total, calls


def test_without_being_asked_nothing_is_remembered(counted):
    total, calls = counted
    table = frame()
    total(table)
    total(table)
    assert len(calls) == 2


def test_the_same_data_is_worked_on_once_until_the_end(counted):
    total, calls = counted
    table = frame()
    with remembering():
        first = total(table)
        second = total(table=table, days=90)
        with remembering():
            total(apart(table))
        assert len(calls) == 1
        pd.testing.assert_frame_equal(first.table, second.table)
        total(table, days=30)
        total(table, date(2026, 10, 31))
        total(frame())
        assert len(calls) == 4
    total(table)
    assert len(calls) == 5


@pytest.mark.parametrize(
    "change",
    [
        lambda table: table.__setitem__("more", 1),
        lambda table: table.__setitem__("word", table["word"].fillna("none")),
        lambda table: table.__setitem__("kind", table["kind"].cat.rename_categories({"a": "c"})),
        lambda table: table.__setattr__("columns", list("abcdef")),
        lambda table: table.__setattr__("index", [3, 4, 5]),
        lambda table: table.pop("share"),
        lambda table: table.iloc.__setitem__((0, 0), pd.Timestamp("2025-01-01")),
        lambda table: table.loc.__setitem__((0, "word"), "lost"),
        lambda table: table.loc.__setitem__((0, "kind"), "b"),
        lambda table: table.loc.__setitem__((0, "count"), 7),
        lambda table: table.at.__setitem__((0, "share"), 0.9),
        lambda table: table.at.__setitem__((0, "causes"), ("lost",)),
    ],
)
def test_data_changed_in_place_is_other_data(counted, change):
    total, calls = counted
    table = frame()
    with remembering():
        total(table)
        change(table)
        total(table.rename(columns={"d": "count"}))
        # Nor does the change reach what is remembered.
        pd.testing.assert_frame_equal(total(frame()).table[list(frame())], frame())
    assert len(calls) == 3


def test_what_is_handed_out_may_be_changed(counted):
    total, calls = counted
    table = frame()
    with remembering():
        first = total(table)
        first.table.loc[0, "double"] = 99
        first.table.drop(columns="word")
        assert total(table).table["double"].tolist()[0] == 2
    assert len(calls) == 1


def test_an_error_is_not_remembered():
    calls = []

    @once
    def fails(value):
        calls.append(value)
        raise ValueError("no number")

    with remembering():
        for _ in range(2):
            with pytest.raises(ValueError, match="no number"):
                fails(1)
    assert len(calls) == 2


def test_values_of_other_kinds_are_told_apart():
    table = frame()
    result = Result(table, "a")
    assert is_same(result, replace(result))
    assert is_same({"a": (1, table)}, {"a": (1, apart(table))})
    assert is_same(float("nan"), float("nan"))
    assert not is_same(1, 1.0)
    assert not is_same(1, True)
    assert not is_same(result, replace(result, text="b"))
    assert not is_same([1, 2], [1, 2, 3])
    assert not is_same({"a": 1}, {"b": 1})
    assert not is_same(table, table.copy())
    assert not is_same(table["count"], table["count"].rename("other"))
    # Whether they changed since cannot be seen.
    values = bytearray(b"ab")
    assert not is_same(values, values)


def test_what_is_worked_out_of_a_condensed_shop_is_found_again(tmp_path):
    """The counts it holds are one object, however often the shop is handed out."""
    frames = {name: tables.empty(name) for name in tables.SCHEMAS}
    none = pd.DataFrame()
    shop = Shop(
        **frames, ledger=none, set_aside=none, missing=none, settings=Settings(name="Large"),
        folder=tmp_path, condensed=Tallies(),
    )  # fmt: skip
    calls = []

    @once
    def answer(shop, day):
        calls.append(day)
        return Result(frame(), shop.settings.name)

    with remembering():
        for _ in range(2):
            answer(apart(shop).until(date(2026, 10, 31)), date(2026, 10, 31))
        assert len(calls) == 1
        answer(replace(shop, condensed=Tallies()), date(2026, 10, 31))
        assert len(calls) == 2


def test_a_tally_that_is_handed_out_can_be_changed_without_changing_the_counts():
    """Results are found again by the counts, so nobody may change these."""
    counts = Tallies(orders=empty("orders"))
    mine = counts.orders
    mine["orders"] = "nothing"
    assert counts.orders["orders"].dtype == "int64"
    assert is_same(counts.orders, counts.orders)
