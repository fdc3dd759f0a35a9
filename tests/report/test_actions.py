"""Do this first: what stands out is named with its numbers, and nothing else is."""

import pandas as pd

from feedback_analysis.periods import Period
from feedback_analysis.report import actions as actions_room
from feedback_analysis.report.actions import AT_MOST, find_actions
from feedback_analysis.report.feedback_figures import ratings
from feedback_analysis.report.key_figures import key_figures
from feedback_analysis.report.lead import lead
from feedback_analysis.settings import Settings
from tests.health.frames import typed
from tests.report.hand_made import feedback, finished, orders, shop, stars

OCTOBER = Period.parse("2026-10")
NB = "\N{NO-BREAK SPACE}"


def found_in(made):
    found = find_actions(made, OCTOBER, ratings(made, OCTOBER))
    return {action.id: action for action in found.found}, found


def carried(sizes):
    """Return orders, shipments and feedback: carrier -> (orders, negatives)."""
    rows, parcels, marks = [], [], []
    for carrier, (size, negative) in sizes.items():
        for place in range(size):
            key = f"{carrier}{place}"
            rows.append((key, "2026-10-05", "B000000001", "seller"))
            parcels.append((key, carrier))
            if place < negative:
                marks.append(("2026-10-20", 1, key))
    shipments = pd.DataFrame(parcels, columns=["order_key", "carrier"])
    return {
        "orders": orders(rows),
        "shipments": finished("shipments", shipments.assign(has_tracking=True)),
        "feedback": feedback(marks + stars("2026-10-20", fives=900)),
    }


def test_a_healthy_shop_is_told_that_nothing_stands_out():
    rows = feedback(stars("2026-10-10", fives=300))
    actions, found = found_in(shop(feedback=rows))
    assert actions == {}
    assert found.text == "Nothing stands out in October 2026."
    assert found.looked_at == "Looked at: both targets in each marketplace."


def test_without_any_feedback_the_first_thing_is_to_download_it():
    actions, _ = found_in(shop())
    assert list(actions) == ["no_feedback"]


def test_a_file_of_1_to_3_stars_asks_for_the_totals_by_marketplace():
    low = feedback(stars("2026-10-10", ones=4), marketplace="UK", source="1-3 stars only")
    whole = feedback(stars("2026-10-10", fives=300))
    actions, _ = found_in(shop(feedback=pd.concat([whole, low], ignore_index=True)))
    assert "totals of UK." in actions["no_totals"].text
    assert actions["no_totals"].evidence == "4 feedbacks of 1 to 3 stars known, the rest uncounted"
    assert actions["no_totals"].page == "00_data_check"


def test_struck_feedback_is_not_counted_among_what_is_known():
    low = feedback(stars("2026-10-10", ones=4), marketplace="UK", source="1-3 stars only")
    whole = feedback(stars("2026-10-10", fives=300))
    low.loc[low.index[:3], "gone"] = True
    actions, _ = found_in(shop(feedback=pd.concat([whole, low], ignore_index=True)))
    assert actions["no_totals"].evidence == "1 feedback of 1 to 3 stars known, the rest uncounted"


def test_a_marketplace_that_misses_its_target_is_named_once_with_n_and_interval():
    poor = feedback(stars("2026-10-10", fives=70, ones=30), marketplace="UK")
    whole = feedback(stars("2026-10-10", fives=300))
    actions, _ = found_in(shop(feedback=pd.concat([whole, poor], ignore_index=True)))
    assert "is missed in UK" in actions["share_not_met"].text
    assert "95 % positive" in actions["share_not_met"].text
    # Wilson, 70 of 100.
    evidence = actions["share_not_met"].evidence.replace(NB, " ")
    assert evidence == "UK 70.0 % (60.4 to 78.1 %) of 100"
    assert "average_not_met" not in actions


def test_a_target_that_a_windows_total_alone_shows_missed_is_a_step_too():
    low = feedback(stars("2026-10-10", ones=4), source="1-3 stars only")
    year = typed("365 days", 800, 50, 150).assign(date=pd.NaT, received=1000)
    made = shop(feedback=low, feedback_totals=finished("feedback_totals", year))
    assert lead(key_figures(made, OCTOBER)).startswith("Over the last 365 days the target of 95")
    actions, found = found_in(made)
    assert "95 % positive is missed in US" in actions["share_not_met"].text
    evidence = actions["share_not_met"].evidence.replace(NB, " ")
    assert evidence == "US 80.0 % (77.4 to 82.4 %) of 1,000 in 365 days"
    assert "both targets in each marketplace" in found.looked_at


def test_the_carrier_that_stands_out_is_named():
    made = shop(**carried({"Northline": (100, 15), "Swiftway": (900, 9)}))
    actions, found = found_in(made)
    assert actions["carrier"].text.startswith("Ask Northline what goes wrong")
    evidence = actions["carrier"].evidence.replace(NB, " ")
    assert evidence == (
        "15 negative feedbacks on 100 orders: 15.0 per 100 (9.3 to 23.3), all carriers 2.4\n"
        "newest 30 days: 15 on 100 orders"
    )
    assert "2 carriers" in found.looked_at


