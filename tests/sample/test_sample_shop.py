"""The committed sample shop: its size, its stories and that its files agree with each other."""

from __future__ import annotations

import gzip
import re
from pathlib import Path

import pandas as pd
import pytest

from feedback_analysis.sample import write_new_shop, write_sample

FOLDERS = {"US": "US", "UK": "UK", "DE": "Deutschland"}
DATA = Path(__file__).parents[2] / "data"


def contents(folder):
    """Return every file's bytes by path; packed ones unpacked: zlib versions differ."""
    found = {}
    for path in sorted(folder.rglob("*")):
        if path.is_file() and ".private" not in path.parts:
            data = path.read_bytes()
            data = gzip.decompress(data) if path.suffix == ".gz" else data
            found[path.relative_to(folder).as_posix()] = data
    return found


def test_the_committed_sample_is_what_the_generator_writes(sample):
    committed, written = contents(DATA / "sample"), contents(sample.folder)
    assert committed.keys() == written.keys()
    assert [path for path in written if committed[path] != written[path]] == []


def test_the_committed_new_shop_is_what_the_generator_writes(tmp_path):
    write_new_shop(tmp_path / "shop")
    written = contents(tmp_path / "shop")
    assert contents(DATA / "sample-new-shop") == written
    assert sorted(written) == ["amazon/US/feedback.txt", "shop.toml"]
    rows = written["amazon/US/feedback.txt"].decode("cp1252").splitlines()[1:]
    assert len(rows) == 7
    assert {row.split("\t")[1] for row in rows} == {"1", "2", "3"}


def test_the_committed_files_are_small_enough():
    size = sum(
        path.stat().st_size
        for path in (DATA / "sample").rglob("*")
        if path.is_file() and ".private" not in path.parts
    )
    assert size < 10_000_000


@pytest.mark.parametrize("market", FOLDERS)
def test_business_reports_hold_the_order_items_of_each_product_and_week(sample, market):
    orders = sample.orders(market)
    day = pd.to_datetime(orders["day"])
    orders["monday"] = (day - pd.to_timedelta(day.dt.day_of_week, unit="D")).dt.strftime("%Y-%m-%d")
    expected = orders.groupby(["monday", "asin"]).agg(
        items=("asin", "size"), units=("quantity", lambda values: values.astype(int).sum())
    )
    found = []
    if market == "DE":
        folder = sample.folder / "amazon" / "Deutschland" / "Statistiken"
        periods = sample.table(folder / "periods.csv")
        files = [(row.start, folder / row.file) for row in periods.itertuples()]
        names = ("(Untergeordnete) ASIN", "Zahl der Bestellposten", "Bestellte Einheiten")
    else:
        paths = sample.files(f"{market}/business-reports/*/*")
        files = [(path.parent.name[:10], path) for path in paths if "(1)" not in path.name]
        names = ("(child) asin", "total order items", "units ordered")
    for monday, path in files:
        table = sample.table(path)
        if market != "DE":
            table.columns = table.columns.str.lower()
        child, items, units = (table[name] for name in names)
        found.append(
            pd.DataFrame(
                {
                    "monday": monday,
                    "asin": child,
                    "items": items.str.replace(",", "").astype(int),
                    "units": units.str.replace(",", "").astype(int),
                }
            )
        )
    found = pd.concat(found).set_index(["monday", "asin"])
    assert found.index.is_unique
    assert len(files) == 103
    expected = expected.loc["2024-11-04":"2026-10-19"]
    pd.testing.assert_frame_equal(
        found[found["items"] > 0].sort_index(), expected.sort_index(), check_dtype=False
    )


@pytest.mark.parametrize("market", FOLDERS)
def test_the_daily_json_counts_the_order_items_of_each_local_day(sample, market):
    orders, daily = sample.orders(market), sample.daily(market)
    assert len(daily) == 730
    items = orders.groupby("day").size().reindex(daily.index, fill_value=0)
    assert (items == daily["items"]).all()
    units = orders["quantity"].astype(int).groupby(orders["day"]).sum()
    assert (units.reindex(daily.index, fill_value=0) == daily["units"]).all()
    # A pending order's price is blank in the orders file only.
    shipped = orders[orders["item-price"] != ""]
    sales = shipped["item-price"].astype(float).groupby(shipped["day"]).sum().round(2)
    days = daily.index[daily.index < "2026-10-30"]
    assert (sales.reindex(days, fill_value=0) - daily.loc[days, "sales"]).abs().max() < 0.01


def test_weekly_sessions_of_all_products_are_the_days_of_that_week(sample):
    (path,) = sample.files("UK/business-reports/2026-03-09_2026-03-15/*")
    weekly = sample.table(path)
    total = weekly["Sessions – Total"].str.replace(",", "").astype(int).sum()
    assert total == sample.daily("UK").loc["2026-03-09":"2026-03-15", "sessions"].sum()


