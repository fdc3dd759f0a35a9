"""What the whole of a comment is about, by words: the delivery, the product, or more than that."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

# A point after a title ends no clause.
_TITLE = r"(?<!\bmr)(?<!\bmrs)(?<!\bms)(?<!\bm)(?<!\bsr)(?<!\bsra)(?<!\bsig)(?<!\bdhr)"
_CLAUSE = re.compile(_TITLE + r"[.!?;:\n\u2026]+(?=\s|$)|,\s+", re.IGNORECASE)
_WORD = re.compile(r"[^\W\d_]+")
# The marks that masking leaves where the seller's own data may have stood.
_MASKED = re.compile(r"\[(?:e-mail|phone)\]")
# "My number is [phone]" is the buyer's own.
_BUYERS = re.compile(
    r"\b(?:my|me|mine|meine?[rnm]?|mich|mir|mon|ma|mes|moi|mi|mis|mio|mia|mijn|moj\w*|mnie|benim|bana)\b"
    r"[^.!?;\n]{0,20}$",
    re.IGNORECASE,
)
# A clause without any known word says nothing of its own up to this length.
_SHORT = 5


@dataclass(frozen=True)
class Topic:
    """What a comment as a whole is about.

    Attributes
    ----------
    whole : str
        ``obscene``, ``personal``, ``product``, ``delivery``; ``mixed`` when it is about more than
        one thing or about the order itself; ``unclear`` when no known word says it.
    clause : str
        The part of the comment that says so, as written.
    """

    whole: str
    clause: str


def topic_of(comment: str) -> Topic:
    """Tell what the whole of a comment is about.

    Parameters
    ----------
    comment : str
        A buyer's words, masked.

    Returns
    -------
    Topic

    Notes
    -----
    A comment counts as being about the product, or about the delivery, only when words of that kind
    stand in it, none of any other kind do, and the part that no known word explains is short. What
    this finds and misses is measured by ``benchmarks/removal_candidates.py``.
    """
    plain = plain_text(comment)
    for kind in ("obscene", "personal"):
        if (place := _marked(kind, comment, plain)) is not None:
            return Topic(kind, _clause_at(comment, place))
    said = kinds_of(comment)
    if not said:
        return Topic("unclear", "")
    if len(said) > 1 or not said <= {"delivery", "product"} or _unexplained(plain):
        return Topic("mixed", "")
    (kind,) = said
    return Topic(kind, _clause_at(comment, _words(kind).search(plain).start()))


def kinds_of(comment: str) -> set[str]:
    """Tell which kinds of words stand in a comment.

    Parameters
    ----------
    comment : str
        A buyer's words, masked.

    Returns
    -------
    set of str
        Of ``delivery``, ``product``, ``other`` (service, returns, wrong or broken goods, price) and
        ``mention`` (the seller, a message, a box: named, which need not be what it is about).
    """
    plain = plain_text(comment)
    return {
        kind for kind in ("delivery", "product", "other", "mention") if _words(kind).search(plain)
    }


def plain_text(text: str) -> str:
    """Return a text in small letters without accents, letter by letter in the same places."""
    return "".join(_plain_letter(letter) for letter in text)


@cache
def _plain_letter(letter: str) -> str:
    special = {"ß": "s", "ł": "l", "Ł": "l", "ı": "i", "İ": "i", "ø": "o", "æ": "a", "’": "'"}
    base = special.get(letter) or unicodedata.normalize("NFD", letter)[:1].casefold()
    return base if len(base) == 1 else letter


@cache
def _table() -> dict[str, dict[str, list[str]]]:
    text = files("feedback_analysis.cases").joinpath("topics.toml").read_text("utf-8")
    return tomllib.loads(text)


@cache
def _words(kind: str) -> re.Pattern[str]:
    entries = sorted(
        {plain_text(word.replace("ß", "s")) for words in _table()[kind].values() for word in words}
    )
    parts = [
        re.escape(word[:-1]) + r"\b" if word.endswith("$") else re.escape(word) for word in entries
    ]
    return re.compile(r"\b(?:" + "|".join(parts) + ")")


@cache
def _names() -> re.Pattern[str]:
    titles = "|".join(re.escape(title) for title in _table()["titles"]["any"])
    upper = r"[^\W\d_a-zà-öø-ÿ]"
    return re.compile(rf"\b(?i:{titles})\.?\s+{upper}[\w'-]+\s+{upper}[\w'-]+")


def _marked(kind: str, comment: str, plain: str) -> int | None:
    if kind == "obscene":
        match = _words(kind).search(plain)
    else:
        marks = (
            one
            for one in _MASKED.finditer(comment)
            if not _BUYERS.search(plain[max(0, one.start() - 40) : one.start()])
        )
        match = next(marks, None) or _names().search(comment)
    return match.start() if match else None


def _clauses(text: str) -> list[tuple[int, int]]:
    ends = [match.end() for match in _CLAUSE.finditer(text)]
    return list(zip([0, *ends], [*ends, len(text)], strict=True))


def _clause_at(comment: str, place: int) -> str:
    start, end = next(span for span in _clauses(comment) if span[0] <= place < span[1])
    return comment[start:end].strip(" ,;:")


def _unexplained(plain: str) -> bool:
    """Tell whether more than a few words stand in clauses that no known word explains."""
    known = [_words(kind) for kind in ("delivery", "product")]
    left = sum(
        len(_WORD.findall(plain[start:end]))
        for start, end in _clauses(plain)
        if not any(words.search(plain, start, end) for words in known)
    )
    every = len(_WORD.findall(plain))
    return left > _SHORT and left > every / 2
