"""Corrections: a log that only grows, of which the last word on a comment counts."""

import subprocess
import sys

import pandas as pd
import pytest

from feedback_analysis.causes.corrections import corrections_of, said_of
from feedback_analysis.causes.corrections_log import add_correction
from feedback_analysis.causes.taxonomy import own_taxonomy
from feedback_analysis.errors import ReportError


def test_what_is_added_is_read_and_nothing_is_lost(tmp_path):
    path = tmp_path / "corrections.csv"
    add_correction(path, 'He said "no",\nand hung up', ["rude_service"])
    add_correction(path, "late", ["late_delivery", "no_tracking"], order_key="k1")
    before = path.read_text("utf-8")
    add_correction(path, "late", ["late_dispatch"])
    assert path.read_text("utf-8").startswith(before)
    read = corrections_of(path, own_taxonomy())
    assert read.by_comment == {
        'He said "no", and hung up': ("rude_service",),
        "late": ("late_dispatch",),
    }
    assert read.by_key == {"k1": ("late_delivery", "no_tracking")}


def test_a_file_of_other_columns_keeps_them(tmp_path):
    path = tmp_path / "c.csv"
    path.write_text("who,causes,comment\nme,expired,old tea", encoding="utf-8")
    add_correction(path, "stale", ["expired"])
    assert path.read_text("utf-8") == "who,causes,comment\nme,expired,old tea\n,expired,stale\n"
    assert len(corrections_of(path, own_taxonomy())) == 2


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("comment,cause\nx,expired\n", "Did you mean 'cause'"),
        ("comments,causes\nx,expired\n", "no column 'comment'"),
        ("comment,causes\nx,expierd\n", "Did you mean 'expired'"),
        ("comment,causes\n,expired\n", "neither a comment nor an order key"),
    ],
)
def test_what_is_wrong_is_told(tmp_path, text, said):
    path = tmp_path / "c.csv"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ReportError, match=said) as error:
        corrections_of(path, own_taxonomy())
    assert "c.csv" in str(error.value)


def test_a_table_will_do():
    table = pd.DataFrame({"comment": [" late  again"], "causes": ["late_delivery"]})
    assert corrections_of(table, own_taxonomy()).by_comment == {"late again": ("late_delivery",)}
    assert len(corrections_of(None, own_taxonomy())) == 0


def test_what_somebody_else_said_in_the_meantime_is_not_overruled_unseen(tmp_path):
    path = tmp_path / "c.csv"
    add_correction(path, "late", ["late_delivery"], known=())
    before = path.read_bytes()
    with pytest.raises(ReportError, match="in the meantime: late_delivery"):
        add_correction(path, "late", ["expired"], known=())
    assert path.read_bytes() == before
    add_correction(path, "late", ["expired"], known=("late_delivery",))
    assert corrections_of(path, own_taxonomy()).by_comment == {"late": ("expired",)}


def test_saves_at_once_lose_nothing(tmp_path):
    path = tmp_path / "c.csv"
    code = (
        "import sys; from feedback_analysis.causes.corrections_log import add_correction\n"
        "for n in range(15): add_correction(sys.argv[1], f'{sys.argv[2]} {n}', ['expired'])"
    )
    many = [subprocess.Popen([sys.executable, "-c", code, path, name]) for name in "abc"]
    assert [child.wait() for child in many] == [0, 0, 0]
    lines = path.read_text("utf-8").splitlines()
    assert lines[0] == "comment,order_key,causes"
    assert sorted(lines[1:]) == sorted(f"{name} {n},,expired" for name in "abc" for n in range(15))
    # Nothing but the file and its lock is left behind.
    assert {item.name for item in tmp_path.iterdir()} == {"c.csv", ".c.csv.lock"}


def test_a_file_that_cannot_take_it_stays_as_it_was(tmp_path):
    path = tmp_path / "c.csv"
    path.write_text('comment,causes\n"late,expired\n', encoding="utf-8")
    before = path.read_bytes()
    with pytest.raises(ReportError, match=r"left as it was|is no cause|no CSV"):
        add_correction(path, "stale", ["expired"])
    assert path.read_bytes() == before
    path.write_text("order_key,causes\nk1,expired\n", encoding="utf-8")
    with pytest.raises(ReportError, match="no column 'comment', so the correction would be lost"):
        add_correction(path, "stale", ["expired"])


