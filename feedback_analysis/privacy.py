"""Privacy at the door: mask personal data in text, and turn order ids into keys.

What masking misses is known and said in the README: an e-mail spelt out in words ("x at example dot
com"), and tracking numbers longer than a phone number. What it takes too much of: any run of 8 to
15 digits in a comment, such as an EAN. Names are masked where a file of the shop tells them
(``names.py``).
"""

from __future__ import annotations

import hashlib
import os
import re
import secrets
import sys
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from feedback_analysis.aside import aside
from feedback_analysis.errors import ReportError
from feedback_analysis.spelling import plain_spelling, replace_spans
from feedback_analysis.texts import arrow, blocks, pool, raw, series

# The private map from keys back to order ids, below .private.
KEY_MAP = "order-keys.csv"
# Every dash that a telephone or a Japanese keyboard puts for a hyphen.
_DASHES = "\u2010-\u2015\u2212\uff0d-"
_GAP = rf"[\s{_DASHES}]{{0,3}}"
_MARK = rf"[\s./{_DASHES}]"
ORDER_ID = re.compile(
    rf"(?:(?<!\w)D\d{{2}}|(?<!\d)\d{{3}}){_GAP}\d{{7}}{_GAP}\d{{7}}(?!\d)"
    # Each digit by itself: 0 0 0 1 2 3 ...
    r"|(?<!\d)\d(?:\s\d){16}(?!\d)",
    re.IGNORECASE,
)
# No longer than the standard allows, and nothing tried twice: a long word costs no more. With
# blanks around the at sign too, save where somebody "bought it @ amazon.com".
EMAIL = re.compile(
    r"[\w.%+-]{1,64}+(?:@|\s{1,2}@\s{0,2}(?!amazon\.)|@\s{1,2}(?!amazon\.))[\w.-]{1,255}"
    r"(?:\.\w{2,}|\s?\.\s?(?:com|net|org|co|de|fr|it|es|uk|jp|nl|eu|info|mx|br|se|pl|ca|us)\b)",
)
PHONE = re.compile(
    rf"(?<!\d)(?:\+?\d{{1,3}}{_MARK}?)?(?:\(\d{{2,5}}\)|\d{{2,5}}){_MARK}?\d{{3,4}}{_MARK}?\d{{2,4}}(?!\d)"
    rf"|(?<!\d)\d{{3}}{_MARK}\d{{4}}(?!\d)"
    # In pairs, as in France and Belgium: 06 12 34 56 78, +33 6 12 34 56 78, 0470 12 34 56.
    rf"|(?<!\d)(?:\+\d{{1,3}}{_MARK}?(?:\(0\){_MARK}?)?\d{{1,3}}|0\d{{1,3}})"
    rf"(?P<mark>{_MARK})\d\d(?:(?P=mark)\d\d){{2,3}}(?!\d)"
    # Each digit by itself.
    rf"|(?<!\d)\+?\d(?:{_MARK}\d){{8,14}}(?!\d)"
)
MASKS = ((EMAIL, "[e-mail]"), (ORDER_ID, "[order id]"), (PHONE, "[phone]"))
# Numbers to call in the name of a file, where other digits with dashes are days.
_CALLED = re.compile(
    rf"(?<![\w-])(?:\+?1{_MARK}?)?\(?\d{{3}}\)?{_MARK}\d{{3}}{_MARK}\d{{4}}(?![\w-])"
    rf"|\+\d(?:{_MARK}?[()\d]){{7,14}}(?!\d)"
)
# Endings of files, which an e-mail at the end of a name would swallow.
_ENDING = re.compile(r"(?:\.(?:txt|csv|tsv|json|xlsx?|zip|gz|pdf|html?|parquet))+\Z", re.IGNORECASE)
# Only these rows can hold anything to mask; the test costs a tenth of the masking itself.
_SUSPECT = r"@|\x{FF20}|\x{FE6B}|&[#\w]|%[0-9A-Fa-f]{2}|(?:\p{Nd}[^\p{Nd}]{0,3}){6}\p{Nd}"
# What stands for a masked part while others are looked for; it is no letter and no digit.
_TAKEN = "\ufffc"
# Seven digits with three characters of at most four bytes between any two.
_CLOSE = 6 * (3 * 4 + 4)
# Every order id and phone number lies inside one of these, which are found many times faster
# because they say which character they begin with.
_RUN = re.compile(rf"[+(dD\d][+()\d\s./{_DASHES}]{{6,}}")
_SIGNS = np.frombuffer(b"@&%", dtype=np.uint8)
# Letters that a salt has at least.
_SALT = 32
# Rows at a time: for masking, and for keys, where more would cost more in fresh memory.
_BLOCK, _FEW = 65_536, 8_192


