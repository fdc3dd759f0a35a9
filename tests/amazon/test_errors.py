"""Files that cannot be read: one clear error each, whose remedy works when it is followed."""

import gzip
import json
import re

import pytest

from feedback_analysis import ReportError, read_business_report, read_feedback, read_folder
from tests.amazon.files import (
    FEEDBACK,
    ORDER,
    ORDERS,
    UK_SLIM,
    commas,
    feedback,
    inspect,
    lines_of,
    make_shop,
    put,
    read_shop,
)

ROWS = [[f"10/{day}/26", "1", "late", "", ORDER(day)] for day in range(13, 23)]
CHILD = commas(["(Child) ASIN", "Sessions - Total", "Units Ordered"], [["C", "10", "2"]])


@pytest.mark.parametrize(
    "header", [FEEDBACK, ["Fecha", "Nota", "Texto", "Respuesta", "Pedido", "Correo"]]
)
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_a_header_repeated_among_the_rows(tmp_path, header, mark):
    text = feedback(*ROWS, header=header)
    path = put(tmp_path, "a.txt", text + mark + text)
    with pytest.raises(ReportError, match="the header is repeated among the rows") as caught:
        read_feedback(path)
    assert caught.value.line == 12
    assert caught.value.file == str(path)


def test_a_repeated_header_need_not_be_the_same_in_blanks_and_in_what_is_not_read(tmp_path):
    text = feedback(*ROWS)
    other = text.replace("Your Response", "Remarks"), text.replace("Comments", " Comments ")
    for name, content in (("a.txt", other[0] + text), ("b.txt", text + other[1])):
        with pytest.raises(ReportError, match="the header is repeated among the rows") as caught:
            read_feedback(put(tmp_path, name, content))
        assert caught.value.line == 12


def test_a_header_repeated_in_a_csv_with_its_byte_order_mark(tmp_path):
    path = put(tmp_path, "a.csv", "\ufeff" + CHILD + "\ufeff" + CHILD)
    with pytest.raises(ReportError, match="the header is repeated"):
        read_business_report(path, start="2026-10-01", end="2026-10-31")


def test_a_text_cut_in_its_last_row(tmp_path):
    path = put(tmp_path, "a.txt", feedback(*ROWS)[:-25])
    with pytest.raises(ReportError, match="the file is cut short") as caught:
        read_feedback(path)
    assert caught.value.line == 11


@pytest.mark.parametrize("end", ['"£12,8', '"£12,897.84"', "5"])
def test_a_csv_cut_in_its_last_row(tmp_path, end):
    header = [
        "(Child) ASIN",
        "Sessions",
        "Units Ordered",
        "Ordered Product Sales",
        "Total Order Items",
    ]
    text = ",".join(header) + '\nC,"1,234",5,"£1,000.00",4\nD,20,' + end
    path = put(tmp_path, "a.csv", text)
    with pytest.raises(ReportError, match="the file is cut short"):
        read_business_report(path, start="2026-10-01", end="2026-10-31")


def test_a_cut_gzip(tmp_path):
    path = put(tmp_path, "a.gz", gzip.compress(feedback(*ROWS).encode())[:-9])
    with pytest.raises(ReportError, match="cut short or damaged"):
        read_feedback(path)


def test_a_folder_in_place_of_a_file(tmp_path):
    with pytest.raises(ReportError, match="this is a folder, not a file"):
        read_feedback(tmp_path)


def test_a_file_that_is_not_there(tmp_path):
    with pytest.raises(ReportError, match="cannot be opened"):
        read_feedback(tmp_path / "nothing.txt")


