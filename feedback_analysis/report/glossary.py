"""The words of the pages, explained; the words themselves are data, in glossary.toml."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from importlib.resources import files
from typing import Any


@cache
def glossary_words() -> list[dict[str, Any]]:
    """Return the words in the order of the page.

    Returns
    -------
    list of dict
        ``id``, ``term``, ``meaning`` and ``spelled``, the spellings that a page may use.
    """
    text = files("feedback_analysis.report").joinpath("glossary.toml").read_text("utf-8")
    return tomllib.loads(text)["word"]


@cache
def _known() -> re.Pattern[str]:
    spellings = {spelling for word in glossary_words() for spelling in word["spelled"]}
    longest_first = sorted(spellings, key=lambda spelling: (-len(spelling), spelling))
    return re.compile(rf"(?<![\w-])(?:{'|'.join(map(re.escape, longest_first))})(?![\w-])", re.I)


def is_explained(word: str) -> bool:
    """Tell whether the glossary knows a word.

    Parameters
    ----------
    word : str
        A word or phrase as a page spells it.

    Returns
    -------
    bool
        True when an entry's spelling stands in it.
    """
    return bool(_known().search(" ".join(word.split())))
