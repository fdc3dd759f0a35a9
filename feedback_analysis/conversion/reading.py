"""A panel as somebody gives it, read: columns, numbers, weeks, one row a family and week."""

from __future__ import annotations

import warnings

import numpy as np
import pandas as pd

from feedback_analysis.errors import ReportError, did_you_mean
from feedback_analysis.texts import several

NEEDED = ("family", "week", "sessions", "units", "review_count")
# What is a mean by sessions where rows of a family are added up.
MEANS = ("price", "featured_offer_share", "market_mix")
OPTIONAL = ("price", "featured_offer_share", "average_rating", "age_weeks", "market_mix")
# Numbers from here on are years with weeks (202601) or days (20260105), not counts of weeks.
YEAR_AND_WEEK = 100_000
# Forty years: numbers further apart are no weeks.
MOST_WEEKS = 2_080


def read_panel(panel: pd.DataFrame, notes: list[str]) -> pd.DataFrame:
    """Return the columns that are needed as numbers and Mondays; what cannot be is missing.

    Parameters
    ----------
    panel : DataFrame
        As for :func:`review_effect`.
    notes : list of str
        What looks odd is added to it, as sentences.

    Returns
    -------
    DataFrame
        Rows in the same order, without those whose family or week is missing.

    Raises
    ------
    ReportError
        If a needed column is missing or holds something else than numbers or days.
    """
    if not isinstance(panel, pd.DataFrame):
        raise ReportError(
            "a panel is a DataFrame", expected=", ".join(NEEDED), found=type(panel).__name__
        )
    twice = panel.columns[panel.columns.duplicated()].intersection([*NEEDED, *OPTIONAL])
    if len(twice):
        raise ReportError(
            "a column is there twice", column=str(twice[0]), remedy="keep the right one"
        )
    for name in NEEDED:
        # Without sessions there is no conversion: that is refused in words, not as an error.
        if name not in panel.columns and name != "sessions":
            raise ReportError(
                "the panel lacks a column",
                column=name,
                expected=", ".join((*NEEDED, *OPTIONAL)),
                found=", ".join(map(str, panel.columns)),
                remedy=did_you_mean(name, [str(column) for column in panel.columns])
                or "make the panel with conversion.review_panel(shop), or rename your columns",
            )
    frame = pd.DataFrame({"family": panel["family"], "week": _weeks(panel["week"])})
    frame["family"] = frame["family"].astype("string").astype(object)
    frame = frame.reset_index(drop=True)
    for name in (*NEEDED[2:], *OPTIONAL):
        frame[name] = _numbers(panel[name], name) if name in panel.columns else np.nan
    if (frame["featured_offer_share"] > 1).any():
        raise ReportError(
            "a share of the featured offer is above 1",
            column="featured_offer_share",
            expected="a share between 0 and 1",
            found=f"{frame['featured_offer_share'].max():g}",
            remedy="divide per cents by 100",
        )
    if _several_currencies(panel):
        frame["price"] = np.nan
        notes.append(
            "The rows are of several marketplaces or currencies, so their prices cannot be held "
            "against each other and are left out. conversion.review_panel(shop) makes a panel "
            "with prices."
        )
    if copies := _copies(panel):
        notes.append(
            f"{several(copies, 'exact copy', 'exact copies')} of other rows: if a file was read "
            "twice, take them out, because order items and sessions count double."
        )
    return frame[frame["family"].notna() & frame["week"].notna()].reset_index(drop=True)


def _several_currencies(panel: pd.DataFrame) -> bool:
    return any(
        panel[name].nunique() > 1 for name in ("marketplace", "currency") if name in panel.columns
    )


def _copies(panel: pd.DataFrame) -> int:
    if not panel.duplicated(["family", "week"]).any():
        return 0
    try:
        return int(panel.duplicated().sum())
    except TypeError:
        # A column of lists or the like: what is in it cannot be compared.
        return 0


def _numbers(values: pd.Series, name: str) -> np.ndarray:
    try:
        numbers = pd.to_numeric(values).astype("float64").to_numpy(copy=True)
    except (TypeError, ValueError):
        raise ReportError(
            "the panel holds something that is not a number", column=name, expected="numbers"
        ) from None
    # Less than nothing is an error of whoever made the table, and so is endless.
    numbers[~np.isfinite(numbers) | (numbers < 0)] = np.nan
    return numbers


def _weeks(values: pd.Series) -> pd.Series:
    """Return the Monday of each week; whole numbers are taken as weeks that count on by one."""
    if pd.api.types.is_numeric_dtype(values):
        return _counted(values.astype("float64"))
    if isinstance(values.dtype, pd.PeriodDtype):
        values = values.dt.start_time
    try:
        with warnings.catch_warnings():
            # That a text needs a closer look is no news to the reader of the error.
            warnings.simplefilter("ignore", UserWarning)
            days = pd.to_datetime(values)
    except (TypeError, ValueError):
        raise ReportError(
            "a week cannot be read",
            column="week",
            expected="the Monday as a date",
            found=_unread(values),
        ) from None
    days = days.dt.tz_localize(None).dt.normalize()
    return days - pd.to_timedelta(days.dt.day_of_week, unit="D")


def _unread(values: pd.Series) -> str:
    """Return the first value that is no day; where each is one by itself, the first of all."""
    known = values.dropna()
    alone = (pd.isna(pd.to_datetime(value, errors="coerce")) for value in known)
    return str(next((value for value, bad in zip(known, alone, strict=True) if bad), known.iloc[0]))


def _counted(weeks: pd.Series) -> pd.Series:
    """Return weeks given as numbers; 202601 or 20260105 would be taken for other weeks."""
    whole = np.floor(weeks.where(np.isfinite(weeks)))
    known = np.unique(whole.dropna())
    if len(known) > 1 and (np.median(np.diff(known)) != 1 or known[-1] - known[0] > MOST_WEEKS):
        raise ReportError(
            "weeks as numbers must count on by one",
            column="week",
            expected="the Monday as a date, or 0, 1, 2 and so on",
            found=", ".join(f"{number:.0f}" for number in known[:3]),
            remedy="give each week's Monday as a date",
        )
    if len(known) and known[0] >= YEAR_AND_WEEK:
        raise ReportError(
            "weeks as numbers of year and week do not count on over the turn of the year",
            column="week",
            expected="the Monday as a date, or 0, 1, 2 and so on",
            found=f"{known[0]:.0f}",
            remedy="give each week's Monday as a date",
        )
    return whole


def one_row_a_week(frame: pd.DataFrame, notes: list[str]) -> pd.DataFrame:
    """Add up products of one family: they share its reviews.

    Parameters
    ----------
    frame : DataFrame
        Of :func:`read_panel`.
    notes : list of str
        That rows were added up is added to it.

    Returns
    -------
    DataFrame
        One row a family and week; prices, shares and the mix are means by sessions.
    """
    keys = ["family", "week"]
    if not frame.duplicated(keys).any():
        return frame
    notes.append("Several rows of a family and week were added up: a family shares its reviews.")
    weight = frame["sessions"].fillna(0) + 1e-9
    for name in MEANS:
        frame[name] = frame[name] * weight
        frame[f"{name} weight"] = weight.where(frame[name].notna(), 0)
    some = {"min_count": 1}
    rows = frame.groupby(keys, sort=True)
    whole = rows[["sessions", "units"]].sum(**some)
    for name in MEANS:
        whole[name] = rows[name].sum(**some) / rows[f"{name} weight"].sum().replace(0, np.nan)
    for name in ("review_count", "average_rating", "age_weeks"):
        whole[name] = rows[name].max()
    return whole.reset_index()
