"""The weekly alarm: which weeks it watches, against what, what it says."""

import numpy as np
import pandas as pd
import pytest

from feedback_analysis.errors import ReportError
from feedback_analysis.health import alarm_options, weekly_alarm
from feedback_analysis.health.alarm_words import change_line, change_sentence
from feedback_analysis.health.watch import first_watched, watches
from feedback_analysis.health.week_counts import behind, delay, week_counts
from feedback_analysis.settings import Settings
from tests.health.frames import stars

UNTIL = "2026-10-31"
WEEKS = 104
FIRST = pd.Timestamp("2024-10-28")


def shop(*, received=40, negative=2, worse=(), weeks=WEEKS, marketplace="US"):
    """Return daily totals, one busy Monday a week, and how many negatives from which week on."""
    rows = pd.DataFrame({"date": FIRST + pd.to_timedelta(7 * np.arange(weeks), "D")})
    rows["marketplace"], rows["received"], rows["neutral"] = marketplace, received, 0
    # Two and two, one and three: what is steady on the average moves from week to week.
    rows["negative"] = negative + np.tile([0, -1, 1, 0], weeks)[:weeks]
    for week, count in worse:
        rows.loc[week:, "negative"] = count
    sundays = rows.iloc[-1:].assign(date=FIRST + pd.Timedelta(days=7 * weeks - 1))
    return pd.concat([rows, sundays.assign(received=0, negative=0)], ignore_index=True)


def bought(weeks=WEEKS, each=200, marketplace="US", channel="seller"):
    days = FIRST + pd.to_timedelta(7 * np.arange(weeks), "D")
    frame = pd.DataFrame({"purchase_date": days.repeat(each)})
    frame["order_key"] = [f"{marketplace}{channel}{number}" for number in range(len(frame))]
    return frame.assign(marketplace=marketplace, channel=channel)


NOTHING = stars().astype({"rating": "int64"})


def test_a_steady_shop_gets_no_alarm_and_both_rates_are_stated():
    found = weekly_alarm(NOTHING, shop(), bought(), until=UNTIL)
    assert found.alarms.empty
    assert found.text.startswith("No alarm in ")
    assert "one false alarm is to be expected in 104 weeks of this page" in found.text
    assert "one in 208 weeks of each of its 2 charts" in found.text
    assert (found.weeks_between_false_alarms, found.weeks_per_chart) == (104, 208)


def test_the_level_is_that_of_the_weeks_before():
    found = weekly_alarm(NOTHING, shop(worse=[(100, 9)]), bought(), until=UNTIL)
    charts = found.charts.set_index("chart")
    assert charts["level_source"].tolist() == ["own weeks"] * 2
    assert charts["unit"].to_dict() == {"positive share": "feedbacks", "negatives": "orders"}
    # 52 weeks of 40 feedbacks, 2 of them negative; half a hit more by Jeffreys' prior.
    weeks = charts.loc["positive share", "baseline_weeks"]
    expected = 1 - (2 * weeks + 0.5) / (40 * weeks + 1)
    assert charts.loc["positive share", "level"] == pytest.approx(expected, abs=0.0006)
    assert charts.loc["negatives", "level"] == pytest.approx(0.01, rel=0.02)
    assert "own 52 weeks before the watched ones (95.0 % positive" in found.text


def test_a_jump_is_seen_with_its_beginning_and_its_size():
    found = weekly_alarm(NOTHING, shop(worse=[(90, 12)]), bought(), until=UNTIL)
    first = found.alarms.iloc[0]
    jump = FIRST + pd.Timedelta(weeks=90)
    assert first["start"] == first["began"] == first["began_low"] == first["began_high"] == jump
    assert set(found.alarms["chart"]) == {"positive share", "negatives"}
    assert set(found.alarms["change"]) == {1}
    share = found.alarms[found.alarms["chart"] == "positive share"].iloc[0]
    assert (share["level_after"], share["count"]) == (pytest.approx(0.7), 12)
    assert f"1 change was seen in {len(found.table) // 2} whole weeks watched" in found.text
    assert "Alarm in the week of 20 July 2026" in found.text
    assert "further alarms of this chart followed" in found.text
    # The three bad months in one row for each chart, however many alarms tell of them.
    told = found.changes.set_index("chart")
    assert told["change"].tolist() == [1, 1]
    assert told["alarms"].sum() == len(found.alarms)
    assert (told["first_alarm"] <= told["last_alarm"]).all()
    assert told.loc["positive share", "level_after"] == pytest.approx(0.7)


