"""Did the fix work: planted changes are found, noise is not, and too early stays too early."""

from datetime import date

import numpy as np
import pandas as pd
import pytest
from scipy.stats import binom

from feedback_analysis import charts
from feedback_analysis.cases import fixes
from feedback_analysis.cases.fixes import _against_others, _verdict, _words
from feedback_analysis.settings import Action
from tests.cases.frames import feedback, made, orders, returns

START = date(2026, 5, 1)
LAST = date(2026, 10, 31)


def shop_of(rates, *, seed=1, per_day=20):
    """Return a shop of two products; rates: (product, after the change) -> share sent back."""
    rng = np.random.default_rng(seed)
    days = pd.date_range("2026-02-01", "2026-07-30")
    bought, back = [], []
    for number, day in enumerate(days.repeat(per_day)):
        key, product = f"o{number}", "NEW-1" if number % 2 else "OLD-1"
        bought.append((key, day, product, "seller"))
        if rng.random() < rates[product, day >= pd.Timestamp(START)]:
            later = day + pd.Timedelta(days=int(rng.integers(3, 20)))
            back.append((key, later, "DAMAGED_BY_CARRIER", "packaging", 5.0))
    return made(orders=orders(bought), returns=returns(back))


def rates(before, after, others_before=0.05, others_after=0.05):
    return {
        ("NEW-1", False): before, ("NEW-1", True): after,
        ("OLD-1", False): others_before, ("OLD-1", True): others_after,
    }  # fmt: skip


def boxes(**options):
    given = {"what": "New boxes", "since": START, "question": "packaging", "products": ("NEW-*",)}
    return Action(**(given | options))


def verdict_of(shop, action=None, **options):
    found = fixes(shop, [action or boxes()], as_of=LAST, **options)
    return found.table.iloc[0], found


def test_a_fall_is_found_with_its_ratio_and_interval():
    row, found = verdict_of(shop_of(rates(0.10, 0.03)))
    assert row["verdict"] == "fell"
    assert row["low"] < 0.3 < row["high"] < 1
    assert row["net_low"] < 0.3 < row["net_high"] < 1
    assert 0 < row["smallest"] < 0.7
    assert "New boxes (since 1 May 2026), packaging by returns: fell." in found.text


def test_a_rise_from_nothing_has_no_endless_ratio():
    row, found = verdict_of(shop_of(rates(0, 0.10)))
    assert row["verdict"] == "rose"
    assert "inf" not in found.text
    assert "times as many (lower end of the 95 % interval)" in found.text
    shown = charts.table_of(found)._repr_html_()
    assert "inf" not in shown
    assert f"{row['low']:.2f} or more" in shown


def test_what_may_be_fewer_is_not_told_to_be_so_many_times_as_many():
    row, _ = verdict_of(shop_of(rates(0, 0.10)))
    said = _words(row.to_dict() | {"verdict": "no clear change", "low": 0.06})
    assert "a ratio of 0.06 or more (95 % interval)" in said


def test_a_rise_is_called_a_rise():
    assert verdict_of(shop_of(rates(0.03, 0.10)))[0]["verdict"] == "rose"


def test_what_all_products_do_is_not_the_fix():
    row, _ = verdict_of(shop_of(rates(0.10, 0.05, 0.10, 0.05)))
    assert row["high"] < 1
    assert row["net_low"] < 1 < row["net_high"]
    assert row["verdict"] == "fell, but not clearly more than elsewhere"


def test_few_complaints_about_the_others_still_count_against_the_fix():
    # The others fell from 17 to 4: few, and yet enough to doubt that the change did it.
    mine, others = (90, 2411, 13, 2240), (17, 2778, 4, 2259)
    ratio, net, low, high = _against_others(mine, others)
    assert ratio == pytest.approx(0.289, abs=0.001)
    assert net == pytest.approx(
        (13.5 / 2240.5) / (90.5 / 2411.5) * (17.5 / 2778.5) / (4.5 / 2259.5)
    )
    assert low < 1 < high
    assert _verdict(mine, (0.08, 0.28), (low, high)) == "fell, but not clearly more than elsewhere"
    assert np.isnan(_against_others(mine, (2, 2778, 1, 2259))).all()


