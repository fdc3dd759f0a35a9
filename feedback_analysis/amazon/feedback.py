"""Seller feedback: 6 columns, the old 10, any language, stars only; dates by the whole column."""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np
import pandas as pd
import pyarrow.compute as pc

from feedback_analysis.amazon import dates
from feedback_analysis.amazon.batch import Batch, Facts, refuse_other_shops
from feedback_analysis.amazon.decode import damaged
from feedback_analysis.amazon.order_ids import ORDER, order_ids
from feedback_analysis.errors import ReportError
from feedback_analysis.marketplaces import find_code, marketplaces
from feedback_analysis.privacy import scrub
from feedback_analysis.tables import ALL_RATINGS, NEGATIVES_ONLY
from feedback_analysis.texts import arrow, chosen, holds, mapped, several

_RELAY = re.compile(r"@(?:marketplace\.)?(amazon\.[\w.]+)$", re.IGNORECASE)
_DOMAINS = 40  # more than Amazon has
# What buyers were asked beside the stars, up to about 2017.
ANSWERS = ("arrived_on_time", "item_as_described", "customer_service")
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
        and (not row["order_id"].strip() or ORDER.fullmatch(row["order_id"].strip()) is not None)
        and ("@" in row["email"] or not row["email"].strip())
        for row in rows
    ]
    return sum(fits) > len(fits) / 2 and any(row["order_id"].strip() for row in rows)


def tidy(batch: Batch) -> pd.DataFrame:
    """Turn a feedback file's rows into the columns of the table ``feedback``."""
    rated(batch)
    market = _marketplaces(batch)
    days = batch.frame["date"]
    codes = market.dropna().unique()
    form = form_of_dates(batch, days, codes)
    if not len(codes):
        market = market.fillna(market_by_form(form, batch.facts))
    batch.frame = batch.frame.assign(day=dates.parse_days(days, form), market=market)
    batch.reject(batch.frame["day"].isna(), batch.not_a_day("date", form))
    return _table(batch)


def rated(batch: Batch) -> None:
    """Set rows aside that have no stars, and put the others' into a column ``stars``."""
    stars = mapped(batch.frame["rating"], _stars, "Int64")
    empty = stars.isna().to_numpy(dtype=bool, copy=True)
    if empty.any():
        empty[empty] = (batch.frame[empty] == "").all(axis=1).to_numpy(dtype=bool)
    batch.frame = batch.frame.assign(stars=stars)
    batch.reject(empty, "an empty row")
    batch.reject(
        batch.frame["stars"].isna(),
        f"column '{batch.header('rating')}': not a whole number from 1 to 5",
    )


def form_of_dates(batch: Batch, days: pd.Series, codes: Sequence[str]) -> str:
    """Return the form of a file's dates; ``codes`` are the marketplaces of its rows."""
    return dates.column_form(
        days,
        stated=_form(batch.facts.marketplace, codes),
        file=batch.file,
        column=batch.header("date"),
        pattern=batch.facts.pattern,
    )


def market_by_form(form: str, facts: Facts) -> str | None:
    """Return the marketplace that a form of dates tells, where nothing else tells one."""
    # These two forms belong to one marketplace each; day first belongs to many.
    only = {"M/D/Y": "US", "D.M.Y": "DE"}.get(form)
    return only if only in (facts.marketplaces or (only,)) else None


def _stars(text: str) -> int | None:
    match = _RATING.fullmatch(text.strip())
    return int(match[1]) if match else None


def _form(stated: str | None, codes: Sequence[str]) -> str | None:
    """Return the one form of dates that the marketplaces of a file share, or None.

    An American account's file can hold buyers of the US (month first) and Canada (day first); which
    of the two it writes cannot be told from the first row.
    """
    forms = {marketplaces()[code].date_format for code in ([stated] if stated else codes)}
    if len(forms) > 1:
        # ISO dates show themselves, and a dot for a slash makes no other order.
        forms = {form.replace(".", "/") for form in forms} - {"Y-M-D"}
    return forms.pop() if len(forms) == 1 else None


