"""A folder as sellers keep it: re-saved copies, other people's files, several languages at once."""

import gzip
import json

import pytest

from tests.amazon.files import (
    FBA_RETURNS,
    ORDER,
    ORDERS,
    assert_adds_up,
    commas,
    feedback,
    inspect,
    lines_of,
    read_shop,
    row_of,
)

TOML = '[shop]\nname = "Alder & Finch"\nmarketplaces = ["UK", "DE"]\n'
UK, DE = "a@marketplace.amazon.co.uk", "b@marketplace.amazon.de"


def files():
    october = feedback(
        ["03/10/26", "1", "never came", "", ORDER(1), UK],
        ["04/10/26", "3", "spät, aber da", "", ORDER(2), DE],
    )
    days = {
        "reportSpecification": {
            "reportOptions": {"dateGranularity": "DAY"}, "marketplaceIds": ["A1F83G8C2ARO7P"],
            "dataStartTime": "2026-10-01", "dataEndTime": "2026-10-31",
        },
        "salesAndTrafficByDate": [
            {"date": "2026-10-03", "salesByDate": {"unitsOrdered": 5},
             "trafficByDate": {"sessions": 50, "feedbackReceived": 4,
                               "negativeFeedbackReceived": 1}}
        ],
        "salesAndTrafficByAsin": [],
    }  # fmt: skip
    german = commas(
        ["(Untergeordnete) ASIN", "Sitzungen – Summe", "Bestellte Einheiten",
         "Durch bestellte Produkte erzielter Umsatz"],
        [["B1", "1,234", "12", "5.255,61\u00a0€"]], separator=";", end="\r\n",
    )  # fmt: skip
    order = row_of(ORDERS, amazon_order_id=ORDER(1), purchase_date="2026-09-28T23:30:00+00:00",
                   quantity=1, sku="S", asin="B1", sales_channel="Amazon.co.uk",
                   fulfillment_channel="Merchant")  # fmt: skip
    back = row_of(FBA_RETURNS, order_id=ORDER(3), return_date="2026-10-09T08:00:00+01:00",
                  quantity=1, reason="CR-SWITCHEROO", detailed_disposition="SELLABLE")  # fmt: skip
    return {
        "2026 october/feedback.txt": october.encode("cp1252"),
        "2026 october/feedback (1).txt": b"\xef\xbb\xbf" + october.encode(),
        "old/feedback.csv.gz": gzip.compress(
            feedback(["28/09/26", "2", "crushed", "", ORDER(9), UK]).encode()
        ),
        "api/days.json": json.dumps(days),
        "2026-10-01_2026-10-31/DE/Bericht.csv": german.encode("cp1252"),
        "orders 12345.txt": lines_of(ORDERS, [order], end="\r\n"),
        "returns.csv": commas(FBA_RETURNS, [back], all_quoted=True),
        "totals.csv": "as_of;window;marketplace;positive;neutral;negative\n"
        "31.10.2026;365;DE;9;1;0\n",
        ".DS_Store": b"\0\1",
    }


def test_a_messy_folder_is_read_whole(tmp_path):
    shop = read_shop(tmp_path, files(), TOML)
    assert shop.feedback[["marketplace", "rating", "comment"]].values.tolist() == [
        ["UK", 2, "crushed"], ["UK", 1, "never came"], ["DE", 3, "spät, aber da"],
    ]  # fmt: skip
    assert shop.traffic[["marketplace", "sessions", "sales"]].values.tolist() == [
        ["DE", 1234, 5255.61]
    ]
    assert shop.daily[["marketplace", "units"]].values.tolist() == [["UK", 5]]
    assert shop.orders["purchase_date"].dt.strftime("%m-%d").tolist() == ["09-29"]
    assert shop.returns["reason"].tolist() == ["SWITCHEROO"]
    assert sorted(shop.feedback_totals["received"]) == [4, 10]
    assert shop.last_day.isoformat() == "2026-10-31"


def test_one_bad_file_spoils_no_other(tmp_path):
    bad = {"zz.pdf": b"%PDF-1.7", "aa.txt": b"", "note.txt": "call the carrier\n"}
    found = inspect(tmp_path, files() | bad, TOML)
    assert sorted(problem.file for problem in found.problems) == [
        "amazon/aa.txt", "amazon/note.txt", "amazon/zz.pdf",
    ]  # fmt: skip
    assert len(found.shop.feedback) == 3
    assert_adds_up(found.shop)
    assert not set(found.shop.ledger["file"]) & {"zz.pdf", "aa.txt", "note.txt"}


def test_a_copy_that_lost_its_order_ids_to_a_spreadsheet_counts_once(tmp_path):
    rows = [
        ["03/10/26", "1", "never came", "", ORDER(1), UK],
        ["03/10/26", "1", "never came", "", ORDER(2), UK],
        ["04/10/26", "3", "", "", ORDER(3), UK],
    ]
    saved = feedback(*rows, separator=";", end="\r\n")
    for number in (1, 2, 3):
        saved = saved.replace(ORDER(number), "1.23457E+16")
    later = feedback(["05/10/26", "2", "torn", "", "1.23457E+16", UK])
    shop = read_shop(
        tmp_path,
        {"a.txt": feedback(*rows), "b copy.csv": saved, "c.txt": later},
        '[shop]\nmarketplaces = ["UK"]\n',
    )
    assert len(shop.feedback) == 4
    assert shop.feedback["order_key"].isna().tolist() == [False, False, False, True]
    assert shop.feedback.loc[:1, "order_key"].nunique() == 2
    assert not shop.feedback["gone"].any()


@pytest.mark.parametrize("before", ["", "\r\n", "\n"])
def test_lines_that_end_as_on_an_old_macintosh_are_lines(tmp_path, before):
    """Excel calls it CSV (Macintosh); a file without a line end would be a header alone."""
    rows = [["03/10/26", "1", "never came", "", ORDER(1), UK], ["04/10/26", "5", "", "", ORDER(2)]]
    history = "asin,date,review_count,average_rating\rB1,2026-10-01,5,4.5\rB2,2026-10-01,6,4\r"
    found = {"a.txt": before + feedback(*rows, end="\r"), "b.csv": before + history}
    shop = read_shop(tmp_path, found, TOML)
    assert shop.feedback["rating"].tolist() == [1, 5]
    assert shop.reviews["average_rating"].tolist() == [4.5, 4]


def test_a_link_that_leads_nowhere_is_one_problem(tmp_path):
    inspect(tmp_path, files(), TOML)
    (tmp_path / "amazon" / "gone.csv").symlink_to(tmp_path / "nowhere.csv")
    found = inspect(tmp_path, {}, TOML)
    assert [problem.file for problem in found.problems] == ["amazon/gone.csv"]
    assert len(found.shop.feedback) == 3


def test_of_two_copies_the_one_with_the_plain_name_counts(tmp_path):
    """A browser adds a number to a second download, a desktop the word Copy."""
    text = feedback(["03/10/26", "1", "never came", "", ORDER(1), UK])
    shop = read_shop(tmp_path, {"f.txt": text, "f (1).txt": text, "f - Copy.txt": text}, TOML)
    kept = shop.ledger.dropna(subset="rows_read").set_index("file")["rows_kept"]
    assert kept.to_dict() == {"f (1).txt": 0, "f - Copy.txt": 0, "f.txt": 1}
    assert set(shop.set_aside["reason"]) == {"same content as f.txt"}
