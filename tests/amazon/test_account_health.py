"""Account health JSON: every measure with the target that the file itself states."""

import json

import pandas as pd
import pytest

from feedback_analysis import ReportError, read_account_health
from tests.amazon.files import ledger_of, put, read_shop


def range_of(start, end):
    return {"reportingDateFrom": f"{start}T00:00Z", "reportingDateTo": f"{end}T00:00Z"}


def defects(count, orders, **more):
    return {
        "orderCount": orders, "orderWithDefects": {"count": count, "status": "GOOD"},
        "claims": {"count": 2}, "chargebacks": {"count": 0}, "negativeFeedback": {"count": 3},
        "rate": count / orders, "targetValue": 0.01, "targetCondition": "LESS_THAN",
        "reportingDateRange": range_of("2026-08-01", "2026-09-30"), "status": "GOOD", **more,
    }  # fmt: skip


def report(**metrics):
    return {
        "accountStatuses": [{"marketplaceId": "A1F83G8C2ARO7P", "status": "SUSPENDED"}],
        "performanceMetrics": [{"marketplaceId": "A1F83G8C2ARO7P", **metrics}],
    }


LATE = {
    "lateShipmentCount": 3, "orderCount": 100, "rate": 0.03, "targetValue": 0.04,
    "targetCondition": "LESS_THAN", "reportingDateRange": range_of("2026-09-01", "2026-09-30"),
    "status": "MOSTLY_FINE",
}  # fmt: skip


def read(folder, raw):
    return read_account_health(put(folder, "a.json", json.dumps(raw)))


def test_defects_by_channel_and_what_they_are_made_of(tmp_path):
    raw = report(orderDefectRate={"afn": defects(4, 1000), "mfn": defects(1, 50)})
    table = read(tmp_path, raw)
    whole = table[table["measure"] == "orderDefectRate"]
    columns = ["marketplace", "channel", "rate", "target", "condition", "total", "events", "status"]
    assert whole[columns].values.tolist() == [
        ["UK", "amazon", 0.004, 0.01, "LESS_THAN", 1000, 4, "GOOD"],
        ["UK", "seller", 0.02, 0.01, "LESS_THAN", 50, 1, "GOOD"],
    ]
    assert whole["start"].tolist() == [pd.Timestamp("2026-08-01")] * 2
    assert whole["end"].tolist() == [pd.Timestamp("2026-09-30")] * 2
    parts = table[(table["channel"] == "amazon") & table["measure"].str.contains(".", regex=False)]
    assert dict(zip(parts["measure"], parts["events"], strict=True)) == {
        "orderDefectRate.negativeFeedback": 3,
        "orderDefectRate.claims": 2,
        "orderDefectRate.chargebacks": 0,
    }
    # The parts have no target of their own.
    assert parts[["rate", "target", "status"]].isna().all(axis=None)


@pytest.mark.parametrize("key", ["prefulfillmentCancelRate", "preFulfillmentCancellationRate"])
def test_drifting_keys_are_kept_as_written(tmp_path, key):
    cancelled = {
        "cancellationCount": 1, "orderCount": 40, "rate": 0.025, "targetValue": 0.01,
        "targetCondition": "LESS_THAN", "status": "BAD",
    }  # fmt: skip
    raw = report(**{key: cancelled})
    table = read(tmp_path, raw)
    assert table[["measure", "events", "total", "target"]].values.tolist() == [[key, 1, 40, 0.01]]
    assert table[["start", "end"]].isna().all(axis=None)


def test_unknown_statuses_and_foreign_blocks_load(tmp_path):
    raw = report(
        lateShipmentRate=LATE,
        listingPolicyViolations={"defectsCount": 2, "targetValue": 0, "status": "GOOD"},
        warningState=["A", "B"],
        accountHealthRating={"ahrStatus": "GREAT", "reportingDateRange": {}},
        newThing={"colour": "blue"},
    )
    table = read(tmp_path, raw)
    assert table["measure"].tolist() == ["lateShipmentRate", "listingPolicyViolations"]
    assert table["status"].tolist() == ["MOSTLY_FINE", "GOOD"]
    assert table["events"].tolist() == [3, 2]
    assert table["channel"].tolist() == ["all", "all"]


def test_nonsense_in_place_of_numbers_is_missing(tmp_path):
    odd = {**LATE, "rate": "low", "targetValue": None, "lateShipmentCount": -1, "orderCount": True,
           "reportingDateRange": {"reportingDateFrom": "2026-13-40T00:00Z"}}  # fmt: skip
    table = read(tmp_path, report(lateShipmentRate=odd))
    assert table[["rate", "target", "events", "total", "start"]].isna().all(axis=None)


def test_a_report_without_measures_has_no_rows(tmp_path):
    assert len(read(tmp_path, {"accountStatuses": [], "performanceMetrics": []})) == 0
    assert len(read(tmp_path, {"accountStatuses": []})) == 0


def test_a_block_without_a_marketplace_is_of_the_shops_only_one(tmp_path):
    raw = {"performanceMetrics": [{"lateShipmentRate": LATE}]}
    toml = '[shop]\nmarketplaces = ["UK"]\n'
    shop = read_shop(tmp_path, {"a.json": json.dumps(raw)}, toml)
    assert shop.account_health["marketplace"].tolist() == ["UK"]


def test_another_json_is_refused(tmp_path):
    with pytest.raises(ReportError, match="the JSON is no known report"):
        read(tmp_path, [1, 2])


def test_the_same_measure_in_two_downloads_counts_once(tmp_path):
    first = report(lateShipmentRate=LATE)
    second = report(lateShipmentRate={**LATE, "rate": 0.031})
    shop = read_shop(tmp_path, {"a.json": json.dumps(first), "b.json": json.dumps(second)})
    assert len(shop.account_health) == 1
    assert ledger_of(shop, "a.json")["rows_set_aside"] == 1
