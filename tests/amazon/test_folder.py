"""A shop's folder: recognising files, the ledger, what is missing, snapshots, and until a day."""

import json
import stat
from datetime import date

import pandas as pd
import pytest

from feedback_analysis import read_folder
from feedback_analysis.amazon.folder import inspect_folder
from tests.amazon.files import (
    FEEDBACK,
    ORDER,
    ORDERS,
    assert_adds_up,
    commas,
    feedback,
    ledger_of,
    lines_of,
    make_shop,
    put,
    read_shop,
    row_of,
)

WINDOW = "2026-10-01_2026-10-31"
CHILD = commas(["(Child) ASIN", "Sessions - Total", "Units Ordered"], [["C", "10", "2"]])
US = "@marketplace.amazon.com"


def rated(day, stars="1", number=None, comment="late"):
    return [f"10/{day}/26", stars, comment, "", ORDER(number or day), f"a{day}{US}"]


def test_files_are_known_by_what_is_inside_whatever_they_are_called(tmp_path):
    orders = lines_of(ORDERS, [row_of(ORDERS, amazon_order_id=ORDER(1), quantity=1,
                                      purchase_date="2026-10-03T09:00:00+00:00")])  # fmt: skip
    shop = read_shop(
        tmp_path,
        {"orders.json": feedback(rated(13)), f"feedback.txt/{WINDOW}/x": CHILD, "no name": orders},
    )
    assert shop.ledger[["file", "report"]].values.tolist() == [
        [f"feedback.txt/{WINDOW}/x", "Business report by child ASIN"],
        ["no name", "All Orders"],
        ["orders.json", "Seller feedback"],
    ]


def test_every_row_of_the_ledger_adds_up(tmp_path):
    rows = [rated(13), rated(14, "six"), rated(15), ["soon", *rated(16)[1:]],
            [*rated(17), "", "extra"]]  # fmt: skip
    text = "\n".join("\t".join(row) for row in [FEEDBACK, *rows]) + "\n"
    shop = read_shop(tmp_path, {"a.txt": text})
    line = ledger_of(shop, "a.txt")
    assert (line["rows_read"], line["rows_kept"], line["rows_set_aside"]) == (5, 2, 3)
    assert (line["start"], line["end"]) == (pd.Timestamp("2026-10-13"), pd.Timestamp("2026-10-15"))
    assert (line["marketplace"], line["encoding"]) == ("US", "UTF-8")
    assert sorted(shop.set_aside["lines"]) == ["3", "5", "6"]


def test_files_of_the_system_and_ignored_ones_are_listed_and_not_read(tmp_path):
    files = {"a.txt": feedback(rated(13)), ".DS_Store": b"\0\0", "Thumbs.db": b"\0",
             "~$a.xlsx": b"\0", "notes/todo.md": "call them"}  # fmt: skip
    shop = read_shop(tmp_path, files, '[[files]]\npath = "notes/*"\nignore = true\n')
    left_out = shop.ledger[shop.ledger["report"] == "left out"]
    assert sorted(left_out["file"]) == [".DS_Store", "Thumbs.db", "notes/todo.md", "~$a.xlsx"]
    assert left_out["rows_read"].isna().all()


def test_a_path_in_shop_toml_that_fits_no_file_is_told(tmp_path):
    toml = '[[files]]\npath = "feedbak.txt"\nmarketplace = "US"\n'
    shop = read_shop(tmp_path, {"feedback.txt": feedback(rated(13))}, toml)
    assert shop.ledger["note"].str.contains("'feedbak.txt', which fits no file").any()


def test_a_file_that_lacks_its_period_is_not_called_missing(tmp_path):
    folder = make_shop(tmp_path, {"child.csv": CHILD})
    said = inspect_folder(folder).shop.missing
    assert not said["what"].str.startswith("no traffic by product").any()
    line = said[said["what"].str.startswith("traffic by product")].iloc[0]
    assert line["what"].endswith("is there, in 1 file, and lacks its period")
    assert line["remedy"].startswith("state the first and last day")
    put(folder, "amazon/periods.csv", "file,start,end\nchild.csv,2026-10-01,2026-10-31\n")
    assert not read_folder(folder).missing["what"].str.contains("traffic by product").any()


