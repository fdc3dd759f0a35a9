"""The sentences of the weekly alarm: what it saw, how often it is wrong, how soon it is right."""

from __future__ import annotations

import math
from collections.abc import Mapping

import pandas as pd

from feedback_analysis.channels import channel_names
from feedback_analysis.health.watch import ORDERS, OWN, SHARE, WEEKS
from feedback_analysis.health.words import day_in_words, percent
from feedback_analysis.texts import sentence_case, several

# Beyond this a change is as good as never seen.
LONGEST = 104
MOST_TOLD = 4


def alarm_sentences(alarms: pd.DataFrame, table: pd.DataFrame, *, by: str | None) -> list[str]:
    """Say which alarms were given.

    Parameters
    ----------
    alarms, table : DataFrame
        As of :class:`WeeklyAlarm`.
    by : str or None
        Column that names the block.

    Returns
    -------
    list of str
        How many changes there were, then each, newest first, at most four.
    """
    first, last = table["start"].min(), table["start"].max() + pd.Timedelta(days=6)
    count = table["start"].nunique()
    watched = f"{several(count, 'whole week')} watched ({_day(first)} to {_day(last)})"
    if alarms.empty:
        return [f"No alarm in {watched}."]
    found = list(alarms.groupby("change", sort=True))
    text = f"{several(len(found), 'change was', 'changes were')} seen in {watched}."
    told = [change_sentence(part, by=by) for _, part in found[-MOST_TOLD:][::-1]]
    if (more := len(found) - MOST_TOLD) > 0:
        told.append(f"The table holds {several(more, 'earlier one')}.")
    return [text, *told]


def place_words(name: object) -> str:
    """Return a marketplace or channel as a sentence names it.

    Parameters
    ----------
    name : object
        Code of a marketplace, ``amazon`` or ``seller``.

    Returns
    -------
    str
        Such as ``US`` or ``Shipped by Amazon``.
    """
    return sentence_case(channel_names("shipped").get(str(name), str(name)))


def change_sentence(alarms: pd.DataFrame, *, by: str | None) -> str:
    """Say one change, by the first alarm that told of it.

    Parameters
    ----------
    alarms : DataFrame
        The alarms of one change, oldest first.
    by : str or None
        Column that names the block.

    Returns
    -------
    str
        One sentence, and more where further alarms followed, each with its chart.
    """
    first = _first(alarms)
    text = alarm_sentence(first, by=by)
    mine, others = _by_chart(alarms, first)
    if (more := len(mine) - 1) > 0:
        last = _day(mine[-1])
        text += f" {several(more, 'further alarm')} of this chart followed"
        text += f", the last in the week of {last}." if more > 1 else f" in the week of {last}."
    if others:
        text += f" The chart of the {_other_chart(first)} gave "
        text += f"{several(len(others), 'alarm')}, {_weeks(others)}."
    return text


def change_line(alarms: pd.DataFrame) -> str:
    """Say one change of the whole shop in a line, for a first page.

    Parameters
    ----------
    alarms : DataFrame
        The alarms of one change, oldest first.

    Returns
    -------
    str
        What moved, since about when and how far, and when the last alarm of each chart was.
    """
    row = _first(alarms)
    worse = row["direction"] == "worse"
    if row["chart"] == SHARE:
        what = f"positive share {'down' if worse else 'up'}"
        levels = f"{percent(row['level_after'])} of {row['exposure']:,.0f} up to the first alarm, "
        levels += f"usual {percent(row['level_before'])}"
    else:
        what = f"negative feedback {'up' if worse else 'down'}"
        levels = f"{row['count']} up to the first alarm, {row['expected']:.0f} expected"
    line = f"Weekly alarm: {what} from about {_day(row['began'])}{_perhaps_since(row)} ({levels})"
    mine, others = _by_chart(alarms, row)
    line += "." if len(mine) == 1 else f", last alarm in the week of {_day(mine[-1])}."
    if others:
        last = "last alarm in the" if len(others) > 1 else "alarm in the"
        line += f" {_other_chart(row).capitalize()}: {last} week of {_day(others[-1])}."
    return line


def _perhaps_since(row: Mapping[str, object]) -> str:
    """Return since when it may be, where that is another week."""
    low, began = pd.Timestamp(row["began_low"]), pd.Timestamp(row["began"])
    return f", perhaps since {_day(low)}" if low < began else ""


def _by_chart(alarms: pd.DataFrame, row: Mapping[str, object]) -> tuple[list, list]:
    """Return the weeks of a change's alarms, oldest first: of one chart, and of the other."""
    mine = alarms["chart"] == row["chart"]
    return alarms.loc[mine, "start"].tolist(), alarms.loc[~mine, "start"].tolist()


def _other_chart(row: Mapping[str, object]) -> str:
    return "negative feedback" if row["chart"] == SHARE else "positive share"


def _weeks(starts: list) -> str:
    if len(starts) == 1:
        return f"in the week of {_day(starts[0])}"
    return f"in the weeks of {_day(starts[0])} to {_day(starts[-1])}"


def _first(alarms: pd.DataFrame) -> dict[str, object]:
    """Return the alarm that speaks for a change: of two in one week, the one surer of its begin."""
    first = alarms[alarms["start"] == alarms["start"].iloc[0]]
    new = first[~first["continues"].astype(bool)]
    first = new if len(new) else first
    span = first["began_high"] - first["began_low"]
    return first.loc[span.idxmin()].to_dict()


