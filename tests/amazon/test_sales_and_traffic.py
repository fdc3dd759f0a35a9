"""Sales and Traffic JSON: days, weeks, months; products by parent, child and SKU."""

import gzip
import json

import pandas as pd
import pytest

from feedback_analysis import ReportError, read_sales_and_traffic
from tests.amazon.files import commas, inspect, ledger_of, put, read_shop


def day(text, *, units=2, sessions=50, received=3, negative=1, **more):
    return {
        "date": text,
        "salesByDate": {
            "orderedProductSales": {"amount": 25.5, "currencyCode": "GBP"},
            "orderedProductSalesB2B": {"amount": 999, "currencyCode": "GBP"},
            "unitsOrdered": units, "unitsOrderedB2B": 1, "totalOrderItems": 2, "unitsRefunded": 1,
            "refundRate": 12,
        },
        "trafficByDate": {
            "pageViews": 80, "sessions": sessions, "buyBoxPercentage": 98,
            "feedbackReceived": received, "negativeFeedbackReceived": negative,
            "receivedNegativeFeedbackRate": 10.0,
        },
        **more,
    }  # fmt: skip


def product(parent="P", child="C", sku=None, *, sessions=20, units=2, share=50):
    row = {
        "parentAsin": parent, "childAsin": child, "sku": sku,
        "salesByAsin": {
            "unitsOrdered": units, "unitsOrderedB2B": 1, "totalOrderItems": 1,
            "orderedProductSales": {"amount": 10, "currencyCode": "GBP"},
        },
        "trafficByAsin": {"sessions": sessions, "pageViews": 2 * sessions,
                          "buyBoxPercentage": share, "unitSessionPercentage": 300.0},
    }  # fmt: skip
    return {key: value for key, value in row.items() if value is not None}


def report(days=(), products=(), *, by="DAY", per="CHILD", start="2026-10-01", end="2026-10-31"):
    return {
        "reportSpecification": {
            "reportType": "GET_SALES_AND_TRAFFIC_REPORT",
            "reportOptions": {"dateGranularity": by, "asinGranularity": per},
            "dataStartTime": start, "dataEndTime": end, "marketplaceIds": ["A1F83G8C2ARO7P"],
        },
        "salesAndTrafficByDate": list(days),
        "salesAndTrafficByAsin": list(products),
    }  # fmt: skip


def written(folder, raw, name="a.json"):
    return put(folder, name, json.dumps(raw))


def test_days_of_the_whole_shop_with_the_feedback_received(tmp_path):
    raw = report([day("2026-10-01"), day("2026-10-02", units=0, received=0, negative=0)])
    result = read_sales_and_traffic(written(tmp_path, raw))
    columns = ["date", "marketplace", "sessions", "page_views", "units", "order_items", "sales",
               "currency", "units_refunded"]  # fmt: skip
    assert result.by_date[columns].values.tolist() == [
        [pd.Timestamp("2026-10-01"), "UK", 50, 80, 2, 2, 25.5, "GBP", 1],
        [pd.Timestamp("2026-10-02"), "UK", 50, 80, 0, 2, 25.5, "GBP", 1],
    ]
    assert result.feedback_totals[["received", "negative"]].values.tolist() == [[3, 1], [0, 0]]
    assert result.feedback_totals["neutral"].isna().all()
    assert result.granularity == "DAY"


def test_a_gzip_of_it_is_the_same(tmp_path):
    content = gzip.compress(json.dumps(report([day("2026-10-01")])).encode())
    assert len(read_sales_and_traffic(put(tmp_path, "a.json.gz", content)).by_date) == 1


def test_products_by_child_over_the_requested_window(tmp_path):
    raw = report(products=[product(), product(child="D", share=100, sessions=0)])
    table = read_sales_and_traffic(written(tmp_path, raw)).by_asin
    columns = ["child_asin", "sessions", "page_views", "units", "featured_offer_share", "basis"]
    assert table[columns].values.tolist() == [
        ["C", 20, 40, 2, 0.5, "child"], ["D", 0, 0, 2, 1.0, "child"],
    ]  # fmt: skip
    assert table["start"].dt.date.astype(str).tolist() == ["2026-10-01"] * 2
    assert table["end"].dt.date.astype(str).tolist() == ["2026-10-31"] * 2


def test_a_child_under_two_parents_is_one_product(tmp_path):
    raw = report(products=[product("P1", sessions=30), product("P2", sessions=10, share=10)])
    table = read_sales_and_traffic(written(tmp_path, raw)).by_asin
    assert table[["parent_asin", "child_asin", "sessions", "units"]].values.tolist() == [
        ["P1", "C", 40, 4]
    ]
    # 50 % of 60 page views and 10 % of 20.
    assert table["featured_offer_share"][0] == pytest.approx(0.4)


def test_products_by_parent(tmp_path):
    raw = report(products=[product(child=None)], per="PARENT")
    table = read_sales_and_traffic(written(tmp_path, raw)).by_asin
    assert table[["parent_asin", "basis"]].values.tolist() == [["P", "parent"]]
    assert table["child_asin"].isna().all()


def test_products_by_sku_count_their_sessions_once_and_say_what_is_missing(tmp_path):
    raw = report(products=[product(sku="S1"), product(sku="S2", units=3)], per="SKU")
    shop = read_shop(tmp_path, {"a.json": json.dumps(raw)})
    assert shop.traffic[["sessions", "units", "sales", "basis"]].values.tolist() == [
        [20, 5, 20.0, "sku"]
    ]
    assert "products without a sale are missing" in ledger_of(shop, "a.json")["note"]