def test_without_others_to_compare_it_is_said_that_they_are_not_known():
    row, found = verdict_of(shop_of(rates(0.10, 0.03)), boxes(products=()))
    assert row["verdict"] == "fell"
    assert "whether products not touched did the same is not known" in found.text
    assert "looks like the work of a dated change" in " ".join(found.limits)


def test_no_change_is_called_a_change_seldom():
    verdicts = [
        verdict_of(shop_of(rates(0.06, 0.06), seed=seed))[0]["verdict"] for seed in range(8)
    ]
    assert verdicts.count("no clear change") >= 7
    row, found = verdict_of(shop_of(rates(0.06, 0.06), seed=0))
    assert (
        f"A fall by less than {100 * row['smallest']:.0f} % could hardly have been seen"
        in found.text
    )


def test_orders_too_young_for_a_complaint_are_left_out():
    shop = shop_of(rates(0.10, 0.03))
    early = fixes(shop, [boxes()], as_of=date(2026, 6, 10))
    assert early.table.loc[0, "verdict"] == "too early to say"
    none = fixes(shop, [boxes(since=date(2026, 10, 1))], as_of=LAST)
    assert "no order since then is old enough yet" in none.text
    few = fixes(shop, [boxes(products=("NOT-SOLD",))], as_of=LAST)
    assert few.table.loc[0, "verdict"] in {"too early to say", "too few to say"}


def test_a_change_without_any_order_before_it_is_not_known_and_not_too_few():
    early = fixes(shop_of(rates(0.10, 0.03)), [boxes(since=date(2026, 1, 1))], as_of=LAST)
    assert early.table.loc[0, "verdict"] == "not known"
    assert "not known; no order of the days before is in the files." in early.text


def test_the_ratio_and_its_interval_are_the_exact_ones():
    shop = shop_of(rates(0.10, 0.03))
    row, _ = verdict_of(shop)
    x0, n0, x1, n1 = (row[name] for name in ("before", "orders_before", "after", "orders_after"))
    assert row["ratio"] == pytest.approx((x1 / n1) / (x0 / n0))
    # The chance of as few at the upper end, or as many at the lower, is 2.5 %.
    upper, lower = (end * n1 / (n0 + end * n1) for end in (row["high"], row["low"]))
    assert binom.cdf(x1, x0 + x1, upper) == pytest.approx(0.025, abs=1e-6)
    assert binom.sf(x1 - 1, x0 + x1, lower) == pytest.approx(0.025, abs=1e-6)


def test_comments_count_once_they_are_labelled():
    shop = shop_of(rates(0.10, 0.03))
    hit = shop.returns
    said = feedback(
        [
            (key, day, 1, "broken")
            for key, day in zip(hit["order_key"], hit["return_date"], strict=True)
        ]
    )
    shop = made(orders=shop.orders, feedback=said)
    label = pd.DataFrame(
        {"questions": [("packaging",)] * len(said), "causes": [("poor_packing",)] * len(said)},
        index=said.index,
    )
    found = fixes(shop, [boxes(question=None, cause="poor_packing")], as_of=LAST, labels=label)
    assert found.table[["measured_by", "verdict"]].to_numpy().tolist() == [
        ["feedback of 1 to 3 stars", "fell"]
    ]
    assert [limit for limit in found.limits if "labelled" in limit] == []
    unlabelled = fixes(shop, [boxes(question=None, cause="poor_packing")], as_of=LAST)
    assert unlabelled.table.empty
    assert len(unlabelled.limits) == 1


def test_without_actions_it_says_where_to_state_them():
    assert "[[actions]]" in fixes(made(), [], as_of=LAST).text
