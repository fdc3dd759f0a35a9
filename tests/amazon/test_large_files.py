"""A large file gives what the ordinary reader gives: the same rows, the same counts and ledger."""

import gzip
import re
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from feedback_analysis import ReportError, read_folder, tables
from feedback_analysis.amazon import stream
from feedback_analysis.amazon.batch import Facts
from feedback_analysis.amazon.file import read_file
from feedback_analysis.amazon.folder import inspect_folder
from feedback_analysis.amazon.large import open_large, tidy_pieces
from feedback_analysis.amazon.large_feedback import tally_pieces
from feedback_analysis.privacy import OrderKeys
from tests.amazon import files
from tests.fuzz.kinds import KINDS, a_report
from tests.fuzz.mutators import TEXT, mutated
from tests.scale.condensing import condensed
from tests.store.shops import (
    RELAY,
    SHOP,
    TOML,
    feedback_rows,
    orders_of,
    read_large,
    text_of,
    write_shop,
)

KEYS = OrderKeys(b"tests", remember=False)
US = Facts(marketplace="US", pattern="feedback.txt")
LARGE = ("feedback", "orders", "shipments", "returns")
# Sound files of every report of Amazon's.
SOUND = [
    (f"{kind}/{name}", content)
    for kind, each in KINDS.items()
    if each.read is a_report
    for name, content in each.seeds()
]


def legacy(rows):
    return [[*row[:4], "Yes", "No", "-", *row[4:], "Buyer"] for row in rows]


PLAIN = text_of(feedback_rows())
LINES = PLAIN.split("\n")
COMMAS = files.commas(files.FEEDBACK, feedback_rows())
UNHAPPY = [row for row in feedback_rows() if row[1] < 4]
AWKWARD = {
    "plain": PLAIN.encode(),
    "CRLF": PLAIN.replace("\n", "\r\n").encode(),
    "CR alone": PLAIN.replace("\n", "\r").encode(),
    "CR behind an empty line": ("\n" + PLAIN).replace("\n", "\r").replace("\r", "\r\n", 1).encode(),
    "CR and CRLF": PLAIN.replace("\n", "\r\n").replace("\r\n", "\r", 20).encode(),
    "a lone CR": PLAIN.replace("null", "nu\rll").encode(),
    "NUL": PLAIN.replace("null", "nu\0ll").encode(),
    "short row": "\n".join([*LINES[:5], "10/3/26\t2\tshort", *LINES[5:]]).encode(),
    "broken comment": "\n".join(
        [*LINES[:5], "10/3/26\t2\tin two", "lines\t\t\t", *LINES[5:]]
    ).encode(),
    "long row": "\n".join([*LINES[:7], LINES[7] + "\tone\ttoo many", *LINES[8:]]).encode(),
    "empty lines": "\n".join([*LINES[:9], "", "", *LINES[9:]]).encode(),
    "blank row": "\n".join([*LINES[:9], "\t\t\t\t\t", *LINES[9:]]).encode(),
    "no last line end": PLAIN.rstrip("\n").encode(),
    "bad rating": PLAIN.replace("\t5\t", "\tfive\t", 2).encode(),
    "bad date": PLAIN.replace("10/3/26", "31/31/26").encode(),
    "BOM": PLAIN.encode("utf-8-sig"),
    "UTF-16": PLAIN.encode("utf-16"),
    "cp1252": PLAIN.encode("cp1252"),
    "mixed encodings": PLAIN.encode("cp1252") + PLAIN.split("\n", 1)[1].encode(),
    "gzip": gzip.compress(PLAIN.encode(), mtime=0),
    "ten columns": text_of(legacy(feedback_rows()), files.LEGACY).encode(),
    "stars only": text_of([[*row[:2], "", *row[3:]] for row in feedback_rows()]).encode(),
    "1-3 stars only": text_of(UNHAPPY).encode(),
    "no order ids": text_of([[*row[:4], "", row[5]] for row in feedback_rows()]).encode(),
    "translated header": text_of(feedback_rows(), list("abcdef")).encode(),
    "one row and no line end under a translated header": text_of(
        feedback_rows(1), list("abcdef")
    ).rstrip("\n").encode(),
    "header only": (LINES[0] + "\n").encode(),
    "twice in one file": (PLAIN + "\n".join(LINES[1:4]) + "\n").encode(),
    "commas": COMMAS.encode(),
    "cut short with quotes": COMMAS.encode()[:-70],
    "a lone CR behind the header": COMMAS.replace("\n", "\r", 1).encode(),
    "a day of five stars that is none": text_of(
        [["31/31/26", 5, *row[2:]] if place == 9 else row for place, row in enumerate(UNHAPPY)]
    ).encode(),
    "several marketplaces": PLAIN.replace(RELAY, "y@marketplace.amazon.ca", 7).encode(),
}  # fmt: skip


