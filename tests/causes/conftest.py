"""One fitted labeller for the session, in a cache of its own."""

import pytest

from feedback_analysis.causes.store import kept_labeller


@pytest.fixture(scope="session")
def labeller():
    return kept_labeller()
