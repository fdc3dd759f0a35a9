"""The working list on disk: workbook and CSV, private, whole, with everything the seller wrote."""

import os
import stat
import sys
import zipfile
from datetime import date, datetime

import openpyxl
import pandas as pd
import pytest

from feedback_analysis import ReportError
from feedback_analysis.cases import case_list
from feedback_analysis.cases.merge import NO_LONGER, POINTS
from feedback_analysis.cases.working_list import write_working_list
from feedback_analysis.sheets import Formula, read_sheet
from tests.cases.frames import feedback, made, orders

ORDER = "000-0000001-{:07d}"
TODAY = date(2026, 10, 31)
EVIL = '=HYPERLINK("http://example.com","x")'


@pytest.fixture
def place(tmp_path):
    """A shop's folder with the private map of its order ids."""
    private = tmp_path / "shop" / ".private"
    private.mkdir(parents=True)
    lines = [f"{key},{ORDER.format(number)}" for number, key in enumerate("abc", 1)]
    (private / "order-keys.csv").write_text("\n".join(["order_key,order_id", *lines]) + "\n")
    return tmp_path / "shop"


def found(*, as_of=TODAY, comment="late"):
    rows = [("a", "2026-10-20", 1, comment), ("b", "2026-10-28", 2, "hm"), ("c", "2026-10-29", 3)]
    known = orders([(key, "2026-10-01", "S1", "seller") for key in "abc"])
    return case_list(made(feedback=feedback(rows), orders=known), as_of=as_of)


def write(place, name="cases.xlsx", **options):
    lists = options.pop("lists", ())
    owners = options.pop("owners", ())
    may_ask = options.pop("may_ask", None)
    cases = found(**options)
    return write_working_list(
        cases, place / name, folder=place, lists=lists, owners=owners, may_ask=may_ask
    )


def page_of(path):
    """Return the sheet and the column number of each heading."""
    book = openpyxl.load_workbook(path)
    page = book["Cases"]
    return book, page, {cell.value: cell.column for cell in page[1]}


def rows_of(path):
    sheet = read_sheet(path)
    return [dict(zip(sheet.ids(), row, strict=True)) for row in sheet.rows]


@pytest.mark.parametrize("name", ["cases.xlsx", "cases.csv"])
def test_the_list_holds_real_order_ids_and_is_private(place, name):
    done = write(place, name)
    assert (done.cases, done.added, done.conflicts, done.notes) == (3, 3, [], [])
    rows = rows_of(done.path)
    assert [row["order_id"] for row in rows] == [ORDER.format(number) for number in (1, 2, 3)]
    assert rows[0]["overdue_days"] in (9, "9")
    if sys.platform != "win32":
        assert stat.S_IMODE(os.stat(done.path).st_mode) == 0o600
    assert sorted(path.name for path in place.iterdir()) == [".private", name]


def test_the_workbook_is_made_to_be_worked_with(place):
    book, page, columns = page_of(write(place, owners=["Kim", 'Le"e', "M,x"]).path)
    link = page.cell(2, columns["Order page"])
    assert (
        link.hyperlink.target
        == f"https://sellercentral.amazon.com/orders-v3/order/{ORDER.format(1)}"
    )
    rules = {rule.formula1: rule for rule in page.data_validations.dataValidation}
    letter = page.cell(1, columns["Status"]).column_letter
    (status,) = [rule for text, rule in rules.items() if "$B$2" in text]
    assert str(status.sqref).startswith(f"{letter}2:")
    assert not status.showErrorMessage
    lists = book["Lists"]
    assert lists.sheet_state == "hidden"
    assert [cell.value for cell in lists["A"]][:4] == ["owner", "Kim", 'Le"e', "M,x"]
    assert [cell.value for cell in lists["B"]][:5] == ["status", "new", "open", "waiting", "closed"]
    assert page.freeze_panes == "B2"
    assert page.auto_filter.ref.startswith("A1:")
    assert isinstance(page.cell(2, columns["Feedback day"]).value, datetime)
    assert "never for a report" in " ".join(
        str(row[1].value) for row in book["Read me"].iter_rows()
    )
    assert "Conflicts" not in book.sheetnames