def scrub_text(text: str) -> str:
    """Return a text with e-mails, phone numbers and order ids masked.

    Examples
    --------
    >>> scrub_text("write to jo@example.com about 000-1234567-1234567")
    'write to [e-mail] about [order id]'
    """
    plain, places = plain_spelling(text)
    if places is not None:
        found = personal_spans(plain)
        return replace_spans(
            text, ((places[start][0], places[end - 1][1], mask) for start, end, mask in found)
        )
    if "@" in text:
        text = EMAIL.sub("[e-mail]", text)
    return _RUN.sub(_scrub_run, text)


def mask_name(text: str, write: Callable[[str, str], str] | None = None) -> str:
    """Return a file's name, or words that hold one, with e-mails and order ids masked.

    Of phone numbers those with a plus and American ones are: other digits with dashes are days in a
    name. Endings stay, which say what a file is.

    Parameters
    ----------
    text : str
        As people name files: ``jo@example.com feedback 000-1234567-1234567.txt``.
    write : callable, optional
        Takes a personal part and its mask and returns what is to stand there; by default the mask.

    Returns
    -------
    str

    Examples
    --------
    >>> mask_name("US/jo@example.com orders.csv")
    'US/[e-mail] orders.csv'
    """
    plain, places = plain_spelling(text)
    spans = []
    # Order ids first: dashes and digits before an at sign could be a part of an address.
    for pattern, mask in ((ORDER_ID, "[order id]"), (EMAIL, "[e-mail]"), (_CALLED, "[phone]")):
        for match in pattern.finditer(plain):
            start, end = match.span()
            if pattern is EMAIL and (ending := _ENDING.search(match[0])):
                end -= len(ending[0])
            spans.append((start, end, mask))
            plain = plain[:start] + _TAKEN * (end - start) + plain[end:]
    if places is not None:
        spans = [(places[start][0], places[end - 1][1], mask) for start, end, mask in spans]
    shown = write or (lambda _, mask: mask)
    return replace_spans(text, ((a, b, shown(text[a:b], mask)) for a, b, mask in sorted(spans)))


def personal_spans(text: str) -> list[tuple[int, int, str]]:
    """Return start, end and mask of what is personal in a text that reads as it is written."""
    found = []
    for pattern, mask in MASKS:
        # Of two numbers that touch, the second is one only when the first is gone.
        while matches := [match.span() for match in pattern.finditer(text)]:
            for start, end in matches:
                found.append((start, end, mask))
                text = text[:start] + _TAKEN * (end - start) + text[end:]
    return found


def _scrub_run(run: re.Match[str]) -> str:
    part, start = run[0], run.start()
    # Order ids first: a phone pattern run first would leave "[phone]-7654321".
    if len(part) >= 17:
        before = run.string[max(start - 1, 0) : start]
        part = ORDER_ID.sub("[order id]", before + part)[len(before) :]
    # Of two numbers that touch, the second is one only when the first is gone.
    while _RUN.search(part) and (masked := PHONE.sub("[phone]", part)) != part:
        part = masked
    return part


