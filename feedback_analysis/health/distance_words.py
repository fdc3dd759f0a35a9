"""The distance to the target in the sentences that a seller uses."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import pandas as pd

from feedback_analysis.health.rolloff import leaving_until
from feedback_analysis.health.words import day_in_words, feedbacks, missing, percent, share_phrase
from feedback_analysis.shares import target_percent

SOON = 30
# A target so far away needs a date, for nobody can picture the number of feedbacks.
FAR = pd.Timedelta(days=60)


def distance_sentences(
    row: Mapping[str, object], rolloff: pd.DataFrame, *, target: float, as_of: date
) -> str:
    """Say how far a window is from the target, what leaves it soon, and when it gets there.

    Parameters
    ----------
    row : mapping
        A row of the table of distances.
    rolloff : DataFrame
        All days on which old feedback leaves a window.
    target : float
        Positive share aimed at.
    as_of : date
        Last day of the window.

    Returns
    -------
    str
        Two to four sentences.
    """
    place = f"{row['marketplace']}: " if "marketplace" in row else ""
    aim = target_percent(target)
    if missing(row["n"]):
        return f"{place}How far it is to {aim} cannot be said, because the share is not known."
    span = "in the shop's lifetime"
    if row["window"] != "lifetime":
        span = f"in the {row['window']} to {day_in_words(as_of)}"
    parts = [f"{place}{_now(row, span, aim)}"]
    mine = rolloff[rolloff["window"] == row["window"]]
    if "marketplace" in row:
        mine = mine[mine["marketplace"] == row["marketplace"]]
    parts += [_leaving(mine, as_of), _pace(row, aim)]
    return " ".join(part for part in parts if part)


def distance_line(row: Mapping[str, object], *, target: float, as_of: date) -> str:
    """Say in one line how far a window is from the target.

    Parameters
    ----------
    row : mapping
        A row of the table of distances.
    target : float
        Positive share aimed at.
    as_of : date
        Last day of the window.

    Returns
    -------
    str
        One sentence or two; empty where nothing can be said.
    """
    if missing(row["n"]) or row["share_verdict"] == "too few to say":
        return ""
    aim = target_percent(target)
    span = "the shop's lifetime" if row["window"] == "lifetime" else f"the last {row['window']}"
    needed, afforded = row["positives_needed"], row["negatives_afforded"]
    if missing(needed) or (needed == 0 and missing(afforded)):
        return ""
    if needed:
        line = f"{needed:,} positive in a row would bring {span} to {aim}."
        soonest = row.get("only_positive")
        if missing(soonest) or pd.Timestamp(soonest) - pd.Timestamp(as_of) < FAR:
            return line
        return (
            f"{line} Old feedback leaves the window meanwhile: with nothing but positive feedback "
            "from now on, at the present pace, it is there on "
            f"{day_in_words(pd.Timestamp(soonest).date())} at the earliest."
        )
    if afforded == 0:
        return f"The next feedback that is not positive takes {span} below {aim}."
    kind = "that is not positive" if afforded == 1 else "that are not positive"
    below = "falls" if row["window"] == "lifetime" else "fall"
    return f"{afforded:,} more {kind} can come in a row before {span} {below} below {aim}."


def _now(row: Mapping[str, object], span: str, aim: str) -> str:
    if row["n"] == 0:
        return f"No feedback was received {span}; the first positive one makes it 100 %."
    phrase = share_phrase(row, span=span)
    needed, shown = row["positives_needed"], row["positives_needed_displayed"]
    if missing(needed):
        return f"{phrase}. No number of further positive feedbacks brings it to {aim}."
    if needed == 0:
        afforded = row["negatives_afforded"]
        if missing(afforded):
            return f"{phrase}. It cannot fall below {aim}."
        if afforded == 0:
            room = f"the next feedback that is not positive takes it below {aim}"
        else:
            room = (
                f"{afforded:,} more that {'is' if afforded == 1 else 'are'} not positive can come "
                f"in a row before it falls below {aim}"
            )
        return f"{phrase}; {room}{_sure(row, aim)}."
    bring = "brings" if needed == 1 else "bring"
    rounded = (
        f"Amazon's whole percent already shows {aim}"
        if shown == 0
        else f"from {shown:,} on Amazon's whole percent shows it"
    )
    return f"{phrase}; {needed:,} further positive in a row {bring} it to {aim} ({rounded})."


def _sure(row: Mapping[str, object], aim: str) -> str:
    more = row["positives_to_be_sure"]
    if missing(more) or more == 0:
        return ""
    return (
        f"; {more:,} further positive in a row would put it beyond doubt that it lies above {aim}"
    )


def _leaving(mine: pd.DataFrame, as_of: date) -> str:
    if mine.empty:
        return ""
    first = mine.iloc[0]
    negatives, neutrals = leaving_until(mine, as_of, SOON)
    if negatives + neutrals == 0:
        return (
            f"The next feedback that is not positive leaves the window on "
            f"{day_in_words(first['date'].date())}."
        )
    soon = mine[mine["date"] <= pd.Timestamp(as_of) + pd.Timedelta(days=SOON)].iloc[-1]
    what = f"{negatives:,} negative and {neutrals:,} neutral"
    last = day_in_words(soon["date"].date())
    if missing(soon["share_after"]):
        after = "if nothing new came in, the window would then be empty"
    else:
        after = (
            f"if nothing new came in, the share would then be {percent(soon['share_after'])} of "
            f"{feedbacks(int(soon['n_after']))}"
        )
    begin = day_in_words(first["date"].date())
    when = f"on {begin}" if begin == last else f"between {begin} and {last}"
    leave = "leaves" if negatives + neutrals == 1 else "leave"
    return f"In the next {SOON} days {what} {leave} the window, {when}; {after}."


def _pace(row: Mapping[str, object], aim: str) -> str:
    if row["pace"] == "no pace known":
        return "No feedback came in during the last 90 days, so there is no pace to go by."
    if row["pace"] == "too few to say":
        return (
            f"{feedbacks(int(row['pace_n']))} in the last 90 days "
            f"{'is' if int(row['pace_n']) == 1 else 'are'} too few to say when {aim} is reached."
        )
    if row["pace"] not in ("reached", "not at this pace"):
        return ""
    pace = (
        f"At the pace of the last 90 days ({feedbacks(int(row['pace_n']))}, "
        f"{percent(row['pace_share'])} positive)"
    )
    if row["pace"] == "not at this pace":
        chance = row["chance"]
        if chance < 0.01:
            odds = "in hardly any of the simulated futures is it reached within two years"
        else:
            odds = (
                f"within two years it is reached, and held for four weeks, in {100 * chance:.0f} "
                "of 100 simulated futures"
            )
        return f"{pace} {aim} is not to be expected: {odds}."
    return (
        f"{pace} {aim} is reached, and held for four weeks, from about "
        f"{day_in_words(row['reached'].date())} "
        f"(80 % interval {_range(row, 80)}; 95 % interval {_range(row, 95)})."
    )


def _range(row: Mapping[str, object], level: int) -> str:
    low, high = row[f"reached_{level}_low"], row[f"reached_{level}_high"]
    end = "more than two years away" if missing(high) else day_in_words(high.date())
    return f"{day_in_words(low.date())} to {end}"
