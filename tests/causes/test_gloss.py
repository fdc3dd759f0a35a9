"""Words that the sentence encoder does not know are put into English, phrases first."""

from importlib.resources import files

import pytest

from feedback_analysis.causes.gloss import LONGEST, glossary, glossed


@pytest.mark.parametrize(
    ("text", "english"),
    [
        ("Paketet kom aldrig fram, fel vara!", "the parcel never arrived, wrong item!"),
        ("PAKETET\nkom", "the parcel\ncame"),
        ("kom 12 dagar", "came 12 days"),
        ("", ""),
        ("!!! 😡", "!!! 😡"),
        ("Qwzx kom", "Qwzx came"),
    ],
)
def test_swedish_in_english(text, english):
    assert glossed(text, "sv") == english


def test_a_joined_word_that_is_not_known_is_cut_into_two_that_are():
    known = glossary("sv")
    assert "paketstölden" not in known
    assert glossed("paketstölden", "sv") == f"{known['paket']} {known['stölden']}"


def test_a_language_without_a_glossary_stays_as_it_is():
    assert glossed("Das Paket kam nie", "de") == "Das Paket kam nie"
    assert glossary("de") == {}


def test_the_file_is_sorted_lower_case_and_says_each_form_once():
    lines = files("feedback_analysis.causes.glosses").joinpath("sv.tsv").read_text("utf-8")
    header, *rows = lines.splitlines()
    assert header == "form\tenglish"
    forms = [row.split("\t")[0] for row in rows]
    assert forms == sorted(set(forms))
    for row in rows:
        form, english = row.split("\t")
        assert form == form.lower().strip()
        assert english.strip()
        assert len(form.split(" ")) <= LONGEST