@pytest.mark.parametrize("market", FOLDERS)
def test_the_daily_json_counts_the_feedback_of_each_day(sample, negatives, market):
    daily = sample.daily(market)
    seen = negatives[negatives["marketplace"] == market].drop_duplicates("order_id")
    bad = seen[seen["rating"].isin(["1", "2"])].groupby("date").size()
    assert (bad.reindex(daily.index, fill_value=0) == daily["negative"]).all()
    if market == "US":
        log = sample.feedback("amazon/US/feedback/seller-feedback-log.csv")
        received = log.groupby("date").size().reindex(daily.index, fill_value=0)
        assert (received == daily["received"]).all()


def test_the_uk_totals_follow_from_the_days_without_removed_rows(sample, negatives):
    totals = sample.table(sample.folder / "amazon/UK/feedback-manager-totals.csv")
    totals = totals.set_index("window")
    daily = sample.daily("UK")
    uk = negatives[negatives["marketplace"] == "UK"].drop_duplicates("order_id")
    gone = set(uk.loc[uk["gone"] == "yes", "order_id"])
    assert len(gone) == 3
    kept = uk[~uk["order_id"].isin(gone)]
    for window, start in (("30 days", "2026-10-02"), ("lifetime", "2024-11-01")):
        rows = kept[kept["date"] >= start]
        assert int(totals.loc[window, "negative"]) == rows["rating"].isin(["1", "2"]).sum()
        assert int(totals.loc[window, "neutral"]) == (rows["rating"] == "3").sum()
    received = daily["received"].sum()
    assert totals.loc["lifetime", ["positive", "neutral", "negative"]].astype(int).sum() == (
        received - 3
    )


def test_removed_rows_are_in_the_older_uk_download_only(sample, negatives):
    gone = set(negatives.loc[negatives["gone"] == "yes", "order_id"])
    older = sample.feedback("amazon/UK/feedback/feedback-2026-06-30.txt")
    newer = sample.feedback("amazon/UK/feedback/feedback-2026-10-31.txt")
    assert gone <= set(older["order_id"])
    assert not gone & set(newer["order_id"])
    both = older[older["date"] >= "2025-11-01"]
    assert set(both["order_id"]) - set(newer["order_id"]) == gone


def test_feedback_belongs_to_a_shipped_order_and_comes_within_ninety_days(sample, negatives):
    orders = pd.concat([sample.orders(market) for market in FOLDERS], ignore_index=True)
    log = sample.feedback("amazon/US/feedback/seller-feedback-log.csv")
    left = pd.concat([log, negatives])[["order_id", "date"]].drop_duplicates()
    assert left["order_id"].is_unique
    first = orders.drop_duplicates("amazon-order-id").set_index("amazon-order-id")
    own = first.loc[left["order_id"]]
    assert set(own["order-status"]) == {"Shipped"}
    waited = (pd.to_datetime(left["date"].to_numpy()) - pd.to_datetime(own["day"])).dt.days
    assert waited.between(3, 90).all()
    assert waited.between(4, 45).mean() > 0.85


def test_returns_and_shipments_belong_to_orders_of_their_channel(sample):
    for market, folder in FOLDERS.items():
        orders = sample.orders(market)
        grouped = orders.groupby("amazon-order-id")["fulfillment-channel"]
        assert (grouped.nunique() == 1).all()
        channel = grouped.first()
        encoding = "utf-8" if market == "US" else "cp1252"
        for pattern, column, expected in (
            ("fbm-returns*", "Order ID", "Merchant"),
            ("fba-returns*.txt", "order-id", "Amazon"),
            ("AmazonFulfilled*", "amazon-order-id", "Amazon"),
        ):
            for path in sample.files(f"{folder}/*/{pattern}"):
                code = encoding if "Fulfilled" in path.name else "utf-8"
                table = sample.table(path, code, tabs=True)
                assert channel.loc[table[column]].eq(expected).all()


def test_shares_of_marketplaces_and_channels_are_as_stated(sample):
    orders = pd.concat([sample.orders(market) for market in FOLDERS], keys=FOLDERS)
    one = orders.drop_duplicates("amazon-order-id")
    assert 38_000 <= len(one) <= 42_000
    share = one.groupby(level=0).size() / len(one)
    assert share.round(2).to_dict() == pytest.approx({"US": 0.62, "UK": 0.22, "DE": 0.16}, abs=0.03)
    assert (one["fulfillment-channel"] == "Amazon").mean() == pytest.approx(0.6, abs=0.05)
    assert one["asin"].nunique() >= 150
    assert (orders["sku"] == "NA").any()
    assert orders["sku"].str.startswith("00").any()


def test_ratings_are_those_of_a_shop_below_the_target(sample, negatives):
    received = sum(sample.daily(market)["received"].sum() for market in FOLDERS)
    low = negatives.drop_duplicates("order_id")
    assert received >= 4_000
    assert 600 <= len(low) <= 680
    assert 0.84 <= 1 - len(low) / received <= 0.88


def test_every_comment_under_four_stars_is_written_by_hand_and_used_once(negatives):
    low = negatives.drop_duplicates("order_id")
    words = low[low["comment"] != ""]
    assert words["comment"].nunique() == len(words) >= 450
    assert words["language"].str[:2].nunique() >= 6


