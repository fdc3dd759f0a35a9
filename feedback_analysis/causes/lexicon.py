"""Counts the words that speak for each cause: one pass over a comment for all of them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from feedback_analysis.causes.taxonomy import Taxonomy

# A pattern's ".." stands for up to so many words.
GAP = 3
_TOKEN = re.compile(r"\w+")
# Languages written without blanks are searched, not cut into words.
WITHOUT_BLANKS = ("ja", "zh", "th")


def folded(text: str) -> str:
    """Return a text without accents, apostrophes and capitals: buyers leave them out."""
    apart = unicodedata.normalize("NFKD", text.casefold())
    kept = "".join(letter for letter in apart if not unicodedata.combining(letter))
    return re.sub(r"(?<=\w)['’´`](?=\w)", "", kept.replace("ł", "l").replace("ø", "o"))


@dataclass
class _Node:
    exact: dict[str, _Node] = field(default_factory=dict)
    begun: dict[str, _Node] = field(default_factory=dict)
    longest: int = 0
    gap: _Node | None = None
    causes: list[tuple[int, int]] = field(default_factory=list)

    def add(self, words: Sequence[str], found: tuple[int, int]) -> None:
        if not words:
            self.causes.append(found)
        elif words[0] == "..":
            self.gap = self.gap or _Node()
            self.gap.add(words[1:], found)
        else:
            word = words[0]
            held = self.begun if word.endswith("*") else self.exact
            start = word.rstrip("*")
            held.setdefault(start, _Node()).add(words[1:], found)
            self.longest = max(self.longest, len(start))

    def after(self, word: str) -> list[_Node]:
        found = [self.exact[word]] if word in self.exact else []
        if self.begun:
            # Not beyond the longest: a word of a million signs would be cut a million times.
            found += [
                self.begun[word[:end]]
                for end in range(1, min(len(word), self.longest) + 1)
                if word[:end] in self.begun
            ]
        return found


class Lexicon:
    """The words of a taxonomy, ready to be counted.

    Parameters
    ----------
    taxonomy : Taxonomy
        Its words: ``*`` at a word's end stands for any ending, ``..`` for up to three words.
    """

    def __init__(self, taxonomy: Taxonomy) -> None:
        self.ids = taxonomy.ids
        self._roots: dict[str, _Node] = {}
        self._strings: list[tuple[str, int]] = []
        number = 0
        for column, cause in enumerate(taxonomy.causes):
            for language, patterns in cause.words.items():
                root = self._roots.setdefault(language, _Node())
                for pattern in patterns:
                    number += 1
                    self._add(root, folded(pattern), language, column, number)

    def _add(self, root: _Node, pattern: str, language: str, column: int, number: int) -> None:
        if language in WITHOUT_BLANKS:
            self._strings.append((pattern, column))
            return
        words = re.findall(r"\.\.|\w+\*?|[^\w\s]+", pattern)
        words = [word for word in words if word == ".." or _TOKEN.match(word)]
        if words:
            root.add(words, (column, number))

    def count(self, texts: Sequence[str], languages: Sequence[str]) -> np.ndarray:
        """Return how many different words of each cause a text holds.

        Parameters
        ----------
        texts : sequence of str
        languages : sequence of str
            A text of a language without words here is read with all languages' words.

        Returns
        -------
        array of shape (texts, causes)
        """
        counts = np.zeros((len(texts), len(self.ids)), dtype=np.float32)
        for row, (text, language) in enumerate(zip(texts, languages, strict=True)):
            plain = folded(text)
            if language in WITHOUT_BLANKS:
                for pattern, column in self._strings:
                    counts[row, column] += pattern in plain
            else:
                known = self._roots.get(language)
                roots = [known] if known else list(self._roots.values())
                for column, _ in self._hits(_TOKEN.findall(plain), roots):
                    counts[row, column] += 1
        return counts

    @staticmethod
    def _hits(words: list[str], roots: list[_Node]) -> set[tuple[int, int]]:
        found: set[tuple[int, int]] = set()
        for start in range(len(words)):
            states = [(root, start) for root in roots]
            while states:
                node, place = states.pop()
                found.update(node.causes)
                if place < len(words):
                    states += [(each, place + 1) for each in node.after(words[place])]
                if node.gap is not None:
                    for skipped in range(min(GAP, len(words) - place - 1) + 1):
                        if place + skipped < len(words):
                            word = words[place + skipped]
                            states += [(each, place + skipped + 1) for each in node.gap.after(word)]
        return found
