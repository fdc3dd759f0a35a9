"""The words of a verdict at the values where they turn: none, one, all, and a limit met exactly.

What a number decides is in ``test_verdicts.py`` and beside its room; here are the sentences that
are chosen from a verdict, a count or a distance that is already known.
"""

import math
from datetime import date
from importlib import import_module

import pandas as pd
import pytest

from feedback_analysis.health.alarm_words import (
    LONGEST,
    MOST_TOLD,
    alarm_sentence,
    alarm_sentences,
    delay_sentence,
    dispersion_sentences,
    power_sentence,
)
from feedback_analysis.health.distance_words import FAR, _leaving, _now, _pace, distance_line
from feedback_analysis.health.watch import OWN, SHARE
from feedback_analysis.periods import Period
from feedback_analysis.report.figures import Figure, Missing, Value
from feedback_analysis.report.lead import lead

JUST = 1e-9
OCTOBER = Period.parse("2026-10")
DAY = date(2026, 10, 31)


def both_figures(share, average, *, high=4.6, n=276):
    """Return the figures that the first sentence of a report is made of."""
    values = {
        "positive_share": Figure("positive_share", "Positive feedback", "share", target=0.95,
                                 now=Value(0.9, n=n, low=0.85, high=0.93, verdict=share)),
        "average_score": Figure("average_score", "Average score", "stars", target=4.5,
                                now=Value(None, n=n, low=4.0, high=high, verdict=average)),
    }  # fmt: skip

    class Figures(dict):
        period = OCTOBER

    return Figures(values)


@pytest.mark.parametrize(
    ("share", "average", "said"),
    [
        ("met", "met", "Both targets are met in October 2026"),
        ("not met", "not met", "Both targets are missed in October 2026"),
        ("not met", "met", "is missed in October 2026; an average of 4.5 is reached."),
        ("met", "not met", "is met in October 2026; an average of 4.5 is not reached."),
        ("cannot tell yet", "cannot tell yet", "are reached in October 2026 cannot be told yet."),
        ("met", "cannot tell yet", "whether an average of 4.5 is reached cannot be told yet."),
        ("too few to say", "too few to say", "276 feedbacks in October 2026: too few to say"),
    ],
)
def test_the_first_sentence_says_both_verdicts(share, average, said):
    assert said in lead(both_figures(share, average))


@pytest.mark.parametrize(("high", "below"), [(4.5 - JUST, True), (4.5, False)])
def test_an_average_below_its_target_by_any_split_is_said_to_be_below(high, below):
    said = lead(both_figures("not met", "cannot tell yet", high=high))
    assert ("is below 4.5 as well, but this one month cannot prove it" in said) is below


def test_one_feedback_is_one():
    said = lead(both_figures("too few to say", "too few to say", n=1))
    assert said.startswith("1 feedback in October 2026: too few")
    figures = both_figures("met", "met")
    unknown = Figure("positive_share", "Positive feedback", "share", target=0.95,
                     now=Missing("no totals", "add them"))  # fmt: skip
    figures["positive_share"] = unknown
    for days in (30, 90, 365):
        figures[f"positive_share_{days}_days"] = unknown
    low = Figure("negatives_and_neutrals", "Feedback of 1 to 3 stars", "count", now=Value(1.0))
    figures["negatives_and_neutrals"] = low
    assert "October 2026 brought 1 feedback of 1 to 3 stars" in lead(figures)


def distance(**given):
    """Return a row of the table of distances."""
    row = {
        "n": 100, "positive": 95, "share": 0.95, "low": 0.89, "high": 0.98, "window": "90 days",
        "share_verdict": "met", "positives_needed": 0, "positives_needed_displayed": 0,
        "negatives_afforded": 3, "positives_to_be_sure": 0, "only_positive": pd.NaT,
        "pace": "too few to say", "pace_n": 5,
    }  # fmt: skip
    return row | given


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"positives_needed": 1}, "; 1 further positive in a row brings it to 95 %"),
        ({"positives_needed": 2}, "; 2 further positive in a row bring it to 95 %"),
        ({"negatives_afforded": 0}, "; the next feedback that is not positive takes it below"),
        ({"negatives_afforded": 1}, "; 1 more that is not positive can come in a row"),
        ({"negatives_afforded": 2}, "; 2 more that are not positive can come in a row"),
        ({"negatives_afforded": pd.NA}, ". It cannot fall below 95 %."),
        ({"positives_needed": pd.NA}, "No number of further positive feedbacks brings it"),
        ({"n": 0}, "the first positive one makes it 100 %."),
    ],
)
def test_the_distance_to_the_target_counts_from_none_to_two(given, said):
    assert said in _now(distance(**given), "in 90 days", "95 %")


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"positives_needed": 1}, "1 positive in a row would bring the last 90 days to 95 %."),
        ({"negatives_afforded": 0}, "The next feedback that is not positive takes the last"),
        ({"negatives_afforded": 1}, "1 more that is not positive can come in a row before the"),
        ({"share_verdict": "too few to say"}, ""),
    ],
)
def test_the_line_of_the_first_page_says_the_same_distance(given, said):
    line = distance_line(distance(**given), target=0.95, as_of=DAY)
    assert line.startswith(said)
    assert bool(line) is bool(said)


