"""A large file gives what the ordinary reader gives: the same rows, the same counts and ledger."""

import gzip
from dataclasses import replace

import pandas as pd
import pytest
from hypothesis import given, settings

from feedback_analysis import ReportError, read_folder, tables
from feedback_analysis.amazon import kept, stream
from feedback_analysis.amazon.batch import Facts
from feedback_analysis.amazon.file import read_file
from feedback_analysis.amazon.folder import inspect_folder
from feedback_analysis.amazon.large import open_large
from feedback_analysis.amazon.large_feedback import tally_pieces
from feedback_analysis.privacy import OrderKeys
from tests.amazon import files
from tests.properties.files import SOUND
from tests.properties.mutations import mutations

KEYS = OrderKeys(b"tests", remember=False)
US = Facts(marketplace="US", pattern="feedback.txt")
TOML = '[shop]\nname = "Large"\nmarketplaces = ["US"]\n[privacy]\nsalt = "tests"\n'
LARGE = ("feedback", "orders", "shipments", "returns")
RELAY = "x@marketplace.amazon.com"


def feedback_rows(number=40):
    """Rows of the current form: every rating, comments that a careless parser would spoil."""
    said = ['"late', 'not "good', "NA", "null", "None", "", "  ", "ok??", '""', "très bien", "'"]
    return [
        [f"10/{1 + place % 28}/26", 1 + place % 5, said[place % len(said)], "",
         files.ORDER(place), RELAY]
        for place in range(number)
    ]  # fmt: skip


def text_of(rows, header=files.FEEDBACK, **options):
    return files.lines_of(header, rows, **options)


def legacy(rows):
    return [[*row[:4], "Yes", "No", "-", *row[4:], "Buyer"] for row in rows]


PLAIN = text_of(feedback_rows())
LINES = PLAIN.split("\n")
AWKWARD = {
    "plain": PLAIN.encode(),
    "CRLF": PLAIN.replace("\n", "\r\n").encode(),
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
    "1-3 stars only": text_of([row for row in feedback_rows() if row[1] < 4]).encode(),
    "no order ids": text_of([[*row[:4], "", row[5]] for row in feedback_rows()]).encode(),
    "translated header": text_of(feedback_rows(), list("abcdef")).encode(),
    "header only": (LINES[0] + "\n").encode(),
    "twice in one file": (PLAIN + "\n".join(LINES[1:4]) + "\n").encode(),
    "commas": files.commas(files.FEEDBACK, feedback_rows()).encode(),
    "several marketplaces": PLAIN.replace(RELAY, "y@marketplace.amazon.ca", 7).encode(),
}  # fmt: skip


@pytest.fixture(autouse=True)
def small_pieces(monkeypatch):
    monkeypatch.setattr(stream, "PIECE", 700)


def outcome(read, *given):
    """Return what a reader gives, or its error without the place in the file."""
    try:
        return read(*given)
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


def test_a_japanese_file_is_counted_as_it_is_read(tmp_path):
    rows = [[f"26/10/{row[0].split('/')[1]}", row[1], "配送が遅い", *row[3:]]
            for row in feedback_rows()]  # fmt: skip
    path = tmp_path / "feedback.txt"
    content = text_of(rows).replace(RELAY, "x@marketplace.amazon.co.jp").encode("cp932")
    path.write_bytes(content)
    assert_alike(path, Facts(pattern="feedback.txt"))
    assert by_pieces(path, Facts(pattern="feedback.txt"))[3] == "cp932"


@given(spoilers=mutations)
@settings(max_examples=40, deadline=None)
def test_a_spoilt_file_is_counted_as_it_is_read(spoilers, tmp_path_factory):
    content = AWKWARD["plain"]
    for spoil in spoilers:
        content = spoil(content)
    path = tmp_path_factory.mktemp("spoilt") / "feedback.txt"
    path.write_bytes(content)
    assert_alike(path, US)


