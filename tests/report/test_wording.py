"""Numbers as people read them."""

import math

import pytest

from feedback_analysis.conversion.effect_words import lift_words, range_words
from feedback_analysis.report import wording
from feedback_analysis.report.page import one_line
from feedback_analysis.texts import listing, several

NB = "\N{NO-BREAK SPACE}"


@pytest.mark.parametrize(
    ("number", "unit", "text"),
    [
        (0.938356, "share", f"93.8{NB}%"),
        (1.0, "share", f"100.0{NB}%"),
        (4.578, "stars", "4.58"),
        (0.1213, "per 100 orders", "12.1"),
        (9412, "count", "9,412"),
        (None, "count", "–"),
        (math.nan, "share", "–"),
    ],
)
def test_a_figure_is_written_in_its_unit(number, unit, text):
    assert wording.plain(number, unit) == text


def test_an_interval_names_its_unit_once():
    assert wording.interval(0.887, 0.967, "share") == f"88.7{NB}to{NB}96.7{NB}%"
    assert wording.interval(None, 0.967, "share") == ""


def test_a_change_carries_its_sign_and_its_interval():
    text = wording.change(-0.026, -0.068, 0.016, "share").replace(NB, " ")
    assert text == "−2.6 (−6.8 to +1.6)"
    assert wording.change(74, None, None, "count") == "+74"
    assert wording.change(None, None, None, "count") == "–"


def test_the_end_of_an_interval_just_off_zero_shows_on_which_side_it_is():
    text = wording.signed_interval(0.0002, 0.03, "share").replace(NB, " ")
    assert text == "+0.02 to +3.0"
    assert wording.signed(-0.00004, "per 100 orders", tell_zero=True) == "−0.004"
    assert wording.signed(0.0, "share", tell_zero=True) == "0"
    assert wording.signed(0.00003, "share") == "0.0"
    assert wording.signed(0, "count") == "0"


def test_words_are_listed_and_counted():
    assert listing(["US"]) == "US"
    assert listing(["US", "UK", "DE"]) == "US, UK and DE"
    assert several(1, "file") == "1 file"
    assert several(1234, "file") == "1,234 files"


def test_a_lift_is_told_in_whole_percents_with_its_sign():
    assert wording.plain(0.189, "lift") == f"+19{NB}%"
    assert wording.plain(-0.004, "lift") == f"0{NB}%"
    assert wording.interval(-0.02, 0.277, "lift") == f"{wording.MINUS}2{NB}to{NB}+28{NB}%"


def test_the_end_of_a_lifts_range_just_off_zero_shows_on_which_side_it_is():
    for low, text in ((0.004, "+0.4"), (-0.004, "−0.4"), (0.0004, "+0.04"), (0.0, "0")):
        assert wording.interval(low, 0.28, "lift").replace(NB, " ") == f"{text} to +28 %"
        assert range_words(low, 0.28).replace(NB, " ") == f"{text} to +28 %"
    assert lift_words(0.004) == f"0{NB}%"


def test_a_number_and_its_percent_sign_stay_on_one_line_but_code_is_left_to_be_copied():
    page = "<p>95 % of 7, and % alone</p><pre class='x'>5 % 3</pre><p>2 %</p>"
    wanted = f"<p>95{NB}% of 7, and % alone</p><pre class='x'>5 % 3</pre><p>2{NB}%</p>"
    assert one_line(page) == wanted
