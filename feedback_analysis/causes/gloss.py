"""Glosses word by word a language that the sentence encoder does not know.

The encoder knows sixteen languages, and Swedish is not among them; Amazon sells in Sweden. Its
words in English, in the order in which they stand, are close enough to English for its vectors.
"""

from __future__ import annotations

import re
from functools import cache
from importlib.resources import files

# Swedish joins words: an unknown one is cut into two known ones of at least so many letters.
SHORTEST = 3
_WORD = re.compile(r"\w+")


def glossed(text: str, language: str) -> str:
    """Put a text into English word by word.

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
    >>> glossed("Paketet kom aldrig!", "sv")
    'the package came never!'
    """
    known = glossary(language)
    if not known:
        return text
    return _WORD.sub(lambda found: _english(found.group().lower(), known) or found.group(), text)


def _english(word: str, known: dict[str, str]) -> str | None:
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
    """Return the English of a language's words, by word; empty for a language without a glossary.

    Parameters
    ----------
    language : str
    """
    file = files("feedback_analysis.causes.glosses").joinpath(f"{language}.tsv")
    if not file.is_file():
        return {}
    lines = file.read_text("utf-8").splitlines()[1:]
    return dict(line.split("\t") for line in lines)
