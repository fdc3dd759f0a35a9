"""The panel: families and weeks, reviews at the start of the week, and what is not known."""

import numpy as np
import pandas as pd
import pytest

import feedback_analysis as fa
from feedback_analysis import conversion, tables
from tests.conversion.shops import of_catalogue, reviews, shop, traffic

# Two children of one family, and a product of its own.
ROWS = [
    (week, parent, child, sessions, items, 0.05 if (child, week) == ("B3", 2) else 1.0, 20 * items)
    for week in range(4)
    for parent, child, sessions, items in (
        ("P1", "B1", 60, 3), ("P1", "B2", 40, 0), ("B3", "B3", 10, 12 if week == 3 else 1),
    )
]  # fmt: skip
DATED = reviews(
    [("B1", "2026-01-05", 0), ("P1", "2026-01-14", 1), ("P1", "2026-01-19", 2),
     ("B3", "2025-12-01", 4), ("B9", "2026-02-01", 1)]
)  # fmt: skip


def made(*arguments, **keywords):
    return conversion.review_panel(shop(*arguments), **keywords)


def test_children_are_added_up_to_the_family_they_share_reviews_with():
    panel = made(traffic(ROWS), DATED).table.set_index(["family", "week"])
    assert panel.loc["P1", ["sessions", "units"]].drop_duplicates().to_numpy().tolist() == [
        [100, 3]
    ]
    assert len(panel) == 8
    assert panel.loc["P1", "featured_offer_share"].eq(1).all()


def test_reviews_stand_as_they_did_when_the_week_began():
    panel = made(traffic(ROWS), DATED).table
    family = panel[panel["family"] == "P1"]
    # The review of Wednesday 14 January is there from Monday 19 on; that of the 19th a week later.
    assert family["review_count"].tolist() == [0, 0, 1, 2]
    assert family["presence"].tolist() == ["none", "none", "some", "some"]
    assert family["rating_group"].tolist() == ["none", "none", "positive", "positive"]


def test_before_the_first_known_count_reviews_are_unknown_unless_there_were_none():
    late = reviews([("P1", "2026-01-14", 3), ("B3", "2026-01-20", 0), ("X", "2026-02-01", 1)])
    panel = made(traffic(ROWS), late).table
    assert panel.loc[panel["family"] == "P1", "presence"].tolist() == ["unknown"] * 2 + ["some"] * 2
    assert panel.loc[panel["family"] == "B3", "presence"].eq("none").all()


def test_after_the_last_day_of_the_file_nothing_is_carried_forward():
    short = reviews([("P1", "2026-01-01", 0), ("B3", "2025-12-20", 2)])
    panel = made(traffic(ROWS), short).table
    assert panel.loc[panel["family"] == "P1", "presence"].tolist() == ["none"] + ["unknown"] * 3


def test_snapshots_are_carried_back_and_said_to_be():
    products = ["P1", "B3", "P4", "P5"]
    days = {"2025-12-29": 0, "2026-01-26": 3}
    rows = [(asin, day, count) for day, count in days.items() for asin in products]
    panel = made(traffic(ROWS), reviews(rows))
    # Known as none until 29 December, as 3 on 26 January: carried forward it would be none.
    assert panel.table.loc[panel.table["family"] == "P1", "review_count"].tolist() == [3] * 4
    assert panel.table.attrs["carried_back"] is True
    assert any("some days only" in limit for limit in panel.limits)
    far = [(asin, "2026-06-01" if day > "2026" else day, count) for asin, day, count in rows]
    assert made(traffic(ROWS), reviews(far)).table["presence"].eq("unknown").all()


def test_stock_outs_and_impossible_rows_are_flagged_and_kept_as_given():
    panel = made(traffic(ROWS), DATED)
    single = panel.table[panel.table["family"] == "B3"]
    assert single["out_of_stock"].tolist() == [False, False, True, False]
    assert single["impossible"].tolist() == [False, False, False, True]
    assert single["units"].max() == 12
    assert any("more order items than sessions" in limit for limit in panel.limits)


def test_units_and_page_views_are_alternatives_by_name():
    panel = made(traffic(ROWS), DATED, outcome="units", per="page_views")
    first = panel.table.iloc[1]
    assert (first["sessions"], first["units"]) == (20, 1)
    assert "units per page view." in panel.text
    with pytest.raises(fa.ReportError, match="not made of this"):
        made(traffic(ROWS), DATED, outcome="sales")


def test_reports_by_sku_are_refused():
    panel = made(traffic(ROWS, basis="sku"), DATED)
    assert panel.table.empty
    assert any("by SKU" in limit and "no conversion is taken" in limit for limit in panel.limits)
    mixed = pd.concat([traffic(ROWS), traffic(ROWS, basis="sku")], ignore_index=True)
    assert made(mixed, DATED).table.equals(made(traffic(ROWS), DATED).table)


