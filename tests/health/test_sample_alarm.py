"""The events built into the sample shop set off the weekly alarm, and their weeks are named."""

import csv
import shutil

import pandas as pd
import pytest

from feedback_analysis import read_folder
from feedback_analysis.health import weekly_alarm
from tests.project_files import ROOT

SAMPLE = ROOT / "data" / "sample"
NEEDED = ("feedback", "Bewertungen", "orders", "Bestellungen", "daily", "Verkaeufe-und-Traffic")
UNTIL = "2026-10-31"


@pytest.fixture(scope="module")
def shop(tmp_path_factory):
    """Return the sample shop's feedback, totals and orders; the rest takes longer to read."""
    folder = tmp_path_factory.mktemp("sample")
    shutil.copy(SAMPLE / "shop.toml", folder)
    for market in ("US", "UK", "Deutschland"):
        for name in NEEDED:
            if (source := SAMPLE / "amazon" / market / name).is_dir():
                shutil.copytree(source, folder / "amazon" / market / name)
    return read_folder(folder)


@pytest.fixture(scope="module")
def found(shop):
    return weekly_alarm(shop.feedback, shop.feedback_totals, shop.orders, until=UNTIL)


def monday(day):
    return day - pd.Timedelta(days=day.day_of_week)


def first_week(event):
    """Return the first week in which a negative or neutral feedback is due to the event."""
    with (SAMPLE / "truth" / "comments.csv").open(newline="", encoding="utf-8") as file:
        return monday(
            min(pd.Timestamp(r["date"]) for r in csv.DictReader(file) if r["event"] == event)
        )


def firsts(result):
    """Return the alarms that begin a change."""
    alarms = result.alarms
    return alarms[~alarms["continues"].astype(bool)]


def holding(alarms, week):
    return alarms[(alarms["began_low"] <= week) & (week <= alarms["began_high"])]


@pytest.mark.parametrize(
    ("event", "weeks"),
    [("unanswered_email", 2), ("counterfeit", 4), ("packaging_fault", 3), ("slow_carrier", 2)],
)
def test_each_event_is_found_within_weeks_and_its_first_week_is_held(found, event, weeks):
    began = first_week(event)
    alarms = holding(firsts(found), began)
    late = (alarms["start"] - began).dt.days // 7
    assert late.between(0, weeks).any(), alarms


def test_each_event_is_a_change_of_its_own(found):
    firsts_by_change = found.alarms.groupby("change")["start"].min()
    assert firsts_by_change.dt.strftime("%Y-%m").tolist() == [
        "2025-11", "2025-12", "2026-02", "2026-04", "2026-08",
    ]  # fmt: skip


def test_the_carrier_shows_in_what_the_seller_ships_only(shop):
    by_channel = weekly_alarm(
        shop.feedback, shop.feedback_totals, shop.orders, until=UNTIL, by="channel"
    )
    summer = by_channel.alarms[by_channel.alarms["start"] >= "2026-07-01"]
    assert set(summer["channel"]) == {"seller"}
    # The parcels of the carrier slip from 6 July on.
    alarms = firsts(by_channel)
    assert set(holding(alarms, pd.Timestamp("2026-07-06"))["channel"]) >= {"seller"}


def test_the_packaging_fault_shows_in_its_largest_marketplace(shop):
    split = weekly_alarm(
        shop.feedback, shop.feedback_totals, shop.orders, until=UNTIL, by="marketplace"
    )
    alarms = holding(firsts(split), pd.Timestamp("2026-03-16"))
    assert "US" in set(alarms["marketplace"])


def test_the_page_says_level_rate_and_power(found):
    assert "one false alarm is to be expected in 104 weeks of this page" in found.text
    assert "own 52 weeks before the watched ones (89.6 % positive" in found.text
    assert "A doubling of negative feedback would be seen after about 4 weeks" in found.power
