"""The restatement log: each kind of change, its effect on past months, and what is none."""

from datetime import date
from types import SimpleNamespace

import pandas as pd
import pytest

from feedback_analysis import tables
from feedback_analysis.health import restatements
from feedback_analysis.periods import Period
from tests.report.hand_made import feedback, finished, shop, stars

UNTIL = date(2026, 10, 31)
KINDS = ["struck", "not_in_files", "back", "rating_changed", "comment_changed", "late"]
THEN = [*stars("2026-09-02", fives=40), *[("2026-09-05", 1, f"o{number}") for number in range(4)]]
LATER = stars("2026-10-03", fives=10)


def reading(made, *, last=date(2026, 9, 30), period="2026-09"):
    return SimpleNamespace(last_day=last, period=Period.parse(period), shop=lambda **_: made)


def rows(given, **columns):
    made = feedback(given, **columns)
    return made.assign(last_seen=pd.Timestamp("2026-09-30"), first_seen=pd.Timestamp("2026-09-30"))


def log(before, now, *, earlier=None, current=None):
    then = shop(feedback=before, **(earlier or {}))
    return restatements(shop(feedback=now, **(current or {})), [reading(then)], until=UNTIL)


def only(result):
    (row,) = result.table.to_dict("records")
    return row


def test_new_feedback_is_no_restatement():
    result = log(rows(THEN), feedback([*THEN, *LATER]))
    assert result.table.empty
    assert result.text == (
        "Nothing in past months has changed since the reading kept for September 2026 "
        "(data to 30 September 2026)."
    )


def test_struck_and_late_feedback_and_their_effect_are_told_by_month():
    now = feedback([*THEN, *LATER, ("2026-09-28", 1, "late")])
    now.loc[now["order_key"].isin(["o0", "o1"]), "gone"] = True
    row = only(log(rows(THEN), now))
    assert {kind: row[kind] for kind in KINDS if row[kind]} == {"struck": 2, "late": 1}
    assert (row["month"], row["marketplace"], row["complete"]) == ("2026-09", "US", True)
    # 40 of 44 positive before; two negatives less and one more now.
    assert (row["n_before"], row["n"]) == (44, 43)
    assert (row["negative_before"], row["negative"]) == (4, 3)
    assert (row["share_before"], row["share"]) == pytest.approx((40 / 44, 40 / 43))
    text = log(rows(THEN), now).text
    assert text == (
        "Changed since the reading kept for September 2026 (data to 30 September 2026): "
        "September 2026: positive share 90.9 % \N{RIGHTWARDS ARROW} 93.0 % of 43 "
        "(2 feedbacks struck or removed, 1 feedback came in late)."
    )


def test_a_row_that_vanished_is_struck_only_where_a_file_still_covers_its_day():
    early = ("2026-08-10", 1, "old")
    kept = [row for row in THEN if row[-1] != "o0"]
    result = log(rows([early, *THEN]), feedback([*kept, *LATER]))
    assert result.table.set_index("month")["not_in_files"].to_dict() == {"2026-08": 1, "2026-09": 0}
    assert result.table.set_index("month")["struck"].to_dict() == {"2026-08": 0, "2026-09": 1}


def test_a_changed_rating_a_changed_comment_and_one_that_is_back_are_told():
    then, now = rows(THEN), feedback([*THEN, *LATER])
    then.loc[then["order_key"] == "o2", "gone"] = True
    now.loc[now["order_key"] == "o0", "rating"] = 5
    now.loc[now["order_key"] == "o1", "comment"] = "all well now"
    row = only(log(then, now))
    found = {kind: row[kind] for kind in KINDS if row[kind]}
    assert found == {"rating_changed": 1, "comment_changed": 1, "back": 1}
    assert (row["negative_before"], row["negative"]) == (3, 3)


def test_a_changed_comment_alone_leaves_the_share_and_says_so():
    now = feedback([*THEN, *LATER])
    now.loc[now["order_key"] == "o1", "comment"] = "all well now"
    text = log(rows(THEN), now).text
    assert "positive share unchanged at 90.9 % of 44 (1 comment changed)" in text