@pytest.mark.parametrize("name", ["cases.xlsx", "cases.csv"])
@pytest.mark.parametrize("comment", [EVIL, "+1 555", "-2+3", "@SUM(A1)", "\t=1+1", "＝1", "#REF!"])
def test_a_comment_is_never_a_formula(place, name, comment):
    path = write(place, name, comment=comment).path
    if name.endswith(".csv"):
        text = path.read_text("utf-8-sig")
        for line in text.splitlines():
            assert not any(part.startswith(("=", "+", "-", "@")) for part in line.split(","))
    else:
        _, page, columns = page_of(path)
        cell = page.cell(2, columns["Comment"])
        assert cell.data_type == "s"
        assert cell.value.strip() == comment.strip()
    assert rows_of(path)[0]["comment"].strip() == comment.strip()


@pytest.mark.parametrize("name", ["cases.xlsx", "cases.csv"])
def test_a_rerun_keeps_every_cell_and_refreshes_what_is_worked_out(place, name):
    first = write(place, name, as_of=date(2026, 10, 30))
    if name.endswith(".csv"):
        text = first.path.read_text("utf-8-sig").replace(",,,,,,,", ",Kim,open,,,,,", 1)
        first.path.write_text(text, "utf-8")
    else:
        book, page, columns = page_of(first.path)
        page.cell(2, columns["Owner"]).value = "Kim"
        page.cell(2, columns["Status"]).value = "open"
        book.save(first.path)
    again = write(place, name)
    row = next(row for row in rows_of(again.path) if row["order_id"] == ORDER.format(1))
    assert (row["owner"], row["status"]) == ("Kim", "open")
    assert str(row["overdue_days"]) == "9"
    assert (again.added, again.conflicts) == (0, [])
    once_more = rows_of(again.path)
    write(place, name)
    assert rows_of(again.path) == once_more


def test_the_workbook_lists_the_orders_to_ask_and_is_still_read_as_cases(place):
    free = pd.DataFrame(
        {"ends": [pd.Timestamp("2026-11-02")], "marketplace": ["US"], "order_key": ["b"]}
    )
    for _ in range(2):
        path = write(place, may_ask=free).path
    page = openpyxl.load_workbook(path)["To ask"]
    assert [cell.value for cell in page[2]][1:] == ["US", ORDER.format(2), "open"]
    assert page.cell(2, 4).hyperlink.target.endswith(f"order/{ORDER.format(2)}")
    assert page.max_row == 2
    assert len(rows_of(path)) == 3


def test_looks_notes_formulas_and_further_sheets_of_the_seller_stay(place):
    path = write(place, as_of=date(2026, 10, 30)).path
    book, page, columns = page_of(path)
    last = page.max_column + 1
    page.cell(1, last).value = "Twice the stars"
    for number in (2, 3, 4):
        page.cell(number, last).value = f"={page.cell(number, columns['Stars']).coordinate}*2"
    owner = page.cell(3, columns["Owner"])
    owner.value, owner.fill = "Kim", openpyxl.styles.PatternFill("solid", start_color="FF0000")
    owner.comment = openpyxl.comments.Comment("ask her", "me")
    book.create_sheet("My sums")["A1"] = 7
    book.save(path)
    write(place)
    book, page, columns = page_of(path)
    assert book["My sums"]["A1"].value == 7
    kim = next(row for row in page.iter_rows(min_row=2) if row[columns["Owner"] - 1].value == "Kim")
    cell = kim[columns["Owner"] - 1]
    assert cell.fill.start_color.rgb == "00FF0000"
    assert cell.comment.text == "ask her"
    stars = kim[columns["Stars"] - 1].coordinate
    assert kim[columns["Twice the stars"] - 1].value == f"={stars}*2"
    assert isinstance(next(row for row in rows_of(path))["twice_the_stars"], Formula)


