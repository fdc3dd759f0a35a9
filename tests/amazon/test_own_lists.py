"""The seller's own lists: cases as CSV or workbook, in their own columns, and the log."""

import gzip

import openpyxl
import pandas as pd
import pytest

from feedback_analysis import ReportError, read_folder, tables
from feedback_analysis.amazon.cases import joined_cases
from tests.amazon.files import ORDER, feedback, make_shop, put
from tests.amazon.test_folder import rated


def workbook(path, rows):
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    path.parent.mkdir(parents=True, exist_ok=True)
    book.save(path)


def shop_of(tmp_path, toml=""):
    folder = make_shop(tmp_path, {"a.txt": feedback(rated(13, "2"))})
    if toml:
        path = folder / "shop.toml"
        before = path.read_text("utf-8") if path.is_file() else ""
        path.write_text(before + "\n" + toml, "utf-8")
    return folder


def test_a_workbook_of_cases_is_read_with_its_days_and_amounts(tmp_path):
    folder = shop_of(tmp_path)
    rows = [
        ["Order ID", "Opened", "Cost", "Currency", "Asked about removal", "Status"],
        [ORDER(13), pd.Timestamp("2026-10-14").to_pydatetime(), 12.345, "USD", "yes", "open"],
        [ORDER(14), "2026-10-15", "9.50", "USD", "2026-10-16, 2026-10-20", ""],
    ]
    workbook(folder / "cases.xlsx", rows)
    cases = read_folder(folder).cases
    assert cases["opened"].tolist() == [pd.Timestamp("2026-10-14"), pd.Timestamp("2026-10-15")]
    assert cases["cost"].tolist() == [12.345, 9.5]
    assert cases["removal_requests"].tolist() == [1, 2]
    assert cases["asked_about_removal"].tolist() == [True, True]
    assert cases["rating"].tolist()[0] == 2


def test_of_a_list_that_we_wrote_only_what_somebody_worked_on_is_a_case(tmp_path):
    folder = shop_of(tmp_path)
    text = f"Next step,Owner,Status,Order id\nx,,,{ORDER(13)}\nx,Kim,,{ORDER(14)}\n"
    put(folder, "cases.csv", text)
    assert read_folder(folder).cases["owner"].tolist() == ["Kim"]


@pytest.mark.parametrize("place", ["tracker.xlsx", "amazon/tracker.xlsx"])
def test_a_spreadsheet_of_the_sellers_own_is_taken_over_by_its_columns(tmp_path, place):
    toml = (
        '[[files]]\npath = "tracker.xlsx"\nreport = "cases"\n'
        'columns = { order_id = "Bestellnr.", owner = "Wer", closed = "Zu am" }\n'
    )
    folder = shop_of(tmp_path, toml)
    workbook(
        folder / place,
        [["Bestellnr.", "Wer", "Zu am", "Regal"], [ORDER(13), "Kim", "2026-10-20", 4]],
    )
    shop = read_folder(folder)
    assert shop.cases[["owner", "rating"]].iloc[0].tolist() == ["Kim", 2]
    assert shop.cases["closed"].tolist() == [pd.Timestamp("2026-10-20")]
    assert not shop.ledger["note"].fillna("").str.contains("fits no file").any()


def test_a_column_that_is_not_there_is_named(tmp_path):
    toml = '[[files]]\npath = "t.csv"\nreport = "cases"\n'
    toml += 'columns = { order_id = "Nr", owner = "Who" }\n'
    folder = shop_of(tmp_path, toml)
    put(folder, "t.csv", f"Nr,Person\n{ORDER(13)},Kim\n")
    with pytest.raises(ReportError, match="no column for owner"):
        read_folder(folder)