def alarm_sentence(row: Mapping[str, object], *, by: str | None = None) -> str:
    """Say one alarm.

    Parameters
    ----------
    row : mapping
        A row of ``.alarms``.
    by : str or None
        Column that names the block.

    Returns
    -------
    str
        When it was given, since when, from what to what.
    """
    place = f"{place_words(row[by])}: " if by else ""
    worse = row["direction"] == "worse"
    if row["chart"] == SHARE:
        what = f"the positive share {'fell' if worse else 'rose'}"
        change = f"{percent(row['level_after'])} of {row['exposure']:,.0f} feedbacks up to the "
        change += f"alarm, where {percent(row['level_before'])} is usual"
    else:
        what = f"negative feedback {'rose' if worse else 'fell'}"
        change = (
            f"{row['count']} up to the alarm where {row['expected']:.0f} were to be expected"
            f"{_per(row)}"
        )
    low, high = pd.Timestamp(row["began_low"]), pd.Timestamp(row["began_high"])
    began = f"probably from the week of {_day(row['began'])}"
    if low != high:
        began += f" (between {_day(low)} and {_day(high)})"
    return f"{place}Alarm in the week of {_day(row['start'])}: {what}, {began}: {change}."


def _per(row: Mapping[str, object]) -> str:
    if row["unit"] == ORDERS:
        return (
            f" ({1000 * row['level_after']:.1f} per 1,000 orders, "
            f"{1000 * row['level_before']:.1f} is usual)"
        )
    if row["unit"] == WEEKS:
        return f" ({row['level_after']:.1f} a week, {row['level_before']:.1f} is usual)"
    return (
        f" ({percent(row['level_after'])} of the feedback, {percent(row['level_before'])} is usual)"
    )


def delay_sentence(lags: list[float]) -> str:
    """Say that what went wrong began before its feedback did.

    Parameters
    ----------
    lags : list of float
        Mean delay from order to feedback in weeks, one a block.

    Returns
    -------
    str
        One sentence.
    """
    weeks = max(1, round(sum(lags) / len(lags)))
    return (
        f"Feedback comes about {several(weeks, 'week')} after the order, so what went wrong may "
        "have begun that much earlier."
    )


def rate_sentence(weeks: float, charts: int) -> str:
    """Say how often an alarm is false.

    Parameters
    ----------
    weeks : float
        Weeks between false alarms of the page.
    charts : int
        Charts that share it.

    Returns
    -------
    str
        One sentence.
    """
    text = f"While nothing changes, one false alarm is to be expected in {weeks:,.0f} weeks"
    if charts > 1:
        text += f" of this page: one in {weeks * charts:,.0f} weeks of each of its {charts} charts"
    return f"{text}."


def level_sentence(charts: pd.DataFrame, *, by: str | None) -> str:
    """Say what counts as nothing changed.

    Parameters
    ----------
    charts : DataFrame
        As of :class:`WeeklyAlarm`.
    by : str or None
        Column that names the block.

    Returns
    -------
    str
        One sentence; the levels themselves for the whole shop only.
    """
    own = charts[charts["level_source"] == OWN]
    parts = []
    if len(own):
        weeks = int(own["baseline_weeks"].max())
        levels = "" if by else f" ({', '.join(map(_level, own.to_dict('records')))})"
        parts.append(f"the shop's own {weeks} weeks before the watched ones{levels}")
    given = charts[charts["level_source"] != OWN]
    if len(given):
        levels = ", ".join(dict.fromkeys(map(_level, given.to_dict("records"))))
        parts.append(f"the target ({levels})" + " where there are no such weeks" * bool(len(own)))
    return f"What counts as unchanged: {', and '.join(parts)}."


def dispersion_sentences(charts: pd.DataFrame) -> list[str]:
    """Say where a shop's weeks swing more than chance, so that its alarm is slower.

    Parameters
    ----------
    charts : DataFrame
        As of :class:`WeeklyAlarm`.

    Returns
    -------
    list of str
        One sentence, or none.
    """
    most = float(charts["dispersion"].max())
    if not most > 1:
        return []
    return [
        f"This shop's weeks swing more than chance alone would have them (up to {most:.1f} times "
        "the variance); the alarm allows for that, and sees changes later for it."
    ]


def _level(row: Mapping[str, object]) -> str:
    if row["chart"] == SHARE:
        return f"{percent(row['level'])} positive"
    if row["unit"] == ORDERS:
        return f"{1000 * row['level']:.1f} negatives per 1,000 orders"
    if row["unit"] == WEEKS:
        return f"{row['level']:.1f} negatives a week"
    return f"{percent(row['level'])} of the feedback negative"


def power_sentence(row: Mapping[str, object], *, by: str | None) -> str:
    """Say how soon a real change would be seen.

    Parameters
    ----------
    row : mapping
        A row of ``.charts``.
    by : str or None
        Column that names the block.

    Returns
    -------
    str
        One sentence.
    """
    place = f"{place_words(row[by])}: " if by else ""
    if row["chart"] == SHARE:
        change = f"A drop of the positive share from {percent(row['level'])} to "
        change += percent(row["change_to"])
    else:
        change = "A doubling of negative feedback"
    weeks, volume = row["weeks_to_see"], f"{row['volume']:,.0f} {row['unit']} a week"
    at = "at your volume" if row["unit"] == WEEKS else f"at your volume of {volume}"
    if not math.isfinite(weeks) or weeks > LONGEST:
        return f"{place}{change} would mostly not be seen within two years {at}."
    whole = max(1, round(weeks))
    return f"{place}{change} would be seen after about {several(whole, 'week')} {at}."


def _day(day: object) -> str:
    return day_in_words(pd.Timestamp(day).date())