def test_an_empty_shop_has_every_table_and_says_what_is_missing(tmp_path):
    shop = read_shop(tmp_path, {})
    assert all(len(frame) == 0 for frame in shop.tables().values())
    assert len(shop.ledger) == len(shop.set_aside) == 0
    assert shop.missing["what"].tolist()[0] == "no seller feedback"
    assert (shop.missing != "").all(axis=None)
    assert shop.last_day is None
    assert repr(shop) == f"Shop({tmp_path.name!r}: no rows)"


def test_without_totals_the_shop_says_what_that_costs(tmp_path):
    shop = read_shop(tmp_path, {"a.txt": feedback(rated(13))})
    line = shop.missing[shop.missing["what"] == "no totals for US"].iloc[0]
    assert "positive share" in line["cost"]
    assert "[[totals]] of shop.toml" in line["remedy"]
    totals = "as_of,window,marketplace,positive,neutral,negative\n2026-10-31,365,US,9,1,1\n"
    shop = read_shop(tmp_path, {"totals.csv": totals})
    assert "no totals for US" not in shop.missing["what"].tolist()


def test_the_same_content_twice_counts_once(tmp_path):
    text = feedback(rated(13), rated(14))
    shop = read_shop(tmp_path, {"a.txt": text, "a (1).txt": "\ufeff" + text})
    assert len(shop.feedback) == 2
    second = ledger_of(shop, "a (1).txt")
    assert (second["rows_read"], second["rows_kept"]) == (2, 0)
    assert second["note"].endswith("counted once: same content as a.txt")


def test_a_business_report_downloaded_twice_counts_once(tmp_path):
    shop = read_shop(tmp_path, {f"{WINDOW}/a.csv": CHILD, f"{WINDOW}/a (1).csv": CHILD})
    assert shop.traffic["sessions"].tolist() == [10]


def test_the_finer_basis_wins_and_the_other_is_set_aside(tmp_path):
    parent = commas(["(Parent) ASIN", "Sessions - Total", "Units Ordered"], [["P", "11", "2"]])
    shop = read_shop(tmp_path, {f"{WINDOW}/a.csv": parent, f"{WINDOW}/b.csv": CHILD})
    assert shop.traffic["basis"].tolist() == ["child"]
    assert ledger_of(shop, f"{WINDOW}/a.csv")["rows_set_aside"] == 1


def test_marketplaces_may_share_a_window(tmp_path):
    shop = read_shop(
        tmp_path, {f"UK/{WINDOW}/a.csv": CHILD, f"DE/{WINDOW}/b.csv": CHILD.replace("10", "11")}
    )
    assert shop.traffic["marketplace"].tolist() == ["DE", "UK"]


def test_the_same_order_twice_in_one_file_counts_once_and_the_reason_is_true(tmp_path):
    shop = read_shop(tmp_path, {"a.txt": feedback(rated(13), rated(14, "2", number=13))})
    assert shop.feedback["rating"].tolist() == [2]
    assert shop.set_aside[["reason", "lines"]].values.tolist() == [
        ["the same feedback again, in a later line", "2"]
    ]


def test_rows_in_two_downloads_count_once(tmp_path):
    older = feedback(rated(13), rated(14))
    newer = feedback(rated(14), rated(20))
    shop = read_shop(tmp_path, {"new.txt": newer, "old.txt": older})
    assert shop.feedback["date"].dt.day.tolist() == [13, 14, 20]
    assert not shop.feedback["gone"].any()
    assert shop.set_aside[["file", "reason"]].values.tolist() == [
        ["old.txt", "also in a newer download"]
    ]
    row = shop.feedback.iloc[1]
    assert (row["first_seen"].day, row["last_seen"].day) == (14, 20)


def test_a_row_that_a_newer_download_no_longer_holds_is_gone(tmp_path):
    older = feedback(rated(13), rated(15), rated(16))
    newer = feedback(rated(13), rated(16), rated(20))
    shop = read_shop(tmp_path, {"old.txt": older, "new.txt": newer})
    assert shop.feedback["gone"].tolist() == [False, True, False, False]
    assert shop.ledger["note"].str.contains("1 feedback of US stood in an earlier download").any()


def test_a_row_before_the_newer_download_begins_is_not_gone(tmp_path):
    shop = read_shop(
        tmp_path, {"old.txt": feedback(rated(13)), "new.txt": feedback(rated(15), rated(20))}
    )
    assert not shop.feedback["gone"].any()


