"""Seller feedback: 6 columns, the old 10, any language, stars only; dates by the whole column."""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np
import pandas as pd

from feedback_analysis.amazon import dates
from feedback_analysis.amazon.batch import Batch
from feedback_analysis.amazon.decode import damaged
from feedback_analysis.errors import ReportError
from feedback_analysis.marketplaces import find_code, marketplaces
from feedback_analysis.privacy import ORDER_ID, scrub
from feedback_analysis.tables import TEXT

_RELAY = re.compile(r"@(?:marketplace\.)?(amazon\.[\w.]+)$", re.IGNORECASE)
_ORDER = re.compile(r"(\d{3})-?(\d{7})-?(\d{7})|(D\d{2})-(\d{7})-(\d{7})")
_SPREADSHEET = re.compile(r"\d(?:[.,]\d+)?E\+\d+|\d{16,17}(?:\.0)?", re.IGNORECASE)
_RATING = re.compile(r"([1-5])(?:[.,]0+)?")


def looks_like_feedback(cells: Sequence[Sequence[str]], columns: Sequence[str]) -> bool:
    """Tell by content whether rows of an unknown header are feedback in the usual column order.

    Parameters
    ----------
    cells : sequence of rows
        The first rows of the file.
    columns : sequence of str
        The usual order for this number of columns.
    """
    rows = [dict(zip(columns, row, strict=True)) for row in cells if len(row) == len(columns)]
    if not rows:
        return False
    fits = [
        dates.looks_like_date(row["date"])
        and _RATING.fullmatch(row["rating"].strip()) is not None
        and (not row["order_id"].strip() or _ORDER.fullmatch(row["order_id"].strip()) is not None)
        and ("@" in row["email"] or not row["email"].strip())
        for row in rows
    ]
    return sum(fits) > len(fits) / 2 and any(row["order_id"].strip() for row in rows)


def tidy(batch: Batch) -> pd.DataFrame:
    """Turn a feedback file's rows into the columns of the table ``feedback``."""
    batch.reject((batch.frame == "").all(axis=1).to_numpy(dtype=bool), "an empty row")
    ratings = batch.frame["rating"].str.strip()
    read = {
        text: int(match[1]) if (match := _RATING.fullmatch(text)) else None
        for text in pd.unique(ratings.astype(object))
    }
    stars = ratings.astype(object).map(read)
    batch.frame = batch.frame.assign(stars=stars.astype("Int64"))
    batch.reject(stars.isna(), f"column '{batch.header('rating')}': not a whole number from 1 to 5")
    market = _marketplaces(batch)
    days = batch.frame["date"]
    codes = market.dropna().unique()
    stated = marketplaces()[codes[0]].date_format if len(codes) else None
    form = dates.column_form(days, stated=stated, file=batch.file, column=batch.header("date"))
    if not len(codes):
        # These two forms belong to one marketplace each; day first belongs to many.
        only = {"M/D/Y": "US", "D.M.Y": "DE"}.get(form)
        market = market.fillna(only) if only else market
    batch.frame = batch.frame.assign(day=dates.parse_days(days, form), market=market)
    batch.reject(
        batch.frame["day"].isna(),
        f"column '{batch.header('date')}': not a date with the {dates.FORMS[form]}",
    )
    return _table(batch)


def _table(batch: Batch) -> pd.DataFrame:
    frame = batch.frame
    last = frame["day"].max()
    negatives_only = len(frame) > 0 and int(frame["stars"].max()) <= 3
    comments = batch.texts("comment", missing=False)
    _note_damage(batch, comments)
    if negatives_only:
        batch.notes.append("stars 1-3 only: positives must come from totals")
    stars_only = int((comments == "").sum())
    if stars_only:
        batch.notes.append(f"{stars_only} with stars but no text")
    return pd.DataFrame(
        {
            "date": frame["day"],
            "marketplace": frame["market"],
            "rating": frame["stars"].astype("int64"),
            "comment": scrub(comments),
            "response": scrub(batch.texts("response", missing=False)),
            "order_key": batch.keys(_order_ids(batch)),
            "source": "1-3 stars only" if negatives_only else "all ratings",
            "first_seen": last,
            "last_seen": last,
            "gone": False,
            **{
                name: frame[name]
                for name in ("arrived_on_time", "item_as_described", "customer_service")
                if name in frame
            },
            "reason": batch.texts("reason"),
        },
        index=frame.index,
    )


def _marketplaces(batch: Batch) -> pd.Series:
    """Return each row's marketplace: the buyer's relay e-mail tells, else what is stated."""
    emails = batch.texts("email", missing=False)
    domains = {text: _RELAY.search(text) for text in pd.unique(emails.astype(object)) if text}
    codes = {text: find_code(match[1]) for text, match in domains.items() if match}
    told = emails.astype(object).map(codes)
    stated = batch.facts.marketplace
    found = set(told.dropna())
    if stated and found and stated not in found:
        raise ReportError(
            f"the file is stated to be of {stated}, but its buyers wrote from another marketplace",
            file=batch.file,
            column=batch.header("email"),
            expected=stated,
            found=", ".join(sorted(found)),
            remedy="state the right marketplace, or move the file to the folder it belongs to",
        )
    if stated is None and len(found) == 1:
        stated = next(iter(found))
    if stated is None and not found and len(batch.facts.marketplaces) == 1:
        stated = batch.facts.marketplaces[0]
    market = told.where(told.notna(), stated if stated else np.nan)
    return pd.Series(market, index=batch.frame.index).astype(TEXT)


def _order_ids(batch: Batch) -> pd.Series:
    """Return order ids in their usual form; ones a spreadsheet spoilt are missing, and told."""
    texts = batch.texts("order_id", missing=False)
    usual = texts.str.fullmatch(r"\d{3}-\d{7}-\d{7}").to_numpy(dtype=bool)
    odd = ~usual & (texts != "").to_numpy(dtype=bool)
    if not odd.any():
        return texts
    ids, spoilt = texts.astype(object), 0
    for place in np.flatnonzero(odd):
        text = ids.iloc[place]
        if match := _ORDER.fullmatch(text):
            ids.iloc[place] = "-".join(part for part in match.groups() if part)
        elif _SPREADSHEET.fullmatch(text):
            spoilt += 1
            ids.iloc[place] = ""
        elif ORDER_ID.search(text):
            ids.iloc[place] = ORDER_ID.search(text)[0]
    if spoilt:
        batch.notes.append(
            f"{spoilt} order ids were turned into numbers by a spreadsheet and are lost; use the "
            "file as downloaded"
        )
    return ids.astype(TEXT)


def _note_damage(batch: Batch, comments: pd.Series) -> None:
    suspects = comments[comments.str.contains("\ufffd|\\?\\?", regex=True)]
    count = sum(damaged(text) for text in suspects)
    if count:
        batch.notes.append(
            f"{count} comments have lost characters (question marks instead); the same report "
            "downloaded in Seller Central is usually right"
        )
