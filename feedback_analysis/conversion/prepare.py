"""A panel of families and weeks made ready: checked, coded, and what cannot be used set apart."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from feedback_analysis.conversion.reading import one_row_a_week, read_panel
from feedback_analysis.texts import several

# Below this share of the featured offer nearly no visitor can buy: out of stock, not unwanted.
OUT_OF_STOCK = 0.2
# A family first seen after the panel's first week was launched then; of the others it is not known.
OLD = 26
# A covariate known for fewer rows than this would mostly be made up.
LEAST_KNOWN = 0.5
# A week that never comes; weeks may be added to it.
FAR = np.iinfo(np.int64).max // 4
# Logarithms no further apart than this differ by rounding alone.
ROUNDING = 1e-9


@dataclass(frozen=True, eq=False)
class Rows:
    """The usable rows of a panel as arrays, sorted by family and week.

    Parameters
    ----------
    family, week : ndarray of int
        Codes from 0.
    units, sessions : ndarray
        Order items and sessions.
    reviews : ndarray
        Reviews at the start of the week; NaN where not known.
    age : ndarray
        Weeks since launch.
    price, offer : ndarray or None
        Logarithms: price against the family's usual one, and share of the featured offer; None
        where too little is known.
    mix : ndarray or None
        Logarithm of the conversion that the mix of marketplaces lets expect; None where there is
        one marketplace or too little is known.
    level : ndarray
        Logarithm of each family's usual price (one a family); NaN where not known.
    rating : ndarray
        Average stars; NaN where not known.
    names : Index
        The families' names by code.
    mondays : Index
        The weeks that any row is of, sorted.
    stock_out : DataFrame
        Rows set apart because the featured offer was lost, with family and week.
    notes : list of str
        What was set apart or looks odd, as sentences.
    """

    family: np.ndarray
    week: np.ndarray
    units: np.ndarray
    sessions: np.ndarray
    reviews: np.ndarray
    age: np.ndarray
    price: np.ndarray | None
    offer: np.ndarray | None
    mix: np.ndarray | None
    level: np.ndarray
    rating: np.ndarray
    names: pd.Index
    mondays: pd.Index
    stock_out: pd.DataFrame
    notes: list[str] = field(default_factory=list)

    @property
    def reviewed(self) -> np.ndarray:
        """1 with reviews, 0 without, NaN where it is not known."""
        return np.where(np.isnan(self.reviews), np.nan, (self.reviews > 0).astype(float))

    @property
    def switching(self) -> np.ndarray:
        """One truth value a family: seen both without and with reviews."""
        count, reviewed = len(self.names), self.reviewed
        without = np.bincount(self.family, reviewed == 0, minlength=count) > 0
        return without & (np.bincount(self.family, reviewed == 1, minlength=count) > 0)

    def first_weeks(self, which: np.ndarray | None = None) -> np.ndarray:
        """Return the first week of each family (of some rows); FAR where it has none."""
        first = np.full(len(self.names), FAR)
        rows = slice(None) if which is None else which
        np.minimum.at(first, self.family[rows], self.week[rows])
        return first

    def only(self, keep: np.ndarray) -> Rows:
        """Return some of the rows; families and weeks keep their codes."""
        arrays = ("family", "week", "units", "sessions", "reviews", "age", "price", "offer")
        arrays += ("rating", "mix")
        part = {name: getattr(self, name) for name in arrays}
        part = {name: None if value is None else value[keep] for name, value in part.items()}
        return Rows(
            **part, level=self.level, names=self.names, mondays=self.mondays,
            stock_out=self.stock_out, notes=self.notes,
        )  # fmt: skip

    def covariates(self) -> dict[str, np.ndarray]:
        """Return price and featured offer where they are known."""
        known = {"price": self.price, "featured offer": self.offer}
        return {name: value for name, value in known.items() if value is not None}


def prepare(panel: pd.DataFrame) -> Rows:
    """Check a panel and bring it into arrays.

    Parameters
    ----------
    panel : DataFrame
        As for :func:`review_effect`.

    Returns
    -------
    Rows
        Without rows whose sessions or order items are not known, and without stock-outs.

    Raises
    ------
    ReportError
        If a needed column is missing or holds something else than numbers or days.
    """
    notes: list[str] = []
    frame = one_row_a_week(read_panel(panel, notes), notes)
    frame = frame.sort_values(["family", "week"], kind="stable").reset_index(drop=True)
    _falling(frame, notes)
    frame["review_count"] = _between(frame["review_count"], frame["family"])
    frame = _known(frame, notes)
    out = frame["featured_offer_share"] < OUT_OF_STOCK
    stock_out = frame.loc[out, ["family", "week"]].reset_index(drop=True)
    if out.any():
        families = several(stock_out["family"].nunique(), "family", "families")
        notes.append(
            f"{several(int(out.sum()), 'week')} of {families} with the featured offer in less than "
            f"{100 * OUT_OF_STOCK:.0f} % of the page views count as out of stock and are set apart."
        )
    frame["age_weeks"] = _ages(frame)
    names = pd.Index(sorted(frame["family"].unique()))
    mondays = pd.Index(sorted(frame["week"].unique()))
    frame = frame[~out].reset_index(drop=True)
    family = names.get_indexer(frame["family"])
    price, level = _prices(frame, family, len(names))
    return Rows(
        family=family,
        week=_week_codes(frame["week"], mondays),
        units=frame["units"].to_numpy(float),
        sessions=frame["sessions"].to_numpy(float),
        reviews=frame["review_count"].to_numpy(float),
        age=frame["age_weeks"].to_numpy(float),
        price=price,
        offer=_usual_logs(frame, "featured_offer_share"),
        mix=_usual_logs(frame, "market_mix"),
        level=level,
        rating=frame["average_rating"].to_numpy(float),
        names=names,
        mondays=mondays,
        stock_out=stock_out,
        notes=notes,
    )


def _week_codes(week: pd.Series, mondays: pd.Index) -> np.ndarray:
    """Count weeks from the first one; a week that nobody has rows of still counts."""
    if week.empty:
        return np.zeros(0, np.int64)
    if pd.api.types.is_datetime64_any_dtype(week):
        return ((week - mondays[0]).dt.days // 7).to_numpy(np.int64)
    return (week - mondays[0]).to_numpy(np.int64)


def _falling(frame: pd.DataFrame, notes: list[str]) -> None:
    """Say where reviews vanish: struck by Amazon, or a fault of the table."""
    known = frame[frame["review_count"].notna()]
    before = known.groupby("family")["review_count"].shift()
    gone = known.loc[(before > 0) & (known["review_count"] == 0), "family"].nunique()
    if gone:
        notes.append(
            f"In {several(gone, 'family', 'families')} all reviews vanish from one week to the "
            "next. Look whether that is so, or whether the table of review counts has a fault."
        )


def _between(counts: pd.Series, family: pd.Series) -> pd.Series:
    """Fill gaps with the count before where reviews were there, or were not, on both sides."""
    groups = counts.groupby(family)
    before, after = groups.ffill(), groups.bfill()
    return counts.fillna(before.where((before > 0) == (after > 0)).where(after.notna()))


def _known(frame: pd.DataFrame, notes: list[str]) -> pd.DataFrame:
    unknown = frame["sessions"].isna() | frame["units"].isna()
    if unknown.any():
        notes.append(
            f"{several(int(unknown.sum()), 'row')} without a count of sessions or order items, or "
            "with one below 0, cannot be used."
        )
    none = frame["sessions"] == 0
    sold = int((none & (frame["units"] > 0)).sum())
    if sold:
        notes.append(f"{several(sold, 'row')} with sales but no sessions cannot be used.")
    more = int((frame["units"] > frame["sessions"]).sum()) - sold
    if more > 0:
        notes.append(f"{several(more, 'row')} with more order items than sessions kept as given.")
    missing = frame["review_count"].isna() & ~unknown & ~none
    if missing.any():
        notes.append(
            f"In {several(int(missing.sum()), 'row')} it is not known whether there were reviews; "
            "they say nothing of the effect."
        )
    return frame[~unknown & ~none].reset_index(drop=True)


def _ages(frame: pd.DataFrame) -> pd.Series:
    """Return weeks since launch, from the family's first week where they are not given."""
    if frame.empty:
        return frame["age_weeks"]
    dated = pd.api.types.is_datetime64_any_dtype(frame["week"])
    week = (frame["week"] - frame["week"].min()).dt.days // 7 if dated else frame["week"]
    week = week - week.min()
    launch = (week - frame["age_weeks"]).groupby(frame["family"]).transform("median")
    first = week.groupby(frame["family"]).transform("min")
    # Whoever was there in the first weeks may be of any age.
    guess = first.where(first > 1, -float(OLD))
    return (week - launch.fillna(guess)).clip(lower=0)


def _prices(
    frame: pd.DataFrame, family: np.ndarray, count: int
) -> tuple[np.ndarray | None, np.ndarray]:
    price = frame["price"].where(frame["price"] > 0)
    logs = np.log(price)
    level = logs.groupby(family).median().reindex(range(count)).to_numpy(float)
    if logs.notna().mean() < LEAST_KNOWN or not len(frame):
        return None, level
    # A price holds until another one is seen; it is only seen where something is sold.
    filled = logs.groupby(family).ffill().fillna(logs.groupby(family).bfill())
    apart = (filled - level[family]).fillna(0.0).to_numpy()
    return (apart if np.ptp(apart) > 0 else None), level


def _usual_logs(frame: pd.DataFrame, name: str) -> np.ndarray | None:
    """Return logarithms, the family's usual one where none is known; None where none moves."""
    share = frame[name]
    if share.notna().mean() < LEAST_KNOWN or not len(frame):
        return None
    share = share.where(share > 0)
    usual = share.groupby(frame["family"]).transform("median").fillna(share.median())
    logs = np.log(share.fillna(usual)).to_numpy()
    return logs if np.ptp(logs) > ROUNDING else None