def test_five_stars_are_not_gone_from_a_download_of_one_to_three(tmp_path):
    full = feedback(rated(13), rated(14, "5"), rated(16))
    negatives = feedback(rated(13), rated(16), rated(20))
    shop = read_shop(tmp_path, {"full.txt": full, "neg.txt": negatives})
    assert not shop.feedback["gone"].any()


def test_star_only_feedback_stays_and_is_counted_in_the_ledger(tmp_path):
    shop = read_shop(tmp_path, {"a.txt": feedback(rated(13, comment=""), rated(14))})
    assert len(shop.feedback) == 2
    assert "1 with stars but no text" in ledger_of(shop, "a.txt")["note"]


def test_damaged_characters_are_told(tmp_path):
    rows = [
        rated(13, comment="zu sp\ufffdt"),
        rated(14, comment="Gr??e"),
        rated(15, comment="why??"),
    ]
    shop = read_shop(tmp_path, {"a.txt": feedback(*rows)})
    assert "2 comments with lost characters" in ledger_of(shop, "a.txt")["note"]


def test_spoilt_order_ids_of_feedback_are_told(tmp_path):
    rows = [rated(13), [*rated(14)[:4], "1.11123E+16", ""]]
    shop = read_shop(tmp_path, {"a.txt": feedback(*rows)})
    assert shop.feedback["order_key"].isna().tolist() == [False, True]
    assert "1 order id turned into numbers" in ledger_of(shop, "a.txt")["note"]


def test_until_a_day_keeps_that_day_and_leaves_later_ones_out(tmp_path):
    by_date = commas(["Date", "Sessions", "Units Ordered"], [["10/13/26", "1", "1"],
                                                            ["10/31/26", "2", "1"]])  # fmt: skip
    totals = (
        "as_of,window,marketplace,positive,neutral,negative\n"
        "2026-10-13,30 days,US,9,1,1\n2026-10-31,30 days,US,9,1,1\n"
    )
    files = {"US/a.txt": feedback(rated(13), rated(14)), "US/d.csv": by_date, "t.csv": totals,
             f"{WINDOW}/c.csv": CHILD}  # fmt: skip
    shop = read_shop(tmp_path, files)
    then = shop.until(date(2026, 10, 13))
    assert (len(then.feedback), len(then.daily), len(then.feedback_totals)) == (1, 1, 1)
    assert len(then.traffic) == 0
    assert (len(shop.feedback), len(shop.traffic)) == (2, 1)
    assert then.last_day == date(2026, 10, 13)
    assert len(shop.until(shop.last_day).feedback) == 2
    assert_adds_up(then)


def test_cases_beside_shop_toml_get_their_stars(tmp_path):
    folder = make_shop(tmp_path, {"a.txt": feedback(rated(13, "2"))})
    header = "Order ID,opened,owner,status,cost,currency,asked about removal,closed\n"
    first = f"{ORDER(13)},2026-10-14,Kim,open,12.50,USD,no,\n"
    put(folder, "cases.csv", f"{header}{first}{ORDER(99)},2026-10-15,,closed,,,yes,\n")
    cases = read_folder(folder).cases
    columns = ["case_id", "rating", "owner", "cost", "asked_about_removal"]
    name = f"case-{cases['order_key'][0][1:9]}"
    assert cases[columns].iloc[0].tolist() == [name, 2, "Kim", 12.5, False]
    assert cases["rating"].isna().tolist() == [False, True]
    assert cases["order_key"][0] == read_folder(folder).feedback["order_key"][0]


def test_ambiguous_days_of_cases_say_how_to_write_them(tmp_path):
    from feedback_analysis import ReportError

    folder = make_shop(tmp_path, {})
    put(folder, "cases.csv", f"order_id,opened\n{ORDER(1)},10/3/26\n")
    with pytest.raises(ReportError, match="write every day as 2026-10-31"):
        read_folder(folder)


