"""Cuts a comment into clauses, because buyers praise and complain in one breath."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from importlib.resources import files

# A shorter piece is no clause of its own.
SHORTEST = 8
SHORTEST_JAPANESE = 4
_MARKS = (
    r"(?<=[.!?…。！？;；])\s*|\n+|(?<=[,、，:])\s+|(?<=[、，])"
    r"|\s+[-–—]+\s+|[—–]|\s*[()]\s*|\s*\.\.+\s*"
)


def clauses(text: str, language: str) -> list[str]:
    """Cut a comment where marks or contrast words turn it.

    Parameters
    ----------
    text : str
    language : str
        Code such as ``en``; an unknown language is cut at marks only.

    Returns
    -------
    list of str
        The clauses in order; the comment itself when nothing turns it.

    Examples
    --------
    >>> clauses("quick delivery, well packed, sadly a fake", "en")
    ['quick delivery,', 'well packed,', 'sadly a fake']
    """
    shortest = SHORTEST_JAPANESE if language == "ja" else SHORTEST
    pieces = [piece.strip() for piece in _pattern(language).split(text)]
    found: list[str] = []
    turn = _turn(language)
    for piece in pieces:
        if not piece:
            continue
        if found and _belongs(piece, found[-1], shortest, turn):
            found[-1] = f"{found[-1]} {piece}" if language != "ja" else found[-1] + piece
        else:
            found.append(piece)
    # A comment that breaks off at "but" says no more than before it.
    if len(found) > 1 and turn.fullmatch(found[-1].rstrip(" .,!?")):
        found[-2:] = [f"{found[-2]} {found[-1]}"]
    return found or [text.strip()]


def _belongs(piece: str, before: str, shortest: int, turn: re.Pattern[str]) -> bool:
    """Tell whether a piece is too short for a clause, or goes on with one that is."""
    if len(piece) < shortest and not turn.match(piece):
        return True
    # "Fast, but ..." is a clause however short, as what follows turns it; "but sadly ..." is one.
    return len(before) < shortest and (not turn.match(piece) or bool(turn.match(before)))


@cache
def _data() -> dict[str, dict[str, list[str]]]:
    return tomllib.loads(files(__package__).joinpath("clauses.toml").read_text("utf-8"))


@cache
def _turn(language: str) -> re.Pattern[str]:
    """Return what a clause that turns the one before begins with."""
    words = _data()["contrast"].get(language, [])
    if not words or language == "ja":
        return re.compile(r"(?!)")
    return re.compile(rf"(?:{'|'.join(map(re.escape, words))})\b", re.IGNORECASE)


@cache
def _pattern(language: str) -> re.Pattern[str]:
    data = _data()
    parts = [_MARKS]
    # The longest first: "even though" before "though".
    words = sorted(data["contrast"].get(language, []), key=len, reverse=True)
    if words:
        any_word = "|".join(re.escape(word) for word in words)
        if language == "ja":
            parts.append(rf"(?={any_word})")
        else:
            parts.append(rf"\s+(?=(?:{any_word})\b)")
    closing = sorted(data["closing"].get(language, []), key=len, reverse=True)
    parts += [rf"(?<={re.escape(word)})" for word in closing]
    return re.compile("|".join(parts), re.IGNORECASE)
