"""Charts and tables of cases: drawn with data, and words in place of a chart without."""

from datetime import date

import pandas as pd
import pytest

from feedback_analysis import cases, charts
from feedback_analysis.settings import Action
from tests.cases.frames import feedback, made, orders, own, returns, shipments

TODAY = date(2026, 10, 31)


@pytest.fixture(scope="module")
def shop():
    """A shop with cases, orders and a few returns."""
    keys = [f"o{number}" for number in range(240)]
    said = [
        (key, "2026-06-20", 1 if k % 2 else 5, "Cheap plastic") for k, key in enumerate(keys[:40])
    ]
    done = [
        {"order_key": key, "status": "closed", "closed": "2026-06-25", "resolution": "refund",
         "cost": 5.0, "currency": "USD", "opened": "2026-06-21"}
        for key in keys[1:30:2]
    ]  # fmt: skip
    day = [("2026-05-01" if k < 120 else "2026-06-01") for k in range(240)]
    return made(
        feedback=feedback(said),
        cases=own(done),
        orders=orders([(key, day[k], "S1", "seller") for k, key in enumerate(keys)]),
        shipments=shipments([(key, "2026-06-02", "2026-06-05", True) for key in keys]),
        returns=returns(
            [(key, "2026-06-10", "DEFECTIVE", "as_described", 4.0) for key in keys[:30]]
        ),
    )


@pytest.fixture(scope="module")
def results(shop):
    found = cases.case_list(shop, as_of=TODAY)
    facts = cases.order_facts(shop, as_of=TODAY)
    action = Action(
        what="A very long name of a change " * 3, since=date(2026, 6, 1), question="as_described"
    )
    return {
        "list": found,
        "time": cases.time_to_close(found.table, as_of=TODAY, promise=14),
        "resolution": cases.by_resolution(shop, found.table),
        "fixes": cases.fixes(shop, [action], as_of=TODAY),
        "exclusions": cases.exclusions(facts, as_of=TODAY),
        "rate": cases.feedback_per_order(facts, "channel", as_of=TODAY),
        "now": cases.asking_now(facts, as_of=TODAY, logged=False),
    }


def test_the_charts_show_the_results(results):
    ax = charts.time_to_close(results["time"], promise=14)
    assert ax.get_title(loc="left").startswith("Half of the cases are closed within")
    assert len(charts.by_resolution(results["resolution"]).get_yticklabels()) == 1
    ax = charts.exclusions(results["exclusions"])
    assert len(ax.get_yticklabels()) == len(results["exclusions"].table)
    # Who sent something back was as happy as the others here.
    shares = results["exclusions"].table["share"]
    assert shares.iloc[1:].max() <= shares.iloc[0]
    assert ax.get_title(loc="left").startswith("No rule of leaving buyers out would")
    ax = charts.fixes(results["fixes"])
    assert "Fewer complaints after 1 of 1 dated" in ax.get_title(loc="left").replace("\n", " ")
    assert ax.get_xscale() == "log"


def test_a_chart_is_drawn_on_the_users_axes(results):
    from matplotlib.figure import Figure

    ax = Figure().subplots()
    assert charts.by_resolution(results["resolution"], ax=ax) is ax
    assert charts.time_to_close(results["time"], ax=ax) is ax


def test_without_data_the_words_stand_in_place_of_the_chart():
    empty = made()
    found = cases.case_list(empty, as_of=TODAY).table
    facts = cases.order_facts(empty, as_of=TODAY)
    for ax in (
        charts.time_to_close(cases.time_to_close(found, as_of=TODAY)),
        charts.by_resolution(cases.by_resolution(empty, found)),
        charts.fixes(cases.fixes(empty, [], as_of=TODAY)),
        charts.exclusions(cases.exclusions(facts, as_of=TODAY)),
    ):
        assert ax.texts[0].get_text()
        assert not ax.axison


def test_the_tables_have_headings_in_plain_words(shop, results):
    frame = charts.table_of(results["list"]).frame
    assert list(frame) == [
        "Case", "What to do", "Runs out", "Stars", "Comment", "Cause, and whose",
        "Product, and what the files say",
    ]  # fmt: skip
    assert frame["Cause, and whose"].iloc[0] == "cause not yet known; yours"
    assert charts.table_of(results["rate"]).frame["Shipped by"].tolist() == ["you"]
    texts = charts.table_of(cases.request_texts(["US"])).frame
    assert texts["For"].tolist() == ["a message", "a slip in the parcel"]
    findings = charts.table_of(cases.check_text("Remove your feedback")).frame
    assert findings["Verdict"].tolist() == ["forbidden"]
    costs = charts.table_of(results["resolution"].costs).frame
    assert costs["Total"].tolist() == ["75.00"]
    fixed = charts.table_of(results["fixes"]).frame
    assert fixed["Verdict"].tolist() == ["fell"]
    row = pd.Series(charts.table_of(cases.check_cases(results["list"].table), none="x").__repr__())
    assert row.iloc[0] == "x"