@pytest.fixture(autouse=True)
def small_pieces(monkeypatch):
    monkeypatch.setattr(stream, "PIECE", 700)


def outcome(read, *given):
    """Return what a reader gives, or its error without the place in the file."""
    try:
        given = read(*given)
        return given if isinstance(given, tuple) else (given,)
    except ReportError as error:
        return error.message, error.found


def by_rows(path, facts):
    result = read_file(path, facts, KEYS, alone=True)
    table = result.tables["feedback"]
    keys = ["date", "marketplace", "rating", "source"]
    counted = table.groupby(keys, dropna=False).size().rename("n").reset_index()
    return counted, result.read, sorted(result.set_aside), result.encoding, sorted(result.notes)


def by_pieces(path, facts):
    counted, ledger = tally_pieces(open_large(path, facts, alone=True))
    keys = ["date", "marketplace", "rating", "source"]
    counted = counted.sort_values(keys, ignore_index=True)[[*keys, "n"]]
    aside = [(line, why) for why, lines in ledger.aside.lines.items() for line in lines]
    return counted, ledger.read, sorted(aside), ledger.encoding, sorted(ledger.notes)


def assert_alike(path, facts):
    quick, slow = outcome(by_pieces, path, facts), outcome(by_rows, path, facts)
    if isinstance(slow[0], str):
        assert quick == slow
        return
    pd.testing.assert_frame_equal(quick[0], slow[0], check_dtype=False)
    assert quick[1:] == slow[1:]


@pytest.mark.parametrize("name", AWKWARD)
def test_an_awkward_file_is_counted_as_it_is_read(name, tmp_path):
    path = tmp_path / "feedback.txt"
    path.write_bytes(AWKWARD[name])
    assert_alike(path, US if name != "several marketplaces" else replace(US, marketplace=None))


def test_an_unfinished_download_is_no_large_file(tmp_path):
    path = tmp_path / "feedback.txt.crdownload"
    path.write_bytes(AWKWARD["plain"])
    with pytest.raises(ReportError, match="never finished"):
        open_large(path, US)


def test_a_japanese_file_is_counted_as_it_is_read(tmp_path):
    rows = [[f"26/10/{row[0].split('/')[1]}", row[1], "配送が遅い", *row[3:]]
            for row in feedback_rows()]  # fmt: skip
    path = tmp_path / "feedback.txt"
    content = text_of(rows).replace(RELAY, "x@marketplace.amazon.co.jp").encode("cp932")
    path.write_bytes(content)
    assert_alike(path, Facts(pattern="feedback.txt"))
    assert by_pieces(path, Facts(pattern="feedback.txt"))[3] == "cp932"


@pytest.mark.parametrize("number", range(1, 41))
def test_a_spoilt_file_is_counted_as_it_is_read(number, tmp_path):
    path = tmp_path / "feedback.txt"
    path.write_bytes(mutated([AWKWARD["plain"]], number, TEXT))
    if isinstance(outcome(by_rows, path, US)[0], str):
        # Of several reasons to refuse a file the pieces may meet another one first.
        assert isinstance(outcome(by_pieces, path, US)[0], str)
    else:
        assert_alike(path, US)


def assert_rows_alike(one, other):
    """Rows that say the same but for their key may stand in another order."""
    columns = list(one)
    pd.testing.assert_frame_equal(
        one.sort_values(columns, ignore_index=True), other.sort_values(columns, ignore_index=True)
    )


