"""A label inside a sentence: its first letter small, names as they are."""

import pytest

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
