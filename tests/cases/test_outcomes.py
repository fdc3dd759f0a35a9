"""Did it work: the time to close against a hand computation, and outcomes with their warning."""

import math
from dataclasses import replace
from datetime import date
from types import SimpleNamespace

import pandas as pd
import pytest

from feedback_analysis.cases import by_resolution, case_list, time_to_close
from feedback_analysis.cases.outcomes import NOT_AT_RANDOM
from feedback_analysis.shares import share_interval
from tests.cases.frames import feedback, made, own

TODAY = date(2026, 10, 31)


def table(rows):
    """Return cases of (day of the feedback, day closed or None)."""
    frame = pd.DataFrame(rows, columns=["date", "closed"])
    for name in frame:
        frame[name] = pd.to_datetime(frame[name]).astype("datetime64[us]")
    return frame.assign(stage=frame["closed"].notna().map({True: "closed", False: "not started"}))


# Closed after 2, 3 and 5 days; open for 4 and 10: by hand 4/5, then 3/4 of it, then 1/2 of that.
HAND = [
    ("2026-10-01", "2026-10-03"), ("2026-10-01", "2026-10-04"), ("2026-10-27", None),
    ("2026-10-01", "2026-10-06"), ("2026-10-21", None),
]  # fmt: skip


def test_open_cases_count_as_open_and_not_as_lost():
    found = time_to_close(table(HAND), as_of=TODAY, promise=4)
    curve = found.curve.drop_duplicates("open_share").set_index("days")["open_share"]
    assert curve[[2.0, 3.0, 5.0]].tolist() == pytest.approx([0.8, 0.6, 0.3])
    row = found.table.iloc[0]
    assert (row["cases"], row["closed"], row["open"], row["median_days"]) == (5, 3, 2, 5)
    assert "Half of the 5 cases are closed within 5 days" in found.text
    assert "Within the promised 4 days 40.0 % are closed" in found.text
    # Without the open ones the median would be 3 days.
    assert time_to_close(table(HAND[:2] + HAND[3:4]), as_of=TODAY).table["median_days"][0] == 3


def test_the_interval_is_greenwoods_on_the_log_log_scale():
    curve = time_to_close(table(HAND), as_of=TODAY).curve
    assert (curve["low"] <= curve["open_share"]).all()
    assert (curve["open_share"] <= curve["high"]).all()
    assert curve.iloc[0].tolist() == [0, 1, 1, 1]
    # After 5 days 0.3 is open; Greenwood's sum of d / (n (n - d)) over 5, 4 and 2 at risk.
    spread = 1.959964 * math.sqrt(1 / 20 + 1 / 12 + 1 / 2) / abs(math.log(0.3))
    row = curve[curve["days"] == 5].iloc[0]
    assert row["low"] == pytest.approx(0.3 ** math.exp(spread), abs=1e-6)
    assert row["high"] == pytest.approx(0.3 ** math.exp(-spread), abs=1e-6)


def test_fewer_than_half_closed_has_no_median_and_none_closed_no_curve():
    found = time_to_close(table([*HAND[2:3] * 3, HAND[0]]), as_of=TODAY)
    assert found.table["median_days"].isna().all()
    assert found.text.startswith("Fewer than half of the 4 cases")
    none = time_to_close(table(HAND[2:3]), as_of=TODAY)
    assert none.curve.empty
    assert none.text.startswith("No case is closed yet")


def shop_of(rows):
    """Return a shop of (key, resolution, outcome, gone, cost, currency) closed cases."""
    given = feedback([(key, "2026-10-01", 1, "", "", gone) for key, _, _, gone, _, _ in rows])
    cases = own(
        [
            {
                "order_key": key, "status": "closed", "resolution": resolution, "outcome": outcome,
                "cost": cost, "currency": currency,
            }
            for key, resolution, outcome, _, cost, currency in rows
        ]
    )  # fmt: skip
    return made(feedback=given, cases=cases)


def test_what_became_of_the_feedback_is_counted_once_with_an_interval_and_a_warning():
    rows = [
        (f"r{n}", "Refund", "removed by buyer" if n < 3 else "stays", n < 2, 10.0, "USD")
        for n in range(12)
    ]
    rows += [
        ("a1", "Entschuldigung", "stays", False, 0.0, "EUR"),
        ("x", None, None, False, None, None),
    ]
    shop = shop_of(rows)
    found = by_resolution(shop, case_list(shop, as_of=TODAY).table)
    refund = found.table.set_index("resolution").loc["refund"]
    assert refund[["n", "seen", "told", "changed"]].tolist() == [12, 2, 3, 3]
    assert (refund["low"], refund["high"]) == pytest.approx(share_interval(3, 12))
    assert set(found.table["resolution"]) == {"refund", "apology", "not noted"}
    assert found.text.endswith(NOT_AT_RANDOM)
    assert "refund 25.0 % of 12" in found.text
    assert "apology" not in found.text.split(NOT_AT_RANDOM)[0]
    costs = found.costs.set_index(["resolution", "currency"])
    assert costs.loc[("refund", "USD"), "total"] == 120
    assert costs.loc[("apology", "EUR"), "cases"] == 1
    assert len(found.limits) == 1


def test_changed_stars_are_seen_against_an_earlier_reading():
    shop = shop_of(
        [("a", "refund", "stays", False, 1.0, "USD"), ("b", "refund", "stays", False, 1.0, "USD")]
    )
    then = SimpleNamespace(feedback=feedback([("a", "2026-10-01", 2), ("b", "2026-10-01", 1)]))
    reading = SimpleNamespace(shop=lambda **_: then)
    # Once through is enough: readings may come one by one.
    found = by_resolution(shop, case_list(shop, as_of=TODAY).table, earlier=iter([reading]))
    assert found.table.loc[0, ["seen", "changed"]].tolist() == [1, 1]
    assert found.limits == []


def test_a_share_is_said_from_the_shops_own_number_of_cases_on():
    shop = shop_of([(f"r{n}", "refund", "stays", False, 1.0, "USD") for n in range(12)])
    todo = case_list(shop, as_of=TODAY).table
    assert "refund 0.0 % of 12" in by_resolution(shop, todo).text
    more = replace(shop, settings=shop.settings.model_copy(update={"minimum_n": 13}))
    assert by_resolution(more, todo).text.startswith("Too few closed cases")


def test_no_closed_case_is_said():
    shop = made(feedback=feedback([("a", "2026-10-01", 1)]))
    found = by_resolution(shop, case_list(shop, as_of=TODAY).table)
    assert found.table.empty
    assert found.text.startswith("Too few closed cases")