def assert_shops_alike(ordinary, large):
    """The rows that are looked at one by one, every tally and the whole ledger are the same."""
    assert large.is_condensed
    assert not ordinary.is_condensed
    expected = condensed(ordinary)
    for name, table in expected.tallies.tables().items():
        pd.testing.assert_frame_equal(table, large.tallies.table(name), obj=name)
    rows = expected.feedback
    # Of happy feedback no word is kept.
    worded = rows.assign(comment=rows["comment"].where(rows["rating"] <= 3, ""))
    assert_rows_alike(worded, large.feedback)
    for name in LARGE:
        if name != "feedback":
            assert_rows_alike(getattr(expected, name), getattr(large, name))
        tables.validate(name, getattr(large, name))
    noted = large.ledger[~large.ledger["note"].str.contains("not searched for buyers", na=False)]
    pd.testing.assert_frame_equal(ordinary.ledger, noted.reset_index(drop=True))
    pd.testing.assert_frame_equal(ordinary.set_aside, large.set_aside)


def test_large_files_of_a_shop_give_what_small_ones_give(tmp_path, monkeypatch):
    folder = write_shop(tmp_path / "shop", SHOP)
    assert_shops_alike(read_folder(folder), read_large(folder, monkeypatch))


def both_ways(tmp_path, monkeypatch, name, content):
    """Return a shop of one file as the ordinary reader reads it, and in pieces."""
    for size in ("small", "large"):
        path = tmp_path / size / "amazon" / "US" / "2026-10-01_2026-10-31" / Path(name).name
        path.parent.mkdir(parents=True)
        path.write_bytes(content)
        (tmp_path / size / "shop.toml").write_text(TOML)
    return inspect_folder(tmp_path / "small").shop, read_large(tmp_path / "large", monkeypatch)


@pytest.mark.parametrize(
    ("name", "content"), SOUND, ids=[name.replace("/", " ") for name, _ in SOUND]
)
def test_a_sound_file_of_any_kind_is_read_alike(name, content, tmp_path, monkeypatch):
    ordinary, large = both_ways(tmp_path, monkeypatch, name, content)
    if large.is_condensed:
        assert_shops_alike(ordinary, large)
    else:
        assert not any(len(getattr(ordinary, table)) for table in LARGE)


@pytest.mark.parametrize("kind", ["feedback", "orders"])
def test_order_ids_that_a_spreadsheet_spoilt_are_counted_over_the_whole_file(
    kind, tmp_path, monkeypatch
):
    content = PLAIN if kind == "feedback" else orders_of(feedback_rows()).decode()
    spoilt = re.sub(r"000-\d{7}-\d{6}[1-7]", "1.12E+16", content).encode()
    ordinary, large = both_ways(tmp_path, monkeypatch, "file.txt", spoilt)
    assert "order ids turned into numbers" in large.ledger["note"].iloc[0]
    assert_shops_alike(ordinary, large)


def orders_of_marketplaces(*channels):
    """Orders whose pieces each hold one marketplace."""
    return "\n".join(
        "\n".join(orders_of(feedback_rows(8)).decode().replace("Amazon.com", each).split("\n")[1:9])
        for each in channels
    )


@pytest.mark.parametrize(
    ("channels", "facts", "refused"),
    [
        (("Amazon.ca", "Amazon.com"), Facts(marketplaces=("US",)), False),
        (("Amazon.ca", "Amazon.ca"), Facts(marketplaces=("US",)), True),
        (("Amazon.ca", "Amazon.ca"), Facts(marketplaces=("US", "DE")), True),
        # What is stated about a file says nothing of whose orders are in it.
        (("", ""), Facts("JP", marketplaces=("US", "DE")), False),
    ],
)
def test_whether_a_file_is_another_shops_is_asked_of_the_whole(tmp_path, channels, facts, refused):
    path = tmp_path / "orders.txt"
    head = orders_of([]).decode()
    path.write_text(head + orders_of_marketplaces(*channels) + "\n")
    for read in (
        lambda: read_file(path, facts, KEYS),
        lambda: all_pieces(open_large(path, facts, alone=True)),
    ):
        assert isinstance(outcome(read)[0], str) == refused


def all_pieces(opened):
    return [list(tidy_pieces(opened, KEYS, opened.ledger()))]


def test_the_way_back_to_order_ids_is_kept_for_what_is_looked_at(tmp_path, monkeypatch):
    folder = write_shop(tmp_path / "shop", SHOP)
    large = read_large(folder, monkeypatch)
    lines = (folder / ".private" / "order-keys.csv").read_text().splitlines()[1:]
    known = dict(line.split(",") for line in lines)
    assert set(large.feedback["order_key"].dropna()) <= set(known)
    assert set(known.values()) <= {files.ORDER(number) for number in range(60)}
