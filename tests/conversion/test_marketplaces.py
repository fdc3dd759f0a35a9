"""A shop in several marketplaces: visits are added up, money never is."""

import numpy as np
import pandas as pd
import pytest

import feedback_analysis as fa
from feedback_analysis import charts, conversion
from feedback_analysis.conversion.revenue import with_revenue
from feedback_analysis.report.review_figures import review_figure
from tests.conversion.shops import of_catalogue, shop, traffic

RATE = 0.8


@pytest.fixture(scope="module")
def both():
    """A catalogue sold in the US for dollars, and half of it in the UK for fewer pounds."""
    us, counts = of_catalogue(fa.simulate_catalogue("sales", lift=0.5, seed=12))
    odd = us["parent_asin"].isin(sorted(us["parent_asin"].unique())[::2])
    uk = us[odd].assign(marketplace="UK", currency="GBP", sales=(us["sales"] * RATE).round(2))
    return shop(pd.concat([us, uk], ignore_index=True), counts)


@pytest.fixture(scope="module")
def ranked(both):
    panel = conversion.review_panel(both)
    effect = fa.review_effect(panel.table)
    return panel, conversion.review_priorities(panel.table, effect, places=panel.places)


def test_the_page_says_which_marketplaces_are_counted_together(both, ranked):
    panel, _ = ranked
    assert "in US and UK together" in panel.text
    alone = conversion.review_panel(both, marketplace="UK")
    assert "in UK, in" in alone.text
    assert alone.currency == "GBP"
    assert "in US and UK together" in review_figure(both).now.source


def test_extra_items_are_valued_in_each_currency_by_itself(ranked):
    panel, found = ranked
    assert found.ranked
    table = found.table.set_index("family")
    places = panel.places.set_index(["family", "marketplace"])
    for family, row in table.iterrows():
        for market, code in (("US", "usd"), ("UK", "gbp")):
            share, price = (
                places.loc[(family, market), ["share", "price"]]
                if (family, market) in places.index
                else (0.0, 0.0)
            )
            for end, of in (("", "extra_items"), ("_low_95", "low_95"), ("_high_95", "high_95")):
                assert row[f"revenue_{code}{end}"] == pytest.approx(row[of] * share * price)
    sold_in_both = table[table["revenue_gbp"] > 0]
    assert 0 < len(sold_in_both) < len(table)
    np.testing.assert_allclose(
        sold_in_both["revenue_gbp"] / sold_in_both["revenue_usd"], RATE, rtol=0.01
    )


def test_each_currency_has_a_column_of_its_own(ranked):
    frame = charts.table_of(ranked[1]).frame
    headings = [name.replace("\N{NO-BREAK SPACE}", " ") for name in frame.columns]
    assert headings[6:8] == ["Extra revenue, USD (95 %)", "Extra revenue, GBP (95 %)"]
    assert frame.iloc[:, 7].eq("0").any()
    assert not frame.iloc[:, 6].str.contains("USD|GBP").any()


def test_marketplaces_of_one_currency_are_added_and_an_unknown_price_is_missing():
    made = pd.DataFrame(
        {"family": ["A", "B"], "extra_items": 10.0, "low_95": 4.0, "high_95": 20.0}
    )  # fmt: skip
    places = pd.DataFrame(
        [("A", "DE", 0.5, 30.0, "EUR"), ("A", "FR", 0.25, 40.0, "EUR"),
         ("A", "UK", 0.25, 20.0, "GBP"), ("B", "DE", 0.9, 10.0, "EUR"),
         ("B", "FR", 0.1, np.nan, "EUR")],
        columns=["family", "marketplace", "share", "price", "currency"],
    )  # fmt: skip
    found, names = with_revenue(made, places)
    assert [name for name in names if not name.endswith("_95")] == ["revenue_eur", "revenue_gbp"]
    assert found["revenue_eur"].iloc[0] == 10 * (0.5 * 30 + 0.25 * 40)
    assert np.isnan(found["revenue_eur"].iloc[1])
    assert found["revenue_gbp"].tolist() == [50.0, 0.0]


def test_what_is_sold_where_the_currency_is_not_known_has_no_known_revenue():
    made = pd.DataFrame(
        {"family": list("ABCDE"), "extra_items": 10.0, "low_95": 4.0, "high_95": 20.0}
    )  # fmt: skip
    places = pd.DataFrame(
        [("A", "US", 1.0, 30.0, "USD"), ("B", "", 1.0, np.nan, ""),
         ("C", "", 0.5, np.nan, None), ("C", "US", 0.5, 30.0, "USD"),
         ("D", "US", 0.0, 30.0, "USD"), ("E", "US", 1.0, 20.0, "USD"), ("E", "", 0.0, np.nan, "")],
        columns=["family", "marketplace", "share", "price", "currency"],
    )  # fmt: skip
    found, names = with_revenue(made, places)
    assert names == ["revenue_usd", "revenue_usd_low_95", "revenue_usd_high_95"]
    for name, of in zip(names, (10, 4, 20), strict=True):
        np.testing.assert_allclose(found[name], [of * 30, *[np.nan] * 3, of * 20])


