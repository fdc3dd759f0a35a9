"""A purge that was stopped anywhere is finished by the next one."""

import shutil

import pytest

from feedback_analysis.purge import purge_shop, run
from tests.purge.shops import ID, RETURNED, SAID, fill, key_of_order
from tests.purge.test_purge import holders


@pytest.fixture(scope="module")
def filled(tmp_path_factory):
    place = tmp_path_factory.mktemp("filled")
    fill(place)
    return place


@pytest.mark.parametrize("stage", ["_reports", "_beside", "_readings", "_files"])
def test_what_was_stopped_after_a_stage_leaves_nothing_after_the_next_purge(
    filled, tmp_path, monkeypatch, stage
):
    place = tmp_path / "place"
    shutil.copytree(filled, place)
    shop, key = place / "shop", key_of_order(place / "shop")
    # It names the places of the shop that this one is a copy of.
    (shop / ".private" / "written.json").unlink()
    also = [place / "reports" / "shop", place / "elsewhere.csv"]

    def stopped(*given, **named):
        work(*given, **named)
        raise KeyboardInterrupt("stopped")

    work = getattr(run, stage)
    monkeypatch.setattr(run, stage, stopped)
    with pytest.raises(KeyboardInterrupt, match="stopped"):
        purge_shop(shop, order_id=ID, downloads=True, also=also)
    monkeypatch.setattr(run, stage, work)
    purge_shop(shop, order_id=ID, downloads=True, also=also)
    assert holders(place, ID, key, SAID, RETURNED) == []
