"""The taxonomy, ours and a user's: whole, and plain about what is wrong with a file."""

import re

import pytest

from feedback_analysis.causes.lexicon import Lexicon
from feedback_analysis.causes.taxonomy import own_taxonomy, read_taxonomy
from feedback_analysis.errors import ReportError

QUESTIONS = (
    "shipping_speed packaging tracking email_response cancel_return service_reach as_described "
    "other unclear"
).split()
GOOD = """
[[cause]]
id = "late"
label = "Late"
words = { en = ["late"] }
[[cause]]
id = "lost"
label = "Lost"
question = "luggage"
examples = { en = ["My bag is lost."] }
"""


def test_ours_is_whole():
    taxonomy = own_taxonomy()
    assert list(taxonomy.questions) == QUESTIONS
    assert {cause.question for cause in taxonomy.causes} == set(QUESTIONS)
    assert 25 <= len(taxonomy.ids) <= 41, "which two of the causes are one?"
    for cause in taxonomy.causes:
        assert all([cause.label, cause.covers, cause.excludes, cause.remedy]), cause.id
        assert cause.fixed_by in {"seller", "amazon", "nobody"}


def test_every_language_has_words_for_nearly_every_cause():
    languages = {language for cause in own_taxonomy().causes for language in cause.words}
    assert languages == set("en de fr es pt it nl pl sv ja".split())
    for cause in own_taxonomy().causes:
        if cause.id not in {"unclear", "other_complaint"}:
            lacking = languages - set(cause.words)
            assert not lacking, f"{cause.id} lacks words in causes/words/ of {sorted(lacking)}"
            assert set(cause.words) == languages, cause.id


@pytest.mark.parametrize(
    ("text", "language", "cause"),
    [
        ("It NEVER arrived", "en", "never_arrived"),
        ("they never even once replied to my messages", "en", "message_unanswered"),
        ("nao recebi nada", "pt", "never_arrived"),
        ("Não recebi nada", "pt", "never_arrived"),
        ("箱がつぶれていた", "ja", "damaged_in_transit"),
    ],
)
def test_words_are_found(text, language, cause):
    taxonomy = own_taxonomy()
    counts = Lexicon(taxonomy).count([text], [language])
    assert counts[0, taxonomy.ids.index(cause)] >= 1


def test_words_are_whole_words():
    taxonomy = own_taxonomy()
    counts = Lexicon(taxonomy).count(["plated chocolate"], ["en"])
    assert counts[0, taxonomy.ids.index("late_delivery")] == 0


def write(folder, text):
    path = folder / "own.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_user_file_is_read(tmp_path):
    taxonomy = read_taxonomy(write(tmp_path, GOOD))
    assert taxonomy.ids == ("late", "lost")
    assert taxonomy.questions == {"luggage": "luggage"}
    assert not taxonomy.own


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "cause' is missing"),
        ("[[cause]", "no valid TOML"),
        (GOOD.replace("words", "wrods"), "Did you mean 'words'"),
        (GOOD.replace('"lost"', '"late"'), "which another has too"),
        (GOOD.replace("[[cause]]", "[[causes]]"), "Did you mean 'cause'"),
        (GOOD.replace('words = { en = ["late"] }', ""), "neither words nor examples"),
        (GOOD.replace('id = "late"', 'id = "Too Late!"'), "'id' does not fit"),
        (GOOD.replace('{ en = ["late"] }', '["late"]'), "'words' does not fit"),
    ],
)
def test_what_is_wrong_is_told(tmp_path, text, said):
    with pytest.raises(ReportError, match=re.escape(said)) as error:
        read_taxonomy(write(tmp_path, text))
    assert "own.toml" in str(error.value)


def test_a_file_that_is_none_is_told(tmp_path):
    with pytest.raises(ReportError, match="cannot be read"):
        read_taxonomy(tmp_path / "nothing.toml")
    (tmp_path / "own.toml").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(ReportError, match="not UTF-8"):
        read_taxonomy(tmp_path / "own.toml")
