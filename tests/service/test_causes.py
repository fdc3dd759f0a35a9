"""Weight, months, groups, growth and halving of causes, counted by hand and by other means."""

from datetime import date

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from feedback_analysis.causes.taxonomy import own_taxonomy
from feedback_analysis.charts.causes import _weight
from feedback_analysis.health import order_outcomes, standouts
from feedback_analysis.periods import Period
from feedback_analysis.service import (
    Pareto,
    cause_groups,
    cause_months,
    comment_map,
    complaints,
    growth,
    halved,
    pareto,
    representatives,
    strongest,
)
from feedback_analysis.service.examples import diverse
from feedback_analysis.service.pareto import _words
from feedback_analysis.texts import sentence_case
from tests.report.hand_made import feedback, orders, shop
from tests.service.shops import AT_THEIR_WORD, labelled

OCTOBER = Period.parse("2026-10")
OF = own_taxonomy().question_of
LATE = ("2026-10-05", 1, "came late", ("late_delivery",), "seller")
BOTH = ("2026-10-06", 1, "late and broken", ("late_delivery", "damaged_in_transit"), "amazon")
FAKE = ("2026-09-05", 2, "not the real thing", ("counterfeit",), "amazon")
STARS = ("2026-10-06", 3, "", None)


def made(rows, **more):
    small, labels = labelled(rows, question_of=OF, **more)
    return small, complaints(small, labels)


def test_pareto_counts_each_comment_once_in_what_is_covered():
    shop_and_rows = made([LATE, LATE, BOTH, FAKE, STARS], five=95)
    found = pareto(*shop_and_rows, OCTOBER, confusion=AT_THEIR_WORD)
    table = found.table.set_index("cause")
    assert found.n == 4
    assert table["n"].to_dict() == {"late_delivery": 3, "counterfeit": 1, "damaged_in_transit": 1}
    assert table["alone"].to_dict()["late_delivery"] == 2
    assert table.loc["late_delivery", "share"] == table.loc["late_delivery", "found_share"] == 0.75
    assert table["covered"].tolist() == [0.75, 1.0, 1.0]
    assert table.loc["late_delivery", "per_100"] == pytest.approx(3)
    assert table.loc["late_delivery", "by_amazon"] == 1
    assert table.loc["late_delivery", "remedy"] == own_taxonomy()["late_delivery"].remedy


@pytest.mark.parametrize(
    ("highs", "close"),
    [
        ([0.4, 0.31, 0.33], "the first 3 are too close to rank"),
        ([0.4, 0.31, 0.29], "the first 2 are too close to rank"),
        # The labels of the third err more, so its interval reaches the first, the second's not.
        ([0.4, 0.28, 0.33], "'never arrived' and 'does not work' are too close to rank"),
        ([0.4, 0.28, 0.29], ""),
    ],
)
def test_causes_too_close_to_rank_are_the_first_or_are_named(highs, close):
    table = pd.DataFrame(
        {
            "label": ["Never arrived", "Arrived late", "Does not work"], "n": [30, 25, 20],
            "share": [0.3, 0.25, 0.2], "low": 0.1, "high": highs, "covered": [0.3, 0.4, 0.45],
        }
    )  # fmt: skip
    found = Pareto(table, "", 100, OCTOBER.start, OCTOBER.end, "")
    assert found.close == close
    said = _words(found, 75, OCTOBER, 365)
    assert said.endswith(f" {sentence_case(close)}." if close else ", 20 labels).")
    assert _weight(table, found.close) == (
        sentence_case(close) or "Never arrived leads, in 30 % of the comments"
    )


