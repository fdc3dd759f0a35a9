"""The first screen: what is told, and that nothing is told that is not known."""

import json
import re
from dataclasses import replace

import pytest

from feedback_analysis.periods import Period
from feedback_analysis.report.cards import cards, details, tiles
from feedback_analysis.report.figures import Figure, Missing, Value
from feedback_analysis.report.key_figures import key_figures
from feedback_analysis.report.service_view import ServiceView
from tests.project_files import ROOT
from tests.report.hand_made import feedback, orders, shop, stars

OCTOBER = Period.parse("2026-10")
NB = "\N{NO-BREAK SPACE}"


def found(**given):
    rows = stars("2026-10-10", fives=85, ones=15) + stars("2026-09-10", fives=99, ones=1)
    placed = [(f"o{number}", "2026-10-05", "A", "amazon") for number in range(500)]
    return key_figures(shop(feedback=feedback(rows), orders=orders(placed), **given), OCTOBER)


FIGURES = found()


def with_figure(name, now):
    """Return the same key figures with another value of one."""
    changed = tuple(
        replace(figure, now=now) if figure.id == name else figure for figure in FIGURES.figures
    )
    return replace(FIGURES, figures=changed)


def test_a_card_shows_verdict_number_interval_and_change():
    share, average = cards(FIGURES)
    assert (share["value"], share["verdict"]) == (f"85.0{NB}%", "not met")
    assert share["sure"].replace(NB, " ") == (
        "85 of 100 feedbacks; the true figure is likely 76.7 to 90.7 %."
    )
    (change,) = share["changes"]
    assert change["label"] == "September 2026"
    assert change["difference"].endswith("more than chance")
    assert average["label"] == "Average score · target 4.5"


def test_what_grew_says_whether_it_may_be_chance():
    row = {"label": "Arrived late", "n": 20, "before": 5, "judged": "may be chance"}
    service = ServiceView((), "x", (), None, grew=row)
    (tile, *_) = tiles(FIGURES, service)
    assert tile["value"] == "Arrived late"
    assert tile["text"] == (
        "20 complaints in 90 days, 5 in the 90 before; may be chance, all causes looked at "
        "together."
    )
    (tile, *_) = tiles(FIGURES, replace(service, grew={**row, "judged": "more than chance"}))
    assert "5 in the 90 before; more than chance, all causes" in tile["text"]


def test_tiles_without_a_number_say_why():
    grown, due, reviews, _ = tiles(FIGURES, None)
    assert (grown["value"], due["value"], reviews["value"]) == (None, None, None)
    assert grown["text"] == "No feedback of 1 to 3 stars is known."
    assert due["text"] == "No list of cases says yet what became of one."
    assert reviews["text"].startswith("No business report")
    view = ServiceView((), "No cause grew against the 90 days before.", (), None)
    assert tiles(FIGURES, view)[0]["text"] == "No cause grew against the 90 days before."


@pytest.mark.parametrize(
    ("now", "value", "text"),
    [
        (Value(0.189, 74, 0.085, 0.277), "+19 %", "likely +8 to +28 %, from 74 products"),
        (Value(None, 74, -0.05, 0.1), "No clear effect", "anything from −5 to +10 % fits"),
        (Value(-0.1, 74, -0.2, -0.01), "−10 %", "likely −20 to −1 %"),
        (Missing("these data cannot tell"), None, "These data cannot tell."),
    ],
)
def test_what_a_review_is_worth_carries_its_sign_and_its_range(now, value, text):
    tile = tiles(with_figure("first_review_lift", now), None)[2]
    shown = tile["value"] if tile["value"] is None else tile["value"].replace(NB, " ")
    assert shown == value
    assert text in tile["text"].replace(NB, " ")


def test_a_rate_of_feedback_alone_is_called_so_and_one_with_claims_is_not():
    rate = FIGURES["order_defect_rate_60_days"].now
    whole = replace(rate, source="Orders of the last 60 days with feedback of 1 or 2 stars so far.")
    for now, told in ((rate, True), (whole, False)):
        figures = with_figure("order_defect_rate_60_days", now)
        tile = next(one for one in tiles(figures, None) if "defect" in one["label"])
        assert tile["text"].endswith("Claims and chargebacks are not known.") is told
        part = details(figures)[-1]
        assert part["label"].endswith("by negative feedback alone") is told
        assert any("can only be too low" in note for note in part["notes"]) is told


def test_details_tell_windows_and_leave_out_what_has_nothing_to_say():
    labels = [part["label"] for part in details(FIGURES)]
    alone = "Order defect rate, by negative feedback alone"
    assert labels == ["Positive feedback", "Average score", alone]
    empty = key_figures(shop(feedback=feedback([("2026-10-10", 5)])), OCTOBER)
    bare = replace(
        empty,
        figures=tuple(Figure(f.id, f.label, f.unit, now=Missing("x")) for f in empty.figures),
        standing=replace(empty.standing, channels=(), amazon="", distance="", alarm=""),
    )
    assert details(bare) == []


def test_every_place_that_a_tile_leads_to_is_a_heading_of_its_notebook():
    for tile in tiles(FIGURES, None):
        notebook = json.loads((ROOT / "notebooks" / f"{tile['page']}.ipynb").read_text("utf-8"))
        headings = {
            heading
            for cell in notebook["cells"]
            if cell["cell_type"] == "markdown"
            for heading in re.findall(r"^## (.+)$", "".join(cell["source"]), re.MULTILINE)
        }
        assert tile["heading"] in headings