@pytest.mark.parametrize(
    ("by", "starts", "cut"),
    [
        ("WEEK", ["2026-09-27", "2026-10-04", "2026-10-25"], [True, False, False]),
        ("MONTH", ["2026-09-01", "2026-10-01"], [True, False]),
    ],
)
def test_weeks_and_months_that_the_window_cuts_are_marked(tmp_path, by, starts, cut):
    raw = report([day(start) for start in starts], by=by)
    result = read_sales_and_traffic(written(tmp_path, raw))
    assert result.by_date["partial"].tolist() == cut
    assert result.granularity == by
    assert len(result.feedback_totals) == 0
    shop = read_shop(tmp_path / "shop", {"a.json": json.dumps(raw)})
    assert len(shop.daily) == 0
    assert f"{by.lower()} rows: not used where days are needed" in ledger_of(shop, "a.json")["note"]


def test_misspelt_missing_and_extra_keys_load(tmp_path):
    strange = {
        "date": "2026-10-01",
        "salesByDate": {"unitsOrdered": 3, "totalOrderItems": "three", "new": {"a": 1}},
        "trafficByDate": {"browerPageViews": 7, "sessions": 12, "feedbackReceived": None},
    }
    result = read_sales_and_traffic(written(tmp_path, {**report([strange]), "extra": [1]}))
    assert result.by_date[["sessions", "units"]].values.tolist() == [[12, 3]]
    assert result.by_date[["page_views", "order_items", "sales"]].isna().all(axis=None)
    assert len(result.feedback_totals) == 0


def test_the_stated_rate_of_negative_feedback_is_ignored(tmp_path):
    result = read_sales_and_traffic(written(tmp_path, report([day("2026-10-01", negative=2)])))
    assert result.feedback_totals[["received", "negative"]].values.tolist() == [[3, 2]]
    assert not any("rate" in column for column in result.by_date)


def test_entries_without_a_date_or_product_are_set_aside(tmp_path):
    raw = report([day("2026-10-01"), day("2026-10-01"), day("someday"), 7], [product(), {}, "x"])
    shop = read_shop(tmp_path, {"a.json": json.dumps(raw)})
    line = ledger_of(shop, "a.json")
    assert (line["rows_read"], line["rows_kept"], line["rows_set_aside"]) == (7, 2, 5)
    assert (len(shop.daily), len(shop.traffic)) == (1, 1)


def test_more_negative_feedback_than_feedback_is_refused(tmp_path):
    path = written(tmp_path, report([day("2026-10-01", received=1, negative=2)]))
    with pytest.raises(ReportError, match="feedback_totals"):
        read_sales_and_traffic(path)


def test_products_without_a_window_are_refused(tmp_path):
    raw = report(products=[product()])
    del raw["reportSpecification"]["dataEndTime"]
    with pytest.raises(ReportError, match="which window"):
        read_sales_and_traffic(written(tmp_path, raw))


def test_the_json_of_another_marketplace_is_refused(tmp_path):
    raw = report([day("2026-10-01")])
    with pytest.raises(ReportError, match="says it is of UK"):
        read_sales_and_traffic(written(tmp_path, raw), marketplace="DE")
    toml = '[shop]\nmarketplaces = ["US", "DE"]\n'
    (problem,) = inspect(tmp_path / "shop", {"a.json": json.dumps(raw)}, toml).problems
    assert "not among the shop's marketplaces" in str(problem)


@pytest.mark.parametrize("cut", [10, 200, -2])
def test_a_cut_json_is_refused(tmp_path, cut):
    path = put(tmp_path, "a.json", json.dumps(report([day("2026-10-01")]))[:cut])
    with pytest.raises(ReportError, match="cut short or damaged"):
        read_sales_and_traffic(path)


def test_a_json_of_something_else_names_its_parts(tmp_path):
    with pytest.raises(ReportError, match="settings, version"):
        read_sales_and_traffic(put(tmp_path, "a.json", '{"version": 1, "settings": {}}'))


def test_a_report_by_child_and_a_json_of_the_same_days_keep_days_and_totals(tmp_path):
    by_child = commas(["(Child) ASIN", "Sessions", "Units Ordered", "Ordered Product Sales"],
                      [["C", "20", "2", "£10.00"]])  # fmt: skip
    raw = report([day("2026-10-01")], [product(child=None)], per="PARENT")
    shop = read_shop(tmp_path, {"2026-10-01_2026-10-31/a.csv": by_child, "b.json": json.dumps(raw)})
    # By child wins for the products; nothing else tells of the day and its feedback.
    assert shop.traffic["basis"].tolist() == ["child"]
    assert len(shop.daily) == 1
    assert shop.feedback_totals["received"].tolist() == [3]
    line = ledger_of(shop, "b.json")
    assert (line["rows_read"], line["rows_kept"], line["rows_set_aside"]) == (2, 1, 1)


def test_where_both_count_by_child_the_json_is_the_one_to_keep(tmp_path):
    by_child = commas(["(Child) ASIN", "Sessions", "Units Ordered", "Ordered Product Sales"],
                      [["C", "20", "2", "£10.00"]])  # fmt: skip
    files = {
        "2026-10-01_2026-10-31/a.csv": by_child,
        "b.json": json.dumps(report([day("2026-10-01")], [product()])),
    }
    (problem,) = inspect(tmp_path, files).problems
    assert "counted twice" in str(problem)
    shop = read_shop(tmp_path, {}, problem.remedy[problem.remedy.index("[[files]]") :])
    assert (len(shop.traffic), len(shop.daily), len(shop.feedback_totals)) == (1, 1, 1)
