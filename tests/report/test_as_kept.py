"""A past report made again from its kept reading: the same bytes, whatever became of the files."""

import shutil

import pytest
from typer.testing import CliRunner

from feedback_analysis.cli import app
from feedback_analysis.errors import ReportError
from feedback_analysis.memory import readings
from feedback_analysis.report import build_report
from tests.amazon.files import ORDER, feedback, make_shop
from tests.report.hand_made import write_notebook

CODE = (
    "import feedback_analysis as fa\n"
    "from feedback_analysis import charts, health, memory\n"
    "from feedback_analysis.periods import Period\n"
    "period = Period.parse(PERIOD)\n"
    "shop = fa.read_folder(SHOP).until(period.end)",
    "charts.table_of(shop.feedback[['date', 'rating', 'comment']])",
    "charts.table_of(shop.ledger[['file', 'rows_read', 'note']])",
    "log = health.restatements(shop, memory.earlier_readings(SHOP, period), until=period.end)\n"
    "charts.words(log.text)",
    "charts.table_of(log, none='Nothing has changed.')",
)
TOML = '[shop]\nname = "Mug shop"\n[privacy]\nsalt = "secret-of-tests"\n'


def rows(month, *ratings, first):
    return [
        [f"{month}/{place + 1:02d}/2026", str(rating), f"words {rating}", "", ORDER(first + place)]
        for place, rating in enumerate(ratings)
    ]


SEPTEMBER = rows("09", 5, 5, 5, 1, 5, 5, 5, 5, 1, 5, 5, 5, first=1)
OCTOBER = rows("10", 5, 4, 5, 3, 5, 5, 5, 5, 5, 2, 5, 5, first=101)


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    """Make September's report, then October's after one negative of September was struck."""
    folder = tmp_path_factory.mktemp("as-kept")
    write_notebook(folder / "notebooks" / "00_data_check.ipynb", *CODE)
    shop = make_shop(folder / "shop", {"US/feedback.txt": feedback(*SEPTEMBER)}, TOML)
    report(folder, "2026-09", "september")
    struck = [row for row in SEPTEMBER if row[-1] != ORDER(4)]
    make_shop(shop, {"US/feedback.txt": feedback(*struck, *OCTOBER)})
    report(folder, "2026-10", "october")
    return folder


def report(folder, period, name, **options):
    return build_report(
        folder / "shop",
        period=period,
        output=folder / name,
        notebooks=folder / "notebooks",
        workers=1,
        progress=False,
        **options,
    )


def pages(folder):
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir())}


def test_each_report_keeps_what_was_read(place):
    kept = readings(place / "shop")
    assert [(reading.period.id, reading.number) for reading in kept] == [
        ("2026-09", 1),
        ("2026-10", 2),
    ]
    assert kept[1].name in (place / "october" / "index.html").read_text("utf-8")


def test_the_page_tells_what_changed_since_the_last_report(place):
    page = (place / "october" / "00_data_check.html").read_text("utf-8")
    assert "1 feedback struck or removed" in page
    # 10 of 12 positive in September's report; 10 of 11 now.
    assert "83.3\xa0% \N{RIGHTWARDS ARROW} 90.9\xa0% of 11" in page
    first = (place / "september" / "00_data_check.html").read_text("utf-8")
    assert "No earlier reading of this shop is kept" in first


def test_a_second_run_on_the_same_files_keeps_nothing_new_and_makes_the_same_pages(place):
    report(place, "2026-10", "again")
    assert pages(place / "again") == pages(place / "october")
    assert len(readings(place / "shop")) == 2


def test_a_past_report_is_made_again_to_the_byte_after_the_files_changed(place):
    files = place / "shop" / "amazon"
    shutil.move(files, place / "aside")
    try:
        (files / "US").mkdir(parents=True)
        (files / "US" / "feedback.txt").write_text("no report at all")
        for period, name in (("2026-09", "september"), ("2026-10", "october")):
            report(place, period, f"{name} as kept", snapshot="newest")
            assert pages(place / f"{name} as kept") == pages(place / name)
        with pytest.raises(ReportError, match="no reading of August 2026"):
            report(place, "2026-08", "august", snapshot="newest")
    finally:
        shutil.rmtree(files)
        shutil.move(place / "aside", files)
    assert len(readings(place / "shop")) == 2


def test_the_command_line_makes_a_report_as_kept(place):
    words = ["report", str(place / "shop"), "--output", str(place / "by command"), "--as-kept"]
    words += ["--notebooks", str(place / "notebooks")]
    found = CliRunner().invoke(app, [*words, "--period", "2026-09"])
    assert found.exit_code == 0, found.output
    assert pages(place / "by command") == pages(place / "september")
    found = CliRunner().invoke(app, words)
    assert found.exit_code == 1
    assert "needs its period" in found.output


def test_a_folder_that_cannot_be_written_to_still_gets_its_report(place, monkeypatch):
    def refuse(*_arguments):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("feedback_analysis.report.build.keep_snapshot", refuse)
    page = report(place, "2026-10", "not kept").read_text("utf-8")
    assert "not kept: it could not be written" in page


def test_the_first_page_says_that_a_past_month_is_no_longer_as_it_was(place):
    page = (place / "october" / "index.html").read_text("utf-8")
    # 10 of 12 in September; without the negative that was struck, 10 of 11.
    assert "1 feedback struck or removed" in page
    assert "1 feedback struck or removed" not in (place / "september" / "index.html").read_text(
        "utf-8"
    )


def test_what_the_gate_stops_in_a_kept_reading_is_told_with_a_way_out(place, monkeypatch):
    def found(*_arguments):
        raise ReportError("the page would show e-mail addresses", remedy="mask them")

    monkeypatch.setattr("feedback_analysis.report.build.check_report", found)
    with pytest.raises(ReportError, match="without --as-kept") as told:
        report(place, "2026-09", "stopped", snapshot="newest")
    assert told.value.remedy.endswith("\nmask them")
    with pytest.raises(ReportError, match="mask them") as told:
        report(place, "2026-10", "stopped")
    assert told.value.remedy == "mask them"
