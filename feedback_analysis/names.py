"""Names and addresses that the shop's files tell: known as one-way codes, never as words.

Downloads say in columns of their own who bought and where it went. No table keeps these columns.
What they hold is remembered as codes, so that the same words can be masked in a comment and looked
for on a finished page. The codes are made with a key (a shop's salt), so that they can be kept
beside the shop and mean nothing elsewhere.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from functools import cache, lru_cache
from hashlib import blake2b
from importlib.resources import files
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from feedback_analysis.spelling import plain_spelling, replace_spans
from feedback_analysis.texts import distinct

MASK = "[name]"
_WORD = re.compile("(?:[^\\W_]|[\u0300-\u036f])+")
_ASCII = re.compile("[a-z0-9]+")
# Chinese, Japanese and Korean names are written without blanks.
_JOINED = re.compile("[\u3005\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]+")
_TITLES = frozenset(
    "mr mrs ms miss dr prof sir madam herr frau hr fr mme mlle monsieur madame sr sra srta señor "
    "señora sig signor signora".split()
)
# "Amazon Customer" is nobody.
_NOBODY = frozenset("amazon kindle kunde kundin customer client cliente customers".split())
_LONGEST = 8
# A blank may be lost, or have no width.
_RUN_TOGETHER = 9
# What comments are learnt from; no page shows it.
_LEARNT_FROM = frozenset(("seeds", "words"))
# A column's value in so many rows is a word of the shop's, such as a carrier, and no buyer.
COMMON = 20


class Names:
    """Private words of a shop: found again, but not to be read out.

    Parameters
    ----------
    but : iterable of str
        Words that are no buyer's name, whoever is called so.
    key : bytes
        What the codes are made with.

    Examples
    --------
    >>> names = Names()
    >>> names.add(["Zebulon Quist"])
    >>> names.mask("thank you, zebulon QUIST"), names
    ('thank you, [name]', Names(1 known))
    """

    def __init__(self, but: Iterable[str] = (), *, key: bytes = b"") -> None:
        # A key of blake2b has at most 64 bytes.
        self._key = blake2b(key, digest_size=32).digest()
        self._but = {" ".join(word for word, _, _ in _words(plain_spelling(t)[0])) for t in but}
        self._known: set[int] = set()
        self._first: set[int] = set()
        self._joined: set[int] = set()
        self._lengths: set[int] = set()
        self._count = 0

    def __len__(self) -> int:
        return self._count

    def __repr__(self) -> str:
        return f"Names({self._count:,} known)"

    def add(self, texts: pd.Series | Iterable[str]) -> None:
        """Remember what private cells hold.

        Parameters
        ----------
        texts : Series or iterable of str
            Names, or lines of addresses. What is too short or too common a word to be told from
            any other, such as a first name alone, is not remembered.
        """
        for text in distinct(texts) if isinstance(texts, pd.Series) else texts:
            words = [folded for folded, _, _ in _words(plain_spelling(text)[0])]
            while words and words[0] in _TITLES:
                del words[0]
            if " ".join(words) in self._but:
                continue
            joined = "".join(words)
            if _JOINED.fullmatch(joined):
                if len(joined) >= 3:
                    self._joined.add(_code(joined, self._key))
                    self._lengths.add(len(joined))
                    self._count += 1
            elif _tells(words):
                self._count += 1
                for form in _forms(words):
                    self._known.add(_code(" ".join(form), self._key))
                    self._first.add(_code(form[0], self._key))

    def codes(self) -> dict[str, np.ndarray]:
        """Return what is remembered, to be kept: whole numbers, from which no name can be read."""
        parts = {"known": self._known, "first": self._first, "joined": self._joined}
        found = {name: np.array(sorted(codes), np.uint64) for name, codes in parts.items()}
        numbers = {"lengths": sorted(self._lengths), "count": [self._count]}
        return found | {name: np.array(some, np.uint64) for name, some in numbers.items()}

    def remember(self, codes: Mapping[str, np.ndarray]) -> Names:
        """Take in what :meth:`codes` gave of names with the same key, and return these names."""
        parts = {name: codes[name].tolist() for name in ("known", "first", "joined", "lengths")}
        for name, some in parts.items():
            getattr(self, f"_{name}").update(some)
        self._count += int(codes["count"][0])
        return self

    def find(self, text: str) -> list[tuple[int, int]]:
        """Return start and end of every known name in a text, however it is spelt."""
        if not self._count:
            return []
        plain, places = plain_spelling(text)
        if plain.isascii():
            words = set(_ASCII.findall(plain.lower()))
            if self._first.isdisjoint(_code(word, self._key) for word in words):
                return []
        found = [*self._spaced(plain), *self._unspaced(plain)]
        return [
            (start, end) if places is None else (places[start][0], places[end - 1][1])
            for start, end in found
        ]

    def mask(self, text: str) -> str:
        """Return a text with every known name masked."""
        found = self.find(text)
        return replace_spans(text, ((*span, MASK) for span in found)) if found else text

    def _spaced(self, text: str) -> Iterator[tuple[int, int]]:
        if not self._known:
            return
        words = list(_words(text))
        after = 0
        for place, (first, start, _) in enumerate(words):
            if place < after or _code(first, self._key) not in self._first:
                continue
            for length in range(min(_LONGEST, len(words) - place), 0, -1):
                phrase = " ".join(word for word, _, _ in words[place : place + length])
                known = _code(phrase, self._key) in self._known
                if known and not is_own_phrase(phrase):
                    after = place + length
                    yield start, words[after - 1][2]
                    break

    def _unspaced(self, text: str) -> Iterator[tuple[int, int]]:
        if not self._joined or not _JOINED.search(text):
            return
        signs = [(sign, place) for place, sign in enumerate(text) if not sign.isspace()]
        whole = "".join(sign for sign, _ in signs)
        for run in _JOINED.finditer(whole):
            for start in range(run.start(), run.end()):
                for length in self._lengths:
                    end = start + length
                    if end > run.end():
                        continue
                    if _code(whole[start:end], self._key) in self._joined:
                        yield signs[start][1], signs[end - 1][1] + 1


@lru_cache(maxsize=65_536)
def _code(words: str, key: bytes) -> int:
    code = blake2b(words.encode("utf-8", "surrogatepass"), digest_size=8, key=key)
    return int.from_bytes(code.digest(), "little")


def _words(text: str) -> Iterator[tuple[str, int, int]]:
    """Yield each word without case and accents, with its place."""
    for match in _WORD.finditer(text):
        yield _folded(match[0]), match.start(), match.end()


def _folded(word: str) -> str:
    word = word.casefold()
    if word.isascii():
        return word
    parts = unicodedata.normalize("NFD", word)
    return unicodedata.normalize(
        "NFC", "".join(sign for sign in parts if not "\u0300" <= sign <= "\u036f")
    )


def _tells(words: list[str]) -> bool:
    """Tell whether words are a name, or a line of an address, and not any words."""
    if not words or len(words) > _LONGEST or not _NOBODY.isdisjoint(words):
        return False
    numbered = any(word.isdecimal() for word in words)
    if len(words) == 1:
        mixed = any(map(str.isdecimal, words[0])) and any(map(str.isalpha, words[0]))
        return mixed and len(words[0]) >= 6
    if numbered:
        letters = max((len(word) for word in words if word.isalpha()), default=0)
        return len(words) >= 3 and letters >= 5
    return max(map(len, words)) >= 3 and sum(map(len, words)) >= 6


def _forms(words: list[str]) -> list[list[str]]:
    """Return the orders in which a name may be written; an address has one."""
    if any(word.isdecimal() for word in words) or len(words) == 1:
        return [words]
    first, last = words[0], words[-1]
    forms = [words, [last, *words[:-1]]]
    if len(words) > 2 and len(first) > 1:
        # Without the middle names, or without the second surname.
        short = [[first, word] for word in words[1:] if len(word) > 1]
        forms += [*short, *(pair[::-1] for pair in short)]
    if sum(map(len, words)) >= _RUN_TOGETHER:
        forms.append(["".join(words)])
    return forms


@lru_cache(maxsize=65_536)
def is_own_phrase(phrase: str) -> bool:
    """Tell whether words stand in the package's own texts, such as "customer service"."""
    return f" {phrase} " in _own_texts()