def test_a_file_open_in_a_spreadsheet_is_not_written(tmp_path):
    (tmp_path / "~$c.csv").touch()
    with pytest.raises(ReportError, match="open in a spreadsheet"):
        add_correction(tmp_path / "c.csv", "stale", ["expired"])
    assert not (tmp_path / "c.csv").exists()


@pytest.mark.parametrize("causes", [[], ["expierd"]])
def test_an_unknown_cause_is_not_written(tmp_path, causes):
    with pytest.raises(ReportError, match=r"names no cause|Did you mean 'expired'"):
        add_correction(tmp_path / "c.csv", "stale", causes)
    assert not (tmp_path / "c.csv").exists()


def test_a_comment_that_begins_like_a_formula_is_safe_in_a_spreadsheet_and_read_as_it_was(tmp_path):
    path = tmp_path / "c.csv"
    add_correction(path, '=HYPERLINK("x")', ["expired"])
    assert "\n\"'=HYPERLINK" in path.read_text("utf-8")
    assert corrections_of(path, own_taxonomy()).by_comment == {'=HYPERLINK("x")': ("expired",)}


def test_a_comment_copied_with_its_numbers_counts_for_the_masked_one(tmp_path):
    path = tmp_path / "c.csv"
    add_correction(path, "call 030 1234567 now", ["unreachable"])
    said = corrections_of(path, own_taxonomy())
    assert said_of(said, "call [phone] now") == ("unreachable",)
    assert said_of(said, "call 030 1234567 now") == ("unreachable",)


def test_an_order_goes_before_its_words():
    table = pd.DataFrame(
        {"comment": ["late", ""], "order_key": ["", "k1"], "causes": ["late_delivery", "expired"]}
    )
    said = corrections_of(table, own_taxonomy())
    assert said_of(said, "late", "k1") == ("expired",)
    assert said_of(said, "late", "k2") == ("late_delivery",)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such rights")
def test_the_rights_of_a_shared_file_stay(tmp_path):
    path = tmp_path / "c.csv"
    add_correction(path, "late", ["expired"])
    assert path.stat().st_mode & 0o777 == 0o600
    path.chmod(0o660)
    add_correction(path, "late", ["late_delivery"])
    assert path.stat().st_mode & 0o777 == 0o660


@pytest.mark.parametrize(
    "content",
    [
        b"\xef\xbb\xbfcomment;causes\nfoo;late_delivery, counterfeit\n",
        b"comment\tcauses\r\nfoo\tlate_delivery;counterfeit\r\n",
        "comment,causes\nfoo,late_delivery;counterfeit\n".encode("utf-16"),
    ],
)
def test_files_as_spreadsheets_of_any_country_save_them(tmp_path, content):
    path = tmp_path / "corrections.csv"
    path.write_bytes(content)
    found = corrections_of(path, own_taxonomy())
    assert found.by_comment == {"foo": ("late_delivery", "counterfeit")}


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"comment,causes\nx,late_delivery,more\n", "more fields"),
        (b"comment,causes\n\xe9t\xe9,late_delivery\n", "not UTF-8"),
        (b"", "no column 'causes'"),
    ],
)
def test_what_cannot_be_read_is_said(tmp_path, content, said):
    path = tmp_path / "corrections.csv"
    path.write_bytes(content)
    with pytest.raises(ReportError, match=said):
        corrections_of(path, own_taxonomy())
    with pytest.raises(ReportError, match="cannot be read"):
        corrections_of(tmp_path / "none.csv", own_taxonomy())


def test_a_correction_added_to_a_file_parted_by_semicolons_is_read_again(tmp_path):
    path = tmp_path / "corrections.csv"
    path.write_bytes(b"comment;causes\nfoo;late_delivery\n")
    add_correction(path, "bar; baz", ["counterfeit", "expired"])
    assert corrections_of(path, own_taxonomy()).by_comment["bar; baz"] == ("counterfeit", "expired")
