"""The panel follows its filters, shows buyers' words as text, and says what became of a save."""

import json
import re
import runpy

import ipywidgets
import pandas as pd
import pytest

from feedback_analysis import explore
from feedback_analysis.explore.pictures import picture
from feedback_analysis.service import labels
from tests.explore.frames import many, rows
from tests.report.hand_made import shop

EVIL = '<img src=x onerror="alert(1)"> & torn'


@pytest.fixture
def panel(tmp_path):
    made = shop()
    object.__setattr__(made, "folder", tmp_path)
    given = [
        ("2026-09-01", "US", 5, "", (), "all ratings"),
        ("2026-10-01", "US", 1, EVIL, ("poor_packing",), "all ratings"),
        ("2026-10-02", "UK", 2, "late", ("late_delivery",), "1-3 stars only"),
    ]
    return explore.panel(made, rows(given), period="2026-10")


def state(panel):
    """Return all that a browser is told of a panel's widgets."""
    found = []

    def walk(widget):
        found.append(widget.get_state())
        for child in getattr(widget, "children", ()):
            walk(child)

    walk(panel.widget)
    return json.dumps(found, default=str)


def test_a_filter_chosen_changes_every_view(panel):
    before = {name: each.value for name, each in panel.pictures.items()}
    panel.inputs["marketplace"].value = ("UK",)
    assert panel.explorer.filters.marketplace == ("UK",)
    assert len(panel.listing.widget.df) == 1
    assert all(panel.pictures[name].value != before[name] for name in ("time", "causes"))
    assert all("UK" in each.value for each in panel.codes.values())
    assert "1 feedback found" in panel.status.value


def test_the_table_stays_as_it_was_set_up_when_it_is_filled_anew(panel):
    panel.set(marketplace=("UK",))
    told = panel.listing.widget.get_state()["_dt_args"]
    assert told["columnDefs"][0]["className"] == "dt-nowrap"
    # The first cell is the day, not the number of the row.
    assert json.loads(told["data_json"])[0][0] == "2026-10-02"
    assert "what fits" not in panel.titles["time"].value
    assert "feedback found" in panel.titles["time"].value


def test_the_stars_chosen_are_a_filter_and_all_of_them_are_none(panel):
    panel.inputs["rating"].value = (1, 2)
    assert panel.explorer.filters.rating == (1, 2)
    panel.inputs["rating"].value = (1, 5)
    assert panel.explorer.filters.rating == ()


def test_spans_of_days_end_with_the_period(panel):
    assert str(panel.explorer.filters.start) == "2025-11-01"
    panel.span.value = "30 days"
    days = panel.explorer.filters
    assert (str(days.start), str(days.end)) == ("2026-10-02", "2026-10-31")
    assert panel.inputs["start"].value == days.start
    panel.span.value = "all days"
    assert (panel.explorer.filters.start, panel.explorer.filters.end) == (None, None)
    panel.inputs["start"].value = days.start
    assert panel.span.value == "own choice"


def test_filters_set_from_code_are_shown_and_cleared(panel):
    panel.set(words="late", cause=("late_delivery",), rating=(1, 2))
    assert panel.inputs["words"].value == "late"
    assert panel.inputs["cause"].value == ("late_delivery",)
    assert panel.inputs["rating"].value == (1, 2)
    panel.clear.click()
    assert panel.explorer.filters == explore.Filters()
    assert panel.inputs["words"].value == ""
    assert len(panel.listing.widget.df) == 3


def test_a_row_chosen_is_read_corrected_and_saved(panel):
    panel.listing.widget.selected_rows = [1]
    assert "&lt;img src=x" in panel.corrector.words.value
    assert panel.corrector.causes.value == ("poor_packing",)
    panel.corrector.causes.value = ("damaged_in_transit",)
    panel.corrector.save.click()
    assert "Saved in corrections.csv; 1 feedback with these words is" in panel.corrector.told.value
    saved = (panel.explorer.shop.folder / "corrections.csv").read_text("utf-8")
    assert saved.endswith("damaged_in_transit\n")
    assert "Broken on arrival" in panel.pictures["causes"].value


def test_a_save_that_is_refused_says_why(panel):
    panel.listing.widget.selected_rows = [0]
    panel.corrector.causes.value = ()
    panel.corrector.save.click()
    assert "names no cause" in panel.corrector.told.value
    assert not (panel.explorer.shop.folder / "corrections.csv").exists()