def test_two_lists_are_joined_and_where_they_differ_it_is_told(tmp_path):
    folder = shop_of(tmp_path)
    put(
        folder,
        "cases.csv",
        f"order_id,owner,status,outcome\n{ORDER(13)},Lee,open,stays\n{ORDER(15)},Max,,\n",
    )
    workbook(folder / "cases.xlsx", [["order_id", "owner", "status"], [ORDER(13), "Kim", "open"]])
    shop = read_folder(folder)
    assert shop.cases["owner"].tolist() == ["Kim", "Max"]
    assert shop.cases["outcome"].tolist()[0] == "stays"
    assert "1 cell of cases.xlsx and cases.csv differ; cases.xlsx counts" in " ".join(
        shop.ledger["note"].dropna()
    )
    empty, notes = joined_cases([])
    assert empty.empty
    assert notes == []


def test_of_three_lists_the_one_that_holds_the_cell_is_named():
    def of(*rows):
        frame = pd.DataFrame(rows, columns=["order_key", "owner", "status"])
        return tables.finish("cases", frame.assign(case_id=frame["order_key"]))

    lists = [
        ("one", of(("a", "Kim", None))),
        ("two", of(("a", "Lee", "open"), ("b", "Max", "open"))),
        ("three", of(("a", None, "closed"), ("b", "Ann", "open"))),
    ]
    whole, notes = joined_cases(lists)
    assert whole[["owner", "status"]].to_numpy().tolist() == [["Kim", "open"], ["Max", "open"]]
    assert notes == [
        "1 cell of one and two differ; one counts",
        "2 cells of two and three differ; two counts",
    ]


@pytest.mark.parametrize(
    ("first", "second", "owners"),
    [("", "", []), ("", "Kim", ["Kim"]), ("Kim", "", ["Kim"]), ("Kim", "Kim", ["Kim"])],
)
def test_two_lists_of_ours_of_which_nobody_worked_on_one_or_both(tmp_path, first, second, owners):
    folder = shop_of(tmp_path)
    header = ["order_id", "owner", "next_step"]
    workbook(folder / "cases.xlsx", [header, [ORDER(13), first or None, "Answer"]])
    put(folder, "cases.csv", f"{','.join(header)}\n{ORDER(13)},{second},Answer\n")
    assert read_folder(folder).cases["owner"].tolist() == owners


@pytest.mark.parametrize(
    ("name", "content", "found"),
    [
        ("cases.xlsx", b"PK\x03\x04 broken", "11 bytes that begin like one"),
        ("cases.xlsx", b"\xd0\xcf\x11\xe0 old", "a workbook that only Excel opens"),
        ("cases.csv", b"order_id,owner\n\0\1\2", "binary data"),
        ("cases.csv", f"order_id,cost\n{ORDER(13)},Kim Moss".encode(), "a text of 8 characters"),
        ("cases.csv", f"order_id,closed\n{ORDER(13)},Kim Moss".encode(), "a text of 8 characters"),
        ("amazon/US/all.zip", b"PK\x03\x04 feedback.txt", "a zip archive"),
        ("amazon/US/all.xlsx", b"PK\x03\x04 xl/workbook", "an Excel workbook"),
        (
            "amazon/US/cut.gz",
            gzip.compress(b"x" * 5_000, mtime=0)[:30],
            "bytes unpacked, and then no more",
        ),
    ],
)
def test_what_cannot_be_read_says_what_is_expected_and_what_was_found(
    tmp_path, name, content, found
):
    folder = shop_of(tmp_path)
    put(folder, name, content)
    with pytest.raises(ReportError, match=r"\n  Expected: .*\n  Found: ") as caught:
        read_folder(folder)
    assert found in caught.value.found
    assert "Moss" not in str(caught.value)


def test_a_damaged_workbook_is_one_problem_with_its_name(tmp_path):
    folder = shop_of(tmp_path)
    (folder / "cases.xlsx").write_bytes(b"PK\x03\x04 broken")
    with pytest.raises(ReportError, match=r"cases\.xlsx.*cannot be read as a workbook"):
        read_folder(folder)


