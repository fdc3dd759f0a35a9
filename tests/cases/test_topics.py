"""Candidates: how right they are on the labelled comments, and what the words can and cannot do."""

import pytest

from benchmarks.removal_candidates import kept, rows, sample_scores, scores
from feedback_analysis.cases import CANDIDATES_NOTE
from feedback_analysis.cases.responsibility import whole_of
from feedback_analysis.cases.topics import topic_of
from feedback_analysis.shares import share_interval


def test_the_labelled_comments_are_as_many_and_as_mixed_as_said():
    every = rows()
    assert len(every) == 175
    assert len({row["language"] for row in every}) == 8
    assert len({row["comment"] for row in every}) == 175
    assert {row["truth"] for row in every} == {
        "product", "delivery", "obscene", "personal", "stays",
    }  # fmt: skip


def share(hit, n):
    low, high = share_interval(hit, n)
    return f"{100 * low:.1f} to {100 * high:.1f} %"


def test_precision_and_recall_are_what_the_page_says():
    measured = {(row["comments"], row["part"], row["by"], row["kind"]): row for row in kept()}
    held = measured["authored", "held", "labels", "any"]
    hit, named, true = held["hit"], held["named"], held["true"]
    assert hit == named
    assert f"all {named} named were right (precision {share(hit, named)})" in CANDIDATES_NOTE
    assert f"{hit} of {true} were found (recall {share(hit, true)})" in CANDIDATES_NOTE
    every = measured["sample", "all", "labels", "delivery"]
    hit, named, true = every["hit"], every["named"], every["true"]
    assert f"{named} were named" in CANDIDATES_NOTE
    assert f"{hit} of them rightly ({share(hit, named)})" in CANDIDATES_NOTE
    assert f"{hit} of {true} such comments were found ({share(hit, true)})" in CANDIDATES_NOTE
    half = measured["sample", "unseen", "labels", "delivery"]
    hit, named, true = half["hit"], half["named"], half["true"]
    assert f"{hit} of {named} were right ({share(hit, named)})" in CANDIDATES_NOTE
    assert f"{hit} of {true} found ({share(hit, true)})" in CANDIDATES_NOTE


def test_what_words_alone_find_is_what_was_measured():
    measured = [row for row in kept() if row["by"] == "words"]
    assert [row | {"by": "words"} for row in (*scores(), *sample_scores())] == measured


@pytest.mark.parametrize(
    ("comment", "questions", "whole"),
    [
        # The label says delivery, and no word of another matter speaks against it.
        ("three weeks for a pair of towels", {"shipping_speed"}, "delivery"),
        ("the seller emailed a number, no box yet", {"tracking"}, "delivery"),
        ("late, and the seller would not refund", {"shipping_speed"}, ""),
        ("late, and the fabric smells", {"shipping_speed"}, ""),
        # Words alone are not enough for a mere mention, or against a label.
        ("the seller emailed a number, no parcel yet", set(), ""),
        ("Parcel came three weeks late", {"as_described"}, ""),
        ("Parcel came three weeks late", {"unclear"}, ""),
        ("Parcel came three weeks late", set(), "delivery"),
        ("label had the wrong zip so it toured Nevada first", {"as_described"}, ""),
        ("the zipper broke", {"as_described"}, "product"),
        ("the zipper broke", {"as_described", "email_response"}, ""),
        ("arseholes, it came late", {"shipping_speed"}, "obscene"),
    ],
)
def test_words_and_label_decide_together(comment, questions, whole):
    found, clause = whole_of(comment, questions)
    assert found == whole
    assert bool(clause) == bool(whole)
    assert clause.rstrip(".") in comment


@pytest.mark.parametrize(
    ("comment", "whole", "clause"),
    [
        ("Great shop. Parcel came three weeks late!", "mixed", ""),
        ("Parcel came three weeks late!", "delivery", "Parcel came three weeks late!"),
        ("PAKET NIE ANGEKOMMEN", "delivery", "PAKET NIE ANGEKOMMEN"),
        ("Bad. The fabric smells of glue.", "product", "The fabric smells of glue."),
        ("avoid", "unclear", ""),
        ("", "unclear", ""),
        ("Never mind. What a load of sh\u00eft!", "obscene", "What a load of sh\u00eft!"),
        ("Scunthorpe, Cockburn Street", "unclear", ""),
        ("Write to [e-mail]", "personal", "Write to [e-mail]"),
        ("I waited. My number is [phone] and it has not rung", "mixed", ""),
        ("Les dejé mi cel [phone] por si acaso", "mixed", ""),
        ("Ask my wife: the owner is at [phone]", "personal", "the owner is at [phone]"),
        ("My order [order id] is late", "delivery", "My order [order id] is late"),
        ("Mr. Harold Pinkwater shouted", "personal", "Mr. Harold Pinkwater shouted"),
        ("mr. and mrs. nobody", "unclear", ""),
    ],
)
def test_the_whole_of_a_comment(comment, whole, clause):
    found = topic_of(comment)
    assert (found.whole, found.clause) == (whole, clause)


def test_a_long_rest_without_a_known_word_leaves_the_comment_mixed():
    rest = " ".join(["banana"] * 12)
    assert topic_of(f"Late. {rest}").whole == "mixed"
    assert topic_of("Late. Banana banana").whole == "delivery"