def test_each_date_of_an_alarm_is_told_with_its_chart():
    found = weekly_alarm(NOTHING, shop(worse=[(90, 12)]), bought(), until=UNTIL)
    alarms = found.alarms.drop(found.alarms[found.alarms["chart"] == "positive share"].index[2:])
    share, negatives = (
        alarms.loc[alarms["chart"] == chart, "start"] for chart in ("positive share", "negatives")
    )
    assert share.max() < negatives.max()
    days = [f"{day.day} {day:%B %Y}" for day in (share.max(), negatives.min(), negatives.max())]
    line, sentence = change_line(alarms), change_sentence(alarms, by=None)
    assert f"last alarm in the week of {days[0]}. Negative feedback: " in line
    assert line.endswith(f"last alarm in the week of {days[2]}.")
    assert f"1 further alarm of this chart followed in the week of {days[0]}." in sentence
    said = f"gave {len(negatives)} alarms, in the weeks of {days[1]} to {days[2]}."
    assert sentence.endswith(f"The chart of the negative feedback {said}")


def test_after_an_alarm_the_statistic_starts_again():
    table = weekly_alarm(NOTHING, shop(worse=[(90, 12)]), until=UNTIL).table
    share = table[table["chart"] == "positive share"].reset_index(drop=True)
    alarm = share["alarm"].idxmax()
    assert share["signal"][alarm] == "worse"
    assert share["statistic"][alarm] > share["threshold"][alarm]
    # The same week again gives the same evidence, not twice as much.
    assert share["statistic"][alarm + 1] == pytest.approx(share["statistic"][alarm], rel=0.1)


def test_a_recovery_is_seen_when_both_directions_are_watched():
    totals = shop(negative=8, worse=[(85, 0)])
    assert weekly_alarm(NOTHING, totals, until=UNTIL).alarms.empty
    both = weekly_alarm(NOTHING, totals, until=UNTIL, directions=("worse", "better"))
    assert set(both.alarms["direction"]) == {"better"}
    assert both.weeks_per_chart == 4 * 104
    assert "the positive share rose" in both.text


def test_the_week_that_is_not_over_is_left_out():
    last = weekly_alarm(NOTHING, shop(), until="2026-10-24").table["start"].max()
    assert last == pd.Timestamp("2026-10-12")
    whole = weekly_alarm(NOTHING, shop(), until="2026-10-25").table["start"].max()
    assert whole == pd.Timestamp("2026-10-19")


def test_weeks_beyond_the_files_are_not_taken_for_quiet_ones():
    last = weekly_alarm(NOTHING, shop(), until="2027-01-31").table["start"].max()
    assert last == pd.Timestamp("2026-10-19")


def test_a_young_shop_is_held_against_the_target_and_it_is_said():
    found = weekly_alarm(NOTHING, shop(weeks=20), until="2025-03-16")
    assert found.charts["level_source"].tolist() == ["target"] * 2
    assert found.charts["level"].tolist() == [pytest.approx(0.95), pytest.approx(0.05)]
    assert len(found.table) == 2 * 20
    assert "What counts as unchanged: the target (95.0 % positive, 5.0 % of the feedback" in (
        found.text
    )
    assert any("Fewer than 26 whole weeks" in limit for limit in found.limits)


def test_the_target_can_be_asked_for():
    found = weekly_alarm(NOTHING, shop(negative=6), until=UNTIL, level="target")
    assert set(found.charts["level_source"]) == {"target"}
    assert not found.alarms.empty


