"""Seller feedback in every generation, separator and encoding."""

import gzip

import pandas as pd
import pytest

from feedback_analysis import ReportError, read_feedback
from tests.amazon.files import FEEDBACK, LEGACY, ORDER, commas, feedback, lines_of, put

# 13 October settles month first; two negatives and one neutral.
ROWS = [
    ["10/3/26", "1", "never came", "", ORDER(1), "a1@marketplace.amazon.com"],
    ["10/13/26", "2", "box crushed, mug broken", "we are sorry", ORDER(2),
     "b2@marketplace.amazon.com"],
    ["10/14/26", "3", "", "", ORDER(3), "c3@marketplace.amazon.com"],
]  # fmt: skip


def assert_the_three_rows(table):
    assert table["date"].dt.strftime("%Y-%m-%d").tolist() == [
        "2026-10-03", "2026-10-13", "2026-10-14",
    ]  # fmt: skip
    assert table["rating"].tolist() == [1, 2, 3]
    assert table["comment"].tolist() == ["never came", "box crushed, mug broken", ""]
    assert table["response"].tolist() == ["", "we are sorry", ""]
    assert table["marketplace"].tolist() == ["US", "US", "US"]
    assert table["order_key"].nunique() == 3


@pytest.mark.parametrize(
    ("name", "content"),
    {
        "tab": feedback(*ROWS).encode(),
        "tab named csv.csv": feedback(*ROWS).encode(),
        "windows line ends": feedback(*ROWS, end="\r\n").encode(),
        "no line end": feedback(*ROWS).encode().rstrip(b"\n"),
        "byte order mark": b"\xef\xbb\xbf" + feedback(*ROWS).encode(),
        "utf-16 le": feedback(*ROWS).encode("utf-16"),
        "utf-16 be": b"\xfe\xff" + feedback(*ROWS).encode("utf-16-be"),
        "gzip": gzip.compress(feedback(*ROWS).encode()),
        "comma": commas(FEEDBACK, ROWS).encode(),
        "comma, all quoted": commas(FEEDBACK, ROWS, all_quoted=True).encode(),
        "semicolon": commas(FEEDBACK, ROWS, separator=";").encode(),
        "empty first line": b"\n" + feedback(*ROWS).encode(),
        "lower case header": feedback(*ROWS, header=[h.lower() for h in FEEDBACK]).encode(),
    }.items(),
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_the_same_rows_come_out_of_every_wrapping(tmp_path, name, content):
    assert_the_three_rows(read_feedback(put(tmp_path, name, content)))


def test_the_old_ten_columns_keep_the_answers_of_the_buyer(tmp_path):
    rows = [
        ["3/30/16", "2", "late", "", "No", "Yes", "-", ORDER(1), "x@marketplace.amazon.com", "B"],
        ["4/1/16", "5", "fine", "", "Yes", "Yes", "Yes", ORDER(2), "y@marketplace.amazon.com", "B"],
    ]  # fmt: skip
    table = read_feedback(put(tmp_path, "old.txt", lines_of(LEGACY, rows)))
    assert table["arrived_on_time"].tolist() == [False, True]
    assert table["item_as_described"].tolist() == [True, True]
    assert table["customer_service"].isna().tolist() == [True, False]
    assert table["rating"].tolist() == [2, 5]


def test_a_file_with_a_translated_header_loads_by_position(tmp_path):
    header = ["Fecha", "Valoración", "Comentarios", "Su respuesta", "Pedido", "Correo"]
    rows = [["31/10/26", "1", "llegó tarde", "", ORDER(1), "a@marketplace.amazon.es"]]
    table = read_feedback(put(tmp_path, "es.txt", lines_of(header, rows), "cp1252"))
    assert table[["marketplace", "rating", "comment"]].values.tolist() == [["ES", 1, "llegó tarde"]]
    assert table["date"].tolist() == [pd.Timestamp("2026-10-31")]


def test_ten_translated_columns_load_by_position_too(tmp_path):
    header = [f"Spalte {letter}" for letter in "ABCDEFGHIJ"]
    rows = [["31.10.16", "1", "spät", "", "No", "Yes", "-", ORDER(1), "", "x"]]
    table = read_feedback(put(tmp_path, "de.txt", lines_of(header, rows)))
    assert table["arrived_on_time"].tolist() == [False]
    assert table["marketplace"].tolist() == ["DE"]


@pytest.mark.parametrize("width", [5, 7])
def test_translated_headers_of_another_width_fail_and_name_the_count(tmp_path, width):
    row = ["31/10/26", "1", "tarde", "", ORDER(1), "a@marketplace.amazon.es", "x"][:width]
    path = put(tmp_path, "es.txt", lines_of([f"Columna {n}" for n in range(width)], [row]))
    with pytest.raises(ReportError, match=f"{width} columns"):
        read_feedback(path)


def test_a_windows_1252_file_keeps_its_umlauts_and_euro_sign(tmp_path):
    text = feedback(["3.10.26", "1", "Grüße – 5 € zu spät", "", ORDER(1)])
    table = read_feedback(put(tmp_path, "de.txt", text, "cp1252"), "DE")
    assert table["comment"].tolist() == ["Grüße – 5 € zu spät"]


@pytest.mark.parametrize(
    "header", [FEEDBACK, ["日付", "評価", "コメント", "返信", "注文", "メール"]]
)
@pytest.mark.parametrize("email", ["a@marketplace.amazon.co.jp", ""])
def test_a_japanese_file_is_read_as_cp932(tmp_path, header, email):
    text = feedback(["26/10/3", "1", "配送が遅い", "", ORDER(1), email], header=header)
    table = read_feedback(put(tmp_path, "jp.txt", text, "cp932"), None if email else "JP")
    assert table["comment"].tolist() == ["配送が遅い"]
    assert table["date"].tolist() == [pd.Timestamp("2026-10-03")]
    assert table["marketplace"].tolist() == ["JP"]


def test_comments_in_several_languages_stay_as_written(tmp_path):
    said = ["trop tard", "zu spät", "遅い", "поздно", "muy tarde 👎"]
    rows = [["31/10/26", "1", text, "", ORDER(n)] for n, text in enumerate(said)]
    table = read_feedback(put(tmp_path, "a.txt", feedback(*rows)), "FR")
    assert table["comment"].tolist() == said


def test_a_file_of_one_to_three_stars_says_so_in_every_row(tmp_path):
    table = read_feedback(put(tmp_path, "a.txt", feedback(*ROWS)))
    assert set(table["source"]) == {"1-3 stars only"}
    full = feedback(*ROWS, ["10/15/26", "5", "great", "", ORDER(4)])
    table = read_feedback(put(tmp_path, "b.txt", full))
    assert set(table["source"]) == {"all ratings"}


def test_a_stray_quotation_mark_swallows_no_rows(tmp_path):
    rows = [
        ["10/13/26", "1", '"never came', "", ORDER(1)],
        ["10/14/26", "2", 'a 5" pot, not 7"', "", ORDER(2)],
        ["10/15/26", "1", "fine else", "", ORDER(3)],
    ]
    table = read_feedback(put(tmp_path, "a.txt", feedback(*rows)))
    assert table["comment"].tolist() == ['"never came', 'a 5" pot, not 7"', "fine else"]


def test_a_broken_line_joins_the_row_before_it(tmp_path):
    text = (
        "\t".join(FEEDBACK)
        + f"\n10/13/26\t1\tnever came\n\nand nobody answers\t\t{ORDER(1)}\t\n"
        + f"10/14/26\t2\tbroken\t\t{ORDER(2)}\t\n"
    )
    table = read_feedback(put(tmp_path, "a.txt", text))
    assert table["comment"].tolist() == ["never came and nobody answers", "broken"]
    assert table["order_key"].notna().all()


def test_a_line_break_inside_a_quoted_comment_of_a_csv_stays_one_row(tmp_path):
    rows = [["10/13/26", "1", "never came\nreally", "", ORDER(1), ""]]
    table = read_feedback(put(tmp_path, "a.csv", commas(FEEDBACK, rows)))
    assert table["comment"].tolist() == ["never came\nreally"]


def test_the_optional_column_reason_is_kept(tmp_path):
    header = [*FEEDBACK, "Reason"]
    text = lines_of(header, [["10/13/26", "1", "", "", ORDER(1), "", "Late delivery"]])
    table = read_feedback(put(tmp_path, "a.txt", text))
    assert table["reason"].tolist() == ["Late delivery"]


def test_columns_of_ones_own_can_be_stated_in_the_call(tmp_path):
    text = lines_of(["Tag", "Sterne", "Text", "Nummer"], [["13.10.26", "1", "zu spät", ORDER(1)]])
    columns = {"date": "Tag", "rating": "Sterne", "comment": "Text", "order_id": "Nummer"}
    table = read_feedback(put(tmp_path, "a.txt", text), columns=columns)
    assert table["comment"].tolist() == ["zu spät"]


def test_a_header_without_rows_gives_an_empty_table(tmp_path):
    for text in ("\t".join(FEEDBACK), "\t".join(FEEDBACK) + "\r\n"):
        table = read_feedback(put(tmp_path, "a.txt", text))
        assert len(table) == 0
        assert str(table["rating"].dtype) == "int64"


def test_a_rating_of_six_is_no_rating(tmp_path):
    rows = [*ROWS, ["10/15/26", "6", "x", "", ORDER(4)], ["10/16/26", "4.0", "x", "", ORDER(5)]]
    table = read_feedback(put(tmp_path, "a.txt", feedback(*rows)))
    assert table["rating"].tolist() == [1, 2, 3, 4]


def test_an_order_id_keeps_its_key_however_it_is_spelt(tmp_path):
    rows = [
        ["10/13/26", "1", "a", "", "000-1234567-7654321"],
        ["10/14/26", "1", "b", "", "00012345677654321"],
        ["10/15/26", "1", "c", "", "D01-1234567-7654321"],
    ]
    keys = read_feedback(put(tmp_path, "a.txt", feedback(*rows)))["order_key"]
    assert keys[0] == keys[1]
    assert keys[2] not in (None, keys[0])