def scrub(texts: pd.Series, *, strip: bool = False) -> pd.Series:
    """Mask personal data in a column of texts; missing texts become empty ones.

    Parameters
    ----------
    texts : Series of str
    strip : bool, default=False
        Take blanks off both ends first.

    Returns
    -------
    Series of str
        Same index; e-mails, phones and order ids replaced by ``[e-mail]``, ``[phone]``,
        ``[order id]``.
    """
    parts = []
    for part in blocks(pc.fill_null(arrow(texts), ""), _BLOCK):
        parts.append(pc.utf8_trim_whitespace(part, memory_pool=pool()) if strip else part)
    for number, rows in enumerate(_suspects(parts)):
        part = parts[number]
        masked = [scrub_text(text) for text in part.take(pa.array(rows)).to_pylist()]
        if masked:
            mask = np.zeros(len(part), dtype=bool)
            mask[rows] = True
            replaced = pa.array(masked, type=pa.large_string())
            parts[number] = pc.replace_with_mask(part, mask, replaced, memory_pool=pool())
    return series(pa.chunked_array(parts, type=pa.large_string()), texts.index)


def _suspects(parts: Sequence[pa.LargeStringArray]) -> list[np.ndarray]:
    """Return the rows of each part that may hold something to mask: by bytes, then by pattern."""
    rows = [_suspect_bytes(part) for part in parts]
    found = [part.take(pa.array(few)) for part, few in zip(parts, rows, strict=True)]
    # One search over all of them, because each search builds its machine anew.
    sure = pc.match_substring_regex(pa.chunked_array(found, pa.large_string()), _SUSPECT)
    ends = np.cumsum([len(few) for few in rows])
    told = np.split(sure.to_numpy(), ends[:-1]) if parts else []
    return [few[which] for few, which in zip(rows, told, strict=True)]


def _suspect_bytes(block: pa.LargeStringArray) -> np.ndarray:
    content, ends = raw(block)
    digits = np.flatnonzero((content - np.uint8(ord("0"))) < 10)
    close = digits[:-6][digits[6:] - digits[:-6] <= _CLOSE]
    # Digits of other scripts are made of bytes from here on, and so is much that is none.
    others = np.flatnonzero(np.isin(content, _SIGNS) | (content >= 0xD9))
    rows = np.zeros(len(block), dtype=bool)
    for places in (close, others):
        rows[np.searchsorted(ends, places, side="right")] = True
    return np.flatnonzero(rows)


@dataclass
class OrderKeys:
    """Turns order ids into keys that say nothing without the salt, and remembers the way back.

    Parameters
    ----------
    salt : bytes
        Secret of the shop. Same salt and order id, same key.
    remember : bool
        Keep ``known`` (key -> order id) for the seller's private map.
    """

    salt: bytes
    remember: bool = True
    known: dict[str, str] = field(default_factory=dict, repr=False)

    def __call__(self, order_ids: pd.Series) -> pd.Series:
        """Return the key of each order id; a blank order id has none (missing)."""
        whole = pc.utf8_trim_whitespace(pc.fill_null(arrow(order_ids), ""))
        inner, outer = _hmac_halves(self.salt)
        chunks = []
        for ids in blocks(whole, _FEW):
            keys = _keys(ids, inner, outer)
            if self.remember:
                pairs = zip(keys.to_pylist(), ids.to_pylist(), strict=True)
                self.known.update((key, text) for key, text in pairs if key)
            chunks.append(keys)
        return series(pa.chunked_array(chunks, type=pa.large_string()), order_ids.index)


def _hmac_halves(salt: bytes) -> tuple[Any, Any]:
    """Return the begun inner and outer hash of HMAC-SHA256 (RFC 2104), which every id shares.

    ``hmac.digest`` gives the same and begins anew for each id, at more than twice the cost.
    """
    key = (hashlib.sha256(salt).digest() if len(salt) > 64 else salt).ljust(64, b"\0")
    return (
        hashlib.sha256(bytes(byte ^ 0x36 for byte in key)),
        hashlib.sha256(bytes(byte ^ 0x5C for byte in key)),
    )