def write_shop(folder, contents):
    (folder / "amazon").mkdir(parents=True)
    (folder / "shop.toml").write_text(TOML)
    for name, content in contents.items():
        (folder / "amazon" / name).write_bytes(content)
    return folder


def read_large(folder, monkeypatch):
    with monkeypatch.context() as patch:
        patch.setattr(kept, "LARGE", 0)
        return inspect_folder(folder).shop


def assert_shops_alike(ordinary, large):
    """The rows that are looked at one by one, every tally and the whole ledger are the same."""
    assert large.is_condensed
    assert not ordinary.is_condensed
    for name, table in ordinary.tallies.tables().items():
        pd.testing.assert_frame_equal(table, large.tallies.table(name), obj=name)
    unhappy = (ordinary.feedback["rating"] <= 3) | ordinary.feedback["gone"]
    rows = ordinary.feedback[unhappy].reset_index(drop=True)
    worded = rows.assign(comment=rows["comment"].where(rows["rating"] <= 3, ""))
    pd.testing.assert_frame_equal(worded, large.feedback)
    for name in LARGE:
        tables.validate(name, getattr(large, name))
    noted = large.ledger[~large.ledger["note"].str.contains("not searched for buyers", na=False)]
    pd.testing.assert_frame_equal(ordinary.ledger, noted.reset_index(drop=True))
    pd.testing.assert_frame_equal(ordinary.set_aside, large.set_aside)


def monthly(rows):
    return text_of(rows).encode()


def orders_of(rows):
    made = [
        files.row_of(
            files.ORDERS, amazon_order_id=row[4], purchase_date="2026-09-15T10:00:00+00:00",
            last_updated_date="2026-09-16T10:00:00+00:00", order_status="Shipped",
            fulfillment_channel="Amazon", sales_channel="Amazon.com", sku=f"S{row[1]}",
            asin="B000000001", quantity=1, currency="USD", item_price="9.99",
        )
        for row in rows
    ]  # fmt: skip
    return text_of(made, files.ORDERS).encode()


SHOP = {
    "a.txt": monthly(feedback_rows(30)),
    # The later download no longer holds the first rows, and repeats the others.
    "b.txt": monthly([*feedback_rows(45)[4:], ["11/2/26", 2, "twice", "", files.ORDER(7), RELAY]]),
    "copy of a.txt": monthly(feedback_rows(30)),
    "orders 1.txt": orders_of(feedback_rows(30)),
    "orders 2.txt": orders_of([*feedback_rows(50)[20:], feedback_rows(50)[49]]),
}


def test_large_files_of_a_shop_give_what_small_ones_give(tmp_path, monkeypatch):
    folder = write_shop(tmp_path / "shop", SHOP)
    assert_shops_alike(read_folder(folder), read_large(folder, monkeypatch))


@pytest.mark.parametrize("name", SOUND)
def test_a_sound_file_of_any_kind_is_read_alike(name, tmp_path, monkeypatch):
    if not SOUND[name][0].startswith("amazon"):
        return
    for size in ("small", "large"):
        path = tmp_path / size / SOUND[name][0]
        path.parent.mkdir(parents=True)
        path.write_bytes(SOUND[name][1])
        (tmp_path / size / "shop.toml").write_text(TOML)
    ordinary = inspect_folder(tmp_path / "small").shop
    large = read_large(tmp_path / "large", monkeypatch)
    if large.is_condensed:
        assert_shops_alike(ordinary, large)
    else:
        assert not any(len(getattr(ordinary, table)) for table in LARGE)


def test_the_way_back_to_order_ids_is_kept_for_what_is_looked_at(tmp_path, monkeypatch):
    folder = write_shop(tmp_path / "shop", SHOP)
    large = read_large(folder, monkeypatch)
    lines = (folder / ".private" / "order-keys.csv").read_text().splitlines()[1:]
    known = dict(line.split(",") for line in lines)
    assert set(large.feedback["order_key"].dropna()) <= set(known)
    assert set(known.values()) <= {files.ORDER(number) for number in range(60)}
