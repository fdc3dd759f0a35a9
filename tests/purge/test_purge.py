"""After a purge no file that was kept holds the order, its key or what its buyer wrote."""

import gzip
import html
import io
import json
import os
import sqlite3
import stat
import zipfile
from datetime import date
from functools import partial

import pyarrow.parquet as pq
import pytest
from typer.testing import CliRunner

from feedback_analysis import cli
from feedback_analysis.amazon.folder import inspect_folder, read_folder
from feedback_analysis.aside import locked
from feedback_analysis.cli import app
from feedback_analysis.errors import ReportError
from feedback_analysis.memory import readings
from feedback_analysis.privacy import write_private
from feedback_analysis.purge import purge_shop
from feedback_analysis.purge.rows import CannotMend, blank_rows, without_rows
from feedback_analysis.purge.search import Searcher
from feedback_analysis.purge.words import in_words
from feedback_analysis.sheets import read_sheet
from tests.amazon.files import ORDERS, assert_adds_up, feedback, lines_of, put
from tests.crashing import tree
from tests.purge.shops import (
    ID,
    OF_OTHER,
    OTHER,
    RETURNED,
    SAID,
    book,
    fill,
    key_of_order,
    write_shop,
)

# How files of old Office programs begin, and workbooks with a password.
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def bytes_of(path):
    """Return all bytes of a file, packed and unpacked, by other means than the product's."""
    data = path.read_bytes()
    parts = [data]
    if data[:2] == b"\x1f\x8b":
        parts.append(gzip.decompress(data))
    if data[:2] == b"PK":
        with zipfile.ZipFile(path) as pack:
            parts += [pack.read(name) for name in pack.namelist()]
    if data[:4] == b"PAR1":
        table = pq.read_table(path).to_pylist()
        parts.append(json.dumps(table, default=str, ensure_ascii=False).encode())
        parts.append("\n".join(str(cell) for row in table for cell in row.values()).encode())
    return b"\n".join(parts)


def spelt(text):
    """Return a text as it may stand in a file."""
    ways = {text, html.escape(text), html.escape(text, quote=False), text.replace('"', '""')}
    ways |= {json.dumps(text)[1:-1], json.dumps(text, ensure_ascii=False)[1:-1]}
    return {each.encode(code) for each in ways for code in ("utf-8", "utf-16-le")}


def holders(place, *texts, but=()):
    """Return the files below a folder that hold any of some texts."""
    wanted = {way for text in texts for way in spelt(text)}
    return sorted(
        path.relative_to(place).as_posix()
        for path in place.rglob("*")
        if path.is_file()
        and not path.relative_to(place).as_posix().startswith(but)
        and any(way in bytes_of(path) for way in wanted)
    )


@pytest.fixture(scope="module")
def purged(tmp_path_factory):
    """A filled shop, purged of one order: the place, what held it before, what was done."""
    place = tmp_path_factory.mktemp("purge")
    shop = fill(place)
    key = key_of_order(shop)
    before = holders(place, ID, key, SAID, RETURNED)
    files = tree(shop / "amazon")
    looked = purge_shop(shop, order_id=ID, dry_run=True)
    untouched = holders(place, ID, key, SAID, RETURNED)
    done = purge_shop(shop, order_id=ID)
    return place, shop, key, before, untouched, looked, done, files


def test_the_order_was_in_every_place_before(purged):
    _, _, _, before, untouched, *_ = purged
    wanted = {
        "elsewhere.csv", "shop/cases.xlsx", "shop/asks.csv", "shop/causes.toml",
        "shop/corrections.csv", "shop/.private/order-keys.csv", "shop/.private/audit/sample.csv",
        "shop/.private/failed/00_all.ipynb", "shop/.private/reading/feedback.bin",
        "shop/.corrections.csv.1.tmp", "reports/shop/2026-10/00_all.html",
        "reports/shop/2026-10/report.html", "shop/amazon/US/feedback.txt",
        "shop/amazon/US/feedback-later.txt", "shop/amazon/US/orders.txt.gz",
        "shop/amazon/US/returns.txt",
    }  # fmt: skip
    assert wanted <= set(before)
    assert any(name.endswith("feedback.parquet") for name in before)
    assert untouched == before


def test_nothing_that_was_kept_holds_it_afterwards(purged):
    place, _, key, *_ = purged
    assert holders(place, ID, key, SAID, RETURNED, but=("shop/amazon/",)) == []


