"""What spoilt files and hostile texts brought to light, each in its smallest form."""

import gzip
import io
import zipfile
from datetime import date

import pandas as pd
import pytest

from feedback_analysis import ReportError
from feedback_analysis.amazon.batch import Facts
from feedback_analysis.amazon.decode import read_content
from feedback_analysis.amazon.facts import read_periods
from feedback_analysis.amazon.file import read_file
from feedback_analysis.amazon.folder import inspect_folder
from feedback_analysis.amazon.numbers import count, money, percent
from feedback_analysis.cases import fixes
from feedback_analysis.causes.files import label_file
from feedback_analysis.causes.lexicon import _Node
from feedback_analysis.causes.taxonomy import read_taxonomy
from feedback_analysis.marketplaces import marketplace
from feedback_analysis.periods import window
from feedback_analysis.privacy import OrderKeys
from feedback_analysis.settings import Action, load_settings
from feedback_analysis.sheets import Sheet, read_sheet
from tests.amazon import files
from tests.cases.frames import made, orders
from tests.fuzz.kinds import CORPUS
from tests.fuzz.mutators import bomb


def read(path, **facts):
    return read_file(path, Facts("US", pattern=path.name, **facts), OrderKeys(b"tests"))


def test_a_gzip_that_unpacks_to_gigabytes_is_refused_before_it_has(tmp_path):
    path = files.put(tmp_path, "a.txt.gz", bomb(b"Date\tRating\n"))
    assert path.stat().st_size < 8 * 1024**2
    with pytest.raises(ReportError, match="unpacks to more than any report holds"):
        read_content(path)


def test_a_report_of_rows_that_are_nearly_alike_is_no_bomb(tmp_path):
    data = b"".join(b"%08d\tShipped\tStandard\tAmazon.com\t1\tUSD\n" % n for n in range(10**6))
    path = files.put(tmp_path, "a.txt.gz", gzip.compress(data, mtime=0))
    assert len(read_content(path).data) == len(data) > 32 * 1024**2


def test_a_last_line_of_nothing_but_quotation_marks_cuts_no_row_short(tmp_path):
    rows = [["10/13/26", "1", "late", "", files.ORDER(1)], ["10/14/26", "2", "torn"]]
    text = files.commas(files.FEEDBACK, rows)
    result = read(files.put(tmp_path, "a.csv", text + '""'))
    assert (result.read, result.kept) == (2, 2)


def test_a_count_of_thousands_of_digits_is_none():
    assert count("9" * 5_000) is None
    assert count("0" * 5_000) == 0


@pytest.mark.parametrize("text", ["4.\u2019", "12,5'"])
def test_what_groups_thousands_has_no_place_behind_the_decimal_mark(text):
    assert money(text) is None
    assert percent(text) is None


@pytest.mark.parametrize("value", ["9" * 5_000, "[" * 3_000])
def test_a_number_or_a_list_without_end_in_a_toml_file_is_said(tmp_path, value):
    path = files.put(tmp_path, "shop.toml", f"[shop]\nname = {value}\n")
    with pytest.raises(ReportError, match="cannot be read: it holds a number of thousands"):
        load_settings(tmp_path)
    with pytest.raises(ReportError, match="no valid TOML: it holds a number of thousands"):
        read_taxonomy(path)


@pytest.mark.parametrize("key", ["line 9999", "(at line 9999, column 1)"])
def test_a_key_that_reads_like_a_place_is_none(tmp_path, key):
    files.put(tmp_path, "shop.toml", f'["{key}"]\n["{key}"]\n')
    with pytest.raises(ReportError, match="Cannot declare") as caught:
        load_settings(tmp_path)
    assert (caught.value.line, caught.value.found) == (2, f'["{key}"]')


@pytest.mark.parametrize("name", ["x" * 5_000, "a\0b"])
def test_a_name_that_no_file_can_have_is_not_there(tmp_path, name):
    path = files.put(tmp_path, "periods.csv", f"file,start,end\n{name},2026-10-01,2026-10-31\n")
    problems = []
    try:
        assert read_periods(path, problems) == {}
    except ReportError as error:
        problems.append(error)
    assert len(problems) == 1
    toml = '[[files]]\npath = "' + "x" * 5_000 + '"\nreport = "cases"\n'
    shop = files.make_shop(tmp_path / "shop", {}, toml)
    assert "fits no file" in " ".join(inspect_folder(shop).shop.ledger["note"])