@pytest.mark.parametrize(
    "content",
    [b"", b"\r\n", b"\xef\xbb\xbf", b"\xff\xfe", gzip.compress(b"", mtime=0)],
    ids=["no byte", "a line end", "a mark", "a utf-16 mark", "an empty gzip"],
)
def test_an_empty_file(tmp_path, content):
    with pytest.raises(ReportError, match="the file is empty"):
        read_feedback(put(tmp_path, "a.txt", content))


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"%PDF-1.7\n1 0 obj", "a PDF"),
        (b"PK\x03\x04rest", "a zip archive"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1rest", "an old Excel workbook"),
        (b"\x89PNG\r\n\x1a\n", "a picture"),
        (bytes(range(256)), "not text"),
    ],
)
def test_a_binary_file_is_named_for_what_it_is(tmp_path, content, message):
    with pytest.raises(ReportError, match=message):
        read_feedback(put(tmp_path, "a.txt", content))


@pytest.mark.parametrize("text", ["please sign in\n", "just a note\n", "a,b,c\n1,2,3\n"])
def test_a_text_that_is_no_report_names_the_columns_it_saw(tmp_path, text):
    (problem,) = inspect(tmp_path, {"notes.txt": text}).problems
    assert re.search(r"\d columns: |a text without columns", problem.found)
    assert "sign in" not in str(problem)
    assert "ignore = true" in problem.remedy
    assert "columns = {" not in problem.remedy


def test_the_remedy_to_leave_a_file_out_works_to_the_letter(tmp_path):
    (problem,) = inspect(tmp_path, {"my/notes.txt": "a,b,c\n1,2,3\n"}).problems
    lines = re.search(r'\[\[files\]\]\npath = ".*"\nignore = true', problem.remedy)[0]
    shop = read_shop(tmp_path, {}, lines)
    assert shop.ledger[["file", "report"]].values.tolist() == [["my/notes.txt", "left out"]]


UNKNOWN = commas(["(Child) ASIN", "Besuche", "Verkauft"], [["C", "10", "2"]])


def test_an_unknown_header_lists_columns_nearest_report_and_what_is_missing(tmp_path):
    (problem,) = inspect(tmp_path, {"2026-10-01_2026-10-31/a.csv": UNKNOWN}).problems
    text = str(problem)
    assert "3 columns: (Child) ASIN | Besuche | Verkauft" in text
    assert "nearest is 'Business report by child ASIN'" in text
    assert "sessions (such as 'Sessions - Total')" in text
    assert "units (such as 'Units Ordered')" in text


def test_a_report_that_could_be_by_parent_or_by_child_names_both(tmp_path):
    header = ["ASIN (parent)", "ASIN (enfant)", "Sessions – Total", "Unités commandées"]
    (problem,) = inspect(tmp_path, {"a.csv": commas(header, [["P", "C", "1", "2"]])}).problems
    assert "business_report_by_child (lacks child_asin, units)" in problem.expected


def test_the_printed_mapping_works_once_the_headers_are_filled_in(tmp_path):
    (problem,) = inspect(tmp_path, {"2026-10-01_2026-10-31/a.csv": UNKNOWN}).problems
    lines = re.search(r"\[\[files\]\]\npath.*\nreport.*\ncolumns = \{.*\}", problem.remedy)[0]
    lines = lines.replace('sessions = "your header"', 'sessions = "Besuche"')
    lines = lines.replace('units = "your header"', 'units = "Verkauft"')
    shop = read_shop(tmp_path, {}, lines)
    assert shop.traffic[["child_asin", "sessions", "units"]].values.tolist() == [["C", 10, 2]]


def mapped(columns, report="business_report_by_child"):
    return (
        f'[[files]]\npath = "2026-10-01_2026-10-31/a.csv"\nreport = "{report}"\n'
        f"columns = {{ {columns} }}\n"
    )


def test_a_mapping_to_a_header_that_is_not_there_is_told(tmp_path):
    toml = mapped('sessions = "Besuche", units = "Verkaufte"')
    (problem,) = inspect(tmp_path, {"2026-10-01_2026-10-31/a.csv": UNKNOWN}, toml).problems
    assert "shop.toml maps units to 'Verkaufte', which is not among them" in str(problem)
    assert "still lacks: units" in str(problem)
    assert "sessions (such" not in str(problem)