def _keys(ids: pa.LargeStringArray, inner: Any, outer: Any) -> pa.LargeStringArray:
    """Return "o" and the first 16 hexadecimal digits of each id's code; of a blank id, missing."""
    begin, finish = inner.copy, outer.copy
    codes = []
    for text in ids.cast(pa.large_binary()).to_pylist():
        first, second = begin(), finish()
        first.update(text)
        second.update(first.digest())
        codes.append(second.digest())
    halves = np.frombuffer(b"".join(codes), dtype=np.uint8).reshape(-1, 32)[:, :8]
    digits = np.frombuffer(b"0123456789abcdef", dtype=np.uint8)
    letters = np.empty((len(codes), 17), dtype=np.uint8)
    letters[:, 0] = ord("o")
    letters[:, 1::2], letters[:, 2::2] = digits[halves >> 4], digits[halves & 15]
    ends = np.arange(0, letters.size + 1, 17, dtype=np.int64)
    keys = pa.LargeStringArray.from_buffers(
        len(codes), pa.py_buffer(ends), pa.py_buffer(letters.tobytes())
    )
    blank = pc.equal(pc.binary_length(ids), 0)
    return pc.if_else(blank, pa.scalar(None, pa.large_string()), keys)


def shop_salt(folder: Path, stated: str | None) -> bytes:
    """Return the salt of a shop: the one shop.toml states, or its own, drawn once and kept 0600.

    Raises
    ------
    ReportError
        If the salt can neither be read nor written, or part of it is lost: with another one, what
        was kept by the keys of orders, and what was purged by them, would not be known any more.
    """
    if stated is not None:
        return stated.encode()
    path = folder / ".private" / "salt"
    with suppress(OSError):
        # An empty one is what a full disk or a killed run left.
        if 0 < len(path.read_bytes().strip()) < _SALT:
            raise ReportError(
                "the salt of the shop's order keys is damaged",
                file=path,
                expected=f"at least {_SALT} letters",
                remedy="restore it from a backup, or remove it: orders then get new keys, and what "
                "was purged has to be purged again",
            )
    return _kept_salt(path)


def user_salt() -> bytes:
    """Return the salt for files read without a shop, from the user's configuration folder."""
    if sys.platform == "win32":
        base = Path(os.environ.get("APPDATA", Path.home() / "AppData" / "Roaming"))
    else:
        base = Path(os.environ.get("XDG_CONFIG_HOME") or Path.home() / ".config")
    return _kept_salt(base / "feedback_analysis" / "salt")


def _kept_salt(path: Path) -> bytes:
    try:
        if path.is_file() and len(salt := path.read_bytes().strip()) >= _SALT:
            return salt
        salt = secrets.token_hex(32).encode()
        write_private(path, salt + b"\n")
        return salt
    except OSError as error:
        raise ReportError(
            f"the salt for order keys cannot be kept: {error.strerror}",
            file=path,
            remedy="make the folder writable, or state [privacy] salt in shop.toml",
        ) from None


def write_key_map(folder: Path, known: dict[str, str]) -> None:
    """Write the private map ``.private/order-keys.csv`` (order_key, order_id), sorted, 0600."""
    path = folder / ".private" / KEY_MAP
    lines = ["order_key,order_id", *(f"{key},{_cell(known[key])}" for key in sorted(known))]
    content = ("\n".join(lines) + "\n").encode()
    if not path.is_file() or path.read_bytes() != content:
        write_private(path, content)


def _cell(text: str) -> str:
    return '"' + text.replace('"', '""') + '"' if set(text) & set(',"\n\r') else text


def write_private(path: Path, content: bytes) -> None:
    """Write a file that only its owner may read, aside first, so that it is never half there."""
    make_private(path.parent)
    with aside(path) as new:
        new.write_bytes(content)


def make_private(folder: Path) -> None:
    """Make a folder for its owner only, with the folders above it up to ``.private``, never shared.

    Parameters
    ----------
    folder : Path
        May be there already.
    """
    home = next((each for each in (folder, *folder.parents) if each.name == ".private"), None)
    if home is None:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        return
    home.parent.mkdir(parents=True, exist_ok=True)
    # One by one: mkdir gives the rights to the last of them only.
    for each in (home, *reversed([one for one in folder.parents if home in one.parents]), folder):
        each.mkdir(exist_ok=True, mode=0o700)
    ignore = home / ".gitignore"
    # An empty one is what a full disk or a killed run left.
    if not ignore.is_file() or not ignore.stat().st_size:
        with aside(ignore) as new:
            new.write_text("*\n")
