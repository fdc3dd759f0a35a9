"""The tables that the documents quote are those that the benchmarks kept."""

from pathlib import Path

import pandas as pd
import pytest

from feedback_analysis.conversion import scenario_names

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "reviews-and-conversion.md").read_text(encoding="utf-8")
README = " ".join((ROOT / "README.md").read_text(encoding="utf-8").split())
SHARES = ("covered", "claimed", "strong")


def kept(name):
    return pd.read_csv(ROOT / "benchmarks" / "results" / name)


def cells(start):
    lines = [line for line in PAGE.splitlines() if line.startswith("| ") and start in line]
    assert len(lines) == 1, start
    return [cell.strip() for cell in lines[0].strip("|").split("|")]


def wanted(rows):
    shares = [100 * rows.loc[lift, name] for lift in (0.0, 0.25) for name in SHARES]
    return [f"{share:.1f}" for share in shares]


@pytest.mark.parametrize("scenario", scenario_names())
def test_every_scenario_is_quoted_as_measured(scenario):
    rows = kept("conversion.csv").set_index(["scenario", "lift"]).loc[scenario]
    assert (rows["catalogues"] == 200).all()
    assert cells(f"(`{scenario}`)")[2:] == wanted(rows)


def test_the_other_simulator_is_quoted_as_measured():
    table = kept("conversion_other.csv").set_index(["scenario", "lift"])
    for kind in table.index.unique("scenario"):
        assert cells(f"| {kind} |")[2:] == wanted(table.loc[kind])


def test_what_the_readme_says_in_words_is_what_was_measured():
    table = kept("conversion.csv").set_index(["lift", "scenario"])
    null, effect = table.loc[0.0], table.loc[0.25].drop("growing")
    assert "in 1 to 5 of 100 (`strong` in 2 or" in README
    assert null["claimed"].between(0.01, 0.05).all()
    assert (null["strong"] <= 0.02).all()
    assert "held the truth in 95 of 100 or more" in README
    assert (table["covered"] >= 0.95).all()
    assert "in 93 to 100 of 100 catalogues with 74 to 118 switching" in README
    assert effect.drop("small")["claimed"].between(0.93, 1.0).all()
    assert effect.drop("small")["switching"].round().between(74, 118).all()
    assert f"in {100 * effect.loc['small', 'claimed']:.0f} of 100" in README
    other = kept("conversion_other.csv").set_index("lift").loc[0.25]
    assert "with noisier sales, in 58 to 95" in README
    assert [round(100 * end) for end in other["claimed"].agg(["min", "max"])] == [58, 95]
