"""Names that the files tell: found in every spelling, told from common words, unreadable."""

import pickle

import pytest

from feedback_analysis.names import Names, is_own_phrase


def known(*texts, **options):
    names = Names(**options)
    names.add(texts)
    return names


@pytest.mark.parametrize(
    ("told", "said", "masked"),
    [
        ("Zebulon Quist", "thanks, Zebulon Quist!", "thanks, [name]!"),
        ("Zebulon Quist", "ZEBULON  quist", "[name]"),
        ("Zebulon Quist", "Quist, Zebulon", "[name]"),
        ("Quist, Zebulon", "Zebulon Quist's parcel", "[name]'s parcel"),
        ("Zebulon Quist", "zebulon.quist and Zebulon_Quist", "[name] and [name]"),
        ("Zebulon Quist", "Zebulon\u200bQuist", "[name]"),
        ("Zebulon Quist", "Zebulon%20Quist &#90;ebulon Quist", "[name] [name]"),
        ("Herr Dr. Jürgen Groß-Ahlers", "Jurgen Gross Ahlers", "[name]"),
        ("José García López", "jose garcia", "[name]"),
        ("Mary J. Ottolenghi", "Mary Ottolenghi wrote", "[name] wrote"),
        ("山田 太郎", "山田太郎です", "[name]です"),
        ("山田太郎", "担当は山田 太郎", "担当は[name]"),
        ("77 Nowhere Lane", "left at 77 nowhere lane", "left at [name]"),
        ("quist1978", "my nick is quist1978", "my nick is [name]"),
    ],
)
def test_a_name_is_masked_however_it_is_written(told, said, masked):
    assert known(told).mask(said) == masked


@pytest.mark.parametrize(
    "told", ["Grace", "Customer Service", "Amazon Customer", "Al B", "12345", "", "Flat 2", "林"]
)
def test_what_may_be_any_words_is_no_name(told):
    said = f"Grace of {told}, customer service, al b, 12345, flat 2, 林さん"
    assert known(told).mask(said) == said


def test_parts_of_a_name_stay():
    assert known("Zebulon Quist").mask("Zebulon or Quist, quistzebulonic") == (
        "Zebulon or Quist, quistzebulonic"
    )


def test_names_can_be_found_but_not_read_out():
    names = known("Zebulon Quist", "Ottoline Vesper")
    assert repr(names) == "Names(2 known)"
    held = repr(vars(names)).casefold()
    assert not any(word in held for word in ("zebulon", "quist", "ottoline", "vesper"))
    assert b"ebulon" not in pickle.dumps(vars(names))


def test_what_the_package_says_is_no_name():
    assert is_own_phrase("customer service")
    assert not is_own_phrase("zebulon quist")
