"""Words and comments that say what a group of comments is about."""

from __future__ import annotations

import math
import re
import tomllib
from collections.abc import Sequence
from functools import cache
from importlib.resources import files

import numpy as np

from feedback_analysis.causes.language import guesser

MOST_WORDS = 6
# A word of a group stands in so many of its comments at least.
LEAST_COMMENTS = 2
# Letters of any script but no digit or underscore: numbers tell nothing apart.
WORD = re.compile(r"[^\W\d_]+")
# Japanese is written without blanks: runs of Chinese characters, and of katakana, are its words.
JAPANESE = re.compile(r"[\u4e00-\u9fff]{2,}|[\u30a1-\u30fa\u30fc]{2,}")
SHORTEST = 3


@cache
def stop_words() -> dict[str, frozenset[str]]:
    """Return the words that say nothing, by language.

    Returns
    -------
    dict of str to frozenset of str
    """
    text = files("feedback_analysis.causes").joinpath("stop_words.toml").read_text("utf-8")
    return {name: frozenset(words.split()) for name, words in tomllib.loads(text).items()}


def telling_words(text: str, language: str) -> list[str]:
    """Return the words of a comment that say something, and pairs of them that stand together.

    Parameters
    ----------
    text : str
    language : str
        Such as ``de``; in a language that is not known only short words are left out.

    Returns
    -------
    list of str
        Each once, in small letters.
    """
    stop = stop_words().get(language, frozenset())
    text = text.lower()
    words = JAPANESE.findall(text) if language == "ja" else WORD.findall(text)
    telling = [word not in stop and (len(word) >= SHORTEST or not word.isascii()) for word in words]
    found = [word for word, tells in zip(words, telling, strict=True) if tells]
    if language != "ja":
        found += [
            f"{first} {second}"
            for first, second, one, two in zip(words, words[1:], telling, telling[1:], strict=False)
            if one and two
        ]
    return list(dict.fromkeys(found))


def distinctive_words(texts: Sequence[str], groups: np.ndarray, number: int) -> list[list[str]]:
    """Return, for each group of comments, the words that it has and the others have not.

    Parameters
    ----------
    texts : sequence of str
    groups : array of int
        The group of each text, from 0; -1 belongs to none but is compared with.
    number : int
        Number of groups.

    Returns
    -------
    list of list of str
        By the log odds of a comment holding the word, with a prior that holds rare words back.
        Empty where no word stands in two comments of a group: a group in many languages may have
        none.
    """
    languages = guesser()(list(texts)) if len(texts) else []
    rows = [telling_words(*pair) for pair in zip(texts, languages, strict=True)]
    names = sorted({word for row in rows for word in row})
    place = {word: at for at, word in enumerate(names)}
    inside = np.zeros((number, len(names)))
    every = np.zeros(len(names))
    for row, group in zip(rows, groups, strict=True):
        at = [place[word] for word in row]
        every[at] += 1
        if group >= 0:
            inside[group, at] += 1
    sizes = np.bincount(groups[groups >= 0], minlength=number)
    found = []
    for group in range(number):
        n, rest = sizes[group], len(texts) - sizes[group]
        prior = every / max(len(texts), 1)
        here = (inside[group] + 2 * prior) / (n + 2)
        there = (every - inside[group] + 2 * prior) / (rest + 2)
        # How much likelier, times how often: neither a single word nor a commonplace.
        worth = np.sqrt(here) * np.log(np.maximum(here, 1e-9) / np.maximum(there, 1e-9))
        worth[inside[group] < LEAST_COMMENTS] = -np.inf
        order = np.argsort(-worth.round(9), kind="stable")
        found.append(_without_parts([names[at] for at in order if worth[at] > 0]))
    return found


def _without_parts(words: list[str]) -> list[str]:
    """Leave out words that another, before them, holds already."""
    kept: list[str] = []
    for word in words:
        if any(set(word.split()) & set(other.split()) for other in kept):
            continue
        kept.append(word)
        if len(kept) == MOST_WORDS:
            break
    return kept


def named_by(words: Sequence[str], comments: Sequence[str], length: int = 60) -> str:
    """Return a name for a group: its distinctive words, else the comment in its middle.

    Parameters
    ----------
    words : sequence of str
        What :func:`distinctive_words` found.
    comments : sequence of str
        Its medoids, the most central first.
    length : int, default=60
        Letters of a comment at most.

    Returns
    -------
    str
        Such as ``customs / duty paid`` or, without words, a comment in quotation marks.
    """
    if words:
        return " / ".join(words[:3])
    text = comments[0] if len(comments) else ""
    cut = text if len(text) <= length else text[: length - 1].rsplit(" ", 1)[0] + "…"
    return f"“{cut}”" if cut else ""


def medoids(vectors: np.ndarray, rows: np.ndarray, number: int = 3) -> list[int]:
    """Return the most central rows of a group that are not alike.

    Parameters
    ----------
    vectors : array
        Unit vectors of all comments.
    rows : array of int
        The group's rows.
    number : int, default=3

    Returns
    -------
    list of int
        Rows, the most central first.
    """
    centre = vectors[rows].mean(axis=0)
    order = rows[np.argsort(-(vectors[rows] @ centre).round(5), kind="stable")]
    chosen: list[int] = []
    for row in order.tolist():
        if all(float(vectors[row] @ vectors[other]) < 0.9 for other in chosen):
            chosen.append(row)
        if len(chosen) == number:
            break
    return chosen


def growth(now: int, of_now: int, before: int, of_before: int) -> float:
    """Return a group's share of the newest comments over its share of those before.

    Parameters
    ----------
    now, of_now : int
        The group's comments in the newest days, and all comments of these days.
    before, of_before : int
        The same of the days before.

    Returns
    -------
    float
        Infinite where the days before have none of the group; missing where one side has no
        comment at all, or neither has one of the group.
    """
    if not of_now or not of_before or not now + before:
        return math.nan
    return math.inf if not before else now / of_now / (before / of_before)