@pytest.mark.parametrize("day", ["9999-12-31", "0001-01-01"])
def test_a_day_that_no_report_can_be_about_is_refused_or_set_aside(tmp_path, day):
    with pytest.raises(ReportError, match="no report can be about"):
        window(day, day, place="periods.csv")
    files.put(tmp_path, "shop.toml", f'[[files]]\npath = "x"\nstart = {day}\nend = {day}\n')
    with pytest.raises(ReportError, match=r"'files\.start' does not fit"):
        load_settings(tmp_path)
    rows = [
        files.row_of(
            files.ORDERS, amazon_order_id=files.ORDER(number), purchase_date=f"{when}T10:00:00Z",
            quantity="1", sales_channel="Amazon.com",
        )
        for number, when in enumerate((day, "2026-10-05"))
    ]  # fmt: skip
    path = files.put(tmp_path, "orders.txt", files.lines_of(files.ORDERS, rows))
    result = read(path)
    assert result.tables["orders"]["purchase_date"].tolist() == [pd.Timestamp("2026-10-05")]
    assert len(result.set_aside) == 1


def test_rows_that_a_stray_quotation_mark_joined_are_rows_of_their_own(tmp_path):
    def order(number, name):
        return files.row_of(
            files.ORDERS, amazon_order_id=files.ORDER(number), purchase_date="2026-10-05T10:00:00Z",
            quantity="1", sales_channel="Amazon.com", product_name=name, sku=f"S{number}",
        )  # fmt: skip

    rows = [order(1, '"A mug'), order(2, "a jug"), order(3, '"A cup'), order(4, '"two\nlines"')]
    path = files.put(tmp_path, "orders.txt", files.lines_of(files.ORDERS, rows))
    result = read(path)
    assert result.read == 4
    assert result.tables["orders"]["sku"].tolist() == ["S1", "S2", "S3", "S4"]


def test_a_line_end_in_the_first_cell_joins_no_rows(tmp_path):
    header = ["asin", "date", "review_count", "average_rating"]
    rows = [["B0\nCHILD", "2026-10-11", "12", "4.5"], ["B0CHILD002", "2026-10-12", "1", "5"]]
    path = files.put(tmp_path, "reviews.csv", files.commas(header, rows, all_quoted=True))
    assert read(path).read == 2


def test_a_first_line_of_mostly_empty_cells_is_a_row_and_is_not_told(tmp_path):
    path = files.put(tmp_path, "orders.txt", "\t\t\t\t\tZebulon Quackenbush\n1\t2\t3\t4\t5\t6\n")
    with pytest.raises(ReportError, match="no header but a row") as caught:
        read(path)
    assert "Quackenbush" not in str(caught.value)


def test_a_header_run_into_a_row_is_not_told(tmp_path):
    text = "order-id\tsku\tqu０026\tShipped\t\t\t\tMug\t\t\tZebulon Quackenbush\n"
    for first in (text, "Quackenbush\tB\tC\tD\tE\t31-Oct-2026\n"):
        with pytest.raises(ReportError, match="no header but a row") as caught:
            read(files.put(tmp_path, "orders.txt", first))
        assert "Quackenbush" not in str(caught.value)
    # The row numbers of a spreadsheet have no heading; that is still a header, and to be mapped.
    with pytest.raises(ReportError, match="no known report") as caught:
        read(files.put(tmp_path, "mine.csv", ",sku,Nom\n0,S1,x\n"))
    assert "Nom" in str(caught.value)


@pytest.mark.parametrize("number", ["1" + "0" * 400, "1e999", "-1e308", "NaN", "true", '"5"'])
def test_a_number_of_json_beyond_all_counting_is_none(tmp_path, number):
    day = '{"date": "2026-10-%02d", "trafficByDate": {"feedbackReceived": 5, "sessions": 9, '
    day += '"negativeFeedbackReceived": %s}, "salesByDate": {"unitsOrdered": 1}}'
    days = ", ".join((day % (1, 1), day % (2, number)))
    text = '{"reportSpecification": {}, "salesAndTrafficByDate": [' + days + "]}"
    totals = read(files.put(tmp_path, "traffic.json", text)).tables["feedback_totals"]
    assert totals["negative"].tolist() == [1]
    rate = '{"performanceMetrics": [{"lateShipmentRate": {"rate": %s, "targetValue": 0.04}}]}'
    health = read(files.put(tmp_path, "health.json", rate % number)).tables["account_health"]
    assert health["rate"].isna().all()


