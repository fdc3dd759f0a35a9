"""Kept readings: the same shop back, never twice, in order, for their owner only."""

import json
import os
import shutil
import stat
from dataclasses import replace

import pandas as pd
import pytest

from feedback_analysis import read_folder
from feedback_analysis.errors import ReportError
from feedback_analysis.memory import (
    earlier_readings,
    find_snapshot,
    is_snapshot,
    keep_snapshot,
    readings,
)
from feedback_analysis.periods import Period
from feedback_analysis.settings import Settings
from tests.amazon.files import ORDER, commas, feedback, make_shop
from tests.report.hand_made import feedback as feedback_table
from tests.report.hand_made import shop as table_shop

AUGUST, SEPTEMBER, OCTOBER = (Period.parse(f"2026-{month}") for month in ("08", "09", "10"))
ROWS = (
    ["10/03/2026", "5", "Fast", "", ORDER(1), "a@example.com"],
    ["10/04/2026", "1", "Broken: mail jo@example.com", "", ORDER(2), "b@example.com"],
)
TOML = '[shop]\nname = "Mug shop"\n[targets]\naverage = 4.2\n[privacy]\nsalt = "secret-of-tests"\n'


def read(folder, *rows, name="feedback.txt", toml=TOML):
    return read_folder(make_shop(folder, {f"US/{name}": feedback(*(rows or ROWS))}, toml))


def files(folder):
    return sorted(path for path in folder.rglob("*") if path.is_file())


def test_a_kept_shop_comes_back_as_it_was(tmp_path):
    header = "Date,Ordered Product Sales,Units Ordered,Total Order Items,Page Views - Total,"
    header += "Sessions - Total"
    daily = commas(header.split(","), [["10/05/2026", "$24.00", "2", "2", "31", "20"]])
    make_shop(tmp_path, {"US/days.csv": daily})
    shop = read(tmp_path)
    reading = keep_snapshot(shop, OCTOBER)
    back = find_snapshot(tmp_path, "2026-10").shop()
    for name, table in shop.tables().items():
        pd.testing.assert_frame_equal(getattr(back, name), table)
    pd.testing.assert_frame_equal(back.ledger, shop.ledger)
    for name in ("set_aside", "missing"):
        table = getattr(shop, name)
        assert getattr(back, name).to_dict("records") == table.to_dict("records")
    assert (back.settings.name, back.settings.targets.average) == ("Mug shop", 4.2)
    assert back.folder == tmp_path
    # A notebook is told the reading's folder, and reads it like any other.
    pd.testing.assert_frame_equal(read_folder(reading.folder).feedback, shop.feedback)


def test_every_type_of_column_comes_back(tmp_path):
    shop = read_folder("data/sample-new-shop")
    made = replace(shop, folder=tmp_path)
    keep_snapshot(made, OCTOBER)
    back = find_snapshot(tmp_path, OCTOBER).shop()
    for name, table in made.tables().items():
        assert getattr(back, name).dtypes.to_dict() == table.dtypes.to_dict(), name


def test_the_same_content_is_kept_once_and_its_name_says_day_and_content(tmp_path):
    shop = read(tmp_path)
    first = keep_snapshot(shop, OCTOBER)
    before = {path: path.stat().st_mtime_ns for path in files(tmp_path)}
    assert keep_snapshot(read_folder(tmp_path), OCTOBER) == first
    assert {path: path.stat().st_mtime_ns for path in files(tmp_path)} == before
    assert first.folder.parent == tmp_path / ".private" / "snapshots" / "2026-10"
    assert first.name.startswith("2026-10-04-")
    assert keep_snapshot(find_snapshot(tmp_path, OCTOBER).shop(), OCTOBER) == first


def test_the_same_shop_elsewhere_has_the_same_name(tmp_path):
    one, two = (keep_snapshot(read(tmp_path / name), OCTOBER) for name in ("a", "b"))
    assert one.name == two.name


def test_tables_that_did_not_change_are_shared_between_readings(tmp_path):
    shop = read(tmp_path)
    one, two = keep_snapshot(shop, SEPTEMBER), keep_snapshot(shop, OCTOBER)
    assert one.name == two.name
    name = "feedback.parquet"
    assert (one.folder / name).read_bytes() == (two.folder / name).read_bytes()
    if os.name != "nt":
        assert (one.folder / name).stat().st_ino == (two.folder / name).stat().st_ino


def test_a_change_of_a_row_of_a_setting_or_of_the_ledger_is_another_reading(tmp_path):
    names = {keep_snapshot(read(tmp_path), OCTOBER).name}
    names.add(keep_snapshot(read(tmp_path, ROWS[0], [*ROWS[1][:2], "Bad"]), OCTOBER).name)
    names.add(keep_snapshot(read(tmp_path, toml=TOML.replace("4.2", "4.3")), OCTOBER).name)
    (tmp_path / "amazon" / "US" / "feedback.txt").rename(tmp_path / "amazon" / "US" / "f.txt")
    names.add(keep_snapshot(read_folder(tmp_path), OCTOBER).name)
    assert len(names) == 4
    assert [reading.number for reading in readings(tmp_path)] == [1, 2, 3, 4]