def test_a_channel_is_not_blamed_for_a_carrier_that_is_named_already():
    made = carried({"Northline": (200, 40), "Swiftway": (800, 8)})
    northline = made["orders"]["order_key"].str.startswith("North")
    made["orders"].loc[~northline, "channel"] = "amazon"
    actions, _ = found_in(shop(**made))
    assert "carrier" in actions
    assert "channel" not in actions


def test_a_channel_is_held_to_its_orders_without_the_carrier_that_is_named():
    made = carried({"Northline": (200, 60), "Swiftway": (400, 30), "Amazon": (1000, 2)})
    made["orders"]["channel"] = made["orders"]["order_key"].str.startswith("Amazon")
    made["orders"]["channel"] = made["orders"]["channel"].map({True: "amazon", False: "seller"})
    actions, _ = found_in(shop(**made))
    assert "orders that you ship yourself without Northline go wrong" in actions["channel"].text
    assert "30 negative feedbacks on 400 orders" in actions["channel"].evidence
    assert "newest 30 days: 30 on 400 orders" in actions["channel"].evidence


def test_trouble_that_may_be_over_comes_last_and_says_so(monkeypatch):
    made = carried({"Northline": (300, 30), "Swiftway": (900, 9)})
    keys = made["orders"]["order_key"]
    number = keys.str.extract(r"(\d+)$")[0].astype(int)
    # The bad parcels were bought in August, the good ones of the carrier in October.
    bad = keys.str.startswith("North") & (number < 100)
    made["orders"].loc[bad, "purchase_date"] = pd.Timestamp("2026-08-20")
    actions, found = found_in(shop(**made))
    assert actions["carrier"].text.endswith("so it may be over.")
    assert "newest 30 days: 0 on 200 orders" in actions["carrier"].evidence
    assert found.found[-1].id == "carrier"
    assert found.over == ""
    # Where five steps go before it, it is told in a line of its own.
    monkeypatch.setattr(actions_room, "AT_MOST", len(found.found) - 1)
    actions, found = found_in(shop(**made))
    assert "carrier" not in actions
    assert found.over == (
        "May be over, and so no step any more: Northline (30 negative feedbacks on 300 orders of "
        "90 days; newest 30 days: 0 on 200 orders); the newest orders are no worse than the "
        "others of the same days."
    )


def test_a_product_that_stands_out_is_named_with_its_sku():
    made = carried({"Swiftway": (1000, 20)})
    bad = made["orders"]["order_key"].isin([f"Swiftway{place}" for place in range(60)])
    made["orders"].loc[bad, ["asin", "sku"]] = ["B000000002", "007-MUG"]
    actions, _ = found_in(shop(**made))
    assert actions["product"].text.startswith("Look into B000000002 (SKU 007-MUG)")
    assert "20 on 60 orders" in actions["product"].evidence


def test_negatives_without_a_reply_or_a_case_are_counted():
    rows = feedback(
        [
            ("2026-10-10", 1, "o1"),
            ("2026-10-11", 2, "o2"),
            ("2026-10-12", 3, "o3"),
            ("2026-09-12", 1, "o4"),
            *stars("2026-10-12", fives=300),
        ]
    )
    rows.loc[0, "response"] = "We are sorry."
    cases = finished("cases", pd.DataFrame({"case_id": ["1"], "order_key": ["o1"]}))
    actions, _ = found_in(shop(feedback=rows, cases=cases))
    assert actions["no_reply"].evidence == "1 of 2 answered"
    assert "the 1 negative feedback of October 2026" in actions["no_reply"].text
    # Their time has run out, so the step of what is due tells of them, and no second one.
    assert "no_case" not in actions
    assert "; 3 not in your list" in actions["cases_due"].evidence
    patient = Settings(cases={"answer_days": 60, "close_days": 60})
    actions, _ = found_in(shop(feedback=rows, cases=cases, settings=patient))
    assert actions["no_case"].evidence == "1 of 3 in your list"
    assert "each of the 2 feedbacks of 1 to 3 stars of October 2026" in actions["no_case"].text


def test_a_case_to_open_and_those_that_run_out_add_up():
    rows = feedback(
        [
            ("2026-10-10", 1, "o1"),
            ("2026-10-01", 1, "o2"),
            ("2026-10-02", 2, "o3"),
            ("2026-10-29", 3, "o4"),
            ("2026-10-30", 1, "o5"),
        ]
    )
    cases = finished("cases", pd.DataFrame({"case_id": ["1"], "order_key": ["o1"]}))
    patient = Settings(cases={"answer_days": 25, "close_days": 60})
    actions, _ = found_in(shop(feedback=rows, cases=cases, settings=patient))
    assert actions["cases_due"].evidence.startswith("2 overdue, 0 within seven days; 2 not in")
    # One in the list, two that run out, and two more: all five.
    assert "each of the 2 more feedbacks of 1 to 3 stars of October" in actions["no_case"].text
    assert actions["no_case"].evidence == (
        "1 of 5 in your list; 2 more in the step on what runs out"
    )


