"""Months and weeks: the periods that a report is about."""

from __future__ import annotations

import re
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, timedelta

from feedback_analysis.errors import ReportError

MONTHS = (
    "January February March April May June July August September October November December"
).split()
# Days that a file or a setting may name: Amazon opened in 1995, and the year 9999 is a slip.
EARLIEST, LATEST = date(1990, 1, 1), date(2199, 12, 31)
_MONTH = re.compile(r"(\d{4})-(0[1-9]|1[0-2])")
_WEEK = re.compile(r"(\d{4})-W(0[1-9]|[1-4]\d|5[0-3])")
_WINDOW = re.compile(r"(\d{4}-\d{2}-\d{2})_(\d{4}-\d{2}-\d{2})")


@dataclass(frozen=True)
class Period:
    """A whole month or an ISO week (Monday to Sunday).

    Parameters
    ----------
    id : str
        ``2026-10`` for a month, ``2026-W42`` for a week.
    start, end : date
        First and last day, both inside the period.
    """

    id: str
    start: date
    end: date

    @classmethod
    def parse(cls, text: str) -> Period:
        """Read ``2026-10`` or ``2026-W42``.

        Raises
        ------
        ReportError
            If the text is neither, the week does not exist in its year, or no report can be about
            that year.
        """
        month, week = _MONTH.fullmatch(str(text)), _WEEK.fullmatch(str(text))
        found = month or week
        if found and EARLIEST.year <= int(found[1]) <= LATEST.year:
            if month:
                return cls._month(int(month[1]), int(month[2]))
            # A year of 52 weeks has no 53rd.
            with suppress(ValueError):
                start = date.fromisocalendar(int(week[1]), int(week[2]), 1)
                return cls(str(text), start, start + timedelta(days=6))
        raise ReportError(
            "the period is not one that a report can be made for",
            expected="a month such as 2026-10 or a week such as 2026-W42",
            found=repr(text),
            remedy="write --period 2026-10",
        )

    @classmethod
    def _month(cls, year: int, month: int) -> Period:
        following = date(year + month // 12, month % 12 + 1, 1)
        return cls(f"{year:04d}-{month:02d}", date(year, month, 1), following - timedelta(days=1))

    @property
    def is_week(self) -> bool:
        """True for a week, False for a month."""
        return "W" in self.id

    @property
    def label(self) -> str:
        """The period in words: ``October 2026`` or ``week 42 of 2026``."""
        if self.is_week:
            year, week = self.id.split("-W")
            return f"week {int(week)} of {year}"
        return f"{MONTHS[self.start.month - 1]} {self.start.year}"

    def previous(self) -> Period:
        """Return the month or week just before."""
        return self.containing(self.start - timedelta(days=1), week=self.is_week)

    def year_before(self) -> Period:
        """Return the same month a year earlier, or the week 52 weeks earlier."""
        if self.is_week:
            return self.containing(self.start - timedelta(weeks=52), week=True)
        return self._month(self.start.year - 1, self.start.month)

    @classmethod
    def containing(cls, day: date, *, week: bool = False) -> Period:
        """Return the month (or ISO week) that holds a day."""
        if not week:
            return cls._month(day.year, day.month)
        year, number, weekday = day.isocalendar()
        start = day - timedelta(days=weekday - 1)
        return cls(f"{year:04d}-W{number:02d}", start, start + timedelta(days=6))


def months_back(last: date, months: int) -> list[Period]:
    """Return so many months, the one that holds the last day included, oldest first."""
    found = [Period.containing(last)]
    while len(found) < months:
        found.append(found[-1].previous())
    return found[::-1]


def latest_whole_month(last_day: date) -> Period:
    """Return the latest month that is over on ``last_day``, the last day of the data."""
    period = Period.containing(last_day)
    return period if last_day >= period.end else period.previous()


def parse_window(text: str) -> tuple[date, date] | None:
    """Return start and end of a folder name such as ``2026-10-01_2026-10-31``, or None.

    Raises
    ------
    ReportError
        If the name has the form of a window but its days do not exist or run backwards.
    """
    match = _WINDOW.fullmatch(text)
    if match is None:
        return None
    return window(match[1], match[2], place=text)


def window(start: str | date, end: str | date, *, place: str) -> tuple[date, date]:
    """Check a stated window and return it as two dates, both inside it.

    Raises
    ------
    ReportError
        If a day does not exist or the end comes before the start.
    """
    days = []
    for day in (start, end):
        try:
            days.append(day if isinstance(day, date) else date.fromisoformat(str(day).strip()))
        except ValueError:
            raise ReportError(
                f"the window in {place} names a day that does not exist",
                expected="days as YYYY-MM-DD, such as 2026-10-01",
                found=repr(str(day)),
                remedy="correct the day",
            ) from None
    if not all(EARLIEST <= day <= LATEST for day in days):
        raise ReportError(
            f"the window in {place} names a day that no report can be about",
            expected=f"days from {EARLIEST} to {LATEST}",
            found=f"{days[0]} to {days[1]}",
            remedy="correct the day",
        )
    if days[1] < days[0]:
        raise ReportError(
            f"the window in {place} ends before it starts",
            expected="start, then end",
            found=f"{days[0]} to {days[1]}",
            remedy="swap the two days",
        )
    return days[0], days[1]


def day_in_words(day: date) -> str:
    """Return a day in words.

    Parameters
    ----------
    day : date
        The day.

    Returns
    -------
    str
        Such as ``31 October 2026``.
    """
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"
