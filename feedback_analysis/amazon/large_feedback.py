"""A large feedback file: the rows that are complaints in full, of the others what is counted.

Of feedback with 4 or 5 stars only the day, the marketplace, the stars and the order's key are kept:
nobody reads ten million praises one by one, and what is not kept cannot leak.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from feedback_analysis.amazon import dates
from feedback_analysis.amazon.batch import Batch
from feedback_analysis.amazon.decode import damaged
from feedback_analysis.amazon.feedback import (
    ANSWERS,
    form_of_dates,
    market_by_form,
    note_of_damage,
    notes_on_stars,
    rated,
    relays,
    settled_marketplace,
)
from feedback_analysis.amazon.kept import LargeFile
from feedback_analysis.amazon.large import Numbered, Opened, check_kept, finish_notes
from feedback_analysis.amazon.order_ids import order_ids
from feedback_analysis.privacy import OrderKeys, scrub
from feedback_analysis.tables import ALL_RATINGS, NEGATIVES_ONLY, TEXT
from feedback_analysis.texts import arrow, holds, raw, series

UNHAPPY = 3
# What a happy row does not keep.
_SAID = ("comment", "response", "reason")


@dataclass(eq=False)
class Whole:
    """What is decided over a whole file, once all of its pieces have come by.

    Attributes
    ----------
    days : DataFrame
        ``day_code`` and ``day``; missing where a text is no date of the file's form.
    markets : list of str or None
        Marketplace by ``market_code``; code 0 stands for rows that do not tell theirs.
    source : str
        ``all ratings`` or ``1-3 stars only``.
    reason : str
        Why rows without a day are set aside.
    """

    days: pd.DataFrame
    markets: list[str | None]
    source: str
    reason: str


@dataclass(eq=False)
class _Seen:
    """What the pieces of a file told so far."""

    ledger: LargeFile
    dates: Numbered = field(default_factory=Numbered)
    markets: Numbered = field(default_factory=Numbered)
    used: set[int] = field(default_factory=set)
    untold: bool = False
    # The most stars, and rows with such comments, by the number of their date: some dates turn out
    # to be none.
    best: dict[int, int] = field(default_factory=dict)
    stars_only: Counter[int] = field(default_factory=Counter)
    damaged: Counter[int] = field(default_factory=Counter)
    lost_ids: Counter[int] = field(default_factory=Counter)
    batch: Batch | None = None

    def take(self, batch: Batch) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Set rows without stars aside; return day codes, market codes and stars of the rest."""
        rated(batch)
        for line, reason in batch.set_aside:
            self.ledger.aside.add(line, reason)
        self.batch = batch
        stars = batch.frame["stars"].to_numpy(dtype=np.int64)
        days = self.dates.codes(batch.frame["date"])
        for day, most in pd.Series(stars).groupby(days).max().items():
            self.best[day] = max(self.best.get(day, 0), most)
        places, codes = relays(batch)
        known = np.concatenate([[0], self.markets.of(codes) + 1]).astype(np.int32)
        self.untold |= bool((places < 0).any())
        self.count_words(batch.frame["comment"], days)
        return days, known[places + 1], stars

    def count_words(self, comments: pd.Series, days: np.ndarray) -> None:
        """Count comments that are blank, and those that lost characters."""
        texts = arrow(comments)
        blank = pc.equal(pc.binary_length(texts), 0).to_numpy()
        odd = ~blank & _begins_blank(texts)
        if odd.any():
            trimmed = pc.utf8_trim_whitespace(texts.filter(pa.array(odd)))
            blank = blank.copy()
            blank[odd] = pc.equal(pc.binary_length(trimmed), 0).to_numpy()
        self.stars_only.update(days[blank].tolist())
        if holds(texts, "\ufffd", "??"):
            suspects = pc.match_substring_regex(texts, r"\x{FFFD}|\?\?").to_numpy()
            lost = scrub(series(texts.filter(pa.array(suspects))), strip=True).map(damaged)
            self.damaged.update(days[suspects][lost.to_numpy(dtype=bool)].tolist())

    def whole(self) -> Whole:
        """Decide what belongs to the whole file.

        Raises
        ------
        ReportError
            As for a small file: dates of two meanings, or another shop's marketplaces.
        """
        batch = self.batch
        assert batch is not None
        batch.facts = self.ledger.facts
        filler = settled_marketplace(batch, set(self.markets.texts))
        codes = [*self.markets.texts, *([filler] if filler and self.untold else [])]
        texts = self.dates.series()
        form = form_of_dates(batch, texts, list(dict.fromkeys(codes)))
        if not codes:
            filler = market_by_form(form, batch.facts)
        days = pd.DataFrame(
            {
                "day_code": np.arange(len(texts), dtype=np.int32),
                "day": dates.parse_days(texts, form),
            }
        )
        dated = set(np.flatnonzero(days["day"].notna()).tolist())
        best = max((most for day, most in self.best.items() if day in dated), default=0)
        negatives_only = 0 < best <= UNHAPPY
        lost, wordless, self.ledger.lost_ids = (
            sum(n for day, n in counter.items() if day in dated)
            for counter in (self.damaged, self.stars_only, self.lost_ids)
        )
        notes = [note_of_damage(lost)] if lost else []
        self.ledger.notes += notes + notes_on_stars(negatives_only, wordless)
        return Whole(
            days,
            [filler, *self.markets.texts],
            NEGATIVES_ONLY if negatives_only else ALL_RATINGS,
            batch.not_a_day("date", form),
        )