@pytest.mark.parametrize(("days", "told"), [(FAR.days - 1, False), (FAR.days, True)])
def test_a_far_target_gets_a_date(days, told):
    row = distance(positives_needed=900, only_positive=pd.Timestamp(DAY) + pd.Timedelta(days=days))
    assert ("at the earliest" in distance_line(row, target=0.95, as_of=DAY)) is told


@pytest.mark.parametrize(
    ("negative", "neutral", "said"),
    [
        (0, 0, "The next feedback that is not positive leaves the window on"),
        (1, 0, "1 negative and 0 neutral leaves the window"),
        (1, 1, "1 negative and 1 neutral leave the window"),
    ],
)
def test_what_leaves_the_window_is_counted(monkeypatch, negative, neutral, said):
    module = import_module("feedback_analysis.health.distance_words")
    monkeypatch.setattr(module, "leaving_until", lambda *_: (negative, neutral))
    steps = pd.DataFrame({"date": [pd.Timestamp("2026-11-05")], "share_after": [0.9],
                          "n_after": [99]})  # fmt: skip
    assert said in _leaving(steps, DAY)


@pytest.mark.parametrize(
    ("n", "are"),
    [
        (1, "1 feedback in the last 90 days is too few"),
        (2, "2 feedbacks in the last 90 days are too few"),
    ],
)
def test_a_pace_of_too_few_is_none(n, are):
    assert are in _pace(distance(pace_n=n), "95 %")


@pytest.mark.parametrize(
    ("chance", "said"), [(0.01 - JUST, "in hardly any of the simulated"), (0.01, "in 1 of 100")]
)
def test_a_chance_below_one_in_a_hundred_is_hardly_any(chance, said):
    row = distance(pace="not at this pace", pace_n=50, pace_share=0.8, chance=chance)
    assert said in _pace(row, "95 %")


def alarm(**given):
    """Return one row of the alarms."""
    week = pd.Timestamp("2026-10-05")
    row = {
        "change": 1, "chart": SHARE, "start": week, "direction": "worse", "began": week,
        "began_low": week, "began_high": week, "level_after": 0.8, "level_before": 0.9,
        "exposure": 40, "continues": False,
    }  # fmt: skip
    return row | given


@pytest.mark.parametrize(
    ("changes", "begins", "sentences"),
    [
        (0, "No alarm in 1 whole week watched", 1),
        (1, "1 change was seen in 1 whole week watched", 2),
        (2, "2 changes were seen in 1 whole week watched", 3),
        (MOST_TOLD + 1, f"{MOST_TOLD + 1} changes were seen", MOST_TOLD + 2),
    ],
)
def test_changes_are_counted_in_words(changes, begins, sentences):
    table = pd.DataFrame({"start": [pd.Timestamp("2026-10-05")]})
    alarms = pd.DataFrame([alarm(change=number) for number in range(changes)])
    said = alarm_sentences(alarms, table, by=None)
    assert said[0].startswith(begins)
    assert len(said) == sentences
    if changes > MOST_TOLD:
        assert said[-1] == "The table holds 1 earlier one."


def test_the_direction_of_an_alarm_is_said():
    assert "the positive share fell" in alarm_sentence(alarm())
    assert "the positive share rose" in alarm_sentence(alarm(direction="better"))
    late = alarm(began_low=pd.Timestamp("2026-09-28"))
    assert "(between" not in alarm_sentence(alarm())
    assert "(between" in alarm_sentence(late)


@pytest.mark.parametrize(
    ("weeks", "said"),
    [
        (0.2, "after about 1 week at"), (1.4, "after about 1 week at"),
        (1.6, "after about 2 weeks at"), (LONGEST, f"after about {LONGEST} weeks at"),
        (LONGEST + JUST, "would mostly not be seen"), (math.inf, "would mostly not be seen"),
    ],
)  # fmt: skip
def test_a_change_is_seen_within_two_years_or_mostly_not(weeks, said):
    row = {"chart": SHARE, "level": 0.9, "change_to": 0.86, "weeks_to_see": weeks, "volume": 50,
           "unit": "feedbacks", "level_source": OWN}  # fmt: skip
    assert said in power_sentence(row, by=None)


def test_weeks_that_swing_as_chance_has_them_are_not_spoken_of():
    assert dispersion_sentences(pd.DataFrame({"dispersion": [1.0]})) == []
    assert len(dispersion_sentences(pd.DataFrame({"dispersion": [1.0 + JUST]}))) == 1
    assert "about 1 week after" in delay_sentence([0.2])
    assert "about 2 weeks after" in delay_sentence([1.6])
