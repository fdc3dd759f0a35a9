"""Masking in text, keys for order ids, and files that only their owner may read."""

import stat

import pandas as pd
import pytest

from feedback_analysis import ReportError
from feedback_analysis.privacy import (
    OrderKeys,
    scrub,
    scrub_text,
    shop_salt,
    user_salt,
    write_key_map,
)

MASKED = {
    "write jo.bloggs+shop@mail.example.com!": "write [e-mail]!",
    "order 000-1234567-7654321 late": "order [order id] late",
    "order 000 1234567 7654321 late": "order [order id] late",
    "order 000\u20111234567\u20117654321": "order [order id]",
    "order 000－1234567－7654321": "order [order id]",
    "Nr. 00012345677654321.": "Nr. [order id].",
    "D01-1234567-7654321": "[order id]",
    "call 555-0142": "call [phone]",
    "call (202) 555-0173 now": "call [phone] now",
    "07700 900123": "[phone]",
    "07700900123": "[phone]",
    "+44 20 7946 0958": "[phone]",
    "1-800-555-0199": "[phone]",
    "030 23125 012": "[phone]",
    "030/23125012": "[phone]",
    "tel 06 12 34 56 78 svp": "tel [phone] svp",
    "tel 06.12.34.56.78": "tel [phone]",
    "tel 03-1234-5678": "tel [phone]",
    "電話０９０－１２３４－５６７８まで": "電話[phone]まで",
}


@pytest.mark.parametrize(("text", "expected"), MASKED.items())
def test_what_is_personal_is_masked(text, expected):
    assert scrub_text(text) == expected
    assert scrub(pd.Series([text])).tolist() == [expected]
    assert scrub_text(expected) == expected


@pytest.mark.parametrize("text", ["+33 6 12 34 56 78", "+49 (0)151 23456789", "0151 / 23456789"])
def test_no_dialable_part_of_a_number_stays(text):
    masked = scrub_text(f"call {text}!")
    assert "[phone]" in masked
    assert sum(character.isdigit() for character in masked) < 5


@pytest.mark.parametrize(
    "text",
    [
        "arrived 10/03/2026, 5 days late", "ordered 2026-10-03 not 2026-10-13", "paid $1,234.56",
        "3 of 4 cups, 100% broken", "B0CHILD001 is wrong", "from 9:00 to 17:30", "31.10.2026",
        "2 x 12 pieces, 500 ml", "room 1204", "@home", "",
    ],
)  # fmt: skip
def test_what_is_not_personal_stays(text):
    assert scrub_text(text) == text
    assert scrub(pd.Series([text])).tolist() == [text]


def test_the_quick_test_for_suspects_misses_nothing_that_masking_finds():
    texts = [f"a {text} b" for text in MASKED]
    together = scrub(pd.Series(texts)).tolist()
    assert together == [scrub_text(text) for text in texts]


def test_masking_keeps_the_index_and_the_input():
    texts = pd.Series(["a@example.com", None, "fine"], index=[7, 3, 9])
    before = texts.copy()
    masked = scrub(texts)
    assert masked.tolist() == ["[e-mail]", "", "fine"]
    assert masked.index.tolist() == [7, 3, 9]
    pd.testing.assert_series_equal(texts, before)


def test_a_key_depends_on_salt_and_order_only():
    ids = pd.Series(["000-1", "000-2", "000-1", "", None])
    keys = OrderKeys(b"salt")(ids)
    assert keys[0] == keys[2] != keys[1]
    assert keys.isna().tolist() == [False, False, False, True, True]
    assert OrderKeys(b"salt")(ids)[0] == keys[0]
    assert OrderKeys(b"other")(ids)[0] != keys[0]
    assert keys.dropna().str.fullmatch("o[0-9a-f]{16}").all()
    assert "000-1" not in repr(OrderKeys(b"salt"))


def test_keys_remember_the_way_back_only_when_asked():
    keys = OrderKeys(b"salt", remember=False)
    keys(pd.Series(["000-1"]))
    assert keys.known == {}


def test_a_shop_draws_its_salt_once(tmp_path):
    salt = shop_salt(tmp_path, None)
    assert len(salt) == 64
    assert shop_salt(tmp_path, None) == salt
    assert shop_salt(tmp_path, "stated") == b"stated"
    assert stat.S_IMODE((tmp_path / ".private" / "salt").stat().st_mode) == 0o600


def test_a_salt_of_which_part_is_lost_is_not_drawn_anew(tmp_path):
    """Orders would get other keys, and what was purged would come back unseen."""
    salt = shop_salt(tmp_path, None)
    path = tmp_path / ".private" / "salt"
    path.write_bytes(salt[:20])
    with pytest.raises(ReportError, match="damaged"):
        shop_salt(tmp_path, None)
    path.write_bytes(b"")
    assert len(shop_salt(tmp_path, None)) == 64


def test_the_users_salt_lies_in_the_configuration_folder(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    monkeypatch.setenv("APPDATA", str(tmp_path))
    assert user_salt() == user_salt()
    assert (tmp_path / "feedback_analysis" / "salt").is_file()


def test_a_salt_that_cannot_be_kept_says_what_to_do(tmp_path):
    (tmp_path / ".private").write_text("in the way")
    with pytest.raises(ReportError, match="cannot be kept"):
        shop_salt(tmp_path, None)


def test_the_key_map_is_sorted_and_quoted(tmp_path):
    write_key_map(tmp_path, {"ob": "000-2", "oa": 'odd,"id"'})
    path = tmp_path / ".private" / "order-keys.csv"
    assert path.read_text() == 'order_key,order_id\noa,"odd,""id"""\nob,000-2\n'
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert sorted(entry.name for entry in path.parent.iterdir()) == [".gitignore", "order-keys.csv"]