def test_readings_hold_no_order_id_no_mail_and_no_salt(tmp_path):
    shop = read(tmp_path, name=f"jo@example.com feedback {ORDER(7)}.txt")
    reading = keep_snapshot(shop, OCTOBER)
    back = find_snapshot(tmp_path, OCTOBER).shop()
    assert back.ledger["file"].tolist()[0] == "US/[e-mail] feedback [order id].txt"
    texts = [frame.to_csv() for frame in (*back.tables().values(), back.ledger, back.set_aside)]
    texts.append((reading.folder / "snapshot.json").read_text())
    for text in texts:
        assert ORDER(1) not in text
        assert ORDER(7) not in text
        assert "@example.com" not in text
        assert "secret-of-tests" not in text
    assert back.settings.salt is None
    assert back.feedback["order_key"].tolist() == shop.feedback["order_key"].tolist()


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such permissions")
def test_only_the_owner_may_read_what_is_kept_and_git_leaves_it_out(tmp_path):
    private = tmp_path / ".private"
    keep_snapshot(replace(read(tmp_path / "x"), folder=tmp_path), OCTOBER)
    assert (private / ".gitignore").read_text() == "*\n"
    for path in (private / "snapshots").rglob("*"):
        mode = stat.S_IMODE(path.stat().st_mode)
        assert mode == (0o700 if path.is_dir() else 0o600), path


def test_a_reading_that_could_not_be_finished_leaves_nothing(tmp_path, monkeypatch):
    shop = read(tmp_path)
    keep_snapshot(shop, OCTOBER)

    def full(*_arguments, **_keywords):
        raise OSError(28, "No space left on device")

    changed = read(tmp_path, ROWS[0])
    monkeypatch.setattr("feedback_analysis.memory.form.write_private", full)
    with pytest.raises(OSError, match="No space left"):
        keep_snapshot(changed, OCTOBER)
    folder = tmp_path / ".private" / "snapshots" / "2026-10"
    assert [path.name for path in folder.iterdir()] == [readings(tmp_path)[0].name]


def test_the_newest_or_a_named_reading_is_found(tmp_path):
    first = keep_snapshot(read(tmp_path), OCTOBER)
    second = keep_snapshot(read(tmp_path, ROWS[0]), OCTOBER)
    assert find_snapshot(tmp_path, "2026-10") == second
    assert find_snapshot(tmp_path, OCTOBER, name=first.name) == first
    with pytest.raises(ReportError, match="no reading of August 2026 is kept") as caught:
        find_snapshot(tmp_path, AUGUST).shop()
    assert caught.value.expected == "one of 2026-10"
    with pytest.raises(ReportError, match="no reading 2026-10-01-x of October 2026") as caught:
        find_snapshot(tmp_path, OCTOBER, name="2026-10-01-x").shop()
    assert caught.value.expected == f"one of {first.name}, {second.name}"
    with pytest.raises(ReportError, match="no reading of October 2026") as caught:
        find_snapshot(tmp_path / "nowhere", OCTOBER).shop()
    assert caught.value.found == "no reading at all; each report keeps one from now on"


def test_earlier_readings_go_back_to_the_last_report_of_an_earlier_period(tmp_path):
    keep_snapshot(read(tmp_path, ROWS[0]), AUGUST)
    september = keep_snapshot(read(tmp_path, ROWS[0]), SEPTEMBER)
    draft = keep_snapshot(read(tmp_path, ROWS[1]), OCTOBER)
    final = keep_snapshot(read(tmp_path), OCTOBER)
    assert earlier_readings(final.folder, OCTOBER) == [september, draft]
    assert earlier_readings(draft.folder, OCTOBER) == [september]
    # The shop's folder itself: what is read now comes after all that is kept.
    assert earlier_readings(tmp_path, OCTOBER) == [september, draft, final]
    assert earlier_readings(tmp_path / "x", OCTOBER) == []


def test_a_damaged_reading_is_told_and_one_of_another_form_too(tmp_path):
    reading = keep_snapshot(read(tmp_path), OCTOBER)
    mark = reading.folder / "snapshot.json"
    content = mark.read_text()
    (reading.folder / "orders.parquet").write_bytes(b"PAR1")
    with pytest.raises(ReportError, match="a kept reading is damaged"):
        reading.shop()
    mark.write_text(json.dumps(json.loads(content) | {"form": 99}))
    with pytest.raises(ReportError, match="another version"):
        reading.shop()
    for spoilt in ({"last_day": "soon"}, {"number": None}, {"period": "2026"}):
        mark.write_text(json.dumps(json.loads(content) | spoilt))
        with pytest.raises(ReportError, match="a kept reading is damaged"):
            readings(tmp_path)
    mark.write_text("{}")
    with pytest.raises(ReportError, match="a kept reading is damaged"):
        readings(tmp_path)


def test_a_reading_copied_elsewhere_can_still_be_opened(tmp_path):
    reading = keep_snapshot(read(tmp_path / "shop"), OCTOBER)
    copy = shutil.copytree(reading.folder, tmp_path / "copy")
    assert is_snapshot(copy)
    assert not is_snapshot(tmp_path / "shop")
    assert read_folder(copy).folder == copy


def test_a_shop_without_a_day_is_not_kept(tmp_path):
    with pytest.raises(ReportError, match="nothing to keep"):
        keep_snapshot(replace(table_shop(), folder=tmp_path), OCTOBER)
    assert not (tmp_path / ".private").exists()


def test_settings_of_a_reading_are_those_of_the_shop(tmp_path):
    stated = Settings(name="Töpfe & Mehr", marketplaces=("DE",), minimum_n=20)
    rows = feedback_table([("2026-10-10", 5, "o1")], marketplace="DE")
    keep_snapshot(replace(table_shop(feedback=rows, settings=stated), folder=tmp_path), OCTOBER)
    assert find_snapshot(tmp_path, OCTOBER).shop().settings == stated