def test_negatives_alone_are_watched_per_order():
    feedback = pd.concat([stars(2, day=str(day.date())) for day in shop()["date"][:-1]])
    found = weekly_alarm(feedback, None, bought(), until="2026-10-25")
    assert found.charts["chart"].tolist() == ["negatives"]
    assert found.charts["unit"].tolist() == ["orders"]
    assert found.weeks_per_chart == 104
    assert any("positive share is not watched" in limit for limit in found.limits)
    alone = weekly_alarm(feedback, until="2026-10-25")
    assert alone.charts["unit"].tolist() == ["weeks"]
    assert "2.0 negatives a week" in alone.text


def test_without_anything_there_is_nothing_to_watch():
    found = weekly_alarm(NOTHING, until=UNTIL)
    assert found.table.empty
    assert found.alarms.empty
    assert found.text.startswith("The weekly alarm needs whole weeks")


def test_marketplaces_share_the_rate_of_the_page():
    totals = pd.concat([shop(), shop(marketplace="UK", worse=[(90, 12)])], ignore_index=True)
    orders = pd.concat([bought(), bought(marketplace="UK")], ignore_index=True)
    found = weekly_alarm(NOTHING, totals, orders, until=UNTIL, by="marketplace")
    assert set(found.alarms["marketplace"]) == {"UK"}
    assert found.weeks_per_chart == 4 * 104
    assert "UK: Alarm in the week of" in found.text
    assert found.power.count("US: ") == 2


def test_channels_are_found_through_the_orders():
    orders = pd.concat([bought(), bought(channel="amazon")], ignore_index=True)
    some = orders.groupby(["purchase_date", "channel"]).head(12)
    feedback = pd.DataFrame({"date": some["purchase_date"], "order_key": some["order_key"]})
    place = some.groupby(["purchase_date", "channel"]).cumcount()
    feedback = feedback.assign(marketplace="US", rating=np.where(place == 0, 1, 5))
    late = (feedback["date"] >= FIRST + pd.Timedelta(weeks=90)) & (some["channel"] == "amazon")
    feedback.loc[late & (place < 8), "rating"] = 1
    found = weekly_alarm(feedback, None, orders, until="2026-10-25", by="channel")
    assert set(found.alarms["channel"]) == {"amazon"}
    assert "Shipped by Amazon: Alarm in the week of" in found.text
    without = weekly_alarm(feedback, until="2026-10-25", by="channel")
    assert without.table.empty
    assert "needs the All Orders report" in without.limits[0]


def test_past_weeks_say_the_same_until_the_span_begins_anew():
    totals = shop(worse=[(90, 5)])
    now = weekly_alarm(NOTHING, totals, until="2026-10-25")
    earlier = weekly_alarm(NOTHING, totals[totals["date"] <= "2026-09-27"], until="2026-09-27")
    joined = now.table.merge(earlier.table, on=["chart", "week"], suffixes=("", "_then"))
    assert len(joined) == len(earlier.table)
    assert np.array_equal(joined["threshold"], joined["threshold_then"])
    assert np.array_equal(joined["statistic"], joined["statistic_then"])


def test_the_watched_span_begins_every_thirteen_weeks():
    starts = pd.Series(pd.date_range("2024-01-01", periods=150, freq="7D"))
    begins = [starts[first_watched(starts[:count], 52)[0]] for count in range(120, 146)]
    assert len(set(begins)) in (2, 3)
    lengths = [count - first_watched(starts[:count], 52)[0] for count in range(120, 146)]
    assert (min(lengths), max(lengths)) == (40, 52)
    assert first_watched(starts[:26], 52) == (0, False)
    assert first_watched(starts[:30], 52) == (26, True)