def test_a_changed_worked_out_cell_is_kept_and_told_on_a_sheet(place):
    path = write(place).path
    book, page, columns = page_of(path)
    page.cell(2, columns["Carrier"]).value = "really Northline"
    book.save(path)
    done = write(place)
    assert [one.column for one in done.conflicts] == ["carrier"]
    book, page, columns = page_of(path)
    assert page.cell(2, columns["Carrier"]).value == "really Northline"
    assert [cell.value for cell in book["Conflicts"][2]][1:3] == ["carrier", "really Northline"]


def test_a_list_of_the_sellers_own_form_is_taken_over_by_its_columns(place):
    book = openpyxl.Workbook()
    page = book.active
    page.append(["Our tracker 2026"])
    page.append(["Bestellung", "Wer", "Comment", "Regal"])
    page.append([ORDER.format(1), "Kim", "she was nice", "B4"])
    page.append([ORDER.format(77), "Lee", "long gone", ""])
    book.save(place / "tracker.xlsx")
    names = {"order_id": "Bestellung", "owner": "Wer"}
    before = (place / "tracker.xlsx").read_bytes()
    write(place, lists=[(place / "tracker.xlsx", names)])
    rows = {row["order_id"]: row for row in rows_of(place / "cases.xlsx")}
    one = rows[ORDER.format(1)]
    assert (one["owner"], one["regal"], one["comment"]) == ("Kim", "B4", "late")
    # Their column that is named like one of ours keeps its words under another name.
    assert one["comment_tracker_xlsx"] == "she was nice"
    assert rows[ORDER.format(77)]["owner"] == "Lee"
    assert (place / "tracker.xlsx").read_bytes() == before
    # Written into itself, it keeps its own headings and every cell.
    write(place, "tracker.xlsx", lists=[(place / "tracker.xlsx", names)])
    sheet = read_sheet(place / "tracker.xlsx", columns={"order_id": "Bestellung"})
    assert {"Bestellung", "Wer", "Regal"} <= set(sheet.header)
    kept = {cell for row in sheet.rows for cell in row}
    assert {"Kim", "she was nice", "B4", "Lee", "long gone"} <= kept


def tracker_of(place):
    """Write a list of the seller's own form: a title, formulas, a sum below."""
    book = openpyxl.Workbook()
    page = book.active
    page.append(["Our tracker 2026", "do not touch"])
    page.append([])
    page.append(["Bestellung", "Kosten", "Doppelt", "Summe bis hier"])
    for number in (1, 2, 3):
        row = number + 3
        page.append([ORDER.format(number), number * 1.5, f"=B{row}*2+$B$4", f"=SUM(B$4:B{row})"])
    page.append(["", "=SUM(B4:B6)", "=SUM(B5:B6)"])
    book.save(place / "tracker.xlsx")
    return [(place / "tracker.xlsx", {"order_id": "Bestellung", "cost": "Kosten"})]


def test_titles_stay_above_the_list_and_formulas_point_at_the_same_cells(place):
    lists = tracker_of(place)
    for _ in range(2):
        done = write(place, "tracker.xlsx", lists=lists)
    page = openpyxl.load_workbook(place / "tracker.xlsx").active
    assert [page["A1"].value, page["B1"].value, page["A2"].value] == [
        "Our tracker 2026", "do not touch", None,
    ]  # fmt: skip
    columns = {cell.value: cell.column_letter for cell in page[3]}
    assert page.freeze_panes == "B4"
    assert page.auto_filter.ref.startswith("A3:")
    cost, order = columns["Kosten"], columns["Bestellung"]
    place_of = {page[f"{order}{row}"].value: row for row in range(4, page.max_row + 1)}
    first, row = place_of[ORDER.format(1)], place_of[ORDER.format(2)]
    assert page[f"{columns['Doppelt']}{row}"].value == f"={cost}{row}*2+${cost}${first}"
    # What covered all cases covers all cases; part of them is followed as long as it stays whole.
    assert page[f"{cost}{page.max_row}"].value == f"=SUM({cost}4:{cost}{page.max_row - 1})"
    assert done.conflicts == []


