"""Sales and Traffic JSON: days (or weeks, months) of the whole shop, and products over the window.

Keys are read with a default: Amazon's own examples misspell some and leave others out. Twins for
business customers are never read, and rates are never read where their counts are there.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

import numpy as np
import pandas as pd

from feedback_analysis import tables
from feedback_analysis.amazon.batch import Facts
from feedback_analysis.amazon.business import one_row_a_child, one_row_a_product
from feedback_analysis.amazon.numbers import json_number
from feedback_analysis.errors import ReportError
from feedback_analysis.marketplaces import find_code
from feedback_analysis.periods import window


@dataclass(frozen=True, eq=False)
class SalesAndTraffic:
    """One Sales and Traffic report.

    Attributes
    ----------
    by_date : DataFrame
        As table ``daily``, one row a day (or a week or month: see ``granularity``), and
        ``partial``: True for a week or month that the requested window cuts.
    by_asin : DataFrame
        As table ``traffic``, over the requested window.
    feedback_totals : DataFrame
        As table ``feedback_totals``, one row a day; empty for weeks and months.
    granularity : str
        ``DAY``, ``WEEK`` or ``MONTH``.
    entries, products : ndarray
        Number of the entry in the file of each ``by_date`` row, and of each product that counts.
    """

    by_date: pd.DataFrame
    by_asin: pd.DataFrame
    feedback_totals: pd.DataFrame
    granularity: str
    marketplace: str | None
    entries: np.ndarray
    products: np.ndarray
    read: int
    set_aside: tuple[tuple[int, str], ...]
    notes: tuple[str, ...]


def read(raw: Mapping, facts: Facts, *, file: object) -> SalesAndTraffic:
    """Turn the parsed JSON into tables.

    Raises
    ------
    ReportError
        If the window or the marketplace cannot be read, or the blocks are not lists.
    """
    specification = _mapping(raw, "reportSpecification")
    options = _mapping(specification, "reportOptions")
    granularity = str(options.get("dateGranularity", "DAY")).upper()
    market = _marketplace(specification, facts, file)
    by_date, by_asin = (_list(raw, f"salesAndTrafficBy{kind}", file) for kind in ("Date", "Asin"))
    set_aside: list[tuple[int, str]] = []
    notes: list[str] = []
    entries, days, kept = _days(by_date, set_aside)
    start, end = _window(specification, facts, days, file, needed=bool(by_asin))
    daily = _daily(kept, days, market, file)
    totals = _totals(kept, days, market, file)
    if granularity != "DAY" and kept:
        notes.append(f"{granularity.lower()} rows: not used where days are needed")
        totals = tables.empty("feedback_totals")
    partial = [_cut(day, granularity, start, end) for day in days]
    if any(partial):
        notes.append(f"{sum(partial)} {granularity.lower()}s are cut by the requested window")
    traffic, products, more = _products(
        by_asin, options, market, start, end, file, len(by_date), notes
    )
    return SalesAndTraffic(
        by_date=daily.assign(granularity=granularity, partial=partial),
        by_asin=traffic,
        feedback_totals=totals,
        granularity=granularity,
        marketplace=market,
        entries=np.array(entries, dtype=np.int64),
        products=products,
        read=len(by_date) + len(by_asin),
        set_aside=(*set_aside, *more),
        notes=tuple(notes),
    )


def _mapping(raw: Mapping, key: str) -> Mapping:
    value = raw.get(key)
    return value if isinstance(value, Mapping) else {}


def _list(raw: Mapping, key: str, file: object) -> list:
    value = raw.get(key)
    if value is None:
        return []
    if not isinstance(value, list):
        raise ReportError(
            f"'{key}' is not a list",
            file=file,
            column=key,
            expected="a list of rows",
            remedy="download the report again",
        )
    return value


def _marketplace(specification: Mapping, facts: Facts, file: object) -> str | None:
    ids = specification.get("marketplaceIds")
    codes = [find_code(str(name)) for name in ids] if isinstance(ids, list) else []
    found = codes[0] if len(codes) == 1 else None
    if found and facts.marketplace and found != facts.marketplace:
        raise ReportError(
            f"the file is stated to be of {facts.marketplace}, but says it is of {found}",
            file=file,
            column="marketplaceIds",
            remedy="move it to the folder it belongs to",
        )
    if found and facts.marketplaces and found not in facts.marketplaces:
        raise ReportError(
            f"the file is of {found}, which is not among the shop's marketplaces",
            file=file,
            column="marketplaceIds",
            expected=", ".join(facts.marketplaces),
            found=found,
            remedy="is it another shop's file? If not, add the marketplace to shop.toml",
        )
    return found or facts.market


def _days(
    rows: Sequence, set_aside: list[tuple[int, str]]
) -> tuple[list[int], list[pd.Timestamp], list]:
    entries, days, kept, seen = [], [], [], set()
    for number, row in enumerate(rows, 1):
        text = str(row.get("date", "")) if isinstance(row, Mapping) else ""
        day = _day(text)
        if day is None:
            set_aside.append((number, "entry by date without a readable date"))
        elif day in seen:
            set_aside.append((number, "the same date again"))
        else:
            seen.add(day)
            entries.append(number)
            days.append(day)
            kept.append(row)
    return entries, days, kept


def _day(text: str) -> pd.Timestamp | None:
    try:
        start, _ = window(text[:10], text[:10], place="date")
    except ReportError:
        return None
    return pd.Timestamp(start)


def _window(
    specification: Mapping,
    facts: Facts,
    days: Sequence[pd.Timestamp],
    file: object,
    *,
    needed: bool,
) -> tuple[pd.Timestamp | None, pd.Timestamp | None]:
    start = _day(str(specification.get("dataStartTime", "")))
    end = _day(str(specification.get("dataEndTime", "")))
    if start is None or end is None:
        if facts.start and facts.end:
            return pd.Timestamp(facts.start), pd.Timestamp(facts.end)
        if needed:
            raise ReportError(
                "the report does not say which window its products are counted over",
                file=file,
                column="reportSpecification",
                expected="dataStartTime and dataEndTime",
                remedy="request the report again, or state the period in a periods.csv beside it",
            )
        return (min(days), max(days)) if days else (None, None)
    return start, end


def _cut(
    day: pd.Timestamp, granularity: str, start: pd.Timestamp | None, end: pd.Timestamp | None
) -> bool:
    """Tell whether a week (from its Sunday) or a month (from its first) is cut by the window."""
    if granularity == "DAY" or start is None or end is None:
        return False
    last = day + timedelta(days=6) if granularity == "WEEK" else day + pd.offsets.MonthEnd(0)
    return bool(day < start or last > end)


def _below(row: object, *keys: str) -> object:
    """Return what lies below nested keys, or None."""
    for key in keys:
        row = row.get(key) if isinstance(row, Mapping) else None
    return row


def _number(row: object, *keys: str, whole: bool = True) -> float:
    """Return a number below nested keys, or NaN; a whole count must be a whole number from 0 on."""
    value = json_number(_below(row, *keys))
    if value is None or (whole and (value < 0 or value != int(value))):
        return float("nan")
    return value


def _column(rows: Sequence, *keys: str, whole: bool = True) -> pd.Series:
    values = pd.Series([_number(row, *keys, whole=whole) for row in rows], dtype="float64")
    return values.astype("Int64") if whole else values


def _currency(rows: Sequence, *keys: str) -> pd.Series:
    codes = [_below(row, *keys) for row in rows]
    known = [code if isinstance(code, str) and len(code) == 3 else None for code in codes]
    return pd.Series(known, dtype=tables.TEXT)


def _asins(rows: Sequence, key: str) -> pd.Series:
    asins = [_below(row, key) for row in rows]
    known = [asin if isinstance(asin, str) and asin else None for asin in asins]
    return pd.Series(known, dtype=tables.TEXT)


def _daily(
    rows: Sequence, days: Sequence[pd.Timestamp], market: str | None, file: object
) -> pd.DataFrame:
    sales, traffic = "salesByDate", "trafficByDate"
    frame = pd.DataFrame(
        {
            "date": pd.Series(days, dtype=tables.DAY),
            "marketplace": market,
            "sessions": _column(rows, traffic, "sessions"),
            "page_views": _column(rows, traffic, "pageViews"),
            "units": _column(rows, sales, "unitsOrdered"),
            "order_items": _column(rows, sales, "totalOrderItems"),
            "sales": _column(rows, sales, "orderedProductSales", "amount", whole=False),
            "currency": _currency(rows, sales, "orderedProductSales", "currencyCode"),
            "units_refunded": _column(rows, sales, "unitsRefunded"),
        }
    )
    return tables.shape("daily", frame, file=file)


def _totals(
    rows: Sequence, days: Sequence[pd.Timestamp], market: str | None, file: object
) -> pd.DataFrame:
    received = _column(rows, "trafficByDate", "feedbackReceived")
    negative = _column(rows, "trafficByDate", "negativeFeedbackReceived")
    frame = pd.DataFrame(
        {
            "date": pd.Series(days, dtype=tables.DAY),
            "marketplace": market,
            "received": received,
            "negative": negative,
        }
    )
    return tables.shape("feedback_totals", frame.dropna(subset=["received", "negative"]), file=file)


def _products(
    rows: Sequence,
    options: Mapping,
    market: str | None,
    start: pd.Timestamp | None,
    end: pd.Timestamp | None,
    file: object,
    before: int,
    notes: list[str],
) -> tuple[pd.DataFrame, np.ndarray, list[tuple[int, str]]]:
    sales, traffic = "salesByAsin", "trafficByAsin"
    frame = pd.DataFrame(
        {
            "parent_asin": _asins(rows, "parentAsin"),
            "child_asin": _asins(rows, "childAsin"),
            "sessions": _column(rows, traffic, "sessions"),
            "page_views": _column(rows, traffic, "pageViews"),
            "units": _column(rows, sales, "unitsOrdered"),
            "order_items": _column(rows, sales, "totalOrderItems"),
            # Percentages are 0 to 100, whole ones as integers.
            "featured_offer_share": (
                _column(rows, traffic, "buyBoxPercentage", whole=False) / 100
            ).clip(0, 1),
            "sales": _column(rows, sales, "orderedProductSales", "amount", whole=False),
            "currency": _currency(rows, sales, "orderedProductSales", "currencyCode"),
        }
    )
    asin = frame["child_asin"].fillna(frame["parent_asin"])
    bad = asin.isna() | frame["sessions"].isna() | frame["units"].isna()
    set_aside = [
        (before + int(place) + 1, "entry by ASIN without ASIN, sessions or units")
        for place in np.flatnonzero(bad)
    ]
    basis = str(options.get("asinGranularity", "CHILD")).lower()
    frame = frame[~bad].assign(
        marketplace=market, start=start, end=end,
        basis=basis if basis in ("child", "parent", "sku") else "child",
    )  # fmt: skip
    frame = frame.reset_index(drop=True)
    if len(frame):
        product = "parent_asin" if basis == "parent" else "child_asin"
        shared = {name: frame[name].iloc[0] for name in ("marketplace", "start", "end", "basis")}
        shared["currency"] = frame["currency"].dropna().min()
        if basis == "sku":
            frame = one_row_a_product(frame, notes)
        if frame[product].notna().all():
            frame = one_row_a_child(frame, product, notes)
        frame = frame.assign(**shared)
    kept = before + 1 + np.flatnonzero(~bad)
    return tables.finish("traffic", frame, file=file), kept, set_aside
