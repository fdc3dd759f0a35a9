"""What is done quickly gives what the plain and slow way gives."""

import hmac
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from feedback_analysis import tables, texts
from feedback_analysis.amazon import plain
from feedback_analysis.amazon.decode import Content
from feedback_analysis.fits import surely_fits
from feedback_analysis.privacy import EMAIL, MASKS, ORDER_ID, OrderKeys, scrub, scrub_text

WORDS = (
    "000-1234567-1234567", "D01-1234567-1234567", "000 1234567 1234567", "00012345671234567",
    "+49 30 1234567", "(555) 010-4477", "555-0104", "06 12 34 56 78", "+33 (0)6 12 34 56 78",
    "jo@example.com", "a.b+c@shop.example.com", "12345678@example.com",
    "and", "ordered", "D", "é", "３３３",
    "\u0663\u0664\u0665\u0666\u0667\u0668\u0669", "-", ".", "/", "(", ")", "+", "_", "12.99", "@",
    "",
)  # fmt: skip
SAID = st.lists(st.sampled_from(WORDS), max_size=8).map(" ".join) | st.text(max_size=40)


@given(st.lists(st.text(max_size=30) | st.none(), max_size=6), st.binary(min_size=1, max_size=90))
def test_an_order_key_is_the_hmac_of_the_stripped_id(ids, salt):
    keys = OrderKeys(salt)(pd.Series(ids, dtype=tables.TEXT))
    for text, key in zip(ids, keys, strict=True):
        stripped = (text or "").strip()
        if stripped:
            code = hmac.new(salt, stripped.encode(), "sha256").hexdigest()
            assert key == "o" + code[:16]
        else:
            assert pd.isna(key)


@given(st.lists(SAID, max_size=6), st.booleans())
def test_a_column_is_masked_as_each_of_its_texts(said, strip):
    column = pd.Series(said, dtype=tables.TEXT)
    expected = [scrub_text(text.strip() if strip else text) for text in said]
    assert scrub(column, strip=strip).tolist() == expected


@given(SAID)
def test_nothing_that_can_be_masked_is_left_after_masking(text):
    masked = scrub_text(text)
    assert not [mask for pattern, mask in MASKS if pattern.search(masked)]
    assert scrub_text(masked) == masked


@given(st.sampled_from(WORDS[:4]), st.sampled_from(("", " ", "x", "d", "(", "ordered ")))
def test_an_order_id_is_masked_as_one_wherever_the_pattern_finds_one(order, before):
    text = f"{before}{order}."
    found = ORDER_ID.search(text) is not None
    assert (scrub_text(text).count("[order id]") == 1) == found


@pytest.mark.parametrize("letters", ["a" * 200_000, "a." * 100_000, "1-" * 100_000, "?" * 200_000])
def test_a_very_long_word_is_masked_in_no_time_to_speak_of(letters):
    """Each of these took hours with a pattern that is tried from every letter on."""
    masked = scrub_text(f"{letters} jo@example.com {letters}@")
    assert "jo@example.com" not in masked
    assert EMAIL.search(masked) is None


LINES = st.lists(
    st.lists(st.text("ab \u00e9\u20ac\"'\ufeff", max_size=3), min_size=3, max_size=3).map("\t".join)
    | st.sampled_from(("", "1\t2", "1\t2\t3\t4", "a\0\tb\tc", "x\ry\tz\t", " ")),
    max_size=12,
)


