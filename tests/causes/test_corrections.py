"""Corrections: a log that only grows, of which the last word on a comment counts."""

import pandas as pd
import pytest

from feedback_analysis.causes.corrections import add_correction, corrections_of
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
