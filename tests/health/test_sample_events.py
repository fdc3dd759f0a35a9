"""The events built into the sample shop are among what stands out, and little else is."""

import csv
import shutil

import pytest

from feedback_analysis import read_folder
from feedback_analysis.health import mix_shift, order_outcomes, standouts
from feedback_analysis.periods import Period
from tests.project_files import ROOT

SAMPLE = ROOT / "data" / "sample"
NEEDED = ("Bewertungen", "Bestellungen", "Versand", "feedback", "orders", "shipments")
END = Period.parse("2026-10").end


@pytest.fixture(scope="module")
def shop(tmp_path_factory):
    """Return the sample shop's feedback, orders and shipments; the rest takes longer to read."""
    folder = tmp_path_factory.mktemp("sample")
    shutil.copy(SAMPLE / "shop.toml", folder)
    for market in ("US", "UK", "Deutschland"):
        for name in NEEDED:
            if (source := SAMPLE / "amazon" / market / name).is_dir():
                shutil.copytree(source, folder / "amazon" / market / name)
    return read_folder(folder)


@pytest.fixture(scope="module")
def found(shop):
    return standouts(order_outcomes(shop, end=END, days=None))


def truth(event):
    with (SAMPLE / "truth" / "events.csv").open(newline="", encoding="utf-8") as file:
        return next(row for row in csv.DictReader(file) if row["event"] == event)


def test_the_slow_carrier_stands_out_in_its_months(found):
    event = truth("slow_carrier")
    months = found.of("carrier", "month").found
    named = months[months["carrier"] == event["carrier"]]["month"].tolist()
    # By month of the purchase: those delivered from July to early October.
    assert sorted(named) == ["2026-07", "2026-08", "2026-09"]


def test_the_counterfeit_batch_stands_out_by_product_and_month(found):
    with (SAMPLE / "truth" / "effect.csv").open(newline="", encoding="utf-8") as file:
        parents = {row[0]: row[1] for row in csv.reader(file)}
    assert truth("counterfeit")["family"] in parents
    named = found.of("asin", "month").found
    assert set(named["month"]) <= {"2026-01", "2026-02"}
    assert len(named) >= 2


def test_the_unanswered_messages_and_the_packaging_fault_stand_out_by_month(found):
    by_month = found.of("month").found["month"].tolist()
    assert by_month == ["2026-03"]
    assert "2025-12" in found.of("channel", "month").found["month"].tolist()


def test_no_month_is_named_in_which_nothing_happened(found):
    months = found.found["month"].dropna()
    spans = [(truth(name)["start"][:7], truth(name)["end"][:7]) for name in
             ("packaging_fault", "slow_carrier", "unanswered_email", "counterfeit")]  # fmt: skip
    assert all(any(first <= month <= last for first, last in spans) for month in months)


def test_the_summer_is_told_as_a_change_of_the_sellers_own_shipments(shop):
    result = mix_shift(
        shop, Period.parse("2026-08"), before=Period.parse("2026-06"), by="channel",
        measure="negative",
    )  # fmt: skip
    effects = result.totals.set_index("effect")
    assert effects.loc["rate", "low"] > 0
    assert effects.loc["mix", "low"] < 0 < effects.loc["mix", "high"]
    assert result.table["part"].iloc[0] == "orders shipped by the seller"
    assert result.limits[0].startswith("DE, UK: left out by channel")
