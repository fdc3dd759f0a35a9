"""A new seller's slips with folders, files and settings: what is said is what to do."""

import io
import zipfile

import pytest
from typer.testing import CliRunner

from feedback_analysis import cli, feedback_rating, read_folder
from feedback_analysis.amazon.folder import inspect_folder
from feedback_analysis.errors import ReportError
from feedback_analysis.settings import load_settings

HEADER = "Date\tRating\tComments\tYour Response\tOrder ID\tRater Email\n"
ROWS = "10/14/26\t1\tlate\t\t000-0000001-0000001\t\n10/15/26\t2\tslow\t\t000-0000001-0000002\t\n"


@pytest.fixture
def shop(tmp_path):
    """A folder with one feedback file and no settings."""
    (tmp_path / "amazon").mkdir()
    (tmp_path / "amazon" / "feedback.txt").write_text(HEADER + ROWS)
    return tmp_path


def check(folder):
    found = CliRunner().invoke(cli.app, ["check", str(folder)])
    return " ".join(found.output.split())


def zipped(*names):
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as archive:
        for name in names:
            # Without the time of the day, which would be in the names of the tests.
            archive.writestr(zipfile.ZipInfo(name), "rest")
    return held.getvalue()


@pytest.mark.parametrize(
    ("name", "content", "what", "remedy"),
    [
        ("a.xlsx", zipped("xl/workbook.xml"), "an Excel workbook", "download the report again"),
        ("a.docx", zipped("word/document.xml"), "a Word document", "move it out"),
        ("a.zip", zipped("feedback.txt"), "a zip archive", "unpack it"),
        ("a.txt", b"\r\n<!DOCTYPE html>\n<html>Sign in</html>", "a web page", "sign in"),
        ("a.txt.crdownload", b"Date\tRat", "the download was never finished", "delete it"),
        ("a.txt.part", b"", "the download was never finished", "delete it"),
    ],
)
def test_a_file_that_is_no_report_is_named_with_what_to_do(shop, name, content, what, remedy):
    (shop / "amazon" / name).write_bytes(content)
    (problem,) = inspect_folder(shop).problems
    assert what in problem.message
    assert problem.remedy.startswith(remedy)


def test_a_report_that_shares_one_name_with_ours_is_not_taken_for_ours(shop):
    rows = "Date,Campaign Name,Impressions,Clicks\n2026-10-01,Mugs,10,1\n"
    (shop / "amazon" / "advertising.csv").write_text(rows)
    (problem,) = inspect_folder(shop).problems
    assert "nearest" not in problem.expected
    assert "columns = {" not in problem.remedy


def test_a_folder_without_a_file_is_told_what_comes_first(tmp_path):
    (tmp_path / "amazon").mkdir()
    assert "No report is there yet: put what you download" in check(tmp_path)


def test_one_row_is_called_a_row(shop):
    (shop / "amazon" / "feedback.txt").write_text(HEADER + ROWS.splitlines()[0])
    assert "1 file: 1 row read = 1 kept + 0 set aside." in check(shop)


def test_a_folder_amazon_under_another_spelling_is_found(shop):
    (shop / "amazon").rename(shop / "downloads")
    (shop / "downloads").rename(shop / "Amazon ")
    with pytest.raises(ReportError, match="must be named amazon, in small letters") as caught:
        read_folder(shop)
    assert caught.value.found == "Amazon "


def test_a_file_called_amazon_is_told_for_a_file(tmp_path):
    (tmp_path / "amazon").write_text(HEADER + ROWS)
    with pytest.raises(ReportError, match="amazon is a file, and a folder is expected"):
        read_folder(tmp_path)
    (tmp_path / "amazon").rename(tmp_path / "amazon ")
    with pytest.raises(ReportError, match="the folder holds no shop"):
        read_folder(tmp_path)


@pytest.mark.parametrize("name", ["shop.toml.txt", "shop.txt", "Shop.TOML"])
def test_settings_under_a_name_that_is_not_read_are_refused(shop, name):
    (shop / name).write_text("[shop]\nname = 'x'\n")
    if (shop / "shop.toml").is_file():
        pytest.skip("this file system does not tell small letters from capital ones")
    with pytest.raises(ReportError, match=r"read from shop\.toml only") as caught:
        load_settings(shop)
    assert caught.value.remedy.startswith("rename it to shop.toml")


