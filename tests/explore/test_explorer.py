"""What an explorer keeps: filters, found rows, and corrections that nobody loses."""

from datetime import date

import pandas as pd
import pytest

from feedback_analysis import explore, quotes
from feedback_analysis.causes.corrections import corrections_of
from feedback_analysis.causes.corrections_log import add_correction
from feedback_analysis.causes.taxonomy import own_taxonomy
from feedback_analysis.errors import ReportError
from feedback_analysis.explore import feedback_rows as rows_room
from feedback_analysis.explore import map_places as map_room
from feedback_analysis.service import labels as labels_room
from tests.explore.frames import rows
from tests.report.hand_made import feedback, orders, shop

GIVEN = [
    ("2026-10-01", "US", 1, "torn box", ("poor_packing",), "all ratings"),
    ("2026-10-02", "US", 2, " torn  box ", ("poor_packing",), "all ratings"),
    ("2026-10-03", "US", 1, "", (), "all ratings"),
    ("2026-10-04", "US", 5, "torn box", (), "all ratings"),
    ("2026-10-05", "UK", 3, "late", ("late_delivery",), "1-3 stars only"),
]


@pytest.fixture
def explorer(tmp_path):
    made = shop()
    object.__setattr__(made, "folder", tmp_path)
    return explore.Explorer(made, rows(GIVEN))


def said(folder):
    return corrections_of(folder / "corrections.csv", own_taxonomy())


def test_a_correction_is_saved_and_counts_for_every_unhappy_feedback_of_these_words(explorer):
    before = explorer.rows
    assert explorer.correct(1, ["late_delivery", "expired"]) == 2
    after = explorer.rows["causes"].tolist()
    both = ("late_delivery", "expired")
    assert after == [both, both, (), (), ("late_delivery",)]
    assert explorer.rows.at[0, "questions"] == ("shipping_speed", "as_described")
    assert explorer.rows.at[0, "confidence"] == 1
    assert before["causes"].tolist()[0] == ("poor_packing",)
    assert said(explorer.shop.folder).by_comment == {"torn box": both}


def test_what_somebody_else_said_meanwhile_is_shown_first_and_not_overruled(explorer):
    explorer.correct(0, ["expired"])
    add_correction(explorer.shop.folder / "corrections.csv", "torn box", ["damaged_in_transit"])
    with pytest.raises(ReportError, match="in the meantime: damaged_in_transit"):
        explorer.correct(0, ["late_delivery"])
    assert said(explorer.shop.folder).by_comment == {"torn box": ("damaged_in_transit",)}
    assert explorer.rows.at[1, "causes"] == ("damaged_in_transit",)
    # Now that it was seen, the person may still see it otherwise.
    explorer.correct(0, ["late_delivery"])
    assert said(explorer.shop.folder).by_comment == {"torn box": ("late_delivery",)}


def test_a_correction_of_an_order_is_not_lost_to_one_of_its_words(tmp_path):
    add_correction(tmp_path / "corrections.csv", "", ["expired"], "k0")
    made = shop()
    object.__setattr__(made, "folder", tmp_path)
    explorer = explore.Explorer(made, rows(GIVEN))
    # Of another order with the same words: the order corrected by itself keeps its own.
    assert explorer.correct(1, ["late_delivery"]) == 1
    assert said(tmp_path).by_key == {"k0": ("expired",)}
    assert explorer.correct(0, ["damaged_in_transit"]) == 1
    assert said(tmp_path).by_key == {"k0": ("damaged_in_transit",)}
    assert explorer.rows["causes"].tolist()[:2] == [("damaged_in_transit",), ("late_delivery",)]


@pytest.mark.parametrize(("row", "why"), [(2, "stars and no words"), (3, "1 to 3 stars")])
def test_what_is_not_labelled_is_not_corrected(explorer, row, why):
    with pytest.raises(ReportError, match=why):
        explorer.correct(row, ["expired"])
    assert not (explorer.shop.folder / "corrections.csv").exists()


def test_filters_lead_to_the_views(explorer):
    explorer.set(marketplace=("UK",), start=date(2026, 10, 1))
    assert explorer.found().index.tolist() == [4]
    assert explorer.view("comments").table["comment"].tolist() == ["late"]
    assert explorer.view("causes").table["cause"].tolist() == ["late_delivery"]
    assert explorer.view("time").measure == "counts"
    assert "1 feedback found" in repr(explorer)
    with pytest.raises(ReportError, match="no view 'table'"):
        explorer.view("table")


def test_choices_come_with_their_counts(explorer):
    assert explorer.choices("marketplace") == [("US", 4), ("UK", 1)]
    assert explorer.choices("cause") == [("poor_packing", 2), ("late_delivery", 1)]


def test_the_lines_to_begin_with_are_python(explorer, monkeypatch):
    monkeypatch.chdir(explorer.shop.folder)
    assert compile(explorer.begin, "begin", "exec")
    assert 'explore.open_shop(".")' in explorer.begin


