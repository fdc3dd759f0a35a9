"""Funnel plots and mix shifts: nothing clipped or overlapping, the same bytes, true words."""

import pandas as pd
import pytest

from feedback_analysis import charts
from feedback_analysis.health import decompose, standouts
from tests.charts.test_charts import drawn, texts


def outcomes(**groups):
    rows = [
        (f"{name}{place}", name.replace("_", " "), place < negative)
        for name, (size, negative) in groups.items()
        for place in range(size)
    ]
    return pd.DataFrame(rows, columns=["order_key", "carrier", "negative"])


def looked(**groups):
    return standouts(outcomes(**groups), looks=[("carrier",)])


def counts(**parts):
    rows = [(name.replace("_", " "), n, count) for name, (n, count) in parts.items()]
    return pd.DataFrame(rows, columns=["part", "n", "count"])


def parts(count):
    before = {f"a_part_with_quite_a_long_name_{k:02d}": (60 + k, 50) for k in range(count)}
    now = {name: (70 + 3 * k, 60 - k) for k, name in enumerate(before)}
    return decompose(counts(**before), counts(**now), by="product")


MANY = {f"group_{k:02d}": (20 + 8 * k, k % 3) for k in range(30)}
CLOSE = {f"a_carrier_with_a_name_that_is_far_too_long_{k}": (60, 30 + k) for k in range(12)}
CASES = {
    "one stands out": (charts.standouts, looked(good=(500, 5), bad=(100, 15), fine=(400, 4))),
    "many groups": (charts.standouts, looked(**MANY)),
    "twelve close together": (charts.standouts, looked(rest=(9000, 90), **CLOSE)),
    "two of one size": (charts.standouts, looked(a=(50, 0), b=(50, 0))),
    "no group": (charts.standouts, looked(a=(5, 1))),
    "two parts": (charts.mix_shift, parts(2)),
    "twenty parts": (charts.mix_shift, parts(20)),
    "one part": (charts.mix_shift, decompose(counts(a=(50, 40)), counts(a=(50, 30)))),
}
cases = pytest.mark.parametrize(("draw", "result"), CASES.values(), ids=CASES)


@cases
def test_no_two_texts_overlap_and_all_lie_on_the_picture(draw, result):
    figure = drawn(draw(result))
    boxes = texts(figure)
    shrunk = [(text, box.x0 + 1, box.y0 + 1, box.x1 - 1, box.y1 - 1) for text, box in boxes]
    for number, (one, x0, y0, x1, y1) in enumerate(shrunk):
        assert x0 >= -12, one
        assert y0 >= -12, one
        assert x1 <= figure.bbox.x1 + 12, one
        assert y1 <= figure.bbox.y1 + 12, one
        for other, a0, b0, a1, b1 in shrunk[number + 1 :]:
            assert x1 <= a0 or a1 <= x0 or y1 <= b0 or b1 <= y0, f"{one!r} overlaps {other!r}"


@cases
def test_a_chart_is_the_same_bytes_each_time(draw, result):
    first, second = (charts.show(draw(result), "words").svg() for _ in range(2))
    assert first == second


def test_the_title_and_the_label_name_what_stands_out():
    ax = charts.standouts(looked(good=(500, 5), bad=(100, 15), fine=(400, 4)))
    assert ax.get_title(loc="left") == "1 of 3 groups stands out: bad"
    assert [text.get_text() for text in ax.texts] == ["bad\n15 of 100"]
    none = charts.standouts(looked(a=(50, 1), b=(60, 1)))
    assert none.get_title(loc="left") == "None of 2 groups stands out"
    assert len(none.texts) == 0


def test_the_mix_shift_says_both_sums_and_draws_the_whole_shop_first():
    result = decompose(
        counts(US=(800, 776), DE=(200, 180)),
        counts(US=(600, 570), DE=(400, 360)),
        by="marketplace",
    )
    ax = charts.mix_shift(result)
    assert ax.get_title(loc="left").replace("\n", " ") == (
        "\N{MINUS SIGN}2.6 points by marketplace: \N{MINUS SIGN}1.2 by a different mix, "
        "\N{MINUS SIGN}1.4 by the parts themselves"
    )
    assert [label.get_text() for label in ax.get_yticklabels()] == ["whole shop", "US", "DE"]


def test_tables_of_reasons_are_written_for_people():
    found = charts.table_of(looked(good=(500, 5), bad=(100, 15), fine=(400, 4)).found).frame
    assert found.iloc[0].str.replace("\N{NO-BREAK SPACE}", " ").tolist() == [
        "bad", "15", "100", "15.0 % (9.3 to 23.3 %)", "1.0 %", "below 0.0001", "yes",
    ]  # fmt: skip
    mix = decompose(counts(US=(800, 776), DE=(200, 180)), counts(US=(600, 570), DE=(400, 360)))
    frame = charts.table_of(mix).frame
    assert frame["Points from its own change"].tolist()[1].startswith("0.0 (")
    assert frame["Weight"].str.replace("\N{NO-BREAK SPACE}", " ").tolist() == [
        "80.0 % \N{RIGHTWARDS ARROW} 60.0 %",
        "20.0 % \N{RIGHTWARDS ARROW} 40.0 %",
    ]
    totals = charts.table_of(mix.totals).frame
    assert totals["What"].tolist() == ["A different mix", "The parts themselves", "Together"]
