"""A label inside a sentence keeps its names, and a share in whole percents its meaning."""

import pytest

from feedback_analysis.shares import part_percent
from feedback_analysis.texts import in_sentence


@pytest.mark.parametrize(
    ("label", "shown"),
    [
        ("Late delivery", "late delivery"),
        ("E-mail not answered", "e-mail not answered"),
        ("Delivered by DHL", "delivered by DHL"),
        ("FBA label wrong", "FBA label wrong"),
        ("Royal Mail lost it", "Royal Mail lost it"),
        ("Amazon's parcel late", "Amazon's parcel late"),
        ("eBay buyer", "eBay buyer"),
        ("", ""),
    ],
)
def test_a_label_in_a_sentence_keeps_its_names(label, shown):
    assert in_sentence(label) == shown


@pytest.mark.parametrize(
    ("share", "shown"),
    [
        (1.0, "100 %"),
        (1 - 1e-12, "100 %"),
        (0.9999, "more than 99 %"),
        (0.994, "99 %"),
        (0.88, "88 %"),
        (0.004, "less than 1 %"),
        (0.0, "0 %"),
    ],
)
def test_all_and_none_are_said_of_nothing_less(share, shown):
    assert part_percent(share) == shown
