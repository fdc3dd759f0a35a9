"""What tells languages apart is learnt once, and read back it says the same."""

import numpy as np
import pytest

from feedback_analysis.causes import language
from feedback_analysis.causes.seeds import seeds


@pytest.fixture
def cache(tmp_path, monkeypatch):
    monkeypatch.setenv("FEEDBACK_ANALYSIS_CACHE", str(tmp_path))
    language.guesser.cache_clear()
    yield tmp_path
    language.guesser.cache_clear()


def test_what_was_kept_guesses_as_what_was_learnt(cache, monkeypatch):
    texts = seeds()["comment"].tolist()[::7]
    first = language.guesser()
    (kept,) = cache.iterdir()
    language.guesser.cache_clear()
    monkeypatch.setattr(language, "learnt", None)
    again = language.guesser()
    assert again is not first
    assert again.terms == first.terms
    np.testing.assert_array_equal(again.weights, first.weights)
    assert again(texts) == first(texts)
    for content in (b"", b"something else", kept.read_bytes()[:1000]):
        kept.write_bytes(content)
        language.guesser.cache_clear()
        with pytest.raises(TypeError, match="callable"):
            language.guesser()


def test_a_cache_that_cannot_be_written_to_is_done_without(cache, monkeypatch):
    def refuse(*_given):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(language, "_keep", refuse)
    assert language.guesser()(["Das Paket kam viel zu spät an", "it never arrived"]) == ["de", "en"]
