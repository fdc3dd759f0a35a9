"""A text as a reader takes it: entities and percent codes undone, wide letters made plain.

An e-mail can hide from a pattern behind ``&#64;``, ``%40``, a full-width at sign or a sign of no
width. What is found in the plain text is masked in the text as it was written.
"""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache

# Only a text with one of these can be spelt otherwise than it reads.
_ODD = re.compile(r"[^\x20-\x7e\t\n\r]|&[#\w]|%[0-9A-Fa-f]{2}")
_CODED = re.compile(r"&[#\w]|%[0-9A-Fa-f]{2}")
_PARTS = re.compile(
    r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z]\w{1,30});?|(?:%[0-9a-fA-F]{2})+|.", re.DOTALL
)
# Signs without a width that are not of the category "format" (Cf).
_NO_WIDTH = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u180b\u180c\u180d\u3164\uffa0") | {
    chr(code) for code in range(0xFE00, 0xFE10)
}
# An at sign may be coded twice over ("%2540"); nobody does it oftener.
_ROUNDS = 3


def plain_spelling(text: str) -> tuple[str, list[tuple[int, int]] | None]:
    """Return a text as it reads, and where each of its characters came from.

    Parameters
    ----------
    text : str
        As written.

    Returns
    -------
    tuple of str and list
        The plain text, and start and end of each of its characters in ``text``; None when the
        text reads as it is written.

    Examples
    --------
    >>> plain_spelling("jo&#64;example.com")[0]
    'jo@example.com'
    """
    if not _ODD.search(text):
        return text, None
    if not _CODED.search(text):
        return _without_codes(text)
    spans: list[tuple[int, int]] = [(place, place + 1) for place in range(len(text))]
    made = text
    for _ in range(_ROUNDS):
        signs, places = [], []
        for part in _PARTS.finditer(made):
            for sign, first, end in _read(part[0], part.start()):
                signs.append(sign)
                places.append((spans[first][0], spans[end - 1][1]))
        before, made, spans = made, "".join(signs), places
        if made == before:
            break
    return (made, spans) if made != text else (text, None)


def _without_codes(text: str) -> tuple[str, list[tuple[int, int]] | None]:
    """Do the same for a text that holds no code, sign by sign."""
    signs = list(map(_plain_sign, text))
    made = "".join(signs)
    if made == text:
        return text, None
    return made, [(at, at + 1) for at, sign in enumerate(signs) for _ in sign]


def _read(part: str, start: int) -> Iterable[tuple[str, int, int]]:
    """Return what one part reads as: signs, each with its place before."""
    if len(part) > 1:
        said = html.unescape(part) if part[0] == "&" else _percent(part)
        if said == part:
            return [(sign, start + at, start + at + 1) for at, sign in enumerate(part)]
        if len(said) * 3 == len(part) and part[0] == "%":
            return [(sign, start + 3 * at, start + 3 * at + 3) for at, sign in enumerate(said)]
        return [(sign, start, start + len(part)) for sign in said]
    return [(sign, start, start + 1) for sign in _plain_sign(part)]


@lru_cache(maxsize=4096)
def _plain_sign(sign: str) -> str:
    """Return what one sign reads as: nothing when it has no width."""
    if sign < "\x7f":
        return sign if sign >= " " or sign in "\t\n\r" else ""
    if sign in _NO_WIDTH or unicodedata.category(sign) in ("Cf", "Cc"):
        return ""
    return unicodedata.normalize("NFKC", sign)


def _percent(part: str) -> str:
    try:
        return bytes.fromhex(part.replace("%", "")).decode()
    except UnicodeDecodeError:
        return part


def replace_spans(text: str, found: Iterable[tuple[int, int, str]]) -> str:
    """Return a text with some spans replaced.

    Parameters
    ----------
    text : str
        The text.
    found : iterable of tuple
        Start, end and what to put there; spans that overlap become one.
    """
    pieces, last = [], 0
    for start, end, mask in sorted(found):
        if start >= last:
            pieces += [text[last:start], mask]
        last = max(last, end)
    return "".join([*pieces, text[last:]])