def test_what_is_of_others_stays(purged):
    place, shop, *_ = purged
    assert holders(place, OF_OTHER, but=("shop/amazon/", "reports/")) != []
    assert {"elsewhere.csv", "shop/asks.csv", "shop/cases.xlsx"} <= set(holders(place, OTHER))
    # A correction of an order goes with it, one of words that others wrote does not.
    rows = (shop / "corrections.csv").read_text("utf-8").splitlines()
    assert len(rows) == 1
    assert "no answer to letters" in (shop / "causes.toml").read_text("utf-8")
    assert (place / "reports" / "shop" / "2026-W44" / "index.html").is_file()
    with sqlite3.connect(shop / ".private" / "vectors" / "vectors.sqlite") as held:
        assert held.execute("select count(*) from kept").fetchone() == (1,)
    held.close()
    kept = json.loads((shop / ".private" / "map" / "places.json").read_text())
    assert len(kept["places"]) == 1


def test_it_says_what_it_did_and_what_is_left(purged):
    _, _, _, _, _, looked, done, _ = purged
    assert [place for place, *_ in looked.removed] == [place for place, *_ in done.removed]
    assert dict(done.downloads) == {
        "amazon/US/feedback.txt": [20], "amazon/US/feedback-later.txt": [21],
        "amazon/US/orders.txt.gz": [2, 3], "amazon/US/returns.txt": [2],
    }  # fmt: skip
    assert done.reports == ["2026-10"]
    assert done.left == []
    assert done.looked > 20


def test_the_downloads_stay_as_they_are_unless_it_is_asked_for(purged):
    _, shop, *_, files = purged
    assert tree(shop / "amazon") == files


def test_the_next_run_does_not_bring_it_back(purged):
    place, shop, key, *_ = purged
    found = inspect_folder(shop)
    assert_adds_up(found.shop)
    assert found.problems == ()
    # The star counts as before; the order, its return and the words are gone.
    day = found.shop.feedback[found.shop.feedback["date"] == "2026-10-07"]
    assert day["rating"].tolist() == [1]
    assert day["comment"].tolist() == [""]
    for name, frame in found.shop.tables().items():
        assert "order_key" not in frame or key not in set(frame["order_key"].dropna()), name
    assert holders(place, ID, key, SAID, RETURNED, but=("shop/amazon/",)) == []


def test_kept_readings_say_the_same_stars_without_the_words(purged):
    _, shop, key, *_ = purged
    kept = readings(shop)
    assert [reading.number for reading in kept] == [1, 2]
    for reading in kept:
        one = reading.shop()
        assert len(one.feedback) == 21
        assert key not in set(one.orders["order_key"])
        assert SAID not in set(one.feedback["comment"])


@pytest.mark.skipif(os.name == "nt", reason="Windows keeps no such modes")
def test_what_is_written_is_its_owners_alone(purged):
    _, shop, *_ = purged
    for path in (shop / ".private").rglob("*"):
        assert stat.S_IMODE(path.stat().st_mode) == (0o700 if path.is_dir() else 0o600), path


def test_downloads_lose_the_rows_when_asked_and_keep_stars_and_form(tmp_path):
    shop = write_shop(tmp_path / "shop")
    before = read_folder(shop)
    done = purge_shop(shop, order_id=ID.replace("-", ""), downloads=True)
    assert holders(tmp_path, ID, key_of_order(shop), SAID, RETURNED) == []
    assert done.left == []
    after = read_folder(shop)
    assert_adds_up(after)
    assert after.feedback["rating"].tolist() == before.feedback["rating"].tolist()
    assert len(after.orders) == len(before.orders) - 2
    later = (shop / "amazon" / "US" / "feedback-later.txt").read_bytes()
    assert later[:2] in (b"\xff\xfe", b"\xfe\xff")
    packed = (shop / "amazon" / "US" / "orders.txt.gz").read_bytes()
    assert OTHER.encode() in gzip.decompress(packed)
    # Every other row stands there byte for byte.
    rows = (shop / "amazon" / "US" / "feedback.txt").read_text().splitlines()
    assert f"10/8/26\t1\t{OF_OTHER}\t\t{OTHER}\t" in rows
    assert "10/7/26\t1\t\t\t\t@example.com" in rows


def test_everything_before_a_day_goes(tmp_path):
    shop = write_shop(tmp_path / "shop")
    before = read_folder(shop)
    done = purge_shop(shop, before=date(2026, 10, 15))
    assert done.left == []
    after = read_folder(shop)
    assert_adds_up(after)
    assert after.feedback["rating"].tolist() == before.feedback["rating"].tolist()
    early = after.feedback["date"] < "2026-10-15"
    assert set(after.feedback["comment"][early]) == {""}
    assert (after.feedback["comment"][~early] != "").all()
    assert after.orders["purchase_date"].min().date() == date(2026, 10, 15)
    assert ID not in (shop / ".private" / "order-keys.csv").read_text().replace(RETURNED, "") or (
        # Its return came later, so the order itself is still needed.
        (after.returns["return_date"] >= "2026-10-15").all()
    )
    purge_shop(shop, before=date(2026, 10, 15), downloads=True)
    again = read_folder(shop)
    assert again.feedback["rating"].tolist() == before.feedback["rating"].tolist()
    assert holders(tmp_path, OF_OTHER, SAID) == []