def test_what_grew_and_the_marked_months_are_one_judgement():
    days = [f"2026-{month:02d}-10" for month in range(1, 11)]
    even = [(day, 1, "late", ("late_delivery",)) for day in days for _ in range(3)]
    flood = [("2026-09-11", 1, "broken", ("damaged_in_transit",))] * 9
    old = [("2026-04-11", 1, "fake", ("counterfeit",))] * 9
    small, labels = labelled(even + flood + old + [FAKE] * 3, question_of=OF)
    good = feedback([(day, 5) for day in days for _ in range(40)])
    every = pd.concat([small.feedback, good], ignore_index=True)
    small = shop(feedback=every, orders=small.orders)
    rows = complaints(small, labels)
    table = growth(small, rows, OCTOBER).table.set_index("cause")
    marked = cause_months(small, rows, OCTOBER).alarms.set_index(["cause", "month"])
    assert set(marked.index) == {("damaged_in_transit", "2026-09"), ("counterfeit", "2026-04")}
    grown = table.loc["damaged_in_transit"]
    assert (grown["month"], grown["in_month"]) == ("2026-09", 9)
    assert grown["expected"] == marked.loc["damaged_in_transit", "2026-09"]["expected"]
    # A month before the days counted says nothing of what grew in them.
    assert table.drop(index="damaged_in_transit")["month"].isna().all()


def test_a_months_flood_is_an_alarm_and_an_even_year_is_none():
    days = [f"2026-{month:02d}-10" for month in range(1, 11)]
    even = [(day, 1, "late", ("late_delivery",)) for day in days for _ in range(3)]
    good = [(day, 5) for day in days for _ in range(40)]

    def months(rows):
        small, labels = labelled(rows, question_of=OF)
        every = pd.concat([small.feedback, feedback(good)], ignore_index=True)
        small = shop(feedback=every, orders=small.orders)
        return cause_months(small, complaints(small, labels), OCTOBER)

    assert months(even).alarms.empty
    flood = months(even + [("2026-09-11", 1, "broken", ("damaged_in_transit",))] * 9)
    assert flood.alarms[["cause", "month", "n"]].values.tolist() == [
        ["damaged_in_transit", "2026-09", 9]
    ]
    row = flood.alarms.iloc[0]
    size = flood.table.drop_duplicates("month")["exposure"]
    expected = stats.binomtest(9, 9, row["exposure"] / size.sum(), alternative="greater").pvalue
    assert row["p"] == pytest.approx(expected)
    assert "at most 5 such pictures in 100" in flood.text


def test_quiet_years_seldom_hold_an_alarm():
    import numpy as np

    generator = np.random.default_rng(5)
    causes = ["late_delivery", "counterfeit", "defective", "poor_packing", "unreachable"]
    days = pd.date_range("2025-10-01", "2026-10-31")
    good = feedback([(day, 5) for day in days for _ in range(3)])
    wrong = 0
    for _ in range(40):
        rows = [
            (days[generator.integers(len(days))], 1, "x", (causes[generator.integers(5)],))
            for _ in range(150)
        ]
        small, labels = labelled(rows, question_of=OF)
        small = shop(feedback=pd.concat([small.feedback, good], ignore_index=True))
        wrong += len(cause_months(small, complaints(small, labels), OCTOBER).alarms) > 0
    # 5 in 100 at most are stated; 6 of 40 happen by chance in 1 of 70 runs at that rate.
    assert wrong <= 5


def test_growth_compares_with_the_days_before_by_an_exact_test():
    early = ("2026-07-10", 1, "fake", ("counterfeit",))
    small, rows = made([LATE] * 12 + [early] * 4, five=88, five_before=96)
    found = growth(small, rows, OCTOBER)
    row = found.table.set_index("cause").loc["late_delivery"]
    assert (row["n"], row["before"], row["of"]) == (12, 0, "feedbacks")
    p = stats.fisher_exact([[12, 0], [88, 100]]).pvalue
    assert row["q"] == pytest.approx(min(1, 2 * p))
    assert found.most["cause"] == "late_delivery"
    assert "more than chance explains" in found.text