def _begins_blank(texts: pa.ChunkedArray) -> np.ndarray:
    """Tell quickly which texts begin with a blank, or with a sign that may be one."""
    parts = []
    for chunk in texts.chunks:
        content, ends = raw(chunk)
        starts = np.concatenate([[0], ends[:-1]])
        first = np.full(len(chunk), ord("x"), dtype=np.uint8)
        some = ends > starts
        first[some] = content[starts[some]]
        parts.append((first <= 32) | (first >= 0xC2))
    return np.concatenate(parts) if parts else np.array([], dtype=bool)


def feedback_pieces(
    opened: Opened, keys: OrderKeys, ledger: LargeFile, decided: list[Whole]
) -> Iterator[pa.Table]:
    """Yield the rows of a feedback file, with codes for what is decided at the end.

    Parameters
    ----------
    opened, keys, ledger
        As for :func:`.large.tidy_pieces`.
    decided : list
        Gets what is decided over the whole file, once the last piece was taken.

    Yields
    ------
    pyarrow.Table
        ``line``, ``day_code``, ``market_code``, ``rating``, ``order_key``; of unhappy rows
        ``order_id`` (for the seller's own list of cases), ``comment``, ``response``, ``reason`` and
        the buyer's answers too. A row without an order id keeps its comment, by which it is known.
    """
    seen = _Seen(ledger)
    for batch in opened.batches(keys, ledger):
        days, markets, stars = seen.take(batch)
        written = order_ids(batch)
        seen.lost_ids.update(days[batch.lost_ids].tolist())
        ids = keys(written)
        ledger.notes += batch.notes
        full = (stars <= UNHAPPY) | ids.isna().to_numpy(dtype=bool)
        columns = {
            "line": batch.lines.astype(np.int64),
            "day_code": days,
            "market_code": markets,
            "rating": stars.astype(np.int8),
            "order_key": arrow(ids).combine_chunks(),
            "order_id": _of_some(written[full], full),
        }
        for name in _SAID:
            columns[name] = _of_some(_words(batch, name, full), full)
        for name in ANSWERS:
            answers = batch.frame[name][full] if batch.has(name) else None
            columns[name] = _of_some(answers, full, pa.bool_())
        yield pa.table(columns)
    decided.append(seen.whole())


def _words(batch: Batch, name: str, full: np.ndarray) -> pd.Series | None:
    if not batch.has(name):
        return None
    texts = batch.frame[name][full]
    if name == "reason":
        texts = texts.str.strip()
        return texts.where(texts != "")
    return scrub(texts, strip=True)


def _of_some(
    values: pd.Series | None, rows: np.ndarray, kind: pa.DataType | None = None
) -> pa.Array:
    """Return a column for all rows of values for some of them."""
    kind = kind or pa.large_string()
    if values is None:
        return pa.nulls(len(rows), kind)
    found = arrow(values).combine_chunks() if kind == pa.large_string() else pa.array(values, kind)
    places = np.cumsum(rows) - 1
    return found.take(pa.array(places, mask=~rows))


def tally_pieces(opened: Opened) -> tuple[pd.DataFrame, LargeFile]:
    """Count the rows of a feedback file without keeping any of them.

    Parameters
    ----------
    opened : Opened

    Returns
    -------
    DataFrame
        ``date``, ``marketplace``, ``rating``, ``source``, ``n``: what a tally of the rows would be.
    LargeFile
        Its ledger.
    """
    ledger = opened.ledger()
    seen = _Seen(ledger)
    counts = np.zeros((0, 0, 6), dtype=np.int64)
    for batch in opened.batches(OrderKeys(b"none", remember=False), ledger):
        days, markets, stars = seen.take(batch)
        size = (len(seen.dates.texts), len(seen.markets.texts) + 1, 6)
        counts = _grown(counts, size)
        flat = np.ravel_multi_index((days, markets, stars), size)
        counts += np.bincount(flat, minlength=counts.size).reshape(size)
    whole = seen.whole()
    unread = whole.days["day"].isna().to_numpy()
    if counts[unread].any():
        texts = {text for text, bad in zip(seen.dates.texts, unread, strict=True) if bad}
        for line in _lines_dated(opened, texts):
            ledger.aside.add(line, whole.reason)
        counts[unread] = 0
    finish_notes(ledger)
    check_kept(ledger)
    day, market, rating = np.nonzero(counts)
    table = pd.DataFrame(
        {
            "date": whole.days["day"].to_numpy()[day],
            "marketplace": pd.Series([whole.markets[code] for code in market], dtype=TEXT),
            "rating": rating.astype(np.int64),
            "source": whole.source,
            "n": counts[day, market, rating],
        }
    )
    # A day may have been written in two ways.
    keys = ["date", "marketplace", "rating", "source"]
    return table.groupby(keys, as_index=False, dropna=False)["n"].sum(), ledger


def _grown(counts: np.ndarray, size: tuple[int, ...]) -> np.ndarray:
    if counts.shape == size:
        return counts
    return np.pad(counts, [(0, new - old) for new, old in zip(size, counts.shape, strict=True)])


def _lines_dated(opened: Opened, texts: set[str]) -> Iterator[int]:
    """Yield the lines of rows with such dates: read once more, because hardly any file has one."""
    sought = pd.Series(sorted(texts), dtype=TEXT)
    for batch in opened.batches(OrderKeys(b"none", remember=False), opened.ledger()):
        rated(batch)
        yield from batch.lines[batch.frame["date"].isin(sought).to_numpy(dtype=bool)].tolist()