def test_feedback_without_an_order_is_known_by_what_it_says():
    twice = [("2026-09-02", 1), ("2026-09-02", 1), ("2026-09-03", 5)]
    assert log(rows(twice), feedback([*twice, *LATER])).table.empty
    assert only(log(rows(twice), feedback([*twice[1:], *LATER])))["struck"] == 1


def totals(received, *, negative=1, marketplace="UK"):
    frame = pd.DataFrame({"date": pd.date_range("2026-09-01", "2026-09-30")})
    return finished(
        "feedback_totals",
        frame.assign(marketplace=marketplace, received=received, negative=negative),
    )


def test_restated_daily_totals_are_counted_by_day():
    low = rows(
        [(f"2026-09-{day:02d}", 1, f"n{day}") for day in range(1, 31)],
        marketplace="UK", source="1-3 stars only",
    )  # fmt: skip
    before, now = totals(10), totals(10)
    now.loc[[3, 4], "received"] = 12
    result = log(low, low, earlier={"feedback_totals": before}, current={"feedback_totals": now})
    row = only(result)
    assert (row["totals_changed"], row["n_before"], row["n"]) == (2, 300, 304)
    assert "90.0 % \N{RIGHTWARDS ARROW} 90.1 % of 304 (2 daily totals restated)" in result.text


def test_where_only_negatives_are_known_their_count_is_told():
    low = {"source": "1-3 stars only"}
    text = log(rows(THEN[-4:], **low), feedback([*THEN[-3:], ("2026-09-01", 1, "x")], **low)).text
    assert "negatives unchanged at 4 (1 feedback no longer" not in text
    assert "September 2026: negatives unchanged at 4" in text
    one_less = log(rows(THEN[-4:], **low), feedback([("2026-09-05", 3, "o0"), *THEN[-3:]], **low))
    assert "4 \N{RIGHTWARDS ARROW} 3 negatives (1 rating changed)" in one_less.text


def test_a_month_that_was_running_counts_only_as_far_as_it_was_known():
    then = feedback([*THEN, ("2026-10-02", 1, "p")]).assign(last_seen=pd.Timestamp("2026-10-05"))
    now = feedback([*THEN, ("2026-10-04", 1, "q"), ("2026-10-20", 1, "r")])
    result = restatements(
        shop(feedback=now),
        [reading(shop(feedback=then), last=date(2026, 10, 5), period="2026-09")],
        until=UNTIL,
    )
    row = only(result)
    assert (row["month"], row["complete"], row["struck"], row["late"]) == ("2026-10", False, 1, 1)
    assert (row["negative_before"], row["negative"]) == (1, 1)
    assert "October 2026 (as far as known on 5 October 2026)" in result.text


def test_each_reading_is_held_against_the_next():
    middle = rows([row for row in THEN if row[-1] != "o0"])
    now = feedback([row for row in THEN if row[-1] not in ("o0", "o1")])
    steps = [
        reading(shop(feedback=rows(THEN))),
        reading(shop(feedback=middle), last=date(2026, 10, 20), period="2026-10"),
    ]
    result = restatements(shop(feedback=now), steps, until=UNTIL)
    assert result.table["struck"].tolist() == [1, 1]
    assert result.table["kept_for"].tolist() == ["September 2026", "October 2026"]


def test_without_an_earlier_reading_that_is_said():
    result = restatements(shop(feedback=feedback(THEN)), [], until=UNTIL)
    assert result.table.empty
    assert str(result.table["since"].dtype) == tables.DAY
    assert result.text.startswith("No earlier reading of this shop is kept")


def test_an_empty_shop_can_be_compared():
    assert restatements(shop(), [reading(shop())], until=UNTIL).table.empty
    assert log(rows(THEN), tables.empty("feedback")).table["not_in_files"].tolist() == [44]