def test_power_is_said_at_the_shops_own_volume():
    small = weekly_alarm(NOTHING, shop(received=10, negative=1), until=UNTIL)
    large = weekly_alarm(NOTHING, shop(received=1000, negative=50), until=UNTIL)
    assert "at your volume of 10 feedbacks a week" in small.power
    assert "A drop of the positive share from 95.0 % to 93.0 %" in large.power
    assert "would be seen after about 2 weeks at your volume of 1,000 feedbacks" in large.power
    assert (small.charts["weeks_to_see"] > 3 * large.charts["weeks_to_see"]).all()


def test_orders_count_when_their_feedback_arrives():
    orders = np.array([0.0, 0, 100, 100, 100, 100, 100, 200])
    found = behind(orders, np.array([0.5, 0.5]))
    assert np.isnan(found[:6]).all()
    assert found[6:].tolist() == [100, 150]
    assert np.isnan(behind(np.full(4, np.nan), np.array([1.0]))).all()


def test_the_delay_is_learnt_from_earlier_feedback_only():
    orders = bought(weeks=10, each=20)
    first = orders.groupby("purchase_date").head(10)
    feedback = pd.DataFrame({"order_key": first["order_key"], "rating": 1, "marketplace": "US"})
    feedback["date"] = first["purchase_date"] + pd.Timedelta(days=15)
    assert delay(feedback, orders, before=pd.Timestamp("2030-01-01")).tolist() == [0, 0, 1]
    usual = delay(feedback, orders, before=FIRST)
    assert usual.sum() == pytest.approx(1)
    assert len(usual) > 3


def test_cancelled_orders_do_not_count():
    orders = bought(each=10).assign(status="Shipped")
    orders.loc[orders.index % 10 == 0, "status"] = "Cancelled"
    counted = week_counts(NOTHING, shop(), orders, until=pd.Timestamp(UNTIL).date())
    assert set(counted.blocks[""]["orders"]) == {9.0}


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"by": "sku"}, "cannot be split by 'sku'"),
        ({"level": "targt"}, "Did you mean 'target'?"),
        ({"directions": ("wors",)}, "Did you mean 'worse'?"),
        ({"weeks_between_false_alarms": 1}, "the alarm cannot watch that"),
    ],
)
def test_a_wrong_option_is_refused(options, message):
    with pytest.raises(ReportError, match=message.replace("?", r"\?")):
        weekly_alarm(NOTHING, shop(), until=UNTIL, **options)


def test_the_shops_settings_state_the_rate():
    options = alarm_options(Settings())
    assert options["weeks_between_false_alarms"] == 104
    found = weekly_alarm(
        NOTHING, shop(), until=UNTIL, **options | {"weeks_between_false_alarms": 52}
    )
    assert "one false alarm is to be expected in 52 weeks" in found.text


def test_pages_of_unchanged_shops_alarm_as_often_as_stated():
    """A smaller version of benchmarks/alarms.py, which takes 800 shops."""
    rng, alarms, weeks = np.random.default_rng(11), [], 0
    start = pd.Series(FIRST + pd.to_timedelta(7 * np.arange(WEEKS), "D"))
    for _ in range(60):
        orders = rng.poisson(240 * np.exp(0.4 * np.arange(WEEKS) / WEEKS)).astype(float)
        n = rng.binomial(orders.astype(int), 0.125)
        missed = rng.binomial(n, 0.06)
        counts = pd.DataFrame({"week": start.dt.strftime("%G-W%V"), "start": start, "n": 1.0 * n})
        counts = counts.assign(
            positive=n - missed, share_known=True, negative_known=True, orders=orders,
            negative=rng.binomial(missed, 0.8).astype(float),
        )  # fmt: skip
        first, own = first_watched(start, 52)
        made = watches("", counts, first, own=own, target=0.95, delay=np.array([1.0]))
        found = [watch.run(weeks_between=26 * len(made), seed=1, paths=3000)[1] for watch in made]
        alarms.append(sum(map(len, found)))
        weeks += WEEKS - first
    expected = weeks / 26
    error = np.std(alarms) * np.sqrt(len(alarms)) / expected
    assert abs(sum(alarms) / expected - 1) < 3 * error
    assert error < 0.2