def test_the_log_of_requests_is_read(tmp_path):
    folder = shop_of(tmp_path)
    rows = f"{ORDER(13)},2026-10-20,Request a Review,\n{ORDER(14)},,,yes\n"
    put(folder, "asks.csv", f"Order ID,Asked,How,Held out\n{rows}")
    asks = read_folder(folder).asks
    assert asks["asked"].tolist()[0] == pd.Timestamp("2026-10-20")
    assert asks["held_out"].tolist() == [False, True]
    put(folder, "asks.csv", "\n\norder_id,when\n1,2\n")
    with pytest.raises(ReportError, match=r"asks.csv, line 3: .*no column asked"):
        read_folder(folder)
    put(folder, "asks.csv", f"order_id,asked\n{ORDER(13)},soon\n")
    with pytest.raises(ReportError, match=r"asks\.csv"):
        read_folder(folder)


def remarks(folder):
    return "; ".join(read_folder(folder).ledger["note"].dropna())


def test_what_of_the_log_is_not_read_is_told(tmp_path):
    folder = shop_of(tmp_path)
    put(folder, "asks.csv", f"order_id,asked\n{ORDER(13)},2026-10-20\n,2026-10-21\n")
    assert len(read_folder(folder).asks) == 1
    assert "1 row of asks.csv without an order id: left out" in remarks(folder)
    workbook(folder / "asks.xlsx", [["order_id", "asked"], [ORDER(14), "2026-10-22"]])
    assert read_folder(folder).asks["asked"].tolist() == [pd.Timestamp("2026-10-22")]
    assert "asks.csv is not read: the log of requests is asks.xlsx" in remarks(folder)


def test_a_formula_of_the_log_that_nothing_worked_out_counts_as_empty(tmp_path):
    folder = shop_of(tmp_path)
    rows = [["order_id", "asked", "how"], [ORDER(13), "2026-10-20", '="by "&"mail"']]
    workbook(folder / "asks.xlsx", rows)
    assert read_folder(folder).asks["how"].isna().all()
    assert "1 cell of asks.xlsx with a formula count as empty" in remarks(folder)


def test_a_pattern_names_every_list_that_fits_it(tmp_path):
    folder = shop_of(tmp_path, '[[files]]\npath = "lists/*.csv"\nreport = "cases"\n')
    for name, number in (("a", 13), ("b", 14)):
        text = f"order_id,owner\n{ORDER(number)},{name}\n"
        put(folder, f"amazon/lists/{name}.csv", text)
    assert read_folder(folder).cases["owner"].tolist() == ["a", "b"]


def test_a_pattern_names_no_list_that_is_left_out(tmp_path):
    """A spreadsheet's mark of an open list, an old one that shop.toml ignores, periods.csv."""
    toml = '[[files]]\npath = "lists/*.csv"\nreport = "cases"\n'
    folder = shop_of(tmp_path, toml + '[[files]]\npath = "lists/old.csv"\nignore = true\n')
    for name, number in (("a", 13), ("old", 14)):
        put(folder, f"amazon/lists/{name}.csv", f"order_id,owner\n{ORDER(number)},{name}\n")
    put(folder, "amazon/lists/~$a.csv", "\x03Kim")
    put(folder, "amazon/lists/._a.csv", "\0\5\x16")
    put(folder, "amazon/lists/periods.csv", "file,start,end\n")
    assert read_folder(folder).cases["owner"].tolist() == ["a"]


def test_two_lists_of_one_name_are_told_apart(tmp_path):
    folder = shop_of(tmp_path, '[[files]]\npath = "*/mine.csv"\nreport = "cases"\n')
    for place in ("a", "b"):
        put(folder, f"amazon/{place}/mine.csv", f"order_id,owner\n{ORDER(13)},{place}\n")
    said = "1 cell of amazon/a/mine.csv and amazon/b/mine.csv differ; amazon/a/mine.csv counts"
    assert said in remarks(folder)


def test_two_logs_of_one_name_are_told_apart(tmp_path):
    folder = shop_of(tmp_path, '[[files]]\npath = "*/asks.csv"\nreport = "asks"\n')
    for place in ("asks.csv", "amazon/b/asks.csv"):
        put(folder, place, f"order_id,asked\n{ORDER(13)},2026-10-20\n")
    assert "amazon/b/asks.csv is not read: the log of requests is asks.csv" in remarks(folder)