def a_shop(folder, monkeypatch):
    """Return a shop in a folder, with the labeller taken for a simple one."""
    monkeypatch.setattr(
        labels_room,
        "label_comments",
        lambda comments, **_: pd.DataFrame(
            {
                "questions": [("packaging",)] * len(comments),
                "causes": [("poor_packing",)] * len(comments),
                "confidence": [0.8] * len(comments),
            }
        ),
    )
    table = feedback([("2026-10-02", 1, "o1"), ("2026-10-01", 5, "o2"), ("2026-10-03", 2)])
    texts = pd.Series(["box torn", "lovely, thank you", ""], dtype=table["comment"].dtype)
    made = shop(
        feedback=table.assign(comment=texts, gone=[False, False, True]),
        orders=orders([("o1", "2026-09-20", "A1", "seller")]),
    )
    object.__setattr__(made, "folder", folder)
    return made


def test_rows_are_all_feedback_that_counts_with_its_order_and_labels(tmp_path, monkeypatch):
    found = explore.rows(a_shop(tmp_path, monkeypatch))
    assert list(found.columns) == rows_room.COLUMNS
    assert found["comment"].tolist() == ["lovely, thank you", "box torn"]
    assert found["causes"].tolist() == [(), ("poor_packing",)]
    assert found["asin"].tolist() == ["not stated", "A1"]
    assert found["channel"].tolist() == ["not stated", "seller"]
    assert found["language"].tolist() == ["en", "en"]


def test_a_shop_is_opened_as_it_was_read_last(tmp_path, monkeypatch):
    made = a_shop(tmp_path, monkeypatch)
    asked = []

    def read(folder):
        asked.append(folder)
        return made, None

    monkeypatch.setattr(rows_room, "read_unless_kept", read)
    assert explore.open_shop(tmp_path) is made
    assert asked == [tmp_path]


def test_a_shops_own_causes_are_called_what_it_calls_them(tmp_path):
    made = shop()
    object.__setattr__(made, "folder", tmp_path)
    (tmp_path / "causes.toml").write_text(
        '[[cause]]\nid = "smells_odd"\nlabel = "It smells"\nquestion = "as_described"\n'
        '[cause.examples]\nen = ["it smells", "what a smell"]\n'
    )
    table = rows([("2026-10-01", "US", 1, "it smells", (), "all ratings")])
    table["causes"] = pd.Series([("smells_odd",)], dtype=object)
    panel = explore.panel(made, table)
    assert [words for words, _ in panel.inputs["cause"].options] == ["It smells (1)"]
    panel.explorer.places = places_of(["it smells"])
    panel.refresh()
    for picture in (panel.pictures["causes"], panel.pictures["map"]):
        assert "It smells" in picture.value
        assert "smells_odd" not in picture.value
    panel.listing.widget.selected_rows = [0]
    assert "Labelled: It smells" in panel.corrector.words.value


def test_without_quotes_no_view_shows_a_comment(tmp_path, monkeypatch):
    made = shop()
    object.__setattr__(made, "folder", tmp_path)
    monkeypatch.setenv(quotes.VARIABLE, "none")
    panel = explore.panel(made, rows(GIVEN))
    panel.explorer.places = places_of(["torn box", " torn  box ", "late"])
    panel.refresh()
    panel.listing.widget.selected_rows = [0]
    shown = [panel.corrector.words.value, *(each.value for each in panel.pictures.values())]
    for name in ("time", "causes", "map", "comments"):
        view = panel.explorer.view(name)
        assert "comment" not in view.table
        shown += [view.text, view.table.to_csv(), view._repr_html_()]
        scope = {"explore": explore, "rows": panel.explorer.rows, "given": panel.explorer.places}
        *lines, last = view.code.replace("explore.places(shop, rows)", "given").split("\n")
        if name != "time":
            exec("\n".join([*lines, f"answer = {last}"]), scope)
            pd.testing.assert_frame_equal(scope["answer"], view.table)
    assert not any("torn" in text for text in shown)
    # The one of 5 stars has the words of an unhappy one, and is none of them.
    assert panel.explorer.view("map").table.shape == (3, 4)
    assert quotes.LEFT_OUT in panel.explorer.view("comments").text


def places_of(comments):
    spread = [float(place) for place in range(len(comments))]
    index = pd.Index(comments, name="comment", dtype="str")
    return pd.DataFrame({"x": spread, "y": spread}, index=index)


def test_the_map_is_laid_out_once_and_kept_without_words(tmp_path, monkeypatch):
    made = shop()
    object.__setattr__(made, "folder", tmp_path)
    texts = [f"comment number {n}" for n in range(6)]
    table = rows([("2026-10-01", "US", 1, text, (), "all ratings") for text in texts])
    asked = []

    def layout(comments, **_):
        asked.append(comments)
        return pd.DataFrame({"x": range(len(comments)), "y": 0.0}).to_numpy()

    monkeypatch.setattr(map_room, "layout", layout)
    assert explore.places(made, table, kept_only=True) is None
    first = explore.places(made, table)
    pd.testing.assert_frame_equal(first, explore.places(made, table, kept_only=True))
    assert (len(asked), first.index.tolist()) == (1, texts)
    (file,) = (tmp_path / ".private" / "map").iterdir()
    assert "number" not in file.read_text("utf-8")
    assert file.stat().st_mode & 0o077 == 0
    more = rows([("2026-10-02", "US", 1, "a new one", (), "all ratings")])
    assert explore.places(made, pd.concat([table, more]), kept_only=True) is None