@given(LINES, st.sampled_from(("\n", "\r\n")), st.sampled_from((16, 40, 10_000)))
@settings(max_examples=60)
def test_lines_read_in_blocks_are_lines_read_one_by_one(lines, end, size):
    data = end.join(["one\ttwo\tthree", *lines, "last\trow\t!", ""]).encode()
    content = Content(data, "utf-8", "UTF-8")
    given_to = ("\t", {"a": 0, "c": 2}, ["one", "two", "three"], "file", None)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(plain, "_LARGE", size)
        patch.setattr(plain, "_SMALL", size // 2)
        quick = plain.read_plain(content, *given_to)
        patch.setattr(plain, "_take_regular", lambda *_: 0)
        slow = plain.read_plain(content, *given_to)
    pd.testing.assert_frame_equal(quick.frame, slow.frame)
    assert quick.lines.tolist() == slow.lines.tolist()
    assert (quick.read, quick.set_aside) == (slow.read, slow.set_aside)
    assert quick.read == len(quick.frame) + len(quick.set_aside)


@pytest.mark.parametrize("name", tables.SCHEMAS)
def test_an_empty_table_fits_for_sure_and_pandera_agrees(name):
    assert surely_fits(tables.SCHEMAS[name], tables.empty(name))
    tables.SCHEMAS[name].validate(tables.empty(name))


@given(
    st.lists(
        st.tuples(
            st.integers(-1, 6),
            st.sampled_from(("all ratings", "1-3 stars only", "other", None)),
            st.sampled_from(("c", None)),
        ),
        min_size=1,
        max_size=3,
    )
)
def test_what_surely_fits_is_what_pandera_lets_through(rows):
    day = pd.Timestamp("2026-10-31")
    frame = pd.DataFrame(rows, columns=["rating", "source", "comment"])
    given_columns = frame.assign(date=day, response="", first_seen=day, last_seen=day, gone=False)
    table = tables.shape("feedback", given_columns)
    schema = tables.SCHEMAS["feedback"]
    fits = all(
        1 <= rating <= 5 and source in ("all ratings", "1-3 stars only") and comment is not None
        for rating, source, comment in rows
    )
    assert surely_fits(schema, table) == fits
    if fits:
        schema.validate(table)


def test_a_table_of_other_columns_or_dtypes_is_left_to_pandera():
    schema, table = tables.SCHEMAS["reviews"], tables.empty("reviews")
    assert not surely_fits(schema, table.iloc[:, ::-1])
    assert not surely_fits(schema, table.assign(review_count=table["review_count"].astype(float)))
    assert not surely_fits(schema, table.assign(more=1))


@given(st.lists(st.sampled_from(("1", " 2", "x", "")) | st.none(), max_size=8))
def test_a_column_read_by_its_distinct_texts_is_the_column_read_cell_by_cell(cells):
    column = pd.Series(cells, dtype=tables.TEXT, index=range(5, 5 + len(cells)))

    def read(text):
        return int(text) if text.strip().isdigit() else None

    expected = [read(text) if text is not None else None for text in cells]
    result = texts.mapped(column, read, "Int64")
    assert result.index.equals(column.index)
    assert [None if pd.isna(value) else value for value in result] == expected


@given(st.lists(st.integers(-1, 2), max_size=6))
def test_chosen_texts_stand_at_their_places(places):
    index = pd.RangeIndex(len(places))
    among = ["US", "UK", "DE"]
    result = texts.chosen(np.array(places, dtype=np.int32), among, index)
    assert [None if pd.isna(text) else text for text in result] == [
        None if place < 0 else among[place] for place in places
    ]


@given(st.lists(st.sampled_from(("a", "b??", "\ufffd", "?", "é", "")) | st.none(), max_size=6))
def test_a_column_holds_what_one_of_its_texts_holds(cells):
    column = texts.arrow(pd.Series(cells, dtype=tables.TEXT))
    for needle in ("??", "\ufffd"):
        if any(needle in (text or "") for text in cells):
            assert texts.holds(column, needle)
    assert not texts.holds(column, "zebra")


def test_the_benchmarks_file_is_read_whole(tmp_path: Path):
    """The file that benchmarks/reading.py measures with is a file like any other."""
    import sys

    from feedback_analysis import read_feedback

    sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "benchmarks"))
    try:
        from _feedback_file import write_feedback
    finally:
        del sys.path[0]
    path = tmp_path / "feedback.txt"
    write_feedback(path, rows=500, personal=0.5)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CONFIG_HOME", str(tmp_path))
        patch.setenv("APPDATA", str(tmp_path))
        table = read_feedback(path, marketplace="US")
    assert len(table) == 500
    assert table["comment"].str.contains(r"\[(?:e-mail|phone|order id)\]").sum() > 200
    assert not table["comment"].str.contains("@").any()