def test_a_page_calls_revenue_not_known_where_some_of_it_is_in_no_currency(ranked):
    panel, _ = ranked
    nowhere = panel.places["marketplace"].eq("UK")
    places = panel.places.assign(currency=panel.places["currency"].mask(nowhere, ""))
    effect = fa.review_effect(panel.table)
    found = conversion.review_priorities(panel.table, effect, places=places)
    odd = found.table["family"].isin(places.loc[nowhere & places["share"].gt(0), "family"])
    assert 0 < odd.sum() < len(odd)
    assert found.table["revenue_usd"].isna().tolist() == odd.tolist()
    assert (charts.table_of(found).frame.iloc[:, 6] == "not known").tolist() == odd.tolist()


def test_prices_of_two_currencies_under_no_marketplace_are_not_known():
    rows = [(week, "P1", "B1", 50, 2, 1.0, 40.0) for week in range(9)]
    mixed = pd.concat([traffic(rows), traffic(rows).assign(currency="GBP", sales=32.0)])
    mixed["marketplace"] = pd.NA
    panel = conversion.review_panel(shop(mixed))
    assert panel.currency == ""
    assert panel.table["price"].isna().all()
    assert panel.places["price"].isna().all()
    assert "together" not in panel.text


def test_links_lead_to_where_most_visitors_of_a_product_are(ranked):
    panel, _ = ranked
    most = panel.places.assign(
        share=panel.places["share"].where(panel.places["marketplace"] == "UK", 0)
    )
    effect = fa.review_effect(panel.table)
    again = conversion.review_priorities(panel.table, effect, places=most).table
    british = set(panel.places.query("marketplace == 'UK'")["family"])
    for row in again.itertuples():
        assert ("amazon.co.uk" in row.product_page) == (row.family in british)


def test_visitors_that_move_to_another_marketplace_with_the_first_review_warn(ranked):
    panel, _ = ranked
    moved = panel.table.assign(market_mix=np.where(panel.table["review_count"] > 0, 0.04, 0.05))
    effect = fa.review_effect(moved)
    row = effect.diagnostics.set_index("diagnostic").loc["placebo outcome: marketplaces"]
    assert row["warns"]
    assert row["value"] == pytest.approx(-0.2, abs=0.02)
    assert effect.grade != "strong"
    # What differs by rounding alone does not move.
    nearly = np.where(panel.table["review_count"] > 0, 0.05 + 1e-12, 0.05)
    one = fa.review_effect(panel.table.assign(market_mix=nearly))
    assert "placebo outcome: marketplaces" not in set(one.diagnostics["diagnostic"])


def test_the_mix_is_what_the_marketplaces_conversions_let_expect():
    us = traffic([(week, "P1", "B1", 100, 10, 1.0, 100.0) for week in range(4)])
    uk = traffic([(week, "P1", "B1", 300, 6, 1.0, 100.0) for week in (2, 3)], marketplace="UK")
    panel = conversion.review_panel(shop(pd.concat([us, uk]))).table
    # 10 % convert in the US and 2 % in the UK: with three of four visitors there, 4 %.
    np.testing.assert_allclose(panel["market_mix"], [0.1, 0.1, 0.04, 0.04])


def test_visits_of_which_no_sales_are_told_are_no_visits_without_a_sale():
    us = traffic([(week, "P1", "B1", 100, 10, 1.0, 100.0) for week in range(4)])
    uk = traffic([(week, "P1", "B1", 300, 6, 1.0, 100.0) for week in range(4)], marketplace="UK")
    given = pd.concat([us, uk], ignore_index=True)
    silent = given["marketplace"].eq("UK") & given["start"].eq(given["start"].max())
    given["order_items"] = given["order_items"].mask(silent)
    panel = conversion.review_panel(shop(given))
    assert panel.table["sessions"].tolist() == [400, 400, 400, 100]
    assert panel.table["units"].tolist() == [16, 16, 16, 10]
    assert sum("come without a count of what was sold" in limit for limit in panel.limits) == 1
    # Where no sales are told at all, the visits are known all the same.
    none = conversion.review_panel(shop(given.assign(order_items=pd.NA).astype(given.dtypes)))
    assert none.table["sessions"].tolist() == [400] * 4
    assert none.table["units"].isna().all()


def test_a_marketplace_that_tells_no_sales_does_not_convert_at_nothing(both):
    us = traffic([(week, "P1", "B1", 100, 10, 1.0, 100.0) for week in range(4)])
    uk = traffic([(week, "P1", "B1", 300, 6, 1.0, 100.0) for week in (2, 3)], marketplace="UK")
    # Where nobody looked nothing needs to be known.
    de = traffic([(1, "P1", "B1", 0, 0, 1.0, 0.0)], marketplace="DE")
    given = pd.concat([us, uk, de])
    given["order_items"] = given["order_items"].where(given["marketplace"] == "US")
    panel = conversion.review_panel(shop(given)).table
    np.testing.assert_allclose(panel["market_mix"], [0.1, 0.1, np.nan, np.nan])
    silent = both.traffic.copy()
    silent.loc[silent["marketplace"] == "UK", "order_items"] = pd.NA
    table = conversion.review_panel(shop(silent, both.reviews)).table
    told = table["family"].isin(silent.loc[silent["marketplace"] == "UK", "parent_asin"])
    assert table["market_mix"].isna().any()
    assert table.loc[table["market_mix"].isna(), "family"].isin(table.loc[told, "family"]).all()
    # Where it is known it does not move, so there is no check of it, and no warning.
    checks = fa.review_effect(table).diagnostics
    assert "placebo outcome: marketplaces" not in set(checks["diagnostic"])