@pytest.mark.parametrize(
    "notes",
    [
        "Call Ada\nline two: [shop]\n", "", "report = 'monthly'\nfiles = ['a']\n",
        "a = " + "[" * 3_000, "[suppliers]\nname = 'x'\n",
        "Schl\N{LATIN SMALL LETTER U WITH DIAERESIS}ssel",
    ],
)  # fmt: skip
def test_a_seller_s_notes_in_shop_txt_stop_nothing(shop, notes):
    (shop / "shop.txt").write_bytes(notes.encode("latin-1"))
    assert load_settings(shop).name == shop.name
    assert "2 rows read" in check(shop)


@pytest.mark.parametrize("text", ["[shop]\n", "[[files]]\npath = 'x'\n", "[targets]\nx = 1\n"])
def test_settings_in_shop_txt_are_refused_whatever_table_they_hold(shop, text):
    (shop / "shop.txt").write_text("\N{ZERO WIDTH NO-BREAK SPACE}" + text, encoding="utf-8")
    with pytest.raises(ReportError, match=r"read from shop\.toml only, not from shop\.txt"):
        load_settings(shop)


def test_a_folder_called_like_the_settings_is_told_for_a_folder(shop):
    (shop / "Shop.TOML.txt").mkdir()
    (shop / "shop.txt").mkdir()
    assert load_settings(shop).name == shop.name
    (shop / "shop.toml").mkdir()
    with pytest.raises(ReportError, match=r"shop\.toml is a folder, and a file is expected"):
        load_settings(shop)
    assert "shop.toml is a folder" in check(shop)


@pytest.mark.parametrize(
    ("line", "expected", "remedy"),
    [
        ("name = \N{LEFT DOUBLE QUOTATION MARK}A\N{RIGHT DOUBLE QUOTATION MARK}", "", "straight"),
        ("since = 01.06.2026", "since = 2026-06-01", "numbers and days do not"),
        ("name = Alder", 'name = "My shop"', "texts stand in quotes"),
    ],
)
def test_a_line_that_is_no_toml_is_shown(shop, line, expected, remedy):
    (shop / "shop.toml").write_text(f"[shop]\n{line}\n", encoding="utf-8")
    with pytest.raises(ReportError, match="cannot be read") as caught:
        load_settings(shop)
    assert caught.value.found == line
    assert expected in caught.value.expected
    assert remedy in caught.value.remedy


def test_a_salt_is_not_shown(shop):
    (shop / "shop.toml").write_text("[privacy]\nsalt = secret\n")
    with pytest.raises(ReportError, match="cannot be read") as caught:
        load_settings(shop)
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("[shop]\nmarketplaces = 'UK'\n", 'a list in square brackets, such as ["US", "UK"]'),
        ("[targets]\npositive_share = 95\n", "95 % is written 0.95"),
        ("[targets]\npositive_share = '95 %'\n", "a number without quotes, such as 0.95"),
        ("[data]\nwhole = 'ja'\n", "true or false, without quotes"),
        ("[data]\nfeedback = 3\n", "a text in quotes"),
        ("[report]\nminimum_n = 'ten'\n", "a whole number without quotes, such as 10"),
    ],
)
def test_a_value_that_does_not_fit_is_told_in_the_seller_s_words(shop, text, expected):
    (shop / "shop.toml").write_text(text)
    with pytest.raises(ReportError, match="does not fit") as caught:
        load_settings(shop)
    assert expected in caught.value.expected
    assert "Input should be" not in str(caught.value)


TOTALS = """
[[totals]]
as_of = 2026-10-31
window = "365 days"
marketplace = "US"
"""


def test_totals_of_the_one_marketplace_there_is_are_not_called_missing(shop):
    # The day comes first, as in several marketplaces, so the file does not say which is its own.
    days = ROWS.replace("10/14/26", "14/10/26").replace("10/15/26", "15/10/26")
    (shop / "amazon" / "feedback.txt").write_text(HEADER + days)
    missing = "no totals for a marketplace that is not stated"
    assert missing in read_folder(shop).missing["what"].tolist()
    (shop / "shop.toml").write_text(TOTALS + "positive = 90\nneutral = 1\nnegative = 2\n")
    assert not read_folder(shop).missing["what"].str.startswith("no totals for").any()


@pytest.mark.parametrize(
    ("counts", "asked"), [((98, 1, 1), True), ((980, 10, 1), False), ((97, 1, 2), False)]
)
def test_per_cents_typed_in_for_counts_are_asked_about(shop, counts, asked):
    lines = zip(("positive", "neutral", "negative"), counts, strict=True)
    text = TOTALS + "".join(f"{name} = {count}\n" for name, count in lines)
    (shop / "shop.toml").write_text(text)
    read = read_folder(shop)
    found = feedback_rating(read.feedback, read.feedback_totals, as_of="2026-10-31")
    assert ("Were its per cents typed in" in " ".join(found.limits)) == asked