def test_a_comment_that_others_wrote_too_stays_by_its_words(tmp_path):
    shop = write_shop(tmp_path / "shop")
    text = (shop / "amazon" / "US" / "feedback.txt").read_text()
    (shop / "amazon" / "US" / "feedback.txt").write_text(text.replace(OF_OTHER, SAID))
    (shop / "corrections.csv").write_text(
        f'comment,order_key,causes\n"{SAID.replace(chr(34), chr(34) * 2)}",,never_arrived\n'
    )
    done = purge_shop(shop, order_id=ID)
    assert done.shared == 1
    assert len((shop / "corrections.csv").read_text().splitlines()) == 2


def test_a_file_of_no_known_kind_is_told(tmp_path):
    shop = write_shop(tmp_path / "shop")
    read_folder(shop)
    (shop / ".private" / "other.bin").write_bytes(SAID.encode())
    (shop / "my notes.txt").write_text(f"call about {ID}")
    done = purge_shop(shop, order_id=ID)
    assert {name for name, _ in done.left} == {".private/other.bin", "my notes.txt"}


def test_a_download_without_rows_has_nothing_to_take_out(tmp_path):
    """Amazon hands out a header alone where there was nothing on the days asked for."""
    shop = write_shop(tmp_path / "shop")
    for name, text in (("empty.txt", feedback()), ("none.csv", lines_of(ORDERS, []))):
        put(shop / "amazon" / "US", name, text)
    done = purge_shop(shop, order_id=ID, downloads=True)
    assert done.left == []
    assert (shop / "amazon" / "US" / "empty.txt").read_text() == feedback()


def test_it_waits_for_nobody_who_is_at_work(tmp_path):
    shop = write_shop(tmp_path / "shop")
    before = tree(shop)
    with locked(shop, shared=True), pytest.raises(ReportError, match="at work on this shop"):
        purge_shop(shop, order_id=ID, patience=0)
    assert tree(shop) == before | {name: code for name, code in tree(shop).items()
                                   if name.startswith(".private/")}  # fmt: skip


@pytest.mark.parametrize("command", ["check", "report", "audit", "cases"])
def test_no_command_works_on_a_shop_beside_a_purge(tmp_path, monkeypatch, command):
    shop = write_shop(tmp_path / "shop")
    monkeypatch.setattr(cli, "locked", partial(locked, patience=0))
    more = ["--out", str(tmp_path / "a.xlsx")] if command == "cases" else []
    with locked(shop):
        done = CliRunner().invoke(app, [command, str(shop), *more])
    assert (done.exit_code, "a purge is at work on this shop" in done.output) == (1, True)


def test_the_command_asks_first_and_can_only_look(tmp_path):
    shop = write_shop(tmp_path / "shop")
    run = CliRunner().invoke
    looked = run(app, ["purge", str(shop), "--order-id", ID, "--dry-run"])
    assert looked.exit_code == 0
    assert "Would be removed" in looked.output or "Nothing kept" in looked.output
    refused = run(app, ["purge", str(shop), "--order-id", ID], input="n\n")
    assert refused.exit_code == 1
    assert ID in (shop / "asks.csv").read_text()
    done = run(app, ["purge", str(shop), "--order-id", ID], input="y\n")
    assert done.exit_code == 0, done.output
    assert "asks.csv" in done.output
    assert "feedback.txt: line 20" in done.output
    assert ID not in (shop / "asks.csv").read_text()
    nothing = run(app, ["purge", str(shop), "--order-id", "000-9999999-9999999"])
    assert (nothing.exit_code, "Nothing of order" in nothing.output) == (0, True)
    for wrong in ([], ["--order-id", ID, "--before", "2026-01-01"], ["--before", "soon"]):
        assert run(app, ["purge", str(shop), *wrong]).exit_code == 2


