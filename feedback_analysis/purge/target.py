"""Whose data is to go: the orders, their keys, and what their buyers wrote."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

import numpy as np
import pandas as pd

from feedback_analysis.causes.corrections import plain
from feedback_analysis.privacy import scrub_text
from feedback_analysis.purge.downloads import Download
from feedback_analysis.purge.search import SHORTEST, Searcher
from feedback_analysis.purged import DAYS


@dataclass(frozen=True)
class Target:
    """What is to go.

    Attributes
    ----------
    ids, keys : frozenset of str
        Order ids and their keys, of which nothing may be left.
    comments : frozenset of str
        What their buyers wrote, and nobody else: as written, as masked, and on one line.
    shared : int
        Comments of theirs that buyers of other orders wrote too, word for word; what is kept of
        these by their words alone is also others' and stays.
    before : date or None
        Rows of earlier days go too, whatever becomes of their orders later.
    rows : int
        Rows of downloads and kept readings that are to go.
    codes : Searcher
        Finds ids and keys.
    searcher : Searcher
        Finds these, and the comments that no other buyer's comment holds as a part.
    """

    ids: frozenset[str]
    keys: frozenset[str]
    comments: frozenset[str]
    shared: int = 0
    before: date | None = None
    rows: int = 0
    codes: Searcher = field(default_factory=lambda: Searcher(()), repr=False)
    searcher: Searcher = field(default_factory=lambda: Searcher(()), repr=False)

    def hides(self, keys: pd.Series, days: pd.Series | None = None) -> np.ndarray:
        """Tell which rows of a table are to go.

        Parameters
        ----------
        keys : Series of str
            Keys of orders.
        days : Series of datetime, optional
        """
        hidden = keys.isin(self.keys).to_numpy(dtype=bool, copy=True)
        if self.before is not None and days is not None:
            hidden |= (days < pd.Timestamp(self.before)).to_numpy(dtype=bool)
        return hidden

    def says(self, text: str) -> bool:
        """Tell whether a text is one of the comments, masked or not."""
        line = plain(text)
        return bool(line) and not self.comments.isdisjoint({line, plain(scrub_text(line))})

    @property
    def unsearched(self) -> int:
        """Comments too short to be looked for in the bytes of files."""
        return sum(len(each.encode()) < SHORTEST for each in self.comments)


def find_target(
    downloads: Iterable[Download],
    readings: Iterable[dict[str, pd.DataFrame]],
    known: dict[str, str],
    *,
    ids: frozenset[str],
    keys: frozenset[str],
    before: date | None,
    masks: Iterable,
) -> Target:
    """Gather what is to go from the files and from what was kept.

    Parameters
    ----------
    downloads : iterable of Download
        The shop's files, as read.
    readings : iterable of dict of DataFrame
        Tables of kept readings.
    known : dict
        Keys to order ids.
    ids, keys : frozenset of str
        The orders that were named; none with a date.
    before : date or None
        Or the day before which everything goes.
    masks : iterable of callable
        What else may have been masked in a comment.

    Returns
    -------
    Target
    """
    frames = [
        (name, frame)
        for tables in [*(each.tables for each in downloads), *readings]
        for name, frame in tables.items()
        if name in DAYS
    ]
    if before is not None:
        keys = _over(frames, before)
        ids = frozenset(known[key] for key in keys if key in known)
    codes = Searcher([*ids, *keys])
    rough = Target(ids, keys, frozenset(), before=before, codes=codes)
    mine: set[str] = set()
    others: set[str] = set()
    rows = 0
    for name, frame in frames:
        hidden = rough.hides(frame["order_key"], frame[DAYS[name]])
        rows += int(hidden.sum())
        if "comment" in frame:
            mine.update(frame["comment"][hidden].dropna())
            others.update(map(plain, frame["comment"][~hidden].dropna()))
    for each in downloads:
        for written, masked in each.written(rough):
            mine.update((written, masked))
    forms = {form for text in mine for form in _forms(text, masks)} - {""}
    shared = {text for text in forms if plain(text) in others}
    comments = frozenset(forms - shared)
    # "Late" in one buyer's mouth stands in many a longer comment of others.
    within = Searcher(comments).which("\n".join(sorted(others)).encode())
    alone = [text for text in comments if plain(text).encode() not in within]
    return Target(
        ids, keys, comments, len({plain(text) for text in shared}), before, rows, codes,
        Searcher([*ids, *keys, *alone]),
    )  # fmt: skip


def _over(frames: list[tuple[str, pd.DataFrame]], before: date) -> frozenset[str]:
    """Return the keys of orders of which every row is of an earlier day."""
    parts = [
        frame[["order_key", DAYS[name]]].set_axis(["key", "day"], axis=1) for name, frame in frames
    ]
    if not parts:
        return frozenset()
    last = pd.concat(parts).dropna().groupby("key")["day"].max()
    return frozenset(last[last < pd.Timestamp(before)].index)


def _forms(text: str, masks: Iterable) -> set[str]:
    masked = scrub_text(text)
    found = {text, text.strip(), plain(text), masked, masked.strip(), plain(masked)}
    return found | {mask(each) for mask in masks for each in found}


def named_order(text: str) -> str:
    """Return an order id in its usual form, whether or not it was typed with its dashes."""
    digits = "".join(sign for sign in text if sign.isalnum())
    if len(digits) == 17:
        return f"{digits[:3]}-{digits[3:10]}-{digits[10:]}".upper()
    return text.strip()


def is_whole(text: str) -> bool:
    """Tell whether a text is an order id and not a part of one."""
    return re.fullmatch(r"(\d{3}|[A-Z]\d{2})-\d{7}-\d{7}", named_order(text)) is not None
