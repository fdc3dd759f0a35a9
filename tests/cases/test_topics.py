"""Candidates: how right they are on the labelled comments, and what the words can and cannot do."""

import pytest

from benchmarks.removal_candidates import rows, sample_delivery, scores
from feedback_analysis.cases import CANDIDATES_NOTE
from feedback_analysis.cases.topics import topic_of


def test_the_labelled_comments_are_as_many_and_as_mixed_as_said():
    every = rows()
    assert len(every) == 175
    assert len({row["language"] for row in every}) == 8
    assert len({row["comment"] for row in every}) == 175
    assert {row["truth"] for row in every} == {
        "product", "delivery", "obscene", "personal", "stays",
    }  # fmt: skip


def test_precision_and_recall_are_what_the_page_says():
    held, sample = scores("held")["any"], sample_delivery()
    right = round(held["precision"] * held["precision_n"])
    assert right == held["precision_n"] == 39
    assert (held["hit"], held["recall_n"]) == (39, 41)
    assert (
        f"all {right} named were right, and {held['hit']} of {held['recall_n']}" in CANDIDATES_NOTE
    )
    named, true = sample["precision_n"], sample["recall_n"]
    assert f"{named} were named" in CANDIDATES_NOTE
    assert f"{sample['hit']} of them rightly" in CANDIDATES_NOTE
    assert f"{true - sample['hit']} of {true} such comments were missed" in CANDIDATES_NOTE


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