def test_periods_that_are_no_week_are_left_out_and_sunday_weeks_are_weeks():
    month = made(traffic(ROWS, days=31), DATED)
    assert month.table.empty
    assert any("not one whole week" in limit for limit in month.limits)
    sunday = traffic(ROWS)
    sunday["start"] -= pd.Timedelta(days=1)
    sunday["end"] -= pd.Timedelta(days=1)
    assert made(sunday, DATED).table["week"].min() == pd.Timestamp("2026-01-05")


def test_parent_and_child_reports_are_not_added():
    parent = traffic([(0, "P1", None, 90, 3, 1.0, 60.0)], basis="parent")
    panel = made(pd.concat([traffic(ROWS), parent], ignore_index=True), DATED)
    assert panel.table.loc[0, "sessions"] in (10, 100)
    assert panel.table["sessions"].max() == 100


def test_prices_are_held_against_each_products_own_and_are_not_added_over_currencies():
    rows = [(week, "P1", "B1", 50, 2, 1.0, 40.0 if week else 32.0) for week in range(4)]
    us, uk = traffic(rows), traffic(rows, marketplace="UK").assign(currency="GBP")
    us["sessions"] += 10
    panel = made(pd.concat([us, uk], ignore_index=True), DATED)
    assert panel.currency == "USD"
    assert panel.table["price"].tolist() == [16.0, 20.0, 20.0, 20.0]
    assert panel.table["sessions"].eq(110).all()
    assert made(us, DATED, marketplace="UK").table.empty


def test_coverage_counts_families_by_week():
    coverage = made(traffic(ROWS), DATED).coverage
    assert coverage["without_reviews"].tolist() == [1, 1, 0, 0]
    assert coverage["with_reviews"].tolist() == [1, 1, 2, 2]
    assert coverage["unknown"].sum() == 0


@pytest.mark.parametrize(
    ("seen", "sold", "rows"),
    [
        ([60, None], [3, 2], 1),
        ([60, 40], [3, None], 1),
        # No row tells both: what was sold is left out, and that is told too.
        ([60, None], [None, 2], 1),
        ([60, 40], [None, None], 0),
        ([60, 40], [3, 2], 0),
    ],
)
def test_what_is_left_out_of_a_row_is_told(seen, sold, rows):
    given = traffic([(0, "P1", "B1", 60, 3, 1.0, 60), (0, "P1", "B2", 40, 2, 1.0, 40)])
    for name, values in (("sessions", seen), ("order_items", sold)):
        given[name] = pd.array(values, dtype="Int64")
    panel = made(given, DATED)
    told = [limit for limit in panel.limits if "some visits come without a count" in limit]
    assert [limit.split(" some")[0] for limit in told] == ["In 1 row"] * rows


def test_without_any_file_it_says_what_is_missing():
    panel = made(tables.empty("traffic"))
    assert panel.table.empty
    assert "Download Detail Page Sales and Traffic by child ASIN" in panel.text
    assert fa.review_effect(panel.table).grade == "unreliable"
    nothing = made(traffic(ROWS))
    assert nothing.table["presence"].eq("unknown").all()
    assert any("reviews.csv" in limit for limit in nothing.limits)


def test_the_sample_shop_shows_the_effect_that_was_put_into_it():
    shop_read = fa.read_folder("data/sample")
    panel = conversion.review_panel(shop_read)
    effect = fa.review_effect(panel.table)
    assert effect.grade in ("strong", "suggestive")
    assert effect.interval[0] < 0.20 < effect.interval[1]
    truth = pd.read_csv("data/sample/truth/effect.csv")
    assert effect.switching == (truth["kind"] == "switcher").sum()
    weeks = truth.set_index("parent_asin")["first_review_week"].dropna()
    seen = panel.table[panel.table["review_count"] > 0].groupby("family")["week"].min()
    switching = [asin for asin in weeks.index if asin in seen.index]
    told = pd.to_datetime(weeks[switching])
    late = (seen[switching] - told).dt.days
    assert len(late) > 60
    assert np.mean(late.between(0, 7)) > 0.9


def test_a_simulated_catalogue_is_rebuilt_from_its_reports_and_dated_reviews():
    catalogue = fa.simulate_catalogue("sales", seed=12, families=120)
    panel = made(*of_catalogue(catalogue))
    told = panel.table.set_index(["family", "week"])
    true = catalogue.assign(
        week=catalogue["week"] - catalogue["week"].min() + pd.Timestamp("2026-01-05")
    ).set_index(["family", "week"])
    assert told["review_count"].equals(true["review_count"].astype(float).sort_index())
    assert told["sessions"].equals(true["sessions"].astype(float).sort_index())
    direct, rebuilt = fa.review_effect(catalogue), fa.review_effect(panel.table)
    # Prices come from sales here, and launches from the first week seen.
    assert rebuilt.lift == pytest.approx(direct.lift, abs=0.04)
    assert rebuilt.switching == direct.switching
