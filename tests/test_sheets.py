"""A seller's own sheet: read as it is, written so that nothing in it runs."""

import zipfile
from datetime import datetime

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedback_analysis import ReportError, workbooks
from feedback_analysis.formulas import harmless, original
from feedback_analysis.sheets import (
    cell_text,
    column_id,
    csv_bytes,
    read_sheet,
    replace_file,
    shown,
)

RISKY = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


@given(st.text())
def test_a_text_is_made_harmless_and_comes_back_as_it_was(text):
    made = harmless(text)
    assert original(made) == text
    number = made.lstrip("+-").replace(",", "").replace(".", "").isdigit()
    assert not made.startswith(RISKY) or number


LETTERS = st.characters(codec="utf-8", exclude_characters="\0")


@given(st.lists(st.lists(st.text(LETTERS), min_size=2, max_size=2), min_size=1, max_size=5))
def test_cells_of_a_csv_come_back_as_they_were(tmp_path_factory, rows):
    path = tmp_path_factory.mktemp("sheet") / "a.csv"
    path.write_bytes(csv_bytes(["order_id", "note"], [["1", *row] for row in rows]))
    sheet = read_sheet(path)
    assert [row[1:] for row in sheet.rows] == rows


@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_a_csv_is_read_in_any_usual_form(tmp_path, separator, encoding):
    text = f"Order ID{separator}Wer\n000{separator}Jürgen\n\n111{separator}\n222\n"
    (tmp_path / "a.csv").write_bytes(text.encode(encoding))
    sheet = read_sheet(tmp_path / "a.csv")
    assert sheet.ids({"owner": "wer"}) == ["order_id", "owner"]
    assert sheet.rows == [["000", "Jürgen"], ["111", ""], ["222", ""]]
    assert sheet.places == [2, 4, 5]


def test_a_cell_beyond_the_header_is_kept():
    from pathlib import Path

    from feedback_analysis.sheets import _text

    sheet = _text(Path("a.csv"), b"order_id\n1,more\n")
    assert sheet.rows == [["1", "more"]]
    assert sheet.header == ["order_id", "column 2"]


def test_the_right_sheet_of_a_workbook_is_found_below_a_title(tmp_path):
    book = openpyxl.Workbook()
    book.active.append(["nothing here", "at all"])
    page = book.create_sheet("Tracker")
    for row in (["Our cases"], [], ["Order ID", "Day", "Done", "Twice"]):
        page.append(row)
    page.append(["000", datetime(2026, 10, 31), True, "=1+1"])
    book.save(tmp_path / "a.xlsx")
    sheet = read_sheet(tmp_path / "a.xlsx")
    assert sheet.header == ["Order ID", "Day", "Done", "Twice"]
    assert [cell_text(cell) for cell in sheet.rows[0]] == ["000", "2026-10-31", "yes", "=1+1"]
    assert sheet.places == [4]


def test_headings_of_the_same_name_stay_apart():
    assert column_id("  ORDER-id? ") == "order_id"
    from feedback_analysis.sheets import Sheet

    assert Sheet(None, ["a", "A", "a_2"], []).ids() == ["a", "a_2", "a_2_2"]


def test_a_missing_file_and_a_folder_are_said(tmp_path):
    for path in (tmp_path / "no.csv", tmp_path):
        with pytest.raises(ReportError, match="cannot be opened"):
            read_sheet(path)


def test_a_place_that_cannot_be_written_is_said(tmp_path):
    (tmp_path / "a.csv").mkdir()
    with pytest.raises(ReportError, match="cannot be written"):
        replace_file(tmp_path / "a.csv", b"x")


def test_of_a_formula_the_value_is_known_that_it_was_saved_with(tmp_path):
    book = openpyxl.Workbook()
    book.active.append(["order_id", "cost", "twice"])
    book.active.append(["1", "=10+2.5", "=B2*2"])
    path = tmp_path / "a.xlsx"
    book.save(path)
    # openpyxl keeps no values of formulas; a spreadsheet writes them like this.
    with zipfile.ZipFile(path) as packed:
        parts = {name: packed.read(name) for name in packed.namelist()}
    inside = "xl/worksheets/sheet1.xml"
    text = parts[inside].decode().replace("<f>10+2.5</f><v />", "<f>10+2.5</f><v>12.5</v>")
    assert "12.5</v>" in text
    parts[inside] = text.encode()
    with zipfile.ZipFile(path, "w") as packed:
        for name, content in parts.items():
            packed.writestr(name, content)
    (row,) = read_sheet(path).rows
    assert (row[1], shown(row[1])) == ("=10+2.5", 12.5)
    assert (row[2], row[2].shown) == ("=B2*2", None)
    assert (shown("text"), shown(row[2])) == ("text", "=B2*2")


def test_a_workbook_of_gigabytes_is_told_for_what_it_is(tmp_path, monkeypatch):
    monkeypatch.setattr(workbooks, "_LARGEST", 100)
    openpyxl.Workbook().save(tmp_path / "a.xlsx")
    with pytest.raises(ReportError, match="unpacks to more than any list holds"):
        read_sheet(tmp_path / "a.xlsx")