def test_half_a_sign_in_a_json_is_a_sign_that_was_lost(tmp_path):
    part = '"late\\ud800Rate": {"rate": 0.1, "status": "\\udfff\\ud83d\\ude00"}'
    text = '{"performanceMetrics": [{' + part + "}]}"
    health = read(files.put(tmp_path, "health.json", text)).tables["account_health"]
    assert health[["measure", "status"]].values.tolist() == [["late?Rate", "?\U0001f600"]]


def test_a_word_of_a_million_signs_is_not_cut_at_each_of_them():
    class Word(str):
        cuts = 0

        def __getitem__(self, where):
            Word.cuts += 1
            return str.__getitem__(self, where)

    node = _Node()
    node.add(["late*"], (0, 1))
    node.add(["la*"], (0, 2))
    assert len(node.after(Word("late" + "a" * 10**6))) == 2
    assert Word.cuts < 20


def test_a_value_of_a_hundred_thousand_signs_fills_no_screen(tmp_path):
    files.put(tmp_path, "shop.toml", '[targets]\naverage = "' + "a" * 100_000 + '"\n')
    with pytest.raises(ReportError, match="does not fit") as caught:
        load_settings(tmp_path)
    assert len(str(caught.value)) < 5_000
    with pytest.raises(ReportError, match="is not a marketplace") as caught:
        marketplace("0-" * 50_000)
    assert len(str(caught.value)) < 10_000


def test_ten_thousand_headings_alike_get_a_name_each():
    sheet = Sheet("x", ["a", "a_2", "b", *["a"] * 10_000], [])
    ids = sheet.ids()
    assert ids[:5] == ["a", "a_2", "b", "a_3", "a_4"]
    assert len(set(ids)) == len(ids)


def test_a_heading_of_two_lines_stays_whole_in_a_labelled_file(tmp_path):
    source = files.put(tmp_path, "in.csv", 'comment,"my\nnote"\nIt never arrived,x\n')
    label_file(source, tmp_path / "out.csv", encoder="none")
    text = (tmp_path / "out.csv").read_text("utf-8")
    assert text.startswith('comment,"my\nnote",questions,causes,confidence\nIt never arrived,x,')


def test_a_fix_of_what_nobody_complained_about_is_too_early_or_too_few():
    sold = made(orders=orders([("o1", pd.Timestamp("2026-10-02"), "S", "seller")]))
    action = Action(what="New boxes", since=date(2026, 5, 1), question="packaging")
    found = fixes(sold, [action], as_of=date(2026, 10, 31))
    assert not found.table["verdict"].isin(["fell", "rose"]).any()


def with_part(data, name, content):
    """Return a workbook with a part more, or with another in its place."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w") as new:
        for part in {*old.namelist()} - {name}:
            new.writestr(part, old.read(part))
        new.writestr(name, content)
    return out.getvalue()


def test_what_a_workbook_lacks_is_no_warning_of_a_library(tmp_path, recwarn):
    seed = (CORPUS / "asks-workbook" / "asks.xlsx").read_bytes()
    path = tmp_path / "asks.xlsx"
    path.write_bytes(with_part(seed, "xl/worksheets/_rels/sheet1.xml.rels", "<x><y a='1'/></x>"))
    assert read_sheet(path).header[0] == "order_id"
    assert [str(warning.message) for warning in recwarn] == []


@pytest.mark.parametrize(
    ("first", "encoding", "found", "private"),
    [
        (
            "Date Rte,ask Zebulon Quackenbush,zebulon.quackenbush@exa/31/26 1 late,so,on",
            "utf-16", "no header but a row", "Quackenbush",
        ),
        (
            "reporting-date\tsku\tship-addreackenbush\t17 Wombat Crescent\tship-country\tcarrier",
            "utf-8", "begins with a number", "Wombat",
        ),
        (
            '"return-date","order-id","sku","fulfill"","","1","","late, ask Zebulon, zebcomments"',
            "utf-8", "no header but a row", "Zebulon",
        ),
    ],
    ids=["a cut e-mail", "an address", "cells that a quotation mark holds together"],
)  # fmt: skip
def test_what_ran_into_a_header_is_not_told(tmp_path, first, encoding, found, private):
    path = files.put(tmp_path, "ran.txt", f"{first}\nx\n".encode(encoding))
    with pytest.raises(ReportError, match=found) as caught:
        read(path)
    assert private not in str(caught.value)
