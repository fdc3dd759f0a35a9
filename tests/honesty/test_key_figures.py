"""Every number of key_figures.json, to six decimals where no simulation stands behind it."""

import json
import math

import pytest

from tests.honesty import sums
from tests.honesty.conversion import switching
from tests.honesty.labels import QUESTIONS, complaints, corrected, simulated, tally
from tests.honesty.nowcast import nowcast
from tests.honesty.orders import amazon_rows, sixty
from tests.honesty.ratings import BEFORE, NOW, YEAR, month, verdict, window
from tests.honesty.test_conversion import both, envelope, percent
from tests.honesty.test_index import bases, changes, counts, rates
from tests.honesty.test_service import comments_of

RATES = {
    "positive_share": "Positive feedback",
    "feedback_per_order": "Feedback per 100 orders",
    "conversion": "Order items per 100 sessions",
    "units_refunded": "Units refunded per 100 ordered",
}
COUNTS = {
    "feedback_received": "Feedback received", "orders": "Orders",
    "negatives_and_neutrals": "Feedback of 1 to 3 stars", "cases_due": "Cases due",
    "order_items": "Order items",
}  # fmt: skip
EARLIER = {"previous": BEFORE, "year_before": YEAR}


@pytest.fixture(scope="module")
def held(sample_report):
    """What the file holds of each figure."""
    return json.loads((sample_report / "key_figures.json").read_text("utf-8"))


def check(entry, *, apart=1e-6, **wanted):
    """Hold some numbers of an entry against what is expected of them."""
    for key, value in wanted.items():
        if isinstance(value, float):
            assert math.isclose(entry[key], value, rel_tol=0, abs_tol=apart), (
                key,
                entry[key],
                value,
            )
        else:
            assert entry[key] == value, (key, entry[key], value)


def change(label, then):
    """Return difference, low, high and p of a rate against an earlier month."""
    apart, low, high = (value / 100 for value in changes(label, then))
    reach = apart - low if apart > 0 else high - apart
    return apart, low, high, math.erfc(sums.Z * abs(apart) / reach / math.sqrt(2))


def corrected_chances():
    """Return (figure, month) -> p corrected for how many changes are looked at (BH, 1995)."""
    found = sorted(
        (change(label, then)[3], name, then) for name, label in RATES.items()
        for then in EARLIER.values()
    )  # fmt: skip
    best, made = 1.0, {}
    for place in range(len(found), 0, -1):
        p, name, then = found[place - 1]
        best = min(best, p * len(found) / place)
        made[name, then] = best
    return made


def test_rates_of_the_month_and_their_changes(held):
    chances = corrected_chances()
    told = {(each["figure"], each["period"]): each["kind"] for each in held["changes"]}
    for name, label in RATES.items():
        entry = held["figures"][name]
        value, low, high = (part / 100 for part in rates(NOW)[label])
        check(entry, value=value, low=low, high=high, n=bases()[label])
        for key, then in EARLIER.items():
            value, low, high = (part / 100 for part in rates(then)[label])
            apart, least, most, p = change(label, then)
            q, alone = chances[name, then], least > 0 or most < 0
            check(entry[key], value=value, value_low=low, value_high=high, difference=apart,
                  low=least, high=most, p=p, q=q, sure=alone and q <= 0.05)  # fmt: skip
            kind = "no clear change" if not alone else "clear" if q <= 0.05 else "may be chance"
            assert told[name, entry[key]["period"]] == kind


def test_counts_of_the_month_and_their_changes(held):
    for name, label in COUNTS.items():
        entry = held["figures"][name]
        check(entry, value=float(counts(NOW)[label]), low=None, high=None)
        for key, then in EARLIER.items():
            value = counts(then)[label]
            check(entry[key], value=float(value), difference=float(counts(NOW)[label] - value))


def test_averages_and_windows(held):
    figures = held["figures"]
    low, high = month(NOW).average()
    check(figures["average_score"], low=low, high=high, n=month(NOW).n,
          verdict=month(NOW).average_verdict())  # fmt: skip
    for key, then in EARLIER.items():
        low, high = month(then).average()
        check(figures["average_score"][key], value_low=low, value_high=high, n=month(then).n)
    share = figures["positive_share"]
    assert share["verdict"] == verdict(month(NOW).share()[1:], 0.95)
    for days in ("30 days", "90 days", "365 days"):
        found, name = window(days), days.replace(" ", "_")
        value, low, high = found.share()
        check(figures[f"positive_share_{name}"], value=value, low=low, high=high, n=found.n,
              verdict=verdict((low, high), 0.95))  # fmt: skip
        low, high = found.average()
        check(figures[f"average_score_{name}"], low=low, high=high, n=found.n,
              verdict=found.average_verdict())  # fmt: skip


def test_the_seven_questions(held):
    rows, n = complaints().last(90), window("90 days").n
    said, words = tally(rows, "questions"), comments_of(rows)
    for name in QUESTIONS:
        entry = held["figures"][f"complaints_{name}_90_days"]
        check(entry, value=corrected(name, said[name], words, n), n=n)
        (ends,) = simulated(name, (said[name], words, n))
        allowed = 0.25 * (ends[1] - ends[0]) / 2
        assert entry["low"] == pytest.approx(ends[0], abs=allowed), name
        assert entry["high"] == pytest.approx(ends[1], abs=allowed), name
        low, high = entry["low"], entry["high"]
        answer = "met" if high <= 0.02 else "not met" if low > 0.02 else "too few to say"
        assert entry["verdict"] == answer


def test_order_defects(held):
    n, bad = sixty()
    low, high = sums.wilson(bad, n)
    check(held["figures"]["order_defect_rate_60_days"], value=bad / n, low=low, high=high, n=n)
    highest = max(amazon_rows(), key=lambda row: row[3])
    entry = held["figures"]["order_defect_rate_by_amazon_60_days"]
    check(entry, value=float(highest[3]), n=highest[2],
          verdict="not met" if highest[3] >= 0.01 else "met")  # fmt: skip
    expected = held["figures"]["order_defect_rate_expected_60_days"]
    mean, ends = nowcast()
    check(expected, n=n)
    assert expected["value"] == pytest.approx(mean / n, rel=0.02)
    allowed = 0.25 * (ends[1] - ends[0]) / 2 / n
    assert [expected["low"], expected["high"]] == pytest.approx([e / n for e in ends], abs=allowed)


def test_what_a_first_review_adds(held):
    (own, _), (tried, _) = both()
    low, high = envelope(0.975)
    entry = held["figures"]["first_review_lift"]
    middle = percent((own + tried) / 2)
    # Two regressions, one on what the other left: both end their steps a little elsewhere.
    check(entry, apart=1e-5, value=middle / 100, low=low / 100, high=high / 100)
    assert entry["n"] == len(switching())


def test_nothing_else_is_in_the_file(held):
    first = {name for name in held["figures"] if name.startswith("complaints_")}
    windows = {f"{kind}_{days}_days" for kind in ("positive_share", "average_score")
               for days in (30, 90, 365)}  # fmt: skip
    defects = {f"order_defect_rate{kind}_60_days" for kind in ("", "_by_amazon", "_expected")}
    known = {*RATES, *COUNTS, *windows, *defects, *first, "average_score", "first_review_lift"}
    assert set(held["figures"]) == known, (
        "a new figure needs a check here: a line in RATES or COUNTS, which also puts it among the "
        "differences that the q of every other one is corrected for"
    )
    assert len(first) == len(QUESTIONS)