def test_halving_is_plain_arithmetic():
    small, rows = made([LATE] * 4 + [BOTH] * 2, five=94)
    found = halved(small, rows, OCTOBER)
    row = found.table.set_index("id").loc["late_delivery"]
    assert (found.share, row["alone"], row["n"]) == (0.94, 4, 6)
    assert (row["at_least"], row["at_most"]) == pytest.approx((0.96, 0.97))
    assert row["reaches_target"] == "yes"
    assert "not a promise" in found.text


def test_without_a_known_share_nothing_is_halved():
    small = shop(feedback=feedback([("2026-10-01", 1)], source="1-3 stars only"))
    empty = pd.DataFrame({"questions": [], "causes": [], "confidence": []})
    found = halved(small, complaints(small, empty), OCTOBER)
    assert found.table.empty
    assert "not known" in found.text


def test_complaints_about_one_thing_are_held_against_the_orders_of_each_group():
    rows = [("2026-10-05", 1, "late", ("late_delivery",), "seller")] * 12
    small, labels = labelled(rows, question_of=OF, five=5)
    more = [(f"q{n}", "2026-10-08", "A9", "amazon" if n % 2 else "seller") for n in range(600)]
    small = shop(
        feedback=small.feedback,
        orders=pd.concat([small.orders, orders(more)], ignore_index=True),
    )
    found = cause_groups(small, labels, OCTOBER)
    row = found.table[found.table["channel"].eq("seller")].iloc[0]
    assert (row["about"], row["negative"], row["n"]) == ("late_delivery", 12, 312)
    exact = stats.fisher_exact([[12, 300], [0, 300]], alternative="greater").pvalue
    assert row["p"] == pytest.approx(exact)
    assert row["stands_out"]
    assert row["group"].endswith(": arrived late")
    assert ": arrived late (" in found.text
    assert set(strongest(found, "channel").table["about"]) == {"late_delivery"}
    # Beside all negatives, in one list.
    outcomes = order_outcomes(small, end=OCTOBER.end, labels=labels)
    both = standouts(outcomes, about="questions")
    assert set(both.table["about"]) == {"", "shipping_speed"}
    assert both.compared > standouts(outcomes).compared


def test_comments_that_speak_for_a_cause_are_unlike_each_other():
    texts = ["it came two weeks late", "it came two weeks late!", "arrived after Christmas", "late"]
    assert diverse(texts, [0.9, 0.9, 0.8, 0.9], 2) == [0, 2]
    assert diverse([], [], 3) == []
    rows = [("2026-10-05", 1, text, ("late_delivery",)) for text in texts]
    _, joined = made(rows, five=5)
    found = representatives(joined, ["late_delivery", "counterfeit"], OCTOBER.start, OCTOBER.end)
    assert found["about"].unique().tolist() == ["Arrived late"]
    assert found["comment"].is_unique


def test_a_shop_without_orders_has_no_groups_and_says_so():
    small = shop(feedback=feedback([("2026-10-01", 1)]))
    labels = pd.DataFrame(
        {"questions": [("packaging",)], "causes": [("poor_packing",)], "confidence": [0.9]}
    )
    found = cause_groups(small, labels, OCTOBER)
    assert (found.compared, len(found.found)) == (0, 0)
    assert strongest(found, "asin").table.empty
    assert found.text == "No two groups have enough orders to be compared."


@pytest.mark.parametrize(
    ("causes", "said"),
    [
        (("unclear",), "by each comment's first cause; 6 comments state no cause."),
        (("late_delivery",), "first cause, arrived late; 0 comments state no cause."),
    ],
)
def test_a_map_of_few_causes_names_no_eight(causes, said):
    rows = [("2026-10-05", 1, f"bad seller number {n}", causes) for n in range(6)]
    found = comment_map(
        made(rows)[1], date(2026, 10, 1), date(2026, 10, 31),
        places=lambda texts: np.zeros((len(texts), 2)),
    )  # fmt: skip
    assert found.text.endswith(said)