def test_a_workbook_loses_the_row_on_every_sheet_and_nothing_else(tmp_path):
    path = tmp_path / "mine.xlsx"
    path.write_bytes(book([("order_id", "note"), (ID, SAID), (OTHER, "=1+1")]))
    assert blank_rows(path, lambda row: row["order_id"] == ID) == 1
    assert holders(tmp_path, ID, SAID) == []
    sheet = read_sheet(path)
    assert next(row for row in sheet.rows if any(row))[0] == OTHER
    with zipfile.ZipFile(path, "a") as pack:
        pack.writestr("xl/charts/chart1.xml", "<x/>")
    with pytest.raises(CannotMend, match="drawings"):
        blank_rows(path, lambda row: row["order_id"] == OTHER)
    assert holders(tmp_path, OTHER) == ["mine.xlsx"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_rows_of_text_leave_every_other_byte(tmp_path, encoding):
    path = tmp_path / "list.csv"
    text = 'order_id;note\r\n1;"two\r\nlines; \u00e9"\r\n2;x\r\n\r\n3;"\u00e9"'
    path.write_bytes(text.encode(encoding))
    assert without_rows(path, lambda row: row.get("order_id") == "2") == 1
    assert path.read_bytes() == text.replace("2;x\r\n", "").encode(encoding)


def test_the_search_sees_through_packs_and_spellings(tmp_path):
    search = Searcher([SAID])
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as pack:
        pack.writestr("inner.json", gzip.compress(json.dumps([SAID]).encode()))
    for number, data in enumerate((
        SAID.encode(), f"x{SAID}".encode("utf-16-le"), html.escape(SAID).encode(),
        gzip.compress(SAID.encode()), packed.getvalue(), json.dumps(SAID).encode(),
    )):  # fmt: skip
        path = tmp_path / str(number)
        path.write_bytes(b"abc" + data if number < 3 else data)
        assert search.holds(path), number
        path.write_bytes(data[:-9].replace(b"seventeen", b""))
        assert not search.holds(path), number


def locked_zip(path, **others):
    """Write an archive whose first member has a password."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as pack:
        for name, content in {"locked": b"not told", **others}.items():
            pack.writestr(name, content)
    data = bytearray(packed.getvalue())
    # The mark of a password, at the member and at its line in the list of members.
    data[6] |= 1
    data[data.index(b"PK\x01\x02") + 8] |= 1
    path.write_bytes(data)


def test_the_search_goes_on_beside_a_member_with_a_password(tmp_path):
    path = tmp_path / "locked.zip"
    locked_zip(path, open=gzip.compress(SAID.encode()))
    assert Searcher([SAID]).holds(path)
    assert not Searcher(["nothing of the kind"]).holds(path)


@pytest.mark.parametrize("part", ["123", "", ID[:-1], f"{ID}1", "07700 900123"])
def test_part_of_an_order_id_is_no_order(tmp_path, part):
    """It would be found in anybody's phone number, and take out what that buyer wrote."""
    shop = write_shop(tmp_path / "shop")
    before = tree(tmp_path)
    with pytest.raises(ReportError, match="no whole order id"):
        purge_shop(shop, order_id=part, downloads=True)
    assert tree(tmp_path) == before


def test_a_report_under_any_name_is_made_again_by_its_own_period_and_place(tmp_path):
    shop = write_shop(tmp_path / "shop")
    report = tmp_path / "for my boss"
    report.mkdir()
    (report / "key_figures.json").write_text('{"period": {"id": "2026-10"}}', "utf-8")
    (report / "index.html").write_text(f"<p>{ID}</p>", "utf-8")
    given = ["purge", str(shop), "--order-id", ID, "--also", str(report), "--yes"]
    said = CliRunner().invoke(app, given).output
    assert f'report "{shop}" --period 2026-10 --output "{report}"' in said.replace("\n", "")
    assert not report.exists()


def test_what_a_password_keeps_from_being_looked_through_is_told(tmp_path):
    shop = write_shop(tmp_path / "shop")
    locked_zip(shop / "old.zip")
    (shop / "sheet.xlsx").write_bytes(OLE + "EncryptedPackage".encode("utf-16-le"))
    (shop / "sheet.xls").write_bytes(OLE + b"Workbook")
    for order in (ID, "000-9999999-9999999"):
        done = purge_shop(shop, order_id=order, dry_run=True)
        assert done.sealed == ["old.zip", "sheet.xlsx"]
        told = in_words(done, dry_run=True, what="it", command=lambda *_: "")
        at = told.index("Not looked through, because a password protects it or a part of it:")
        assert told[at + 1 : at + 3] == ["  old.zip", "  sheet.xlsx"]


def test_what_was_read_is_told_in_one_line_and_not_by_file(tmp_path):
    shop = write_shop(tmp_path / "shop")
    for number in range(3):
        write_private(shop / ".private" / "reading" / f"{number}.bin", b"read")
    done = purge_shop(shop, order_id=ID)
    told = [line for line in done.removed if line[0].startswith(".private/reading")]
    assert told == [(".private/reading", "what was read, kept for speed", "3 files")]
    assert not list((shop / ".private" / "reading").glob("*.bin"))
