"""The map of comments is laid out once, and again only when something that it rests on changes."""

import json
import stat
from types import SimpleNamespace

import numpy as np
import pytest

from feedback_analysis.service import places
from feedback_analysis.settings import Causes, Settings

COMMENTS = [
    "The parcel never came", "Came three weeks late", "Glass in pieces, thin box",
    "Nobody answers my messages", "Wrong colour sent", "Refund still missing",
]  # fmt: skip


@pytest.fixture
def laid(monkeypatch):
    """Count the layouts that are made, and lay out by the length of the comments."""
    made = []

    def layout(comments, *, seed, encoder_name, memory):
        made.append(list(comments))
        return np.array([[len(text) / 3, seed] for text in comments], dtype=np.float32)

    monkeypatch.setattr(places, "layout", layout)
    return made


def shop_at(folder, encoder="none"):
    return SimpleNamespace(folder=folder, settings=Settings(causes=Causes(encoder=encoder)))


def test_the_same_comments_are_laid_out_once_and_lie_at_the_very_same_places(tmp_path, laid):
    shop = shop_at(tmp_path)
    first, again = (places.kept_layout(shop, COMMENTS) for _ in range(2))
    assert laid == [COMMENTS]
    assert again.tobytes() == first.tobytes()
    assert again.dtype == first.dtype


def test_other_comments_another_order_encoder_or_seed_are_laid_out_anew(tmp_path, laid):
    shop = shop_at(tmp_path)
    places.kept_layout(shop, COMMENTS)
    places.kept_layout(shop, COMMENTS[:5])
    places.kept_layout(shop, COMMENTS[::-1])
    places.kept_layout(shop_at(tmp_path, "auto"), COMMENTS[::-1])
    places.kept_layout(shop_at(tmp_path, "auto"), COMMENTS[::-1], seed=1)
    assert len(laid) == 5


def test_no_word_is_kept_and_only_the_owner_may_read_it(tmp_path, laid):
    places.kept_layout(shop_at(tmp_path), COMMENTS)
    (file,) = (tmp_path / ".private" / "map").glob("*.json")
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert not any(text in file.read_text("utf-8") for text in COMMENTS)


@pytest.mark.parametrize("spoilt", ["", "[]", '{"key": 1}', "{", "null"])
def test_a_spoilt_file_is_made_anew(tmp_path, laid, spoilt):
    shop = shop_at(tmp_path)
    first = places.kept_layout(shop, COMMENTS)
    (file,) = (tmp_path / ".private" / "map").glob("*.json")
    file.write_text(spoilt, "utf-8")
    assert (places.kept_layout(shop, COMMENTS) == first).all()
    assert json.loads(file.read_text("utf-8"))["places"]


def test_too_few_comments_have_no_place(tmp_path):
    assert places.kept_layout(shop_at(tmp_path), COMMENTS[:2]).shape == (0, 2)
