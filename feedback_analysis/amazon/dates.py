"""Dates in reports: one form for the whole column, stated or proved, never guessed row by row."""

from __future__ import annotations

import re
from datetime import date
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd

from feedback_analysis.amazon.path_line import path_line
from feedback_analysis.errors import ReportError
from feedback_analysis.marketplaces import marketplaces
from feedback_analysis.periods import EARLIEST, LATEST
from feedback_analysis.tables import DAY
from feedback_analysis.texts import distinct, mapped

_PARTS = re.compile(r"(\d{1,4})([/.-])(\d{1,2})\2(\d{1,4})")
_NAMED = re.compile(r"(\d{1,2})[- ]([^\W\d]{3,4})\.?[- ](\d{4})")
_INSTANT = re.compile(
    r"(\d{4}-\d{2}-\d{2})(?:[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?\s?(Z|UTC|[+-]\d{2}:?\d{2})?)?"
)
# English, and the Portuguese, Spanish, German, French and Italian abbreviations that differ.
_MONTHS = {
    name: number
    for number, names in enumerate(
        ("jan ene gen janv", "feb fev févr fév", "mar mär mrz mars", "apr abr avr avril",
         "may mai mag", "jun giu juin", "jul lug juil", "aug ago aoû août",
         "sep sept set", "oct out okt ott", "nov", "dec dez dic déc"), 1)
    for name in names.split()
}  # fmt: skip
FORMS = {
    "M/D/Y": "month first (10/31/26)",
    "D/M/Y": "day first (31/10/26)",
    "D.M.Y": "day first with dots (31.10.26)",
    "Y/M/D": "year first (26/10/31)",
    "Y-M-D": "ISO (2026-10-31)",
}


def looks_like_date(text: str) -> bool:
    """Tell whether a text has the form of a date in numbers, valid or not."""
    return _PARTS.fullmatch(text.strip()) is not None


def column_form(
    values: pd.Series,
    *,
    stated: str | None,
    file: object,
    column: str = "date",
    pattern: str | None = None,
) -> str:
    """Decide the form of a whole column of dates.

    Parameters
    ----------
    values : Series of str
    stated : str or None
        Form of the marketplace (``M/D/Y``, ``D/M/Y``, ``D.M.Y``, ``Y/M/D``, ``Y-M-D``), if known.
    file, column
        For the message.
    pattern : str, optional
        The file's path below ``amazon/``, for the lines to write; without one the marketplace of
        the file cannot be stated, and the days themselves must be written clearly.

    Returns
    -------
    str
        A form; ``Y-M-D`` whenever every year comes first with four digits, because a re-saved file
        says so beyond doubt.

    Raises
    ------
    ReportError
        If the column can be read in two ways, or contradicts the stated form throughout.
    """
    triples = [
        (match[2], match[1], match[3], match[4])
        for text in distinct(values)
        if (match := _PARTS.fullmatch(text.strip()))
    ]
    if not triples:
        return stated or "Y-M-D"
    if all(len(first) == 4 for _, first, _, _ in triples):
        return "Y-M-D"
    if stated is not None:
        return _checked(triples, stated, file, column)
    if any(mark == "." for mark, *_ in triples):
        return "D.M.Y"
    day_first = any(int(first) > 12 for _, first, _, _ in triples)
    month_first = any(int(second) > 12 for _, _, second, _ in triples)
    if day_first and month_first:
        raise ReportError(
            "the dates contradict each other: some have the day first, some the month",
            file=file,
            column=column,
            expected="one form in the whole column",
            remedy="it may be two downloads pasted together: read them as separate files",
        )
    if not day_first and not month_first:
        raise _ambiguous(triples, "the day first or the month first", file, column, pattern)
    if day_first and _could_be_years(triples):
        raise _ambiguous(triples, "the day first or the year first", file, column, pattern)
    return "D/M/Y" if day_first else "M/D/Y"


def _could_be_years(triples: list[tuple[str, str, str, str]]) -> bool:
    """Tell whether day first gives years long past where year first gives recent ones (Japan)."""

    def recent(form: str) -> bool:
        days = [_day(triple[1:], form) for triple in triples]
        return all(day is not None and 2010 <= day.year <= 2049 for day in days)

    return recent("Y/M/D") and not recent("D/M/Y")


def _ambiguous(
    triples: list[tuple[str, str, str, str]],
    ways: str,
    file: object,
    column: str,
    pattern: str | None,
) -> ReportError:
    mark, *parts = triples[0]
    expected, remedy = "days that can be read in one way only", "write every day as 2026-10-31"
    if pattern is not None:
        expected = "a marketplace, whose form of dates is known"
        remedy = (
            "state the marketplace: marketplace='US' in the call of a reader, or in shop.toml\n"
            f'[[files]]\n{path_line(pattern)}\nmarketplace = "US"\n'
            "or put the file into a folder named by the marketplace, such as amazon/US/"
        )
    return ReportError(
        f"the dates can be read with {ways}",
        file=file,
        column=column,
        expected=expected,
        found=f"{len(triples)} different dates such as {mark.join(parts)}, all with two meanings",
        remedy=remedy,
    )


