"""What was purged of a shop: a code of each order, and the day before which nothing is kept.

The code says only whether an order is one of these, and neither its id nor its key can be read from
it. It is what keeps a buyer's data away when the next download from Amazon holds it again.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from feedback_analysis.errors import ReportError
from feedback_analysis.privacy import write_private
from feedback_analysis.shop import KNOWN_BY
from feedback_analysis.tables import SCHEMAS

FILE = "purged.json"
FORM = 1
# Of the tables whose rows are of orders, the column that says which day a row is of.
DAYS = {name: day for name, day in KNOWN_BY.items() if "order_key" in SCHEMAS[name].columns}


@dataclass(frozen=True)
class Purged:
    """What a shop no longer keeps.

    Attributes
    ----------
    salt : bytes
        The shop's secret.
    codes : frozenset of str
        A code of each purged order.
    before : date or None
        Rows of earlier days are not kept either.
    counts : tuple of dict
        What each purge removed: how many rows and files, never whose.
    """

    salt: bytes = field(repr=False)
    codes: frozenset[str] = frozenset()
    before: date | None = None
    counts: tuple[dict[str, Any], ...] = ()

    def __bool__(self) -> bool:
        return bool(self.codes) or self.before is not None

    def hides(self, keys: pd.Series, days: pd.Series) -> np.ndarray:
        """Tell which rows are not kept.

        Parameters
        ----------
        keys : Series of str
            Keys of orders; missing ones are nobody's.
        days : Series of datetime

        Returns
        -------
        ndarray of bool
        """
        hidden = np.zeros(len(keys), dtype=bool)
        if self.codes:
            asked = {key: code_of(key, self.salt) in self.codes for key in keys.dropna().unique()}
            hidden |= keys.map(asked).eq(True).to_numpy(dtype=bool)
        if self.before is not None:
            hidden |= (days < pd.Timestamp(self.before)).to_numpy(dtype=bool)
        return hidden


def code_of(key: str, salt: bytes) -> str:
    """Return what a purged order is known by."""
    return hmac.new(salt, b"purged:" + key.encode(), hashlib.sha256).hexdigest()[:24]


def read_purged(folder: Path, salt: bytes) -> Purged:
    """Return what was purged of a shop.

    Parameters
    ----------
    folder : Path
        The shop's folder.
    salt : bytes
        Its secret.

    Returns
    -------
    Purged

    Raises
    ------
    ReportError
        If the list is damaged: what was removed must not come back unseen.
    """
    path = folder / ".private" / FILE
    if not path.is_file():
        return Purged(salt)
    try:
        held = json.loads(path.read_text("utf-8"))
        before = None if held["before"] is None else date.fromisoformat(held["before"])
        return Purged(salt, frozenset(held["orders"]), before, tuple(held["counts"]))
    except (OSError, ValueError, KeyError, TypeError):
        raise ReportError(
            "the list of what was purged is damaged",
            file=path,
            remedy="restore it from a backup, or remove it and purge again",
        ) from None


def add_purged(
    folder: Path,
    old: Purged,
    *,
    keys: Iterable[str],
    before: date | None,
    counts: dict[str, Any],
) -> Purged:
    """Keep in mind that more was purged.

    Parameters
    ----------
    folder : Path
        The shop's folder.
    old : Purged
        What was purged until now.
    keys : iterable of str
        Keys of the orders.
    before : date or None
        Rows of earlier days are gone too.
    counts : dict
        How much was removed.

    Returns
    -------
    Purged
    """
    codes = old.codes | {code_of(key, old.salt) for key in keys}
    days = [day for day in (old.before, before) if day is not None]
    new = Purged(old.salt, codes, max(days, default=None), (*old.counts, counts))
    held = {
        "form": FORM,
        "orders": sorted(new.codes),
        "before": None if new.before is None else new.before.isoformat(),
        "counts": list(new.counts),
    }
    write_private(folder / ".private" / FILE, (json.dumps(held, indent=1) + "\n").encode())
    return new


def without(name: str, frame: pd.DataFrame, hidden: np.ndarray) -> pd.DataFrame:
    """Return a table without what is hidden: of feedback, the stars and their day stay.

    Parameters
    ----------
    name : str
        The table.
    frame : DataFrame
        Its rows.
    hidden : ndarray of bool
        Which are not kept.

    Returns
    -------
    DataFrame
        A rating without words and without an order is nobody's, and without it past shares would
        no longer be true. Of other tables the rows are gone.
    """
    if not hidden.any():
        return frame
    if name != "feedback":
        return frame[~hidden].reset_index(drop=True)
    frame = frame.copy()
    frame.loc[hidden, ["comment", "response"]] = ""
    frame.loc[hidden, ["order_key", "reason"]] = pd.NA
    return frame
