"""Where positive, neutral and negative counts can come from, marketplace by marketplace.

Amazon's feedback report holds 1 to 3 stars only, so the positive ones must come from elsewhere. In
this order: rows of a full 1-5 star export; totals typed in from Feedback Manager; daily totals less
the 1-3 star rows. A marketplace with none of them is refused, by name.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any

import pandas as pd

from feedback_analysis.errors import ReportError
from feedback_analysis.health.composition import Composition
from feedback_analysis.health.numbered import NUMBERED
from feedback_analysis.health.reach import notes_of_reach
from feedback_analysis.health.record import record_of
from feedback_analysis.health.row_spans import DaySums, between, full_spans, row_spans, stars_of
from feedback_analysis.health.tally import UNSTATED, daily_counts
from feedback_analysis.health.totals import one_name, totals_by_kind, without_gone
from feedback_analysis.health.words import day_in_words as _day
from feedback_analysis.health.words import uncounted
from feedback_analysis.once import once
from feedback_analysis.shop import TOTALS_WITHIN
from feedback_analysis.texts import several

FULL, DAILY, TYPED = "1-5 star rows", "daily totals and 1-3 star rows", "Feedback Manager totals"
REMEDY = (
    "add the Sales and Traffic report by date (JSON), which counts all feedback received, or type "
    "the counts that Feedback Manager shows (Seller Central > Performance > Feedback) into a small "
    "CSV: as_of,window,marketplace,positive,neutral,negative"
)
# Up to this many negatives before the file's first row may have been struck or removed since; more
# mean that the download does not reach back that far.
STRUCK_AT_MOST = 2
LONG_AGO = pd.Timedelta(days=31)


@dataclass(frozen=True)
class Found:
    """What a source says about one marketplace and span.

    Parameters
    ----------
    counts : Composition
        The feedbacks.
    source : str
        Where they come from.
    since : date or None
        First day counted; None where the source states a window without its days.
    complete : bool
        Whether the source covers the whole span.
    notes : dict
        What a reader must know: kind of the limit -> sentence.
    numbers : dict
        Of the kinds in ``NUMBERED``, how many: these add up over spans without a day in common.
    """

    counts: Composition
    source: str
    since: date | None
    complete: bool
    notes: dict[str, str] = field(default_factory=dict)
    numbers: dict[str, int] = field(default_factory=dict)


# Made in many places of the same tables; it is only looked into.
@once
class Sources:
    """All sources of a shop, ready to be asked for any span.

    Parameters
    ----------
    feedback : DataFrame, Tallies, Shop or Record
        Feedback rows: ``date``, ``marketplace``, ``rating``; ``source``, ``gone`` and
        ``last_seen`` where known. Or what :func:`record_of` takes in their place.
    totals : DataFrame, optional
        The table ``feedback_totals``: daily rows and typed-in windows; a shop's own by default.

    Attributes
    ----------
    markets : list of str
        Every marketplace, sorted.
    last_day : date or None
        Last day of any row that can be counted.

    Raises
    ------
    ReportError
        If a table lacks a column or holds values that cannot be.
    """

    def __init__(self, feedback: Any, totals: pd.DataFrame | None = None) -> None:
        record = record_of(feedback, totals)
        rows = record.tallies.feedback.astype({"marketplace": "object"})
        daily, typed = totals_by_kind(record.totals)
        rows, daily, typed = one_name(rows, daily, typed)
        names = [name for frame in (rows, daily, typed) for name in frame["marketplace"].unique()]
        self.markets = sorted(set(names))
        counts, gone = (daily_counts(rows[rows["gone"].eq(flag)]) for flag in (False, True))
        reach, full = row_spans(rows), full_spans(rows)
        self._counts, self._gone, self._full, self._reach = {}, {}, {}, {}
        for market in self.markets:
            self._counts[market] = counts[counts["marketplace"] == market].set_index("date")
            self._gone[market] = gone[gone["marketplace"] == market].set_index("date")
            self._full[market] = full.get(market)
            self._reach[market] = reach.get(market)
        self._daily = {m: part.set_index("date") for m, part in daily.groupby("marketplace")}
        # Without struck feedback, day by day: worked out once, however many spans are asked for.
        self._left = {m: without_gone(part, self._gone[m]) for m, part in self._daily.items()}
        self._untold = {m: part["neutral"].isna().any() for m, part in self._daily.items()}
        self._begins = {m: self._totals_begin(m) for m in self._daily}
        kinds, self._sums = ["received", "negative", "neutral", "struck"], {}
        for market, part in self._left.items():
            # Only rows of days that the totals know are held against them.
            rows = self._counts[market]
            told = DaySums(rows[rows.index.isin(part.index)], [1, 2, 3, 4, 5])
            self._sums[market] = DaySums(part, kinds), told
        self._typed = dict(iter(typed.groupby("marketplace")))
        known = [frame for frame in (daily["date"], typed["as_of"]) if len(frame)]
        known += [pd.Series([span[1]]) for span in self._full.values() if span]
        known = known or [rows["date"]]
        last = max((part.max() for part in known if len(part)), default=None)
        self.last_day: date | None = None if last is None else last.date()

    def find(
        self, market: str, start: date | None, end: date, *, window: str | None = None
    ) -> Found | ReportError:
        """Return the counts of a marketplace in a span, from the best source that has them.

        Parameters
        ----------
        market : str
            The marketplace.
        start, end : date
            First and last day; no start means since the beginning.
        window : str, optional
            Name of the window, for totals typed in for exactly that window and last day.

        Returns
        -------
        Found or ReportError
            The error is returned, not raised: the caller decides whether others can be computed.
        """
        first = None if start is None else pd.Timestamp(start)
        last = pd.Timestamp(end)
        typed = self._from_typed(market, first, last, window)
        options = [
            self._from_rows(market, first, last) if self._full[market] else None,
            # Feedback Manager's own figure is exact; daily totals must be put together.
            typed,
            self._from_daily(market, first, last) if market in self._daily else None,
        ]
        found = [option for option in options if isinstance(option, Found)]
        if found:
            return next((option for option in found if option.complete), found[0])
        if refused := [option for option in options if option is not None]:
            return refused[0]
        reason = "the feedback file holds only 1 to 3 stars"
        if market in self._typed:
            reason = self._typed_reason(market, last, window)
        return ReportError(
            f"{named(market)}: {reason}, so the share of positive feedback cannot be computed",
            remedy=REMEDY,
        )

    def _typed_reason(self, market: str, last: pd.Timestamp, window: str | None) -> str:
        """Say why the totals typed in for a marketplace do not help."""
        rows = self._typed[market]
        same = rows[rows["window"] == window]
        if same.empty:
            return "only totals typed in for other windows are known"
        nearest = same.loc[(same["as_of"] - last).abs().idxmin(), "as_of"]
        return (
            f"the totals typed in for the {window} are of {_day(nearest)}, more than "
            f"{TOTALS_WITHIN} days from {_day(last)}"
        )

    def negatives(self, start: date | None, end: date, *, market: str | None = None) -> Composition:
        """Return the feedback of 1 to 3 stars in a span, all that a 1-3 star file can tell.

        Parameters
        ----------
        start, end : date
            First and last day; no start means since the beginning.
        market : str, optional
            One marketplace; by default all of them.

        Returns
        -------
        Composition
            Ones, twos and threes; nothing positive.
        """
        first = None if start is None else pd.Timestamp(start)
        found = Composition()
        for name in self.markets if market is None else [market]:
            stars = stars_of(between(self._counts[name], first, pd.Timestamp(end)))
            found += Composition(*stars[:3])
        return found

    def by_day(self, market: str, start: date | None, end: date) -> pd.DataFrame:
        """Return a marketplace's counts of each day known, from rows or daily totals.

        Parameters
        ----------
        market : str
            The marketplace.
        start, end : date
            First and last day; no start means since the beginning.

        Returns
        -------
        DataFrame
            ``positive``, ``neutral`` and ``negative``, one row a day; no row for a day that is not
            known. Totals typed in say nothing of days.
        """
        last, rows = pd.Timestamp(end), self._counts[market]
        first = None if start is None else pd.Timestamp(start)
        if self._full[market]:
            begins = self._full[market][0]
            days = pd.date_range(begins if first is None else max(first, begins), last)
            stars = rows[[1, 2, 3, 4, 5]].reindex(days, fill_value=0)
            kinds = {"positive": stars[4] + stars[5], "neutral": stars[3]}
            return pd.DataFrame({**kinds, "negative": stars[1] + stars[2]})
        if market not in self._daily:
            return pd.DataFrame({"positive": [], "neutral": [], "negative": []}, dtype="int64")
        begins = self._begins[market]
        since = begins if first is None else max(first, begins)
        part = between(self._left[market], since, last)
        threes = rows[3].reindex(part.index, fill_value=0)
        neutral = threes if self._untold[market] else part["neutral"]
        kinds = {"positive": part["received"] - part["negative"] - neutral, "neutral": neutral}
        return pd.DataFrame({**kinds, "negative": part["negative"]}).astype("int64")

    def _totals_begin(self, market: str) -> pd.Timestamp:
        """Return the first day whose neutral feedback can be told from the positive."""
        totals, reach = self._daily[market], self._reach[market]
        begins = totals.index.min()
        if self._untold[market] and reach is not None and reach[0] > begins:
            before = totals.loc[totals.index < reach[0], "negative"].sum()
            return reach[0] if before > STRUCK_AT_MOST else begins
        return begins

    def _from_rows(self, market: str, first: pd.Timestamp | None, last: pd.Timestamp) -> Found:
        begins, ends = self._full[market]
        notes, complete = {}, last >= begins
        if last > ends:
            later = stars_of(between(self._counts[market], ends + pd.Timedelta(days=1), last))
            # A later 1-3 star file shows that feedback came in whose positives are unknown.
            if sum(later):
                complete = False
                notes["end"] = (
                    f"{named(market)}: the file with all ratings ends on {_day(ends)}; "
                    f"{uncounted(sum(later), 'later')}, because the positive ones of those days "
                    "are not known."
                )
        elif last - ends > LONG_AGO:
            notes["end"] = f"{named(market)}: the last feedback in the file is of {_day(ends)}."
        earlier = between(self._counts[market], first, begins - pd.Timedelta(days=1))
        if earlier := sum(stars_of(earlier)):
            complete = complete and first is None
            notes["begin"] = (
                f"{named(market)}: the file with all ratings begins on {_day(begins)}; "
                f"{uncounted(earlier, 'earlier')}, because the positive ones of those days are "
                "not known."
            )
        elif first is None:
            notes["begin"] = (
                f"{named(market)}: lifetime is counted from {_day(begins)}, the first feedback in "
                "the file."
            )
        since = begins if first is None else max(first, begins)
        stars = stars_of(between(self._counts[market], since, min(last, ends)))
        return Found(Composition(*stars), FULL, since.date(), complete, notes)

    def _from_daily(
        self, market: str, first: pd.Timestamp | None, last: pd.Timestamp
    ) -> Found | ReportError:
        totals, name = self._daily[market], named(market)
        ends, untold, notes = totals.index.max(), self._untold[market], {}
        if untold and self._reach[market] is None and totals["negative"].sum() > 0:
            return ReportError(
                f"{name}: the daily totals do not tell neutral feedback from positive, and no "
                "feedback report was read",
                remedy="download the feedback report: Seller Central > Performance > Feedback",
            )
        begins = self._begins[market]
        since = begins if first is None else max(first, begins)
        until = min(last, ends)
        complete = (first is None or begins <= first) and ends >= last
        notes |= notes_of_reach(name, begins, ends, first, last)
        if since > until:
            return Found(Composition(), DAILY, since.date(), False, notes)
        days, told_of = self._sums[market][0].between(since, until)
        lacking = (until - since).days + 1 - days
        # The totals counted each feedback when it came in; what was struck since does not count.
        numbers = {kind: n for kind, n in (("days", lacking), ("gone", told_of["struck"])) if n}
        notes |= {kind: NUMBERED[kind](name, n) for kind, n in numbers.items()}
        stars = list(self._sums[market][1].between(since, until)[1].values())
        received, told = told_of["received"], told_of["negative"]
        # Rows are proof: totals that count fewer negatives than there are rows count too few.
        negative = max(told, stars[0] + stars[1])
        neutral = told_of["neutral"] if not untold else stars[2]
        positive = received - negative - neutral
        if untold and self._reach[market] is None:
            notes["neutral"] = (
                f"{name}: no feedback of 1 to 3 stars was read; if there was neutral feedback, the "
                "share is lower."
            )
        if positive < 0:
            # Neutral rows may be what the totals lack; negative ones are counted in any case.
            positive, neutral = 0, max(0, received - negative)
            notes["room"] = (
                f"{name}: the file holds more feedback of 1 to 3 stars than the totals leave room "
                "for."
            )
        if self._reach[market] is not None and stars[0] + stars[1] != told:
            used = "the rows are" if negative > told else "the totals are"
            notes["difference"] = (
                f"{name}: the totals count {several(told, 'negative feedback')} from "
                f"{_day(since)} to {_day(until)}, the feedback file holds {stars[0] + stars[1]} of "
                f"1 or 2 stars; {used} used."
            )
        counts = Composition.of_totals(
            positive=positive, neutral=neutral, negative=negative, ones=stars[0], twos=stars[1]
        )
        return Found(counts, DAILY, since.date(), complete, notes, numbers)

    def _from_typed(
        self, market: str, first: pd.Timestamp | None, last: pd.Timestamp, window: str | None
    ) -> Found | None:
        if window is None or market not in self._typed:
            return None
        rows = self._typed[market]
        rows = rows[rows["window"] == window]
        # Feedback Manager shows the windows of the day one looks; the report ends on another.
        apart = (rows["as_of"] - last).dt.days
        rows, apart = rows[apart.abs() <= TOTALS_WITHIN], apart[apart.abs() <= TOTALS_WITHIN]
        if rows.empty:
            return None
        nearest = rows[apart.abs() == apart.abs().min()]
        row = nearest.loc[nearest["as_of"] == nearest["as_of"].max()].iloc[-1]
        stars = stars_of(between(self._counts[market], first, last))
        counts = Composition.of_totals(
            positive=int(row["positive"]),
            neutral=int(row["neutral"]),
            negative=int(row["negative"]),
            ones=stars[0],
            twos=stars[1],
        )
        notes = {}
        if row["as_of"] != last:
            days = abs((row["as_of"] - last).days)
            side = "after" if row["as_of"] > last else "before"
            notes[f"typed on {window}"] = (
                f"{named(market)}: the {window} are those that Feedback Manager showed on "
                f"{_day(row['as_of'])}, {several(days, 'day')} {side} {_day(last)}."
            )
        elif self._reach[market] is not None and stars[0] + stars[1] != counts.negative:
            notes["typed"] = (
                f"{named(market)}: Feedback Manager counts "
                f"{several(counts.negative, 'negative feedback')} ({window}), the feedback "
                f"file holds {stars[0] + stars[1]} of 1 or 2 stars; "
                "Feedback Manager's number is used."
            )
            if stars[0] + stars[1] > counts.negative and 99 <= counts.n <= 101:
                notes["typed"] += " Were its per cents typed in, and not its counts?"
        return Found(counts, TYPED, None if first is None else first.date(), True, notes)


def named(market: str) -> str:
    """Return a marketplace as a sentence names it.

    Parameters
    ----------
    market : str
        Code, or ``not stated``.

    Returns
    -------
    str
        The code, or words for a marketplace that is not stated.
    """
    return "Marketplace not stated" if market == UNSTATED else market
