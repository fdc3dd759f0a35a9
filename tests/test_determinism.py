"""Two worlds as far apart as they get write the same bytes (benchmarks/determinism.py: six)."""

import os

import pytest

from tests.worlds import WORLDS, differing, make_locales, outcome, start


@pytest.mark.skipif(os.name == "nt", reason="zones and languages are set otherwise there")
def test_zone_language_seed_workers_folder_and_user_change_no_byte(tmp_path):
    locales = make_locales(tmp_path / "locales")
    start(tmp_path / "start")
    found = []
    for number, world in enumerate(WORLDS[:2]):
        world = (world[0], world[1] if world[1] in locales else "C", *world[2:])
        found.append(
            outcome(
                tmp_path / "start", tmp_path / str(number), world,
                locales=tmp_path / "locales", cache=tmp_path / "cache",
            )
        )  # fmt: skip
    assert len(found[0]) >= 8
    assert differing(*found) == []