def test_a_misspelt_column_of_ours_in_a_mapping_is_told(tmp_path):
    toml = mapped('sesions = "Besuche", units = "Verkauft"')
    (problem,) = inspect(tmp_path, {"2026-10-01_2026-10-31/a.csv": UNKNOWN}, toml).problems
    assert "Did you mean 'sessions'?" in str(problem)


@pytest.mark.parametrize("report", ["busines_report_by_child", "sales_and_traffic"])
def test_a_report_in_shop_toml_that_cannot_be_is_told(tmp_path, report):
    toml = mapped('sessions = "Besuche", units = "Verkauft"', report)
    (problem,) = inspect(tmp_path, {"2026-10-01_2026-10-31/a.csv": UNKNOWN}, toml).problems
    assert f"'{report}'" in str(problem)
    assert "business_report_by_child" in problem.expected


def test_a_file_without_a_header_is_told_so_and_none_of_its_row_is_shown(tmp_path):
    row = feedback(["10/13/26", "1", "Mr Smith was rude", "", ORDER(7), "jo@example.com"])
    text = row.split("\n", 1)[1]
    with pytest.raises(ReportError, match="the first line is no header") as caught:
        read_feedback(put(tmp_path, "a.txt", text * 3))
    for planted in ("Smith", "jo@example.com", ORDER(7)):
        assert planted not in str(caught.value)


@pytest.mark.parametrize("name", ["BusinessReport-31-10-26.csv", "report, (1).csv"])
def test_the_line_printed_for_a_missing_period_works_in_periods_csv(tmp_path, name):
    (problem,) = inspect(tmp_path, {f"uk/{name}": CHILD}).problems
    lines = problem.remedy.split("beside it:\n")[1].split("\n")[:2]
    shop = read_shop(tmp_path, {"uk/periods.csv": "\n".join(lines) + "\n"})
    assert shop.traffic["start"].dt.date.astype(str).tolist() == ["2026-10-01"]
    assert shop.traffic["end"].dt.date.astype(str).tolist() == ["2026-10-31"]


def test_the_lines_printed_for_a_missing_period_work_in_shop_toml_too(tmp_path):
    (problem,) = inspect(tmp_path, {"uk/a.csv": CHILD}).problems
    shop = read_shop(tmp_path, {}, problem.remedy[problem.remedy.index("[[files]]") :])
    assert len(shop.traffic) == 1


def test_a_periods_csv_saved_by_a_european_spreadsheet_is_read(tmp_path):
    text = "\ufefffile;start;end;marketplace\r\na.csv;2026-10-01;2026-10-31;UK\r\n"
    shop = read_shop(tmp_path, {"a.csv": CHILD, "periods.csv": text})
    assert shop.traffic[["marketplace"]].values.tolist() == [["UK"]]


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("a.csv,2026-10-31,2026-10-01,", "ends before it starts"),
        ("a.csv,2026-02-30,2026-03-01,", "a day that does not exist"),
        ("a.csv,2026-10-01,2026-10-31,ZZ", "is not a marketplace"),
        ("b.csv,2026-10-01,2026-10-31,", "a listed file is not there"),
    ],
)
def test_a_bad_line_of_periods_csv_is_named_and_the_others_count(tmp_path, line, message):
    good = "good.csv,2026-09-01,2026-09-30,"
    text = f"file,start,end,marketplace\n{line}\n{good}\n"
    files = {"good.csv": CHILD, "periods.csv": text}
    if line.startswith("a.csv"):
        files["a.csv"] = CHILD.replace("10", "11")
    found = inspect(tmp_path, files)
    assert len(found.shop.traffic) == 1
    assert message in str(found.problems[0])
    assert found.problems[0].line == 2
    assert found.problems[0].file == "amazon/periods.csv"


def test_a_periods_csv_may_begin_with_empty_lines(tmp_path):
    text = "\n\nfile,start,end,marketplace\na.csv,2026-10-01,2026-10-31,UK\n"
    shop = read_shop(tmp_path, {"a.csv": CHILD, "periods.csv": text})
    assert shop.traffic["marketplace"].tolist() == ["UK"]