def test_stars_without_words_cannot_be_corrected(panel):
    panel.listing.widget.selected_rows = [2]
    assert "(stars only)" in panel.corrector.words.value
    assert panel.corrector.save.disabled


def test_no_word_of_a_buyer_becomes_html_and_no_order_is_named(panel):
    panel.explorer.places = pd.DataFrame(
        {"x": [0.0, 1.0], "y": [0.0, 1.0]}, index=pd.Index([EVIL, "late"], name="comment")
    )
    panel.refresh()
    panel.listing.widget.selected_rows = [1]
    for widget in (*panel.pictures.values(), panel.corrector.words, panel.status):
        assert "<img" not in widget.value
    assert "&lt;img" in panel.pictures["map"].value
    panel.set(words="")
    told = state(panel)
    assert re.search(r'"k\d"', told) is None
    # The table is told as data and never as HTML.
    assert panel.listing.widget.get_state()["_dt_args"].get("allow_html") is not True
    assert "<img" not in panel.listing.widget.get_state()["_dt_args"]["data_json"]


def test_what_a_buyer_wrote_of_themselves_is_masked_in_all_that_is_told(tmp_path, monkeypatch):
    folder = tmp_path / "shop" / "amazon" / "US"
    folder.mkdir(parents=True)
    words = "Write to jo.planted@example.com about 000-7654321-1234567 or call 030 7654 3210"
    (folder / "feedback.txt").write_text(
        "Date\tRating\tComments\tYour Response\tOrder ID\tRater Email\n"
        f"10/30/26\t1\t{words}\t\t000-7654321-1234567\tjo.planted@example.com\n"
        "10/31/26\t5\tfine\t\t000-0000001-0000001\t\n"
    )
    monkeypatch.setattr(
        labels,
        "label_comments",
        lambda comments, **_: pd.DataFrame(
            {"questions": [()], "causes": [("unclear",)], "confidence": [0.5]}
        ),
    )
    opened = explore.open_shop(tmp_path / "shop")
    table = explore.rows(opened)
    panel = explore.panel(opened, table)
    panel.listing.widget.selected_rows = [1]
    panel.corrector.causes.value = ("unreachable",)
    panel.corrector.save.click()
    saved = (tmp_path / "shop" / "corrections.csv").read_text("utf-8")
    assert "[e-mail]" in panel.corrector.words.value
    for told in (state(panel), saved, table.to_csv()):
        assert "[order id]" in told
        for planted in ("planted", "7654321", "7654 3210"):
            assert planted not in told


def test_without_a_screen_it_reads_as_text(panel):
    data = panel._repr_mimebundle_()
    assert data["text/plain"] == repr(panel)
    assert "3 feedbacks found" in repr(panel)
    assert isinstance(panel.widget, ipywidgets.Widget)


def test_a_shop_without_feedback_has_a_panel(tmp_path):
    made = shop()
    object.__setattr__(made, "folder", tmp_path)
    panel = explore.panel(made, rows([]))
    assert "0 feedbacks found" in panel.status.value
    panel.set(words="late", cause=("expired",))


@pytest.mark.parametrize("name", ["over_time", "by_cause"])
def test_a_picture_says_its_words_to_those_who_cannot_see_it(name):
    view = getattr(explore, name)(many(), explore.Filters())
    drawn = picture(view, target=0.95)
    assert drawn.startswith("<svg")
    assert 'role="img"' in drawn
    assert view.text.split(".")[0] in drawn


def test_a_month_too_small_for_a_share_is_drawn_hollow():
    given = [(f"2026-{month:02d}-01", "US", 5, "", (), "all ratings") for month in (1, 9)]
    given += [("2026-03-01", "US", 5, "", (), "all ratings")] * 20
    view = explore.over_time(rows(sorted(given)), explore.Filters())
    drawn = picture(view, target=0.95)
    assert drawn.count("too few for a share") == 2
    assert "Mar 2026: 100" in drawn


def test_what_make_lab_does_meanwhile_opens_the_shop_and_labels_it(tmp_path, monkeypatch):
    done = []
    monkeypatch.setattr(explore, "open_shop", lambda folder: done.append(folder) or "shop")
    monkeypatch.setattr(explore, "rows", done.append)
    monkeypatch.setattr("sys.argv", ["explore", str(tmp_path)])
    runpy.run_module("feedback_analysis.explore", run_name="__main__")
    assert done == [str(tmp_path), "shop"]