def _checked(
    triples: list[tuple[str, str, str, str]], stated: str, file: object, column: str
) -> str:
    wrong = [t for t in triples if _day(t[1:], stated) is None]
    others = [
        form
        for form in FORMS
        if form != stated and all(_day(t[1:], form) is not None for t in triples)
    ]
    if wrong and others:
        mark, *parts = wrong[0]
        raise ReportError(
            f"the dates do not fit the marketplace's form, {FORMS[stated]}",
            file=file,
            column=column,
            expected=FORMS[stated],
            found=f"{mark.join(parts)}; all fit {' or '.join(FORMS[form] for form in others)}",
            remedy="check which marketplace the file is of, and state that one",
        )
    return stated


def _day(parts: tuple[str, str, str], form: str) -> date | None:
    order = re.sub("[^DMY]", "", form)
    named = dict(zip(order, parts, strict=True))
    if len(named["Y"]) not in (2, 4) or len(named["D"]) > 2:
        return None
    year = int(named["Y"]) if len(named["Y"]) == 4 else 2000 + int(named["Y"])
    # Amazon's feedback began in the late 1990s.
    year -= 100 if len(named["Y"]) == 2 and year > 2090 else 0
    try:
        return _believed(date(year, int(named["M"]), int(named["D"])))
    except ValueError:
        return None


def _believed(day: date | None) -> date | None:
    return day if day is not None and EARLIEST <= day <= LATEST else None


def parse_days(values: pd.Series, form: str) -> pd.Series:
    """Read a column of dates of one form; what does not fit is missing (NaT)."""

    def day(text: str) -> date | None:
        match = _PARTS.fullmatch(text.strip())
        return _day((match[1], match[3], match[4]), form) if match else None

    return mapped(values, day, DAY)


def parse_named_days(values: pd.Series) -> pd.Series:
    """Read ``29-Sep-2026`` by a table of month names, so that no locale matters."""

    def day(text: str) -> date | None:
        match = _NAMED.fullmatch(text.strip())
        month = _MONTHS.get(match[2].casefold()) if match else None
        try:
            return _believed(date(int(match[3]), month, int(match[1])) if month else _iso(text))
        except ValueError:
            return None

    return mapped(values, day, DAY)


def parse_instants(values: pd.Series, zones: pd.Series) -> pd.Series:
    """Read time stamps as days in each row's own marketplace time.

    Parameters
    ----------
    values : Series of str
        ISO 8601 with offset (``2026-10-31T23:10:00+00:00``, ``...-08:00``), or a plain day, which
        is kept as it is.
    zones : Series of str
        Marketplace code of each row; missing keeps the day of the stamp as written.

    Returns
    -------
    Series of datetime64
        Days; NaT where the text is no time stamp.
    """
    # Arrays, not Series: a folder holds hundreds of small files, and pandas' fixed costs add up.
    texts = ["" if missing else str(text).strip()
             for text, missing in zip(values.tolist(), values.isna(), strict=True)]  # fmt: skip
    stamps = [_INSTANT.fullmatch(text) for text in texts]
    written = [None if stamp is None else stamp[1] for stamp in stamps]
    days = pd.to_datetime(pd.Index(written, dtype=object), format="%Y-%m-%d", errors="coerce")
    believed = (days >= pd.Timestamp(EARLIEST)) & (days <= pd.Timestamp(LATEST))
    days = days.to_numpy().astype(DAY)
    days[~believed] = np.datetime64("NaT", "us")
    told = [bool(stamp and stamp[2] and sure) for stamp, sure in zip(stamps, believed, strict=True)]
    places, known = np.flatnonzero(told), marketplaces()
    instants = pd.to_datetime(
        pd.Index([texts[place] for place in places], dtype=object),
        utc=True, errors="coerce", format="ISO8601",
    )  # fmt: skip
    codes = zones.to_numpy(dtype=object)[places]
    for code in {code for code in codes.tolist() if isinstance(code, str)} & set(known):
        mine = (codes == code) & instants.notna()
        local = instants[mine].tz_convert(ZoneInfo(known[code].timezone)).tz_localize(None)
        days[places[mine]] = local.normalize().to_numpy().astype(DAY)
    return pd.Series(days, index=values.index)


def _iso(text: str) -> date | None:
    return date.fromisoformat(text.strip()) if _INSTANT.fullmatch(text.strip()) else None