def test_a_formula_whose_cells_parted_stays_as_it_was_and_is_told(place):
    lists = tracker_of(place)
    book = openpyxl.load_workbook(place / "tracker.xlsx")
    book.active["C4"] = "=SUM(A4:B4)"
    book.save(place / "tracker.xlsx")
    done = write(place, "tracker.xlsx", lists=lists)
    assert [(one.column, one.kept, one.why) for one in done.conflicts] == [
        ("doppelt", "=SUM(A4:B4)", POINTS)
    ]


def test_a_list_as_csv_keeps_its_separator_and_its_headings(place):
    text = f"order_id;Owner;My Column!\n{ORDER.format(1)};Kim;a, b\n"
    (place / "cases.csv").write_text(text, "utf-8")
    for _ in range(2):
        write(place, "cases.csv")
    header, first = (place / "cases.csv").read_text("utf-8-sig").splitlines()[:2]
    assert header.endswith(";Order id;My Column!")
    assert first.endswith(f";{ORDER.format(1)};a, b")


@pytest.mark.parametrize("name", ["cases.xlsx", "cases.csv"])
def test_the_clocks_of_a_case_that_is_none_any_more_stand_still(place, name):
    write(place, name)
    for _ in range(2):
        # 400 days later none of the three feedbacks is a case.
        done = write(place, name, as_of=date(2027, 12, 5))
        assert (done.cases, done.conflicts) == (0, [])
        rows = rows_of(place / name)
        assert {row["next_step"] for row in rows} == {NO_LONGER}
        assert {str(row[clock]) for row in rows for clock in ("overdue_days", "runs_out")} == {""}
        assert rows[0]["comment"] == "late"
    again = write(place, name)
    assert again.conflicts == []
    assert NO_LONGER not in {row["next_step"] for row in rows_of(place / name)}


def test_a_copied_row_gets_its_link_back(place):
    path = write(place).path
    book, page, columns = page_of(path)
    for cell in list(page[2]):
        page.cell(5, cell.column).value = cell.value
    book.save(path)
    done = write(place)
    assert [one.column for one in done.conflicts] == ["order_id"]
    _, page, columns = page_of(path)
    links = [page.cell(row, columns["Order page"]).hyperlink.target for row in (2, 3)]
    assert links[0] == links[1]


@pytest.mark.parametrize("lock", ["~$cases.xlsx", ".~lock.cases.xlsx#"])
def test_a_list_that_is_open_elsewhere_is_left_alone(place, lock):
    path = write(place).path
    before = path.read_bytes()
    (place / lock).write_bytes(b"")
    with pytest.raises(ReportError, match="open in a spreadsheet"):
        write(place)
    assert path.read_bytes() == before


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"PK\x03\x04 not really", "cannot be read as a workbook"),
        (b"\xd0\xcf\x11\xe0old", "protected by a password"),
        (b"", "the file is empty"),
        (b"owner,status\nKim,open\n", "no order ids"),
        (b"a\0b", "is no text"),
    ],
)
def test_a_list_that_cannot_be_read_is_never_written_over(place, content, message):
    (place / "cases.xlsx").write_bytes(content)
    with pytest.raises(ReportError, match=message):
        write(place)
    assert (place / "cases.xlsx").read_bytes() == content


@pytest.mark.parametrize("part", ["xl/drawings/drawing1.xml", "xl/media/image1.png"])
def test_a_workbook_with_more_than_cells_is_not_saved_anew(place, part):
    write(place)
    path = place / "cases.xlsx"
    with zipfile.ZipFile(path, "a") as pack:
        pack.writestr(part, "<x/>")
    before = path.read_bytes()
    with pytest.raises(ReportError, match="which would be lost; nothing was written"):
        write(place)
    assert path.read_bytes() == before


def test_the_name_says_the_form_and_the_map_must_be_there(place):
    with pytest.raises(ReportError, match=r"a name ending in \.xlsx or \.csv"):
        write(place, "cases.ods")
    with pytest.raises(ReportError, match="no such folder"):
        write(place, "nowhere/cases.xlsx")
    (place / ".private" / "order-keys.csv").unlink()
    with pytest.raises(ReportError, match="private map of order ids"):
        write(place)
