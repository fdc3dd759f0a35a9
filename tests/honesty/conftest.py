"""The labels of the sample shop's comments, which the report kept: an input, as the files are."""

import pytest

from tests.honesty import labels


@pytest.fixture(scope="session", autouse=True)
def labelled(sample_report, tmp_path_factory):
    """Read the labels behind the report once, for every page that counts them."""
    labels.load(sample_report, tmp_path_factory.mktemp("labels"))
