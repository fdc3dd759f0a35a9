"""The last masks of a shop's tables: names in any text, and personal data where a code belongs."""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Callable
from typing import Any

import pandas as pd

from feedback_analysis import tables
from feedback_analysis.names import COMMON, Names
from feedback_analysis.privacy import EMAIL, ORDER_ID, PHONE, scrub, scrub_text
from feedback_analysis.spelling import plain_spelling
from feedback_analysis.tables import TEXT
from feedback_analysis.tallies import SCHEMAS, Tallies
from feedback_analysis.texts import mapped

# What a person wrote: masked as the file was read, but for names.
_SAID = {"comment", "response"}
# Numbers of products. Digits alone are a barcode or a number of the seller's own, never a phone.
_CODES = {"sku", "asin", "parent_asin", "child_asin"}
# Keys of our own, and words from lists of ours.
_OURS = {"order_key", "case_id", "window", "channel", "question", "basis", "source"}
_DIGITS = re.compile(r"\d+|[\d-]+")
_AMERICAN = re.compile(r"\d{3}-\d{3}-\d{4}")


def mask_tables(found: dict[str, pd.DataFrame], names: Names, salt: bytes) -> None:
    """Mask what is left of personal data in the texts of a shop's tables, in place.

    Parameters
    ----------
    found : dict of DataFrame
        Tables by name.
    names : Names
        Names and addresses that the files told.
    salt : bytes
        Secret of the shop: masked codes of products stay apart, and are the same in every table.
    """
    for name, frame in found.items():
        changed = {}
        for column, declared in tables.SCHEMAS[name].columns.items():
            if declared.dtype != TEXT or column in _OURS or frame.empty:
                continue
            texts = frame[column]
            masked = _masked(texts, column, names, salt)
            if masked is not None:
                changed[column] = masked
        if changed:
            found[name] = frame.assign(**changed)


def mask_tallies(tallies: Tallies, salt: bytes) -> Tallies:
    """Return the tallies of a condensed shop with the masks that its tables have.

    Names are not looked for: a shop that is condensed does not know them.

    Parameters
    ----------
    tallies : Tallies
        Counted already.
    salt : bytes
        As for :func:`mask_tables`.
    """
    found = dict(tallies.tables())
    changed = False
    for name, frame in found.items():
        for column in (key for key in SCHEMAS[name].keys if key not in _OURS):
            texts = frame[column]
            if isinstance(texts.dtype, pd.CategoricalDtype):
                texts = texts.cat.categories.to_series()
            if texts.dtype != TEXT:
                continue
            each = pd.Series(texts.dropna().unique(), dtype=TEXT)
            masked = _masked(each, column, Names(), salt)
            if masked is not None:
                written = dict(zip(each, masked, strict=True))
                plain = frame[column].astype(object).map(written, na_action="ignore")
                frame, changed = frame.assign(**{column: plain.astype(TEXT)}), True
        found[name] = frame
    # What is masked alike is added up; and the order of rows follows what is written now.
    return Tallies(**found) + Tallies() if changed else tallies


def _masked(texts: pd.Series, column: str, names: Names, salt: bytes) -> pd.Series | None:
    """Return a column with its masks, or None where there is nothing to mask."""
    if column in _SAID:
        return _each(texts, names.mask) if len(names) else None
    counts = texts.value_counts()
    # Values that many rows share are the shop's own words, whatever somebody is called.
    rare = set(counts.index[counts < COMMON]) if len(names) else set()

    def write(text: str) -> str:
        if column in _CODES:
            personal = _personal_code(text) or (text in rare and bool(names.find(text)))
            return _pseudonym(text, salt) if personal else text
        masked = scrub_text(text)
        return names.mask(masked) if text in rare else masked

    known = counts.index.to_series()
    if not len(names) and column not in _CODES and scrub(known).equals(known):
        return None
    return _each(texts, write)


def _each(texts: pd.Series, write: Callable[[str], str]) -> pd.Series | None:
    changes = False

    def noted(text: Any) -> str:
        nonlocal changes
        made = write(text)
        changes = changes or made != text
        return made

    made = mapped(texts, noted, TEXT)
    return made if changes else None


def _personal_code(text: str) -> bool:
    """Tell whether a product's number holds an e-mail, an order id or a number to call."""
    plain = plain_spelling(text)[0].strip()
    if EMAIL.search(plain) or ORDER_ID.search(plain) or _AMERICAN.fullmatch(plain):
        return True
    if _DIGITS.fullmatch(plain):
        return False
    match = PHONE.search(plain)
    # With letters on it the digits are part of a code.
    return match is not None and not re.search(r"[^\W\d_]", plain.replace(match[0], ""))


def _pseudonym(text: str, salt: bytes) -> str:
    code = hmac.digest(salt, text.encode("utf-8", "surrogatepass"), hashlib.sha256).hex()[:8]
    return f"[masked {code}]"