def test_a_case_without_an_order_is_not_taken_for_one_in_the_list():
    rows = feedback([("2026-10-05", 1), ("2026-10-06", 1, "o2")])
    cases = finished("cases", pd.DataFrame({"case_id": ["1", "2"], "order_key": ["o9", None]}))
    actions, _ = found_in(shop(feedback=rows, cases=cases))
    assert "; 2 not in your list" in actions["cases_due"].evidence


def test_a_feedback_file_older_than_the_rest_is_told():
    rows = feedback(stars("2026-10-10", fives=300)).assign(last_seen=pd.Timestamp("2026-10-10"))
    made = shop(feedback=rows, orders=orders([("o1", "2026-10-31", "A", "amazon")]))
    actions, _ = found_in(made)
    assert actions["stale_feedback"].evidence == (
        "feedback to 10 October 2026, other files to 31 October 2026"
    )


def test_trouble_goes_on_where_the_newest_orders_of_all_others_are_better_still():
    made = carried({"Northline": (300, 30), "Swiftway": (900, 9)})
    number = made["orders"]["order_key"].str.extract(r"(\d+)$")[0].astype(int)
    # Of the newest orders little feedback is in: 2 bad ones of Northline's, none of the others'.
    north = made["orders"]["order_key"].str.startswith("North")
    made["orders"].loc[number < north.map({True: 28, False: 9}), "purchase_date"] = pd.Timestamp(
        "2026-08-20"
    )
    actions, _ = found_in(shop(**made))
    assert "newest 30 days: 2 on 272 orders" in actions["carrier"].evidence
    assert "may be over" not in actions["carrier"].text


def test_there_are_never_more_than_five():
    made = carried({"Northline": (200, 60), "Swiftway": (800, 8)})
    made["feedback"] = feedback(
        [
            ("2026-10-20", 1, key)
            for key in made["orders"]["order_key"]
            if key.startswith("Northline") and int(key[9:]) < 60
        ]
        + stars("2026-10-20", fives=30)
    ).assign(last_seen=pd.Timestamp("2026-10-20"))
    made["orders"].loc[made["orders"]["order_key"].str.startswith("North"), "asin"] = "B000000009"
    made["orders"].loc[made["orders"]["order_key"].str.startswith("Swift"), "channel"] = "amazon"
    made["orders"].loc[5, "purchase_date"] = pd.Timestamp("2026-10-31")
    _, found = found_in(shop(**made))
    assert len(found.found) == AT_MOST
    assert [action.id for action in found.found][:2] == ["carrier", "product"]


def test_cases_whose_time_runs_out_are_named_with_how_many_are_investigated():
    rows = feedback([("2026-10-05", 1, "o1"), ("2026-10-06", 1, "o2"), ("2026-10-30", 2, "o3")])
    cases = finished(
        "cases", pd.DataFrame({"case_id": ["1"], "order_key": ["o1"], "status": ["closed"]})
    )
    actions, found = found_in(shop(feedback=rows, cases=cases))
    assert actions["cases_due"].text.startswith("Work on the 2 feedbacks of 1 to 3 stars whose")
    assert actions["cases_due"].evidence == (
        "1 overdue, 1 within seven days; 2 not in your list\n1 of 3 investigated in a year"
    )
    assert "the clocks of 3 feedbacks" in found.looked_at
    # The page of the cases counts a case past Amazon's 90 days as overdue too.
    old = feedback([("2026-06-05", 1, "o4"), ("2026-10-06", 1, "o2")])
    late, _ = found_in(shop(feedback=old, cases=cases))
    assert late["cases_due"].evidence == (
        "1 overdue, 0 within seven days; 1 not in your list\n0 of 2 investigated in a year\n"
        "1 more overdue, past Amazon's 90 days"
    )
    assert "cases_due" not in found_in(shop(feedback=rows))[0]


def test_one_step_of_one_feedback_reads_as_one():
    rows = feedback([("2026-10-30", 1, "o1"), *stars("2026-10-12", fives=300)])
    cases = finished("cases", pd.DataFrame({"case_id": ["1"], "order_key": ["o9"]}))
    patient = Settings(cases={"answer_days": 60, "close_days": 60})
    actions, found = found_in(shop(feedback=rows, cases=cases, settings=patient))
    assert "Open a case for the 1 feedback of 1 to 3 stars of" in actions["no_case"].text
    assert "1 negative feedback of October 2026 that has no public" in actions["no_reply"].text
    assert "the clock of 1 feedback of 1 to 3 stars" in found.looked_at
    # The page names more than one to begin with only where there are more.
    actions, _ = found_in(shop(feedback=rows, cases=cases))
    assert actions["cases_due"].text.endswith("has run out.")


def test_trouble_is_not_over_where_nobody_else_took_newer_orders():
    made = carried({"Northline": (300, 30), "Swiftway": (900, 9)})
    others = made["orders"]["order_key"].str.startswith("Swift")
    made["orders"].loc[others, "purchase_date"] = pd.Timestamp("2026-08-20")
    actions, _ = found_in(shop(**made))
    assert not actions["carrier"].text.endswith("so it may be over.")
