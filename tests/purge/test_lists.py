"""Lists of the shop's own: what a purge takes out of them, and what it says it cannot tell."""

from datetime import date

import pytest

from feedback_analysis.amazon.folder import read_folder
from feedback_analysis.purge import purge_shop
from tests.amazon.files import put
from tests.purge.shops import ID, write_shop


def test_a_list_that_shop_toml_leaves_out_is_taken_care_of_all_the_same(tmp_path):
    shop = write_shop(tmp_path / "shop")
    toml = '\n[[files]]\npath = "lists/*.csv"\nreport = "cases"\n'
    with (shop / "shop.toml").open("a") as file:
        file.write(toml + '[[files]]\npath = "lists/old.csv"\nignore = true\n')
    put(shop, "amazon/lists/old.csv", f"order_id,owner\n{ID},Kim\n")
    done = purge_shop(shop, order_id=ID, downloads=True)
    assert done.left == []
    assert ID not in (shop / "amazon" / "lists" / "old.csv").read_text()


@pytest.mark.parametrize(
    ("heading", "days"),
    [
        ("opened", ("14.10.2026", "15.10.2026")),
        ("Opened", ("10/14/2026", "10/15/2026")),
        ("Begonnen", ("2026-10-14T08:00", "2026-10-15 08:00")),
    ],
)
def test_the_days_of_a_list_are_read_as_its_reader_does(tmp_path, heading, days):
    shop = write_shop(tmp_path / "shop")
    with (shop / "shop.toml").open("a") as file:
        file.write('\n[[files]]\npath = "mine.csv"\nreport = "cases"\n')
        if heading == "Begonnen":
            file.write('columns = { opened = "Begonnen" }\n')
    orders = [f"000-5555555-{number:07}" for number in range(2)]
    rows = "".join(f"{order},{day}\n" for order, day in zip(orders, days, strict=True))
    put(shop, "mine.csv", f"order_id,{heading}\n{rows}")
    opened = read_folder(shop).cases["opened"].dropna()
    assert [f"{day:%Y-%m-%d}" for day in opened] == ["2026-10-14", "2026-10-15"]
    done = purge_shop(shop, before=date(2026, 10, 15))
    text = (shop / "mine.csv").read_text()
    assert orders[0] not in text
    assert orders[1] in text
    assert not [why for name, why in done.left if name == "mine.csv"]


def test_a_list_whose_days_have_two_meanings_is_told(tmp_path):
    shop = write_shop(tmp_path / "shop")
    order = "000-5555555-0000001"
    put(shop, "cases.csv", f"order_id,opened\n{order},01/02/2026\n")
    done = purge_shop(shop, before=date(2026, 10, 15))
    assert next(why for name, why in done.left if name == "cases.csv").startswith("its days cannot")
    assert order in (shop / "cases.csv").read_text()


def test_the_first_day_of_a_row_that_can_be_read_decides_and_one_without_is_told(tmp_path):
    shop = write_shop(tmp_path / "shop")
    rows = [
        ",2026-10-14", "44000,2026-10-14", "2026-10-16,2026-10-14", "October 2020,", ",",
        "soon,2026-10-16",
    ]  # fmt: skip
    orders = [f"000-5555555-{number:07}" for number in range(len(rows))]
    lines = [f"{order},{row}\n" for order, row in zip(orders, rows, strict=True)]
    put(shop, "cases.csv", "order_id,feedback_day,opened\n" + "".join(lines))
    for dry_run in (True, False):
        done = purge_shop(shop, before=date(2026, 10, 15), dry_run=dry_run)
        assert [why for name, why in done.left if name == "cases.csv"] == [
            "the day of 1 row cannot be read, so it is not known if early"
        ]
    text = (shop / "cases.csv").read_text()
    assert [order in text for order in orders] == [False, False, True, True, True, True]
