"""Glosses phrase by phrase and word by word a language that the sentence encoder does not know.

The encoder knows sixteen languages, and Swedish is not among them; Amazon sells in Sweden. Its
words in English, in the order in which they stand, are close enough to English for its vectors.
"""

from __future__ import annotations

import re
from functools import cache
from importlib.resources import files

# Words of the longest phrase that is looked up.
LONGEST = 4
# Swedish joins words: an unknown one is cut into two known ones of at least so many letters.
SHORTEST = 4
_TOKENS = re.compile(r"\w+|\W+")


def glossed(text: str, language: str) -> str:
    """Put a text into English, the longest known phrases first.

    Parameters
    ----------
    text : str
    language : str
        Code such as ``sv``; a text in a language without a glossary is returned as it is.

    Returns
    -------
    str
        A word that the glossary does not hold stays.

    Examples
    --------
    >>> glossed("Paketet kom aldrig fram, fel vara!", "sv")
    'the parcel never arrived, wrong item!'
    """
    known = glossary(language)
    if not known:
        return text
    tokens = _TOKENS.findall(text)
    made, at = [], 0
    while at < len(tokens):
        phrase, length = _longest(tokens, at, known)
        made.append(phrase)
        at += length
    return "".join(made)


def _longest(tokens: list[str], at: int, known: dict[str, str]) -> tuple[str, int]:
    """Return the English of the longest phrase that begins here, and its number of tokens."""
    if not tokens[at][0].isalnum():
        return tokens[at], 1
    for length in range(2 * LONGEST - 1, 1, -2):
        part = tokens[at : at + length]
        if len(part) == length and all(gap == " " for gap in part[1::2]):
            phrase = "".join(part).lower()
            if phrase in known:
                return known[phrase], length
    return _word(tokens[at].lower(), known) or tokens[at], 1


def _word(word: str, known: dict[str, str]) -> str | None:
    if word in known:
        return known[word]
    for end in range(len(word) - SHORTEST, SHORTEST - 1, -1):
        first, rest = word[:end], word[end:]
        # Some joints are made with an s: "leveransdag", but "kvalitetsvara".
        for joint in (first, first.removesuffix("s")):
            if joint in known and rest in known:
                return f"{known[joint]} {known[rest]}"
    return None


@cache
def glossary(language: str) -> dict[str, str]:
    """Return the English of a language's words and phrases; empty for one without a glossary.

    Parameters
    ----------
    language : str
    """
    file = files("feedback_analysis.causes.glosses").joinpath(f"{language}.tsv")
    if not file.is_file():
        return {}
    lines = file.read_text("utf-8").splitlines()[1:]
    return dict(line.split("\t") for line in lines)