@lru_cache(maxsize=65_536)
def is_page_phrase(phrase: str) -> bool:
    """Tell whether a page may say these words itself; what comments are learnt from is on none."""
    return f" {phrase} " in _page_texts()


@cache
def _own_texts() -> str:
    """Return the words of the package's texts, seed comments and notebooks, read when needed."""
    return _page_texts() + _joined(_texts_below(files("feedback_analysis"), learnt=True))


@cache
def _page_texts() -> str:
    """Return the words of what pages are made of."""
    package = files("feedback_analysis")
    notebooks = Path(str(package)).parent / "notebooks"
    found = [path.read_text("utf-8") for path in sorted(notebooks.glob("[0-9]*.ipynb"))]
    return " " + _joined([*_texts_below(package, learnt=False), *found])


def _joined(texts: Iterable[str]) -> str:
    return "".join(f"{_folded(word)} " for text in texts for word in _WORD.findall(text))


def _texts_below(place: Any, *, learnt: bool, inside: bool = False) -> Iterator[str]:
    """Yield the texts in a folder: what comments are learnt from, or all the rest."""
    for entry in place.iterdir():
        # The sample shop's buyers are invented, but they are buyers.
        if entry.is_dir() and entry.name not in ("sample", "__pycache__"):
            within = inside or entry.name in _LEARNT_FROM
            yield from _texts_below(entry, learnt=learnt, inside=within)
        # This file shows how a name is masked.
        elif (
            inside is learnt
            and entry.name.endswith((".csv", ".j2", ".py", ".toml"))
            and entry.name != "names.py"
        ):
            yield entry.read_text("utf-8")