def _table(batch: Batch) -> pd.DataFrame:
    keys = batch.keys(order_ids(batch))
    comments = scrub(batch.pop("comment"), strip=True)
    _note_damage(batch, comments)
    frame = batch.frame
    last = frame["day"].max()
    negatives_only = len(frame) > 0 and int(frame["stars"].max()) <= 3
    batch.notes += notes_on_stars(negatives_only, int((comments == "").sum()))
    return pd.DataFrame(
        {
            "date": frame["day"],
            "marketplace": frame["market"],
            "rating": frame["stars"].astype("int64"),
            "comment": comments,
            "response": scrub(batch.texts("response", missing=False)),
            "order_key": keys,
            "source": chosen(
                np.zeros(len(frame), dtype=np.int32),
                [NEGATIVES_ONLY if negatives_only else ALL_RATINGS],
                frame.index,
            ),
            "first_seen": last,
            "last_seen": last,
            "gone": False,
            **{name: frame[name] for name in ANSWERS if name in frame},
            **({"reason": batch.texts("reason")} if batch.has("reason") else {}),
        },
        index=frame.index,
        copy=False,
    )


def _marketplaces(batch: Batch) -> pd.Series:
    """Return each row's marketplace: the buyer's relay e-mail tells, else what is stated."""
    places, codes = relays(batch)
    stated = settled_marketplace(batch, set(codes))
    if stated:
        places = np.where(places < 0, len(codes), places)
    return chosen(places, [*codes, *([stated] if stated else [])], batch.frame.index)


def notes_on_stars(negatives_only: bool, stars_only: int) -> list[str]:
    """Return what the ledger says about the stars of a file."""
    notes = ["stars 1-3 only: positives must come from totals"] if negatives_only else []
    return notes + ([f"{stars_only:,} with stars but no text"] if stars_only else [])


def settled_marketplace(batch: Batch, found: set[str]) -> str | None:
    """Return the marketplace of rows whose e-mail does not tell it, or None.

    Parameters
    ----------
    batch : Batch
        What is stated about the file.
    found : set of str
        Marketplaces that the file's e-mails tell.

    Raises
    ------
    ReportError
        If they contradict what is stated.
    """
    stated = batch.facts.marketplace
    if stated and found and stated not in found:
        raise ReportError(
            f"the file is stated to be of {stated}, but its buyers wrote from another marketplace",
            file=batch.file,
            column=batch.header("email"),
            expected=stated,
            found=", ".join(sorted(found)),
            remedy="state the right marketplace, or move the file to the folder it belongs to",
        )
    refuse_other_shops(
        "the buyers wrote from", found, batch.facts, file=batch.file, column=batch.header("email")
    )
    if stated is None and len(found) == 1:
        stated = next(iter(found))
    return stated if found else batch.facts.market


def relays(batch: Batch) -> tuple[np.ndarray, list[str]]:
    """Return the place of each row's marketplace in a list of codes (-1: not told), and the list.

    The e-mails are used up by this.
    """
    places = np.full(len(batch.frame), -1, dtype=np.int32)
    codes: list[str] = []
    if not batch.has("email"):
        return places, codes
    emails = arrow(batch.pop("email"))
    left = np.array(pc.greater(pc.binary_length(emails), 0))
    # Hundreds of thousands of buyers write from one domain or a few: each is looked for once.
    for _ in range(_DOMAINS):
        if not left.any():
            break
        first = int(left.argmax())
        same = np.zeros(len(left), dtype=bool)
        match = _RELAY.search(emails[first].as_py().strip())
        if match:
            same = left & pc.ends_with(emails, match[0]).to_numpy()
        same[first] = True
        if match and (code := find_code(match[1])) is not None:
            codes += [code] if code not in codes else []
            places[same] = codes.index(code)
        left &= ~same
    for row in left.nonzero()[0].tolist():
        match = _RELAY.search(emails[row].as_py().strip())
        if match and (code := find_code(match[1])) is not None:
            codes += [code] if code not in codes else []
            places[row] = codes.index(code)
    return places, codes


def _note_damage(batch: Batch, comments: pd.Series) -> None:
    count = count_damaged(comments)
    if count:
        batch.notes.append(note_of_damage(count))


def count_damaged(comments: pd.Series) -> int:
    """Count the comments that lost characters before they came to us."""
    if not holds(arrow(comments), "\ufffd", "??"):
        return 0
    suspects = comments[comments.str.contains("\ufffd|\\?\\?", regex=True)]
    return sum(damaged(text) for text in suspects)


def note_of_damage(count: int) -> str:
    """Return what the ledger says about so many comments with lost characters."""
    return (
        f"{several(count, 'comment')} with lost characters (question marks instead); the same "
        "report downloaded in Seller Central is usually right"
    )