def test_the_map_of_order_keys_is_private(tmp_path):
    shop = read_shop(tmp_path, {"a.txt": feedback(rated(13))})
    private = tmp_path / ".private"
    lines = (private / "order-keys.csv").read_text().splitlines()
    assert lines == ["order_key,order_id", f"{shop.feedback['order_key'][0]},{ORDER(13)}"]
    assert (private / ".gitignore").read_text() == "*\n"
    for name in ("order-keys.csv", "salt"):
        assert stat.S_IMODE((private / name).stat().st_mode) == 0o600
    assert stat.S_IMODE(private.stat().st_mode) == 0o700


def test_why_the_map_could_not_be_written_is_told(tmp_path, monkeypatch):
    def refuse(*_arguments):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("feedback_analysis.amazon.folder.write_key_map", refuse)
    shop = read_shop(tmp_path, {"US/a.txt": feedback(rated(13))})
    assert shop.ledger["note"].iloc[-1].endswith("could not be written: No space left on device")


def test_keys_stay_the_same_from_reading_to_reading_and_differ_between_shops(tmp_path):
    files = {"a.txt": feedback(rated(13))}
    first = read_shop(tmp_path / "one", files).feedback["order_key"][0]
    assert read_folder(tmp_path / "one").feedback["order_key"][0] == first
    assert read_shop(tmp_path / "two", files).feedback["order_key"][0] != first


def test_the_order_of_rows_does_not_depend_on_the_salt(tmp_path):
    rows = [rated(13 + n % 3, str(1 + n % 3), number=n, comment="same") for n in range(1, 30)]
    orders = [
        row_of(ORDERS, amazon_order_id=ORDER(n), quantity=1, sku=f"S{n % 2}", asin="B1",
               purchase_date="2026-10-03T09:00:00+00:00") for n in range(20)
    ]  # fmt: skip
    files = {"a.txt": feedback(*rows[:20]), "b.txt": feedback(*rows[10:]),
             "o.txt": lines_of(ORDERS, orders)}  # fmt: skip
    seen = []
    for salt in ("salt one", "another salt", "third"):
        shop = read_shop(tmp_path / salt, files, f'[privacy]\nsalt = "{salt}"\n')
        private = (tmp_path / salt / ".private/order-keys.csv").read_text()
        way_back = dict(line.split(",") for line in private.split())
        seen.append([shop.feedback["order_key"].map(way_back).tolist(),
                     shop.orders["order_key"].map(way_back).tolist()])  # fmt: skip
    assert seen[0] == seen[1] == seen[2]


def test_reading_twice_gives_the_same_tables(tmp_path):
    files = {"a.txt": feedback(rated(13), rated(14)), f"{WINDOW}/c.csv": CHILD,
             "b.json": json.dumps({"accountStatuses": [], "performanceMetrics": []})}  # fmt: skip
    first, second = read_shop(tmp_path, files), read_folder(tmp_path)
    for name, frame in first.tables().items():
        pd.testing.assert_frame_equal(frame, second.tables()[name])
    pd.testing.assert_frame_equal(first.ledger, second.ledger)


@pytest.mark.parametrize(
    ("of_others", "told"), [(12, "12 of its 12"), (7, "7 of its 12"), (6, None), (0, None)]
)
def test_feedback_of_another_seller_is_told_by_orders_that_it_does_not_find(
    tmp_path, of_others, told
):
    rows = [
        row_of(ORDERS, amazon_order_id=ORDER(number), quantity=1, sales_channel="Amazon.com",
               purchase_date=f"2026-{month}-03T09:00:00+00:00")
        for month, numbers in (("05", (99,)), ("10", range(1, 21)), ("11", (98,)))
        for number in numbers
    ]  # fmt: skip
    numbers = [500 + n if n <= of_others else n for n in range(1, 13)]
    files = {
        "US/orders.txt": lines_of(ORDERS, rows),
        "US/feedback.txt": feedback(*(rated(10 + n % 12, number=n) for n in numbers)),
        # Too few to say, and before the days whose orders are here.
        "US/few.txt": feedback(*(rated(25, number=n) for n in range(600, 609))),
        "US/old.txt": feedback(
            *([f"6/{n}/26", "1", "late", "", ORDER(700 + n), ""] for n in range(13, 29))
        ),
    }
    notes = read_shop(tmp_path, files).ledger["note"].dropna()
    found = [note for note in notes if "is it another shop's file" in note]
    assert [note.split(" feedbacks")[0] for note in found] == (
        [f"US/feedback.txt: {told}"] if told else []
    )