def test_ratings_without_words_under_four_stars_begin_when_amazon_allowed_them(negatives):
    silent = negatives[negatives["comment"] == ""].drop_duplicates("order_id")
    assert silent["date"].min() >= "2025-08-04"
    later = negatives[negatives["date"] >= "2025-08-04"].drop_duplicates("order_id")
    assert 0.2 <= len(silent) / len(later) <= 0.32


def test_the_truth_points_at_the_right_rows(negatives):
    assert (negatives["rating"] == negatives["rating_written"]).all()
    assert (negatives["date"] == negatives["date_written"]).all()
    assert negatives["questions"].ne("").all()


def test_each_event_shows_in_its_time_and_place(sample, negatives):
    low = negatives.drop_duplicates("order_id")
    asked = low.assign(first=low["questions"].str.split(";").str[0])

    def rate(question, start, end):
        inside = asked[asked["date"].between(start, end)]
        days = (pd.Timestamp(end) - pd.Timestamp(start)).days + 1
        return (inside["first"] == question).sum() / days

    calm = rate("packaging", "2025-01-01", "2026-03-01")
    assert rate("packaging", "2026-03-25", "2026-06-01") > 3 * calm
    assert rate("shipping_speed", "2026-07-20", "2026-10-10") > 2 * rate(
        "shipping_speed", "2026-02-01", "2026-06-30"
    )
    assert rate("email_response", "2025-12-22", "2026-01-20") > 4 * rate(
        "email_response", "2025-03-01", "2025-11-30"
    )
    events = set(sample.truth("events")["event"])
    assert events == {
        "packaging_fault", "slow_carrier", "unanswered_email", "counterfeit", "first_review",
    }  # fmt: skip
    for event in sorted(events - {"first_review"}):
        assert (low["event"] == event).sum() >= 15, event


def test_sixty_families_get_their_first_review_inside_and_twenty_stay_without(sample):
    effect = sample.truth("effect").set_index("parent_asin")
    counts = effect["kind"].value_counts()
    assert len(effect) >= 100
    assert counts["switcher"] >= 60
    assert counts["never"] >= 20
    reviews = sample.table(sample.folder / "amazon/reviews/reviews.csv")
    reviews["count"] = reviews["review_count"].astype(int)
    first = reviews[reviews["count"] > 0].groupby("asin")["date"].min()
    switching = effect[effect["kind"] == "switcher"]
    day = pd.to_datetime(first.loc[switching.index])
    # The first week that begins with a review is the one after the review came.
    next_monday = day + pd.to_timedelta(7 - day.dt.day_of_week, unit="D")
    assert (next_monday.dt.strftime("%Y-%m-%d") == switching["first_review_week"]).all()
    assert not set(first.index) & set(effect.index[effect["kind"] == "never"])
    assert not reviews.duplicated(["asin", "date"]).any()


def test_no_file_holds_personal_data_of_anyone(sample):
    for path in sorted(sample.folder.rglob("*")):
        if path.is_file():
            data = path.read_bytes()
            text = (gzip.decompress(data) if path.suffix == ".gz" else data).decode("latin-1")
            assert set(re.findall(r"[\w.-]+@([\w.-]+\w)", text)) <= {"example.com"}, path
            assert set(re.findall(r"\b(\d{3})-\d{7}-\d{7}\b", text)) <= {"000"}, path


def test_the_working_list_covers_most_of_the_older_feedback(sample, negatives):
    cases = sample.table(sample.folder / "cases.csv")
    low = negatives.drop_duplicates("order_id")
    old = low[low["date"] <= "2026-10-10"]
    assert set(cases["order_id"]) <= set(old["order_id"])
    assert len(cases) / len(old) == pytest.approx(0.85, abs=0.05)
    assert cases["owner"].str.len().max() == 1


def test_one_us_week_was_downloaded_twice_and_some_uk_files_were_saved_again(sample):
    (again,) = sample.files("US/business-reports/*/*(1).csv")
    assert again.read_bytes() == again.with_name(again.name.replace(" (1)", "")).read_bytes()
    ends = [b"\r\n" in path.read_bytes() for path in sample.files("UK/business-reports/*/*.csv")]
    assert 0 < sum(ends) < len(ends)


def test_a_lone_quotation_mark_stands_before_one_uk_comment(sample):
    newest = sample.feedback("amazon/UK/feedback/feedback-2026-10-31.txt")
    lone = newest["comment"].str.startswith('"') & (newest["comment"].str.count('"') == 1)
    assert lone.sum() == 1


def test_a_folder_that_no_sample_wrote_is_left_alone(tmp_path):
    (tmp_path / "mine.txt").write_text("mine", encoding="utf-8")
    with pytest.raises(ValueError, match="holds no sample shop"):
        write_sample(tmp_path, scale=0.05)
    assert (tmp_path / "mine.txt").read_text(encoding="utf-8") == "mine"
