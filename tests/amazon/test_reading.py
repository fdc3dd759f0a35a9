"""A kept reading is what a new one would give, and is taken only while every file is the same."""

import shutil
from dataclasses import fields

import pandas as pd
import pytest

from feedback_analysis.amazon import reading
from feedback_analysis.amazon.folder import read_with_names
from tests.amazon.files import ORDER, feedback, make_shop

TOML = '[shop]\nname = "Mug shop"\n[privacy]\nsalt = "secret-of-tests"\n'
ROWS = [["10/03/2026", "5", "fine", "", ORDER(1)], ["10/04/2026", "1", "late", "", ORDER(2)]]


@pytest.fixture
def shop(tmp_path, monkeypatch):
    """Make a shop, and count how often its files are read."""
    folder = make_shop(tmp_path / "shop", {"US/feedback.txt": feedback(*ROWS)}, TOML)
    read = []

    def counted(place):
        read.append(place)
        return read_with_names(place)

    monkeypatch.setattr(reading, "read_with_names", counted)
    return folder, read


def same(one, other):
    for field in fields(one):
        first, second = getattr(one, field.name), getattr(other, field.name)
        if isinstance(first, pd.DataFrame):
            pd.testing.assert_frame_equal(first, second)
        else:
            assert first == second


def test_the_same_files_are_read_once_and_give_the_same_shop(shop):
    folder, read = shop
    first, _ = reading.read_unless_kept(folder)
    second, _ = reading.read_unless_kept(folder)
    assert len(read) == 1
    same(first, second)
    fresh = read_with_names(folder)[0].tables()
    for name, table in second.tables().items():
        pd.testing.assert_frame_equal(table, fresh[name])


@pytest.mark.parametrize("changed", ["amazon/US/feedback.txt", "amazon/US/new.txt", "shop.toml"])
def test_a_change_of_any_file_is_read(shop, changed):
    folder, read = shop
    reading.read_unless_kept(folder)
    more = feedback(["10/05/2026", "4", "good", "", ORDER(3)])
    (folder / changed).write_text(more if changed.endswith(".txt") else TOML + "# changed\n")
    reading.read_unless_kept(folder)
    reading.read_unless_kept(folder)
    assert len(read) == 2
    assert len(list((folder / ".private" / reading.FOLDER).iterdir())) == 1


def test_a_file_that_has_another_name_is_noticed(shop):
    folder, read = shop
    reading.read_unless_kept(folder)
    (folder / "amazon" / "US").rename(folder / "amazon" / "UK")
    assert reading.read_unless_kept(folder)[0].feedback["marketplace"].tolist() == ["UK", "UK"]
    assert len(read) == 2


@pytest.mark.parametrize("damaged", ["feedback.parquet", "snapshot.json", reading.CODES])
@pytest.mark.parametrize("how", ["gone", "cut", "other"])
def test_what_is_damaged_is_made_anew_without_a_word(shop, damaged, how, capsys):
    folder, read = shop
    whole, _ = reading.read_unless_kept(folder)
    file = _place(folder) / damaged
    content = file.read_bytes()
    file.unlink()
    if how != "gone":
        file.write_bytes(content[: len(content) // 2] if how == "cut" else b"something else")
    same(reading.read_unless_kept(folder)[0], whole)
    same(reading.read_unless_kept(folder)[0], whole)
    assert len(read) == 2
    assert capsys.readouterr() == ("", "")


def test_names_are_found_again_and_stand_nowhere_in_words(shop):
    folder, read = shop
    _, names = reading.read_unless_kept(folder)
    names.add(["Zebulon Quist", "山田 太郎"])
    assert len(names) == 2
    shutil.rmtree(folder / ".private" / reading.FOLDER)
    reading._keep(read_with_names(folder)[0], names, _place(folder))
    _, again = reading.read_unless_kept(folder)
    assert again.mask("thanks, Quist, Zebulon; 山田太郎です") == "thanks, [name]; [name]です"
    held = [path.read_bytes().lower() for path in _place(folder).iterdir()]
    assert not any(b"zebulon" in content or b"quist" in content for content in held)
    assert len(read) == 1


def test_a_folder_that_cannot_be_written_to_is_read_all_the_same(shop, monkeypatch):
    def refuse(*_given):
        raise PermissionError(13, "Permission denied")

    folder, read = shop
    monkeypatch.setattr(reading, "keep_frames", refuse)
    reading.read_unless_kept(folder)
    assert len(reading.read_unless_kept(folder)[0].feedback) == 2
    assert len(read) == 2


def _place(folder):
    return folder / ".private" / reading.FOLDER / reading._digest(folder)
