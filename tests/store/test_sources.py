"""Tables that shop.toml names under [data] give what Amazon's files give."""

import re

import duckdb
import pandas as pd
import pytest

from feedback_analysis import ReportError, read_folder, tables
from feedback_analysis.amazon.folder import inspect_folder
from feedback_analysis.store import shop_data
from tests.amazon import files
from tests.scale.condensing import condensed
from tests.store.shops import SHOP, TOML, write_shop

LARGE = ("feedback", "orders", "shipments", "returns")


@pytest.fixture(scope="module")
def ordinary(tmp_path_factory):
    return read_folder(write_shop(tmp_path_factory.mktemp("ordinary") / "shop", SHOP))


def with_data(folder, frames, data, *, months=("2026-09", "2026-10", "2026-11")):
    """Write a shop whose tables are Parquet folders, a file a month."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, frame in frames.items():
        day = next(column for column in frame if frame[column].dtype.kind == "M")
        (folder / name).mkdir(exist_ok=True)
        for month in months:
            part = frame[frame[day].dt.strftime("%Y-%m") == month]
            if len(part):
                part.to_parquet(folder / name / f"{month}.parquet")
    (folder / "shop.toml").write_text(f"{TOML}[data]\n{data}\n")
    return folder


def named(*names):
    return "".join(f'{name} = "{name}"\n' for name in names)


def assert_counts_alike(one, other):
    one = condensed(one) if other.is_condensed else one
    for name, table in one.tallies.tables().items():
        pd.testing.assert_frame_equal(table, other.tallies.table(name), obj=name)


def assert_adds_up(shop):
    counted = shop.ledger.dropna(subset="rows_read")
    assert (counted["rows_read"] == counted["rows_kept"] + counted["rows_set_aside"]).all()


FRAMES = ("feedback", "orders")


def frames_of(shop):
    return {name: getattr(shop, name) for name in FRAMES}


@pytest.mark.parametrize("whole", [True, False])
def test_parquet_folders_give_the_same_shop(whole, ordinary, tmp_path):
    data = named(*FRAMES) + f"whole = {str(whole).lower()}"
    shop = read_folder(with_data(tmp_path / "shop", frames_of(ordinary), data))
    assert shop.is_condensed is not whole
    assert_counts_alike(ordinary, shop)
    assert_adds_up(shop)
    if whole:
        pd.testing.assert_frame_equal(shop.feedback, ordinary.feedback)
    else:
        expected = condensed(ordinary)
        for name in FRAMES:
            columns = list(getattr(expected, name))
            pd.testing.assert_frame_equal(
                getattr(expected, name).sort_values(columns, ignore_index=True),
                getattr(shop, name).sort_values(columns, ignore_index=True),
            )
        for name in LARGE:
            tables.validate(name, getattr(shop, name))


def test_a_duckdb_file_gives_the_same_shop(ordinary, tmp_path):
    import duckdb

    folder = tmp_path / "shop"
    folder.mkdir()
    with duckdb.connect(str(folder / "warehouse.duckdb")) as connection:
        connection.execute("CREATE SCHEMA seller")
        for name, frame in frames_of(ordinary).items():
            connection.register("given", frame.astype({"order_key": object}))
            connection.execute(f"CREATE TABLE seller.{name} AS SELECT * FROM given")
    named_tables = "".join(f'{name} = "seller.{name}"\n' for name in FRAMES)
    data = f'duckdb = "warehouse.duckdb"\n{named_tables}whole = false'
    shop = read_folder(with_data(folder, {}, data))
    assert shop.is_condensed
    assert_counts_alike(ordinary, shop)
    assert shop.ledger["encoding"].dropna().unique().tolist() == ["DuckDB warehouse.duckdb"]


def test_a_month_delivered_twice_and_orders_across_months_count_once(ordinary, tmp_path):
    folder = with_data(tmp_path / "shop", frames_of(ordinary), named(*FRAMES) + "whole = false")
    once = read_folder(folder)
    for name, month in (("feedback", "2026-10"), ("orders", "2026-09")):
        rows = pd.read_parquet(folder / name / f"{month}.parquet")
        rows.to_parquet(folder / name / "delivered again.parquet")
    # A feedback that a later month tells again, with its day moved.
    moved = ordinary.feedback.dropna(subset="order_key").iloc[:1]
    later = moved["last_seen"] + pd.Timedelta(days=40)
    moved.assign(last_seen=later).to_parquet(folder / "feedback" / "2026-12.parquet")
    twice = read_folder(folder)
    assert once.tallies.feedback["n"].sum() == twice.tallies.feedback["n"].sum()
    pd.testing.assert_frame_equal(once.tallies.orders, twice.tallies.orders)
    assert_adds_up(twice)
    assert "delivered again" in " ".join(twice.set_aside["reason"])


def test_order_ids_become_keys_and_comments_are_masked(ordinary, tmp_path):
    raw = {
        "feedback": pd.DataFrame(
            {
                "Date": pd.to_datetime(["2026-10-01", "2026-10-02"]),
                "rating": [1, 5],
                "comment": ["write to jo@example.com", "fine"],
                "order_key": [files.ORDER(1), files.ORDER(2)],
                "buyer_email": ["jo@example.com"] * 2,
            }
        ),
        "orders": pd.DataFrame(
            {"order_key": [files.ORDER(1), files.ORDER(2)],
             "purchase_date": pd.to_datetime(["2026-09-20", "2026-09-21"])}
        ),
    }  # fmt: skip
    shop = read_folder(with_data(tmp_path / "shop", raw, named(*FRAMES) + "whole = false"))
    assert shop.feedback["comment"].tolist() == ["write to [e-mail]", "fine"]
    assert shop.feedback["order_key"].str.fullmatch("o[0-9a-f]{16}").all()
    assert set(shop.feedback["order_key"]) <= set(shop.orders["order_key"])
    assert shop.tallies.orders["orders"].sum() == 2
    assert len(shop.tallies.answered)
    known = (tmp_path / "shop" / ".private" / "order-keys.csv").read_text()
    assert files.ORDER(1) in known


def test_values_that_are_none_set_their_row_aside(ordinary, tmp_path):
    frame = pd.DataFrame(
        {
            "date": pd.to_datetime(["2026-10-01", "2026-10-02", None, "2026-10-04"]),
            "rating": [1.0, 4.5, 3.0, 7.0],
            "marketplace": "US",
        }
    )
    (tmp_path / "feedback").mkdir()
    frame.to_parquet(tmp_path / "feedback" / "a.parquet")
    shop = read_folder(with_data(tmp_path, {}, named("feedback")))
    assert shop.feedback["rating"].tolist() == [1]
    assert shop.set_aside.set_index("reason")["rows"].to_dict() == {
        "column 'date': missing, or not a day": 1,
        "column 'rating': missing, or not a whole number from 1 to 5": 2,
    }
    assert_adds_up(shop)


def read_table(folder, query, *, data='feedback = "feedback"\n'):
    """Read a shop whose feedback is what a query gives."""
    (folder / "feedback").mkdir()
    duckdb.sql(query).write_parquet(str(folder / "feedback" / "a.parquet"))
    (folder / "shop.toml").write_text(f"{TOML}[data]\n{data}")
    return read_folder(folder)


def test_days_as_texts_are_read_in_one_form_alone(tmp_path):
    days = "['2026-10-31', '10/05/26', '2026-11-01 23:10:00', '05.10.2026', '26-10-05']"
    shop = read_table(tmp_path, f"SELECT unnest({days}) AS date, 1 AS rating, 'US' AS marketplace")
    assert [f"{day:%Y-%m-%d}" for day in shop.feedback["date"]] == ["2026-10-31", "2026-11-01"]
    assert shop.set_aside["rows"].tolist() == [3]
    assert_adds_up(shop)


def test_marketplaces_have_their_codes_however_they_are_spelt(tmp_path):
    places = "['UK', 'gb', 'Amazon.de', 'A1F83G8C2ARO7P', 'Non-Amazon', NULL]"
    shop = read_table(
        tmp_path, f"SELECT DATE '2026-10-31' AS date, 1 AS rating, unnest({places}) AS marketplace"
    )
    assert shop.feedback["marketplace"].fillna("").value_counts().to_dict() == {
        "UK": 3, "DE": 1, "Non-Amazon": 1, "": 1,
    }  # fmt: skip
    assert "Non-Amazon" in shop.ledger["note"].iloc[0]


def test_another_column_in_the_place_of_the_marketplace_is_refused_and_not_shown(tmp_path):
    with pytest.raises(ReportError, match="no marketplace") as refused:
        read_table(
            tmp_path,
            "SELECT DATE '2026-10-31' AS date, 1 AS rating, 'jo' || i AS buyer FROM range(50) t(i)",
            data='feedback = "feedback"\n[data.columns.feedback]\nmarketplace = "buyer"\n',
        )
    assert "jo1" not in str(refused.value)


BUYERS = "'ann@example.com', '000-1234567-7654321'"
ONE_STAR = "SELECT DATE '2026-10-31' AS date, 1 AS rating, unnest([{}]) AS marketplace"


def test_a_few_buyers_in_the_place_of_the_marketplace_are_refused_and_not_shown(tmp_path):
    with pytest.raises(ReportError, match="2 values that are no marketplace") as refused:
        read_table(tmp_path, ONE_STAR.format(BUYERS))
    assert not {"ann", "1234567"} & set(re.split(r"\W", str(refused.value)))


def test_a_buyer_among_the_marketplaces_is_masked_in_table_and_ledger(tmp_path):
    shop = read_table(tmp_path, ONE_STAR.format(f"'US', {BUYERS}"))
    told = shop.ledger.to_csv() + shop.feedback.to_csv()
    assert "[e-mail]" in told
    assert not {"ann", "1234567"} & set(re.split(r"\W", told))


@pytest.mark.parametrize("whole", ["true", "false"])
def test_personal_data_where_a_code_belongs_is_masked_in_tables_and_tallies(whole, tmp_path):
    skus = "['ann@example.com', 'bob@example.com', 'MUG-1']"
    with duckdb.connect(str(tmp_path / "shop.duckdb")) as held:
        held.execute(
            "CREATE TABLE orders AS SELECT '000-0000000-000000' || i AS order_key, "
            "DATE '2026-10-01' AS purchase_date, 'US' AS marketplace, "
            f"{skus}[i] AS sku, '+1 415 555 0142' AS asin, 'seller' AS channel, "
            "1 AS quantity, 'Shipped' AS status FROM range(1, 4) t(i)"
        )
        held.execute(
            "CREATE TABLE feedback AS SELECT order_key, DATE '2026-10-09' AS date, 1 AS rating, "
            "'US' AS marketplace FROM orders"
        )
    data = f'duckdb = "shop.duckdb"\nfeedback = "feedback"\norders = "orders"\nwhole = {whole}\n'
    (tmp_path / "shop.toml").write_text(f"{TOML}[data]\n{data}")
    shop = read_folder(tmp_path)
    for name, table in {**shop.tallies.tables(), "of the shop": shop.orders}.items():
        told = table.to_csv()
        assert not {"ann", "bob", "0142"} & set(re.split(r"\W", told)), name
    products = shop.tallies.products
    assert sorted(products["sku"]) == sorted(shop.orders["sku"])
    assert products["orders"].tolist() == [1, 1, 1]


def test_a_view_over_a_table_that_is_called_as_ours(tmp_path):
    with duckdb.connect(str(tmp_path / "shop.duckdb")) as held:
        held.execute("CREATE TABLE feedback (date DATE, rating INT, marketplace TEXT)")
        held.execute("INSERT INTO feedback VALUES ('2026-10-30', 1, 'US'), ('2026-10-31', 2, 'UK')")
        held.execute("CREATE SCHEMA clean")
        held.execute("CREATE VIEW latest AS SELECT * FROM feedback WHERE rating = 1")
        held.execute("CREATE VIEW clean.latest AS SELECT * FROM main.feedback WHERE rating = 1")
    for view in ("latest", "clean.latest"):
        for whole in ("true", "false"):
            data = f'duckdb = "shop.duckdb"\nfeedback = "{view}"\nwhole = {whole}\n'
            (tmp_path / "shop.toml").write_text(f"{TOML}[data]\n{data}")
            shop = read_folder(tmp_path)
            assert shop.feedback["rating"].tolist() == [1]
            assert shop.tallies.feedback["n"].sum() == 1


def test_a_file_that_is_no_database_says_what_duckdb_says(tmp_path):
    (tmp_path / "shop.duckdb").write_text("no database " * 1000)
    (tmp_path / "shop.toml").write_text(f'{TOML}[data]\nduckdb = "shop.duckdb"\nfeedback = "f"\n')
    with pytest.raises(ReportError, match="cannot be opened") as refused:
        read_folder(tmp_path)
    assert "not a valid DuckDB" in refused.value.found


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ('feedback = "nowhere"', ("nowhere", "no Parquet file", "no such folder")),
        ('feedback = "no*.parquet"', ("no Parquet file", "no file that the pattern fits")),
        ('duckdb = "no.duckdb"\nfeedback = "feedback"', ("no.duckdb", "cannot be opened")),
        ('orders = "feedback"', ("'order_key'", "purchase_date", "[data.columns.orders]")),
        (
            'feedback = "feedback"\n[data.columns.feedback]\nrating = "stars"',
            ("'stars'", "rating"),
        ),
        (
            'feedback = "feedback"\n[data.columns.feedback]\nratng = "rating"',
            ("Did you mean 'rating'?",),
        ),
        ('feedbak = "feedback"', ("Did you mean 'feedback'?", "shop.toml")),
        ('duckdb = "a"\nspark = "b"\nfeedback = "c"', ("not both",)),
    ],
)
def test_what_is_wrong_is_told_with_its_place_and_remedy(data, words, tmp_path):
    pd.DataFrame({"date": pd.to_datetime(["2026-10-01"]), "rating": [5]}).to_parquet(
        tmp_path / "feedback.parquet"
    )
    (tmp_path / "feedback").mkdir()
    (tmp_path / "feedback.parquet").rename(tmp_path / "feedback" / "a.parquet")
    (tmp_path / "shop.toml").write_text(f"{TOML}[data]\n{data}\n")
    with pytest.raises(ReportError) as caught:  # noqa: PT011 - the words are checked below
        read_folder(tmp_path)
    for word in words:
        assert word in str(caught.value)


def test_a_table_from_two_places_is_refused(ordinary, tmp_path):
    folder = write_shop(tmp_path / "shop", {"a.txt": SHOP["a.txt"]})
    with_data(folder, frames_of(ordinary), named(*FRAMES))
    problems = inspect_folder(folder).problems
    assert len(problems) == 1
    assert "comes from a file" in problems[0].message


def test_too_little_memory_is_one_clear_message(ordinary, tmp_path, monkeypatch):
    folder = with_data(tmp_path / "shop", frames_of(ordinary), named(*FRAMES) + "whole = false")
    monkeypatch.setattr(shop_data, "MEMORY_OF_TABLES", "300KB")
    with pytest.raises(ReportError, match="could not be counted") as caught:
        read_folder(folder)
    assert "free memory" in str(caught.value)


def test_a_file_that_fails_while_it_is_counted_is_no_want_of_memory(
    ordinary, tmp_path, monkeypatch
):
    def fails(*_):
        raise duckdb.IOException("IO Error: orders.parquet is cut short")

    folder = with_data(tmp_path / "shop", frames_of(ordinary), named(*FRAMES) + "whole = false")
    monkeypatch.setattr(shop_data, "_raw", fails)
    with pytest.raises(ReportError, match="could not be read or written") as caught:
        read_folder(folder)
    assert "orders.parquet is cut short" in str(caught.value)
    assert "free memory" not in str(caught.value)


def test_a_table_that_cannot_be_read_is_not_called_missing(ordinary, tmp_path):
    folder = with_data(tmp_path, frames_of(ordinary), named(*FRAMES))
    for path in (folder / "feedback").iterdir():
        path.write_bytes(b"no parquet")
    found = inspect_folder(folder)
    assert len(found.problems) == 1
    first = found.shop.missing.iloc[0]
    assert first["what"] == (
        "feedback could not be read from where [data] of shop.toml says it lies"
    )
    assert "download" not in first["remedy"]
    assert "no returns" in set(found.shop.missing["what"])
