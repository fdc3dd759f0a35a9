"""What the tests of Amazon's files share: a salt of their own, never the user's."""

import pytest


@pytest.fixture(autouse=True)
def own_configuration(tmp_path_factory, monkeypatch):
    """Keep the salt for bare files out of the user's configuration folder."""
    folder = tmp_path_factory.getbasetemp() / "configuration"
    monkeypatch.setenv("XDG_CONFIG_HOME", str(folder))
    monkeypatch.setenv("APPDATA", str(folder))