def test_a_periods_csv_without_its_columns(tmp_path):
    problem = inspect(tmp_path, {"a.csv": CHILD, "periods.csv": "name,from,to\n"}).problems[0]
    assert "lacks a column" in str(problem)


def test_overlapping_windows_are_refused_and_the_remedy_leaves_the_coarser_out(tmp_path):
    week = CHILD.replace("10", "3")
    files = {
        "2026-10-01_2026-10-31/a.csv": CHILD,
        "2026-10-05_2026-10-11/b.csv": week,
        "2026-10-12_2026-10-18/c.csv": CHILD.replace("10", "4"),
    }
    (problem,) = inspect(tmp_path, files).problems
    assert "visits would be counted twice" in str(problem)
    shop = read_shop(tmp_path, {}, problem.remedy[problem.remedy.index("[[files]]") :])
    assert shop.traffic["sessions"].sum() == 7


def test_a_feedback_file_of_another_shop(tmp_path):
    text = feedback(["3.10.26", "1", "x", "", ORDER(1), "a@marketplace.amazon.de"])
    (problem,) = inspect(tmp_path, {"a.txt": text}, '[shop]\nmarketplaces = ["UK"]\n').problems
    assert "none of the shop's" in str(problem)


def test_a_folder_of_a_marketplace_that_the_shop_does_not_have(tmp_path):
    toml = '[shop]\nmarketplaces = ["UK"]\n'
    (problem,) = inspect(tmp_path, {"DE/a.txt": feedback(ROWS[0])}, toml).problems
    assert "not among the shop's marketplaces" in str(problem)


def test_a_folder_that_moved_away_from_its_periods_csv_is_one_problem(tmp_path):
    lines = "".join(f"b{number}.csv,2026-10-01,2026-10-31,UK\n" for number in range(40))
    files = {"periods.csv": f"file,start,end,marketplace\n{lines}c.csv,2026-10-31,2026-10-01,UK\n"}
    ends_early, absent = inspect(tmp_path, files).problems
    assert "ends before it starts" in str(ends_early)
    assert str(absent) == (
        "amazon/periods.csv, line 2: 40 listed files are not there.\n"
        "  Expected: files beside periods.csv of all these names, such as 'b0.csv', 'b1.csv' and "
        "'b2.csv'\n"
        "  What to do: correct the names, or remove the lines"
    )
    # Two problems, in one file.
    with pytest.raises(ReportError, match="1 file cannot be used"):
        read_folder(tmp_path)


def test_all_problems_of_a_folder_come_in_one_message(tmp_path):
    files = {"a.txt": b"", "b.pdf": b"%PDF", "c.json": json.dumps([1]).encode()}
    with pytest.raises(ReportError, match="3 files cannot be used") as caught:
        read_folder(make_shop(tmp_path, files))
    for name in ("amazon/a.txt", "amazon/b.pdf", "amazon/c.json"):
        assert name in str(caught.value)


def test_a_folder_that_is_no_shop(tmp_path):
    with pytest.raises(ReportError, match="there is no such folder"):
        read_folder(tmp_path / "nowhere")
    with pytest.raises(ReportError, match="make the folder amazon/"):
        read_folder(tmp_path)


def test_a_file_whose_every_row_is_spoilt(tmp_path):
    rows = [["soon", "1", "x", "", ORDER(1)], ["later", "2", "x", "", ORDER(2)]]
    with pytest.raises(ReportError, match="none of the 2 rows can be read"):
        read_feedback(put(tmp_path, "a.txt", feedback(*rows)))
    with pytest.raises(ReportError, match="the only row cannot be read"):
        read_feedback(put(tmp_path, "b.txt", feedback(rows[0])))


@pytest.mark.parametrize("header", [UK_SLIM, ORDERS])
def test_a_reader_of_feedback_names_the_other_report(tmp_path, header):
    path = put(tmp_path, "a.txt", lines_of(header, []))
    with pytest.raises(ReportError, match=r"this is another report|which period"):
        read_feedback(path)
